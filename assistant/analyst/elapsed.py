"""The time between two moments that a question names: "days from sign-up to first login", "the delay between the
planned and the actual start", "how long after the invoice do they pay"."""

from __future__ import annotations

import re
from typing import Any, Literal

from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Group, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Calc
from knowledge.words import lemma, one_stem

_MARKS = frozenset(
    ["time", "delay", "gap", "lag", "wait", "interval", "days", "hours", "minutes", "weeks", "duration", "lead time"]
)
_TIMES = frozenset(["time", "times", "date", "dates", "timestamp", "timestamps"])
_UNITS = {"second": "seconds", "minute": "minutes", "hour": "hours", "day": "days"}
_LEADS = frozenset(["to", "and", "the", "until", "from"])
_SURE = 0.8
"""From this score on a word names another field, whatever verb it looks like."""
_AGGREGATES = ("avg", "median", "max", "min", "sum", "stddev")


def between_moments(items: list[Item], schema: Schema) -> list[Item]:
    """The words of such a time, as the measure that they come to: on average, where nothing else is said."""
    at = next((n for n, i in enumerate(items) if _is_mark(i)), None)
    if at is None:
        return items
    about = _about(items, schema)
    until = next((n for n in range(at + 2, len(items)) if items[n].code in "y;"), len(items))
    times = [(n, t) for n in range(at + 1, until) if (t := moment_said(items[n], about, schema, items[n - 1]))]
    pair = _ends(items, at, times, schema)
    if pair is None:
        return items
    (start, end), last = pair
    ends = [items[n] for n, _ in times]
    if items[last + 1 : last + 2] and items[last + 1].text.lower() in _TIMES and not items[last + 1].before:
        items = [*items[: last + 1], *items[last + 2 :]]  # "departure and arrival times"
    base = schema.seeing(schema.owner(start), schema.owner(end))
    if base is None:
        return items
    after = items[last + 1] if last + 1 < len(items) else None
    own = after is not None and after.before in ("a", "an", "their", "its", "the") and _is_of(after, base, schema)
    if own:
        items = [*items[: last + 1], *items[last + 2 :]]  # "days to pay *an invoice*"
    said = next((i for i in items if i.code == "a" and i.data in _AGGREGATES), None)
    agg: Any = said.data if said is not None else "avg"
    nth = _nth(items, end, times, schema)
    if nth is not None:
        return _to_the_nth(items, at, (start, end), last, nth, said, schema)
    read = MeasureRead(
        Aggregate(agg=agg, of=Calc(op=_op(items, start, end, schema), args=[start, end]), dataset=base), (base,)
    )
    first = next((m for m in range(at, -1, -1) if m == 0 or items[m - 1].code not in "acO"), at)
    text = " ".join(i.text for i in items[at : last + 1])
    made = Item("M", items[at].start, items[last].end, text, read, before=items[first].before)
    inside = [
        i
        for i in items[at + 1 : last]
        if i not in ends and (i.code in "vC" or (i.code == "d" and not _whose(i, base, schema)))
    ]
    rest = [*inside, *(i for i in items[last + 1 :] if i is not said and not _is_unit(i))]
    return [*(i for i in items[:first] if i is not said), made, *(i for i in rest if i.code != ";")]


def _is_of(item: Item, base: str, schema: Schema) -> bool:
    """A noun for the rows themselves, or for what one of their fields holds."""
    return base in (item.data, item.dataset) or (item.code == "f" and schema.owner(str(item.data)) == base)


def _whose(item: Item, base: str, schema: Schema) -> bool:
    """ "between a *ticket* being opened and …": what the moments are of."""
    return item.data == base or schema.belongs_to(base, str(item.data))


def _nth(items: list[Item], end: str, times: list[tuple[int, str]], schema: Schema) -> str | None:
    """Whether the end is the first or the last of several happenings: "their first order"."""
    at = next((n for n, time in times if time == end and items[n].code == "d"), None)
    mark = items[at - 1] if at else None
    if mark is None or mark.code != "s" or mark.data.about != "time":
        return None
    return "max" if mark.data.descending else "min"


def _to_the_nth(
    items: list[Item], at: int, ends: tuple[str, str], last: int, nth: Any, said: Item | None, schema: Schema
) -> list[Item]:
    """ "days from joining to the first order": of each who has one, and then over them all."""
    start, end = ends
    base = schema.owner(end)
    measure = Aggregate(agg=nth, of=Calc(op=_op(items, start, end, schema), args=[start, end]), dataset=base)
    each = Group("dataset", schema.owner(start))
    over = said.data if said is not None else None
    read = MeasureRead(measure, (base,), spread=over, each=each if over else None)
    text = " ".join(i.text for i in items[at : last + 1])
    made = Item("M", items[at].start, items[last].end, text, read, before=items[at].before)
    rest = [i for i in items[last + 1 :] if i is not said and not _is_unit(i)]
    return [*(i for i in items[:at] if i is not said), made, *rest]


