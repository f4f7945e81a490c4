"""Which days may move a figure: holidays of the countries that the business may be in, events that its data lists, and
weeks that stood out every year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from knowledge.calendar.public import country_name, country_of, country_of_zone, days_of
from knowledge.model import Dataset
from knowledge.request import Compare, FieldColumn, Request
from knowledge.words import lemma, split
from knowledge.workspace import Workspace
from tools import Limits
from tools.forecasting.occasions import Occasions
from tools.history import History, after
from tools.times import measured_datasets

_EVERY = {"day": 7, "week": 1}
_EVENTS = {"event", "holiday", "festival", "promotion", "promo", "closure", "match", "fixture", "campaign", "sale"}
_MOST_EVENTS, _MOST_NAMES = 3_000, 200
_ALONE, _PUBLIC, _BEFORE, _AFTER = -1, 0, 1, 2
_STANDS_OUT = 2.5
"""Standard deviations by which a week of the past must differ from those around it, to be looked for in other years."""
_YEAR = 364


def candidates(past: History, steps: int, request: Request, workspace: Workspace, limits: Limits) -> list[Occasions]:
    """What may help, the likeliest first. Raises whatever a query raises."""
    if past.grain not in _EVERY:
        return []
    starts = list(past.starts)
    for _ in range(steps):
        starts.append(after(starts[-1], past.grain))
    found = list(_listed(starts, past, request, workspace, limits))
    found += [_holidays(code, starts, past) for code in _countries(request, workspace, limits.locale)]
    return [o for o in found if (o.at[: len(past.starts)] >= 0).any()]


def recurring(past: History, steps: int, row: np.ndarray, other: Occasions | None) -> Occasions | None:
    """Weeks of the year that stood out before the last year, without the days that `other` explains; None where the
    history is shorter than two years. Only the figures before the last year choose them: that year is the test."""
    every = _EVERY.get(past.grain)
    if every is None or (past.end - past.starts[0]).days < 2 * _YEAR:
        return None
    starts = list(past.starts)
    for _ in range(steps):
        starts.append(after(starts[-1], past.grain))
    taken = other.at >= 0 if other is not None else np.zeros(len(starts), dtype=bool)
    before = past.end - timedelta(days=_YEAR)
    weeks = np.array([s.isocalendar().week for s in starts])
    years = np.array([s.isocalendar().year for s in starts])
    seen = np.array([s < before for s in past.starts]) & ~np.isnan(row)
    keys = sorted({(y, w) for y, w, s in zip(years, weeks, seen, strict=False) if s})
    means = np.array([row[seen & (years == y)[: len(row)] & (weeks == w)[: len(row)]].mean() for y, w in keys])
    near = np.lib.stride_tricks.sliding_window_view(np.pad(means, 3, mode="reflect"), 7)
    middle = np.median(near, axis=1)
    ratio = np.divide(means, middle, out=np.ones_like(means), where=middle > 0)
    spread = 1.4826 * float(np.median(np.abs(ratio - 1)))
    odd = sorted({w for (_, w), r in zip(keys, ratio, strict=True) if abs(r - 1) > max(_STANDS_OUT * spread, 0.05)})
    odd = [w for w in odd if w < 53]
    if not odd or spread == 0:
        return None
    at = np.full(len(starts), -1)
    for n, week in enumerate(odd):
        at[(weeks == week) & ~taken] = n
    newest = [max(s for s, of in zip(starts, weeks, strict=True) if of == w) for w in odd]
    names = tuple(f"the week of {s - timedelta(days=s.weekday()):%-d %B}" for s in newest)
    return Occasions("weeks that stood out in earlier years", names, np.full(len(odd), _ALONE), at, every)


def _countries(request: Request, workspace: Workspace, locale: str) -> list[str]:
    """Where the business may be: as is asked, as the model, most of its rows, or its people's language say."""
    model, found = workspace.model, []
    for where in request.where:
        if isinstance(where, Compare) and where.op == "=" and isinstance(where.value, str) and len(where.value) > 1:
            found.append(country_of(where.value))
    found.append(country_of_zone(model.time_zone) if model.time_zone != "UTC" else None)
    for dataset in model.datasets:
        for field in dataset.fields:
            if "country" in split(field.name) and field.samples:
                found.append(country_of(str(field.samples[0])))
    found.append(country_of(locale.partition("_")[2]) if "_" in locale else None)
    return list(dict.fromkeys(c for c in found if c))[:3]


def _holidays(code: str, starts: list[datetime], past: History) -> Occasions:
    days = days_of(code, range(starts[0].year - 1, starts[-1].year + 2))
    names: dict[tuple[str, int], int] = {}
    at = np.full(len(starts), -1)

    def put(n: int, name: str, kind: int) -> None:
        at[n] = names.setdefault((name, kind), len(names))

    one = timedelta(days=1)
    for n, start in enumerate(starts):
        day = start.date()
        if past.grain == "week":
            within = [d for k in range(7) if (d := days.get(day + k * one))]
            within.sort(key=lambda d: not d.public)
            if within:
                put(n, f"the week of {within[0].name}", _PUBLIC if within[0].public else _ALONE)
        elif known := days.get(day):
            put(n, known.name, _PUBLIC if known.public else _ALONE)
        elif (next_day := days.get(day + one)) and next_day.public:
            put(n, f"the day before {next_day.name}", _BEFORE)
        elif (last := days.get(day - one)) and last.public:
            put(n, f"the day after {last.name}", _AFTER)
    source = f"holidays of {country_name(code)}"
    kinds = np.array([kind for _, kind in names], dtype=int)
    return Occasions(source, tuple(name for name, _ in names), kinds, at, _EVERY[past.grain])


def _listed(
    starts: list[datetime], past: History, request: Request, workspace: Workspace, limits: Limits
) -> Iterator[Occasions]:
    """Events that a table of the data lists by their dates."""
    measured = measured_datasets(request, workspace)
    for dataset in workspace.model.datasets:
        words = {lemma(w) for w in split(dataset.name)}
        name = _name_of(dataset)
        if dataset.name in measured or not words & _EVENTS or not dataset.default_time or name is None:
            continue
        if not 2 <= (dataset.row_count or 0) <= _MOST_EVENTS:
            continue
        columns = [FieldColumn(field=f"{dataset.name}.{f}") for f in (dataset.default_time, name)]
        found = workspace.run(Request(columns=[*columns]), max_rows=_MOST_EVENTS, timeout_s=limits.timeout_s)
        position = {s.date(): n for n, s in enumerate(starts)}
        at, names = np.full(len(starts), -1), list(dict.fromkeys(str(r[1]) for r in found.rows if r[1] is not None))
        if len(names) > _MOST_NAMES:
            continue
        for moment, label in found.rows:
            day = moment.date() if isinstance(moment, datetime) else moment
            if day is None or label is None:
                continue
            n = position.get(day if past.grain == "day" else day - timedelta(days=(day - starts[0].date()).days % 7))
            if n is not None:
                at[n] = names.index(str(label))
        label = (dataset.label or dataset.name).lower()
        kinds = np.full(len(names), _PUBLIC)
        yield Occasions(f"what the table of {label}s lists", tuple(names), kinds, at, _EVERY[past.grain])


def _name_of(dataset: Dataset) -> str | None:
    if dataset.name_field:
        return dataset.name_field
    return next((f.name for f in dataset.fields if f.type == "text" and f.role in ("category", "name")), None)
