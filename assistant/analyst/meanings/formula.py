"""The words of a definition as a measure, a value of each row, or a kind of rows: "paid orders / all orders", "SUM(a *
b) over live subscriptions", "hours from opening to closing, closed tickets only", "invoices that are not paid".

What is no formula is read by the reader, as if it had been asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.analyst.meanings.conditions import conditions, owners
from assistant.analyst.meanings.overlay import limited
from assistant.analyst.meanings.times import done, duration
from knowledge.request import (
    Aggregate,
    All,
    Arithmetic,
    Calc,
    Compare,
    Condition,
    FieldColumn,
    Growth,
    InWindow,
    Literal_,
    Measure,
    MetricRef,
    Not,
    Number,
    Operand,
    Request,
    SubResult,
    Window,
)
from knowledge.words import singular

if TYPE_CHECKING:
    from assistant.analyst.plan import Plan
    from assistant.analyst.reader import Reader


@dataclass(frozen=True)
class Row:
    """A value of each row of a dataset (None while it is a number alone), of those rows that `where` holds for."""

    dataset: str
    value: Operand
    where: tuple[Condition, ...] = ()
    adds_up: bool = True
    unit: str | None = None


Value = Row | Measure | Number
_KEPT = 5_000
_NEAR = 0.8
"""How sure words that are not a field's own name are to be to stand for it: a cost is no price."""
_SURE = 0.75
"""A phrase of a definition is read for all questions that use it: it is to be surer than a question."""
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
_NOISE = re.compile(
    r"^(?:(?:for|over|in) (?:the|a) (?:given|chosen|selected|specified) .*|weeks? (?:start|begin|run)s? (?:on"
    r"|from) monday.*|that day included|matched case-insensitively|(?:and "
    r"|with |where |the [\w ]+ (?:having|getting|has|gets) )?(?:the )?rank 1\b.*|1 (?:=|is|being) .*|.*\b(?:having"
    r"|getting|has|gets) "
    r"(?:the )?(?:rank 1|top rank|first rank)|[\w ]+ with the same [\w ]+ share a rank|summed(?: up)?|added up"
    r"|in total|all told|all together|both (?:days |dates )?included|inclusive|rounded.*"
    r"|(?:in|as|expressed in|expressed as|given in) (?:an? |whole )?(?:percent\w*|%|dollars?|euros?|pounds?|usd|eur"
    r"|gbp|days|hours"
    r"|minutes|years|ratio|number|fraction|decimal)|over all time|of all time|ever|so far|to date)$", re.I,
)  # fmt: skip
_ENDS = re.compile(
    r"\s+(?:in (?:percent|%|dollars|euros|pounds|usd|eur)|over all time|of all time|in total|so far|ever)$", re.I
)
_MISSING = re.compile(
    r"(?:missing|no|empty|null|without)\b[^.;]*\b(?:zero|0|nothing|none|no \w+)\b|\bzero (?:if|when|where)\b", re.I
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
_IN_THE_PERIOD = re.compile(
    r"\b(?:in|during|within) (?:the|that|each) (?:same |given )?(?:day|week|month|quarter|year|period)\b", re.I
)
_THAT_IS = re.compile(r",? \(?(?:i\.e\.|that is|in other words|namely),? ", re.I)
_SUM_OF = re.compile(r"^(?:the )?(?:sum|total) of (?:the )?(?P<a>.+?) and (?:the )?(?P<b>.+)$", re.I)
_MOVED = re.compile(
    r"^\(?(?P<what>.+?) (?:in|of|for) (?:the|a|this|each|given|current)(?: given)? (?P<grain>day|week|month|quarter"
    r"|year)"
    r"(?: minus| less| -) (?:the )?(?P=what) (?:in|of|for) (?:the|its) (?:previous|prior|last|preceding) (?P=grain)\)?"
    r"(?P<of>\s*(?:/|,? divided by) .+)?$",
    re.I,
)
_LESS_SAID = re.compile(
    r"\b(?:without|excluding|exclusive of|net of|before (?:tax|vat|discounts?|fees)|not including|except)\b", re.I
)
_LEAVES = re.compile(r'"negated":true|"not"|"!="|"is_null"|"not_in"|"not_null"|"window"|"<"')
_RANKS = re.compile(r"\brank(?:s|ed|ing)?\b", re.I)
_OPERATOR = re.compile(r"[*/×÷]|\s[-+–−]\s|\b(?:minus|plus|less|times|divided by|multiplied by)\b")


def as_zero(text: str) -> bool:
    """Whether a definition says that what is missing is nothing: "a missing discount counts as zero"."""
    return _MISSING.search(text) is not None


class Formula:
    def __init__(self, reader: Reader, *, zero: bool = False):
        self.reader, self.schema, self.zero = reader, reader.schema, zero

    # --- values ------------------------------------------------------------------------------------------------------

    def read(self, text: str, depth: int = 0) -> Value | None:
        """None where it can't be read."""
        text = _ENDS.sub("", text.strip(" ,.;")).strip()
        if depth > 8 or not text or _RANKS.search(text):
            return None
        if said := _THAT_IS.search(text):
            after = self.read(text[said.end() :], depth + 1)
            return after if after is not None else self.read(text[: said.start()], depth + 1)
        head, tails = _tails(text)
        if tails:
            value = self.read(head, depth + 1)
            for tail in tails:
                value = self._with_tail(value, tail) if value is not None else None
            return value
        if (inner := _unwrapped(text)) != text:
            return self.read(inner, depth + 1)
        if number := _number(text):
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
        if _OPERATOR.search(_flat(text)):
            return self._limited(text, depth)
        if text[0].isdigit():
            return None
        value = self._field(text) or self._phrase(text) or self._per(text, depth) or self._limited(text, depth)
        if value is None and _CURRENCY.search(text):
            return self.read(_CURRENCY.sub("amount", text), depth + 1)
        return value

    def _during(self, text: str, depth: int) -> Value | None:
        """ "users with a session in the period": the different users of the sessions that are looked at."""
        found = _DURING.match(text)
        things, events = (self.rows(found["a"]), self.rows(found["b"])) if found else (None, None)
        if things is None or events is None or things[1] or things[0] == events[0]:
            return None
        key = self.schema.key(things[0])
        if key is None or not self.schema.belongs_to(events[0], things[0]):
            return None
        return Aggregate(agg="count_distinct", of=key, dataset=events[0], where=list(events[1]))

    def _all_of(self, text: str, depth: int) -> Value | None:
        """ "price + shipping of paid orders": both of them; "SUM(hours) / SUM(panels) over completed jobs", too."""
        found = _OF_BOTH.match(text)
        if found is None or not _OPERATOR.search(_flat(found["of"])) or _OPERATOR.search(_flat(found["rows"])):
            return None
        if (
            found["how"].lower() in ("of", "in")
            and _split(found["of"], _PLUS)[1] == [] != _split(found["of"], _TIMES)[1]
        ):
            return None  # "refunds / amount of paid orders"
        rows = self.rows(found["rows"])
        value = self.read(found["of"], depth + 1) if rows is not None else None
        if value is None or rows is None or (found["how"].lower() in ("of", "in") and not isinstance(value, Row)):
            return None
        return self._among(value, rows)

    def _moved(self, text: str, depth: int) -> Value | None:
        """ "orders in the month minus orders in the previous month", also in parts of the latter."""
        found = _MOVED.match(text)
        of = self.measure(self.read(found["what"], depth + 1)) if found else None
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
        part, whole = self.rows(f"{found['a']} {found['rest']}"), self.rows(found["a"])
        if part is None or whole is None or part[0] != whole[0] or part[1] == whole[1]:
            return None
        counts = [
            Aggregate(agg="count", dataset=d, where=list(w)) for d, w in ((part[0], (*whole[1], *part[1])), whole)
        ]
        return Arithmetic(op="percent", left=counts[0], right=counts[1])

    def _call(self, text: str, depth: int) -> Value | None:
        call = _CALL.match(text)
        if call is None or not _balanced(call["of"]):
            return None
        agg = _AGGS[call["agg"].lower()]
        if agg == "count":
            rows = self.rows(call["of"].strip("() ")) if call["of"].strip() != "*" else None
            field = self._reference(call["of"].strip("() "))
            if field is not None:
                owner = self.schema.owner(field)
                return Aggregate(agg="count_distinct" if call["distinct"] else "count", of=field, dataset=owner)
            return Aggregate(agg="count", dataset=rows[0], where=list(rows[1])) if rows else None
        return self._aggregated(agg, self.read(call["of"], depth + 1))

    def _aggregate(self, text: str, depth: int) -> Value | None:
        found = _AGGREGATE.match(text)
        if found is None or re.match(r"(?:number|count)\b", found["of"]):
            return None
        if _AGGS[found["agg"].lower()] == "sum" and _split(found["of"], _PLUS)[1]:
            return None  # "total paid minus refunds": each has a total of its own
        of = re.sub(r"^(?:the |an? |each )?[\w]+'s? ", "", found["of"])
        inner = self.read(of, depth + 1) if _OPERATOR.search(of) else self._field(of)
        return self._aggregated(_AGGS[found["agg"].lower()], inner) if isinstance(inner, Row) else None

    def _aggregated(self, agg: str, value: Value | None) -> Measure | None:
        if isinstance(value, Row):
            return Aggregate(agg=agg, of=value.value, dataset=value.dataset, where=list(value.where))  # type: ignore[arg-type]
        return None

    def _worded(self, text: str, depth: int) -> Value | None:
        """ "A minus B divided by C", said in words, is the difference in parts of C."""
        found = _WORDED.match(text)
        if found is None or "/" in text or "*" in text:
            return None
        return self._combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1))

    def _sums(self, text: str, depth: int) -> Value | None:
        parts, signs = _split(text, _PLUS)
        return self._folded(parts, signs, depth) if signs else None

    def _products(self, text: str, depth: int) -> Value | None:
        parts, signs = _split(text, _TIMES)
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
            made = self._combined(sign, made, value)
        return made

    def _spoken(self, text: str, depth: int) -> Value | None:
        if found := _BETWEEN.match(text):
            if (span := duration(text, self.reader)) is not None:
                return Row(span.dataset, span.value, (), adds_up=False, unit=span.unit)
            return self._combined("-", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1))
        if found := _SUM_OF.match(text):
            both = self._combined("+", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1))
            return self._aggregated("sum", both) if isinstance(both, Row) else both
        if found := _RATIO.match(text):
            return self._combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1))
        if found := _PERCENT_OF.match(text):
            ratio = self._combined("/", self.read(found["a"], depth + 1), self.read(found["b"], depth + 1))
            return in_percent(ratio) if ratio is not None else None
        if found := _SOME_OF.match(text):
            return self._combined("*", self.read(found["of"], depth + 1), Number(value=float(found["n"]) / 100))
        return None

    def _per(self, text: str, depth: int) -> Value | None:
        found = _PER.match(text)
        if found is None:
            return None
        above = self.read(found["a"], depth + 1)
        rows = self.rows(found["b"])
        if above is None or rows is None:
            return None
        if isinstance(above, Aggregate) and above.agg == "avg":
            if above.dataset == rows[0] or (isinstance(above.of, str) and self.schema.owner(above.of) == rows[0]):
                return above
            above = above.model_copy(update={"agg": "sum"})
        return self._combined("/", above, Aggregate(agg="count", dataset=rows[0], where=list(rows[1])))

    def _limited(self, text: str, depth: int) -> Value | None:
        """What a figure is of, said after it: "over live subscriptions", "of paid orders"."""
        for match in re.finditer(r" (?:over|for|of|among|across|from|in|on|considering|counting) ", text):
            head, tail = text[: match.start()], text[match.end() :]
            tail = re.sub(r"^(?:only |just )?(?:all |the |all the |our |its |their )?|(?: only| alone)$", "", tail)
            rows = self.rows(tail)
            value = self.read(head, depth + 1) if rows is not None else None
            if value is not None and rows is not None and (made := self._among(value, rows)) is not None:
                return made
        return None

    def _among(self, value: Value, rows: tuple[str, tuple[Condition, ...]]) -> Value | None:
        """The value over some rows: of its own dataset, or of one each of whose rows has one of it (a plan's fee over
        subscriptions)."""
        if self._of(value, rows[0]):
            return self._where(value, rows[1])
        if isinstance(value, Row) and self.schema.belongs_to(rows[0], value.dataset):
            return replace(value, dataset=rows[0], where=(*value.where, *rows[1]))
        if (
            isinstance(value, Aggregate)
            and value.of is not None
            and self.schema.belongs_to(rows[0], str(value.dataset))
        ):
            return value.model_copy(update={"dataset": rows[0], "where": [*value.where, *rows[1]]})
        if isinstance(value, Arithmetic):
            sides = [self._among(v, rows) for v in (value.left, value.right)]
            if all(s is not None and not isinstance(s, Row) for s in sides):
                return value.model_copy(update={"left": sides[0], "right": sides[1]})
        return value if isinstance(value, Number) else None

    def _of(self, value: Value, dataset: str) -> bool:
        read = [value.dataset] if isinstance(value, Row) else self.schema.datasets_of(value)
        return bool(read) and all(self.schema.belongs_to(d, dataset) for d in read)

    def _with_tail(self, value: Value, tail: str) -> Value | None:
        if _NOISE.match(tail) or as_zero(tail):
            return value
        tail = re.sub(r"\s*\([^()]*\)", "", tail)
        if found := _WITHOUT.match(tail):
            return self.without(value, found["a"] or found["b"])
        found = _ONLY.match(tail)
        rows = self.rows(found["rows"]) if found else None
        return self._among(value, rows) if rows is not None else None

    def without(self, value: Value, what: str) -> Value | None:
        rows = self.rows(re.sub(r"\s*\([^()]*\)", "", what))
        if rows is None or not rows[1] or not self._of(value, rows[0]):
            return None
        one = rows[1][0] if len(rows[1]) == 1 else All(of=list(rows[1]))
        return self._where(value, (Not(of=one),))

    def _where(self, value: Value, where: tuple[Condition, ...]) -> Value:
        if isinstance(value, Row):
            return replace(value, where=(*value.where, *where))
        if isinstance(value, Number) or not where:
            return value
        made = limited(value.model_dump(mode="json"), [c.model_dump(mode="json") for c in where])
        return _measure_of(made)

    # --- leaves ------------------------------------------------------------------------------------------------------

    def _reference(self, text: str) -> str | None:
        """The number field that the words name outright."""
        from assistant.analyst.lexicon import content

        words = re.sub(r"^(?:the|its|their|each|a|an) ", "", text.strip(), flags=re.I)
        if re.search(r"\s(?:of|for|over|among|per|with|that|where|whose|from|in)\s", words):
            return None
        if re.match(
            r"(?:number|count|total|sum|average|mean|median) of\b|(?:total|average|all|distinct)\b", words, re.I
        ):
            return None
        links = [k for k in self.reader.lexicon.links(content(words.replace("%", " percent "))) if k.kind == "field"]
        links += [k for k in self.reader.lexicon.links(content(_apart(words))) if k.kind == "field"]
        sure = [k for k in links if (k.exact or k.score >= _NEAR) and self.schema.is_number(k.target)]
        best = max(sure, key=lambda k: (k.exact, round(k.score, 2)), default=None)
        return best.target if best else None

    def _field(self, text: str) -> Row | None:
        name = self._reference(text)
        if name is None:
            return None
        field = self.schema.field(name)
        value: Operand = name
        if self.zero and field.nulls > 0:
            value = Calc(op="coalesce", args=[name, Literal_(value=0)])
        percent = field.unit == "percent" or "percent" in (field.label or field.name).lower().split()
        return Row(self.schema.owner(name), value, (), self.schema.adds_up(name), "percent" if percent else None)

    def _phrase(self, text: str) -> Value | None:
        """What the reader reads the words as, if they were asked for."""
        request = self._asked(text)
        if request is None:
            return None
        if len(request.measures) == 1 and not request.fields:
            if request.having or request.across or request.limit or request.period:
                return None
            measure = request.measures[0].measure
            datasets = self.schema.datasets_of(measure)
            more = done(text, datasets[0], tuple(request.where), self.reader) if datasets else ()
            if _LESS_SAID.search(text) and not _LEAVES.search(request.model_dump_json()):
                return None  # what it is without was not read
            return self._where(measure, (*request.where, *more))
        if not request.measures and len(request.fields) == 1 and isinstance(request.fields[0].field, str):
            name = request.fields[0].field
            unread = _LESS_SAID.search(text) and not _LEAVES.search(request.model_dump_json())
            if (
                not unread
                and "@" not in name
                and self.schema.is_number(name)
                and not request.limit
                and not request.period
            ):
                return Row(self.schema.owner(name), name, tuple(request.where), self.schema.adds_up(name))
        rows = self._of_request(request)
        if rows is None:
            return None
        return Aggregate(agg="count", dataset=rows[0], where=[*rows[1], *done(text, *rows, self.reader)])

    def _asked(self, text: str) -> Request | None:
        plan = self._plan(text)
        sure = plan.kind == "query" and plan.confidence >= _SURE and plan.tool == "query"
        return plan.request if sure and not plan.unread and not plan.caveats else None

    def _plan(self, text: str) -> Plan:
        known = self.reader.phrases
        if text not in known:
            if len(known) > _KEPT:
                known.clear()
            known[text] = self.reader._plan(text, ())
        return known[text]

    def rows(self, text: str) -> tuple[str, tuple[Condition, ...]] | None:
        """Which rows the words are about: of a dataset, with conditions (none if all of them)."""
        text = re.sub(r"^(?:all|any|the|distinct|different|unique) (?:the )?", "", text.strip(" ,.;"), flags=re.I)
        if _IN_THE_PERIOD.search(text) or re.search(r"\s[-–*/+]\s|\b(?:minus|divided by)\b", _flat(text)):
            return None
        text, told = conditions(text, self.reader)
        if told is None or not text:
            return None
        for asked in (f"number of {text}", f"list the {text}", text):
            request = self._asked(asked)
            if request is None and self._plan(asked).unread:
                return None
            if request is not None and (found := self._of_request(request)):
                held = (*found[1], *told)
                if all(self.schema.belongs_to(found[0], d) for d in owners(told)):
                    return found[0], (*held, *done(text, found[0], held, self.reader))
        return None

    def _of_request(self, request: Request) -> tuple[str, tuple[Condition, ...]] | None:
        dataset = request.dataset
        if dataset is None and request.fields:
            owners = {self.schema.owner(c.field) for c in request.fields if isinstance(c.field, str)}
            dataset = owners.pop() if len(owners) == 1 else None
        if dataset is None and len(request.measures) == 1 and not request.fields:
            measure = request.measures[0].measure
            dataset = measure.dataset if isinstance(measure, Aggregate) and measure.agg == "count" else None
            if dataset and (request.having or request.across or (isinstance(measure, Aggregate) and measure.where)):
                return None
            request = request.model_copy(update={"columns": []})
        if dataset is None or request.limit or request.across or request.compare_to:
            return None
        if not request.having and not (request.measures and request.period):
            where = list(request.where)
            if request.period is not None:
                time = request.time_field or self._time(dataset)
                if time is None:
                    return None
                window = request.period if isinstance(request.period, Window | str) else str(request.period)
                where.append(InWindow(field=time, window=window))
            return dataset, tuple(where)
        key = self.schema.key(dataset)
        if key is None:
            return None
        only = request.model_copy(
            update={"columns": [FieldColumn(field=key)], "order": [], "dataset": dataset, "every": None}
        )
        return dataset, (Compare(field=key, op="in", value=SubResult(request=only)),)

    def _time(self, dataset: str) -> str | None:
        name = self.schema.model.dataset(dataset).default_time
        return f"{dataset}.{name}" if name else None

    # --- putting together --------------------------------------------------------------------------------------------

    def measure(self, value: Value | None) -> Measure | None:
        if isinstance(value, Row):
            return self._aggregated("sum" if value.adds_up else "avg", value)
        return value

    def _combined(self, sign: str, a: Value | None, b: Value | None) -> Value | None:
        op = _OPS.get(sign.strip().lower())
        if op is None or a is None or b is None or (isinstance(a, Number) and isinstance(b, Number)):
            return (
                Number(value=_worked(op, a.value, b.value))
                if op and isinstance(a, Number) and isinstance(b, Number)
                else None
            )
        if a == b and op in "-/":
            return None  # two words for the same thing: one of them is not known
        apart = isinstance(a, Row) and isinstance(b, Row) and a.dataset != b.dataset and op != "*"
        if isinstance(a, Row | Number) and isinstance(b, Row | Number) and not apart:
            return self._rowwise(op, a, b)
        if op == "*" and (isinstance(a, Row) or isinstance(b, Row)):
            return None
        left, right = self.measure(self._in_money(a, b, op)), self.measure(self._in_money(b, a, op))
        if left is None or right is None:
            return None
        if (
            op == "*"
            and isinstance(right, Number)
            and right.value == 100
            and isinstance(left, Arithmetic)
            and left.op == "/"
        ):
            return in_percent(left)
        return Arithmetic(op=op, left=left, right=right)

    def _in_money(self, one: Value, other: Value, op: str) -> Value:
        """ "total gifts - cost": what the gifts come to, rather than how many there are."""
        counts = isinstance(one, Aggregate) and one.agg == "count" and one.of is None and one.dataset is not None
        if op not in "+-" or not counts or (isinstance(other, Aggregate) and other.agg.startswith("count")):
            return one
        amount = self.schema.amount(one.dataset)  # type: ignore[union-attr,arg-type]
        return one.model_copy(update={"agg": "sum", "of": amount}) if amount else one  # type: ignore[union-attr]

    def _rowwise(self, op: Literal["+", "-", "*", "/"], a: Row | Number, b: Row | Number) -> Row | None:
        rows = [v for v in (a, b) if isinstance(v, Row)]
        dataset = next(
            (r.dataset for r in rows if all(self.schema.belongs_to(r.dataset, o.dataset) for o in rows)), None
        )
        if dataset is None:
            return None
        where = tuple(c for r in rows for c in r.where)
        left, right = (Literal_(value=v.value) if isinstance(v, Number) else v.value for v in (a, b))
        if op == "-" and isinstance(a, Row) and isinstance(b, Row) and b.unit == "percent" and a.unit != "percent":
            part = Calc(op="/", args=[right, Literal_(value=100)])
            right, op = Calc(op="-", args=[Literal_(value=1), part]), "*"  # "the price less the discount percentage"
            return Row(dataset, Calc(op=op, args=[left, right]), where)
        unit = rows[0].unit if len(rows) == 1 or op in "+-" else None
        adds_up = unit is None  # what people work out of amounts is summed, unless it is a length of time
        if op == "/":
            adds_up = isinstance(b, Number) and isinstance(a, Row) and a.adds_up
        return Row(dataset, Calc(op=op, args=[left, right]), where, adds_up, unit)


