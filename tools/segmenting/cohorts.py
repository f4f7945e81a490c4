"""Who comes back: of those first seen in a period, the part that is seen in each one after; and of those seen in a
period, the part that is seen in the next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

import sqlglot
import sqlglot.expressions as exp

from knowledge.compile.naming import column, identifier
from knowledge.formats import format_value
from knowledge.request import FieldColumn, Grain, MeasureColumn, Request
from knowledge.result import Result, ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse, Picture
from tools.history import after
from tools.segmenting.things import Things, conditions, things_of

_MOST_PERIODS = 400
_SHOWN = 13
"""Periods after the first that the table shows."""
_PERCENT = ResultColumn("percent", "percent", "percent")
_COHORTS = """
WITH firsts AS (SELECT {key} AS thing, MIN({time}) AS born FROM seen GROUP BY 1)
SELECT f.born, s.{time}, COUNT(*) FROM seen AS s JOIN firsts AS f ON f.thing = s.{key} GROUP BY 1, 2 ORDER BY 1, 2
"""
_NEXT = """
WITH at AS (SELECT {key} AS thing, {time} AS period FROM seen)
SELECT a.period, COUNT(*), COUNT(b.thing) FROM at AS a
LEFT JOIN at AS b ON b.thing = a.thing AND b.period = CAST(a.period + INTERVAL {step} AS DATE) GROUP BY 1 ORDER BY 1
"""
_STEPS = {"day": "1 DAY", "week": "7 DAY", "month": "1 MONTH", "quarter": "3 MONTH", "year": "1 YEAR"}


@dataclass(frozen=True)
class _Seen:
    rows: list[tuple[Any, ...]]
    sql: str
    elapsed_ms: float
    caveats: tuple[str, ...]
    things: Things


def cohorts(request: Request, grain: Grain, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    seen = _seen(request, grain, _COHORTS, workspace, limits)
    things = seen.things
    sizes: dict[date, dict[date, int]] = defaultdict(dict)
    for born, period, count in seen.rows:
        sizes[_day(born)][_day(period)] = count
    periods = _between(min(sizes), max(p for row in sizes.values() for p in row), grain)
    if len(periods) < 3:
        raise CannotAnalyse(
            f"There are {len(periods)} {grain}s of data: too few to see who comes back. Ask by a shorter period."
        )
    whole = periods[:-1] if _open(periods[-1], grain, workspace) else periods
    place = {p: n for n, p in enumerate(periods)}
    most = min(len(whole) - 1, _SHOWN)
    columns = (
        ResultColumn("cohort", f"First seen in the {grain} of", "time", grain=grain),
        ResultColumn("things", _upper(things.plural), "integer", measure=True),
        *(
            ResultColumn(f"after_{n}", f"{grain.capitalize()} {n}", "percent", measure=True, role="current")
            for n in range(1, most + 1)
        ),
    )
    rows: list[tuple[Any, ...]] = []
    cells: list[tuple[Any, ...]] = []
    for born in sorted(sizes):
        if born not in whole:
            continue
        size = sizes[born][born]
        row: list[Any] = [born, size]
        for n in range(1, most + 1):
            at = place[born] + n
            part = 100 * sizes[born].get(periods[at], 0) / size if at < len(whole) else None
            row.append(part)
            if part is not None:
                cells.append((f"{n}", _said(born, grain), part))
        rows.append(tuple(row))
    later = rows[1:] if len(rows) > 2 else rows  # the first holds whoever was there before
    means = [_mean(later, n) for n in range(2, 2 + most)]
    heat = Result(
        (ResultColumn("after", f"{grain.capitalize()}s after", "category"),
         ResultColumn("cohort", "First seen", "category"),
         ResultColumn("part", "Seen again", "percent", measure=True)),
        cells, seen.sql,
    )  # fmt: skip
    return Analysis(
        columns, rows, seen.sql, seen.elapsed_ms, text=_cohort_text(means, later, things, grain, limits.locale),
        method=(
            f"Each {things.label} belongs to the {grain} of its first {_event(things)}; the rest is the part of them "
            f"with one "
            f"in each later {grain}. Averages are weighted by size, over {len(later)} cohorts of whole {grain}s."
        ),
        caveats=(
            *seen.caveats,
            f"The first {grain} of the data holds all who came before it, too, and is left out of the averages.",
        ),
        picture=Picture("heat", heat), follow_ups=(f"How many {things.plural} come back the next {grain}?",),
    )  # fmt: skip


def returning(request: Request, grain: Grain, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    seen = _seen(request, grain, _NEXT, workspace, limits)
    things = seen.things
    found = {_day(period): (count, back) for period, count, back in seen.rows}
    periods = _between(min(found), max(found), grain)
    whole = periods[:-1] if _open(periods[-1], grain, workspace) else periods
    kept = whole[:-1]
    if len(kept) < 2:
        raise CannotAnalyse(f"There are {len(periods)} {grain}s of data: too few to see who comes back in the next.")
    columns = (
        ResultColumn("period", grain.capitalize(), "time", grain=grain),
        ResultColumn("part", f"Back in the next {grain}", "percent", measure=True),
        ResultColumn("things", _upper(things.plural), "integer", measure=True, role="current"),
        ResultColumn("back", f"Of them back in the next {grain}", "integer", measure=True, role="current"),
    )
    rows = []
    for period in kept:
        count, back = found.get(period, (0, 0))
        rows.append((period, 100 * back / count if count else None, count, back))
    total, back = sum(r[2] for r in rows), sum(r[3] for r in rows)
    average, last = 100 * back / total, rows[-1]
    text = (
        f"**{_percent(average, limits.locale)}** of the {things.plural} of a {grain} come back in the next, on "
        f"average: "
        f"{back:,} of {total:,} over {len(rows)} {grain}s. "
    )
    if last[1] is not None:
        text += (
            f"Of those of {_said(last[0], grain)}, {_percent(last[1], limits.locale)} ({last[3]:,} of {last[2]:,}) did."
        )
    return Analysis(
        columns, rows, seen.sql, seen.elapsed_ms, text=text, caveats=seen.caveats,
        method=(
            f"For each whole {grain}, the {things.plural} with a {_event(things)} in it that have one in the {grain} "
            "after, too."
        ),
        follow_ups=(f"{things.label} retention by {grain}",),
    )  # fmt: skip


def _seen(request: Request, grain: Grain, template: str, workspace: Workspace, limits: Limits) -> _Seen:
    """The template's rows over which thing was seen in which period, each once."""
    things = things_of(request, workspace.model)
    if things.events is None:
        raise CannotAnalyse(
            f"Nothing here says when something happened to a {things.label}, so that I could see who comes back."
        )
    asked = Request(
        columns=[
            FieldColumn(field=things.key), FieldColumn(field=things.events.time, grain=grain),
            MeasureColumn(measure=things.events.count),
        ],
        where=conditions(request), period=request.period, time_field=request.time_field,
    )  # fmt: skip
    compiled = workspace.compiled(asked)
    lines = compiled.tree.copy()
    lines.set("order", None)
    key, time = (column(c.name).sql("duckdb") for c in compiled.columns[:2])
    kept = f"SELECT {key}, CAST({time} AS DATE) AS {time} FROM counted WHERE {key} IS NOT NULL AND {time} IS NOT NULL"
    text = template.replace("{key}", key).replace("{time}", time).replace("{step}", _STEPS.get(grain, "1 DAY"))
    tree = sqlglot.parse_one(text, read="duckdb")
    before = tree.args["with_"].expressions
    named = [("counted", lines), ("seen", sqlglot.parse_one(kept, read="duckdb"))]
    own = [exp.CTE(this=t, alias=exp.TableAlias(this=identifier(n))) for n, t in named]
    tree.set("with_", exp.With(expressions=[*own, *before]))
    _, rows, truncated = workspace.warehouse.query(
        cast(exp.Expression, tree), max_rows=_MOST_PERIODS * _MOST_PERIODS, timeout_s=limits.timeout_s
    )
    if not rows:
        raise CannotAnalyse(f"There is nothing to look at: no {things.label} with a dated record matches.")
    if truncated or len({r[0] for r in rows}) > _MOST_PERIODS:
        raise CannotAnalyse(f"That is more than {_MOST_PERIODS} {grain}s. Ask by longer periods.")
    return _Seen(list(rows), tree.sql("duckdb", pretty=True), 0.0, compiled.caveats, things)


