"""The words of business questions that belong to no database: how English counts, compares, groups and ranks.

Each entry gives a phrase its code, the letter that `interpret` reads it by (see `CODES`), and what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CODES = {
    "m": "metric", "f": "field", "d": "dataset", "v": "value", "n": "number", "w": "window of time", "g": "time grain",
    "t": "part of a time", "x": "comparison with another time", "a": "aggregate", "c": "count", "u": "distinct",
    "s": "superlative", "T": "top or bottom", "o": "comparator", "b": "between", "y": "group by", "z": "negation",
    "S": "share", "G": "growth", "R": "running total", "A": "moving average", "K": "rank", "/": "ratio", "V": "versus",
    "&": "and", "|": "or", "r": "trend", "l": "list", "q": "question word", "h": "relative", "O": "of", "L": "average as a bound",
    "j": "verb of a relation", "p": "text condition", "k": "is null", "D": "duration", ".": "unread",
}  # fmt: skip


@dataclass(frozen=True)
class Super:
    """`descending` puts the largest first. `about` hints at what is measured: "time", "price", "count"."""

    descending: bool
    about: str = ""


_TABLE: list[tuple[str, Any, str]] = [
    # aggregates
    ("a", "sum", "total|sum of|sum|totals|overall|combined|in total|altogether|aggregate|total sum of|total amount of|summed|sum total|cumulative total of"),
    ("a", "avg", "average|mean|avg|typical|on average|averaged|average of|the average|mean of"),
    ("a", "median", "median|middle"),
    ("a", "max", "maximum|max|peak"),
    ("a", "min", "minimum|min"),
    ("a", "stddev", "standard deviation|std dev|stdev|volatility|spread of"),
    ("a", "variance", "variance"),
    ("a", "mode", "most common|most frequent|mode of|most typical|modal|most popular value of"),
    ("c", None, "how many|number of|count of|count|total number of|# of|no of|quantity of rows|the number|how many times|total count of|total count|number|counts of|how often|tally of|num of"),
    ("u", None, "distinct|unique|different|separate|individual"),
    # order
    ("s", Super(True), "highest|largest|biggest|greatest|most|strongest|highest number of|largest number of|biggest number of|greatest number of|maximal|top ranked|leading|heaviest|longest|the most|tallest|best performing|top performing|top selling|best selling|bestselling|deepest|steepest|busiest|hottest|top-selling|best-selling"),
    ("s", Super(False), "lowest|smallest|least|fewest|weakest|minimal|worst performing|slowest|shortest|worst selling|lightest|tiniest|quietest|lowest number of|smallest number of|fewest number of|least number of|poorest"),
    ("s", Super(True, "price"), "most expensive|priciest|costliest|dearest"),
    ("s", Super(False, "price"), "cheapest|least expensive|most affordable"),
    ("s", Super(True, "time"), "newest|latest|most recent|youngest|last|most recently|recent|freshest"),
    ("s", Super(False, "time"), "oldest|earliest|first|least recent"),
    ("s", Super(True, "count"), "most popular|most frequently|most often|most active|most common|most frequent|most bought|most purchased|most loyal|commonest"),
    ("s", Super(False, "count"), "least popular|rarest|least often|least frequently|least active|least common|least frequent|least bought"),
    ("s", Super(True, "value"), "most valuable|most profitable|most lucrative|biggest spending|richest|wealthiest"),
    ("T", True, "top|best|leading|the best"),
    ("T", False, "bottom|worst|the worst"),
    # comparators
    ("o", ">", "more than|greater than|over|above|exceed|exceeds|exceeding|exceeded|larger than|higher than|bigger than|upwards of|in excess of|longer than|older than|greater|>|surpass|surpassing|beyond|taller than|heavier than|north of|better than|is over|is above|topping|later than"),
    ("o", "<", "less than|fewer than|under|below|smaller than|lower than|shorter than|younger than|cheaper than|<|not exceeding by|south of|worse than|short of|beneath|earlier than"),
    ("o", ">=", "at least|no less than|no fewer than|minimum of|not less than|>=|or more|or above|or higher|or greater|or over|a minimum of|greater than or equal to|and above|and up|and over|not fewer than|and higher|or older|or later|and older|not below|more than or equal to"),
    ("o", "<=", "at most|no more than|up to|maximum of|not more than|<=|or less|or fewer|or below|or lower|a maximum of|less than or equal to|or under|not over|not above|and below|and under|no greater than|not exceeding|or younger|or earlier"),
    ("o", "=", "exactly|equal to|equals|equal|=|precisely|the same as|==|is equal to|just"),
    ("o", "!=", "not equal to|!=|<>|other than|different from|different than|not equal"),
    ("b", None, "between|ranging from|in the range|from"),
    ("L", ">", "above average|above the average|higher than average|higher than the average|more than average|more than the average|greater than average|greater than the average|over the average|larger than average|better than average|exceeds the average|exceed the average|above-average|bigger than average|larger than the average|above the mean|bigger than the average|above their average|exceeding the average|over average"),
    ("L", "<", "below average|below the average|lower than average|lower than the average|less than average|less than the average|smaller than average|under the average|below-average|worse than average|fewer than average|fewer than the average|smaller than the average|below the mean|under average"),
    # grouping
    ("y", None, "by|per|for each|each|by each|across|broken down by|break down by|broken out by|breakdown by|split by|grouped by|group by|segmented by|for every|every|in each|at each|within each|of each|on each|from each|per each|by every|depending on|sliced by|according to|across all|across each|in every|at every|with each|to each|by individual|among|breakdown of|for all|split out by|separated by|for the different|for different|by different|by the|cut by|vary by|varies by|differ by|differs by|break it down by|broken down per|in all|over each"),
    # negation
    ("z", None, "not|no|never|without|excluding|except|except for|n't|aren't|isn't|didn't|haven't|hasn't|don't|doesn't|wasn't|weren't|other than|besides|apart from|lacking|non|exclude|ignoring|minus|but not|and not|do not|did not|does not|have not|has not|are not|is not|were not|was not|had not|hadn't|never had|do not have|don't have|doesn't have|does not have|have no|has no|with no|had no|having no|have never|has never|leaving out|that never|who never|zero|not have|not had|neither|not have any|without any|no longer|not any|not in|outside|outside of"),
    # analysis
    ("S", None, "share of|share|percentage of|percent of|% of|proportion of|fraction of|what percentage of|what percent of|what share of|what proportion of|contribution of|contribution to|contribute to|contributes to|percentage|percent|proportion|what % of|market share|portion of|what fraction of|mix|percentage share|percent share|as a percentage of total|as a share of total|as a percent of total|as a % of total|percent of total|% of total|share of total|percentage of total|part of the total|relative share|contribution|% share|makes up|make up|account for|accounts for"),
    ("G", "percent", "growth|growth rate|percent change|percentage change|% change|rate of growth|growing|grow|grew|grown|rate of change|percentage increase|percent increase|percentage growth|grow most|pct change|percentage decrease"),
    ("G", "difference", "change|changes|changed|increase|increased|decrease|decreased|decline|declined|drop|dropped|fall|fell|rise|rose|change in|difference from previous|delta|dropping|falling|rising|shrink|shrank|gain|gained|lost most"),
    ("R", "sum", "running total|cumulative|cumulatively|running total of|cumulative sum|cumulated|running sum|accumulated|running totals|cumulative total|running"),
    ("A", "avg", "moving average|rolling average|rolling mean|moving mean|rolling|smoothed|moving"),
    ("K", None, "rank|ranking|ranked|rankings|ranks|rank by|ranked by|leaderboard|league table|sorted by|sort by|ordered by|order by|arranged by"),
    ("/", None, "ratio of|ratio|divided by|over the number of|relative to|as a ratio of|as a percentage of|as a percent of|as a share of|as a proportion of|as % of|as a % of|ratio between|rate of"),
    ("V", None, "vs|vs.|versus|compared to|compared with|compare|comparison of|against|comparing|comparison between|difference between|v|comparison|in comparison to|in comparison with|contrast|compares to|compare to|compare with|than"),
    ("r", None, "trend|trends|over time|trending|evolution|evolve|evolved|development|develop|timeline|history of|time series|progression|through time|trajectory|historically|historical|over the months|over the years|trended"),
    # structure
    ("l", None, "list|show|give|display|return|find|get|provide|fetch|enumerate|name|identify|retrieve|output|print|present|pull up|pull|see|view|report|show me|give me|tell me|find me|get me|list all|show all|list out"),
    ("q", "which", "which|what|whats|what's"),
    ("q", "who", "who|whom|who's"),
    ("q", "where", "where"),
    ("q", "when", "when|what date|which date|what time"),
    ("q", "much", "how much|how big|how large|how high|how low"),
    ("q", "how", "how|how well|how are|how is|how did|how have|how has|how was|how were|how do|how does"),
    ("h", None, "with|whose|that|having|have|has|had|that have|that has|who have|who has|which have|which has|containing|including|include|includes|involving|that are|who are|that were|which are|where the|for which"),
    ("O", None, "of|for"),
    ("&", None, "and|&|,|as well as|along with|plus|together with|also|;|alongside"),
    ("|", None, "or|either"),
    ("p", "starts_with", "starting with|starts with|start with|beginning with|begins with|begin with|that start with|starting in"),
    ("p", "ends_with", "ending with|ends with|end with|ending in|ends in|end in"),
    ("p", "contains", "containing|contains|contain|including the word|with the word|containing the word|matching|that contain|mentioning|called something like|like|includes the word|has the word|have the word|in their name|in the name|in its name|mention|mentions|with the words|containing the words"),
    ("k", True, "missing|null|is missing|empty|blank|unknown|is null|undefined|unspecified|not set|not recorded|not specified"),
    ("D", None, "how long|duration|time between|time from|days between|number of days between|how many days|time it takes|time taken"),
]  # fmt: skip

_SINGLE_GRAINS = {
    "hour": "hour", "hours": "hour", "day": "day", "days": "day", "date": "day", "dates": "day", "week": "week", "weeks": "week",
    "month": "month", "months": "month", "quarter": "quarter", "quarters": "quarter", "year": "year", "years": "year",
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annual": "year",
    "annually": "year",
}  # fmt: skip
_PARTS = {
    "weekday": "day_of_week", "weekdays": "day_of_week", "day of the week": "day_of_week", "day of week": "day_of_week",
    "days of the week": "day_of_week", "hour of the day": "hour_of_day", "hour of day": "hour_of_day", "time of day": "hour_of_day",
    "time of the day": "hour_of_day", "hours of the day": "hour_of_day", "month of the year": "month_of_year",
    "month of year": "month_of_year", "calendar month": "month_of_year", "day of the month": "day_of_month", "day of month": "day_of_month",
    "quarter of the year": "quarter_of_year", "days of week": "day_of_week",
}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    code: str
    data: Any
    words: tuple[str, ...]


def _build() -> dict[str, list[Phrase]]:
    index: dict[str, list[Phrase]] = {}

    def add(code: str, data: Any, phrase: str) -> None:
        words = tuple(phrase.split())
        index.setdefault(words[0], []).append(Phrase(code, data, words))

    for code, data, phrases in _TABLE:
        for phrase in dict.fromkeys(phrases.split("|")):
            add(code, data, phrase)
    for word, grain in _SINGLE_GRAINS.items():
        add("g", grain, word)
    for phrase, part in _PARTS.items():
        add("t", part, phrase)
    for phrases in index.values():
        phrases.sort(key=lambda p: -len(p.words))
    return index


PHRASES = _build()
"""Phrases by their first word (lower case), longest first."""

STOP = frozenset(
    """a an the is are was were be been being am do does did done doing i we us our ours you your yours my me mine it its it's he she
    they them their theirs his her this that these those there here to in on at from into onto out up off about as so then than too very
    can could would will shall should may might must please kindly just want wants wanted like need needs know let lets let's tell
    give show see look looks looking find get gets got make makes made take takes took do does if when while because who whom which
    what whose how both all any some every also still even ever yet already now currently right ok okay hi hello hey thanks thank
    much many more most lot lots per via within during by with for of and or but total only overall exactly actually really basically generally
    information info detail details data figure figures number numbers value values result results record records row rows entry entries
    question answer analysis report dashboard chart graph table plot picture visualization visualize summary overview breakdown
    i'd i'm i've we're we've you're that's there's what's where's who's whats they're it's respective respectively corresponding
    associated related available existing certain specific particular given various actual following given based calculate compute
    determine display return list provide ordered sorted order sort descending ascending desc asc alphabetically along among
    think say says kind sort type-of etc e.g i.e across happened happen happens go goes going went come comes came work works been
    people person one ones thing things stuff us anyone anybody someone ago until since top same such other another own each
    interested wondering curious quick quickly break down broken total-of we've our company company's business store's shop overall
    rather instead always often usually pretty quite well good bad great nice big small high low large little""".split()
)
"""Words that carry no content of their own: unread, they cost a reading nothing."""
