"""Fields of the same name: "the session duration …. Return the total duration", "average balance of user wallets",
where several things have a duration or a balance."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import whose
from assistant.analyst.schema import Schema
from knowledge.words import lemma

_ALIKE = 0.02
"""Names whose scores differ by less are as good as each other."""


def of_what_is_said(items: list[Item], schema: Schema) -> list[Item]:
    """The one that was named before, else that of which the question speaks."""
    made = list(items)
    for n, item in enumerate(items):
        alike = (
            [o for o in item.options if o.kind == "field" and o.score >= item.score - 0.02] if item.code == "f" else []
        )
        if len({o.target for o in alike}) < 2:
            continue
        said = {lemma(w) for w in item.text.lower().split()}
        before = next(
            (i.data for i in made[:n] if i.code == "f" and said < {lemma(w) for w in i.text.lower().split()}), None
        )
        link = next((o for o in alike if o.target == before), None) or _of_words(alike, item, items, schema)
        rest = tuple(o for o in item.options if o not in alike)
        if (own := _own(alike, said, schema)) is not None:
            link, rest = own, ()
        if link is not None:
            made[n] = replace(item.linked(link), options=(link, *rest))
    return made


def called_after_its_thing(items: list[Item], schema: Schema) -> list[Item]:
    """ "the average age for each pet type", "pets whose age is over 2": the pet age, rather than the age of owners."""
    made = list(items)
    for n, item in enumerate(items):
        word = lemma(item.text.lower())
        if item.code != "f" or " " in word:
            continue
        for thing in _things_around(n, items, schema):
            if thing == schema.owner(str(made[n].data)):
                break
            called = {f"{noun} {word}" for noun in _nouns(thing, schema)}
            fields = [f"{thing}.{f.name}" for f in schema.model.dataset(thing).fields if not f.hidden]
            own = [f for f in fields if (schema.field(f).label or "").lower() in called]
            if len(own) == 1:
                link = Link("field", own[0], 0.97, True)
                made[n] = replace(item.linked(link), options=(link,))
                break
    return made


def _things_around(n: int, items: list[Item], schema: Schema) -> list[str]:
    """What a field is likeliest of: the thing that it is said of, the one before it, what it is grouped by."""
    found = [str(items[n + 2].data)] if [i.code for i in items[n + 1 : n + 3]] == ["O", "d"] else []
    before = next((i for i in reversed(items[:n]) if i.code not in "hoa&fOqL"), None)
    found += whose(before, schema) if before is not None and before.code in "dv" else []
    after = next((i for i, left in zip(items[n + 2 :], items[n + 1 :], strict=False) if left.code == "y"), None)
    if after is not None and after.code in "df":
        found.append(str(after.data) if after.code == "d" else schema.owner(str(after.data)))
    return found


def _nouns(thing: str, schema: Schema) -> list[str]:
    entry = schema.model.dataset(thing)
    return [(said or entry.name).lower() for said in (entry.label, *entry.synonyms)]


def by_their_own(items: list[Item], schema: Schema) -> list[Item]:
    """ "bounced payments by reason": by the bounce reason that payments have, rather than by what is called just
    "reason" of rows that the question does not speak of."""
    made = list(items)
    spoken = [str(i.data) for i in items if i.code == "d"]
    for n in range(1, len(items)):
        item, word = items[n], lemma(items[n].text.lower())
        if items[n - 1].code != "y" or item.code != "f" or " " in word or not spoken:
            continue
        if any(schema.belongs_to(d, schema.owner(str(item.data))) for d in spoken):
            continue
        fields = [f"{spoken[0]}.{f.name}" for f in schema.model.dataset(spoken[0]).fields if not f.hidden]
        own = [f for f in fields if lemma((schema.field(f).label or "").lower().split(" ")[-1]) == word]
        if len(own) == 1:
            link = Link("field", own[0], 0.95, True)
            made[n] = replace(item.linked(link), options=(link,))
    return made


def _own(alike: list[Link], said: set[str], schema: Schema) -> Link | None:
    """ "user ID": of the users themselves, rather than of what refers to them."""
    own = [o for o in alike if schema.noun(schema.owner(o.target)) <= said and schema.field(o.target).role == "key"]
    return own[0] if len(own) == 1 else None


def _of_words(alike: list[Link], item: Item, items: list[Item], schema: Schema) -> Link | None:
    """The one whose rows are called by more of the question's other words than those of the rest are."""
    words = {lemma(w) for i in items if i is not item for w in i.text.lower().split()}
    own = {o.target: schema.noun(schema.owner(o.target)) & words for o in alike}
    shared = frozenset.intersection(*own.values())
    most = max(len(w - shared) for w in own.values())
    best = [o for o in alike if len(own[o.target] - shared) == most]
    return best[0] if most > 0 and len(best) == 1 else None
