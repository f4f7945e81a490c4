"""What the end of a question says again of its beginning: "What is the no-show rate of each venue? Return the venue and
the rate." The figure at the end is the one that was asked for, whatever the data calls a rate."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.words import lemma

_LIST = re.compile(
    r"(?<=[.?;!])(?P<order>\s+(?:please )?(?:return|show|give|list|report|include|output)(?: me)?\b)(?P<rest>[^.?;!]*)",
    re.I,
)
_ASKED = re.compile(
    r"^\W*(?:for [^,]+, )?(?:what(?:'s| is| are| was| were)?|calculate|compute|determine|find|work out|give(?: me)?|"
    r"show(?: me)?|report|rank [\w ]+? by|how (?:many|much))\b(?: the| our)? (?P<figure>[^,.?]+)",
    re.I,
)
_ENDS = re.compile(
    r"\b(?:for|of|by|per|in|from|over|across|between|at|on|during|did|do|does|were|was|are|is|have|has)\b", re.I
)
_FIGURES = frozenset(
    ["number", "count", "rate", "percentage", "percent", "share", "ratio", "average", "total", "sum", "figure",
     "change", "difference", "proportion", "median", "index", "score", "rank"]
)  # fmt: skip
_SPLIT = re.compile(r"(,\s+and\s+|,\s+|\s+and\s+)")


def without_echoes(question: str, terms: Iterable[str] = ()) -> str:
    """The question without the figures of its closing list that only point back to what it asks. `terms` are names that
    are defined for it, and said before.

    >>> without_echoes("What is the late rate by depot? Return the depot and the rate.")
    'What is the late rate by depot? Return the depot.'
    >>> without_echoes("How many orders came in per quarter? Return the quarter and the number, earliest first.")
    'How many orders came in per quarter? Return the quarter, earliest first.'
    >>> without_echoes("Which loans are late? Return the id and the rate.")
    'Which loans are late? Return the id and the rate.'
    """
    listed = _LIST.search(question)
    if listed is None:
        return question
    before = question[: listed.start()]
    asked = _ASKED.match(before)
    names = {t.lower() for t in terms if re.search(rf"(?<![\w-]){re.escape(t)}s?(?![\w-])", before, re.I)}
    heads = {t.split()[-1] for t in names}
    if asked is not None:
        figure = _ENDS.split(asked["figure"])[0].strip().lower()
        counts = re.match(r"\W*(?:for [^,]+, )?how many\b", before, re.I)
        heads |= {"number", "count", "total"} if counts else ({figure.split()[-1]} if figure else set()) & _FIGURES
        names |= {figure} if not counts and " " in figure and figure.split()[-1] in _FIGURES else set()
    pieces = _SPLIT.split(listed["rest"])
    items, marks = pieces[::2], ["", *pieces[1::2]]
    kept = [n for n, item in enumerate(items) if not _points_back(item, names, heads)]
    if len(kept) == len(items) or not any(_names_something(items[n]) for n in kept):
        return question
    rest = "".join((marks[n] if k else "") + items[n] for k, n in enumerate(kept))
    rest = rest if items[0] == items[kept[0]] or rest.startswith(" ") else f" {rest}"
    return question[: listed.start("rest")] + rest + question[listed.end("rest") :]


def _points_back(item: str, names: set[str], heads: set[str]) -> bool:
    said = re.sub(r"^\s*(?:both |all )?(?P<the>the |this |that |its |their )?", r"\g<the>", item.strip().lower())
    plain = re.sub(r"^(?:the |this |that |its |their )", "", said)
    if plain in names:
        return True
    return said != plain and " " not in plain and lemma(plain) in {lemma(h) for h in heads}


def _names_something(item: str) -> bool:
    return bool(re.search(r"\w", item)) and not re.search(r"\b(?:first|last|order(?:ed)?|sort(?:ed)?)\b", item)
