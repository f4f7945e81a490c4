"""For random star and snowflake schemas with random data, every figure equals a naive computation row by row."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pytest
from compile_world import agg, count, fill, is_, metric, total
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.compile import compile_request
from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.request import Compare, Exists, FieldColumn, Measure, MeasureColumn, Not, Request

SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
KINDS = st.sampled_from(["red", "green", "blue", None])
AMOUNTS = st.one_of(st.none(), st.integers(-5, 20))


@dataclass(repr=False)
class Data:
    """Tables as frames, the model over them, and the database that holds them."""

    model: SemanticModel
    frames: dict[str, pd.DataFrame]
    connection: duckdb.DuckDBPyConnection

    def __repr__(self) -> str:
        return "\n".join(f"{name}:\n{frame}" for name, frame in self.frames.items())

    def ask(self, columns: list[Any], **request: Any) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """A request's rows: the measures by the groups."""
        given_ = [FieldColumn(field=c) if isinstance(c, str) else MeasureColumn(measure=c) for c in columns]
        compiled = compile_request(Request(columns=given_, **request), self.model)
        rows = self.connection.execute(compiled.sql).fetchall()
        groups = sum(isinstance(c, str) for c in columns)
        result = {row[:groups]: row[groups:] for row in rows}
        assert len(result) == len(rows), "a group came twice"
        return result

    def joined(self, start: str) -> pd.DataFrame:
        """Each row of a table beside the rows it belongs to, its columns named "table.column"; naive merges."""
        frame = self.frames[start].add_prefix(f"{start}.")
        todo = [start]
        while todo:
            name = todo.pop()
            for link in self.model.relationships:
                if link.many == name:
                    one = self.frames[link.one].add_prefix(f"{link.one}.")
                    key = f"{name}.{link.many_fields[0]}"
                    frame = frame.merge(
                        one[one[f"{link.one}.id"].notna()], how="left", left_on=key, right_on=f"{link.one}.id"
                    )
                    todo.append(link.one)
        return frame


def _dataset(name: str, columns: Iterable[str]) -> Dataset:
    fields = []
    for column in columns:
        key = column == "id" or column.endswith("_id")
        kind, role = ("text", "category") if column == "kind" else ("integer", "key" if key else "measure")
        fields.append(ModelField(column, column, kind, role, additivity="additive"))  # type: ignore[arg-type]
    return Dataset(name, f"main.{name}", tuple(fields), ("id",) if "id" in columns else ())


@st.composite
def schemas(draw: st.DrawFn) -> Data:
    """One to three dimensions, each perhaps with a parent; one to three facts, each with some of the dimensions."""
    tables: dict[str, list[str]] = {}
    links: list[tuple[str, str]] = []
    dimensions = [f"d{i}" for i in range(draw(st.integers(1, 3)))]
    for name in dimensions:
        tables[name] = ["id", "kind"]
        if draw(st.booleans()):
            tables[f"{name}up"] = ["id", "kind"]
            tables[name].append(f"{name}up_id")
            links.append((name, f"{name}up"))
    facts = [f"f{i}" for i in range(draw(st.integers(1, 3)))]
    for name in facts:
        mine = draw(st.lists(st.sampled_from(dimensions), unique=True, min_size=1))
        keyed = draw(st.booleans())
        tables[name] = (["id"] if keyed else []) + ["kind", "amount", *(f"{d}_id" for d in mine)]
        links += [(name, d) for d in mine]
    return _filled(draw, tables, links)


