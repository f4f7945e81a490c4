"""What each thing will be worth over a time to come, and how good such forecasts were on the past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from knowledge.formats import format_short, format_value
from knowledge.request import Aggregate, Calc, FieldColumn, MeasureColumn, Request, Window
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.segmenting.behaviour import MOST_THINGS, Behaviour, behaviour, days_between
from tools.segmenting.purchases import (
    Returns,
    expected_returns,
    expected_spending,
    fitted_returns,
    fitted_spending,
    still_there,
)
from tools.segmenting.rfm import scores
from tools.segmenting.things import Things, conditions, things_of

_FEWEST, _FEWEST_AGAIN = 50, 30
_SHORTEST = 56
"""Days of data that it takes."""
_HELD_OUT = 1 / 3
_ROWS = 200
_MONTH = 30.44
_PERCENT = ResultColumn("percent", "percent", "percent")


@dataclass(frozen=True)
class Ahead:
    """What is expected of each thing, in the order of the behaviour's keys."""

    times: np.ndarray
    worth: np.ndarray
    """Or, where there is no such figure, the times again."""
    stays: np.ndarray
    """The chance that it has not left for good."""
    model: Returns


@dataclass(frozen=True)
class Tested:
    """Forecasts of the last third of the time made from what came before, against what came, a thing."""

    days: int
    error: float
    """The mean absolute error of the model."""
    plain: float
    """That of the mean of those with the same RFM scores."""
    expected: float
    actual: float
    """All together."""


def lifetime(request: Request, months: float, workspace: Workspace, limits: Limits, *, each: bool) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    things = things_of(request, workspace.model)
    found, days = seen(request, things, workspace, limits)
    span = days_between(found.first, found.end).max()
    repeat = int((days > 1).sum())
    if span < _SHORTEST:
        raise CannotAnalyse(
            f"There are {span:.0f} days of data: too few to tell who comes back ({_SHORTEST} at least)."
        )
    if len(days) < _FEWEST or repeat < _FEWEST_AGAIN:
        raise CannotAnalyse(
            f"Of {len(days):,} {things.plural}, {repeat:,} were seen again after their first day: too few to learn "
            f"from "
            f"({_FEWEST} and {_FEWEST_AGAIN} at least)."
        )
    made = ahead(found, days, months * _MONTH)
    tested = tested_on(request, things, found, workspace, limits)
    return _answer(found, days, made, tested, things, months, each, limits.locale)


def seen(request: Request, things: Things, workspace: Workspace, limits: Limits) -> tuple[Behaviour, np.ndarray]:
    """How things behave, and on how many different days each was seen."""
    found = behaviour(request, things, workspace, limits)
    assert things.events is not None
    counted = Aggregate(agg="count_distinct", of=Calc(op="day", args=[things.events.time]))
    asked = Request(
        columns=[FieldColumn(field=things.key), MeasureColumn(measure=counted)],
        where=conditions(request), period=request.period, time_field=request.time_field,
    )  # fmt: skip
    rows = workspace.run(asked, max_rows=MOST_THINGS, timeout_s=limits.timeout_s).rows
    by_key = {r[0]: float(r[1] or 1) for r in rows}
    return found, np.array([max(by_key.get(k, 1.0), 1.0) for k in found.keys])


def ahead(found: Behaviour, days: np.ndarray, time: float) -> Ahead:
    """Expected in `time` days after the behaviour's end."""
    age = np.maximum(days_between(found.first, found.end), 1.0)
    last = np.maximum(days_between(found.first, found.end) - found.recency, 0.0)
    again = days - 1
    model = fitted_returns(again, last, age)
    times = expected_returns(model, again, last, age, time)
    stays = still_there(model, again, last, age)
    if found.worth is None:
        return Ahead(times, times, stays, model)
    each = found.worth / days
    paid = (each > 0) & (again > 0)
    if paid.sum() < _FEWEST_AGAIN or np.ptp(each[paid]) == 0:
        value = np.where(each > 0, each, 0.0)
    else:
        spending = fitted_spending(days[paid], each[paid])
        value = expected_spending(spending, days, np.maximum(each, 0.0))
    return Ahead(times, times * value, stays, model)


def tested_on(
    request: Request, things: Things, found: Behaviour, workspace: Workspace, limits: Limits
) -> Tested | None:
    """How good forecasts of the last third of the time would have been; None where too little comes before it."""
    if request.period is not None:
        return None
    first = found.first.min().astype(datetime)
    length = int(((found.end - first) / timedelta(days=1)) * _HELD_OUT)
    split = found.end - timedelta(days=length)
    before, after = (
        request.model_copy(update={"period": w}) for w in (Window(end=split), Window(start=split, end=found.end))
    )
    try:
        past, days = seen(before, things, workspace, limits)
        later = behaviour(after, things, workspace, limits)
    except CannotAnalyse:
        return None
    past = replace(past, end=split)
    if (days > 1).sum() < _FEWEST_AGAIN:
        return None
    came = dict(zip(later.keys, (later.worth if later.worth is not None else later.count).tolist(), strict=True))
    actual = np.array([came.get(k, 0.0) for k in past.keys])
    expected = ahead(past, days, length).worth
    plain = rfm_mean(past, length)
    return Tested(
        length, float(np.abs(expected - actual).mean()), float(np.abs(plain - actual).mean()),
        float(expected.sum()), float(actual.sum()),
    )  # fmt: skip


