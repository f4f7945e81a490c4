"""What instructions say of the rows to count, whatever is asked: "always exclude cancelled orders", "test accounts
never count", "only report depots with at least 4 drivers", "leave out listings without a brand"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.analyst.meanings.phrases import Phrases
from assistant.analyst.rows_read import read_by
from knowledge.request import All, Condition, Not, Request

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_VERB = r"(?:report|count|include|show|list|consider|return|use|take|look at)"
_ONLY = re.compile(
    rf"^(?:please |always |by default,? |note that |we |you should |they )*(?:(?:only|just) (?:ever )?{_VERB} "
    rf"(?P<a>.+?)|{_VERB} only "
    rf"(?P<b>.+?)"
    rf"|only (?P<c>.+?) (?:are |should be |must be |is |do |to be )*(?:count(?:s|ed)?|included?|reported|considered"
    rf"|shown|used|relevant|matter)"
    rf"(?: at all| here)?|(?:restrict|limit) (?:everything|all (?:figures|questions|counts)|the data|it) to "
    rf"(?P<d>.+?))$",
    re.I,
)
_LEAVE = re.compile(
    rf"^(?:please |always |by default,? |note that |we |you should |they )*(?:(?:exclude|ignore|omit|disregard"
    rf"|leave out|skip|drop"
    rf"|filter out|remove|leave aside)"
    rf"(?: any| all| the)* (?P<a>.+?)|(?:never|do not|don't) (?:ever )?{_VERB}(?: any| all| the)* (?P<b>.+?)"
    rf"|(?P<c>.+?) (?:are|is|must be|should be|have to be|get) (?:always |to be |never )*(?:excluded|ignored"
    rf"|left out|disregarded|omitted"
    rf"|not (?:counted|included|considered|reported|shown)|never (?:counted|included|considered|reported|shown))"
    rf"(?: entirely| from .+| as .+)?"
    rf"|(?P<d>.+?) (?:are|is) (?:not|never) (?:to be )?(?:counted|included|considered|reported|shown)(?: as .+)?"
    rf"|(?P<e>.+?) (?:do|does|must|should)(?: not|n't| never) (?:count|be (?:counted|included|considered|shown))"
    rf"(?: as .+)?"
    rf"|(?P<f>.+?) never counts?(?: as .+)?)$",
    re.I,
)
_EVERYWHERE = re.compile(
    r",? (?:everywhere|always|in all (?:figures|counts)|from (?:all|every|any) [\w ]+|by default|entirely|altogether"
    r"|at all)$",
    re.I,
)


def _found(match: re.Match[str]) -> str:
    return _EVERYWHERE.sub("", next(v for v in match.groupdict().values() if v)).strip(" ,")


def is_limit(sentence: str) -> bool:
    """
    >>> is_limit("Test accounts never count."), is_limit("Weeks start on Sunday.")
    (True, False)
    """
    text = sentence.strip(" .;!")
    return bool(_ONLY.match(text) or _LEAVE.match(text))


def limit_of(sentence: str, reader: Reader) -> tuple[str, Condition] | None:
    """The dataset that a sentence is about, and the condition that it puts on its rows; None where it can't be read."""
    text = sentence.strip(" .;!")
    leaves = _LEAVE.match(text)
    only = None if leaves else _ONLY.match(text)
    match = leaves or only
    if match is None:
        return None
    rows = Phrases(reader).rows(_found(match))
    if rows is None or not rows[1]:
        return None
    held = rows[1][0] if len(rows[1]) == 1 else All(of=list(rows[1]))
    return rows[0], Not(of=held) if leaves else held


def limited_to(request: Request, sentence: str, reader: Reader) -> tuple[Request, bool]:
    """The request with what a sentence limits it to, and whether that is settled: about other rows, or followed."""
    found = limit_of(sentence, reader)
    read = read_by(request, reader.schema)
    if found is None:
        said = {w.rstrip("s") for w in re.findall(r"[a-z]+", sentence.lower())}
        return request, not any({n.rstrip("s") for n in reader.schema.noun(d)} & said for d in read)
    dataset, condition = found
    if condition in request.where:
        return request, True
    if not any(reader.schema.belongs_to(d, dataset) for d in read):
        return request, True
    if not all(reader.schema.belongs_to(d, dataset) for d in read):
        return request, False
    return request.model_copy(update={"where": [*request.where, condition]}), True
