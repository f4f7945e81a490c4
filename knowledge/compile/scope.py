"""Scope: the rows that one SELECT reads, and the related rows joined to each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.compile.errors import CannotCompile
from knowledge.compile.graph import JoinGraph, Path, simplified
from knowledge.compile.naming import Names, column, identifier, slug
from knowledge.model import Dataset, ModelField, SemanticModel

Sources = Callable[[Dataset], exp.Expr]
"""What a dataset's rows are read from: a table, or a subquery in parentheses."""


@lru_cache(maxsize=8192)
def parsed(sql: str) -> exp.Expr:
    """An expression in DuckDB's dialect. Callers copy it. Text that is no expression is taken for a column's name."""
    try:
        return sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return exp.Column(this=exp.to_identifier(sql, quoted=True))


@lru_cache(maxsize=1024)
def _parsed_source(source: str) -> exp.Expr:
    if source.lstrip().startswith("("):
        return exp.maybe_parse(source, dialect="duckdb").unnest().subquery(copy=False)
    return exp.to_table(source, dialect="duckdb")


def plain_source(dataset: Dataset) -> exp.Expr:
    """The dataset's own table or query."""
    return _parsed_source(dataset.source).copy()


@dataclass
class Context:
    """What every part of one compilation shares."""

    model: SemanticModel
    graph: JoinGraph
    sources: Sources = plain_source
    dialect: str = "duckdb"
    caveats: dict[str, None] = field(default_factory=dict)

    def caveat(self, text: str) -> None:
        self.caveats[text] = None


class Scope:
    """Rows of a dataset, with joins added as fields are asked for.

    Everything is placed by its path from the statement's `root` dataset. A scope inside another (an EXISTS) reads the
    rows at `prefix`, so that a field whose path goes on from there is its own, and any other is an outer row's.
    `anchor` is the path of the dataset that field names are read from.
    """

    def __init__(
        self, context: Context, root: str, *, outer: Scope | None = None, prefix: Path = (), anchor: Path = ()
    ):
        self.context, self.root, self.outer, self.prefix, self.anchor = context, root, outer, prefix, anchor
        self.opened: set[Path] = set()
        self.row_ids = False
        self.names: Names = Names(outer.names.taken if outer else ())
        self.dataset = context.model.dataset(prefix[-1].end if prefix else root)
        self._aliases: dict[Path, str] = {prefix: self._new_alias(prefix)}
        self._joins: list[exp.Join] = []

    def at(self, anchor: Path) -> Scope:
        """The same rows, with field names read from another dataset."""
        view = object.__new__(Scope)
        view.__dict__ = self.__dict__ | {"anchor": anchor}
        return view

    # --- naming what is read

    @property
    def anchored(self) -> str:
        return self.anchor[-1].end if self.anchor else self.root

    def path(self, reference: str) -> tuple[Path, Dataset, ModelField]:
        """Where a field is. Raises UnknownName and CannotCompile (ambiguous_path, unreachable)."""
        dataset, model_field, via = self.context.model.resolve(reference)
        return self.to(dataset.name, via, reference), dataset, model_field

    def to(self, dataset: str, via: str | None = None, wanted: str = "") -> Path:
        """The path to a dataset from the anchor. Raises CannotCompile (ambiguous_path, unreachable)."""
        found = self.context.graph.path(self.anchored, dataset, via)
        if found is None:
            raise unreachable(self.context, self.anchored, wanted or dataset)
        return simplified(self.anchor + found)

    def fan(self, path: Path) -> Path | None:
        """The first part of a path that leads to several rows, None when all of it has been joined or is single."""
        for i, hop in enumerate(path):
            part = path[: i + 1]
            if not hop.single and not self._has(part):
                return part
        return None

    def open(self, path: Path) -> None:
        """Join the rows along a path although there may be several for each: the caller sees to the repetition."""
        self.opened.update(path[: i + 1] for i in range(len(path)) if not path[i].single)

    def _has(self, path: Path) -> bool:
        if path in self.opened or path == self.prefix[: len(path)]:
            return True
        return self.outer is not None and self.outer._has(path)

    # --- columns

    def column(self, path: Path, model_field: ModelField) -> exp.Expr:
        return field_sql(model_field.sql, self.alias(path))

    def key(self, path: Path, dataset: Dataset, name: str) -> exp.Expr:
        """A column of a relationship's or a primary key: a field if there is one of that name."""
        if dataset.has(name):
            return self.column(path, dataset.field(name))
        return exp.Column(this=identifier(name), table=identifier(self.alias(path)))

    def alias(self, path: Path) -> str:
        """The alias of the rows at a path, joined on first use."""
        if path in self._aliases:
            return self._aliases[path]
        if self.outer is not None and path[: len(self.prefix)] != self.prefix:
            return self.outer.alias(path)
        name = self._aliases[path] = self._new_alias(path)
        hop = path[-1]
        on = self._on(path)  # which joins the rows that these are joined to
        table = self._table(self.context.model.dataset(hop.end), name)
        self._joins.append(exp.Join(this=table, side=None if path in self.opened else "LEFT", on=on))
        return name

    def link(self) -> exp.Expr:
        """The condition that ties this scope's rows to the row of the scope around it."""
        return self._on(self.prefix)

    def primary_key(self, path: Path) -> list[exp.Expr]:
        """What tells rows at a path apart; a row number when the dataset of this scope has no key."""
        dataset = self.context.model.dataset(path[-1].end if path else self.root)
        if dataset.primary_key:
            return [self.key(path, dataset, name) for name in dataset.primary_key]
        if path != self.prefix:
            raise CannotCompile(
                "bad_request", f"{dataset.name} has no primary key, so its rows cannot be counted here."
            )
        self.row_ids = True
        return [column("_row", self.alias(path))]

    def select(self, *expressions: exp.Expr, where: exp.Expr | None = None) -> exp.Select:
        """A SELECT over the rows, with the joins that have been asked for so far."""
        table = self._table(self.dataset, self._aliases[self.prefix], self.row_ids)
        select = exp.Select(expressions=list(expressions)).from_(table, copy=False)
        if self._joins:
            select.set("joins", list(self._joins))
        return select.where(where, copy=False) if where is not None else select

    def _on(self, path: Path) -> exp.Expr:
        hop, model, before, keys = path[-1], self.context.model, path[:-1], path[-1].keys
        if (
            before
            and before[-1].up
            and not hop.up
            and before[-1].relationship.one_fields == hop.relationship.one_fields
        ):
            # Up to a shared parent and down again: the two keys are compared with each other, so rows are related
            # even where the parent's table has no row for them.
            own, other = before[-1].relationship.many_fields, hop.relationship.many_fields
            before, keys = path[:-2], tuple(zip(own, other, strict=True))
        start = model.dataset(before[-1].end if before else self.root)
        end = model.dataset(hop.end)
        pairs: list[exp.Expr] = []
        for left, right in keys:
            a, b = self.key(before, start, left), self.key(path, end, right)
            pairs.append(key_equality(start, a, left, end, b, right))
        return conjoin(pairs)

    def _table(self, dataset: Dataset, name: str, row_ids: bool = False) -> exp.Expr:
        table = self.context.sources(dataset)
        if row_ids:
            number = exp.alias_(exp.Window(this=exp.RowNumber()), "_row")
            table = exp.select("*", number).from_(table, copy=False).subquery(copy=False)
        if isinstance(table, exp.Table) and table.name == name and not table.db:
            return table
        table.set("alias", exp.TableAlias(this=identifier(name)))
        return table

    def _new_alias(self, path: Path) -> str:
        if not path:
            return self.names.new(slug(self.root))
        end = slug(path[-1].end)
        return self.names.new(end, f"{end}_{slug(path[-1].relationship.name)}")


