"""What a word means by the words beside it, before any rule reads them: whose name, done by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from assistant.analyst.durations import lasting
from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.kinds import kinds_as_nouns, opposed
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate
from knowledge.words import lemma

_OF_ONE = LISTS["of_one"]


def flagged(items: list[Item], schema: Schema) -> list[Item]:
    """ "open businesses", where being open is a flag: a condition on the businesses."""
    made: list[Item] = []
    for n, item in enumerate(items):
        if item.code == "f" and schema.is_flag(str(item.data)):
            owner = schema.owner(str(item.data))
            after = items[n + 1] if n + 1 < len(items) else None
            noun = schema.noun(owner)
            condition = schema.has_some(str(item.data), plural=False)
            words = item.text.lower().split()
            own = len(words) > 1 and lemma(words[-1]) in noun
            if condition is not None and (own or (after is not None and after.code == "d" and after.data == owner)):
                cond = Cond(((str(item.data), condition),), values=0, text=item.text)
                end = item.end - 1 if own else item.end
                made.append(replace(item, code="C", data=cond, end=end))
                if own:
                    thing = Item("d", end, item.end, words[-1], owner, options=(Link("dataset", owner, 1.0, True),))
                    made.append(thing)
                continue
        made.append(item)
    return made


def tied(items: list[Item]) -> list[Item]:
    """ "reviews posted *by* users": who did it, not a grouping."""
    made = list(items)
    for n in range(1, len(items) - 1):
        item, after = items[n], items[n + 1]
        plural = after.text.lower().endswith("s") and after.code == "d"
        if item.code == "y" and item.text == "by" and items[n - 1].code == "j" and plural:
            made[n] = replace(item, code="O")
    return made


def identified(items: list[Item], schema: Schema) -> list[Item]:
    """ "return the id and name", "the shop with ID 7": the key of what the question is about."""
    about = [i for i in items if i.code == "d"]
    made = []
    for n, item in enumerate(items):
        near = next((i for i in reversed(items[max(0, n - 3) : n]) if i.code == "d"), about[0] if about else None)
        key = schema.key(str(near.data)) if near is not None else None
        if item.code == "." and item.text.lower() in ("id", "ids", "identifier", "identifiers") and key:
            link = Link("field", key, 0.9, True)
            item = replace(item, code="f", data=key, score=0.9, options=(link,))
        made.append(item)
    return made


def listed_names(items: list[Item], schema: Schema) -> list[Item]:
    """ "business categories", "categories of businesses": the categories, whosever they are."""
    made = list(items)
    for n in range(len(items) - 1, 0, -1):
        one = made[n - 1]
        if one.code != "d" or n >= len(made):
            continue
        second = made[n + 1] if made[n].code == "O" and n + 1 < len(made) else made[n]
        if second.code != "d" or (second is made[n] and second.before):
            continue
        if second is made[n] and schema.lists(second.data, one.data):
            del made[n - 1]
            made[n - 1] = replace(made[n - 1], before=one.before)
        elif second is not made[n] and made[n].text == "of" and schema.lists(one.data, second.data):
            del made[n : n + 2]
    return made


def prepared(items: list[Item], schema: Schema) -> list[Item]:
    """The items with all that their neighbours say of them."""
    items = identified(items, schema)
    items = lasting(listed_names(items, schema), schema)
    items = opposed(kinds_as_nouns(without_units(pieces_sold(apposed(items), schema)), schema), schema)
    items = done(moments(counted_tops(distributed(items)), schema), schema)
    return flagged(owned(turned(things(tied(items), schema)), schema), schema)


def distributed(items: list[Item]) -> list[Item]:
    """ "the lowest and highest price", "minimum, average and maximum age": each of the same noun."""
    codes = "".join(i.code for i in items)
    match = re.search(r"([as](?:&+[as])+)O?([fmd])", codes)
    if match is None or any(i.code == "s" and i.data.about for i in items[match.start() : match.end(1)]):
        return items
    noun = items[match.start(2)]
    made: list[Item] = []
    for item in items[match.start(1) : match.end(1)]:
        if item.code == "&":
            made.append(item)
            continue
        if item.code == "s":
            item = replace(item, code="a", data="max" if item.data.descending else "min")
        made += [item, replace(noun, before="")]
    return [*items[: match.start()], *made, *items[match.end() :]]


_UNITS = LISTS["units"]


def without_units(items: list[Item]) -> list[Item]:
    """ "over 200 mph": what the number counts, which no name of the data is."""
    return [
        i
        for n, i in enumerate(items)
        if not (i.code == "." and n and items[n - 1].code == "n" and i.text.lower() in _UNITS)
    ]


def apposed(items: list[Item]) -> list[Item]:
    """ "Los Angeles (LAX)": one thing, said twice; the second is the more exact."""
    made: list[Item] = []
    for item in items:
        if item.code == "v" and made and made[-1].code == "v" and item.before == "(" and item.end - item.start == 1:
            made[-1] = replace(item, before=made[-1].before)
        else:
            made.append(item)
    return made


_PASSIVE = LISTS["passive"]
_PIECES = frozenset(["units", "items", "pieces", "unit", "copies"])


def pieces_sold(items: list[Item], schema: Schema) -> list[Item]:
    """ "sold fewer than 250 units": a bound on how many were sold."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "j" or not re.fullmatch("on[.f]", "".join(i.code for i in items[n + 1 : n + 4])):
            continue
        event = next((o.target for o in item.options if o.kind == "dataset"), None)
        quantity = schema.quantity(event) if event else None
        if quantity and items[n + 3].text.lower() in _PIECES and items[n + 3].score < 0.6:
            read = MeasureRead(Aggregate(agg="sum", of=quantity), (schema.owner(quantity),))
            made[n + 3] = replace(items[n + 3], code="M", data=read, score=0.95)
    return made


