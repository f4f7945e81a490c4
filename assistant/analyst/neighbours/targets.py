"""What was to be reached beside what was: "sales vs target by department", "budget this year"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import as_measure
from assistant.analyst.reduce.reads import MeasureRead, measure_of
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic
from knowledge.words import lemma

_TARGETS = LISTS["targets"]


def targets(items: list[Item], schema: Schema) -> list[Item]:
    """The word for a target as the sum of the targets, where one figure holds them; after "sales vs", with the sales in
    percent of it."""
    for n, item in enumerate(items):
        word = lemma(item.text.lower().split()[-1]) if item.text else ""
        if word not in _TARGETS or item.code not in ".dfm":
            continue
        field = _figure(word, schema)
        if field is None:
            continue
        target = as_measure(item, Aggregate(agg="sum", of=field))
        left = items[n - 2] if n > 1 and items[n - 1].code == "V" else None
        reached = measure_of(left, schema) if left is not None and left.code in "mM" else None
        if item.code == "f" and reached is None:
            continue  # a campaign's target amount, as it is
        if left is None or reached is None:
            beside = items[n + 1 : n + 3]
            if [i.code for i in beside[:1]] == ["V"] and (actual := _unread_actual(beside)) is not None:
                return [*items[:n], replace(target, before=item.before), beside[0], actual, *items[n + 2 :]]
            return [*items[:n], replace(target, before=item.before), *items[n + 1 :]]
        part = Arithmetic(op="percent", left=reached.measure, right=target.data.measure)
        read = MeasureRead(part, (*reached.datasets, *target.data.datasets))
        both = replace(items[n - 1], code="&", text="and", data=None)
        percent = replace(target, text=f"percent of {word}", data=read)
        return [*items[: n - 1], both, replace(target, before=""), replace(both, before=""), percent, *items[n + 1 :]]
    return items


def _unread_actual(beside: list[Item]) -> Item | None:
    """ "budget vs actual", where nothing says what was: the target alone is no answer."""
    said = beside[1] if len(beside) > 1 else None
    words = f"{said.before} {said.text}".split() if said is not None else []
    found = next((w for w in words if w.lower() in ("actual", "actuals")), None)
    return Item(".", beside[0].end, beside[0].end, found) if found is not None else None


def _figure(word: str, schema: Schema) -> str | None:
    """The only figure of what is called so, or of rows that are."""
    found = []
    for dataset in schema.model.datasets:
        for field in dataset.fields:
            reference = f"{dataset.name}.{field.name}"
            called = word in schema.forms_of(reference) or word in schema.noun(dataset.name)
            if called and field.role == "measure" and schema.adds_up(reference) and not field.hidden:
                found.append(reference)
    return found[0] if len(found) == 1 else None
