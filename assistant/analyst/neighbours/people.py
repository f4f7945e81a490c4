"""Words for people whom the data calls otherwise: "how many people signed up", "account holders", "visitors"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from assistant.analyst.tokens import NumberRead
from assistant.analyst.verbs import NOUNS
from knowledge.request import Any as AnyOf
from knowledge.request import Compare
from knowledge.words import listed

_PEOPLE, _CUSTOMERS = LISTS["dwellers"], LISTS["customers"]
_COUNTED = re.compile(r"\b(people|persons|folks?|individuals)\b")
_STAFF = frozenset(["staff", "employees", "workers", "colleagues", "personnel", "teammates"])
_SURE = 0.75
_AGENT = re.compile(r"(\w{3,}?)(?:er|or)s?")


def people(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many people", "residents", "members", where only one table is of such people: those."""
    made: list[Item] = []
    for n, item in enumerate(items):
        left = items[n - 1] if n else None
        counted = left is not None and left.code in "cq" and _COUNTED.match(item.before)
        if counted and not _names_people(items, schema) and (those := _those(items, schema)):
            noun, _, rest = item.before.partition(" ")
            made.append(_as_thing(noun, item.start, those))
            item = replace(item, before=rest)
        unsure = item.code == "." or (item.code == "f" and item.score < _SURE)
        word = item.text.lower()
        who = schema.once(served) if unsure and word in _CUSTOMERS else None
        who = who or (_those(items, schema) if unsure and word in _PEOPLE | _CUSTOMERS else None)
        who = who or (schema.once(_employed) if unsure and word in _STAFF else None)
        who = who or (_agents(word, schema) if unsure else None)
        if who is not None:
            item = replace(item, code="d", data=who, score=0.85, options=(Link("dataset", who, 0.85, False),))
        made.append(item)
        if who is not None and (deed := _deed_of(word, schema)):
            did = Link("dataset", deed, 0.85, False)
            made.append(Item("j", item.end, item.end, word, word, 0.85, (did,)))
    return made


def _names_people(items: list[Item], schema: Schema) -> bool:
    return any(i.code in "dm" and i.dataset and schema.is_person(i.dataset) for i in items)


def how_they_do(items: list[Item], schema: Schema) -> list[Item]:
    """ "how do clients pay?", "where do guests come from?": a list of the people is no answer."""
    asks = items[0] if items else None
    if asks is None or asks.code != "q" or asks.text.lower().split()[0] not in ("how", "where", "when", "why"):
        return items
    if asks.data == "much":
        return items  # "how much do clients owe?"
    only = len(items) > 1 and items[1].code == "d" and schema.is_person(str(items[1].data))
    if only and all(i.code in "jO." for i in items[2:]):
        return [asks.unread(), *items[1:]]
    return items


def who_is_in(items: list[Item], schema: Schema) -> list[Item]:
    """ "who is in the gym right now?": a list of gyms is no answer."""
    asks, place = (items[0], items[1]) if len(items) > 1 else (None, None)
    if asks is None or place is None or asks.code != "q" or asks.text.lower() != "who" or place.code != "d":
        return items
    inside = re.match(r"(?:is|are|was|were) (?:\w+ )*?(?:in|at|inside|on)\b", place.before)
    if inside and not schema.is_person(str(place.data)) and not any(i.code in "jfmMs" for i in items[2:]):
        return [asks.unread(), *items[1:]]
    return items


def active_in(items: list[Item], schema: Schema) -> list[Item]:
    """ "active users this month": those who did something in it, where no state of theirs is called active."""
    for n in range(len(items) - 1):
        word, who = items[n], items[n + 1]
        when = next((k for k in range(n + 2, len(items)) if items[k].code == "w"), None)
        if word.text.lower() != "active" or who.code != "d" or who.before or when is None:
            continue
        owners = {schema.owner(m.field) for m in word.data} if word.code == "v" else set()
        doing = schema.traffic(str(who.data)) if schema.is_person(str(who.data)) else None
        if str(who.data) in owners or doing is None:
            continue
        having = Item("h", who.end, who.end, "with")
        rows = rows_of(doing, who.end, who.end, doing)
        return [*items[:n], replace(who, before=word.before), *items[n + 2 : when], having, rows, *items[when:]]
    return items


def coming_again(items: list[Item], schema: Schema) -> list[Item]:
    """ "repeat customers", "customers who came back": those with more than one visit, order, booking."""
    for n, who in enumerate(items):
        if who.code != "d" or not schema.is_person(str(who.data)):
            continue
        said = n > 0 and items[n - 1].code in ".jaf" and items[n - 1].text.lower() in _AGAIN and not who.before
        first, last = (n - 1, n + 1) if said else (n, n + 5)
        if not said and not _visited_twice(items[n + 1 : n + 5], str(who.data), schema):
            continue
        doing = None if schema.is_staff(str(who.data)) else what_they_do(str(who.data), schema)
        if doing is None:
            return [*items[:first], items[first].unread(), *items[first + 1 :]] if said else items
        at = who.end
        more, once = Item("o", at, at, "more than", ">"), Item("n", at, at, "1", NumberRead(1.0))
        several = [Item("h", at, at, "with"), more, once, rows_of(doing, at, at, doing)]
        return [*items[:first], replace(who, before=items[first].before), *several, *items[last:]]
    return items


def _visited_twice(items: list[Item], who: str, schema: Schema) -> bool:
    """ "visited more than once", where the visits that are kept are not theirs."""
    said = "".join(i.code for i in items) == "joni" and items[0].text.lower() == "visited"
    return said and who not in schema.parents(items[0].dataset or who)[1:]


