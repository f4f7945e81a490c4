"""Rankings and lists by the words around them: "the second best", "which 3 sell the most", "… : date and amount"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.analyst.english import LISTS, Super
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.dimensions import measured_by
from assistant.analyst.reduce.reads import MeasureRead, Top, measure_of, rows_counted
from assistant.analyst.schema import Schema
from assistant.analyst.tokens import NumberRead
from knowledge.request import Compare
from knowledge.words import lemma

_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}


def ordinals(items: list[Item], _: Schema) -> list[Item]:
    """ "the second best selling product": one of the ranking, but not its first."""
    made: list[Item] = []
    for item in items:
        nth = _ORDINALS.get(made[-1].text.lower()) if made and item.code == "s" and not item.before else None
        if nth is not None and item.data.about != "time":
            item = replace(item, data=replace(item.data, nth=nth), before=made.pop().before)
        made.append(item)
    return made


def numbered(items: list[Item], schema: Schema) -> list[Item]:
    """ "on the second floor", where floors are numbered: that one."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        field = items[n + 1] if n + 1 < len(items) else None
        number = _ORDINALS.get(item.text.lower(), 1 if item.text.lower() in ("first", "1st") else None)
        if number is None or field is None or field.code != "f" or field.before or not item.before.endswith("the"):
            continue
        held = schema.field(str(field.data))
        low, high = (_whole(held.minimum), _whole(held.maximum))
        placed = item.before.split()[:1] in _PLACED and not field.text.lower().endswith("s")
        if placed and held.type == "integer" and low is not None and high is not None and low <= number <= high < _MANY:
            said = Item("n", item.start, item.end, str(number), NumberRead(float(number)))
            made[-1:] = [replace(field, before=item.before), said]
            return [*made, *items[n + 2 :]]
    return made


_PLACED = (["on"], ["in"], ["at"], ["of"], ["from"])
_MANY = 200


def _whole(value: object) -> int | None:
    return int(str(value)) if re.fullmatch(r"-?\d+", str(value)) else None


def most_common(items: list[Item], _: Schema) -> list[Item]:
    """ "the 7 most common complaints": a ranking by how often, not the one value there is most of."""
    made = list(items)
    for n in range(1, len(items)):
        if items[n].code == "a" and items[n].data == "mode" and items[n - 1].code == "n":
            made[n] = replace(items[n], code="s", data=Super(True, "count"))
    return made


def ranked_by_deeds(items: list[Item], schema: Schema) -> list[Item]:
    """ "the busiest doctors by completed visits": by how many of them there are."""
    for n, item in enumerate(items):
        at = next((m for m in range(n + 1, len(items)) if items[m].code != "v"), None)
        noun = items[at] if at is not None else None
        ranked = any(i.code in "sTN" for i in items[:n])
        asked = [str(i.data) for i in items[:n] if i.code == "d"]
        if item.code != "y" or item.text != "by" or noun is None or at is None or noun.code != "d" or not ranked:
            continue
        deed = str(noun.data)
        if asked and all(a != deed and schema.belongs_to(deed, a) for a in asked) and schema.time_of(deed):
            count = MeasureRead(schema.count_metric(deed), (deed,), counted=deed)
            figure = replace(noun, code="M", data=count, options=(), before="")
            return [*items[: n + 1], figure, *items[n + 1 : at], *items[at + 1 :]]
    return items


