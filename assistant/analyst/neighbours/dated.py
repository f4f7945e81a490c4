"""By which of its dates something is asked: "by arrival month", "arrivals in May", "(by ship date)".

The words of time that it is about (w, g, t items) carry the field as `extra["time"]`; `dated_request` makes the request
go by it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond, rows_counted
from assistant.analyst.schema import Schema
from knowledge.calendar.mention import Mention
from knowledge.profile.sayings import deeds
from knowledge.request import All, Column, Compare, Condition, Exists, FieldColumn, InPart, InWindow, Request, Window
from knowledge.request import Any as AnyOf
from knowledge.words import lemma

_TIMES = "wgtx"
_YEAR = re.compile(r"19[5-9]\d|20[0-6]\d")
_SAYS_TIME = LISTS["date_words"]
_GOING = ("based", "based on", "going", "judging", "counting", "counted", "dated", "measured", "told")
_GRAINS = frozenset(["hour", "day", "week", "month", "quarter", "year", "weeks", "months", "quarters", "years"])


def years_before_nouns(items: list[Item], _: Schema) -> list[Item]:
    """ "2024 orders", "our 2024 arrivals": those of that year, rather than so many; "more than 2000 orders" is many."""
    made = list(items)
    for n, item in enumerate(items[:-1]):
        noun = n + 2 if items[n + 1].code in "v." and n + 2 < len(items) else n + 1
        if item.code not in "nw" or not _YEAR.fullmatch(item.text) or items[noun].code not in "dmf":
            continue
        if item.code == "w":
            if n and items[n - 1].code in "ca":  # "how many 2024 orders" are orders of 2024
                first = replace(items[n + 1], before=item.before)
                made[n : noun + 1] = [first, *items[n + 2 : noun + 1], replace(item, before="")]
            continue
        if n and (items[n - 1].code in "osTbnLi" or items[n - 1].before.split()[-1:] in (["than"], ["about"])):
            continue
        year = int(item.text)
        window = Window(start=datetime(year, 1, 1), end=datetime(year + 1, 1, 1), text=item.text)
        mention = Mention(item.start, item.end, item.text, "window", window=window)
        said = replace(item, code="w", data=mention, extra={**item.extra, "mention": mention}, before="")
        first = replace(items[n + 1], before=item.before)
        made[n : noun + 1] = [first, *items[n + 2 : noun + 1], said]  # "orders of 2024"
    return made


def grains_not_fields(items: list[Item], schema: Schema) -> list[Item]:
    """ "in each month", of gifts that have a date: no month that is kept of something else."""
    made = list(items)
    about = {d for i in items if i.code in "dmj" for d in linked_datasets(i, schema)[:1]}
    about |= {schema.owner(str(i.data)) for i in items if i.code == "f" and i.text.lower() not in _GRAINS}
    for n, item in enumerate(items):
        word = item.text.lower()
        again = any(i.code == "g" and str(i.data) == word for i in items)  # "…, ordered by month"
        if item.code != "f" or word not in _GRAINS or not about:
            continue
        if schema.owner(str(item.data)) in about and not again:
            continue
        if any(schema.time_of(d) for d in about):
            made[n] = replace(item, code="g", data=word.removesuffix("s"), score=1.0, options=())
    return made


def grains_of_dates(items: list[Item], schema: Schema) -> list[Item]:
    """ "by arrival month", "per month of arrival", "by year hired": the grain is one of that date."""
    codes = "".join(i.code for i in items)
    for n, item in enumerate(items):
        if item.code != "g":
            continue
        before, after = codes[n - 1 : n] if n else "", codes[n + 1 : n + 3]
        plain = item.text.lower() in _GRAINS and not item.before
        if plain and before in ("f", "j") and items[n - 1].end == item.start and (time := _time(items[n - 1], schema)):
            mark = items[n - 2] if n > 1 and items[n - 2].code == "y" else None
            said = replace(item, text=f"{mark.text} {item.text}" if mark else item.text, start=items[n - 1].start)
            return _by(time, [*items[: n - 1], said, *items[n + 1 :]], schema)
        of = 2 if after[:1] == "O" and items[n + 1].text.lower() == "of" else 1 if items[n].text.endswith(" of") else 0
        if of and n + of < len(items) and items[n + of].code in "fj" and (time := _time(items[n + of], schema)):
            return _by(time, [*items[: n + 1], *items[n + of + 1 :]], schema)
    return items


def dates_in_brackets(items: list[Item], schema: Schema) -> list[Item]:
    """ "in May (by ship date)", "by month, based on the order date": which date May is one of."""
    for n in range(1, len(items)):
        mark, field = items[n - 1], items[n]
        if field.code != "f" or mark.code != "y" or not (time := _time(field, schema)):
            continue
        apart = mark.before.endswith(("(", ",", *_GOING)) or "based" in mark.text
        if apart and any(i.code in _TIMES for i in items):
            return _by(time, [*items[: n - 1], *items[n + 1 :]], schema)
    return items


def anniversaries(items: list[Item], schema: Schema) -> list[Item]:
    """ "guests with birthdays this month", "born in May", "whose birthday is today": of any year, if none is said."""
    for n, (item, when) in enumerate(pairwise(items)):
        yearly = item.code == "f" and when.code == "w" and _is_yearly(str(item.data), schema)
        parts = _parts_of_year(str(item.data), when) if yearly else []
        if not parts:
            continue
        text = f"{item.text} {when.text}"
        made = [Item("C", item.start, when.end, text, Cond(((str(item.data), p),), values=0, text=text)) for p in parts]
        left = items[: n - 1] if n and items[n - 1].code == "h" else items[:n]
        owner = schema.owner(str(item.data))
        if not any(i.code in "dm" and i.dataset == owner for i in items):
            link = Link("dataset", owner, 0.9, True)
            left = [*left, Item("d", item.start, item.start, item.text, owner, 0.9, (link,))]
        return [*left, *made, *items[n + 2 :]]
    return items


def _parts_of_year(field: str, when: Item) -> list[Condition]:
    """The month, the day of a month, or the days of a week, that a window without a year is; none of any other."""
    window = when.data.window
    if re.search(r"\d{4}|since|before|after|until|year", when.text) or not (window and window.start and window.end):
        return []
    month = InPart(field=field, part="month_of_year", values=[window.start.month])
    days = (window.end - window.start).days
    if days == 1:
        return [month, InPart(field=field, part="day_of_month", values=[window.start.day])]
    if days == _A_WEEK:  # maybe in two months
        each = [window.start + timedelta(n) for n in range(days)]
        months = {d.month: [e.day for e in each if e.month == d.month] for d in each}
        return [
            AnyOf(
                of=[
                    All(of=[InPart(field=field, part="month_of_year", values=[m]),
                            InPart(field=field, part="day_of_month", values=on)])
                    for m, on in months.items()
                ]
            )
        ]  # fmt: skip
    return [month] if window.start.day == 1 and days <= 31 else []


_A_WEEK = 7


def _is_yearly(field: str, schema: Schema) -> bool:
    said = {lemma(w) for w in schema.noun_of(field)}
    return schema.is_time(field) and bool(said & {"birth", "birthday", "birthdate", "born", "anniversary"})


def school_years(items: list[Item], schema: Schema) -> list[Item]:
    """ "pupils in year 9": the year group that they are in, no year of the calendar."""
    for n in range(1, len(items)):
        word, number = items[n - 1], items[n]
        if word.code != "g" or word.text.lower() not in ("year", "years") or number.code != "n" or number.before:
            continue
        value = getattr(number.data, "value", None)
        named = [f"{d.name}.{f.name}" for d in schema.model.datasets for f in d.fields if f.type in ("integer", "text")]
        found = [f for f in named if _YEAR_GROUP.fullmatch(schema.field(f).label or "")]
        told = [str(i.data) for i in items if i.code == "d"]
        own = [f for f in found if schema.owner(f) in told] or found
        if value is None or value > _LAST_FORM or not own:
            continue
        stored = int(value) if schema.field(own[0]).type == "integer" else f"{value:g}"
        cond = Cond(((own[0], Compare(field=own[0], op="=", value=stored)),), text=f"{word.text} {number.text}")
        made = Item("C", word.start, number.end, cond.text, cond, 0.9)
        return [*items[: n - 1], made, *items[n + 1 :]]
    return items


_YEAR_GROUP = re.compile(r"(?:school |study )?year (?:group|level|of study)|form|grade level", re.I)
_LAST_FORM = 14


def compared_periods(items: list[Item], schema: Schema) -> list[Item]:
    """ "new pupils this September compared with last September": how many there were in each."""
    codes = "".join(i.code for i in items)
    at = codes.find("wVw")
    if at >= 0:
        items = [*items[: at + 2], _a_year_before(items[at], items[at + 2]), *items[at + 3 :]]
        deed = items[at - 1] if at else None
        if deed is not None and deed.code == "j" and _time(deed, schema) == deed.data:
            # "joined in May compared with June"
            both = [replace(w, extra={**w.extra, "time": str(deed.data)}) for w in (items[at], items[at + 2])]
            return [*items[: at - 1], both[0], items[at + 1], both[1], *items[at + 3 :]]
    rows = [n for n, i in enumerate(items) if i.code == "d"]
    if at < 0 or len(rows) != 1 or rows[0] > at or set(codes) & set("mMfqlcsT"):
        return items
    noun = items[rows[0]]
    count = rows_counted(str(noun.data))
    return [*items[: rows[0]], replace(noun, code="M", data=count, options=()), *items[rows[0] + 1 :]]


def _a_year_before(this: Item, last: Item) -> Item:
    """ "this September compared with last September": that of the year before, when this one is over, too."""
    window, other = last.data.window, this.data.window
    same = window is not None and other is not None and (window.start, window.end) == (other.start, other.end)
    if not same or not last.text.lower().removeprefix("in ").startswith("last ") or window.start is None:
        return last
    year = relativedelta(years=1)
    earlier = Window(start=window.start - year, end=window.end - year if window.end else None)
    mention = replace(last.data, window=earlier)
    return replace(last, data=mention, extra={**last.extra, "mention": mention})


def rows_and_their_times(items: list[Item], schema: Schema) -> list[Item]:
    """ "parcels due today": the parcels, and when they are due."""
    made: list[Item] = []
    for item in items:
        first, _, rest = item.text.partition(" ")
        plural = item.code == "f" and rest and first.lower() != lemma(first.lower()) and first.lower().endswith("s")
        if plural and item.end - item.start > 1 and schema.is_time(str(item.data)):
            owner = schema.owner(str(item.data))
            if schema.noun(owner) & {lemma(first.lower())}:
                rows = Link("dataset", owner, 1.0, True)
                at = item.start + 1
                made.append(Item("d", item.start, at, first, owner, 1.0, (rows,), item.before))
                item = replace(item, start=at, text=rest, before="")
        made.append(item)
    return made


def called_after_dates(items: list[Item], schema: Schema) -> list[Item]:
    """ "arrivals in May", "new hires by year": the rows, by the date that they are called after."""
    for n, item in enumerate(items):
        *owned, word = item.text.lower().split() or [""]
        if item.code not in "f." or word == lemma(word) or not word.endswith("s"):
            continue
        time = _time(item, schema) if item.code == "f" else _when_done(item, items, schema)
        if owned and (time is None or {lemma(w) for w in owned} - schema.noun(schema.owner(time))):
            continue
        if time is None or lemma(word) in _SAYS_TIME or (item.code == "f" and _plainly_plural(item, schema)):
            continue
        if n == 1 and items[0].text.lower() == "who":
            continue  # a verb
        if item.code == "f" and lemma(word) in _WAGES and lemma(word) not in schema.forms_of(time):
            return [*items[:n], item.unread(), *items[n + 1 :]]  # salaries are no bills, though both are paid
        if any(a.code == "c" and b.code == "d" and b.data != schema.owner(time) for a, b in pairwise(items[:n])):
            continue  # "how many flights …, excluding departures with stops": something else is counted
        rows = Link("dataset", schema.owner(time), item.score, False)
        said = replace(item.linked(rows), code="d", score=0.85, options=(rows,))
        told = any(i.code in _TIMES for i in items)
        if item.code == "." and schema.field(time).nulls and not told:
            done = Cond(((time, Compare(field=time, op="not_null")),), text=item.text)
            return [
                *items[:n],
                replace(said, before=""),
                Item("C", item.end, item.end, item.text, done, 0.85),
                *items[n + 1 :],
            ]
        new = n and items[n - 1].code == "." and items[n - 1].text.lower() == "new"  # every hire is a new one
        return _by(time, [*items[: n - bool(new)], said, *items[n + 1 :]], schema)
    return items


def _when_done(item: Item, items: list[Item], schema: Schema) -> str | None:
    """ "deliveries", where parcels were delivered: when, if only one kind of rows was, or the only one told of."""
    done = deeds().get(lemma(item.text.lower()))
    names = [d.name for d in schema.model.datasets]
    times = [
        t
        for d in names
        for t in schema.times(d)
        if done and f" {done} " in f" {(schema.field(t).label or '').lower()} "
    ]
    told = {str(i.data) for i in items if i.code == "d"}
    near = [t for t in times if any(schema.belongs_to(schema.owner(t), d) for d in told)] if len(times) > 1 else times
    return near[0] if len(near) == 1 else None


def of_the_happenings(items: list[Item], schema: Schema) -> list[Item]:
    """ "tickets for trips in May", "how much did the trips that took place in May bring in": when these took place."""
    for n in range(1, len(items)):
        when, left = items[n], items[n - 1]
        said = left.code == "h" and left.text.lower().split()[0] in ("that", "which") and n > 1
        noun = items[n - 2] if said else left
        at = n - 2 if said else n - 1
        if when.code != "w" or noun.code != "d" or "time" in when.extra or not at:
            continue
        of = items[at - 1].code == "O" and items[at - 1].text in ("for", "of", "on", "from", "at")
        entry = schema.model.dataset(str(noun.data))
        told = of and entry.name_field is None and not schema.is_person(entry.name)
        first = next((d for i in items[:at] if i.code in "dmM" for d in _rows_of(i, schema)), None)
        if not (told or said) or not entry.default_time or first in (None, entry.name):
            continue
        if schema.belongs_to(str(first), entry.name):
            time = f"{entry.name}.{entry.default_time}"
            return [*items[:n], replace(when, extra={**when.extra, "time": time}), *items[n + 1 :]]
    return items


def _rows_of(item: Item, schema: Schema) -> list[str]:
    return list(item.data.datasets) if item.code == "M" else linked_datasets(item, schema)[:1]


def dated_request(request: Request, time: str, schema: Schema) -> Request:
    """The request with its periods, grains and parts of time those of `time`."""
    owner = schema.owner(time)

    def own(reference: object) -> bool:
        """A usual date, of the same rows or of rows that belong to them."""
        if not isinstance(reference, str) or reference == time:
            return False
        rows = schema.owner(reference)
        return reference == schema.time_of(rows) and schema.belongs_to(rows, owner)

    def column(made: Column) -> Column:
        moved = isinstance(made, FieldColumn) and (made.grain or made.part) and own(made.field)
        return made.model_copy(update={"field": time}) if moved else made

    def condition(made: Condition) -> Condition:
        if isinstance(made, Exists) and made.dataset == owner:
            return made.model_copy(update={"where": [condition(c) for c in made.where]})
        moved = isinstance(made, InWindow | InPart) and own(made.field)
        return made.model_copy(update={"field": time}) if moved else made

    update: dict[str, object] = {
        "columns": [column(c) for c in request.columns],
        "where": [condition(c) for c in request.where],
        "order": [o.model_copy(update={"by": column(o.by)}) if isinstance(o.by, FieldColumn) else o
                  for o in request.order],
    }  # fmt: skip
    if request.period is not None:
        update["time_field"] = time
    return request.model_copy(update=update)


def _time(item: Item, schema: Schema) -> str | None:
    """The date that the words name, where it is not just any."""
    named = str(item.data) if item.code == "f" else next((o.target for o in item.options if o.kind == "field"), "")
    return named if named and schema.is_time(named) else None


_WAGES = frozenset(["salary", "wage", "paycheck", "earnings"])


def _plainly_plural(item: Item, schema: Schema) -> bool:
    """The field itself is called so."""
    return item.text.lower() in (schema.field(str(item.data)).label or "").lower().split()


def _by(time: str, items: list[Item], schema: Schema) -> list[Item]:
    return [replace(i, extra={**i.extra, "time": time}) if i.code in _TIMES else i for i in items]
