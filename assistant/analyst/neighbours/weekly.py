"""Columns that list days: "run on Mondays and Wednesdays", of trips whose days are kept as "mon,wed"."""

from __future__ import annotations

import re

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import All, Compare, Condition
from knowledge.request import Any as AnyOf

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def on_listed_days(items: list[Item], schema: Schema) -> list[Item]:
    """Days of the week as texts within the list of days that a row has: each of them, or any of those parted by
    "or"."""
    made = list(items)
    about = [d for i in items if i.code in "dmfj" for d in linked_datasets(i, schema)[:1]]
    for n, item in enumerate(items):
        mention = item.extra.get("mention")
        if item.code != "t" or mention is None or mention.part != "day_of_week" or not mention.values:
            continue
        field = next((f for d in dict.fromkeys(about) if (f := _days_of(d, schema))), None)
        if field is None:
            continue
        said = [_as_kept(field, day, schema) for day in mention.values]
        each: list[Condition] = [Compare(field=field, op="contains", value=day) for day in said]
        some = re.search(r"\bor\b|weekend|weekday|either", item.text.lower()) is not None
        told: Condition = each[0] if len(each) == 1 else AnyOf(of=each) if some else All(of=each)
        made[n] = Item("C", item.start, item.end, item.text, Cond(((field, told),), text=item.text), 0.95)
    return made


def _days_of(dataset: str, schema: Schema) -> str | None:
    """The text field that lists the days on which something is there."""
    for field in schema.model.dataset(dataset).fields:
        if field.type != "text" or not field.samples:
            continue
        lists = [re.split(r"[\s,;/|]+", str(s).strip().lower()) for s in field.samples]
        if any(len(days) > 1 for days in lists) and all(_is_day(day) for days in lists for day in days):
            return f"{dataset}.{field.name}"
    return None


def _is_day(word: str) -> bool:
    return len(word) >= 2 and any(day.startswith(word) for day in _DAYS)


def _as_kept(field: str, day: int, schema: Schema) -> str:
    """A day as the lists of the field call it: "mon" or "Monday"."""
    name = _DAYS[day - 1]
    words = {w for s in schema.field(field).samples for w in re.split(r"[\s,;/|]+", str(s).strip())}
    return next((w for w in sorted(words) if len(w) > 1 and name.startswith(w.lower())), name[:3])
