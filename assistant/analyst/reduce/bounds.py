"""Rules of bounds: "over 100", "at least 3 orders", "between 5 and 10", "above the average"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.bands import bands_within
from assistant.analyst.items import Item
from assistant.analyst.reduce.measures import averaged_rows
from assistant.analyst.reduce.reads import Cond, HavingRead, measure_of, merged, value_condition
from assistant.analyst.reduce.values import values
from assistant.analyst.schema import Schema
from assistant.analyst.tokens import NumberRead
from knowledge.request import Aggregate, Compare

_ADJECTIVES = {
    "older": ("age",), "younger": ("age",), "taller": ("height",), "heavier": ("weight",), "cheaper": ("price",
    "cost", "fee", "fare"),
    "longer": ("length", "duration", "minutes", "days", "hours"), "shorter": ("length", "duration", "height"),
    "larger": ("size", "area", "population"), "faster": ("speed",), "bigger": ("size", "area", "population"),
}  # fmt: skip


_BY_SIZE = re.compile(r"(bigger|larger|smaller|cheaper|pricier|longer|shorter)\b")
_THINGS = ("key", "foreign_key", "name")


def _bound(op: Item, number: Item, noun: Item | None, schema: Schema) -> Item | None:
    parts = sorted([p for p in (op, number, noun) if p], key=lambda p: p.start)
    data: NumberRead = number.data
    if noun is None:
        hints = _ADJECTIVES.get(op.text.split()[0])
        about = "|".join(hints) if hints else None
        return merged(parts, "H", HavingRead(None, op.data, data.value, dataset=about, money=data.money))
    if noun.code == "f" and schema.field(noun.data).role == "category" and schema.is_number(noun.data):
        typed = (
            int(data.value) if data.value == int(data.value) else data.value
        )  # "sender type = 0": which, not how much
        made = Compare(field=noun.data, op=op.data, value=typed)
        return merged(parts, "C", Cond(((noun.data, made),), values=1, text=f"{noun.text} {number.text}"))
    countable = noun.code != "f" or schema.is_number(noun.data) or schema.field(noun.data).role in _THINGS
    read = measure_of(noun, schema, None if noun.code != "f" or schema.is_number(noun.data) else "count")
    if read is None or not countable:
        return None
    read = averaged_rows(read, schema)
    field = noun.data if noun.code == "f" and schema.is_number(noun.data) else None
    return merged(
        parts, "H", HavingRead(read.measure, op.data, data.value, field=field, dataset=(read.datasets or (None,))[0])
    )


def number_noun(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "more than 5 orders" """
    op, number, noun = parts[0], parts[1], parts[-1]
    if noun.code == "f" and not noun.before and (made := _on_bands(noun.data, op, number, parts, schema)):
        return [made]
    worth = noun.code in "mM" and noun.before.removeprefix("worth ") in ("in", "of", "in total", "on")
    part = any(p.code == "O" for p in parts) and (number.data.percent or noun.code == "d")
    if (noun.before and not worth) or (number.data.percent and noun.code == "d") or part:
        return None
    made = _bound(op, number, noun, schema)
    return [made] if made else None


