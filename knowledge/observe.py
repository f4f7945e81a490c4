"""What the data says of a hand-made model: its fields' usual values, gaps, least and greatest, and whether its keys are
what it says.

A profiled model has all of this already; one that was written by hand, or imported, only says what should be there.
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
_REPEATED = "(keys that repeat)"
_Key = tuple[str, ...]
"""A dataset and some of its fields."""


def observed(model: SemanticModel, warehouse: Warehouse, path: Path, state_dir: Path) -> SemanticModel:
    """The model with samples, nulls, minimum and maximum of its fields, and without the keys and relationships by which
    rows would count twice: `unsaid` tells of those. What the data says is kept in the state folder while the file at
    `path` and the model stay the same. A field that can't be read is left as it is."""
    stat = path.stat()
    facts = (
        str(path.resolve()),
        stat.st_size,
        stat.st_mtime_ns,
        [(d.name, d.source, [(f.name, f.sql) for f in d.fields], d.primary_key) for d in model.datasets],
        [(r.name, r.many, r.one, r.many_fields, r.one_fields, r.one_to_one) for r in model.relationships],
    )
    kept = state_dir / "observed" / f"{blake2b(repr(facts).encode(), digest_size=12).hexdigest()}.json"
    try:
        seen: dict[str, list[Any]] = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        seen = {}
        for dataset in model.datasets:
            seen |= _look(dataset, warehouse)
        seen[_REPEATED] = [list(key) for key in _keys(model) if _repeats(model.dataset(key[0]), key[1:], warehouse)]
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(seen, default=str), encoding="utf-8")
        except OSError:
            pass  # looked at again the next time
    datasets = [replace(d, fields=tuple(_known(d, f, seen) for f in d.fields)) for d in model.datasets]
    return _with_true_keys(replace(model, datasets=tuple(datasets)), {tuple(key) for key in seen.get(_REPEATED, [])})


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


# --- keys -------------------------------------------------------------------------------------------------------------


def _keys(model: SemanticModel) -> list[_Key]:
    """What must pick one row each: primary keys, and the sides of relationships that have one row."""
    keys = [(d.name, *d.primary_key) for d in model.datasets if d.primary_key]
    keys += [(r.one, *r.one_fields) for r in model.relationships]
    keys += [(r.many, *r.many_fields) for r in model.relationships if r.one_to_one]
    return list(dict.fromkeys(keys))


def _repeats(dataset: Dataset, fields: Sequence[str], warehouse: Warehouse) -> bool:
    """Whether two rows surely have the same values there; nulls join nothing, and don't count."""
    columns = [dataset.field(f).sql if dataset.has(f) else '"' + f.replace('"', '""') + '"' for f in fields]
    filled = " AND ".join(f"({c}) IS NOT NULL" for c in columns)
    sql = f"SELECT 1 FROM {dataset.source} AS t WHERE {filled} GROUP BY {', '.join(columns)} HAVING COUNT(*) > 1"
    return bool(_rows(f"{sql} LIMIT 1", warehouse))


def _with_true_keys(model: SemanticModel, repeated: set[_Key]) -> SemanticModel:
    told, kept = list(model.unsaid), []
    for relationship in model.relationships:
        one, many = (relationship.one, *relationship.one_fields), (relationship.many, *relationship.many_fields)
        if one in repeated:
            told.append(
                f"{relationship.name}: several rows of {relationship.one} have the same {' and '.join(one[1:])}, so a "
                f"join would count rows of {relationship.many} several times. It is left out."
            )
        else:
            kept.append(replace(relationship, one_to_one=relationship.one_to_one and many not in repeated))
    datasets = [replace(d, primary_key=()) if (d.name, *d.primary_key) in repeated else d for d in model.datasets]
    return replace(model, datasets=tuple(datasets), relationships=tuple(kept), unsaid=tuple(told))


# --- fields -----------------------------------------------------------------------------------------------------------


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
