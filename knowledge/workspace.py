"""Workspace: one business's data, opened: its warehouse, what its words mean, and what day it is there."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from knowledge.calendar import Calendar
from knowledge.compile import Compiled, compile_request
from knowledge.model import SemanticModel
from knowledge.packs.template import Template
from knowledge.recent import Recent, Rows
from knowledge.request import Request
from knowledge.result import Result
from knowledge.values import ValueIndex
from knowledge.verified import VerifiedQuestion
from knowledge.warehouse import Warehouse
from knowledge.warehouse.policed import told


@dataclass(frozen=True)
class Workspace:
    name: str
    warehouse: Warehouse
    model: SemanticModel
    values: ValueIndex
    calendar: Calendar
    fresh_as_of: datetime | None = None
    """The newest moment in the data."""
    questions: tuple[VerifiedQuestion, ...] = ()
    """What somebody has checked the meaning of."""
    template: Template | None = None
    """What makes sense in the industry that the data is of."""
    mark: str = ""
    """Of what a viewer sees of it, where that is not everything (`knowledge.policies`)."""
    _recent: Recent = field(default_factory=Recent, init=False, repr=False, compare=False)
    """Its own, never one that another view of the data has filled: what somebody sees is not what all may see."""

    def compiled(self, request: Request) -> Compiled:
        """Raises UnknownName or CannotCompile for a request that the model can't serve."""
        return self._recent.compiled(
            request,
            lambda: compile_request(self.calendar.resolve(request), self.model, dialect=self.warehouse.dialect),
        )

    def run(self, request: Request, *, max_rows: int = 10_000, timeout_s: float = 30.0) -> Result:
        """Compile the request and run it; a small result of the last minute, over the same data, is not read again.

        Raises what `compiled` raises, and the warehouse's errors."""
        compiled = self.compiled(request)
        started = time.perf_counter()

        def read() -> Rows:
            return self.warehouse.query(compiled.tree, max_rows=max_rows, timeout_s=timeout_s)[1:]

        rows, truncated = self._recent.rows((compiled.sql, max_rows, self.warehouse.state()), read)
        return Result(
            columns=compiled.columns,
            rows=rows,
            sql=compiled.sql,
            elapsed_ms=(time.perf_counter() - started) * 1000,
            truncated=truncated,
            caveats=(*compiled.caveats, *told(self.warehouse, compiled.tree)),
        )

    def as_of(self, calendar: Calendar) -> Workspace:
        """The same data, asked on another day."""
        return replace(self, calendar=calendar)
