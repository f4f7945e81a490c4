"""Execution accuracy: are the rows those of a gold query?"""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb

from evals.suite import Item, Prediction, Turn, turn_id
from knowledge.warehouse.duckdb import connect

_TOLERANCE = 1e-4
_DECLINED = ("cannot", "ask", "not_allowed")
Rows = Sequence[Sequence[Any]]


class Same(Protocol):
    def __call__(self, gold: Rows, rows: Rows, *, order: bool = False) -> bool: ...


@dataclass(frozen=True)
class Verdict:
    """One question judged."""

    id: str
    item: Item
    turn: Turn
    prediction: Prediction
    right: bool
    gold: Rows | None

    @property
    def answered(self) -> bool:
        return self.prediction.status in ("answered", "no_rows")

    @property
    def answered_wrong(self) -> bool:
        return self.answered and not self.right

    @property
    def kind(self) -> str:
        """What kind of miss it is, in a few words: where to look first."""
        if not self.answered:
            return {"cannot": "declined", "ask": "asked back"}.get(self.prediction.status, self.prediction.status)
        if self.gold is None:
            return "another text" if self.turn.gold_text_contains else f"answered, though {self.turn.expect} is right"
        return difference(self.gold, self.prediction.rows)


def judge(
    items: list[Item], predictions: dict[str, Prediction], gold_rows: Callable[[str, str], Rows], same: Same | None =
    None,
) -> list[Verdict]:  # fmt: skip
    """A verdict for every question; `gold_rows(db, sql)` runs a gold query. A missing prediction is a failed one.
    `same`: whether rows are the gold's; by default `same_rows`."""
    verdicts = []
    for item in items:
        for n, turn in enumerate(item.asked()):
            name = turn_id(item, n)
            prediction = predictions.get(name) or Prediction(id=name, status="failed")
            right, gold = _judge(item.db, turn, prediction, gold_rows, same or same_rows)
            verdicts.append(Verdict(name, item, turn, prediction, right, gold))
    return verdicts


def _judge(
    db: str, turn: Turn, prediction: Prediction, gold_rows: Callable[[str, str], Rows], same: Same
) -> tuple[bool, Rows | None]:
    if turn.expect == "cannot":
        return prediction.status in _DECLINED, None
    if turn.expect in ("ask", "not_allowed"):
        return prediction.status == turn.expect, None
    if turn.gold_text_contains:
        text = prediction.answer.lower()
        return prediction.status == "answered" and all(t.lower() in text for t in turn.gold_text_contains), None
    if turn.expect == "no_rows" and (prediction.status == "no_rows" or not turn.gold_sql):
        return prediction.status == "no_rows", None
    golds = [turn.gold_rows] if turn.gold_rows is not None else [gold_rows(db, sql) for sql in turn.gold_sql]
    if prediction.status not in ("answered", "no_rows"):
        return False, golds[0] if golds else None
    right = any(same(gold, prediction.rows, order=turn.order_asked) for gold in golds)
    return right, golds[0] if golds else None


def same_rows(gold: Rows, rows: Rows, *, order: bool = False) -> bool:
    """Every gold column is among the predicted columns by value, with the same rows; order counts only if asked, and
    then not among rows that tie in the column that the gold is ordered by (SQL leaves that order open)."""
    if len(gold) != len(rows):
        return False
    if not gold:
        return True
    wanted = [[_norm(v) for v in column] for column in zip(*gold, strict=True)]
    given = [[_norm(v) for v in column] for column in zip(*rows, strict=True)]
    if len(given) < len(wanted):
        return False
    fits = [[g for g, column in enumerate(given) if _same_bag(want, column)] for want in wanted]
    return all(fits) and _assign(wanted, given, fits, [], order)


def difference(gold: Rows, rows: Rows) -> str:
    """How rows that are not the gold's differ from them.

    >>> difference([(1,), (2,)], [(1,)])
    'fewer rows'
    """
    if len(gold) != len(rows):
        return "no rows" if not rows else "more rows" if len(rows) > len(gold) else "fewer rows"
    if same_rows(gold, rows):
        return "another order"
    if len(rows[0]) < len(gold[0]):
        return "fewer columns"
    known = sum(same_rows([(v,) for v in column], rows) for column in zip(*gold, strict=True))
    return "other values" if known == 0 else f"other values in {len(gold[0]) - known} of {len(gold[0])} columns"


def _assign(
    wanted: list[list[Any]], given: list[list[Any]], fits: list[list[int]], chosen: list[int], order: bool
) -> bool:
    """Give each gold column one of its own that makes the rows equal."""
    if len(chosen) == len(wanted):
        left = [tuple(r) for r in zip(*wanted, strict=True)]
        right = [tuple(r) for r in zip(*(given[g] for g in chosen), strict=True)]
        keys = [n for n, column in enumerate(wanted) if _is_sorted(column)] if order else []
        if order and not any(_same_column(wanted[n], given[chosen[n]]) for n in keys):
            return bool(left == right)
        left, right = sorted(left, key=_key), sorted(right, key=_key)
        return all(_same(a, b) for x, y in zip(left, right, strict=True) for a, b in zip(x, y, strict=True))
    return any(_assign(wanted, given, fits, [*chosen, g], order) for g in fits[len(chosen)] if g not in chosen)


def _is_sorted(column: list[Any]) -> bool:
    """Ascending or descending, with more than one value; nulls are put last."""
    known = [v for v in column if v is not None]
    last = all(v is None for v in column[len(known) :])
    if len(set(map(str, known))) < 2 or len({type(v) for v in known}) > 1 or not last:
        return False
    return known in (sorted(known), sorted(known, reverse=True))


def _same_column(a: list[Any], b: list[Any]) -> bool:
    return all(_same(x, y) for x, y in zip(a, b, strict=True))


def _norm(value: Any) -> Any:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float | Decimal):
        number = float(value)
        return None if math.isnan(number) else number
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value) if len(value) >= 10 and value[4:5] == "-" else value
        except ValueError:
            return value
    if isinstance(value, dt.datetime):
        value = value.replace(tzinfo=None)
        return value.date().isoformat() if value.time() == dt.time(0) else value.isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value if value is None or isinstance(value, str) else str(value)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(a == b)


def _key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    # Words first, then numbers to nine digits: noise in a number's last digits does not change the order of the rows.
    words = tuple("" if isinstance(v, float) else f"={v}" for v in row)
    return words, tuple(float(f"{v:.9g}") if isinstance(v, float) else 0.0 for v in row)


def _same_bag(a: list[Any], b: list[Any]) -> bool:
    left, right = sorted(a, key=lambda v: _key((v,))), sorted(b, key=lambda v: _key((v,)))
    return all(_same(x, y) for x, y in zip(left, right, strict=True))


def gold_runner(path_of: Callable[[str], Path], timeout_s: float = 60.0) -> Callable[[str, str], Rows]:
    """Runs gold queries, each once, read-only and bounded in time. Raises duckdb.Error for a query that fails."""
    connections: dict[str, duckdb.DuckDBPyConnection] = {}

    @cache
    def rows(db: str, sql: str) -> Rows:
        if db not in connections:
            connections[db] = connect(path_of(db))
        timer = threading.Timer(timeout_s, connections[db].interrupt)
        timer.start()
        try:
            return connections[db].execute(sql).fetchall()
        finally:
            timer.cancel()

    return rows
