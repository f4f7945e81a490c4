"""Questions about rows: lists, look-ups, what has something and what has none, the best of each group."""

from __future__ import annotations

from evals.generate.draw import Drawer, Drawn
from knowledge.request import (
    Aggregate,
    Compare,
    Exists,
    FieldColumn,
    Having,
    MeasureColumn,
    Order,
    Request,
    SubResult,
)


def listed(draw: Drawer) -> Drawn | None:
    thing = draw.one(draw.named(draw.things))
    if thing is None:
        return None
    where, said = draw.where(thing, 0.9)
    name = FieldColumn(field=str(draw.name(thing)))
    request = Request(columns=[name], dataset=thing, where=where)
    return Drawn("list", [request], {"thing": ("thing", thing)}, said) if said else None


def list_fields(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    fields = draw.fields(thing, lambda f: f.role not in ("key", "foreign_key", "code", "text") and not f.stored)
    if len(fields) < 2:
        return None
    shown = draw.chosen.sample(fields, draw.chosen.choice([2, 2, 3]) if len(fields) > 2 else 2)
    where, said = draw.where(thing, 0.7)
    request = Request(columns=[FieldColumn(field=f) for f in shown], dataset=thing, where=where)
    same = request.model_copy(update={"distinct": True})
    slots = {"thing": ("thing", thing), "fields": ("fields", tuple(shown))}
    return Drawn("list_fields", [request, same], slots, said)


def lookup(draw: Drawer) -> Drawn | None:
    thing = draw.one(draw.named(draw.things))
    fields = draw.fields(thing, lambda f: f.role not in ("key", "foreign_key", "code", "name")) if thing else []
    name = draw.conditions.name_of(thing) if thing else None
    if thing is None or not fields or name is None:
        return None
    field = draw.chosen.choice(fields)
    request = Request(
        columns=[FieldColumn(field=field)],
        dataset=thing,
        where=[Compare(field=str(draw.name(thing)), op="=", value=name)],
    )
    slots = {"thing": ("thing", thing), "field": ("field", field), "name": ("text", name)}
    return Drawn("lookup", [request], slots)


def _existence(draw: Drawer, kind: str, *, negated: bool) -> Drawn | None:
    pair = draw.related()
    if pair is None:
        return None
    thing, child = pair
    where, said = ([], ()) if negated else draw.where(child, 0.5)
    if any(s.parent == thing for s in said):
        return None
    there = Exists(dataset=child, negated=negated, where=where)
    if kind.startswith("count"):
        request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset=thing))], where=[there])
    else:
        request = Request(columns=[FieldColumn(field=str(draw.name(thing)))], dataset=thing, where=[there])
    slots = {"thing": ("thing", thing), "child": ("thing", child)}
    return Drawn(kind, [request], slots, said, counts=kind.startswith("count"))


def absent(draw: Drawer) -> Drawn | None:
    return _existence(draw, "absent", negated=True)


def present(draw: Drawer) -> Drawn | None:
    return _existence(draw, "present", negated=False)


def count_absent(draw: Drawer) -> Drawn | None:
    return _existence(draw, "count_absent", negated=True)


def having(draw: Drawer) -> Drawn | None:
    pair = draw.related()
    if pair is None:
        return None
    thing, child = pair
    count, name = Aggregate(agg="count", dataset=child), FieldColumn(field=str(draw.name(thing)))
    n = draw.chosen.choice([1, 2, 3, 5, 10, 20, 50])
    above = [Having(measure=count, op=">", value=float(n))]
    request = Request(columns=[name, MeasureColumn(measure=count)], having=above)
    only = request.model_copy(update={"columns": [name]})
    slots = {"thing": ("thing", thing), "child": ("thing", child), "n": ("text", str(n))}
    return Drawn("having", [only], slots)


def above_average(draw: Drawer) -> Drawn | None:
    thing = draw.one([t for t in draw.named(draw.things) if draw.numbers(t)])
    if thing is None:
        return None
    number = draw.chosen.choice(draw.numbers(thing))
    mean = SubResult(request=Request(columns=[MeasureColumn(measure=Aggregate(agg="avg", of=number))]))
    request = Request(
        columns=[FieldColumn(field=str(draw.name(thing)))],
        dataset=thing,
        where=[Compare(field=number, op=">", value=mean)],
    )
    return Drawn("above_average", [request], {"thing": ("thing", thing), "field": ("field", number)})


def distinct(draw: Drawer) -> Drawn | None:
    thing = draw.chosen.choice(draw.things)
    group = draw.one(draw.groups(thing))
    if group is None:
        return None
    where, said = draw.where(thing, 0.35)
    known = [*where, Compare(field=group, op="not_null")]
    made = [Request(columns=[FieldColumn(field=group)], dataset=thing, where=w, distinct=True) for w in (known, where)]
    return Drawn("distinct", made, {"thing": ("thing", thing), "fields": ("plural", group)}, said)


def ranked(draw: Drawer) -> Drawn | None:
    thing = draw.one([t for t in draw.named(draw.things) if draw.numbers(t)])
    if thing is None:
        return None
    number = draw.chosen.choice(draw.numbers(thing))
    where, said = draw.where(thing, 0.35)
    down = draw.chosen.random() < 0.6
    request = Request(
        columns=[FieldColumn(field=str(draw.name(thing))), FieldColumn(field=number)],
        dataset=thing,
        where=[*where, Compare(field=number, op="not_null")],
        order=[Order(by=FieldColumn(field=number), descending=down)],
    )
    whole = request.model_copy(update={"where": where})
    slots: dict[str, tuple[str, object]] = {
        "thing": ("thing", thing), "field": ("field", number), "high": ("degree", "high" if down else "low"),
        "low": ("degree", "low" if down else "high"), "order": ("text", "descending" if down else "ascending"),
    }  # fmt: skip
    return Drawn("ranked", [request, whole], slots, said, ordered=True)


def each_top(draw: Drawer) -> Drawn | None:
    thing = draw.one([t for t in draw.named(draw.things) if draw.numbers(t) and draw.group(t)])
    group = draw.group(thing) if thing else None
    if thing is None or group is None:
        return None
    number, down = draw.chosen.choice(draw.numbers(thing)), draw.chosen.random() < 0.75
    request = Request(
        columns=[FieldColumn(field=group), FieldColumn(field=str(draw.name(thing))), FieldColumn(field=number)],
        dataset=thing,
        where=[Compare(field=f, op="not_null") for f in (group, number)],
        order=[Order(by=FieldColumn(field=number), descending=down)],
        limit=1,
        limit_per=[group],
    )
    slots: dict[str, tuple[str, object]] = {
        "thing": ("thing", thing), "group": ("group", group), "field": ("field", number),
        "most": ("degree", "high" if down else "low"), "topmost": ("degree", "top" if down else "bottom"),
    }  # fmt: skip
    return Drawn("each_top", [request], slots)


def unknown(draw: Drawer) -> Drawn | None:
    """A question about what the data does not have."""
    thing = draw.chosen.choice(draw.things)
    fields = draw.groups(thing)
    slots = {"thing": ("thing", thing), "field": ("field", draw.one(fields) or thing), "odd": ("odd", None)}
    return Drawn("unknown", [], slots) if fields else None


KINDS = (
    listed, list_fields, lookup, absent, present, count_absent, having, above_average, distinct, ranked, each_top,
    unknown,
)  # fmt: skip
