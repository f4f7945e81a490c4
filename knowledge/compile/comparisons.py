"""A value of a row against a literal, another value, or the result of another request, as its type demands.

Text is compared without regard to case; a day, month or year that a time is compared with means all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlglot.expressions as exp

from knowledge.compile.errors import CannotCompile
from knowledge.compile.naming import column
from knowledge.compile.scope import Scope, conjoin
from knowledge.compile.values import Value, as_number, day, local, moment, number, operand, text
from knowledge.model import ModelField
from knowledge.request import Compare, Request, Scalar, SubResult

Subquery = Callable[[SubResult, bool], exp.Expr]
"""Compiles a sub-result: to its one value, or, if the flag is set, to a SELECT of its list of values."""

_COMPARE: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


def comparison(op: str, left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return _COMPARE[op](this=left, expression=right)


def compare(scope: Scope, condition: Compare, subquery: Subquery) -> exp.Expr:
    left, op = operand(scope, condition.field), condition.op
    if op in ("is_null", "not_null"):
        null = exp.Is(this=left.sql, expression=exp.null())
        return null if op == "is_null" else exp.Not(this=null)
    if condition.field_value is not None:
        return _two(left, op, operand(scope, condition.field_value))
    value = condition.value
    if isinstance(value, SubResult) and value.per:
        return _against_own(scope, left, op, value, subquery)
    if isinstance(value, SubResult):
        return _against(left, op, value, subquery)
    values = list(value) if isinstance(value, list) else [] if value is None else [value]
    if op in ("in", "not_in"):
        within = _one_of(scope, left, values)
        return within if op == "in" else _negated(within)
    wanted = 2 if op == "between" else 1
    if len(values) != wanted:
        raise CannotCompile(
            "bad_value", f"{_name(left)} {op} takes {wanted} value{'s' * (wanted > 1)}, not {len(values)}."
        )
    if op in ("contains", "not_contains", "starts_with", "ends_with", "like"):
        return _pattern(left, op, str(values[0]))
    return _plain(scope, left, op, values)


def _negated(tree: exp.Expr) -> exp.Expr:
    if isinstance(tree, exp.EQ):
        return exp.NEQ(this=tree.this, expression=tree.expression)
    return exp.Not(this=exp.Paren(this=tree) if isinstance(tree, exp.Connector) else tree)


def _two(left: Value, op: str, right: Value) -> exp.Expr:
    if op not in _COMPARE:
        raise CannotCompile("bad_request", f"{_name(left)} {op} cannot compare two fields.")
    a, b = left.sql, right.sql
    if left.type == right.type == "text" and op in ("=", "!="):
        a, b = exp.Lower(this=a), exp.Lower(this=b)
    elif left.type != right.type and "text" in (left.type, right.type):
        kinds = {left.type, right.type}
        if kinds & {"integer", "number"}:
            a, b = as_number(left), as_number(right)
        elif kinds & {"date", "timestamp"}:
            a, b = (exp.TryCast(this=v.sql, to=exp.DataType.build("timestamp")) for v in (left, right))
    elif {left.type, right.type} == {"date", "timestamp"}:  # at noon of the day that was promised is not after it
        a, b = (
            v.sql if v.type == "date" else exp.Cast(this=v.sql, to=exp.DataType.build("date")) for v in (left, right)
        )
    return comparison(op, a, b)


def _against(left: Value, op: str, value: SubResult, subquery: Subquery) -> exp.Expr:
    many = op in ("in", "not_in") or (op in ("=", "!=") and value.agg is None and not one_row(value.request))
    if many:
        found = subquery(value, True)
        if op in ("in", "="):
            return exp.In(this=left.sql, query=exp.Subquery(this=found))
        # One null in the list would make NOT IN true of nothing.
        assert isinstance(found, exp.Select)
        name = column(found.selects[0].alias_or_name)
        listed = exp.Select(expressions=[name]).from_(found.subquery("found", copy=False), copy=False)
        listed.where(exp.Not(this=exp.Is(this=name.copy(), expression=exp.null())), copy=False)
        return exp.Not(this=exp.In(this=left.sql, query=exp.Subquery(this=listed)))
    if op not in _COMPARE:
        raise CannotCompile("bad_request", f"{_name(left)} {op} cannot be compared with another result.")
    return comparison(op, as_number(left) if left.type == "text" and value.agg else left.sql, subquery(value, False))


def _against_own(scope: Scope, left: Value, op: str, value: SubResult, subquery: Subquery) -> exp.Expr:
    """Against the sub-result's figure for the group that the row itself is in."""
    found = subquery(value, False)
    if op not in _COMPARE or not isinstance(found, exp.Select) or len(found.selects) != len(value.per) + 1:
        raise CannotCompile("bad_request", f"{_name(left)} {op} needs one figure for each {' and '.join(value.per)}.")
    names = [column(select.alias_or_name, "own") for select in found.selects]
    own = exp.Select(expressions=[names[-1]]).from_(found.subquery("own", copy=False), copy=False)
    for name, reference in zip(names, value.per, strict=False):
        own.where(exp.NullSafeEQ(this=name, expression=operand(scope, reference).sql), copy=False)
    figure: exp.Expr = exp.Subquery(this=own)
    if value.times != 1:
        figure = exp.Mul(this=figure, expression=number(value.times))
    return comparison(op, left.sql, figure)


