"""Who does what in a question: its subject, measures, groups, bounds, windows and what it wants returned."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from knowledge.calendar import Calendar

from assistant.analyst.filters import (
    Filters,
)
from assistant.analyst.items import Item, codes
from assistant.analyst.reduce import Cond, Group, HavingRead, MeasureRead, Top, measure_of
from assistant.analyst.schema import Schema
from knowledge.request import (
    InWindow,
    Window,
)


class NotAssembled(Exception):
    """These parts make no request; the message says why."""


@dataclass
class Parts:
    items: list[Item]
    measures: list[MeasureRead] = field(default_factory=list)
    havings: list[HavingRead] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    top: Top | None = None
    subject: Group | None = None
    outputs: list[Item] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    compare: Any = None
    growth: str | None = None
    share: bool = False
    rank: bool = False
    trend: bool = False
    distinct: bool = False
    split: bool = False
    over: str | None = None
    order_by: MeasureRead | None = None
    order_field: str | None = None
    listing: bool = False
    counting: bool = False
    verbs: list[Item] = field(default_factory=list)
    idle: int = 0
    """Names that found no role."""


def collect(items: list[Item], schema: Schema, calendar: Calendar) -> Parts:
    parts = Parts(items)
    taken: set[int] = set()
    row = codes(items)
    parts.listing = "l" in row[:2]

    for n, item in enumerate(items):
        if item.code == "N":
            if parts.top is None:
                parts.top = item.data
            elif parts.top.measure is None and item.data.measure is not None:
                parts.top = Top(
                    parts.top.n,
                    item.data.descending if parts.top.n is None else parts.top.descending,
                    parts.top.about,
                    item.data.measure,
                    item.data.field,
                )
        elif item.code == "H":
            parts.havings.append(item.data)
        elif item.code == "C":
            parts.filters.conditions.append(item.data)
            parts.split = parts.split or item.data.split
        elif item.code == "w":
            _window(item, n, items, parts, taken, schema, calendar)
        elif item.code == "x":
            _comparison(item, parts)
        elif item.code == "g":
            _grain(item, n, items, parts, taken)
        elif item.code == "t":
            _part(item, n, items, parts)
        elif item.code == "G":
            parts.growth = item.data
        elif item.code == "S":
            parts.share = True
        elif item.code == "K":
            parts.rank = item.text.startswith("rank") or item.text in ("leaderboard", "league table")
        elif item.code == "r":
            parts.trend = True
        elif item.code == "V":
            parts.split = True
        elif item.code == "u":
            parts.distinct = True
        elif item.code == "j":
            parts.verbs.append(item)
        elif item.code in "RA" and not any(m.running for m in parts.measures):
            parts.over = "avg:3" if item.code == "A" else "sum"
    _order_by(items, parts, taken, schema)
    _subject(items, parts, taken, schema)
    _absences(items, parts, taken, schema)
    for n, item in enumerate(items):
        if n in taken:
            continue
        if item.code == "M" or item.code == "m":
            read = measure_of(item, schema)
            if read:
                parts.measures.append(read)
                parts.counting = parts.counting or read.counted is not None
        elif item.code == "B":
            parts.groups += item.data
    return parts


def _window(
    item: Item, n: int, items: list[Item], parts: Parts, taken: set[int], schema: Schema, calendar: Calendar
) -> None:
    mention = item.data
    before = next((m for m in range(n - 1, -1, -1) if items[m].code not in "Oh&"), None)
    if before is not None and items[before].code == "f" and before not in taken and schema.is_time(items[before].data):
        parts.filters.plain.append(InWindow(field=items[before].data, window=mention.window))
        taken.add(before)
        return
    two = re.match(r"(?:from|between) (.+?) (?:to|and|until|through) (.+)$", item.text.strip(), re.I)
    if two and any(i.code in "GV" for i in items):
        first, second = calendar.read(two[1]), calendar.read(two[2])
        if first and second:
            parts.windows += [first, second]
            parts.split = True
            return
    parts.windows.append(mention.window)


def _comparison(item: Item, parts: Parts) -> None:
    mention = item.data
    parts.compare = mention.compare or mention.window or "previous_period"


def _grain(item: Item, n: int, items: list[Item], parts: Parts, taken: set[int]) -> None:
    mention = item.extra.get("mention")
    grain = Group("grain", item.data)
    if mention is not None and getattr(mention, "growth", False):
        parts.growth = parts.growth or "percent"
        parts.groups.append(grain)
        return
    left = items[n - 1].code if n else ""
    if left in ("q", "N") or (left == "h" and n > 1 and items[n - 2].code == "q"):
        parts.subject = grain
    elif mention is not None or item.text.endswith("ly") or item.text in ("annual",):
        parts.groups.append(grain)
    elif any(i.code == "N" for i in items) and parts.subject is None and not any(i.code in "df" for i in items[:n]):
        parts.subject = grain
    elif (left in ("&", "l") and any(g.kind != "measure" for g in parts.groups)) or left == "l" or n == 0:
        parts.groups.append(grain)


def _part(item: Item, n: int, items: list[Item], parts: Parts) -> None:
    mention = item.extra.get("mention")
    numbers = getattr(mention, "values", None) or None
    part = getattr(mention, "part", None) if mention is not None else item.data
    if numbers:
        parts.filters.parts.append((str(part), list(numbers)))
        return
    group = Group("part", part)
    left = items[n - 1].code if n else ""
    if left in ("q", "N") and parts.subject is None:
        parts.subject = group
    else:
        parts.groups.append(group)


def _order_by(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "top 5 products by sales", "ranked by units": the measure after by or ranked."""
    for match in re.finditer(r"[yK]O?y?([mfM])", codes(items)):
        at = match.start(1)
        noun = items[at]
        if items[match.start()].code == "y" and parts.top is None and not any(i.code == "K" for i in items):
            if noun.code == "m" and len(items) > 1:
                continue
            continue
        read = measure_of(noun, schema)
        if read is None:
            continue
        taken.add(at)
        parts.order_by = read
        parts.order_field = noun.data if noun.code == "f" else None
        if items[match.start()].code == "K" and parts.top is None:
            rest = " ".join(i.text for i in items[match.start() :]).lower() + " " + items[-1].before
            parts.top = Top(None, not re.search(r"asc|lowest|smallest|alphabet", rest), "ranked")


