"""An Answer as a text message says it: a first page that fits, what the numbers mean that can be sent back, and what
"more" gets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.answer import Answer
from assistant.channels.lines import caveats, reading, source_line, table_lines
from assistant.channels.markup import plain, starred
from assistant.channels.twilio.segments import segments, simpler

Channel = Literal["sms", "whatsapp"]
WHATSAPP_CHARACTERS = 1600
"""Twilio's bound on a message."""
_SMS_SEGMENTS = 2
_FOLLOW_UPS = 3
_SHOWN_ROWS = 10
_MORE = "MORE for details"
_ROWS = 100
"""That "more" goes through; a longer table is no reading for a phone."""


@dataclass(frozen=True)
class Listed:
    """The same page, for a list to choose from: what stands above the list, and each (label, question)."""

    body: str
    button: str
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    text: str
    options: tuple[str, ...] = ()
    """The questions that 1, 2, 3 … stand for."""
    rest: tuple[str, ...] = ()
    """The lines that "more" goes on with."""
    chart: dict[str, Any] | None = None
    listed: Listed | None = None


def fits(channel: Channel, text: str) -> bool:
    return segments(text) <= _SMS_SEGMENTS if channel == "sms" else len(text) <= WHATSAPP_CHARACTERS


def page(channel: Channel, lines: Sequence[str], options: tuple[str, ...] = ()) -> Page:
    """As many lines as fit, and the rest. A line that fits no page is cut between two sentences, or two words."""
    taken: list[str] = []
    left = [simpler(line) for line in lines] if channel == "sms" else list(lines)
    while left:
        hint = [_MORE] if len(left) > 1 else []
        if fits(channel, "\n".join([*taken, left[0], *hint])):
            taken.append(left.pop(0))
            continue
        if not taken:
            head, tail = _cut(channel, left[0])
            taken, left[0] = [head], tail
        break
    return Page("\n".join([*taken, _MORE] if left else taken), options, tuple(left))


def sms(answer: Answer, locale: str) -> Page:
    """The figure first, how it was read, then the choices, or as many of the next questions as there is room for."""
    read_as = reading(answer)
    details = [*caveats(answer), *_rows(answer, locale), *filter(None, [source_line(answer)])]
    text = plain(answer.text)
    if answer.choices:
        options = tuple(choice.question for choice in answer.choices)
        return page("sms", [text, *_numbered([c.label for c in answer.choices]), *details], options)
    for head in ([text, read_as] if read_as else [text], [text]):
        rest = tuple(details if read_as in head else filter(None, [read_as, *details]))
        for count in range(min(len(answer.follow_ups), _FOLLOW_UPS), -1, -1):
            offered = answer.follow_ups[:count]
            made = simpler("\n".join([*head, *_numbered(offered), *([_MORE] if rest else [])]))
            if fits("sms", made):
                return Page(made, tuple(offered), rest)
    return page("sms", list(filter(None, [text, read_as, *details])))


def whatsapp(answer: Answer, locale: str) -> Page:
    """The sentence, how the question was read, a table of a few rows, what to know of it, and the next questions."""
    rows = _rows(answer, locale)
    notes = [f"_{read_as}_"] if (read_as := reading(answer)) else []
    notes += [f"⚠️ {caveat}" for caveat in caveats(answer)]
    asked = [(c.label, c.question) for c in answer.choices] or [(q, q) for q in answer.follow_ups[:_FOLLOW_UPS]]
    options = tuple(question for _, question in asked)
    shown, more = rows[:_SHOWN_ROWS], rows[_SHOWN_ROWS:]
    lines = [starred(answer.text), *shown, *notes, *_numbered([label for label, _ in asked])]
    last = [*more, *filter(None, [source_line(answer)])]
    first = page("whatsapp", [*lines, *([_MORE] if last else [])], options)
    if first.rest:
        return Page(first.text, options, (*[line for line in first.rest if line != _MORE], *last), answer.chart)
    above = "\n".join([starred(answer.text), *shown, *notes])
    listed = Listed(above, "Choose" if answer.choices else "What next?", tuple(asked)) if asked else None
    return Page(first.text, options, tuple(last), answer.chart, listed)


def _rows(answer: Answer, locale: str) -> list[str]:
    lines = table_lines(answer.result, locale)
    left = len(lines) - _ROWS
    return [*lines[:_ROWS], f"… and {left:,} more rows: the web chat has them all."] if left > 0 else lines


def _numbered(labels: Sequence[str]) -> list[str]:
    return [f"{n} {label}" for n, label in enumerate(labels, 1)]


def _cut(channel: Channel, text: str) -> tuple[str, str]:
    """The longest beginning that fits with the hint below it, and what comes after."""
    ends: list[Callable[[], list[int]]] = [
        lambda: [m.end() for m in re.finditer(r"[.;!?](?=\s)", text)],
        lambda: [m.start() for m in re.finditer(r"\s", text)],
        lambda: list(range(1, len(text))),
    ]
    for places in ends:
        good = [at for at in places() if fits(channel, f"{text[:at]}\n{_MORE}")]
        if good:
            return text[: good[-1]].rstrip(), text[good[-1] :].lstrip()
    return text, ""
