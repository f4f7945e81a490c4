"""Named stretches of time: a date, "March 2024", "Q3", "last week", "Christmas", "two years ago", "week 12 of 2024".

`point(row, i)` reads the longest one that starts at word `i`. One that says no year is the latest that has begun, and
keeps how it falls in any year, so that "between January and March 2024" can lend it its year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from knowledge.calendar.arithmetic import step
from knowledge.calendar.holidays import HOLIDAYS
from knowledge.calendar.words import MONTHS, ORDINALS, SEASONS, UNITS, UNSURE_MONTHS, WEEKDAYS, Row, number
from knowledge.request import Grain

Days = tuple[date, date]
InYear = Callable[[int], Days]


@dataclass(frozen=True)
class Point:
    """The stretch [start, end). `year` is the one that was said; `in_year` gives the days in any year where none was.

    `sure` stretches read as times without a preposition. `since` is where "since" starts, if not at the start."""

    start: datetime
    end: datetime
    year: int | None = None
    in_year: InYear | None = None
    sure: bool = True
    since: datetime | None = None
    bare_year: bool = False

    def of(self, year: int) -> Point:
        """The same in a year that was said elsewhere."""
        if self.in_year is None:
            return self
        try:
            return replace(_days(*self.in_year(year)), year=year)
        except ValueError:  # 29 February
            return self


Read = tuple[Point, int] | None


def point(row: Row, i: int) -> Read:
    """The longest stretch named from word `i`, and the place after it."""
    i = row.skip(i, "the")
    word = row.at(i).text
    if not word:
        return None
    rules = _NUMERIC if word[0].isdigit() else _BY_WORD.get(word) or _BY_SHAPE.get(word.rstrip("0123456789"), ())
    best: Read = None
    for rule in rules:
        try:
            read = rule(row, i)
        except (ValueError, OverflowError):  # 31 February, the year 0
            continue
        if read and (best is None or read[1] > best[1]):
            best = read
    return best


def said_year(row: Row, i: int) -> tuple[int, int] | None:
    """ "2024", "'24", "of last year", "this year": a year said after what it belongs to, and the place after it."""
    j = row.skip(i, ",", "of", "in", "of the year", "-", "/")
    word = row.at(j)
    if re.fullmatch(r"(?:19|20)\d\d", word.text):
        return int(word.text), j + 1
    if re.fullmatch(r"'\d\d", word.text):
        return 2000 + int(word.text[1:]), j + 1
    today = row.calendar.today
    for phrase, year in (("last year", -1), ("the previous year", -1), ("the year before", -1), ("this year", 0),
                         ("the current year", 0), ("next year", 1)):  # fmt: skip
        after = row.says(j, phrase)
        if after:
            return today.year + year, after
    return None


def _days(start: date, end: date) -> Point:
    return Point(datetime.combine(start, time.min), datetime.combine(end, time.min))


def _day(day: date) -> Point:
    return _days(day, day + timedelta(days=1))


def _yearly(row: Row, i: int, in_year: InYear, *, sure: bool = True, before: bool = False) -> Read:
    """Something of every year, with the year said after it, or else the latest that has begun (`before`: is over)."""
    said = said_year(row, i)
    if said:
        return replace(_days(*in_year(said[0])), year=said[0]), said[1]
    return replace(_latest(row, in_year, before=before), sure=sure), i


def _latest(row: Row, in_year: InYear, *, before: bool = False) -> Point:
    today = row.calendar.today
    for year in range(today.year + 1, today.year - 9, -1):
        try:
            start, end = in_year(year)
        except ValueError:  # 29 February
            continue
        if start <= today and (not before or end <= today):
            return replace(_days(start, end), in_year=in_year)
    raise ValueError("never")


def _following(row: Row, in_year: InYear) -> Point:
    """The next one that has not begun."""
    today = row.calendar.today
    days = next(d for d in (in_year(today.year), in_year(today.year + 1), in_year(today.year + 2)) if d[0] > today)
    return _days(*days)


# --- dates -----------------------------------------------------------------------------------------------------------


def _iso(row: Row, i: int) -> Read:
    word = row.at(i).text
    if match := re.fullmatch(r"(\d{4})[-/](\d\d?)[-/](\d\d?)", word):
        return _day(date(*map(int, match.groups()))), i + 1
    if match := re.fullmatch(r"(\d{4})[-/](\d\d?)", word):
        return _month(int(match[1]), int(match[2])), i + 1
    if match := re.fullmatch(r"(\d{4}-\d\d?-\d\d?)[t ](.+?)z?", word):
        year, month, day = map(int, match[1].split("-"))
        clock = [int(float(part)) for part in match[2].split(":")]
        moment = datetime.combine(date(year, month, day), time(*clock))
        return Point(moment, moment), i + 1
    if match := re.fullmatch(r"(\d{4})-w(\d\d?)", word):
        return _day_span(date.fromisocalendar(int(match[1]), int(match[2]), 1), 7), i + 1
    return None


def _slashed(row: Row, i: int) -> Read:
    """Month first, as in the United States, unless the first number can't be a month; day first with dots."""
    word = row.at(i).text
    if match := re.fullmatch(r"(\d\d?)/(\d{4})", word):
        return _month(int(match[2]), int(match[1])), i + 1
    match = re.fullmatch(r"(\d\d?)([/.])(\d\d?)\2(\d{4}|\d\d)", word)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if first > 12 or match[2] == ".":
        first, second = second, first
    return _day(date(year if year > 99 else 2000 + year, first, second)), i + 1


