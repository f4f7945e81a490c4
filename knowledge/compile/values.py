"""Values of one row: fields, computations, literals, and a time's grain or part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import sqlglot.expressions as exp

from knowledge.compile.errors import CannotCompile
from knowledge.compile.graph import Path
from knowledge.compile.scope import Scope
from knowledge.model import DataType, ModelField, SemanticModel
from knowledge.request import Calc, Grain, Literal_, Operand, Part, Scalar, Window

INTERVALS: dict[str, tuple[int, str]] = {
    "hour": (1, "HOUR"),
    "day": (1, "DAY"),
    "week": (7, "DAY"),
    "month": (1, "MONTH"),
    "quarter": (3, "MONTH"),
    "year": (12, "MONTH"),
}
"""A grain's length."""


@dataclass(frozen=True)
class Value:
    sql: exp.Expr
    type: DataType
    field: ModelField | None = None


def number(value: float) -> exp.Expr:
    if not math.isfinite(value):
        raise CannotCompile("bad_value", f"{value} is not a number that can be compared or computed with.")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return exp.Literal.number(value)


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def day(value: date) -> exp.Expr:
    return exp.cast(text(value.isoformat()), "date")


def moment(value: datetime) -> exp.Expr:
    return exp.cast(text(value.isoformat(sep=" ")), "timestamp")


def interval(count: int, unit: str) -> exp.Interval:
    return exp.Interval(this=text(str(count)), unit=exp.var(unit))


