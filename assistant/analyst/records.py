"""Requests without measures: lists of records and look-ups."""

from __future__ import annotations

from assistant.analyst.filters import (
    bound_on_rows,
    choose,
    conditions_on,
)
from assistant.analyst.measured import Draft
from assistant.analyst.roles import NotAssembled, Parts, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import (
    FieldColumn,
    Order,
    Request,
)


def records_request(parts: Parts, schema: Schema, draft: Draft, order_by: FieldColumn | None) -> Draft:
    subject = subject_dataset(parts, schema)
    if subject is None:
        owners = [schema.owner(i.data) for i in parts.outputs if i.code == "f"]
        subject = owners[0] if owners else None
    if subject is None:
        raise NotAssembled("it does not say what to list")
    field_subject = parts.subject.target if parts.subject and parts.subject.kind == "field" else None
    owners = {schema.owner(str(i.data)) for i in parts.outputs if i.code in "f"} | {subject}
    base = subject
    for name in owners:
        if not schema.belongs_to(base, name) and schema.belongs_to(name, base):
            base = name
    if field_subject and not any(
        c.options and c.options[0][0] and schema.owner(c.options[0][0]) == subject for c in parts.filters.conditions
    ):
        # "which cities have orders over 100?": the field is seen from where the conditions are.
        others = {schema.owner(choose(c, [base], schema)[0] or base + ".") for c in parts.filters.conditions}
        for name in others:
            if name and not schema.belongs_to(base, name) and schema.belongs_to(name, base):
                base = name
    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    for bound in parts.havings:
        on_rows = bound_on_rows(bound, base, schema)
        if on_rows is None:
            raise NotAssembled("nothing to compare with the number")
        where.append(on_rows)
    listed = [FieldColumn(field=i.data) for i in parts.outputs if i.code == "f"]
    listed += [c for i in parts.outputs if i.code == "d" for c in schema.entity(i.data)]
    if field_subject and not any(c.field == field_subject for c in listed):
        listed.insert(0, FieldColumn(field=field_subject))
    if not field_subject and not parts.outputs and parts.subject:
        listed = schema.describe_row(subject)
    elif (
        not field_subject
        and parts.subject
        and not any(
            schema.owner(str(c.field)) == subject and schema.field(str(c.field)).role in ("name", "key") for c in listed
        )
    ):
        listed = [*schema.entity(subject), *listed] if not parts.outputs or parts.listing is False else listed
    if not listed:
        raise NotAssembled("it does not say what to list")
    unique = all(schema.owner(str(c.field)) == base and schema.field(str(c.field)).role in ("key",) for c in listed[:1])
    distinct = parts.distinct or (field_subject is not None and not unique) or (base != subject)
    order: list[Order] = []
    limit = None
    if order_by is not None:
        assert parts.top
        order = [Order(by=order_by, descending=parts.top.descending)]
        limit = parts.top.n or (None if parts.top.about == "ranked" else 1)
        if order_by not in listed:
            listed.append(order_by)
    elif parts.top and parts.top.about == "ranked" and parts.order_field:
        order = [Order(by=FieldColumn(field=parts.order_field), descending=parts.top.descending)]
    elif parts.top and parts.top.n:
        limit = parts.top.n
    draft.request = Request(
        columns=[c for c in unique(listed) if c.shown], dataset=base, where=where, period=period, order=order, limit=limit,
        distinct=distinct,
    )  # fmt: skip
    if not where and period is None and order_by is None and not parts.listing and field_subject is None:
        draft.cost += 0.3
    return draft
