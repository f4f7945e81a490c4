"""Who does what in a question: its measures, groups, bounds, times, and (with `subject`) who is asked about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.analyst.filters import Filters
from assistant.analyst.items import Item, codes
from assistant.analyst.reduce.reads import Cond, Group, HavingRead, MeasureRead, Top, measure_of
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.request import Compare, InWindow, Window


class NotAssembled(Exception):
    """These parts make no request; the message says why."""


@dataclass
class Parts:
    """What a question's items come to, before they are put together."""

    measures: list[MeasureRead] = field(default_factory=list)
    havings: list[HavingRead] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    top: Top | None = None
    order_by: MeasureRead | None = None
    order_field: str | None = None
    subject: Group | None = None
    outputs: list[Item] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    compare: Any = None
    growth: str | None = None
    over: str | None = None
    """A running total ("sum") or moving average ("avg:3") of everything measured."""
    sorted: bool | None = None
    """Whether it asks for a descending or an ascending order in so many words."""
    share: bool = False
    rank: bool = False
    trend: bool = False
    time: str | None = None
    """The date that the times of the question are of, where it names one."""
    distinct: bool = False
    split: bool = False
    listing: bool = False
    asks_which: bool = False
    each_row: bool = False
    """It asks for something of each row."""
    begins: bool = False
    """It begins with those that it asks for: "customers over 60, and their city"."""
    asks_what: bool = False
    """ "What is our …": of all of it together."""
    counting: bool = False
    """It asks how many, or how often."""
    how_much: bool = False
    declines: bool = False
    """The change asked about is a fall: the most is the lowest."""
    verbs: list[Item] = field(default_factory=list)
    idle: int = 0
    """Names that found no role."""


def collect(items: list[Item], schema: Schema, calendar: Calendar) -> tuple[Parts, set[int]]:
    """The parts, and the places of the items that are used up; nouns are left for `subject`."""
    parts = Parts()
    taken: set[int] = set()
    row = codes(items)
    parts.listing = "l" in row[:2]
    parts.asks_which = "q" in row[:2]
    parts.begins = row[:1] == "d" or row[:2] == "Cd"
    parts.asks_what = any(i.code == "q" and i.text.startswith("what") for i in items[:1])
    parts.counting = "c" in row
    parts.how_much = any(i.code == "q" and i.data == "much" for i in items)
    parts.filters.mentioned = {str(i.data) for i in items if i.code == "d"}
    parts.filters.done = {d for i in items if i.code == "j" and (d := i.dataset)}
    parts.filters.deed = any(i.code == "j" and not i.options for i in items)
    parts.time = next((i.extra["time"] for i in items if "time" in i.extra), None)
    for n, item in enumerate(items):
        if item.code == "N" and n and items[n - 1].code == "K" and items[n - 1].text.endswith("by"):
            # "ordered by the highest average rating": the order, not the one at the top.
            parts.top = parts.top or Top(None, item.data.descending, "ranked")
            parts.order_by = parts.order_by or item.data.measure
        elif item.code == "N":
            _top(item.data, parts)
        elif item.code == "H":
            parts.havings.append(item.data)
        elif item.code == "C":
            parts.filters.conditions.append(_beside(n, items, schema))
            parts.split = parts.split or item.data.split
        elif item.code == "w":
            _window(n, items, parts, taken, schema, calendar)
        elif item.code == "x":
            parts.compare = item.data.compare or item.data.window or "previous_period"
        elif item.code == "g":
            _grain(n, items, parts)
        elif item.code == "t":
            _part(n, items, parts)
            _dated_part(n, items, parts, taken, schema)
        elif item.code == "B":
            parts.groups += item.data
        elif item.code == "Y":
            _order_by(n, items, parts, schema)
        elif item.code == "K":
            _ranked(n, items, parts, taken, schema)
        elif item.code == "j":
            parts.verbs.append(item)
        elif item.code in "RA":
            parts.over = "avg:3" if item.code == "A" else "sum"
        else:
            _flag(item, parts)
    _sides_of_one_field(items, parts)
    _times_apart(parts)
    if parts.top is not None and parts.top.n is None and parts.top.about == "" and "K" in row and parts.top.measure:
        # "which airports have the shortest …, sorted …": all of them in that order, not the first
        parts.order_by = parts.order_by or parts.top.measure
        parts.order_field = parts.order_field or parts.top.field
        descending = parts.top.descending if parts.sorted is None else parts.sorted
        parts.top = replace(parts.top, about="ranked", descending=descending)
    return parts, taken