def div(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """left / right, in fractions; null where the right side is 0."""
    right = right.unnest()
    nonzero = isinstance(right, exp.Nullif) or (isinstance(right, exp.Literal) and float(right.this) != 0)
    tree = binary(exp.Div, left, right if nonzero else exp.Nullif(this=right, expression=number(0)))
    tree.set("typed", False)
    tree.set("safe", False)
    return tree


def binary(kind: type[exp.Binary], left: exp.Expr, right: exp.Expr) -> exp.Binary:
    """Arithmetic, with parentheses only where they change the value."""
    left, right = left.unnest(), right.unnest()
    arithmetic = (exp.Add, exp.Sub, exp.Mul, exp.Div)
    tight = kind in (exp.Mul, exp.Div)
    keeps = (exp.Mul, exp.Div) if tight else arithmetic
    follows = {exp.Add: (exp.Add, exp.Mul, exp.Div), exp.Sub: (exp.Mul, exp.Div)}.get(kind, ())
    if isinstance(left, exp.Binary | exp.Not) and not isinstance(left, keeps):
        left = exp.Paren(this=left)
    if isinstance(right, exp.Binary | exp.Not | exp.Neg) and not isinstance(right, follows):
        right = exp.Paren(this=right)
    return kind(this=left, expression=right)


def wrapped(tree: exp.Expr) -> exp.Expr:
    """In parentheses, if anything around it could bind tighter."""
    return exp.Paren(this=tree) if isinstance(tree, exp.Binary | exp.Not | exp.Neg) else tree


def as_number(value: Value) -> exp.Expr:
    """Text is read as a number (null where it is none), truth as 1 or 0."""
    if value.type in ("text", "json"):
        return exp.TryCast(this=value.sql, to=exp.DataType.build("double"))
    if value.type == "boolean":
        return exp.cast(value.sql, "int")
    return value.sql


def references(operand: Operand) -> list[str]:
    """The fields that an operand names."""
    if isinstance(operand, str):
        return [operand]
    if isinstance(operand, Calc):
        return [name for arg in operand.args for name in references(arg)]
    return []


def operand(scope: Scope, value: Operand) -> Value:
    """The value for each row of a scope, which joins what it needs."""
    if isinstance(value, str):
        path, _, model_field = scope.path(value)
        if (fan := scope.fan(path)) is not None:
            raise CannotCompile(
                "unreachable", f"A row of {scope.anchored} has many rows of {fan[-1].end}: {value} is not one value."
            )
        return Value(_epoch(scope.column(path, model_field), model_field), _type(model_field), model_field)
    if isinstance(value, Literal_):
        return _literal(value.value)
    return _calc(scope, value)


def field_at(scope: Scope, path: Path, model_field: ModelField) -> Value:
    return Value(_epoch(scope.column(path, model_field), model_field), _type(model_field), model_field)


def _type(model_field: ModelField) -> DataType:
    return "timestamp" if _is_epoch(model_field) else model_field.type


def _is_epoch(model_field: ModelField) -> bool:
    return model_field.type in ("integer", "number") and (model_field.unit or "").startswith("epoch_")


def _epoch(tree: exp.Expr, model_field: ModelField) -> exp.Expr:
    """Seconds since 1970 as a time."""
    if not _is_epoch(model_field):
        return tree
    if model_field.unit in ("epoch_milliseconds", "epoch_millis", "epoch_ms"):
        tree = div(tree, number(1000))
    start = moment(datetime(1970, 1, 1))
    return exp.Paren(this=exp.Add(this=start, expression=exp.Mul(this=wrapped(tree), expression=interval(1, "SECOND"))))


def _literal(value: Scalar) -> Value:
    if isinstance(value, bool):
        return Value(exp.Boolean(this=value), "boolean")
    if isinstance(value, int | float):
        return Value(number(value), "integer" if isinstance(value, int) else "number")
    if isinstance(value, datetime):
        return Value(moment(value), "timestamp")
    if isinstance(value, date):
        return Value(day(value), "date")
    return Value(text(value), "text")


def _calc(scope: Scope, calc: Calc) -> Value:
    args = [operand(scope, arg) for arg in calc.args]
    wanted = dict.fromkeys(INTERVALS, (1, 1)) | {
        "-": (1, 2),
        "/": (2, 2),
        "length": (1, 1),
        "lower": (1, 1),
        "abs": (1, 1),
        "round": (1, 2),
    }
    two = calc.op.endswith("_between") or calc.op.startswith("plus_")
    low, high = wanted.get(calc.op, (2, 2) if two else (1, 99))
    if not low <= len(args) <= high:
        raise CannotCompile("bad_request", f"{calc.op} takes {low if low == high else f'{low} to {high}'} values.")
    if calc.op.endswith("_between"):
        return _duration(calc.op, args[0], args[1])
    if calc.op.startswith("plus_"):
        unit = exp.Interval(this=text("1"), unit=exp.var(calc.op.removeprefix("plus_").removesuffix("s").upper()))
        return Value(
            exp.Add(this=_as_time(args[0]), expression=exp.Mul(this=args[1].sql, expression=unit)), "timestamp"
        )
    if calc.op in INTERVALS:
        kind: DataType = "timestamp" if calc.op == "hour" else "date"
        return Value(truncated(_as_time(args[0]), calc.op, scope.context.model), kind)  # type: ignore[arg-type]
    if calc.op == "length":
        return Value(exp.Length(this=_text(args[0])), "integer")
    if calc.op == "lower":
        return Value(exp.Lower(this=_text(args[0])), "text")
    if calc.op == "coalesce":
        rest = [arg.sql for arg in args[1:]]
        return Value(exp.Coalesce(this=args[0].sql, expressions=rest), args[0].type)
    numbers = [as_number(arg) for arg in args]
    whole: DataType = "integer" if all(arg.type in ("integer", "boolean") for arg in args) else "number"
    if calc.op == "abs":
        return Value(exp.Abs(this=numbers[0]), whole)
    if calc.op == "round":
        digits = numbers[1] if len(numbers) > 1 else None
        return Value(exp.Round(this=numbers[0], decimals=digits), "number" if digits else "integer")
    if calc.op == "/":
        return Value(div(numbers[0], numbers[1]), "number")
    if calc.op == "-" and len(numbers) == 1:
        return Value(exp.Neg(this=wrapped(numbers[0])), whole)
    operator = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[calc.op]
    tree = numbers[0]
    for right in numbers[1:]:
        tree = binary(operator, tree, right)
    return Value(tree, whole)


def _duration(op: str, start: Value, end: Value) -> Value:
    a, b = (_as_time(value) for value in (start, end))
    if op == "years_between":
        # Full years, as of an age: one less until the day of the year has been reached.
        def part(name: str, of: exp.Expr) -> exp.Expr:
            return exp.Extract(this=exp.var(name), expression=of.copy())

        def monthday(of: exp.Expr) -> exp.Expr:
            return exp.Add(this=exp.Mul(this=part("MONTH", of), expression=number(100)), expression=part("DAY", of))

        early = exp.case().when(exp.LT(this=monthday(b), expression=monthday(a)), number(1)).else_(number(0))
        years = exp.Sub(this=part("YEAR", b), expression=part("YEAR", a))
        return Value(exp.Sub(this=years, expression=early), "integer")
    moments = start.type == end.type == "timestamp"
    if op == "days_between" and not moments:
        return Value(exp.DateDiff(this=b, expression=a, unit=exp.var("DAY")), "integer")
    seconds = exp.DateDiff(this=b, expression=a, unit=exp.var("SECOND"))
    per = {"days_between": 86_400, "hours_between": 3600, "minutes_between": 60, "seconds_between": 1}[op]
    return Value(seconds, "integer") if per == 1 else Value(div(seconds, number(per)), "number")


def _as_time(value: Value) -> exp.Expr:
    return value.sql if value.type in ("date", "timestamp", "time") else exp.cast(value.sql, "timestamp")


def _text(value: Value) -> exp.Expr:
    return value.sql if value.type == "text" else exp.cast(value.sql, "text")


# --- times -----------------------------------------------------------------------------------------------------------


def truncated(time_value: exp.Expr, grain: Grain, model: SemanticModel) -> exp.Expr:
    """The start of the period that a time lies in: a date, or for hours a timestamp."""
    shift = grain_shift(grain, model)
    if shift:
        time_value = exp.Sub(this=wrapped(time_value), expression=interval(*shift))
    tree: exp.Expr = exp.TimestampTrunc(this=time_value, unit=exp.var(grain.upper()))
    if shift:
        tree = exp.Add(this=tree, expression=interval(*shift))
    return tree if grain == "hour" else exp.cast(tree, "date")


def grain_shift(grain: Grain, model: SemanticModel) -> tuple[int, str] | None:
    """How much later than the calendar's the periods of this business start."""
    months = model.fiscal_year_start - 1
    if grain == "week" and model.week_start == "sunday":
        return (6, "DAY")
    if grain == "quarter" and months % 3:
        return (months % 3, "MONTH")
    if grain == "year" and months:
        return (months, "MONTH")
    return None


def part_of(time_value: exp.Expr, part: Part, model: SemanticModel) -> exp.Expr:
    if part == "kind_of_day":
        free = exp.GTE(this=part_of(time_value, "day_of_week", model), expression=number(6))
        return exp.Case(ifs=[exp.If(this=free, true=text("weekend"))], default=text("weekday"))
    unit = {
        "hour_of_day": "HOUR",
        "day_of_week": "ISODOW",
        "day_of_month": "DAY",
        "week_of_year": "WEEK",
        "month_of_year": "MONTH",
        "quarter_of_year": "QUARTER",
    }[part]
    if part == "quarter_of_year" and model.fiscal_year_start > 1:
        time_value = exp.Sub(this=wrapped(time_value), expression=interval(model.fiscal_year_start - 1, "MONTH"))
    return exp.Extract(this=exp.var(unit), expression=time_value)


def in_window(value: Value, window: Window, model: SemanticModel) -> list[exp.Expr]:
    """start <= value < end, of the ends that are there."""
    conditions: list[exp.Expr] = []
    column = value.sql if value.type in ("date", "timestamp") else exp.cast(value.sql, "timestamp")
    for bound, kind in ((window.start, exp.GTE), (window.end, exp.LT)):
        if bound is not None:
            conditions.append(kind(this=column.copy(), expression=_bound(bound, model)))
    return conditions


def _bound(bound: datetime, model: SemanticModel) -> exp.Expr:
    bound = local(bound, model)
    return day(bound.date()) if bound.time() == time() else moment(bound)


def local(value: datetime, model: SemanticModel) -> datetime:
    """Without a time zone: the business's own time."""
    return value if value.tzinfo is None else value.astimezone(ZoneInfo(model.time_zone)).replace(tzinfo=None)


def resolved(window: Window | str, what: str = "period") -> Window:
    """The window, if the calendar has resolved it. Raises CannotCompile (unresolved_window)."""
    if isinstance(window, str):
        raise CannotCompile("unresolved_window", f"The {what} {window!r} is still text: resolve it with the calendar.")
    return window