def _filled(draw: st.DrawFn, tables: dict[str, list[str]], links: list[tuple[str, str]]) -> Data:
    datasets = {name: _dataset(name, columns) for name, columns in tables.items()}
    relationships = tuple(Relationship(f"{a}_{b}", a, b, (f"{b}_id",), ("id",)) for a, b in links)
    metrics = []
    facts = [name for name, columns in tables.items() if "amount" in columns]
    for a in facts:
        metrics.append(Metric(f"{a}_total", f"SUM({a}.amount)"))
        metrics.append(Metric(f"{a}_mean", f"SUM({a}.amount) / COUNT({a}.amount)"))
        for b in facts:
            metrics.append(Metric(f"{a}_less_{b}", f"SUM({a}.amount) - SUM({b}.amount)"))
            metrics.append(Metric(f"{a}_per_{b}", f"SUM({a}.amount) / COUNT({b}.amount)"))
    model = SemanticModel("random", tuple(datasets.values()), relationships, tuple(metrics))
    connection = duckdb.connect()
    frames = {}
    for name, columns in tables.items():
        size = draw(st.integers(0, 6))
        rows = []
        for i in range(size):
            row: list[Any] = []
            for column in columns:
                if column == "id":
                    row.append(i)
                elif column == "kind":
                    row.append(draw(KINDS))
                else:
                    row.append(draw(AMOUNTS if column == "amount" else st.one_of(st.none(), st.integers(0, 6))))
            rows.append(tuple(row))
        fill(connection, datasets[name], rows)
        kinds = {c: "object" if c == "kind" else "Int64" for c in columns}
        frames[name] = pd.DataFrame(rows, columns=columns).astype(kinds)
    return Data(model, frames, connection)


def split(frame: pd.DataFrame, by: list[str]) -> dict[tuple[Any, ...], pd.DataFrame]:
    """The rows of each group, null being a group as well; without groups, all rows."""
    if not by:
        return {(): frame}
    rows = defaultdict(list)
    for i, key in enumerate(frame[by].itertuples(index=False, name=None)):
        rows[tuple(None if pd.isna(part) else part for part in key)].append(i)
    return {key: frame.iloc[at] for key, at in rows.items()}


def naive(frame: pd.DataFrame, by: list[str], value: Callable[[pd.DataFrame], Any]) -> dict[tuple[Any, ...], Any]:
    return {key: value(rows) for key, rows in split(frame, by).items()}


def same(a: Any, b: Any) -> bool:
    a, b = (None if x is None or x is pd.NA else x for x in (a, b))
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9)


def check(
    found: dict[tuple[Any, ...], tuple[Any, ...]], expected: list[dict[tuple[Any, ...], Any]], empty: list[Any]
) -> None:
    """`expected` has a dictionary for each measure; a group that a measure lacks has its `empty` value."""
    groups = set().union(*expected)
    assert set(found) == groups
    for group in groups:
        for i, values in enumerate(expected):
            assert same(found[group][i], values.get(group, empty[i])), (group, i, found[group][i], values.get(group))


def column_sum(column: str) -> Callable[[pd.DataFrame], Any]:
    return lambda rows: rows[column].sum() if rows[column].notna().any() else None


def measures_of(fact: str) -> list[tuple[Measure, Callable[[pd.DataFrame], Any], Any]]:
    """Each way to measure a fact: the measure, the same done naively, and what it is of no rows."""
    amount = f"{fact}.amount"

    def of(reduce: Callable[[pd.Series], Any]) -> Callable[[pd.DataFrame], Any]:
        return lambda rows: reduce(rows[amount].dropna()) if rows[amount].notna().any() else None

    red = is_(f"{fact}.kind", "RED")
    return [
        (total(amount), column_sum(amount), None),
        (count(fact), len, 0),
        (agg("count", amount), lambda rows: int(rows[amount].notna().sum()), 0),
        (agg("count_distinct", amount), lambda rows: rows[amount].nunique(), 0),
        (agg("avg", amount), of(lambda s: s.mean()), None),
        (agg("min", amount), of(lambda s: s.min()), None),
        (agg("max", amount), of(lambda s: s.max()), None),
        (agg("median", amount), of(lambda s: float(s.astype(float).median())), None),
        (total(amount, where=[red]), lambda rows: column_sum(amount)(rows[rows[f"{fact}.kind"] == "red"]), None),
        (metric(f"{fact}_mean"), of(lambda s: s.mean()), None),
    ]


