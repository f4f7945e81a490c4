"""Whose name a word is: "the customer's city", "business categories", "the shop with ID 7", "new customers"."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Request
from knowledge.words import lemma, synonyms

_UNITS = LISTS["units"]
_ALIKE = 0.7
_PLAIN = frozenset(["type", "status", "kind", "name", "state", "date", "size", "level"])


_READINGS = frozenset(
    [
        "reading",
        "readings",
        "figure",
        "figures",
        "level",
        "levels",
        "rating",
        "ratings",
        "score",
        "scores",
        "value",
        "values",
    ]
)
_ROWS = frozenset(["attempt", "attempts", "record", "records", "entry", "entries", "instances", "occurrences"])


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
            first = next((o for o in item.options if o.kind == "dataset" and o.target == owner), None)
            if condition is not None and first is None and len(words) > 1 and _calls(words[0], owner, schema):
                thing = Item(
                    "d", item.start, item.start + 1, words[0], owner, 0.9, (Link("dataset", owner, 0.9, True),)
                )
                cond = Cond(((str(item.data), condition),), values=0, text=" ".join(words[1:]))
                made += [replace(thing, before=item.before), replace(item, code="C", data=cond, before="", options=())]
                continue
            if condition is not None and n > 1 and _tells_whose(items, n):
                made.append(
                    replace(item, code="C", data=Cond(((str(item.data), condition),), text=item.text), before="")
                )
                continue
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


def _tells_whose(items: list[Item], n: int) -> bool:
    """ "clients who want our newsletter": a flag after "who", of which no value is said."""
    after = items[n + 1] if n + 1 < len(items) else None
    at = n - 1
    while at > 0 and (
        items[at].code in "jh" or (items[at].code == "l" and items[at].text.lower() in ("get", "receive"))
    ):
        at -= 1
    left, deed = items[at], at < n - 1 and items[n - 1].code in "jl"
    whose = left.code == "q" and left.text.lower() in ("who", "that", "which") and at > 0
    counted = (
        deed and left.code == "d" and any(i.code == "c" for i in items[:at])
    )  # "how many owners get the newsletter"
    valued = after is not None and after.code in "novkLp" and not after.before
    return (whose or counted) and not valued and any(i.code in "dmv." for i in items[: max(at, 1)])


def _calls(word: str, dataset: str, schema: Schema) -> bool:
    """A plural word that rows of the dataset go by: "supporters" of donors."""
    base = lemma(word)
    called = {lemma(w) for s in (*schema.model.dataset(dataset).synonyms, *schema.noun(dataset)) for w in s.split()}
    return base != word and (base in called or any(s in called for s, sure in synonyms(base) if sure > _ALIKE))


def of_numbered(items: list[Item], schema: Schema) -> list[Item]:
    """ "the type of campaign 8": of the campaign that has the number."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        after = items[n + 1] if n + 1 < len(items) else None
        words = item.text.lower().split()
        if item.code != "f" or after is None or after.code != "n" or after.before or "of" not in words[1:-1]:
            continue
        owner = schema.owner(str(item.data))
        if lemma(words[-1]) in schema.noun(owner) and schema.key(owner):
            link = Link("dataset", owner, 1.0, True)
            made += [
                Item("O", item.end - 1, item.end - 1, "of"),
                Item("d", item.end - 1, item.end, words[-1], owner, 1.0, (link,)),
            ]
    return made