def key_equality(start: Dataset, a: exp.Expr, left: str, end: Dataset, b: exp.Expr, right: str) -> exp.Expr:
    """That two keys are equal, `a` of `start.left` and `b` of `end.right`; a text and a number compare as texts."""
    if start.has(left) and end.has(right):
        kinds = (start.field(left).type == "text", end.field(right).type == "text")
        if kinds[0] != kinds[1]:
            a, b = (a if kinds[0] else exp.cast(a, "text"), b if kinds[1] else exp.cast(b, "text"))
    return exp.EQ(this=a, expression=b)


def field_sql(sql: str, table: str) -> exp.Expr:
    """A field's expression with its columns qualified by an alias."""
    tree = parsed(sql)
    qualifier = identifier(table)
    if isinstance(tree, exp.Column):
        return exp.Column(this=tree.this.copy(), table=qualifier)
    tree = tree.copy()
    for node in list(tree.find_all(exp.Column)):
        node.set("table", qualifier.copy())
    return tree if isinstance(tree, exp.Func | exp.Cast | exp.Paren) else exp.Paren(this=tree)


def conjoin(conditions: Sequence[exp.Expr]) -> exp.Expr:
    """All of the conditions (there is one at least), with parentheses around those that say OR."""
    flat = [part for condition in conditions for part in _conjuncts(condition)]
    tree = flat[0] if len(flat) == 1 else _guarded(flat[0])
    for part in flat[1:]:
        tree = exp.And(this=tree, expression=_guarded(part))
    return tree


def _conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    return [*_conjuncts(tree.this), *_conjuncts(tree.expression)] if isinstance(tree, exp.And) else [tree]


def _guarded(tree: exp.Expr) -> exp.Expr:
    return exp.Paren(this=tree) if isinstance(tree, exp.Or) else tree


def unreachable(context: Context, start: str, wanted: str, measure: str = "") -> CannotCompile:
    """No join leads there: say what is reachable instead."""
    near = [
        f"{d.name}.{f.name}"
        for d in context.graph.reachable(start)
        for f in d.fields
        if f.role in ("name", "category", "time", "place", "flag") and not f.hidden
    ]
    what = f"{measure} (of {start})" if measure else start
    offer = f" It can be split by {', '.join(near[:8])}." if near else ""
    return CannotCompile("unreachable", f"No relationship leads from {what} to {wanted}.{offer}", tuple(near))
