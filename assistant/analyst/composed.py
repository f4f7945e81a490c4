"""Figures made of two: "the ratio of open shops to closed shops", "the difference in price between A and B", "the share
of flights with stops". Each side is a noun with conditions of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.filters import Filters, bound_on_rows, conditions_on, with_where
from assistant.analyst.item import Item
from assistant.analyst.reduce.measures import averaged_rows
from assistant.analyst.reduce.reads import Cond, MeasureRead, measure_of, value_condition
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Calc, Compare, Condition, Exists, Measure, MetricRef, Number, Share

_ENDS = ";BNKYwgx"
"""Where a side ends: at what is about the whole."""

_PERCENT = re.compile(r"percent|%|\bas a (?:share|proportion)")
_PLACES = (["in"], ["for"], ["at"], ["of"], ["from"], ["within"], ["on"])


def compose(items: list[Item], schema: Schema) -> list[Item]:
    """The reduced items, with what makes up a ratio or a difference read as one measure."""
    items = _most_of_each(_counts_by_group(_counts_of_some(_further_counts(items, schema), schema), schema))
    for n, item in enumerate(items):
        shared = item.code == "S" or (item.code == "M" and item.data.share)
        if shared and (part := _part_predicated(items, n, schema)) is not None:
            return compose(part, schema)
        if item.code == "M" and item.data.share and (part := _part_with(items, n, schema)) is not None:
            return compose(part, schema)
        if (
            item.code == "/"
            and n
            and items[n - 1].code in "CdmMj"
            and (whole := _divided(items, n, schema)) is not None
        ):
            return whole
        if item.code == "S" and (some := _part_of_some(items, n, schema)) is not None:
            return compose(some, schema)
        if item.code == "S" and (part := _part_of(items, n, schema)) is not None:
            return compose(part, schema)
        if item.code == "S" and (part := _part_of_the_usual(items, n, schema)) is not None:
            return compose(part, schema)
        if item.code == "/" or (item.code == "V" and re.search("difference|gap", item.text)):
            made = _ratio(items, n, schema) if item.code == "/" else _difference(items, n, schema)
            if made is not None:
                measure, end = made
                if n and items[n - 1].code == "a" and items[n - 1].data == "avg":
                    measure = _of_each_row(measure)
                    n -= 1
                    item = items[n]
                text = " ".join(i.text for i in items[n:end])
                figure = Item("M", item.start, items[end - 1].end, text, measure, before=item.before)
                return [*items[:n], figure, *items[end:]]
    return items


def _further_counts(items: list[Item], schema: Schema) -> list[Item]:
    """ "… How many of these were on weekends?", "… and how many of them were express": one more figure, of those among
    what was counted before."""
    codes = "".join(i.code for i in items)
    match = re.search(r"(?:;|&+)q?(?:c([O&]*)([dM])?|M)[hjOq]*([Ct][Ct&hjO]*)(?=[BgwK;]|$)", codes)
    first = next((i for i in items[: match.start()] if i.code == "M"), None) if match else None
    if match is None or first is None:
        return items
    again = next((i for i in items[match.start() : match.start(3)] if i.code == "M"), None)
    noun = items[match.start(2)] if match[2] else again or first
    if again is not None and again.text in ("how many", "number of", "the number of", "the number"):
        noun = first
    inside = items[match.start() + 1 : match.end()]
    said = " ".join(i.before for i in inside)
    if not re.search(r"\b(these|those|them)\b", said):
        return items
    read = _side([noun, *items[match.start(3) : match.end(3)]], noun, schema)
    if read is None:
        return items
    text = " ".join(i.text for i in inside)
    made = Item("M", inside[0].start, inside[-1].end, text, replace(read, counted=None))
    at = next(n for n, i in enumerate(items) if i.code == "M")
    rest = [*items[at + 1 : match.start()], *items[match.end() :]]
    return [*items[: at + 1], Item("&", made.start, made.start, "and"), made, *rest]


def _counts_of_some(items: list[Item], schema: Schema) -> list[Item]:
    """ "the number of repairs and the number of *cancelled* repairs": what is said of one count is not of the other."""
    counts = [i for i in items if i.code == "M" and i.data.counted and i.text.split()[0] in _COUNTING]
    own = {id(m): [c for c in items if c.code == "C" and m.start <= c.start and c.end <= m.end] for m in counts}
    some = [m for m in counts if own[id(m)] and any(o is not m and o.data.measure == m.data.measure for o in counts)]
    told = [[c.data.text for c in own[id(m)]] for m in counts]
    if not some or all(t == told[0] for t in told) or any(i.code in "/SV" for i in items):
        return items
    made = items
    for count in some:
        read = _side([count, *own[id(count)]], count, schema)
        if read is None:
            return items
        counted = replace(count, data=replace(read, counted=None))
        made = [counted if i is count else i for i in made if i not in own[id(count)]]
    return made


_COUNTING = frozenset(["how", "number", "the", "count", "numbers", "total"])


def _counts_by_group(items: list[Item], schema: Schema) -> list[Item]:
    """ "repairs by kind, most first", "repairs over 300 minutes per branch": how many there are of each, in that order,
    rather than a list of them."""
    codes = "".join(i.code for i in items)
    match = re.match(r"[Cv]*(d)[COwhH&]*[Bt][BtOw&]*(K?)$", codes)
    if match is None or not (match[2] or "H" in codes) or (match[2] and not items[-1].text.endswith(" first")):
        return items
    noun = items[match.start(1)]
    groups = [g for i in items if i.code == "B" for g in i.data]
    read = measure_of(noun, schema)
    own = any(g.kind == "dataset" and g.target == noun.data for g in groups)
    if read is None or own or not noun.text.lower().endswith("s"):
        return items
    return [replace(i, code="M", data=read, options=()) if i is noun else i for i in items]


def _most_of_each(items: list[Item]) -> list[Item]:
    """ "the highest price by rider": the highest of each one's prices, rather than the rider of the highest."""
    first = next((n for n, i in enumerate(items) if i.code == "N"), len(items))
    others = any(i.code not in "qlO&BMw" or (i.code == "q" and "what" not in i.text) for i in items[:first])
    if others or not any(i.code == "B" for i in items):
        return items
    made = list(items)
    for n, item in enumerate(items):
        top, of_a_thing = item.data, any(i.code == "d" for i in items[n + 1 : n + 2])  # "the best paid clerk of each"
        if item.code == "N" and top.field and top.n is None and top.nth == 1 and not (top.about or of_a_thing):
            most = Aggregate(agg="max" if top.descending else "min", of=top.field)
            made[n] = replace(item, code="M", data=MeasureRead(most, top.measure.datasets))
    return made