def rfm_mean(past: Behaviour, length: float) -> np.ndarray:
    """The plain forecast: what those of the same three scores were worth a day since first seen, on average."""
    age = np.maximum(days_between(past.first, past.end), 1.0)
    total = past.worth if past.worth is not None else past.count
    _, cell = np.unique(scores(past), axis=0, return_inverse=True)
    cell = cell.reshape(-1)
    rate = np.bincount(cell, total) / np.bincount(cell, age)
    return np.asarray(rate[cell] * length)


def _answer(
    found: Behaviour, days: np.ndarray, made: Ahead, tested: Tested | None, things: Things, months: float, each: bool,
    locale: str,
) -> Analysis:  # fmt: skip
    event = things.events.label if things.events else "event"
    value = found.column or ResultColumn("times", f"Days with a {event}", "number", measure=True)
    shown = replace(
        value,
        name="expected",
        label=f"Expected {_lower(value.label)}",
        measure=True,
        role="value",
        kind="number" if found.column is None else value.kind,
    )
    order = np.argsort(-made.worth, kind="stable")
    total = float(made.worth.sum())
    top = order[: max(1, len(order) // 10)]
    share = 100 * float(made.worth[top].sum()) / total if total else 0.0
    average = total / len(order)
    when = f"{months:g} month{'' if months == 1 else 's'}"
    text = (
        f"Over the next {when} a {things.label} is expected to bring **{format_short(average, shown, locale)}** of "
        f"{_lower(value.label)} on average, all {len(order):,} together {format_short(total, shown, locale)}. The "
        f"best tenth bring "
        f"{_percent(share, locale)} of it."
    )
    first = int(order[0])
    if each:
        text = (
            f"**{found.names[first]}** comes first, with **{format_short(float(made.worth[first]), shown, locale)}** "
            f"expected. " + text
        )
    columns: list[ResultColumn]
    rows: list[tuple[Any, ...]]
    if each:
        columns = [
            ResultColumn("thing", _upper(things.label), "text"), shown,
            ResultColumn("times", f"Expected days with a {event}", "number", measure=True, role="current"),
            ResultColumn("stays", "Chance of being still active", "percent", measure=True, role="current"),
        ]  # fmt: skip
        if found.worth is not None:
            columns.append(replace(value, name="so_far", label=f"{value.label} so far", role="current"))
        rows = []
        for n in order[:_ROWS].tolist():
            row = (found.names[n], float(made.worth[n]), float(made.times[n]), 100 * float(made.stays[n]))
            rows.append((*row, float(found.worth[n])) if found.worth is not None else row)
    else:
        columns = [
            ResultColumn("tenth", f"{_upper(things.plural)}, by expected value", "category"),
            replace(shown, label=f"{shown.label}, average"),
            ResultColumn("times", f"Expected days with a {event}, average", "number", measure=True, role="current"),
            ResultColumn("stays", "Chance of being still active, average", "percent", measure=True, role="current"),
            ResultColumn("share", "Part of all", "percent", measure=True, role="current"),
            ResultColumn("things", _upper(things.plural), "integer", measure=True, role="current"),
        ]  # fmt: skip
        rows = []
        for n, part in enumerate(np.array_split(order, 10), 1):
            rows.append(
                (f"{n}. tenth", float(made.worth[part].mean()), float(made.times[part].mean()),
                 100 * float(made.stays[part].mean()),
                 100 * float(made.worth[part].sum()) / total if total else None, len(part))
            )  # fmt: skip
    return Analysis(
        tuple(columns), rows, found.sql, found.elapsed_ms, text=text,
        method=_method(found, tested, things, shown, locale),
        caveats=(*found.caveats, *_caveats(tested, found, months)), aggregated=not each,
        truncated=each and len(order) > len(rows),
        follow_ups=(
            f"RFM segments of {things.plural}" if each else f"Which {things.plural} have the highest lifetime value?",
        ),
    )  # fmt: skip


def _method(found: Behaviour, tested: Tested | None, things: Things, shown: ResultColumn, locale: str) -> str:
    spending = " and the Gamma-Gamma model of what one is worth" if found.worth is not None else ""
    text = (
        f"BG/NBD model of when {things.plural} come back and when they leave{spending} (Fader & Hardie), fitted to "
        f"{len(found.keys):,} {things.plural}; nothing is discounted."
    )
    if tested is None:
        return text
    off = 100 * (tested.expected - tested.actual) / tested.actual if tested.actual else 0.0
    return (
        f"{text} Tested on the last {tested.days} days, from what came before: all together "
        f"{_percent(abs(off), locale)} too "
        f"{'high' if off > 0 else 'low'}; a {things.label} off by {format_short(tested.error, shown, locale)} on "
        f"average, against "
        f"{format_short(tested.plain, shown, locale)} by the mean of those with the same RFM scores."
    )


def _caveats(tested: Tested | None, found: Behaviour, months: float) -> tuple[str, ...]:
    span = float(days_between(found.first, found.end).max())
    said = ["It takes for granted that things go on as before: no trend, season or newcomers are in it."]
    if months * _MONTH > span:
        said.append(f"It looks ahead further than the {span:.0f} days of data go back.")
    if tested is None:
        said.append("It could not be tested on the past.")
    elif tested.error > tested.plain:
        said.append(
            "In the test on the past, the mean of those with the same RFM scores was nearer: take it as a rough guide."
        )
    return tuple(said)


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 1), _PERCENT, locale)


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
