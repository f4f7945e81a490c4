"""Holidays and seasons: Christmas, Black Friday 2023, last Easter, summer 2024."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from knowledge.calendar.holidays import HOLIDAYS
from knowledge.calendar.named.point import InYear, Read, starts_with, yearly
from knowledge.calendar.words import SEASONS, Row, meanings

_NAMES = meanings({name: name for name in HOLIDAYS})


@starts_with(_NAMES)
def _holiday(row: Row, i: int) -> Read:
    read = row.reads(i, _NAMES)
    return yearly(row, read[1], _day_of(read[0]), sure=read[0] != "may day") if read else None


def _day_of(name: str) -> InYear:
    return lambda year: (HOLIDAYS[name](year), HOLIDAYS[name](year) + timedelta(days=1))


@starts_with(SEASONS)
def _season(row: Row, i: int) -> Read:
    month = SEASONS[row.at(i).text]
    return yearly(
        row,
        i + 1,
        lambda y: (date(y, month, 1), date(y, month, 1) + relativedelta(months=3)),
        sure=row.at(i).text == "summer",
    )
