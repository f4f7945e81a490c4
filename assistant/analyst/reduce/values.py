"""Rules of conditions on stored values, on texts and on what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.items import Item
from assistant.analyst.reduce.reads import Cond, merged, value_condition
from assistant.analyst.schema import Schema
from knowledge.request import All as AllOf
from knowledge.request import Any as AnyOf
from knowledge.request import Compare, Condition

_FROM = {"from", "origin", "departure", "source", "start", "sender"}


_TO = {"to", "destination", "arrival", "target", "end", "receiver", "recipient"}


_HAVING = LISTS["having"]


_LACKING = LISTS["lacking"]


def equals_number(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "household 718", "store 367", "year 2003": a key or number field beside a number."""
    noun, numbers = parts[0], [p for p in parts if p.code == "n"]
    if any(n.data.percent or n.data.money for n in numbers):
        return None
    reference = schema.key(noun.data) if noun.code == "d" else noun.data
    if reference is None:
        return None
    field = schema.field(reference)
    values = [n.data.value for n in numbers]
    typed: list[Any]
    if field.type in ("integer", "number"):
        typed = [int(v) if v == int(v) else v for v in values]
    elif field.type == "text" and field.role in ("key", "foreign_key", "code", "category", "name"):
        typed = [n.text for n in numbers]
    else:
        return None
    said = " and ".join(n.text for n in numbers)
    sides = tuple((f"{noun.text} {n.text}", (value,)) for n, value in zip(numbers, typed, strict=True))
    condition = value_condition(reference, typed, False)
    both = any("both" in p.before.split() for p in parts)
    made = Cond(((reference, condition),), values=len(typed), sides=sides, text=f"{noun.text} {said}", both=both)
    return [merged(parts, "C", replace(made, split=any(p.code == "V" for p in parts)))]


def values(parts: list[Item], schema: Schema) -> list[Item] | None:
    """One or several stored values, perhaps with the name of their field beside them, perhaps negated."""
    found = [p for p in parts if p.code == "v"]
    if parts[0].code == "f" and re.match(r"(to|over|versus)( the)?$", found[0].before):
        return None  # "the national brand to private sales": the field beside it is another value's
    negated = any(p.code == "z" for p in parts)
    named = [p for p in parts if p.code == "f"]
    split = any(p.code == "V" for p in parts)
    options: list[tuple[str | None, Condition]] = []
    fields: dict[str, list[list[Any]]] = {}
    for n, part in enumerate(found):
        for mention in part.data:
            fields.setdefault(mention.field, [[] for _ in found])[n].append(mention)
    whole = {f: ms for f, ms in fields.items() if all(ms)}
    if not whole:
        if len(found) > 1:
            return None
        if named and not schema.is_number(named[0].data):
            condition = Compare(field=named[0].data, op="!=" if negated else "=", value=found[0].text)
            return [merged(parts, "C", Cond(((named[0].data, condition),), negated, 1, text=found[0].text))]
        if len(found) == 1 and not found[0].data:
            return None

    def rank(reference: str) -> tuple[float, float, int]:
        said = 1.0 if any(_same_field(reference, p, schema) for p in named) else 0.0
        said += 0.5 * any(_on_the_way(p.before, schema.noun_of(reference)) for p in found)
        surety = sum(max(m.score for m in ms) for ms in whole[reference]) / len(found)
        return said, round(surety, 1), -(schema.field(reference).distinct or 0)

    references = sorted(whole, key=rank, reverse=True)
    if named and references and not any(_same_field(references[0], p, schema) for p in named):
        return None  # the field beside it is not this value's: leave both as they are
    for reference in references:
        sides = [_stored(ms) for ms in whole[reference]]
        stored = list(dict.fromkeys(v for values in sides for v in values))
        options.append((reference, value_condition(reference, stored, negated)))
    if not options:
        return None
    fuzzy = all(m.kind == "fuzzy" for p in found for m in p.data)
    said = tuple((p.text, tuple(_stored(whole[references[0]][n]))) for n, p in enumerate(found))
    text = " and ".join(p.text for p in found)
    both = any("both" in p.before.split() for p in parts)
    made = Cond(tuple(options), negated, len(found), said, split, text, fuzzy, both)
    return [merged(parts, "C", made)]


