"""Records whose outcome is a field: an order that was returned or not, a house and its price."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from knowledge.compile import CannotCompile
from knowledge.compile.columns import dataset_label, field_label
from knowledge.compile.graph import graph_of
from knowledge.model import Dataset, ModelField
from knowledge.request import FieldColumn, Request
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.predicting.leaks import Leak, later, settles
from tools.predicting.table import Column, Table, texts

_ROLES = ("category", "place", "flag", "measure", "number", "time")
MOST_ROWS, LEARNT_FROM, LEAST = 200_000, 20_000, 60
_MOST_CLASSES, _MOST_FIELDS = 20, 60
_SUMS = 0.95
EPOCH = np.datetime64("1970-01-01", "s")


@dataclass(frozen=True)
class Records:
    table: Table
    whole: Table
    """With what was left out because it gives the answer away."""
    leaks: tuple[Leak, ...]
    target: str
    """What it is called: "returned"."""
    thing: str
    """What one record is: "order"."""
    sql: str
    caveats: tuple[str, ...]
    end: datetime | None


def records(field: str, workspace: Workspace, limits: Limits) -> Records:
    """The records of a field, and what else is known of each: its own fields, and those of what it belongs to.

    Raises CannotAnalyse where that can't be learnt from, and whatever a query raises."""
    model = workspace.model
    dataset, outcome, _ = model.resolve(field)
    fields = fields_of(dataset, outcome, workspace)
    if not fields:
        raise CannotAnalyse(
            f"Nothing but {field_label(dataset, outcome).lower()} is known of a {dataset_label(dataset)}."
        )
    columns: list[Any] = [FieldColumn(field=n, label=f"c{i}") for i, n in enumerate([field, *fields])]
    found = workspace.run(
        Request(columns=columns, dataset=dataset.name), max_rows=MOST_ROWS, timeout_s=limits.timeout_s
    )
    frame = pd.DataFrame([tuple(r) for r in found.rows], columns=[field, *fields])
    frame = frame[frame[field].notna()]
    if len(frame) > LEARNT_FROM:
        frame = frame.sample(LEARNT_FROM, random_state=7).sort_index()
    frame = frame.reset_index(drop=True)
    label, thing = field_label(dataset, outcome).lower(), dataset_label(dataset).lower()
    if len(frame) < LEAST:
        raise CannotAnalyse(f"{label.capitalize()} is known of {len(frame)} {plural(thing)} only; it takes {LEAST}.")
    target, classes = _target(frame[field], outcome, label, thing)
    time = f"{dataset.name}.{dataset.default_time}" if dataset.default_time else None
    made, leaks = features_of(frame, fields, field, time, target, workspace)
    moments = None
    if time in frame:
        when = pd.to_datetime(frame[time], errors="coerce").to_numpy().astype("datetime64[s]")
        if not np.isnat(when).any():
            moments = (when - EPOCH).astype(float) / 86400
    features = pd.DataFrame({c.name: v for c, v in made})
    kept = tuple(c for c, v in made if v.nunique(dropna=False) > 1)
    table = Table(features[[c.name for c in kept]], kept, target, classes, moments)
    whole = table
    leaks += settles(table, kept, dated=moments is not None)
    table = table.without({leak.name for leak in leaks})
    if not table.columns:
        raise CannotAnalyse(
            f"All that is known beside {label} gives it away or is always the same: "
            f"{', '.join(leak.label for leak in leaks) or 'nothing else is kept'}."
        )
    return Records(table, whole, tuple(leaks), label, thing, found.sql, found.caveats, workspace.fresh_as_of)


def _target(values: pd.Series, field: ModelField, label: str, thing: str) -> tuple[np.ndarray, tuple[str, ...]]:
    if values.nunique() < 2:
        raise CannotAnalyse(f"{label.capitalize()} is “{values.iloc[0]}” for every {thing}: there is nothing to learn.")
    if field.type in ("integer", "number") and field.role in ("measure", "number") and values.nunique() > 2:
        numbers = pd.to_numeric(values, errors="coerce")
        if numbers.isna().any():
            odd = str(values[numbers.isna()].iloc[0])[:40]
            raise CannotAnalyse(f"{label.capitalize()} has texts among its numbers (“{odd}”): mend those first.")
        return numbers.to_numpy(dtype=float), ()
    said = texts(values)
    counts = said.value_counts()
    if len(counts) > _MOST_CLASSES:
        raise CannotAnalyse(
            f"{label.capitalize()} has {len(counts):,} different values; I can tell apart up to {_MOST_CLASSES}."
        )
    if counts.min() < 8:
        rare = str(counts.index[-1])
        raise CannotAnalyse(f"Only {counts.min()} {plural(thing)} have {label} “{rare}”: too few to learn from.")
    classes = tuple(sorted(counts.index, key=lambda v: (v.lower() in ("yes", "true", "1", "y", "t"), v)))
    return said.map({c: float(n) for n, c in enumerate(classes)}).to_numpy(dtype=float), classes


