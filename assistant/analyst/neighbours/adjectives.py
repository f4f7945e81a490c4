"""Stored values said as adjectives and as rates: "active retail merchants", "the success rate"."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.analyst.item import Item
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond, MeasureRead
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Arithmetic, Compare, Condition
from knowledge.values import ValueMention
from knowledge.words import lemma

_STEM = 5
"""Letters that a word and a value must begin with alike."""
_CODES, _SHORT, _INITIALS = 12, 4, 2
"""How many codes a field may have, and of how many letters, for words to be told by them."""


def adjectives(items: list[Item], schema: Schema) -> list[Item]:
    """Values just before a noun, as values of that noun's rows wherever these have such ones."""
    made = list(items)
    for n in range(len(items) - 1, 0, -1):
        person = made[n].dataset if made[n].code == "m" else None
        if person and schema.is_person(person):
            _not_of_people(made, n, schema, person)
        if made[n].code != "d":
            continue
        if schema.is_person(str(made[n].data)):
            _not_of_people(made, n, schema, str(made[n].data))
        at = n - 1
        while at >= 0 and not made[at + 1].before and made[at].code in "v.":
            if made[at].code == "." and (alike := _like(made[at], str(made[n].data), schema)):
                made[at] = replace(made[at], code="v", data=(alike,), score=alike.score)
            if made[at].code != "v":
                break
            own = tuple(m for m in made[at].data if schema.owner(m.field) == made[n].data)
            made[at] = replace(made[at], data=own) if own else made[at]
            at -= 1
    return made


def _not_of_people(items: list[Item], n: int, schema: Schema, people: str) -> None:
    """ "male shoppers" are not shoppers of what has "male" in its name: unread, where nothing says it of people."""
    at = n - 1
    while at >= 0 and not items[at + 1].before and items[at].code in "vV&":
        mentions = items[at].data if items[at].code == "v" else ()
        theirs = any(m.kind != "part" or schema.belongs_to(people, schema.owner(m.field)) for m in mentions)
        if mentions and not theirs:
            items[at] = replace(items[at], code=".", data=items[at].text, score=0.0)
        at -= 1


def _like(item: Item, dataset: str, schema: Schema) -> ValueMention | None:
    """The value of one of the dataset's kinds that a word is made from, or the other way round: promotional,
    promotion."""
    word = item.text.lower()
    for field in schema.model.dataset(dataset).fields:
        if field.role != "category" or field.type != "text":
            continue
        for sample in field.samples:
            value = str(sample).lower()
            same = lemma(value) == lemma(word)  # "the win rate" of what was won
            alike = next(
                (n for n, (a, b) in enumerate(zip(word, value, strict=False)) if a != b), min(len(word), len(value))
            )
            if same or (" " not in value and alike >= max(_STEM, min(len(word), len(value)) - 3)):
                return ValueMention(
                    item.start, item.end, item.text, f"{dataset}.{field.name}", sample, 0.85, "inflected"
                )
    return None


def doers(items: list[Item], schema: Schema) -> list[Item]:
    """ "who rent their home", where some are kept as renters: those who are said to do it."""
    made: list[Item] = []
    for item in items:
        word = lemma(item.text.lower())
        unknown = item.code == "." or (item.code == "j" and not item.options)
        things = [i.dataset for i in items if i.code in "dm"] if unknown else []
        people = [d for d in things if d and schema.is_person(d)]
        done = {f"{word}er", f"{word}r", f"{word}or"}
        found = next((v for d in people if (v := _value_of(d, frozenset(done), item, schema))), None)
        made.append(replace(item, code="v", data=(found,), score=0.85) if found else item)
    return made


def coded(items: list[Item], schema: Schema) -> list[Item]:
    """ "still active", where ACT is one of the codes of what is asked about."""
    made: list[Item] = []
    things = [i.dataset for i in items if i.code in "dm"]
    for item in items:
        word = item.text.lower()
        found = {
            (f"{d}.{f.name}", str(s))
            for d in things
            if d and item.code == "." and len(word) > _STEM
            for f in schema.model.dataset(d).fields
            if f.role in ("code", "category") and f.type == "text" and len(f.samples) <= _CODES
            if not schema.model.dataset(d).has(f"{f.name}_said")  # nothing else says what its codes mean
            for s in f.samples
            if _INITIALS < len(str(s)) <= _SHORT and str(s).isupper() and word.startswith(str(s).lower())
        }
        if len(found) == 1:
            field, value = next(iter(found))
            mention = ValueMention(item.start, item.end, item.text, field, value, 0.8, "inflected")
            item = replace(item, code="v", data=(mention,), score=0.8)
        made.append(item)
    return made


