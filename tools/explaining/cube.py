"""What measures come to in every segment of every dimension, stretch by stretch: one pass over the rows for a few
dimensions at a time, by GROUPING SETS over their cells."""

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
        for chunk in self._chunks(list(dimensions)):
            for moment, segment, figures in self._read(into, chunk):
                into.segments.setdefault(segment, self._empty())[:, self._at[moment]] = figures

    def crossed(self, within: Dimension, value: Any, dimensions: Iterable[Dimension], into: Cube) -> None:
        """Every segment of the dimensions within one segment of another."""
        here = (within, value)
        for chunk in self._chunks(list(dimensions), _CELLS_WITHIN):
            for moment, segment, figures in self._read(
                into, chunk, [Compare(field=within.field, op="in", value=[value])]
            ):
                both = (here, *segment)
                into.segments.setdefault(both, self._empty())[:, self._at[moment]] += figures

    def _empty(self) -> np.ndarray:
        return np.zeros((len(self.measures), len(self.span.starts)))

    def _chunks(self, dimensions: list[Dimension], most: int = _CELLS) -> list[tuple[Dimension, ...]]:
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
        timed = FieldColumn(field=self.time_field, grain=self.span.grain)
        columns: list[Column] = [timed, *(FieldColumn(field=d.field) for d in chunk)]
        columns += [MeasureColumn(measure=m, label=f"part {n}") for n, m in enumerate(self.measures)]
        asked = self.request.model_copy(
            update={"columns": columns, "where": [*self.request.where, *where], "period": self.span.whole}
        )
        compiled = self.workspace.compiled(asked)
        tree = (
            _summed(compiled.tree, [c.name for c in compiled.columns], len(chunk)) if len(chunk) > 1 else compiled.tree
        )
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


def _summed(cells: exp.Expr, names: list[str], dimensions: int) -> exp.Expr:
    """Cells of several dimensions (after the time), added up for one at a time; the last column says for which."""
    time_name, by, sums = names[0], names[1 : 1 + dimensions], names[1 + dimensions :]
    inner = cells.copy()
    inner.set("order", None)
    quoted = {name: column(name).sql("duckdb") for name in names}
    sets = ", ".join(f"({quoted[time_name]}, {quoted[d]})" for d in by)
    which = "CASE " + " ".join(f"WHEN GROUPING({quoted[d]}) = 0 THEN {n}" for n, d in enumerate(by)) + " END"
    shown = [quoted[time_name], *(quoted[d] for d in by), *(f"SUM({quoted[s]})" for s in sums), which]
    tree = sqlglot.parse_one(f"SELECT {', '.join(shown)} FROM cells GROUP BY GROUPING SETS ({sets})", read="duckdb")
    table = tree.find(exp.Table)
    assert table is not None
    table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=identifier("cells"))))
    return tree
