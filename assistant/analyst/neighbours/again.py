"""Words that say again what others beside them say: "ended in a withdrawal (grade W)", "delivery mode" where the data
has a delivery, "never borrowed a book" of loans that are of books. They ask for nothing more."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.schema import Schema
from knowledge.words import lemma

_TAILS = LISTS["kinds_of_kinds"]
_FIGURES, _CHOICES = LISTS["figures"], LISTS["choices"]
_DESCRIBED = frozenset(["description", "descriptions", "label", "labels", "wording"])
_PARTS = ("in", "out", "up", "off")
"""Second words of nouns: an opt-in, a sign-up."""
_ALIKE = 86
"""Per cent: how like a word must be to one of a thing's name that it is taken for a misspelling of."""


def said_in_brackets(items: list[Item], _: Schema) -> list[Item]:
    """ "a withdrawal (grade W)": the word that the data does not have is the value in brackets."""
    made: list[Item] = []
    for n, item in enumerate(items):
        inside = "".join(i.code for i in items[n + 1 : n + 3])
        opens = n + 1 < len(items) and items[n + 1].before.endswith("(")
        if item.code == "." and opens and re.match(r"f?v", inside):
            continue
        made.append(item)
    return made


def kinds_of_kinds(items: list[Item], schema: Schema) -> list[Item]:
    """ "delivery mode" is the delivery; "club category" is the club's, not the category of something else."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        described = left is not None and left.code == "f" and item.text.lower() in _DESCRIBED and not item.before
        if described and item.code in ".f" and schema.field(str(left.data)).role == "category":  # type: ignore[union-attr]
            continue  # "the service level *description*", of what says it in words
        tail = item.code in ".f" and item.score < 0.8 and lemma(item.text.lower()) in _TAILS and not item.before
        if not tail or left is None or left.end != item.start:
            made.append(item)
        elif left.code == "f" and schema.field(str(left.data)).role == "category":
            continue
        elif left.code == "d" and (own := _only_kind(str(left.data), schema)):
            made[-1] = own_field(left, item, own)
        else:
            made.append(item)
    return made


def own_field(thing: Item, kind: Item, field: str) -> Item:
    """The field of the thing, in the place of both words."""
    link = next((o for o in kind.options if o.target == field), None) or Link("field", field, 0.9, True)
    return Item("f", thing.start, kind.end, f"{thing.text} {kind.text}", field, 0.9, (link,), thing.before)


def _only_kind(dataset: str, schema: Schema) -> str | None:
    kinds = [
        f"{dataset}.{f.name}"
        for f in schema.model.dataset(dataset).fields
        if f.role == "category" and f.type == "text" and not f.hidden
    ]
    return kinds[0] if len(kinds) == 1 else None


def figures_done(items: list[Item], schema: Schema) -> list[Item]:
    """ "the total amount awarded", "degrees conferred": it is what is done with them."""
    made: list[Item] = []
    for n, item in enumerate(items):
        left = made[-1] if made else None
        done = item.code == "f" and item.text.lower().endswith("ed") and schema.is_time(str(item.data))
        dated = n + 1 < len(items) and items[n + 1].code in "wgxtyon"
        if done and left is not None and left.code in "mf" and not item.before and not dated:
            owners = schema.metric_datasets(schema.model.metric(str(left.data))) if left.code == "m" else []
            if schema.owner(str(item.data)) in (owners or [schema.owner(str(left.data))]):
                continue
        made.append(item)
    return made


def figures_again(items: list[Item], schema: Schema) -> list[Item]:
    """ "the revenue amount", "the opt-in preference": a figure and a flag are called so, whatever else is."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        word = item.text.lower()
        beside = left is not None and (item.start == left.end or (item.start == left.end + 1 and item.before in _PARTS))
        if left is not None and beside and left.code in "mf" and item.code in "mf.":
            figure = left.code == "m" or schema.is_number(str(left.data))
            flag = left.code == "f" and schema.is_flag(str(left.data))
            if (figure and word in _FIGURES) or (flag and word in _CHOICES):
                continue
        made.append(item)
    return made


def of_its_own_name(items: list[Item], schema: Schema) -> list[Item]:
    """ "the libary fines", "from the library", of library loans: a part of the name of what is asked about."""
    about = {str(i.data) if i.code == "d" else schema.owner(str(i.data)) for i in items if i.code in "df"}
    names = {word for d in about for word in schema.noun(d) if len(word) > 4}
    return [i for i in items if i.code != "." or not any(fuzz.ratio(lemma(i.text.lower()), w) >= _ALIKE for w in names)]


def objects_of_deeds(items: list[Item], schema: Schema) -> list[Item]:
    """ "never borrowed a book", of loans that have books: a loan."""
    made: list[Item] = []
    for n, item in enumerate(items):
        left = made[-1] if made else None
        plain = item.code == "f" and item.before in ("a", "an", "any") and not schema.is_number(str(item.data))
        deed = left is not None and left.code in "dj" and left.text.lower().endswith(("ed", "en", "en't"))
        follows = n + 1 < len(items) and items[n + 1].code in "vnozC"
        if plain and deed and left is not None and not follows and left.dataset == schema.owner(str(item.data)):
            continue
        made.append(item)
    return made


def the_average_again(items: list[Item], _: Schema) -> list[Item]:
    """ "…. Return the title, the average and the number, best first": what was asked for already."""
    order = next((n for n, i in enumerate(items) if n and i.code == "l"), None)
    if order is None:
        return items
    made = items[:order]
    for n in range(order, len(items)):
        item = items[n]
        hanging = n + 1 == len(items) or items[n + 1].code in "&K;"
        same = any(i.code == item.code and (item.code == "c" or i.data == item.data) for i in items[:order])
        same = same or (item.code == "c" and any(i.code == "o" for i in items[:order]))  # "with 4 or more pets"
        if item.code in "ac" and hanging and same:
            if made[-1].code == "&":
                made.pop()
            continue
        made.append(item)
    return made


def light_verbs(items: list[Item], _: Schema) -> list[Item]:
    """ "how many quotes do we make", where something else is known to be made on a day: the quotes that there are."""
    for n in range(2, len(items)):
        verb, noun = items[n], items[n - 1]
        counted = items[n - 2].code == "c" and noun.code == "d" and not noun.before
        if counted and verb.code in "jf" and verb.text.lower() in _LIGHT and _BY_US.fullmatch(verb.before):
            return [*items[:n], *items[n + 1 :]]
    return items


_LIGHT = frozenset(["make", "made", "do", "did", "get", "got", "have", "take"])
_BY_US = re.compile(r"(?:do|did|have|does) (?:we|i|they|you)", re.I)
