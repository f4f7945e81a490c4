"""Double counting in free SQL: a sum, average or count over rows that a join has repeated.

Keys and relationships come from the semantic model; those of subqueries follow from their GROUP BY, DISTINCT,
row_number() and joins (`knowledge.warehouse.joined`). What the model doesn't know gets the benefit of the doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.model import Dataset, SemanticModel
from knowledge.warehouse import QueryRefused
from knowledge.warehouse.joined import QUERIES, Joined, Repeated, Source, joins_of


def fan_out_risk(tree: exp.Expr, model: SemanticModel) -> None:
    """Refuse SQL in which a sum, count or average counts rows several times because a join repeats them.

    The one side of a one-to-many join, and both sides of two one-to-many joins with one parent (a chasm), are repeated.
    COUNT(DISTINCT), MIN and MAX are not harmed. Raises QueryRefused, with the aggregate, the tables and the way out."""
    _Reader(model).read(tree, {})


class _Reader:
    def __init__(self, model: SemanticModel):
        self._tables: dict[str, Source] = {}
        for dataset in model.datasets:
            source = _of_dataset(dataset, model)
            name = dataset.source.replace('"', "").lower()
            self._tables[name] = source
            if "." not in name or name.startswith("main."):
                self._tables[name.rpartition(".")[2]] = source
        for dataset in model.datasets:
            name = dataset.source.replace('"', "").lower()
            self._tables.setdefault(name.rpartition(".")[2], self._tables[name])

    def read(self, query: exp.Expr, known: dict[str, Source]) -> Source:
        """What a query's rows are. Raises QueryRefused where it, or a query in it, counts rows several times."""
        if isinstance(query, exp.Subquery) and not isinstance(query.this, exp.Table):
            return self.read(query.this, self._with(query, known))
        known = self._with(query, known)
        if isinstance(query, exp.SetOperation):
            left, right = self.read(query.left, known), self.read(query.right, known)
            keys = (frozenset(left.columns),) if query.args.get("distinct") and left.columns else ()
            repeated = dict(left.repeated)
            for name, other in zip(left.columns, right.columns, strict=False):
                if other in right.repeated:
                    repeated.setdefault(name, right.repeated[other])
            return Source(left.label, left.columns, keys, (), repeated if not keys else {})
        if isinstance(query, exp.Select):
            joined = Joined(query, dict(self._sources(query, known)))
            for inner in _queries_in(query):
                self.read(inner, known)
            if twice := joined.counted_twice():
                raise QueryRefused(_message(twice))
            return joined.rows()
        return Source("the values")

    def _with(self, query: exp.Expr, known: dict[str, Source]) -> dict[str, Source]:
        with_ = query.args.get("with_")
        if not with_:
            return known
        known = dict(known)
        for cte in with_.expressions:
            name = cte.alias.lower()
            if with_.args.get("recursive"):
                known[name] = Source(cte.alias)
            known[name] = _renamed(self.read(cte.this, known), cte)
        return known

    def _sources(self, select: exp.Select, known: dict[str, Source]) -> Iterator[tuple[str, Source]]:
        start = select.args.get("from_")
        for item in _unnested(start.this) if start else []:
            yield self._source(item, known)
        for join in joins_of(select):
            if not {str(join.kind).upper(), str(join.side).upper()} & {"SEMI", "ANTI"}:
                alias, source = self._source(join.this, known)
                yield alias, replace(source, keys=(frozenset(),)) if _at_most_one(join) else source

    def _source(self, item: exp.Expr, known: dict[str, Source]) -> tuple[str, Source]:
        alias = item.alias_or_name.lower()
        if isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier):
            name = f"{item.db}.{item.name}".lower() if item.db else item.name.lower()
            source = known.get(name) or self._tables.get(name) or Source(item.name)
            return alias, _renamed(source, item)
        if isinstance(item, exp.Subquery | exp.Lateral) and isinstance(item.this, exp.Subquery | exp.Query):
            return alias or f"({id(item)})", _renamed(
                replace(self.read(item.this, self._with(item, known)), label=item.alias or "the subquery"), item
            )
        return alias or f"({id(item)})", _made_rows(item)


def _made_rows(item: exp.Expr) -> Source:
    """Rows that no table has (range, unnest, VALUES): several, told apart by any column that they are joined by."""
    names = [name.lower() for name in item.alias_column_names]
    keys = [*names, item.alias_or_name.lower(), "range", "generate_series", "unnest", "col0"]
    return Source(item.alias_or_name or "the values", tuple(names), tuple(frozenset([key]) for key in keys if key))


def _unnested(item: exp.Expr) -> list[exp.Expr]:
    """The first source of a FROM, out of the brackets around joins: (orders JOIN lines …)."""
    while isinstance(item, exp.Subquery | exp.Paren) and isinstance(item.this, exp.Table) and not item.alias:
        item = item.this
    return [item]


def _of_dataset(dataset: Dataset, model: SemanticModel) -> Source:
    def columns(names: tuple[str, ...]) -> frozenset[str]:
        return frozenset(_physical(dataset, name) for name in names)

    keys = [columns(dataset.primary_key)] if dataset.primary_key else []
    keys += [columns(r.one_fields) for r in model.relationships if r.one == dataset.name]
    keys += [columns(r.many_fields) for r in model.relationships if r.many == dataset.name and r.one_to_one]
    manies = [columns(r.many_fields) for r in model.relationships if r.many == dataset.name and not r.one_to_one]
    names = tuple(dict.fromkeys(_physical(dataset, f.name) for f in dataset.fields))
    return Source(dataset.name, names, tuple(dict.fromkeys(keys)), tuple(manies))


def _physical(dataset: Dataset, name: str) -> str:
    """The column that a field is, in lower case; the field's name where it is an expression."""
    sql = dataset.field(name).sql if dataset.has(name) else name
    try:
        column = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return name.lower()
    return column.name.lower() if isinstance(column, exp.Column) else name.lower()


def _renamed(source: Source, item: exp.Expr) -> Source:
    """The source under the column names of `AS t(a, b)`."""
    names = [name.lower() for name in item.alias_column_names]
    if not names or len(names) > len(source.columns):
        return source
    new = dict(zip(source.columns, names, strict=False))
    return Source(
        source.label,
        tuple(new.get(c, c) for c in source.columns),
        tuple(frozenset(new.get(c, c) for c in key) for key in source.keys),
        tuple(frozenset(new.get(c, c) for c in many) for many in source.manies),
        {new.get(c, c): by for c, by in source.repeated.items()},
    )


def _at_most_one(join: exp.Join) -> bool:
    return str(join.args.get("method") or "").upper() in ("ASOF", "POSITIONAL")


def _queries_in(select: exp.Select) -> Iterator[exp.Expr]:
    """Queries within expressions (not those of FROM, JOIN and WITH)."""
    for name, part in select.args.items():
        if name in ("from_", "with_"):
            continue
        for item in part if isinstance(part, list) else [part]:
            root = item.args.get("on") if isinstance(item, exp.Join) else item
            if isinstance(root, exp.Expr):
                for node in root.walk(prune=lambda n: isinstance(n, QUERIES)):
                    if isinstance(node, QUERIES):
                        yield node


def _message(twice: Repeated) -> str:
    return (
        f"{twice.aggregate.sql('duckdb')} would count rows of {twice.what} several times: "
        f"the join with {twice.by} repeats them. "
        f"Aggregate {twice.what} on its own first (in a subquery), or use the query tool, which does."
    )