def counted_tops(items: list[Item], _: Schema) -> list[Item]:
    """ "which 3 departments sell the most": the number belongs with the superlative."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[qlhO]*(n)[dfmvg].*?(s)", codes)
    if match is None or items[match.start(1)].data.percent or codes.count("n") > 1:
        return items
    number = items[match.start(1)]
    rest = [i for i in items if i is not number]
    at = rest.index(items[match.start(2)])
    return [*rest[:at], replace(number, before=""), *rest[at:]]


def further_groups(items: list[Item], schema: Schema) -> list[Item]:
    """ "per year and region", "by weekday and region": by both."""
    made: list[Item] = []
    for n, item in enumerate(items):
        grain = items[n - 2] if n > 1 and items[n - 1].code == "&" else None
        by = grain is not None and grain.code in "gt" and grain.text.split()[0] in ("per", "by", "each", "every")
        if by and item.code in "df" and not (item.code == "f" and schema.is_number(str(item.data))):
            made.append(Item("y", item.start, item.start, "by"))
        made.append(item)
    return made


_PAY = frozenset(["salary", "wage", "pay", "compensation", "earnings", "income"])


def best_paid(items: list[Item], schema: Schema) -> list[Item]:
    """ "the best paid professor": by salary, where that is known."""
    for n in range(1, len(items) - 1):
        mark, paid, who = items[n - 1 : n + 2]
        if mark.code not in "sT" or paid.text.lower() not in ("paid", "earning") or paid.before or not who.dataset:
            continue
        fields = [f for f in schema.model.dataset(who.dataset).fields if f.type in ("integer", "number")]
        pay = next((f.name for f in fields if _PAY & set((f.label or f.name).lower().split())), None)
        if pay is not None:
            field = f"{who.dataset}.{pay}"
            most = bool(mark.data) if mark.code == "T" else mark.data.descending
            top = Top(None, most, field=field, measure=measure_of(Item("f", 0, 0, "", field), schema))
            who = who.linked(next(o for o in who.options if o.kind == "dataset"))
            return [*items[: n - 1], replace(mark, code="N", data=top), who, *items[n + 2 :]]
    return items


def turned(items: list[Item], _: Schema) -> list[Item]:
    """ "3 or more kids" is "at least 3 kids"."""
    made = list(items)
    for n in range(len(items) - 1):
        number, mark = made[n], made[n + 1]
        if number.code == "n" and mark.code == "o" and mark.text.split()[0] in ("or", "and"):
            made[n], made[n + 1] = mark, replace(number, before="")
    return made


_FIGURES = frozenset(["amount", "value", "total", "figure", "number"])
_NAMED = 0.85


def times_as_deeds(items: list[Item], schema: Schema) -> list[Item]:
    """ "who received the most awards", where the year of each is known: who has the most of them."""
    for n in range(1, len(items)):
        mark, item = items[n - 1], items[n]
        if mark.code == "f" and item.code == "s" and [i.code for i in items[n + 1 : n + 2]] == ["i"]:
            mark, item = item, replace(mark, before="")  # "was awarded the most times"
        if mark.code != "s" or item.code != "f" or item.before or item.text.lower().split()[-1] in _TIMES:
            continue
        field = str(item.data)
        rows = schema.owner(field)
        if (schema.is_time(field) or field == schema.year_number(rows)) and mark.data.about == "":
            after = n + 1 if items[n - 1] is mark else n + 2
            again = items[after].data == rows if after < len(items) and items[after].code == "d" else False
            return [
                *items[: n - 1],
                mark,
                rows_of(rows, item.start, item.end, item.text),
                *items[after + again :],
            ]
    return items


_TIMES = frozenset(["year", "years", "date", "dates", "day", "days", "time", "times", "month", "months"])


def several_tops(items: list[Item], _: Schema) -> list[Item]:
    """ "top products by sales", "who are our biggest customers?": some of them, not the first one."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        after = items[n + 1] if n + 1 < len(items) else None
        word = (
            after.text.lower().split(" of ")[0].split()[-1]
            if after is not None and (after.code in "df" or after.dataset) and not after.before
            else ""
        )
        said = n > 0 and items[n - 1].code == "n"
        if said or not word.endswith("s") or lemma(word) == word:
            continue
        several = _several(item.end)
        if item.code == "T":
            made.append(several)
        elif item.code == "s" and item.data.nth == 1 and "".join(i.code for i in items[:n]) in ("", "h", "q", "l"):
            made.insert(-1, several)
        elif item.code == "a" and item.data == "mode" and n < 2:  # "most common complaints"
            made[-1:] = [several, replace(item, code="s", data=Super(True, "count"))]
    return made


def most_used(items: list[Item], schema: Schema) -> list[Item]:
    """ "which voucher is used the most", of codes that rows have: by how many have it."""
    for n in range(len(items) - 2):
        kind, verb, most = items[n : n + 3]
        used = verb.code in "j." and lemma(verb.text.lower()) in _CHOSEN and most.code == "s"
        field = str(kind.data) if kind.code == "f" else ""
        if used and field and schema.field(field).role in ("category", "code") and not items[n + 3 : n + 4]:
            return [*items[:n], replace(most, data=Super(most.data.descending, "count")), kind]
        thing = str(kind.data) if kind.code == "d" and not items[n + 3 :] else ""
        busy = schema.traffic(thing) if used and thing and not schema.is_person(thing) else None
        if busy is not None:  # "which room is used the most": by what takes place in it
            return [
                *items[: n + 1],
                Item("h", verb.start, verb.end, "has"),
                most,
                rows_of(busy, most.end, most.end, busy),
            ]
    return items


