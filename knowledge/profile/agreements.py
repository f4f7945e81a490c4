"""Where several ways between two tables lead to the same rows: a sale's shop is its employee's and its vehicle's."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from knowledge.compile.graph import Path, graph_of
from knowledge.model import SemanticModel

_PAIRS = 40
_ROWS = 20_000
_FEWEST = 20
"""Rows that say too little to tell agreement from chance."""
_SAME = 0.995
"""The part of the rows for which two ways must lead to the same place. (The rest are taken for mistakes.)"""


def agreeing_ways(model: SemanticModel, con: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    """Pairs of datasets (from, to) between which several shortest ways lead from a row to the same row."""
    found = []
    for n, (start, end, ways) in enumerate(_several(model)):
        if n >= _PAIRS:
            break
        try:
            if all(_same(model, start, ways[0], way, con) for way in ways[1:]):
                found.append((start, end))
        except duckdb.Error:
            continue  # keys of types that can't be compared: the ways stay apart
    return tuple(found)


def _several(model: SemanticModel) -> Iterator[tuple[str, str, list[Path]]]:
    graph = graph_of(model)
    for dataset in model.datasets:
        for other in graph.reachable(dataset.name)[1:]:
            ways = graph.ways(dataset.name, other.name)
            if len(ways) > 1 and other.primary_key and all(hop.up for way in ways for hop in way):
                apart = next(hops for hops in zip(*ways, strict=True) if len(set(hops)) > 1)
                if len({hop.end for hop in apart}) == len(ways):  # not origin and destination: those are two places
                    yield dataset.name, other.name, ways


def _same(model: SemanticModel, start: str, one: Path, other: Path, con: duckdb.DuckDBPyConnection) -> bool:
    joins, ends = [], []
    for n, way in enumerate((one, other)):
        at, alias = start, "s"
        for step, hop in enumerate(way):
            name = f"w{n}_{step}"
            dataset = model.dataset(hop.end)
            pairs = " AND ".join(
                f"{_field(model, at, left, alias)} = {_field(model, hop.end, right, name)}" for left, right in hop.keys
            )
            joins.append(f"JOIN {dataset.source} AS {name} ON {pairs}")
            at, alias = hop.end, name
        ends.append([_field(model, at, key, alias) for key in model.dataset(at).primary_key])
    equal = " AND ".join(f"{left} = {right}" for left, right in zip(*ends, strict=True))
    source = f"(SELECT * FROM {model.dataset(start).source} LIMIT {_ROWS})"
    row = con.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {equal}) FROM {source} AS s {' '.join(joins)}"
    ).fetchone()
    return row is not None and row[0] >= _FEWEST and row[1] >= _SAME * row[0]


def _field(model: SemanticModel, dataset: str, field: str, alias: str) -> str:
    """A column as it is stored: keys are columns, quoted."""
    sql = model.dataset(dataset).field(field).sql
    return f"{alias}.{sql}" if sql.startswith('"') else sql.replace('"' + field + '"', f'{alias}."{field}"')