def _day_number(word: str) -> int | None:
    match = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", word)
    return int(match[1]) if match and 1 <= int(match[1]) <= 31 else None


def _day_first(row: Row, i: int) -> Read:
    """5 March 2024, the 5th of March, the 5th of this month."""
    day = _day_number(row.at(i).text)
    if day is None:
        return None
    j = row.skip(i + 1, "of")
    for phrase, back in (("this month", 0), ("the month", 0), ("last month", 1), ("the previous month", 1)):
        after = row.says(j, phrase)
        if after and j > i + 1:
            return _day((row.calendar.today.replace(day=1) - relativedelta(months=back)).replace(day=day)), after
    month = MONTHS.get(row.at(j).text)
    if month is None:
        if row.at(i - 1).text == "the" and row.at(i - 2).text == "on" and not row.at(i).text.isdecimal():
            return _the_nth(row, day), i + 1
        return None
    return _yearly(row, row.skip(j + 1, "."), _date_in(month, day))


def _the_nth(row: Row, day: int) -> Point:
    today = row.calendar.today
    first = today.replace(day=1)
    return _day(first.replace(day=day) if day <= today.day else (first - relativedelta(months=1)).replace(day=day))


def _date_in(month: int, day: int) -> InYear:
    return lambda year: (date(year, month, day), date(year, month, day) + timedelta(days=1))


def _month_in(month: int) -> InYear:
    return lambda year: (date(year, month, 1), date(year, month, 1) + relativedelta(months=1))


def _month(year: int, month: int) -> Point:
    return replace(_days(*_month_in(month)(year)), year=year)


def _day_span(start: date, days: int) -> Point:
    return _days(start, start + timedelta(days=days))


def _month_first(row: Row, i: int) -> Read:
    """March, March 2024, Mar '24, March 5th, March 5, 2024"""
    word = row.at(i)
    month = MONTHS[word.text]
    j = row.skip(i + 1, ".")
    if word.text in ("may", "march", "mar") and row.at(j).text == "." and not said_year(row, j + 1):
        j = i + 1
    day = _day_number(row.at(row.skip(j, "the")).text)
    if day is not None and row.at(j + 1).text not in ("%", ":"):
        return _yearly(row, row.skip(j, "the") + 1, _date_in(month, day))
    return _yearly(row, j, _month_in(month), sure=word.text not in UNSURE_MONTHS or word.capital)


# --- years and their parts -------------------------------------------------------------------------------------------


def _year(row: Row, i: int) -> Read:
    """2024; 2024 Q3; the 1990s"""
    word = row.at(i).text
    if match := re.fullmatch(r"((?:19|20)\d)0s", word):
        start = int(match[1]) * 10
        return _days(date(start, 1, 1), date(start + 10, 1, 1)), i + 1
    if match := re.fullmatch(r"(\d{4})-?([qh])([1-4])", word):
        return _in_year_part(row, match[2], int(match[3]), int(match[1])), i + 1
    if not re.fullmatch(r"(?:19|20)\d\d|2100", word):
        return None
    year = int(word)
    following = row.at(i + 1).text
    if match := re.fullmatch(r"([qh])([1-4])", following):
        return _in_year_part(row, match[1], int(match[2]), year), i + 2
    if following == "week" and (n := number(row, i + 2)):
        return _week_number(row, year, n[0]), n[1]
    return replace(_days(date(year, 1, 1), date(year + 1, 1, 1)), year=year, sure=False, bare_year=True), i + 1


