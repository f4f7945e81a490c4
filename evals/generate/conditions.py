"""Random conditions on rows, from what is stored in them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, InWindow, Window
from knowledge.warehouse import QueryFailed, QueryTimeout
from knowledge.workspace import Workspace


@dataclass(frozen=True)
class Said:
    """A condition and what saying it needs: `form` names its wordings."""

    form: str
    condition: Condition
    about: str
    """The field it is about."""
    slots: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    adjective: bool = False
    """The value alone says it: "cancelled orders"."""
    timed: bool = False


class Conditions:
    def __init__(self, workspace: Workspace, schema: Schema, chosen: random.Random):
        self.workspace, self.schema, self.chosen = workspace, schema, chosen
        said = Counter(
            str(s).lower()
            for d in workspace.model.datasets
            for f in d.fields
            if f.type == "text"
            for s in set(f.samples)
        )
        self._only = {value for value, times in said.items() if times == 1}

    def of(self, thing: str, *, timed: bool = True) -> Said | None:
        """A condition on rows of a dataset; None where the one drawn can't be had."""
        kinds: list[Callable[[str], Said | None]] = [self._value, self._value, self._bound, self._of_parent]
        return self.chosen.choice([*kinds, *([self._period] * 2 if timed else [])])(thing)

    def values_of(self, reference: str) -> list[str]:
        """Stored values that can be said."""
        return [s for s in self.schema.field(reference).samples if isinstance(s, str) and _can_be_said(s)]

    def name_of(self, thing: str) -> str | None:
        """A name of one of the rows, which is stored nowhere else."""
        name = self.schema.model.dataset(thing).name_field
        options = [v for v in self.values_of(f"{thing}.{name}") if v.lower() in self._only] if name else []
        return self.chosen.choice(options) if options else None

    def _kinds(self, thing: str) -> list[str]:
        entry = self.schema.model.dataset(thing)
        labels = Counter((f.label or f.name).lower() for f in entry.fields)
        return [
            f"{thing}.{f.name}"
            for f in entry.fields
            if f.role in ("category", "place", "name")
            and f.type == "text"
            and not f.hidden
            and labels[(f.label or f.name).lower()] == 1
            and self.values_of(f"{thing}.{f.name}")
        ]

    def _value(self, thing: str) -> Said | None:
        fields = self._kinds(thing)
        if not fields:
            return None
        reference = self.chosen.choice(fields)
        value = self.chosen.choice(self.values_of(reference))
        alone = value.lower() in self._only and value.isalpha() and self.schema.field(reference).role == "category"
        equal = Compare(field=reference, op="=", value=value)
        return Said("value", equal, reference, {"value": value}, adjective=alone)

    def _of_parent(self, thing: str) -> Said | None:
        ways = Counter((r.many, r.one) for r in self.schema.model.relationships)
        parents = [p for p in self.schema.parents(thing)[1:] if ways[thing, p] == 1 and self._kinds(p)]
        if not parents:
            return None
        parent = self.chosen.choice(parents)
        reference = self.chosen.choice(self._kinds(parent))
        value = self.chosen.choice(self.values_of(reference))
        named = reference.rpartition(".")[2] == self.schema.model.dataset(parent).name_field
        if named and value.lower() not in self._only:
            return None
        form = "named_parent" if named else "of_parent"
        return Said(form, Compare(field=reference, op="=", value=value), reference, {"value": value}, parent)

    def _bound(self, thing: str) -> Said | None:
        entry = self.schema.model.dataset(thing)
        labels = Counter((f.label or f.name).lower() for f in entry.fields)
        numbers = [
            f"{thing}.{f.name}"
            for f in entry.fields
            if f.role == "measure" and not f.hidden and labels[(f.label or f.name).lower()] == 1
        ]
        reference = self.chosen.choice([n for n in numbers if self.schema.is_number(n)] or [""])
        low, high = self._parts_of(reference) if reference else (None, None)
        if low is None or high is None or low >= high:
            return None
        form = self.chosen.choice(["over", "over", "under", "least", "between"])
        op = {"over": ">", "under": "<", "least": ">=", "between": "between"}[form]
        n = low if form != "under" else high
        value: list[bool | int | float | date | datetime | str] | float = [low, high] if form == "between" else n
        bound = Compare(field=reference, op=op, value=value)  # type: ignore[arg-type]
        return Said(form, bound, reference, {"n": _number(n), "m": _number(high)})

    def _parts_of(self, reference: str) -> tuple[float | None, float | None]:
        """Round numbers below and above which a good part of the values lie."""
        entry, known, _ = self.schema.model.resolve(reference)
        at = self.chosen.choice([(0.3, 0.8), (0.5, 0.9), (0.2, 0.6)])
        of = f"SELECT {known.sql} AS x FROM {entry.source}"
        sql = f"SELECT quantile_cont(x, {at[0]}), quantile_cont(x, {at[1]}) FROM ({of})"
        try:
            _, rows, _ = self.workspace.warehouse.query(sql, max_rows=1, timeout_s=5.0)
        except (QueryFailed, QueryTimeout):
            return None, None
        low, high = (None if v is None else _rounded(float(v)) for v in rows[0])
        return low, high

    def _period(self, thing: str) -> Said | None:
        time = self.schema.model.dataset(thing).default_time
        known = self.schema.model.dataset(thing).field(time) if time else None
        if known is None or known.minimum is None or known.maximum is None:
            return None
        first, last = (_day(str(v)) for v in (known.minimum, known.maximum))
        if first is None or last is None or first >= last:
            return None
        day = first + timedelta(days=self.chosen.randrange((last - first).days))
        form = self.chosen.choice(["year", "month", "month", "since", "before"])
        reference = f"{thing}.{time}"
        start: date | None = day
        end: date | None = None
        if form == "year":
            start, end = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        elif form == "month":
            start, end = day.replace(day=1), (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        elif form == "before":
            start, end = None, day
        window = Window(start=_moment(start), end=_moment(end))
        slots = {"year": str(day.year), "month": f"{day:%B}", "date": f"{day:%B} {day.day}, {day.year}"}
        return Said(form, InWindow(field=reference, window=window), reference, slots, timed=True)


def _can_be_said(value: str) -> bool:
    return 2 < len(value) <= 40 and value == value.strip() and any(c.isalpha() for c in value) and "\n" not in value


def _rounded(value: float) -> float:
    """To two digits that count.

    >>> [_rounded(v) for v in (1234.5, 17.86, 0.4567)]
    [1200.0, 18.0, 0.46]
    """
    return float(f"{value:.2g}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _moment(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day) if day else None