def noun_number(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "sales over 1,000", "a price of at least 5" """
    noun, op, number = parts[0], parts[-2], parts[-1]
    if noun.code == "f" and not schema.is_number(noun.data) and schema.field(noun.data).role not in _THINGS:
        made = _on_bands(noun.data, op, number, parts, schema)
        # A bound that the bands of a text field ("25-34") can't tell must not be dropped.
        return [made] if made else [noun, merged([op, number], ".", None)]
    counted = noun.code == "M" and noun.data.counted and (noun.text.startswith("how many") or number.data.money)
    if noun.code == "d" or counted:  # "how many baskets were worth more than $200": not how many baskets there are
        made = _bound(op, number, None, schema)
        return [noun, made] if made else None
    made = _bound(op, number, noun, schema)
    return [made] if made else None


def _on_bands(reference: str, op: Item, number: Item, parts: list[Item], schema: Schema) -> Item | None:
    """A bound on a text field whose values are bands of numbers: "under 35" of "19-24", "25-34", "35-44"."""
    values = bands_within(schema.field(reference), op.data, number.data.value)
    if not values:
        return None
    said = f"{op.text} {number.text}"
    return merged(parts, "C", Cond(((reference, value_condition(reference, values, False)),), text=said))


def average_bound(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "an average of less than 2.4 grade points" """
    op, number, noun = parts[-3:]
    read = measure_of(noun, schema, str(parts[0].data))
    if read is None or noun.before or number.data.percent:
        return None
    bound = HavingRead(read.measure, op.data, number.data.value, dataset=(read.datasets or (None,))[0])
    return [merged(parts, "H", bound)]


def done_times(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "visited more than 200 times": a bound on how many of what the verb names."""
    verb, op, number = parts[0], parts[1], parts[2]
    kinds = ("metric", "dataset") if len(parts) > 3 else ("metric",)
    paid = verb.dataset if number.data.money else None
    amount = schema.amount(paid) if paid else None
    if amount is not None and paid is not None and not any(o.kind == "metric" and o.exact for o in verb.options):
        total = Aggregate(agg="sum", of=amount)  # "paid us more than $500"
        return [merged(parts, "H", HavingRead(total, op.data, number.data.value, dataset=paid, money=True))]
    link = next((o for o in verb.options if o.kind in kinds and o.score > 0.7), None)
    if link is None:
        return None
    read = measure_of(verb.linked(link), schema)
    if read is None or not read.datasets:
        return None
    if link.kind == "dataset" and schema.time_of(link.target) is None:
        return came_times(parts[1:], schema)  # "shopped 3 times": of shops, what was done there
    return [merged(parts, "H", HavingRead(read.measure, op.data, number.data.value, dataset=read.datasets[0]))]


def some_times(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "more than 5 completed visits": a bound on how many of them there are."""
    op, number, noun = parts[0], parts[1], parts[-1]
    found = [values([p], schema) for p in parts[2:-1]]
    conditions = [c for f in found if f for i in f for _, c in i.data.options[:1]]
    owners = {schema.owner(r) for f in found if f for i in f for r, _ in i.data.options[:1] if r}
    if len(conditions) < len(found) or not all(schema.belongs_to(str(noun.data), o) for o in owners):
        return None
    counted = Aggregate(agg="count", dataset=noun.data, where=conditions)
    return [merged(parts, "H", HavingRead(counted, op.data, number.data.value, dataset=noun.data))]


def came_times(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "who came at least 300 times": how many visits there were."""
    coming = schema.traffic()
    if coming is None:
        return None
    count = Aggregate(agg="count", dataset=coming)
    return [merged(parts, "H", HavingRead(count, parts[0].data, parts[1].data.value, dataset=coming))]


def bare_bound(parts: list[Item], schema: Schema) -> list[Item] | None:
    banded = [f for f in schema.banded() if bands_within(schema.field(f), parts[0].data, parts[1].data.value)]
    if len(banded) == 1 and (in_band := _on_bands(banded[0], parts[0], parts[1], parts, schema)):
        return [in_band]
    made = _bound(parts[0], parts[1], None, schema)
    return [made] if made else None


def between(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "price between 5 and 10", "baskets with between 10 and 20 items"."""
    numbers = [p for p in parts if p.code == "n"]
    first_noun, last_noun = ((p if p.code in "mfMd" else None) for p in (parts[0], parts[-1]))
    if first_noun and last_noun:  # of two nouns, the one that has the numbers right before it
        after = parts[1].code == "h" and not last_noun.before
        made = between(parts[1:] if after else parts[:-1], schema)
        return made and ([first_noun, *made] if after else [*made, last_noun])
    noun = first_noun or last_noun
    low, high = (NumberRead(p.data.value) for p in numbers)
    if noun is not None and noun.code == "f":
        condition = Compare(field=noun.data, op="between", value=[low.value, high.value])
        return [merged(parts, "C", Cond(((noun.data, condition),), text=noun.text))]
    first = _bound(Item("o", parts[0].start, parts[0].end, ">=", ">="), numbers[0], noun, schema)
    second = _bound(Item("o", parts[0].start, parts[0].end, "<=", "<="), numbers[1], noun, schema)
    return [first, second] if first and second else None


def part_above_average(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "at least 20% above average"."""
    number, mark = parts[-2], parts[-1]
    if not number.data.percent:
        return None
    part = number.data.value / 100
    noun = parts[0] if parts[0].code in "mfMj" else None
    made = versus_average([*([noun] if noun else []), mark], schema)
    if made is None:
        return None
    factor = 1 + part if mark.data.startswith(">") else 1 - part
    return [replace(made[0], data=replace(made[0].data, factor=factor))]


def own_average(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "priced above the average price": the field is said twice."""
    if parts[0].data != parts[-1].data:
        return None
    return versus_average(parts[:-1], schema)


def many_of(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "clinics with completed visits above average": with more of them than others have."""
    noun, mark = parts[-2], parts[-1]
    found = [values([p], schema) for p in parts[1:-2]]
    conditions = [c for f in found if f for i in f for _, c in i.data.options[:1]]
    if len(conditions) < len(found):
        return None
    counted = Aggregate(agg="count", dataset=noun.data, where=conditions)
    overall = mark.data.endswith("overall")
    return [merged(parts, "H", HavingRead(counted, _op(mark), None, True, overall, None, str(noun.data)))]


def of_own_group(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "above the average of their own department"."""
    bound, group = parts[0].data, parts[-1]
    if not bound.average or not group.text.startswith("within own"):
        return None
    return [merged(parts, "H", replace(bound, per=tuple(group.data)))]


def versus_average(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code == "L")
    noun = next((p for p in parts if p.code in "mfMj"), None)
    if (
        noun is not None
        and noun.code == "M"
        and noun.data.counted
        and parts[0] is noun
        and (noun.text.startswith("how many") or _BY_SIZE.match(mark.text))
    ):
        return None  # "how many shops have above average sales": not how many shops there are
    if noun is not None and noun.code == "j":  # "rated above the average": by what the verb names
        link = next(
            (
                o
                for o in noun.options
                if (o.score > 0.85 and o.kind == "metric")
                or (o.score > 0.6 and o.kind == "field" and schema.is_number(o.target))
            ),
            None,
        )
        if link is None:
            return None
        noun = noun.linked(link)
    op, overall, over = _op(mark), mark.data.endswith("overall"), mark.extra.get("agg", "avg")
    factor = next((float(p.data.value) for p in parts if p.code == "n"), 1.0)
    if noun is None:
        return [merged(parts, "H", HavingRead(None, op, None, True, overall, factor=factor, over=over))]
    read = measure_of(noun, schema)
    if read is None:
        return None
    read = averaged_rows(read, schema)
    field = noun.data if noun.code == "f" and schema.is_number(noun.data) else None
    dataset = (read.datasets or (None,))[0]
    bound = HavingRead(read.measure, op, None, True, overall, field, dataset, factor, over=over)
    return [merged(parts, "H", bound)]


def _op(mark: Item) -> Any:
    return mark.data.removesuffix("overall")
