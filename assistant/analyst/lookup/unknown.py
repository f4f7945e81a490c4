"""Values that no cell is, said so that they can be nothing else: of a column ("the rider is Ray Pickrell", "the SNP
party"), or as the name of somebody ("for Bernhard Langer"). They are conditions that no row meets, never left out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.analyst.english import LISTS, STOP
from assistant.analyst.lookup import costs
from assistant.analyst.lookup.columns import Mention
from assistant.analyst.lookup.pieces import LINKS, Piece, Pieces
from assistant.analyst.lookup.values import operator_before, starts_operator, text_of
from assistant.analyst.lookup.words import LIGHT

_IS = LISTS["equating"]
_OPENS = LISTS["opens_conditions"]
_ASKS = frozenset(["what", "name", "highest", "lowest", "average", "total", "number", "sum", "many", "much", "which"])
_INTRODUCES = LISTS["introduces_values"]
_FROM = ("group", "place", "person", "name")
_FOR = ("person", "name", "group", "place")
_WITH = ("opponent", "group", "person", "name")
"""Kinds of columns that a name after "from", "for" or "against" is likely of."""
_BREAKS = LISTS["breaks"]
_LONGEST, _FEW, _LONGEST_BEFORE = 12, 4, 7
_SURE = 0.45
Span = tuple[int, int, float]
"""Words [start, end), and what speaks against them."""


def unknown_values(found: Pieces) -> Iterable[Piece]:
    unknown = _Unknown(found)
    for mention in found.mentions:
        for start, end, cost in [*unknown.after(mention), *unknown.before(mention)]:
            for c, sure in mention.columns[:3]:
                where, fit = found.conditions.text(c, unknown.text(start, end))
                if where is not None and sure > _SURE:
                    a, b = min(mention.start, start), max(mention.end, end)
                    yield Piece(a, b, round(cost + fit + costs.SURE * (1 - sure), 4), c, where)
    opposed = any("opponent" in c.kinds or c.name.lower() == "team" for c in found.columns)
    for start, end, cost in unknown.names():
        if opposed:
            yield Piece(start, end, costs.SUBJECT)
        for n, c in enumerate(unknown.of_names(start)):
            where, fit = found.conditions.text(c, unknown.text(start, end))
            if where is not None:
                yield Piece(start, end, round(cost + fit + n * costs.ALONE_AGAIN, 4), c, where)


class _Unknown:
    def __init__(self, found: Pieces):
        self.found, self.words, self.named = found, found.words, found.unread.named

    def text(self, start: int, end: int) -> str:
        return re.sub(r"^[\"'“”‘’]+|[\"'“”‘’.,;:?!]+$", "", text_of(self.words, start, end))

    def after(self, mention: Mention) -> Iterable[Span]:
        """ "the rider is Ray Pickrell"."""
        at, gap = mention.end, 0.0
        while at < len(self.words) and self.words[at].key in _IS and at - mention.end < 4:
            gap += costs.LINK
            at += 1
        if at >= len(self.words):
            return
        linked = at > mention.end or self.words[at - 1].key == "by"
        first = self.words[mention.start - 1].key if mention.start else ""
        if first in ("a", "an", "the") and mention.start > 1:
            first = self.words[mention.start - 2].key
        said_so = linked and at > mention.end and (first in _OPENS or mention.start == 0)
        if at == mention.end + 1 and self.words[at - 1].key == "of" and self._is_asked(mention):
            gap += costs.OF_ASKED
        if not linked and (self.found.unread.is_verb(at) or self.words[at].pause):
            return
        longest = _LONGEST if linked or self.named[at] or self.words[at].number is not None else _FEW
        for end in range(at + 1, min(len(self.words), at + longest) + 1):
            if end == len(self.words) or self.words[end].pause or self._ends(end):
                cost = self._unlikely(at, end, costs.UNNAMED_SAID if said_so else costs.UNNAMED)
                if cost < costs.NEVER:
                    base = costs.UNKNOWN_SAID if said_so else costs.UNKNOWN if linked else costs.UNKNOWN_BEFORE
                    yield at, end, gap + cost + base

    def _ends(self, n: int) -> bool:
        return self.words[n].key in _BREAKS or starts_operator(self.words, n)

    def before(self, mention: Mention) -> Iterable[Span]:
        """ "the SNP party", "Ray Pickrell as a rider"."""
        end, gap = mention.start, 0.0
        while end and self.words[end - 1].key in ("as", "a", "an", "the") and mention.start - end < 3:
            end, gap = end - 1, gap + costs.LINK
        if end < mention.start and self.words[end].key != "as":
            return
        for start in range(max(0, end - _LONGEST_BEFORE), end):
            opens = start and self.words[start - 1].key in LIGHT | STOP
            if not opens and not self.words[start].quoted:
                continue
            if any(w.key in _BREAKS and not w.glued for w in self.words[start:end]):
                continue
            cost = self._unlikely(start, end, 2 * costs.UNNAMED)
            if cost < costs.NEVER:
                yield start, end, gap + cost + costs.UNKNOWN_BEFORE

    def names(self) -> Iterable[Span]:
        """Runs of words that sound like a name, said of nothing."""
        known = {n for v in self.found.said if v.cells and not v.is_part for n in range(v.start, v.end)}
        headers = {n for m in self.found.mentions for n in range(m.start, m.end)}
        at = 0
        while at < len(self.words):
            end = at
            while end < len(self.words) and self._in_name(end, at, known | headers):
                end += 1
            if any(self.named[at:end]) and at and self.words[at - 1].key in _INTRODUCES:
                while end > at and not self.named[end - 1] and self.found.unread.is_verb(end - 1):
                    end -= 1
                yield at, end, costs.UNKNOWN_ALONE
            at = max(end, at + 1)

    def _in_name(self, n: int, start: int, known: set[int]) -> bool:
        word = self.words[n]
        if n in known or (word.pause and n > start) or word.number is not None:
            return False
        if self.named[n] or (n > start and self._joined(n)):
            return True
        return word.key not in STOP | LIGHT | LINKS and self.found.left(n) >= costs.NOUN_LEFT

    def _joined(self, n: int) -> bool:
        """Part of a word with marks in it: "A&I"."""
        return self.words[n].glued or (n + 1 < len(self.words) and self.words[n + 1].glued)

    def of_names(self, start: int) -> list[int]:
        """The columns that the name which starts there is likely one of."""
        before = [w.key for w in self.words[max(0, start - 2) : start]]
        wanted = _FROM if set(before) & {"from", "at", "in"} else _WITH if "against" in before else _FOR
        texts = [(c, k) for c, k in enumerate(self.found.columns) if k.is_text and not k.is_number]
        ranked = [(min(map(wanted.index, k.kinds & set(wanted))), c) for c, k in texts if k.kinds & set(wanted)]
        return [c for _, c in sorted(ranked)][:2]

    def _is_asked(self, mention: Mention) -> bool:
        """It stands after "what is the", "the average"."""
        before = [w.key for w in self.words[max(0, mention.start - 4) : mention.start]]
        return bool(_ASKS & set(before)) and not set(before[-2:]) & {"a", "with", "has", "had", "have"}

    def _unlikely(self, start: int, end: int, unnamed: float) -> float:
        """How little words [start, end) sound like a value that no cell is."""
        span = range(start, end)
        first, last = self.words[start], self.words[end - 1]
        if first.key in LIGHT | STOP or (last.key in LIGHT | STOP and not (last.quoted or last.glued)):
            return costs.NEVER
        if all(self.words[n].number is not None or self.words[n].is_mark for n in span):
            return costs.NEVER
        if any(operator_before(self.words, n) for n in range(start + 1, end)):
            return costs.NEVER
        cost = 0.0 if any(self.named[n] or self.words[n].number is not None for n in span) else unnamed
        held = [v for v in self.found.said if start <= v.start and v.end <= end and v.cells and not v.is_part]
        cost += costs.HOLDS_CELL if any(not v.cost for v in held) else 0.0
        inside = [m for m in self.found.mentions if start <= m.start and m.end <= end and m.columns[0][1] > 0.9]
        cost += costs.HOLDS_HEADER if inside else 0.0
        for n in span:
            word = self.words[n]
            if word.quoted:
                continue
            if word.key in _BREAKS and not word.glued:
                cost += costs.OVER_BREAK
            elif word.key in STOP | LIGHT and not (self.found.unread.plain and word.is_capital) and not self._joined(n):
                cost += costs.LITTLE_WORD
            cost += costs.PAUSE if word.pause and n > start else 0.0
        return cost
