"""Double counting in free SQL: a sum, average or count over rows that a join has repeated.

Each source of a SELECT (a table, a subquery, a WITH) has keys: sets of columns that pick one of its rows. Starting from a
source, another is reached without repeating the first's rows when the columns by which it is joined hold one of its keys.
A source from which not all others are reached so has its rows repeated, and what is added up must not come from it alone.
What the model doesn't know (keys, tables of values, ranges of dates) gets the benefit of the doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.model import Dataset, SemanticModel
from knowledge.warehouse import QueryRefused

_COUNTED = (
    exp.Sum, exp.Avg, exp.Count, exp.CountIf, exp.Median, exp.Quantile, exp.PercentileCont, exp.Stddev, exp.StddevPop,
    exp.StddevSamp, exp.Variance, exp.VariancePop,
)  # fmt: skip
_QUERIES = (exp.Select, exp.SetOperation)
_Columns = frozenset[str]
_At = tuple[str, str]
"""A column of a source: (alias, column), both in lower case."""


@dataclass(frozen=True)
class _Source:
    label: str
    columns: tuple[str, ...] = ()
    keys: tuple[_Columns, ...] = ()
    """Each picks at most one row; the empty set says that there is at most one row."""
    manies: tuple[_Columns, ...] = ()
    """Each is shared by many rows, by a relationship of the model."""
    repeated: dict[str, str] = field(default_factory=dict)
    """Columns whose values the source's own joins repeat, and the label of what repeats them."""

    def one_row(self, by: set[str]) -> bool:
        return any(key <= by for key in self.keys)

    def many_rows(self, by: set[str]) -> bool:
        """Surely, as far as the model knows."""
        return not self.one_row(by) and (bool(self.keys) or any(many <= by for many in self.manies if many))


def fan_out_risk(tree: exp.Expr, model: SemanticModel) -> None:
    """Refuse SQL in which a sum, count or average counts rows several times because a join repeats them.

    The one side of a one-to-many join, and both sides of two one-to-many joins with one parent (a chasm), are repeated.
    COUNT(DISTINCT), MIN and MAX are not harmed. Raises QueryRefused, with the aggregate, the tables and the way out."""
    _Reader(model).read(tree, {})


class _Reader:
    def __init__(self, model: SemanticModel):
        self._tables: dict[str, _Source] = {}
        for dataset in model.datasets:
            source = _of_dataset(dataset, model)
            name = dataset.source.replace('"', "").lower()
            self._tables[name] = source
            if "." not in name or name.startswith("main."):
                self._tables[name.rpartition(".")[2]] = source
        for dataset in model.datasets:
            name = dataset.source.replace('"', "").lower()
            self._tables.setdefault(name.rpartition(".")[2], self._tables[name])

    def read(self, query: exp.Expr, known: dict[str, _Source]) -> _Source:
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
            return _Source(left.label, left.columns, keys, (), repeated if not keys else {})
        if isinstance(query, exp.Select):
            joined = _Joined(query, {alias: source for alias, source in self._sources(query, known)})
            for inner in _queries_in(query):
                self.read(inner, known)
            joined.check()
            return joined.as_source()
        return _Source("the values")

    def _with(self, query: exp.Expr, known: dict[str, _Source]) -> dict[str, _Source]:
        with_ = query.args.get("with_")
        if not with_:
            return known
        known = dict(known)
        for cte in with_.expressions:
            name = cte.alias.lower()
            if with_.args.get("recursive"):
                known[name] = _Source(cte.alias)
            known[name] = _renamed(self.read(cte.this, known), cte)
        return known

    def _sources(self, select: exp.Select, known: dict[str, _Source]) -> Iterator[tuple[str, _Source]]:
        start = select.args.get("from_")
        for item in [start.this] if start else []:
            yield self._source(item, known)
        for join in select.args.get("joins") or []:
            if str(join.args.get("kind") or "").upper() not in ("SEMI", "ANTI") and str(join.side).upper() not in (
                "SEMI", "ANTI",
            ):  # fmt: skip
                alias, source = self._source(join.this, known)
                yield alias, replace(source, keys=(frozenset(),)) if _at_most_one(join) else source

    def _source(self, item: exp.Expr, known: dict[str, _Source]) -> tuple[str, _Source]:
        alias = item.alias_or_name.lower()
        if isinstance(item, exp.Table):
            name = f"{item.db}.{item.name}".lower() if item.db else item.name.lower()
            source = known.get(name) or self._tables.get(name) or _Source(item.name)
            return alias, _renamed(source, item)
        if isinstance(item, exp.Subquery | exp.Lateral) and isinstance(item.this, exp.Subquery | exp.Query):
            return alias or f"({id(item)})", _renamed(
                replace(self.read(item.this, self._with(item, known)), label=item.alias or "the subquery"), item
            )
        return alias or f"({id(item)})", _Source(item.alias_or_name or "the values")


