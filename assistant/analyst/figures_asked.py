"""Which figures a question asks for, and those that are shown of them: growth, running totals, ranks, shares."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.draft import Draft, Scope
from assistant.analyst.filters import (
    with_where,
)
from assistant.analyst.implied import implied_measures
from assistant.analyst.item import Item
from assistant.analyst.reduce.measures import averaged_rows
from assistant.analyst.reduce.reads import MeasureRead, measure_of
from assistant.analyst.roles import NotAssembled, Parts, subject_dataset
from assistant.analyst.schema import Schema
from assistant.reading import describe_measure
from knowledge.calendar import Calendar
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Condition,
    FieldColumn,
    Growth,
    InWindow,
    Measure,
    MeasureColumn,
    MetricRef,
    Rank,
    Running,
    Share,
)


def measures_of(parts: Parts, schema: Schema, draft: Draft) -> list[MeasureRead]:
    """What is measured, each once; what is usual where nothing is said. Raises NotAssembled."""
    reads = list(parts.measures)
    for item in [i for i in parts.outputs if i.code == "f" and reads and _is_summed_up(i, parts, schema)]:
        parts.outputs.remove(item)
        read = measure_of(item, schema)
        reads += [read] if read and all(r.measure != read.measure for r in reads) else []
    parts.outputs = [i for i in parts.outputs if not _is_measured(i, reads)]
    reads += [r for i in parts.outputs if i.code in "mM" and (r := measure_of(i, schema)) and r not in reads]
    by = _order_measure(parts)
    alone = parts.top and parts.top.field and parts.subject is None and not parts.groups and not reads
    if by and all(by.measure != r.measure for r in reads) and not alone:
        reads.append(by)
    if not reads:
        reads, guess = implied_measures(parts, schema)
        if guess:
            draft.guesses.append(guess)
            draft.cost += 0.3
    reads = list({_plain(r.measure, schema).model_dump_json(): r for r in reversed(reads)}.values())[::-1]
    if not reads:
        raise NotAssembled("it does not say what to measure")
    draft.cost += 0.4 * sum(r.averaged and isinstance(r.measure, Aggregate) and r.measure.agg == "count" for r in reads)
    for n, read in enumerate(reads):
        if read.averaged and isinstance(read.measure, MetricRef):
            reads[n] = averaged_rows(read, schema)
            whole = schema.model.metric(read.measure.metric).additivity == "additive"
            draft.cost += 0.6 * (reads[n].averaged and whole)
            if parts.top and parts.top.measure == read:
                parts.top = replace(parts.top, measure=reads[n])
            if parts.order_by == read:
                parts.order_by = reads[n]
    return reads


def _plain(measure: Measure, schema: Schema) -> Measure:
    """A metric that is only a sum as that sum, to tell whether two are the same."""
    field = schema.summed_by(schema.model.metric(measure.metric)) if isinstance(measure, MetricRef) else None
    if field is None or not isinstance(measure, MetricRef):
        return measure
    return Aggregate(agg="sum", of=field, where=measure.where)


def _is_summed_up(item: Item, parts: Parts, schema: Schema) -> bool:
    """A number to return that is not the subject's own: "each merchant's name and revenue amount"."""
    subject = subject_dataset(parts, schema)
    owner = schema.owner(str(item.data))
    own = subject is None or schema.belongs_to(subject, owner)
    if parts.groups and parts.measures and schema.adds_up(str(item.data)) and not parts.top:
        own = False  # "payments by method: count and amount"
    return not own and schema.is_number(str(item.data)) and schema.field(str(item.data)).role == "measure"


def _is_measured(item: Item, reads: list[MeasureRead]) -> bool:
    """ "What is the total price by buyer? Return the buyer *and the price*": the total."""
    of = [r.measure.of for r in reads if isinstance(r.measure, Aggregate) and r.measure.agg in ("sum", "avg")]
    return item.code == "f" and item.data in of


def _order_measure(parts: Parts) -> MeasureRead | None:
    return parts.order_by or (parts.top.measure if parts.top else None)


def shown_of(
    parts: Parts, reads: list[MeasureRead], columns: list[FieldColumn], draft: Draft
) -> tuple[list[Measure], Measure]:
    """The measures to show, with growth, running totals and ranks as asked; and the one to order by."""
    shown: list[Measure] = []
    grained = any(c.grain for c in columns)
    for read in reads:
        shown.append(read.measure)
        growth, running = read.growth or parts.growth, read.running or parts.over
        if growth and grained and parts.compare is None:
            shown += [Growth(of=read.measure, form="difference")] if growth == "difference" else []
            shown.append(Growth(of=read.measure, form="percent"))
        if running:
            agg, _, window = running.partition(":")
            width = int(window) if window else None
            shown.append(Running(of=read.measure, agg="avg" if agg == "avg" else "sum", window=width))
    said = _order_measure(parts)
    grown = next((m for m in shown if isinstance(m, Growth)), None)
    if parts.top and parts.growth and parts.compare is not None:  # "which category grew the most from Q3 to Q4?"
        grown = Growth(of=shown[0], form="percent" if parts.growth == "percent" else "difference")
    by = grown if grown and parts.top else said.measure if said else shown[0]
    if parts.rank and columns:
        shown.append(Rank(of=by, descending=parts.top.descending if parts.top else True))
    return shown, by


def _has_parts(measure: Measure, schema: Schema) -> bool:
    """What adds up to a whole: no average, no rate."""
    if isinstance(measure, MetricRef):
        return schema.model.metric(measure.metric).additivity != "non_additive"
    return not isinstance(measure, Aggregate) or measure.agg in ("sum", "count", "count_distinct")


def shares(
    reads: list[MeasureRead], columns: list[FieldColumn], scope: Scope, shown: list[Measure], schema: Schema
) -> list[Measure]:
    """Each group's share beside its measure; without groups, the part that meets the conditions of the whole."""
    measure = next((r.measure for r in reads if r.share), reads[0].measure)
    if columns and not _has_parts(measure, schema):
        raise NotAssembled("averages have no shares")
    if columns:
        return [*shown, Share(of=measure)]
    narrow: list[Condition] = [c for c in scope.where if not isinstance(c, InWindow)]
    part = with_where(measure, narrow)
    if not narrow or part is None:
        raise NotAssembled("a share of what is not said")
    scope.where = [c for c in scope.where if isinstance(c, InWindow)]
    return [Arithmetic(op="percent", left=part, right=measure)]


def measure_column(measure: Measure, label: str | None, schema: Schema, calendar: Calendar) -> MeasureColumn:
    """The figure with a label, where its own name would not say which rows it is of."""
    if label is None and (isinstance(measure, Arithmetic) or getattr(measure, "where", None)):
        said = describe_measure(measure, schema.model, calendar)
        label = said[:1].upper() + said[1:]
    return MeasureColumn(measure=measure, label=label)
