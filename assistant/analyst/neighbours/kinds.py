"""Words for some of the rows of a dataset, standing where a noun stands: "the technicians" of a staff table with job
titles, "used cars" where the data only says which are new."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond, rows_counted
from assistant.analyst.schema import Schema
from knowledge.request import Compare
from knowledge.words import opposites, singular

_KINDS = LISTS["kinds_of_kinds"] | LISTS["kinds_of_things"]
_FROM = (["from"], ["by"], ["to"], ["via"], ["through"])
_DO = (["do"], ["does"], ["did"])
_PER = ("per", "each", "every", "for each", "for every", "at each", "in each")


def kinds_as_nouns(items: list[Item], schema: Schema) -> list[Item]:
    """ "per sales consultant", "the tallest boulder": the dataset whose rows are called so, and the condition."""
    made: list[Item] = []
    if [i.code for i in items] == ["v", "V", "v"]:  # "individuals vs companies": how many of each
        return _each_counted(items, schema) or items
    for n, item in enumerate(items):
        owner = _called_so(item, items, n, schema) or _kind_of(item, items, n, schema) if item.code == "v" else None
        if owner is not None:
            link = Link("dataset", owner, item.score, True)
            made.append(Item("d", item.start, item.end, item.text, owner, item.score, (link,), item.before))
            item = replace(item, before="")
        made.append(item)
    return made


def things_of_a_kind(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many suites do we have", where a table lists the types of rooms: the rooms, many of a type that is listed
    once."""
    if not re.fullmatch(r"c[vf]*vh?", "".join(i.code for i in items)):
        return items
    kind = items[-1] if items[-1].code == "v" else items[-2]
    owners = {schema.owner(m.field) for m in kind.data}
    listed = owners.pop() if len(owners) == 1 else ""
    name = schema.model.dataset(listed).name_field if listed else None
    if name is None or kind.data[0].field != f"{listed}.{name}" or schema.is_person(listed):
        return items
    below = [d for d in schema.children(listed) if schema.distance(d, listed) == 1]
    called = [d for d in below if schema.noun(d) < schema.noun(listed)] or below  # rooms, of room types
    if not schema.noun(listed) & _TYPES or len(called) != 1:
        return items
    said = rows_of(called[0], kind.end, kind.end, kind.text, kind.score)
    at = items.index(kind) + 1
    return [*items[:at], said, *items[at:]]


_TYPES = frozenset(["type", "kind", "category", "class", "group", "model", "grade"])


def _each_counted(items: list[Item], schema: Schema) -> list[Item] | None:
    fields = {m.field for m in items[0].data} & {m.field for m in items[2].data}
    owner = schema.owner(min(fields)) if len(fields) == 1 else None
    if owner is None or schema.field(min(fields)).role != "category":
        return None
    text = items[0].text
    return [Item("M", items[0].start, items[0].start, text, rows_counted(owner)), *items]


def _called_so(item: Item, items: list[Item], n: int, schema: Schema) -> str | None:
    if not item.data or item.text[:1].isdigit():
        return None
    mention = item.data[0]
    owner = schema.owner(mention.field)
    field = schema.field(mention.field)
    each = n > 0 and items[n - 1].code == "y" and items[n - 1].text in _PER
    if field.role != "category" or not schema.model.dataset(owner).name_field or not (schema.is_person(owner) or each):
        return None

    def beside(i: Item) -> bool:
        return (i.code == "f" and schema.is_flag(str(i.data))) or (i.code == "v" and not item.before)

    left = next((i for i in reversed(items[:n]) if not beside(i)), None)
    right = items[n + 1] if n + 1 < len(items) else None
    if right is not None and right.code in "df" and not right.before:
        return None
    if left is None or left.code in "ql":
        return owner if _is_plural(item) or (left is not None and left.text in ("which", "who")) else None
    one = schema.is_person(owner) and not _is_plural(item)  # "tips by server", "our best server"
    if left.code == "y":
        return owner if left.text in _PER or (left.text == "by" and one) else None
    return owner if left.code in "TnsNc" and (_is_plural(item) or (one and left.code in "Ts")) else None