class _Joined:
    """The sources of one SELECT and how they are joined."""

    def __init__(self, select: exp.Select, sources: dict[str, _Source]):
        self.select, self.sources = select, sources
        self._same: list[tuple[_At, _At]] = []
        self._fixed: set[_At] = set()
        self._ranged: set[str] = set()
        conditions = [j.args["on"] for j in select.args.get("joins") or [] if j.args.get("on")]
        if where := select.args.get("where"):
            conditions.append(where.this)
        for condition in conditions:
            for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
                self._note(part.unnest())
        aliases = list(sources)
        for join in select.args.get("joins") or []:
            right = join.this.alias_or_name.lower()
            if right not in sources:
                continue
            for name in join.args.get("using") or []:
                for left in aliases[: aliases.index(right)]:
                    if name.name.lower() in sources[left].columns or len(aliases) == 2:
                        self._same.append(((left, name.name.lower()), (right, name.name.lower())))
        self._repeaters = {alias: self._repeater(alias) for alias in sources}

    def _note(self, part: exp.Expr) -> None:
        """What a condition says of which rows meet: equal columns, a fixed column, or a range between sources."""
        if isinstance(part, exp.EQ | exp.NullSafeEQ):
            left, right = self._column(part.left), self._column(part.right)
            if left and right:
                self._same.append((left, right))
            elif left or right:
                other = part.right if left else part.left
                own = {at[0] for c in _columns(other) if (at := self._at(c))}
                if not own:
                    self._fixed.add(left or right)  # type: ignore[arg-type]
                elif isinstance(other, exp.Func | exp.Binary):
                    self._ranged |= own | {(left or right)[0]}  # type: ignore[index]
            else:
                self._ranged |= {at[0] for c in _columns(part) if (at := self._at(c))}
        else:
            met = {at[0] for c in _columns(part) if (at := self._at(c))}
            if len(met) > 1:
                self._ranged |= met

    def _column(self, node: exp.Expr) -> _At | None:
        node = node.unnest()
        while isinstance(node, exp.Cast):
            node = node.this.unnest()
        return self._at(node) if isinstance(node, exp.Column) else None

    def _at(self, column: exp.Column) -> _At | None:
        name, table = column.name.lower(), column.table.lower()
        if table:
            return (table, name) if table in self.sources else None
        owners = [alias for alias, source in self.sources.items() if name in source.columns]
        if not owners and len(self.sources) == 1:
            owners = list(self.sources)
        if len(owners) > 1 and any(name == u.name.lower() for j in self.select.args.get("joins") or [] for u in j.args.get("using") or []):  # fmt: skip
            owners = owners[:1]
        return (owners[0], name) if len(owners) == 1 else None

    def _repeater(self, start: str) -> str | None:
        """The label of the source that repeats `start`'s rows, or None."""
        reached, left = {start}, [alias for alias in self.sources if alias != start]
        while left:
            held = {alias: self._held(alias, reached) for alias in left}
            near = [a for a in left if held[a]] or [a for a in left if not self._linked(a)]
            step = next((a for a in left if self.sources[a].one_row(held[a] | self._fixed_of(a))), None)
            if step is None:
                step = next(
                    (a for a in near if not self.sources[a].many_rows(held[a]) or a in self._ranged),
                    None,
                )
            if step is None:
                return next((self.sources[a].label for a in near), None)
            reached.add(step)
            left.remove(step)
        return None

    def _held(self, alias: str, reached: set[str]) -> set[str]:
        pairs = [*self._same, *((b, a) for a, b in self._same)]
        return {column for (other, column), (there, _) in pairs if other == alias and there in reached}

    def _fixed_of(self, alias: str) -> set[str]:
        return {column for other, column in self._fixed if other == alias}

    def _linked(self, alias: str) -> bool:
        return alias in self._ranged or any(alias in (a[0], b[0]) for a, b in self._same)

    def check(self) -> None:
        for node in _own(self.select):
            if not isinstance(node, _COUNTED) or node.find(exp.Distinct):
                continue
            inner = node.this if isinstance(node, exp.Count | exp.CountIf) else None
            if any(n is not node and isinstance(n, exp.AggFunc) for n in _own(node)):
                continue
            if isinstance(inner, exp.Star) or not list(_columns(node)):
                reasons = list(self._repeaters.values())
                if len(self.sources) > 1 and all(reasons):
                    one, two = [s.label for s in self.sources.values()][0], reasons[0]
                    raise QueryRefused(_message(node, one, str(two)))
            elif found := self._repeats(node.this):
                raise QueryRefused(_message(node, *found))

    def _repeats(self, value: exp.Expr) -> tuple[str, str] | None:
        """(what is repeated, by what), when a value comes only from rows that are repeated: each term for itself."""
        for term in _terms(value):
            columns = list(_value_columns(term)) or list(_columns(term))
            places = [at for column in columns if (at := self._at(column))]
            found = [self._repeated(at) for at in places]
            if places and len(places) == len(columns) and all(found):
                return found[0]
        return None

    def _repeated(self, at: _At) -> tuple[str, str] | None:
        alias, column = at
        source = self.sources[alias]
        if by := self._repeaters[alias]:
            return source.label, by
        return (source.label, source.repeated[column]) if column in source.repeated else None

    def as_source(self) -> _Source:
        """The rows that this SELECT gives, to a query around it."""
        select = self.select
        outputs = list(self._outputs())
        names = tuple(name for name, _ in outputs)
        at_of = {name: self._column(value) for name, value in outputs if value is not None}
        label = next((s.label for s in self.sources.values()), "the values")
        grouped = select.args.get("group")
        aggregated = any(isinstance(n, exp.AggFunc) and not n.find_ancestor(exp.Window) for _, v in outputs if v is not None for n in _own(v))  # fmt: skip
        limit = select.args.get("limit")
        if limit is not None and limit.expression is not None and limit.expression.name == "1":
            return _Source(label, names, (frozenset(),))
        if grouped or aggregated:
            return _Source(label, names, self._group_keys(grouped, outputs))
        if distinct := select.args.get("distinct"):
            on = distinct.args.get("on")
            if on is None:
                return _Source(label, names, (frozenset(names),))
            named = self._named(on.expressions if isinstance(on, exp.Tuple) else [on.unnest()], outputs)
            return _Source(label, names, (named,) if named is not None else ())
        keys, manies, repeated = [], [], {}
        for alias, source in self.sources.items():
            if self._repeaters[alias] is None:
                for key in source.keys:
                    mapped = self._mapped(alias, key - self._fixed_of(alias), at_of)
                    keys += [mapped] if mapped is not None else []
            for many in source.manies:
                mapped = self._mapped(alias, many, at_of)
                manies += [mapped] if mapped is not None else []
        keys += self._numbered(outputs)
        for name, value in outputs:
            if value is not None and (found := self._repeats(value)):
                repeated[name] = found[1]
        return _Source(label, names, tuple(keys), tuple(manies), repeated)

    def _outputs(self) -> Iterator[tuple[str, exp.Expr | None]]:
        for projection in self.select.expressions:
            star = projection if isinstance(projection, exp.Star) else projection.this
            if isinstance(star, exp.Star):
                wanted = projection.table.lower() if isinstance(projection, exp.Column) else None
                left_out = {c.name.lower() for c in star.args.get("except_") or star.args.get("except") or []}
                for alias, source in self.sources.items():
                    for name in source.columns if wanted in (None, alias) else ():
                        if name not in left_out:
                            yield name, exp.column(name, table=alias)
            else:
                yield projection.alias_or_name.lower(), projection.unalias()

    def _group_keys(
        self, grouped: exp.Group | None, outputs: list[tuple[str, exp.Expr | None]]
    ) -> tuple[_Columns, ...]:
        if grouped is None:
            return (frozenset(),)
        if any(grouped.args.get(kind) for kind in ("rollup", "cube", "grouping_sets")):
            return ()
        if grouped.args.get("all") or not grouped.expressions:
            plain = {n for n, v in outputs if v is not None and not any(isinstance(x, exp.AggFunc) for x in _own(v))}
            return (frozenset(plain),)
        named = self._named(grouped.expressions, outputs)
        return (named,) if named is not None else ()

    def _named(self, wanted: list[exp.Expr], outputs: list[tuple[str, exp.Expr | None]]) -> _Columns | None:
        """The output columns that hold these expressions; None if one is not put out."""
        names = set()
        for expression in wanted:
            if isinstance(expression, exp.Literal) and expression.is_int and int(expression.name) <= len(outputs):
                names.add(outputs[int(expression.name) - 1][0])
                continue
            at = self._column(expression)
            name = next((n for n, v in outputs if v is not None and (v == expression or (at and self._column(v) == at))), None)  # fmt: skip
            if name is None and isinstance(expression, exp.Column) and expression.name.lower() in dict(outputs):
                name = expression.name.lower()
            if name is None:
                return None
            names.add(name)
        return frozenset(names)

    def _mapped(self, alias: str, columns: _Columns, at_of: dict[str, _At | None]) -> _Columns | None:
        names = set()
        for column in columns:
            same = {(alias, column)} | {b for a, b in self._same if a == (alias, column)} | {a for a, b in self._same if b == (alias, column)}  # fmt: skip
            name = next((n for n, at in at_of.items() if at in same), None)
            if name is None:
                return None
            names.add(name)
        return frozenset(names)

    def _numbered(self, outputs: list[tuple[str, exp.Expr | None]]) -> list[_Columns]:
        """Keys made by row_number(): its partition with its number, or the partition alone where QUALIFY takes one."""
        keys = []
        for name, value in outputs:
            if isinstance(value, exp.Window) and isinstance(value.this, exp.RowNumber):
                part = self._named(value.args.get("partition_by") or [], outputs)
                keys += [part | {name}] if part is not None else []
        qualify = self.select.args.get("qualify")
        if qualify and isinstance(qualify.this, exp.EQ) and qualify.this.right.name == "1":
            window = qualify.this.left
            if isinstance(window, exp.Column):
                window = dict(outputs).get(window.name.lower()) or window
            if isinstance(window, exp.Window) and isinstance(window.this, exp.RowNumber):
                part = self._named(window.args.get("partition_by") or [], outputs)
                keys += [part] if part is not None else []
        return keys


