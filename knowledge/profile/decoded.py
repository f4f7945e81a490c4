"""Codes said in words: where one table of the database says what the codes of others mean, each coded column gets a
field with the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from knowledge.model import ModelField
from knowledge.profile.columns import TableFacts, quoted
from knowledge.words import split

_OF = frozenset(["type", "typ", "category", "categ", "cat", "domain", "set", "group", "grp", "list", "class", "kind"])
_CODES = frozenset(["code", "cd", "value", "val", "key"])
_SAYS = frozenset(["desc", "descr", "description", "label", "meaning", "name", "nm", "text", "txt"])
_MOST, _FIELD = 2_000, 60
"""Codes in a table of them, and different ones in a column."""


@dataclass(frozen=True)
class Codes:
    """What the codes of one kind mean."""

    kind: str
    meanings: dict[str, str]


def code_lists(con: duckdb.DuckDBPyConnection, tables: Sequence[TableFacts]) -> list[Codes]:
    """The kinds of codes that tables of three columns tell: of what they are codes, the code, and its meaning."""
    found: list[Codes] = []
    for table in tables:
        by_last = {split(c.name)[-1]: c.name for c in table.columns if c.type == "text"}
        kind, code, says = (next((by_last[w] for w in by_last if w in words), None) for words in (_OF, _CODES, _SAYS))
        if not (kind and code and says) or not 1 < table.rows <= _MOST:
            continue
        meanings: dict[str, dict[str, str]] = defaultdict(dict)
        columns = ", ".join(quoted(c) for c in (kind, code, says))
        for one, value, text in con.execute(f"SELECT {columns} FROM {table.source}").fetchall():
            if one and value and text:
                meanings[str(one)][str(value)] = str(text)
        if sum(map(len, meanings.values())) == table.rows:  # each code of a kind is told once
            found += [Codes(name, told) for name, told in meanings.items()]
    return found


def decoded_fields(
    con: duckdb.DuckDBPyConnection, table: TableFacts, fields: Sequence[ModelField], thing: str, lists: Sequence[Codes]
) -> tuple[ModelField, ...]:
    """The fields that say what the codes in a table of `thing`s mean."""
    taken = {f.label.lower() for f in fields}
    made: list[ModelField] = []
    for field in fields if lists else ():
        if field.type != "text" or field.role not in ("code", "category") or not 0 < (field.distinct or 0) <= _FIELD:
            continue
        used = con.execute(f"SELECT DISTINCT {field.sql} AS v FROM {table.source} WHERE v IS NOT NULL").fetchall()
        told = _told([str(v) for (v,) in used], field, lists)
        stem = " ".join(w for w in field.label.lower().split() if w not in ("code", "cd", "id")) or field.label.lower()
        own = field.label.lower() == stem  # "customer type", which holds codes
        label = f"{stem} type" if stem in (thing, thing.split()[-1]) or (stem in taken and not own) else stem
        if told is None or (label in taken and not own):
            continue
        cases = " ".join(f"WHEN {_text(c)} THEN {_text(told.meanings[c])}" for c in sorted({str(v) for (v,) in used}))
        words = tuple(told.meanings[str(s)] for s in field.samples if str(s) in told.meanings)
        made.append(
            ModelField(
                f"{field.name}_said", f"CASE {field.sql} {cases} END", "text", "category", label,
                f"what the {field.label.lower()} means",
                synonyms=tuple(f"{stem} {w}" for w in ("type", "name", "description")),
                distinct=len(used), nulls=field.nulls, samples=words,
            )
        )  # fmt: skip
        taken.add(label)
    return tuple(made)


def called_without_code(fields: Sequence[ModelField]) -> tuple[ModelField, ...]:
    """The fields; a country code is the country, too, where nothing else of the table is; what is also said in words is
    a code."""
    said = {f.name.removesuffix("_said"): f.label for f in fields if f.name.endswith("_said")}
    fields = [replace(f, label=f"{f.label} code") if f.label == said.get(f.name) else f for f in fields]
    taken = {w for f in fields for w in (f.label.lower(), *f.synonyms)}
    made = []
    for field in fields:
        stem, _, last = field.label.lower().rpartition(" ")
        coded = (
            field.type == "text" and field.role in ("place", "category", "code") and last in ("code", "abbreviation")
        )
        if coded and stem and not taken & {stem, *(f"{stem} {w}" for w in ("name", "type", "description"))}:
            field = replace(field, synonyms=(*field.synonyms, stem))
        made.append(field)
    return tuple(made)


def _told(used: Sequence[str], field: ModelField, lists: Sequence[Codes]) -> Codes | None:
    """The one list that has all the codes: the one that is named like the column, else the only one."""
    having = [codes for codes in lists if used and all(v in codes.meanings for v in used)]
    words = {*split(field.name), *field.label.lower().split()}
    named = [c for c in having if any(w.startswith(p) or p.startswith(w) for p in split(c.kind) for w in words)]
    chosen = named if named else having if len(used) > 1 else []
    return chosen[0] if len(chosen) == 1 else None


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
