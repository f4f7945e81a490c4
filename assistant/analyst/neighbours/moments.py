"""Words of time beside nouns: "the first order date", "the last sale of each shop", "on how many days"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Group, MeasureRead, Top, measure_of
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate
from knowledge.words import lemma

_ROW_NOUNS = LISTS["row_nouns"]


def counted_times(items: list[Item], schema: Schema) -> list[Item]:
    """ "on how many days did we have more than 12 orders": the days are counted, after the orders of each."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[qO]*(D|c[gtf]?)[^cD]*?(?:on([mdfM])|([mfM])h?(?:L|on))", codes)
    if match is None:
        return items
    mark = items[match.start(1)]
    unit = items[match.end(1) - 1]
    grain = str(unit.data) if unit.code == "g" else mark.text.split()[-1].removesuffix("s")
    if unit.code == "f":
        grain = unit.text.lower().removesuffix("s")
    if grain not in ("hour", "day", "week", "month", "quarter", "year") or (mark.code == "c") != (unit.code in "gf"):
        return items
    noun = items[match.start(2) if match[2] else match.start(3)]
    read = measure_of(noun, schema)
    if read is None or not read.datasets or schema.time_of(read.datasets[0]) is None:
        return items
    if unit.code == "f" and schema.owner(str(unit.data)) in read.datasets:
        return items
    text = " ".join(i.text for i in items[match.start(1) : match.end(1)])
    counted = replace(read, spread="count", each=Group("grain", grain))
    rest = [i for i in items[match.end(1) :] if i.code != "j"]
    return [*items[: match.start(1)], Item("M", mark.start, unit.end, text, counted, before=mark.before), *rest]


def first_to_do(items: list[Item], schema: Schema) -> list[Item]:
    """ "the first student to register", "the last member to leave": by when they did just that."""
    for n in range(len(items) - 2):
        mark, noun = items[n], items[n + 1]
        at = n + 2 if items[n + 2].code in "j.f" else n + 3
        deed = items[at] if at < len(items) and all(i.code == "h" for i in items[n + 2 : at]) else None
        if mark.code != "s" or mark.data.about != "time" or noun.code != "d" or deed is None:
            continue
        done = lemma(deed.text.lower().split()[-1])
        times = [f for f in schema.times(str(noun.data)) if done in {lemma(w) for w in schema.noun_of(f)}]
        if deed.before.split()[-1:] in (["to"], []) and deed.code in "j.f" and len(times) == 1:
            top = Top(None, mark.data.descending, "time", None, times[0], mark.data.nth)
            return [*items[:n], replace(mark, code="N", data=top), noun, *items[at + 1 :]]
    return items


def latest_rows(items: list[Item], schema: Schema) -> list[Item]:
    """ "the last sale", "the most recent payment": one of the rows, not what they add up to."""
    made = list(items)
    for n in range(1, len(items)):
        item, left = items[n], items[n - 1]
        if item.code == "m" and left.code == "s" and left.data.about == "time" and not item.before:
            metric = schema.model.metric(str(item.data))
            field = schema.summed_by(metric)
            owner = schema.owner(field) if field else None
            if owner and schema.model.dataset(owner).default_time and item.text.lower().split()[-1] in _ROW_NOUNS:
                link = Link("dataset", owner, item.score, True)
                made[n] = replace(item.linked(link), options=(link,))
    return made


def latest_figures(items: list[Item], schema: Schema) -> list[Item]:
    """ "the most recent balance of each user": the row that says it last, and its figure."""
    for n in range(len(items) - 2):
        mark, field, rest = items[n], items[n + 1], items[n + 2 :]
        if mark.code != "s" or mark.data.about != "time" or field.code != "f" or field.before:
            continue
        group = str(rest[-1].data) if rest[-1].code == "d" else schema.owner(str(rest[-1].data))
        own = [o for o in field.options if o.kind == "field" and schema.belongs_to(schema.owner(o.target), group)]
        field = field.linked(own[0]) if own else field
        owner = schema.owner(str(field.data))
        dated = schema.model.dataset(owner).default_time is not None
        if not schema.is_number(str(field.data)) or not dated or rest[0].code != "y" or rest[-1].code not in "df":
            continue
        row = Item(
            "d", field.start, field.start, field.text, owner, field.score, (Link("dataset", owner, field.score, True),)
        )
        shown = Item("l", rest[-1].end, rest[-1].end, "show")
        return [*items[: n + 1], row, *rest, shown, replace(field, before="")]
    return items


def acts_in_time(items: list[Item], schema: Schema) -> list[Item]:
    """ "orders opened in May": when they were opened, not those whose status is open now."""
    made = list(items)
    windows = any(i.code in "wg" for i in items)
    for n, item in enumerate(items):
        if item.code != "v" or not item.data or not windows or not item.text.lower().endswith("ed"):
            continue
        mention = item.data[0]
        after_noun = n > 0 and items[n - 1].code == "d" and not item.before
        if len(item.text.split()) > 1 or (str(mention.value).lower() == item.text.lower() and not after_noun):
            continue  # "booked trips in May" are those that are booked; "trips booked in May" are of May
        owner, stem = schema.owner(mention.field), lemma(item.text.lower())
        near = [str(i.data) for i in items[max(0, n - 2) : n + 2] if i.code == "d"]
        if near and owner not in near:  # "tickets opened in May", though it is invoices whose state is called open
            has_time = (d for d in near for t in schema.times(d) if stem in {lemma(w) for w in schema.noun_of(t)})
            owner = next(has_time, near[0])
        time = next((t for t in schema.times(owner) if stem in {lemma(w) for w in schema.noun_of(t)}), None)
        if time is not None and time == schema.time_of(owner):
            made[n] = replace(item, code="j", data=stem, options=())
        elif time is not None:
            link = Link("field", time, 0.9, True)
            made[n] = replace(item, code="f", data=time, score=0.9, options=(link,))
    return made