def dimensions_of(data: Data, fact: str) -> list[str]:
    return [f"{d.name}.kind" for d in data.model.datasets if f"{d.name}.kind" in data.joined(fact).columns]


def facts_of(data: Data) -> list[str]:
    return [name for name, frame in data.frames.items() if "amount" in frame.columns]


@given(schemas())
@SLOW
def test_every_measure_by_every_dimension(data: Data) -> None:
    for fact in facts_of(data):
        rows = data.joined(fact)
        assert len(rows) == len(data.frames[fact])
        measures = measures_of(fact)
        asked = [m for m, _, _ in measures]
        reachable = dimensions_of(data, fact)
        for by in [[], *([d] for d in reachable), *map(list, itertools.combinations(reachable, 2))]:
            found = data.ask([*by, *asked])
            groups = split(rows, by)
            expected = [{key: value(part) for key, part in groups.items()} for _, value, _ in measures]
            check(found, expected, [none for *_, none in measures])
            for i in (0, 1):  # a sum and a count add up to the whole
                parts = [values[i] for values in found.values() if values[i] is not None]
                assert sum(parts) == (data.ask([asked[i]])[()][0] or 0)


@given(schemas(), st.data())
@SLOW
def test_measures_of_several_facts_meet_in_their_common_dimensions(data: Data, draw: st.DataObject) -> None:
    facts = facts_of(data)
    pairs = [p for p in itertools.product(facts, facts) if p[0] != p[1]]
    if not pairs:
        return
    a, b = draw.draw(st.sampled_from(pairs))
    common = [d for d in dimensions_of(data, a) if d in dimensions_of(data, b) and d.split(".")[0] not in facts]
    by = draw.draw(st.lists(st.sampled_from(common), unique=True, max_size=2)) if common else []
    sums = [naive(data.joined(f), by, column_sum(f"{f}.amount")) for f in (a, b)]
    counts = [naive(data.joined(f), by, lambda rows, f=f: int(rows[f"{f}.amount"].notna().sum())) for f in (a, b)]
    groups = set(sums[0]) | set(sums[1])
    less = {g: (sums[0].get(g) or 0) - (sums[1].get(g) or 0) for g in groups}
    per = {
        g: sums[0].get(g) / counts[1][g] if counts[1].get(g) and sums[0].get(g) is not None else None for g in groups
    }
    asked = [total(f"{a}.amount"), count(a), total(f"{b}.amount"), metric(f"{a}_less_{b}"), metric(f"{a}_per_{b}")]
    found = data.ask([*by, *asked])
    check(found, [sums[0], naive(data.joined(a), by, len), sums[1], less, per], [None, 0, None, 0, None])
    whole = data.ask([asked[0], asked[3]])[()]
    for i, value in ((0, whole[0]), (3, whole[1])):
        assert sum(values[i] or 0 for values in found.values()) == (value or 0)


@st.composite
def bridges(draw: st.DrawFn) -> Data:
    """Left rows and right rows, related many-to-many by a bridge; each left row also has children of its own."""
    tables = {
        "lefts": ["id", "kind", "amount"],
        "rights": ["id", "kind"],
        "bridge": ["lefts_id", "rights_id"],
        "children": ["id", "kind", "amount", "lefts_id"],
    }
    return _filled(draw, tables, [("bridge", "lefts"), ("bridge", "rights"), ("children", "lefts")])


def related(data: Data, left: Any) -> set[int]:
    """Positions of bridge rows of a left row."""
    bridge = data.frames["bridge"]
    return {i for i, row in enumerate(bridge.itertuples()) if row.lefts_id is not pd.NA and row.lefts_id == left}


