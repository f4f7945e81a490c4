"""Words of a definition that are no formula, read as if they had been asked: a field, a figure, which rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assistant.analyst.meanings.conditions import conditions, owners
from assistant.analyst.meanings.parted import apart, flat
from assistant.analyst.meanings.times import done
from assistant.analyst.meanings.values import Row, Value, held
from knowledge.request import (
    Aggregate,
    Calc,
    Compare,
    Condition,
    FieldColumn,
    InWindow,
    Literal_,
    Operand,
    Request,
    SubResult,
    Window,
)

if TYPE_CHECKING:
    from assistant.analyst.plan import Plan
    from assistant.analyst.reader import Reader

_KEPT = 5_000
_NEAR = 0.8
"""How sure words that are not a field's own name are to be to stand for it: a cost is no price."""
_SURE = 0.75
"""A phrase of a definition is read for all questions that use it: it is to be surer than a question."""
_LESS_SAID = re.compile(
    r"\b(?:without|excluding|exclusive of|net of|before (?:tax|vat|discounts?|fees)|not including|except)\b", re.I
)
_LEAVES = re.compile(r'"negated":true|"not"|"!="|"is_null"|"not_in"|"not_null"|"window"|"<"')
_IN_THE_PERIOD = re.compile(
    r"\b(?:in|during|within) (?:the|that|each) (?:same |given )?(?:day|week|month|quarter|year|period)\b", re.I
)


class Phrases:
    """Reads them for one reader. With `zero`, what is missing of a field counts as nothing."""

    def __init__(self, reader: Reader, *, zero: bool = False):
        self.reader, self.schema, self.zero = reader, reader.schema, zero

    def rows(self, text: str) -> tuple[str, tuple[Condition, ...]] | None:
        """Which rows the words are about: of a dataset, with conditions (none if all of them)."""
        text = re.sub(r"^(?:all|any|the|distinct|different|unique) (?:the )?", "", text.strip(" ,.;"), flags=re.I)
        if _IN_THE_PERIOD.search(text) or re.search(r"\s[-–*/+]\s|\b(?:minus|divided by)\b", flat(text)):
            return None
        text, told = conditions(text, self.reader)
        if told is None or not text:
            return None
        for asked in (f"number of {text}", f"list the {text}", text):
            request = self._asked(asked)
            if request is None and self._plan(asked).unread:
                return None
            if request is not None and (found := self._of_request(request)):
                where = (*found[1], *told)
                if all(self.schema.belongs_to(found[0], d) for d in owners(told)):
                    return found[0], (*where, *done(text, found[0], where, self.reader))
        return None

    def field(self, text: str) -> Row | None:
        """The field that the words name outright, of each row."""
        name = self.reference(text)
        if name is None:
            return None
        field = self.schema.field(name)
        value: Operand = name
        if self.zero and field.nulls > 0:
            value = Calc(op="coalesce", args=[name, Literal_(value=0)])
        percent = field.unit == "percent" or "percent" in (field.label or field.name).lower().split()
        return Row(self.schema.owner(name), value, (), self.schema.adds_up(name), "percent" if percent else None)

    def phrase(self, text: str) -> Value | None:
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
            return held(measure, (*request.where, *more))
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

    def reference(self, text: str) -> str | None:
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
        links += [k for k in self.reader.lexicon.links(content(apart(words))) if k.kind == "field"]
        sure = [k for k in links if (k.exact or k.score >= _NEAR) and self.schema.is_number(k.target)]
        best = max(sure, key=lambda k: (k.exact, round(k.score, 2)), default=None)
        return best.target if best else None

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

    def _of_request(self, request: Request) -> tuple[str, tuple[Condition, ...]] | None:
        """The rows that a request lists or counts; None where it is about no rows of one dataset."""
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
