"""What a question asks of the rows that its conditions leave: a column, a figure of one, or how many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.analyst.english import LISTS
from assistant.analyst.lookup import costs
from assistant.analyst.lookup.columns import Column, Mention
from assistant.analyst.lookup.pieces import Pieces
from assistant.analyst.lookup.search import Way
from assistant.analyst.lookup.unread import is_superlative
from assistant.analyst.lookup.words import LIGHT

Figure = Literal["", "max", "min", "avg", "sum", "count", "different", "number"]
"""`number`: as many rows as it is of, or what they add up to; both are told."""
_MOST, _LEAST = LISTS["most"] | {"high", "top"}, LISTS["least"] | {"low"}
_MEAN = frozenset(["average", "mean", "avg"])
_TELL = frozenset(["name", "list", "give", "show", "tell", "find", "count", "state", "identify"])
_NOUNLESS = LIGHT | LISTS["no_nouns"]


@dataclass(frozen=True)
class Asked:
    """A column, and what is to be told of its values; or the rows themselves (no column)."""

    cost: float
    column: int = -1
    figure: Figure = ""
    by: int = -1
    """The column whose highest or lowest row is asked for."""
    descending: bool = True


class Asks:
    """What may be asked by one question, given a way to read the rest."""

    def __init__(self, found: Pieces):
        self.found, self.words, self.columns = found, found.words, found.columns
        self.keys = [w.key for w in self.words]
        said = " ".join(self.keys)
        self.many = re.search(r"\bhow many\b", said) is not None
        self.anchors = list(self._anchors())

    def _anchors(self) -> Iterable[tuple[int, str, float]]:
        """The words after which what is asked for is said: where they stand, what they are, what they cost."""
        for n, key in enumerate(self.keys):
            after = self.keys[n + 1] if n + 1 < len(self.keys) else ""
            if key == "how" and after in ("many", "much"):
                yield n + 2, f"how {after}", 0.0
            elif key in ("what", "whats", "wha") or (key == "which" and not self._relates(n)):
                yield n + 1, "what", 0.0
            elif key in ("who", "whom", "whose") and not self._relates(n):
                yield n + 1, "who", 0.05
            elif key in ("where", "when") and n == 0:
                yield n + 1, key, 0.1
            elif key in _TELL and n < 5:
                yield n + 1, "what", 0.05

    def _relates(self, n: int) -> bool:
        """ "which" in the middle goes on about the word before it, but for "in which round"."""
        if n == 0:
            return False
        before = self.keys[n - 1]
        if before in ("in", "on", "at", "for", "from", "by", "of", "to", "with"):
            return n > 1 and not self.words[n - 1].pause and self.keys[n - 2] not in ("and",)
        return not self.words[n].pause or self.keys[0] in ("what", "which", "who", "how")

    def best(self, way: Way) -> Asked | None:
        free = [p.mention for p in way.pieces if p.mention is not None]
        self._places = {id(m): self._place(m, way) for m in free}
        bound = {p.column for p in way.pieces if p.where is not None and p.where.op in ("=", "in")}
        said = {p.column for p in way.pieces if p.where is not None}
        covered = {n for p in way.pieces for n in range(p.start, p.end)}
        unread = costs.NO_CONDITION if way.left else 0.0
        choices: list[Asked] = []
        for mention in free:
            for c, sure in mention.columns[:4]:
                others = sum(self._spare(o, said, mention, c) for o in free if o is not mention)
                cost = others + self._places[id(mention)] + costs.SURE * (1 - sure)
                cost += self._nobody(c, mention) + (0.0 if said else unread)
                cost += costs.SAME_AGAIN if c in bound else 0.0
                choices.append(self._figured(mention, c, cost, free, covered, said, bound))
        spare = sum(self._spare(o, said, None) for o in free)
        choices += self._implied(way, bound, covered, spare)
        if any(n not in covered and self._is_extreme(n) for n in range(len(self.words))):
            ranks = ("max", "min")
            choices = [a if a.figure in ranks or a.by >= 0 else replace(a, cost=a.cost + costs.UNUSED) for a in choices]
        if any(p.mention is None and p.where is None for p in way.pieces):
            choices = [a for a in choices if a.column >= 0 and self._is_against(self.columns[a.column])]
        return min(choices, key=lambda a: a.cost, default=None)

    def _is_extreme(self, n: int) -> bool:
        key = self.keys[n]
        strong = key in _MOST | _LEAST and key not in (
            "first",
            "last",
            "top",
            "best",
            "high",
            "low",
            "latest",
            "earliest",
        )
        return is_superlative(self.words[n]) or (strong and self.keys[n - 1 : n] != ["at"])

    def _is_against(self, column: Column) -> bool:
        """It, or another column, says whom the one that the table is about met."""
        return column.name.lower() == "team" or any("opponent" in c.kinds for c in self.columns)

    def _spare(self, mention: Mention, said: set[int], asked: Mention | None, column: int = -1) -> float:
        """What it costs that a mention is not what is asked."""
        if any(c in said for c, _ in mention.columns[:3]) or (asked is not None and mention.columns[0][0] == column):
            return 0.03
        words = self.words[mention.start : mention.end]
        sure = mention.columns[0][1]
        unread = sum(self.found.left(n) for n in range(mention.start, mention.end))
        if self._places[id(mention)] > costs.ANCHORED and all(
            {w.key, w.lemma} & LISTS["rows"] or w.key in LIGHT for w in words
        ):
            return costs.ROW_LEFT + 0.04
        if all(w.key in LIGHT for w in words):
            return costs.ROW_LEFT + 0.04
        return costs.NOT_ASKED if sure > 0.97 else min(costs.NOT_ASKED * sure, unread) + 0.05

    def _place(self, mention: Mention, way: Way) -> float:
        """How unlikely it is for what stands there to be what is asked."""
        best = costs.UNANCHORED + costs.FAR * mention.start / 4
        then = self.words[mention.end] if mention.end < len(self.words) else None
        owns = self.words[mention.end - 1].text.endswith(("'s", "’s")) or (then and then.before[:1] in ("'", "’"))
        for start, _, cost in self.anchors:
            if start > mention.start:
                continue
            between = range(start, mention.start)
            if any(p.start < mention.start and p.end > start for p in way.pieces):
                crossed = sum(1 for p in way.pieces if p.start < mention.start and p.end > start)
                cost += 0.1 * crossed
            gap = sum(costs.FAR for n in between if self.keys[n] not in _NOUNLESS and self.found.left(n))
            gap += sum(0.1 for n in between if self.found.left(n) >= costs.NOUN_LEFT)
            head = next((n for n in between if self.keys[n] not in _NOUNLESS), mention.start)
            first = head == start and head < mention.start and self.found.left(head) >= costs.NOUN_LEFT
            gap += costs.ASKS_ELSE if first else 0.0
            best = min(best, cost + gap + 0.005 * len(between))
        return best + (costs.OWNER if owns else 0.0)

    def _nobody(self, c: int, mention: Mention) -> float:
        """What it costs that "who" is answered by what is no name."""
        who = any(kind == "who" and start <= mention.start for start, kind, _ in self.anchors)
        kinds = self.columns[c].kinds
        return (
            0.0
            if not who or kinds & {"person", "name", "opponent", "group"}
            else costs.NOBODY
            if "text" not in kinds
            else 0.05
        )

    # --- figures ---------------------------------------------------------------------------------------------------

    def _figured(
        self,
        mention: Mention,
        c: int,
        cost: float,
        free: Sequence[Mention],
        covered: set[int],
        said: set[int],
        bound: set[int],
    ) -> Asked:
        column = self.columns[c]
        extreme = self._extreme(mention, covered)
        before = self._before(mention)
        for other in free:
            if other is mention or not (way := self._extreme(other, covered)) or extreme:
                continue
            by = next((o for o, _ in other.columns if self._orders(self.columns[o])), None)
            if by is not None and by != c:
                return Asked(cost - self._spare(other, said, mention) + 0.02, c, "", by, way == "max")
        if extreme:
            fits = self._orders(column)
            return Asked(cost + (0.0 if fits else 0.15), c, extreme)
        if _MEAN & set(before):
            return Asked(cost + (0.0 if self._adds(column) else costs.ODD), c, "avg")
        many = before[-2:] == ["how", "many"] or (self.many and "many" in before)
        after = self.keys[mention.end] if mention.end < len(self.keys) else ""
        of = [k for k, then in zip(before, [*before[1:], "of"], strict=False) if then == "of"]
        numbered = bool({"number", "count", "numbers"} & set(of)) or (after == "number" and "total" in before)
        if {"different", "distinct", "unique"} & set(before):
            return Asked(cost, c, "different")
        if "total" in before or "sum" in before:
            if numbered or many:
                return Asked(cost, c, "number" if self._adds(column) else "count")
            return Asked(cost, c, "sum") if self._adds(column) else Asked(cost + 0.05, c, "")
        if many or numbered:
            return Asked(cost, c, self._counted(mention, column, many, bool(bound)))
        return Asked(cost, c, "")

    def _counted(self, mention: Mention, column: Column, many: bool, one: bool) -> Figure:
        """What "how many points" and "the number of points" ask for; `one`: of one row, likely."""
        if "digits" in column.kinds and many and column.field.type == "text":
            return ""
        if not self._adds(column) or column.kinds & {"year", "date"} or column.field.role in ("key", "foreign_key"):
            return "count"
        if not many or not one:
            return "number"
        after = self.keys[mention.end : mention.end + 1]
        return "count" if (after and after[0] in ("have", "has", "had")) or column.is_empty else ""

    def _adds(self, column: Column) -> bool:
        return column.is_number or column.is_empty

    def _orders(self, column: Column) -> bool:
        told = bool(column.kinds & {"year", "date"}) and column.field.type != "text"
        return column.is_number or column.is_empty or told

    def _before(self, mention: Mention) -> list[str]:
        """The words just before a mention, back to one that starts something else."""
        found: list[str] = []
        for n in range(mention.start - 1, max(-1, mention.start - 6), -1):
            if self.words[n + 1].pause or self.found.left(n) >= costs.NOUN_LEFT:
                break
            found.insert(0, self.keys[n])
            if self.keys[n] in ("what", "which", "when", "where", "who", "name", "with", "has", "have", "had"):
                break
        return found

    def _extreme(self, mention: Mention, covered: set[int]) -> Literal["max", "min", ""]:
        own = self.keys[mention.start]
        if own.endswith("est") and self.words[mention.start].lemma != own:
            return "min" if own in LISTS["lightest"] else "max"
        near = []
        for n in range(mention.start - 1, max(-1, mention.start - 5), -1):
            if n in covered or self.found.left(n) >= costs.NOUN_LEFT or self.words[n + 1].pause:
                break
            near.append(n)
        for n in near:
            key = self.keys[n]
            if key in ("fastest", "quickest", "slowest"):
                lasts = any("time" in self.columns[c].kinds for c, _ in mention.columns[:1])
                return "min" if lasts is (key != "slowest") else "max"
            if key in _LEAST or key in LISTS["lightest"]:
                return "min"
            if key in _MOST or is_superlative(self.words[n]):
                return "max"
        return ""

    # --- what is not named -------------------------------------------------------------------------------------------

    def _implied(self, way: Way, bound: set[int], covered: set[int], spare: float) -> Iterable[Asked]:
        where = any(p.where is not None for p in way.pieces)
        for start, kind, cost in self.anchors:
            if kind == "how many" and where:
                odd = start < len(self.words) and self.found.left(start) >= costs.NOUN_LEFT
                yield Asked(cost + spare + 0.1 + (costs.ODD if odd else 0.0), -1, "count")
            wanted = {"who": "person", "where": "place", "when": "date"}.get(kind)
            for rank, c in enumerate(self._of_kind(wanted, bound) if wanted and where else ()):
                yield Asked(cost + spare + 0.1 + 0.1 * rank, c, "")
            if kind == "what" and where and (self._asks_name(start) or self._names_rows(start)):
                for rank, c in enumerate(self._of_kind("name", bound)):
                    yield Asked(cost + spare + costs.IMPLIED + 0.1 * rank, c, "")

    def _of_kind(self, kind: str, bound: set[int]) -> list[int]:
        found = [c for c, column in enumerate(self.columns) if kind in column.kinds and c not in bound]
        if not found and kind == "date":
            found = [c for c, column in enumerate(self.columns) if "year" in column.kinds and c not in bound]
        if kind == "person":
            for other in ("opponent", "name", "group"):
                found += [
                    c for c, k in enumerate(self.columns) if other in k.kinds and c not in bound and c not in found
                ]
        return found[:3]

    def _names_rows(self, start: int) -> bool:
        """ "which swimmer had …": a noun that no column is called by, right after "which"."""
        return self.keys[start - 1] == "which" and start < len(self.keys) and self.found.left(start) == costs.NOUN_LEFT

    def _asks_name(self, start: int) -> bool:
        """What is asked for is what the rows are, or their name."""
        for n in range(start, min(len(self.keys), start + 5)):
            key, word = self.keys[n], self.words[n]
            if {key, word.lemma} & LISTS["rows"]:
                return True
            if key not in LIGHT and self.found.left(n):
                return False
        return False
