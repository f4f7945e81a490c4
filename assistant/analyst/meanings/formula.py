"""The words of a definition as a measure, a value of each row, or a kind of rows: "paid orders / all orders", "SUM(a *
b) over live subscriptions", "hours from opening to closing, closed tickets only", "invoices that are not paid".

What is no formula is read by the reader, as if it had been asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from assistant.analyst.meanings.parted import (
    GOES_WITHOUT_SAYING,
    as_number,
    as_zero,
    balanced,
    flat,
    head_and_tails,
    split,
    unwrapped,
)
from assistant.analyst.meanings.phrases import Phrases
from assistant.analyst.meanings.times import duration
from assistant.analyst.meanings.values import (
    Row,
    Value,
    aggregated,
    among,
    as_measure,
    combined,
    held,
    in_percent,
    is_of,
)
from knowledge.request import (
    Aggregate,
    All,
    Arithmetic,
    Growth,
    Not,
    Number,
)
from knowledge.words import singular

if TYPE_CHECKING:
    from assistant.analyst.reader import Reader


_PLUS = re.compile(r"\s(?:\+|[-–−]|minus|less|plus)\s")
_TIMES = re.compile(r"\s(?:\*|×|x|times|multiplied by|/|÷|divided by|over the (?=number|total|sum))\s")
_WORDED = re.compile(
    r"^(?P<a>[^()]+?\s(?:minus|plus|less|\+|-)\s[^()]+?),? (?:all |and then )?divided by (?P<b>.+)$", re.I
)
_CALL = re.compile(
    r"^(?P<agg>sum|avg|average|mean|count|min|max|median)\s*\(\s*(?P<distinct>distinct\s*)?(?P<of>.*)\)$", re.I | re.S
)
_AGGREGATE = re.compile(
    r"^(?:the )?(?P<agg>sum|total|average|mean|median|highest|largest|maximum|lowest|minimum)(?: of)?(?: the| all"
    r"| all the)? "
    r"(?P<of>.+)$",
    re.I,
)
_AGGS: dict[str, Literal["sum", "avg", "median", "max", "min", "count"]] = {
    "sum": "sum", "total": "sum", "average": "avg", "avg": "avg", "mean": "avg", "median": "median", "count": "count",
    "highest": "max", "largest": "max", "maximum": "max", "max": "max", "lowest": "min", "minimum": "min", "min": "min",
}  # fmt: skip
_BETWEEN = re.compile(r"^(?:the )?difference between (?P<a>.+?) and (?P<b>.+)$", re.I)
_RATIO = re.compile(r"^(?:the )?ratio (?:of|between) (?P<a>.+?) (?:to|and) (?P<b>.+)$", re.I)
_PERCENT_OF = re.compile(
    r"^(?P<a>.+?),? (?:(?:expressed |given |taken )?as an? (?:percentage|percent|share|proportion|fraction)"
    r"|in percent|in %) of "
    r"(?P<b>.+)$", re.I,
)  # fmt: skip
_PER = re.compile(r"^(?P<a>.+?) (?:per|for each|for every|by each) (?P<b>[\w -]+)$", re.I)
_SOME_OF = re.compile(r"^(?P<n>\d+(?:\.\d+)?) ?(?:%|percent|per cent) of (?:the )?(?P<of>.+)$", re.I)
_ONLY = re.compile(
    r"^(?:and )?(?:only |just |(?:counting|considering|taking|including|looking at)(?: only| just)? |(?:over|for|of"
    r"|among|on)"
    r"(?: only| just| the| all)? )?(?P<rows>.+?)(?P<only> only| alone)?$", re.I,
)  # fmt: skip
_WITHOUT = re.compile(
    r"^(?:and )?(?:(?:exclud\w+|ignor\w+|without|not counting|leaving out|except(?: for)?|but not|minus)(?: any| all"
    r"| the)? "
    r"(?P<a>.+)|(?P<b>.+?),? (?:is |are )?(?:excluded|left out|ignored|not (?:counted|included|considered)"
    r"|do(?:es)? not count|don't count|disregarded|never counted)(?: entirely)?)$", re.I,
)  # fmt: skip
_ENDS = re.compile(
    r"\s+(?:in (?:percent|%|dollars|euros|pounds|usd|eur)|over all time|of all time|in total|so far|ever)$", re.I
)
_OF_BOTH = re.compile(
    r"^(?P<of>.+) (?P<how>of|over|for|across|among|in)(?: only| just)? (?:all |the |all the )?(?P<rows>(?:(?! of "
    r"| over | for )[^()])+?)"
    r"(?: only| alone)?$", re.I | re.S,
)  # fmt: skip
_WHERE_IS = re.compile(
    r"^(?P<of>.+?),? (?:where|with) (?:the )?(?P<name>[\w ]+?) (?:is|=|equals|means|being) (?:the )?(?P<what>.+)$",
    re.I | re.S,
)
_SHARE = re.compile(
    r"^(?:the )?(?:share|percentage|percent|proportion|fraction|part) of (?:all |the |all the )?(?P<a>[\w' -]+?) "
    r"(?P<rest>(?:that|who|which|with|whose|where|without|having|not|in|\w+ed)\b.+)$", re.I | re.S,
)  # fmt: skip
_CURRENCY = re.compile(r"\b(?:cents|dollars|euros|pounds)\b", re.I)
_DURING = re.compile(
    r"^(?:the )?(?:number of |count of )?(?:distinct |different |unique )?(?P<a>[\w -]+?) "
    r"(?:with|having|who (?:have|had|made|placed)|that (?:have|had|made)) (?:at least (?:one|1)|an?|any|some) "
    r"(?P<b>[^,]+?) "
    r"(?:in|during|within) (?:the|that|this|each|a|every) (?:same |given |respective )?(?:day|week|month|quarter"
    r"|year|period)$", re.I,
)  # fmt: skip
_THAT_IS = re.compile(r",? \(?(?:i\.e\.|that is|in other words|namely),? ", re.I)
_SUM_OF = re.compile(r"^(?:the )?(?:sum|total) of (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+)$", re.I)
_MOVED = re.compile(
    r"^\(?(?P<what>.+?) (?:in|of|for) (?:the|a|this|each|given|current)(?: given)? (?P<grain>day|week|month|quarter"
    r"|year)"
    r"(?: minus| less| -) (?:the )?(?P=what) (?:in|of|for) (?:the|its) (?:previous|prior|last|preceding) (?P=grain)\)?"
    r"(?P<of>\s*(?:/|,? divided by) .+)?$",
    re.I,
)
_RANKS = re.compile(r"\brank(?:s|ed|ing)?\b", re.I)
_OPERATOR = re.compile(r"[*/×÷]|\s[-+–−]\s|\b(?:minus|plus|less|times|divided by|multiplied by)\b")


class Formula:
    def __init__(self, reader: Reader, *, zero: bool = False):
        self.reader, self.schema = reader, reader.schema
        self.phrases = Phrases(reader, zero=zero)

    def read(self, text: str, depth: int = 0) -> Value | None:
        """None where it can't be read."""
        text = _ENDS.sub("", text.strip(" ,.;")).strip()
        if depth > 8 or not text or _RANKS.search(text):
            return None
        if said := _THAT_IS.search(text):
            after = self.read(text[said.end() :], depth + 1)
            return after if after is not None else self.read(text[: said.start()], depth + 1)
        head, tails = head_and_tails(text)
        if tails:
            value = self.read(head, depth + 1)
            for tail in tails:
                value = self._with_tail(value, tail) if value is not None else None
            return value
        if (inner := unwrapped(text)) != text:
            return self.read(inner, depth + 1)
        if number := as_number(text):
            return number
        for form in (
            self._where_is,
            self._moved,
            self._during,
            self._call,
            self._all_of,
            self._share,
            self._worded,
            self._aggregate,
            self._sums,
            self._products,
            self._spoken,
        ):
            if (value := form(text, depth)) is not None:
                return value
        if (span := duration(text, self.reader)) is not None:
            return Row(span.dataset, span.value, (), adds_up=False, unit=span.unit)
        if _OPERATOR.search(flat(text)):
            return self._limited(text, depth)
        if text[0].isdigit():
            return None
        value = (
            self.phrases.field(text)
            or self.phrases.phrase(text)
            or self._per(text, depth)
            or self._limited(text, depth)
        )
        if value is None and _CURRENCY.search(text):
            return self.read(_CURRENCY.sub("amount", text), depth + 1)
        return value

    def _during(self, text: str, depth: int) -> Value | None:
        """ "users with a session in the period": the different users of the sessions that are looked at."""
        found = _DURING.match(text)
        things, events = (self.phrases.rows(found["a"]), self.phrases.rows(found["b"])) if found else (None, None)
        if things is None or events is None or things[1] or things[0] == events[0]:
            return None
        key = self.schema.key(things[0])
        if key is None or not self.schema.belongs_to(events[0], things[0]):
            return None
        return Aggregate(agg="count_distinct", of=key, dataset=events[0], where=list(events[1]))

    def _all_of(self, text: str, depth: int) -> Value | None:
        """ "price + shipping of paid orders": both of them; "SUM(hours) / SUM(panels) over completed jobs", too."""
        found = _OF_BOTH.match(text)
        if found is None or not _OPERATOR.search(flat(found["of"])) or _OPERATOR.search(flat(found["rows"])):
            return None
        if found["how"].lower() in ("of", "in") and split(found["of"], _PLUS)[1] == [] != split(found["of"], _TIMES)[1]:
            return None  # "refunds / amount of paid orders"
        rows = self.phrases.rows(found["rows"])
        value = self.read(found["of"], depth + 1) if rows is not None else None
        if value is None or rows is None or (found["how"].lower() in ("of", "in") and not isinstance(value, Row)):
            return None
        return among(value, rows, self.schema)

    def _moved(self, text: str, depth: int) -> Value | None:
        """ "orders in the month minus orders in the previous month", also in parts of the latter."""
        found = _MOVED.match(text)
        of = as_measure(self.read(found["what"], depth + 1)) if found else None
        return Growth(of=of, form="percent" if found and found["of"] else "difference") if of is not None else None

    def _where_is(self, text: str, depth: int) -> Value | None:
        """ "net / watts, where the net is the price less the discount"."""
        found = _WHERE_IS.match(text)
        if found is None or found["name"].lower() not in found["of"].lower():
            return None
        put = re.sub(re.escape(found["name"]), lambda _: f"({found['what']})", found["of"], flags=re.I)
        return self.read(put, depth + 1)

    def _share(self, text: str, depth: int) -> Value | None:
        """ "the share of tickets with a score of 1": of all tickets."""
        found = _SHARE.match(text)
        if found is None:
            return None
        part, whole = self.phrases.rows(f"{found['a']} {found['rest']}"), self.phrases.rows(found["a"])
        if part is None or whole is None or part[0] != whole[0] or part[1] == whole[1]:
            return None
        counts = [
            Aggregate(agg="count", dataset=d, where=list(w)) for d, w in ((part[0], (*whole[1], *part[1])), whole)
        ]
        return Arithmetic(op="percent", left=counts[0], right=counts[1])

    def _call(self, text: str, depth: int) -> Value | None:
        call = _CALL.match(text)
        if call is None or not balanced(call["of"]):
            return None
        agg = _AGGS[call["agg"].lower()]
        if agg == "count":
            rows = self.phrases.rows(call["of"].strip("() ")) if call["of"].strip() != "*" else None
            field = self.phrases.reference(call["of"].strip("() "))
            if field is not None:
                owner = self.schema.owner(field)
                return Aggregate(agg="count_distinct" if call["distinct"] else "count", of=field, dataset=owner)
            return Aggregate(agg="count", dataset=rows[0], where=list(rows[1])) if rows else None
        return aggregated(agg, self.read(call["of"], depth + 1))

    def _aggregate(self, text: str, depth: int) -> Value | None:
        found = _AGGREGATE.match(text)
        if found is None or re.match(r"(?:number|count)\b", found["of"]):
            return None
        if _AGGS[found["agg"].lower()] == "sum" and split(found["of"], _PLUS)[1]:
            return None  # "total paid minus refunds": each has a total of its own
        of = re.sub(r"^(?:the |an? |each )?[\w]+'s? ", "", found["of"])
        inner = self.read(of, depth + 1) if _OPERATOR.search(of) else self.phrases.field(of)
        return aggregated(_AGGS[found["agg"].lower()], inner) if isinstance(inner, Row) else None

    def _worded(self, text: str, depth: int) -> Value | None:
        """ "A minus B divided by C", said in words, is the difference in parts of C."""
        found = _WORDED.match(text)
        if found is None or "/" in text or "*" in text:
            return None
        return combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1), self.schema)

    def _sums(self, text: str, depth: int) -> Value | None:
        parts, signs = split(text, _PLUS)
        return self._folded(parts, signs, depth) if signs else None

    def _products(self, text: str, depth: int) -> Value | None:
        parts, signs = split(text, _TIMES)
        return self._folded(parts, signs, depth) if signs else None

    def _folded(self, parts: list[str], signs: list[str], depth: int) -> Value | None:
        noun = parts[-1].split()[-1].strip("()") if parts[-1].split() else ""
        values = []
        for part in parts:
            value = self.read(part, depth + 1)
            plain = re.fullmatch(r"[\w' -]+", part) and not _OPERATOR.search(part) and len(part.split()) < 4
            if value is None and part is not parts[-1] and noun.isalpha() and plain:
                one = part.split()
                said = " ".join([*one[:-1], singular(one[-1])])
                value = self.read(f"{said} {noun}", depth + 1)  # "accepted + rejected papers"
            values.append(value)
        made = values[0]
        for sign, value in zip(signs, values[1:], strict=True):
            made = combined(sign, made, value, self.schema)
        return made

    def _spoken(self, text: str, depth: int) -> Value | None:
        if found := _BETWEEN.match(text):
            if (span := duration(text, self.reader)) is not None:
                return Row(span.dataset, span.value, (), adds_up=False, unit=span.unit)
            return combined("-", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1), self.schema)
        if found := _SUM_OF.match(text):
            both = combined("+", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1), self.schema)
            return aggregated("sum", both) if isinstance(both, Row) else both
        if found := _RATIO.match(text):
            return combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1), self.schema)
        if found := _PERCENT_OF.match(text):
            ratio = combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1), self.schema)
            return in_percent(ratio) if ratio is not None else None
        if found := _SOME_OF.match(text):
            return combined("*", self.read(found["of"], depth + 1), Number(value=float(found["n"]) / 100), self.schema)
        return None

    def _per(self, text: str, depth: int) -> Value | None:
        found = _PER.match(text)
        if found is None:
            return None
        above = self.read(found["a"], depth + 1)
        rows = self.phrases.rows(found["b"])
        if above is None or rows is None:
            return None
        if isinstance(above, Aggregate) and above.agg == "avg":
            if above.dataset == rows[0] or (isinstance(above.of, str) and self.schema.owner(above.of) == rows[0]):
                return above
            above = above.model_copy(update={"agg": "sum"})
        return combined("/", above, Aggregate(agg="count", dataset=rows[0], where=list(rows[1])), self.schema)

    def _limited(self, text: str, depth: int) -> Value | None:
        """What a figure is of, said after it: "over live subscriptions", "of paid orders"."""
        for match in re.finditer(r" (?:over|for|of|among|across|from|in|on|considering|counting) ", text):
            head, tail = text[: match.start()], text[match.end() :]
            tail = re.sub(r"^(?:only |just )?(?:all |the |all the |our |its |their )?|(?: only| alone)$", "", tail)
            rows = self.phrases.rows(tail)
            value = self.read(head, depth + 1) if rows is not None else None
            if value is not None and rows is not None and (made := among(value, rows, self.schema)) is not None:
                return made
        return None

    def _with_tail(self, value: Value, tail: str) -> Value | None:
        if GOES_WITHOUT_SAYING.match(tail) or as_zero(tail):
            return value
        tail = re.sub(r"\s*\([^()]*\)", "", tail)
        if found := _WITHOUT.match(tail):
            return self.without(value, found["a"] or found["b"])
        found = _ONLY.match(tail)
        rows = self.phrases.rows(found["rows"]) if found else None
        return among(value, rows, self.schema) if rows is not None else None

    def without(self, value: Value, what: str) -> Value | None:
        rows = self.phrases.rows(re.sub(r"\s*\([^()]*\)", "", what))
        if rows is None or not rows[1] or not is_of(value, rows[0], self.schema):
            return None
        one = rows[1][0] if len(rows[1]) == 1 else All(of=list(rows[1]))
        return held(value, (Not(of=one),))