def fields_of(dataset: Dataset, outcome: ModelField, workspace: Workspace) -> list[str]:
    """Its own fields and those of what each record belongs to, in one way only."""
    graph, found = graph_of(workspace.model), []
    for other in workspace.model.datasets:
        if other.name != dataset.name:
            try:
                path = graph.path(dataset.name, other.name)
            except CannotCompile:
                continue
            if not path or not all(hop.single for hop in path):
                continue
        for field in other.fields:
            if field.role in _ROLES and not field.hidden and not (other.name == dataset.name and field == outcome):
                found.append(f"{other.name}.{field.name}")
    return found[:_MOST_FIELDS]


def features_of(
    frame: pd.DataFrame,
    fields: list[str],
    target_field: str,
    time: str | None,
    target: np.ndarray,
    workspace: Workspace,
) -> tuple[list[tuple[Column, pd.Series]], list[Leak]]:
    made: list[tuple[Column, pd.Series]] = []
    leaks: list[Leak] = []
    own, outcome = target_field.split(".", 1)
    when = pd.to_datetime(frame[time], errors="coerce") if time in frame else None
    for name in fields:
        dataset, field, _ = workspace.model.resolve(name)
        label, values = field_label(dataset, field).lower(), frame[name]
        if dataset.name == own and field.sql != field.name and re.search(rf"\b{re.escape(outcome)}\b", field.sql):
            leaks.append(Leak(name, label, "it is worked out from the outcome"))
        elif name == time:
            hours = when.dt.hour if when is not None else None
            if hours is not None and hours.nunique() > 1:
                made.append((Column(f"{name} hour", "hour of day", "number", label, name), hours.astype(float)))
            if when is not None:
                made.append(
                    (Column(f"{name} day", "day of week", "number", label, name), when.dt.dayofweek.astype(float))
                )
                made.append((Column(f"{name} month", "month", "number", label, name), when.dt.month.astype(float)))
        elif field.type in ("date", "timestamp"):
            dates = pd.to_datetime(values, errors="coerce")
            if when is None:
                leaks.append(Leak(name, label, "a date, where nothing says when the outcome was settled"))
            elif later(dates.to_numpy().astype("datetime64[s]"), when.to_numpy().astype("datetime64[s]")):
                leaks.append(Leak(name, label, "its dates lie after the record's own"))
            else:
                ago = (when - dates).dt.total_seconds() / 86400
                made.append((Column(name, f"days since {label}", "number", label, name), ago))
        elif field.type in ("integer", "number") and field.role != "category":
            numbers = pd.to_numeric(values, errors="coerce").astype(float)
            if numbers.notna().sum() < 0.5 * values.notna().sum():
                made.append((Column(name, label, "category", label, name), texts(values)))
            elif dataset.name != own and _sums(numbers, target):
                leaks.append(Leak(name, label, "it counts the outcomes themselves"))
            else:
                made.append((Column(name, label, "number", label, name), numbers))
        elif values.nunique() > 0.5 * len(values):
            leaks.append(Leak(name, label, "it tells each one apart, and says nothing of the next"))
        else:
            made.append((Column(name, label, "category", label, name), texts(values)))
    return made, leaks


def _sums(figures: pd.Series, target: np.ndarray) -> bool:
    """Whether a figure of what records belong to goes with the sum of their outcomes, as a total over them would."""
    grouped = pd.DataFrame({"f": figures, "t": target}).groupby("f")["t"].mean()
    return (
        len(grouped) > 10
        and abs(float(grouped.corr(pd.Series(grouped.index, index=grouped.index), "spearman"))) > _SUMS
    )
