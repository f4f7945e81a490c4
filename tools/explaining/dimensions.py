"""Which fields the rows of a measure can be told apart by."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.compile import CannotCompile
from knowledge.compile.columns import field_label
from knowledge.compile.graph import JoinGraph, graph_of
from knowledge.model import Dataset, ModelField
from knowledge.request import Request
from knowledge.workspace import Workspace
from tools.times import figures_in, measured_datasets

_ROLES = ("category", "place", "flag")
MOST_VALUES = 1000
_MOST_FIELDS = 24


@dataclass(frozen=True)
class Dimension:
    field: str
    label: str
    values: int
    """How many different ones there are, as far as is known."""


def dimensions(request: Request, workspace: Workspace) -> tuple[list[Dimension], list[str]]:
    """The dimensions, those with few values first, and the labels of fields with too many values to be searched.

    What a condition of the request, or of what it measures, fixes is none (the refunded flag of a refund rate), and
    neither is what several rows may lead to."""
    model, graph = workspace.model, graph_of(workspace.model)
    bases = measured_datasets(request, workspace)
    fixed = {str(getattr(c, "field", "")) for c in request.where if getattr(c, "op", "") == "="}
    for column in request.measures:
        fixed |= {str(getattr(c, "field", "")) for part in figures_in(column.measure) for c in part.where}
    found: list[Dimension] = []
    large: list[str] = []
    for dataset in model.datasets:
        if not bases or not _reached(dataset.name, bases, graph):
            continue
        for field in dataset.fields:
            name = f"{dataset.name}.{field.name}"
            if name in fixed or not _tells_apart(dataset, field):
                continue
            count = (
                field.distinct if field.distinct is not None else (dataset.row_count if field.role == "name" else 50)
            )
            if count is None or count > MOST_VALUES:
                large.append(field_label(dataset, field))
            elif count > 1:
                found.append(Dimension(name, field_label(dataset, field), count))
    return sorted(found, key=lambda d: d.values)[:_MOST_FIELDS], large


def _tells_apart(dataset: Dataset, field: ModelField) -> bool:
    """A kind, a place, a flag; or the name of what rows belong to, or its number where it has no name."""
    if field.name == dataset.name_field:
        return True
    if dataset.primary_key == (field.name,) and dataset.name_field is None:
        return (dataset.row_count or MOST_VALUES + 1) <= MOST_VALUES
    if {*field.label.lower().split()} & {"name", "surname", "forename"} and dataset.name_field is not None:
        return False  # nobody is told apart by a first name
    return field.role in _ROLES and not field.hidden


def _reached(end: str, bases: list[str], graph: JoinGraph) -> bool:
    """Whether each row that is measured leads to one row of the dataset."""
    try:
        paths = [graph.path(base, end) for base in bases]
    except CannotCompile:  # several ways lead there
        return False
    return all(path is not None and all(hop.single for hop in path) for path in paths)
