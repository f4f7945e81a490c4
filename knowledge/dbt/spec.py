"""What the two specs of dbt's semantic layer say, in one form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from knowledge.osi.nodes import BadModel, Node


@dataclass(frozen=True)
class Entity:
    name: str
    type: str
    """primary, foreign, unique or natural"""
    expr: str
    label: str = ""
    description: str = ""


@dataclass(frozen=True)
class Dimension:
    name: str
    type: str
    """categorical or time"""
    expr: str
    label: str = ""
    description: str = ""
    grain: str = ""
    validity: bool = False
    """It bounds the time in which a row of a slowly changing dimension holds."""


@dataclass(frozen=True)
class Measure:
    """An aggregate: a legacy measure, or what a simple metric of the latest spec computes."""

    name: str
    agg: str
    expr: str
    description: str = ""
    label: str = ""
    percentile: float | None = None
    discrete: bool = False
    time: str = ""
    level_over: dict[str, Any] = field(default_factory=dict)
    """`non_additive_dimension`"""
    is_metric: bool = False


@dataclass(frozen=True)
class Semantic:
    """A semantic model: a table, its keys, and what it can be grouped by."""

    name: str
    table: str
    entities: tuple[Entity, ...]
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    time: str = ""
    primary_entity: str = ""
    label: str = ""
    description: str = ""
    place: str = ""
    types: dict[str, str] = field(default_factory=dict)
    """`data_type` of the columns that say it."""


@dataclass(frozen=True)
class Input:
    """A metric or measure that a metric is made of."""

    name: str
    alias: str = ""
    filters: tuple[str, ...] = ()
    offset: str = ""
    fill: float | None = None


@dataclass(frozen=True)
class MetricSpec:
    name: str
    type: str
    inputs: tuple[Input, ...]
    """simple and cumulative: one; ratio: numerator and denominator; derived: those of `expr`."""
    expr: str = ""
    filters: tuple[str, ...] = ()
    label: str = ""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    window: str = ""
    place: str = ""


def semantics(top: Node) -> Iterator[Semantic]:
    """The semantic models of a file, of either spec."""
    for node in top.nodes("semantic_models"):
        yield _legacy(node)
    for node in top.nodes("models"):
        switch = node.content.get("semantic_model")
        if switch and not (isinstance(switch, dict) and switch.get("enabled") is False):
            yield _latest(node, switch if isinstance(switch, dict) else {})


def metrics(top: Node) -> Iterator[MetricSpec]:
    """The metrics of a file, of either spec."""
    for node in top.nodes("metrics"):
        yield _metric(node)
    for model in top.nodes("models"):
        if model.content.get("semantic_model"):
            for node in model.nodes("metrics"):
                yield _metric(node)


def column_types(top: Node) -> dict[str, dict[str, str]]:
    """The data types of the columns that a file's models document."""
    return {
        model.text("name"): {c.text("name"): c.text("data_type") for c in model.nodes("columns") if c.has("data_type")}
        for model in top.nodes("models")
    }


# --- semantic models -------------------------------------------------------------------------------------------------


def _legacy(node: Node) -> Semantic:
    name = node.needed("name")
    defaults = Node(node.mapping("defaults"), node.at("defaults"))
    return Semantic(
        name=name, table=_table(node.needed("model")), place=node.place,
        entities=tuple(_entity(e) for e in node.nodes("entities")),
        dimensions=tuple(_dimension(d) for d in node.nodes("dimensions")),
        measures=tuple(_measure(m) for m in node.nodes("measures")),
        time=defaults.text("agg_time_dimension"), primary_entity=node.text("primary_entity"),
        label=node.text("label"), description=_prose(node),
    )  # fmt: skip


def _latest(node: Node, switch: dict[str, Any]) -> Semantic:
    name = node.needed("name")
    derived = Node(node.mapping("derived_semantics"), node.at("derived_semantics"))
    entities, dimensions, types = [], [], {}
    for column in node.nodes("columns"):
        key = column.needed("name")
        types[key] = column.text("data_type")
        if "entity" in column.content:
            entities.append(_entity(_block(column, "entity"), key))
        if "dimension" in column.content:
            dimensions.append(_dimension(_block(column, "dimension"), key, column.text("granularity")))
    return Semantic(
        name=str(switch.get("name") or name), table=_table(name), place=node.place,
        entities=(*entities, *(_entity(e) for e in derived.nodes("entities"))),
        dimensions=(*dimensions, *(_dimension(d) for d in derived.nodes("dimensions"))),
        measures=tuple(_measure(m) for m in node.nodes("metrics") if m.text("type") in ("simple", "")),
        time=node.text("agg_time_dimension"), primary_entity=node.text("primary_entity"),
        description=_prose(node), types={k: v for k, v in types.items() if v},
    )  # fmt: skip


def _block(column: Node, key: str) -> Node:
    """`entity: {type: primary, name: order}`, or in short `entity: primary`; its description is the column's."""
    said = column.content[key]
    content = dict(said) if isinstance(said, dict) else {"type": said} if isinstance(said, str) else {}
    content.setdefault("description", column.content.get("description"))
    return Node(content, column.at(key))


def _table(model: str) -> str:
    """ref('orders'), ref('package', 'orders', v=2), source('shop', 'orders') -> orders"""
    quoted = re.findall(r"'([^']*)'|\"([^\"]*)\"", model)
    return "".join(quoted[-1]) if quoted else model


