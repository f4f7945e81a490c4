"""How else people say what a column holds: a length of time, money, a limit, the day that somebody joined or left."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from knowledge.words import lemma, listed, rows, singular

_UPPER = frozenset(["high", "upper", "maximum", "max", "ceiling"])
_LOWER = frozenset(["low", "lower", "minimum", "min", "floor"])


def limits_said(said: str, pieces: Sequence[str] = ()) -> tuple[str, ...]:
    """The limit that a high or a low of something is; `pieces` are those of the column's name, as some say it so.

    >>> limits_said("reference high", ["ref", "hi"])[:3]
    ('upper limit', 'upper reference', 'upper reference limit')
    """
    *rest, last = said.lower().split() or [""]
    side = "upper" if last in _UPPER else "lower" if last in _LOWER else None
    if side is None or len(rest) != 1:
        return ()
    found = [f"{side} limit"]
    for of in dict.fromkeys((rest[0], *pieces[:-1])):
        found.append(f"{side} {of}")
        if of != "limit":
            found += [f"{side} {of} limit", *([f"{of} limit"] if side == "upper" else [])]
    found += ["limit", "maximum"] if side == "upper" and "limit" in rest else []
    return tuple(found)


_SPANS = ("seconds", "minutes", "hours", "days", "weeks")
_LENGTHS = ("time", "length", "duration")


def spans_said(said: str, unit: str | None) -> tuple[str, ...]:
    """How else the time that something took is said, in whatever unit it is kept.

    >>> spans_said("seconds played", "seconds")[:3]
    ('time played', 'play time', 'minutes played')
    >>> spans_said("duration seconds", "seconds")
    ('duration', 'length')
    """
    words = said.lower().split()
    if unit not in _SPANS or len(words) < 2:
        return ()
    rest = [w for w in words if w not in _SPANS and w not in _LENGTHS]
    if not rest:
        return ("duration", "length")
    others, thing = [u for u in _SPANS if u != unit], " ".join(rest)
    if words[0] not in _SPANS:
        return (*(f"{thing} {w}" for w in (*_LENGTHS, *others)), f"{unit} of {thing}")
    done = (f"{lemma(rest[0])} time",) if len(rest) == 1 and rest[0].endswith("ed") else ()
    spent = [f"{w} spent {thing}" for w in ("time", *_SPANS)]
    return (f"time {thing}", *done, *(f"{w} {thing}" for w in others), *spent)


def money_said(said: str) -> tuple[str, ...]:
    """How else a column of money is said whose name has no word for it.

    >>> money_said("billed")
    ('billed amount', 'amount billed')
    >>> money_said("monthly")[:2]
    ('monthly price', 'monthly fee')
    """
    words = said.lower().split()
    if set(map(singular, words)) & (listed("roles", "measured_types") - {"paid"}):
        return ()
    if words[-1].endswith("ed") or words[-1] == "paid":
        return (f"{said} amount", f"amount {said}")
    return tuple(f"{said} {noun}" for noun in ("price", "fee", "cost", "charge", "amount"))


@cache
def happenings() -> tuple[tuple[str, str], ...]:
    """Nouns of happenings with what was done: arrival, arrived."""
    return tuple((row["noun"], row["done"]) for row in rows("happenings.csv"))


@cache
def deeds() -> dict[str, str]:
    """What was done by the noun of the happening: arrived by arrival."""
    return dict(happenings())


_MEMBERS = frozenset(
    [
        "customer",
        "user",
        "member",
        "merchant",
        "client",
        "subscriber",
        "account",
        "guest",
        "patient",
        "student",
        "partner",
        "vendor",
        "player",
        "driver",
    ]
)
_JOINED = frozenset(
    ["created", "create", "creation", "joined", "join", "joining", "registered", "signup", "registration"]
)


_ONLY_OF_PEOPLE = frozenset(["joined", "join", "joining", "signup", "sign"])
"""Whatever those who do it are called."""


def joining_names(said: str, thing: str) -> tuple[str, ...]:
    """What the day on which a customer, a user or a merchant was first known goes by."""
    words = set(said.lower().split())
    if not words & _ONLY_OF_PEOPLE and not (set(thing.split()) & _MEMBERS and words & _JOINED):
        return ()
    return ("signup date", "sign up date", "signed up", "registration date", "join date", "joined", "registered",
            "date joined", "member since", "joining date")  # fmt: skip


_EMPLOYED = frozenset(["staff", "employee", "worker", "personnel", "hr", "driver", "agent", "teacher", "consultant"])


def leaving_names(said: str, thing: str) -> tuple[str, ...]:
    """What the day on which somebody who was employed left goes by: "term date" is the end of the employment."""
    gone = {"term", "termination", "terminated", "end", "exit", "separation", "leaving", "leave", "left"}
    if not set(thing.split()) & _EMPLOYED or said.lower().split()[0] not in gone:
        return ()
    return ("termination date", "terminated", "leaving date", "left", "end date", "last day")
