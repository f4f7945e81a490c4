"""A request explained: its parts, dimensions and periods read, searched, and told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import sqlglot.expressions as exp

from knowledge.compile import METRIC, metric_tree
from knowledge.model import SemanticModel
from knowledge.request import Aggregate, Arithmetic, Measure, MeasureColumn, MetricRef, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.explaining.answer import answered
from tools.explaining.cube import CubeReader
from tools.explaining.dimensions import dimensions
from tools.explaining.parts import parts_of
from tools.explaining.periods import Periods, periods
from tools.explaining.search import search
from tools.times import time_fields

_ALIKE = 0.001
"""How far the figures of stretches may be from adding up to those of the period."""


def explained(request: Request, direction: int, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    if request.having:
        raise CannotAnalyse("I can't explain a figure of groups that are chosen by their figures. Ask without that.")
    parts, model = parts_of(request, workspace.model)
    view = replace(workspace, model=model)
    span = periods(request, workspace, limits)
    measures = [m for m in (parts.top, parts.bottom) if m is not None]
    bare = Request(where=request.where, dataset=request.dataset, time_field=request.time_field)
    asked = bare.model_copy(update={"columns": [MeasureColumn(measure=m) for m in measures]})
    apart = any(_counts_different(m, model) for m in measures)
    field = time_fields(asked, view)[0]
    reader = CubeReader(bare, measures, span, apart, view, limits, field)
    if apart and not _adds_up(asked, reader, span, view, limits):
        span = periods(request, workspace, limits, long=True)
        reader = CubeReader(bare, measures, span, apart, view, limits, field)
        if not _adds_up(asked, reader, span, view, limits):
            raise CannotAnalyse(
                f"The same things count in several {span.grain}s of {span.now.text}, so that it does not come "
                "apart. Ask about a whole week, month, quarter or year."
            )
    chosen, large = dimensions(asked, view)
    findings, cube = search(parts, chosen, reader, span)
    for name, value in ((span.then.text, findings.then), (span.now.text, findings.now)):
        if not np.isfinite(value) or (value == 0 and findings.ratio):
            raise CannotAnalyse(f"There is nothing to compare: nothing was measured in {name}.")
    if findings.then == 0:
        raise CannotAnalyse(f"There was nothing in {span.then.text} to compare {span.now.text} with.")
    column = workspace.compiled(
        request.model_copy(
            update={"columns": request.measures[:1], "compare_to": None, "order": [], "limit": None, "limit_per": []}
        )
    ).columns[0]
    return answered(findings, cube, span, column, direction, large, limits.locale)


def _counts_different(measure: Measure, model: SemanticModel) -> bool:
    if isinstance(measure, Aggregate):
        return measure.agg == "count_distinct"
    if isinstance(measure, Arithmetic):
        return _counts_different(measure.left, model) or _counts_different(measure.right, model)
    if isinstance(measure, MetricRef):
        tree = metric_tree(model.metric(measure.metric))
        named = [c.name for c in tree.find_all(exp.Column) if c.table == METRIC]
        return tree.find(exp.Distinct) is not None or any(
            _counts_different(MetricRef(metric=name), model) for name in named
        )
    return False


def _adds_up(asked: Request, reader: CubeReader, span: Periods, workspace: Workspace, limits: Limits) -> bool:
    """Whether the period's different things are as many as those of its stretches together."""
    if span.in_now.sum() == 1 and span.in_then.sum() == 1:
        return True
    whole = workspace.run(asked.model_copy(update={"period": span.now}), timeout_s=limits.timeout_s).rows[0]
    summed = reader.total().total[:, span.in_now].sum(axis=-1)
    return np.allclose([float(v or 0) for v in whole], summed, rtol=_ALIKE)