_OPS: dict[str, Literal["+", "-", "*", "/"]] = {
    "+": "+", "plus": "+", "-": "-", "–": "-", "−": "-", "minus": "-", "less": "-", "*": "*", "×": "*", "x": "*",
    "times": "*", "multiplied by": "*", "/": "/", "÷": "/", "divided by": "/", "over the": "/",
}  # fmt: skip


def _worked(op: str, a: float, b: float) -> float:
    return {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0.0}[op]


def in_percent(value: Value) -> Value:
    """A ratio in percent."""
    return value.model_copy(update={"op": "percent"}) if isinstance(value, Arithmetic) and value.op == "/" else value


def _measure_of(node: dict[str, object]) -> Measure:
    from pydantic import TypeAdapter

    return TypeAdapter(Measure).validate_python(node)


def _number(text: str) -> Number | None:
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)( ?%)?", text)
    if found is None:
        return None
    value = float(found[1].replace(",", ""))
    return Number(value=value / 100 if found[2] else value)


def _balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def _unwrapped(text: str) -> str:
    return text[1:-1].strip() if text[:1] == "(" and text[-1:] == ")" and _balanced(text[1:-1]) else text


def _flat(text: str) -> str:
    """Without what is in brackets or quotes."""
    return re.sub(r"\([^()]*\)|'[^']*'|\"[^\"]*\"", "", text)


