"""Request: the one typed form in which a question reaches a database.

The embedded analyst produces it, an LLM fills it in as a tool's arguments, REST takes it, and suggestions, saved
answers and evals are written in it. `knowledge.compile` turns it into SQL.

A field is named by a string:

    "orders.amount"              a field of a dataset
    "airports@origin.city"       the same, reached over the relationship called `origin` (when several lead there)

>>> Request(columns=[FieldColumn(field="stores.city"), MeasureColumn(measure=MetricRef(metric="net_sales"))],
...         period="last month", order=[Order(by=MetricRef(metric="net_sales"), descending=True)], limit=5).limit
5
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Scalar = bool | int | float | date | datetime | str
Grain = Literal["hour", "day", "week", "month", "quarter", "year"]
Part = Literal[
    "hour_of_day", "day_of_week", "kind_of_day", "day_of_month", "week_of_year", "month_of_year", "quarter_of_year"
]
Comparator = Literal["=", "!=", "<", "<=", ">", ">="]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# --- values computed for one row -------------------------------------------------------------------------------------


class Calc(Strict):
    """A value computed from one row's values: arithmetic, a duration, a length, a grain or part of a time.

    `days_between` is args[1] - args[0], in days (whole ones between dates). `hour` … `year` is the start of that grain
    ("average sales per day" divides by the distinct days). `plus_days` and `plus_months` are a time moved by a number
    of them. A string argument is a field; a text literal is a `Literal_`.
    """

    kind: Literal["calc"] = "calc"
    op: Literal[
        "+",
        "-",
        "*",
        "/",
        "days_between",
        "hours_between",
        "minutes_between",
        "seconds_between",
        "years_between",
        "plus_days",
        "plus_months",
        "length",
        "lower",
        "abs",
        "round",
        "coalesce",
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
    ]
    args: list[Operand]


class Literal_(Strict):
    kind: Literal["literal"] = "literal"
    value: Scalar


Operand = str | Calc | Literal_
"""A field name, a computation, or a literal."""


# --- measures: one number for a group of rows ------------------------------------------------------------------------


class MetricRef(Strict):
    """A metric of the semantic model, by name; `where` restricts the rows that it is computed over."""

    kind: Literal["metric"] = "metric"
    metric: str
    where: list[Condition] = []


class Aggregate(Strict):
    """An aggregate over the rows of one dataset: `count` of rows when `of` is None, else of `of`'s values.

    `dataset` may be left out when `of` names a field. `percentile` needs `p` in 0..1. `first` and `last` take the value
    of `of` in the row with the smallest and largest time (the dataset's default time field).
    """

    kind: Literal["aggregate"] = "aggregate"
    agg: Literal[
        "count",
        "count_distinct",
        "sum",
        "avg",
        "median",
        "min",
        "max",
        "stddev",
        "variance",
        "percentile",
        "first",
        "last",
        "mode",
    ]
    of: Operand | None = None
    dataset: str | None = None
    where: list[Condition] = []
    p: float | None = None


class Arithmetic(Strict):
    """Two measures, each at its own grain, combined: difference, ratio ("/", null when the right side is 0),
    `percent` (100 * left / right) or `percent_change` (100 * (left - right) / right)."""

    kind: Literal["arithmetic"] = "arithmetic"
    op: Literal["+", "-", "*", "/", "percent", "percent_change"]
    left: Measure
    right: Measure


class Number(Strict):
    kind: Literal["number"] = "number"
    value: float


class Share(Strict):
    """A group's part of the whole, in percent: the measure over its total across all groups of the result
    (before any limit), or across the groups that agree on the fields of `within`."""

    kind: Literal["share"] = "share"
    of: Measure
    within: list[str] = []


class Growth(Strict):
    """Change of a measure from the period before in a result grouped by a time grain: against the previous period, or
    the same period a year ago. In percent, or as a difference. Null where there is nothing to compare with.

    Without a time grain, in a request with `compare_to`, it is the change from that window, to order or
    filter by it."""

    kind: Literal["growth"] = "growth"
    of: Measure
    over: Literal["previous", "year_ago"] = "previous"
    form: Literal["percent", "difference"] = "percent"


class Running(Strict):
    """Along the time order of the result (for each group of the other fields): the running total; or over a `window` of
    that many periods ending here, the moving total or average."""

    kind: Literal["running"] = "running"
    of: Measure
    agg: Literal["sum", "avg"] = "sum"
    window: int | None = None


class Rank(Strict):
    """1 for the group with the largest (or smallest) measure; groups that are equal share a rank."""

    kind: Literal["rank"] = "rank"
    of: Measure
    descending: bool = True
    within: list[str] = []


Measure = Annotated[
    MetricRef | Aggregate | Arithmetic | Number | Share | Growth | Running | Rank, Field(discriminator="kind")
]


# --- conditions ------------------------------------------------------------------------------------------------------


class SubResult(Strict):
    """A value found by another request.

    `request` with one column: as an `in` list, all its values; as a number, its single value, or `agg` over the values
    of its one measure ("above the average customer": agg="avg" over sales grouped by customer).
    """

    kind: Literal["subresult"] = "subresult"
    request: Request
    agg: Literal["avg", "sum", "min", "max", "median"] | None = None
    times: float = 1.0
    """A factor on the value: 2 for "more than twice the average", 0.9 for "10% below"."""
    per: list[str] = []
    """Fields that `request` has first among its columns: its value for the row's own ("above the average of their
    department")."""


class Compare(Strict):
    """A condition on a row's value. `contains`, `starts_with`, `ends_with`, `like` and text equality ignore case.

    `between` takes two values, both included. `value` may name another field with `field_value`.
    """

    kind: Literal["compare"] = "compare"
    field: Operand
    op: Literal[
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "not_in",
        "between",
        "contains",
        "not_contains",
        "starts_with",
        "ends_with",
        "like",
        "is_null",
        "not_null",
    ]
    value: SubResult | list[Scalar] | Scalar | None = None
    field_value: Operand | None = None


class InWindow(Strict):
    """A time field lies in a window: [start, end). `text` ("last month") is resolved by the calendar."""

    kind: Literal["window"] = "window"
    field: str
    window: Window | str


class InPart(Strict):
    """A part of a time is one of: ISO day of week 1 (Monday) to 7, month 1 to 12, hour 0 to 23 … The kind of day, to
    group by, is "weekday" or "weekend"."""

    kind: Literal["part"] = "part"
    field: str
    part: Part
    values: list[int]


class Exists(Strict):
    """The row has related rows in `dataset` that satisfy `where` (at least `at_least`), or, negated, has none."""

    kind: Literal["exists"] = "exists"
    dataset: str
    via: str | None = None
    """The relationship to follow where several lead there; in a dataset's own hierarchy, it is followed downwards."""
    where: list[Condition] = []
    negated: bool = False
    at_least: int = 1


class All(Strict):
    """Every one holds. Those on the same many-side dataset, here or in a list of conditions, hold for one related row:
    customers with an order that is late and above 50; for any two orders, use two Exists."""

    kind: Literal["all"] = "all"
    of: list[Condition]


class Any(Strict):
    kind: Literal["any"] = "any"
    of: list[Condition]


class Not(Strict):
    kind: Literal["not"] = "not"
    of: Condition


Condition = Annotated[Compare | InWindow | InPart | Exists | All | Any | Not, Field(discriminator="kind")]


class Having(Strict):
    """A condition on a group: its measure against a number, another measure, or a sub-result."""

    measure: Measure
    op: Comparator
    value: SubResult | float | Measure


# --- time ------------------------------------------------------------------------------------------------------------


class Window(Strict):
    """A stretch of time [start, end): either end may be open. `text` is how a person would say it."""

    start: datetime | None = None
    end: datetime | None = None
    text: str = ""


# --- the request -----------------------------------------------------------------------------------------------------


class FieldColumn(Strict):
    """An output column with a field's value, or its time grain, part, or a numeric bin of `bin` wide. With measures in
    the request it groups them. `shown=False` groups (by an entity's key) without being in the output."""

    kind: Literal["field"] = "field"
    field: Operand
    grain: Grain | None = None
    part: Part | None = None
    bin: float | None = None
    label: str | None = None
    shown: bool = True
    stored: bool = False
    """The text as it is kept, where the field reads a number or a time from one."""


class MeasureColumn(Strict):
    kind: Literal["measure"] = "measure"
    measure: Measure
    label: str | None = None


Column = Annotated[FieldColumn | MeasureColumn, Field(discriminator="kind")]


class Across(Strict):
    """The measures are computed for each group of `by`, then `agg` is taken over those: the median of the baskets'
    values, the most that any customer spent."""

    kind: Literal["across"] = "across"
    agg: Literal["avg", "median", "min", "max", "sum", "stddev", "count"]
    by: list[FieldColumn]


class Order(Strict):
    """Order by a measure or a field, which need not be among the columns."""

    by: Measure | FieldColumn
    descending: bool = False


class Request(Strict):
    """One question of the data.

    Without a measure among its columns it lists records (of `dataset`, or of the fields' own dataset), `distinct` ones
    if asked. With measures it has one row per group, or one row if there is nothing to group by.

    `period` restricts every measure by its own dataset's default time field, or by `time_field`. `compare_to` computes
    each measure again for another window: the result then has, for each measure, the columns value, `previous`,
    `change` and `change_pct`. `limit_per` makes `limit` a top N of each group of those fields.
    `fill_gaps` gives every period of a time grain a row. `every` names a dataset of whose rows those are groups, too,
    of which nothing is measured: customers without orders, with 0 where things are counted or added up.
    """

    columns: list[Column] = Field(default_factory=list)
    across: Across | None = None
    dataset: str | None = None
    where: list[Condition] = []
    having: list[Having] = []
    period: Window | str | None = None
    time_field: str | None = None
    compare_to: Window | Literal["previous_period", "previous_year"] | str | None = None
    order: list[Order] = []
    limit: int | None = None
    limit_per: list[str] = []
    offset: int = 0
    distinct: bool = False
    fill_gaps: bool = False
    every: str | None = None

    @property
    def measures(self) -> list[MeasureColumn]:
        return [column for column in self.columns if isinstance(column, MeasureColumn)]

    @property
    def fields(self) -> list[FieldColumn]:
        return [column for column in self.columns if isinstance(column, FieldColumn)]


for _model in (
    Calc,
    MetricRef,
    Aggregate,
    Arithmetic,
    Share,
    Growth,
    Running,
    Rank,
    SubResult,
    Compare,
    InWindow,
    Exists,
    All,
    Any,
    Not,
    Having,
    FieldColumn,
    MeasureColumn,
    Order,
    Request,
):
    _model.model_rebuild()
