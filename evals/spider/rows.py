"""Rows made up for a schema: each column filled as it is called, with the values that questions speak of among them."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from faker import Faker

from evals.spider.literals import Value, literals
from knowledge.words import split

_SEED = 7
_CODES, _THINGS, _DEEDS = 7, 28, 90
"""Rows of tables of codes, of things, and of what refers to those."""
_PEOPLE = frozenset(
    ["singer", "teacher", "employee", "conductor", "people", "visitor", "contestants", "players", "highschooler",
     "students", "student", "professionals", "owners"]
)  # fmt: skip
_NUMBERS = (
    (frozenset(["year"]), 1960, 2018),
    (frozenset(["age"]), 17, 70),
    (frozenset(["population", "capacity", "sales", "tonnage", "area"]), 1_000, 900_000),
    (frozenset(["rank", "position", "grade", "stops", "seed", "level", "best", "cylinders", "tours"]), 1, 9),
)
Maker = Callable[[], Any]


@dataclass
class _Table:
    name: str
    columns: list[int]
    """Places in the schema's `column_names_original`."""
    keys: list[int]
    refers: dict[int, int]
    """Of a column that refers to another, to which."""
    rows: list[list[Any]] = field(default_factory=list)


def build(schema: dict[str, Any], queries: Sequence[str], folder: Path) -> None:
    """Writes the database as <db>.duckdb and <db>.sqlite, with the same rows in both, unless they are there."""
    name = schema["db_id"]
    if (folder / f"{name}.duckdb").exists() and (folder / f"{name}.sqlite").exists():
        return
    faker, dice = Faker("en_US"), random.Random(_SEED)
    faker.seed_instance(_SEED)
    tables = _tables(schema)
    told = literals(queries, schema)
    for table in tables:
        for column, one in table.refers.items():
            told[one] = [*told[one], *told[column]]
    values: dict[int, list[Any]] = {}
    for table in tables:
        _fill(table, schema, told, values, faker, dice)
    _write(tables, schema, folder / name)


def _tables(schema: dict[str, Any]) -> list[_Table]:
    """The tables, each after those it refers to."""
    columns, refers = schema["column_names_original"], dict(schema["foreign_keys"])
    tables = []
    for at, name in enumerate(schema["table_names_original"]):
        own = [c for c, (table, _) in enumerate(columns) if table == at]
        foreign = {c: refers[c] for c in own if c in refers}
        keys = [c for c in own if c in schema["primary_keys"]]
        if len(foreign) > 1 and set(keys) & set(foreign):  # a bridge, of whose key the schema names the first column
            keys = list(foreign)
        if name != "sqlite_sequence":
            tables.append(_Table(name, own, keys, foreign))
    placed: list[_Table] = []
    while tables:
        known = {c for t in placed for c in t.columns}
        ready = (t for t in tables if all(one in known or one in t.columns for one in t.refers.values()))
        placed.append(next(ready, tables[0]))
        tables.remove(placed[-1])
    return placed


def _fill(
    table: _Table, schema: dict[str, Any], told: dict[int, list[Value]], values: dict[int, list[Any]], faker: Faker,
    dice: random.Random,
) -> None:  # fmt: skip
    codes = table.name.lower().startswith("ref_") or (len(table.columns) <= 3 and not table.refers)
    single = table.keys[0] if len(table.keys) == 1 else None
    alone = _one_each(table)
    makers = {
        c: _maker(schema["column_names_original"][c][1], table, schema["column_types"][c], told[c], faker, dice)
        for c in table.columns
    }
    of = {c: _some(values.get(one, []), dice) for c, one in table.refers.items()}
    seen: set[tuple[Any, ...]] = set()
    for n in range(_CODES if codes else _THINGS - 6 if alone else _DEEDS if table.refers else _THINGS):
        row = []
        for c in table.columns:
            if of.get(c):
                row.append(of[c][n % len(of[c])] if c in alone else _often(of[c], dice))
            elif c == single:
                row.append(_key(n, schema["column_types"][c], told[c], makers[c], seen))
            else:
                row.append(makers[c]())
        key = tuple(row[table.columns.index(c)] for c in table.keys)
        if not key or key not in seen:
            seen.add(key)
            table.rows.append(row)
    for at, c in enumerate(table.columns):
        values[c] = list(dict.fromkeys(row[at] for row in table.rows))


