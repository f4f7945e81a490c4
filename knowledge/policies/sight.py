"""Sight: any query, over no more than a viewer may see.

Each table in it is replaced by the rows and columns of that table which are seen. Nothing above needs to know of
policies, and nothing below is asked without them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

import sqlglot.expressions as exp

from knowledge.compile.scope import conjoin, field_sql, key_equality, plain_source
from knowledge.model import Dataset, Relationship, SemanticModel
from knowledge.policies.conditions import columns_of, condition, held
from knowledge.policies.viewer import Viewer
from knowledge.warehouse import NotAllowed
from knowledge.warehouse.guard import with_names

Place = tuple[str, str, str]
"""A table's catalog, schema and name, in lower case: ("", "main", "orders")."""
_ALL_ROWS = 2**62
"""A LIMIT of all rows. Without one, DuckDB runs the query's own conditions before the policy's, and an error that they
raise ("could not convert 'Bob'") tells of rows that are not seen."""
_MOVED = ("joins", "pivots", "laterals", "sample")
"""What may follow a table in FROM, and then follows what it is replaced by."""


def place(table: exp.Table) -> Place:
    return (table.catalog.lower(), (table.db or "main").lower(), table.name.lower())


class Sight:
    """What one viewer sees of a model's tables. Raises BadPolicy for a policy that can't be enforced.

    `views` says which tables each of the database's views reads (None: that can't be told): those are not the model's
    to police, and so may not be looked through."""

    def __init__(
        self, model: SemanticModel, viewer: Viewer, views: Mapping[Place, Collection[Place] | None] | None = None
    ):
        self.model, self.viewer = model, viewer
        self._views = views or {}
        self._at: dict[Place, list[Dataset]] = defaultdict(list)
        self._queries: dict[exp.Expr, Dataset] = {}
        for dataset in model.datasets:
            source = plain_source(dataset)
            if isinstance(source, exp.Table):
                self._at[place(source)].append(dataset)
            else:
                self._queries[source.this] = dataset
        self.limited = frozenset(d.name for d in model.datasets if self._conditions(self._group(d), "t", frozenset()))
        """The datasets of which not every row is seen."""

    # --- what is seen ------------------------------------------------------------------------------------------------

    @cached_property
    def masked(self) -> frozenset[str]:
        """The fields that are not seen ("customers.email"): masked ones, and others of the same columns."""
        return frozenset(
            f"{d.name}.{f.name}"
            for d in self.model.datasets
            for f in d.fields
            if columns_of(d, (f.name,)) & self._without(d)
        )

    def hidden_names(self) -> set[str]:
        """What is not seen, by the names that a query may have for it."""
        found: set[str] = set()
        for reference in self.masked:
            dataset, field, _ = self.model.resolve(reference)
            found |= {field.name, *columns_of(dataset, (field.name,))}
        return found

    def known_names(self) -> set[str]:
        """Names of the model, which are no values of the data."""
        return {d.name for d in self.model.datasets} | {f.name for d in self.model.datasets for f in d.fields}

    def source(self, dataset: Dataset) -> exp.Expr:
        """What is seen of a dataset, to read from in place of its own source."""
        return self._seen(self._group(dataset), plain_source(dataset))

    def over(self, tree: exp.Expression) -> exp.Expression:
        """The query over what is seen. Raises NotAllowed for one that reads what no policy could be held to."""
        tree = tree.copy()
        sources = [node for node in tree.find_all(exp.Subquery) if node.this in self._queries]
        within = {id(table) for node in sources for table in node.find_all(exp.Table)}
        for table in [t for t in tree.find_all(exp.Table) if isinstance(t.this, exp.Identifier)]:
            if not table.db and table.name.lower() in with_names(table):
                continue
            datasets = self._at.get(place(table), [])
            if not datasets and id(table) not in within:
                raise NotAllowed(
                    f"There is no table {table.name!r} that you may read. `describe` says which there are."
                )
            self._check_view(table, datasets)
            if datasets:
                _put(table, self._seen(datasets, _bare(table)))
        for node in sources:
            dataset = self._queries.get(node.this)  # None: a table of its own was policed above
            if dataset is not None and self._hides(dataset):
                node.set("this", self._seen([dataset], exp.Subquery(this=node.this)).this)
        for column in tree.find_all(exp.Column):
            column.set("db", None)  # what stands for the table now has its name alone
            column.set("catalog", None)
        return tree

    def told(self, tree: exp.Expr) -> tuple[str, ...]:
        """What a reader of the query's result must know: of which of its rows only some are seen."""
        places = {place(table) for table in tree.find_all(exp.Table)}
        read = [d for at in places for d in self._at.get(at, [])]
        read += [self._queries[node.this] for node in tree.find_all(exp.Subquery) if node.this in self._queries]
        names = sorted({d.label or d.name for d in read if d.name in self.limited})
        return (f"Only what you may see is counted of: {', '.join(names)}.",) if names else ()

    # --- how it is made ----------------------------------------------------------------------------------------------

    def _seen(self, datasets: list[Dataset], source: exp.Expr) -> exp.Subquery:
        """The source's rows and columns that are seen, by the policies of all datasets that are read from it."""
        source.set("alias", exp.TableAlias(this=exp.to_identifier("_seen")))
        conditions = self._conditions(datasets, "_seen", frozenset())
        without = sorted(set().union(*(self._without(d) for d in datasets)))
        star = exp.Star(except_=[exp.to_identifier(name, quoted=True) for name in without] or None)
        select = exp.Select(expressions=[star]).from_(source, copy=False)
        if conditions:
            select = select.where(conjoin(conditions), copy=False).limit(_ALL_ROWS, copy=False)
        return exp.Subquery(this=select)

    def _conditions(self, datasets: list[Dataset], alias: str, through: frozenset[str]) -> list[exp.Expr]:
        """That a row is seen by the policies of all datasets that it is read for, and that what it belongs to is seen.
        `through`: the datasets on the way here, which are not gone into again."""
        found = [condition(p, d, self.viewer, alias) for d in datasets for p in held(d, self.viewer) if p.rows]
        upwards = [(d, r) for d in datasets for r in self.model.relationships if r.many == d.name != r.one]
        for n, (dataset, relation) in enumerate(upwards):
            if relation.one in through:
                continue
            other, name = self.model.dataset(relation.one), f"{alias}_{n}"
            inner = self._conditions(self._group(other), name, through | {d.name for d in datasets})
            if inner:
                table = plain_source(other)
                if isinstance(table, exp.Table):
                    table = _bare(table)
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
                test = exp.Select(expressions=[exp.Literal.number(1)]).from_(table, copy=False)
                keys = _keys(dataset, alias, relation, other, name)
                found.append(exp.Exists(this=test.where(conjoin([*keys, *inner]), copy=False)))
        return found

    def _without(self, dataset: Dataset) -> set[str]:
        """The stored columns that are not seen."""
        group = self._group(dataset)
        return set().union(*(columns_of(d, p.masked) for d in group for p in held(d, self.viewer)))

    def _group(self, dataset: Dataset) -> list[Dataset]:
        """All datasets that are read from the same table."""
        source = plain_source(dataset)
        return self._at[place(source)] if isinstance(source, exp.Table) else [dataset]

    def _hides(self, dataset: Dataset) -> bool:
        return dataset.name in self.limited or bool(self._without(dataset))

    def _check_view(self, table: exp.Table, datasets: list[Dataset]) -> None:
        """A view of the database may be read if it has a policy of its own, or reads nothing that is hidden."""
        if place(table) not in self._views or any(self._hides(d) for d in datasets):
            return
        if self._hidden_in(place(table), frozenset()):
            raise NotAllowed(
                f"The view {table.name!r} reads tables of which you may not see everything. Ask about those tables, or "
                "ask an owner to give the view a policy of its own."
            )

    def _hidden_in(self, at: Place, through: frozenset[Place]) -> bool:
        if any(self._hides(d) for d in self._at.get(at, [])):
            return True
        if at not in self._views or at in through:
            return False
        reads = self._views[at]
        return reads is None or any(self._hidden_in(other, through | {at}) for other in reads)