def _in_year_part(row: Row, letter: str, n: int, year: int) -> Point:
    months = 3 if letter == "q" else 6
    if n * months > 12:
        raise ValueError(n)
    return replace(_days(*_part_in(row.calendar.fiscal_year_start, months, n)(year)), year=year)


def _part_in(start_month: int, months: int, n: int) -> InYear:
    """The n-th quarter or half of a year that starts in that month."""

    def find(year: int) -> Days:
        first = date(year if start_month == 1 else year - 1, start_month, 1) + relativedelta(months=months * (n - 1))
        return first, first + relativedelta(months=months)

    return find


def _year_part(row: Row, i: int) -> Read:
    """Q3 2024, the third quarter of 2024, quarter 3, H1 FY2024, the first half of last year, fiscal Q2, calendar Q2"""
    start = row.calendar.fiscal_year_start
    j = i
    if row.at(j).text in ("fiscal", "calendar", "financial", "fy"):
        start = 1 if row.at(j).text == "calendar" else start
        j += 1
    word = row.at(j).text
    if match := re.fullmatch(r"([qh])([1-4])", word):
        letter, n, j = match[1], int(match[2]), j + 1
    elif word in ORDINALS and row.at(j + 1).text in ("quarter", "qtr", "half"):
        letter, n = row.at(j + 1).text[0], ORDINALS[word]
        j += 2
        if n < 0:
            if not said_year(row, j) or row.at(j).text == ",":
                return None  # "last quarter" is the one before this
            n = 4 if letter == "q" else 2
    elif word in ("quarter", "qtr") and row.at(j + 1).text in ("1", "2", "3", "4"):
        letter, n, j = "q", int(row.at(j + 1).text), j + 2
    else:
        return None
    months = 3 if letter == "q" else 6
    if n * months > 12:
        return None
    in_year = _part_in(start, months, n)
    fiscal = _fiscal_name(row, row.skip(j, ",", "of"))
    if fiscal:
        return replace(_days(*in_year(fiscal[0])), year=fiscal[0]), fiscal[1]
    relative = row.skip(j, "of", "of the")
    for word, shift in (("last", -1), ("previous", -1), ("this", 0), ("current", 0)):
        after = row.says(relative, f"{word} year", f"{word} fiscal year")
        if after:
            year = row.calendar.fiscal_year_of(row.calendar.today) if start > 1 else row.calendar.today.year
            return replace(_days(*in_year(year + shift)), year=year + shift), after
    after = row.says(j, "of the year", "of the fiscal year")
    if after:
        year = row.calendar.fiscal_year_of(row.calendar.today) if start > 1 else row.calendar.today.year
        return replace(_days(*in_year(year)), year=year), after
    return _yearly(row, j, in_year, sure=word != "second" or letter == "q")


def _fiscal_name(row: Row, i: int) -> tuple[int, int] | None:
    """FY2024, FY24, fiscal 2024, fiscal year 2024"""
    word = row.at(i).text
    if match := re.fullmatch(r"fy(\d\d|\d{4})", word):
        return int(match[1]) + (2000 if len(match[1]) == 2 else 0), i + 1
    if word not in ("fy", "fiscal", "financial"):
        return None
    j = row.skip(i + 1, "year")
    match = re.fullmatch(r"'?(\d\d|(?:19|20)\d\d)", row.at(j).text)
    return (int(match[1]) + (2000 if len(match[1]) == 2 else 0), j + 1) if match else None


def _fiscal_year(row: Row, i: int) -> Read:
    read = _fiscal_name(row, i)
    if read is None:
        return None
    return replace(_days(*_part_in(row.calendar.fiscal_year_start, 12, 1)(read[0])), year=read[0]), read[1]


