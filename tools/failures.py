"""What a tool says of an error, so that the model that called it can correct itself and a person knows what to do."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.calendar import UnknownPeriod
from knowledge.compile import CannotCompile
from knowledge.model import SemanticModel, UnknownName
from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, WarehouseGone
from tools import ToolFailure


def failure_of(
    error: Exception, model: SemanticModel, egress: Literal["schema", "aggregates", "rows"] = "rows"
) -> ToolFailure | None:
    """None for an error that no tool expects: a fault of the program."""
    if isinstance(error, CannotCompile):
        return ToolFailure("ask" if getattr(error, "kind", "") == "ambiguous_path" else "cannot", str(error))
    if isinstance(error, UnknownName | UnknownPeriod):
        return ToolFailure("cannot", str(error))
    if isinstance(error, QueryRefused):
        return ToolFailure("not_allowed", str(error))
    if isinstance(error, QueryFailed) and egress != "rows":
        return ToolFailure("failed", _without_values(str(error), model))
    if isinstance(error, QueryTimeout | QueryFailed | WarehouseGone):
        return ToolFailure("failed", str(error))
    return None


def _without_values(message: str, model: SemanticModel) -> str:
    """The database quotes the value that it could not convert: where records may not leave, that goes too."""
    names = {d.name for d in model.datasets} | {f.name for d in model.datasets for f in d.fields}
    return re.sub(r"(['\"])(.*?)\1", lambda m: m.group() if m[2] in names else f"{m[1]}…{m[1]}", message)