def _is_plural(item: Item) -> bool:
    """Said of many, where the data has the word for one."""
    word = item.text.lower().split()[-1]
    return word != singular(word) and str(item.data[0].value).lower().replace("_", " ").split()[-1] != word


def _told_of(item: Item, schema: Schema) -> list[str]:
    """The rows that a noun or a figure is of; a time may be a verb ("set", of routes)."""
    if item.code == "M":
        return list(item.data.datasets)
    if item.code == "f" and schema.is_time(str(item.data)):
        return []
    return linked_datasets(item, schema)[:1] if item.code in "dmf" else []


def _kind_of(item: Item, items: list[Item], n: int, schema: Schema) -> str | None:
    """The things that a kind of them stands for, where the question names them nowhere else."""
    if not item.data or item.text[:1].isdigit():
        return None
    owner, field = schema.owner(item.data[0].field), schema.field(item.data[0].field)
    kind = field.role == "category" and (field.label or field.name).lower().split()[-1] in _KINDS
    named = any(owner in _told_of(i, schema) for i in items)
    right = items[n + 1] if n + 1 < len(items) else None
    noun = right is not None and right.code in "dfm." and not right.before
    noun = noun and not (right is not None and right.code == "f" and schema.is_time(str(right.data)))  # "set in 2025"
    if not kind or named or noun or schema.key(owner) is None:
        return None
    left = items[n - 1] if n else None
    if (
        left is not None
        and left.code == "z"
        and not any(i.code == "d" or i.text in ("who", "which") for i in items[:n])
    ):
        return None  # "sales excluding helmets": a kind of what was sold; "customers without helmets" have none
    one = (left is not None and left.code in "sNz") or item.before.split()[-1:] in (["a"], ["an"], ["any"], ["one"])
    told = left is None or left.code in "qlcTnsNazhO&VSjo/" or (left.code == "y" and left.text in _PER)
    return owner if (one or _is_plural(item)) and told else None


