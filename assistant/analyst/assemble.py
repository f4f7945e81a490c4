"""From the parts of a question to one request: who is asked about, what is measured, how it is grouped, ordered, limited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from assistant.analyst.filters import (
    Filters,
    among,
    bound_on_groups,
    bound_on_rows,
    choose,
    conditions_on,
    event_of,
    event_with_time,
    with_where,
)
from assistant.analyst.items import Item, codes
from assistant.analyst.reduce import Cond, Group, HavingRead, MeasureRead, Top, measure_of
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Condition,
    FieldColumn,
    Growth,
    Having,
    InWindow,
    Measure,
    MeasureColumn,
    Order,
    Rank,
    Request,
    Running,
    Share,
    Window,
)
from knowledge.request import Any as AnyOf


class NotAssembled(Exception):
    """These parts make no request; the message says why."""


@dataclass
class Draft:
    request: Request
    cost: float = 0.0
    """What had to be assumed or stretched: 0 is nothing."""
    guesses: list[str] = field(default_factory=list)
    """Assumptions worth telling the reader."""


@dataclass
class _Parts:
    items: list[Item]
    measures: list[MeasureRead] = field(default_factory=list)
    havings: list[HavingRead] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    filters: Filters = field(default_factory=Filters)
    top: Top | None = None
    subject: Group | None = None
    outputs: list[Item] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    compare: Any = None
    growth: str | None = None
    share: bool = False
    rank: bool = False
    trend: bool = False
    distinct: bool = False
    split: bool = False
    over: str | None = None
    order_by: MeasureRead | None = None
    order_field: str | None = None
    listing: bool = False
    counting: bool = False
    verbs: list[Item] = field(default_factory=list)
    idle: int = 0
    """Names that found no role."""


def assemble(items: list[Item], schema: Schema, calendar: Calendar) -> Draft:
    """Raises NotAssembled."""
    parts = _collect(items, schema, calendar)
    draft = _request(parts, schema, calendar)
    draft.cost += 0.25 * parts.idle
    return draft


# --- roles -----------------------------------------------------------------------------------------------------------


def _collect(items: list[Item], schema: Schema, calendar: Calendar) -> _Parts:
    parts = _Parts(items)
    taken: set[int] = set()
    row = codes(items)
    parts.listing = "l" in row[:2]

    for n, item in enumerate(items):
        if item.code == "N":
            if parts.top is None:
                parts.top = item.data
            elif parts.top.measure is None and item.data.measure is not None:
                parts.top = Top(parts.top.n, item.data.descending if parts.top.n is None else parts.top.descending, parts.top.about, item.data.measure, item.data.field)
        elif item.code == "H":
            parts.havings.append(item.data)
        elif item.code == "C":
            parts.filters.conditions.append(item.data)
            parts.split = parts.split or item.data.split
        elif item.code == "w":
            _window(item, n, items, parts, taken, schema, calendar)
        elif item.code == "x":
            _comparison(item, parts)
        elif item.code == "g":
            _grain(item, n, items, parts, taken)
        elif item.code == "t":
            _part(item, n, items, parts)
        elif item.code == "G":
            parts.growth = item.data
        elif item.code == "S":
            parts.share = True
        elif item.code == "K":
            parts.rank = item.text.startswith("rank") or item.text in ("leaderboard", "league table")
        elif item.code == "r":
            parts.trend = True
        elif item.code == "V":
            parts.split = True
        elif item.code == "u":
            parts.distinct = True
        elif item.code == "j":
            parts.verbs.append(item)
        elif item.code in "RA" and not any(m.running for m in parts.measures):
            parts.over = "avg:3" if item.code == "A" else "sum"
    _order_by(items, parts, taken, schema)
    _subject(items, parts, taken, schema)
    _absences(items, parts, taken, schema)
    for n, item in enumerate(items):
        if n in taken:
            continue
        if item.code == "M" or item.code == "m":
            read = measure_of(item, schema)
            if read:
                parts.measures.append(read)
                parts.counting = parts.counting or read.counted is not None
        elif item.code == "B":
            parts.groups += item.data
    return parts


def _window(item: Item, n: int, items: list[Item], parts: _Parts, taken: set[int], schema: Schema, calendar: Calendar) -> None:
    mention = item.data
    before = next((m for m in range(n - 1, -1, -1) if items[m].code not in "Oh&"), None)
    if before is not None and items[before].code == "f" and before not in taken and schema.is_time(items[before].data):
        parts.filters.plain.append(InWindow(field=items[before].data, window=mention.window))
        taken.add(before)
        return
    two = re.match(r"(?:from|between) (.+?) (?:to|and|until|through) (.+)$", item.text.strip(), re.I)
    if two and any(i.code in "GV" for i in items):
        first, second = calendar.read(two[1]), calendar.read(two[2])
        if first and second:
            parts.windows += [first, second]
            parts.split = True
            return
    parts.windows.append(mention.window)


def _comparison(item: Item, parts: _Parts) -> None:
    mention = item.data
    parts.compare = mention.compare or mention.window or "previous_period"


def _grain(item: Item, n: int, items: list[Item], parts: _Parts, taken: set[int]) -> None:
    mention = item.extra.get("mention")
    grain = Group("grain", item.data)
    if mention is not None and getattr(mention, "growth", False):
        parts.growth = parts.growth or "percent"
        parts.groups.append(grain)
        return
    left = items[n - 1].code if n else ""
    if left in ("q", "N") or (left == "h" and n > 1 and items[n - 2].code == "q"):
        parts.subject = grain
    elif mention is not None or item.text.endswith("ly") or item.text in ("annual",):
        parts.groups.append(grain)
    elif any(i.code == "N" for i in items) and parts.subject is None and not any(i.code in "df" for i in items[:n]):
        parts.subject = grain
    elif left in ("&", "l") and any(g.kind != "measure" for g in parts.groups):
        parts.groups.append(grain)
    elif left == "l" or n == 0:
        parts.groups.append(grain)


def _part(item: Item, n: int, items: list[Item], parts: _Parts) -> None:
    mention = item.extra.get("mention")
    numbers = getattr(mention, "values", None) or None
    part = getattr(mention, "part", None) if mention is not None else item.data
    if numbers:
        parts.filters.parts.append((str(part), list(numbers)))
        return
    group = Group("part", part)
    left = items[n - 1].code if n else ""
    if left in ("q", "N") and parts.subject is None:
        parts.subject = group
    else:
        parts.groups.append(group)


def _order_by(items: list[Item], parts: _Parts, taken: set[int], schema: Schema) -> None:
    """ "top 5 products by sales", "ranked by units": the measure after by or ranked."""
    for match in re.finditer(r"[yK]O?y?([mfM])", codes(items)):
        at = match.start(1)
        noun = items[at]
        if items[match.start()].code == "y" and parts.top is None and not any(i.code == "K" for i in items):
            if noun.code == "m" and len(items) > 1:
                continue
            continue
        read = measure_of(noun, schema)
        if read is None:
            continue
        taken.add(at)
        parts.order_by = read
        parts.order_field = noun.data if noun.code == "f" else None
        if items[match.start()].code == "K" and parts.top is None:
            rest = " ".join(i.text for i in items[match.start() :]).lower() + " " + items[-1].before
            parts.top = Top(None, not re.search(r"asc|lowest|smallest|alphabet", rest), "ranked")


def _subject(items: list[Item], parts: _Parts, taken: set[int], schema: Schema) -> None:
    row = codes(items)
    kinds = {"d": "dataset", "f": "field"}

    def take(at: int) -> None:
        taken.add(at)
        if parts.subject is None:
            parts.subject = Group(kinds[items[at].code], items[at].data)

    if parts.subject is None:
        for pattern in (r"NO?[hC]*([df])", r"q[hNCO]*([df])", r"^[l&O]*[aNuC]*([df])", r"([df])[&]?[h]?[CH]*[Oh]*N"):
            match = re.search(pattern, row)
            if match and match.start(1) not in taken:
                take(match.start(1))
                break
    if parts.subject is None and (parts.top or parts.havings or parts.rank):
        match = re.search(r"[df]", row)
        if match and match.start() not in taken:
            take(match.start())
    # A list of things to return: nouns joined by "and" from the subject on, or after a closing "return …".
    start = next((n for n in sorted(taken) if parts.subject and items[n].code in "df" and items[n].data == parts.subject.target), None)
    chain = None
    late = [m.start() for m in re.finditer("l", row) if m.start() > 2]
    if late:
        chain = re.match(r"l[O&u]*((?:[dfmM][O&u]*)+)", row[late[-1] :])
        offset = late[-1]
    elif start is not None:
        chain = re.match(r"((?:[dfmM]&+)+[dfmM])", row[start:])
        offset = start
    if chain:
        span = range(offset + chain.start(1), offset + chain.end(1))
        parts.outputs = [items[n] for n in span if items[n].code in "dfmM"]
        taken.update(n for n in span if items[n].code in "df")
    for n, item in enumerate(items):
        if n in taken or item.code not in "df":
            continue
        left = items[n - 1].code if n else ""
        if item.code == "f" and parts.subject and not parts.outputs and left in ("O", "h", "&", "l", "q"):
            parts.outputs.append(item)
            taken.add(n)
        elif item.code == "f" and schema.is_number(item.data) and not parts.outputs:
            read = measure_of(item, schema)
            if read:
                parts.measures.append(read)
                taken.add(n)


def _absences(items: list[Item], parts: _Parts, taken: set[int], schema: Schema) -> None:
    """ "customers without orders", "who never ordered", "products that were not sold" """
    for n, item in enumerate(items):
        if item.code != "z":
            continue
        for m in range(n + 1, min(n + 4, len(items))):
            if items[m].code in "dj" and m not in taken or (items[m].code == "d" and parts.subject and items[m].data != parts.subject.target):
                target = _dataset_of(items[m], schema)
                if target:
                    parts.filters.absent.append(target)
                    parts.filters.absent_windows = True
                    taken.add(m)
                    for later in items[m + 1 :]:
                        if later.code in "&|":
                            break
                        if later.code == "C" and not later.data.negated:
                            index = next(i for i, c in enumerate(parts.filters.conditions) if c is later.data)
                            parts.filters.conditions[index] = Cond(later.data.options, True, later.data.values, False, later.data.text)
                break
            if items[m].code == "C" and items[m].data.negated:
                break


def _dataset_of(item: Item, schema: Schema) -> str | None:
    for link in item.options:
        if link.kind == "dataset":
            return link.target
        if link.kind == "metric":
            datasets = schema.metric_datasets(schema.model.metric(link.target))
            if datasets:
                return datasets[0]
        if link.kind == "field":
            return schema.owner(link.target)
    return item.data if item.code == "d" else None


# --- the request -----------------------------------------------------------------------------------------------------


def _request(parts: _Parts, schema: Schema, calendar: Calendar) -> Draft:
    draft = Draft(Request())
    _settle_windows(parts, calendar)
    if parts.subject and parts.subject.kind == "field":
        entity = schema.points_to(parts.subject.target)
        if entity and schema.field(parts.subject.target).role == "foreign_key":
            parts.subject = Group("dataset", entity)
    record_order = _record_order(parts, schema)
    wants_records = (
        not parts.measures
        and not (parts.top and (parts.top.measure or parts.order_by) and not record_order)
        and not parts.groups
        and not parts.share
        and not parts.trend
        and not parts.growth
        and not (parts.subject and parts.subject.kind in ("grain", "part"))
        and not any(i.code in "mM" for i in parts.outputs)
        and not (parts.top and not record_order and parts.top.about != "ranked" or False)
        and not _group_bounds(parts, schema)
    )
    if wants_records:
        return _records(parts, schema, draft, record_order)
    return _measured(parts, schema, draft, calendar)


def _settle_windows(parts: _Parts, calendar: Calendar) -> None:
    windows = parts.windows
    if len(windows) >= 2 and (parts.split or parts.growth) and parts.compare is None:
        early, late = sorted(windows[:2], key=lambda w: (w.start or w.end, w.end or w.start))  # type: ignore[arg-type,return-value]
        parts.filters.window, parts.compare = late, early
        parts.split = False
    elif len(windows) >= 2:
        starts = [w.start for w in windows if w.start]
        ends = [w.end for w in windows if w.end]
        parts.filters.window = windows[0]
        if len(starts) == len(ends) == len(windows):
            parts.filters.window = Window(start=min(starts), end=max(ends), text=" and ".join(w.text for w in windows))
            parts.windows = windows
    elif windows:
        parts.filters.window = windows[0]


def _subject_dataset(parts: _Parts, schema: Schema) -> str | None:
    if parts.subject is None:
        return None
    if parts.subject.kind == "dataset":
        return str(parts.subject.target)
    if parts.subject.kind == "field":
        return schema.owner(parts.subject.target)
    return None


def _record_order(parts: _Parts, schema: Schema) -> FieldColumn | None:
    """The field that records are put in order by, where "top" means single rows: the latest orders, the cheapest product."""
    top, dataset = parts.top, _subject_dataset(parts, schema)
    if top is None or dataset is None:
        return None
    if parts.subject and parts.subject.kind == "field" and schema.field(parts.subject.target).role not in ("key", "name"):
        return None
    if top.about == "time":
        time = schema.time_of(dataset) if schema.model.dataset(dataset).default_time else None
        time = time or schema.year_number(dataset)
        return FieldColumn(field=time) if time else None
    if top.about == "price":
        reference = schema.about(dataset, ("price", "cost", "fee", "fare", "rate"), near=False)
        return FieldColumn(field=reference) if reference else None
    reference = top.field or parts.order_field
    if reference and schema.owner(reference) == dataset and not parts.groups:
        if schema.children(dataset) or schema.model.dataset(dataset).name_field or schema.model.dataset(dataset).row_count == 0:
            return FieldColumn(field=reference)
    return None


def _group_bounds(parts: _Parts, schema: Schema) -> bool:
    """Some bound is about a group's measure, not about a number of each row."""
    base = _subject_dataset(parts, schema)
    return any(base is None or bound_on_rows(h, base, schema) is None for h in parts.havings)


