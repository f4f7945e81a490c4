"""What a word means by the words beside it, before any rule reads them: whose name, done by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from assistant.analyst.adjectives import adjectives, known_people, newcomers, quoted_after_texts, rated
from assistant.analyst.durations import lasting
from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.kinds import kinds_as_nouns, opposed
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond, Group, MeasureRead, measure_of
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Calc, Literal_
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
            said = schema.noun_of(str(item.data))
            own = len(words) > 1 and (lemma(words[-1]) in noun or lemma(words[-1]) not in said)
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
        done_by = items[n - 1].code == "j" or re.search(
            r"\b(made|\w{2,}ed|sold|bought|sent|paid|done|given|written)$", item.before
        )
        if item.code == "y" and item.text == "by" and done_by and plural:
            made[n] = replace(item, code="O")
    return made


def counted_times(items: list[Item], schema: Schema) -> list[Item]:
    """ "on how many days did we have more than 12 orders": the days are counted, after the orders of each."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[qO]*(D|c[gt]?)[^cD]*?(?:on([mdfM])|([mfM])h?(?:L|on))", codes)
    if match is None:
        return items
    mark = items[match.start(1)]
    unit = items[match.end(1) - 1]
    grain = str(unit.data) if unit.code == "g" else mark.text.split()[-1].removesuffix("s")
    if grain not in ("hour", "day", "week", "month", "quarter", "year") or (mark.code == "c") != (unit.code == "g"):
        return items
    noun = items[match.start(2) if match[2] else match.start(3)]
    read = measure_of(noun, schema)
    if read is None or not read.datasets or schema.time_of(read.datasets[0]) is None:
        return items
    text = " ".join(i.text for i in items[match.start(1) : match.end(1)])
    counted = replace(read, spread="count", each=Group("grain", grain))
    rest = [i for i in items[match.end(1) :] if i.code != "j"]
    return [*items[: match.start(1)], Item("M", mark.start, unit.end, text, counted, before=mark.before), *rest]


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
        row = Item("d", field.start, field.start, "", owner, field.score, (Link("dataset", owner, field.score, True),))
        shown = Item("l", rest[-1].end, rest[-1].end, "show")
        return [*items[: n + 1], row, *rest, shown, replace(field, before="")]
    return items


_ROW_NOUNS = frozenset(["sale", "sales", "purchase", "purchases", "payment", "payments"])


def rows_or_money(items: list[Item], schema: Schema) -> list[Item]:
    """ "sales" are money or happenings: "how many sales over $500" and "more than 120 sales" count them, where none is
    as small as 120."""
    made: list[Item] = []
    skip = 0
    for n, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        made.append(item)
        field = schema.summed_by(schema.model.metric(str(item.data))) if item.code == "m" else None
        if field is None or item.text.lower() not in _ROW_NOUNS:
            continue
        owner = Link("dataset", schema.owner(field), item.score, True)
        left = items[n - 1] if n else None
        after = items[n + 1 : n + 3]
        rows = replace(item.linked(owner), options=(owner,))
        counted = next((i for i in reversed(items[:n]) if i.code not in "vC"), None)
        if counted is not None and counted.code == "c" and after and after[0].code in "L":
            made[-1:] = [rows, replace(item, code="f", data=field, before="", options=()), after[0]]
            skip = 2 if len(after) > 1 and after[1].code in "mf" else 1
        elif (
            counted is not None
            and counted.code == "c"
            and item.text.lower().endswith("s")
            and (not after or after[0].code not in "on")
        ):
            made[-1] = rows
        elif left is not None and left.code == "c" and [i.code for i in after] == ["o", "n"] and after[1].data.money:
            made[-1:] = [rows, replace(item, code="f", data=field, before="", options=()), *after]
            skip = 2
        elif n > 1 and left is not None and left.code == "n" and items[n - 2].code == "o" and not left.data.money:
            least, most = (_number(schema.field(field).minimum), _number(schema.field(field).maximum))
            if left.data.value < max(least, 0.05 * most):
                made[-1] = rows
        elif after and after[0].code == "h" and after[0].text in _THAT_ARE and left is not None and left.code in "SO":
            made[-1] = rows
    return made


_THAT_ARE = ("that are", "that were", "which are", "which were")


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0


_ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}


def ordinals(items: list[Item]) -> list[Item]:
    """ "the second best selling product": one of the ranking, but not its first."""
    made: list[Item] = []
    for item in items:
        nth = _ORDINALS.get(made[-1].text.lower()) if made and item.code == "s" and not item.before else None
        if nth is not None and item.data.about != "time":
            item = replace(item, data=replace(item.data, nth=nth), before=made.pop().before)
        made.append(item)
    return made