def _of_dataset(dataset: Dataset, model: SemanticModel) -> _Source:
    def columns(names: tuple[str, ...]) -> _Columns:
        return frozenset(_physical(dataset, name) for name in names)

    keys = [columns(dataset.primary_key)] if dataset.primary_key else []
    keys += [columns(r.one_fields) for r in model.relationships if r.one == dataset.name]
    keys += [columns(r.many_fields) for r in model.relationships if r.many == dataset.name and r.one_to_one]
    manies = [columns(r.many_fields) for r in model.relationships if r.many == dataset.name and not r.one_to_one]
    names = tuple(dict.fromkeys(_physical(dataset, f.name) for f in dataset.fields))
    return _Source(dataset.name, names, tuple(dict.fromkeys(keys)), tuple(manies))


def _physical(dataset: Dataset, name: str) -> str:
    """The column that a field is, in lower case; the field's name where it is an expression."""
    sql = dataset.field(name).sql if dataset.has(name) else name
    try:
        column = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError:
        return name.lower()
    return column.name.lower() if isinstance(column, exp.Column) else name.lower()


def _renamed(source: _Source, item: exp.Expr) -> _Source:
    """The source under the column names of `AS t(a, b)`."""
    names = [name.lower() for name in item.alias_column_names]
    if not names or len(names) > len(source.columns):
        return source
    new = dict(zip(source.columns, names, strict=False))
    return _Source(
        source.label,
        tuple(new.get(c, c) for c in source.columns),
        tuple(frozenset(new.get(c, c) for c in key) for key in source.keys),
        tuple(frozenset(new.get(c, c) for c in many) for many in source.manies),
        {new.get(c, c): by for c, by in source.repeated.items()},
    )