def identified(items: list[Item], schema: Schema) -> list[Item]:
    """ "return the id and name", "the shop with ID 7": the key of what the question is about."""
    about = [i for i in items if i.code == "d"]
    made = []
    for n, item in enumerate(items):
        near = next((i for i in reversed(items[max(0, n - 3) : n]) if i.code == "d"), about[0] if about else None)
        said = next((m for m in range(n - 1, -1, -1) if items[m].code not in "&O"), None)
        if said and items[said].code == "l" and items[said - 1].code == ";" and about:
            near = about[0]  # "…. Return the id and name": of what the question is about
        near = _of_the_last(n, items, schema) or near
        key = schema.key(str(near.data)) if near is not None else None
        named = _name_of(str(near.data), schema) if near is not None else None
        called = item.code == "l" and item.text == "name" and item.before.split()[-1:] == ["the"]
        if called and any(i.code in "dm" for i in items[n + 1 : n + 4]):  # "the name of customer 5"
            whose = next(i for i in items[n + 1 : n + 4] if i.code in "dm")
            thing = whose.dataset
            own = schema.model.dataset(thing).name_field if thing else None
            told = Link("field", f"{thing}.{own}", 0.9, True) if own else None
            made.append(
                replace(item, code="f", data=told.target, score=0.9, options=(told,))
                if told
                else replace(item, code=".", data="name", score=0.0)
            )
            continue
        listed = n and items[n - 1].code == "&" and item.code == "l" and item.text == "name"
        if near is not None and named and _is_a_name_of_no_one(items, n, schema):
            link = Link("field", f"{near.data}.{named}", 0.9, True)  # "…. Return the name": of what is asked about
            item = replace(item, data=link.target, score=0.9, options=(link,))
        if item.code in ".f" and item.text.lower() in ("id", "ids", "identifier", "identifiers") and key:
            link = Link("field", key, 0.9, True)
            item = replace(item, code="f", data=key, score=0.9, options=(link,))
        elif listed and near is not None and named:  # "return the id, name and amount"
            link = Link("field", f"{near.data}.{named}", 0.9, True)
            item = replace(item, code="f", data=link.target, score=0.9, options=(link,))
        made.append(item)
    return made


def _of_the_last(n: int, items: list[Item], schema: Schema) -> Item | None:
    """Whose the first of several fields is, of which the last says it: "the names and places of the huts"."""
    at = n + 1
    while at < len(items) and items[at].code in "&f":
        last = items[at]
        if last.code == "f" and " of " in last.text:
            owner = schema.owner(str(last.data))
            return Item("d", last.start, last.end, last.text, owner, 0.9, (Link("dataset", owner, 0.9, True),))
        at += 1
    return None


def _name_of(dataset: str, schema: Schema) -> str | None:
    """The field that names its rows, be it not theirs alone."""
    entry = schema.model.dataset(dataset)
    called = (f.name for f in entry.fields if f.type == "text" and (f.label or f.name).lower().split()[-1] == "name")
    return entry.name_field or next(called, None)


def _is_a_name_of_no_one(items: list[Item], n: int, schema: Schema) -> bool:
    """Just "the name", linked to the name of something that the question does not mention."""
    item = items[n]
    if item.code != "f" or item.text.lower() not in ("name", "names"):
        return False
    if item.before.split()[-1:] not in (["the"], ["their"], []):
        return False
    beside = [i for i in items[max(0, n - 1) : n + 3] if i is not item]
    mentioned = [i.data for i in items if i.code == "d"]
    return not any(i.code in "dv" for i in beside) and schema.owner(str(item.data)) not in mentioned


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


def as_before(items: list[Item], last: Request) -> list[Item]:
    """ "how long did each type run?", after campaigns by type: a plain word is the field that was just shown."""
    shown = {str(c.field) for c in last.fields if isinstance(c.field, str)}
    made = list(items)
    for n, item in enumerate(items):
        own = [o for o in item.options if o.kind == "field" and o.target in shown] if item.code == "f" else []
        if own and lemma(item.text.lower()) in _PLAIN and str(item.data) not in shown:
            made[n] = replace(item.linked(own[0]), options=(own[0],))
    return made