def _calendar_year(row: Row, i: int) -> Read:
    """the year 2024, calendar year 2024, year of 2024, the month of March, calendar 2024"""
    j = row.says(i, "calendar year", "calendar", "year of", "year", "month of", "months of", "quarter of", "cy")
    read = point(row, j) if j else None
    if read is None or j is None:
        return None
    months = (read[0].end.year - read[0].start.year) * 12 + read[0].end.month - read[0].start.month
    if (
        months != {"month": 1, "months": 1, "quarter": 3}.get(row.at(i).text, 12)
        or (not read[0].year
        and not read[0].in_year)
    ):
        return None  # "the best month of 2023" names no month
    return replace(read[0], sure=True, bare_year=False), read[1]


def _week(row: Row, i: int) -> Read:
    """week 12 of 2024, W12, the week of 4 March, the week ending 10 March"""
    word = row.at(i).text
    if match := re.fullmatch(r"(?:w|wk|cw|kw)(\d\d?)", word):
        return _week_in(row, i + 1, int(match[1]))
    if word not in ("week", "wk", "weeks"):
        return None
    n = (
        number(row, row.skip(i + 1, "number", "no", "#"))
        if row.at(i + 1).text[:1].isdigit() or row.at(i + 2).text[:1].isdigit()
        else None
    )
    if n and len(row.at(n[1] - 1).text) < 3:
        return _week_in(row, n[1], n[0])
    j = row.says(i + 1, "of", "beginning", "starting", "commencing", "ending", "ended", "containing", "from", "to")
    read = point(row, j) if j else None
    if not j or not read or (read[0].end - read[0].start).days != 1:
        return None
    day = read[0].start.date()
    verb = row.at(j - 1).text
    if verb in ("ending", "ended", "to"):
        return _day_span(day - timedelta(days=6), 7), read[1]
    return _day_span(row.calendar.start_of(day, "week") if verb in ("of", "containing") else day, 7), read[1]


def _week_in(row: Row, i: int, n: int) -> Read:
    def find(year: int) -> Days:
        made = _week_number(row, year, n)
        return made.start.date(), made.end.date()

    return _yearly(row, i, find, sure=True)


def _week_number(row: Row, year: int, n: int) -> Point:
    """By ISO where weeks start on Monday; where they start on Sunday, week 1 is the one with 1 January."""
    if row.calendar.week_start == "monday":
        return _day_span(date.fromisocalendar(year, n, 1), 7)
    if not 1 <= n <= 53:
        raise ValueError(n)
    return _day_span(row.calendar.start_of(date(year, 1, 1), "week") + timedelta(weeks=n - 1), 7)


# --- relative to today -----------------------------------------------------------------------------------------------

_SHIFT = {"last": -1, "past": -1, "previous": -1, "prior": -1, "preceding": -1, "this": 0, "current": 0, "next": 1,
          "coming": 1, "following": 1, "upcoming": 1}  # fmt: skip


def _relative(row: Row, i: int) -> Read:
    """last month, this fiscal year, the past week, next quarter, last March, this Friday, last weekend, last Christmas"""
    word = row.at(i).text
    shift = _SHIFT[word]
    j = row.skip(i + 1, "full", "complete", "completed", "calendar", "whole")
    calendar_year = row.at(j - 1).text == "calendar"
    j = row.skip(j, "fiscal", "financial")
    what = row.at(j).text
    unit = UNITS.get(what)
    if unit and not what.endswith("s"):
        if word in ("following", "preceding", "coming") and unit == "hour":
            return None
        made = _unit(row, unit, shift, i, calendar_year)
        if unit == "year" and made.year is not None:
            inner = point(row, j + 1) if row.at(j + 1).text else None
            if inner and inner[0].in_year and (inner[0].sure or row.at(j).possessive):
                return inner[0].of(made.year), inner[1]
        return made, j + 1
    if what == "weekend":
        saturday = row.calendar.start_of(row.calendar.today, "week")
        saturday += timedelta(days=(5 if row.calendar.week_start == "monday" else -1))
        if shift < 0 and saturday + timedelta(days=1) >= row.calendar.today:
            saturday -= timedelta(days=7)
        if shift > 0:
            saturday += timedelta(days=7)
        return _day_span(saturday, 2), j + 1
    if what in WEEKDAYS and len(what) > 3:
        return _weekday(row, WEEKDAYS[what], shift), j + 1
    inner = point(row, j) if row.at(j).text != "the" else None
    if inner and inner[0].in_year:
        in_year = inner[0].in_year
        if shift > 0:
            return replace(_following(row, in_year), year=None), inner[1]
        if shift == 0:
            return replace(_days(*in_year(row.calendar.today.year)), year=row.calendar.today.year), inner[1]
        return replace(_latest(row, in_year, before=True), in_year=None), inner[1]
    return None