def known_people(items: list[Item], schema: Schema) -> list[Item]:
    """ "registered customers" are customers: they have registered, whatever the day."""
    made: list[Item] = []
    for item in items:
        made.append(item)
        before = made[-2] if len(made) > 1 else None
        if before is None or item.code != "d" or item.before or before.code != "f":
            continue
        time = schema.is_time(str(before.data)) and schema.owner(str(before.data)) == item.data
        if time and before.text.lower().endswith("ed") and schema.is_person(str(item.data)):
            made.pop(-2)
    return made


def current(items: list[Item], schema: Schema) -> list[Item]:
    """ "current subscriptions", "our rent at the moment": of what is active, where rows say so."""
    made: list[Item] = []
    for n, item in enumerate(items):
        now = item.code == "." and item.text.lower() in _NOW
        after = items[n + 1] if n + 1 < len(items) else None
        noun = after if after is not None and after.code in "dfm" and not after.before else None
        noun = noun or next((i for i in reversed(items[:n]) if i.code in "dfm"), None)
        owner = next(iter(linked_datasets(noun, schema)), None) if noun is not None and now else None
        active = _value_of(owner, _ACTIVE, item, schema) if owner else None
        kind = after is not None and after.code == "v" and after.data and not after.before
        whose = schema.owner(after.data[0].field) if kind and after is not None else None  # "current drivers"
        whose = str(noun.data) if noun is not None and noun is after and noun.code == "d" else whose
        if active is None and whose:
            former = item.text.lower() in _FORMER
            end = _end_of(whose, schema) if now or (former and item.code == ".") else None
            if end is not None:  # nothing says that they are active, but when each of the others ended
                ended = Compare(field=end, op="not_null" if former else "is_null")
                cond = Cond(((end, ended),), text=item.text)
                made.append(replace(item, code="C", data=cond, score=0.9, options=()))
                continue
        if active is None and now and item.text.lower() != "active" and noun is not None and noun is not after:
            continue  # "how many are there right now": as things are
        made.append(replace(item, code="v", data=(active,), score=active.score) if active else item)
    return made


def _end_of(dataset: str, schema: Schema) -> str | None:
    """When something of the dataset ended, where not all of it has."""
    empty = [t for t in schema.times(dataset) if schema.field(t).nulls > 0]
    said = {t: " ".join((*schema.noun_of(t), *schema.field(t).synonyms)).lower().split() for t in empty}
    return next((t for t in empty if {*said[t], *map(lemma, said[t])} & _OVER), None)


_NOW = frozenset(["current", "currently", "existing", "live", "ongoing", "active"])
_FORMER = frozenset(["former", "past", "previous", "ex", "departed"])
_OVER = frozenset(
    ["end", "termination", "terminate", "leave", "left", "leaving", "exit", "resignation", "resign", "separation",
     "cancellation", "cancel", "churn", "deactivate", "deactivation", "closure"]
)  # fmt: skip
_ACTIVE = frozenset(["active", "current", "ongoing", "live", "open"])


def _value_of(dataset: str, words: frozenset[str], item: Item, schema: Schema) -> ValueMention | None:
    """The value of one of the dataset's kinds that is one of the words."""
    for field in schema.model.dataset(dataset).fields:
        stored = next((s for s in field.samples if str(s).lower() in words), None) if field.role == "category" else None
        if stored is not None:
            return ValueMention(item.start, item.end, item.text, f"{dataset}.{field.name}", stored, 0.9, "fact")
    return None


def undone(items: list[Item], schema: Schema) -> list[Item]:
    """ "unresolved tickets", "orders not yet shipped", where it is known when they were: those that have not been."""
    made = list(items)
    for n, item in enumerate(items):
        word = item.text.lower()
        if item.code not in ".j" or not word.startswith("un") or not word.endswith("ed"):
            continue
        near = [str(i.data) for i in items[max(0, n - 2) : n + 2] if i.code == "d"]
        times = [
            t for d in near for t in schema.times(d) if word[2:] in schema.noun_of(t) and schema.field(t).nulls > 0
        ]
        if times:
            cond = Cond(((times[0], Compare(field=times[0], op="is_null")),), text=item.text)
            made[n] = replace(item, code="C", data=cond, score=0.95, options=())
    return made


