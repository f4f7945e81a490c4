"""Questions about figures: counts, totals, means, by group and by time, ranked, compared, as shares."""

from __future__ import annotations

from evals.generate.draw import Drawer, Drawn
from knowledge.request import (
    Aggregate,
    Arithmetic,
    Compare,
    Exists,
    FieldColumn,
    Grain,
    MeasureColumn,
    Order,
    Request,
)


def count(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    where, said = draw.where(thing, 0.8)
    request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset=thing))], where=where)
    return Drawn("count", [request], {"thing": ("thing", thing)}, said, counts=True)


def figure(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    figure = draw.figure(thing)
    if figure is None or figure.agg == "count":
        return None
    where, said = draw.where(thing)
    slots = {"thing": ("thing", thing), "figure": ("figure", figure)}
    return Drawn("figure", [Request(columns=[MeasureColumn(measure=figure)], where=where)], slots, said)


def by_group(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    figure, group = draw.figure(thing), draw.group(thing)
    if figure is None or group is None:
        return None
    where, said = draw.where(thing, 0.35)
    slots = {"figure": ("figure", figure), "group": ("group", group), "thing": ("thing", thing)}
    return Drawn("by_group", draw.grouped(group, [figure], where), slots, said)


def by_time(draw: Drawer) -> Drawn | None:
    thing = draw.one([t for t in draw.things if draw.model.dataset(t).default_time])
    figure = draw.figure(thing) if thing else None
    if thing is None or figure is None:
        return None
    time = f"{thing}.{draw.model.dataset(thing).default_time}"
    grain: Grain = draw.chosen.choice(["year", "quarter", "month", "month", "week", "day"])
    where, said = draw.where(thing, 0.35)
    column = FieldColumn(field=time, grain=grain)
    known = Compare(field=time, op="not_null")
    requests = [Request(columns=[column, MeasureColumn(measure=figure)], where=w) for w in ([*where, known], where)]
    slots = {"figure": ("figure", figure), "grain": ("text", grain), "thing": ("thing", thing)}
    return Drawn("by_time", requests, slots, said)


def _ranking(draw: Drawer, kind: str, *, n: int) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    figure, group = draw.figure(thing), draw.group(thing)
    if figure is None or group is None or (figure.agg == "count") != (kind == "most_things"):
        return None
    descending = draw.chosen.random() < 0.75
    where, said = draw.where(thing, 0.3)
    order = [Order(by=figure, descending=descending)]
    requests = draw.grouped(group, [figure], where, order=order, limit=n)
    slots: dict[str, tuple[str, object]] = {
        "figure": ("figure", figure), "group": ("group", group), "thing": ("thing", thing), "n": ("text", str(n)),
        "most": ("degree", "high" if descending else "low"), "many": ("degree", "many" if descending else "few"),
        "topmost": ("degree", "top" if descending else "bottom"),
    }  # fmt: skip
    return Drawn(kind, requests, slots, said)


def top(draw: Drawer) -> Drawn | None:
    return _ranking(draw, "top", n=draw.chosen.choice([2, 3, 5]))


def extreme(draw: Drawer) -> Drawn | None:
    return _ranking(draw, "extreme", n=1)


def most_things(draw: Drawer) -> Drawn | None:
    return _ranking(draw, "most_things", n=1)


def share(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    found = draw.conditions.of(thing, timed=False)
    if found is None:
        return None
    count = Aggregate(agg="count", dataset=thing)
    part = count.model_copy(update={"where": [found.condition]})
    share = Arithmetic(op="percent", left=part, right=count)
    request = Request(columns=[MeasureColumn(measure=share)])
    return Drawn("share", [request], {"thing": ("thing", thing)}, (found,), counts=True)


def compare(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    figure, group = draw.figure(thing), draw.one(draw.groups(thing))
    values = draw.conditions.values_of(group) if group else []
    if figure is None or group is None or len(values) < 2:
        return None
    a, b = draw.chosen.sample(values, 2)
    sides = [figure.model_copy(update={"where": [Compare(field=group, op="=", value=v)]}) for v in (a, b)]
    beside = Request(columns=[MeasureColumn(measure=s) for s in sides])
    below = Request(
        columns=[FieldColumn(field=group), MeasureColumn(measure=figure)],
        where=[Compare(field=group, op="in", value=[a, b])],
    )
    slots = {"figure": ("figure", figure), "a": ("text", str(a)), "b": ("text", str(b))}
    return Drawn("compare", [beside, below], slots, counts=figure.agg == "count")


def several(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    first, second, group = draw.figure(thing), draw.figure(thing), draw.group(thing)
    if first is None or second is None or first == second or group is None:
        return None
    where, said = draw.where(thing, 0.35)
    slots: dict[str, tuple[str, object]] = {
        "figure": ("figure", first), "figure2": ("figure", second), "group": ("group", group),
        "thing": ("thing", thing),
    }  # fmt: skip
    return Drawn("several", draw.grouped(group, [first, second], where), slots, said)


def per_parent(draw: Drawer) -> Drawn | None:
    pair = draw.related()
    if pair is None:
        return None
    thing, child = pair
    children = Aggregate(agg="count", dataset=child)
    some = Aggregate(agg="count", dataset=thing, where=[Exists(dataset=child)])
    every = Aggregate(agg="count", dataset=thing)
    requests = [
        Request(columns=[MeasureColumn(measure=Arithmetic(op="/", left=children, right=right))])
        for right in (some, every)
    ]
    return Drawn("per_parent", requests, {"thing": ("thing", thing), "child": ("thing", child)})


def count_distinct(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    group = draw.one(draw.groups(thing))
    if group is None:
        return None
    where, said = draw.where(thing, 0.35)
    request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count_distinct", of=group))], where=where)
    return Drawn("count_distinct", [request], {"thing": ("thing", thing), "fields": ("plural", group)}, said)


def latest(draw: Drawer) -> Drawn | None:
    thing = draw.one([t for t in draw.things if draw.model.dataset(t).default_time])
    if thing is None:
        return None
    time = f"{thing}.{draw.model.dataset(thing).default_time}"
    last = draw.chosen.random() < 0.7
    where, said = draw.where(thing, 0.35, timed=False)
    end = Aggregate(agg="max" if last else "min", of=time)
    slots = {"thing": ("thing", thing), "last": ("degree", "last" if last else "first")}
    return Drawn("latest", [Request(columns=[MeasureColumn(measure=end)], where=where)], slots, said)


KINDS = (
    count, figure, by_group, by_time, top, extreme, most_things, share, compare, several, per_parent, count_distinct,
    latest,
)  # fmt: skip
