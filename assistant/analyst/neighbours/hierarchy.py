"""Things that refer to others of their kind: "Ann's supervisor", "who mentor nobody", "the inviter's name"."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.neighbours.deeds import doers
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.model import Relationship
from knowledge.request import Compare, Exists
from knowledge.words import lemma


def superiors(items: list[Item], schema: Schema) -> list[Item]:
    """ "who manages Ann", "Ann's supervisor", where staff refer to staff: the name of that one, not Ann's own."""
    persons = [m.field for i in items if i.code == "v" for m in i.data if schema.field(m.field).role == "name"]
    named = [schema.owner(field) for field in persons]
    made = list(items)
    for n, item in enumerate(items):
        owner = schema.owner(str(item.data)) if item.code == "f" else None
        if owner is None or owner not in named or schema.points_to(str(item.data)) != owner:
            continue
        relation = next(r for r in schema.model.relationships if r.many == r.one == owner)
        name = schema.model.dataset(owner).name_field
        if name is not None and (f"{owner}.{relation.many_fields[0]}" == item.data):
            theirs = f"{owner}@{relation.name}.{name}"
            made[n] = replace(item, data=theirs, options=())
    return made


def above_named(items: list[Item], schema: Schema) -> list[Item]:
    """ "invited by Ann", where members are invited by members: those whose inviter is called so."""
    made: list[Item] = []
    for item in items:
        at = -2 if len(made) > 1 and made[-1].code == "y" and made[-1].text == "by" else -1
        left = made[at] if made else None
        way = _way(left, schema) if left is not None and item.code == "v" and not item.before else None
        own = tuple(m for m in item.data if way is not None and schema.owner(m.field) == way.one) if way else ()
        passive = left is not None and (left.text.lower().endswith(" by") or (at == -2 and left.text.endswith("ed")))
        if way is None or not own or not passive:
            made.append(item)
            continue
        told = tuple(replace(m, field=f"{way.one}@{way.name}.{m.field.partition('.')[2]}") for m in own)
        made[at:] = [replace(item, data=told, before="")]
    return made


def who_whom(items: list[Item], schema: Schema) -> list[Item]:
    """ "Who invited whom? Return …": what is to be returned says it again, of those whom somebody invited."""
    codes = "".join(i.code for i in items[:5])
    twice = len(codes) == 5 and codes[0] == codes[2] == "q" and codes[3:] == ";l" and items[2].text == "whom"
    if not twice:
        return items
    rest = list(items[4:])
    if _way(items[1], schema) is not None:
        field = str(items[1].data)
        someone = Cond(((field, Compare(field=field, op="not_null")),), text=items[1].text)
        rest.append(Item("C", rest[-1].end, rest[-1].end, items[1].text, someone, 0.95))
    return rest


def above(items: list[Item], schema: Schema) -> list[Item]:
    """ "the mentor's nickname", "the inviter's name": of the one referred to; "the invited member's name" is the
    member's own."""
    made: list[Item] = []
    for item in items:
        left = made[-1] if made else None
        way = _way(left, schema) if left is not None else None
        way = way or (_told_by(left, item, schema) if left is not None and left.code == "." else None)
        name = schema.model.dataset(way.one).name_field if way is not None else None
        if name is not None and way is not None and item.code == "f" and item.text.lower() in ("name", "names"):
            item = replace(item, data=f"{way.one}.{name}")
        owns = item.code == "f" and way is not None and schema.owner(str(item.data)) == way.one and not item.before
        if not owns or left is None or way is None:
            made.append(item)
        elif left.text.lower().endswith("ed"):
            made[-1] = replace(item, before=left.before, start=left.start)
        else:
            field = f"{way.one}@{way.name}.{str(item.data).partition('.')[2]}"
            said = replace(item, text=f"{left.text} {item.text}", start=left.start, before=left.before)
            made[-1] = replace(said, data=field, options=())
    return made


def below(items: list[Item], schema: Schema) -> list[Item]:
    """ "setters who do not mentor anyone", "doctors who supervise somebody": whom others refer to, or nobody does."""
    made: list[Item] = []
    for n, item in enumerate(items):
        left = made[-1] if made else None
        way = _way(item, schema)
        verb = left is not None and left.code in "zqh" and left.text.split()[0] in _DO
        follows = items[n + 1].code if n + 1 < len(items) else ""
        if way is None or not verb or left is None or item.before or follows in tuple("dfmv"):
            made.append(item)
            continue
        negated = left.code == "z"
        others = Exists(dataset=way.one, via=way.name, negated=negated)
        cond = Cond(((str(item.data), others),), text=item.text)
        if negated:
            made.pop()
        made.append(replace(item, code="C", data=cond, options=(), score=0.95))
    return made


_DO = frozenset(["do", "does", "did", "don't", "doesn't", "didn't", "never", "who", "that"])


def _way(item: Item | None, schema: Schema) -> Relationship | None:
    """The relationship by which things refer to others of their kind, where a word names it."""
    if item is None or item.code != "f":
        return None
    return next(
        (
            r
            for r in schema.model.relationships
            if r.many == r.one and len(r.many_fields) == 1 and f"{r.many}.{r.many_fields[0]}" == item.data
        ),
        None,
    )


def _told_by(word: Item, of: Item, schema: Schema) -> Relationship | None:
    """ "inviter", where members have an "invited by"."""
    said, named = lemma(word.text.lower().removesuffix("'s")), of.text.lower() in ("name", "names")
    for way in schema.model.relationships:
        if way.many == way.one and of.code == "f" and (named or schema.owner(str(of.data)) == way.one):
            field = schema.noun_of(f"{way.many}.{way.many_fields[0]}")
            if any(said in doers(lemma(w)) for w in field):
                return way
    return None
