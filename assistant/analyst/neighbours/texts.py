"""Conditions on pieces of text: '"love" somewhere in the title', "a gmail address", "whose surname begins with Th"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.model import ModelField
from knowledge.request import Any as AnyOf
from knowledge.request import Compare
from knowledge.words import lemma, listed, singular

_SOMEWHERE = frozenset(["somewhere", "anywhere", "someplace"])
_WITHIN = re.compile(r"in (?:the|its|their|his|her|a) (?:name|title|description|text|subject)s?$")
_ADDRESSES = frozenset(["address", "addresses", "account", "accounts", "email", "emails", "mail", "user", "users"])
_NO_PROVIDERS = frozenset(["mail", "e-mail", "email", "home", "postal", "street", "valid", "contact", "billing"])
_LAST = frozenset(["surname", "surnames", "last name", "last names", "family name", "family names"])
_FIRST = frozenset(["first name", "first names", "given name", "given names", "forename", "forenames"])


def somewhere_in(items: list[Item], schema: Schema) -> list[Item]:
    """'"moon" somewhere in the name', "names with moon in them": texts that have the piece."""
    made: list[Item] = []
    for item in items:
        if item.code == "." and item.text.lower() in _SOMEWHERE:
            continue
        left = made[-1] if made else None
        piece = left is not None and (left.code == "." or (left.code == "v" and _is_a_piece(left)))
        if left is None or not piece or item.code not in "pf" or not (_says_where(item) or _is_within(item)):
            made.append(item)
            continue
        field = str(item.data) if item.code == "f" else _name_of(items, schema)
        if field is None or schema.is_number(field):
            made.append(item)
            continue
        made[-1] = _contains(left, field, left.text, "contains")
    return made


def in_texts(items: list[Item], schema: Schema) -> list[Item]:
    """ "where the notes mention a pallet or a crate": either piece, in the one text that the rows have."""
    made = list(items)
    for n in range(1, len(items)):
        mark, noun = items[n], items[n - 1]
        noun = items[n - 2] if noun.code in "qh" and n > 1 else noun
        if mark.code != "p" or mark.data != "contains" or noun.code not in ".fd":
            continue
        field = _prose_of(noun, items, schema)
        pieces, end = _pieces(items, n + 1)
        if field is None or not pieces:
            continue
        parts = [Compare(field=field, op="contains", value=piece) for piece in pieces]
        condition = parts[0] if len(parts) == 1 else AnyOf(of=[*parts])
        text = " or ".join(pieces)
        after = n - 2 if n > 1 and items[n - 2].code in "qh" else n - 1
        start = n if noun.code == "d" else after  # the reviews that mention it stay
        said = Item("C", noun.start, items[end - 1].end, text, Cond(((field, condition),), text=text), 0.95)
        return [*made[:start], said, *made[end:]]
    return made


def _pieces(items: list[Item], at: int) -> tuple[list[str], int]:
    """The words looked for from an item on ("a pallet or skids"), in the singular; and the item after them."""
    found: list[str] = []
    for n in range(at, len(items)):
        item = items[n]
        said = item.code in ".vd" and len(item.text.split()) == 1 and item.before in ("", "a", "an", "the", "any")
        if said and len(found) * 2 == n - at:
            found.append(singular(item.text.strip("\"'“”‘’").lower()))
        elif not (item.code == "|" and found and len(found) * 2 == n - at + 1):
            return found, n
    return found, len(items)


def _prose_of(noun: Item, items: list[Item], schema: Schema) -> str | None:
    """The text that a noun names, or that the rows asked about have: their notes, their description."""
    if noun.code == "d":
        fields = schema.model.dataset(str(noun.data)).fields
        prose = [f for f in fields if f.type == "text" and lemma(_head(f)) in listed("roles", "prose")]
        return f"{noun.data}.{prose[0].name}" if len(prose) == 1 else None
    called = lemma(noun.text.lower().split()[-1]) in listed("roles", "prose")
    if noun.code == "f" and (called or schema.field(str(noun.data)).role == "text"):
        return str(noun.data)
    about = next((str(i.data) for i in items if i.code == "d"), None)
    if about is None or lemma(noun.text.lower()) not in listed("roles", "prose"):
        return None
    texts = [f.name for f in schema.model.dataset(about).fields if f.role == "text" and not f.hidden]
    return f"{about}.{texts[0]}" if len(texts) == 1 else None


def _head(field: ModelField) -> str:
    return (field.label or field.name).lower().split()[-1]


def of_a_provider(items: list[Item], schema: Schema) -> list[Item]:
    """ "a gmail address", "outlook users": emails at that provider."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        said = left is not None and left.code == "." and not item.before and item.text.lower() in _ADDRESSES
        if left is None or not said or left.text.lower() in _NO_PROVIDERS:
            made.append(item)
            continue
        people = [d for i in items if i.code in "dmv" for d in _owners(i, schema)]
        mail = next((f for d in people if (f := _mail_of(d, schema))), None)
        if mail is None:
            made.append(item)
            continue
        domain = re.sub(r"\s", "", left.text.lower())
        made[-1] = _contains(left, mail, f"@{domain}", "contains")
        if item.code == "d":
            made.append(item)
    return made


def of_whole_names(items: list[Item], schema: Schema) -> list[Item]:
    """ "whose surname begins with Th", of people who are kept by their full names."""
    made = list(items)
    for n in range(len(items) - 2):
        word, mark, text = items[n : n + 3]
        said = word.text.lower()
        if word.code not in ".f" or mark.code not in "p" or text.code not in "v.n" or said not in _LAST | _FIRST:
            continue
        field = str(word.data) if word.code == "f" else _name_of(items, schema)
        whole = field is not None and not schema.noun_of(field) & {"last", "surname", "family", "first", "given"}
        if field is None or not whole or mark.data not in ("starts_with", "contains"):
            continue
        last = said in _LAST
        like = f"% {text.text}%" if last else f"{text.text}%"
        said_of = replace(word, end=text.end, text=f"{word.text} {mark.text} {text.text}")
        made[n : n + 3] = [_contains(said_of, field, like, "like")]
        return made
    return made


def _contains(item: Item, field: str, piece: str, op: Literal["contains", "like"]) -> Item:
    said = piece.strip("\"'“”‘’")
    cond = Cond(((field, Compare(field=field, op=op, value=said)),), text=said)
    return replace(item, code="C", data=cond, options=(), score=0.95)


def _is_a_piece(item: Item) -> bool:
    """No whole value is called so."""
    return not any(m.kind in ("exact", "folded") for m in item.data)


def _says_where(item: Item) -> bool:
    return item.code == "p" and _WITHIN.match(item.text.lower()) is not None


def _is_within(item: Item) -> bool:
    return item.code == "f" and re.match(r"in (?:the|its|their|his|her)$", item.before) is not None


def _name_of(items: list[Item], schema: Schema) -> str | None:
    """The name of what is asked about."""
    about = next((d for i in items if i.code in "dmv" for d in _owners(i, schema)), None)
    name = schema.model.dataset(about).name_field if about else None
    return f"{about}.{name}" if name else None


def _owners(item: Item, schema: Schema) -> list[str]:
    if item.code == "v":
        return [schema.owner(m.field) for m in item.data if schema.field(m.field).role == "category"]
    return linked_datasets(item, schema)[:1]


def _mail_of(dataset: str, schema: Schema) -> str | None:
    for field in schema.model.dataset(dataset).fields:
        if field.type == "text" and field.samples and all("@" in str(s) for s in field.samples):
            return f"{dataset}.{field.name}"
    return None
