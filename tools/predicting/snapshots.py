"""Snapshots: each thing as it was known at several moments, and what came after.

A figure of a snapshot is asked of the semantic model for a window that ends at the moment; what is predicted is of the
window that begins there. What the business keeps of its things is known only as of today, and is used where it does not
tell of what came after (`leaks`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from knowledge.compile import CannotCompile, datasets_of
from knowledge.compile.columns import field_label
from knowledge.request import Aggregate, FieldColumn, Measure, MeasureColumn, MetricRef, Request, Window
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.predicting.leaks import Leak, later, settles, sums_future
from tools.predicting.problem import Problem
from tools.predicting.table import Column, Table, texts
from tools.segmenting.behaviour import Behaviour, behaviour
from tools.segmenting.things import Things

_HORIZONS = (7, 14, 30, 60, 90, 180, 365)
_MOST_METRICS, _MOST_CUTOFFS, _LONG = 12, 6, 3
_MOST_THINGS = 100_000
_LEAST = 60
GROWS = frozenset(["since first", "count ever"])
"""Columns that grow with time by themselves, so that a change of them tells nothing."""
_EPOCH = np.datetime64("1970-01-01", "s")
_ROLES = ("category", "place", "flag", "measure", "number", "time")


@dataclass(frozen=True)
class Known:
    """What is known of the things at one moment: `rows` by their key."""

    moment: datetime
    rows: pd.DataFrame
    sql: str


@dataclass
class Snapshots:
    """Takes snapshots of a problem's things."""

    problem: Problem
    workspace: Workspace
    limits: Limits
    seen: Behaviour = field(init=False)
    days: int = field(init=False)
    columns: dict[str, Column] = field(default_factory=dict)
    leaks: list[Leak] = field(default_factory=list)
    whole: Table | None = None
    """The last table, with what was left out of it."""

    def __post_init__(self) -> None:
        key = self.things.key
        whole = Request(columns=[FieldColumn(field=key)], dataset=key.partition(".")[0])
        self.seen = behaviour(whole, self.things, self.workspace, self.limits)
        self.days = self.problem.days or self._horizon()
        self._metrics = self._usable()
        self._kept = self._static()

    @property
    def things(self) -> Things:
        assert self.problem.things is not None
        return self.problem.things

    @property
    def end(self) -> datetime:
        """The end of what is known."""
        return self.seen.end

    def cutoffs(self) -> list[datetime]:
        """The moments to learn from, oldest first: those with enough before them and the whole window after."""
        step = timedelta(days=max(7, self.days // 2))
        first = self.seen.first.min().astype(datetime) + timedelta(days=self.days)
        moment = self.end - timedelta(days=self.days + self._lag)
        found: list[datetime] = []
        while moment >= first and len(found) < _MOST_CUTOFFS:
            found.append(moment)
            moment -= step
        if len(found) < 3:
            known = (self.end - self.seen.first.min().astype(datetime)).days
            raise CannotAnalyse(
                f"There is too little history to learn from: {known} days, for a look {self.days} days ahead. It takes "
                f"some {3 * self.days} days; ask for a nearer time."
            )
        return found[::-1]

    def table(self) -> Table:
        """All snapshots with what came after them; leaks are left out, and told in `leaks`."""
        parts, outcomes, future = [], [], []
        cutoffs = self.cutoffs()
        for moment in cutoffs:
            known = self.known(moment)
            after = self._after(moment).reindex(known.rows.index).fillna(0.0)
            parts.append(known.rows.assign(_moment=np.datetime64(moment, "s")))
            future.append(after["count"].to_numpy())
            outcomes.append(self._outcome(after))
        rows = pd.concat(parts)
        if len(rows) < _LEAST:
            raise CannotAnalyse(
                f"There are only {len(rows)} {self.things.plural} to learn from, over {len(cutoffs)} moments; it takes "
                f"{_LEAST} at least."
            )
        target = np.concatenate(outcomes).astype(float)
        moments = (rows["_moment"].to_numpy().astype("datetime64[s]") - _EPOCH).astype(float) / 86400
        classes = self._classes
        self._check(target)
        frame = rows.drop(columns="_moment").reset_index(drop=True)
        columns = tuple(self.columns[c] for c in frame.columns)
        made = Table(frame, columns, target, classes, moments, moments + self.days, rows.index.to_numpy())
        self.whole = made
        self.leaks += self._leaking(made, rows, np.concatenate(future))
        constant = {c.name for c in columns if frame[c.name].nunique(dropna=False) < 2}
        return made.without(constant | {leak.name for leak in self.leaks})

    def known(self, moment: datetime) -> Known:
        """The things that were active in the `days` before a moment, as they were known then."""
        short, sql = self._window(moment - timedelta(days=self.days), moment)
        long, _ = self._window(moment - timedelta(days=_LONG * self.days), moment)
        history = self._history(moment)
        active = short.index[short["count"] > 0].intersection(history.index)
        short, long, history = (f.reindex(active) for f in (short, long, history))
        made: dict[str, Any] = {}
        for name in short.columns:
            label, theme, adds, source = self._said(name)
            for frame, days in ((short, self.days), (long, _LONG * self.days)):
                values = frame[name].astype(float)
                key = f"{name} {days}d"
                made[key] = values.fillna(0.0) if adds else values
                self.columns[key] = Column(key, f"{label} in the last {days} days", "number", theme, source)
        if self.problem.event is not None and not self.problem.event.repeat:
            self._of_event(made, active, moment)
        self._of_times(made, history, moment, long["count"].fillna(0), short["count"])
        for name, (column, values) in self._kept.items():
            raw = values.reindex(active)
            if column.kind == "number" and pd.api.types.is_datetime64_any_dtype(raw):
                made[name] = (pd.Timestamp(moment) - pd.to_datetime(raw)).dt.total_seconds() / 86400
            else:
                made[name] = raw
            self.columns[name] = column
        return Known(moment, pd.DataFrame(made, index=active), sql)

    @property
    def _lag(self) -> int:
        return self.problem.event.lag if self.problem.event is not None else 0

    @property
    def _classes(self) -> tuple[str, ...]:
        event = self.problem.event
        return ("stays", "stops") if self.problem.goal == "stop" else ("none", event.label) if event else ()

    def _outcome(self, after: pd.DataFrame) -> np.ndarray:
        if self.problem.event is not None:
            return (after["event"] > 0).to_numpy()
        return (after["count"] == 0).to_numpy() if self.problem.goal == "stop" else after["worth"].to_numpy()

    # --- what happened --------------------------------------------------------------------------------------------

    def _of_times(
        self, made: dict[str, Any], history: pd.DataFrame, moment: datetime, long: pd.Series, short: pd.Series
    ) -> None:
        assert self.things.events is not None
        event, events = self.things.events.label, plural(self.things.events.label)
        last = (np.datetime64(moment, "s") - history["last"]).dt.total_seconds() / 86400
        first = (np.datetime64(moment, "s") - history["first"]).dt.total_seconds() / 86400
        gap = (first - last) / np.maximum(history["count"].astype(float) - 1, 1)
        for name, values, said, theme in (
            ("since last", last, f"days since the last {event}", f"how recent the last {event} is"),
            ("since first", first, f"days since the first {event}", f"how long ago the first {event} was"),
            ("count ever", history["count"].astype(float), f"{events} so far", f"number of {events}"),
            ("gap", gap, f"usual days between {events}", f"usual time between {events}"),
            ("late", last / np.maximum(gap, 0.5), f"days since the last {event}, as against the usual time between",
             f"how recent the last {event} is"),
            ("trend", short / np.maximum(long / _LONG, 1 / _LONG), f"{events} lately as against before",
             f"number of {events}"),
        ):  # fmt: skip
            made[name] = values
            self.columns[name] = Column(name, said, "number", theme, str(self.things.events.time))

    def _of_event(self, made: dict[str, Any], active: pd.Index, moment: datetime) -> None:
        """How often it came to it before, of records whose outcome was known at the moment."""
        event = self.problem.event
        assert event is not None
        known, many = moment - timedelta(days=event.lag), plural(event.label)
        for key, start, said in (
            ("events before", known - timedelta(days=_LONG * self.days), f"{many} in {_LONG * self.days} days"),
            ("events ever", None, f"{many} so far"),
        ):  # fmt: skip
            found = self._asked({"event": event.count}, Window(start=start, end=known))[0]["event"]
            made[key] = found.reindex(active).fillna(0.0).astype(float)
            source = str(self.workspace.model.dataset(event.dataset).default_time)
            self.columns[key] = Column(key, said, "number", f"number of {many} before", f"{event.dataset}.{source}")

    def _window(self, start: datetime, end: datetime) -> tuple[pd.DataFrame, str]:
        assert self.things.events is not None
        measures: dict[str, Measure] = {"count": self.things.events.count}
        measures |= {m: MetricRef(metric=m) for m in self._metrics}
        return self._asked(measures, Window(start=start, end=end))

    def _after(self, moment: datetime) -> pd.DataFrame:
        assert self.things.events is not None
        measures: dict[str, Measure] = {"count": self.things.events.count}
        if self.things.worth is not None:
            measures["worth"] = self.things.worth
        if self.problem.event is not None:
            measures["event"] = self.problem.event.count
        return self._asked(measures, Window(start=moment, end=moment + timedelta(days=self.days)))[0]

    def _history(self, moment: datetime) -> pd.DataFrame:
        assert self.things.events is not None
        events = self.things.events
        measures: dict[str, Measure] = {
            "first": Aggregate(agg="min", of=events.time), "last": Aggregate(agg="max", of=events.time),
            "count": events.count,
        }  # fmt: skip
        frame = self._asked(measures, Window(end=moment))[0].dropna(subset=["first"])
        return frame.assign(**{c: pd.to_datetime(frame[c]).astype("datetime64[s]") for c in ("first", "last")})

    def _asked(self, measures: dict[str, Measure], window: Window) -> tuple[pd.DataFrame, str]:
        columns: list[Any] = [FieldColumn(field=self.things.key)]
        columns += [MeasureColumn(measure=m, label=n) for n, m in measures.items()]
        found = self.workspace.run(
            Request(columns=columns, period=window), max_rows=_MOST_THINGS, timeout_s=self.limits.timeout_s
        )
        if found.truncated:
            raise CannotAnalyse(
                f"There are more than {_MOST_THINGS:,} {self.things.plural}: more than I can learn from."
            )
        frame = pd.DataFrame([tuple(r) for r in found.rows], columns=["_key", *measures])
        return frame.dropna(subset=["_key"]).set_index("_key"), found.sql

    # --- what there is to ask -------------------------------------------------------------------------------------

    def _horizon(self) -> int:
        """How long nothing must happen to say that it stopped: twice the usual time between events of nine in ten."""
        span = (self.end - self.seen.first.min().astype(datetime)).days
        several = self.seen.count > 1
        template = self.workspace.template
        if self.problem.event is not None:
            wanted = float(self.problem.event.days or 60)
        elif self.problem.goal == "spend" or not several.any():
            wanted = float(template.predict.days) if template is not None else 90.0
        else:
            gaps = (self.seen.last - self.seen.first)[several].astype(float) / 86400 / (self.seen.count[several] - 1)
            wanted = 2 * float(np.quantile(gaps, 0.9))
        usual = next((h for h in _HORIZONS if h >= wanted), _HORIZONS[-1])
        return max([h for h in _HORIZONS if h <= min(usual, span / 4)], default=7)

    def _usable(self) -> list[str]:
        found = []
        for metric in self.workspace.model.offered:
            columns: list[Any] = [
                FieldColumn(field=self.things.key),
                MeasureColumn(measure=MetricRef(metric=metric.name)),
            ]
            try:
                self.workspace.compiled(Request(columns=columns))
            except (CannotCompile, KeyError):
                continue
            if datasets_of(metric, self.workspace.model) != [self.things.key.partition(".")[0]]:
                found.append(metric.name)
        return found[:_MOST_METRICS]

    def _said(self, name: str) -> tuple[str, str, bool, str]:
        """Label, theme, whether it is 0 where nothing happened, and where it comes from."""
        assert self.things.events is not None
        if name == "count":
            events = plural(self.things.events.label)
            return events, f"number of {events}", True, str(self.things.events.time)
        metric = self.workspace.model.metric(name)
        label = (metric.label or name.replace("_", " ")).lower()
        return label, label, metric.additivity == "additive", f"metric {name}"

    def _static(self) -> dict[str, tuple[Column, pd.Series]]:
        """What the business keeps of its things: kinds, places, flags, figures, dates."""
        own = self.things.dataset
        assert own is not None
        key = self.things.key.rpartition(".")[2]
        fields = [f for f in own.fields if f.role in _ROLES and not f.hidden and f.name not in (key, own.name_field)]
        if not fields:
            return {}
        asked: list[Any] = [FieldColumn(field=f"{own.name}.{n}") for n in (key, *(f.name for f in fields))]
        found = self.workspace.run(
            Request(columns=asked, dataset=own.name), max_rows=_MOST_THINGS, timeout_s=self.limits.timeout_s
        )
        frame = pd.DataFrame([tuple(r) for r in found.rows], columns=["_key", *(f.name for f in fields)])
        frame = frame.drop_duplicates("_key").set_index("_key")
        made: dict[str, tuple[Column, pd.Series]] = {}
        for one in fields:
            label, source = field_label(own, one).lower(), f"{own.name}.{one.name}"
            values = frame[one.name]
            if one.type in ("date", "timestamp"):
                dates = pd.to_datetime(values, errors="coerce").astype("datetime64[s]")
                made[one.name] = Column(one.name, f"days since {label}", "number", label, source), dates
            elif one.role in ("measure", "number") or one.type in ("integer", "number"):
                numbers = pd.to_numeric(values, errors="coerce")
                made[one.name] = Column(one.name, label, "number", label, source), numbers.astype(float)
            else:
                made[one.name] = Column(one.name, label, "category", label, source), texts(values)
        return made

    def _check(self, target: np.ndarray) -> None:
        event = self.problem.event
        if event is not None:
            came = int(target.sum())
            if min(came, len(target) - came) < 20:
                few = f"had a {event.label}" if came < 20 else f"had no {event.label}"
                raise CannotAnalyse(
                    f"Of {len(target):,} {self.things.plural} looked at, only {min(came, len(target) - came)} {few} "
                    f"within {self.days} days: too few to learn from. Ask for another time: “… in the next 180 days”."
                )
        elif self.problem.goal == "stop":
            stopped = int(target.sum())
            if min(stopped, len(target) - stopped) < 20:
                few = "stopped" if stopped < 20 else "stayed"
                raise CannotAnalyse(
                    f"Of {len(target):,} {self.things.plural} looked at, only {min(stopped, len(target) - stopped)} "
                    f"{few} for {self.days} days: too few to learn from. Ask for another time: “… in the next 90 days”."
                )
        elif np.std(target) == 0:
            raise CannotAnalyse(f"Every {self.things.label} comes to the same afterwards: there is nothing to predict.")

    def _leaking(self, table: Table, rows: pd.DataFrame, future: np.ndarray) -> list[Leak]:
        found, kept = [], []
        cutoffs, before = rows["_moment"].to_numpy(), table.features["count ever"].to_numpy()
        for name, (column, values) in self._kept.items():
            raw = values.reindex(rows.index)
            plain = column.theme
            if pd.api.types.is_datetime64_any_dtype(raw):
                if later(raw.to_numpy(), cutoffs):
                    found.append(Leak(name, plain, "its dates lie after the moment of prediction"))
                    continue
            elif column.kind == "number" and sums_future(raw, before, future):
                found.append(Leak(name, plain, "it counts what happened after the moment of prediction"))
                continue
            elif column.kind == "category" and raw.nunique() > 0.5 * len(values) and len(values) > 100:
                found.append(Leak(name, plain, "it tells each one apart, and says nothing of the next"))
                continue
            kept.append(replace(column, label=plain))
        return found + self._by_today([c for c in kept if c.name not in {leak.name for leak in found}], table, kept)

    def _by_today(self, columns: list[Column], table: Table, kept: list[Column]) -> list[Leak]:
        """What gives the answer away at the moments of the table, or tells who has stopped by today."""
        found = settles(table, kept)
        left = [c for c in columns if c.name not in {leak.name for leak in found}]
        keys = list(self.seen.keys)
        stopped = (self.seen.recency > self.days).astype(float)
        if self.problem.event is not None:  # whom it happened to, whenever
            ever = self._asked({"event": self.problem.event.count}, Window(end=self.end))[0]["event"]
            stopped = (ever.reindex(keys).fillna(0.0) > 0).to_numpy(dtype=float)
        known = {c.name: self._kept[c.name][1].reindex(keys).reset_index(drop=True) for c in left}
        known = {n: v for n, v in known.items() if not pd.api.types.is_datetime64_any_dtype(v)}
        if not known:
            return found
        today = tuple(c for c in left if c.name in known)
        return found + settles(Table(pd.DataFrame(known), today, stopped, self._classes or ("stays", "stopped")), today)
