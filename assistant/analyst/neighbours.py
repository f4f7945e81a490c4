"""What a word means by the words beside it, before any rule reads them: whose name, done by whom."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.reduce import Cond
from assistant.analyst.schema import Schema
from knowledge.words import lemma


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


def things(items: list[Item]) -> list[Item]:
    """Words that name both a thing and a figure ("households" and how many there are): the thing, where it is grouped
    by, listed, ranked, or said something of."""
    made = list(items)
    for n, item in enumerate(items):
        link = next((o for o in item.options if o.kind == "dataset" and o.score >= item.score - 0.05), None)
        if item.code != "m" or link is None:
            continue
        left = items[n - 1].code if n else ""
        right = items[n + 1].code if n + 1 < len(items) else ""
        of_a_figure = left == "O" and n > 1 and items[n - 2].code in "mM"
        if (
            left in ("y", "N", "T")
            or of_a_figure
            or (left in ("q", "l", "s", "n", "j", "z") and right in tuple("hjzqn"))
        ):
            made[n] = item.linked(link)
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