def of_size(items: list[Item], schema: Schema) -> list[Item]:
    """ "the biggest basket": by what is in it, not by how many baskets there are."""
    made = list(items)
    for n in range(1, len(items)):
        item, mark = items[n], items[n - 1]
        if mark.code != "s" or mark.text.split()[-1] not in _SIZES or item.code not in "dm" or item.before:
            continue
        things = [o.target for o in item.options if o.kind == "dataset"] if item.code == "m" else [str(item.data)]
        single = not item.text.lower().endswith("s")
        average = next((m for m in schema.model.metrics if (a := schema.averaged_over(m)) and a[1] in things), None)
        if single and average is not None and any(i.code in "df" for i in items[: n - 1]):
            link = Link("metric", average.name, item.score, True)
            made[n] = replace(item.linked(link), options=(link,))
    return made


_SIZES = frozenset(["biggest", "largest", "smallest", "highest", "lowest", "bigger", "larger", "smaller"])


def plain_counts(items: list[Item], schema: Schema) -> list[Item]:
    """ "by number of kids", where that is what a field says: a grouping, not a count; "did we give" is no order to list."""
    made: list[Item] = []
    for n, item in enumerate(items):
        if item.code == "l" and re.search(r"\b(we|they|i|you|he|she)$", item.before):
            continue
        after = items[n + 1] if n + 1 < len(items) else None
        if item.code == "c" and after is not None and after.code == "f" and made and made[-1].code in "y&":
            if schema.field(str(after.data)).type == "text" and any(i.code == "y" for i in made):
                continue
        made.append(item)
    return made


def figures_per(items: list[Item], schema: Schema) -> list[Item]:
    """ "labor cost per hour worked", "revenue per seat": one figure divided by another."""
    made = list(items)
    for n in range(1, len(items) - 1):
        left, mark, right = made[n - 1 : n + 2]
        if mark.code != "y" or mark.text not in ("per", "for every") or left.code not in "mf" or right.code != "f":
            continue
        field = schema.field(str(right.data))
        if schema.adds_up(str(right.data)) and field.role == "measure" and schema.owner(str(right.data)):
            made[n] = Item("/", mark.start, mark.end, "divided by")
            if n > 1 and made[n - 2].code == "a" and made[n - 2].data == "avg":
                del made[n - 2]
            return made
    return made


def averages_first(items: list[Item]) -> list[Item]:
    """ "how much discount per basket on average" is the average discount per basket."""
    at = next((n for n, i in enumerate(items) if i.code == "a" and i.text in ("on average", "on avg")), None)
    per = any(i.code in "dm" and re.search(r"\b(in|on|at|to) (a|an|each|one)$", i.before) for i in items)
    per = per or any(i.code == "y" and i.text in ("per", "each", "every", "for each") for i in items)
    noun = next((n for n, i in enumerate(items) if i.code in "cmf"), None)
    if at is None or noun is None or not per or noun in (at + 1, at - 1):
        return items
    rest = [i for i in items if i is not items[at]]
    noun = rest.index(items[noun])
    return [*rest[:noun], replace(items[at], before=""), *rest[noun:]]


def bought_most(items: list[Item], schema: Schema) -> list[Item]:
    """ "what did Ann buy most?": of the products."""
    codes = "".join(i.code for i in items)
    if not re.match(r"q(?:[dmf]n|v)?[hO]*jO*s$", codes) or items[0].text != "what":
        return items
    verb = next(i for i in items if i.code == "j")
    event = next((o.target for o in verb.options if o.kind == "dataset"), None) or schema.facts()[0]
    thing = schema.wares(event)
    if thing is None:
        return items
    link = Link("dataset", thing, 0.9, True)
    return [items[0], Item("d", items[0].end, items[0].end, "products", thing, 0.9, (link,)), *items[1:]]


_OPERATORS = {"minus": "-", "less": "-", "times": "*", "multiplied by": "*", "plus": "+", "x": "*", "*": "*", "+": "+"}


