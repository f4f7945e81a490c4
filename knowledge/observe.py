"""What the data says of the fields of a hand-made model: their usual values, gaps, least and greatest.

A profiled model has these already; one that was written by hand, or imported, names fields only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.warehouse import QueryFailed, QueryTimeout, Warehouse

_MOST = 20
"""Values kept of a field, as in a profile."""
_SECONDS = 5.0


def observed(model: SemanticModel, warehouse: Warehouse, path: Path, state_dir: Path) -> SemanticModel:
    """The model with samples, nulls, minimum and maximum of its fields; kept in the state folder while the data file
    at `path` and the model stay the same. A field that can't be read is left as it is."""
    stat = path.stat()
    facts = (
        str(path.resolve()),
        stat.st_size,
        stat.st_mtime_ns,
        [(d.source, [f.sql for f in d.fields]) for d in model.datasets],
    )
    kept = state_dir / "observed" / f"{blake2b(repr(facts).encode(), digest_size=12).hexdigest()}.json"
    try:
        seen: dict[str, list[Any]] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        seen = {}
        for dataset in model.datasets:
            seen |= _look(dataset, warehouse)
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(seen, default=str), encoding="utf-8")
        except OSError:
            pass  # looked at again the next time
    datasets = [replace(d, fields=tuple(_known(d, f, seen) for f in d.fields)) for d in model.datasets]
    return replace(model, datasets=tuple(datasets))


def _known(dataset: Dataset, field: ModelField, seen: dict[str, list[Any]]) -> ModelField:
    found = seen.get(f"{dataset.name}.{field.name}")
    if found is None:
        return field
    samples, nulls, low, high = found
    return replace(
        field, samples=field.samples or tuple(samples), nulls=field.nulls or nulls,
        minimum=low if field.minimum is None else field.minimum,
        maximum=high if field.maximum is None else field.maximum,
    )  # fmt: skip


def _look(dataset: Dataset, warehouse: Warehouse) -> dict[str, list[Any]]:
    wanted = [f for f in dataset.fields if not f.samples and f.role not in ("key", "foreign_key", "text", "time")]
    if not wanted:
        return {}
    sums = ", ".join(f"COUNT({f.sql}), MIN({f.sql}), MAX({f.sql})" for f in wanted)
    found = _rows(f"SELECT COUNT(*), {sums} FROM {dataset.source} AS t", warehouse)
    if not found:
        return {}
    total, *rest = found[0]
    seen: dict[str, list[Any]] = {}
    for n, field in enumerate(wanted):
        count, low, high = rest[3 * n : 3 * n + 3]
        samples: list[Any] = []
        if field.type in ("text", "boolean", "integer") and (field.distinct is None or field.distinct <= _MOST):
            sql = (
                f"SELECT {field.sql} AS v FROM {dataset.source} AS t WHERE {field.sql} IS NOT NULL "
                f"GROUP BY 1 ORDER BY COUNT(*) DESC LIMIT {_MOST + 1}"
            )
            values = [row[0] for row in _rows(sql, warehouse)]
            samples = values if len(values) <= _MOST else []
        seen[f"{dataset.name}.{field.name}"] = [samples, 1 - count / total if total else 0.0, low, high]
    return seen


def _rows(sql: str, warehouse: Warehouse) -> Sequence[Sequence[Any]]:
    try:
        return warehouse.query(sql, max_rows=_MOST + 1, timeout_s=_SECONDS)[1]
    except (QueryFailed, QueryTimeout):
        return []
