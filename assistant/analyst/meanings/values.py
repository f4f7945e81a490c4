"""What a definition comes to: a value of each row, a measure or a number; and how two of these are put together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from assistant.analyst.meanings.overlay import limited
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Calc, Condition, Literal_, Measure, Number, Operand


@dataclass(frozen=True)
class Row:
    """A value of each row of a dataset (None while it is a number alone), of those rows that `where` holds for."""

    dataset: str
    value: Operand
    where: tuple[Condition, ...] = ()
    adds_up: bool = True
    unit: str | None = None


Value = Row | Measure | Number

_OPS: dict[str, Literal["+", "-", "*", "/"]] = {
    "+": "+", "plus": "+", "-": "-", "–": "-", "−": "-", "minus": "-", "less": "-", "*": "*", "×": "*", "x": "*",
    "times": "*", "multiplied by": "*", "/": "/", "÷": "/", "divided by": "/", "over the": "/",
}  # fmt: skip


def as_measure(value: Value | None) -> Measure | None:
    """A value of each row in all: its sum, or its mean where it does not add up."""
    if isinstance(value, Row):
        return aggregated("sum" if value.adds_up else "avg", value)
    return value


def combined(sign: str, a: Value | None, b: Value | None, schema: Schema) -> Value | None:
    """`a` plus, minus, times or divided by `b`: row by row where they are of the same rows, else each in all. None
    where that can't be meant."""
    op = _OPS.get(sign.strip().lower())
    if op is None or a is None or b is None or (isinstance(a, Number) and isinstance(b, Number)):
        return (
            Number(value=_worked(op, a.value, b.value))
            if op and isinstance(a, Number) and isinstance(b, Number)
            else None
        )
    if a == b and op in "-/":
        return None  # two words for the same thing: one of them is not known
    apart = isinstance(a, Row) and isinstance(b, Row) and a.dataset != b.dataset and op != "*"
    if isinstance(a, Row | Number) and isinstance(b, Row | Number) and not apart:
        return _rowwise(op, a, b, schema)
    if op == "*" and (isinstance(a, Row) or isinstance(b, Row)):
        return None
    left, right = as_measure(_in_money(a, b, op, schema)), as_measure(_in_money(b, a, op, schema))
    if left is None or right is None:
        return None
    if (
        op == "*"
        and isinstance(right, Number)
        and right.value == 100
        and isinstance(left, Arithmetic)
        and left.op == "/"
    ):
        return in_percent(left)
    return Arithmetic(op=op, left=left, right=right)


def _in_money(one: Value, other: Value, op: str, schema: Schema) -> Value:
    """ "total gifts - cost": what the gifts come to, rather than how many there are."""
    counts = isinstance(one, Aggregate) and one.agg == "count" and one.of is None and one.dataset is not None
    if op not in "+-" or not counts or (isinstance(other, Aggregate) and other.agg.startswith("count")):
        return one
    amount = schema.amount(one.dataset)  # type: ignore[union-attr,arg-type]
    return one.model_copy(update={"agg": "sum", "of": amount}) if amount else one  # type: ignore[union-attr]


def _rowwise(op: Literal["+", "-", "*", "/"], a: Row | Number, b: Row | Number, schema: Schema) -> Row | None:
    """Worked out for each row of the dataset whose rows have all of it."""
    rows = [v for v in (a, b) if isinstance(v, Row)]
    dataset = next((r.dataset for r in rows if all(schema.belongs_to(r.dataset, o.dataset) for o in rows)), None)
    if dataset is None:
        return None
    where = tuple(c for r in rows for c in r.where)
    left, right = (Literal_(value=v.value) if isinstance(v, Number) else v.value for v in (a, b))
    if op == "-" and isinstance(a, Row) and isinstance(b, Row) and b.unit == "percent" and a.unit != "percent":
        part = Calc(op="/", args=[right, Literal_(value=100)])
        right, op = Calc(op="-", args=[Literal_(value=1), part]), "*"  # "the price less the discount percentage"
        return Row(dataset, Calc(op=op, args=[left, right]), where)
    unit = rows[0].unit if len(rows) == 1 or op in "+-" else None
    adds_up = unit is None  # what people work out of amounts is summed, unless it is a length of time
    if op == "/":
        adds_up = isinstance(b, Number) and isinstance(a, Row) and a.adds_up
    return Row(dataset, Calc(op=op, args=[left, right]), where, adds_up, unit)


def aggregated(agg: str, value: Value | None) -> Measure | None:
    """The sum, mean … of a value of each row; None for what is no such value."""
    if isinstance(value, Row):
        return Aggregate(agg=agg, of=value.value, dataset=value.dataset, where=list(value.where))  # type: ignore[arg-type]
    return None


def among(value: Value, rows: tuple[str, tuple[Condition, ...]], schema: Schema) -> Value | None:
    """The value over some rows: of its own dataset, or of one each of whose rows has one of it (a plan's fee over
    subscriptions)."""
    if is_of(value, rows[0], schema):
        return held(value, rows[1])
    if isinstance(value, Row) and schema.belongs_to(rows[0], value.dataset):
        return replace(value, dataset=rows[0], where=(*value.where, *rows[1]))
    if isinstance(value, Aggregate) and value.of is not None and schema.belongs_to(rows[0], str(value.dataset)):
        return value.model_copy(update={"dataset": rows[0], "where": [*value.where, *rows[1]]})
    if isinstance(value, Arithmetic):
        sides = [among(v, rows, schema) for v in (value.left, value.right)]
        if all(s is not None and not isinstance(s, Row) for s in sides):
            return value.model_copy(update={"left": sides[0], "right": sides[1]})
    return value if isinstance(value, Number) else None


def is_of(value: Value, dataset: str, schema: Schema) -> bool:
    """Each row that it is worked out from has one row of the dataset, or is one."""
    read = [value.dataset] if isinstance(value, Row) else schema.datasets_of(value)
    return bool(read) and all(schema.belongs_to(d, dataset) for d in read)


def held(value: Value, where: tuple[Condition, ...]) -> Value:
    """The value of those rows only for which conditions hold, too."""
    if isinstance(value, Row):
        return replace(value, where=(*value.where, *where))
    if isinstance(value, Number) or not where:
        return value
    made = limited(value.model_dump(mode="json"), [c.model_dump(mode="json") for c in where])
    return _measure_of(made)


def _worked(op: str, a: float, b: float) -> float:
    return {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0.0}[op]


def in_percent(value: Value) -> Value:
    """A ratio in percent."""
    return value.model_copy(update={"op": "percent"}) if isinstance(value, Arithmetic) and value.op == "/" else value


def _measure_of(node: dict[str, object]) -> Measure:
    return _measures().validate_python(node)


@cache
def _measures() -> TypeAdapter[Measure]:
    return TypeAdapter(Measure)