def row_arithmetic(items: list[Item], schema: Schema) -> list[Item]:
    """ "sale amount minus cost", "rate times amount": worked out for each row, then added up."""
    for n in range(1, len(items) - 1):
        left, mark, right = items[n - 1 : n + 2]
        op = _OPERATORS.get(mark.text.lower())
        if op is None or left.code not in "mf" or right.code not in "mf":
            continue
        pairs = [
            (a, b, base)
            for a in _summed_fields(left, schema)
            for b in _summed_fields(right, schema)
            if (base := _seeing(schema.owner(a), schema.owner(b), schema))
        ]
        if not pairs:
            continue
        first, second, base = pairs[0]
        args = [_as_part(a, schema) if op == "*" else a for a in (first, second)]
        before = items[n - 2] if n > 1 else None
        agg = "avg" if before is not None and before.code == "a" and before.data == "avg" else "sum"
        measure = Aggregate(agg=agg, of=Calc(op=op, args=args), dataset=base)  # type: ignore[arg-type]
        text = f"{left.text} {mark.text} {right.text}"
        made = Item("M", left.start, right.end, text, MeasureRead(measure, (base,)), before=left.before)
        drop = 2 if agg == "avg" else 1
        return row_arithmetic([*items[: n - drop], made, *items[n + 2 :]], schema)
    return items


def _summed_fields(item: Item, schema: Schema) -> list[str]:
    """The fields of numbers that the words may mean, best first."""
    found = []
    for option in item.options or ():
        if option.kind == "metric":
            field = schema.summed_by(schema.model.metric(option.target))
            found += [field] if field else []
        elif option.kind == "field" and schema.is_number(option.target):
            found.append(option.target)
    return found


def _seeing(one: str, other: str, schema: Schema) -> str | None:
    """Of two datasets the one whose rows have a row of the other."""
    return one if schema.belongs_to(one, other) else other if schema.belongs_to(other, one) else None


def _as_part(reference: str, schema: Schema) -> str | Calc:
    """A percentage as the part it is of a whole."""
    return (
        Calc(op="/", args=[reference, Literal_(value=100)]) if schema.field(reference).unit == "percent" else reference
    )


def acts_in_time(items: list[Item], schema: Schema) -> list[Item]:
    """ "orders opened in May": when they were opened, not those whose status is open now."""
    made = list(items)
    windows = any(i.code in "wg" for i in items)
    for n, item in enumerate(items):
        if item.code != "v" or not item.data or not windows or not item.text.lower().endswith("ed"):
            continue
        mention = item.data[0]
        if str(mention.value).lower() == item.text.lower() or len(item.text.split()) > 1:
            continue
        owner, stem = schema.owner(mention.field), lemma(item.text.lower())
        time = next((t for t in schema.times(owner) if stem in {lemma(w) for w in schema.noun_of(t)}), None)
        if time is not None and time == schema.time_of(owner):
            made[n] = replace(item, code="j", data=stem, options=())
        elif time is not None:
            link = Link("field", time, 0.9, True)
            made[n] = replace(item, code="f", data=time, score=0.9, options=(link,))
    return made


def after_colon(items: list[Item], schema: Schema) -> list[Item]:
    """ "the last sale of each shop: date, city and amount": what is to be shown."""
    at = next((n for n, i in enumerate(items) if n and i.before.split()[:1] == [":"]), None)
    if at is None or at < 2 or any(i.code not in "dfgm&" for i in items[at:]):
        return items
    about = next((str(i.data) for i in items[:at] if i.code == "d"), None)
    time = schema.time_of(about) if about else None
    shown = []
    for item in items[at:]:
        if item.code == "g" and time is not None:
            item = replace(item, code="f", data=time, options=(Link("field", time, 0.9, True),), score=0.9)
        shown.append(item)
    return [*items[:at], Item("l", shown[0].start, shown[0].start, "show"), replace(shown[0], before=""), *shown[1:]]


def verbs_as_figures(items: list[Item], schema: Schema) -> list[Item]:
    """ "the highest paid employee", "which makes have": words in a verb's form that name a field here."""
    made = list(items)
    for n in range(1, len(items) - 1):
        item, left, right = items[n], items[n - 1], items[n + 1]
        link = next((o for o in item.options if o.kind == "field"), None) if item.code == "j" else None
        if link is None:
            continue
        ranked = left.code == "s" and right.code == "d" and schema.is_number(link.target)
        asked = left.code == "q" and right.code in "hz" and not schema.is_number(link.target)
        if (ranked and schema.owner(link.target) == right.data) or asked:
            made[n] = item.linked(link)
    return made