def _subject(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    row = codes(items)
    kinds = {"d": "dataset", "f": "field"}

    def take(at: int) -> None:
        taken.add(at)
        if parts.subject is None:
            parts.subject = Group(kinds[items[at].code], items[at].data)

    if parts.subject is None:
        for pattern in (r"NO?[hC]*([df])", r"q[hNCO]*([df])", r"^[l&O]*[aNuC]*([df])", r"([df])[&]?[h]?[CH]*[Oh]*N"):
            match = re.search(pattern, row)
            if match and match.start(1) not in taken:
                take(match.start(1))
                break
    if parts.subject is None and (parts.top or parts.havings or parts.rank):
        match = re.search(r"[df]", row)
        if match and match.start() not in taken:
            take(match.start())
    # A list of things to return: nouns joined by "and" from the subject on, or after a closing "return …".
    start = next(
        (n for n in sorted(taken) if parts.subject and items[n].code in "df" and items[n].data == parts.subject.target),
        None,
    )
    chain = None
    late = [m.start() for m in re.finditer("l", row) if m.start() > 2]
    if late:
        chain = re.match(r"l[O&u]*((?:[dfmM][O&u]*)+)", row[late[-1] :])
        offset = late[-1]
    elif start is not None:
        chain = re.match(r"((?:[dfmM]&+)+[dfmM])", row[start:])
        offset = start
    if chain:
        span = range(offset + chain.start(1), offset + chain.end(1))
        parts.outputs = [items[n] for n in span if items[n].code in "dfmM"]
        taken.update(n for n in span if items[n].code in "df")
    for n, item in enumerate(items):
        if n in taken or item.code not in "df":
            continue
        left = items[n - 1].code if n else ""
        if item.code == "f" and parts.subject and not parts.outputs and left in ("O", "h", "&", "l", "q"):
            parts.outputs.append(item)
            taken.add(n)
        elif item.code == "f" and schema.is_number(item.data) and not parts.outputs:
            read = measure_of(item, schema)
            if read:
                parts.measures.append(read)
                taken.add(n)


def _absences(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "customers without orders", "who never ordered", "products that were not sold" """
    for n, item in enumerate(items):
        if item.code != "z":
            continue
        for m in range(n + 1, min(n + 4, len(items))):
            if (items[m].code in "dj" and m not in taken) or (
                items[m].code == "d" and parts.subject and items[m].data != parts.subject.target
            ):
                target = dataset_of(items[m], schema)
                if target:
                    parts.filters.absent.append(target)
                    parts.filters.absent_windows = True
                    taken.add(m)
                    for later in items[m + 1 :]:
                        if later.code in "&|":
                            break
                        if later.code == "C" and not later.data.negated:
                            index = next(i for i, c in enumerate(parts.filters.conditions) if c is later.data)
                            parts.filters.conditions[index] = Cond(
                                later.data.options, True, later.data.values, False, later.data.text
                            )
                break
            if items[m].code == "C" and items[m].data.negated:
                break


def dataset_of(item: Item, schema: Schema) -> str | None:
    for link in item.options:
        if link.kind == "dataset":
            return link.target
        if link.kind == "metric":
            datasets = schema.metric_datasets(schema.model.metric(link.target))
            if datasets:
                return datasets[0]
        if link.kind == "field":
            return schema.owner(link.target)
    return item.data if item.code == "d" else None


def subject_dataset(parts: Parts, schema: Schema) -> str | None:
    if parts.subject is None:
        return None
    if parts.subject.kind == "dataset":
        return str(parts.subject.target)
    if parts.subject.kind == "field":
        return schema.owner(parts.subject.target)
    return None
