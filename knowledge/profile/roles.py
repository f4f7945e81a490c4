"""What a column is for: a key, a name, a category, a quantity that adds up, or one that does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from knowledge.model import Additivity, Role
from knowledge.profile.columns import ColumnFacts
from knowledge.words import is_english, is_proper, listed, rows, singular, split

_UNITS = {
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "jpy": "JPY", "inr": "INR", "cad": "CAD", "aud": "AUD", "chf": "CHF",
    "dollar": "USD", "euro": "EUR", "cent": "cents", "percent": "percent", "percentage": "percent", "pct": "percent",
    "kg": "kg", "lb": "lb", "lbs": "lb", "gram": "g", "km": "km", "mile": "miles", "meter": "m", "cm": "cm", "mm": "mm",
    "feet": "ft", "ft": "ft", "inch": "in", "kwh": "kWh", "mwh": "MWh", "celsius": "°C", "fahrenheit": "°F", "mb": "MB",
    "gb": "GB", "kb": "KB", "byte": "bytes", "minute": "minutes", "second": "seconds", "ms": "milliseconds",
    "millisecond": "milliseconds", "hour": "hours", "day": "days", "week": "weeks", "mph": "mph", "kmh": "km/h",
    "sqft": "sq ft", "litre": "l", "liter": "l", "gallon": "gal", "ton": "t", "tonne": "t",
}  # fmt: skip
_SINGLE_UNITS = frozenset(["day", "week", "hour", "minute", "second", "meter", "mile", "mm", "mb", "ft", "cent", "ton"])
"""Units that are also things counted or said alone: a unit only at the end of a longer name, or of a duration."""
_PHRASES = (
    "on hand", "on order", "in stock", "number of employee", "employee count", "market cap", "net worth",
    "assets under",
    "stock level",
)  # fmt: skip
_MEASURES = frozenset(
    ["liter", "litre", "gallon", "kwh", "mwh", "ton", "tonne", "kg", "mile", "km", "hour", "minute", "pound", "gram"]
)
"""Units that a column of amounts may be named by alone."""
_SHARES = frozenset(["discount", "tax", "commission", "fee", "interest", "margin", "profit"])
"""What is as often given as a part of 1 as in money."""
_FREE_TEXT = 60
_SENTENCE = 35
_FEW = 30
_HASH = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


@cache
def roles_played() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each role that a row may play for another ("sender"): other ways to say it, and the things that play it."""
    return {
        row["role"]: (tuple(row["words"].split("|")), tuple(k for k in row["of"].split("|") if k))
        for row in rows("relations.csv")
    }


def kinds_of(thing: Sequence[str]) -> tuple[str, ...]:
    """The things that may play the role which a column is named after, the likeliest first."""
    said = " ".join(thing)
    for key in (said, " ".join(thing[:2]), *thing[:1], *thing[-1:]):
        if key in roles_played() and len(thing) <= 3:
            return roles_played()[key][1]
    return ()


def role(column: ColumnFacts, words: Sequence[str], *, is_key: bool, is_foreign: bool) -> Role:
    """`words` are the column's label in singular lower-case words."""
    if is_foreign:
        return "time" if column.type == "date" else "foreign_key"
    if is_key:
        return "key"
    last = words[-1] if words else ""
    if column.type in ("date", "timestamp", "time"):
        return "time"
    if column.type == "boolean" or _is_flag(column):
        return "flag"
    if column.type == "json":
        return "text"
    if column.type in ("integer", "number"):
        return _of_number(column, words)
    if last in ("id", "key", "identifier", "uuid", "guid", "number", "no") or last in listed("roles", "codes"):
        return "code"
    if last in listed("roles", "texts") and last != "address" and column.distinct > 0.5 * column.filled:
        return "text"
    few = bool(column.filled) and column.distinct <= max(_FEW, 0.2 * column.filled)
    repeated = column.distinct < 0.8 * column.filled
    if (
        last in listed("roles", "names")
        and repeated
        and (last in ("title", "label") or set(words) & listed("roles", "places"))
    ):
        return "place" if set(words) & listed("roles", "places") else "category"
    if last in listed("roles", "names"):
        return (
            "category"
            if few and column.rows > 2 * _FEW and len(words) > 1 and column.distinct < 0.5 * column.filled
            else "name"
        )
    if column.length > _FREE_TEXT:
        return "text"
    if set(words) & listed("roles", "places") and not _is_condition(column, words):
        return "code" if set(words) & {"ip", "mac", "web", "email"} else "place"
    if few or column.distinct < 0.5 * column.filled:
        return "category"
    if column.length > _SENTENCE:
        return "text"
    spaced = sum(" " in str(v) for v in column.samples) > 0.3 * len(column.samples)
    return "name" if spaced else "category" if column.rows <= 2 * _FEW else "code"


def _is_condition(column: ColumnFacts, words: Sequence[str]) -> bool:
    """The "state" that something is in ("open", "void"), which is no place."""
    said = [str(v) for v in column.samples]
    stands = (v[:1].islower() or all(is_english(w) and not is_proper(w) for w in v.split()) for v in said)
    return words[-1:] == ["state"] and column.distinct <= _FEW and bool(said) and all(stands)


