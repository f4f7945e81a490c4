"""Rows that refer to what is no longer there: the invoice of a subscription that nobody kept."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from knowledge.model import Relationship, SemanticModel

_ROWS = 200_000
"""Rows of a table that are looked at."""


def with_strays(model: SemanticModel, con: duckdb.DuckDBPyConnection) -> SemanticModel:
    """The model, each relationship saying whether some rows refer to nothing."""
    return replace(
        model, relationships=tuple(replace(r, strays=_has_strays(r, model, con)) for r in model.relationships)
    )


def _has_strays(relation: Relationship, model: SemanticModel, con: duckdb.DuckDBPyConnection) -> bool:
    many, one = model.dataset(relation.many), model.dataset(relation.one)
    own = ", ".join(f"({many.field(f).sql}) AS c{n}" for n, f in enumerate(relation.many_fields))
    keys = ", ".join(f"({one.field(f).sql}) AS k{n}" for n, f in enumerate(relation.one_fields))
    columns = range(len(relation.many_fields))
    known = " AND ".join(f"c{n} IS NOT NULL" for n in columns)
    equal = " AND ".join(f"c{n} = k{n}" for n in columns)
    try:
        row = con.execute(
            f"SELECT 1 FROM (SELECT {own} FROM {many.source} LIMIT {_ROWS}) ANTI JOIN "
            f"(SELECT {keys} FROM {one.source}) ON {equal} WHERE {known} LIMIT 1"
        ).fetchone()
    except duckdb.Error:
        return False  # keys of types that can't be compared
    return row is not None
