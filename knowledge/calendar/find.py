"""Every mention of a time in a question, left to right, the longest where several could be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from knowledge.calendar import comparisons, cycles, windows
from knowledge.calendar.holidays import HOLIDAYS
from knowledge.calendar.mention import Mention
from knowledge.calendar.named import Point
from knowledge.calendar.stretch import Stretch
from knowledge.calendar.words import ADVERBS, MONTHS, SEASONS, UNITS, UNSURE_MONTHS, WEEKDAYS, Row, vocabulary
from knowledge.request import Window

if TYPE_CHECKING:
    from knowledge.calendar.calendar import Calendar


@dataclass(frozen=True)
class _Found:
    first: int
    after: int
    mention: Mention
    point: Point | None = None


_HINTS = (
    {*UNITS, *MONTHS, *WEEKDAYS, *SEASONS, *ADVERBS, *(name.split()[0] for name in HOLIDAYS)}
    | {day + "s" for day in WEEKDAYS}
    | vocabulary(
        "today now yesterday tomorrow weekend weekends weekday weekdays period time date dates periods fiscal "
        "financial fy ytd qtd mtd wtd fytd yoy qoq mom wow dod y noon midnight morning mornings afternoon "
        "afternoons evening evenings night nights fortnight fortnights inception beginning workdays half"
    )
)
"""Every mention has one of these words, or a digit, among its first few."""
_LONGEST = 7


def find_mentions(text: str, calendar: Calendar) -> list[Mention]:
    row = Row(text, calendar)
    hinted = [word.text in _HINTS or any(c.isdigit() for c in word.text) for word in row.words]
    found: list[_Found] = []
    i = 0
    while i < len(row.words):
        read = _read(row, i) if any(hinted[i : i + _LONGEST]) else None
        if read is None:
            i += 1
            continue
        found.append(read)
        i = read.after
    found = _shared_years(row, found)
    return _year_over_year([f.mention for f in found])


def read_window(text: str, calendar: Calendar) -> Window | None:
    """The window that the whole text names."""
    row = Row(text.strip().rstrip(".?! "), calendar)
    if not row.words:
        return None
    for start in (0, *([1] if row.at(0).text == "the" else [])):
        read = windows.window(row, start, alone=True)
        if read and read[1] == len(row.words):
            return _window(read[0], calendar)
    return None


def _read(row: Row, i: int) -> _Found | None:
    """What starts at the word: of equally long readings, a comparison before a window before a part before a grain."""
    if row.at(i).glued and row.at(i - 1).text.isalpha():
        return None  # the second half of a hyphenated word
    best: tuple[dict[str, Any], int] | None = None
    compared = comparisons.comparison(row, i)
    stretch = windows.window(row, i, alone=_beside_a_month(row, i))
    if stretch is not None:
        best = {"kind": "window"}, stretch[1]
    if compared and (best is None or compared[1] >= best[1]):
        best, stretch = compared, None
    for reader in (cycles.part, cycles.grain):
        read = reader(row, i)
        if read and (best is None or read[1] > best[1]):
            best, stretch = read, None
    if best is None:
        return None
    parts, after = best
    start, end = row.at(i).start, row.at(after - 1).end
    if stretch is not None:
        parts = {"kind": "window", "window": _window(stretch[0], row.calendar)}
    elif isinstance(parts.get("window"), tuple):
        parts = parts | {"window": row.calendar.window(*parts["window"])}
    mention = Mention(start, end, row.text[start:end], **parts)
    return _Found(i, after, mention, stretch[0].point if stretch else None)


_BESIDE = {"vs", "versus", "against", "than", "&", "/", "and", "or", ","}
_ASKED = {"i", "we", "you", "he", "she", "they", "it", "be", "have", "not", "also"}
"""After these words "may" is no month: "in June and may we see …"."""


def _beside_a_month(row: Row, i: int) -> bool:
    """ "june vs may", "may or june": an ordinary word that must be a month, for what it stands beside is one."""
    if row.at(i).text not in UNSURE_MONTHS or row.at(i + 1).text in _ASKED:
        return False
    before = row.at(i - 1).text in _BESIDE and row.at(i - 2).text in MONTHS if i >= 2 else False
    return before or (row.at(i + 1).text in _BESIDE and row.at(i + 2).text in MONTHS)


def _window(stretch: Stretch, calendar: Calendar) -> Window:
    made = calendar.window(stretch.start, stretch.end)
    return made.model_copy(update={"text": f"{made.text} ({stretch.note})"}) if stretch.note else made


_JOINED = {
    "and",
    "or",
    ",",
    "vs",
    "versus",
    "to",
    "with",
    "against",
    "&",
    "than",
    "/",
    "compared",
    ".",
    "from",
    "in",
    "for",
}


def _shared_years(row: Row, found: list[_Found]) -> list[_Found]:
    """ "Q1 and Q2 2024", "March 2024 vs April": a year said once holds for its neighbours."""
    made = list(found)
    for n in range(len(made) - 2, -1, -1):
        here, following = made[n], made[n + 1]
        if (
            _linked(row, here, following)
            and here.point
            and here.point.in_year
            and following.point
            and following.point.year
        ):
            made[n] = _moved(here, here.point.of(following.point.year), row.calendar)
        elif _listed(row, here, following) and _later(here.point, following.point):
            # "May and June", in May: both of last year, for June of this year has not begun
            made[n] = _moved(here, here.point.of(following.point.start.year), row.calendar)  # type: ignore[union-attr]
    for n in range(1, len(made)):
        before, here = made[n - 1], made[n]
        if _linked(row, before, here) and here.point and here.point.in_year and before.point and before.point.year:
            point = here.point.of(before.point.year)
            later = here.point.of(before.point.year + 1)
            today: datetime = row.calendar.window(row.calendar.today, None).start  # type: ignore[assignment]
            made[n] = _moved(
                here, later if point.end <= before.point.start and later.start <= today else point, row.calendar
            )
    return made


def _linked(row: Row, one: _Found, two: _Found) -> bool:
    between = [row.at(k).text for k in range(one.after, two.first)]
    return len(between) <= 2 and all(word in _JOINED for word in between)


def _listed(row: Row, one: _Found, two: _Found) -> bool:
    between = [row.at(k).text for k in range(one.after, two.first)]
    return bool(between) and all(word in ("and", ",", "or", "&") for word in between)


def _later(one: Point | None, two: Point | None) -> bool:
    """Both without a year of their own, and read as if the first came after the second."""
    return bool(one and two and one.in_year and two.in_year and two.end <= one.start)


def _moved(found: _Found, point: Point, calendar: Calendar) -> _Found:
    window = calendar.window(point.start, point.end)
    return replace(found, mention=replace(found.mention, window=window), point=point)


def _year_over_year(mentions: list[Mention]) -> list[Mention]:
    """ "Year over year" beside another grain or a window compares with a year ago; alone it is growth by year."""
    others = any(m.kind == "window" or (m.kind == "grain" and not (m.growth and m.grain == "year")) for m in mentions)
    return [
        replace(m, kind="comparison", compare="previous_year", grain=None, growth=False)
        if m.kind == "grain" and m.growth and m.grain == "year" and others
        else m
        for m in mentions
    ]
