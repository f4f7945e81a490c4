"""Revenue told apart by what only the payments lead to: where sessions are sold one by one and plans are paid for,
"revenue by plan" is what was paid for the plans."""

from __future__ import annotations

from assistant.analyst.item import Item
from assistant.analyst.neighbours.money import as_measure, taken_in
from assistant.analyst.neighbours.names import whose
from assistant.analyst.schema import Schema

_TAKINGS = frozenset(["revenue", "revenues", "income", "takings", "turnover", "sales", "earnings"])


def paid_for(items: list[Item], schema: Schema) -> list[Item]:
    """What came in, in place of what was sold that has nothing to do with what it is told apart by."""
    for n, item in enumerate(items):
        if item.code != "m" or item.text.lower().removeprefix("total ") not in _TAKINGS:
            continue
        sold = schema.metric_datasets(schema.model.metric(str(item.data)))
        apart = {d for i in items if i is not item for d in whose(i, schema)}
        away = [d for d in apart if not any(schema.belongs_to(s, d) for s in sold)]
        paid = taken_in(schema) if away else None
        if paid is not None and all(schema.belongs_to(schema.owner(str(paid.of)), d) for d in apart):
            return [*items[:n], as_measure(item, paid), *items[n + 1 :]]
    return items
