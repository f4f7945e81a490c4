"""reply: how a language model ends a turn without data: it asks, says what it can't answer, or explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from langchain_core.tools import BaseTool, tool
from pydantic import BaseModel

from knowledge.workspace import Workspace
from tools import Limits


class Option(BaseModel):
    label: str
    question: str


@dataclass(frozen=True)
class Reply:
    kind: Literal["ask", "cannot", "explain"]
    text: str
    choices: tuple[Option, ...] = ()


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    @tool(response_format="content_and_artifact", return_direct=True)
    def reply(
        kind: Literal["ask", "cannot", "explain"], text: str, choices: list[Option] | None = None
    ) -> tuple[str, Reply]:
        """End the turn without figures. kind "ask": the question has two or more readings that differ; `choices` are 2
        to 4 of them, each a short label and the whole question that it stands for. "cannot": the data can't answer it;
        `text` says what is missing. "explain": what a word means, or what can be asked."""
        return text, Reply(kind, text, tuple((choices or [])[:4]))

    return reply