def never_done(items: list[Item], schema: Schema) -> list[Item]:
    """ "users who never logged in", where it is known when each last did: those of whom nothing is known."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        people = next((str(i.data) for i in reversed(made) if i.code == "d"), None)
        cond = None
        if left is not None and left.code == "z" and item.code == "f" and schema.is_time(str(item.data)):
            known = schema.field(str(item.data)).nulls > 0 and schema.owner(str(item.data)) == people
            is_null = Compare(field=str(item.data), op="is_null")
            cond = Cond(((str(item.data), is_null),), text=item.text) if known else None
        if left is not None and left.code == "z" and item.code in "v.j" and people is not None:
            said = {str(m.value).lower() for m in item.data} if item.code == "v" else {item.text.lower()}
            empty = (t for t in schema.times(people) if schema.field(t).nulls > 0)
            time = next((t for t in empty if said & {*schema.noun_of(t), *map(lemma, schema.noun_of(t))}), None)
            cond = Cond(((time, Compare(field=time, op="is_null")),), text=item.text) if time else None
        if cond is not None:
            made[-1] = replace(item, code="C", data=cond, options=(), before="")
        else:
            made.append(item)
    return made


def over_and_done(items: list[Item], schema: Schema) -> list[Item]:
    """ "resolved tickets", "shipped orders", where it is known when: those that have been."""
    made = list(items)
    for n, (item, noun) in enumerate(pairwise(items)):
        if item.code != "f" or noun.code != "d" or noun.before or not item.text.lower().endswith("ed"):
            continue
        reference = str(item.data)
        if schema.is_time(reference) and schema.owner(reference) == noun.data and schema.field(reference).nulls > 0:
            condition = Compare(field=reference, op="not_null")
            made[n] = replace(item, code="C", data=Cond(((reference, condition),), text=item.text), options=())
    return made


def newcomers(items: list[Item], schema: Schema) -> list[Item]:
    """ "new customers per month": those who came in it, where it is known when each of them came."""
    made: list[Item] = []
    for n, item in enumerate(items):
        after = items[n + 1] if n + 1 < len(items) else None
        known = after is not None and after.code == "d" and not after.before
        dated = known and schema.is_person(str(after.data)) and schema.model.dataset(str(after.data)).default_time  # type: ignore[union-attr]
        other = item.code in ".j" or (
            item.code == "f" and after is not None and schema.owner(str(item.data)) != after.data
        )
        elsewhere = (
            item.code == "v" and after is not None and all(schema.owner(m.field) != after.data for m in item.data)
        )
        if item.text.lower() == "new" and dated and (other or elsewhere):
            continue
        made.append(item)
    return made


def quoted_after_texts(items: list[Item], _: Schema) -> list[Item]:
    """ "starts with J": whatever follows is a piece of text, known or not."""
    made = list(items)
    for n in range(1, len(items)):
        if items[n - 1].code == "p" and items[n].code == "." and not items[n].before:
            made[n] = replace(items[n], code="v", data=(), score=0.9)
    return made


def rated(items: list[Item], schema: Schema) -> list[Item]:
    """ "the success rate", "cancellation rate", "no-show rate": how many of the rows have the value, in percent."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        rate = item.text.lower() in ("rate", "rates") and item.code in ".fm" and item.score < 0.95 and not item.before
        if rate and left is not None and left.code in ".j":  # "cancellation rate", of what is cancelled
            found = (_like(left, name, schema) for name in schema.facts())
            like = next((m for m in found if m is not None), None)
            left = replace(left, code="v", data=(like,), score=0.85) if like else left
        condition = _condition(left, schema) if rate and left is not None else None
        if condition is None or left is None:
            made.append(item)
            continue
        reference, wanted = condition
        owner = schema.owner(reference)
        part = Aggregate(agg="count", dataset=owner, where=[wanted])
        share = Arithmetic(op="percent", left=part, right=Aggregate(agg="count", dataset=owner))
        if len(made) > 1 and made[-2].code == "d" and made[-2].data == owner and not left.before:
            made.pop(-2)  # "transaction success rate"
        made[-1] = Item(
            "M", left.start, item.end, f"{left.text} rate", MeasureRead(share, (owner,)), before=left.before
        )
    return made


def _condition(item: Item, schema: Schema) -> tuple[str, Condition] | None:
    if item.code == "v" and item.data:
        mention = item.data[0]
        if schema.field(mention.field).role in ("category", "flag"):
            stored: list[Any] = list(dict.fromkeys(m.value for m in item.data if m.field == mention.field))
            value = Compare(field=mention.field, op="in", value=stored) if len(stored) > 1 else None
            return mention.field, value or Compare(field=mention.field, op="=", value=mention.value)
    if item.code == "f" and schema.is_flag(str(item.data)):
        condition = schema.has_some(str(item.data), plural=False)
        return (str(item.data), condition) if condition is not None else None
    return None
