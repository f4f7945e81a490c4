"""How long something took, as a definition says it: "hours from openedAt to closedAt", "the number of days between
submission and payment", "days from the injury until today"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from knowledge.request import Calc, Compare, Condition, Literal_, Operand
from knowledge.words import lemma

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_SPAN = re.compile(
    r"^(?:the )?(?:number of |count of )?(?:(?:calendar |full |whole |elapsed )?(?P<unit>days?|hours?|minutes?"
    r"|seconds?|years?)"
    r"|(?P<other>time|difference|gap|duration))(?: \(?in (?P<in>days|hours|minutes|seconds|years)\)?)?(?: that "
    r"(?:pass|elapse|go by))?"
    r",? (?P<how>from|between|since) (?:the )?(?P<a>.+?) (?:to|until|till|and|up to) (?:the )?(?P<b>.+?)"
    r"(?:,? (?:\(?in|expressed in) (?P<in2>days|hours|minutes|seconds|years)\)?)?$",
    re.I,
)
_SPOKEN = re.compile(
    r"^(?P<b>[\w ]+?) (?:minus|-|less) (?P<a>[\w ]+?)(?:,? in (?P<in>days|hours|minutes|years))$", re.I
)
_STEM = 5
_LIGHT = frozenset(
    ["the", "date", "time", "of", "a", "an", "its", "their", "day", "at", "on", "when", "was", "is", "it", "moment"]
)


@dataclass(frozen=True)
class Span:
    dataset: str
    value: Operand
    unit: str


def duration(text: str, reader: Reader) -> Span | None:
    found = _SPAN.match(text.strip())
    spoken = None if found else _SPOKEN.match(text.strip())
    match = found or spoken
    if match is None:
        return None
    told = match.groupdict()
    unit = (told.get("unit") or told.get("in") or told.get("in2") or "").lower().rstrip("s")
    if not unit and told.get("other") not in ("time", "duration", "gap"):
        return None
    unit = unit or "day"
    end_now = re.fullmatch(r"(?:today|now|the present(?: day)?)", match["b"].strip(), re.I)
    start = moment(match["a"], reader, None)
    if start is None:
        return None
    dataset = start.partition(".")[0]
    end: Operand | None = (
        Literal_(value=reader.workspace.calendar.today) if end_now else moment(match["b"], reader, dataset)
    )
    if end is None:
        return None
    if isinstance(end, str) and end.partition(".")[0] != dataset:
        other = end.partition(".")[0]
        seeing = reader.schema.seeing(dataset, other)
        if seeing is None:
            return None
        dataset = seeing
    op: Literal["days_between", "hours_between", "minutes_between", "seconds_between", "years_between"] = _OPS[unit]
    return Span(dataset, Calc(op=op, args=[start, end]), f"{unit}s")


_OPS: dict[str, Literal["days_between", "hours_between", "minutes_between", "seconds_between", "years_between"]] = {
    "day": "days_between", "hour": "hours_between", "minute": "minutes_between", "second": "seconds_between",
    "year": "years_between",
}  # fmt: skip


def moment(text: str, reader: Reader, near: str | None) -> str | None:
    """The time that the words name: by a word of its name that begins alike ("submission": submitted)."""
    from assistant.analyst.lexicon import content

    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text).lower()
    words = [w for w in re.findall(r"[a-z]+", apart) if w not in _LIGHT]
    if not words:
        return None
    schema = reader.schema
    exact = [k for k in reader.lexicon.links(content(apart)) if k.kind == "field" and schema.is_time(k.target)]
    if exact and exact[0].score > 0.75 and (near is None or schema.seeing(near, schema.owner(exact[0].target))):
        return exact[0].target
    best: tuple[float, str] | None = None
    for dataset in schema.model.datasets:
        if near is not None and schema.seeing(near, dataset.name) is None:
            continue
        own = schema.noun(dataset.name)
        for field in dataset.fields:
            if field.type not in ("date", "timestamp"):
                continue
            label = [w for w in (field.label or field.name).lower().split() if w not in _LIGHT]
            hit = sum(any(_alike(w, n) for n in label) for w in words)
            named = sum(w in own or w.rstrip("s") in own for w in words)
            if not hit or hit + named < len(words):
                continue
            score = hit + 0.5 * named - 0.1 * len(label) + (0.3 if near == dataset.name else 0.0)
            if best is None or score > best[0]:
                best = (score, f"{dataset.name}.{field.name}")
    return best[1] if best else None


def _alike(a: str, b: str) -> bool:
    size = min(_STEM, len(a), len(b))
    return a[: max(size, 3)] == b[: max(size, 3)] and (size >= 4 or a == b or min(len(a), len(b)) == size)


_DONE = re.compile(r"\b(?P<not>not (?:yet )?|never |un|non-?)?(?P<verb>[a-z]{2,}(?:ed|id|en|nt))\b", re.I)


def done(text: str, dataset: str, where: tuple[Condition, ...], reader: Reader) -> tuple[Condition, ...]:
    """What a participle before a noun says of when something was done: "paid orders" have been paid, "unpaid" ones not.

    Nothing where a condition was read from the word already, or no time is kept of it."""
    schema = reader.schema
    found: list[Condition] = []
    for match in _DONE.finditer(text):
        verb = lemma(match["verb"].lower())
        times = [
            f"{dataset}.{f.name}"
            for f in schema.model.dataset(dataset).fields
            if f.type in ("date", "timestamp") and f.nulls > 0
            and any(w == match["verb"].lower() or lemma(w) == verb for w in (f.label or f.name).lower().split())
        ]  # fmt: skip
        after = text[match.end() :].split()[:2]
        noun = any(lemma(w.strip(",.;").lower()) in schema.noun(dataset) for w in after)
        told = f'"{times[0]}"' in _said(where) or match["verb"].lower() in _said(where).lower() if times else True
        if len(times) == 1 and noun and not told:
            found.append(Compare(field=times[0], op="is_null" if match["not"] else "not_null"))
    return tuple(found)


def _said(where: tuple[Condition, ...]) -> str:
    return " ".join(c.model_dump_json() for c in where)
