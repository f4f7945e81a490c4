"""Insights: the questions that nobody asked. Every figure of the model is looked at for what is unusual lately, in
whole and by its nearest categories; what is found is ranked by how improbable it would be by chance."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from assistant.reading import describe_request
from assistant.suggestions import dimensions_of
from knowledge.compile import datasets_of
from knowledge.model import SemanticModel
from knowledge.request import Aggregate, FieldColumn, Measure, MeasureColumn, MetricRef, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.failures import failure_of
from tools.times import adds_over_time

log = logging.getLogger("parley.insights")
_FIGURES, _CATEGORIES = 12, 2
_CERTAIN = 12.0
"""Standard deviations beyond which more say nothing: a figure that hardly ever varies has thousands at once."""
_LATELY = timedelta(days=7)
_SECONDS = 30.0
"""That a run may begin to look at something new; what is then left is said."""


@dataclass(frozen=True)
class Insight:
    """`score` is how many standard deviations of chance it is. `group` says of which part of the figure, by the labels
    of its fields; `start` and `end` are the starts of the first and last period that are unusual."""

    kind: str
    text: str
    figure: str
    group: dict[str, Any]
    start: datetime
    end: datetime
    actual: float
    expected: float
    score: float
    request: Request

    @property
    def mark(self) -> str:
        """The same for the same thing, however often it is found."""
        said = repr((self.kind, self.figure, sorted(map(repr, self.group.items())), self.start))
        return blake2b(said.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True)
class Insights:
    found: tuple[Insight, ...]
    """The least probable first."""
    period: str
    """The time that was looked at, in words."""
    looked_at: int
    """Figures, in whole and by a category."""
    left_out: tuple[str, ...]
    """What could not be looked at, and why."""


def insights(workspace: Workspace, limits: Limits, window: str | None = None) -> Insights:
    """What is unusual in `window` ("last month"); without one, in the last 7 days of data.

    Raises CannotAnalyse for a window that is none, and where nothing has a figure and a time."""
    from tools.detection.answer import told  # scipy: seconds, which no start should wait for
    from tools.detection.scan import scan

    calendar = workspace.calendar
    last = min(d for d in (workspace.fresh_as_of and workspace.fresh_as_of.date(), calendar.today) if d)
    said = window or f"{last - _LATELY + timedelta(days=1)} to {last}"
    period = calendar.read(said)
    if period is None:
        raise CannotAnalyse(f"I can't read “{said}” as a time. Say it like “last week” or “in March 2024”.")
    found: list[Insight] = []
    left_out: list[str] = []
    looked_at, until = 0, time.monotonic() + _SECONDS
    for request in _requests(workspace):
        reading = describe_request(request, workspace.model, calendar)
        if time.monotonic() > until:
            left_out.append(f"{reading}: there was no time left.")
            continue
        try:
            seen = scan(request, said, None, workspace, limits)
        except Exception as error:
            failure = failure_of(error, workspace.model, limits.egress)
            if failure is None and not isinstance(error, CannotAnalyse):
                log.exception("%s could not be looked at", reading)
            left_out.append(f"{reading}: {failure.text if failure else error}")
            continue
        looked_at += 1
        for one in seen.found:
            finding, labels = one.finding, [c.label for c in seen.past.by]
            found.append(
                Insight(
                    finding.kind, told(one, seen, limits.locale), seen.past.measure.label,
                    dict(zip(labels, one.group, strict=True)), seen.past.starts[finding.start],
                    seen.past.starts[finding.end], finding.actual, finding.expected, abs(finding.score), request,
                )
            )  # fmt: skip
    if not looked_at and not left_out:
        raise CannotAnalyse("There is no figure with a time to look at: nothing says when something happened.")
    ranked = sorted(_distinct(found), key=_rank)
    return Insights(tuple(ranked), period.text, looked_at, tuple(left_out))


def _rank(found: Insight) -> tuple[float, float]:
    """The least probable first; of those that are sure, what went furthest from the expected, as a part of it."""
    change = abs(found.actual - found.expected) / max(abs(found.expected), abs(found.actual), 1e-12)
    return -min(found.score, _CERTAIN), -change


def _requests(workspace: Workspace) -> Iterator[Request]:
    """The figures in whole first, so that a short run has looked at all of them. Those that don't add up (a mean, a
    share) are not looked at by category: in a small group they jump with every record."""
    model = workspace.model
    whole = [Request(columns=[MeasureColumn(measure=measure)]) for measure in _figures(model)[:_FIGURES]]
    yield from whole
    for request in whole:
        if adds_over_time(request, workspace):
            measure = request.measures[0]
            for reference in dimensions_of(measure.measure, model)[:_CATEGORIES]:
                yield Request(columns=[FieldColumn(field=reference), measure])


def _figures(model: SemanticModel) -> list[Measure]:
    """The metrics; where there are none, how many there are of what has a time, and what adds up of it."""
    timed = {d.name for d in model.datasets if d.default_time}
    metrics: list[Measure] = [
        MetricRef(metric=m.name) for m in model.offered if timed.issuperset(datasets_of(m, model))
    ]
    if metrics:
        return metrics
    found: list[Measure] = []
    for dataset in model.datasets:
        if dataset.name in timed:
            found.append(Aggregate(agg="count", dataset=dataset.name))
            found += [
                Aggregate(agg="sum", of=f"{dataset.name}.{f.name}")
                for f in dataset.fields
                if f.role == "measure" and f.additivity == "additive" and not f.hidden
            ]
    return found


def _distinct(found: list[Insight]) -> list[Insight]:
    """Without the parts of what is unusual in whole already."""
    whole = {(i.figure, i.kind, i.start) for i in found if not i.group}
    return [i for i in found if not i.group or (i.figure, i.kind, i.start) not in whole]
