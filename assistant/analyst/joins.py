"""Which datasets belong to which, how far apart they are, and what a reference names: the graph of a model's joins."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from knowledge.model import ModelField, Relationship, SemanticModel

Data = TypeVar("Data", bound="Joins")
Of = TypeVar("Of")
Found = TypeVar("Found")


def once_each(method: Callable[[Data, Of], Found]) -> Callable[[Data, Of], Found]:
    """A method of one name, worked out once for each: the model of a schema does not change, and has so many names."""

    @wraps(method)
    def found(self: Data, of: Of) -> Found:
        known = self._known[method.__name__]
        if of not in known:
            known[of] = method(self, of)
        return known[of]

    return found


class Joins:
    """What is asked of the joins: each row of `many` belongs to at most one row of `one`."""

    def __init__(self, model: SemanticModel):
        self.model = model
        self._known: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._up: dict[str, list[Relationship]] = defaultdict(list)
        self._near: dict[str, set[str]] = defaultdict(set)
        for relation in model.relationships:
            self._up[relation.many].append(relation)
            if relation.one_to_one:
                self._up[relation.one].append(relation)
            self._near[relation.many].add(relation.one)
            self._near[relation.one].add(relation.many)
        self._distances = {d.name: self._walk(d.name) for d in model.datasets}
        self._parents = {d.name: self._climb(d.name) for d in model.datasets}

    def _walk(self, start: str) -> dict[str, int]:
        seen, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for there in self._near[here]:
                if there not in seen:
                    seen[there] = seen[here] + 1
                    queue.append(there)
        return seen

    def _climb(self, start: str) -> dict[str, int]:
        seen, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for relation in self._up[here]:
                there = relation.one if relation.many == here else relation.many
                if there not in seen:
                    seen[there] = seen[here] + 1
                    queue.append(there)
        return seen

    def distance(self, a: str, b: str) -> int | None:
        """Joins between two datasets; None where there is no way."""
        return self._distances[a].get(b)

    def belongs_to(self, many: str, one: str) -> bool:
        """Each row of `many` has at most one row of `one` (or is it)."""
        return one in self._parents[many]

    def seeing(self, one: str, other: str) -> str | None:
        """Of two datasets the one whose rows have a row of the other."""
        return one if self.belongs_to(one, other) else other if self.belongs_to(other, one) else None

    def parents(self, dataset: str) -> list[str]:
        """The dataset and those that its rows belong to, nearest first."""
        return sorted(self._parents[dataset], key=lambda name: self._parents[dataset][name])

    def children(self, dataset: str) -> list[str]:
        """The datasets of which many rows may belong to one row of this one, nearest first."""
        found = [d.name for d in self.model.datasets if d.name != dataset and self.belongs_to(d.name, dataset)]
        return sorted(found, key=lambda name: self._distances[dataset].get(name, 99))

    def field(self, reference: str) -> ModelField:
        return self.model.resolve(reference)[1]

    def owner(self, reference: str) -> str:
        return reference.partition(".")[0].partition("@")[0]

    def key(self, dataset: str) -> str | None:
        keys = self.model.dataset(dataset).primary_key
        return f"{dataset}.{keys[0]}" if len(keys) == 1 else None

    def points_to(self, reference: str) -> str | None:
        """The dataset that a foreign key names a row of."""
        owner, name = self.owner(reference), reference.rpartition(".")[2]
        for relation in self._up[owner]:
            if relation.many == owner and relation.many_fields == (name,):
                return relation.one
        return None

    def may_lack(self, many: str, one: str) -> bool:
        """Some rows of `many` have no row of `one`."""
        return any(
            self.model.dataset(r.many).field(name).nulls > 0
            for r in self.model.relationships
            if r.one == one and self.belongs_to(many, r.many)
            for name in r.many_fields
        )

    def may_lose(self, many: str, one: str) -> bool:
        """Some rows of `many` lead to no row of `one`, whether what they refer to is unknown or no longer there."""
        return any(
            r.strays or any(self.model.dataset(r.many).field(name).nulls > 0 for name in r.many_fields)
            for r in self.model.relationships
            if self.belongs_to(many, r.many) and self.belongs_to(r.one, one) and r.many != r.one
        )

    def alternatives(self, one: str, other: str) -> bool:
        """Rows of something belong to either the one or the other: what is sent by users or by merchants."""
        names = {
            (r.many, self.model.dataset(r.many).field(r.many_fields[0]).label, r.one)
            for r in self.model.relationships
            if len(r.many_fields) == 1
        }
        return any((many, label, other) in names for many, label, kind in names if kind == one and kind != other)
