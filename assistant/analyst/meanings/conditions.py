"""Conditions that a definition writes out: "with status = 'paid' or 'sent'", "email ending in .edu", "closed within 24
hours of opening". The words that say them are taken off; the rest is the reader's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from assistant.analyst.meanings.times import moment
from knowledge.request import Calc, Compare, Condition, Scalar

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_LINK = (
    r"(?:,? ?\b(?:and|with|where|whose|having|in|for which|that have|which have|who have|that has|if)\b )?"
    r"(?:an? |the |its |their )?"
)
_FIELD = r"(?P<field>[\w]+(?: [\w]+){0,3}?)"
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|“[^”]*”)"
_EQUAL = re.compile(
    rf"{_LINK}{_FIELD} ?(?P<op>!=|<>|=|is not|are not|is|are|equals?|equal to|of|in)? ?"
    rf"(?P<values>{_VALUE}(?:(?:, | or |, or ){_VALUE})*)",
    re.I,
)
_NUMBERS = re.compile(
    rf"{_LINK}{_FIELD} (?:=|is|of|in|equal to)? ?\(?(?P<values>\d+(?:\.\d+)?(?:(?:, | or |, or )\d+(?:\.\d+)?)*"
    rf"(?![\d,.]*\d))\)?"
    rf"(?![\w%.-]| ?%)",
    re.I,
)
_SIGNED = re.compile(
    rf"{_LINK}{_FIELD} ?(?P<op>>=|<=|>|<|≥|≤|!=|<>|=) ?(?P<values>\d[\d,]*(?:\.\d+)?)(?![\w%.-]| ?%)", re.I
)
_COMPARED = re.compile(
    rf"{_LINK}{_FIELD} (?:is |are |was |were |of |being )?(?P<op>over|above|more than|greater than|higher than"
    rf"|exceeding|exceeds"
    r"|at least|no less than|not less than|under|below|less than|fewer than|lower than|at most|no more than|up to) "
    r"(?P<values>\d[\d,]*(?:\.\d+)?|zero)(?![\w%.-]| ?%| [a-z]+ (?:ago|before|after))",
    re.I,
)
_LIKE = re.compile(
    rf"{_LINK}{_FIELD} (?:that |which )?(?P<how>ends? (?:in|with)|ending (?:in|with)|starts? with|starting with"
    rf"|begins? with"
    rf"|beginning with|contains?|containing|includes?) (?P<values>{_VALUE}|[@.]?[\w.-]+)(?![\w-])",
    re.I,
)
_WITHIN = re.compile(
    r"(?:,? ?\b(?:and|that|which|who) )?(?:was |were |is |are )?(?P<b>\w+) (?P<not>not )?within (?P<n>\d+|one|two"
    r"|three) "
    r"(?P<unit>second|minute|hour|day)s? (?:of|after|from) (?:being |the |its |their )?(?P<a>\w+(?: \w+)?)$",
    re.I,
)
_SMALL = {"one": 1, "two": 2, "three": 3}
Op = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not_in", "starts_with", "ends_with", "contains"]
_SIGNS: dict[str, Op] = {
    ">": ">", "<": "<", ">=": ">=", "<=": "<=", "over": ">", "above": ">", "more than": ">", "greater than": ">",
    "higher than": ">", "exceeding": ">", "exceeds": ">", "at least": ">=", "no less than": ">=", "not less than": ">=",
    "under": "<", "below": "<", "less than": "<", "fewer than": "<", "lower than": "<", "at most": "<=",
    "no more than": "<=", "up to": "<=",
}  # fmt: skip
_OF_MANY = frozenset(["average", "mean", "total", "median", "number", "sum", "highest", "lowest", "maximum", "minimum"])
"""What is said of several rows is no condition on one."""
_COMPARING = frozenset(
    ["least", "most", "than", "over", "under", "above", "below", "more", "less", "fewer", "up", "within"]
)
_OPS: dict[str, Op] = {"≥": ">=", "≤": "<=", "<>": "!=", "is not": "!=", "are not": "!="}


def conditions(text: str, reader: Reader) -> tuple[str, tuple[Condition, ...] | None]:
    """The text without the conditions that it writes out, and these."""
    found: list[Condition] = []
    if match := _WITHIN.search(text):
        made = _within(match, reader)
        if made is not None:
            found.append(made)
            text = text[: match.start()]
    for pattern in (_LIKE, _EQUAL, _SIGNED, _COMPARED, _NUMBERS):
        for match in list(pattern.finditer(text)):
            if match.group() not in text:
                continue
            condition, kept = _written(match, pattern, reader)
            if condition is not None:
                found.append(condition)
                text = text.replace(match.group(), kept, 1)
    return re.sub(r"\s+", " ", text).strip(" ,"), tuple(found)


def owners(found: Iterable[Condition]) -> set[str]:
    return {c.field.partition(".")[0] for c in found if isinstance(c, Compare) and isinstance(c.field, str)}


def _written(match: re.Match[str], pattern: re.Pattern[str], reader: Reader) -> tuple[Condition | None, str]:
    """The condition, and the words before its field, which stay."""
    told = match.groupdict()
    raw = [v.strip("'\"“” ") for v in re.findall(rf"{_VALUE}|[^\s,'\"“”]+", told["values"]) if v not in ("or", ",")]
    if pattern in (_SIGNED, _COMPARED):
        raw = [told["values"]]
    elif pattern is _NUMBERS:
        raw = re.split(r",? or |, ", told["values"])
    words = told["field"].split()
    for at in range(len(words)):
        field = named(" ".join(words[at:]), reader, numbers=pattern in (_NUMBERS, _SIGNED, _COMPARED))
        if field is None:
            continue
        kept = " ".join(words[:at])
        said = {w.lower() for w in words}
        if _OF_MANY & said or _COMPARING & said:
            return None, ""
        kind = reader.schema.field(field).type
        if pattern is _LIKE:
            how = told["how"].lower()
            like: Op = "ends_with" if how.startswith("end") else "starts_with" if how[0] in "sb" else "contains"
            return (Compare(field=field, op=like, value=raw[0]), kept) if kind == "text" else (None, "")
        if pattern in (_NUMBERS, _SIGNED, _COMPARED):
            values: list[Scalar] = [0.0 if v.lower() == "zero" else float(v.replace(",", "")) for v in raw]
        elif kind == "boolean":
            values = [v.lower() in ("yes", "y", "true", "t", "1") for v in raw]
        else:
            values = list(raw)
        op: Op = _OPS.get((told.get("op") or "=").lower(), "=")
        if pattern in (_SIGNED, _COMPARED) and told["op"].lower() in _SIGNS:
            op = _SIGNS[told["op"].lower()]
        if len(values) > 1:
            return Compare(field=field, op="not_in" if op == "!=" else "in", value=values), kept
        return Compare(field=field, op=op, value=values[0]), kept
    return None, ""


def named(text: str, reader: Reader, *, numbers: bool = False) -> str | None:
    """The field that is called so."""
    from assistant.analyst.lexicon import content

    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    links = [
        k for t in (text, apart) for k in reader.lexicon.links(content(t)) if k.kind == "field" and k.score >= 0.75
    ]
    kept = [k for k in links if reader.schema.is_number(k.target) == numbers and not reader.schema.is_time(k.target)]
    best = max(kept, key=lambda k: (k.exact, round(k.score, 2)), default=None)
    return best.target if best and (best.exact or best.score > 0.85) else None


def _within(match: re.Match[str], reader: Reader) -> Condition | None:
    end = moment(match["b"], reader, None)
    start = moment(match["a"], reader, end.partition(".")[0]) if end else None
    if end is None or start is None or start == end:
        return None
    unit = match["unit"].lower()
    number = float(_SMALL.get(match["n"].lower(), 0) or match["n"])
    lasted = Calc(op=f"{unit}s_between", args=[start, end])  # type: ignore[arg-type]
    return Compare(field=lasted, op=">" if match["not"] else "<=", value=number)
