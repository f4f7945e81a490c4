"""What it costs to leave words of a question unread."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.analyst.english import LISTS, STOP
from assistant.analyst.lookup import costs, likeness
from assistant.analyst.lookup.columns import Mention
from assistant.analyst.lookup.words import LIGHT, Word, is_namelike

_SAID = LIGHT | LISTS["asks"] | LISTS["most"] | LISTS["least"] | LISTS["saying"] | LISTS["summings"]
_SILENT = STOP | _SAID
_GROUPING = frozenset(["per", "each", "every", "trend", "compare", "vs", "share", "growth"])
_DONE = ("ed", "en", "wn", "ld", "ne", "ot", "ht", "de", "un")
"""How participles end."""
_OF_WHICH = frozenset(["for", "from", "by", "against", "without", "except", "excluding"])
_MOSTLY = 0.6


def is_superlative(word: Word) -> bool:
    return word.key.endswith("est") and word.lemma != word.key


class Unread:
    """Knows each word's cost."""

    def __init__(self, words: Sequence[Word], mentions: Sequence[Mention], rows: frozenset[str]):
        """`rows` are the lemmas that the table's own rows are called by."""
        self.words, self.rows = list(words), rows
        rest = [w for w in self.words[1:] if w.key.isalpha()]
        self.plain = sum(w.is_capital for w in rest) <= _MOSTLY * len(rest)
        """Capitals tell names from other words here."""
        self.named = [is_namelike(self.words, n, self.plain) for n in range(len(self.words))]
        headers = {n for m in mentions if m.columns[0][1] > 0.97 for n in range(m.start, m.end)}
        self._costs = [self._cost(n, n in headers) for n in range(len(self.words))]

    def cost(self, n: int) -> float:
        return self._costs[n]

    def is_verb(self, n: int) -> bool:
        word = self.words[n]
        return word.key.endswith(("ed", "ing")) or word.lemma in LISTS["deeds"]

    def _cost(self, n: int, is_header: bool) -> float:
        word = self.words[n]
        if word.is_mark:
            return 0.0
        if word.number is not None:
            return costs.NUMBER_LEFT if word.key != "one" else 0.0
        if self._groups(n):
            return costs.GROUP_LEFT
        named = self.named[n] and word.key not in LIGHT
        if is_superlative(word):
            return 0.0
        if word.key in _SILENT or (word.lemma in _SILENT and not (named and self.plain and word.is_capital)):
            return costs.HEADER_LEFT if is_header and not {word.key, word.lemma} & _SAID else 0.0
        if {word.key, word.lemma} & (LISTS["rows"] | self.rows) and not word.quoted:
            return costs.ROW_LEFT
        if n == 0 and likeness.is_question_word(word.key):
            return 0.0
        if named:
            return costs.NAME_LEFT
        if word.lemma in LISTS["deeds"] or word.key.removesuffix("ing") in LISTS["deeds"]:
            return costs.DEED_LEFT
        if self.is_verb(n) and not self._restricts(n):
            return costs.VERB_LEFT
        return costs.NOUN_LEFT + (costs.RESTRICTS if self._restricts(n) else 0.0)

    def _restricts(self, n: int) -> bool:
        """It stands after "for", "from", "by": it says of which."""
        while n and self.words[n - 1].key in ("a", "an", "the"):
            n -= 1
        return n > 0 and self.words[n - 1].key in _OF_WHICH

    def _groups(self, n: int) -> bool:
        """The word asks for one row for each of something, which is no look-up."""
        key = self.words[n].key
        before = self.words[n - 1].key if n else ""
        if key == "by":
            return n > 0 and not before.endswith(_DONE)
        if key == "every":
            return before not in ("is", "are", "was", "were", "list", "name", "show", "give", "find")
        top = key in ("top", "bottom") and n + 1 < len(self.words) and self.words[n + 1].number is not None
        return top or key in _GROUPING
