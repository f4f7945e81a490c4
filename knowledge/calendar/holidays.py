"""Days of the year that people name: those of the United States and the Christian year, computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter


def _on(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: int, n: int, plus: int = 0) -> Callable[[int], date]:
    """The n-th such weekday (1 is Monday) of the month, the last one for n = -1, and some days more."""

    def find(year: int) -> date:
        first = date(year, month, 1) if n > 0 else date(year + month // 12, month % 12 + 1, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (n - 1 if n > 0 else n) + plus)

    return find


def _easter(plus: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=plus)


HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year day": _on(1, 1), "new years day": _on(1, 1), "new year eve": _on(12, 31), "new years eve": _on(12, 31),
    "valentine day": _on(2, 14), "valentines day": _on(2, 14), "st patrick day": _on(3, 17), "halloween": _on(10, 31),
    "christmas eve": _on(12, 24), "christmas day": _on(12, 25), "christmas": _on(12, 25), "xmas": _on(12, 25),
    "boxing day": _on(12, 26), "independence day": _on(7, 4), "juneteenth": _on(6, 19), "veterans day": _on(11, 11),
    "singles day": _on(11, 11), "may day": _on(5, 1),
    "good friday": _easter(-2), "easter": _easter(0), "easter sunday": _easter(0), "easter monday": _easter(1),
    "mlk day": _nth(1, 1, 3), "presidents day": _nth(2, 1, 3), "mother day": _nth(5, 7, 2),
    "mothers day": _nth(5, 7, 2), "memorial day": _nth(5, 1, -1), "father day": _nth(6, 7, 3),
    "fathers day": _nth(6, 7, 3), "labor day": _nth(9, 1, 1), "columbus day": _nth(10, 1, 2),
    "thanksgiving": _nth(11, 4, 4), "thanksgiving day": _nth(11, 4, 4),
    "black friday": _nth(11, 4, 4, 1), "cyber monday": _nth(11, 4, 4, 4),
}  # fmt: skip
"""The day of each in a year, by its name without possessives."""
