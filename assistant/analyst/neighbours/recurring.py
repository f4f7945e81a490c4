"""What customers pay again and again, and which of them stop: "our MRR", "new MRR this month", "paying customers",
"churn rate in October"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst import trees
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.ended import end_of
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.compile import metric_tree
from knowledge.request import Aggregate, All, Arithmetic, Compare, Condition
from knowledge.request import Any as AnyOf
from knowledge.words import listed

_MONTHLY = "monthly_recurring_revenue"
_OF_WHOM = frozenset(["customer", "logo", "user", "member", "subscriber", "account", "client"])
_CHURN = re.compile(rf"(?:(?:{'|'.join(sorted(_OF_WHOM))}) )?(?:churn|attrition|cancellation)")
_RATES = frozenset(["rate", "rates", "percentage", "ratio"])


def recurring(items: list[Item], schema: Schema) -> list[Item]:
    """ "our MRR": that of the subscriptions that have not ended, as known now; "new MRR in May": of those that began
    then. What it was at another time isn't known without a record of it."""
    for n, item in enumerate(items):
        metric = _recurring_metric(item, schema)
        if metric is None:
            continue
        paid, left = _paid(schema), items[n - 1] if n else None
        if left is not None and left.text.lower() in ("new", "added", "gained") and any(i.code in "wg" for i in items):
            total = MeasureRead(Aggregate(agg="sum", of=paid), (schema.owner(paid),))
            made = replace(item, code="M", data=total, options=(), start=left.start, before=left.before)
            return [*items[: n - 1], made, *items[n + 1 :]]
        if any(i.code in "wgx" for i in items):
            return [*items[:n], item.unread(), *items[n + 1 :]]
        link = Link("metric", metric, 0.95, True)
        return [*items[:n], replace(item.linked(link), options=(link,)), *items[n + 1 :]]
    return items


def _recurring_metric(item: Item, schema: Schema) -> str | None:
    """The metric that words for what recurs mean, whatever else has a column of that name."""
    there = {m.name for m in schema.model.metrics} & {_MONTHLY, "annual_recurring_revenue"}
    for option in item.options if item.code in "fm" and there else ():
        if option.kind == "metric" and option.target in there:
            return option.target
        if option.kind == "field" and "recurring" in schema.field(option.target).label.lower().split():
            return _MONTHLY
    return None


def _paid(schema: Schema) -> str:
    """The field that the recurring revenue adds up."""
    paid = trees.summed_of_some(metric_tree(schema.model.metric(_MONTHLY)))
    assert paid is not None, "the metric says what it adds up"
    return paid


def paying(items: list[Item], schema: Schema) -> list[Item]:
    """ "paying customers": those with a subscription that costs something and has not ended."""
    known = any(m.name == _MONTHLY for m in schema.model.metrics)
    for n in range(1, len(items)):
        word, who = items[n - 1], items[n]
        if word.text.lower() != "paying" or who.code != "d" or who.before:
            continue
        paid = _paid(schema) if known else ""
        end = end_of(schema.owner(paid), schema) if paid else None
        if end is None or not schema.belongs_to(schema.owner(paid), str(who.data)):
            return [*items[: n - 1], word.unread(), *items[n:]]
        running: list[Condition] = [Compare(field=paid, op=">", value=0), Compare(field=end, op="is_null")]
        cond = Cond(((paid, All(of=running)),), text=word.text)
        return [*items[: n - 1], replace(word, code="C", data=cond, options=(), score=0.95), *items[n:]]
    return items


def churned(items: list[Item], schema: Schema) -> list[Item]:
    """ "churn rate in October": of the customers there were when it began, how many left in it, in percent."""
    for n, item in enumerate(items):
        rate = n + 1 if items[n + 1 : n + 2] and items[n + 1].text.lower() in _RATES else n
        words = " ".join(i.text.lower() for i in items[n : rate + 1])
        when = [i for i in items if i.code == "w"]
        said = words.removesuffix(" rate").removesuffix(" rates")
        if words == said or not _CHURN.fullmatch(said) or len(when) != 1 or any(i.code in "gx" for i in items):
            continue
        window = when[0].data.window
        who = [d.name for d in schema.model.datasets if _leaves(d.name, schema)]
        if len(who) != 1 or window is None or window.start is None or window.end is None:
            continue
        begin, end = schema.time_of(who[0]), end_of(who[0], schema)
        if begin is None or end is None:
            continue
        there: list[Condition] = [
            Compare(field=begin, op="<", value=window.start),
            AnyOf(of=[Compare(field=end, op="is_null"), Compare(field=end, op=">=", value=window.start)]),
        ]
        left = Compare(field=end, op="<", value=window.end)
        part = Aggregate(agg="count", dataset=who[0], where=[*there, left])
        whole = Aggregate(agg="count", dataset=who[0], where=there)
        read = MeasureRead(Arithmetic(op="percent", left=part, right=whole), (who[0],))
        made = replace(item, code="M", end=items[rate].end, data=read, options=(), score=0.95)
        first = n - 1 if n and items[n - 1].text.lower() in _OF_WHOM and items[n - 1].code != "c" else n
        return [*items[:first], made, *(i for i in items[rate + 1 :] if i.code != "w")]
    return items


def _leaves(dataset: str, schema: Schema) -> bool:
    """They are customers, of whom it is known when they came and when they left."""
    begin = schema.time_of(dataset)
    served = bool(schema.noun(dataset) & listed("joins", "served"))
    return served and begin is not None and schema.owner(begin) == dataset and end_of(dataset, schema) is not None