def _of_number(column: ColumnFacts, words: Sequence[str]) -> Role:
    last = words[-1] if words else ""
    if last in ("id", "key", "identifier", "uuid") or last in listed("roles", "codes"):
        return "code"
    if last in listed("roles", "kinds") and column.is_whole and column.distinct <= _FEW:
        return "category"
    if last == "number" and len(words) > 1 and column.is_whole:
        if not set(words) & listed("roles", "numbered") and split(column.name)[-1].lower() not in ("no", "nr"):
            return "measure"
        return "code" if float(column.maximum or 0) > 9999 and column.distinct > 0.5 * column.filled else "number"
    if is_quantity(column, words):
        return "measure"
    plural = split(column.name)[-1:] == [words[-1] + "s"] if words else False
    ordinal = words[-1] in listed("roles", "never_add") - listed("roles", "counted_in_plural") if words else True
    unlike = column.unique and column.rows > _FEW  # a few rows may each have another number of them
    counts = plural and column.is_whole and not unlike and not ordinal
    return "measure" if counts else "number"  # "stops", "bedrooms"


def is_quantity(column: ColumnFacts, words: Sequence[str]) -> bool:
    """By its name's last word first, then by any word, then by being fractional."""
    if not words:
        return False
    said, last = set(words), words[-1]
    never, quantities = listed("roles", "never_add"), listed("roles", "quantities")
    if len(words) == 1 and words[0] in _MEASURES:
        return True  # a column called "liters" holds liters
    if column.unit == "cents" and last.endswith("ed"):
        return True  # money that was billed, allowed
    if "unit" in words and said & {"cost", "price", "fee", "rate"}:
        return False  # of each one
    if list(words[:2]) == ["number", "of"] or words[0] in ("total", "count") or _is_balance(words):
        return True
    if last in _SHARES and not column.is_whole and _bounded(column):
        return False
    if said & {"extended", "line"} and said & {"price", "cost"}:
        return True  # times the quantity
    if said & listed("roles", "relative") or words[0] in ("minimum", "maximum"):
        return False
    if last in quantities or said & {"amount", "quantity", "total", "revenue", "sale"}:
        return not said & {"price", "year", "age"} or last in ("amount", "total", "count")
    if last in never or said & never:
        return bool(said & quantities) and last not in never
    return bool(said & quantities) or (not column.is_whole and not (_bounded(column) and len(words) < 3))


def _bounded(column: ColumnFacts) -> bool:
    """Fractions between 0 and 1: more likely shares or scores than amounts."""
    try:
        return float(column.minimum) >= 0 and float(column.maximum) <= 1
    except (TypeError, ValueError):
        return False


def _is_balance(words: Sequence[str]) -> bool:
    said = " ".join(words)
    return bool(set(words) & listed("roles", "balances")) or bool(any(phrase in said for phrase in _PHRASES))


def additivity(words: Sequence[str], kind: Role) -> Additivity:
    if kind != "measure":
        return "non_additive"
    return "semi_additive" if _is_balance(words) and "change" not in words else "additive"


def unit(column: ColumnFacts, words: Sequence[str], kind: Role, currency: str | None) -> str | None:
    """`currency` is that of the money in this table, where it is known."""
    if column.unit == "cents":
        return currency
    if column.unit:
        return column.unit
    if kind not in ("measure", "number"):
        return None
    stored = split(column.name)
    pieces = [singular(p) for p in stored]
    ends = (len(pieces) - 1, len(pieces) + len(words) - 1)
    first = len(pieces) if stored[0].endswith("s") else -1  # "seconds played", but no "second name"
    for n, word in reversed(list(enumerate([*pieces, *words]))):
        found = _UNITS.get(word)
        if found and len(words) == 1 and kind == "measure" and word in ("minute", "hour", "second"):
            return found  # a column called "mins" holds how long it took
        if found and (word not in _SINGLE_UNITS or (n in (*ends, first) and len(words) > 1)):
            return found
    if kind == "number" and set(words) & {"rate", "ratio"}:
        return None
    return currency if is_money(words) else None


def is_money(words: Sequence[str]) -> bool:
    """The name is that of an amount of money."""
    money = listed("roles", "measured_types")
    if list(words[:2]) == ["number", "of"] or (
        words and words[-1] in ("count", "quantity", "number", "rate", "percent", "unit")
    ):
        return False
    return bool(words) and (words[-1] in money or (words[-1] == "amount" or bool(set(words) & money)))


def hidden(column: ColumnFacts, words: Sequence[str], kind: Role) -> bool:
    """Keys without meaning, what machines keep for themselves, load times, and columns without any value."""
    pieces = set(split(column.name))
    if pieces & listed("roles", "load_marks") and (
        kind == "time" or pieces & {"id", "by", "at", "batch", "run", "dlt"}
    ):
        return True
    if column.name.startswith("_") or pieces & {
        "hash",
        "checksum",
        "md5",
        "sha1",
        "sha256",
        "rowguid",
        "rowversion",
        "salt",
        "etag",
    }:
        return True
    if column.rows > 1 and not column.filled:
        return True
    if kind == "foreign_key":
        return column.type != "date" and (column.is_whole or _is_hash(column) or words[-1:] == ["id"])
    if kind == "key":
        return (column.is_whole and column.type != "date") or _is_hash(column)
    return kind == "code" and _is_hash(column)


def _is_hash(column: ColumnFacts) -> bool:
    if column.declared == "UUID":
        return True
    texts = [str(v) for v in column.samples]
    return bool(texts) and all(_HASH.fullmatch(t) for t in texts)


def _is_flag(column: ColumnFacts) -> bool:
    if not 0 < column.distinct <= 2 or column.type not in ("integer", "text"):
        return False
    values = {str(v).strip().lower() for v in column.samples}
    if column.type == "integer":
        pieces = split(column.name)
        if pieces[-1] in ("type", "status", "typ", "sts", "code", "cd", "level", "class"):
            return False
        if len(pieces) == 1 and singular(pieces[0]) != pieces[0]:
            return False  # "stops": how many there are
        return values <= {"0", "1"} and (len(values) == 2 or pieces[0] in ("is", "has"))
    return values <= {"y", "n", "yes", "no", "true", "false", "t", "f"}
