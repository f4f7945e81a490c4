"""Which rows a join repeats.

Each source of a SELECT (a table, a subquery, a WITH) has keys: sets of columns that pick one of its rows. Starting from
a source, another is reached without repeating the first's rows when the columns by which it is joined hold one of its
keys. A source from which not all others are reached so has its rows repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import sqlglot.expressions as exp

_COUNTED = (
    exp.Sum, exp.Avg, exp.Count, exp.CountIf, exp.Median, exp.Quantile, exp.PercentileCont,
    exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop,
)  # fmt: skip
_ADDS = frozenset(
    ["fsum", "favg", "kahan_sum", "sumkahan", "sum_no_overflow", "product", "mean", "geomean", "geometric_mean"]
)
_OF_LISTS = frozenset(
    ["list_sum", "list_avg", "list_product", "list_count", "list_median", "list_aggregate", "array_aggregate"]
)
"""Functions that add up lists: of rows, where the list is gathered from them."""
QUERIES = (exp.Select, exp.SetOperation)
_Columns = frozenset[str]
_At = tuple[str, str]
"""A column of a source: (alias, column), both in lower case."""


@dataclass(frozen=True)
class Repeated:
    """`aggregate` counts rows of `what` several times, because `by` repeats them."""

    aggregate: exp.Expr
    what: str
    by: str


@dataclass(frozen=True)
class Source:
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


def _counts(node: exp.Expr) -> bool:
    """It adds up, averages or counts the rows that it gets."""
    if isinstance(node, exp.ArrayAgg):
        outer = node.parent
        return isinstance(outer, exp.Func) and (_name(outer) in _OF_LISTS or _name(outer) in ("len", "array_length"))
    return isinstance(node, _COUNTED) or (isinstance(node, exp.Anonymous) and _name(node) in _ADDS)


def _name(node: exp.Expr) -> str:
    return (
        (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        if isinstance(node, exp.Func)
        else ""
    )


def joins_of(select: exp.Select) -> list[exp.Join]:
    """The joins of a SELECT, those within brackets of its FROM, too."""
    found: list[exp.Join] = []
    start = select.args.get("from_")
    item = start.this if start else None
    while isinstance(item, exp.Subquery | exp.Paren | exp.Table):
        found = [*(item.args.get("joins") or []), *found]
        item = item.this if isinstance(item, exp.Subquery | exp.Paren) else None
    return [*found, *(select.args.get("joins") or [])]


class Joined:
    """The sources of one SELECT and how they are joined."""

    def __init__(self, select: exp.Select, sources: dict[str, Source]):
        self.select, self.sources = select, sources
        self._same: list[tuple[_At, _At]] = []
        self._fixed: set[_At] = set()
        self._ranged: set[str] = set()
        joins = joins_of(select)
        self._using = {name.name.lower() for join in joins for name in join.args.get("using") or []}
        conditions = [j.args["on"] for j in joins if j.args.get("on")]
        if where := select.args.get("where"):
            conditions.append(where.this)
        for condition in conditions:
            for part in condition.flatten() if isinstance(condition, exp.And) else [condition]:
                self._note(part.unnest())
        aliases = list(sources)
        for join in joins:
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
        if len(owners) > 1 and name in self._using:
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

    def counted_twice(self) -> Repeated | None:
        """The first aggregate that counts rows several times."""
        for node in own_parts(self.select):
            if not _counts(node) or node.find(exp.Distinct):
                continue
            if any(part is not node and isinstance(part, exp.AggFunc) for part in own_parts(node)):
                continue  # a window over sums: the sums within are looked at by themselves
            if not list(
                _columns(node)
            ):  # COUNT(*) counts the joined rows: of one source at least they must be the rows
                by = list(self._repeaters.values())
                if len(by) > 1 and all(by):
                    return Repeated(node, next(iter(self.sources.values())).label, str(by[0]))
            elif found := self._repeats(node.expressions[0] if isinstance(node, exp.Anonymous) else node.this):
                return Repeated(node, *found)
        return None

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

    def rows(self) -> Source:
        """The rows that this SELECT gives, to a query around it."""
        select = self.select
        outputs = list(self._outputs())
        names = tuple(name for name, _ in outputs)
        at_of = {name: self._column(value) for name, value in outputs if value is not None}
        label = next((s.label for s in self.sources.values()), "the values")
        grouped = select.args.get("group")
        parts = [part for _, value in outputs if value is not None for part in own_parts(value)]
        aggregated = any(isinstance(part, exp.AggFunc) and not part.find_ancestor(exp.Window) for part in parts)
        limit = select.args.get("limit")
        if limit is not None and limit.expression is not None and limit.expression.name == "1":
            return Source(label, names, (frozenset(),))
        if grouped or aggregated:
            return Source(label, names, self._group_keys(grouped, outputs))
        if distinct := select.args.get("distinct"):
            on = distinct.args.get("on")
            if on is None:
                return Source(label, names, (frozenset(names),))
            named = self._named(on.expressions if isinstance(on, exp.Tuple) else [on.unnest()], outputs)
            return Source(label, names, (named,) if named is not None else ())
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
        return Source(label, names, tuple(keys), tuple(manies), repeated)

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
            plain = {
                n for n, v in outputs if v is not None and not any(isinstance(x, exp.AggFunc) for x in own_parts(v))
            }
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
            values = [(n, v) for n, v in outputs if v is not None]
            name = next((n for n, v in values if v == expression or (at and self._column(v) == at)), None)
            if name is None and isinstance(expression, exp.Column) and expression.name.lower() in dict(outputs):
                name = expression.name.lower()
            if name is None:
                return None
            names.add(name)
        return frozenset(names)

    def _mapped(self, alias: str, columns: _Columns, at_of: dict[str, _At | None]) -> _Columns | None:
        names = set()
        for column in columns:
            own = (alias, column)
            same = {own, *(b for a, b in self._same if a == own), *(a for a, b in self._same if b == own)}
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


def own_parts(node: exp.Expr) -> Iterator[exp.Expr]:
    """The node's parts without those of queries within it."""
    for part in node.walk(prune=lambda n: n is not node and isinstance(n, QUERIES)):
        if part is node or not isinstance(part, QUERIES):
            yield part


def _columns(node: exp.Expr) -> Iterator[exp.Column]:
    return (part for part in own_parts(node) if isinstance(part, exp.Column) and not isinstance(part.this, exp.Star))


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
