"""Rows that lack the date that tells when such rows happen, by how they stand: a payment that failed was never paid,
and happened when it was due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb

from knowledge.model import Dataset, ModelField, SemanticModel

_FEWEST = 5
"""Rows that say too little to tell a rule from chance."""
_MOST_STATES = 20


def with_undated(model: SemanticModel, con: duckdb.DuckDBPyConnection) -> SemanticModel:
    """The model, each dataset saying which of its rows have no usual date, and which date they have."""
    return replace(model, datasets=tuple(replace(d, undated=tuple(_undated(d, con))) for d in model.datasets))


def _undated(dataset: Dataset, con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    usual = dataset.field(dataset.default_time) if dataset.default_time else None
    if usual is None or not usual.nulls:
        return
    others = [f for f in dataset.fields if f.type in ("date", "timestamp") and f != usual and not f.hidden]
    states = [f for f in dataset.fields if f.role == "category" and 1 < (f.distinct or 0) <= _MOST_STATES]
    for state in states if others else ():
        known = ", ".join(f"COUNT({f.sql})" for f in (usual, *others))
        try:
            rows = con.execute(f"SELECT {state.sql}, COUNT(*), {known} FROM {dataset.source} GROUP BY 1").fetchall()
        except duckdb.Error:
            continue
        for value, count, dated, *counts in rows:
            full = [f for f, n in zip(others, counts, strict=True) if n == count]
            if value is not None and count >= _FEWEST and not dated and full:
                yield state.name, str(value), _likeliest(full).name


def _likeliest(times: list[ModelField]) -> ModelField:
    """That which is always known, whatever the state, is when the row came in or was to happen."""
    return min(times, key=lambda f: f.nulls)
