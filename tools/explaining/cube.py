"""What measures come to in every segment of every dimension, stretch by stretch: one pass over the rows, by GROUPING
SETS; or, where the figures come from several tables, one for a few dimensions at a time, over their cells."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as clock
from typing import Any, cast

import numpy as np
import sqlglot
import sqlglot.expressions as exp

from knowledge.compile import Compiled
from knowledge.compile.naming import column, identifier
from knowledge.request import Column, Compare, FieldColumn, Measure, MeasureColumn, Request
from knowledge.warehouse.policed import told
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.explaining.dimensions import Dimension
from tools.explaining.periods import Periods

_CELLS = 400
"""Of the dimensions that share a pass over all rows: more cost more than another pass."""
_CELLS_WITHIN = 4000
"""The same over the rows of one segment: they are few, and to find them is most of a pass."""
_MOST_ROWS = 2_000_000
Segment = tuple[tuple[Dimension, Any], ...]
"""One dimension with its value, or two."""


@dataclass
class Cube:
    """Each array has a row a measure and a column a stretch."""

    total: np.ndarray
    segments: dict[Segment, np.ndarray] = field(default_factory=dict)
    sql: str = ""
    elapsed_ms: float = 0.0
    caveats: dict[str, None] = field(default_factory=dict)


class CubeReader:
    """Reads measures of what a request is about. `apart`: they count different things, so that the figures of cells
    can't be added up and every dimension needs a pass of its own."""

    def __init__(
        self, request: Request, measures: Sequence[Measure], span: Periods, apart: bool, workspace: Workspace,
        limits: Limits, time_field: str,
    ):  # fmt: skip
        self.request, self.measures, self.span, self.apart = request, list(measures), span, apart
        self.workspace, self.limits, self.time_field = workspace, limits, time_field
        self._at = {start: n for n, start in enumerate(span.starts)}

    def total(self) -> Cube:
        made = Cube(self._empty())
        for moment, _, figures in self._read(made, ()):
            made.total[:, self._at[moment]] = figures
        return made

    def singles(self, dimensions: Iterable[Dimension], into: Cube) -> None:
        """Every segment of every dimension."""
        for moment, segment, figures in self._each(into, list(dimensions), _CELLS):
            into.segments.setdefault(segment, self._empty())[:, self._at[moment]] = figures

    def crossed(self, within: Dimension, value: Any, dimensions: Iterable[Dimension], into: Cube) -> None:
        """Every segment of the dimensions within one segment of another."""
        here, only = (within, value), [Compare(field=within.field, op="in", value=[value])]
        for moment, segment, figures in self._each(into, list(dimensions), _CELLS_WITHIN, only):
            both = (here, *segment)
            into.segments.setdefault(both, self._empty())[:, self._at[moment]] += figures

    def _empty(self) -> np.ndarray:
        return np.zeros((len(self.measures), len(self.span.starts)))

    def _each(
        self, into: Cube, dimensions: list[Dimension], most: int, where: Sequence[Compare] = ()
    ) -> list[tuple[datetime, Segment, list[float]]]:
        """As `_read`, of all dimensions: in one pass where they are columns of one SELECT; else a few at a time."""
        chunk = tuple(dimensions)
        if len(chunk) > 1:
            compiled = self._compiled(chunk, where)
            if (tree := _in_sets(compiled.tree, len(chunk))) is not None:
                return self._told_all(into, compiled, tree, chunk)
        return [r for some in self._chunks(dimensions, most) for r in self._read(into, some, where)]

    def _chunks(self, dimensions: list[Dimension], most: int) -> list[tuple[Dimension, ...]]:
        chunks: list[list[Dimension]] = []
        for dimension in sorted(dimensions, key=lambda d: d.values):
            cells = np.prod([d.values for d in chunks[-1]]) * dimension.values if chunks else most + 1
            if cells > most or self.apart:
                chunks.append([dimension])
            else:
                chunks[-1].append(dimension)
        return [tuple(chunk) for chunk in chunks]

    def _read(
        self, into: Cube, chunk: tuple[Dimension, ...], where: Sequence[Compare] = ()
    ) -> list[tuple[datetime, Segment, list[float]]]:
        """Stretch, segment and figures of each of the chunk's dimensions.

        Raises CannotAnalyse for too many, and whatever a query raises."""
        compiled = self._compiled(chunk, where)
        tree = (
            _summed(compiled.tree, [c.name for c in compiled.columns], len(chunk)) if len(chunk) > 1 else compiled.tree
        )
        return self._told_all(into, compiled, tree, chunk)

    def _compiled(self, chunk: tuple[Dimension, ...], where: Sequence[Compare]) -> Compiled:
        timed = FieldColumn(field=self.time_field, grain=self.span.grain)
        columns: list[Column] = [timed, *(FieldColumn(field=d.field) for d in chunk)]
        columns += [MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(self.measures)]
        return self.workspace.compiled(
            self.request.model_copy(
                update={"columns": columns, "where": [*self.request.where, *where], "period": self.span.whole}
            )
        )

    def _told_all(
        self, into: Cube, compiled: Compiled, tree: exp.Expr, chunk: tuple[Dimension, ...]
    ) -> list[tuple[datetime, Segment, list[float]]]:
        started = time.perf_counter()
        _, rows, more = self.workspace.warehouse.query(
            cast(exp.Expression, tree), max_rows=_MOST_ROWS, timeout_s=self.limits.timeout_s
        )
        if more:
            raise CannotAnalyse(f"That is more than {_MOST_ROWS:,} figures. Ask about fewer, or longer, periods.")
        into.elapsed_ms += (time.perf_counter() - started) * 1000
        into.sql = into.sql or compiled.sql
        into.caveats |= dict.fromkeys((*compiled.caveats, *told(self.workspace.warehouse, compiled.tree)))
        return [r for row in rows if (r := self._told(row, chunk)) is not None]

    def _told(self, row: tuple[Any, ...], chunk: tuple[Dimension, ...]) -> tuple[datetime, Segment, list[float]] | None:
        moment = row[0]
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, clock.min) if isinstance(moment, date) else None
        moment = moment.replace(tzinfo=None) if moment else None
        if moment not in self._at:
            return None
        values = row[1 : 1 + len(chunk)]
        if len(chunk) < 2:
            segment = tuple(zip(chunk, values, strict=True))
            figures = row[1 + len(chunk) :]
        else:
            n = int(row[-1])
            segment, figures = ((chunk[n], values[n]),), row[1 + len(chunk) : -1]
        return moment, segment, [float(v or 0) for v in figures]


