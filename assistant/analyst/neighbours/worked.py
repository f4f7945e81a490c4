"""Fields of one row worked out: "price minus cost", "the amount before tax"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Calc, Literal_, Operand

_OPERATORS = {"minus": "-", "less": "-", "times": "*", "multiplied by": "*", "plus": "+", "x": "*", "*": "*", "+": "+"}


def row_arithmetic(items: list[Item], schema: Schema) -> list[Item]:
    """ "sale amount minus cost", "rate times amount": worked out for each row, then added up."""
    for n in range(1, len(items) - 1):
        mark, right = items[n : n + 2]
        op = _OPERATORS.get(mark.text.lower())
        at = next((m for m in range(n - 1, -1, -1) if items[m].code != "v"), n - 1)
        left, said = items[at], items[at + 1 : n]  # "the amount *of sells* minus the tax"
        if op is None or left.code not in "mfM" or right.code not in "mf":
            continue
        if left.code == "M":
            further = _one_more(left, op, right, schema)
            if further is not None:
                return row_arithmetic([*items[:at], further, *said, *items[n + 2 :]], schema)
            continue
        pairs = [
            (a, b, base)
            for a in _summed_fields(left, schema)
            for b in _summed_fields(right, schema)
            if (base := schema.seeing(schema.owner(a), schema.owner(b)))
        ]
        if not pairs:
            continue
        first, second, base = pairs[0]
        args: list[Operand] = [_as_part(a, schema) if op == "*" else a for a in (first, second)]
        if op == "-" and schema.field(second).unit == "percent" != schema.field(first).unit:
            # "the amount less the discount percentage": that part of the amount is left
            part = Calc(op="/", args=[Calc(op="coalesce", args=[second, Literal_(value=0)]), Literal_(value=100)])
            op, args = "*", [first, Calc(op="-", args=[Literal_(value=1), part])]
        before = items[at - 1] if at else None
        agg = "avg" if before is not None and before.code == "a" and before.data == "avg" else "sum"
        measure = Aggregate(agg=agg, of=Calc(op=op, args=args), dataset=base)  # type: ignore[arg-type]
        text = f"{left.text} {mark.text} {right.text}"
        made = Item("M", left.start, right.end, text, MeasureRead(measure, (base,)), before=left.before)
        drop = 2 if agg == "avg" else 1
        return row_arithmetic([*items[: at + 1 - drop], made, *said, *items[n + 2 :]], schema)
    return items


def _one_more(left: Item, op: str, right: Item, schema: Schema) -> Item | None:
    """ "amount minus tax *minus commission*", where the first two are one figure already."""
    measure = left.data.measure
    if not isinstance(measure, Aggregate) or not isinstance(measure.of, Calc) or measure.dataset is None:
        return None
    fields = _summed_fields(right, schema)
    field = next((f for f in fields if schema.belongs_to(measure.dataset, schema.owner(f))), None)
    if field is None:
        return None
    further = measure.model_copy(update={"of": Calc(op=op, args=[measure.of, field])})  # type: ignore[arg-type]
    return replace(left, data=replace(left.data, measure=further), text=f"{left.text} {op} {right.text}", end=right.end)


def _summed_fields(item: Item, schema: Schema) -> list[str]:
    """The fields of numbers that the words may mean, best first."""
    found = []
    for option in item.options or ():
        if option.kind == "metric":
            field = schema.summed_by(schema.model.metric(option.target))
            found += [field] if field else []
        elif option.kind == "field" and schema.is_number(option.target):
            found.append(option.target)
    return found


def _as_part(reference: str, schema: Schema) -> str | Calc:
    """A percentage as the part it is of a whole."""
    return (
        Calc(op="/", args=[reference, Literal_(value=100)]) if schema.field(reference).unit == "percent" else reference
    )


def untaxed(items: list[Item], schema: Schema) -> list[Item]:
    """ "the amount before tax", where tax is kept apart: the amount as it is."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        if item.code != "f" or "tax" not in schema.noun_of(str(item.data)):
            continue
        owner = schema.owner(str(item.data))
        others = {d for m, i in enumerate(items) if m != n for d in linked_datasets(i, schema)[:1] if i.code in "dmfMv"}
        mark = made[-2].text.lower() if len(made) > 1 else ""
        if owner in others and (mark in ("before", "excluding", "without", "net of") or item.before.endswith("excl")):
            del made[-2:]
    return made
