"""What was made, and how much of it was good: "units made", "scrap rate", "yield", "what do we produce the most?".

Scrap rate is scrap over all that was made; yield is what was good over it (ISO 22400-2, scrap and quality ratio).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Measure
from knowledge.words import lemma

_MADE = ("produce", "make", "manufacture", "output", "build", "process", "inspect")
_GOOD = ("good", "accept", "pass", "complete", "finish", "yield", "usable")
_BAD = ("scrap", "reject", "defect", "waste", "damage", "spoil", "rework", "fail", "defective", "wastage", "spoilage")
_RATES = frozenset(["rate", "rates", "percentage", "percent", "share", "ratio"])
_PIECES = frozenset(["unit", "piece", "item", "output", "production"])
_VERBS = frozenset(["produce", "make", "manufacture", "build", "earn"])


@dataclass(frozen=True)
class _Run:
    """A table that says of each run, batch or order how much was made and how much of it was not good."""

    dataset: str
    made: str
    good: str | None
    bad: tuple[str, ...]
    whole: bool
    """Whether what was made counts what was not good."""


def made_and_spoiled(items: list[Item], schema: Schema) -> list[Item]:
    """The words as sums and shares of what was made, where one table tells both."""
    run = schema.once(_run)
    if run is None:
        return items
    for n, item in enumerate(items):
        word = lemma(item.text.lower().split()[-1]) if item.text else ""
        after = items[n + 1] if n + 1 < len(items) and not items[n + 1].before else None
        if word in _BAD and after is not None and after.text.lower() in _RATES and item.code in "fjd.":
            bad = next((b for b in run.bad if word in schema.forms_of(b)), None)
            if bad is not None:
                return _with(items, n, n + 2, Arithmetic(op="percent", left=_sum(bad), right=_all(run)), run)
        if word == "yield" and item.code in "fj." and run.good is not None:
            return _with(items, n, n + 1, Arithmetic(op="percent", left=_sum(run.good), right=_all(run)), run)
        if word in _PIECES and item.code in "fl.d" and (_is_made(items, n) or item.text.lower() == "output"):
            counted = n - 1 if n and items[n - 1].code in "ca" else n
            made = _with(items, counted, n + 1, _sum(run.made), run)
            return [i for i in made if not (i.code in "j." and lemma(i.text.lower()) in _VERBS)]
        ranked = after is not None and after.code == "s" and n + 2 == len(items)
        if word in _VERBS and item.code == "j" and ranked and not any(i.code in "mM" for i in items):
            return [*items[:n], items[n + 1], *_with([item], 0, 1, _sum(run.made), run)]
    return items


def _is_made(items: list[Item], n: int) -> bool:
    verbs = [i for i in items[n + 1 : n + 3] if i.code in "j."]
    return any(lemma(i.text.lower()) in _VERBS for i in verbs)


def _with(items: list[Item], start: int, end: int, measure: Measure, run: _Run) -> list[Item]:
    first = items[start]
    text = " ".join(i.text for i in items[start:end])
    made = replace(first, code="M", end=items[end - 1].end, text=text, data=MeasureRead(measure, (run.dataset,)),
                   options=(), score=0.95)  # fmt: skip
    return [*items[:start], made, *items[end:]]


def _sum(reference: str) -> Aggregate:
    return Aggregate(agg="sum", of=reference)


def _all(run: _Run) -> Measure:
    """All that was made, good or not."""
    whole: Measure = _sum(run.made)
    for bad in () if run.whole else run.bad:
        whole = Arithmetic(op="+", left=whole, right=_sum(bad))
    return whole


def _run(schema: Schema) -> _Run | None:
    found = [run for d in schema.model.datasets if (run := _run_of(d.name, schema)) is not None]
    return found[0] if len(found) == 1 else None


def _run_of(dataset: str, schema: Schema) -> _Run | None:
    fields = [f for f in schema.model.dataset(dataset).fields if f.role == "measure" and f.additivity == "additive"]
    said = {f"{dataset}.{f.name}": schema.forms_of(f"{dataset}.{f.name}") for f in fields if not f.hidden}
    bad = tuple(r for r, words in said.items() if words & {*_BAD})
    good = [r for r, words in said.items() if words & {*_GOOD} and r not in bad]
    made = [r for r, words in said.items() if words & {*_MADE} and r not in (*bad, *good)]
    if not bad or not (good or made) or max(len(good), len(made)) > 1:
        return None
    return _Run(dataset, (made or good)[0], good[0] if good else None, bad, bool(made))