def done(items: list[Item], schema: Schema) -> list[Item]:
    """ "cars sold", "how many units were bought": how often that happened, which is not how many things there are."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "j" or item.text.lower() not in _PASSIVE:
            continue
        event = next((o.target for o in item.options if o.kind == "dataset"), None)
        at = next((m for m in range(n - 1, max(n - 4, -1), -1) if items[m].code not in "hj"), None)
        most = "".join(i.code for i in items[n + 1 : n + 3]) in ("sd", "s.") and items[n + 1].text.startswith("the ")
        at = n + 2 if most else at  # "which store sold the most cars"
        negated = any(i.code == "z" for i in items[max(0, n - 2) : n])
        if event is None or at is None or negated or (n + 1 < len(items) and items[n + 1].code in "on"):
            continue
        if most and items[n + 2].before:
            continue
        noun = items[at]
        thing = noun.code == "d" and noun.data != event and schema.belongs_to(event, noun.data)
        pieces = noun.code == "." and noun.text.lower() in _PIECES
        before = made[at - 1].code if at and not most else ""
        if not (pieces or (thing and not schema.is_person(noun.data))) or before in (
            "q",
            "l",
            "u",
            "y",
            "N",
            "s",
            "T",
            "n",
        ):
            continue
        quantity = schema.quantity(event)
        measure = Aggregate(agg="sum", of=quantity) if quantity else Aggregate(agg="count", dataset=event)
        read = MeasureRead(measure, (schema.owner(quantity) if quantity else event,), None if quantity else event)
        made[at] = replace(noun, code="M", data=read, score=0.95, options=())
        if before == "c":
            made[at - 1] = replace(made[at - 1], code="a", data="sum")
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
        found = _moment(items, n, schema, asks_when) if item.code == "s" and item.data.about == "time" else None
        if found is None:
            made.append(item)
            continue
        reference, size = found
        extreme: Literal["max", "min"] = "max" if item.data.descending else "min"
        read = MeasureRead(Aggregate(agg=extreme, of=reference), (schema.owner(reference),))
        last = items[n + size - 1]
        text = " ".join(i.text for i in items[n : n + size])
        made.append(Item("M", item.start, last.end, text, read, before=item.before))
        skip = size - 1
    return made


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
    if codes[:2] in ("df", "mf") and things and schema.is_time(str(after[1].data)):
        same = _time_field(after[1], schema)
        own = same if same and schema.owner(same) == things[0] else schema.time_of(things[0])
        return (own, 3) if own else None
    if asks_when and codes[:1] in ("d", "m", "j"):
        owner = things[0] if things else next(iter(_datasets(after[0], schema)), None)
        time = schema.time_of(owner or schema.facts()[0])
        return (time, 2) if time else None
    one = codes[:1] == "n" and after[0].text.lower() in ("one", "ones")
    if asks_when and (one or not codes or codes[0] in "&;"):
        known = next((i for i in items[:n] if i.code in "dm" and _datasets(i, schema)), None)
        time = schema.time_of(_datasets(known, schema)[0]) if known else None
        return (time, 1 + one) if time else None
    return None


def _datasets(item: Item, schema: Schema) -> list[str]:
    found = [o.target for o in item.options if o.kind == "dataset"]
    for option in item.options:
        if option.kind == "metric":
            found += schema.metric_datasets(schema.model.metric(option.target))
        elif option.kind == "field":
            found.append(schema.owner(option.target))
    return found


def _time_field(item: Item, schema: Schema) -> str | None:
    times = [o.target for o in item.options if o.kind == "field" and schema.is_time(o.target)]
    return times[0] if times else None


def counted_tops(items: list[Item]) -> list[Item]:
    """ "which 3 departments sell the most": the number belongs with the superlative."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[qlhO]*(n)[dfmv].*?(s)", codes)
    if match is None or items[match.start(1)].data.percent or codes.count("n") > 1:
        return items
    number = items[match.start(1)]
    rest = [i for i in items if i is not number]
    at = rest.index(items[match.start(2)])
    return [*rest[:at], replace(number, before=""), *rest[at:]]


