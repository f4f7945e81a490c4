"""Relative clauses: what the things asked about must have or lack, with the conditions of that.

"authors who have written *publications in the domain X*": the condition is on the publications, not on the authors.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.english import LISTS
from assistant.analyst.filters import Related, event_of, positive
from assistant.analyst.items import Item, codes
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.roles import Parts, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, Window
from knowledge.words import lemma

IS_NOT = re.compile(r"(?:is|are|was|were) not|(?:is|are|was|were)n't|not")
_CLAUSE = re.compile(r"(?P<link>(?:[qhzj]+[O&u]*)+)C*(?P<noun>d)(?P<rest>(?:[qhjOu]*[Cw])*)")
"""A link ("who have", "without", "written by"), perhaps a condition before the noun, the noun, and what is said of it.
"""


def relate(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """Note the things that the subject must have or lack; the items used are taken."""
    subject = subject_dataset(parts, schema) or next(
        (i.data.counted for i in items if i.code == "M" and i.data.counted), None
    )
    if subject is None or parts.top:
        return
    row = codes(items)
    end = row.find(";") if ";" in row else len(row)
    _did(items, row[:end], subject, parts, taken, schema)
    for match in _CLAUSE.finditer(row[:end]):
        at = match.start("noun")
        noun = items[at]
        if at in taken or match.start() == 0 or (row[match.start()] == "q" and match.start() == 0):
            continue
        target = str(noun.data)
        what_they_are = (
            noun.before in ("a", "an") and items[at - 1].code == "z" and IS_NOT.fullmatch(items[at - 1].text)
        )
        if what_they_are and any(schema.alternatives(d, target) for d in _things(items[:at])):
            taken.update((at - 1, at))  # "each user that is not a merchant": as users are
            continue
        if target != subject and (told := _tied_to(match, items, subject, target, schema)) is not None:
            parts.filters.plain.append(told)
            taken.add(at)
            continue
        if target == subject or not _reaches(subject, target, schema):
            continue
        if what_they_are:
            continue  # "users that are not a merchant": what they are, not what they have
        negated = any(items[n].code == "z" for n in range(match.start("link"), match.end("link")))
        own = [n for n in range(match.end("link"), match.end()) if items[n].code in "Cw"]
        conditions = [n for n in own if items[n].code == "C" and _seen_from(target, items[n].data, schema)]
        window = next((n for n in own if items[n].code == "w"), None)
        related = Related(target, negated)
        lacked = [n for n in conditions if n < at and _lacks(items[n])]
        for n in conditions:
            if n not in lacked:
                related.conditions.append(_owned(items[n].data, target, schema))
            _forget(items[n].data, parts)
        for n in lacked:  # "who do not have a cat as a pet": not those with pets of other kinds
            cond = _owned(items[n].data, target, schema)
            there = replace(cond, negated=False, options=tuple((r, positive(c)) for r, c in cond.options))
            parts.filters.related.append(Related(target, True, [there]))
        dated = schema.time_of(target) or schema.year_number(target)
        if window is not None and dated and items[window].data.window in parts.windows:
            related.window = items[window].data.window
            parts.windows.remove(items[window].data.window)
            if other := _another_time(items, window + 1, parts):
                parts.filters.related.append(Related(target, other[1], window=other[0]))
        if not lacked or related.conditions or related.window:
            parts.filters.related.append(related)
        taken.add(at)
        taken.update(n for n in range(match.start("link"), match.end("link")) if items[n].code == "z")


def _things(items: list[Item]) -> set[str]:
    """The datasets that are asked about or grouped by."""
    found = {str(i.data) for i in items if i.code == "d"}
    return found | {str(g.target) for i in items if i.code == "B" for g in i.data if g.kind == "dataset"}


_DEED = re.compile(r"(?P<link>(?:[qhzc][O&u]*)*)(?P<verb>j)(?![O&uC]*[dM])(?P<rest>[O]?w)?")


def _did(items: list[Item], row: str, subject: str, parts: Parts, taken: set[int], schema: Schema) -> None:
    """What the verb alone names: "customers who bought something this year", "users that never ordered"."""
    for match in _DEED.finditer(row):
        verb = items[match.start("verb")]
        event = verb.dataset
        named = any(
            o.kind == "field" and schema.is_time(o.target) and schema.owner(o.target) == subject for o in verb.options
        )
        if event is None or event == subject or named or not schema.belongs_to(event, subject):
            continue
        theirs = [
            any(r and schema.belongs_to(subject, schema.owner(r)) for r, _ in c.options)
            for c in parts.filters.conditions
            if c.options
        ]
        if not schema.is_person(subject) or not all(theirs):
            continue  # what was done has conditions of its own
        negated = any(items[n].code == "z" for n in range(match.start("link"), match.end("link")))
        related = Related(event, negated)
        at = match.end()
        if match["rest"] and (other := _another_time(items, at, parts)):
            window, lacks = other
            parts.filters.related.append(Related(event, lacks, window=window))
            taken.update(n for n in range(at, at + 3) if n < len(items) and items[n].code == "z")
        if match["rest"]:
            window = items[match.end() - 1].data.window
            if window in parts.windows and schema.time_of(event):
                related.window = window
                parts.windows.remove(window)
        elif not negated:
            continue
        parts.filters.related.append(related)
        taken.update(n for n in range(match.start("link"), match.end("link")) if items[n].code == "z")


def undone(items: list[Item], parts: Parts, schema: Schema) -> bool:
    """Whether somebody is said to have done what no row tells of: "users who paid", where nothing is a payment."""
    subject = subject_dataset(parts, schema) or next((r.counted for r in parts.measures if r.counted), None)
    if subject is None or not schema.is_person(subject):
        return False
    verb = next((n for n, i in enumerate(items) if i.code == "j" and not i.options), None)
    if verb is None or lemma(items[verb].text.lower()) not in _NEED_ROWS:
        return False
    filters = parts.filters
    tied = filters.related or filters.present or filters.absent or parts.havings or parts.top
    elsewhere = any(
        r and not schema.belongs_to(subject, schema.owner(r)) for c in filters.conditions for r, _ in c.options[:1]
    )
    others = [i for i in items if i.code in "dmfM" and subject not in (i.dataset, i.data, _counted(i))]
    return not (tied or elsewhere or others)


def _counted(item: Item) -> str | None:
    return item.data.counted if item.code == "M" else None


_NEED_ROWS = LISTS["deeds_of_people"]


def _another_time(items: list[Item], at: int, parts: Parts) -> tuple[Window, bool] | None:
    """ "in January *but not in December*", "in both November *and December*": a second time, and whether it lacks."""
    codes_after = "".join(i.code for i in items[at : at + 3])
    match = re.match(r"&?(z?)&?(w)", codes_after)
    both = at and "both" in (items[at - 1].before + " " + items[at - 1].text).split()
    if match is None or not (match[1] or both):
        return None
    window = items[at + match.start(2)].data.window
    if window not in parts.windows:
        return None
    parts.windows.remove(window)
    return window, bool(match[1])


def _tied_to(match: re.Match[str], items: list[Item], subject: str, target: str, schema: Schema) -> Condition | None:
    """ "papers presented at a conference", where some are at none: those that are at one."""
    key = next((r for r in schema.model.relationships if r.many == subject and r.one == target), None)
    if key is None or len(key.many_fields) > 1 or match["rest"]:
        return None
    field = f"{subject}.{key.many_fields[0]}"
    link = [items[n] for n in range(match.start("link"), match.end("link"))]
    if schema.field(field).nulls == 0 or not any(i.code in "jhz" for i in link):
        return None
    negated = any(i.code == "z" for i in link)
    return Compare(field=field, op="is_null" if negated else "not_null")


def _reaches(subject: str, target: str, schema: Schema) -> bool:
    """The subject has rows of the target, rather than belonging to one."""
    return not schema.belongs_to(subject, target) and (
        schema.belongs_to(target, subject) or event_of(subject, [target], schema) is not None
    )


def _seen_from(target: str, cond: Cond, schema: Schema) -> bool:
    return any(
        reference and (schema.belongs_to(target, owner := schema.owner(reference)) or event_of(target, [owner], schema))
        for reference, _ in cond.options
    )


def _owned(cond: Cond, target: str, schema: Schema) -> Cond:
    """The condition, read as being about the target where it can be."""
    own = tuple(o for o in cond.options if o[0] and schema.owner(o[0]) == target)
    return replace(cond, options=own) if own else cond


def _lacks(item: Item) -> bool:
    """ "do not have a cat": a condition on what there is none of, rather than on what something is not."""
    return item.data.negated and item.text.split(" ")[0].lower() in ("do", "does", "did", "don't", "doesn't", "didn't")


def _forget(cond: Cond, parts: Parts) -> None:
    kept = [c for c in parts.filters.conditions if c.text != cond.text]
    parts.filters.conditions[:] = kept
