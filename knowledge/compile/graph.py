"""The join graph: how rows of one dataset lead to rows of another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from knowledge.compile.errors import CannotCompile
from knowledge.model import Dataset, Relationship, SemanticModel, UnknownName


@dataclass(frozen=True, eq=False)
class Hop:
    """One relationship followed in one direction. `single` hops lead from a row to at most one other; the rest,
    fan-outs, may lead to several. Each hop exists once in its graph, so paths compare and hash by identity."""

    relationship: Relationship
    up: bool

    @cached_property
    def single(self) -> bool:
        return self.up or self.relationship.one_to_one

    @property
    def start(self) -> str:
        return self.relationship.many if self.up else self.relationship.one

    @property
    def end(self) -> str:
        return self.relationship.one if self.up else self.relationship.many

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """Pairs of fields, at the start and at the end, that are equal."""
        many, one = self.relationship.many_fields, self.relationship.one_fields
        return tuple(zip(many, one, strict=True) if self.up else zip(one, many, strict=True))


Path = tuple[Hop, ...]
_ROUTES = 64


class JoinGraph:
    """Paths between datasets.

    A path climbs (single hops), may then fan out, and may then climb again: orders by their customer's city; customers
    by the categories of what they bought. A path of single hops only is preferred to any that fans out, however short;
    and one that fans out from the rows themselves (claims by the policies of their coverages) to one over a parent that
    they share with others (policies of the same town), the nearer that parent the better. Among equals the shortest
    wins; two shortest ones are ambiguous.
    """

    def __init__(self, model: SemanticModel):
        self.model = model
        self._hops: dict[str, list[Hop]] = {d.name: [] for d in model.datasets}
        for relationship in model.relationships:
            self._hops[relationship.many].append(Hop(relationship, True))
            self._hops[relationship.one].append(Hop(relationship, False))
        self._paths: dict[tuple[str, str, str | None], Path | CannotCompile | None] = {}
        self._singles: dict[tuple[str, str, str | None], bool] = {}

    def path(self, start: str, end: str, via: str | None = None) -> Path | None:
        """The path, () from a dataset to itself, or None where there is none.

        `via` names a relationship that it must follow, or several, as "a/b". Raises CannotCompile (ambiguous_path)."""
        key = (start, end, via)
        if key not in self._paths:
            self._paths[key] = self._find(start, end, via)
        found = self._paths[key]
        if isinstance(found, CannotCompile):  # a new one: raised again, it would keep every caller's frames alive
            raise CannotCompile(found.kind, str(found), found.choices, found.about)
        return found

    def single(self, start: str, end: str, via: str | None = None) -> bool:
        """Whether single hops lead from `start` to `end`, by one way or by several."""
        key = (start, end, via)
        if key not in self._singles:
            self._singles[key] = bool(self._shortest(start, end, self._required(via), "no"))
        return self._singles[key]

    def ways(self, start: str, end: str) -> list[Path]:
        """The shortest ways of single hops only."""
        return self._shortest(start, end, frozenset(), "no")

    def reachable(self, start: str) -> list[Dataset]:
        """Datasets that single hops lead to, nearest first."""
        seen, queue = {start}, [start]
        for name in queue:
            for hop in self._hops[name]:
                if hop.single and hop.end not in seen:
                    seen.add(hop.end)
                    queue.append(hop.end)
        return [self.model.dataset(name) for name in queue]

    def self_fan(self, dataset: str, via: str | None) -> Path | None:
        """The path down a relationship of a dataset with itself: from a manager to those managed."""
        hops = [h for h in self._hops[dataset] if h.end == dataset and not h.up and via in (None, h.relationship.name)]
        return (hops[0],) if len(hops) == 1 else None

    def _find(self, start: str, end: str, via: str | None) -> Path | CannotCompile | None:
        required = self._required(via)
        tries: tuple[Literal["no", "first", "any"], ...] = ("no", "first", "any")
        for fans in tries:
            routes = self._shortest(start, end, required, fans)
            if len(routes) > 1 and all(len(route) == 1 for route in routes) and start == end:
                routes = [route for route in routes if route[0].up] or routes
            if len(routes) > 1 and (start, end) in self.model.agreements and fans == "no":
                return routes[0]
            if len(routes) > 1 and fans == "any":
                nearest = min(_climbs(route) for route in routes)
                routes = [route for route in routes if _climbs(route) == nearest]
            if len(routes) > 1:
                return _ambiguous(start, end, routes)
            if routes:
                return routes[0]
        return None

    def _required(self, via: str | None) -> frozenset[str]:
        required = frozenset(via.split("/")) if via else frozenset()
        known = {r.name for r in self.model.relationships}
        for name in required - known:
            raise UnknownName("relationship", name, sorted(known))
        return required

    def _shortest(
        self, start: str, end: str, required: frozenset[str], fans: Literal["no", "first", "any"]
    ) -> list[Path]:
        if start == end and not required:
            return [()]
        layer: list[tuple[Path, int]] = [((), 0)]
        seen: set[tuple[str, int, frozenset[str]]] = set()
        while layer:
            states: set[tuple[str, int, frozenset[str]]] = set()
            grown: list[tuple[Path, int]] = []
            for path, phase in layer:
                at = path[-1].end if path else start
                for hop in self._hops[at]:
                    turn = phase if hop.single else 1
                    if hop.single and phase == 1:
                        turn = 2
                    climbed = fans == "first" and phase == 0 and bool(path)
                    if (not hop.single and (phase == 2 or fans == "no" or climbed)) or _doubles_back(path, hop):
                        continue
                    met = required & {h.relationship.name for h in (*path, hop)}
                    state = (hop.end, turn, met)
                    if state not in seen:
                        states.add(state)
                        grown.append(((*path, hop), turn))
            seen |= states
            found = [path for path, _ in grown if path[-1].end == end and _meets(path, required)]
            if found:
                return found
            layer = grown[:_ROUTES]
        return []


def _climbs(path: Path) -> int:
    """How far up a path goes before it fans out: how much its ends have in common only by chance."""
    return next((n for n, hop in enumerate(path) if not hop.single), len(path))


def _doubles_back(path: Path, hop: Hop) -> bool:
    return bool(path) and path[-1].relationship is hop.relationship and path[-1].up != hop.up


def _meets(path: Path, required: frozenset[str]) -> bool:
    return required <= {hop.relationship.name for hop in path}


def _ambiguous(start: str, end: str, routes: list[Path]) -> CannotCompile:
    names = [[hop.relationship.name for hop in route] for route in routes]
    common = set(names[0]).intersection(*names[1:])
    choices = tuple(dict.fromkeys(next((n for n in route if n not in common), route[-1]) for route in names))
    ways = "; ".join(" then ".join(route) for route in names[:4])
    return CannotCompile(
        "ambiguous_path",
        f"From {start} there are {len(routes)} ways to {end} ({ways}). Say which one, as {end}@{choices[0]}.",
        choices,
        end,
    )


def simplified(path: Path) -> Path:
    """Without steps down to a related row and straight back up to the row it belongs to: the same row."""
    for i, (first, second) in enumerate(pairwise(path)):
        if first.relationship is second.relationship and not first.up and second.up:
            return simplified(path[:i] + path[i + 2 :])
    return path


def graph_of(model: SemanticModel) -> JoinGraph:
    """The model's join graph, made once and kept with the model, as its cached properties are."""
    graph = model.__dict__.get("_join_graph")
    if graph is None:
        graph = model.__dict__["_join_graph"] = JoinGraph(model)
    return graph
