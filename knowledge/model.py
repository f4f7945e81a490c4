"""SemanticModel: what the tables, columns and figures of a business mean.

It follows the open semantic interchange spec (OSI, now Apache Ossie): datasets, fields, relationships and metrics, each
with a description and synonyms; `knowledge.osi` reads and writes its files. What the spec lacks (unit, currency,
additivity, favourable direction, default time …) is kept here as plain attributes and travels in `custom_extensions`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field

DataType = Literal["text", "integer", "number", "boolean", "date", "timestamp", "time", "json"]
Role = Literal["key", "foreign_key", "name", "category", "text", "measure", "number", "time", "flag", "place", "code"]
"""What a field is for. `name` names an entity for people; `category` has few values; `measure` is a quantity that
may be added or averaged; `number` is neither id nor quantity (a year, a rating scale); `code` stands for something
else."""
Additivity = Literal["additive", "semi_additive", "non_additive"]
"""Whether a measure's sum means something: over everything, not over time (a balance), or never (a rate, a price)."""
Direction = Literal["up", "down", "neutral"]


class UnknownName(KeyError):
    """A name that the semantic model does not have; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: list[str]):
        near = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = f" Did you mean {', '.join(repr(n) for n in near)}?" if near else ""
        super().__init__(f"There is no {kind} {name!r}.{hint}")
        self.kind, self.name, self.near = kind, name, near

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class ModelField:
    """A column of a dataset, or an expression over its columns (`sql`, in DuckDB's dialect, columns unqualified)."""

    name: str
    sql: str
    type: DataType = "text"
    role: Role = "category"
    label: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    """"USD", "percent", "cents", "days", "kg", "epoch_seconds" …; a currency is its ISO 4217 code."""
    additivity: Additivity = "non_additive"
    distinct: int | None = None
    nulls: float = 0.0
    """The part of rows that are null, 0..1."""
    samples: tuple[str | int | float | bool, ...] = ()
    """Up to 20 values, most frequent first (all of them when there are fewer)."""
    minimum: str | float | int | None = None
    maximum: str | float | int | None = None
    hidden: bool = False
    """Never shown or offered unless it is named (surrogate keys, load timestamps)."""
    stored: str | None = None
    """The column as it is kept, where that is a text that `sql` reads a number or a time from ("1,419 (10.4%)")."""
    unread: float = 0.0
    """The part of the texts so kept that `sql` can't read, 0..1: they count as missing."""
    extensions: tuple[tuple[str, str], ...] = ()
    """Other vendors' (vendor_name, data) from an interchange file, kept as they came."""


@dataclass(frozen=True)
class Policy:
    """Who sees what of a dataset. `knowledge.policies` enforces it, for every way to the data.

    A row that belongs to a row that somebody may not see (its store, its customer) is not seen either."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # a word that is misspelt must not leave the data open

    rows: str = ""
    """The rows that are seen: a condition over the dataset's fields and the asker: "region = user.region"; with a list,
    "region IN (user.regions)". Who lacks the attribute sees no rows."""
    masked: tuple[str, ...] = ()
    """Fields that are not seen, and nothing that is worked out from them."""
    exempt: tuple[str, ...] = ("owner",)
    """Roles that it does not hold for."""


@dataclass(frozen=True)
class Dataset:
    """A table or view. `source` is its quoted SQL name ("main.orders"), or a SELECT in parentheses."""

    name: str
    source: str
    fields: tuple[ModelField, ...]
    primary_key: tuple[str, ...] = ()
    label: str = ""
    """What one row is, in the singular: "customer", "order line"."""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    name_field: str | None = None
    """The field that names a row for people (a customer's name)."""
    default_time: str | None = None
    """The field that says when a row happened."""
    undated: tuple[tuple[str, str, str], ...] = ()
    """Where rows with a value in a field never have that time, and another instead: (field, value, time)."""
    row_count: int | None = None
    policies: tuple[Policy, ...] = ()
    extensions: tuple[tuple[str, str], ...] = ()

    def field(self, name: str) -> ModelField:
        """Raises UnknownName."""
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownName("field", f"{self.name}.{name}", [f"{self.name}.{f.name}" for f in self.fields]) from None

    def has(self, name: str) -> bool:
        return name in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, ModelField]:
        return {f.name: f for f in self.fields}


@dataclass(frozen=True)
class Relationship:
    """Many rows of `many` belong to one row of `one`: many.many_fields = one.one_fields. Also how OSI says it (from,
    to)."""

    name: str
    many: str
    one: str
    many_fields: tuple[str, ...]
    one_fields: tuple[str, ...]
    one_to_one: bool = False
    synonyms: tuple[str, ...] = ()
    """Verbs and roles: ("bought", "purchased by"), ("origin", "departs from")."""
    inferred: bool = False
    strays: bool = False
    """Some rows of `many` refer to what is not among the rows of `one`, as the profiler saw."""
    extensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StateTime:
    """The rows of a dataset whose `field` is `value` are so since `time`, which rows in other states lack."""

    dataset: str
    field: str
    value: str
    time: str


@dataclass(frozen=True)
class Metric:
    """A named figure. `sql` is an expression of aggregates over qualified fields: `SUM(sales.amount) -
    SUM(sales.discount)`; it may span datasets (each aggregate is computed at its own grain) and name other metrics
    as `{net_sales}`."""

    name: str
    sql: str
    label: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    format: Literal["number", "integer", "currency", "percent"] = "number"
    """A `percent` metric's value is in percent: 12.5 is 12.5%."""
    direction: Direction = "up"
    """The direction that is good news."""
    additivity: Additivity = "additive"
    time: str | None = None
    """The qualified time field that a period applies to, where it isn't the default of its first dataset."""
    hidden: bool = False
    """It can be asked for, and is offered to nobody: what it is made of is masked for who looks."""
    extensions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class GlossaryTerm:
    term: str
    meaning: str
    synonyms: tuple[str, ...] = ()


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"there is no time zone {name!r}: say it as in Europe/Rome") from None
    return name