_CHOSEN = frozenset(["use", "choose", "pick", "redeem", "select", "apply"])


def main_causes(items: list[Item], schema: Schema) -> list[Item]:
    """ "the main reasons for returns", "top complaints by store": those that are given most often."""
    for n, (mark, noun) in enumerate(pairwise(items)):
        ranks = mark.code in "Ts" or (mark.code in ".af" and mark.text.lower() in _MAIN)
        field = str(noun.data) if noun.code == "f" else ""
        causes = bool(field) and schema.field(field).role == "category" and bool(schema.noun_of(field) & _CAUSES)
        if not (ranks and causes) or noun.before or any(i.code in "mM" or i.text == "by" for i in items[n + 2 :][:2]):
            continue
        word = noun.text.lower().split()[-1]
        number = [] if word == lemma(word) or (n and items[n - 1].code == "n") else [_several(mark.start)]
        return [*items[:n], *number, replace(mark, code="s", data=Super(True, "count")), *items[n + 1 :]]
    return items


def _several(at: int) -> Item:
    return Item("n", at, at, str(_SEVERAL), NumberRead(float(_SEVERAL)))


_MAIN, _CAUSES = LISTS["main"], LISTS["causes"]
_SEVERAL = 10
"""How many are the top ones, where it is not said."""


def longest_of_what(items: list[Item], schema: Schema) -> list[Item]:
    """ "which model sits the longest", where nothing says how long: no other figure will do."""
    owners = {str(i.data) if i.code == "d" else schema.owner(str(i.data)) for i in items if i.code in "df"}
    figures = any(i.code in "mM" or (i.code == "f" and schema.is_number(str(i.data))) for i in items)
    if figures or not owners or any(_has_length(o, schema) for o in owners):
        return items
    return [i.unread() if i.code == "s" and i.text.lower().split()[-1] in _LENGTHS else i for i in items]


def _has_length(dataset: str, schema: Schema) -> bool:
    fields = (f"{dataset}.{f.name}" for f in schema.model.dataset(dataset).fields)
    return schema.span(dataset) is not None or any(schema.is_number(f) for f in fields if schema.noun_of(f) & _LONG)


_LENGTHS = frozenset(["longest", "shortest"])
_LONG = frozenset(["length", "duration", "long", "distance", "time", "hour", "minute", "day", "term", "runtime", "run"])


def ranked_by_happenings(items: list[Item], schema: Schema) -> list[Item]:
    """ "top 2 channels by bookings": by how many, where bookings have no names to be told by."""
    ranked = any(i.code in "TsN" for i in items)
    made = list(items)
    for n, (mark, item) in enumerate(pairwise(items)):
        by = mark.code == "y" and mark.text == "by" and item.code == "d"
        if not ranked or not by or item.text.lower() == lemma(item.text.lower()):
            continue
        entry = schema.model.dataset(str(item.data))
        subject = next((i for i in items[:n] if i.code in "df"), None)
        if entry.name_field is None and entry.default_time and subject is not None and subject.data != item.data:
            count = rows_counted(item.data)
            made[n + 1] = replace(item, code="M", data=count, options=())
    return made


def after_colon(items: list[Item], schema: Schema) -> list[Item]:
    """ "the last sale of each shop: date, city and amount": what is to be shown."""
    at = next((n for n, i in enumerate(items) if n and i.before.split()[:1] in ([":"], ["-"], ["–"])), None)
    end = next((n for n, i in enumerate(items) if at is not None and n > at and i.code in "K;"), len(items))
    if at is None or at < 2 or any(i.code not in "dfgm&" and not _is_asked(i) for i in items[at:end]):
        return items
    about = next((i.dataset for i in items[:at] if i.code in "dm" and i.dataset), None)
    time = schema.time_of(about) if about else None
    shown = []
    for item in items[at:end]:
        when = item.code == "q" and item.data == "when"
        if (when or item.text.lower() in ("date", "day", "time")) and time is not None:
            item = replace(item, code="f", data=time, options=(Link("field", time, 0.9, True),), score=0.9)
        thing = next((o for o in item.options if o.kind == "dataset"), None)
        if item.code == "m" and thing is not None and not item.text.lower().endswith("s"):
            item = replace(item.linked(thing), options=(thing,))  # "household, store": whose it is, not how many
        if item.code == "m" and item.text.lower() in _FIGURES and item.score < _NAMED and end > at + 1:
            continue  # "and amount": what it is ranked by, which is shown
        named = schema.model.dataset(about).name_field if about and item.code == "l" else None
        if named:
            link = Link("field", f"{about}.{named}", 0.9, True)
            item = replace(item, code="f", data=link.target, options=(link,), score=0.9)
        shown.append(item)
    order = Item("l", shown[0].start, shown[0].start, "show")
    return [*items[:at], order, replace(shown[0], before=""), *shown[1:], *items[end:]]


