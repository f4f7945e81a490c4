"""What an interchange file leaves unsaid: the fields that keys, joins and metrics mean, and what the fields are for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlglot.errors import SqlglotError

from knowledge.model import Dataset, DataType, Metric, ModelField, Relationship, Role
from knowledge.osi.expressions import column_of, quoted, references
from knowledge.osi.nodes import BadModel, Node, near

_NOT_ADDED = {"avg", "min", "max", "median", "percentilecont", "quantile"}


class Columns:
    """The datasets' fields by the column that they are. A column that nobody declared becomes a hidden field."""

    def __init__(self, datasets: Iterable[Dataset]):
        self.datasets = list(datasets)

    def dataset(self, name: str) -> Dataset | None:
        return next((d for d in self.datasets if d.name == name), None)

    def named(self, dataset: str, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the fields that these columns of the dataset are."""
        return tuple(self._named(dataset, column) for column in columns)

    def _named(self, dataset: str, column: str) -> str:
        entry = self.dataset(dataset)
        assert entry is not None
        by_column = next((f.name for f in entry.fields if column_of(f.sql) == column), None)
        if by_column is None and not entry.has(column):
            self.declare(entry, column, "text", "code")
        return by_column or column

    def declare(self, entry: Dataset, column: str, kind: DataType, role: Role) -> None:
        made = ModelField(name=column, sql=quoted(column), type=kind, role=role, hidden=True)
        self.datasets[self.datasets.index(entry)] = replace(entry, fields=(*entry.fields, made))


def joined(node: Node, relation: Relationship, columns: Columns) -> Relationship:
    for key, side in (("from", relation.many), ("to", relation.one)):
        if columns.dataset(side) is None:
            names = [d.name for d in columns.datasets]
            raise BadModel(node.at(key), f"there is no dataset {side!r} in the file.{near(side, names)}")
    made = replace(
        relation,
        many_fields=columns.named(relation.many, relation.many_fields),
        one_fields=columns.named(relation.one, relation.one_fields),
    )
    many = columns.dataset(relation.many)
    if node.own() is None and many and set(many.primary_key) == set(made.many_fields):
        made = replace(made, one_to_one=True)
    return made


def declare(node: Node, metric: Metric, columns: Columns) -> None:
    """Checks a metric's datasets; columns of theirs that are no fields become hidden ones."""
    try:
        found = references(metric.sql)
    except SqlglotError as error:
        raise BadModel(node.at("expression"), f"it can't be read: {str(error).splitlines()[0]}") from error
    for name, column, aggregate in found:
        entry = columns.dataset(name.partition("@")[0])
        if entry is None:
            names = [d.name for d in columns.datasets]
            raise BadModel(node.at("expression"), f"there is no dataset {name!r} in the file.{near(name, names)}")
        if not entry.has(column):
            added = aggregate is not None and aggregate != "count"
            columns.declare(entry, column, "number" if added else "text", "measure" if added else "code")


# --- what a file that knows nothing of Parley leaves unsaid -----------------------------------------------------------


def inferred(
    dataset: Dataset, relations: tuple[Relationship, ...], metrics: list[Metric], described: set[str], told: set[str],
    nodes: list[Node],
) -> Dataset:  # fmt: skip
    """Roles from keys, joins, types and metrics; the time of a dataset that has one."""
    foreign = {name for r in relations if r.many == dataset.name for name in r.many_fields}
    used = {(table, name): aggregate for m in metrics for table, name, aggregate in references(m.sql)}
    node = next((n for n in nodes if n.text("name") == dataset.name), Node({}))
    facts = {f.text("name") for f in node.nodes("fields") if "dimension" not in f.content}
    made = tuple(
        f
        if f"{dataset.name}.{f.name}" in told or f.hidden
        else _with_role(f, dataset, foreign, used.get((dataset.name, f.name)), f.name in facts)
        for f in dataset.fields
    )
    result = replace(dataset, fields=made)
    times = [f.name for f in made if f.role == "time"]
    if dataset.name not in described and times and not dataset.default_time:
        result = replace(result, default_time=times[0])
    return result


def _with_role(field: ModelField, dataset: Dataset, foreign: set[str], aggregate: str | None, fact: bool) -> ModelField:
    if dataset.primary_key == (field.name,):
        return replace(field, role="key")
    if field.name in foreign:
        return replace(field, role="foreign_key")
    if aggregate in ("sum", "avg") and field.type == "text":
        field = replace(field, type="number")
    if field.type == "boolean":
        return replace(field, role="flag")
    if field.type not in ("integer", "number"):
        return field
    if not fact and aggregate not in ("sum", "avg"):
        return replace(field, role="number")
    return replace(field, role="measure", additivity="non_additive" if aggregate in _NOT_ADDED else "additive")