def _one_each(table: _Table) -> set[int]:
    """The references that no two rows share: each player is another person; of who has which pet, each pet has one."""
    words = split(table.name)
    if words[0] == "has":
        return {list(table.refers)[-1]}
    return set(table.refers) if "player" in words and len(table.refers) == 1 else set()


def _some(pool: list[Any], dice: random.Random) -> list[Any]:
    """Most of what can be referred to: some things have no rows of others."""
    return dice.sample(pool, max(2, int(len(pool) * 0.8))) if len(pool) > 2 else pool


def _often(pool: list[Any], dice: random.Random) -> Any:
    """Some are referred to more often than others."""
    return (
        dice.choice(pool) if dice.random() < 0.3 else pool[min(int(dice.expovariate(2.5 / len(pool))), len(pool) - 1)]
    )


def _key(n: int, kind: str, told: list[Value], made: Maker, seen: set[tuple[Any, ...]]) -> Any:
    if kind == "number":
        return n + 1
    named = list(dict.fromkeys(map(str, told)))
    value = named[n] if n < len(named) else f"{made()}"
    return value if (value,) not in seen else f"{value}{n}"


def _maker(column: str, table: _Table, kind: str, told: list[Value], faker: Faker, dice: random.Random) -> Maker:
    words = set(split(column))
    numbers = [float(v) for v in told if isinstance(v, float) or re.fullmatch(r"-?\d+(\.\d+)?", v)]
    texts = [str(int(v)) if isinstance(v, float) else v for v in told]
    if kind == "number" or (texts and len(numbers) == len(told) and not words & {"year", "code", "id", "phone"}):
        number = _numbers(words, numbers, dice)
        return number if kind == "number" else lambda: str(number())
    if kind == "time":
        return lambda: faker.date_time_between("-20y", "now").strftime("%Y-%m-%d %H:%M:%S")
    if kind in ("boolean", "others"):
        pool = list(dict.fromkeys([*texts, *(("1", "0") if "1" in texts else ("T", "F"))]))
        return lambda: dice.choice(pool)
    made = _texts(words, set(split(table.name)), faker, dice)
    named = "name" in words and not words & {"first", "last", "fname", "lname"} and not table.refers
    left = list(dict.fromkeys(texts))
    if named:  # each thing has a name of its own
        return lambda: left.pop() if left and dice.random() < 0.5 else f"{made()}"
    often = 0.75 if len(left) > 1 and not words & {"name", "title", "city"} else 0.45
    return lambda: dice.choice(texts) if texts and dice.random() < often else made()


def _numbers(words: set[str], told: list[float], dice: random.Random) -> Maker:
    if told and "year" not in words:
        low, high = min(told), max(told)
        span = 0.6 * max(high - low, abs(high) * 0.6, 4)
        whole = all(v.is_integer() for v in told)
        near = lambda: max(0.0, dice.uniform(low - span, high + span))  # noqa: E731
        value = lambda: dice.choice(told) if dice.random() < 0.3 else near()  # noqa: E731
        return (lambda: round(value())) if whole else value
    for called, low, high in _NUMBERS:
        if called & words:
            years = [int(v) for v in told]
            return lambda: dice.choice(years) if years and dice.random() < 0.3 else dice.randint(low, high)
    if words & {"price", "amount", "cost", "earnings", "worth", "spent", "weight", "rating", "height", "percent"}:
        return lambda: round(dice.uniform(1, 900), 2)
    return lambda: dice.randint(1, 400)


