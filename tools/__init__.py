"""What the agent can do. One file a tool: a function `build(workspace, limits)` that makes a LangChain tool, and, where
plain questions ask for it, a function `asked(question, workspace)` (see `tools.analysis`). What takes seconds to import
is imported by its function `warm()`, which a server calls when the data is open, else by its first answer.

Adding a tool is adding a file to this folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from langchain_core.tools import BaseTool

from knowledge.workspace import Workspace


@dataclass(frozen=True)
class Limits:
    max_rows: int = 10_000
    timeout_s: float = 30.0
    egress: Literal["schema", "aggregates", "rows"] = "rows"
    """What of the data the model that calls the tool may read."""
    locale: str = "en_US"
    """How figures are written in a tool's sentences."""
    index_dir: Path | None = None
    """Where the vector index over the semantic model is kept; None: names are found by their words alone."""
    state_dir: Path | None = None
    """Where what is learnt of the data is kept (trained models); None: it is forgotten."""


@dataclass(frozen=True)
class ToolFailure:
    """Why a tool made no result; `text` says what to do next."""

    outcome: Literal["cannot", "ask", "not_allowed", "failed"]
    text: str


class ToolFailed(Exception):
    """A tool made no result; `failure` says why, and what to do next."""

    def __init__(self, failure: ToolFailure):
        super().__init__(failure.text)
        self.failure = failure


def load_tools(workspace: Workspace, limits: Limits) -> list[BaseTool]:
    """Every tool of this folder, for one workspace."""
    return [m.build(workspace, limits) for m in modules() if hasattr(m, "build")]


@cache
def modules() -> tuple[ModuleType, ...]:
    """The files of this folder, by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return tuple(importlib.import_module(f"tools.{name}") for name in names)


def warm_up() -> None:
    """Let every tool import what its first answer would else wait for."""
    for module in modules():
        if hasattr(module, "warm"):
            module.warm()


def as_function(tool: BaseTool) -> dict[str, Any]:
    """A tool in the form of OpenAI's function calling, its schema as it stands: LangChain's own conversion writes out
    every nested reference, and never ends on one that refers to itself."""
    schema: Any = tool.tool_call_schema
    parameters = schema if isinstance(schema, dict) else schema.model_json_schema()
    parameters = {k: v for k, v in parameters.items() if k not in ("title", "description")}
    function = {"name": tool.name, "description": tool.description, "parameters": parameters}
    return {"type": "function", "function": function}