def one_row(request: Request) -> bool:
    """Whether a request's result has one row at most, whatever the data."""
    return request.limit == 1 or (bool(request.measures) and not request.fields)


def _one_of(scope: Scope, left: Value, values: list[Scalar]) -> exp.Expr:
    if not values:
        return exp.false()
    if len(values) == 1:
        return _plain(scope, left, "=", values)
    if left.type in ("date", "timestamp"):
        return exp.Paren(this=exp.or_(*(_plain(scope, left, "=", [v]) for v in values), copy=False))
    trees = [_plain(scope, Value(left.sql.copy(), left.type, left.field), "=", [v]) for v in values]
    if all(isinstance(tree, exp.EQ) and tree.this == trees[0].this for tree in trees):
        return exp.In(this=trees[0].this, expressions=[tree.expression for tree in trees])
    return exp.Paren(this=exp.or_(*trees, copy=False))


def _plain(scope: Scope, left: Value, op: str, values: list[Scalar]) -> exp.Expr:
    if left.type in ("date", "timestamp"):
        return _time_compare(scope, left, op, values)
    if op in ("=", "!=") and isinstance(values[0], str) and (kept := _as_kept(left, values[0])) is not None:
        return _text_compare(kept, op, values[0])
    if op == "between":
        low, high = (_literal(left, value) for value in values)
        tree = as_number(left) if left.type == "text" and not isinstance(values[0], str) else left.sql
        return exp.Between(this=tree, low=low, high=high)
    value = values[0]
    if left.type == "boolean":
        return comparison(op, left.sql, _truth(left, value))
    if left.type in ("text", "json"):
        return _text_compare(left, op, value)
    return comparison(op, left.sql, _literal(left, value))


def _as_kept(left: Value, value: str) -> Value | None:
    """The text that a number is read from, to be compared with a text that is no number: "W 6 – 3"."""
    stored = left.field.stored if left.field is not None else None
    column = left.sql.find(exp.Column)
    if stored is None or column is None or left.type not in ("integer", "number"):
        return None
    try:
        float(re.sub(r"[,%$€£\s]", "", value))
    except ValueError:
        return Value(column.copy(), "text", left.field)
    return None


def _text_compare(left: Value, op: str, value: Scalar) -> exp.Expr:
    tree = left.sql if left.type == "text" else exp.cast(left.sql, "text")
    if isinstance(value, bool):
        names = ("true", "t", "yes", "y", "1") if value else ("false", "f", "no", "n", "0")
        flag = exp.In(this=exp.Lower(this=tree), expressions=[text(name) for name in names])
        return flag if op == "=" else exp.Not(this=flag)
    if isinstance(value, int | float):
        return comparison(op, as_number(left), number(value))
    if op in ("=", "!="):
        literal = text(str(value))
        return comparison(
            op, exp.Lower(this=tree), text(literal.this.lower()) if literal.this.isascii() else exp.Lower(this=literal)
        )
    return comparison(op, tree, text(str(value)))