def things(items: list[Item], schema: Schema) -> list[Item]:
    """Words that name both a thing and a figure ("households" and how many there are): the thing, where it is grouped
    by, listed, ranked, or said something of."""
    made = list(items)
    for n, item in enumerate(items):
        link = next((o for o in item.options if o.kind == "dataset" and o.score >= item.score - 0.05), None)
        if item.code == "m" and link is None and n and items[n - 1].code == "z":
            datasets = _datasets(item, schema)
            if datasets:  # "no sales": no rows of what is added up
                lack = Link("dataset", datasets[0], item.score, True)
                made[n] = replace(item.linked(lack), options=(lack,))
            continue
        if item.code != "m" or link is None:
            continue
        left = items[n - 1].code if n else ""
        right = items[n + 1].code if n + 1 < len(items) else ""
        if left == "y" and any(i.code in "KNTs" for i in items[:n]) and any(i.code in "df" for i in items[:n]):
            continue  # "rank stores by visits": an order
        in_one = left in ("m", "M", "d") and item.before.split()[-1:] in (["a"], ["an"])
        of_a_figure = in_one or (left == "O" and n > 1 and items[n - 2].code in "mM")
        if (
            left in ("y", "N", "T")
            or of_a_figure
            or (left in ("", "q", "l", "s", "n", "j", "z") and right in tuple("hjzqn"))
            or (left in ("q", "l") and items[n - 1].data != "much")
        ):
            rest = tuple(o for o in item.options if o.kind != "metric")
            made[n] = replace(item.linked(link), options=rest)
    return made


def turned(items: list[Item]) -> list[Item]:
    """ "3 or more kids" is "at least 3 kids"."""
    made = list(items)
    for n in range(len(items) - 1):
        number, mark = made[n], made[n + 1]
        if number.code == "n" and mark.code == "o" and mark.text.split()[0] in ("or", "and"):
            made[n], made[n + 1] = mark, replace(number, before="")
    return made


def owned(items: list[Item], schema: Schema) -> list[Item]:
    """ "the names of the authors", "the customer's city", "city of customers": the field of that thing."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "f":
            continue
        after = next((i for i in items[n + 1 : n + 3] if i.code != "O"), None)
        of = n + 1 < len(items) and items[n + 1].code == "O" and items[n + 1].text == "of"
        before = items[n - 1] if n and not item.before and items[n - 1].code == "d" else None
        thing = after if of and after is not None and after.code == "d" else before
        if thing is None:
            continue
        link = next((o for o in item.options if o.kind == "field" and schema.owner(o.target) == thing.data), None)
        if link is not None and link.score >= 0.8 * item.score:
            made[n] = item.linked(link)
    return made