def _columns_of(group: Group, base: str, schema: Schema) -> list[FieldColumn]:
    if group.kind == "dataset":
        return schema.entity(group.target)
    if group.kind == "field":
        return [FieldColumn(field=group.target)]
    time = schema.time_of(base) if base else None
    if time is None:
        event = event_with_time(base, schema) if base else None
        time = schema.time_of(event) if event else None
    if time is None:
        raise NotAssembled("there is no date to group by")
    if group.kind == "grain":
        return [FieldColumn(field=time, grain=group.target)]
    return [FieldColumn(field=time, part=group.target)]


def _measured(parts: _Parts, schema: Schema, draft: Draft, calendar: Calendar) -> Draft:
    subject = parts.subject
    groups = [g for g in parts.groups if subject is None or (g.kind, g.target) != (subject.kind, subject.target)]
    groups = list({(g.kind, str(g.target)): g for g in groups}.values())
    reads = list(parts.measures)
    for item in parts.outputs:
        if item.code in "mM":
            read = measure_of(item, schema)
            if read and read not in reads:
                reads.append(read)
    by = parts.order_by or (parts.top.measure if parts.top else None)
    if by and by not in reads:
        reads.append(by)
    subject_set = _subject_dataset(parts, schema)
    if parts.top and parts.top.about == "count" and by is None and not reads and subject_set:
        events = schema.children(subject_set) if subject and subject.kind == "dataset" else []
        target = events[0] if events else subject_set
        verb = next((d for v in parts.verbs if (d := _dataset_of(v, schema)) and d != subject_set), None)
        reads.append(MeasureRead(Aggregate(agg="count", dataset=verb or target), (verb or target,)))
    if not reads:
        reads = _implied(parts, subject, subject_set, schema, draft)
    # A dataset counted that is also what is asked about ("which customers …") is the subject, not a measure.
    base = next((d for r in reads for d in r.datasets), None) or subject_set or schema.facts()[0]
    if parts.windows and len(parts.windows) >= 2 and not parts.compare and not any(g.kind == "grain" for g in groups) and len({_grain_of(w) for w in parts.windows}) == 1:
        grain = _grain_of(parts.windows[0])
        if grain:
            groups.append(Group("grain", grain))
            time = schema.time_of(base)
            if time:
                parts.filters.window = None
                parts.filters.plain.append(AnyOf(kind="any", of=[InWindow(field=time, window=w) for w in parts.windows]))
    if parts.trend and not any(g.kind == "grain" for g in groups) and not (subject and subject.kind == "grain"):
        groups.append(Group("grain", _default_grain(parts.filters.window)))
    if (parts.growth or any(r.growth for r in reads)) and parts.compare is None and not any(g.kind == "grain" for g in groups):
        if parts.filters.window is not None:
            parts.compare = "previous_period"
        else:
            groups.append(Group("grain", "month"))
    if (parts.over or any(r.running for r in reads)) and not any(g.kind == "grain" for g in groups):
        groups.append(Group("grain", "month" if parts.filters.window is None else _default_grain(parts.filters.window)))

    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    split_fields = _split_fields(parts, base, schema)

    subject_columns = _columns_of(subject, base, schema) if subject and _is_group(parts, subject, reads, schema) else []
    if subject and not subject_columns:
        parts.idle += 0
    group_columns = [c for g in groups for c in _columns_of(g, base, schema)]
    output_columns = [
        FieldColumn(field=i.data) if i.code == "f" else None for i in parts.outputs if i.code in "f"
    ]
    extra = [c for c in output_columns if c is not None and c not in group_columns and c not in subject_columns]
    columns: list[FieldColumn] = _unique([*group_columns, *split_fields, *subject_columns, *extra])
    for column in columns:
        if isinstance(column.field, str) and schema.distance(base, schema.owner(column.field)) is None:
            raise NotAssembled("these do not belong together")
        if isinstance(column.field, str) and not schema.belongs_to(base, schema.owner(column.field)):
            draft.cost += 0.15

    # Row-level bounds become conditions; the others restrict groups.
    havings: list[Having] = []
    measures: list[Measure] = [r.measure for r in reads]
    for bound in parts.havings:
        counted = reads[0].counted if reads else None
        entity = counted or (subject.target if subject and subject.kind == "dataset" else None)
        on_rows = bound_on_rows(bound, counted or base, schema) if bound.measure is None or bound.field else None
        if on_rows is not None and not (subject_columns and bound.field is None and bound.measure is None):
            where.append(on_rows)
            continue
        measure = bound.measure or (measures[0] if measures and reads[0].counted != entity else None) or schema.usual_measure(entity)
        if measure is None:
            raise NotAssembled("nothing to compare with the number")
        if subject_columns or (columns and not counted):
            havings.append(bound_on_groups(bound, measure, _unique([*columns]), where, period))
        elif entity:
            key = schema.key(entity)
            inner = [FieldColumn(field=key)] if key else []
            inner_where, inner_period, _ = conditions_on(parts.filters, (schema.datasets_of(measure) or [base])[0], schema)
            member = among(entity, [bound_on_groups(bound, measure, inner, inner_where, inner_period)], inner_where, inner_period, schema)
            if member is None:
                raise NotAssembled("no key to count by")
            where, period = [member], None
        else:
            raise NotAssembled("nothing to compare with the number")

    shown, order_measure = _shaped(parts, reads, measures, columns, where, draft, schema)
    if parts.share and not columns and where and not any(r.share for r in reads):
        pass
    if any(r.share for r in reads) or parts.share:
        shown, where = _shares(reads, columns, where, shown, draft, bool(columns))

    order, limit, per = _ordering(parts, order_measure, columns, group_columns, subject_columns, draft)
    having_measures = [h.measure for h in havings]
    for measure in having_measures:
        if measure not in [m for m, _ in shown]:
            shown.append((measure, None))
    compare = parts.compare
    if compare and period is None:
        period = _period_for_comparison(compare, columns, calendar)
        if period is None:
            compare = None
    if isinstance(compare, str) and compare not in ("previous_period", "previous_year"):
        compare = None
    draft.request = Request(
        columns=[*columns, *(MeasureColumn(measure=m, label=label) for m, label in shown)],
        where=where, having=havings, period=period, compare_to=compare, order=order, limit=limit, limit_per=per,
    )  # fmt: skip
    return draft


