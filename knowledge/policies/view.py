"""A workspace as one viewer sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from knowledge import values
from knowledge.freshness import freshest
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.observe import observed
from knowledge.policies.offered import offered, offered_questions
from knowledge.policies.sight import Sight
from knowledge.policies.viewer import Viewer
from knowledge.values import ValueIndex
from knowledge.warehouse import Warehouse
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.warehouse.policed import PolicedWarehouse, macros_of, views_of
from knowledge.workspace import Workspace


def view_of(workspace: Workspace, viewer: Viewer, state_dir: Path) -> Workspace:
    """The workspace with no more in sight than the viewer may see: in queries, in what is known of the fields, in the
    stored values that a question may name, and in how fresh the data is. The workspace itself for one who sees all.

    What is worked out is kept in `state_dir`, once for all viewers who see the same. Raises BadPolicy."""
    model, warehouse = workspace.model, workspace.warehouse
    sight = Sight(model, viewer, views_of(warehouse))
    if not sight.limited and not sight.masked:
        return workspace
    seen = _sourced(model, sight)
    sources = [(d.name, d.source) for d in seen.datasets]
    mark = blake2b(repr((sources, sorted(sight.masked))).encode(), digest_size=8).hexdigest()
    index = ValueIndex.of([])
    fresh: datetime | None = None
    if isinstance(warehouse, DuckDBWarehouse):
        seen = observed(seen, warehouse, warehouse.path, state_dir)
        index = values.load_or_build(warehouse.path, seen, state_dir)
        fresh = freshest(warehouse.path, warehouse, seen, state_dir)
    seen = replace(
        seen, datasets=tuple(_counted(d, warehouse) if d.name in sight.limited else d for d in seen.datasets)
    )
    shown = offered(_shown(model, seen, sight), sight)
    return replace(
        workspace,
        model=shown,
        warehouse=PolicedWarehouse(warehouse, sight, macros_of(warehouse)),
        values=index,
        fresh_as_of=fresh,
        questions=offered_questions(workspace.questions, shown, sight),
        mark=mark,
    )


def _sourced(model: SemanticModel, sight: Sight) -> SemanticModel:
    """The model with datasets that read what is seen alone, and nothing told of the rows that are not."""
    datasets = []
    for dataset in model.datasets:
        fields = tuple(f for f in dataset.fields if f"{dataset.name}.{f.name}" not in sight.masked)
        if dataset.name in sight.limited:
            source = sight.source(dataset).sql("duckdb")
            dataset = replace(dataset, source=source, row_count=None)
            fields = tuple(_untold(f) for f in fields)
        datasets.append(replace(dataset, fields=fields))
    return replace(model, datasets=tuple(datasets))


def _counted(dataset: Dataset, warehouse: Warehouse) -> Dataset:
    """With the number of its rows that are seen."""
    return replace(dataset, row_count=warehouse.query(f"SELECT count(*) FROM {dataset.source} AS t")[1][0][0])


def _untold(field: ModelField) -> ModelField:
    return replace(field, samples=(), minimum=None, maximum=None, distinct=None, nulls=0.0)


def _shown(model: SemanticModel, seen: SemanticModel, sight: Sight) -> SemanticModel:
    """The model in its own sources, with what is known of the rows that are seen. A masked field keeps its name, so
    that whoever asks for it hears that it is not for them, and is offered to nobody."""

    def shown(dataset: Dataset) -> Dataset:
        told = seen.dataset(dataset.name)
        fields = tuple(
            replace(_untold(f), hidden=True) if f"{dataset.name}.{f.name}" in sight.masked else told.field(f.name)
            for f in dataset.fields
        )
        undated = tuple(u for u in dataset.undated if open_to(dataset.name, u[0], u[2]))
        return replace(dataset, fields=fields, row_count=told.row_count, undated=undated)

    def open_to(dataset: str, *names: str) -> bool:
        """Whether what was found of a state and its date is of rows and fields that are all seen."""
        return dataset not in sight.limited and sight.masked.isdisjoint(f"{dataset}.{name}" for name in names)

    return replace(
        model,
        datasets=tuple(shown(d) for d in model.datasets),
        state_times=tuple(s for s in model.state_times if open_to(s.dataset, s.field, s.time)),
        conformed=tuple(pair for pair in model.conformed if sight.masked.isdisjoint(pair)),
    )
