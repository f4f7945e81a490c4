"""A request in words: the reading that is shown above every answer."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from knowledge.calendar import Calendar
from knowledge.model import SemanticModel
from knowledge.request import (
    Aggregate,
    All,
    Arithmetic,
    Calc,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    Growth,
    Having,
    InPart,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Not,
    Number,
    Operand,
    Rank,
    Request,
    Running,
    Share,
    SubResult,
    Window,
)
from knowledge.request import Any as AnyOf
from knowledge.words import plural

_AGGREGATES = {
    "sum": "total", "avg": "average", "median": "median", "min": "lowest", "max": "highest",
    "stddev": "standard deviation of",
    "variance": "variance of", "percentile": "percentile of", "first": "first", "last": "last", "mode": "most common",
}  # fmt: skip
_OPS = {
    "=": "is", "!=": "is not", "<": "under", "<=": "at most", ">": "over", ">=": "at least", "in": "is one of",
    "not_in": "is none of",
    "contains": "contains", "not_contains": "does not contain", "starts_with": "starts with",
    "ends_with": "ends with", "like": "is like",
}  # fmt: skip
_TIME_OPS = {"<": "before", "<=": "up to", ">": "after", ">=": "since"}
_PARTS = {
    "hour_of_day": "hour of day", "day_of_week": "day of week", "kind_of_day": "weekdays and weekends",
    "day_of_month": "day of month",
    "week_of_year": "week of year",
    "month_of_year": "month of year", "quarter_of_year": "quarter",
}  # fmt: skip
_WEEKDAYS = ("", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_NAMED = {"day_of_week": _WEEKDAYS, "month_of_year": _MONTHS}


def describe_request(request: Request, model: SemanticModel, calendar: Calendar) -> str:
    """The question as it was understood, in words: "Net sales by department, November 2017, highest first, top 5"."""
    return _Speaker(model, calendar).request(request)


def describe_measure(measure: Measure, model: SemanticModel, calendar: Calendar) -> str:
    return _Speaker(model, calendar).measure(measure)


_ACROSS = {
    "avg": "average",
    "median": "median",
    "min": "lowest",
    "max": "highest",
    "sum": "total",
    "stddev": "standard deviation of the",
    "count": "number of",
}


class _Speaker:
    def __init__(self, model: SemanticModel, calendar: Calendar):
        self.model, self.calendar = model, calendar

    def request(self, request: Request) -> str:
        shown = [c for c in request.columns if isinstance(c, MeasureColumn)]
        fields = [c for c in request.columns if isinstance(c, FieldColumn) and c.shown]
        if shown:
            text = _listed(list(dict.fromkeys(c.label or self.measure(c.measure) for c in shown)))
            if request.across is not None:
                each = _listed([self.column(c) for c in request.across.by])
                told = f"{_ACROSS[request.across.agg]} {text[:1].lower()}{text[1:]} of each {each}"
                text = f"number of {plural(each)}" if request.across.agg == "count" else told
            groups = list(dict.fromkeys([*map(self.column, fields), *self._unshown(request, fields)]))
            if groups:
                text += " by " + _listed(groups)
        else:
            text = _listed([self.column(c) for c in fields]) or "rows"
            if request.distinct and fields:
                text = "different " + text
            if request.dataset and not (len(fields) == 1 and self._dataset(request.dataset) in text):
                text += f" of {plural(self._dataset(request.dataset))}"
        pieces = [text]
        pieces += [f"where {_listed([self.condition(c) for c in request.where])}"] if request.where else []
        pieces += [self.having(h) for h in request.having]
        if request.period is not None:
            by = f" by {self.field(request.time_field)}" if request.time_field else ""
            pieces.append(self.window(request.period) + by)
        if request.compare_to is not None:
            pieces.append("compared with " + self._compared(request.compare_to))
        pieces.append(self._order(request, shown))
        if request.every is not None:
            pieces.append(f"including {plural(self._dataset(request.every))} without any")
        if request.offset:
            pieces.append(f"after the first {request.offset}")
        whole = ", ".join(p for p in pieces if p)
        return whole[:1].upper() + whole[1:]

    def _unshown(self, request: Request, shown: list[FieldColumn]) -> list[str]:
        """What is grouped by and not shown, where what is shown does not tell: the key behind a name does."""
        told = {c.field.rpartition(".")[0] for c in shown if isinstance(c.field, str)}
        hidden = [c for c in request.fields if not c.shown and isinstance(c.field, str)]
        return [self.column(c) for c in hidden if str(c.field).rpartition(".")[0] not in told]

    def _order(self, request: Request, shown: list[MeasureColumn]) -> str:
        ranked = [
            o
            for o in request.order
            if not (isinstance(o.by, FieldColumn) and (o.by.grain or o.by.part or o.by.field in request.limit_per))
        ]
        each = " in each " + _listed([self.field(f) for f in request.limit_per]) if request.limit_per else ""
        if not ranked:
            return f"the first {request.limit}{each}" if request.limit else ""
        first = ranked[0]
        by = self.column(first.by) if isinstance(first.by, FieldColumn) else self.measure(first.by)
        alone = len(shown) == 1 and not isinstance(first.by, FieldColumn) and first.by == shown[0].measure
        named = "" if alone else f" by {by}"
        times = isinstance(first.by, FieldColumn) and self._is_time(first.by)
        most, least = ("latest", "earliest") if times else ("highest", "lowest")
        text = f"{most if first.descending else least} first{named}"
        if request.limit:
            text = f"{'top' if first.descending else 'bottom'} {request.limit}{named}"
            if times:
                text = f"the {most if first.descending else least} {request.limit}{named}"
        return text + each

    def _is_time(self, column: FieldColumn) -> bool:
        return isinstance(column.field, str) and self.model.resolve(column.field)[1].type in ("date", "timestamp")

    # --- parts -------------------------------------------------------------------------------------------------------

    def measure(self, measure: Measure) -> str:
        if isinstance(measure, MetricRef):
            text = self.model.metric(measure.metric).label or measure.metric.replace("_", " ")
            return text + self._among(measure.where)
        if isinstance(measure, Aggregate):
            return self._aggregate(measure) + self._among(measure.where)
        if isinstance(measure, Arithmetic):
            if both := _of_the_same(measure):
                plain, where = both
                return self.measure(plain) + self._among(where)
            left, right = self.measure(measure.left), self.measure(measure.right)
            if measure.op == "percent":
                return f"{left} as a percentage of {right}"
            if measure.op == "percent_change":
                return f"percent change from {right} to {left}"
            word = {"+": "plus", "-": "minus", "*": "times", "/": "per"}[measure.op]
            if measure.op == "/" and isinstance(measure.right, Aggregate) and not measure.right.where:
                right = self._unit(measure.right) or right
            return f"{left} {word} {right}"
        if isinstance(measure, Number):
            return _figure(measure.value)
        of = self.measure(measure.of)
        if isinstance(measure, Share):
            return f"share of {of}" + (
                f" within each {_listed([self.field(f) for f in measure.within])}" if measure.within else ""
            )
        if isinstance(measure, Growth):
            form = "growth" if measure.form == "percent" else "change"
            return f"{form} of {of} from the {'year' if measure.over == 'year_ago' else 'period'} before"
        if isinstance(measure, Running):
            if measure.window:
                return f"{measure.window}-period moving {'average' if measure.agg == 'avg' else 'total'} of {of}"
            return f"running {'average' if measure.agg == 'avg' else 'total'} of {of}"
        assert isinstance(measure, Rank)
        from_lowest = "" if measure.descending else " from the lowest"
        within = f" within each {_listed([self.field(f) for f in measure.within])}" if measure.within else ""
        return f"rank by {of}{from_lowest}{within}"

    def _aggregate(self, measure: Aggregate) -> str:
        if measure.agg == "count":
            if measure.of is not None:
                return f"number of {self.operand(measure.of)} values"
            return f"number of {plural(self._dataset(measure.dataset or ''))}"
        assert measure.of is not None
        if measure.agg == "count_distinct":
            if entity := self._entity(measure.of):
                return f"number of different {plural(entity)}"
            return f"number of different {plural(self.operand(measure.of))}"
        if measure.agg == "percentile":
            part = _figure(100 * (0.5 if measure.p is None else measure.p))
            return f"{_ordinal(part)} percentile of {self.operand(measure.of)}"
        of = self.operand(measure.of)
        if measure.agg == "sum" and of.split()[:1] == ["total"] and isinstance(measure.of, str):
            return f"total of {plural(self._dataset(measure.of.partition('.')[0]))}" if of == "total" else of
        return f"{_AGGREGATES[measure.agg]} {of}"

    def _unit(self, measure: Aggregate) -> str | None:
        """What one of the counted things is: "household"."""
        if measure.agg == "count" and measure.of is None:
            return self._dataset(measure.dataset or "")
        if measure.agg != "count_distinct" or measure.of is None:
            return None
        return self._entity(measure.of) or self.operand(measure.of)

    def _entity(self, of: Operand) -> str | None:
        """The thing that a key tells apart."""
        if not isinstance(of, str):
            return None
        dataset, field, _ = self.model.resolve(of)
        for relation in self.model.relationships:
            if relation.many == dataset.name and relation.many_fields == (field.name,):
                return self._dataset(relation.one)
        return self._dataset(dataset.name) if dataset.primary_key == (field.name,) else None

    def _among(self, where: list[Condition]) -> str:
        if len(where) == 1 and isinstance(where[0], InPart) and where[0].part == "day_of_week":
            days = {(6, 7): " on weekends", (1, 2, 3, 4, 5): " on weekdays"}.get(tuple(where[0].values))
            if days:
                return days
        return f" where {_listed([self.condition(c) for c in where])}" if where else ""

    def column(self, column: FieldColumn) -> str:
        if column.label:
            return column.label
        name = self.operand(column.field)
        if column.grain or column.part:
            return (column.grain or _PARTS[column.part or "day_of_week"]) + self._of_time(column.field)
        return f"{name} in steps of {_figure(column.bin)}" if column.bin else name

    def _of_time(self, field: Operand) -> str:
        """ " of signed up", for a time that is not the one that its dataset is dated by."""
        if not isinstance(field, str):
            return ""
        dataset, own, _ = self.model.resolve(field)
        return "" if dataset.default_time in (None, own.name) else f" of {self.field(field)}"

    def operand(self, operand: Operand) -> str:
        if isinstance(operand, str):
            return self.field(operand)
        if isinstance(operand, Calc):
            args = [self.operand(a) for a in operand.args]
            if operand.op in ("hour", "day", "week", "month", "quarter", "year"):
                return operand.op
            if operand.op.endswith("_between"):
                return f"{operand.op.removesuffix('_between')} from {args[0]} to {args[1]}"
            if operand.op.startswith("plus_"):
                return f"{args[0]} plus {args[1].strip('“”')} {operand.op.removeprefix('plus_')}"
            if operand.op in "+-*/":
                return f" {operand.op} ".join(args)
            return f"{operand.op} of {_listed(args)}"
        return self._value(operand.value)

    def field(self, reference: str) -> str:
        dataset, field, via = self.model.resolve(reference)
        label = field.label or field.name.replace("_", " ")
        thing = dataset.label or dataset.name
        if field.role in ("name", "key") or label.lower() in (
            "name",
            "id",
            "title",
            "status",
            "type",
            "code",
            "date",
            "number",
            "state",
            "city",
            "country",
            "email",
            "description",
        ):
            label = (
                thing
                if label.lower() == "name" or field.name == dataset.name_field
                else label
                if thing.lower() in label.lower()
                else f"{thing} {label}"
            )
        return f"{via.replace('_', ' ')} {label}" if via else label

    def condition(self, condition: Condition) -> str:
        if isinstance(condition, Compare):
            return self._compare(condition)
        if isinstance(condition, InWindow):
            return f"{self.field(condition.field)} is {self.window(condition.window)}"
        if isinstance(condition, InPart):
            known = _NAMED.get(condition.part, ())
            names = [known[v] if 1 <= v < len(known) else str(v) for v in condition.values]
            return f"{_PARTS[condition.part]}{self._of_time(condition.field)} is {_listed(names, 'or')}"
        if isinstance(condition, Exists):
            things = plural(self._dataset(condition.dataset))
            things = f"{condition.via.replace('_', ' ')} {things}" if condition.via else things
            if condition.negated:
                text = f"there are no {things}"
            else:
                text = (
                    f"there are at least {condition.at_least} {things}"
                    if condition.at_least > 1
                    else f"there are {things}"
                )
            return text + self._among(condition.where)
        if isinstance(condition, Not):
            return f"not ({self.condition(condition.of)})"
        word = "and" if isinstance(condition, All) else "or"
        assert isinstance(condition, All | AnyOf)
        return "(" + _listed([self.condition(c) for c in condition.of], word) + ")"

    def _compare(self, condition: Compare) -> str:
        name = self.operand(condition.field)
        if condition.op in ("is_null", "not_null"):
            return f"{name} is {'missing' if condition.op == 'is_null' else 'not missing'}"
        if condition.field_value is not None:
            sides = [self._moment(side) for side in (condition.field, condition.field_value)]
            ops = _OPS | _TIME_OPS if self._is_time(FieldColumn(field=condition.field)) else _OPS
            return f"{sides[0]} {ops[condition.op]} {sides[1]}"
        value: Any = condition.value
        if condition.op == "between" and isinstance(value, list):
            return f"{name} is between {self._value(value[0])} and {self._value(value[1])}"
        if isinstance(value, SubResult):
            if (bound := self._of_itself(condition, value.request)) is not None:
                return bound
            return f"{name} {_OPS[condition.op]} {self._sub(value)}"
        if isinstance(value, list):
            negation = "not " if condition.op == "not_in" else ""
            return f"{name} is {negation}{_listed([self._value(v) for v in value], 'or')}"
        ops = _OPS | _TIME_OPS if isinstance(value, date) else _OPS
        return f"{name} {ops[condition.op]} {self._value(value)}"

    def _moment(self, operand: Operand) -> str:
        """A side of a comparison of two fields: of a grain, of which time it is."""
        if isinstance(operand, Calc) and operand.op in ("hour", "day", "week", "month", "quarter", "year"):
            return f"the {operand.op} of {self.operand(operand.args[0])}"
        return self.operand(operand)

    def _of_itself(self, condition: Compare, found: Request) -> str | None:
        """ "outstanding amount over 0": a bound on each of the rows themselves, said as one."""
        columns = [c.field for c in found.columns if isinstance(c, FieldColumn)]
        plainly = not (found.where or found.period or found.limit or found.order) and len(found.having) == 1
        if condition.op != "in" or columns != [condition.field] or not plainly:
            return None
        return self.having(found.having[0]).removeprefix("with ")

    def having(self, having: Having) -> str:
        value = having.value
        if isinstance(value, SubResult):
            said = self._sub(value)
        elif isinstance(value, float | int):
            said = _figure(value, group=",")
        else:
            said = self.measure(value)
        return f"with {self.measure(having.measure)} {_OPS[having.op]} {said}"

    def _sub(self, value: SubResult) -> str:
        inner = self.request(value.request)
        inner = inner[:1].lower() + inner[1:]
        factor = f"{_figure(value.times)} times " if value.times != 1 else ""
        aggregate = f"the {_AGGREGATES[value.agg]} of " if value.agg else ""
        if value.per:
            return f"{factor}that of their own {_listed([self.operand(f) for f in value.per], 'and')} ({inner})"
        return f"{factor}{aggregate}({inner})"

    def window(self, window: Window | str) -> str:
        if isinstance(window, str):
            return window
        label = self.calendar.label(window)
        return window.text if window.text and not window.text.startswith("the last") else label

    def _compared(self, compare: Window | str) -> str:
        if isinstance(compare, Window):
            return self.window(compare)
        return {"previous_period": "the period before", "previous_year": "the year before"}.get(compare, compare)

    def _dataset(self, name: str) -> str:
        entry = self.model.dataset(name)
        return entry.label or entry.name.replace("_", " ")

    @staticmethod
    def _value(value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, float):
            return _figure(value)
        if isinstance(value, datetime) and value.time() != time.min:
            return f"{value:%-d %B %Y} {value:%H:%M:%S}".removesuffix(":00")
        if isinstance(value, date):
            return f"{value:%-d %B} {value.year}"
        return "missing" if value is None else f"“{value}”"


def _figure(value: float, *, group: str = "") -> str:
    """As it was given: no figure of a condition may be rounded."""
    text = f"{Decimal(repr(value)):{group}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ordinal(figure: str) -> str:
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(figure[-1], "th")
    return figure + ("th" if figure[-2:] in ("11", "12", "13") else ending)


def _listed(items: list[str], word: str = "and") -> str:
    if len(items) <= 1:
        return "".join(items)
    return ", ".join(items[:-1]) + f" {word} " + items[-1]


def _of_the_same(measure: Arithmetic) -> tuple[Arithmetic, list[Condition]] | None:
    """A combination whose two sides have the same conditions, without them, and those: they are said once."""
    left, right = measure.left, measure.right
    if not isinstance(left, Aggregate | MetricRef) or not isinstance(right, Aggregate | MetricRef):
        return None
    if not left.where or left.where != right.where:
        return None
    bare = {"left": left.model_copy(update={"where": []}), "right": right.model_copy(update={"where": []})}
    return measure.model_copy(update=bare), left.where