def _unit(row: Row, unit: Grain, shift: int, i: int, calendar_year: bool) -> Point:
    calendar, today = row.calendar, row.calendar.today
    if unit == "hour":
        end = datetime.combine(today + timedelta(days=1), time.min)
        return Point(end - timedelta(hours=1), end)
    rolling = row.at(i).text == "past" or (
        row.at(i).text == "last"
        and row.at(i - 1).text == "the"
        and row.at(i - 2).text in ("in", "over", "within", "during")
    )
    if rolling and unit in ("week", "month", "year"):
        after = today + timedelta(days=1)
        return _days(after - step(unit), after)
    start = today.replace(month=1, day=1) if calendar_year and unit == "year" else calendar.start_of(today, unit)
    start += step(unit, shift)
    made = _days(start, start + step(unit))
    return replace(made, year=start.year) if unit == "year" and start.month == 1 else made


def _weekday(row: Row, weekday: int, shift: int) -> Point:
    """The latest one before today; this week's; the next one after today."""
    today = row.calendar.today
    if shift == 0:
        first = row.calendar.start_of(today, "week")
        return _day(first + timedelta(days=(weekday - first.isoweekday()) % 7))
    if shift < 0:
        return _day(today - timedelta(days=(today.isoweekday() - weekday) % 7 or 7))
    return _day(today + timedelta(days=(weekday - today.isoweekday()) % 7 or 7))


def _named_weekday(row: Row, i: int) -> Read:
    """Monday; Monday, 5 March; Monday of last week"""
    word = row.at(i)
    dated = point(row, row.skip(i + 1, ",", "the", ". ,", "."))
    if dated and (dated[0].end - dated[0].start).days == 1 and (dated[0].in_year or dated[0].year) and dated[1] > i + 2:
        return dated
    j = row.skip(i + 1, "of", "of the")
    for phrase, shift in (
        ("last week", -1),
        ("the previous week", -1),
        ("this week", 0),
        ("the week", 0),
        ("next week", 1),
    ):
        after = row.says(j, phrase)
        if after:
            first = row.calendar.start_of(row.calendar.today, "week") + timedelta(weeks=shift)
            return _day(first + timedelta(days=(WEEKDAYS[word.text] - first.isoweekday()) % 7)), after
    made = _weekday(row, WEEKDAYS[word.text], -1)
    return replace(made, sure=word.possessive and len(word.text) > 4), i + 1


def _today(row: Row, i: int) -> Read:
    today = row.calendar.today
    for phrase, shift in (("today", 0), ("now", 0), ("yesterday", -1), ("tomorrow", 1), ("day before yesterday", -2),
                          ("day after tomorrow", 2)):  # fmt: skip
        after = row.says(i, phrase)
        if after:
            return replace(_day(today + timedelta(days=shift)), sure=phrase != "now"), after
    return None


def _ago(row: Row, i: int) -> Read:
    """3 days ago, two weeks ago, a year ago: the day, week, month, quarter or year that far back"""
    read = number(row, i) or ((1, i + 1) if row.at(i).text in ("a", "an") else None)
    if not read or row.at(read[1]).text not in UNITS or row.at(read[1] + 1).text not in ("ago", "back"):
        return None
    count, unit, today = read[0], UNITS[row.at(read[1]).text], row.calendar.today
    there = today - step(unit, count)
    if unit == "hour":
        end = datetime.combine(today + timedelta(days=1), time.min) - timedelta(hours=count)
        return Point(end - timedelta(hours=1), end), read[1] + 2
    start = row.calendar.start_of(there, unit)
    return replace(_days(start, start + step(unit)), since=datetime.combine(there, time.min)), read[1] + 2


# --- named days and seasons ------------------------------------------------------------------------------------------

_HOLIDAYS_BY_WORD: dict[str, list[str]] = {}
for _name in sorted(HOLIDAYS, key=len, reverse=True):
    _HOLIDAYS_BY_WORD.setdefault(_name.split()[0], []).append(_name)