def _times_apart(parts: Parts) -> None:
    """ "on weekends and on weekdays", "mornings or evenings": what no time is both of is told apart."""
    told = parts.filters.parts
    if len(told) != 2 or told[0][0] != told[1][0] or set(told[0][1]) & set(told[1][1]):
        return
    if told[0][0] == "day_of_week" and sorted(told[0][1] + told[1][1]) == list(range(1, 8)):
        parts.filters.parts = []
        parts.groups.append(Group("part", "kind_of_day"))
        parts.split = any(c.split for c in parts.filters.conditions)
    else:
        parts.split = True


_COMPARES = re.compile(r"\b(more|less|than|differ\w*|bigger|higher|lower|better|worse|versus)\b")


def _sides_of_one_field(items: list[Item], parts: Parts) -> None:
    """Two values of one field, which no row has both of, are told apart: "do renters spend more than homeowners?"."""
    kept: list[Cond] = []
    row = codes(items)
    apart = {i.data.text for n, i in enumerate(items) if i.code == "C" and re.search("z[Ouh]?d?$", row[:n])}
    for cond in parts.filters.conditions:
        same = next((k for k in kept if _alike(k, cond) and not {k.text, cond.text} & apart), None)
        if same is None:
            kept.append(cond)
            continue
        options = []
        for reference, condition in same.options:
            other = next((c for r, c in cond.options if r == reference), None)
            if isinstance(condition, Compare) and isinstance(other, Compare) and reference:
                values = [c.value if isinstance(c.value, list) else [c.value] for c in (condition, other)]
                stored: list[Any] = list(dict.fromkeys(v for own in values for v in own))
                options.append((reference, Compare(field=reference, op="in", value=stored)))
        both = replace(
            same, options=tuple(options), values=same.values + cond.values, sides=(*same.sides, *cond.sides),
            split=True, text=f"{same.text} and {cond.text}",
        )  # fmt: skip
        kept[kept.index(same)] = both
        parts.split = True
    parts.filters.conditions[:] = kept
    said = " ".join(f"{i.before} {i.text}" for i in items)
    for n, cond in enumerate(kept):
        if cond.values > 1 and not cond.both and not cond.negated and _COMPARES.search(said) and not parts.havings:
            kept[n] = replace(cond, split=True)
            parts.split = True
    parts.filters.conditions[:] = kept


def _alike(first: Cond, second: Cond) -> bool:
    """Equalities on one field, neither of them negated."""
    if first.negated or second.negated or first.both or second.both:
        return False
    fields = [
        {r for r, c in cond.options[:1] if r and isinstance(c, Compare) and c.op in ("=", "in")}
        for cond in (first, second)
    ]
    return bool(fields[0] & fields[1]) and first.text != second.text


_DECLINES = re.compile(r"\b(f[ea]ll|drop|declin|decreas|shr[aiu]nk|lost)")


def _flag(item: Item, parts: Parts) -> None:
    if item.code == "G":
        parts.growth = item.data
        parts.declines = bool(_DECLINES.search(item.text))
    elif item.code == "M":
        parts.declines = parts.declines or bool(item.data.growth and _DECLINES.search(item.text))
    elif item.code == "S":
        parts.share = True
    elif item.code == "r":
        parts.trend = True
    elif item.code == "V":
        parts.split = True
    elif item.code == "u":
        parts.distinct = True


def _top(top: Top, parts: Parts) -> None:
    if parts.top is None:
        parts.top = top
    elif parts.top.n is None and top.n is not None and top.measure is None:
        parts.top = replace(parts.top, n=top.n)
    elif parts.top.measure is None and top.measure is not None:
        descending = top.descending if parts.top.n is None else parts.top.descending
        parts.top = replace(parts.top, descending=descending, measure=top.measure, field=top.field)


def _beside(n: int, items: list[Item], schema: Schema) -> Cond:
    """The condition, read as being about the thing named beside it: "Chicago stores", "customers in Texas"."""
    cond: Cond = items[n].data
    beside = [items[m] for m in (n - 1, n + 1) if 0 <= m < len(items)]
    things = {str(i.data) for i in beside if i.code == "d"}
    near = tuple(o for o in cond.options if o[0] and schema.owner(o[0]) in things)
    return replace(cond, options=near) if near else cond