@dataclass(frozen=True)
class SemanticModel:
    name: str
    datasets: tuple[Dataset, ...]
    relationships: tuple[Relationship, ...] = ()
    metrics: tuple[Metric, ...] = ()
    glossary: tuple[GlossaryTerm, ...] = ()
    label: str = ""
    """What to call this data when speaking to a person: "the retail demo"."""
    description: str = ""
    currency: str | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    week_start: Literal["monday", "sunday"] = "monday"
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    """The month in which a fiscal year starts, 1..12."""
    today: Literal["clock", "data"] = "clock"
    """What "today" means: the clock's day, or the last day in the data (for data that has stopped)."""
    starters: tuple[str, ...] = field(default=())
    """Questions to open with, verified to be answerable."""
    agreements: tuple[tuple[str, str], ...] = ()
    """Pairs of datasets (from, to) between which all shortest ways lead to the same row, so that any will do."""
    state_times: tuple[StateTime, ...] = ()
    conformed: tuple[tuple[str, str], ...] = ()
    """Pairs of fields with the same values, of datasets that no relationship joins: "sales_target.dept",
    "item.dept"."""
    extensions: tuple[tuple[str, str], ...] = ()
    unsaid: tuple[str, ...] = ()
    """What the file that it was imported from says, and Parley can't: a sentence each."""

    def dataset(self, name: str) -> Dataset:
        """Raises UnknownName."""
        try:
            return self._datasets[name]
        except KeyError:
            raise UnknownName("dataset", name, list(self._datasets)) from None

    def metric(self, name: str) -> Metric:
        """Raises UnknownName."""
        try:
            return self._metrics[name]
        except KeyError:
            raise UnknownName("metric", name, list(self._metrics)) from None

    def resolve(self, reference: str) -> tuple[Dataset, ModelField, str | None]:
        """("airports@origin.city") -> its dataset, its field, and the relationship "origin" (None if not given).

        Raises UnknownName."""
        place, _, name = reference.rpartition(".")
        dataset_name, _, via = place.partition("@")
        dataset = self.dataset(dataset_name)
        return dataset, dataset.field(name), via or None

    @property
    def offered(self) -> tuple[Metric, ...]:
        """The metrics that are listed and suggested."""
        return tuple(m for m in self.metrics if not m.hidden)

    @cached_property
    def _datasets(self) -> dict[str, Dataset]:
        return {d.name: d for d in self.datasets}

    @cached_property
    def _metrics(self) -> dict[str, Metric]:
        return {m.name: m for m in self.metrics}
