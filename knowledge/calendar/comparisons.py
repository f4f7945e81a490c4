"""Comparisons with another time in a question: "vs last year", "than a year ago", "compared to the previous month"."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from knowledge.calendar.named import point
from knowledge.calendar.words import UNITS, WEEKDAYS, Row, meanings, number, phrases, vocabulary

Read = tuple[dict[str, Any], int] | None
"""The fields of a Mention, and the place after it; `window` is a pair of datetimes."""

_VERSUS = phrases(
    "vs . | vs | versus | compared to | compared with | compare to | compare with | compared against"
    " | against | relative to | than | than in | in comparison to | in comparison with | as compared to | from"
    " | over | on | since | with | to"
)
_WEAK = {"from", "over", "on", "since", "with", "to"}
"""Comparing only after a word of change ("up from last year") or of comparison ("compare sales to last year")."""
_CHANGE = vocabulary(
    "change changed changes up down increase increased decrease decreased grow grew grown growth growing drop "
    "dropped rise risen rose decline declined fall fell fallen improve improved improvement differ difference "
    "different higher lower better worse gain gained"
)
_COMPARE = vocabulary("compare compares compared comparing comparison stack")
_UNITS = ("period", "day", "week", "month", "quarter")
_YEAR = phrases(
    "the year before | the previous year | previous year | the prior year | prior year | last year | a year ago"
    " | one year ago | 1 year ago | a year earlier | one year earlier | a year before | year ago | year earlier"
    " | the preceding year | this time last year | the last year"
)
_BEFORE = phrases(
    " | ".join(
        phrase.format(unit)
        for unit in _UNITS
        for phrase in (
            "the previous {0} | previous {0} | the prior {0} | prior {0} | the preceding {0} | the {0} before",
            "a {0} ago | a {0} earlier | one {0} earlier | one {0} ago | the {0} prior | a {0} before",
        )
    )
    + " | the one before | the last period | last period"
)
_NAMED = phrases(
    "last week | last month | last quarter | yesterday | the last week | the last month | the last quarter"
    " | day before yesterday | the day before yesterday"
)


def comparison(row: Row, i: int) -> Read:
    reads = [_target(row, j, phrase) for phrase, j in row.all_readings(i, _VERSUS) if _compares(row, i, phrase)]
    return max((r for r in (*reads, _same(row, i)) if r), key=lambda r: r[1], default=None)


def _compares(row: Row, i: int, phrase: str) -> bool:
    if phrase not in _WEAK:
        return True
    before = {row.at(j).text for j in range(max(0, i - 8), i)}
    if phrase in ("to", "with"):
        # "compare this year to last year", but not "from last month to last year", a range.
        return bool(before & _COMPARE) and "from" not in before
    return bool(before & (_CHANGE | _COMPARE))


def _target(row: Row, i: int, phrase: str) -> Read:
    same = _same(row, i)
    if same:
        return same
    after = row.after(i, _YEAR)
    compare = "previous_year"
    if after is None:
        after = row.after(i, _BEFORE)
        compare = "previous_period"
    if after is None:
        after = _as_many_before(row, i)
    named = row.after(i, _NAMED) if after is None else None
    end = after or named
    if end is None or (phrase in _WEAK and row.at(end).text in ("to", "through", "and")):
        return None  # "changed from last month to this month" is a range
    if after:
        return {"kind": "comparison", "compare": compare}, after
    read = point(row, i)
    return ({"kind": "comparison", "window": (read[0].start, read[0].end)}, read[1]) if read else None


def _as_many_before(row: Row, i: int) -> int | None:
    """ "(last 7 days vs the) previous 7 days": as many of the same unit as were said before."""
    j = row.skip(i, "the")
    read = number(row, j + 1) if row.at(j).text in ("previous", "prior", "preceding") else None
    unit = UNITS.get(row.at(read[1]).text) if read else None
    if not read or unit is None:
        return None
    for k in range(i):
        said = number(row, k)
        if said and said[0] == read[0] and UNITS.get(row.at(said[1]).text) == unit:
            return read[1] + 1
    return None


_SAME = phrases("the same | same | this time")
_THINGS = vocabulary("period time week month quarter day days dates weeks months point stretch") | set(WEEKDAYS)
_OF = phrases("of the | in the | of | in | the | on the")
_BACK = meanings(
    [("last year | previous year | prior year | year before | a year ago | a year earlier | year ago | one year ago"
      " | preceding year | a year before", "year")]
    + [(f"last {u} | previous {u} | prior {u} | {u} before | a {u} ago | a {u} earlier", u) for u in _UNITS]
)  # fmt: skip


def _same(row: Row, i: int) -> Read:
    """the same period last year, same day last week, the same month a year ago, this time last year"""
    j = row.after(i, _SAME)
    if j is None:
        return None
    thing = row.at(j - 1).text if row.at(j - 1).text == "time" else row.at(j).text
    if thing not in _THINGS:
        return None
    j = j if row.at(j - 1).text == "time" else j + 1
    read = row.reads(row.skip_all(j, _OF), _BACK)
    if read is None:
        return None
    unit, after = read
    if unit == "year":
        return {"kind": "comparison", "compare": "previous_year"}, after
    if thing == "day" and unit == "week":
        start = datetime.combine(row.calendar.today, time.min) - timedelta(weeks=1)
        return {"kind": "comparison", "window": (start, start + timedelta(days=1))}, after
    return {"kind": "comparison", "compare": "previous_period"}, after
