"""Workspace: one business's data, opened: its warehouse, what its words mean, and what day it is there."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.calendar import Calendar
from knowledge.compile import compile_request
from knowledge.model import SemanticModel
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
    mark: str = ""
    """Of what a viewer sees of it, where that is not everything (`knowledge.policies`)."""

    def run(self, request: Request, *, max_rows: int = 10_000, timeout_s: float = 30.0) -> Result:
        """Compile the request and run it.

        Raises UnknownName or CannotCompile for a request that the model can't serve, and the warehouse's errors."""
        compiled = compile_request(self.calendar.resolve(request), self.model, dialect=self.warehouse.dialect)
        started = time.perf_counter()
        _, rows, truncated = self.warehouse.query(compiled.tree, max_rows=max_rows, timeout_s=timeout_s)
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