def what_they_do(who: str, schema: Schema) -> str | None:
    """What people come for: of what happens to them first of all, rather than of what is made of it."""
    near = [d for d in schema.children(who) if schema.distance(d, who) == 1 and schema.happens(d)]
    busy = schema.traffic(who)
    return busy if busy in near or not near else max(near, key=lambda d: schema.model.dataset(d).row_count or 0)


_AGAIN = frozenset(["repeat", "returning", "recurring", "repeated"])


def not_seen(items: list[Item], schema: Schema) -> list[Item]:
    """ "patients we haven't seen in the last year": those without any visit, appointment, order in it."""
    for n in range(1, len(items) - 1):
        who, mark, when = items[n - 1], items[n], items[n + 1]
        if who.code == "q" and n > 1:
            who = items[n - 2]
        last = items[n + 2] if n + 2 < len(items) else None
        if who.code == "d" and mark.code == "z" and last is not None and (gone := _long_ago(who, when, last, schema)):
            first = items[: n - 1] if items[n - 1].code == "q" else items[:n]
            return [*first, gone, *items[n + 3 :]]
        if who.code != "d" or mark.code != "z" or when.code != "w" or not _SEEN.fullmatch(when.before):
            continue
        coming = schema.traffic(str(who.data)) if schema.is_person(str(who.data)) else None
        if coming is not None:
            without = replace(mark, text="without", before="")
            rows = rows_of(coming, when.start, when.start, coming)
            first = items[: n - 1] if items[n - 1].code == "q" else items[:n]
            return [*first, without, rows, replace(when, before=""), *items[n + 2 :]]
    return items


def _long_ago(who: Item, deed: Item, when: Item, schema: Schema) -> Item | None:
    """ "users who haven't been seen in the last 90 days", where it is known when each was last seen: before that, or
    never."""
    time = str(deed.data)
    start = when.data.window.start if when.code == "w" and when.data.window is not None else None
    if deed.code not in "fj" or "." not in time or not schema.is_time(time) or start is None:
        return None
    if schema.owner(time) != who.data or "last" not in schema.noun_of(time) | set(
        (schema.field(time).label or "").split()
    ):
        return None
    before = Compare(field=time, op="<", value=start)
    never = [Compare(field=time, op="is_null")] if schema.field(time).nulls > 0 else []
    cond = Cond(((time, AnyOf(of=[before, *never])),), text=deed.text)
    return Item("C", deed.start, when.end, f"not {deed.text} {when.text}", cond, 0.95)


_SEEN = re.compile(
    r"(?:been )?(?:seen|in|back|come in|come back|been in|visited|heard from|shown up)(?: (?:by )?us)?", re.I
)


def holders(items: list[Item], schema: Schema) -> list[Item]:
    """ "account holders", "card holders": the accounts, where these are people; else whose cards they are."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        thing = left.dataset if left is not None and left.code in "dm" and not item.before else None
        if thing is None or left is None or not re.fullmatch(r"(?:holder|owner)s?(?:'s|s')?", item.text.lower()):
            made.append(item)
            continue
        above = [d for d in schema.parents(thing) if schema.is_person(d)]
        if item.code not in ".f" or not above:
            made.append(item)
        elif above[0] != thing:
            made[-1] = replace(_as_thing(f"{left.text} {item.text}", left.start, above[0]), before=left.before)
    return made


def _as_thing(word: str, at: int, dataset: str) -> Item:
    return Item("d", at, at + 1, word, dataset, 0.85, (Link("dataset", dataset, 0.85, False),))


def _those(items: list[Item], schema: Schema) -> str | None:
    """The people meant: the only ones there are, the only ones that the question tells something of, or those who are
    customers rather than staff."""
    every = [d.name for d in schema.model.datasets if schema.is_person(d.name)]
    told = {schema.owner(str(i.data)) for i in items if i.code == "f"} | {str(i.data) for i in items if i.code == "d"}
    told |= {schema.owner(m.field) for i in items if i.code == "v" for m in i.data[:1]}
    near = [d for d in every if d in told]
    outside = [d for d in every if not schema.is_staff(d)]
    meant = any(i.text.lower() in _CUSTOMERS for i in items)  # who works here is no customer
    return next((found[0] for found in (near, outside if meant else every, outside) if len(found) == 1), None)


def served(schema: Schema) -> str | None:
    """The only ones whom the business serves: shippers of a courier, tenants of a landlord."""
    found = [d.name for d in schema.model.datasets if schema.noun(d.name) & listed("joins", "served")]
    return found[0] if len(found) == 1 else None


def _employed(schema: Schema) -> str | None:
    """The only ones who work for the business."""
    found = [d.name for d in schema.model.datasets if schema.is_person(d.name) and schema.is_staff(d.name)]
    return found[0] if len(found) == 1 else None


def _agents(word: str, schema: Schema) -> str | None:
    """ "visitors", "renters": the people that visits, rentals belong to."""
    deed = _deed_of(word, schema)
    return next((p for p in schema.parents(deed)[1:] if schema.is_person(p)), None) if deed else None


def _deed_of(word: str, schema: Schema) -> str | None:
    agent = _AGENT.fullmatch(word)
    verbs = {agent[1], f"{agent[1]}e", agent[1][:-1]} if agent else set()
    nouns = verbs | {noun for verb in verbs for noun in NOUNS.get(verb, ())}
    nouns |= {"donation", "gift"} if word.removesuffix("s") in ("donor", "giver") else set()
    events = [d.name for d in schema.model.datasets if schema.noun(d.name) & nouns and schema.time_of(d.name)]
    return events[0] if len(events) == 1 else None