def _window(n: int, items: list[Item], parts: Parts, taken: set[int], schema: Schema, calendar: Calendar) -> None:
    item = items[n]
    before = next((m for m in range(n - 1, -1, -1) if items[m].code not in "Oh&"), None)
    if before is not None and items[before].code in "fj" and "time" not in item.extra:
        about = [str(i.data) for i in items if i.code == "d"]
        about += [i.data.counted for i in items if i.code == "M" and i.data.counted]
        time = _time_named(items[before], schema, about)
        done = items[before].code == "j" and items[before].dataset
        negated = before > 0 and items[before - 1].code == "z" and time and schema.owner(time) not in about
        if negated:
            time = None  # "who haven't ordered this year": there is no order of this year
        if time and before not in taken and not (done and time == schema.time_of(done) and done not in about):
            parts.filters.plain.append(InWindow(field=time, window=item.data.window))
            taken.add(before)
            return
    two = re.match(r"(?:from|between) (.+?) (?:to|and|until|through) (.+)$", item.text.strip(), re.I)
    changes = any(i.code in "GV" or (i.code == "M" and i.data.growth) for i in items)
    grained = any(i.code == "g" or (i.code == "B" and any(g.kind == "grain" for g in i.data)) for i in items)
    if two and changes and not grained:  # "the monthly growth from March to May" is that of each
        first, second = calendar.read(two[1]), calendar.read(two[2])
        if first and second:
            parts.windows += [first, second]
            parts.split = True
            return
    said = item.data.window
    if all((w.start, w.end) != (said.start, said.end) for w in parts.windows):  # "in summer: June to August"
        parts.windows.append(said)


def _time_named(item: Item, schema: Schema, about: list[str]) -> str | None:
    """The date field that a word names: "signup date", "signed up"."""
    if item.code == "f":
        return str(item.data) if schema.is_time(item.data) else None
    fields = [link.target for link in item.options if link.kind == "field" and link.score > 0.7]
    times = [f for f in fields if schema.is_time(f)]
    return next((f for f in times if schema.owner(f) in about), next(iter(times), None))


def _grain(n: int, items: list[Item], parts: Parts) -> None:
    item = items[n]
    mention = item.extra.get("mention")
    grain = Group("grain", item.data)
    left = items[n - 1].code if n else ""
    if parts.subject is not None and parts.subject.kind == "part" and str(parts.subject.target).startswith(item.data):
        return  # "At which hour …? Give the hour": the same, said again
    if mention is not None and mention.growth:
        parts.growth = parts.growth or "percent"
        parts.groups.append(grain)
    elif left == "q" or (left == "N" and not (_is_each(item) and items[n - 1].data.measure)):
        busy = left == "N" and re.search(r"busi|quiet|slow", items[n - 1].text) is not None
        parts.subject = Group("part", "hour_of_day") if item.data == "hour" and (left == "q" or busy) else grain
    elif item.data == "hour" and (left not in "yNq" or any(i.code == "t" for i in items)) and _is_long(parts):
        parts.groups.append(Group("part", "hour_of_day"))
    elif mention is not None or left == "l" or n == 0 or (left == "&" and parts.groups):
        parts.groups.append(grain)
    elif any(i.code == "N" for i in items) and parts.subject is None and not any(i.code in "df" for i in items[:n]):
        parts.subject = grain


def _is_each(item: Item) -> bool:
    """ "the three with the highest revenue, for each quarter": of each, rather than the quarters."""
    return re.match(r"(?:for |in |of )?(?:each|every|per)\b", item.text.lower()) is not None


def _is_long(parts: Parts) -> bool:
    """ "by hour", over more than some days, is by the hour of the day."""
    window = parts.windows[0] if parts.windows else None
    if window is None or window.start is None or window.end is None:
        return True
    return (window.end - window.start).days > 3


_ASKS = ("what ", "which ")