@given(bridges())
@SLOW
def test_many_to_many(data: Data) -> None:
    rights = {row.id: None if pd.isna(row.kind) else row.kind for row in data.frames["rights"].itertuples()}
    lefts = list(data.frames["lefts"].itertuples())
    bridge = list(data.frames["bridge"].itertuples())
    kinds_of = {
        left.id: {
            rights.get(bridge[i].rights_id) if bridge[i].rights_id is not pd.NA else None
            for i in related(data, left.id)
        }
        for left in lefts
    }

    def amounts(rows: list[Any]) -> tuple[Any, int]:
        known = [row.amount for row in rows if row.amount is not pd.NA]
        return (sum(known) if known else None), len(rows)

    # By the right side's kind, each left row once in each kind that it has.
    kinds = set().union(*kinds_of.values()) if kinds_of else set()
    expected = {(kind,): amounts([left for left in lefts if kind in kinds_of[left.id]]) for kind in kinds}
    assert data.ask(["rights.kind", total("lefts.amount"), count("lefts")]) == expected

    # With a condition on the right side, each left row once; and its opposite.
    red = is_("rights.kind", "red")
    has_red = [left for left in lefts if "red" in kinds_of[left.id]]
    others = [left for left in lefts if "red" not in kinds_of[left.id]]
    assert data.ask([total("lefts.amount"), count("lefts")], where=[red]) == {(): amounts(has_red)}
    assert data.ask([total("lefts.amount"), count("lefts")], where=[Not(of=red)]) == {(): amounts(others)}
    both = [total("lefts.amount"), total("lefts.amount", where=[red])]
    assert data.ask(both) == {(): (amounts(lefts)[0], amounts(has_red)[0])}

    # Children are measured by themselves, whatever else their left row is related to.
    children = list(data.frames["children"].itertuples())
    # Both sides name the left row by its key, so they are related even if the left table has no such row.
    red_keys = {row.lefts_id for row in bridge if row.rights_id is not pd.NA and rights.get(row.rights_id) == "red"}
    of_red = [c for c in children if c.lefts_id is not pd.NA and c.lefts_id in red_keys]
    exists = Exists(dataset="rights", where=[red])
    assert data.ask([total("children.amount"), count("children")], where=[exists]) == {(): amounts(of_red)}

    # At least so many different related rows.
    for least in (1, 2):
        enough = []
        for left in lefts:
            found = {bridge[i].rights_id for i in related(data, left.id)}
            if len({right for right in found if right is not pd.NA and right in rights}) >= least:
                enough.append(left)
        condition = Exists(dataset="rights", at_least=least)
        assert data.ask([total("lefts.amount"), count("lefts")], where=[condition]) == {(): amounts(enough)}


@given(schemas(), st.data())
@SLOW
def test_conditions_on_either_side_select_the_right_rows(data: Data, draw: st.DataObject) -> None:
    fact = draw.draw(st.sampled_from(facts_of(data)))
    rows = data.joined(fact)
    column = draw.draw(st.sampled_from(dimensions_of(data, fact)))
    condition = Compare(field=column, op="in", value=["red", "Blue"])
    chosen = rows[rows[column].isin(["red", "blue"])]
    assert data.ask([count(fact)], where=[condition]) == {(): (len(chosen),)}
    # The other way: dimension rows that have such a fact.
    dimension = draw.draw(st.sampled_from([d for d in dimensions_of(data, fact) if d != f"{fact}.kind"] or [None]))
    if dimension is None:
        return
    name = dimension.split(".")[0]
    large = Compare(field=f"{fact}.amount", op=">", value=3)
    keys = set(rows[rows[f"{fact}.amount"].gt(3).fillna(False)][f"{name}.id"].dropna())
    assert data.ask([count(name)], where=[large]) == {(): (len(keys),)}
    assert data.ask([count(name)], where=[Not(of=large)]) == {(): (len(data.frames[name]) - len(keys),)}


def test_the_checks_can_fail() -> None:
    with pytest.raises(AssertionError):
        check({("red",): (2,)}, [{("red",): 1}], [None])
    with pytest.raises(AssertionError):
        check({("red",): (1,)}, [{("red",): 1, (None,): 2}], [None])
