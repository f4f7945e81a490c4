"""Questions about Parley and its data that need no query: help, definitions, freshness, what there is."""

from __future__ import annotations

import re

from assistant.analyst.lexicon import Lexicon, content
from assistant.analyst.plan import Plan
from knowledge.model import Metric, SemanticModel
from knowledge.request import MeasureColumn, MetricRef, Request
from knowledge.workspace import Workspace

_THANKS = re.compile(
    r"^\W*(ok(ay)?,? |great,? |perfect,? |cool,? )*(thanks?( you)?( so much| very much| a lot)?|thx|cheers|great|"
    r"perfect|cool|nice|awesome|got it|ok(ay)?|good (job|work)|well done|bye|see you)( then| again| parley)?\W*$",
    re.I,
)
_JUDGED = re.compile(
    r"^\W*(and |so |but )?(is|are|was|were) (that|this|it|those|these|they) (any |really |very |a |too )*"
    r"(good|bad|great|ok(ay)?|normal|high|low|healthy|a lot|much|enough|fine)( or (bad|not|low))?\W*$",
    re.I,
)
_HELP = re.compile(
    r"^\W*(help|\?+|hi|hello|hey( there)?|good (morning|afternoon|evening)|start|menu|"
    r"(so )?(what|which)( \w+)? (can|could|should|do|might) (i|you|we|one)( \w+)? (ask|do|know|answer|help|tell)\b.*|"
    r"(what|which) (kind|kinds|sort|sorts|type|types) of (questions?|things?|data)\b.*|how (do|does|can|"
    r"should) (i|you|this|it|parley) (use|work|help|start|ask)\b.*|"
    r"(what|which) (data|tables|information|datasets?)\b.{0,24}\b(do you have|have you got|is (there|available|"
    r"in here)|are (there|available|in)|can i (see|query|use)).*|"
    r"what (are|is) (you|it|this|parley) (able|capable) (to|of)\b.*|"
    r"who are you|what are you|what is this|what('s| is) in (this|the|here).*(data|database|dataset)?|(what|"
    r"which) (metrics|measures|kpis|dimensions|fields|columns|tables)\b.*"
    r"(there|have|available|know|use|exist|track|offer)\b.*|(list|show)( me)?( all)?( the)?( available)? (metrics|"
    r"measures|kpis|tables|datasets|dimensions|columns)|"
    r"(can you )?(help|guide) me( out)?|give me (some )?(examples?|ideas)( of .*)?|(any )?(examples?|suggestions?|"
    r"ideas))\W*$",
    re.I,
)
_MEANS = [
    re.compile(p, re.I)
    for p in (
        r"^\W*what(?: does|'s| is| do| are)(?: the)?(?: meaning of| definition of| meant by)?(?: (?:a|an|the|"
        r"you mean by))? [\"“']?(?P<t>.+?)[\"”']?(?: (?:mean|means|stand for|refer to|defined as|measure|"
        r"tell me))\W*$",
        r"^\W*(?:what is|what's|what are)(?: the)? (?:meaning|"
        r"definition)(?: of)?(?: the)? [\"“']?(?P<t>.+?)[\"”']?\W*$",
        r"^\W*(?:please )?(?:define|explain|"
        r"describe)(?: what)?(?: the)?(?: term)? [\"“']?(?P<t>.+?)[\"”']?(?: (?:is|are|means?))?\W*$",
        r"^\W*how (?:is|are|do you|do we|does parley|did you|was)(?: the)? (?:calculate |compute |define |"
        r"measure |work out )?[\"“']?(?P<t>.+?)[\"”']?(?: (?:calculated|computed|defined|measured|worked out|"
        r"derived))?\W*$",
        r"^\W*what do (?:you|we|they) mean by(?: the)? [\"“']?(?P<t>.+?)[\"”']?\W*$",
        r"^\W*what(?:'s| is)(?: an?)? [\"“']?(?P<t>[^?]+?)[\"”']?\W*$",
        r"^\W*(?:definition|meaning) of(?: the)? (?P<t>.+?)\W*$",
        r"^\W*what counts as(?: an?| the)? [\"“']?(?P<t>.+?)[\"”']?"
        r"(?: (?:here|for you|in (?:this|the|our|your) data))?\W*$",
    )
]  # fmt: skip
_FRESH = re.compile(
    r"\b(how (fresh|up[- ]to[- ]date|stale)\b.*(data|this|it|figures|numbers)?|"
    r"how (recent|current|old|new) (is|are) (the |this |our |your |these )?(data|this|it|figures|numbers)\b|when (was|"
    r"were|did) .*(updated?|refreshed?|loaded|synced)|"
    r"(last|latest|most recent) (update|refresh|sync|load)\b|up[- ]to[- ]date|(what|which) (period|dates?|"
    r"time ?(range|frame|span|period)?|years?|date range)\b.{0,20}\b(cover|covered|include|span|have data|"
    r"is the data|does the data|available)"
    r"|how far back|date range|until when|data (go|goes|run|runs) (to|up to|until|back)|(latest|newest|last|"
    r"most recent) (data|date in the data)|time range of the data)\b",
    re.I,
)