def their_own(items: list[Item], schema: Schema) -> list[Item]:
    """ "campaigns of each type", where products have types, too: the kind of what is asked about."""
    about = [str(i.data) for i in items if i.code == "d"]
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "f" or item.end - item.start > 1 or not about or schema.owner(str(item.data)) in about:
            continue
        own = [o for o in item.options if o.kind == "field" and schema.owner(o.target) == about[0]]
        said = item.text.lower() in _PLAIN or lemma(item.text.lower()) in _PLAIN
        said = said or item.before.split()[-1:] in (["their"], ["its"])
        if own and said:
            made[n] = replace(item.linked(own[0]), options=(own[0],))
    return made


def known_only(items: list[Item], schema: Schema) -> list[Item]:
    """ "by household size, known sizes only", "with a known age": where it is known."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "f" or "known" not in item.before.split():
            continue
        before = next((i for i in reversed(items[:n]) if i.code == "f" and i.data == item.data), None)
        if before is None and not (n and items[n - 1].code == "h"):
            continue
        there = Compare(field=str(item.data), op="not_null")
        made[n] = replace(item, code="C", data=Cond(((str(item.data), there),), text=item.text), options=(), before="")
    return made


def listed_with(items: list[Item], schema: Schema) -> list[Item]:
    """ "list the claims of May, with number, date and customer": what to show of each."""
    codes = "".join(i.code for i in items)
    match = re.search(r"h(?:[fdm]|g)&+(?:(?:[fdm]|g)&*)*(?:[fdm]|g)$", codes)
    if codes[:1] not in ("l", "q") or match is None or items[match.start()].text not in ("with", "with the"):
        return items
    if codes[:1] == "q" and "O" not in codes[: match.start()] and "C" not in codes:
        return items
    rows = next((i.dataset for i in items[: match.start()] if i.code in "dm" and i.dataset), None)
    time = schema.time_of(rows) if rows else None
    shown = []
    for item in items[match.start() + 1 :]:
        if item.code == "g" and (time is None or item.text.lower() not in ("date", "day", "time")):
            return items
        dated = Link("field", str(time), 0.95, True)
        shown.append(replace(item.linked(dated), options=(dated,)) if item.code == "g" else item)
    mark = replace(items[match.start()], code="l", text="show")
    return [*items[: match.start()], mark, *shown]


def told_of_by(items: list[Item], schema: Schema) -> list[Item]:
    """ "films directed by Ben Jones", where the films' field "directed by" holds the name: a condition, and no more."""
    made: list[Item] = []
    for n, item in enumerate(items):
        field, by = (items[n - 2], items[n - 1]) if n > 1 else (item, item)
        told = item.code == "v" and field.code == "f" and by.code == "y" and by.text == "by" and not item.before
        if told and any(m.field == field.data for m in item.data) and len(made) > 1 and made[-2] is field:
            mentions = tuple(m for m in item.data if m.field == field.data)
            made[-2:] = [Item("j", field.start, by.end, f"{field.text} by", before=field.before)]
            item = replace(item, data=mentions)
        made.append(item)
    return made


def _after_the_list(n: int, items: list[Item]) -> Item | None:
    """Whose names are listed with more of theirs: "the names and ids of all countries"."""
    at = n + 1
    while at < len(items) and items[at].code in "&f":
        at += 1
    said = [i for i in items[at : at + 3] if i.code != "y"]
    listed = at > n + 2 and items[at - 1].code == "f"
    return said[1] if listed and [i.code for i in said[:2]] == ["O", "d"] and said[0].text == "of" else None


