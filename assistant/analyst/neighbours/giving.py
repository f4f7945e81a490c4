"""Money that people give: "how much have we raised", "how much came from legacies", "how much did donors in Kent give",
where gifts are kept; and who gave for the first time, or then and not since."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import as_measure
from assistant.analyst.neighbours.names import linked_datasets, whose
from assistant.analyst.neighbours.standing import came_in
from assistant.analyst.neighbours.who import named
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Exists, InWindow, Measure, Window

_GIFTS = frozenset(["gift", "donation", "contribution", "offering"])
_RAISED = frozenset(["raise", "raised", "raises", "raising"])
_CAME = re.compile(r"\b(?:came|comes?|coming|received|got) (?:in )?from\b", re.I)
_DID = re.compile(r"\b(?:did|do|does|have|has)\b", re.I)
_NOT = ("but not", "and not", "not")


def raised(items: list[Item], schema: Schema) -> list[Item]:
    """What was raised is what was given, unless it is said of what else money is raised at: the runners of a race."""
    for n, item in enumerate(items):
        gifts = schema.once(_gifts) if item.text.lower() in _RAISED and item.code in "fj." else None
        if gifts is None:
            continue
        others = {d for i in items if i is not item for d in whose(i, schema)}
        amount = schema.amount(gifts)
        if amount is None or not all(schema.belongs_to(gifts, d) for d in others):
            continue
        total = Aggregate(agg="sum", of=amount, where=came_in(gifts, schema))
        made = replace(as_measure(item, total), before="")
        after = items[n + 1 : n + 2]
        if after and after[0].code == "s":  # "which appeal raised the most"
            return [*items[:n], after[0], made, *items[n + 2 :]]
        return [*items[:n], made, *items[n + 1 :]]
    return items


def came_from(items: list[Item], schema: Schema) -> list[Item]:
    """ "how much came from companies", "how much did families in Kent give": the money of these rows, or what they
    gave, rather than a list of them."""
    if len(items) < 2 or items[0].code != "q" or items[0].data != "much" or items[1].code not in "dv":
        return items
    asked, noun = items[0], items[1]
    rows = str(noun.data) if noun.code == "d" else schema.owner(noun.data[0].field)
    theirs = noun.code == "d" and schema.is_person(rows) and _DID.search(noun.before)
    if not (_CAME.search(noun.before) or theirs) or any(i.code in "mMjf.a" for i in items[1:]):
        return items
    worth = _worth(rows, schema)
    if worth is None:
        return items
    return [
        asked,
        as_measure(asked, worth, *schema.datasets_of(worth)[:1]),
        *(replace(i, before="") for i in items[1:]),
    ]


def _worth(dataset: str, schema: Schema) -> Measure | None:
    """The money of its rows, else of what is given by them."""
    amount = schema.amount(dataset)
    gifts = schema.once(_gifts)
    if amount is None and gifts is not None and schema.belongs_to(gifts, dataset):
        amount = schema.amount(gifts)
    if amount is not None:
        return Aggregate(agg="sum", of=amount, where=came_in(schema.owner(amount), schema))
    return None


def not_since(items: list[Item], schema: Schema) -> list[Item]:
    """ "donors who gave last year but not this year": who have a row in the one period, and none in the other."""
    codes = "".join(i.code for i in items)
    match = re.search(r"d(q?[jh]?)(w)z[jh]?(w)$", codes)
    if match is None or items[match.end(2)].text.lower() not in _NOT:
        return items
    who, first, last = items[match.start()], items[match.start(2)], items[match.start(3)]
    deed = _did([*items[match.start(1) : match.end(1)], first], str(who.data), schema)
    if deed is None or not schema.is_person(str(who.data)):
        return items
    there = _within(deed, first.data.window, first, schema, negated=False)
    since = _within(deed, last.data.window, last, schema, negated=True)
    return [*items[: match.start() + 1], there, since]


def first_time(items: list[Item], schema: Schema) -> list[Item]:
    """ "who gave for the first time last month": who have a row in that period, and none before it."""
    for n in range(2, len(items)):
        when, left = items[n], items[n - 1]
        mark = n - 2
        said = items[mark].code == "s" and items[mark].text.lower().endswith("first") and left.text.lower() == "time"
        if said and when.code == "s" and when.text.lower() == "last":  # "last month" is no ranking here
            return [*items[: n - 1], left.unread(), *items[n:]]
        if when.code != "w" or not said or when.data.window is None or when.data.window.start is None:
            continue
        mark = mark - 1 if items[mark - 1].code == "O" and items[mark - 1].text.lower() == "for" else mark
        people = next((i for i in items[:mark] if i.code == "d" and schema.is_person(str(i.data))), None)
        whom = str(people.data) if people is not None else _givers(schema)
        deed = _did([*items[:n]], whom, schema) if whom else None
        if deed is None or whom is None:
            continue
        there = _within(deed, when.data.window, when, schema, negated=False)
        before = _within(deed, Window(end=when.data.window.start), when, schema, negated=True)
        first = (
            items[: items.index(people) + 1] if people is not None else [items[0], named(whom, items[0].end, schema)]
        )
        return [*first, there, before, *items[n + 1 :]]
    return items


def _within(rows: str, window: Window, said: Item, schema: Schema, *, negated: bool) -> Item:
    time = str(schema.time_of(rows))
    exists = Exists(dataset=rows, where=[InWindow(field=time, window=window)], negated=negated)
    text = f"not {said.text}" if negated else said.text
    return Item("C", said.start, said.end, text, Cond(((None, exists),), text=text), 0.95)


def _did(near: list[Item], whom: str, schema: Schema) -> str | None:
    """What they did: the rows that a verb is of, or gifts, where giving is said in passing."""
    for item in near:
        rows = next((d for d in linked_datasets(item, schema) if item.code in "jh" and schema.time_of(d)), None)
        if rows and schema.belongs_to(rows, whom) and rows != whom:
            return rows
    gives = any(re.search(r"\b(?:gave|give|given|donated)\b", f"{i.before} {i.text}", re.I) for i in near)
    gifts = schema.once(_gifts)
    return gifts if gives and gifts and schema.belongs_to(gifts, whom) else None


def _givers(schema: Schema) -> str | None:
    gifts = schema.once(_gifts)
    return next((p for p in schema.parents(gifts)[1:] if schema.is_person(p)), None) if gifts else None


def _gifts(schema: Schema) -> str | None:
    """The rows that are gifts of money, rather than the promises that they come from."""
    kept = [d for d in schema.model.datasets if (d.label or d.name).lower().split()[-1] in _GIFTS]
    found = [d.name for d in kept if d.default_time and schema.amount(d.name)]
    found = [d for d in found if not any(o != d and schema.belongs_to(o, d) for o in found)]
    return found[0] if len(found) == 1 else None
