"""Which date says since when rows are in a state: a loan's `closed_on` is there for those that are repaid or written
off, and missing for the others."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from knowledge.model import Dataset, ModelField, SemanticModel, StateTime
from knowledge.words import lemma

_ROWS = 200_000
_STATES = range(2, 16)
_PAIRS = 12
_FEWEST = 3
"""Rows of a state that say too little."""
_ALWAYS, _NEVER = 0.98, 0.05
"""The part of a state's rows that have the date, if it is reached then, and if it isn't reached yet."""


def times_of_states(model: SemanticModel, con: duckdb.DuckDBPyConnection) -> tuple[StateTime, ...]:
    """The values of categories whose rows have a date that the rows of another value lack: the date at which they came
    to it. A date that is named for another value of the category tells nothing of this one."""
    return tuple(told for dataset in model.datasets for told in _of_dataset(dataset, con))


def _of_dataset(dataset: Dataset, con: duckdb.DuckDBPyConnection) -> Iterator[StateTime]:
    states = [f for f in dataset.fields if f.role == "category" and f.type == "text" and f.distinct in _STATES]
    times = [f for f in dataset.fields if f.type in ("date", "timestamp") and 0 < f.nulls < 1 and not f.hidden]
    times = [f for f in times if f.name != dataset.default_time]
    if not states or not times or len(states) * len(times) > _PAIRS * 2:
        return
    for state in states[:_PAIRS]:
        filled = ", ".join(f"count({f.sql})" for f in times)
        rows = con.execute(
            f"SELECT {state.sql}, count(*), {filled} FROM (SELECT * FROM {dataset.source} LIMIT {_ROWS}) "
            f"WHERE {state.sql} IS NOT NULL GROUP BY 1"
        ).fetchall()
        for value, count, *dated in rows:
            parts = {f.name: n / count for f, n in zip(times, dated, strict=True)}
            told = [
                f
                for at, f in enumerate(times)
                if count >= _FEWEST
                and parts[f.name] >= _ALWAYS
                and any(c >= _FEWEST and d[at] <= _NEVER * c for _, c, *d in rows)
                and not _named_for_others(f, str(value), [str(v) for v, *_ in rows])
            ]
            own = [f for f in told if _words(f.label) & _words(str(value))]
            if len(own or told) == 1:
                yield StateTime(dataset.name, state.name, str(value), (own or told)[0].name)


def _named_for_others(field: ModelField, value: str, values: list[str]) -> bool:
    """ "shipped at" says since when orders are shipped, not since when they are returned."""
    said = _words(field.label)
    return any(said & _words(v) for v in values if v != value) and not said & _words(value)


def _words(text: str) -> set[str]:
    return {lemma(w) for w in text.lower().replace("_", " ").replace("-", " ").split()}
