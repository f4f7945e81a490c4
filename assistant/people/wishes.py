"""Wishes: how somebody is answered, wherever they ask. Their day, and how figures and dates are written for them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError


def time_zone(name: object) -> str | None:
    """A time zone of IANA's ("Europe/Oslo"); None for what is none."""
    try:
        return str(ZoneInfo(str(name)))
    except (KeyError, ValueError, OSError):  # unknown; no name; a folder of names
        return None


def locale(name: object) -> str | None:
    """A locale ("nb_NO"), written in any of the usual ways ("nb-NO"); None for what is none."""
    try:
        return str(Locale.parse(str(name).replace("-", "_")))
    except (ValueError, UnknownLocaleError):
        return None