def _holiday(row: Row, i: int) -> Read:
    for name in _HOLIDAYS_BY_WORD[row.at(i).text]:
        after = row.says(i, name)
        if after:
            rule = HOLIDAYS[name]
            return _yearly(
                row, after, lambda year: (rule(year), rule(year) + timedelta(days=1)), sure=name != "may day"
            )
    return None


def _season(row: Row, i: int) -> Read:
    month = SEASONS[row.at(i).text]
    return _yearly(row, i + 1, lambda y: (date(y, month, 1), date(y, month, 1) + relativedelta(months=3)), sure=False)


# --- parts of a stretch ----------------------------------------------------------------------------------------------


def anchor(row: Row, i: int) -> Read:
    """A point, or "the year" and "the month": the current ones."""
    word = row.at(row.skip(i, "the", "each")).text
    read = point(row, i)
    if read is None and word in ("year", "quarter", "month", "week") and row.at(i).text == "the":
        return _unit(row, UNITS[word], 0, i, False), i + 2
    return read


def _edge(row: Row, i: int) -> Read:
    """the first week of May, the last 3 days of March, the second half of Q3, the beginning of the year"""
    word = row.at(i).text
    if word in ("beginning", "start", "end", "close"):
        j = row.says(i + 1, "of")
        read = anchor(row, j) if j else None
        if not read:
            return None
        days = (read[0].end - read[0].start).days
        size = step("day" if days <= 7 else "week" if days <= 31 else "month")
        if word in ("end", "close"):
            return Point(read[0].end - size, read[0].end, since=read[0].end), read[1]
        return Point(read[0].start, read[0].start + size), read[1]
    nth = ORDINALS[word]
    read_n = number(row, i + 1)
    count, j = read_n or (1, i + 1)
    unit = UNITS.get(row.at(j).text)
    half = row.at(j).text == "half" and not read_n
    after = row.says(j + 1, "of", "in")
    if (unit is None and not half) or not after:
        return None
    read = anchor(row, after)
    if not read or row.at(after).text in ("each", "every"):
        return None
    start, end = read[0].start, read[0].end
    if half:
        size = timedelta(days=(end - start).days // 2)
        return (Point(start, start + size) if nth == 1 else Point(start + size, end)), read[1]
    assert unit is not None
    if nth < 0:
        return Point(max(start, end - step(unit, count)), end), read[1]
    if nth > 1 and read_n:
        return None
    begin = start + step(unit, nth - 1)
    finish = min(begin + step(unit, count), end)
    return (Point(begin, finish), read[1]) if begin < finish else None


PointRule = Callable[[Row, int], Read]
_NUMERIC: tuple[PointRule, ...] = (
    _iso,
    _slashed,
    _day_first,
    _year,
    _ago,
    _year_part,
    _edge_ordinal := lambda r, i: _edge(r, i) if r.at(i).text in ORDINALS else None,
)
_BY_SHAPE: dict[str, tuple[PointRule, ...]] = {
    "q": (_year_part,), "h": (_year_part,), "fy": (_fiscal_year,), "w": (_week,), "wk": (_week,), "cw": (_week,),
}  # fmt: skip
_BY_WORD: dict[str, tuple[PointRule, ...]] = {}


def _add(rule: PointRule, words: str | list[str]) -> None:
    for word in words.split() if isinstance(words, str) else words:
        _BY_WORD[word] = (*_BY_WORD.get(word, ()), rule)


_add(_month_first, list(MONTHS))
_add(_year_part, ["fiscal", "financial", "calendar", "fy", "quarter", "qtr", *(o for o in ORDINALS if o[0].isalpha())])
_add(_fiscal_year, "fiscal financial fy")
_add(_calendar_year, "calendar year month months quarter cy")
_add(_week, "week wk weeks")
_add(_relative, list(_SHIFT))
_add(_named_weekday, list(WEEKDAYS))
_add(_today, "today now yesterday tomorrow day")
_add(
    _ago,
    "a an one two three four five six seven eight nine ten eleven twelve few couple several twenty thirty sixty ninety",
)
_add(_holiday, list(_HOLIDAYS_BY_WORD))
_add(_season, list(SEASONS))
_add(_edge, ["beginning", "start", "end", "close", *(o for o in ORDINALS if o[0].isalpha())])
