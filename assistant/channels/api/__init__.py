"""REST, under /api/v1: the same assistant for programs. `docs/api.md` tells how to use it.

app.py            all of it as one FastAPI app, with its OpenAPI description
problems.py       what went wrong, as application/problem+json (RFC 9457)
pages.py          long lists, a page at a time, by a cursor
idempotency.py    a POST that is sent twice with one key is done once
answers.py        an Answer as JSON; one that was kept, its rows and its chart
kept.py           where answers are kept
ask.py            a question in, an Answer out, at once or as server-sent events
conversations.py  what was asked before, feedback, and files to ask about
model.py          what can be asked about: metrics, dimensions, suggestions
query.py          a Request of one's own making -> rows, or a chart
analyses.py       forecasts, anomalies and explanations of a Request's figure
insights.py       what is unusual lately, in all figures
graphql.py        the model, queries and analyses, in the parts that are wanted
refreshes.py      the data read from its source anew
webhooks.py       where events are sent
account.py        tokens, who somebody is, the audit log
"""