def _pattern(left: Value, op: str, value: str) -> exp.Expr:
    tree = left.sql if left.type == "text" else exp.cast(left.sql, "text")
    escaped = value
    if op != "like":
        for special in ("\\", "%", "_"):
            escaped = escaped.replace(special, "\\" + special)
    before = "" if op in ("starts_with", "like") else "%"
    after = "" if op in ("ends_with", "like") else "%"
    match: exp.Expr = exp.ILike(this=tree, expression=text(before + escaped + after))
    if escaped != value:
        match = exp.Escape(this=match, expression=text("\\"))
    return exp.Not(this=match) if op == "not_contains" else match


def _literal(left: Value, value: Scalar) -> exp.Expr:
    if left.type in ("integer", "number"):
        if isinstance(value, bool):
            return number(int(value))
        if isinstance(value, int | float):
            return number(value)
        try:
            read = float(re.sub(r"[,%$€£\s]", "", str(value)))
        except ValueError:
            raise CannotCompile("bad_value", f"{_name(left)} is a number; {str(value)!r} is not.") from None
        return number(read)
    if left.type == "time":
        return exp.cast(text(str(value)), "time")
    if left.type == "text" and isinstance(value, int | float):
        return number(value)
    return text(str(value))


def _truth(left: Value, value: Scalar) -> exp.Expr:
    word = str(value).strip().lower()
    if word in ("true", "t", "yes", "y", "1", "1.0"):
        return exp.true()
    if word in ("false", "f", "no", "n", "0", "0.0"):
        return exp.false()
    raise CannotCompile("bad_value", f"{_name(left)} is true or false; {value!r} is neither.")


def _time_compare(scope: Scope, left: Value, op: str, values: list[Scalar]) -> exp.Expr:
    """A day means the whole day, "2024-03" the whole month, 2024 the whole year."""
    spans = [_span(scope, left, value) for value in values]
    (start, end), (_, last) = spans[0], spans[-1]

    def at(value: datetime) -> exp.Expr:
        return day(value.date()) if value == datetime.combine(value, datetime.min.time()) else moment(value)

    def test(kind: type[exp.Binary], value: datetime) -> exp.Expr:
        return kind(this=left.sql.copy(), expression=at(value))

    one_day = left.type == "date" and all(e - s == timedelta(days=1) for s, e in spans)
    if one_day or all(s == e for s, e in spans):
        if op == "between":
            return exp.Between(this=left.sql, low=at(start), high=at(spans[-1][0]))
        return test(_COMPARE[op], start)
    match op:
        case "=" | "between":
            return conjoin([test(exp.GTE, start), test(exp.LT, last)])
        case "!=":
            return exp.Paren(this=exp.or_(test(exp.LT, start), test(exp.GTE, end), copy=False))
        case "<":
            return test(exp.LT, start)
        case "<=":
            return test(exp.LT, end)
        case ">":
            return test(exp.GTE, end)
        case _:
            return test(exp.GTE, start)


def _span(scope: Scope, left: Value, value: Scalar) -> tuple[datetime, datetime]:
    """The stretch of time [start, end) that a value names; an instant has no length."""
    if isinstance(value, datetime):
        instant = local(value, scope.context.model)
        whole = left.type == "date" and instant == datetime.combine(instant, datetime.min.time())
        return (instant, instant + timedelta(days=1)) if whole else (instant, instant)
    if isinstance(value, date):
        start = datetime(value.year, value.month, value.day)
        return start, start + timedelta(days=1)
    word = str(value).strip()
    try:
        if word.isdigit() and len(word) == 4:
            return datetime(int(word), 1, 1), datetime(int(word) + 1, 1, 1)
        if len(word) == 7 and word[4] == "-":
            year, month = int(word[:4]), int(word[5:])
            return datetime(year, month, 1), datetime(year + month // 12, month % 12 + 1, 1)
        if len(word) == 10:
            return _span(scope, left, date.fromisoformat(word))
        return _span(scope, left, datetime.fromisoformat(word))
    except ValueError:
        raise CannotCompile("bad_value", f"{_name(left)} is a date; {word!r} is not (2024-03-31 is).") from None


def _name(value: Value) -> str:
    model_field: ModelField | None = value.field
    return (model_field.label or model_field.name) if model_field else "The value"
