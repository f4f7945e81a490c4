"""What words mean, as a question's instructions or the business's glossary say it: each meaning is read by itself, then
the question is read with a made-up name in place of the words, and its request put in what they mean.

The question is never rewritten in long phrases, so what is said after a word ("MRR by plan above 500") stays about it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.analyst.meanings.formula import Formula
from assistant.analyst.meanings.kinds import head_of, read_kind, thing
from assistant.analyst.meanings.overlay import Figure, Kind, PerRow, Told, in_plain, overlaid
from assistant.analyst.meanings.parted import as_zero
from assistant.analyst.meanings.told import Meaning, is_figure, is_short, taken_apart
from assistant.analyst.meanings.values import Row, in_percent
from knowledge.model import GlossaryTerm
from knowledge.request import Aggregate, Arithmetic, Request
from knowledge.words import plural, singular

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_LETTERS = "abcdefghijklmnop"
_RATE = re.compile(r"\b(?:rate|share|margin|compliance|occupancy|utili[sz]ation)\b", re.I)
_PERCENT = re.compile(r"\b(?:percentage|percent|pct)\b|%", re.I)
_OF_ROWS = re.compile(
    r"\b(?:average|mean|median|avg|highest|lowest|longest|shortest|largest|smallest|maximum|minimum|max|min|typical)"
    r"(?: \w+)?\s*$", re.I,
)  # fmt: skip
_IN_ALL = re.compile(r"\b(?:total|overall|sum of(?: the)?)\s*$", re.I)
_HOW_MUCH = re.compile(r"\bhow (?:much|high|big|large|good|low) (?:is|was|are|were) (?:the |our )?$", re.I)
_MEAN = re.compile(r"\b(?:average|mean)\s*$", re.I)


@dataclass(frozen=True)
class Understood:
    """`question`, with made-up names, is for `reader`."""

    question: str
    reader: Reader
    told: tuple[Told, ...]
    names: dict[str, str]
    rest: tuple[str, ...]
    """What else is said that bears on the question."""
    what: str = ""
    """The words that the meanings are said in."""

    def plainly(self, request: Request) -> Request:
        """Raises NotHere."""
        return in_plain(request, self.told)

    def as_said(self, text: str) -> str:
        for name, said in self.names.items():
            text = text.replace(name, said)
        return text


def with_glossary(question: str, unread: Sequence[str], glossary: Sequence[GlossaryTerm]) -> str:
    """What the business's glossary says of the words of a question that could not be read; nothing where the question
    asks what a word means.

    >>> from knowledge.model import GlossaryTerm
    >>> with_glossary("big orders by town", ["big"], [GlossaryTerm("big order", "An order above 100.")])
    'big order: An order above 100.'
    """
    if _ASKS_MEANING.search(question):
        return ""
    words = {singular(w.lower()) for text in unread for w in text.split()}
    names = [(name, entry.meaning) for entry in glossary for name in (entry.term, *entry.synonyms)]
    return "\n".join(f"{name}: {what}" for name, what in names if words & {singular(w) for w in name.lower().split()})


_ASKS_MEANING = re.compile(r"\b(?:means?|meaning|meant|define\w*|definition|stands? for)\b", re.I)


def understood(question: str, instructions: str, reader: Reader) -> Understood | Meaning | None:
    """None where the question uses no word that is defined; the meaning that can't be read, where there is one."""
    from assistant.analyst.reader import Reader as Reads

    meanings, rest = taken_apart(instructions)
    used = _used(question, meanings)
    if not used:
        return None
    others = {note for meaning in meanings if meaning not in used for note in meaning.notes}
    rest = [sentence for sentence in rest if sentence not in others]
    told: list[Told] = []
    names: dict[str, str] = {}
    reading = reader
    known: list[tuple[Meaning, Told]] = []
    for n, meaning in enumerate(used[: len(_LETTERS)]):
        what = meaning.what
        for other, one in known:
            what = _named(what, other, one, reading)
        one_of = _read(replace(meaning, what=what), f"Qz{_LETTERS[n]}w", question, reading)
        if one_of is None:
            return meaning
        told.append(one_of)
        known.append((meaning, one_of))
        names[one_of.name] = meaning.said[0]
        reading = Reads(overlaid(reader.workspace, tuple(told)))
    asked = question
    for meaning, one in reversed(known):
        asked = _again(_named(asked, meaning, one, reading), meaning, one)
    return Understood(asked, reading, tuple(told), names, tuple(rest), " ".join(m.what for m in used))


def _used(question: str, meanings: list[Meaning]) -> list[Meaning]:
    """The meanings whose words the question uses, and those that these use, before them."""
    found: list[Meaning] = []

    def add(meaning: Meaning, above: tuple[Meaning, ...]) -> None:
        if meaning in found or meaning in above:
            return
        for other in meanings:
            if other is not meaning and other.pattern.search(meaning.what):
                add(other, (*above, meaning))
        found.append(meaning)

    for meaning in meanings:
        if meaning.pattern.search(question) or (meaning.noun and _predicate(meaning).search(question)):
            add(meaning, ())
    return found


def _predicate(meaning: Meaning) -> re.Pattern[str]:
    """ "invoices that are overdue", of "overdue invoice"."""
    adjective = " ".join(meaning.said[0].split()[:-1]) or meaning.said[0]
    return re.compile(rf"(?i)(?P<is>\b(?:is|are|was|were|not|been|has|have|had) ){re.escape(adjective)}\b")


