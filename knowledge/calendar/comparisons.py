"""Comparisons with another time in a question: "vs last year", "than a year ago", "compared to the previous month"."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge.calendar.points import point
from knowledge.calendar.words import WEEKDAYS, Row

Read = tuple[dict[str, Any], int] | None

_VERSUS = ("vs .", "vs", "versus", "compared to", "compared with", "compare to", "compare with", "compared against", "against",
           "relative to", "than", "than in", "in comparison to", "in comparison with", "as compared to", "from", "over", "on",
           "since", "with", "to")  # fmt: skip
_WEAK = {"from", "over", "on", "since", "with", "to"}
"""Comparing only after a word of change ("up from last year") or of comparison ("compare sales to last year")."""
_CHANGE = {
    "change", "changed", "changes", "up", "down", "increase", "increased", "decrease", "decreased", "grow", "grew", "grown",
    "growth", "growing", "drop", "dropped", "rise", "risen", "rose", "decline", "declined", "fall", "fell", "fallen", "improve",
    "improved", "improvement", "differ", "difference", "different", "higher", "lower", "better", "worse", "gain", "gained",
}  # fmt: skip
_COMPARE = {"compare", "compares", "compared", "comparing", "comparison", "stack"}
_YEAR = ("the year before", "the previous year", "previous year", "the prior year", "prior year", "last year", "a year ago",
         "one year ago", "a year earlier", "one year earlier", "a year before", "year ago", "year earlier", "the preceding year",
         "py", "ly", "1 year ago", "this time last year")  # fmt: skip
_BEFORE = tuple(
    phrase.format(unit)
    for unit in ("period", "day", "week", "month", "quarter")
    for phrase in (
        "the previous {}",
        "previous {}",
        "the prior {}",
        "prior {}",
        "the preceding {}",
        "the {} before",
        "a {} ago",
        "a {} earlier",
        "one {} earlier",
        "one {} ago",
        "the {} prior",
        "a {} before",
    )  # fmt: skip
) + ("the one before", "the last period", "last period", "before")
_SAME = {"period", "time", "week", "month", "quarter", "day", "days", "dates", "weeks", "months", "point", "stretch"}


def comparison(row: Row, i: int) -> Read:
    best: Read = None
    for phrase in _VERSUS:
        j = row.says(i, phrase)
        if j and (phrase not in _WEAK or _changes(row, i, phrase)):
            read = _target(row, j, phrase)
            if read and (best is None or read[1] > best[1]):
                best = read
    return best or _same(row, i)


def _changes(row: Row, i: int, phrase: str) -> bool:
    before = {row.at(j).text for j in range(max(0, i - 8), i)}
    if phrase in ("to", "with"):
        # "compare this year to last year": not "from last month to last year", a range.
        return bool(before & _COMPARE) and "from" not in before
    return bool(before & (_CHANGE | _COMPARE))


def _target(row: Row, i: int, phrase: str) -> Read:
    same = _same(row, i)
    if same:
        return same
    for phrases, compare in ((_YEAR, "previous_year"), (_BEFORE, "previous_period")):
        for said in phrases:
            after = row.says(i, said)
            if after is None or (said == "before" and phrase != "than"):
                continue
            if row.at(after).text in ("to", "through", "and") and phrase in _WEAK:
                continue  # "changed from last year to this year" is a range
            if said == "last year" and row.at(i + 1).possessive:
                continue
            return {"kind": "comparison", "compare": compare}, after
    named = row.says(
        i, "last week", "last month", "last quarter", "yesterday", "the last week", "the last month", "the last quarter"
    )
    if not named or (row.at(named).text in ("to", "through", "and") and phrase in _WEAK):
        return None
    read = point(row, i)
    return ({"kind": "comparison", "window": (read[0].start, read[0].end)}, read[1]) if read else None


def _same(row: Row, i: int) -> Read:
    """the same period last year, same day last week, the same month a year ago"""
    j = row.says(i, "the same", "same", "this")
    if j is None or (row.at(j).text not in _SAME and row.at(j).text not in WEEKDAYS):
        return None
    if row.at(i).text == "this" and row.at(j).text != "time":
        return None
    what = row.at(j).text
    k = row.skip(j + 1, "of the", "in the", "of", "in", "the")
    for phrase in ("last year", "previous year", "prior year", "year before", "a year ago", "a year earlier", "year ago",
                   "one year ago", "preceding year", "a year before"):  # fmt: skip
        after = row.says(k, phrase)
        if after:
            return {"kind": "comparison", "compare": "previous_year"}, after
    for unit in ("week", "month", "quarter", "period"):
        after = row.says(
            k,
            f"last {unit}",
            f"previous {unit}",
            f"prior {unit}",
            f"{unit} before",
            f"a {unit} ago",
            f"a {unit} earlier",
        )
        if after and what == "day" and unit == "week":
            return {"kind": "comparison", "window": _one_day(row.calendar.today - timedelta(weeks=1))}, after
        if after and what in ("period", "time", "days", "dates", "point", "stretch"):
            return {"kind": "comparison", "compare": "previous_period"}, after
    return None


def _one_day(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time.min)
    return start, start + timedelta(days=1)