def _is_asked(item: Item) -> bool:
    return item.text == "name" or (item.code == "q" and item.data == "when")


def every_one(items: list[Item], _: Schema) -> list[Item]:
    """ "list every open ticket", "give me each one": all of them."""
    return [
        i
        for n, i in enumerate(items)
        if not (i.code == "y" and i.text in ("every", "each") and n and items[n - 1].code == "l" and not i.before)
    ]


def listed_in_order(items: list[Item], _: Schema) -> list[Item]:
    """ "list …, by collection date, most recent first": an order of what is listed, where nothing is measured."""
    made = list(items)
    for n in range(len(items) - 2):
        mark, field, rest = items[n], items[n + 1], [i for i in items[n + 2 :] if i.code not in "&O"]
        listed = bool(items) and items[0].code in "lq" and not any(i.code in "mMacsTN" for i in items[:n])
        if listed and mark.code == "y" and mark.text == "by" and field.code == "f" and rest and rest[0].code == "K":
            made[n] = replace(mark, code="K", text="sorted by", data=None)
    return made


def first_ones_first(items: list[Item], schema: Schema) -> list[Item]:
    """ "longest first", "oldest first": by how long they are, by when they happened."""
    made: list[Item] = []
    thing = next((i.dataset for i in items if i.code in "dm" and i.dataset), None)
    thing = thing or next((schema.owner(m.field) for i in items if i.code == "v" for m in i.data[:1]), None)
    for item in items:
        made.append(item)
        if item.text == "first" and item.code == "s" and len(made) > 1 and made[-2].code == "s" and not item.before:
            mark = made.pop(-2)
            item = replace(mark, code="K", end=item.end, text=f"{mark.text} first", data=None)
        if item.code != "K" or thing is None or not item.text.endswith(" first"):
            continue
        word = item.text.lower().removesuffix(" first")
        field = measured_by(thing, word, schema)
        if field is None and word in _IN_TIME and not any(i.code in "gB" for i in items):
            field = _known_time(made, thing, schema) or schema.time_of(thing)
        if field is not None:
            said = f"{word} {'descending' if word in _MOST else 'ascending'}"
            order = Item("f", item.end, item.end, said, field, 0.95, (Link("field", field, 0.95, True),))
            made[-1:] = [replace(item, text="sorted by"), order]
    return made


def _known_time(items: list[Item], thing: str, schema: Schema) -> str | None:
    """ "those who have left, newest first": by when what all of them have done was."""
    for item in items:
        for reference, condition in item.data.options[:1] if item.code == "C" else ():
            known = isinstance(condition, Compare) and condition.op == "not_null" and not item.data.negated
            if known and reference and schema.owner(reference) == thing and schema.is_time(reference):
                return str(reference)
    return None


_IN_TIME = frozenset(["oldest", "earliest", "newest", "latest", "most recent"])
_MOST = frozenset(
    ["longest", "newest", "latest", "most recent", "biggest", "largest", "youngest", "tallest", "heaviest", "fastest",
     "deepest", "widest", "thickest", "farthest", "hottest"]
)  # fmt: skip


def busy_with(items: list[Item], schema: Schema) -> list[Item]:
    """ "the busiest day for deliveries", "quietest hour for calls": how many of these there are."""
    at = next((n for n, i in enumerate(items) if i.code == "s" and i.data.about == "count"), None)
    if at is None or any(i.code in "mM" for i in items):
        return items
    for n in range(at + 2, len(items)):
        noun, mark = items[n], items[n - 1]
        happens = noun.code == "d" and schema.time_of(str(noun.data)) and not schema.is_person(str(noun.data))
        if (
            happens
            and mark.code == "O"
            and mark.text in ("for", "of", "in terms of", "by")
            and items[at + 1].code in "gtdf"
        ):
            count = rows_counted(str(noun.data))
            return [*items[: n - 1], replace(noun, code="M", data=count, options=()), *items[n + 1 :]]
    return items
