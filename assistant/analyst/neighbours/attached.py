"""Words for what something belongs to, where it may belong to nothing: "how many patients are insured"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Compare


def attached(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many patients are insured", where a patient may have an insurer: those who have one."""
    for n in range(1, len(items)):
        word, thing = items[n], items[n - 1]
        said = word.code in "jd" and word.text.lower().endswith("ed") and set(word.before.split()) & LISTS["copulas"]
        if not said or thing.code != "d" or (n + 1 < len(items) and items[n + 1].code in "wgsTyd"):
            continue
        other = str(word.dataset or word.data)
        key = _may_lack(str(thing.data), other, schema)
        if key is None:
            continue
        there = Cond(((key, Compare(field=key, op="not_null")),), text=word.text)
        return [*items[:n], replace(word, code="C", data=there, options=(), before=""), *items[n + 1 :]]
    return items


def _may_lack(thing: str, other: str, schema: Schema) -> str | None:
    """The field by which a thing belongs to another, where it is the only one and some belong to none."""
    ways = [r for r in schema.model.relationships if r.many == thing and r.one == other]
    fields = [f"{thing}.{f}" for r in ways for f in r.many_fields]
    return fields[0] if len(fields) == 1 and schema.field(fields[0]).nulls > 0 else None