def flagged_people(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many sellers", where users are marked as such: those users."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        word = item.text.lower().split()[-1]
        flag = str(item.data) if item.code == "f" and schema.is_flag(str(item.data)) else None
        owner = schema.owner(flag) if flag else None
        after = items[n + 1] if n + 1 < len(items) else None
        beside = after is not None and after.code in "df" and not after.before
        beside = beside or any(i is not item and i.code == "f" and i.data == flag for i in items)  # and non-members
        if flag is None or owner is None or beside or word == singular(word) or not singular(word).endswith(_DOERS):
            continue
        yes = schema.has_some(flag, plural=False)
        if yes is None or not schema.is_person(owner) or singular(word) not in schema.noun_of(flag):
            continue
        link = Link("dataset", owner, item.score, True)
        cond = Cond(((flag, yes),), values=0, text=word)
        made[-1:] = [
            Item("d", item.start, item.end, item.text, owner, item.score, (link,), item.before),
            replace(item, code="C", data=cond, before="", options=()),
        ]
    return made


_DOERS = ("er", "or", "ist", "ant", "ee", "ian", "ent")


def of_its_field(items: list[Item], _: Schema) -> list[Item]:
    """ "left-footed defenders", where the preferred foot is left or right: the value says it all."""
    made: list[Item] = []
    for n, item in enumerate(items):
        left = items[n - 1] if n else None
        after = items[n + 1] if n + 1 < len(items) else None
        own = (
            left is not None and left.code == "v" and item.code == "f" and left.data and left.data[0].field == item.data
        )
        if own and not item.before and item.text.lower().endswith("ed") and after is not None and after.code in "vdf":
            continue
        made.append(item)
    return made


def compared_kinds(items: list[Item], schema: Schema) -> list[Item]:
    """ "monthly vs annual contracts", where a contract is either: values, not times."""
    made = list(items)
    for n in range(1, len(items) - 1):
        ends = (items[n - 1], items[n + 1])
        if items[n].code not in "V&|" or not any(i.code == "g" for i in ends) or any(i.code not in "gv" for i in ends):
            continue
        both = [i.data if i.code == "v" else i.extra.get("values", ()) for i in ends]
        fields = {m.field for m in both[0]} & {m.field for m in both[1]}
        after = items[n + 2] if n + 2 < len(items) else None
        if fields and after is not None and not after.before and after.text.lower() in schema.noun_of(min(fields)):
            made[n + 2] = replace(after, code=";", data=None, options=())  # "billing" of the billing cycle
        for at, own in ((n - 1, both[0]), (n + 1, both[1])):
            if fields:
                made[at] = replace(items[at], code="v", data=tuple(m for m in own if m.field in fields), extra={})
    return made


def parties(items: list[Item], schema: Schema) -> list[Item]:
    """ "payments from insurers", where payments say who paid: one of the kinds of payments, though insurers are kept,
    too."""
    made = list(items)
    for n, item in enumerate(items):
        values = item.extra.get("values", ())
        actor = item.before.split()[:1] in _FROM or item.before.split()[-1:] in _DO or (n and items[n - 1].code == "z")
        if item.code != "d" or not values or not actor:
            continue
        others = [d for i in items for d in linked_datasets(i, schema)[:1] if i is not item and i.code in "dmfMj"]
        others += [schema.owner(m.field) for i in items if i.code == "v" for m in i.data[:1]]
        others += [d for i in items if i.code == "M" for d in i.data.datasets]
        own = next((own for d in others if (own := tuple(m for m in values if schema.owner(m.field) == d))), ())
        if own and schema.field(own[0].field).role == "category":
            made[n] = replace(item, code="v", data=own, score=own[0].score, options=())
    return made


def flags_elsewhere(items: list[Item], schema: Schema) -> list[Item]:
    """ "active revenue", where users are active or not and so are subscriptions: those that have revenue."""
    made = list(items)
    for n, (item, noun) in enumerate(pairwise(items)):
        values = item.extra.get("values", ())
        if item.code != "f" or not values or noun.code not in "fm" or noun.before or not schema.is_flag(str(item.data)):
            continue
        base = next(iter(linked_datasets(noun, schema)), None)
        own = tuple(m for m in values if base and schema.belongs_to(base, schema.owner(m.field)))
        if own and base and not schema.belongs_to(base, schema.owner(str(item.data))):
            made[n] = replace(item, code="v", data=own, score=own[0].score, options=())
    return made


def happenings(items: list[Item], schema: Schema) -> list[Item]:
    """ "no-shows by month", "refunds in May": the rows that have the value, of what happens, are meant; of an "average
    bank transfer" their amount."""
    made: list[Item] = []
    for n, item in enumerate(items):
        amount = _amount(item, items, n, schema) if item.code == "v" and item.data else None
        if amount is not None:
            link = Link("field", amount, item.score, True)
            made.append(Item("f", item.start, item.start, item.text, amount, item.score, (link,)))
        owner = _happening(item, items, n, schema) if item.code == "v" and item.data else None
        if owner is not None:
            link = Link("dataset", owner, item.score, True)
            noun = Item("d", item.start, item.end, item.text, owner, item.score, (link,), item.before)
            count = rows_counted(owner)
            asked = any(i.code in "lqc" for i in items[:n])
            made.append(noun if asked else replace(noun, code="M", data=count, options=()))
            item = replace(item, before="")
        made.append(item)
    return made


def _amount(item: Item, items: list[Item], n: int, schema: Schema) -> str | None:
    right = next((i for i in items[n + 1 :] if i.code not in "jv"), None)
    if not n or items[n - 1].code != "a" or (right is not None and right.code in "dfmv" and not right.before):
        return None
    return schema.amount(schema.owner(item.data[0].field))


def _happening(item: Item, items: list[Item], n: int, schema: Schema) -> str | None:
    mention = item.data[0]
    owner = schema.owner(mention.field)
    entry = schema.model.dataset(owner)
    right = items[n + 1] if n + 1 < len(items) else None
    if right is not None and right.code in "dfm" and not right.before:
        return None
    if n and items[n - 1].code == "q" and items[n - 1].text == "who":
        return None  # "who delivers …" is a verb
    figures = any(i.code in "mM" or (i.code == "f" and schema.is_number(str(i.data))) for i in items)
    told = figures or (n and items[n - 1].code in "yhOV&|z") or not entry.default_time or entry.name_field
    if told or schema.field(mention.field).role != "category":
        return None
    words, stored = item.text.lower().split(), str(mention.value).lower().replace("_", " ").split()
    return owner if words[-1] != singular(words[-1]) and stored[-1] == singular(stored[-1]) else None


def called_by_a_field(items: list[Item], schema: Schema) -> list[Item]:
    """ "the most common diagnoses", of a table of every diagnosis made: they are told apart by what each is called."""
    made = list(items)
    for n, item in enumerate(items):
        at = next((m for m in range(n - 1, -1, -1) if items[m].code not in "vC&O"), None)
        mark = items[at] if at is not None else None
        topped = mark is not None and mark.code == "n" and at is not None and at > 0 and items[at - 1].code in "sT"
        ranked = topped or (mark is not None and ((mark.code == "a" and mark.data == "mode") or mark.code in "syTN"))
        field = schema.called(str(item.data)) if item.code == "d" and ranked else None
        own = mark is not None and mark.code == "N" and mark.data.field and schema.owner(mark.data.field) == item.data
        if field is None or at is None or own:
            continue  # "the oldest cat" is one of them, whatever it is called
        done = any(i.code == "d" for i in items[:n]) or items[0].text.lower() in ("who", "whom")
        if mark is not None and mark.code != "y" and schema.owner(field) != item.data and done:
            continue  # "who taught the most classes": how many of them
        link = Link("field", field, item.score, True)
        made[n] = replace(item.linked(link), options=(link,))
        if mark is not None and mark.code != "y" and not topped:
            start = at - 1 if at and items[at - 1].code == "n" else at
            made[start:n] = [*made[at + 1 : n], *made[start : at + 1]]  # "3 most common *severe* complaints"
    return made


def opposed(items: list[Item], schema: Schema) -> list[Item]:
    """ "used cars" where there is a flag for new ones; "new vs used" is a grouping by the flag."""
    flags = schema.flags
    if not flags:
        return items
    made: list[Item] = []
    for item in items:
        against = item.code == "f" and [i.code for i in made[-3:]] == ["f", "V", "z"] and item.data in flags
        if against and made[-3].data == item.data:  # "smokers vs non-smokers"
            made[-3:] = [Item("y", made[-3].start, made[-3].start, "by"), replace(made[-3], before="")]
            continue
        if (two := _members_and_not(made, item, flags)) is not None:
            made[-2:] = [_whether(two, made[-2], schema, yes=True), _whether(two, made[-1], schema, yes=False)]
            continue
        reference = _opposite_flag(item, flags) if item.code in ".j" else None
        if reference is None:
            made.append(item)
            continue
        pair = len(made) > 1 and made[-1].code in "V&|" and made[-2].code == "f" and made[-2].data == reference
        if pair:
            mark = made.pop()
            grouped = len(made) > 1 and ("y" in [i.code for i in made[:-1]])
            if not grouped or mark.code == "|":
                made.insert(len(made) - 1, Item("y", made[-1].start, made[-1].start, "by"))
            continue
        made.append(_whether(reference, item, schema, yes=False))
    return made


_SAID = {True: ("1", "y", "yes", "t", "true"), False: ("0", "n", "no", "f", "false")}


def _whether(flag: str, item: Item, schema: Schema, *, yes: bool) -> Item:
    """The condition that a flag is set, or that it is not, in the item's place."""
    held = next((s for s in schema.field(flag).samples if str(s).lower() in _SAID[yes]), yes)
    condition = Compare(field=flag, op="=", value=yes if schema.field(flag).type == "boolean" else held)
    return replace(item, code="C", data=Cond(((flag, condition),), text=item.text), score=0.95, options=())


def _members_and_not(made: list[Item], item: Item, flags: dict[str, str]) -> str | None:
    """The flag that "the ratio of members to non-members" is about, at its second word."""
    if [i.code for i in made[-2:]] != ["f", "z"] or made[-2].data not in flags or all(i.code != "/" for i in made):
        return None
    own = item.data if item.code == "f" else item.data.options[0][0] if item.code == "C" else None
    return str(own) if own == made[-2].data else None


def _opposite_flag(item: Item, flags: dict[str, str]) -> str | None:
    word = item.text.lower()
    for reference, said in flags.items():
        if word in opposites(said) or word in {
            f"{no}{dash}{said}" for no in ("non", "un", "in", "not") for dash in ("", "-")
        }:
            return reference
    return None
