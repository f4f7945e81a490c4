"""The text of a definition taken apart: at brackets, quotes, signs, and the commas after which it is said what it is
over or without."""

from __future__ import annotations

import re

from knowledge.request import Number

GOES_WITHOUT_SAYING = re.compile(
    r"^(?:(?:for|over|in) (?:the|a) (?:given|chosen|selected|specified) .*|weeks? (?:start|begin|run)s? (?:on"
    r"|from) monday.*|that day included|matched case-insensitively|(?:and "
    r"|with |where |the [\w ]+ (?:having|getting|has|gets) )?(?:the )?rank 1\b.*|1 (?:=|is|being) .*|.*\b(?:having"
    r"|getting|has|gets) "
    r"(?:the )?(?:rank 1|top rank|first rank)|[\w ]+ with the same [\w ]+ share a rank|summed(?: up)?|added up"
    r"|in total|all told|all together|both (?:days |dates )?included|inclusive|rounded.*"
    r"|(?:in|as|expressed in|expressed as|given in) (?:an? |whole )?(?:percent\w*|%|dollars?|euros?|pounds?|usd|eur"
    r"|gbp|days|hours"
    r"|minutes|years|ratio|number|fraction|decimal)|over all time|of all time|ever|so far|to date)$", re.I,
)  # fmt: skip
_MISSING = re.compile(
    r"(?:missing|no|empty|null|without)\b[^.;]*\b(?:zero|0|nothing|none|no \w+)\b|\bzero (?:if|when|where)\b", re.I
)


def as_zero(text: str) -> bool:
    """Whether a definition says that what is missing is nothing: "a missing discount counts as zero"."""
    return _MISSING.search(text) is not None


def as_number(text: str) -> Number | None:
    """ "1,000", "2.5 %"; None where it is more than a number."""
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)( ?%)?", text)
    if found is None:
        return None
    value = float(found[1].replace(",", ""))
    return Number(value=value / 100 if found[2] else value)


def balanced(text: str) -> bool:
    """Every bracket that is opened is closed, and no other is."""
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def unwrapped(text: str) -> str:
    """Without the brackets that the whole stands in."""
    return text[1:-1].strip() if text[:1] == "(" and text[-1:] == ")" and balanced(text[1:-1]) else text


def flat(text: str) -> str:
    """Without what is in brackets or quotes."""
    return re.sub(r"\([^()]*\)|'[^']*'|\"[^\"]*\"", "", text)


def apart(text: str) -> str:
    """seatsPurchased: seats purchased"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)


def _outside(text: str) -> list[bool]:
    """For each letter, whether it is outside all brackets and quotes."""
    found, depth, quote = [], 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
            found.append(False)
            continue
        if letter in '"' or (letter == "'" and not (at and text[at - 1].isalpha())):
            quote = letter
        depth += letter in "(["
        found.append(depth == 0 and not quote)
        depth -= letter in ")]"
    return found


def split(text: str, by: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """The parts between signs that stand outside brackets and quotes, and the signs: one fewer."""
    outside = _outside(text)
    parts, signs, at = [], [], 0
    for match in by.finditer(text):
        if outside[match.start()] and outside[match.end() - 1]:
            parts.append(text[at : match.start()])
            signs.append(match.group())
            at = match.end()
    return [*parts, text[at:]], signs


def head_and_tails(text: str) -> tuple[str, list[str]]:
    """A formula, and what is said of it after commas: what it is over, what is left out, what goes without saying."""
    if (said := re.search(r"\s+\(([^()]*)\)$", text)) and _is_tail(said[1]):
        head, more = head_and_tails(text[: said.start()])
        return head, [*more, said[1]]
    parts, _ = split(text, re.compile(r"[;,]\s+"))
    tails: list[str] = []
    while len(parts) > 1 and _is_tail(parts[-1]):
        tails.insert(0, parts.pop().strip())
    return (", ".join(parts), tails) if tails else (text, [])


_A_TAIL = re.compile(
    r"^(?:and )?(?:only|just|counting|considering|taking|including|looking|over|for|among|exclud\w+|ignor\w+|without"
    r"|not "
    r"counting|leaving out|except|but not|a missing|missing|an empty|no)\b|\b(?:only|alone|excluded|left out|ignored"
    r"|not "
    r"(?:counted|included|considered)|do(?:es)? not count|don't count|disregarded|never counted)(?: entirely)?$",
    re.I,
)


def _is_tail(text: str) -> bool:
    text = re.sub(r"\s*\([^()]*\)$", "", text.strip())
    return bool(GOES_WITHOUT_SAYING.match(text) or _A_TAIL.search(text) or as_zero(text))
