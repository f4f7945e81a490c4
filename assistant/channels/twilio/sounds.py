"""What speech recognition writes for a business's own names: other words of the same sound, letters one by one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import jellyfish

from knowledge.words import label, synonyms
from knowledge.workspace import Workspace

_LONGEST_NAME = 4
"""Words."""
_FEWEST_SOUNDS, _FEWEST_LETTERS = 3, 4
_ALIKE = 0.7
"""Of shorter codes, so many words sound alike that the spelling has to be near, too (Jaro-Winkler, 0..1)."""
_SURE = 0.84
"""That a name was meant: "roam" and "Rome" are as near as this, "profit" and "private" (0.80) are not."""
_MOST_NAMES = 20_000
_HINTS = 200
"""Of the 500 that Twilio takes."""
_LETTERS = re.compile(r"\b(?:[A-Za-z](?:\.\s?|\s)){2,}[A-Za-z]\b\.?")
_WRITTEN = ((re.compile(r"\bper cent\b", re.I), "percent"), (re.compile(r"\bdot com\b", re.I), ".com"))


def written(heard: str) -> str:
    """As it would be typed.

    >>> written("Sales for A B C, ten per cent.")
    'Sales for ABC, ten percent'
    """
    text = _LETTERS.sub(lambda m: re.sub(r"[\s.]", "", m[0]).upper(), heard.strip())
    for pattern, replacement in _WRITTEN:
        text = pattern.sub(replacement, text)
    return text.rstrip(".!")


@dataclass(frozen=True)
class Taken:
    """What a question is taken as. Not `sure`: the name that sounds alike is written so differently that the words may
    well mean themselves."""

    question: str
    sure: bool


def by_sound(question: str, names: Iterable[str]) -> Taken | None:
    """The question with the words in it that sound as a name does, and are none, replaced by that name. None if there
    are none, or if they could be several: then nobody knows which was meant.

    >>> by_sound("sales for cheez", ["CHEESE", "BEEF"])
    Taken(question='sales for CHEESE', sure=True)
    >>> by_sound("sales in reem", ["Rome"])
    Taken(question='sales in Rome', sure=False)
    """
    known: dict[tuple[str, ...], set[str]] = defaultdict(set)
    spelled = set()
    for name in names:
        words = _words(name)
        if 1 <= len(words) <= _LONGEST_NAME:
            known[_sounds(words)].add(name)
            spelled.add(tuple(words))
    spans = list(re.finditer(r"[^\W_]+(?:'\w+)?", question))
    for size in range(min(_LONGEST_NAME, len(spans)), 0, -1):
        for at in range(len(spans) - size + 1):
            start, end = spans[at].start(), spans[at + size - 1].end()
            words = _words(question[start:end])
            if end - start < _FEWEST_LETTERS or tuple(words) in spelled:
                continue
            meant = known.get(_sounds(words), set())
            if len("".join(_sounds(words))) < _FEWEST_SOUNDS:
                meant = {name for name in meant if _alike(name, question[start:end]) >= _ALIKE}
            if not meant or (size == 1 and synonyms(words[0])):
                continue  # "profit" means itself, also where there is none
            if len(meant) > 1:
                return None
            (name,) = meant
            return Taken(f"{question[:start]}{name}{question[end:]}", _alike(name, question[start:end]) >= _SURE)
    return None


def names(workspace: Workspace) -> list[str]:
    """Stored values, as the person may see them."""
    return [entry.value for entry in workspace.values.entries[:_MOST_NAMES]]


def hints(workspace: Workspace) -> str:
    """Words that a recognizer should expect, as Twilio wants them: names of what there are figures and groups of."""
    model = workspace.model
    said = [m.label or label(m.name) for m in model.offered] + [d.label or label(d.name) for d in model.datasets]
    said += [f.label or label(f.name) for d in model.datasets for f in d.fields if not f.hidden]
    said += [entry.value for entry in workspace.values.entries[:_HINTS]]
    fit = [" ".join(re.sub(r"[^\w\s'&-]", " ", name).split())[:100] for name in said]
    return ",".join(list(dict.fromkeys(filter(None, fit)))[:_HINTS])


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def _alike(one: str, other: str) -> float:
    return float(jellyfish.jaro_winkler_similarity(one.casefold(), other.casefold()))


def _sounds(words: list[str]) -> tuple[str, ...]:
    return tuple(jellyfish.metaphone(word) or word for word in words)