def _cohort_text(
    means: list[float | None], later: list[tuple[Any, ...]], things: Things, grain: str, locale: str
) -> str:
    known = [(n, m) for n, m in enumerate(means, 1) if m is not None]
    if not known:
        return f"None of the {things.plural} can be followed into a second whole {grain} yet."
    said = [
        f"**{_percent(known[0][1], locale)}** of {things.plural} come back in the {grain} after they were first seen"
    ]
    for n in (3, 6, 12):
        if n <= len(means) and (mean := means[n - 1]) is not None:
            said.append(f"{_percent(mean, locale)} in {grain} {n}")
    text = ", ".join(said) + "."
    full = [r for r in later if len(r) > 2 and r[2] is not None and r[1] >= 20]
    if len(full) > 2:
        best, worst = max(full, key=lambda r: r[2]), min(full, key=lambda r: r[2])
        text += (
            f" Best: those of {_said(best[0], grain)} ({_percent(best[2], locale)} in the next {grain}); "
            f"worst: of {_said(worst[0], grain)} ({_percent(worst[2], locale)})."
        )
    return text


def _mean(rows: list[tuple[Any, ...]], n: int) -> float | None:
    known = [r for r in rows if r[n] is not None]
    size = sum(r[1] for r in known)
    return sum(r[n] * r[1] for r in known) / size if size else None


def _between(first: date, last: date, grain: Grain) -> list[date]:
    made, moment = [], datetime(first.year, first.month, first.day)
    while moment.date() <= last:
        made.append(moment.date())
        moment = after(moment, grain)
    return made


def _open(start: date, grain: Grain, workspace: Workspace) -> bool:
    """Whether the period is not over in the data."""
    fresh = workspace.fresh_as_of.date() if workspace.fresh_as_of else workspace.calendar.today
    end = after(datetime(start.year, start.month, start.day), grain).date()
    return min(fresh, workspace.calendar.today).toordinal() + 1 < end.toordinal()


def _day(value: object) -> date:
    return value.date() if isinstance(value, datetime) else cast(date, value)


def _said(day: date, grain: str) -> str:
    return (
        f"{day:%B %Y}"
        if grain == "month"
        else f"{day.year}"
        if grain == "year"
        else f"Q{(day.month + 2) // 3} {day.year}"
        if grain == "quarter"
        else f"{day:%-d %B %Y}"
    )


def _event(things: Things) -> str:
    return things.events.label if things.events else "event"


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 1), _PERCENT, locale)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
