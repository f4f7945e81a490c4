"""Who did it: the people that deeds belong to. "who redeemed the most coupons", "who gives the biggest discounts",
"… and who set them"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.deeds import doers
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.schema import Schema
from knowledge.words import lemma


def who_did(items: list[Item], schema: Schema) -> list[Item]:
    """ "who redeemed the most coupons", "who has set the most boulders": the people that the deeds belong to."""
    at = next((n for n, i in enumerate(items) if n and i.code not in "hz"), 0)
    if not at or items[0].code != "q" or items[0].text not in ("who", "whom"):
        return items
    first = items[at]
    flagged = [i for i in items[at + 1 : at + 2] if i.code == "C"]  # "who has the lowest billable hours"
    rest = [first, *items[at + 1 + len(flagged) :]]
    if first.code == "s" and "".join(i.code for i in rest[:2]) in ("sf", "sd"):
        told = _who_has_most([items[0], *rest], schema)
        return [*told[:3], *flagged, *told[3:]] if told else items
    kind = items[at + 1] if first.code == "s" and at + 1 < len(items) and items[at + 1].code == "v" else None
    happened = schema.owner(kind.data[0].field) if kind is not None and kind.data else None
    if kind is not None and happened and schema.model.dataset(happened).default_time:  # "who had the most no-shows"
        rows = rows_of(happened, kind.start, kind.start, happened)
        told = _who_has_most([items[0], first, rows, *items[at + 1 :]], schema)
        return told or items
    if first.code in "jf" and schema.is_a_person_s_time(first.data):  # "who left this year"
        return [items[0], named(schema.owner(str(first.data)), items[0].end, schema), *items[1:]]
    by = str(first.data) if first.code == "f" else ""
    if by and not schema.is_time(by) and schema.points_to(by) is None and schema.forms_of(by) & {"by"}:
        ranked = "".join(i.code for i in items[at + 1 : at + 3]) == "sd"
        if ranked and items[at + 2].data == schema.owner(by) and len(items) == at + 3:  # "who approved the most bills"
            return [replace(items[0], text="which", data="which"), first, *items[at + 1 :]]
    if first.code == "v" and (person := _who_works(first, items[at + 1 :], schema)):
        return [items[0], named(person, items[0].end, schema), *items[1:]]
    if first.code == "d" and first.text.lower().endswith("ed") and items[at + 1 : at + 2] and items[at + 1].code == "s":
        first = replace(first, code="j")  # "who cleaned the most rooms", where cleanings are kept
    undone = any(i.code == "z" for i in items[1:at])  # "who did not visit in May"
    if first.code not in "jf." or (undone and first.code != "j"):
        return items
    verb, most = first, next((n for n in range(at + 1, len(items)) if items[n].code == "s"), None)
    if verb.code != "j" and most is None:
        return items
    things = (
        [] if most is None else [d for i in items[most + 1 : most + 3] if i.code in "dmv" for d in _rows_of(i, schema)]
    )
    linked = linked_datasets(verb, schema)
    events = [*([verb.dataset] if verb.dataset else []), *things, *linked]
    owner = schema.owner(str(verb.data)) if verb.code == "f" else None
    if verb.code == "f" and schema.is_time(str(verb.data)):
        # "who works on the most matters": as hours tell it, before the matters that are worked on
        events = [*linked, *things, str(owner)]
    found = next(((p, e) for e in events if (p := _doer(lemma(verb.text.lower()), e, schema))), None)
    person, event = found or (None, "")
    if person is None or any(i.code == "d" and i.data == person for i in items):
        return items
    said = replace(verb, code="j") if most is not None else verb
    direct = most if most is not None and not items[most].before else None  # not who "works on the most matters"
    if direct is not None and items[at].code in "df" and event not in things and event in (items[at].data, owner):
        items = [*items[: direct + 1], *_by_their_rows(items[direct + 1 :], event, schema)]
    return [items[0], named(person, items[0].end, schema), *items[1:at], said, *items[at + 1 :]]


def _by_their_rows(items: list[Item], event: str, schema: Schema) -> list[Item]:
    """ "who cleaned the most rooms": each time that one was, where it is kept when each was cleaned."""
    thing = items[0] if items and items[0].code == "d" else None
    if thing is None or schema.distance(event, str(thing.data)) != 1:
        return items
    link = Link("dataset", event, 0.9, True)
    return [replace(thing.linked(link), options=(link, *thing.options)), *items[1:]]


def _who_works(verb: Item, rest: list[Item], schema: Schema) -> str | None:
    """ "who delivers the most parcels": those who do it for a living, where what they did is kept with how it went."""
    if lemma(verb.text.lower()) not in LISTS["deeds_of_staff"] or not any(i.code == "d" for i in rest):
        return None
    events = dict.fromkeys(schema.owner(m.field) for m in verb.data)
    found = (p for e in events for p in schema.parents(e)[1:] if schema.is_staff(p))
    return next(found, None)


def through_their_work(items: list[Item], schema: Schema) -> list[Item]:
    """ "which driver delivered the most parcels": a driver's attempts that were delivered are counted, where these tie
    drivers to parcels."""
    for n, item in enumerate(items):
        who = next((i for i in reversed(items[:n]) if i.code == "d"), None)
        if item.code != "v" or who is None or not schema.is_person(str(who.data)):
            continue
        at = next((k for k in range(n + 1, len(items)) if items[k].code == "d"), None)
        thing = str(items[at].data) if at is not None else ""
        if at is None or lemma(item.text.lower()) == item.text.lower() or schema.belongs_to(thing, str(who.data)):
            continue
        for event in dict.fromkeys(schema.owner(m.field) for m in item.data):
            if schema.distance(event, thing) == 1 == schema.distance(event, str(who.data)) and event != thing:
                link = Link("dataset", event, 0.9, True)
                told = replace(item, data=tuple(m for m in item.data if schema.owner(m.field) == event))
                rows = replace(items[at].linked(link), options=(link, *items[at].options))
                return [*items[:n], told, *items[n + 1 : at], rows, *items[at + 1 :]]
    return items


_RECEIVED = re.compile(r"\b(?:got|gets?|earn\w*|made|makes?|receiv\w*|took|takes?|brought|brings?|collect\w*)\b", re.I)


def _who_has_most(items: list[Item], schema: Schema) -> list[Item] | None:
    """ "who got the most tips", "who gave the biggest discount", "who has the most tickets": the people that the rows
    belong to."""
    counted = items[2].code == "d" and items[1].text.lower().split()[-1] in ("most", "fewest", "least")
    figure = str(items[2].data)
    if any(i.code in "dm" for i in items[3:]) or not (counted or (items[2].code == "f" and schema.is_number(figure))):
        return None
    if _GIVES.search(items[1].before) and (
        field := _who_works_here(figure if counted else schema.owner(figure), schema)
    ):
        link = Link("field", field, 0.9, True)
        said = schema.field(field).label or "who"
        return [items[0], Item("f", items[0].end, items[0].end, said, field, 0.9, (link,)), *items[1:]]
    earned = _RECEIVED.search(items[1].before) is not None
    rows = figure if counted else schema.owner(figure)
    people = [p for p in schema.parents(rows)[1:] if schema.is_person(p)]
    if not earned:  # of hours, those who worked them, rather than those for whom they did
        people = [p for p in people if schema.distance(rows, p) == 1] or people
    people.sort(key=lambda p: schema.is_staff(p) != earned)
    if not people:
        return None
    return [items[0], named(people[0], items[0].end, schema), *items[1:]]


_GIVES = re.compile(r"\b(?:gives?|gave|given|offers?|offered|grants?|granted|allows?|allowed)\b", re.I)


_DEALERS = frozenset(
    ["rep", "representative", "salesperson", "salesman", "agent", "manager", "seller", "advisor", "staff"]
)


def _who_works_here(rows: str, schema: Schema) -> str | None:
    """Where staff have no table of their own: the field that names who dealt with the rows."""
    near = [rows, *schema.parents(rows)]
    if any(schema.is_staff(d) for d in near):
        return None
    fields = [
        f"{d}.{f.name}" for d in dict.fromkeys(near) for f in schema.model.dataset(d).fields if f.role != "foreign_key"
    ]
    told = [f for f in fields if _DEALERS & schema.noun_of(f) and schema.field(f).type == "text"]
    return told[0] if len(told) == 1 else None


def and_who(items: list[Item], schema: Schema) -> list[Item]:
    """ "the 5 tallest routes and who set them": with the one who did, of each."""
    for n in range(2, len(items)):
        tail = "".join(i.code for i in items[n - 1 :])
        if items[n].code != "q" or items[n].text != "who" or not re.match(r"[&;]qh?[jf.]q?[K;]?$", tail):
            continue
        verb = next(i for i in items[n + 1 :] if i.code in "jf.")
        about = next((d for i in items[:n] if i.code in "dv" for d in _rows_of(i, schema)), None)
        person = _doer(lemma(verb.text.lower()), about, schema) if about else None
        if person is None:
            return items
        rest = [i for i in items[n + 1 :] if i.code in "K;"]
        return [
            *items[: n - 1],
            Item("l", items[n].start, items[n].start, "show"),
            named(person, verb.end, schema),
            *rest,
        ]
    return items


def _rows_of(item: Item, schema: Schema) -> list[str]:
    return [schema.owner(m.field) for m in item.data] if item.code == "v" else linked_datasets(item, schema)


def _doer(verb: str, event: str, schema: Schema) -> str | None:
    """Whom a row of a happening, or of what was made, belongs to: who is called after the deed, else the only people
    there are, else the first of several."""
    above = schema.parents(event)[1:]
    ways = [r for r in schema.model.relationships if r.many == event]
    called = [p for p in above if doers(verb) & schema.noun(p)]
    called += [r.one for r in ways if verb in {lemma(w) for s in r.synonyms for w in s.split()[:1]}]
    people = [p for p in above if schema.is_person(p)]
    called = [p for p in called if p in people] if people else called  # rooms do not clean, whatever cleanings are of
    by_staff = verb in LISTS["deeds_of_staff"]  # who writes a prescription is not whom it is for
    people.sort(key=lambda p: schema.is_staff(p) != by_staff)
    if by_staff and people and not schema.is_staff(people[0]):  # couriers deliver, whoever sent it
        through = [p for c in schema.children(event) for p in schema.parents(c)[1:]]
        people = [p for p in through if schema.is_staff(p)][:1] or people
    return next(iter([*called, *people]), None)


def named(dataset: str, at: int, schema: Schema) -> Item:
    """A thing of the data that the question means and does not say."""
    label = schema.model.dataset(dataset).label or dataset
    return rows_of(dataset, at, at, label)
