"""Names of tables and columns from the names of files, sheets and headers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

_ENDING = re.compile(
    r"(\.(csv|tsv|tab|psv|txt|jsonl?|ndjson|xls[xmb]?|ods|parquet|pq|sqlite3?|db3?|duckdb|ddb|gz))+$", re.I
)


def identifier(text: str) -> str:
    """A table's name, in lower case.

    >>> identifier("Umsätze 2024 (final)"), identifier("2024 sales")
    ('umsätze_2024_final', 't_2024_sales')
    """
    cleaned = re.sub(r"\W+", "_", text.strip().lower()).strip("_") or "data"
    return f"t_{cleaned}"[:60] if cleaned[0].isdigit() else cleaned[:60]


def stem(path: Path) -> str:
    """A file's name without its endings: `sales.2024.csv.gz` is `sales.2024`."""
    return _ENDING.sub("", path.name) or path.name


def free_name(name: str, taken: set[str]) -> str:
    """The identifier of a name that no other table has yet."""
    base = made = identifier(name)
    number = 2
    while made in taken:
        made, number = f"{base}_{number}", number + 1
    taken.add(made)
    return made


def unique(names: Iterable[str]) -> list[str]:
    """The names, those that came before (in upper or lower case) with a number.

    >>> unique(["a", "A", "b", "a"])
    ['a', 'A_2', 'b', 'a_3']
    """
    made: list[str] = []
    taken: set[str] = set()
    for name in names:
        fresh, number = name, 2
        while fresh.lower() in taken:
            fresh, number = f"{name}_{number}", number + 1
        taken.add(fresh.lower())
        made.append(fresh)
    return made
