"""The sentences that hold whatever is asked, put into a request: which rows count, and by which date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from assistant.analyst.meanings.dates import date_of, dated, says_years
from assistant.analyst.meanings.limits import is_limit, limited_to
from assistant.analyst.meanings.told import Meaning, taken_apart
from assistant.analyst.terms import asked_about
from knowledge.request import Request

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader


def standing(
    request: Request, sentences: Iterable[str], question: str, reader: Reader
) -> tuple[Request, tuple[str, ...], tuple[str, ...]]:
    """The request with what the sentences say; those that bear on it and can't be followed; and those that say nothing
    of what is asked."""
    missed: list[str] = []
    left: list[str] = []
    for sentence in sentences:
        if is_limit(sentence):
            request, settled = limited_to(request, sentence, reader)
            missed += [] if settled else [sentence]
        elif (field := date_of(sentence, reader)) is not None:
            request = dated(request, field, reader)
        elif says_years(sentence):
            continue
        elif asked_about(sentence, question) or _headed(sentence, question):
            missed.append(sentence)
        else:
            left.append(sentence)
    return request, tuple(missed), tuple(left)


def _headed(sentence: str, question: str) -> bool:
    """ "Age groups: …", where the question is by age group."""
    head = re.match(r"^([\w' -]{3,40}):", sentence.strip())
    return head is not None and Meaning((head[1].strip(),), "", None).pattern.search(question) is not None


def beside(question: str, instructions: str) -> frozenset[str]:
    """The sentences that only go on about a word which the question does not use."""
    meanings, _ = taken_apart(instructions)
    return frozenset(n for m in meanings if not m.pattern.search(question) for n in m.notes)