def _at_most_one(join: exp.Join) -> bool:
    return str(join.args.get("method") or "").upper() in ("ASOF", "POSITIONAL")


def _own(node: exp.Expr) -> Iterator[exp.Expr]:
    """The node's parts without those of queries within it."""
    for part in node.walk(prune=lambda n: n is not node and isinstance(n, _QUERIES)):
        if part is node or not isinstance(part, _QUERIES):
            yield part


def _queries_in(select: exp.Select) -> Iterator[exp.Expr]:
    """Queries within expressions (not those of FROM, JOIN and WITH)."""
    for name, part in select.args.items():
        if name in ("from_", "with_"):
            continue
        for item in part if isinstance(part, list) else [part]:
            root = item.args.get("on") if isinstance(item, exp.Join) else item
            if isinstance(root, exp.Expr):
                for node in root.walk(prune=lambda n: isinstance(n, _QUERIES)):
                    if isinstance(node, _QUERIES):
                        yield node


def _columns(node: exp.Expr) -> Iterator[exp.Column]:
    return (part for part in _own(node) if isinstance(part, exp.Column) and not isinstance(part.this, exp.Star))


def _terms(value: exp.Expr) -> Iterator[exp.Expr]:
    value = value.unnest()
    if isinstance(value, exp.Add | exp.Sub):
        yield from _terms(value.left)
        yield from _terms(value.right)
    else:
        yield value


def _value_columns(value: exp.Expr) -> Iterator[exp.Column]:
    """The columns whose values are counted: of a CASE or IF, those of what it gives, not of what it tests."""
    value = value.unnest()
    if isinstance(value, exp.Case):
        for branch in [*(i.args["true"] for i in value.args["ifs"]), value.args.get("default")]:
            if branch is not None:
                yield from _value_columns(branch)
    elif isinstance(value, exp.If):
        for name in ("true", "false"):
            if value.args.get(name) is not None:
                yield from _value_columns(value.args[name])
    elif isinstance(value, exp.Binary):
        yield from _value_columns(value.left)
        yield from _value_columns(value.right)
    else:
        yield from _columns(value)


def _message(aggregate: exp.Expr, repeated: str, by: str) -> str:
    return (
        f"{aggregate.sql('duckdb')} would count rows of {repeated} several times: the join with {by} repeats them. "
        f"Aggregate {repeated} on its own first (in a subquery), or use the query tool, which does."
    )