def _read(meaning: Meaning, name: str, question: str, reader: Reader) -> Told | None:
    if meaning.kind or (meaning.kind is None and not is_figure(meaning.what)):
        kind = read_kind(meaning, reader)
        if kind is not None:
            return Kind(name, *kind)
        if meaning.kind:
            return None
    formula = Formula(reader, zero=as_zero(meaning.text))
    value = formula.read(meaning.what)
    if value is None:
        return None
    rate = _in_percent(meaning, question)
    where = meaning.pattern.search(question)
    before = question[: where.start()] if where else ""
    if isinstance(value, Row):
        ratio = getattr(value.value, "op", None) == "/" and not value.adds_up and value.unit is None
        if _OF_ROWS.search(before) or not ratio:
            return PerRow(name, value.dataset, value.value, value.where, value.adds_up, value.unit)
        args = value.value.args  # type: ignore[union-attr]
        sides = [Aggregate(agg="sum", of=a, dataset=value.dataset, where=list(value.where)) for a in args]
        value = Arithmetic(op="/", left=sides[0], right=sides[1])
    if rate:
        value = in_percent(value)
    percent = isinstance(value, Arithmetic) and value.op == "percent"
    return Figure(name, value, percent)  # type: ignore[arg-type]


def _in_percent(meaning: Meaning, question: str) -> bool:
    """Whether a ratio is meant in percent: a rate, as people call one; a formula of a name in capitals is as it is
    written."""
    if _PERCENT.search(" ".join(meaning.said)) or re.search(r"\d ?%|\bpercent", question):
        return True
    if re.match(r"(?:the )?ratio\b", meaning.what, re.I):
        return False
    return not any(is_short(said) for said in meaning.said) and any(_RATE.search(said) for said in meaning.said)


def _named(text: str, meaning: Meaning, one: Told, reader: Reader) -> str:
    """The text with the made-up name for the words."""
    if not isinstance(one, Kind):
        made, at = "", 0
        for match in meaning.pattern.finditer(text):
            before = text[at : match.start()]
            if isinstance(one, Figure):
                before = _HOW_MUCH.sub("What is the ", _IN_ALL.sub("", before))
                before = (
                    _MEAN.sub("", before) if isinstance(one.measure, Aggregate) and one.measure.agg == "avg" else before
                )
            made += before + one.name
            at = match.end()
            if longer := re.match(r"\s*\([^()]*\)", text[at:]):
                at += longer.end()
        return made + text[at:]
    label = reader.schema.model.dataset(one.dataset).label or one.dataset
    head = head_of(meaning)
    ends_with_thing = thing(head, reader) == one.dataset

    def put(match: re.Match[str]) -> str:
        several = match.group().lower().endswith("s") or singular(match.group()) != match.group()
        said = match.group().split()
        if ends_with_thing and len(said) > 1:
            return f"{one.name} {said[-1]}"
        return f"{one.name} {plural(label) if several else label}"

    if not ends_with_thing:
        text = _as_things(text, meaning, one, reader)
    text = meaning.pattern.sub(put, text)
    if not ends_with_thing:
        return text
    return _predicate(meaning).sub(lambda m: f"{_BE.get(m['is'].strip().lower(), m['is'].strip())} {one.name}", text)


def _as_things(text: str, meaning: Meaning, kind: Kind, reader: Reader) -> str:
    """ "How much bad debt" is what such invoices come to; who has "a personal address" is such a user."""
    label = reader.schema.model.dataset(kind.dataset).label or kind.dataset
    amount = reader.schema.amount(kind.dataset)
    said = meaning.pattern.pattern
    if amount is not None:
        called = reader.schema.field(amount).label
        have = r"(?:,? in [\w]+,?)?(?: (?:did|do|does|have|has) [\w]+ (?:have|has|had))?"
        total = f"What is the total {called} of {kind.name} {plural(label)}"
        text = re.sub(rf"(?i:how much) (?:{said}){have}", total, text)
    return re.sub(rf"(?i:\b(?:have|has|having|with) (?:an? |the )?)(?:{said})", f"are {kind.name}", text)


_BE = {"has": "is", "have": "are", "had": "were"}


def _again(text: str, meaning: Meaning, one: Told) -> str:
    """ "What is the on-time rate …? Return the port and the rate": the rate is what was asked for."""
    first = text.find(one.name)
    if isinstance(one, Kind) or first < 0:
        return text
    unit = [one.unit] if isinstance(one, PerRow) and one.unit else []
    heads = {said.split()[-1].lower() for said in meaning.said if len(said.split()) > 1}
    heads |= {"rate", "ratio", "share", "percentage", "figure", *unit}
    said = "|".join(sorted(map(re.escape, heads)))
    after = text[first + len(one.name) :]
    again = re.compile(rf"\b(?:the|its|their) (?:{said})(?=\W*$|,|;| and )", re.I)
    return text[: first + len(one.name)] + again.sub(one.name, after)


def read_otherwise(meaning: Meaning) -> bool:
    """Whether a meaning is put into the question in words: a rank, what is latest, a period in SQL, values."""
    return _OTHERWISE.search(meaning.what) is not None or _LISTED.match(meaning.what) is not None


_OTHERWISE = re.compile(r"\b(?:rank\w*|most recent|latest|newest|last)\b|\b(?:CURRENT_DATE|DATE_TRUNC|INTERVAL|NOW)\b")

_LISTED = re.compile(r"^[\w-]+(?: [\w-]+)?(?:, [\w-]+(?: [\w-]+)?)*,? (?:and|or) [\w-]+(?:;.*)?$")

__all__ = ["Meaning", "Understood", "read_otherwise", "understood", "with_glossary"]
