"""Public holidays by country, and the days that people celebrate or shop on without having them off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from knowledge.calendar.holidays import HOLIDAYS

_EVERYWHERE = {
    "valentine day": "Valentine's Day", "halloween": "Halloween", "black friday": "Black Friday",
    "cyber monday": "Cyber Monday", "christmas eve": "Christmas Eve", "new year eve": "New Year's Eve",
    "easter": "Easter Sunday",
}  # fmt: skip
_AMERICAN = {
    "mother day": "Mother's Day", "father day": "Father's Day", "st patrick day": "St. Patrick's Day",
}  # fmt: skip
"""The United States and Canada; elsewhere they are on other days."""
_COMMONLY = {"uk": "GB", "england": "GB", "great britain": "GB", "usa": "US", "america": "US", "holland": "NL"}


@dataclass(frozen=True)
class Day:
    name: str
    public: bool
    """People have it off by law."""


def days_of(country: str, years: Iterable[int]) -> dict[date, Day]:
    """The days of a country (ISO 3166, two letters) by their dates. Names are in English where they are known in it."""
    import holidays  # half a second, which no start should wait for

    wanted = sorted(set(years))
    celebrated = _EVERYWHERE | (_AMERICAN if country in ("US", "CA") else {})
    found = {HOLIDAYS[key](year): Day(name, False) for year in wanted for key, name in celebrated.items()}
    try:
        own = holidays.country_holidays(country, years=wanted, language="en_US")
    except NotImplementedError:
        return found
    return found | {day: Day(name.split("; ")[0], True) for day, name in own.items()}


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    named = {name.lower(): code for code, name in Locale("en").territories.items() if len(code) == 2}
    return named | _COMMONLY | {code.lower(): code for code in named.values()}


def country_of(text: str) -> str | None:
    """
    >>> country_of("Germany"), country_of("us"), country_of("Freedonia")
    ('DE', 'US', None)
    """
    return _countries().get(text.strip().lower())


def country_name(code: str) -> str:
    """As it is said in a sentence: "the United States"."""
    from babel import Locale

    name = Locale("en").territories.get(code, code)
    plural = name.startswith(("United", "Netherlands", "Philippines")) or name.endswith("Republic")
    return f"the {name}" if plural else name


def country_of_zone(zone: str) -> str | None:
    """The country of a time zone, if it is of one: "Europe/Paris" is France's."""
    import pytz

    return next((code for code, zones in pytz.country_timezones.items() if zone in zones), None)
