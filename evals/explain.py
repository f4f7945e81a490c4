"""explain, on data made up with a cause in it, or without one: how often it names the cause first, and how often it
names none where there is none; and how long ten million rows take.

Each dataset is a table of sales by month: four to eight dimensions of 3 to 12 values of uneven size, two of them
related, every segment wobbling by itself from month to month (4%) and all together (2%); customers, prices and
quantities are skewed. In the last month something happens:

segment      one segment of 5% to 40% sells 60% less, or 60% more
combination  the same for what two dimensions' segments have in common (8% to 30%)
mix          a ratio's segments keep their ratios, and one with another ratio than the rest doubles in weight
price        the price, or the quantity, or the number of sales moves by a fifth everywhere
none         nothing
"""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from knowledge.calendar import Calendar
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.request import Aggregate, Arithmetic, Measure, MeasureColumn, Request
from knowledge.values import ValueIndex
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis
from tools.explain import build

_MONTHS = 14
_REVENUE = Aggregate(agg="sum", of="sales.amount")
_RATE = Arithmetic(
    op="percent", left=Aggregate(agg="sum", of="sales.returned"), right=Aggregate(agg="count", dataset="sales")
)


@dataclass(frozen=True)
class Planted:
    rows: pd.DataFrame
    cause: tuple[str, ...]
    """Words that the first sentence must have; none where there is no cause."""
    measure: Measure


def measure(count: int = 300) -> str:
    """The table of results over `count` datasets, and the time of the largest."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    kinds = list(KINDS)
    with tempfile.TemporaryDirectory() as folder:
        for n in range(count):
            kind = kinds[n % len(kinds)]
            planted = KINDS[kind](np.random.default_rng(n))
            found = explained(planted.rows, planted.measure, Path(folder) / f"{n}.duckdb")
            asked[kind] += 1
            right[kind] += named(found, planted.cause)
        rows, seconds = _large(Path(folder) / "large.duckdb")
    lines = [f"{kind:12} {right[kind]:4} of {asked[kind]:3}  {right[kind] / asked[kind]:6.1%}" for kind in asked]
    causes = [k for k in asked if k != "none"]
    share = sum(right[k] for k in causes) / max(sum(asked[k] for k in causes), 1)
    return "\n".join(
        ["what happened  named first, or none named", *lines, f"{'all causes':12} {'':11}  {share:6.1%}",
         f"{rows:,} rows × 12 dimensions: {seconds:.1f} s"]
    )  # fmt: skip


def named(found: Analysis, cause: tuple[str, ...]) -> bool:
    """Whether the first sentence names the cause, and nothing else as one; "despite" it, where it moved against the
    whole."""
    first = found.text.split(". By its factors")[0]
    _, *said = re.split(r" because |, despite ", first, maxsplit=1)
    why = said[0] if said else ""
    if not cause:
        return not why
    return bool(why) and all(word in why.split(" which ")[0] for word in cause)


def explained(rows: pd.DataFrame, what: Measure, path: Path) -> Analysis:
    workspace = opened(rows, path)
    request = Request(columns=[MeasureColumn(measure=what)], period="last month")
    _, found = build(workspace, Limits(timeout_s=300)).func(request=request, reading="")  # type: ignore[attr-defined]
    workspace.warehouse.close()
    if not isinstance(found, Analysis):
        raise RuntimeError(f"explain refused: {found.text}")
    return found


def opened(rows: pd.DataFrame, path: Path) -> Workspace:
    """A workspace over one table, described as the profiler would."""
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE sales AS SELECT * FROM rows")
    texts = [c for c in rows.columns if c.startswith("d")]
    fields = [
        ModelField("sold_on", "sold_on", "date", "time"),
        *(ModelField(c, c, "text", "category", label=f"dimension {c}", distinct=int(rows[c].nunique())) for c in texts),
        *(
            ModelField(c, c, "number", "measure", label=c, additivity="additive")
            for c in ("amount", "quantity", "returned")
            if c in rows
        ),
    ]
    sales = Dataset("sales", "main.sales", tuple(fields), label="sale", default_time="sold_on", row_count=len(rows))
    model = SemanticModel("planted", (sales,))
    last = pd.Timestamp(rows["sold_on"].max()).date()
    return Workspace(
        "planted", DuckDBWarehouse(path), model, ValueIndex.of([]), Calendar.for_model(model, today=last),
        pd.Timestamp(rows["sold_on"].max()).to_pydatetime(),
    )  # fmt: skip


# --- what happens ----------------------------------------------------------------------------------------------------


def _plain(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Sales without a cause, and which are of the last month (the first of a month more ends the data)."""
    dimensions, per_month = int(rng.integers(4, 9)), int(rng.integers(3000, 10000))
    sizes = [rng.dirichlet(np.full(int(rng.integers(3, 13)), 2.0)) for _ in range(dimensions)]
    related = rng.permutation(len(sizes[1]))
    months = []
    for month in range(_MONTHS):
        count = rng.poisson(per_month * rng.lognormal(0, 0.02))
        made = {}
        for n, size in enumerate(sizes):
            weights = size * rng.lognormal(0, 0.04, len(size))
            made[f"d{n}"] = rng.choice(len(size), count, p=weights / weights.sum())
        follows = rng.random(count) < 0.5
        made["d1"] = np.where(follows, related[made["d0"] % len(related)], made["d1"])
        made["month"] = np.full(count, month)
        months.append(pd.DataFrame(made))
    rows = pd.concat(months, ignore_index=True)
    value = rng.lognormal(0, 0.3, 12)[rows["d0"]]
    rows["quantity"] = 1 + rng.poisson(1.5, len(rows))
    rows["amount"] = (rows["quantity"] * value * rng.lognormal(2, 0.4, len(rows))).round(2)
    rows["returned"] = (rng.random(len(rows)) < 0.1 * rng.lognormal(0, 0.2, 12)[rows["d1"]]).astype(int)
    return rows, (rows["month"] == _MONTHS - 1).to_numpy()