def _is_group(parts: _Parts, subject: Group, reads: list[MeasureRead], schema: Schema) -> bool:
    """The subject groups the result, rather than being what is counted or a word for where it happens."""
    if subject.kind in ("grain", "part"):
        return True
    if subject.kind == "dataset" and any(r.counted == subject.target for r in reads) and not parts.havings:
        return bool(parts.top)
    return True


def _implied(parts: _Parts, subject: Group | None, subject_set: str | None, schema: Schema, draft: Draft) -> list[MeasureRead]:
    """What is measured when the question doesn't say."""
    for verb in parts.verbs:
        for link in verb.options:
            if link.kind == "metric":
                draft.guesses.append(link.target)
                return [MeasureRead(_metric(link.target), tuple(schema.metric_datasets(schema.model.metric(link.target))))]
            if link.kind == "dataset" and link.target != subject_set:
                return [MeasureRead(Aggregate(agg="count", dataset=link.target), (link.target,))]
    bound = next((h for h in parts.havings if h.measure), None)
    if bound and bound.measure:
        return [MeasureRead(bound.measure, tuple(schema.datasets_of(bound.measure)))]
    numeric = [i for i in parts.outputs if i.code == "f" and schema.is_number(i.data)]
    if numeric:
        reads = [measure_of(i, schema) for i in numeric]
        parts.outputs = [i for i in parts.outputs if i not in numeric]
        return [r for r in reads if r]
    if subject and subject.kind == "field" and schema.is_number(subject.target) and (parts.groups or parts.top is None):
        read = measure_of(Item("f", 0, 0, "", subject.target), schema)
        parts.subject = None
        return [read] if read else []
    if subject and subject.kind == "dataset" and (parts.groups or parts.share or parts.trend or parts.growth) and parts.top is None:
        parts.subject = None
        return [MeasureRead(Aggregate(agg="count", dataset=subject.target), (subject.target,), counted=subject.target)]
    draft.cost += 0.3
    usual = schema.usual_measure(subject_set)
    if usual is None:
        raise NotAssembled("it does not say what to measure")
    draft.guesses.append("measure")
    return [MeasureRead(usual, tuple(schema.datasets_of(usual)))]