def identified(items: list[Item], schema: Schema) -> list[Item]:
    """ "return the id and name", "the shop with ID 7": the key of what the question is about."""
    about = [i for i in items if i.code == "d"]
    made = []
    for n, item in enumerate(items):
        near = next((i for i in reversed(items[max(0, n - 3) : n]) if i.code == "d"), about[0] if about else None)
        key = schema.key(str(near.data)) if near is not None else None
        named = schema.model.dataset(str(near.data)).name_field if near is not None else None
        listed = n and items[n - 1].code == "&" and item.code == "l" and item.text == "name"
        if item.code in ".f" and item.text.lower() in ("id", "ids", "identifier", "identifiers") and key:
            link = Link("field", key, 0.9, True)
            item = replace(item, code="f", data=key, score=0.9, options=(link,))
        elif listed and near is not None and named:  # "return the id, name and amount"
            link = Link("field", f"{near.data}.{named}", 0.9, True)
            item = replace(item, code="f", data=link.target, score=0.9, options=(link,))
        made.append(item)
    return made


def compound_figures(items: list[Item], schema: Schema) -> list[Item]:
    """ "average user session duration": the sessions' duration, not the users'."""
    made: list[Item] = []
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        left = items[n - 1].code if n else ""
        figure = after is not None and after.code == "f" and not after.before and schema.is_number(str(after.data))
        if item.code == "d" and figure and after is not None and left in tuple("asO"):
            owner = schema.owner(str(after.data))
            if owner != item.data and schema.belongs_to(owner, str(item.data)) and after.end - after.start > 1:
                continue
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
    items = figures_per(items, schema)
    items = averages_first(plain_counts(items, schema))
    items = bought_most(of_size(ordinals(items), schema), schema)
    items = quoted_after_texts(newcomers(known_people(items, schema), schema))
    items = rated(adjectives(row_arithmetic(latest_figures(items, schema), schema), schema), schema)
    items = rows_or_money(acts_in_time(items, schema), schema)
    items = after_colon(latest_rows(items, schema), schema)
    items = counted_times(verbs_as_figures(identified(items, schema), schema), schema)
    items = compound_figures(items, schema)
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
_READINGS = frozenset(["reading", "readings", "figure", "figures", "level", "levels"])


def without_units(items: list[Item]) -> list[Item]:
    """ "over 200 mph": what the number counts, which no name of the data is."""
    return [
        i
        for n, i in enumerate(items)
        if not (i.code == "." and n and items[n - 1].code == "n" and i.text.lower() in _UNITS)
        and not (i.code == "." and n and items[n - 1].code in "fm" and i.text.lower() in _READINGS)
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
_PASSIVES = {lemma(word): word for word in _PASSIVE}
_PIECES = frozenset(["units", "items", "pieces", "unit", "copies"])


def pieces_sold(items: list[Item], schema: Schema) -> list[Item]:
    """ "sold fewer than 250 units": a bound on how many were sold."""
    made = list(items)
    for n, item in enumerate(items):
        bought = "".join(i.code for i in items[n + 1 : n + 4]) == "ond" if item.code == "j" else False
        deed = next((o.target for o in item.options if o.kind == "dataset"), None) if bought else None
        if deed and items[n + 3].data != deed and schema.belongs_to(deed, str(items[n + 3].data)):
            if not schema.is_person(str(items[n + 3].data)) and item.text.lower() in _PASSIVE:
                held = schema.quantity(deed)
                often = Aggregate(agg="sum", of=held) if held else Aggregate(agg="count", dataset=deed)
                read = MeasureRead(often, (schema.owner(held) if held else deed,))
                made[n + 3] = replace(items[n + 3], code="M", data=read, options=())  # "bought more than 2 cars"
                continue
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
        we = re.search(r"\b(?:do|does|did|have|has) (?:we|they|i)$", item.before) and _PASSIVES.get(item.text.lower())
        if item.code != "j" or (item.text.lower() not in _PASSIVE and not we):
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
            said = at > 1 and made[at - 2].code == "a"
            made[at - 1] = replace(made[at - 1], code="." if said else "a", data="sum", text="the" if said else "total")
    return [i for i in made if not (i.code == "." and i.text == "the")]


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
        deed = next((o.target for i in items[:n] if i.code == "j" for o in i.options if o.kind == "dataset"), None)
        thing = next((m for m in range(n + 1, len(items)) if items[m].code == "d"), None)
        if item.code == "s" and item.data.about == "time" and asks_when and deed and thing is not None:
            when = schema.time_of(deed)
            if when and items[thing].data != deed and schema.belongs_to(deed, str(items[thing].data)):
                least: Literal["max", "min"] = "max" if item.data.descending else "min"
                read = MeasureRead(Aggregate(agg=least, of=when), (schema.owner(when),))  # "sell our first van"
                rest = [i for m, i in enumerate(items[n + 1 :], n + 1) if m != thing]
                return [*made, Item("M", item.start, item.end, item.text, read, before=item.before), *rest]
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
    match = re.match(r"[qlhO]*(n)[dfmvg].*?(s)", codes)
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
