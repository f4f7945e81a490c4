"""Association rules between two items, or two and a third: how often who has the one has the other, and how surely.

Support is the part of baskets with both; confidence, of those with the first, the part with the second; lift, that part
against the part of all baskets (Agrawal, Imieliński & Swami 1993)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
from tools.associating.triples import Triple, triples

_MOST_RULES, _MOST_LINES = 100_000, 5_000_000


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


def mined(found: Lines, least: float, warehouse: Warehouse, limits: Limits, *, size: int = 2) -> Mined:
    """Rules of at least that support (a part of 1) between as many items as `size` (2, or 3: two and then a third);
    those from the `given` items, all of them in one basket where that is meant, where there are some.

    Raises CannotAnalyse for too many, and whatever a query raises."""
    started = time.perf_counter()
    counts = _query(found, "SELECT COUNT(DISTINCT {basket}) FROM lines", warehouse, limits)[1][0][0]
    if not counts:
        raise CannotAnalyse(f"There are no {found.baskets} to look at: nothing matches.")
    fewest = max(1, int(np.ceil(least * counts - 1e-9)))
    if size == 3 and not found.given:
        lines = "SELECT {basket}, {item} FROM lines WHERE NOT {item} IS NULL"
        sql, rows = _query(found, lines, warehouse, limits, _MOST_LINES)
        if len(rows) >= _MOST_LINES:
            raise CannotAnalyse(
                f"That is more than {_MOST_LINES:,} lines to look for threes in. Ask about a shorter time."
            )
        rules = _threes(triples([(r[0], r[1]) for r in rows], fewest), int(counts))
        return Mined(tuple(rules), int(counts), sql, (time.perf_counter() - started) * 1000)
    template = _FROM_GIVEN if found.given else _ALL
    values = ", ".join(exp.Literal.string(v).sql("duckdb") for v in found.given)
    named = "1"
    if found.every:
        groups = (", ".join(exp.Literal.string(v).sql("duckdb") for v in g) for g in found.every)
        held = (f"COUNT(*) FILTER (CAST({{item}} AS TEXT) IN ({g})) > 0" for g in groups)
        template = template.replace("COUNT(DISTINCT {item}) >= {named}", " AND ".join(held))
    template = template.replace("{values}", values).replace("{named}", named).replace("{fewest}", str(fewest))
    sql, rows = _query(found, template, warehouse, limits)
    if len(rows) >= _MOST_RULES:
        raise CannotAnalyse(f"That is more than {_MOST_RULES:,} rules. Ask for a higher support, or about one thing.")
    figures = np.array([r[2:] for r in rows], dtype=float).reshape(-1, 3)
    chances = np.minimum(1.0, _chance(figures, counts) * max(len(rows), 1))
    given = " and ".join(" or ".join(g) for g in found.every) if found.every else " or ".join(found.given)
    made = []
    for (one, other, both, first, second), chance in zip(rows, chances.tolist(), strict=True):
        if found.given:
            made.append(_rule(given, str(other), both, first, second, counts, chance))
        else:
            made.append(_rule(str(one), str(other), both, first, second, counts, chance))
            made.append(_rule(str(other), str(one), both, second, first, counts, chance))
    return Mined(tuple(made), int(counts), sql, (time.perf_counter() - started) * 1000)


def largest(found: Lines, warehouse: Warehouse, limits: Limits) -> tuple[int, int]:
    """How many different items there are, and how many the fullest basket has."""
    fullest = "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM lines GROUP BY {basket})"
    template = f"SELECT COUNT(DISTINCT {{item}}), ({fullest}) FROM lines"
    kinds, most = _query(found, template, warehouse, limits)[1][0]
    return int(kinds), int(most or 0)


def bought(found: Lines, warehouse: Warehouse, limits: Limits) -> tuple[dict[str, int], int, str, float]:
    """How many baskets have each item, how many there are, the query and its milliseconds."""
    started = time.perf_counter()
    baskets = int(_query(found, "SELECT COUNT(DISTINCT {basket}) FROM lines", warehouse, limits)[1][0][0])
    sql, rows = _query(found, "SELECT {item}, COUNT(*) FROM lines GROUP BY 1", warehouse, limits)
    return {str(i): int(n) for i, n in rows}, baskets, sql, (time.perf_counter() - started) * 1000


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
WITH holders AS (
  SELECT {basket} AS basket FROM lines WHERE CAST({item} AS TEXT) IN ({values})
  GROUP BY 1 HAVING COUNT(DISTINCT {item}) >= {named}
),
counted AS (
  SELECT l.{item} AS item, COUNT(*) AS n, COUNT(h.basket) AS n_both
  FROM lines AS l LEFT JOIN holders AS h ON h.basket = l.{basket}
  WHERE NOT CAST(l.{item} AS TEXT) IN ({values}) GROUP BY 1 HAVING COUNT(h.basket) >= {fewest}
)
SELECT NULL, c.item, c.n_both, (SELECT COUNT(*) FROM holders), c.n FROM counted AS c
"""