def _in_sets(tree: exp.Expr, dimensions: int) -> exp.Expr | None:
    """A SELECT by time and several dimensions, by one dimension at a time instead; the last column says by which. None
    where it is no plain one."""
    grouped = tree.args.get("group") if isinstance(tree, exp.Select) else None
    keys = 1 + dimensions
    if grouped is None or [k.name for k in grouped.expressions] != [str(n + 1) for n in range(keys)]:
        return None
    if any(tree.args.get(part) for part in ("with_", "having", "qualify", "distinct", "limit", "windows")):
        return None
    moment, *shown = (e.unalias().copy() for e in tree.expressions)
    if any(e.find(exp.Query) for e in (moment, *shown)):
        return None
    names: dict[str, str] = {}
    outside = [e.transform(lambda n: _renamed(n, names)) for e in shown]
    inner = tree.copy()
    read = [exp.alias_(sqlglot.parse_one(c, read="duckdb"), name) for c, name in names.items()]
    inner.set("expressions", [exp.alias_(moment, "moment"), *read])
    inner.set("group", None)
    inner.set("order", None)
    by, figures = ([e.sql("duckdb") for e in part] for part in (outside[:dimensions], outside[dimensions:]))
    made = _by_sets("moment", by, figures)
    table = made.find(exp.Table)
    assert table is not None
    table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier("cells"))))
    return made


def _renamed(node: exp.Expr, names: dict[str, str]) -> exp.Expr:
    """A column of the inner query, by the name it is given there: times are worked out once, not once for each set."""
    if not isinstance(node, exp.Column):
        return node
    return column(names.setdefault(node.sql("duckdb"), f"c{len(names)}"))


def _by_sets(moment: str, by: list[str], figures: list[str]) -> exp.Expr:
    """Of "cells", by one dimension at a time; the last column says by which."""
    sets = ", ".join(f"({moment}, {d})" for d in by)
    which = "CASE " + " ".join(f"WHEN GROUPING({d}) = 0 THEN {n}" for n, d in enumerate(by)) + " END"
    shown = ", ".join([moment, *by, *figures, which])
    return sqlglot.parse_one(f"SELECT {shown} FROM cells GROUP BY GROUPING SETS ({sets})", read="duckdb")


def _summed(cells: exp.Expr, names: list[str], dimensions: int) -> exp.Expr:
    """Cells of several dimensions (after the time), added up for one at a time; the last column says for which."""
    time_name, by, sums = names[0], names[1 : 1 + dimensions], names[1 + dimensions :]
    inner = cells.copy()
    inner.set("order", None)
    quoted = {name: column(name).sql("duckdb") for name in names}
    tree = _by_sets(quoted[time_name], [quoted[d] for d in by], [f"SUM({quoted[s]})" for s in sums])
    table = tree.find(exp.Table)
    assert table is not None
    table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier("cells"))))
    return tree
