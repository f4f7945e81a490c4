"""The letters that a text must hold for a pattern to be found in it: hundreds of patterns are tried on each question,
few of which can match; looking for letters is many times faster than trying a pattern."""

from __future__ import annotations

import re
import re._parser as parser
from re import _constants as const  # type: ignore[attr-defined]
from typing import Any

_SHORT = 2
"""Letters that are in most texts say nothing."""


def folded(text: str) -> str:
    """The text as `needed` is to be looked for in it: letters that are one to a pattern that ignores case are one."""
    return text.casefold().replace("\u0307", "").replace("ı", "i")  # "İ" is folded to an "i" with a dot


def needed(pattern: re.Pattern[str]) -> frozenset[str]:
    """Pieces of text of which a (folded) text holds at least one if the pattern, which ignores case, is found in it;
    empty where nothing is known.

    >>> sorted(needed(re.compile(r"\\b(?:sorted|ranked) from (?:the )?lowest", re.I)))
    [' from ']
    >>> sorted(needed(re.compile(r"(?:over|under) \\d+ ?%?", re.I)))
    ['over', 'under']
    """
    return _of_sequence(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))


def _of_sequence(nodes: Any) -> frozenset[str]:
    """The one of the sequence's parts that says most: all of them have to be there."""
    found: list[frozenset[str]] = []
    run = ""
    for op, value in nodes:
        if op is const.LITERAL:
            run += folded(chr(value))
            continue
        found.append(frozenset([run]))
        run = ""
        if op is const.SUBPATTERN:
            found.append(_of_sequence(value[3]))
        elif op is const.BRANCH:
            ways = [_of_sequence(way) for way in value[1]]
            found.append(frozenset[str]().union(*ways) if all(ways) else frozenset())
        elif op in (const.MAX_REPEAT, const.MIN_REPEAT, const.POSSESSIVE_REPEAT) and value[0] > 0:
            found.append(_of_sequence(value[2]))
        elif op is const.ATOMIC_GROUP:
            found.append(_of_sequence(value))
    found.append(frozenset([run]))
    telling = [pieces for pieces in found if pieces and min(map(len, pieces)) > _SHORT]
    return max(telling, key=lambda pieces: (min(map(len, pieces)), -len(pieces)), default=frozenset())