def _metric(name: str) -> Measure:
    from knowledge.request import MetricRef

    return MetricRef(metric=name)


def _shaped(
    parts: _Parts, reads: list[MeasureRead], measures: list[Measure], columns: list[FieldColumn], where: list[Condition], draft: Draft, schema: Schema
) -> tuple[list[tuple[Measure, str | None]], Measure]:
    """The measures to show, with growth, running totals and ranks as asked, and the one to order by."""
    shown: list[tuple[Measure, str | None]] = []
    by = parts.order_by or (parts.top.measure if parts.top else None)
    grained = any(c.grain for c in columns)
    for read in reads:
        measure = read.measure
        if read.averaged and isinstance(measure, Aggregate) and measure.agg == "count":
            draft.cost += 0.4
        shown.append((measure, None))
        growth = read.growth or parts.growth
        running = read.running or parts.over
        if growth and grained and parts.compare is None:
            shown.append((Growth(of=measure, form="percent" if growth == "percent" else "difference"), None))
            if growth == "difference":
                shown.append((Growth(of=measure, form="percent"), None))
        if running:
            agg, _, window = running.partition(":")
            shown.append((Running(of=measure, agg="avg" if agg == "avg" else "sum", window=int(window) if window else None), None))
    order_measure = by.measure if by else shown[0][0]
    growths = [m for m, _ in shown if isinstance(m, Growth)]
    if growths and parts.top:
        order_measure = growths[0]
    if parts.rank and columns:
        shown.append((Rank(of=order_measure, descending=parts.top.descending if parts.top else True), None))
    return shown, order_measure


