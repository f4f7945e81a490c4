"""Requests without measures: lists of records and look-ups."""

from __future__ import annotations

from assistant.analyst.draft import Draft
from assistant.analyst.filters import bound_on_rows, choose, conditions_on
from assistant.analyst.grouped import columns_of, may_be_missing, unique
from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import said_as_id
from assistant.analyst.roles import NotAssembled, Parts, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Exists, FieldColumn, Order, Request, SubResult


def records_request(parts: Parts, schema: Schema, order_by: FieldColumn | None) -> Draft:
    """Raises NotAssembled."""
    returned = [str(i.data) for i in parts.outputs if i.code == "f"]
    subject = subject_dataset(parts, schema) or (schema.owner(returned[0]) if returned else None)
    if subject is None:
        raise NotAssembled("it does not say what to list")
    asked = str(parts.subject.target) if parts.subject and parts.subject.kind == "field" else None
    base = _base(parts, subject, returned, asked, schema)
    draft = Draft(Request())
    where, period, draft.cost = conditions_on(parts.filters, base, schema)
    for bound in parts.havings:
        on_rows = bound_on_rows(bound, base, schema)
        if on_rows is None:
            raise NotAssembled("nothing to compare with the number")
        where.append(on_rows)
    if asked and schema.field(asked).role not in ("key", "name"):
        where = [_of_values(c, asked, base) for c in where]
    columns = _columns(parts, subject, asked, schema)
    groups = [c for g in parts.groups for c in columns_of(g, base, schema)]
    where += [Compare(field=f, op="not_null") for f in may_be_missing(groups, base, schema)]
    columns = [*groups, *columns]
    if asked and schema.field(asked).role in ("measure", "number") and period is not None:
        time = schema.time_of(base)  # "the closing price over the last 10 days": of each of them
        columns = [*([FieldColumn(field=time)] if time else []), *columns]
    order, limit = _order(parts, order_by)
    if order_by is not None and all(c.field != order_by.field for c in columns):
        columns.append(order_by)
    key_first = str(columns[0].field) in (schema.key(base), schema.key(subject))
    draft.request = Request(
        columns=[c for c in unique(columns) if c.shown],
        dataset=base,
        where=where,
        period=period,
        order=order,
        limit=limit,
        offset=parts.top.nth - 1 if parts.top and limit else 0,
        limit_per=[str(c.field) for c in groups],
        distinct=(not groups or limit is None)
        and (parts.distinct or base != subject or (asked is not None and not key_first)),
    )
    told = bool(where or period is not None or order_by is not None or parts.listing or asked or parts.outputs)
    if not told:
        draft.cost += 0.3  # everything there is, though nobody said "list"
    return draft


def rows_of_groups(parts: Parts, order_by: FieldColumn | None, schema: Schema) -> bool:
    """ "the latest order of each customer", "the two dearest cars in each shop": rows, some of each group."""
    subject = parts.subject.target if parts.subject and parts.subject.kind == "dataset" else None
    if parts.top is None or parts.top.about not in ("time", "price") or order_by is None or subject is None:
        return False
    owners = [str(g.target) if g.kind == "dataset" else schema.owner(str(g.target)) for g in parts.groups]
    return all(
        g.kind in ("dataset", "field") and o != subject and schema.belongs_to(subject, o)
        for g, o in zip(parts.groups, owners, strict=True)
    )


def _of_values(condition: Condition, asked: str, base: str) -> Condition:
    """ "departments that sold nothing": absence is a matter of the department, not of each of its products."""
    if not (isinstance(condition, Exists) and condition.negated):
        return condition
    having = Request(
        columns=[FieldColumn(field=asked)],
        dataset=base,
        distinct=True,
        where=[
            condition.model_copy(update={"negated": False}),
            Compare(field=asked, op="not_null"),
        ],
    )
    return Compare(field=asked, op="not_in", value=SubResult(request=having))


def _base(parts: Parts, subject: str, returned: list[str], asked: str | None, schema: Schema) -> str:
    """The dataset whose rows are listed: the one that sees all that is returned, and for a single field what it is
    asked under ("which cities have orders over 100?")."""
    base = subject
    owners = [schema.owner(reference) for reference in returned]
    if asked:
        chosen = (choose(c, [base], schema)[0] for c in parts.filters.conditions)
        owners += [schema.owner(reference) for reference in chosen if reference]
    for owner in owners:
        if not schema.belongs_to(base, owner) and schema.belongs_to(owner, base):
            base = owner
    return base


def _columns(parts: Parts, subject: str, asked: str | None, schema: Schema) -> list[FieldColumn]:
    columns: list[FieldColumn] = []
    for item in parts.outputs:
        columns += [_column(item, schema)] if item.code == "f" else []
        columns += schema.entity(item.data) if item.code == "d" else []
    if asked:
        own = FieldColumn(field=asked, stored=True)
        return columns if any(c.field == asked for c in columns) else [own, *columns]
    if not columns:
        return schema.describe_row(subject)
    listed = parts.listing or parts.asks_which or parts.begins or parts.top
    if parts.subject and parts.subject.kind == "dataset" and listed and not parts.distinct:
        said = {c.field for c in columns}
        named = [c.model_copy(update={"shown": True}) for c in schema.entity(str(parts.subject.target))]
        return [*(c for c in named if c.field not in said), *columns]  # "campaigns with start and end dates"
    return columns


def _column(item: Item, schema: Schema) -> FieldColumn:
    """What a field to return shows: of a reference, the name of what it refers to, unless its id is asked for."""
    named = None if said_as_id(item.text) else schema.referred(str(item.data))
    return FieldColumn(field=named or item.data, stored=named is None)


def _order(parts: Parts, order_by: FieldColumn | None) -> tuple[list[Order], int | None]:
    top = parts.top
    if top is None:
        return [], None
    ranked = top.about == "ranked"
    if order_by is not None:
        return [Order(by=order_by, descending=top.descending)], top.n or (None if ranked else 1)
    if ranked and parts.order_field:
        return [Order(by=FieldColumn(field=parts.order_field), descending=top.descending)], top.n
    return [], top.n
