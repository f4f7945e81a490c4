"""How much a column is named like a reference to a table: words compared with words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.profile.columns import ColumnFacts, Table, TableFacts
from knowledge.words import is_english, listed, shared_prefix, singular, spell, split, synonyms, table_pieces, without

_ALONE = 5
_LETTERS = 3
"""Fewer letters of a name are no sign of it."""


@dataclass(frozen=True)
class Said:
    """A name in words: "sbTxCustId" is `thing` (customer,) and `key` "id" ("" without a key word at its end)."""

    thing: tuple[str, ...]
    key: str
    plain: str
    """The whole name in lower case without marks, to compare names letter by letter."""


@dataclass(frozen=True)
class Naming:
    """The words of all tables and columns of a database."""

    tables: dict[Table, tuple[str, ...]]
    columns: dict[tuple[Table, str], Said]
    shared: tuple[str, ...]
    """The pieces that all tables' names start with."""
    prefixes: dict[Table, tuple[str, ...]]
    """The pieces that a table's columns start with."""
    shortened: dict[str, tuple[str, ...]]
    """What the tables' own keys shorten their names to: "spec" of spec_id in a table of specialties."""


def name_things(tables: Sequence[TableFacts]) -> Naming:
    shared = tuple(shared_prefix([t.name for t in tables]))
    if len(tables) < 4 and shared and len(shared[0]) > 3:
        shared = ()  # two or three tables of one subject, not a mark of the database
    if any("".join(table_pieces(t.name)[len(shared) :]).isdigit() for t in tables):
        shared = ()  # tables told apart only by numbers
    prefixes = {t.at: tuple(shared_prefix([c.name for c in t.columns])) for t in tables}
    words = {t.at: _table_words(t.name, shared) for t in tables}
    short = _shortened_names(tables, words)
    columns = {(t.at, c.name): _said(c, t, prefixes[t.at], shared, short) for t in tables for c in t.columns}
    for table in tables:  # "dlrid" of tblDlr, whatever a dlr is
        raw = "".join(without(table_pieces(table.name), shared))
        for column in table.columns:
            plain = columns[table.at, column.name].plain
            key = plain[len(raw) :] if plain.startswith(raw) else ""
            if key in listed("joins", "keys") and plain != raw:
                columns[table.at, column.name] = Said(words[table.at], key, plain)
    return Naming(words, columns, shared, prefixes, short)


def _shortened_names(
    tables: Sequence[TableFacts], words: Mapping[Table, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for table in tables:
        pieces = split(table.columns[0].name) if table.columns else []
        if len(pieces) != 2 or pieces[1] not in listed("joins", "keys") or not table.columns[0].unique:
            continue
        short, said = pieces[0], words[table.at]
        if len(said) == 1 and _LETTERS <= len(short) < len(said[0]) and said[0].startswith(short):
            found.setdefault(short, set()).add(said)
    for table in tables:  # "schol_name" of a table of scholarships
        said = words[table.at]
        for column in table.columns:
            short = split(column.name)[0]
            if (
                len(said) == 1
                and _ALONE <= len(short) < len(said[0])
                and said[0].startswith(short)
                and not is_english(short)
            ):
                found.setdefault(short, set()).add(said)
    return {short: next(iter(said)) for short, said in found.items() if len(said) == 1}


def lengthened(pieces: Sequence[str], shortened: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The pieces of an identifier, with what the tables' keys shorten written out."""
    return [word for piece in pieces for word in shortened.get(piece, (piece,))]


def _table_words(name: str, shared: Sequence[str]) -> tuple[str, ...]:
    pieces = without(table_pieces(name), shared)
    words = [singular(w) for w in spell(pieces, noun=True).lower().split()]
    while len(words) > 1 and words[-1] in listed("tables", "tails"):
        words.pop()
    return tuple(words)


def _said(
    column: ColumnFacts,
    table: TableFacts,
    prefix: Sequence[str],
    shared: Sequence[str],
    short: Mapping[str, tuple[str, ...]],
) -> Said:
    pieces = split(column.name)
    own = without(pieces, prefix)
    if own == pieces:
        own = without(pieces, shared)
    words = [singular(w) for w in spell(lengthened(own, short), table=table_pieces(table.name)).lower().split()]
    plain = "".join(without(pieces, shared))
    if len(own) == 1 and 3 <= len(own[0]) <= 4 and own[0].endswith("id"):
        return Said((own[0][:-2],), "id", plain)
    key = ""
    if words[-1:] and words[-1].isdigit() and words[-2:-1] == ["iso"]:
        words.pop()  # "iso2" is the code of two letters
    while words and words[-1] in listed("joins", "keys"):
        key = key or words[-1]
        words.pop()
    if words[:1] == ["id"] and len(words) > 1:  # "id_customer"
        key, words = key or "id", words[1:]
    return Said(tuple(w for w in words if w not in ("fk", "ref")), key, plain)


def is_figure(said: Said) -> bool:
    """Named like an amount, not like a reference."""
    figures = listed("roles", "measured_types") | {"amount", "quantity", "count", "percent", "rate", "ratio"}
    return not said.key and bool(said.thing) and any(w.rstrip("0123456789") in figures for w in said.thing[-2:])


def about(said: Said) -> tuple[str, ...]:
    """What the column is a key or the name of: ("state",) for "state_name"."""
    return said.thing[:-1] if len(said.thing) > 1 and said.thing[-1] in ("name", "title") else said.thing


def likeness(thing: Sequence[str], table: Sequence[str]) -> float:
    """How well the words of a column name the thing that a table holds, 0..1.

    >>> likeness(("customer",), ("customer",)), likeness(("billing", "address"), ("address",))
    (1.0, 0.9)
    """
    if not thing or not table:
        return 0.0
    if tuple(thing) == tuple(table) or "".join(thing) == "".join(table):
        return 1.0
    if len(thing) > len(table) and tuple(thing[-len(table) :]) == tuple(table):
        return 0.9
    if len(thing) < len(table) and tuple(table[-len(thing) :]) == tuple(thing):
        return 0.82
    if len(thing) > len(table) and tuple(thing[: len(table)]) == tuple(table):
        return 0.55
    if len(thing) < len(table) and tuple(table[: len(thing)]) == tuple(thing):
        return 0.5  # an order's id, in a table of order lines
    if len(thing) == 1:
        return _shortened(thing[0], table)
    if thing[-1] == table[-1]:
        return 0.6
    return 0.75 * _shortened(thing[-1], table)


def _shortened(piece: str, table: Sequence[str]) -> float:
    head, joined = table[-1], "".join(table)
    if len(piece) >= 3 and (head.startswith(piece) or joined.startswith(piece) or piece.startswith(head)):
        return 0.75 if len(head) > 3 else 0.4
    near = dict(synonyms(piece)).get(head, 0.0)
    if near >= 0.85:
        return 0.6
    if len(piece) >= 3 and piece[0] == joined[0] and _within(piece, joined):
        return 0.6
    if len(piece) <= 2 and piece == "".join(word[0] for word in table)[: len(piece)]:
        return 0.55
    return 0.0


def _within(short: str, long: str) -> bool:
    """The letters of `short` are in `long`, in order: "cstmr" in "customer"."""
    letters = iter(long)
    return all(letter in letters for letter in short)