def moments(items: list[Item], schema: Schema) -> list[Item]:
    """ "the first order date", "when was our last sale": the least or greatest time of something."""
    asks_when = any(i.code == "q" and i.data == "when" for i in items)
    made: list[Item] = []
    skip = 0
    for n, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        if item.code != "s" or item.data.about != "time":
            made.append(item)
            continue
        if asks_when and (deed := _deed_before(items, n, schema)) is not None:
            when, thing = deed
            rest = [i for m, i in enumerate(items[n + 1 :], n + 1) if m != thing]
            return [*made, replace(item, code="M", data=_extreme(when, item, schema), score=1.0), *rest]
        found = None if _of_the_one(items, n, schema) else _moment(items, n, schema, asks_when)
        if found is None:
            made.append(item)
            continue
        reference, size = found
        last = items[n + size - 1]
        text = " ".join(i.text for i in items[n : n + size])
        made.append(Item("M", item.start, last.end, text, _extreme(reference, item, schema), before=item.before))
        skip = size - 1
    return made


def _of_the_one(items: list[Item], n: int, schema: Schema) -> bool:
    """ "the employee with the earliest hire date": who that is, rather than when it was for each."""
    thing, mark = items[n - 2 : n] if n > 1 else (None, None)
    field = items[n + 1] if n + 1 < len(items) else None
    if (
        thing is None
        or mark is None
        or field is None
        or mark.code != "h"
        or thing.code not in "dm"
        or field.code != "f"
    ):
        return False
    return not field.before and schema.is_time(str(field.data)) and schema.owner(str(field.data)) == thing.dataset


def of_their_own(items: list[Item], _: Schema) -> list[Item]:
    """ "made their first order in May": of each one's own happenings, which nothing reads yet: left unread."""
    made: list[Item] = []
    for item in items:
        if item.code == "s" and item.data.about == "time" and item.before.split()[-1:] in (["their"], ["its"]):
            made.append(Item(".", item.start, item.start, f"their {item.text}", None, 0.0))
        made.append(item)
    return made


def _extreme(time: str, mark: Item, schema: Schema) -> MeasureRead:
    agg: Literal["max", "min"] = "max" if mark.data.descending else "min"
    return MeasureRead(Aggregate(agg=agg, of=time), (schema.owner(time),))


def _deed_before(items: list[Item], n: int, schema: Schema) -> tuple[str, int | None] | None:
    """ "when did we sell our first van": the time of the selling, and where the van stands."""
    deed = next((d for i in items[:n] if i.code == "j" and (d := i.dataset)), None)
    thing = next((m for m in range(n + 1, len(items)) if items[m].code == "d"), None)
    kind = next((m for i in items[n + 1 :] if i.code == "v" for m in i.data[:1]), None)
    about = str(items[thing].data) if thing is not None else schema.owner(kind.field) if kind else None
    if deed is None or about is None or about == deed or not schema.belongs_to(deed, about):
        return None
    when = schema.time_of(deed)
    return (when, thing) if when else None


def _moment(items: list[Item], n: int, schema: Schema, asks_when: bool) -> tuple[str, int] | None:
    """The time field meant from the superlative at `n` on, and how many items say it."""
    after = items[n + 1 : n + 4]
    codes = "".join(i.code for i in after)
    if codes[:1] == "f":
        time = _time_field(after[0], schema)
        if time and (asks_when or codes[1:2] != "d"):
            follows = next(
                (o.target for i in after[1:3] if i.code == "j" for o in i.options if o.kind == "dataset"), None
            )
            own = schema.time_of(follows) if follows and after[0].text.lower() == "time" else None
            return own or time, 2
    things = [o.target for o in after[0].options if o.kind == "dataset"] if after else []
    if codes[:2] in ("dg", "mg") and things and after[1].text.lower() in ("date", "dates"):
        own = schema.time_of(things[0])
        return (own, 3) if own else None
    if codes[:2] in ("df", "mf") and things and schema.is_time(str(after[1].data)):
        same = _time_field(after[1], schema)
        own = same if same and schema.owner(same) == things[0] else schema.time_of(things[0])
        return (own, 3) if own else None
    if asks_when and codes[:1] in ("d", "m", "j"):
        owner = things[0] if things else next(iter(linked_datasets(after[0], schema)), None)
        time = schema.time_of(owner or schema.facts()[0])
        return (time, 2) if time else None
    one = codes[:1] == "n" and after[0].text.lower() in ("one", "ones")
    if asks_when and (one or not codes or codes[0] in "&;"):
        known = next((i for i in items[:n] if i.code in "dm" and linked_datasets(i, schema)), None)
        time = schema.time_of(linked_datasets(known, schema)[0]) if known else None
        return (time, 1 + one) if time else None
    return None


def _time_field(item: Item, schema: Schema) -> str | None:
    times = [o.target for o in item.options if o.kind == "field" and schema.is_time(o.target)]
    return times[0] if times else None