def _is_mark(item: Item) -> bool:
    return item.code == "D" or (item.code in ".fg" and item.text.lower() in _MARKS)


def _is_unit(item: Item) -> bool:
    return item.code in ".g" and lemma(item.text.lower()) in _UNITS and item.before.split()[-1:] != ["per"]


def _about(items: list[Item], schema: Schema) -> list[str]:
    """The datasets that the question names, then those that belong to them."""
    named = [str(i.data) for i in items if i.code == "d"]
    named += [schema.owner(str(i.data)) for i in items if i.code == "f" and not _is_mark(i)]
    named += [schema.owner(m.field) for i in items if i.code == "v" for m in i.data]
    named += [schema.owner(i.data) for i in items if i.code == "j" and "." in str(i.data)]
    return list(dict.fromkeys([*named, *(c for d in named for c in schema.children(d))]))


def moment_said(item: Item, about: list[str], schema: Schema, left: Item | None = None) -> str | None:
    """The date or time, of some datasets, that a word names: as a field, or by the verb that it is called after."""
    if item.code == "f" and schema.is_time(str(item.data)):
        return _of_that_stem(item, schema) or str(item.data)
    nth = left is not None and left.code == "s" and left.data.about == "time"
    opens = left is not None and left.code == "D" and left.text.lower().split()[-1] in ("from", "between")
    if item.code == "d" and (nth or opens or item.before.split(" ")[0] in _LEADS):
        return schema.time_of(str(item.data)) if schema.model.dataset(str(item.data)).default_time else None
    if item.code == "d" and item.before in ("a", "an", "their", "its"):
        return None  # "days to pay a bill"
    if item.code not in "jv.df" or " " in item.text or (item.code == "f" and item.score > _SURE):
        return None
    word = lemma(item.text.lower())
    for dataset in about:
        for time in schema.times(dataset):
            if any(one_stem(word, lemma(w)) for w in schema.noun_of(time)):
                return time
    return None


def _of_that_stem(item: Item, schema: Schema) -> str | None:
    """The only date called after the deed, where the word was taken for one that is merely alike: a "disbursement" is
    when something was disbursed, not when it was paid."""
    word = lemma(item.text.lower())
    if item.score >= _SURE or " " in word or any(one_stem(word, w) for w in schema.forms_of(str(item.data))):
        return None
    times = [t for d in schema.model.datasets for t in schema.times(d.name)]
    called = [t for t in times if any(one_stem(word, w) for w in schema.forms_of(t))]
    return called[0] if len(called) == 1 else None


def _ends(
    items: list[Item], at: int, times: list[tuple[int, str]], schema: Schema
) -> tuple[tuple[str, str], int] | None:
    """The start and the end, and where the last of them stands."""
    said = " ".join(f"{i.before} {i.text}" for i in items[at : (times[-1][0] if times else at) + 1]).lower()
    if len(times) >= 2 and times[0][1] != times[1][1]:
        (first, one), (second, other) = times[:2]
        between = items[first + 1 : second]
        link = " ".join([*(f"{i.before} {i.text}" for i in between), items[second].before]).lower()
        if re.search(r"\b(between|from)\b", said) and re.search(r"\b(and|to|until|till)\b", link):
            return (one, other), second
        if re.search(r"\bafter\b", link):
            return (other, one), second
        if re.search(r"\bafter\b", " ".join([*(i.text for i in items[at + 1 : first]), items[first].before])):
            return (one, other), second
        if re.search(r"\bbefore\b", link):
            return (one, other), second
    if len(times) == 1 and items[times[0][0]].before.split()[-1:] == ["to"]:
        n, end = times[0]
        start = schema.time_of(schema.owner(end))
        if start and start != end and items[at].text.lower() in ("time", "days", "hours", "how long"):
            return (start, end), n  # "time to first reply": since the row began
    return None


def _op(
    items: list[Item], start: str, end: str, schema: Schema
) -> Literal["days_between", "hours_between", "minutes_between", "seconds_between"]:
    """In the unit that the question names; else days, where no time of day is known, or the unit of how long the rows
    take."""
    words = [lemma(w) for i in items if i.code in "D.gf" for w in i.text.lower().split()]
    named = next((_UNITS[w] for w in words if w in _UNITS), None)
    dates = any(schema.field(f).type == "date" for f in (start, end))
    span = schema.span(schema.owner(end))
    usual = (schema.field(span).unit or "hours") if span else "hours"
    unit = named or ("days" if dates else usual)
    return f"{unit}_between" if unit in _UNITS.values() else "days_between"  # type: ignore[return-value]
