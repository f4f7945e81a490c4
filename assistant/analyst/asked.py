"""What a Request asks for, laid open: its parts, and the names, values and numbers in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Calc,
    Compare,
    FieldColumn,
    InPart,
    InWindow,
    MetricRef,
    Request,
    Window,
)

_NUMBERS = ("value", "limit", "offset", "at_least", "times", "window", "values", "bin")


class Asked:
    """`nodes`: the request and everything in it, outermost first."""

    def __init__(self, request: Request, schema: Schema):
        self.request, self.schema = request, schema
        self.nodes = list(_nodes(request))
        found = (n for n in self.nodes if isinstance(n, Aggregate | MetricRef))
        self.measures = list({n.model_dump_json(): n for n in found}.values())  # those ordered by are columns, too
        self.metrics = {n.metric for n in self.nodes if isinstance(n, MetricRef)}
        metrics = [schema.model.metric(name) for name in self.metrics]
        self.fields = {field for n in self.nodes for field in fields_of(n)}
        if self.measures:
            self.fields |= {f for pair in schema.model.conformed if self.fields & set(pair) for f in pair}
        self.fields |= {summed for m in metrics if (summed := schema.summed_by(m))}
        self.datasets = {f.partition(".")[0] for f in self.fields if "." in f}
        self.datasets |= {d for n in self.nodes if (d := vars(n).get("dataset"))}
        self.datasets |= {d for m in metrics for d in schema.metric_datasets(m)}
        self.scalars = {str(s).lower() for n in self.nodes for s in _scalars_of(n)}

    def has(self, *kinds: type) -> bool:
        return any(isinstance(n, kinds) for n in self.nodes)


def fields_of(node: BaseModel) -> Iterator[str]:
    """The fields that this part names itself, whatever way leads to them: "airports@origin.city" is "airports.city"."""
    if isinstance(node, FieldColumn | Compare | InWindow | InPart):
        told: list[Any] = [node.field, getattr(node, "field_value", None)]
    elif isinstance(node, Aggregate):
        told = [node.of]
    elif isinstance(node, Calc):
        told = list(node.args)
    else:
        return
    for one in told:
        if isinstance(one, str):
            owner, _, name = one.partition(".")
            yield f"{owner.partition('@')[0]}.{name}"
        elif isinstance(one, Calc):
            yield from fields_of(one)


def _nodes(value: Any) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for part in value.__dict__.values():
            if isinstance(part, BaseModel | list):
                yield from _nodes(part)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, BaseModel | list):
                yield from _nodes(part)


def _scalars_of(node: BaseModel) -> Iterator[Any]:
    held = vars(node)
    for name in _NUMBERS:
        value = held.get(name)
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, int | float) and not isinstance(one, bool):
                yield float(one)
            elif isinstance(one, bool | str | date):
                yield one
    if isinstance(node, Window) and node.start is not None:
        yield float(node.start.year)
