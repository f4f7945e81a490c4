"""What a text message asks for: a word that carriers and laws give a meaning, one of ours, a number, or a question."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_STOP = frozenset(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"])
_START = frozenset(["start", "unstop"])
_HELP = frozenset(["help", "info"])
_LINK = re.compile(r"(?:link\s*)?(\d{4}[\s-]?\d{4})", re.I)
_NUMBER = re.compile(r"#?(\d{1,2})[.)]?")


@dataclass(frozen=True)
class Command:
    """`code` for link, `number` for pick."""

    does: Literal["stop", "start", "help", "link", "more", "new", "pick", "ask"]
    code: str = ""
    number: int = 0


def command(text: str) -> Command:
    """
    >>> command(" Stop. ").does, command("2)").number, command("LINK 1234 5678").code, command("sales 2").does
    ('stop', 2, '12345678', 'ask')
    """
    bare = text.strip().strip(".!\"'“”").casefold()
    word = bare.replace("-", "").replace(" ", "") if bare in ("opt-out", "opt out", "stop all") else bare
    if word in _STOP:
        return Command("stop")
    if word in _START:
        return Command("start")
    if word in _HELP:
        return Command("help")
    if word in ("more", "details"):
        return Command("more")
    if word in ("new", "reset", "start over"):
        return Command("new")
    if found := _LINK.fullmatch(bare):
        return Command("link", code=re.sub(r"\D", "", found[1]))
    if found := _NUMBER.fullmatch(bare):
        return Command("pick", number=int(found[1]))
    return Command("ask")