def say(question: str, workspace: Workspace, lexicon: Lexicon) -> Plan | None:
    """A plan that answers from the semantic model, or None when the question needs data."""
    if _THANKS.match(question):
        return _plan("You're welcome.", "Thanks", ())
    if _JUDGED.match(question):
        depends = "That depends on what it is compared with. Ask, for example, “compared with the period before”."
        return _plan(depends, "Whether it is good", ("compared with the period before", "compared with last year"))
    if _HELP.match(question):
        return _plan(_help(workspace), "What you can ask", _starters(workspace.model))
    if _FRESH.search(question) and not re.search(
        r"\b(sales|revenue|orders?|products?|customers?)\b.*\b(by|per)\b", question, re.I
    ):
        return _plan(_freshness(workspace), "How fresh the data is", ())
    for pattern in _MEANS:
        match = pattern.match(question)
        if match:
            # "What is net sales?" asks for the figure; "what does net sales mean?" for its meaning.
            text = _definition(match["t"], workspace.model, lexicon, figures=pattern is not _MEANS[5])
            if text:
                asked = _metric_named(match["t"], lexicon)
                return _plan(text, f"What {match['t'].strip()} means", (), asked)
    return None


def _metric_named(term: str, lexicon: Lexicon) -> Request | None:
    """A definition can be followed up ("and by month?"): the figure that it was about."""
    for link in lexicon.links(content(term)):
        if link.exact and link.kind == "metric":
            return Request(columns=[MeasureColumn(measure=MetricRef(metric=link.target))])
    return None


def _plan(text: str, reading: str, follow_ups: tuple[str, ...], request: Request | None = None) -> Plan:
    return Plan("say", request, reading=reading, confidence=0.97, text=text, follow_ups=follow_ups)


def _starters(model: SemanticModel) -> tuple[str, ...]:
    if model.starters:
        return tuple(model.starters[:4])
    from assistant.suggestions import starters

    return tuple(starters(model, 4))


def _help(workspace: Workspace) -> str:
    model = workspace.model
    metrics = [m.label or m.name for m in model.offered][:10]
    things = [d.label or d.name for d in model.datasets if d.row_count != 0][:10]
    lines = [
        f"You can ask about **{model.label or model.name}** in your own words."
        + (f" {model.description.strip()}" if model.description else "")
    ]
    if metrics:
        lines.append("**Figures:** " + ", ".join(metrics) + ("…" if len(model.offered) > 10 else "."))
    lines.append("**By:** " + ", ".join(_dimensions(model)[:12] or things) + ".")
    lines.append(
        "Ask for totals, averages, trends, top lists, comparisons of periods or of segments, shares, growth, records, "
        "or who has not done something."
    )
    return "\n\n".join(lines)


def _dimensions(model: SemanticModel) -> list[str]:
    seen: list[str] = []
    for dataset in model.datasets:
        for field in dataset.fields:
            if field.role in ("category", "place", "flag") and not field.hidden and (field.distinct or 0) <= 500:
                label = field.label or field.name
                if label.lower() not in (s.lower() for s in seen):
                    seen.append(label)
    return seen


def _freshness(workspace: Workspace) -> str:
    fresh = workspace.fresh_as_of
    if fresh is None:
        return "This data has no dates, so I can't tell how fresh it is."
    text = f"The data runs to **{fresh:%-d %B %Y}**."
    if workspace.model.today == "data":
        text += " Periods such as “last month” are counted back from that day."
    return text


def _definition(term: str, model: SemanticModel, lexicon: Lexicon, *, figures: bool) -> str | None:
    words = content(term)
    for entry in model.glossary:
        if words in {content(entry.term), *(content(s) for s in entry.synonyms)}:
            return f"**{entry.term}**: {entry.meaning.strip()}"
    links = [link for link in lexicon.links(words) if link.exact]
    for link in links:
        if link.kind == "metric" and figures:
            return _metric_text(model.metric(link.target))
    for link in links:
        if link.kind == "field":
            dataset, field, _ = model.resolve(link.target)
            if field.description:
                return (
                    f"**{field.label or field.name}** of a {dataset.label or dataset.name}: {field.description.strip()}"
                )
        elif link.kind == "dataset" and model.dataset(link.target).description:
            dataset = model.dataset(link.target)
            return f"**{(dataset.label or dataset.name).capitalize()}**: {dataset.description.strip()}"
    return None


def _metric_text(metric: Metric) -> str:
    text = f"**{metric.label or metric.name}**: {metric.description.strip() or 'a figure of this data.'}"
    others = [s for s in metric.synonyms if s.lower() != (metric.label or "").lower()][:4]
    if others:
        text += f" Also called {', '.join(others)}."
    return f"{text}\n\nComputed as `{metric.sql.strip()}`."
