"""Association rules between two items: how often who has the one has the other, and how sure that is.

Support is the part of baskets with both; confidence, of those with the first, the part with the second; lift, that part
against the part of all baskets (Agrawal, Imieliński & Swami 1993)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import sqlglot
import sqlglot.expressions as exp
from scipy.stats import chi2

from knowledge.compile.naming import column, identifier
from knowledge.warehouse import Warehouse
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.associating.lines import Lines

_MOST_RULES = 100_000


@dataclass(frozen=True)
class Rule:
    given: str
    then: str
    both: int
    """Baskets with both."""
    support: float
    """Parts of 1, like the confidence."""
    confidence: float
    lift: float
    chance: float
    """How likely a lift as far from 1 is where the two have nothing to do with each other (likelihood-ratio test, times
    the number of rules)."""


@dataclass(frozen=True)
class Mined:
    rules: tuple[Rule, ...]
    baskets: int
    sql: str
    elapsed_ms: float


def mined(found: Lines, least: float, warehouse: Warehouse, limits: Limits) -> Mined:
    """Rules of at least that support (a part of 1); those from `given` items together, where there are some.

    Raises CannotAnalyse for too many, and whatever a query raises."""
    started = time.perf_counter()
    counts = _query(found, "SELECT COUNT(DISTINCT {basket}) FROM lines", warehouse, limits)[1][0][0]
    if not counts:
        raise CannotAnalyse(f"There are no {found.baskets} to look at: nothing matches.")
    fewest = max(1, int(np.ceil(least * counts - 1e-9)))
    template = _FROM_GIVEN if found.given else _ALL
    values = ", ".join(exp.Literal.string(v).sql("duckdb") for v in found.given)
    sql, rows = _query(found, template.replace("{values}", values).replace("{fewest}", str(fewest)), warehouse, limits)
    if len(rows) >= _MOST_RULES:
        raise CannotAnalyse(f"That is more than {_MOST_RULES:,} rules. Ask for a higher support, or about one thing.")
    figures = np.array([r[2:] for r in rows], dtype=float).reshape(-1, 3)
    chances = np.minimum(1.0, _chance(figures, counts) * max(len(rows), 1))
    rules = []
    for (one, other, both, first, second), chance in zip(rows, chances.tolist(), strict=True):
        if found.given:
            rules.append(_rule(" or ".join(found.given), str(other), both, first, second, counts, chance))
        else:
            rules.append(_rule(str(one), str(other), both, first, second, counts, chance))
            rules.append(_rule(str(other), str(one), both, second, first, counts, chance))
    return Mined(tuple(rules), int(counts), sql, (time.perf_counter() - started) * 1000)


_ALL = """
WITH frequent AS (
  SELECT {item} AS item, COUNT(*) AS n, ROW_NUMBER() OVER (ORDER BY {item}) AS id
  FROM lines WHERE {item} IS NOT NULL GROUP BY 1 HAVING COUNT(*) >= {fewest}
), kept AS (
  SELECT l.{basket} AS basket, f.id AS id FROM lines AS l JOIN frequent AS f ON f.item = l.{item}
), pairs AS (
  SELECT a.id AS one, b.id AS other, COUNT(*) AS n_both
  FROM kept AS a JOIN kept AS b ON a.basket = b.basket AND a.id < b.id
  GROUP BY 1, 2 HAVING COUNT(*) >= {fewest}
)
SELECT f.item, g.item, p.n_both, f.n, g.n
FROM pairs AS p JOIN frequent AS f ON f.id = p.one JOIN frequent AS g ON g.id = p.other
"""
_FROM_GIVEN = """
WITH holders AS (SELECT DISTINCT {basket} AS basket FROM lines WHERE CAST({item} AS TEXT) IN ({values})),
counted AS (
  SELECT l.{item} AS item, COUNT(*) AS n, COUNT(h.basket) AS n_both
  FROM lines AS l LEFT JOIN holders AS h ON h.basket = l.{basket}
  WHERE NOT CAST(l.{item} AS TEXT) IN ({values}) GROUP BY 1 HAVING COUNT(h.basket) >= {fewest}
)
SELECT NULL, c.item, c.n_both, (SELECT COUNT(*) FROM holders), c.n FROM counted AS c
"""


def _query(found: Lines, template: str, warehouse: Warehouse, limits: Limits) -> tuple[str, list[tuple[Any, ...]]]:
    names = {"{basket}": column(found.basket).sql("duckdb"), "{item}": column(found.item).sql("duckdb")}
    for mark, name in names.items():
        template = template.replace(mark, name)
    tree = sqlglot.parse_one(template, read="duckdb")
    lines = exp.CTE(this=found.tree.copy(), alias=exp.TableAlias(this=identifier("lines")))
    before = tree.args.get("with_")
    tree.set("with_", exp.With(expressions=[lines, *(before.expressions if before else [])]))
    _, rows, _ = warehouse.query(cast(exp.Expression, tree), max_rows=_MOST_RULES, timeout_s=limits.timeout_s)
    return tree.sql("duckdb", pretty=True), rows


def _rule(given: str, then: str, both: int, one: int, other: int, baskets: int, chance: float) -> Rule:
    confidence = both / one
    return Rule(given, then, both, both / baskets, confidence, confidence * baskets / other, chance)


def _chance(figures: np.ndarray, baskets: int) -> np.ndarray:
    """The likelihood-ratio test of independence (G), for rows of how many baskets have both, the first, the second."""
    both, one, other = figures.T
    seen = np.array([both, one - both, other - both, baskets - one - other + both])
    wanted = np.array(
        [one * other, one * (baskets - other), other * (baskets - one), (baskets - one) * (baskets - other)]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(seen > 0, seen * np.log(seen * baskets / wanted), 0.0)
    return np.asarray(chi2.sf(np.maximum(2 * terms.sum(axis=0), 0.0), 1))