def owned(items: list[Item], schema: Schema) -> list[Item]:
    """ "the names of the authors", "the customer's city", "city of customers": the field of that thing, or its figure
    ("the total value of late invoices")."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code == "m" and n + 1 < len(items) and items[n + 1].text == "of":
            thing = next((i for i in items[n + 2 :] if i.code not in "v&"), None)
            told = (o for o in item.options if o.kind == "metric" and o.score >= 0.95 * item.score)
            own = (
                o for o in told if thing and schema.metric_datasets(schema.model.metric(o.target))[:1] == [thing.data]
            )
            made[n] = replace(item.linked(link), options=(link,)) if (link := next(own, None)) else item
        if item.code != "f":
            continue
        after = next((i for i in items[n + 1 : n + 3] if i.code != "O"), None)
        of = n + 1 < len(items) and items[n + 1].code == "O" and items[n + 1].text == "of"
        before = items[n - 1] if n and not item.before and items[n - 1].code == "d" else None
        thing = after if of and after is not None and after.code == "d" else before
        if thing is None and item.text.lower() in ("name", "names"):
            thing = _after_the_list(n, items)
        if thing is None:
            continue
        for owner in (thing.data, schema.who_it_is(str(thing.data))):
            link = next((o for o in item.options if o.kind == "field" and schema.owner(o.target) == owner), None)
            if link is not None and link.score >= 0.8 * item.score:
                made[n] = item.linked(link)
                break
        else:
            called = schema.model.dataset(str(thing.data)).name_field
            if item.text.lower() in ("name", "names") and called:
                title = Link(
                    "field", f"{thing.data}.{called}", 0.9, True
                )  # "the names of all films", which have titles
                made[n] = replace(item.linked(title), options=(title,))
    return made


def said_twice(items: list[Item], _: Schema) -> list[Item]:
    """ "which doctors charge a fee above 100": the verb and its object name one field."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        again = left is not None and left.code == item.code == "f" and left.data == item.data
        if again and left is not None and left.score < item.score and item.before in ("", "a", "an", "the", "their"):
            made.pop()
        made.append(item)
    return made


