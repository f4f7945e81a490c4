"""What rows of some kind brought in: "how much did massages bring in?", "how much did we make from tours?"."""

from __future__ import annotations

from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import amount_of, as_measure
from assistant.analyst.neighbours.standing import standing
from assistant.analyst.schema import Schema
from knowledge.request import MetricRef
from knowledge.words import lemma

_BRING = frozenset(["bring", "earn", "make", "generate", "net", "gross"])


def brought_in(items: list[Item], schema: Schema) -> list[Item]:
    """The amounts of the rows that are of such a kind, where these carry them, else what was sold of it; not what the
    same people paid for something else."""
    if not items or items[0].text.lower() != "how much":
        return items
    verb = next((i for i in items[1:] if i.code in "jm." and lemma(i.text.lower()) in _BRING), None)
    if verb is None or any(i.code in "fmM" and i is not verb for i in items):
        return items
    rows = {schema.owner(m.field) for i in items if i.code == "v" for m in i.data}
    said = {str(i.data) for i in items if i.code == "d"}
    if len(rows) != 1 or said - rows:
        return items
    (dataset,) = rows
    rest = [i for i in items[1:] if i is not verb and i.code != "d"]
    amount = amount_of(dataset, schema) if schema.time_of(dataset) else None
    if amount is not None and schema.owner(str(amount.of)) == dataset:
        kept = amount.model_copy(update={"where": standing(dataset, schema)})  # what was called off brought in nothing
        return [as_measure(verb, kept), *rest]
    sold = next((m for m in schema.model.metrics if m.label == "revenue"), None)
    of = schema.metric_datasets(sold) if sold is not None else []
    if sold is not None and amount is None and of and all(schema.belongs_to(d, dataset) for d in of):
        return [as_measure(verb, MetricRef(metric=sold.name), *of), *rest]
    return items