def _entity(node: Node, column: str = "") -> Entity:
    name = node.text("name") or column or node.needed("name")
    kind = node.needed("type").lower()
    if kind not in ("primary", "foreign", "unique", "natural"):
        raise BadModel(node.at("type"), f"{kind!r} should be primary, foreign, unique or natural")
    return Entity(name, kind, _expr(node, column or name), node.text("label"), _prose(node))


def _dimension(node: Node, column: str = "", grain: str = "") -> Dimension:
    name = node.text("name") or column or node.needed("name")
    kind = node.text("type").lower() or "categorical"
    if kind not in ("categorical", "time"):
        raise BadModel(node.at("type"), f"{kind!r} should be categorical or time")
    params = Node(node.mapping("type_params"), node.at("type_params"))
    grain = grain or node.text("granularity") or params.text("time_granularity")
    validity = bool(node.content.get("validity_params") or params.content.get("validity_params"))
    return Dimension(name, kind, _expr(node, column or name), node.text("label"), _prose(node), grain, validity)


_AGGREGATES = (
    "sum", "min", "max", "average", "avg", "median", "count", "count_distinct", "percentile", "sum_boolean",
)  # fmt: skip


def _measure(node: Node) -> Measure:
    agg = node.needed("agg").lower()
    if agg not in _AGGREGATES:
        raise BadModel(node.at("agg"), f"{agg!r} should be one of {', '.join(_AGGREGATES)}")
    params = node.mapping("agg_params") | node.content
    said = params.get("percentile")
    share = None if said is None else float(said) / (100 if float(said) > 1 else 1)
    if agg == "percentile" and share is None:
        raise BadModel(node.at("percentile"), "it is missing: say which one, as 0.95 or 95")
    discrete = bool(params.get("use_discrete_percentile")) or params.get("percentile_type") == "discrete"
    return Measure(
        name=node.needed("name"), agg=agg, expr=_expr(node, node.needed("name")), description=_prose(node),
        label=node.text("label"), percentile=share, discrete=discrete, time=node.text("agg_time_dimension"),
        level_over=node.mapping("non_additive_dimension"), is_metric=node.content.get("create_metric") is True,
    )  # fmt: skip


def _expr(node: Node, default: str) -> str:
    said = node.content.get("expr")
    return default if said is None or said == "" else str(said).strip()


def _prose(node: Node) -> str:
    """Its description; dbt fills in `{{ doc(…) }}` from elsewhere."""
    text = node.text("description").strip()
    return "" if "{{" in text else text


# --- metrics ---------------------------------------------------------------------------------------------------------


def _metric(node: Node) -> MetricSpec:
    kind = node.text("type").lower() or "simple"
    params = Node(node.mapping("type_params"), node.at("type_params"))
    told = params if params.content else node
    own: tuple[Input, ...] = ()
    expr = ""
    if kind == "simple":
        fill = node.content.get("fill_nulls_with")
        itself = Input(node.needed("name"), fill=None if fill is None else float(fill))
        own = (_input(params, "measure"),) if params.content else (itself,)
    elif kind == "ratio":
        own = (_input(told, "numerator"), _input(told, "denominator"))
    elif kind == "derived":
        expr = told.needed("expr")
        key = "metrics" if params.content else "input_metrics"
        said = told.content.get(key) or []
        if not isinstance(said, list):
            raise BadModel(told.at(key), "it should be a list of metrics")
        own = tuple(_input(Node({"metric": m}, f"{told.at(key)}[{n}]"), "metric") for n, m in enumerate(said))
    elif kind == "cumulative":
        key = next((k for k in ("measure", "input_metric", "metric") if told.has(k)), "measure")
        own = (_input(told, key),)
    elif kind != "conversion":
        raise BadModel(node.at("type"), f"{kind!r} should be simple, ratio, derived, cumulative or conversion")
    meta = Node(node.mapping("config") | node.content).mapping("meta")
    return MetricSpec(
        name=node.needed("name"), type=kind, inputs=own, expr=expr, filters=_filters(node), label=node.text("label"),
        description=_prose(node), synonyms=Node(meta, node.at("meta")).texts("synonyms"), place=node.place,
        window=_window(told),
    )  # fmt: skip


def _window(node: Node) -> str:
    """ "1 month", "to date by month", or "" for all time: what a cumulative metric runs over."""
    told = Node(node.mapping("cumulative_type_params") | node.content)
    to_date = told.text("grain_to_date")
    return f"to date by {to_date}" if to_date else told.text("window")


def _input(node: Node, key: str) -> Input:
    said = node.content.get(key)
    if isinstance(said, str) and said:
        return Input(said)
    if not isinstance(said, dict):
        raise BadModel(node.at(key), "it is missing: name a metric or measure")
    inner = Node(said, node.at(key))
    offset = inner.text("offset_window") or inner.text("offset_to_grain")
    fill = said.get("fill_nulls_with")
    return Input(
        inner.needed("name"), inner.text("alias"), _filters(inner), offset, None if fill is None else float(fill)
    )


def _filters(node: Node) -> tuple[str, ...]:
    said = node.content.get("filter")
    if isinstance(said, dict):
        return tuple(str(f.get("where_sql_template", f)) for f in said.get("where_filters", []))
    return tuple(str(f) for f in said) if isinstance(said, list) else ((str(said),) if said else ())
