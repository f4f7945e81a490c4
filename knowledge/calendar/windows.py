"""Windows of time in a question: a named stretch after a preposition, a range, an open end, "the last 3 months".

`window(row, i)` reads the longest one that starts at word `i`, its preposition included.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from knowledge.calendar.arithmetic import step
from knowledge.calendar.points import Point, point
from knowledge.calendar.words import MONTHS, UNITS, UNSURE_MONTHS, Row, number
from knowledge.request import Grain


@dataclass(frozen=True)
class Stretch:
    """[start, end), either end open. `note` is added to what it is called; `point` is what a year said nearby applies to."""

    start: datetime | None
    end: datetime | None
    note: str = ""
    point: Point | None = None


Read = tuple[Stretch, int] | None

_IN = {"in", "during", "for", "on", "over", "of", "within", "throughout", "at", "across", "from"}
_UNTIL = ("until", "till", "til", "up to", "up until", "through", "thru", "by", "on or before", "no later than", "not after",
          "to the end of", "as of", "through the end of", "until the end of", "by the end of", "up to the end of")  # fmt: skip
_SINCE = ("since", "starting", "starting in", "starting from", "starting on", "beginning in", "beginning on", "beginning from",
          "on or after", "from", "not before", "no earlier than", ">=", "since the start of", "since the beginning of",
          "from the start of", "from the beginning of", "as from")  # fmt: skip
_AFTER = ("after", "later than", "past", ">", "after the end of")
_BEFORE = ("before", "prior to", "earlier than", "<", "before the start of", "before the beginning of", "preceding")
_OPENERS = {phrase.split()[0] for phrase in (*_UNTIL, *_SINCE, *_AFTER, *_BEFORE, "<=")}
_TO = ("to", "until", "till", "through", "thru", "and", "up to", "–", "—", "-", "..", "/")
_LAST = {"last", "past", "previous", "prior", "trailing", "latest", "preceding", "recent", "rolling", "next", "coming",
         "following", "upcoming"}  # fmt: skip
_MASS = {"sales", "earnings", "profits", "revenues", "results", "figures", "numbers", "costs", "expenses", "bookings",
         "totals", "is", "was", "does", "has", "vs", "as", "business", "this", "plus", "minus", "gross", "less", "across",
         "versus", "losses", "goals", "taxes", "its", "us"}  # fmt: skip
"""Words in -s that a year may stand before without counting them: "2017 sales", not "2017 orders"."""


def window(row: Row, i: int, *, alone: bool = False) -> Read:
    """`alone`: the words are known to be a period, so that "may" and "2017" are times."""
    best: Read = None
    for rule in (_range, _opened, _counted, _to_date, _all_time, lambda r, at: _named(r, at, alone)):
        read = rule(row, i)
        if read and (best is None or read[1] > best[1]):
            best = read
    return best


# --- named -----------------------------------------------------------------------------------------------------------


def _named(row: Row, i: int, alone: bool = False) -> Read:
    """March 2024; in March; for the year 2023; over the course of last week"""
    lead = row.at(i).text in _IN
    j = i
    if lead:
        j = row.skip(i + 1, "the course of", "the whole of", "all of", "the period of", "the period")
        if row.at(j).text in _IN:
            return None
    read = point(row, j)
    if read is None:
        return None
    found, after = read
    if found.start == found.end:
        return None
    if found.bare_year:
        if not (alone or _is_year(row, i, j, after, lead)):
            return None
    elif not (lead or alone or found.sure):
        return None
    if row.says(after, "on", "onwards", "onward", "and later", "and after") and (
        (lead and row.at(i).text == "from") or alone
    ):
        ends = row.skip(after, "onwards", "onward", "and later", "and after", "on")
        return Stretch(found.start, None), ends
    return Stretch(found.start, found.end, point=found), after


def _is_year(row: Row, i: int, j: int, after: int, lead: bool) -> bool:
    """Whether a bare "2017" is a year: not a count of things, an identifier, or one side of a comparison of numbers."""
    number_word, following = row.at(j), row.at(after)
    before = row.at(i - 1).text
    if number_word.glued or (following.glued and not following.text[:1].isdigit()):
        return False
    counts = following.text.endswith("s") and following.text not in _MASS and len(following.text) > 3
    if lead:
        return row.at(i).text not in ("at", "over") and not (counts and row.at(i).text not in ("in", "during"))
    if before in _NUMBERED:
        return False
    ends = not following.text or not following.text[0].isalpha() or following.text in _LINKS
    return ends or not counts


_NUMBERED = {
    "id", "number", "no", "code", "zip", "than", "over", "under", "least", "most", "#", "=", ">", "<", ">=", "<=", "above",
    "below", "exactly", "about", "around", "approximately", "top", "first", "last", "bottom", "limit", "store", "household",
    "customer", "product", "order", "sku", "item", "line", "row", "rows", "only", "next", "past", "equals", "is", "exceeds",
    "roughly", "nearly", "almost", "between", "costs", "worth", "score", "version", "room", "suite", "any", "to", "by",
}  # fmt: skip
_LINKS = {
    "and",
    "vs",
    "versus",
    "to",
    "compared",
    "by",
    "or",
    "per",
    "with",
    "for",
    "in",
    "on",
    "when",
    "where",
    "against",
    "than",
}


# --- ranges ----------------------------------------------------------------------------------------------------------


def _range(row: Row, i: int) -> Read:
    """between X and Y, from X to Y, X to Y, 5–12 March 2024, Jan-Mar: both ends included"""
    word = row.at(i).text
    opened = word in ("between", "from", "in", "during", "for", "over")
    read = _range_start(row, i + 1 if opened else i)
    if read is None:
        return None
    first, j = read
    linked = row.at(j).glued or (row.at(j).text == "-")
    k = row.skip(j, ",")
    k = next((p for phrase in _TO if (phrase != "and" or word == "between") and (p := row.says(k, phrase))), k)
    if k == j and not linked:
        return None
    k = row.skip(k, "the end of", "the start of", "the beginning of")
    month = row.at(row.skip(i + 1 if opened else i, "the"))
    if first is not None and month.text in MONTHS and (first.end - first.start).days == 1:
        # "March 5-12, 2024": the month was said first.
        day = re.fullmatch(r"(\d\d?)(?:st|nd|rd|th)?", row.at(k).text)
        if (
            day
            and row.at(k + 1).text not in MONTHS
            and row.says(k + 1, "of") is None
            and row.at(k + 1).text not in UNITS
        ):
            return _days_of_month(row, first, int(day[1]), k + 1)
    second_read = point(row, k)
    if second_read is None:
        return None
    second, after = second_read
    if first is None:
        # "5 to 12 March 2024": the first is a bare day of the second's month.
        day_number = int(re.sub(r"\D", "", row.at(j - 1).text))
        if (second.end - second.start).days != 1:
            return None
        try:
            first = replace(second, start=second.start.replace(day=day_number))
        except ValueError:
            return None
        return _stretch(first, second, after)
    if first.bare_year != second.bare_year or not (
        opened or first.sure or second.sure or second.year or linked or first.bare_year
    ):
        return None
    if first.bare_year and not (_is_year(row, i, after - 1, after, opened)):
        return None
    first, second = _shared_year(row, first, second)
    return _stretch(first, second, row.skip(after, "inclusive", "( inclusive )", ", inclusive"))


def _range_start(row: Row, i: int) -> tuple[Point | None, int] | None:
    read = point(row, i)
    if read:
        return read
    i = row.skip(i, "the")
    if re.fullmatch(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?", row.at(i).text):
        return None, i + 1
    return None


def _days_of_month(row: Row, first: Point, last_day: int, after: int) -> Read:
    year = re.fullmatch(r"(?:19|20)\d\d", row.at(row.skip(after, ",")).text)
    if year:
        first, after = first.of(int(year[0])), row.skip(after, ",") + 1
    try:
        last = first.start.replace(day=last_day)
    except ValueError:
        return None
    return _stretch(first, Point(last, last + timedelta(days=1)), after)


def _shared_year(row: Row, first: Point, second: Point) -> tuple[Point, Point]:
    """A year said once holds for both ends; the first comes before the second."""
    if first.in_year and second.year:
        made = first.of(second.year)
        return (first.of(second.year - 1) if made.start >= second.end else made), second
    if second.in_year and first.year:
        made = second.of(first.year)
        return first, (second.of(first.year + 1) if made.end <= first.start else made)
    if first.in_year and second.in_year:
        year = second.start.year
        made = first.of(year)
        return (first.of(year - 1) if made.start >= second.end else made), second
    return first, second


def _stretch(first: Point, second: Point, after: int) -> Read:
    return (Stretch(first.start, second.end), after) if first.start < second.end else None


# --- open ends -------------------------------------------------------------------------------------------------------


def _opened(row: Row, i: int) -> Read:
    """since X, after X, before X, until X (X included), X ago or more"""
    if row.at(i).text not in _OPENERS and row.at(i).text not in _AGO_WORDS:
        return None
    best: Read = None
    for phrases, make in _OPEN:
        for phrase in phrases:
            j = row.says(i, phrase)
            read = point(row, j) if j else None
            if not j or not read or (best and read[1] <= best[1]):
                continue
            found, after = read
            if found.bare_year and not _is_year(row, j, j, after, False) and row.at(after).text not in _AFTERWARDS:
                continue
            if row.at(j).text in UNSURE_MONTHS and not found.sure and phrase == "by" and found.year is None:
                continue
            if phrase == "from":
                ends = row.skip(
                    after,
                    "on",
                    "onwards",
                    "onward",
                    "forward",
                    "and later",
                    "until now",
                    "till now",
                    "until today",
                    "to today",
                    "to date",
                    "to now",
                    "until present",
                    "to present",
                )
                if ends == after:
                    continue  # "orders from 2023" are those of 2023
                after = ends
            elif phrase == "past" and found.since is None:
                continue
            if phrase in ("by", "past", "preceding") and (found.end - found.start).days == 0:
                continue
            best = make(found), row.skip(after, "on", "onwards", "onward")
    return best or _long_ago(row, i)


_AFTERWARDS = {"on", "onwards", "onward"}
_OPEN: tuple[tuple[tuple[str, ...], Callable[[Point], Stretch]], ...] = (
    (_SINCE, lambda p: Stretch(p.since or p.start, None)),
    (_AFTER, lambda p: Stretch(p.end, None)),
    (_BEFORE, lambda p: Stretch(None, p.since or p.start)),
    ((*_UNTIL, "<="), lambda p: Stretch(None, p.end)),
)
_AGO_WORDS = {"more", "over", "at", "less", "under", "within", "longer"}


def _long_ago(row: Row, i: int) -> Read:
    """more than 30 days ago, less than 2 weeks ago"""
    for phrase, before in (("more than", True), ("over", True), ("longer than", True), ("at least", True),
                           ("less than", False), ("under", False), ("within", False)):  # fmt: skip
        j = row.says(i, phrase)
        read = point(row, j) if j else None
        if read and read[0].since:
            return (Stretch(None, read[0].since) if before else Stretch(read[0].since, None)), read[1]
    return None


# --- counted units ---------------------------------------------------------------------------------------------------


def _counted(row: Row, i: int) -> Read:
    """the last 3 months, past 30 days, next 2 weeks, 3 most recent quarters, 12 months ending March 2024"""
    j = row.skip(i + 1 if row.at(i).text in _IN - {"of", "at", "on"} else i, "the", "all of the")
    if row.at(i).text == "of":
        j = row.skip(i + 1, "the")
    first = number(row, j)
    if first:
        k = row.skip(first[1], "most recent", "latest", "previous", "last")
        if k == first[1]:
            return _counted_to(row, j)
        word, count = "last", first
        unit_at = k
    else:
        word = row.at(row.skip(j, "most")).text
        if word not in _LAST or (word == "recent" and row.at(j).text != "most"):
            return None
        read = number(row, row.skip(j, "most") + 1)
        if read is None:
            return None
        count, unit_at = read, read[1]
    strict = row.skip(unit_at, "full", "complete", "completed", "whole", "closed") != unit_at
    k = row.skip(row.skip(unit_at, "full", "complete", "completed", "whole", "closed"), "calendar", "fiscal")
    name = row.at(k).text
    if name in ("fortnight", "fortnights"):
        unit: Grain | None = "week"
        count = (count[0] * 2, count[1])
    else:
        unit = UNITS.get(name)
    if (
        unit is None
        or count[0] < 1
        or (word == "rolling" and row.at(k + 1).text in ("average", "mean", "avg", "sum", "total"))
    ):
        return None
    if word in ("next", "coming", "following", "upcoming"):
        return _ahead(row, unit, count[0]), k + 1
    ending, after = _ending(row, k + 1)
    if ending is not None:
        return Stretch(ending - step(unit, count[0]), ending), after
    tail, after = _tail(row, k + 1)
    if word == "rolling":
        tail = tail or "today"
    made = _back(row, unit, count[0], tail or ("excluding" if strict else ""))
    return made, after


def _ahead(row: Row, unit: Grain, count: int) -> Stretch:
    calendar = row.calendar
    today = datetime.combine(calendar.today, time.min)
    if unit in ("hour", "day"):
        start = today + timedelta(days=1)
    else:
        start = datetime.combine(calendar.start_of(calendar.today, unit), time.min) + step(unit)
    return Stretch(start, start + step(unit, count))


def _back(row: Row, unit: Grain, count: int, tail: str) -> Stretch:
    calendar = row.calendar
    after = datetime.combine(calendar.today, time.min) + timedelta(days=1)
    if unit in ("hour", "day"):
        end = after - step("day") if tail == "excluding" else after
        return (
            Stretch(end - step(unit, count), None if tail == "ago" else end)
            if tail != "ago"
            else Stretch(after - step("day", count + 1), None)
        )
    if tail == "today":
        return Stretch(after - step(unit, count), after)
    here = datetime.combine(calendar.start_of(calendar.today, unit), time.min)
    if tail == "including":
        return Stretch(here - step(unit, count - 1), after)
    if tail != "excluding" and here + step(unit) == after:
        here = after  # today is its last day: the unit is complete
    return Stretch(here - step(unit, count), here)


def _ending(row: Row, i: int) -> tuple[datetime | None, int]:
    """ "… ending March 2024", "… up to yesterday": the end, and the place after it."""
    for phrase in (
        "ending in",
        "ending on",
        "ending with",
        "ending",
        "ended",
        "up to and including",
        "up to",
        "until",
        "to",
        "through",
    ):
        j = row.says(i, phrase)
        read = point(row, j) if j else None
        if read and (read[0].sure or read[0].year or phrase.startswith("end")) and not row.says(j or 0, "today", "now"):
            return read[0].end, read[1]
    return None, i


_ITSELF = r"(?:this|the current|current|today|now)(?: (?:one|day|week|month|quarter|year))?"
_TAILS = [
    (re.compile(rf",? ?\(? ?(?:excluding|not including|without|not counting|except|before|excl\.?) (?:the )?{_ITSELF}(?: ?\))?(?!\w)"), "excluding"),
    (re.compile(rf",? ?\(? ?(?:including|inclusive of|with|and|incl\.?|counting|plus) {_ITSELF}(?: ?\))?(?!\w)"), "including"),
    (re.compile(r",? ?\(? ?inclusive of \d+ \w+ ago(?: ?\))?(?!\w)"), "ago"),
    (re.compile(r",? ?\(? ?(?:inclusive)(?: ?\))?(?!\w)"), "including"),
    (re.compile(r",? ?\(? ?(?:exclusive)(?: ?\))?(?!\w)"), "excluding"),
    (re.compile(r" ?(?:ending|up to|until|through|to|till) (?:today|now|date)(?!\w)"), "today"),
]  # fmt: skip


def _tail(row: Row, i: int) -> tuple[str, int]:
    """ "excluding this one", "including today": what it says of the current unit, and the place after it."""
    if i >= len(row.words):
        return "", i
    rest = row.text[row.at(i - 1).end :].lower().lstrip(" ")
    offset = row.at(i - 1).end + len(row.text[row.at(i - 1).end :]) - len(rest)
    for pattern, meaning in _TAILS:
        match = pattern.match(rest)
        if match:
            end = offset + match.end()
            return meaning, next((k for k in range(i, len(row.words)) if row.at(k).start >= end), len(row.words))
    return "", i


def _counted_to(row: Row, i: int) -> Read:
    """12 months ending March 2024, 30 days to 5 March, 3 weeks before Christmas, 2 weeks after 5 May"""
    read = number(row, i)
    unit = UNITS.get(row.at(read[1]).text) if read else None
    if not read or unit is None:
        return None
    after = read[1] + 1
    ending, j = _ending(row, after)
    if ending is not None:
        return Stretch(ending - step(unit, read[0]), ending), j
    for phrase, forward in (("before", False), ("prior to", False), ("after", True), ("following", True),
                            ("starting", True), ("starting in", True), ("starting on", True), ("starting from", True),
                            ("beginning", True), ("from", True)):  # fmt: skip
        j = row.says(after, phrase)  # type: ignore[assignment]
        found = point(row, j) if j else None
        if not found or not (found[0].sure or found[0].year) or found[0].since:
            continue
        if not forward:
            return Stretch(found[0].start - step(unit, read[0]), found[0].start), found[1]
        start = found[0].end if phrase in ("after", "following") else found[0].start
        return Stretch(start, start + step(unit, read[0])), found[1]
    return None


# --- to date, all time -----------------------------------------------------------------------------------------------

_TO_DATE: tuple[tuple[str, Grain], ...] = tuple(
    (phrase.format(unit), unit)
    for unit in ("year", "quarter", "month", "week")
    for phrase in (
        "{} to date",
        "this {} so far",
        "so far this {}",
        "this {} to date",
        "the {} to date",
        "the {} so far",
        "current {} to date",
        "since the start of the {}",
        "since the beginning of the {}",
        "fiscal {} to date",
        "since the start of this {}",
        "since the beginning of this {}",
        "this {} until now",
        "this {} until today",
        "current {} so far",
        "so far in the {}",
    )  # fmt: skip
) + (("ytd", "year"), ("qtd", "quarter"), ("mtd", "month"), ("wtd", "week"), ("fytd", "year"), ("fiscal ytd", "year"))
_TO_DATE_BY_WORD: dict[str, list[tuple[str, Grain]]] = {}
for _phrase, _unit in sorted(_TO_DATE, key=lambda entry: -len(entry[0].split())):
    _TO_DATE_BY_WORD.setdefault(_phrase.split()[0], []).append((_phrase, _unit))


def _to_date(row: Row, i: int) -> Read:
    j = i + 1 if row.at(i).text in ("in", "for", "during", "over", "of") else i
    j = row.skip(j, "the") if row.at(j).text == "the" and row.at(j + 1).text not in UNITS else j
    for phrase, unit in _TO_DATE_BY_WORD.get(row.at(j).text, ()):
        after = row.says(j, phrase)
        if after is None:
            continue
        today = row.calendar.today
        start = row.calendar.start_of(today, unit)
        year = re.fullmatch(r"(?:19|20)\d\d", row.at(after).text)
        if unit == "year" and year and start.month == 1:
            back = step("year", int(year[0]) - today.year)
            start, today, after = start + back, today + back, after + 1
        end = datetime.combine(today + timedelta(days=1), time.min)
        return Stretch(datetime.combine(start, time.min), end, f"{unit} to date"), after
    return None


def _all_time(row: Row, i: int) -> Read:
    j = row.skip(i, "of", "for", "over", "across")
    after = row.says(j, "all time", "all of time", "the entire period", "the whole period", "since inception",
                     "since the beginning", "all periods", "all dates")  # fmt: skip
    if not after or row.says(after, "of") or (point(row, j + 2) is not None and row.at(j).text == "since"):
        return None
    return Stretch(None, None), after