def _part(n: int, items: list[Item], parts: Parts) -> None:
    item = items[n]
    mention = item.extra.get("mention")
    part = mention.part if mention is not None else item.data
    ranked = n and items[n - 1].code in "qN" and item.text.lower().split()[-1] in ("weekdays", "weekday")
    if mention is not None and mention.values and not ranked:
        parts.filters.parts.append((part, list(mention.values)))
    elif parts.subject is None and (item.text.lower().startswith(_ASKS) or (n and items[n - 1].code in "qN")):
        parts.subject = Group("part", part)
    else:
        parts.groups.append(Group("part", part))


def _dated_part(n: int, items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "brought in before 9 am", "at which hour are most of them *brought in*": by the time that the verb names."""
    before = next((m for m in range(n - 1, -1, -1) if items[m].code not in "Oh&"), None)
    about = [str(i.data) for i in items if i.code == "d"]
    about += [i.data.counted for i in items if i.code == "M" and i.data.counted]
    end = next((m for m in range(n, len(items)) if items[m].code == ";"), len(items))
    deeds = [m for m in range(n + 1, end) if items[m].code == "j"] if items[n].text.lower().startswith(_ASKS) else []
    for at in (m for m in (before, *deeds) if m is not None and items[m].code in "fj"):
        time = _time_named(items[at], schema, about)
        if time is not None and parts.time is None and schema.owner(time) in about:
            parts.time = time
            taken.add(at)
            return


def _order_by(n: int, items: list[Item], parts: Parts, schema: Schema) -> None:
    """ "top 5 products by sales": orders where there is a ranking, else it is one more thing to measure."""
    noun = items[n].data
    read = measure_of(noun, schema)
    if read is None:
        return
    if any(i.code in "NK" for i in items):
        parts.order_by = read
        parts.order_field = noun.data if noun.code == "f" else None
    else:
        parts.measures.append(read)


def _ranked(n: int, items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "ranked by units", "sorted by name descending" """
    item = items[n]
    parts.rank = item.text.startswith("rank") or item.text in ("leaderboard", "league table")
    rest = " ".join(i.text for i in items[n:]).lower()
    if told := re.search(r"\b(asc|desc)", rest):
        parts.sorted = told[1] == "desc"
    descending = not re.search(r"\basc|^(from )?(lowest|smallest|worst|oldest|earliest)|alphabet|\blow\b", rest)
    by = any(i.code == "K" and i.text.endswith("by") for i in items[max(n - 1, 0) : n + 1])
    for m in range(n + 1, min(n + 4, len(items))):
        by = by or items[m].code == "y"
        if items[m].code in "gt" and by and any(i.code in "gBt" for i in items[:n]):
            taken.add(m)
            return  # "…, ordered by month": as times are anyway
        if items[m].code in "mfM" and by:
            noun = items[m]
            if noun.code == "f" and not schema.is_number(noun.data):
                parts.order_field = noun.data
                descending = bool(re.search(r"\bdesc|highest|latest|newest|recent", rest))
            else:
                parts.order_by = measure_of(noun, schema)
                parts.order_field = noun.data if noun.code == "f" else None
            taken.add(m)
            break
        if items[m].code not in "OyN&K":
            break
    before = items[n - 1] if n else None
    sorts = before is not None and re.match(r"(sort|order|rank|arrange)", before.before)
    if before is not None and sorts and before.code in "mfM" and not (parts.order_by or parts.order_field):
        parts.order_by = measure_of(before, schema) if before.code != "f" or schema.is_number(before.data) else None
        parts.order_field = before.data if before.code == "f" else None  # "sort the names in ascending order"
    in_time = re.match(r"(oldest|earliest)", item.text) and any(i.code in "gB" for i in items[:n])
    if parts.top is None and not (in_time and any(g.kind == "grain" for g in parts.groups)):
        parts.top = Top(None, descending, "ranked")


def dataset_of(item: Item, schema: Schema) -> str | None:
    """The dataset that a noun or verb stands for, or is about."""
    if item.code == "d":
        return str(item.data)
    for link in item.options:
        if link.kind == "dataset":
            return link.target
        if link.kind == "metric":
            datasets = schema.metric_datasets(schema.model.metric(link.target))
            if datasets:
                return datasets[0]
        if link.kind == "field":
            return schema.owner(link.target)
    return None


def subject_dataset(parts: Parts, schema: Schema) -> str | None:
    if parts.subject is None:
        return None
    if parts.subject.kind == "dataset":
        return str(parts.subject.target)
    if parts.subject.kind == "field":
        return schema.owner(parts.subject.target)
    return None