def all_about(items: list[Item], schema: Schema) -> list[Item]:
    """ "give me all the information about the huts": each with all its fields."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[lqu]*(l)[OqV]*([dj])", codes)
    mark = items[match.start(1)] if match else None
    if (
        match is None
        or mark is None
        or not re.match(r"(?:information|info|details|data|everything)\b", mark.text.lower())
    ):
        return items
    if not re.search(
        r"\b(?:all|everything)\b", " ".join(f"{i.before} {i.text}" for i in items[: match.end(1)]).lower()
    ):
        return items
    word = items[match.start(2)]
    called = (d.name for d in schema.model.datasets if (d.label or d.name).lower() == word.text.lower())
    thing = word.dataset if word.code == "d" else next(called, None)
    if thing is None:
        return items
    shown: list[Item] = []
    for field in schema.model.dataset(thing).fields:
        link = Link("field", f"{thing}.{field.name}", 0.95, True)
        said = f"{field.label} id" if field.role in ("key", "foreign_key") else field.label or field.name
        shown.append(Item("f", mark.start, mark.start, said, link.target, 0.95, (link,)))
        shown.append(Item("&", mark.start, mark.start, "and"))
    rest = [Item("O", mark.end, mark.end, "of"), rows_of(thing, word.start, word.end, word.text)]
    return [Item("l", mark.start, mark.start, "list"), *shown[:-1], *rest, *items[match.end(2) :]]


def things(items: list[Item], schema: Schema) -> list[Item]:
    """Words that name both a thing and a figure ("households" and how many there are): the thing, where it is grouped
    by, listed, ranked, or said something of."""
    made = list(items)
    for n, item in enumerate(items):
        link = next((o for o in item.options if o.kind == "dataset" and o.score >= item.score - 0.05), None)
        if item.code == "m" and link is None and n and items[n - 1].code == "z":
            datasets = linked_datasets(item, schema)
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


def apposed(items: list[Item], _: Schema) -> list[Item]:
    """ "Los Angeles (LAX)": one thing, said twice; the second is the more exact."""
    made: list[Item] = []
    for item in items:
        if item.code == "v" and made and made[-1].code == "v" and item.before == "(" and item.end - item.start == 1:
            made[-1] = replace(item, before=made[-1].before)
        else:
            made.append(item)
    return made


def without_units(items: list[Item], schema: Schema) -> list[Item]:
    """ "over 200 mph", "payment attempts": what is counted, which no name of the data is; and units of what has been
    named, although another field is called so."""
    items = _units_of_their_own(items, schema)
    return [
        i
        for n, i in enumerate(items)
        if not (i.code == "." and n and items[n - 1].code == "n" and i.text.lower() in _UNITS)
        and not (i.code == "f" and i.score < 0.6 and i.before == "in" and i.text.lower() in _UNITS and n)
        and not (i.code == "." and n and items[n - 1].code in "fm" and i.text.lower() in _READINGS)
        and not (i.code == "." and n and items[n - 1].code == "d" and not i.before and i.text.lower() in _ROWS)
    ]


def _units_of_their_own(items: list[Item], schema: Schema) -> list[Item]:
    """ "a weight above 500 kg", "parcels of at least 5 kg": the kilograms of what is spoken of."""
    made: list[Item] = []
    for n, item in enumerate(items):
        word = item.text.lower()
        if item.code not in "fm" or word not in _UNITS or not n or items[n - 1].code != "n" or item.before:
            made.append(item)
            continue
        bound = items[n - 3] if n > 2 and items[n - 2].code == "o" else None
        named = str(bound.data) if bound is not None and bound.code == "f" else ""
        if named and (schema.field(named).unit == word or word in schema.noun_of(named)):
            continue
        thing = next((i.dataset for i in reversed(items[:n]) if i.code in "dm" and i.dataset), None)
        fields = schema.model.dataset(thing).fields if thing else ()
        own = next((f.name for f in fields if f.unit == word and f.type in ("integer", "number")), None)
        if own is not None and schema.owner(str(item.data)) != thing:
            item = replace(item, code="f", data=f"{thing}.{own}", options=(Link("field", f"{thing}.{own}", 0.9, True),))
        made.append(item)
    return made


def linked_datasets(item: Item, schema: Schema) -> list[str]:
    """The datasets that the words may be about, the likeliest first."""
    found = [o.target for o in item.options if o.kind == "dataset"]
    for option in item.options:
        if option.kind == "metric":
            found += schema.metric_datasets(schema.model.metric(option.target))
        elif option.kind == "field":
            found.append(schema.owner(option.target))
    return found


def whose(item: Item, schema: Schema) -> list[str]:
    """The dataset that the words name, or that a value is of."""
    if item.code == "v":
        return [schema.owner(item.data[0].field)] if item.data else []
    return linked_datasets(item, schema)[:1] if item.code in "df" else []


def codes_as_things(items: list[Item], schema: Schema) -> list[Item]:
    """ "by service", where services go by a code called so and have names: the services."""
    made = list(items)
    for n, item in enumerate(items):
        if item.code != "f" or not n or items[n - 1].code != "y" or _CODES & set(item.text.lower().split()):
            continue
        entry = schema.model.dataset(schema.owner(str(item.data)))
        keyed = entry.primary_key == (str(item.data).partition(".")[2],)
        if keyed and entry.name_field and entry.name_field not in entry.primary_key:
            link = Link("dataset", entry.name, item.score, True)
            made[n] = replace(item.linked(link), options=(link,))
    return made


_CODES = frozenset(["code", "codes", "id", "ids", "number", "numbers", "key", "keys", "no"])


def of_another(items: list[Item], schema: Schema) -> list[Item]:
    """ "store size", where only packages and households have a size: the stores' is not known."""
    made = list(items)
    for n, (thing, field) in enumerate(pairwise(items), 1):
        if thing.code != "d" or field.code != "f" or field.before or any(o.exact for o in field.options):
            continue
        earns = field.text.lower() in ("income", "earnings", "revenue") and schema.owner(str(field.data)) != thing.data
        nobodys = earns and not schema.is_person(str(thing.data))  # what a club brings in is nobody's salary
        owners = {schema.owner(o.target) for o in field.options if o.kind == "field"}
        near = any(schema.belongs_to(str(thing.data), o) or schema.belongs_to(o, str(thing.data)) for o in owners)
        if nobodys or not near:
            made[n] = replace(field, code=".", data=None, options=())
    return made
