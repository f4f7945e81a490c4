"""Since when things are in a state: "loans repaid this year" were repaid this year, whenever they were taken out."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item, rows_of
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.profile.sayings import deeds
from knowledge.request import Compare
from knowledge.words import lemma


def since_when(items: list[Item], schema: Schema) -> list[Item]:
    """The period or the grain beside a verb that a state is called by, as one of when rows came to that state. "Repaid
    loans this year", which says how they are, is left alone."""
    at = next((n for n, i in enumerate(items) if i.code in "wg" and "time" not in i.extra), None)
    if at is None or any("time" in i.extra for i in items):
        return items
    for n, item in enumerate(items[:at]):
        after = items[n + 1]
        share = n > 1 and items[n - 2].code == "S" and items[n - 1].code == "d"
        if share:  # of all the rows of the period, rather than of those that came to it then
            continue
        if item.code not in "vC" or (item.code == "v" and after.code in "dfmM" and not after.before):
            continue
        times = {schema.reached.get(state) for state in _states(item)}
        time = times.pop() if len(times) == 1 else None
        if time is not None:
            when = replace(items[at], extra={**items[at].extra, "time": time})
            return [*items[:at], when, *items[at + 1 :]]
    return items


def _states(item: Item) -> list[tuple[str, str]]:
    """The fields and values that the words are of."""
    if item.code == "v":
        return [(m.field, str(m.value)) for m in item.data]
    held = [c for _, c in item.data.options if isinstance(c, Compare) and c.op == "=" and isinstance(c.field, str)]
    return [(str(c.field), str(c.value)) for c in held] if not item.data.negated else []


def deeds_as_states(items: list[Item], schema: Schema) -> list[Item]:
    """ "approvals last month", where what is approved has that state: those, by when they came to it."""
    for n, item in enumerate(items):
        word = item.text.lower()
        verb = deeds().get(lemma(word)) if item.code == "." and not item.before else None
        if verb is None or (items[n + 1 : n + 2] and items[n + 1].code in "df" and not items[n + 1].before):
            continue
        found = [(field, value) for field, value in schema.reached if lemma(value.lower()) == lemma(verb)]
        if len(found) == 1:
            field, value = found[0]
            cond = Cond(((field, Compare(field=field, op="=", value=value)),), text=item.text)
            rows = rows_of(schema.owner(field), item.start, item.end, schema.owner(field))
            made = replace(item, code="C", data=cond, score=0.95, options=())
            return [*items[:n], rows, made, *items[n + 1 :]]
    return items
