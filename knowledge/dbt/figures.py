"""Metrics: their aggregates and filters as SQL over the datasets' fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.dbt.datasets import sql_of
from knowledge.dbt.spec import Input, Measure, MetricSpec, Semantic
from knowledge.model import Additivity, Dataset, Metric, Relationship
from knowledge.osi.expressions import column_of, qualified, references
from knowledge.osi.nodes import BadModel, near

_JINJA = re.compile(r"\{\{\s*(\w+)\s*\(\s*['\"]([^'\"]+)['\"][^)]*\)\s*(?:\.\s*\w+\s*\([^)]*\)\s*)*\}\}")


class Unsaid(Exception):
    """A metric that Parley's metrics can't say; the message is why, and what to do instead."""


@dataclass
class Figures:
    """The metrics of a project, one at a time."""

    semantics: dict[str, Semantic]
    datasets: dict[str, Dataset]
    specs: dict[str, MetricSpec]
    joins: list[Relationship]
    dialect: str

    def __post_init__(self) -> None:
        self._measures = {m.name: (s, m) for s in self.semantics.values() for m in s.measures}

    def metric(self, spec: MetricSpec) -> Metric:
        """Raises Unsaid, BadModel."""
        sql = self._sql(spec, (), ())
        base = self._measures.get(spec.inputs[0].name) if spec.type == "simple" else None
        time = None
        if base and base[1].time and base[1].time != base[0].time:
            time = f"{base[0].name}.{base[1].time}"
        measure = base[1] if base else None
        return Metric(
            name=spec.name, sql=sql, label=spec.label, synonyms=spec.synonyms, time=time,
            description=spec.description or (measure.description if measure else ""),
            additivity=_additivity(measure),
        )  # fmt: skip

    # --- expressions -------------------------------------------------------------------------------------------------

    def _sql(self, spec: MetricSpec, filters: tuple[str, ...], within: tuple[str, ...]) -> str:
        """The metric with more filters on all its rows."""
        if spec.name in within:
            raise BadModel(spec.place, f"the metric {spec.name!r} is made of itself ({' → '.join(within)})")
        filters = (*spec.filters, *filters)
        within = (*within, spec.name)
        if spec.type == "simple":
            return self._simple(spec, filters)
        if spec.type == "ratio":
            top, bottom = (self._part(spec, i, filters, within) for i in spec.inputs)
            return f"{top} / {bottom}"
        if spec.type == "derived":
            return self._derived(spec, filters, within)
        if spec.type == "cumulative":
            of = spec.inputs[0].name
            how = f"running over {spec.window}" if spec.window else "a running total"
            raise Unsaid(f"it is {of} {how}, which a question asks for: “running total of {of}”, “{of} month to date”")
        raise Unsaid("conversions from one event to another are not supported")

    def _part(self, spec: MetricSpec, part: Input, filters: tuple[str, ...], within: tuple[str, ...]) -> str:
        """A metric that another is made of: by name, or written out where its rows are filtered."""
        if part.offset:
            raise Unsaid(
                f"it compares with {part.name} {part.offset} before, which a question asks for: “growth of {part.name}”"
            )
        inner = self.specs.get(part.name)
        if inner is None:
            if part.name in self._measures:  # legacy ratios may name measures
                return f"({self._aggregate(spec, part, (*part.filters, *filters))})"
            raise BadModel(spec.place, f"there is no metric {part.name!r}.{near(part.name, list(self.specs))}")
        filters = (*part.filters, *filters)
        # Also by name, it is proved: a metric that can't be said takes those made of it along.
        whole = self._sql(inner, filters, within)
        return f"({whole})" if filters else f"{{{part.name}}}"

    def _simple(self, spec: MetricSpec, filters: tuple[str, ...]) -> str:
        part = spec.inputs[0]
        if part.name not in self._measures:
            raise BadModel(spec.place, f"there is no measure {part.name!r}.{near(part.name, list(self._measures))}")
        sql = self._aggregate(spec, part, (*part.filters, *filters))
        return sql if part.fill is None else f"COALESCE({sql}, {part.fill:g})"

    def _derived(self, spec: MetricSpec, filters: tuple[str, ...], within: tuple[str, ...]) -> str:
        said = {part.alias or part.name: self._part(spec, part, filters, within) for part in spec.inputs}
        try:
            tree = sqlglot.parse_one(spec.expr, read=self.dialect)
        except SqlglotError as error:
            raise BadModel(f"{spec.place}.expr", f"it can't be read: {str(error).splitlines()[0]}") from error
        for column in tree.find_all(exp.Column):
            if column.name not in said:
                raise BadModel(
                    f"{spec.place}.expr",
                    f"{column.name!r} is none of its metrics ({', '.join(said) or 'it lists none'})",
                )
        return re.sub(r"[A-Za-z_]\w*", lambda m: said.get(m[0], m[0]), sql_of(spec.expr, self.dialect))

    def _aggregate(self, spec: MetricSpec, part: Input, filters: tuple[str, ...]) -> str:
        semantic, measure = self._measures[part.name]
        dataset = self.datasets[semantic.name]
        over = measure.level_over
        if over.get("window_choice") == "min" or over.get("window_groupings"):
            raise Unsaid(
                f"{measure.name} is a level at the start of a period, or of each of some groups; only the last level "
                "of a period can be said"
            )
        counts = measure.expr in ("1", "*") and measure.agg in ("count", "sum")
        sql = _call("count" if counts else measure.agg, measure, self._argument(measure, dataset))
        where = " AND ".join(f"({self._condition(spec, f, semantic)})" for f in filters)
        return f"{sql} FILTER (WHERE {where})" if where else sql

    def _argument(self, measure: Measure, dataset: Dataset) -> str:
        """What is aggregated, with its columns qualified. A constant names the dataset by a field of its own."""
        if measure.expr in ("1", "*") and dataset.primary_key:
            return qualified(_quoted(dataset.primary_key[0]), dataset.name)
        sql = "1" if measure.expr == "*" else qualified(sql_of(measure.expr, self.dialect), dataset.name)
        if sqlglot.parse_one(sql, read="duckdb").find(exp.Column):
            return sql
        key = (*dataset.primary_key, *(f.name for f in dataset.fields))
        if not key:
            raise Unsaid(f"{dataset.name} has no field to count its rows by")
        return f"CASE WHEN {qualified(_quoted(key[0]), dataset.name)} IS NULL THEN {sql} ELSE {sql} END"

    # --- filters -----------------------------------------------------------------------------------------------------

    def _condition(self, spec: MetricSpec, template: str, home: Semantic) -> str:
        """ "{{ Dimension('customer__region') }} = 'EU'" -> customers.region = 'EU'"""

        def field(match: re.Match[str]) -> str:
            kind, name = match[1], match[2]
            if kind not in ("Dimension", "TimeDimension", "Entity"):
                raise Unsaid(f"it filters by {kind}('{name}'), a figure of other rows")
            return self._reference(spec, name, home)

        sql = _JINJA.sub(field, template.strip())
        if "{{" in sql or "{%" in sql:
            raise Unsaid(f"its filter {template.strip()!r} has Jinja that only dbt can fill in")
        try:
            made = sql_of(sql, self.dialect)
            others = {name for name, _, _ in references(made)} - self._leads_to(home.name)
        except SqlglotError as error:
            raise BadModel(f"{spec.place}.filter", f"it can't be read: {str(error).splitlines()[0]}") from error
        if others:
            raise Unsaid(f"it filters {home.name} by {min(others)}, of which one row of {home.name} may have many")
        return made

    def _reference(self, spec: MetricSpec, name: str, home: Semantic) -> str:
        """ "customer__region": the field `region` of the dataset that the entity `customer` is the key of."""
        *path, last = name.split("__")
        if (
            last in ("hour", "day", "week", "month", "quarter", "year")
            and path
            and self._find(path[:-1], path[-1], home)
        ):
            grain, (*path, last) = last, path
            return f"date_trunc('{grain}', {self._find(path, last, home)})"
        found = self._find(path, last, home)
        if found is None:
            raise BadModel(f"{spec.place}.filter", f"there is no dimension {name!r} to filter by")
        return found

    def _leads_to(self, home: str) -> set[str]:
        """The datasets of which each row of `home` has one."""
        found, todo = {home}, [home]
        while todo:
            here = todo.pop()
            for join in self.joins:
                ends = [join.one] if join.many == here else [join.many] if join.one_to_one and join.one == here else []
                todo += [end for end in ends if end not in found]
                found |= set(ends)
        return found

    def _find(self, path: list[str], name: str, home: Semantic) -> str | None:
        entity = path[-1] if path else ""
        owners = [s for s in self.semantics.values() if entity in _keys(s)]
        for semantic in ([home] if not path or home in owners else []) + [s for s in owners if s is not home]:
            dataset = self.datasets[semantic.name]
            for key in semantic.entities:
                if key.name == name and name not in {d.name for d in semantic.dimensions}:
                    return qualified(_quoted(column_of(sql_of(key.expr, self.dialect)) or key.name), dataset.name)
            if dataset.has(name):
                return qualified(_quoted(name), dataset.name)
        return None


def _keys(semantic: Semantic) -> set[str]:
    return {semantic.primary_entity} | {e.name for e in semantic.entities if e.type in ("primary", "unique", "natural")}


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else f'"{name}"'


def _call(agg: str, measure: Measure, argument: str) -> str:
    if agg == "count_distinct":
        return f"COUNT(DISTINCT {argument})"
    if agg == "sum_boolean":
        return f"SUM(CASE WHEN {argument} THEN 1 ELSE 0 END)"
    if agg == "percentile":
        return f"QUANTILE_{'DISC' if measure.discrete else 'CONT'}({argument}, {measure.percentile:g})"
    return f"{'AVG' if agg == 'average' else agg.upper()}({argument})"


def _additivity(measure: Measure | None) -> Additivity:
    if measure is None:
        return "non_additive"
    if measure.level_over:
        return "semi_additive"
    return "additive" if measure.agg in ("sum", "count", "sum_boolean") else "non_additive"
