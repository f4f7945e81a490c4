"""segment, on populations made up with kinds of customers in them: how many kinds it finds, how well it tells who is of
which (adjusted Rand index); and how long many customers take.

Each population has three to five kinds, 80 to 400 customers of each. A kind is how often its customers order (twice a
week to four times a year), for how much, and whether they have left; customers of a kind differ by a quarter or so in
each, and their orders come by chance (a Poisson process). In `one cloud` there are no kinds: all customers are drawn
from one wide distribution.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from assistant.opening import open_workspace
from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis
from tools.segment import build

_DAYS = 730
_LAST = date(2024, 12, 31)
_RATES, _AMOUNTS, _GONE = (4.0, 20.0, 100.0), (8.0, 45.0, 260.0), (0.0, 300.0)
"""Orders a year, money an order, days since a kind stopped: what kinds are made of."""
_SPREAD = 0.25


@dataclass(frozen=True)
class Population:
    orders: pd.DataFrame
    kind: dict[int, int]
    """Of each customer."""


def measure(count: int = 30) -> str:
    """The table of results over `count` populations."""
    lines = ["kinds  populations  right number  mean ARI  least  ARI of 0.9 at least"]
    found: dict[int, list[tuple[bool, float]]] = {3: [], 4: [], 5: []}
    clouds = []
    with tempfile.TemporaryDirectory() as folder:
        for n in range(count):
            kinds = 3 + n % 3
            made = population(kinds, np.random.default_rng(n))
            answer = kinds_of(opened(made.orders, Path(folder) / f"{n}"))
            found[kinds].append((len(answer.rows) == kinds, agreement(answer, made)))
        for n in range(5):
            answer = kinds_of(opened(cloud(np.random.default_rng(n)).orders, Path(folder) / f"cloud{n}"))
            clouds.append(any("one cloud" in c for c in answer.caveats) or "shade into each other" in answer.text)
        large = population(4, np.random.default_rng(99), size=25_000)
        workspace = opened(large.orders, Path(folder) / "large")
        started = time.perf_counter()
        kinds_of(workspace)
        seconds = time.perf_counter() - started
    for name, results in [
        *((str(k), r) for k, r in found.items()),
        ("all", [r for rows in found.values() for r in rows]),
    ]:
        scores = [score for _, score in results]
        right = sum(ok for ok, _ in results)
        lines.append(
            f"{name:5} {len(results):12} {right:10} of {len(results):2} {np.mean(scores):8.3f} {min(scores):6.3f} "
            f"{sum(s >= 0.9 for s in scores):12} of {len(results)}"
        )
    lines.append(f"one cloud, without kinds: said to be so in {sum(clouds)} of {len(clouds)}")
    lines.append(f"{len(large.kind):,} customers with {len(large.orders):,} orders: {seconds:.1f} s")
    return "\n".join(lines)


def agreement(answer: Analysis, made: Population) -> float:
    """The adjusted Rand index of the kinds in the picture against those planted."""
    assert answer.picture is not None
    rows = answer.picture.of.rows
    planted = [made.kind[int(str(r[0]).rpartition(" ")[2])] for r in rows]
    return float(adjusted_rand_score(planted, [r[1] for r in rows]))


def kinds_of(workspace: Workspace) -> Analysis:
    request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count_distinct", of="orders.customer_id"))])
    _, found = build(workspace, Limits(timeout_s=120)).func(request=request, reading="", about="kinds")  # type: ignore[attr-defined]
    workspace.warehouse.close()
    if not isinstance(found, Analysis):
        raise RuntimeError(f"segment refused: {found.text}")
    return found


def opened(orders: pd.DataFrame, folder: Path) -> Workspace:
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "shop.duckdb")) as con:
        con.register("made", orders)
        con.execute("CREATE TABLE orders AS SELECT * FROM made")
    return open_workspace(str(folder / "shop.duckdb"), folder / "state", as_of=_LAST)


def population(kinds: int, rng: np.random.Generator, size: int | None = None) -> Population:
    """Kinds that differ in at least two things, or in one by far."""
    every = [(r, a, g) for r in range(3) for a in range(3) for g in range(2)]
    while True:
        chosen = [every[n] for n in rng.choice(len(every), kinds, replace=False)]
        if all(sum(abs(x - y) for x, y in zip(a, b, strict=True)) >= 2 for a, b in combinations(chosen, 2)):
            break
    parts = []
    for kind, (rate, amount, gone) in enumerate(chosen):
        number = size or int(rng.integers(80, 400))
        parts.append(
            _customers(number, np.log(_RATES[rate]), np.log(_AMOUNTS[amount]), _GONE[gone], _SPREAD, kind, rng)
        )
    return _joined(parts)


def cloud(rng: np.random.Generator) -> Population:
    return _joined([_customers(1000, np.log(12.0), np.log(45.0), 0.0, 0.9, 0, rng)])


def _customers(
    number: int, rate: float, amount: float, gone: float, spread: float, kind: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, int]:
    """Orders of so many customers; `rate` (a year) and `amount` are logarithms."""
    rates = np.exp(rng.normal(rate, spread, number))
    amounts = np.exp(rng.normal(amount, spread, number))
    ends = np.clip(
        _DAYS - gone * np.exp(rng.normal(0, 0.15, number)) if gone else np.full(number, float(_DAYS)), 30, _DAYS
    )
    counts = np.maximum(rng.poisson(rates * ends / 365), 1)
    who = np.repeat(np.arange(number), counts)
    day = (rng.random(len(who)) * ends[who]).astype(int)
    paid = (amounts[who] * np.exp(rng.normal(0, 0.3, len(who)))).round(2)
    return pd.DataFrame({"customer_id": who, "day": day, "amount": paid}), kind


def _joined(parts: list[tuple[pd.DataFrame, int]]) -> Population:
    frames: list[pd.DataFrame] = []
    kinds: dict[int, int] = {}
    first = 1
    for frame, kind in parts:
        frame = frame.assign(customer_id=frame["customer_id"] + first)
        kinds |= dict.fromkeys(frame["customer_id"].unique().tolist(), kind)
        first = int(frame["customer_id"].max()) + 1
        frames.append(frame)
    orders = pd.concat(frames, ignore_index=True)
    start = pd.Timestamp(_LAST) - pd.Timedelta(days=_DAYS - 1)
    orders["ordered_at"] = start + pd.to_timedelta(orders.pop("day"), unit="D") + pd.Timedelta(hours=12)
    orders.insert(0, "order_id", range(1, len(orders) + 1))
    return Population(orders[["order_id", "customer_id", "ordered_at", "amount"]], kinds)