def _bare(table: exp.Table) -> exp.Table:
    """The table alone, by its full name."""
    return exp.Table(
        this=table.this.copy(), db=exp.to_identifier(table.db or "main", quoted=True), catalog=table.args.get("catalog")
    )


def _put(table: exp.Table, seen: exp.Subquery) -> None:
    """`seen` in the table's place, under its name."""
    odd = [key for key, value in table.args.items() if value and key not in ("this", "db", "catalog", "alias", *_MOVED)]
    if odd:
        raise NotAllowed(f"{table.name} … {odd[0].upper()} can't be read here. Write the query more plainly.")
    seen.set("alias", table.args.get("alias") or exp.TableAlias(this=table.this.copy()))
    for key in _MOVED:
        if table.args.get(key):
            seen.set(key, table.args[key])
    table.replace(seen)


def _keys(many: Dataset, alias: str, relation: Relationship, one: Dataset, name: str) -> list[exp.Expr]:
    """That a row of `many` belongs to a row of `one`."""
    return [
        key_equality(many, _key(many, left, alias), left, one, _key(one, right, name), right)
        for left, right in zip(relation.many_fields, relation.one_fields, strict=True)
    ]


def _key(dataset: Dataset, name: str, alias: str) -> exp.Expr:
    if dataset.has(name):
        return field_sql(dataset.field(name).sql, alias)
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(alias))