def _threes(rows: Iterable[Triple], baskets: int) -> list[Rule]:
    """From each two of three items to the third. The chance is that the third has nothing to do with the two together
    beyond what it has with the better of them: of the baskets with that one, whether those with the other have the
    third more often."""
    rules, figures = [], []
    for a, b, c, n_all, ab, ac, bc, n_a, n_b, n_c in rows:
        for one, other, third, both, with_one, with_other, of_one, of_other, of_third in (
            (a, b, c, ab, ac, bc, n_a, n_b, n_c), (a, c, b, ac, ab, bc, n_a, n_c, n_b),
            (b, c, a, bc, ab, ac, n_b, n_c, n_a),
        ):  # fmt: skip
            rules.append(_rule(f"{one} + {other}", str(third), n_all, both, of_third, baskets, 1.0))
            better = (with_one, of_one) if with_one / of_one >= with_other / of_other else (with_other, of_other)
            figures.append((n_all, both, *better))
    if not rules:
        return []
    n_all, both, with_better, of_better = np.array(figures, dtype=float).T
    chances = np.minimum(1.0, _chance(np.array([n_all, both, with_better]).T, of_better) * len(rules))
    # Only more often counts: two that have the third less often than one of them add nothing.
    chances = np.where(n_all / both > with_better / of_better, chances, 1.0)
    return [replace(rule, chance=float(chance)) for rule, chance in zip(rules, chances, strict=True)]


def _query(
    found: Lines, template: str, warehouse: Warehouse, limits: Limits, most: int = _MOST_RULES
) -> tuple[str, list[tuple[Any, ...]]]:
    names = {"{basket}": column(found.basket).sql("duckdb"), "{item}": column(found.item).sql("duckdb")}
    for mark, name in names.items():
        template = template.replace(mark, name)
    tree = sqlglot.parse_one(template, read="duckdb")
    lines = exp.CTE(this=found.tree.copy(), alias=exp.TableAlias(this=identifier("lines")))
    before = tree.args.get("with_")
    tree.set("with_", exp.With(expressions=[lines, *(before.expressions if before else [])]))
    _, rows, _ = warehouse.query(cast(exp.Expression, tree), max_rows=most, timeout_s=limits.timeout_s)
    return tree.sql("duckdb", pretty=True), rows


def _rule(given: str, then: str, both: int, one: int, other: int, baskets: int, chance: float) -> Rule:
    confidence = both / one
    return Rule(given, then, both, both / baskets, confidence, confidence * baskets / other, chance)


def _chance(figures: np.ndarray, baskets: int | np.ndarray) -> np.ndarray:
    """The likelihood-ratio test of independence (G), for rows of how many baskets have both, the first, the second."""
    both, one, other = figures.T
    seen = np.array([both, one - both, other - both, baskets - one - other + both])
    wanted = np.array(
        [one * other, one * (baskets - other), other * (baskets - one), (baskets - one) * (baskets - other)]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(seen > 0, seen * np.log(seen * baskets / wanted), 0.0)
    return np.asarray(chi2.sf(np.maximum(2 * terms.sum(axis=0), 0.0), 1))
