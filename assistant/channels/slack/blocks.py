"""An Answer in Block Kit (https://docs.slack.dev/reference/block-kit), within its bounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.answer import Answer
from assistant.channels.lines import caveats, reading, source_line
from assistant.channels.markup import plain, starred
from assistant.channels.slack.shown import Shown
from knowledge.formats import format_value
from knowledge.result import Result

Block = dict[str, Any]
SHOWN_ROWS = 20
SHOWN_COLUMNS = 20
_SECTION, _CONTEXT, _BUTTON, _VALUE, _MODAL = 2900, 1500, 75, 2000, 90
"""Characters of a section (of 3,000), of a note, of a button and its value; blocks of a modal (of 100)."""
_CELL, _TABLE = 200, 9000
"""Characters of a cell, and of a table (10,000)."""
_NOTES, _QUESTIONS = 9, 6


def answer_blocks(answer: Answer, key: str, locale: str) -> list[Block]:
    """`key` finds what the buttons are about."""
    made = [section(part) for part in parts(starred(escaped(answer.text)), _SECTION)]
    if answer.result is not None and answer.outcome == "answered" and len(answer.result.rows) > 1:
        made.append(_table(answer.result, locale))
    notes = [read_as] if (read_as := reading(answer)) else []
    notes += [f":warning: {caveat}" for caveat in caveats(answer)]
    notes += filter(None, [source_line(answer)])
    if notes:
        made.append(context(notes[:_NOTES]))
    asked = [(c.label, c.question) for c in answer.choices] or [(text, text) for text in answer.follow_ups]
    if asked:
        made.append(questions(asked))
    if answer.provenance.sql:
        made.append({"type": "actions", "elements": [button("Show the SQL", "sql", key)]})
    if answer.outcome in ("answered", "no_rows"):
        made.append(_thumbs(key))
    return made


def fits_whole(result: Result) -> bool:
    """Whether the table of the message has all that there is."""
    return len(result.rows) <= SHOWN_ROWS and len(result.columns) <= SHOWN_COLUMNS


def fallback(answer: Answer) -> str:
    """What notifications, screen readers and Slacks without blocks have."""
    return escaped(plain(answer.text))[:_SECTION]


def questions(asked: Sequence[tuple[str, str]]) -> Block:
    """A button for each (label, question)."""
    buttons = [button(label, f"ask:{n}", question) for n, (label, question) in enumerate(asked[:_QUESTIONS])]
    return {"type": "actions", "elements": buttons}


def sql_modal(shown: Shown) -> dict[str, Any]:
    """How an answer came about."""
    made = [section(f"*{escaped(shown.question)[:_SECTION]}*")]
    made += [context([text]) for text in (shown.reading and f"Read as: {shown.reading}", shown.method) if text]
    made += [section(f"```{part}```") for part in parts(escaped(shown.sql), _SECTION)]
    return {
        "type": "modal", "title": {"type": "plain_text", "text": "How I got this"},
        "close": {"type": "plain_text", "text": "Close"}, "blocks": made[:_MODAL],
    }  # fmt: skip


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def context(notes: Sequence[str]) -> Block:
    """Small print, of texts that are not escaped yet."""
    cut = [escaped(note)[:_CONTEXT] for note in notes]
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in cut]}


def escaped(text: str) -> str:
    """So that no text of the data mentions people, links, or looks like one of Slack's own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def parts(text: str, most: int) -> list[str]:
    """Cut between lines or words, so that each part has `most` characters at most."""
    found = []
    while len(text) > most:
        ends = [m.start() for m in re.finditer(r"\s", text[:most])]
        at = ends[-1] if ends and ends[-1] > 0 else most
        found.append(text[:at])
        text = text[at:].lstrip()
    return [*found, text] if text else found


def button(label: str, action: str, value: str) -> Block:
    """One that calls the action with the value."""
    short = label if len(label) <= _BUTTON else label[: _BUTTON - 1] + "…"
    return {
        "type": "button", "text": {"type": "plain_text", "text": short}, "action_id": action, "value": value[:_VALUE]
    }  # fmt: skip


def _thumbs(key: str) -> Block:
    def thumb(word: str, said: str) -> Block:
        text = {"type": "plain_text", "text": said}
        return {"text": text, "value": f"{word}:{key}", "accessibility_label": said}

    buttons = {
        "type": "feedback_buttons", "action_id": "thumb",
        "positive_button": thumb("up", "Good answer"), "negative_button": thumb("down", "Bad answer"),
    }  # fmt: skip
    return {"type": "context_actions", "elements": [buttons]}


def _table(result: Result, locale: str) -> Block:
    columns = result.columns[:SHOWN_COLUMNS]
    rows = [[_cell(c.label or c.name) for c in columns]]
    size = sum(len(cell["text"]) for cell in rows[0])
    for row in result.rows[:SHOWN_ROWS]:
        cells = [_cell(format_value(v, c, locale)) for v, c in zip(row, columns, strict=False)]
        size += sum(len(cell["text"]) for cell in cells)
        if size > _TABLE:
            break
        rows.append(cells)
    sides = ["right" if c.kind in ("number", "integer", "currency", "percent") else "left" for c in columns]
    return {"type": "table", "rows": rows, "column_settings": [{"align": s, "is_wrapped": s == "left"} for s in sides]}


def _cell(text: str) -> Block:
    return {"type": "raw_text", "text": (text if len(text) <= _CELL else text[: _CELL - 1] + "…") or " "}
