"""What a column is for: a key, a name, a category, a quantity that adds up, or one that does not."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.model import Additivity, Role
from knowledge.profile.columns import ColumnFacts

_NEVER_ADD = frozenset(
    [
        "price",
        "rate",
        "ratio",
        "percent",
        "percentage",
        "pct",
        "average",
        "avg",
        "mean",
        "median",
        "score",
        "rating",
        "rank",
        "ranking",
        "age",
        "year",
        "month",
        "day",
        "week",
        "quarter",
        "latitude",
        "longitude",
        "lat",
        "lng",
        "temperature",
        "index",
        "grade",
        "level",
        "version",
        "position",
        "stars",
        "elo",
        "probability",
        "margin",
        "yield",
        "interest",
        "density",
        "speed",
        "high",
        "low",
        "open",
        "close",
        "opening",
        "closing",
        "limit",
        "minimum",
        "maximum",
        "min",
        "max",
        "height",
        "weight",
        "length",
        "width",
        "size",
        "decade",
        "season",
        "round",
        "number",
        "gpa",
        "lap",
        "lane",
        "pick",
        "seed",
        "ordinal",
        "order",
        "sequence",
        "line",
        "zip",
        "phone",
    ]
)
_BALANCE = frozenset(
    [
        "balance",
        "stock",
        "inventory",
        "headcount",
        "population",
        "outstanding",
        "holdings",
        "onhand",
        "followers",
        "subscribers",
        "members",
    ]
)
_QUANTITY = frozenset(
    [
        "amount",
        "quantity",
        "total",
        "count",
        "units",
        "sales",
        "revenue",
        "cost",
        "costs",
        "value",
        "spend",
        "spent",
        "paid",
        "payment",
        "fee",
        "fees",
        "tax",
        "discount",
        "discounts",
        "profit",
        "duration",
        "minutes",
        "hours",
        "seconds",
        "days",
        "points",
        "goals",
        "wins",
        "losses",
        "votes",
        "clicks",
        "impressions",
        "views",
        "visits",
        "sessions",
        "visitors",
        "orders",
        "shares",
        "volume",
        "distance",
        "miles",
        "salary",
        "budget",
        "income",
        "expense",
        "expenses",
        "tip",
        "gross",
        "net",
        "likes",
        "comments",
        "checkins",
        "reviews",
        "attendance",
        "citations",
        "capacity",
        "deaths",
        "births",
        "passengers",
        "seats",
        "attempts",
        "assists",
        "yards",
        "tickets",
        "hits",
        "runs",
        "references",
        "citation",
        "reference",
        "review",
        "vote",
        "visit",
    ]
)
_CODES = frozenset(
    {
        "code",
        "zip",
        "postcode",
        "postal",
        "sku",
        "upc",
        "ean",
        "isbn",
        "vin",
        "hash",
        "token",
        "symbol",
        "ticker",
        "abbreviation",
        "iata",
        "iso",
    }
)
_PLACES = frozenset(
    {
        "city",
        "state",
        "country",
        "region",
        "county",
        "province",
        "address",
        "street",
        "neighborhood",
        "district",
        "location",
        "continent",
        "postcode",
        "town",
        "suburb",
    }
)
_NAMES = frozenset({"name", "title", "label", "fullname"})
_LOADED = re.compile(r"(loaded|inserted|ingested|synced|etl|modified|updated|_at_utc_load|dwh)", re.I)


def role(column: ColumnFacts, words: list[str], *, is_key: bool, is_foreign: bool, rows: int) -> Role:
    if is_foreign:
        return "foreign_key"
    if is_key:
        return "key"
    last = words[-1] if words else ""
    if column.type in ("date", "timestamp", "time"):
        return "time"
    if column.type == "boolean" or _is_flag(column):
        return "flag"
    if column.type in ("integer", "number"):
        if last in ("id", "key", "identifier", "uuid") or (words and words[-1] in _CODES):
            return "code"
        return "measure" if _is_quantity(column, words) else "number"
    if column.type == "json":
        return "text"
    if last in ("id", "key", "identifier", "uuid", "guid") or (last in _CODES):
        return "code"
    if last in _NAMES:
        return "name" if column.distinct > max(20, 0.5 * rows) or rows < 50 else "category"
    if set(words) & _PLACES:
        return "place"
    if column.length > 60:
        return "text"
    if column.filled and column.distinct > 0.9 * column.filled and column.distinct > 50:
        return (
            "text"
            if column.length > 35
            else "name"
            if last in _NAMES
            else "code"
            if not re.search(r"\s", str(column.samples[:1]))
            else "text"
        )
    return "category"


def additivity(column: ColumnFacts, words: list[str], kind: Role) -> Additivity:
    if kind != "measure":
        return "non_additive"
    if set(words) & _BALANCE:
        return "semi_additive"
    return "additive"


def unit(column: ColumnFacts, words: list[str], kind: Role) -> str | None:
    if column.unit:
        return column.unit
    if kind not in ("measure", "number"):
        return None
    for word, name in (
        ("usd", "USD"), ("eur", "EUR"), ("gbp", "GBP"), ("dollar", "USD"), ("cents", "cents"), ("percent", "percent"), ("pct", "percent"), ("percentage", "percent"),
        ("kg", "kg"), ("km", "km"), ("miles", "miles"), ("minutes", "minutes"), ("seconds", "seconds"), ("ms", "milliseconds"), ("hours", "hours"), ("days", "days"),
    ):  # fmt: skip
        if word in words:
            return name
    return None


def is_load_time(name: str) -> bool:
    return bool(_LOADED.search(name))


def _is_flag(column: ColumnFacts) -> bool:
    if column.distinct > 2 or column.distinct == 0:
        return False
    values = {str(v).lower() for v in column.samples}
    return (values <= {"0", "1"} and column.type == "integer") or (
        values <= {"y", "n", "yes", "no", "true", "false", "t", "f"} and column.type == "text"
    )


def _is_quantity(column: ColumnFacts, words: list[str]) -> bool:
    """By the head word of its name first, then by any word, then by being fractional."""
    if not words:
        return False
    if set(words) & {
        "price",
        "rate",
        "ratio",
        "percent",
        "percentage",
        "average",
        "avg",
        "mean",
        "year",
        "age",
        "latitude",
        "longitude",
        "rating",
        "score",
        "rank",
    }:
        return False
    if words[-1] in _QUANTITY or (words[0] in ("total", "number") and len(words) > 1):
        return True
    if words[-1] in _NEVER_ADD:
        return False
    if set(words) & (_QUANTITY | _BALANCE):
        return True
    return column.type == "number" and not set(words) & _NEVER_ADD


TimeRank = Literal[0, 1, 2, 3]


def time_rank(words: list[str], kind: str) -> int:
    """How likely a time is when the row happened; lower is likelier, 9 never."""
    text = " ".join(words)
    if re.search(
        r"\b(birth|born|dob|expir\w*|valid|due|end|ended|until|deleted|modified|updated|update|load\w*|next|last|renewal|termination|close[ds]?|cancel\w*|final|effective to|delivered|delivery|return\w*)\b",
        text,
    ):
        return 7
    if re.search(
        r"\b(order\w*|transaction|purchase\w*|sale|sold|event|visit\w*|payment|paid|invoice|booking|session|claim|date time|datetime)\b",
        text,
    ):
        return 0
    if re.search(
        r"\b(created|create|placed|happened|occurred|start\w*|begin|open|opened|signed|join\w*|registered|signup|hire\w*|issue\w*|loss)\b",
        text,
    ):
        return 1
    return 2
