"""What the SQL of a metric, as a tree, is: a sum of a field, a count of its different values, another metric."""

from __future__ import annotations

import sqlglot.expressions as exp

from knowledge.compile import METRIC


def summed(tree: exp.Expr) -> str | None:
    """The field that a tree is the plain sum of."""
    return reference(tree.this) if isinstance(tree, exp.Sum) else None


def summed_of_some(tree: exp.Expr) -> str | None:
    """The field that a tree sums where a condition holds: SUM(CASE WHEN … THEN field END), or so many times that."""
    total = tree.find(exp.Sum)
    case = total.this if total is not None and isinstance(total.this, exp.Case) else None
    return reference(case.args["ifs"][0].args["true"]) if case is not None else None


def counted(tree: exp.Expr) -> str | None:
    """The field of which a tree counts the different values."""
    one = isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct) and len(tree.this.expressions) == 1
    return reference(tree.this.expressions[0]) if one else None


def reference(tree: exp.Expr) -> str | None:
    """The field that a tree is, as "sales.amount"."""
    known = isinstance(tree, exp.Column) and tree.table and tree.table != METRIC
    return f"{tree.table}.{tree.name}" if known else None  # type: ignore[attr-defined]


def metric_in(tree: exp.Expr) -> str | None:
    """The metric that a tree names."""
    return tree.name if isinstance(tree, exp.Column) and tree.table == METRIC else None
