"""Which date a question is about, and when years and weeks begin, as instructions say it: "truncate the order date to
month", "use the shipping date", "our fiscal year starts in April", "weeks start on Sunday"."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.analyst.meanings.times import moment
from assistant.analyst.rows_read import read_by
from knowledge.request import Request
from knowledge.workspace import Workspace

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_MONTHS = {name.lower(): n for n in range(1, 13) for name in (month_name[n], month_abbr[n])}
_FISCAL = re.compile(
    r"\b(?:fiscal|financial|business) years? (?:\w+ )?(?:starts?|begins?|runs?|goes)(?: (?:in|on|from|with))?(?: the)?"
    r"(?: 1(?:st)?(?: of)?| first of)? (?P<month>[A-Za-z]+)",
    re.I,
)
_WEEK = re.compile(
    r"\bweeks? (?:always )?(?:starts?|begins?|runs?)(?: (?:on|from))? (?:a )?(?P<day>sunday|monday)s?\b", re.I
)
_DATED = [
    re.compile(p, re.I)
    for p in (
        r"\btruncate (?:the )?(?P<date>[\w ]+?) to (?:the )?(?:day|week|month|quarter|year)",
        r"^(?:please )?(?:always )?use (?:the )?(?P<date>[\w ]*(?:date|time|day)|\w+(?:At|On|_at|_on|_dt|_date|_ts))"
        r"(?: \([^()]*\))?"
        r"(?: (?:for|as|in|when|to)\b.*)?$",
        r"^(?:all )?(?:dates|periods|months|years|time periods|times|date filters)(?: always)? (?:refer|relate|go"
        r"|apply|are) "
        r"(?:to|by) (?:the )?(?P<date>[\w ]+?)$",
        r"^the date of (?:an? |the )?(?:\w+ )*\w+ is (?:the |that of (?:its|the) )(?P<date>[\w ]+?)$",
        r"^(?:periods|everything|figures|results) (?:are|is) (?:dated|counted|reported) by (?:the )?(?P<date>[\w ]+?)$",
    )
]


def in_its_years(workspace: Workspace, instructions: str) -> Workspace:
    """The workspace whose fiscal years and weeks begin as the instructions say; itself where they say nothing of it."""
    fiscal, week = _FISCAL.search(instructions), _WEEK.search(instructions)
    month = _MONTHS.get(fiscal["month"].lower()) if fiscal else None
    start = week["day"].lower() if week else None
    changed: dict[str, Any] = {}
    if month and month != workspace.calendar.fiscal_year_start:
        changed["fiscal_year_start"] = month
    if start and start != workspace.calendar.week_start:
        changed["week_start"] = start
    return replace(workspace, calendar=replace(workspace.calendar, **changed)) if changed else workspace


def says_years(sentence: str) -> bool:
    return bool(_FISCAL.search(sentence) or _WEEK.search(sentence))


def date_of(sentence: str, reader: Reader) -> str | None:
    """The time field that a sentence says to go by."""
    for pattern in _DATED:
        if found := pattern.search(sentence.strip(" .;")):
            return moment(found["date"], reader, None)
    return None


def dated(request: Request, field: str, reader: Reader) -> Request:
    """The request with its periods and grains by this time, where all that it reads has one."""
    read = read_by(request, reader.schema)
    owner = field.partition(".")[0]
    if not read or not all(reader.schema.belongs_to(d, owner) for d in read):
        return request
    columns = [
        c.model_copy(update={"field": field}) if c.kind == "field" and c.grain and isinstance(c.field, str) else c
        for c in request.columns
    ]
    return request.model_copy(
        update={"columns": columns, "time_field": field if request.period is not None else request.time_field}
    )
