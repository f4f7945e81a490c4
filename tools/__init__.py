"""What the agent can do. One file a tool: a function `build(workspace, limits)` that makes a LangChain tool.

Adding a tool is adding a file to this folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Literal

from langchain_core.tools import BaseTool

from knowledge.workspace import Workspace


@dataclass(frozen=True)
class Limits:
    max_rows: int = 10_000
    timeout_s: float = 30.0
    egress: Literal["schema", "aggregates", "rows"] = "rows"
    """What of a result the model that called the tool may read."""


@dataclass(frozen=True)
class ToolFailure:
    """Why a tool made no result; `text` says what to do next."""

    outcome: Literal["cannot", "ask", "not_allowed", "failed"]
    text: str


def load_tools(workspace: Workspace, limits: Limits) -> list[BaseTool]:
    """Every tool of this folder, for one workspace."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    modules = [importlib.import_module(f"tools.{name}") for name in names]
    return [m.build(workspace, limits) for m in modules if hasattr(m, "build")]