def _shares(
    reads: list[MeasureRead], columns: list[FieldColumn], where: list[Condition], shown: list[tuple[Measure, str | None]], draft: Draft, grouped: bool
) -> tuple[list[tuple[Measure, str | None]], list[Condition]]:
    measure = next((r.measure for r in reads if r.share), reads[0].measure)
    if grouped:
        return [*shown, (Share(of=measure), None)], where
    kept = [c for c in where if isinstance(c, InWindow)]
    narrow = [c for c in where if not isinstance(c, InWindow)]
    part = with_where(measure, narrow)
    if not narrow or part is None:
        raise NotAssembled("a share of what is not said")
    return [(Arithmetic(op="percent", left=part, right=measure), None)], kept


def _ordering(
    parts: _Parts, measure: Measure, columns: list[FieldColumn], groups: list[FieldColumn], subject: list[FieldColumn], draft: Draft
) -> tuple[list[Order], int | None, list[str]]:
    times = [c for c in columns if c.grain or c.part]
    if parts.top is not None and columns:
        limit = parts.top.n or (None if parts.top.about == "ranked" else 1)
        order = [Order(by=measure, descending=parts.top.descending)]
        if groups and subject and limit is not None:
            shown_groups = [c for c in groups if c.shown]
            return [*(Order(by=c) for c in shown_groups), *order], limit, [str(c.field) for c in shown_groups]
        if parts.top.n is None and groups and not subject and parts.top.about != "ranked":
            return order, 1 if len(groups) == 1 else None, []
        return order, limit, []
    if times:
        return [Order(by=c) for c in times], None, []
    if columns:
        return [Order(by=measure, descending=True)], None, []
    return [], None, []


