"""The grammar of times in English: periods, grains, parts of a time and comparisons, found inside a question.

Each rule is a pattern and what it means on a given calendar; where rules overlap, the longest reading wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from knowledge.request import Grain, Part, Window

if TYPE_CHECKING:
    from knowledge.calendar import Calendar


@dataclass(frozen=True)
class Mention:
    """A time named at characters [start, end) of a question.

    `window`     "last month", "since March": `window`
    `grain`      "by month", "weekly"; `growth` for "month over month": `grain`
    `part`       "on weekends", "by hour of day": `part`, and `values` where it restricts rather than groups
    `comparison` "vs last year": `compare`, or the `window` that is compared with
    """

    start: int
    end: int
    text: str
    kind: Literal["window", "grain", "part", "comparison"]
    window: Window | None = None
    grain: Grain | None = None
    part: Part | None = None
    values: tuple[int, ...] = ()
    compare: Literal["previous_period", "previous_year"] | None = None
    growth: bool = False


_MONTHS = {
    m: n
    for n, m in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_SHORT = {m[:3]: n for m, n in _MONTHS.items()} | {"sept": 9}
_DAYS = {d: n for n, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split(), 1)}
_NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())} | {
    "couple of": 2, "a couple of": 2, "few": 3, "a few": 3, "couple": 2, "several": 3, "thirty": 30, "ninety": 90, "sixty": 60,
    "fifteen": 15, "twenty": 20, "fourteen": 14, "eighteen": 18, "twenty four": 24, "a": 1, "an": 1, "hundred": 100,
}  # fmt: skip
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
    "final": -1,
}

_UNIT = r"(?P<unit>hour|day|week|month|quarter|year)s?"
_N = r"(?P<n>\d{1,4}|" + "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True)) + r")"
_MONTH = r"(?:" + "|".join([*_MONTHS, *(f"{s}\\.?" for s in sorted(_SHORT, key=len, reverse=True))]) + r")"
_YEAR = r"(?:19|20)\d\d"
_DAYNUM = r"(?:[0-2]?\d|3[01])(?:st|nd|rd|th)?"
_REL = r"(?:the )?(?:last|past|previous|prior|this|current|next)"
_POINTS = [
    rf"\d{{4}}-\d\d?-\d\d?(?:[t ]\d\d:\d\d(?::\d\d)?)?",
    rf"(?:the )?{_DAYNUM}(?: of)? {_MONTH},? ?(?:{_YEAR})?",
    rf"{_MONTH} {_DAYNUM}(?!\d),?(?: {_YEAR})?",
    r"\d\d?[/.]\d\d?[/.]\d{4}",
    rf"{_YEAR}-(?:0[1-9]|1[0-2])(?!\d)",
    rf"{_MONTH}(?: of)?,? (?:{_YEAR}|'\d\d)",
    rf"{_MONTH} (?:of )?(?:last|this|the previous) year",
    rf"(?:last |this |past )?{_MONTH}",
    rf"(?:fiscal |fy ?)?q[1-4](?: of)?[ -]?(?:{_YEAR}|last year|this year)?",
    rf"{_YEAR}[ -]?q[1-4]",
    rf"(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) quarter(?: of (?:{_YEAR}|last year|this year))?",
    rf"h[12] {_YEAR}|(?:the )?(?:first|second) half of (?:{_YEAR}|last year|this year|the year)",
    rf"(?:fiscal(?: year)? |fy ?){_YEAR}|fy ?'?\d\d",
    rf"{_YEAR}-w\d\d?|week \d\d? (?:of|in) {_YEAR}",
    rf"{_REL} (?:fiscal )?(?:week|month|quarter|year)",
    r"today|yesterday|now|the day before yesterday",
    r"(?:last |this past )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    r"(?:\d{1,3}|a|an|one|two|three|four|five|six) (?:day|week|month|quarter|year)s? ago",
    r"(?:christmas(?: day| eve)?|black friday|thanksgiving|easter(?: sunday)?|new year'?s (?:day|eve)|valentine'?s day|halloween|cyber monday|"
    rf"independence day|labor day|memorial day)(?: {_YEAR}| last year| this year)?",
    rf"(?:last |this )?(?:spring|summer|autumn|winter)(?: (?:of )?{_YEAR})?",
    rf"{_YEAR}",
]  # fmt: skip
_POINT = "(?:" + "|".join(_POINTS) + ")"


def find_mentions(text: str, calendar: Calendar) -> list[Mention]:
    """Every mention, left to right, the longest where they overlap."""
    lower = text.lower().replace("’", "'")
    found: list[Mention] = []
    for pattern, rule in _RULES:
        for match in pattern.finditer(lower):
            made = rule(match, calendar)
            if made is not None:
                found.append(
                    replace(made, start=match.start(), end=match.end(), text=text[match.start() : match.end()])
                )
    found.sort(key=lambda m: (-(m.end - m.start), m.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= k.start or mention.start >= k.end for k in kept):
            kept.append(mention)
    kept.sort(key=lambda m: m.start)
    return _year_over_year(kept)


def _year_over_year(mentions: list[Mention]) -> list[Mention]:
    """ "Year over year" beside another grain or a window compares with a year ago; alone it is growth by year."""
    others = any((m.kind == "window" or (m.kind == "grain" and not (m.growth and m.grain == "year"))) for m in mentions)
    return [
        replace(m, kind="comparison", compare="previous_year", grain=None, growth=False)
        if m.kind == "grain" and m.growth and m.grain == "year" and others
        else m
        for m in mentions
    ]


# --- points: the smallest named stretch --------------------------------------------------------------------------


def point(text: str, cal: Calendar) -> tuple[date, date] | None:
    """The days [first, after) that a date, month, quarter, year or other name of a time covers."""
    text = re.sub(r"\s+", " ", text.strip().lower().replace("’", "'")).removeprefix("the ").rstrip(",")
    for pattern, rule in _point_rules():
        match = pattern.fullmatch(text)
        if match:
            try:
                made = rule(match, cal)
            except ValueError:  # 31 February
                made = None
            if made is not None:
                return made
    return None


PointRule = Callable[[re.Match[str], "Calendar"], "tuple[date, date] | None"]


@cache
def _point_rules() -> list[tuple[re.Pattern[str], PointRule]]:
    def one(day: date) -> tuple[date, date]:
        return day, day + timedelta(days=1)

    def unit(day: date, grain: Grain, cal: Calendar) -> tuple[date, date]:
        window = cal.unit(day, grain)
        assert window.start is not None
        assert window.end is not None
        return window.start.date(), window.end.date()

    def month_number(name: str) -> int:
        name = name.rstrip(".")
        return _MONTHS.get(name) or _SHORT[name]

    def said_year(text: str | None, cal: Calendar) -> int | None:
        if not text:
            return None
        text = text.strip()
        if text in ("last year", "the previous year"):
            return cal.today.year - 1
        if text in ("this year", "the year"):
            return cal.today.year
        return 2000 + int(text[1:]) if text.startswith("'") else int(text)

    def month(number: int, year: int | None, cal: Calendar, *, before: bool = False) -> tuple[date, date]:
        if year is None:
            year = cal.today.year
            started = date(year, number, 1) <= cal.today
            if not started or (before and number == cal.today.month):
                year -= 1
        return unit(date(year, number, 1), "month", cal)

    def day_month(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        number, name = int(re.sub(r"\D", "", m["d"])), month_number(m["m"])
        year = said_year(m["y"], cal)
        if year is None:
            year = cal.today.year if date(cal.today.year, name, number) <= cal.today else cal.today.year - 1
        return one(date(year, name, number))

    def slashed(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        # US order unless the first number can't be a month.
        a, b, year = int(m[1]), int(m[2]), int(m[3])
        return one(date(year, b, a) if a > 12 else date(year, a, b))

    def quarter(number: int, year: int | None, cal: Calendar, *, fiscal: bool = False) -> tuple[date, date]:
        start_month = cal.fiscal_year_start if fiscal else 1

        def start_in(y: int) -> date:
            first = date(y if start_month == 1 else y - 1, start_month, 1)
            return first + relativedelta(months=3 * (number - 1))

        if year is None:
            year = cal.today.year + 1
            while start_in(year) > cal.today:
                year -= 1
        start = start_in(year)
        return start, start + relativedelta(months=3)

    def relative(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        word, grain = m["r"], m["u"]
        if m["f"] and grain in ("year", "quarter"):
            year = cal.today.year + (1 if cal.fiscal_year_start > 1 and cal.today.month >= cal.fiscal_year_start else 0)
            if grain == "year":
                shift = {"this": 0, "current": 0, "next": 1}.get(word, -1)
                window = cal.fiscal_year(year + shift)
                assert window.start is not None
                assert window.end is not None
                return window.start.date(), window.end.date()
        here = cal.start_of(cal.today, grain)  # type: ignore[arg-type]
        from knowledge.calendar import step

        size = step(grain)  # type: ignore[arg-type]
        if word in ("this", "current"):
            return here, (here + size)
        if word == "next":
            return here + size, here + size + size
        return here - size, here

    def weekday(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        back = (cal.today.isoweekday() - _DAYS[m["d"]]) % 7 or 7
        return one(cal.today - timedelta(days=back))

    def ago(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        n = _number(m["n"])
        grain = m["u"]
        there = cal.today - (relativedelta(months=3 * n) if grain == "quarter" else relativedelta(**{grain + "s": n}))  # type: ignore[arg-type]
        return one(there)

    def half(number: int, year: int) -> tuple[date, date]:
        return (date(year, 1, 1), date(year, 7, 1)) if number == 1 else (date(year, 7, 1), date(year + 1, 1, 1))

    def week(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        start = date.fromisocalendar(int(m["y"]), int(m["w"]), 1)
        return start, start + timedelta(days=7)

    def holiday(m: re.Match[str], cal: Calendar) -> tuple[date, date] | None:
        said = said_year(m["y"], cal)
        years = [said] if said else [cal.today.year, cal.today.year - 1]
        for year in years:
            day = _holiday(m["h"].replace("'", ""), year)
            if day and (said or day <= cal.today):
                return one(day)
        return None

    def season(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        first = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}[m["s"]]
        year = int(m["y"]) if m["y"] else cal.today.year
        start = date(year, first, 1)
        if not m["y"] and (
            start > cal.today or (m["r"] and "last" in m["r"] and start + relativedelta(months=3) > cal.today)
        ):
            start = date(year - 1, first, 1)
        return start, start + relativedelta(months=3)

    def year_of(m: re.Match[str], cal: Calendar) -> tuple[date, date]:
        return date(int(m[0]), 1, 1), date(int(m[0]) + 1, 1, 1)

    y = rf"(?P<y>{_YEAR}|'\d\d|(?:last|this|the previous) year)"
    table: list[tuple[str, PointRule]] = [
        (r"(\d{4})-(\d\d?)-(\d\d?)(?:[t ].*)?", lambda m, c: one(date(int(m[1]), int(m[2]), int(m[3])))),
        (rf"(?P<d>{_DAYNUM})(?: of)? (?P<m>{_MONTH}),? ?(?P<y>{_YEAR})?", day_month),
        (rf"(?P<m>{_MONTH}) (?P<d>{_DAYNUM}),?(?: (?P<y>{_YEAR}))?", day_month),
        (r"(\d\d?)[/.](\d\d?)[/.](\d{4})", slashed),
        (rf"({_YEAR})-(\d\d)", lambda m, c: unit(date(int(m[1]), int(m[2]), 1), "month", c)),
        (rf"(?P<m>{_MONTH})(?: of)?,? (?:of )?{y}", lambda m, c: month(month_number(m["m"]), said_year(m["y"], c), c)),
        (rf"(?P<r>last |this |past )?(?P<m>{_MONTH})", lambda m, c: month(month_number(m["m"]), None, c, before="last" in (m["r"] or ""))),
        (rf"(?P<f>fiscal |fy ?)?q(?P<q>[1-4])(?: of)?[ -]?{y}?", lambda m, c: quarter(int(m["q"]), said_year(m["y"], c), c, fiscal=bool(m["f"]))),
        (rf"(?P<y>{_YEAR})[ -]?q(?P<q>[1-4])", lambda m, c: quarter(int(m["q"]), int(m["y"]), c)),
        (rf"(?P<o>first|second|third|fourth|last|1st|2nd|3rd|4th) quarter(?: of {y})?",
         lambda m, c: quarter(4 if _ORDINALS[m["o"]] < 0 else _ORDINALS[m["o"]], said_year(m["y"], c), c) if m["y"] or m["o"] != "last" else None),
        (rf"h(?P<h>[12]) (?P<y>{_YEAR})", lambda m, c: half(int(m["h"]), int(m["y"]))),
        (rf"(?P<h>first|second) half of (?P<y>{_YEAR}|last year|this year|the year)",
         lambda m, c: half(_ORDINALS[m["h"]], said_year(m["y"], c) or c.today.year)),
        (rf"(?:fiscal(?: year)? |fy ?)(?P<y>{_YEAR})|fy ?'?(?P<s>\d\d)",
         lambda m, c: _dates(c.fiscal_year(int(m["y"]) if m["y"] else 2000 + int(m["s"])))),
        (rf"(?P<y>{_YEAR})-w(?P<w>\d\d?)", week),
        (rf"week (?P<w>\d\d?) (?:of|in) (?P<y>{_YEAR})", week),
        (r"(?P<r>last|past|previous|prior|this|current|next) (?P<f>fiscal )?(?P<u>week|month|quarter|year)", relative),
        (r"today|now", lambda m, c: one(c.today)),
        (r"yesterday", lambda m, c: one(c.today - timedelta(days=1))),
        (r"day before yesterday", lambda m, c: one(c.today - timedelta(days=2))),
        (r"(?:last |this past )?(?P<d>monday|tuesday|wednesday|thursday|friday|saturday|sunday)", weekday),
        (r"(?P<n>\d{1,3}|a|an|one|two|three|four|five|six) (?P<u>day|week|month|quarter|year)s? ago", ago),
        (rf"(?P<h>[a-z' ]+?)(?: (?P<y>{_YEAR}|last year|this year))?", holiday),
        (rf"(?P<r>last |this )?(?P<s>spring|summer|autumn|winter)(?: (?:of )?(?P<y>{_YEAR}))?", season),
        (_YEAR, year_of),
    ]  # fmt: skip
    return [(re.compile(p), r) for p, r in table]


def _dates(window: Window) -> tuple[date, date]:
    assert window.start is not None
    assert window.end is not None
    return window.start.date(), window.end.date()


def _holiday(name: str, year: int) -> date | None:
    thanksgiving = _nth_weekday(year, 11, 4, 4)
    table = {
        "christmas": date(year, 12, 25), "christmas day": date(year, 12, 25), "christmas eve": date(year, 12, 24),
        "thanksgiving": thanksgiving, "black friday": thanksgiving + timedelta(days=1), "cyber monday": thanksgiving + timedelta(days=4),
        "easter": easter(year), "easter sunday": easter(year), "new years day": date(year, 1, 1), "new years eve": date(year, 12, 31),
        "valentines day": date(year, 2, 14), "halloween": date(year, 10, 31), "independence day": date(year, 7, 4),
        "labor day": _nth_weekday(year, 9, 1, 1), "memorial day": _nth_weekday(year, 6, 1, 1) - timedelta(days=7),
    }  # fmt: skip
    return table.get(name.strip())


def _nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (n - 1))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.get(text, 1)


# --- rules of mentions -------------------------------------------------------------------------------------------

MentionRule = Callable[[re.Match[str], "Calendar"], "Mention | None"]


def _mention(kind: Literal["window", "grain", "part", "comparison"], **parts: object) -> Mention:
    return Mention(0, 0, "", kind, **parts)  # type: ignore[arg-type]


def _span(match: re.Match[str], cal: Calendar) -> Mention | None:
    """between X and Y, from X to Y, X - Y: both ends included."""
    one, two = point(match["a"], cal), point(match["b"], cal)
    first_text, second_text = match["a"].strip(), match["b"].strip()
    shared = re.search(rf"{_YEAR}$", second_text)
    if shared and not re.search(_YEAR, first_text):
        # "between January and March 2024": the year is said once.
        one = point(f"{first_text} {shared[0]}", cal) or one
    if one is None or two is None or one[0] >= two[1]:
        return None
    return _mention("window", window=cal.window(one[0], two[1], ""))


def _open(match: re.Match[str], cal: Calendar) -> Mention | None:
    """since, after, before, until X."""
    found = point(match["p"], cal)
    if found is None:
        return None
    first, after = found
    word = match["w"].strip()
    if word in ("since", "from", "starting", "starting in", "beginning", "starting from", "on or after"):
        return _mention("window", window=cal.window(first, None, ""))
    if word in ("after", "later than"):
        return _mention("window", window=cal.window(after, None, ""))
    if word in ("before", "prior to", "earlier than"):
        return _mention("window", window=cal.window(None, first, ""))
    return _mention("window", window=cal.window(None, after, f"until {cal.label(cal.window(first, after, ''))}"))


def _named(match: re.Match[str], cal: Calendar) -> Mention | None:
    text = match["p"].strip()
    lead = (match["w"] or "").strip()
    # Ordinary words that are also names of times are times only where a preposition or a year says so.
    if (
        re.fullmatch(
            r"may|march|mar|sun|sat|mon|wed|second quarter|spring|summer|autumn|winter|now|dec|oct|jan|jun|aug|sep|nov|apr|feb|jul",
            text,
        )
        and not lead
    ):
        return None
    if re.fullmatch(_YEAR, text) and not lead:
        after = match.string[match.end() : match.end() + 2]
        before = match.string[: match.start()].rstrip()
        ends = after.strip() in ("", "?", ".", ",", "!", ";", ")", ":") and not re.match(r" \w", after)
        linked = re.match(
            r"\s*(and|vs|versus|to|compared|by|or|,|\?|\.|per)\b", match.string[match.end() :]
        ) or not match.string[match.end() :].strip(" ?.!,;:)")
        if not (ends or linked) or re.search(
            r"(id|number|no|#|code|zip|store|household|customer|product|order|than|over|under|least|most|=|>|<)$",
            before,
        ):
            return None
    if re.fullmatch(r"(monday|tuesday|wednesday|thursday|friday|saturday|sunday)", text) and not lead:
        return None
    found = point(text, cal)
    if found is None:
        return None
    start, end = found
    if re.search(r"\bthis\b|\bcurrent\b", text) and start <= cal.today < end:
        end = cal.today + timedelta(days=1)
    return _mention("window", window=cal.window(start, end, ""))


def _last_n(match: re.Match[str], cal: Calendar) -> Mention | None:
    from knowledge.calendar import step

    n, unit, tail = _number(match["n"]), match["unit"], (match["tail"] or "")
    ahead = match["r"] in ("next", "coming", "following")
    size = step(unit)  # type: ignore[arg-type]
    if unit == "hour":
        end_time = datetime.combine(cal.today + timedelta(days=1), datetime.min.time())
        return _mention(
            "window", window=Window(start=end_time - timedelta(hours=n), end=end_time, text=f"the last {n} hours")
        )
    including = bool(re.search(r"\b(including|with|and) (this|the current|today)|inclusive", tail))
    excluding = bool(re.search(r"\b(excluding|without|not including|not counting|before)\b", tail)) or bool(
        match["full"]
    )
    here = cal.start_of(cal.today, unit)  # type: ignore[arg-type]
    if ahead:
        start = cal.today + timedelta(days=1) if unit == "day" else here + size
        return _mention("window", window=cal.window(start, start + size * n, ""))
    if unit == "day":
        end = cal.today if excluding else cal.today + timedelta(days=1)
        if re.search(r"inclusive of \d+ days ago", tail):
            return _mention("window", window=cal.window(cal.today - timedelta(days=n), None, f"the last {n} days"))
        return _mention("window", window=cal.window(end - timedelta(days=n), end, f"the last {n} days"))
    if including:
        return _mention(
            "window",
            window=cal.window(
                here - size * (n - 1), cal.today + timedelta(days=1), f"the last {n} {unit}s including this one"
            ),
        )
    return _mention("window", window=cal.window(here - size * n, here, ""))


def _to_date(match: re.Match[str], cal: Calendar) -> Mention:
    text = match.group()
    initial = {"y": "year", "q": "quarter", "m": "month", "w": "week"}
    grain = next((g for g in ("year", "quarter", "month", "week") if g in text), None) or initial[text.strip()[0]]
    return _mention("window", window=cal.to_date(grain))  # type: ignore[arg-type]


def _edge(match: re.Match[str], cal: Calendar) -> Mention | None:
    """the first week of May, the last 3 days of March 2024, the beginning of the year"""
    found = point(
        match["p"]
        .replace("the year", "this year")
        .replace("the month", "this month")
        .replace("the quarter", "this quarter"),
        cal,
    )
    if found is None:
        return None
    from knowledge.calendar import step

    start, end = found
    n = _number(match["n"]) if match["n"] else 1
    size = step(match["unit"]) * n  # type: ignore[arg-type]
    if _ORDINALS[match["o"]] == -1:
        return _mention("window", window=cal.window(max(start, end - size), end, ""))
    nth = _ORDINALS[match["o"]] - 1
    begin = start + step(match["unit"]) * nth  # type: ignore[arg-type]
    return _mention("window", window=cal.window(begin, min(begin + size, end), ""))


def _grain(match: re.Match[str], cal: Calendar) -> Mention:
    adverb = {
        "hourly": "hour",
        "daily": "day",
        "weekly": "week",
        "monthly": "month",
        "quarterly": "quarter",
        "yearly": "year",
        "annually": "year",
        "annual": "year",
    }
    word = match["g"].rstrip("s") if match["g"] not in adverb else adverb[match["g"]]
    return _mention("grain", grain="day" if word == "date" else word)


def _over(match: re.Match[str], cal: Calendar) -> Mention:
    text = match.group()
    short = {"yoy": "year", "qoq": "quarter", "mom": "month", "wow": "week", "dod": "day"}
    grain = short.get(text.replace("/", "o").strip()) or match["g"]
    return _mention("grain", grain=grain, growth=True)


def _part_group(match: re.Match[str], cal: Calendar) -> Mention:
    text = match["p"]
    for word, part in (("hour", "hour_of_day"), ("time", "hour_of_day"), ("day of the month", "day_of_month"), ("day of month", "day_of_month"),
                       ("month", "month_of_year"), ("quarter", "quarter_of_year")):  # fmt: skip
        if word in text and "day of the week" not in text:
            return _mention("part", part=part)
    return _mention("part", part="day_of_week")


def _part_values(match: re.Match[str], cal: Calendar) -> Mention:
    text = match.group()
    if "weekend" in text:
        return _mention("part", part="day_of_week", values=(6, 7))
    if "weekday" in text:
        return _mention("part", part="day_of_week", values=(1, 2, 3, 4, 5))
    hours = {
        "morning": range(6, 12),
        "afternoon": range(12, 18),
        "evening": range(18, 23),
        "night": (22, 23, 0, 1, 2, 3, 4, 5),
    }
    for word, values in hours.items():
        if word in text:
            return _mention("part", part="hour_of_day", values=tuple(values))
    days = tuple(n for d, n in _DAYS.items() if d in text)
    return _mention("part", part="day_of_week", values=days)


def _versus(match: re.Match[str], cal: Calendar) -> Mention | None:
    text = match["p"]
    if re.search(r"same|year ago|year earlier|year before|last year|previous year|prior year|a year", text):
        return _mention("comparison", compare="previous_year")
    if re.search(r"period|before|earlier|ago|previous|prior", text) and "last" not in text:
        return _mention("comparison", compare="previous_period")
    found = point(text, cal)
    return _mention("comparison", window=cal.window(*found, "")) if found else None


def _rules() -> list[tuple[re.Pattern[str], MentionRule]]:
    lead = (
        r"(?P<w>(?:in|during|for|on|over|of|within|throughout|at|year|the year|from|through|by the end of)(?: the)? )?"
    )
    days = "|".join(_DAYS)
    versus = r"(?:vs\.?|versus|compared (?:to|with)|against|relative to|than|in comparison (?:to|with)|over|from|on) "
    table: list[tuple[str, MentionRule]] = [
        (rf"\b(?:between|from) (?P<a>{_POINT}) (?:and|to|until|till|through|thru|-|–) (?:the end of )?(?P<b>{_POINT})(?: inclusive)?(?!\w)", _span),
        (rf"(?<![\w-])(?P<a>{_POINT}) ?(?:to|until|through|thru|–|—) ?(?P<b>{_POINT})(?!\w)", _span),
        (rf"\b(?P<w>since|after|before|until|till|up to|through|prior to|later than|earlier than|starting in|starting from|starting|on or after|from|by) (?:the (?:end|start|beginning) of )?(?P<p>{_POINT})(?: on(?:wards?)?)?(?!\w)", _open),
        (rf"\b{lead}(?P<p>{_POINT})(?!\w)", _named),
        (rf"\b(?:in |over |during |for |within |from )?(?:the )?(?P<r>last|past|previous|prior|trailing|most recent|next|coming) {_N} (?P<full>full |complete |completed |whole )?(?:calendar )?{_UNIT}\b(?P<tail>,? ?\(?(?:(?:excluding|not including|without|not counting|including|with|and) (?:this|the current|today)(?: (?:one|day|week|month|quarter|year))?|inclusive(?: of \d+ days ago)?)\)?)?", _last_n),
        (r"\b(?:(?:year|quarter|month|week)[ -]to[ -]date|ytd|qtd|mtd|wtd|(?:so far )?this (?:year|quarter|month|week) so far|so far this (?:year|quarter|month|week))\b", _to_date),
        (rf"\b(?:in |during |for |over )?the (?P<o>first|second|third|last|final) (?:{_N} )?(?P<unit>day|week|month|quarter)s? of (?P<p>{_POINT}|the year|the month|the quarter)(?!\w)", _edge),
        (r"\b(?:by|per|each|every|for each|for every|a|in each|within each|across|over each|of each|on each|broken down by|grouped by|split by|in every) (?:calendar |individual |the )?(?P<g>hour|day|date|week|month|quarter|year)s?\b(?! (?:of|to|over|ago|and a half|before|on))(?!-)", _by_grain),
        (r"\b(?P<g>hourly|daily|weekly|monthly|quarterly|yearly|annually|annual)\b", _grain),
        (r"\b(?P<g>day|week|month|quarter|year) by (?:day|week|month|quarter|year)\b", _grain),
        (r"\b(?:(?P<g>day|week|month|quarter|year)[- ](?:over|on)[- ](?:day|week|month|quarter|year)|yoy|qoq|mom|wow|y/y|q/q|m/m)\b", _over),
        (r"\b(?:by|per|each|for each|across|on each|which|what|every) (?P<p>(?:the )?(?:day of (?:the )?week|days of (?:the )?week|weekday|hour of (?:the )?day|hours of (?:the )?day|time of (?:the )?day|month of (?:the )?year|calendar month|day of (?:the )?month|quarter of (?:the )?year))s?\b", _part_group),
        (rf"\b(?:(?:on|at|during|over|in)(?: the)? )?(?:weekends?|weekdays)\b|\bon weekday\b|\b(?:in|during)(?: the)? (?:mornings?|afternoons?|evenings?)\b|\bat night\b|\b(?:(?:on|for|during) )?(?:{days})s(?:(?:,| and|, and| or) (?:{days})s)*\b", _part_values),
        (rf"\b{versus}(?P<p>(?:the )?same (?:period|time|month|week|quarter|day|days|dates|months) (?:of |in )?(?:the )?(?:last|previous|prior|a) year(?: ago| earlier)?|(?:the )?(?:year before|previous year|prior year|last year|year ago|a year ago|a year earlier|one year ago|one year earlier)|(?:the )?(?:previous|prior|preceding) (?:period|week|month|quarter|day)|(?:the )?(?:week|month|quarter|day|period) (?:before|earlier|ago)|(?:the )?last (?:week|month|quarter))\b", _versus),
        (r"\b(?P<p>(?:the )?same (?:period|time|month|week|quarter|days) (?:of |in )?(?:the )?(?:last|previous|prior|a) year(?: ago| earlier)?)\b", _versus),
        (r"\b(?:of |for |over |across )?all[- ]time\b", lambda m, c: _mention("window", window=Window(text="all time"))),
    ]  # fmt: skip
    return [(re.compile(p), r) for p, r in table]


def _by_grain(match: re.Match[str], cal: Calendar) -> Mention | None:
    if match.group().startswith("a ") and not re.search(
        r"\b(times|much|many|sales|orders)\b.*$", match.string[: match.start()]
    ):
        return None
    return _grain(match, cal)


_RULES = _rules()
