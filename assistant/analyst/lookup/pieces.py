"""The pieces that a question may be put together from: columns that are named, and conditions, each over the words that
say it ("a rank of 17th", "more than 22 laps", "earlier than week 13")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.analyst.english import LISTS
from assistant.analyst.lookup import costs
from assistant.analyst.lookup.cells import Cells
from assistant.analyst.lookup.columns import Columns, Mention
from assistant.analyst.lookup.conditions import Conditions, is_year
from assistant.analyst.lookup.unread import Unread
from assistant.analyst.lookup.values import Said, operator_before, said_values
from assistant.analyst.lookup.words import Word
from knowledge.request import Compare

LINKS = LISTS["saying"] | LISTS["linking"]
"""Words that stand between a column and its value."""
_AFTER = frozenset(["of", "as", "a", "an", "the", "in", "for", "at", "on", "to"])
_BREAKS = LISTS["breaks"]
_LONGEST = 5
_NAMES = 4
"""Columns that a mention is tried as."""
_HOLDING = 5


@dataclass(frozen=True)
class Piece:
    """Words [start, end) read as a condition on a column, or as a mention of one."""

    start: int
    end: int
    cost: float
    column: int = -1
    where: Compare | None = None
    mention: Mention | None = None


class Pieces:
    """Everything that spans of one question's words may say of one table."""

    def __init__(self, words: Sequence[Word], columns: Columns, cells: Cells):
        self.words, self.columns, self.cells = list(words), columns.all, cells
        self.mentions = columns.mentions(words)
        self.unread = Unread(words, self.mentions, columns.rows)
        self.said = said_values(words, cells, self.unread.plain)
        self.conditions = Conditions(self.words, self.columns, cells)
        self.all: list[Piece] = [Piece(m.start, m.end, 0.0, mention=m) for m in self.mentions]
        for said in self.said:
            self.all += self._with_column(said)
            self.all += self._alone(said)

    def left(self, n: int) -> float:
        return self.unread.cost(n)

    def _with_column(self, said: Said) -> Iterable[Piece]:
        """A value, and its column before or after it."""
        for mention in self.mentions:
            op = said.op
            if mention.end <= said.start:
                gap = self._link(mention.end, said.start, LINKS)
                tight = all(self.words[n].key in LISTS["saying"] for n in range(mention.end, said.start))
                start, end = mention.start, said.end
                if op == "=" and (bound := operator_before(self.words, start)) and bound[0] != "!=":
                    op, start = bound  # "before week 13"
            elif said.end <= mention.start:
                gap = costs.VALUE_FIRST + self._link(said.end, mention.start, _AFTER)
                tight = said.end == mention.start
                at = said.start and self.words[said.start - 1].key in ("in", "on", "at")
                gap += costs.PLACED if at and said.op == "=" else 0.0
                start, end = said.start, mention.end
            else:
                continue
            if gap >= costs.NEVER:
                continue
            for c, sure in mention.columns[:_NAMES]:
                where, fit = self.conditions.of(c, replace(said, op=op))
                if where is None:
                    continue
                if said.cells and not tight and all(cell.column != c for cell in said.cells):
                    fit += costs.ELSEWHERE
                yield Piece(start, end, round(said.cost + fit + gap + costs.SURE * (1 - sure), 4), c, where)

    def _alone(self, said: Said) -> Iterable[Piece]:
        """A value whose column is not named."""
        holding = [cell.column for cell in said.cells]
        if said.number is not None:
            holding = self.cells.numbers.get(said.number, []) if said.op in ("=", "!=") else []
            if is_year(said.number) and said.text.isdigit() and said.last is None:
                holding = [*self._of_kind("year"), *self._of_kind("date"), *holding]
        elif not said.cells and said.text and not said.is_compound:
            holding = self._of_kind("date")
        for n, c in enumerate(list(dict.fromkeys(holding))[:_HOLDING]):
            where, fit = self.conditions.of(c, said)
            if where is None:
                continue
            counted = said.number is not None and not self.columns[c].kinds & {"year", "date"}
            alone = costs.ALONE_NUMBER if counted else costs.ALONE
            yield Piece(said.start, said.end, round(said.cost + fit + alone + n * costs.ALONE_AGAIN, 4), c, where)

    def _of_kind(self, kind: str) -> list[int]:
        return [c for c, column in enumerate(self.columns) if kind in column.kinds]

    def _link(self, start: int, end: int, links: frozenset[str]) -> float:
        """What it costs that words [start, end) stand between a column and its value."""
        if end - start > _LONGEST:
            return costs.NEVER
        cost = 0.0
        for n in range(start, end):
            word = self.words[n]
            if word.key in links:
                cost += costs.LINK
            else:
                cost += costs.VERB if self.unread.is_verb(n) else costs.GAP + self.left(n)
                cost += costs.OVER_BREAK if word.key in _BREAKS else 0.0
            cost += costs.PAUSE if word.pause else 0.0
        if end < len(self.words) and self.words[end].pause and not self.words[end].quoted:
            cost += costs.PAUSE
        return cost