def _split_fields(parts: _Parts, base: str, schema: Schema) -> list[FieldColumn]:
    """The fields whose values are compared with each other ("Brooklyn vs Queens")."""
    if not parts.split:
        return []
    found = []
    for cond in parts.filters.conditions:
        reference, _, _ = choose(cond, [base], schema)
        if reference and cond.values > 1 and not cond.negated:
            found.append(FieldColumn(field=reference))
    return found


def _records(parts: _Parts, schema: Schema, draft: Draft, order_by: FieldColumn | None) -> Draft:
    subject = _subject_dataset(parts, schema)
    if subject is None:
        owners = [schema.owner(i.data) for i in parts.outputs if i.code == "f"]
        subject = owners[0] if owners else None
    if subject is None:
        raise NotAssembled("it does not say what to list")
    field_subject = parts.subject.target if parts.subject and parts.subject.kind == "field" else None
    owners = {schema.owner(str(i.data)) for i in parts.outputs if i.code in "f"} | {subject}
    base = subject
    for name in owners:
        if not schema.belongs_to(base, name) and schema.belongs_to(name, base):
            base = name
    if field_subject and not any(c.options and c.options[0][0] and schema.owner(c.options[0][0]) == subject for c in parts.filters.conditions):
        # "which cities have orders over 100?": the field is seen from where the conditions are.
        others = {schema.owner(choose(c, [base], schema)[0] or base + ".") for c in parts.filters.conditions}
        for name in others:
            if name and not schema.belongs_to(base, name) and schema.belongs_to(name, base):
                base = name
    where, period, cost = conditions_on(parts.filters, base, schema)
    draft.cost += cost
    for bound in parts.havings:
        on_rows = bound_on_rows(bound, base, schema)
        if on_rows is None:
            raise NotAssembled("nothing to compare with the number")
        where.append(on_rows)
    listed = [FieldColumn(field=i.data) for i in parts.outputs if i.code == "f"]
    listed += [c for i in parts.outputs if i.code == "d" for c in schema.entity(i.data)]
    if field_subject and not any(c.field == field_subject for c in listed):
        listed.insert(0, FieldColumn(field=field_subject))
    if not field_subject and not parts.outputs and parts.subject:
        listed = schema.describe_row(subject) if parts.listing or parts.top or True else schema.entity(subject)
    elif not field_subject and parts.subject and not any(schema.owner(str(c.field)) == subject and schema.field(str(c.field)).role in ("name", "key") for c in listed):
        listed = [*schema.entity(subject), *listed] if not parts.outputs or parts.listing is False else listed
    bounded = [str(c.field) for c in where if isinstance(c, Compare) and isinstance(c.field, str)]
    if not listed:
        raise NotAssembled("it does not say what to list")
    unique = all(schema.owner(str(c.field)) == base and schema.field(str(c.field)).role in ("key",) for c in listed[:1])
    distinct = parts.distinct or (field_subject is not None and not unique) or (base != subject)
    order: list[Order] = []
    limit = None
    if order_by is not None:
        assert parts.top
        order = [Order(by=order_by, descending=parts.top.descending)]
        limit = parts.top.n or (None if parts.top.about == "ranked" else 1)
        if order_by not in listed:
            listed.append(order_by)
    elif parts.top and parts.top.about == "ranked" and parts.order_field:
        order = [Order(by=FieldColumn(field=parts.order_field), descending=parts.top.descending)]
    elif parts.top and parts.top.n:
        limit = parts.top.n
    draft.request = Request(
        columns=[c for c in _unique(listed) if c.shown], dataset=base, where=where, period=period, order=order, limit=limit,
        distinct=distinct,
    )  # fmt: skip
    if not where and period is None and order_by is None and not parts.listing and field_subject is None:
        draft.cost += 0.3
    _ = bounded
    return draft


def _unique(columns: list[FieldColumn]) -> list[FieldColumn]:
    return list({c.model_dump_json(): c for c in columns}.values())


def _grain_of(window: Window) -> str | None:
    if window.start is None or window.end is None:
        return None
    days = (window.end - window.start).days
    for grain, low, high in (("day", 1, 1), ("week", 7, 7), ("month", 28, 31), ("quarter", 89, 92), ("year", 365, 366)):
        if low <= days <= high:
            return grain
    return None


def _default_grain(window: Window | None) -> str:
    if window is None or window.start is None or window.end is None:
        return "month"
    days = (window.end - window.start).days
    return "hour" if days <= 2 else "day" if days <= 45 else "week" if days <= 120 else "month" if days <= 1500 else "quarter"


def _period_for_comparison(compare: Any, columns: list[FieldColumn], calendar: Calendar) -> Window | None:
    """ "sales vs last year" without a period: this year to date."""
    if isinstance(compare, Window):
        grain = _grain_of(compare)
        return calendar.read(f"this {grain}") if grain else None
    if any(c.grain for c in columns):
        return None
    return calendar.read("this year" if compare == "previous_year" else "this month")


__all__ = ["Draft", "NotAssembled", "assemble", "event_of"]
