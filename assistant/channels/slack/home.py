"""The home tab: what can be asked about, how fresh it is, questions to begin with; and what is kept of the person."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from assistant.channels.slack.blocks import Block, button, context, escaped, parts, questions, section
from assistant.channels.slack.talk import STRANGER
from assistant.memory import Feedback
from assistant.people.door import Asker
from knowledge.words import label
from knowledge.workspace import Workspace

_LISTED, _RATINGS = 20, 10
_SECTION = 2900
_QUESTION = 300
"""Characters that are shown of a question."""


def stranger() -> dict[str, Any]:
    return _view([section(STRANGER)])


def home(
    workspace: Workspace, starters: list[str], asker: Asker, locale: str, *, digest: bool, rated: Sequence[Feedback]
) -> dict[str, Any]:  # fmt: skip
    """Of the data as the person sees it. `locale` is the server's; `digest`: they get one; `rated`: their thumbs."""
    model, fresh = workspace.model, workspace.fresh_as_of
    made = [
        _header(model.label or workspace.name),
        context([f"Data to {fresh.day} {fresh:%B %Y}" if fresh else "The data has no dates"]),
        section("Write to me here, mention me in a channel, or use `/parley`. Some questions to begin with:"),
        questions([(text, text) for text in starters]) if starters else None,
        _listed("What I know figures of", [m.label or label(m.name) for m in model.offered]),
        _listed("What I have records of", [d.label or label(d.name) for d in model.datasets]),
        _header("Your digest"),
        *_digest(digest),
        _header("What I know of you"),
        *_known(asker, locale),
        *_rated(rated),
    ]
    return _view([block for block in made if block])


def mark(rating: Feedback) -> str:
    """By which its button finds it."""
    return blake2b(f"{rating.thread}:{rating.question}".encode(), digest_size=12).hexdigest()


def _digest(wanted: bool) -> list[Block]:
    said = "What is unusual in the data, every morning at 8." + ("" if wanted else " You don't get it.")
    pressed = button("Stop it" if wanted else "Send it to me", "digest", "off" if wanted else "on")
    return [section(said) | {"accessory": pressed}]


def _known(asker: Asker, locale: str) -> list[Block]:
    person = asker.person
    by = "as you have set it" if person.time_zone else "as Slack says"
    day = f"Your day is that of {asker.time_zone}, {by}." if asker.time_zone else "Your day is the business's."
    written = f"Figures are written as in {asker.locale or locale}."
    role = f"You are {person.name}, {'an' if person.role[0] in 'ao' else 'a'} {person.role}."
    return [section(escaped(f"{role} {day} {written}"))]


def _rated(rated: Sequence[Feedback]) -> list[Block]:
    """The latest first, each with a button that takes it back."""
    if not rated:
        return [context(["You have rated no answer yet."])]
    lines = [section("You said of my answers:")]
    for rating in list(reversed(rated))[:_RATINGS]:
        thumb = ":thumbsup:" if rating.up else ":thumbsdown:"
        said = section(f"{thumb} {escaped(rating.question[:_QUESTION])}")
        lines.append(said | {"accessory": button("Remove", "unrate", mark(rating))})
    return lines


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:150]}}


def _listed(title: str, names: list[str]) -> Block | None:
    if not names:
        return None
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    text = f"*{title}*\n" + escaped(", ".join(names[:_LISTED]) + more)
    return section(parts(text, _SECTION)[0])


def _view(blocks: list[Block]) -> dict[str, Any]:
    return {"type": "home", "blocks": blocks}