def _divided(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "paid orders divided by orders": the left side's conditions stand before the division."""
    part = re.search(r"(?:[mM][CdhOj]+|C+[hOj]*[dmM][CdhOj]*)$", "".join(i.code for i in items[:n]))
    if part is None:
        return None
    first = part.start()
    end = _until(items, n + 1)
    left_items, right_items = items[first:n], items[n + 1 : end]
    shared = _shared_from(left_items, right_items)
    end = n + 1 + shared
    left, right = _sides(left_items, items[n + 1 : end], schema)
    if left is None or right is None:
        return None
    if any(i.code == "j" for i in left_items):
        left = _of_those(left, right, schema)
    op: Any = "percent" if _PERCENT.search(items[n].text) else "/"
    made = Arithmetic(op=op, left=left.measure, right=right.measure)
    read = MeasureRead(made, tuple(dict.fromkeys((*left.datasets, *right.datasets))))
    text = " ".join(i.text for i in items[first:end])
    return [*items[:first], Item("M", items[first].start, items[end - 1].end, text, read), *items[end:]]


def _of_those(left: MeasureRead, right: MeasureRead, schema: Schema) -> MeasureRead:
    """ "coupons used divided by orders": the different coupons of the orders, not all that there are."""
    thing, deed = left.counted, right.counted
    key = next((r for r in schema.model.relationships if (r.many, r.one) == (deed, thing)), None)
    if key is None or len(key.many_fields) > 1 or not isinstance(left.measure, Aggregate) or left.measure.where:
        return left
    used = Aggregate(agg="count_distinct", of=f"{deed}.{key.many_fields[0]}", dataset=deed)
    return MeasureRead(used, right.datasets)


_SAID_OF = re.compile(r"\b(?:is|are|was|were|been|got|has|have|had)\b")
"""What parts those that a share is of from what is said of a part of them."""


def _part_predicated(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "the share of *electric* repairs *of each branch* that came in 2025 *was cancelled*": the part of which the
    predicate is true, of all that the subject names; what stands before the verb restricts the whole."""
    codes = "".join(i.code for i in items)
    subject = re.match(r"M" if items[n].code == "M" else r"S[O&]*C*([dmM])", codes[n:])
    if subject is None:
        return None
    noun = n + subject.end() - 1
    said = next((m for m in range(noun + 1, len(items)) if _is_predicate(items, m)), None)
    predicate = re.match(r"[jhzOy]*([CH]+(?:[&|y]C+)*)", codes[said:]) if said is not None else None
    if said is None or predicate is None or ";" in codes[n:said]:
        return None
    end = said + predicate.end()
    between = items[noun + 1 : said]
    if any(i.code not in "jhOByg&CHwdf" for i in between):
        return None
    whole = replace(items[noun], data=replace(items[noun].data, share=False)) if codes[noun] == "M" else items[noun]
    conditions = [i for i in items[said:end] if i.code in "CH"]
    part, everything = _side([whole, *conditions], whole, schema), _measured(whole, schema)
    if part is None or everything is None or any(i.code == "C" and i.data.split for i in conditions):
        return None
    read = replace(part, measure=Arithmetic(op="percent", left=part.measure, right=_plainly(everything, part)))
    text = " ".join(i.text for i in (items[n], items[noun], *items[said:end]))
    figure = Item("M", items[n].start, items[noun].end, text, read, before=items[n].before)
    kept = [i for i in items[n + 1 : noun] if i.code == "C"]
    return [*items[:n], *kept, figure, *between, *items[end:]]


_BOUND_SAID = re.compile(r"\b(?:is|are|was|were|has|have|had|took|takes?|lasts?|lasted|costs?|weighs?|weighed)\b")


def _is_predicate(items: list[Item], n: int) -> bool:
    """Begins what is said of the subject: "was cancelled", "have no owner"."""
    item = items[n]
    if item.code == "C" and n and not item.before and items[n - 1].code in "BdM":  # "repairs never paid"
        told = [c for _, c in item.data.options[:1]]
        return bool(told) and isinstance(told[0], Compare) and told[0].op == "is_null"
    if item.code == "H":  # "took more than 3 hours"
        return _BOUND_SAID.search(item.before) is not None
    verb = (
        item.code in "hz"
        and _SAID_OF.search(item.text) is not None
        and not re.match(r"(?:that|who|which)\b", item.text)
    )
    return verb or (item.code in "Cjz" and _SAID_OF.search(item.before) is not None)


def _part_of_some(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "the share of *resolved* tickets that have a rating": of those, not of all."""
    match = re.match(r"S[O&]*(C+)([dmM])[hjq]*[O&]*(C+)", "".join(i.code for i in items[n:]))
    if match is None:
        return None
    said = items[n + match.start(3)].before.split()[:1]
    if match[2] != "d" and said not in (["is"], ["are"], ["was"], ["were"], ["comes"], ["came"], ["from"]):
        return None  # "… of online sales in May"
    noun = items[n + match.end(1)]
    whole = _measured(noun, schema)
    part = _side([noun, *items[n + match.start(3) : n + match.end(3)]], noun, schema)
    if whole is None or part is None:
        return None
    read = MeasureRead(Arithmetic(op="percent", left=part.measure, right=_plainly(whole, part)), whole.datasets)
    last = n + match.end()
    text = " ".join(i.text for i in items[n:last])
    made = Item("M", items[n].start, items[last - 1].end, text, read, before=items[n].before)
    return [*items[:n], *items[n + match.start(1) : n + match.end(1)], made, *items[last:]]


def _part_of(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "the share of flights with stops, by airline", "private label share of sales": the part that meets a condition,
    in each group of its own."""
    codes = "".join(i.code for i in items)
    match = re.match(r"S[O&]*([mMd])(?:[hjq]+[O&]*)(C+)", codes[n:])
    first = n
    kind = re.match(r"S[O&]*(C+)(d)", codes[n:])
    if kind:
        noun, conditions = items[n + kind.start(2)], items[n + kind.start(1) : n + kind.end(1)]
        last = n + kind.end()
    elif match:
        noun, conditions = items[n + match.start(1)], items[n + match.start(2) : n + match.end(2)]
        last = n + match.end()
    else:
        match = re.match(r"S[O&]*([mMf])", codes[n:])
        if match is None or not n or items[n - 1].code != "C" or items[n - 1].data.negated:
            return None
        first, last = n - 1, n + match.end()
        noun, conditions = items[n + match.start(1)], [items[n - 1]]
    whole, part = _measured(noun, schema), _side([noun, *conditions], noun, schema)
    if whole is None or part is None or not (any(i.code in "Bg" for i in items) or (kind and whole.counted)):
        return None
    made = Arithmetic(op="percent", left=part.measure, right=_plainly(whole, part))
    read = MeasureRead(made, whole.datasets)
    text = " ".join(i.text for i in items[first:last])
    return [
        *items[:first],
        Item("M", items[first].start, items[last - 1].end, text, read, before=items[first].before),
        *items[last:],
    ]


def _part_of_the_usual(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "private label share by department": of the business's usual measure."""
    codes = "".join(i.code for i in items)
    usual = schema.usual_measure(None)
    said_after = re.match(r"S[O&]*C+(?=[BgKw;]|$)", codes[n:])
    said_before = n > 0 and items[n - 1].code == "C" and re.match(r"S(?=[BgKw;]|$)", codes[n:])
    if usual is None or not re.search("[Bg]", codes) or not (said_after or said_before):
        return None
    noun = Item("M", items[n].end, items[n].end, "", MeasureRead(usual, tuple(schema.datasets_of(usual)), share=True))
    if said_before:
        return _part_of([*items[: n + 1], noun, *items[n + 1 :]], n, schema)
    return [*items[:n], noun, *items[n + 1 :]]


def _part_with(items: list[Item], n: int, schema: Schema) -> list[Item] | None:
    """ "the share of flights with stops by airline": of each airline's flights, those with stops."""
    if n and items[n - 1].code == "C" and not items[n].before and re.match("M[Bg]", "".join(i.code for i in items[n:])):
        items = [*items[: n - 1], items[n], items[n - 1], *items[n + 1 :]]  # "Velo share of sales by store"
        n -= 1
    codes = "".join(i.code for i in items[n:])
    match = re.match(r"M([hjq]*C+)", codes)
    conditions = [i for i in items[n : n + match.end()] if i.code == "C"] if match else []
    if match is None or not re.search("[Bg]", codes) or any(c.data.negated or c.data.split for c in conditions):
        return None
    whole = replace(items[n], data=replace(items[n].data, share=False))
    part = _side([whole, *conditions], whole, schema)
    if part is None:
        return None
    read = replace(part, measure=Arithmetic(op="percent", left=part.measure, right=_plainly(whole.data, part)))
    end = n + match.end()
    text = " ".join(i.text for i in items[n:end])
    made = Item("M", items[n].start, items[end - 1].end, text, read, before=items[n].before)
    return [*items[:n], made, *items[end:]]


def _plainly(whole: MeasureRead, part: MeasureRead) -> Measure:
    """The whole, counted as its part is."""
    if isinstance(part.measure, Aggregate | MetricRef):
        return part.measure.model_copy(update={"where": []})
    return whole.measure


def _of_each_row(read: MeasureRead) -> MeasureRead:
    """ "the average ratio of speed to weight": each row's, then their average."""
    made = read.measure
    if isinstance(made, Arithmetic) and isinstance(made.left, Aggregate) and isinstance(made.right, Aggregate):
        of = [made.left.of, made.right.of]
        if all(isinstance(o, str) for o in of) and len(set(read.datasets)) == 1:
            each = Calc(op="/", args=[str(o) for o in of])
            return replace(read, measure=Aggregate(agg="avg", of=each, dataset=read.datasets[0]))
    return read


def _until(items: list[Item], at: int) -> int:
    return next((m for m in range(at, len(items)) if items[m].code in _ENDS), len(items))


def _ratio(items: list[Item], n: int, schema: Schema) -> tuple[MeasureRead, int] | None:
    end = _until(items, n + 1)
    if (of_all := _of_all(items, n)) is not None:
        return of_all
    span = items[n + 1 : end]
    cut = next(
        (
            m
            for m, i in enumerate(span)
            if m and re.search(r"\b(to|over|versus|against)( the| its| their| all| total)*$", i.before)
        ),
        next((m for m, i in enumerate(span) if m and i.code in "&V"), None),
    )
    if cut is None:
        return None
    end = n + 1 + cut + _shared_from(span[:cut], span[cut:])
    left, right = _sides(span[:cut], items[n + 1 + cut : end], schema)
    if left is None or right is None:
        return None
    op: Any = "percent" if _PERCENT.search(items[n].text) else "/"
    made = Arithmetic(op=op, left=left.measure, right=right.measure)
    return MeasureRead(made, tuple(dict.fromkeys((*left.datasets, *right.datasets)))), end


def _shared_from(left: list[Item], right: list[Item]) -> int:
    """How much of the right side is its own: "… to closed shops in Leeds" is about Leeds on both sides, where each side
    has said already what sets it apart."""
    if not any(i.code in "CHt" for i in left):
        return len(right)
    apart = {r for i in left if i.code == "C" for r, _ in i.data.options}
    noun = next((n for n, i in enumerate(right) if i.code in "mMdf"), None)
    own = next((n for n, i in enumerate(right) if i.code in "CHt"), None)
    if noun is None or own is None:
        return len(right)
    for n in range(max(noun, own) + 1, len(right)):
        rest = [i for i in right[n:] if i.code == "C"]
        if (right[n].code == "O" or right[n].before.split()[:1] in _PLACES) and rest:
            alike = any(apart & {r for r, _ in i.data.options} for i in rest)
            return len(right) if alike else n
    return len(right)


def _of_all(items: list[Item], n: int) -> tuple[MeasureRead, int] | None:
    """ "the ratio of shops in each state to the total number of shops": each group's part of the whole, as a ratio."""
    group = next((m for m in range(n + 2, min(n + 4, len(items))) if items[m].code == "B"), None)
    if group is None or group + 1 >= len(items):
        return None
    part, whole = items[group - 1], items[group + 1]
    if part.code != "M" or whole.code != "M" or not whole.before.endswith("to"):
        return None
    if part.data.measure != whole.data.measure:
        return None
    ratio = Arithmetic(op="/", left=Share(of=part.data.measure), right=Number(value=100))
    del items[group + 1]
    return replace(part.data, measure=ratio, counted=None), group


def _difference(items: list[Item], n: int, schema: Schema) -> tuple[MeasureRead, int] | None:
    end = _until(items, n + 1)
    span = [i for i in items[n + 1 : end] if i.code != "b"]
    two = next((i for i in span if i.code == "C" and len(i.data.sides) == 2), None)
    if two is not None:
        noun = next((i for i in span if i.code in "mMfdj"), None)
        read = _measured(noun, schema)
        reference = two.data.options[0][0]
        if read is None or reference is None:
            return None
        sides = [with_where(read.measure, [value_condition(reference, list(v), False)]) for _, v in two.data.sides]
        if any(s is None for s in sides):
            return None
        first, second = (s for s in sides if s is not None)
        return MeasureRead(Arithmetic(op="-", left=first, right=second), read.datasets), end
    cut = next((m for m, i in enumerate(span) if m and i.code in "&V"), None)
    if cut is None or not any(i.code in "mMfd" for i in span):
        return None
    left, right = _sides(span[:cut], span[cut + 1 :], schema)
    if left is None or right is None:
        return None
    made = Arithmetic(op="-", left=left.measure, right=right.measure)
    return MeasureRead(made, tuple(dict.fromkeys((*left.datasets, *right.datasets)))), end


def _sides(left: list[Item], right: list[Item], schema: Schema) -> tuple[MeasureRead | None, MeasureRead | None]:
    """Both sides; one that has no noun of its own shares the other's ("private to national sales")."""
    figures = [
        [i for i in side if i.code in "mMd" or (i.code == "f" and schema.is_number(str(i.data)))]
        for side in (left, right)
    ]
    nouns = [next(iter(side), None) for side in figures]
    shared = nouns[0] or nouns[1] or _told_by(left, right, schema)
    return _side(left, nouns[0] or shared, schema), _side(right, nouns[1] or shared, schema)


def _told_by(left: list[Item], right: list[Item], schema: Schema) -> Item | None:
    """ "the ratio of women to men": the things that both sides' conditions are about."""
    fields = [i.data.options[0][0] for i in (*left, *right) if i.code == "C"]
    owners = {schema.owner(f) for f in fields if f}
    apart = all(any(i.code == "C" for i in side) for side in (left, right))
    return Item("d", left[0].start, left[0].start, "", owners.pop()) if apart and len(owners) == 1 else None


def _measured(noun: Item | None, schema: Schema) -> MeasureRead | None:
    if noun is None:
        return None
    if noun.code == "j":
        link = next((o for o in noun.options if o.kind == "metric"), None)
        return measure_of(noun.linked(link), schema) if link else None
    read = measure_of(noun, schema, "sum" if noun.code == "f" and schema.is_number(noun.data) else None)
    return averaged_rows(read, schema) if read is not None else None


def _side(items: list[Item], noun: Item | None, schema: Schema) -> MeasureRead | None:
    read = _measured(noun, schema)
    if read is None or not read.datasets:
        return None
    base = read.counted or read.datasets[0]
    conditions: list[Cond] = [i.data for i in items if i.code == "C"]
    times = [m for i in items if i.code == "t" and (m := i.extra.get("mention")) is not None and m.values]
    parts = [(m.part, list(m.values)) for m in times]
    where, _, cost = conditions_on(Filters(conditions=conditions, parts=parts), base, schema)
    if cost >= 2:
        return None
    for item in items:
        if item.code == "H":
            bound = bound_on_rows(item.data, base, schema)
            if bound is None:
                return None
            where.append(bound)
        elif item.code == "d" and item is not noun:
            present = _belonging(base, str(item.data), schema)
            where += [present] if present is not None else []
    measure: Measure | None = read.measure
    if where and read.counted:
        measure = measure_of(Item("d", 0, 0, "", read.counted), schema).measure  # type: ignore[union-attr]
    measure = with_where(measure, where) if where and measure is not None else measure
    return replace(read, measure=measure) if measure is not None else None


def _belonging(base: str, other: str, schema: Schema) -> Condition | None:
    """ "publications presented in conferences": those that have one."""
    reference = next(
        (
            f"{base}.{r.many_fields[0]}"
            for r in schema.model.relationships
            if r.many == base and r.one == other and len(r.many_fields) == 1
        ),
        None,
    )
    if reference is None and other != base and schema.belongs_to(other, base):
        return Exists(dataset=other)  # "customers with orders"
    return Compare(field=reference, op="not_null") if reference else None
