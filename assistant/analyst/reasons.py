"""Why something is done, where the reasons are written down: "why do members cancel?" of rows that have a cancel
reason. (Why a figure moved is another question: `tools.explain` answers it.)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.analyst.english import LISTS
from assistant.analyst.schema import Schema
from knowledge.profile.sayings import deeds
from knowledge.words import lemma, one_stem, plural

_MAIN = r"(?:(?:main|biggest|top|usual|most common|common|primary)\s+)*"
_WHY = re.compile(
    r"^\W*(?:(?:so|and|but|ok)\s+)?"
    r"(?:(?:why|for what reasons?|how come)\s+(?:do|does|did|are|is|were|was|have|has)?\b"
    rf"|(?:what\s+(?:are|is|were|was)\s+)?(?:the\s+|our\s+)?{_MAIN}reasons?\s+(?:for|why|that|behind|of)\b"
    rf"|what\s+(?:are|were)\s+(?:the\s+)?{_MAIN}reasons\b)"
    r"\s*(?P<rest>.+?)[?.!\s]*$",
    re.I,
)
_MOVES, _NOBODY = LISTS["moves"], LISTS["nobody"]
_REASONS = frozenset(["reason", "cause"])
_GOES_ON = re.compile(
    r"(?:this|last|in|at|by|during|since|for|from|on|today|yesterday|with|among|of|within|between)\b", re.I
)


def as_written_down(question: str, schema: Schema) -> str | None:
    """The question as one for the most common reasons; None if no field tells them, or it asks why a figure moved."""
    asked = _WHY.match(question)
    if asked is None:
        return None
    words = re.findall(r"[\w'-]+", asked["rest"])
    told = list(_told(schema))
    labels = [next((label for deed, label in told if one_stem(_deed(w), deed)), None) for w in words]
    at = next((n for n, label in enumerate(labels) if label), None)
    if at is None or any(lemma(w.lower()) in _MOVES for n, w in enumerate(words) if n != at):
        return None
    before, after = words[:at], words[at + 1 :]
    done = words[at].lower()
    if lemma(done) in _MOVES and not (before[-1:] in (["we"], ["they"], ["you"]) or done.endswith(("ing", "ed"))):
        return None  # "why did sales decline?"
    said = " ".join(w for w in before if lemma(w.lower()) not in _NOBODY)
    rest = " ".join(w for w in after if w.lower() not in ("them", "it", "us", "people", "things"))
    return f"most common {plural(str(labels[at]))}{_of(said)}{_of(rest)}"


def _of(said: str) -> str:
    if not said:
        return ""
    return f" {said}" if _GOES_ON.match(said) else f" for {said}"


def _deed(word: str) -> str:
    """What is done: "cancel" of cancellations, cancelled."""
    known = lemma(word.lower())
    return deeds().get(known, known)


def _told(schema: Schema) -> Iterator[tuple[str, str]]:
    """The stems of what is done for a reason, with the label of the field that tells it."""
    for dataset in schema.model.datasets:
        for field in dataset.fields:
            label = (field.label or field.name).lower()
            if field.role != "category" or not _REASONS & set(label.split()):
                continue
            others = [w for w in label.split() if w not in _REASONS]
            for word in others or (dataset.label or dataset.name).lower().split():
                yield _deed(word), label if others else f"{dataset.label} {label}"
