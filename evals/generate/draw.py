"""The parts of random questions: things, fields, figures, groups and conditions that a schema has."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.analyst.schema import Schema
from evals.generate.conditions import Conditions, Said
from knowledge.model import ModelField
from knowledge.request import (
    Aggregate,
    Compare,
    Condition,
    FieldColumn,
    Measure,
    MeasureColumn,
    Request,
)
from knowledge.workspace import Workspace


@dataclass(frozen=True)
class Drawn:
    """A question before it is worded: any of `requests` answers it. `slots` are what the words in braces stand for:
    ("thing", dataset), ("field", "orders.amount"), ("figure", an Aggregate) or a plain text."""

    kind: str
    requests: list[Request]
    slots: Mapping[str, tuple[str, object]] = field(default_factory=dict)
    where: tuple[Said, ...] = ()
    ordered: bool = False
    counts: bool = False
    """It counts: nothing but zeros would tell nothing."""


class Drawer:
    """Draws from what one schema has. Whatever its name is ambiguous in the schema is left out: no wording of it would
    be clear."""

    def __init__(self, workspace: Workspace, chosen: random.Random):
        self.workspace, self.model, self.chosen = workspace, workspace.model, chosen
        self.schema = Schema(self.model)
        self.conditions = Conditions(workspace, self.schema, chosen)
        labels = Counter((d.label or d.name).lower() for d in self.model.datasets)
        self.things = [
            d.name for d in self.model.datasets if (d.row_count or 0) >= 4 and labels[(d.label or d.name).lower()] == 1
        ]

    def one(self, options: Sequence[str]) -> str | None:
        return self.chosen.choice(options) if options else None

    def fields(self, thing: str, wanted: Callable[[ModelField], bool]) -> list[str]:
        entry = self.model.dataset(thing)
        labels = Counter((f.label or f.name).lower() for f in entry.fields)
        return [
            f"{thing}.{f.name}"
            for f in entry.fields
            if not f.hidden and wanted(f) and labels[(f.label or f.name).lower()] == 1
        ]

    def numbers(self, thing: str) -> list[str]:
        return [f for f in self.fields(thing, lambda f: f.role == "measure") if self.schema.is_number(f)]

    def groups(self, thing: str) -> list[str]:
        return self.fields(thing, lambda f: f.role in ("category", "place", "flag") and 1 < (f.distinct or 0) <= 40)

    def named(self, things: list[str]) -> list[str]:
        """Those whose rows have names of their own."""
        return [t for t in things if t in self.things and (n := self.name(t)) and self.is_unique(n)]

    def name(self, thing: str) -> str | None:
        name = self.model.dataset(thing).name_field
        return f"{thing}.{name}" if name else None

    def is_unique(self, reference: str) -> bool:
        entry = self.model.dataset(self.schema.owner(reference))
        return (self.schema.field(reference).distinct or 0) >= (entry.row_count or 0)

    def children(self, thing: str) -> list[str]:
        near = [c for c in self.schema.children(thing) if self.schema.distance(c, thing) == 1 and c in self.things]
        ways = Counter((r.many, r.one) for r in self.model.relationships)
        return [c for c in near if ways[c, thing] == 1 and not self.schema.lists(c, thing)]

    def figure(self, thing: str) -> Aggregate | None:
        """A total, an average … of a number, or how many there are."""
        number = self.one(self.numbers(thing))
        if number is None or self.chosen.random() < 0.25:
            return Aggregate(agg="count", dataset=thing)
        aggregates = ["avg", "max", "min", "avg"] + (["sum"] * 3 if self.schema.adds_up(number) else [])
        return Aggregate(agg=self.chosen.choice(aggregates), of=number)  # type: ignore[arg-type]

    def group(self, thing: str) -> str | None:
        """What rows of the thing are grouped by: a kind of its own, or the name or a kind of what it belongs to."""
        parents = [p for p in self.schema.parents(thing)[1:] if self.is_near(thing, p)]
        options = self.groups(thing) + [n for p in self.named(parents) if (n := self.name(p))]
        options += [g for p in parents for g in self.groups(p)]
        return self.one(options)

    def is_near(self, many: str, one: str) -> bool:
        ways = Counter((r.many, r.one) for r in self.model.relationships)
        return self.schema.distance(many, one) == 1 and ways[many, one] == 1 and one in self.things

    def where(self, thing: str, likely: float = 0.5, *, timed: bool = True) -> tuple[list[Condition], tuple[Said, ...]]:
        """Up to two conditions on a thing's rows; none with the chance 1 - `likely`."""
        said: list[Said] = []
        while self.chosen.random() < likely and len(said) < 2:
            found = self.conditions.of(thing, timed=timed and not any(s.timed for s in said))
            if found and all(found.about != s.about for s in said):
                said.append(found)
        return [s.condition for s in said], tuple(said)

    def grouped(self, group: str, figures: list[Measure], where: list[Condition], **more: object) -> list[Request]:
        """With and without those of no group."""
        known = Compare(field=group, op="not_null")
        columns = [FieldColumn(field=group), *(MeasureColumn(measure=f) for f in figures)]
        made = [Request(columns=columns, where=w, **more) for w in ([*where, known], where)]  # type: ignore[arg-type]
        return made if self.schema.field(group).nulls or "limit" not in more else made[:1]

    def related(self) -> tuple[str, str] | None:
        """A thing whose rows have names, and one of which each row belongs to one of those."""
        things = [t for t in self.named(self.things) if self.children(t)]
        thing = self.one(things)
        return (thing, self.chosen.choice(self.children(thing))) if thing else None
