"""Two or more kinds of rows whose figures are compared with each other: "beer vs wine", weekends with weekdays."""

from __future__ import annotations

from assistant.analyst.draft import Scope
from assistant.analyst.filters import (
    choose,
    with_where,
)
from assistant.analyst.reduce.reads import Cond, value_condition
from assistant.analyst.roles import Parts
from assistant.analyst.schema import Schema
from knowledge.request import (
    Compare,
    Condition,
    Exists,
    InPart,
    Measure,
)


def sides_of(parts: Parts) -> Cond | None:
    """The compared values, where one of them stands for several stored ones ("beer vs wine")."""
    if not parts.split:
        return None
    return next((c for c in parts.filters.conditions if len(c.sides) > 1 and any(len(v) > 1 for _, v in c.sides)), None)


def halves_of(scope: Scope) -> list[Condition]:
    """Two parts of time that are compared: weekends with weekdays, mornings with evenings."""
    found: list[Condition] = [c for c in scope.where if isinstance(c, InPart)]
    parts = {c.part for c in found if isinstance(c, InPart)}
    if len(found) == 2 and len(parts) == 1:
        return found
    there = [c for c in scope.where if isinstance(c, Exists) and not c.where]
    if len(there) == 2 and there[0].dataset == there[1].dataset and there[0].negated != there[1].negated:
        return list(there)
    known = [c for c in scope.where if isinstance(c, Compare) and c.op in ("not_null", "is_null")]
    if len(known) == 2 and known[0].field == known[1].field and known[0].op != known[1].op:
        return list(known)
    compared = [c for c in scope.where if isinstance(c, Compare) and c.op in ("=", "!=")]
    opposite = len(compared) == 2 and compared[0].field == compared[1].field and compared[0].op != compared[1].op
    return list(compared) if opposite else []


def each_side(
    cond: Cond, measure: Measure, scope: Scope, schema: Schema, parts: Parts
) -> tuple[list[Measure], dict[int, str]]:
    """The measure over the rows of each side, and what each is called."""
    reference, condition, _ = choose(cond, [scope.base], schema, parts.filters.mentioned)
    if reference is None or condition not in scope.where or reference != cond.options[0][0]:
        return [measure], {}
    made = [with_where(measure, [value_condition(reference, list(values), False)]) for _, values in cond.sides]
    kept = [m for m in made if m is not None]
    if len(kept) < len(made):
        return [measure], {}
    return kept, {n: name for n, (name, _) in enumerate(cond.sides)}
