"""A policy's condition on rows, as SQL for one viewer."""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
import sqlglot.expressions as exp
from sqlglot.errors import SqlglotError

from knowledge.compile.scope import field_sql, parsed
from knowledge.model import Dataset, Policy, SemanticModel
from knowledge.policies.viewer import Viewer

_USER = "user"


class BadPolicy(ValueError):
    """A policy that can't be enforced as it is written. The message says which, and what to write."""


def held(dataset: Dataset, viewer: Viewer) -> Iterator[Policy]:
    """The dataset's policies that hold for the viewer."""
    return (policy for policy in dataset.policies if viewer.role not in policy.exempt)


def condition(policy: Policy, dataset: Dataset, viewer: Viewer, alias: str) -> exp.Expr:
    """The policy's condition on the rows called `alias`. It is FALSE where it asks for what is not known of the viewer.

    Raises BadPolicy."""
    tree = exp.Paren(this=_read(policy, dataset))
    for node in list(tree.find_all(exp.Column)):
        if node.table.lower() != _USER:
            node.replace(field_sql(dataset.field(node.name).sql, alias))
            continue
        values = [exp.convert(value) for value in viewer.values(node.name)]
        if not values:
            return exp.false()
        listed = isinstance(node.parent, exp.EQ) or (isinstance(node.parent, exp.In) and node.arg_key == "expressions")
        if len(values) > 1 and not listed:
            raise BadPolicy(
                f"The policy {policy.rows!r} of {dataset.name} compares with one value of user.{node.name}, and there "
                f"are {len(values)}. Write it with IN (user.{node.name}), or give the person one value."
            )
        _put(node, values)
    return tree


def _put(node: exp.Column, values: list[exp.Expr]) -> None:
    """The viewer's values in place of `user.name`."""
    parent = node.parent
    if isinstance(parent, exp.In) and node.arg_key == "expressions":
        rest = [other for other in parent.expressions if other is not node]
        parent.set("expressions", [*rest, *values])
    elif isinstance(parent, exp.EQ) and len(values) > 1:
        other = parent.this if parent.expression is node else parent.expression
        parent.replace(exp.In(this=other.copy(), expressions=values))
    else:
        node.replace(values[0])


def _read(policy: Policy, dataset: Dataset) -> exp.Expr:
    """Raises BadPolicy."""
    said = f"The policy {policy.rows!r} of {dataset.name}"
    try:
        tree = sqlglot.parse_one(policy.rows, read="duckdb")
    except SqlglotError as error:
        raise BadPolicy(f"{said} is no condition: {str(error).splitlines()[0]}") from error
    if tree.find(exp.Query, exp.DDL, exp.DML, exp.Command, exp.Star) or not isinstance(tree, exp.Expr):
        raise BadPolicy(f"{said} must be a condition on a row's own fields, without SELECT.")
    for node in tree.find_all(exp.Column):
        if node.table.lower() == _USER:
            parent = node.parent
            if isinstance(parent, exp.In) and node.arg_key == "field":
                raise BadPolicy(f"{said} needs parentheses: IN (user.{node.name}).")
        elif node.table or not dataset.has(node.name):
            known = ", ".join(f.name for f in dataset.fields[:12])
            raise BadPolicy(
                f"{said} names {node.sql()!r}. It can name the dataset's fields ({known}) and user.NAME. "
                "What belongs to a row that is not seen is not seen anyway: rows of another dataset need no mention."
            )
    return tree


def columns_of(dataset: Dataset, fields: tuple[str, ...]) -> set[str]:
    """The stored columns, in lower case, that fields are made of."""
    found: set[str] = set()
    for name in fields:
        found |= {column.name.lower() for column in parsed(dataset.field(name).sql).find_all(exp.Column)}
    return found


def check_policies(model: SemanticModel) -> None:
    """Raises BadPolicy for a policy that can't be enforced."""
    keys = {(r.many, name) for r in model.relationships for name in r.many_fields}
    keys |= {(r.one, name) for r in model.relationships for name in r.one_fields}
    keys |= {(d.name, name) for d in model.datasets for name in d.primary_key}
    for dataset in model.datasets:
        for policy in dataset.policies:
            if policy.rows:
                _read(policy, dataset)
            for name in policy.masked:
                if not dataset.has(name):
                    known = ", ".join(f.name for f in dataset.fields[:12])
                    raise BadPolicy(f"The policy of {dataset.name} masks {name!r}, which is no field of it: {known}.")
                if (dataset.name, name) in keys:
                    raise BadPolicy(
                        f"The policy of {dataset.name} masks the key {name!r}, by which rows are counted and joined. "
                        "Mask the fields that say something of a person instead."
                    )
