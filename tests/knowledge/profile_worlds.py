"""Three businesses' databases as one finds them, made up for tests: ugly names, no declared keys, dates in text."""

from __future__ import annotations

from pathlib import Path

import duckdb

_SQL = Path(__file__).parent / "profile_worlds"
DEALER = (_SQL / "dealer.sql").read_text(encoding="utf-8")
POS = (_SQL / "restaurant.sql").read_text(encoding="utf-8")
CLINIC = (_SQL / "clinic.sql").read_text(encoding="utf-8")


def make(path: Path, sql: str) -> Path:
    """The DuckDB file at `path`, with what the statements add to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(path))
    con.execute(sql)
    con.close()
    return path
