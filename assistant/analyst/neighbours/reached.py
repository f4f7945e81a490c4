"""Since when things are in a state: "loans repaid this year" were repaid this year, whenever they were taken out."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.schema import Schema


def since_when(items: list[Item], schema: Schema) -> list[Item]:
    """The period or the grain beside a verb that a state is called by, as one of when rows came to that state. "Repaid
    loans this year", which says how they are, is left alone."""
    at = next((n for n, i in enumerate(items) if i.code in "wg" and "time" not in i.extra), None)
    if at is None or any("time" in i.extra for i in items):
        return items
    for n, item in enumerate(items[:at]):
        after = items[n + 1]
        if item.code != "v" or (after.code in "dfmM" and not after.before):
            continue
        times = {schema.reached.get((m.field, str(m.value))) for m in item.data}
        time = times.pop() if len(times) == 1 else None
        if time is not None:
            when = replace(items[at], extra={**items[at].extra, "time": time})
            return [*items[:at], when, *items[at + 1 :]]
    return items
