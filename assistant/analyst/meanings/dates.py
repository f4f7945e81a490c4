"""Which date a question is about, and when years and weeks begin, as instructions say it: "truncate the order date to
month", "use the shipping date", "our fiscal year starts in April", "weeks start on Sunday"."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.analyst.meanings.times import moment
from assistant.analyst.rows_read import read_by
from knowledge.request import Calc, Literal_, Request
from knowledge.workspace import Workspace

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader

_MONTHS = {name.lower(): n for n in range(1, 13) for name in (month_name[n], month_abbr[n])}
_FISCAL = re.compile(
    r"\b(?:(?:fiscal|financial|business) years?|FY) (?:\w+ )?(?:starts?|begins?|runs?|goes)(?: (?:in|on|from|with))?"
    r"(?: the)?"
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


def besides_years(instructions: str) -> str:
    """What is said besides when years and weeks begin."""
    said = re.split(r"(?<=[.;])\s+|\n+", instructions)
    return "\n".join(sentence for sentence in said if not says_years(sentence))


def says_years(sentence: str) -> bool:
    return bool(_FISCAL.search(sentence) or _WEEK.search(sentence))


def by_its_years(request: Request, workspace: Workspace, question: str) -> Request:
    """The request with fiscal years as groups where the question says fiscal, weeks that begin as they do here, and its
    periods resolved in this calendar."""
    fiscal, sunday = workspace.calendar.fiscal_year_start, workspace.calendar.week_start == "sunday"

    def put(column: Any) -> Any:
        if column.kind != "field" or not isinstance(column.field, str) or column.part is not None:
            return column
        if column.grain == "year" and fiscal > 1 and _SAYS_FISCAL.search(question):
            moved = Calc(op="plus_months", args=[column.field, Literal_(value=13 - fiscal)])
            return column.model_copy(update={"field": moved, "label": "fiscal year"})
        if column.grain == "week" and sunday:
            monday = Calc(op="week", args=[Calc(op="plus_days", args=[column.field, Literal_(value=1)])])
            start = Calc(op="plus_days", args=[monday, Literal_(value=-1)])
            return column.model_copy(update={"field": start, "grain": None, "label": "week"})
        return column

    columns = [put(c) for c in request.columns]
    order = [o.model_copy(update={"by": put(o.by)}) for o in request.order]
    return workspace.calendar.resolve(request.model_copy(update={"columns": columns, "order": order}))


_SAYS_FISCAL = re.compile(r"\b(?:fiscal|financial|business) years?\b|\bFY\b", re.I)


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

    def put(column: Any) -> Any:
        by_time = column.kind == "field" and column.grain and isinstance(column.field, str)
        return column.model_copy(update={"field": field}) if by_time else column

    columns = [put(c) for c in request.columns]
    order = [o.model_copy(update={"by": put(o.by)}) for o in request.order]
    time = field if request.period is not None else request.time_field
    return request.model_copy(update={"columns": columns, "order": order, "time_field": time})