def _dated(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    start = pd.Timestamp(date(2023, 11, 1))
    starts = pd.Series([start + pd.DateOffset(months=int(m)) for m in range(_MONTHS + 1)])
    days = pd.to_timedelta(rng.integers(0, 28, len(rows)), unit="D")
    made = rows.drop(columns="month").assign(sold_on=starts.to_numpy()[rows["month"]] + days)
    for name in [c for c in rows.columns if c.startswith("d")]:
        made[name] = name + "v" + made[name].astype(str)
    last = made.iloc[[0]].assign(sold_on=starts.iloc[-1])  # so that the last month is over
    return pd.concat([made, last], ignore_index=True)


def _hit(rows: pd.DataFrame, hit: np.ndarray, factor: float, rng: np.random.Generator) -> pd.DataFrame:
    """So much of the sales that are hit, in number."""
    where = np.flatnonzero(hit)
    if factor < 1:
        gone = rng.choice(where, int(len(where) * (1 - factor)), replace=False)
        return rows.drop(index=rows.index[gone])
    more = rng.choice(where, int(len(where) * (factor - 1)), replace=True)
    return pd.concat([rows, rows.iloc[more]], ignore_index=True)


def _one_in(
    rows: pd.DataFrame, low: float, high: float, rng: np.random.Generator, *, two: bool
) -> list[tuple[str, int]]:
    """A segment, or a combination of two, that has between `low` and `high` of the amount."""
    names = [c for c in rows.columns if c.startswith("d")]
    for _ in range(2000):
        chosen = rng.choice(names, 2 if two else 1, replace=False)
        picked = [(str(c), int(rng.choice(rows[c]))) for c in chosen]
        inside = np.logical_and.reduce([rows[c] == v for c, v in picked])
        share = rows["amount"][inside].sum() / rows["amount"].sum()
        alone = [rows["amount"][rows[c] == v].sum() / rows["amount"].sum() for c, v in picked]
        if low <= share <= high and (not two or share < 0.7 * min(alone)):
            return picked
    raise RuntimeError("no segment of that size")


def _segment(rng: np.random.Generator, *, two: bool = False) -> Planted:
    while True:
        rows, last = _plain(rng)
        try:
            picked = _one_in(rows, *((0.08, 0.3) if two else (0.05, 0.4)), rng, two=two)
            break
        except RuntimeError:
            continue
    hit = np.logical_and.reduce([rows[c] == v for c, v in picked]) & last
    factor = 0.4 if rng.random() < 0.6 else 1.6
    return Planted(_dated(_hit(rows, hit, factor, rng), rng), tuple(f"{c}v{v}" for c, v in picked), _REVENUE)


def _mix(rng: np.random.Generator) -> Planted:
    rows, last = _plain(rng)
    name = str(rng.choice([c for c in rows.columns if c.startswith("d") and c not in ("d0", "d1")]))
    sizes = rows[name].value_counts(normalize=True)
    value = min(sizes.index, key=lambda v: abs(sizes[v] - 0.2))
    inside = (rows[name] == value).to_numpy()
    rows["returned"] = (rng.random(len(rows)) < np.where(inside, 0.35, 0.08)).astype(int)
    return Planted(_dated(_hit(rows, inside & last, 2.0, rng), rng), ("mix", f"dimension {name}"), _RATE)


def _price(rng: np.random.Generator) -> Planted:
    rows, last = _plain(rng)
    which = int(rng.integers(3))
    up = rng.random() < 0.5
    if which == 0:
        rows.loc[last, "amount"] *= 1.2 if up else 0.8
        return Planted(_dated(rows, rng), ("average price",), _REVENUE)
    if which == 1:
        factor = 1.2 if up else 0.8
        before = rows.loc[last, "quantity"]
        after = np.maximum(np.floor(before * factor + rng.random(last.sum())), 1)
        rows.loc[last, "amount"] *= after / before
        rows.loc[last, "quantity"] = after.astype(int)
        return Planted(_dated(rows, rng), ("quantity per sale",), _REVENUE)
    return Planted(_dated(_hit(rows, last, 1.2 if up else 0.8, rng), rng), ("number of sales",), _REVENUE)


def _none(rng: np.random.Generator) -> Planted:
    rows, _ = _plain(rng)
    return Planted(_dated(rows, rng), (), _REVENUE if rng.random() < 0.5 else _RATE)


def _combination(rng: np.random.Generator) -> Planted:
    return _segment(rng, two=True)


KINDS: dict[str, Callable[[np.random.Generator], Planted]] = {
    "segment": _segment, "combination": _combination, "mix": _mix, "price": _price, "none": _none,
}  # fmt: skip


def _large(path: Path, rows: int = 10_000_000) -> tuple[int, float]:
    """Ten million sales of two years in twelve dimensions: how many, and how many seconds one explanation takes."""
    values = (3, 4, 5, 6, 8, 10, 12, 20, 30, 50, 100, 300)
    columns = ", ".join(f"'d{n}v' || (hash(i, {n}) % {size}) AS d{n}" for n, size in enumerate(values))
    with duckdb.connect(str(path)) as con:
        con.execute(
            f"CREATE TABLE sales AS SELECT DATE '2023-01-01' + (hash(i, 99) % 731)::INTEGER AS sold_on, {columns}, "
            f"(hash(i, 98) % 10000) / 100.0 AS amount, (hash(i, 97) % 5)::INTEGER AS quantity FROM range({rows}) r(i)"
        )
        sample = con.execute("SELECT * FROM sales USING SAMPLE 20000").df()
    workspace = opened(sample, path.with_name("sample.duckdb"))
    workspace.warehouse.close()
    described = Workspace(
        "large", DuckDBWarehouse(path), workspace.model, workspace.values,
        Calendar.for_model(workspace.model, today=date(2024, 12, 31)),
    )  # fmt: skip
    request = Request(columns=[MeasureColumn(measure=_REVENUE)], period="November 2024")
    started = time.perf_counter()
    build(described, Limits(timeout_s=300)).func(request=request, reading="")  # type: ignore[attr-defined]
    seconds = time.perf_counter() - started
    described.warehouse.close()
    return rows, seconds
