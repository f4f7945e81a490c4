"""The home tab: what can be asked about, how fresh it is, and questions to begin with."""

from __future__ import annotations

from typing import Any

from assistant.channels.slack.blocks import Block, context, escaped, parts, questions, section
from assistant.channels.slack.talk import STRANGER
from knowledge.words import label
from knowledge.workspace import Workspace

_LISTED = 20
_SECTION = 2900


def stranger() -> dict[str, Any]:
    return _view([section(STRANGER)])


def home(workspace: Workspace, starters: list[str]) -> dict[str, Any]:
    """Of the data as the person sees it."""
    model, fresh = workspace.model, workspace.fresh_as_of
    made = [
        {"type": "header", "text": {"type": "plain_text", "text": (model.label or workspace.name)[:150]}},
        context([f"Data to {fresh.day} {fresh:%B %Y}" if fresh else "The data has no dates"]),
        section("Write to me here, mention me in a channel, or use `/parley`. Some questions to begin with:"),
        questions([(text, text) for text in starters]) if starters else None,
        _listed("What I know figures of", [m.label or label(m.name) for m in model.offered]),
        _listed("What I have records of", [d.label or label(d.name) for d in model.datasets]),
    ]
    return _view([block for block in made if block])


def _listed(title: str, names: list[str]) -> Block | None:
    if not names:
        return None
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    text = f"*{title}*\n" + escaped(", ".join(names[:_LISTED]) + more)
    return section(parts(text, _SECTION)[0])


def _view(blocks: list[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": blocks}
