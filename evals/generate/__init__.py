"""Questions made from any schema, with their gold SQL: random well-formed Requests, each worded in several ways.

The words are those of `wording.toml`, which owes nothing to the analyst's own phrases; the gold is what the compiler
makes of the Request. So a miss says that the analyst doesn't read some English, never that the gold is another opinion.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from evals.generate import figures, rows
from evals.generate.draw import Drawer, Drawn
from evals.generate.word import Writer
from evals.score import Rows, same_rows
from evals.suite import Item
from knowledge.compile import CannotCompile, compile_request
from knowledge.model import UnknownName
from knowledge.request import Request
from knowledge.warehouse import QueryFailed, QueryTimeout
from knowledge.workspace import Workspace

_MOST_ROWS = 300
_TRIES = 12
_KINDS = (*figures.KINDS, *rows.KINDS)


def generate(workspace: Workspace, db: str, *, count: int, ways: int, seed: int) -> Iterator[Item]:
    """`count` Requests of a database, each asked in up to `ways` ways. The same seed makes the same questions.

    Those whose gold has no row, or a tie at the limit, tell right from wrong badly and are left out, so that a small
    schema may give fewer."""
    chosen = random.Random(f"{db} {seed}")
    drawer, writer = Drawer(workspace, chosen), Writer(workspace.model, chosen)
    seen: set[str] = set()
    made = 0
    for _ in range(count * _TRIES):
        if made == count:
            return
        drawn = chosen.choice(_KINDS)(drawer) if drawer.things else None
        if drawn is None:
            continue
        golds = list(dict.fromkeys(sql for r in drawn.requests if (sql := _gold(r, drawn, workspace))))
        if not golds and drawn.kind != "unknown":
            continue
        texts = [t for t in dict.fromkeys(writer.ways(drawn, ways)) if t not in seen]
        seen.update(texts)
        for n, text in enumerate(texts):
            yield Item(
                id=f"{db}-{made:03}{'abcdefgh'[n]}",
                db=db,
                category=drawn.kind,
                question=text,
                gold_sql=golds,
                expect="answered" if golds else "cannot",
                order_asked=drawn.ordered,
            )
        made += bool(texts)


def _gold(request: Request, drawn: Drawn, workspace: Workspace) -> str | None:
    """The SQL of a Request whose result tells right from wrong."""
    try:
        sql = compile_request(workspace.calendar.resolve(request), workspace.model).sql
        _, rows, _ = workspace.warehouse.query(sql, max_rows=_MOST_ROWS + 1, timeout_s=5.0)
        if request.limit:
            wider = request.model_copy(update={"limit": request.limit + 1})
            more = compile_request(workspace.calendar.resolve(wider), workspace.model).sql
            _, others, _ = workspace.warehouse.query(more, max_rows=_MOST_ROWS + 1, timeout_s=5.0)
            if _tie(rows, others, len(request.limit_per)):
                return None
    except (CannotCompile, UnknownName, QueryFailed, QueryTimeout):
        return None
    known = [v for row in rows for v in row if v is not None]
    empty = not known or (drawn.counts and all(v == 0 for v in known))
    return None if empty or len(rows) > _MOST_ROWS else sql


def _tie(rows: Rows, wider: Rows, groups: int) -> bool:
    """Whether a row that the limit cut off is as high as the last one kept, within what the first columns group by."""
    last = {tuple(row[:groups]): row[-1] for row in rows}
    return any(
        same_rows([[last[tuple(row[:groups])]]], [[row[-1]]])
        for row in wider
        if row not in rows and tuple(row[:groups]) in last
    )