def _on_the_way(before: str, words: frozenset[str]) -> bool:
    """ "from LAX" is said of where something comes from."""
    last = before.split()[-1] if before else ""
    return (last == "from" and bool(words & _FROM)) or (last in ("to", "into") and bool(words & _TO))


def _stored(mentions: list[Any]) -> list[Any]:
    """The stored values that a mention most likely means."""
    best = max(m.score for m in mentions)
    return list(dict.fromkeys(m.value for m in mentions if m.score >= best - 0.02))


def _same_field(reference: str, item: Item, schema: Schema) -> bool:
    return reference == item.data or any(o.target == reference and o.score >= 0.8 * item.score for o in item.options)


def either_of(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "the domain A and the domain B", "in Texas or in Ohio": values of one field."""
    first, second = (p for p in parts if p.code == "C")
    nouns = [p for p in parts if p.code in "fd"]
    left, right = first.data, second.data
    split = any(p.code == "V" for p in parts) or left.split or right.split
    if left.negated or right.negated or (nouns and len({str(p.data) for p in nouns}) > 1):
        return None
    made = []
    for reference, condition in left.options:
        other = next((c for r, c in right.options if r == reference), None)
        if reference and isinstance(condition, Compare) and isinstance(other, Compare):
            if not {condition.op, other.op} <= {"=", "in"}:
                continue
            stored = [v for c in (condition, other) for v in (c.value if isinstance(c.value, list) else [c.value])]
            made.append((reference, value_condition(reference, list(dict.fromkeys(stored)), False)))
    if not made:
        return None
    both = any("both" in p.before.split() for p in parts)
    cond = replace(
        left, options=tuple(made), values=(left.values or 1) + (right.values or 1),
        sides=(*_sides(left, made[0][0]), *_sides(right, made[0][0])),
        text=f"{left.text} and {right.text}", both=both, split=split,
    )  # fmt: skip
    return [*([parts[0]] if parts[0].code in "fd" else []), merged([first, second], "C", cond)]


def _sides(cond: Cond, reference: str) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """What is compared: the values that it names, else all that it says ("no kids")."""
    condition = next((c for r, c in cond.options if r == reference), None)
    if cond.sides or not isinstance(condition, Compare) or condition.op not in ("=", "in"):
        return cond.sides
    stored = condition.value if isinstance(condition.value, list) else [condition.value]
    return ((cond.text, tuple(stored)),)


def text_condition(parts: list[Item], schema: Schema) -> list[Item] | None:
    mark = next(p for p in parts if p.code == "p")
    noun = parts[0] if parts[0].code in "fd" else None
    word = parts[-1]
    reference = noun.data if noun is not None and noun.code == "f" else None
    if noun is not None and noun.code == "d":
        name = schema.model.dataset(noun.data).name_field
        reference = f"{noun.data}.{name}" if name else None
    if reference is None or schema.is_number(reference):
        return None
    negated = any(p.code == "z" for p in parts)
    op: Any = "not_contains" if negated and mark.data == "contains" else mark.data
    said = word.text.strip("\"'“”‘’")
    made = [merged(parts, "C", Cond(((reference, Compare(field=reference, op=op, value=said)),), negated, text=said))]
    return [noun, *made] if noun is not None and noun.code == "d" else made


def either_text(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "whose name starts with J or ends with ez": either of two texts in one field."""
    first: Cond = parts[0].data
    reference, left = first.options[0]
    if not isinstance(left, Compare) or left.op not in ("starts_with", "ends_with", "contains", "like"):
        return None
    mark = next(p for p in parts if p.code == "p")
    right = Compare(field=str(reference), op=mark.data, value=parts[-1].text)
    either = AnyOf(of=[left, right])
    text = f"{first.text} or {parts[-1].text}"
    return [merged(parts, "C", replace(first, options=((reference, either),), text=text))]


def so_many(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "courses worth 5 credits": how many, not which course."""
    thing, number, noun = parts
    field = schema.field(str(noun.data))
    counts = field.type == "integer" and schema.is_number(str(noun.data)) and noun.text.lower().endswith("s")
    if not counts or noun.before or not schema.belongs_to(str(thing.data), schema.owner(str(noun.data))):
        return None
    made = Compare(field=str(noun.data), op="=", value=number.data.value)
    said = merged(parts[1:], "C", Cond(((str(noun.data), made),), values=1, text=f"{number.text} {noun.text}"))
    return [thing, said]


def with_number(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "households with 2 kids", where that is a text or a small number of theirs: just so many."""
    field, number = parts[-1], parts[-2]
    if not re.search(r"\b(with|have|having|had|has)\b", parts[0].text):
        return None
    held = schema.field(str(field.data))
    value = number.data.value
    said = str(int(value)) if value == int(value) else str(value)
    if held.type == "text" and said in {str(s) for s in held.samples}:
        condition: Condition = Compare(field=str(field.data), op="=", value=said)
    elif held.type == "integer" and held.role not in ("measure", "key", "foreign_key") and not number.data.money:
        condition = Compare(field=str(field.data), op="=", value=int(value))
    else:
        return None
    text = f"{number.text} {field.text}"
    return [merged(parts, "C", Cond(((str(field.data), condition),), values=1, text=text))]


def is_missing(parts: list[Item], schema: Schema) -> list[Item] | None:
    noun = next(p for p in parts if p.code == "f")
    negated = any(p.code == "z" for p in parts)
    condition: Condition = Compare(field=noun.data, op="not_null" if negated else "is_null")
    stored: list[Any] = [s for s in schema.field(str(noun.data)).samples if str(s).strip().lower() in _UNKNOWN]
    if stored and negated:
        condition = AllOf(of=[condition, Compare(field=noun.data, op="not_in", value=stored)])
    elif stored:
        condition = AnyOf(of=[condition, Compare(field=noun.data, op="in", value=stored)])
    return [merged(parts, "C", Cond(((noun.data, condition),), text=noun.text))]


_UNKNOWN = LISTS["unknown"]
"""Values that say that nothing is known."""


def has_some(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "flights with stops", "households without kids": whether there are any."""
    mark, noun = parts[0], parts[-1]
    whose = re.search(r"\b(their|its|the|his|her|a|an)\b", noun.before)
    any_of_it = schema.has_any(str(noun.data)) if re.search(r"\b(an?|any)$", noun.before) else None
    if any_of_it is not None and mark.text in _HAVING:  # "baskets that have a discount"
        return [merged(parts, "C", Cond(((noun.data, any_of_it),), False, text=f"{mark.text} {noun.text}"))]
    lacked = mark.code == "z" and schema.field(str(noun.data)).role == "foreign_key"
    lacked = lacked and not re.search(r"\b(their|its|the|his|her)\b", noun.before)  # "without a mentor"
    refers = schema.field(noun.data).role == "foreign_key" and re.search(r"\b(an?|any)$", noun.before)
    own = schema.field(noun.data).type == "text" and re.search(r"\b(an?|any)$", noun.before)  # "have an email"
    if (
        (whose and not lacked and not refers and not own)
        or (mark.code == "h" and mark.text not in _HAVING)
        or (mark.code == "z" and mark.text not in _LACKING)
    ):
        return None
    condition = schema.has_some(noun.data, plural=noun.text.lower().endswith("s"))
    if mark.text.endswith("are") and not schema.is_flag(noun.data):
        return None
    if condition is None:
        return None
    negated = mark.code == "z"
    if negated and isinstance(condition, Compare) and condition.op in ("!=", "not_null"):
        undone = condition.model_copy(update={"op": "=" if condition.op == "!=" else "is_null"})
        return [merged(parts, "C", Cond(((noun.data, undone),), text=f"{mark.text} {noun.text}"))]
    return [merged(parts, "C", Cond(((noun.data, condition),), negated, text=f"{mark.text} {noun.text}"))]


def contains_value(parts: list[Item], schema: Schema) -> list[Item] | None:
    """ "baskets that contain beer": beer is a stored value, not a piece of text."""
    return [parts[-1]]