def _texts(words: set[str], table: set[str], faker: Faker, dice: random.Random) -> Maker:
    kinds = [" ".join(faker.words(1)).title() for _ in range(5)]
    makers: tuple[tuple[set[str], Maker], ...] = (
        ({"email"}, faker.email),
        ({"phone", "telephone", "cell", "mobile"}, lambda: faker.numerify("###-###-####")),
        ({"first", "fname", "forename", "middle"}, faker.first_name),
        ({"last", "lname", "surname"}, faker.last_name),
        ({"date", "birthdate"}, lambda: faker.date_between("-20y", "today").isoformat()),
        ({"year"}, lambda: str(dice.randint(1990, 2018))),
        ({"age"}, lambda: str(dice.randint(19, 64))),
        ({"city", "hometown", "town", "location"}, faker.city),
        ({"state", "province", "county", "district"}, faker.state),
        ({"zip", "postcode", "zipcode"}, faker.postcode),
        ({"abbreviation", "abbrev", "code", "codes", "ioc"}, lambda: faker.lexify("???").upper()),
        ({"country", "nationality", "citizenship"}, faker.country),
        ({"address", "line"}, faker.street_address),
        ({"sex", "gender"}, lambda: dice.choice("MF")),
        ({"hand"}, lambda: dice.choice("RL")),
        ({"manager", "commander", "head", "directed", "written", "player", "winner", "loser"}, faker.name),
        ({"name", *table}, faker.name if table & _PEOPLE else lambda: " ".join(faker.words(2)).title()),
        ({"description", "details", "text", "other", "note"}, lambda: faker.sentence(4)),
        ({"rating", "share", "viewers", "tonnage"}, lambda: str(round(dice.uniform(1, 12), 1))),
    )
    return next((made for called, made in makers if called & words), lambda: dice.choice(kinds))


def _write(tables: Sequence[_Table], schema: dict[str, Any], path: Path) -> None:
    for file in (path.with_suffix(".duckdb"), path.with_suffix(".sqlite")):
        file.unlink(missing_ok=True)
    columns = schema["column_names_original"]
    names = {c: f'"{columns[c][1]}"' for c in range(len(columns))}
    by_column = {c: t for t in tables for c in t.columns}
    with duckdb.connect(str(path.with_suffix(".duckdb"))) as con, sqlite3.connect(path.with_suffix(".sqlite")) as lite:
        for at, table in enumerate(tables):
            types = [_type(c, table, schema) for c in table.columns]
            parts = [f"{names[c]} {kind}" for c, kind in zip(table.columns, types, strict=True)]
            keys = [f"PRIMARY KEY ({', '.join(names[c] for c in table.keys)})"] if table.keys else []
            for c, one in table.refers.items():
                target = by_column.get(one)
                if target is not None and target in tables[:at] and target.keys == [one]:
                    keys.append(f'FOREIGN KEY ({names[c]}) REFERENCES "{target.name}" ({names[one]})')
            con.execute(f'CREATE TABLE "{table.name}" ({", ".join([*parts, *keys])})')
            lite.execute(f'CREATE TABLE "{table.name}" ({", ".join(parts)})'.replace("TIMESTAMP", "TEXT"))
            insert = f'INSERT INTO "{table.name}" VALUES ({", ".join("?" * len(table.columns))})'
            con.executemany(insert, table.rows)
            lite.executemany(insert, table.rows)


def _type(column: int, table: _Table, schema: dict[str, Any]) -> str:
    if schema["column_types"][column] == "time" and column not in table.refers:
        return "TIMESTAMP"
    held = [row[table.columns.index(column)] for row in table.rows]
    if all(isinstance(v, int) for v in held):
        return "INTEGER"
    return "DOUBLE" if all(isinstance(v, int | float) for v in held) else "VARCHAR"
