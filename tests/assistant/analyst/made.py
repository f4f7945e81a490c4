"""A business made up for a test: its tables in a file, and what fills them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb


class Put(Protocol):
    def __call__(self, table: str, *row: object) -> None: ...


@contextmanager
def filling(path: Path, tables: Sequence[str]) -> Iterator[Put]:
    """Makes the tables ("tariff(tariff_id int primary key, …)"), and yields what puts a row into one."""
    with duckdb.connect(str(path)) as con:
        for table in tables:
            con.execute(f"create table {table}")

        def put(table: str, *row: object) -> None:
            con.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)

        yield put