def _apart(text: str) -> str:
    """seatsPurchased: seats purchased"""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)


def _outside(text: str) -> list[bool]:
    """For each letter, whether it is outside all brackets and quotes."""
    found, depth, quote = [], 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
            found.append(False)
            continue
        if letter in '"' or (letter == "'" and not (at and text[at - 1].isalpha())):
            quote = letter
        depth += letter in "(["
        found.append(depth == 0 and not quote)
        depth -= letter in ")]"
    return found


def _split(text: str, by: re.Pattern[str]) -> tuple[list[str], list[str]]:
    outside = _outside(text)
    parts, signs, at = [], [], 0
    for match in by.finditer(text):
        if outside[match.start()] and outside[match.end() - 1]:
            parts.append(text[at : match.start()])
            signs.append(match.group())
            at = match.end()
    return [*parts, text[at:]], signs


def _tails(text: str) -> tuple[str, list[str]]:
    """A formula, and what is said of it after commas: what it is over, what is left out, what goes without saying."""
    if (said := re.search(r"\s+\(([^()]*)\)$", text)) and _is_tail(said[1]):
        head, more = _tails(text[: said.start()])
        return head, [*more, said[1]]
    parts, _ = _split(text, re.compile(r"[;,]\s+"))
    tails: list[str] = []
    while len(parts) > 1 and _is_tail(parts[-1]):
        tails.insert(0, parts.pop().strip())
    return (", ".join(parts), tails) if tails else (text, [])


_A_TAIL = re.compile(
    r"^(?:and )?(?:only|just|counting|considering|taking|including|looking|over|for|among|exclud\w+|ignor\w+|without"
    r"|not "
    r"counting|leaving out|except|but not|a missing|missing|an empty|no)\b|\b(?:only|alone|excluded|left out|ignored"
    r"|not "
    r"(?:counted|included|considered)|do(?:es)? not count|don't count|disregarded|never counted)(?: entirely)?$",
    re.I,
)


def _is_tail(text: str) -> bool:
    text = re.sub(r"\s*\([^()]*\)$", "", text.strip())
    return bool(_NOISE.match(text) or _A_TAIL.search(text) or as_zero(text))


__all__ = ["Formula", "MetricRef", "Row", "as_zero", "in_percent"]
