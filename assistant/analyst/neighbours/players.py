"""Those who play a role in something, where roles are kept apart: the agent of a policy is a party of it, by a table
that says which party plays which role."""

from __future__ import annotations

from dataclasses import replace

from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.schema import Schema

_IDS = frozenset(["id", "ids", "identifier", "identifiers"])


def role_players(items: list[Item], schema: Schema) -> list[Item]:
    """ "policies by agent id", "orders and their approver": who has the role, and the condition that it is this one."""
    about = list(dict.fromkeys(d for i in items if i.code in "dmf" for d in linked_datasets(i, schema)[:1]))
    made: list[Item] = []
    skip = 0
    for n, item in enumerate(items):
        if skip:
            skip -= 1
            continue
        who = _player(item, about, schema) if item.code == "v" and item.data else None
        rest = "".join(i.code for i in items[n + 1 : n + 3])
        has_id = n + 1 < len(items) and items[n + 1].text.lower() in _IDS
        by_id = rest[:1] == "y" and n + 2 < len(items) and items[n + 2].text.lower() in _IDS
        listed = n > 0 and items[n - 1].code == "&" and rest[:1] in ("", "&", "y", ";", "h")
        listed = listed or (n > 0 and items[n - 1].code in "hly" and item.before in ("a", "an", "each", "every", "all"))
        if who is None or not (has_id or by_id or listed):
            made.append(item)
            continue
        link = Link("field", who, item.score, True)
        made.append(Item("f", item.start, item.end, item.text, who, item.score, (link,), item.before))
        known = {(m.field, m.value) for m in item.data[:1]}
        made = [i for i in made if i.code != "v" or not known & {(m.field, m.value) for m in i.data[:1]}]
        made.append(replace(item, before=""))
        skip = 1 if has_id else 2 if by_id else 0
    return made


def _player(item: Item, about: list[str], schema: Schema) -> str | None:
    """The reference to who plays the role that a value names, in what the question is about."""
    role = schema.owner(item.data[0].field)
    if schema.model.dataset(role).name_field != item.data[0].field.rpartition(".")[2]:
        return None
    for relation in schema.model.relationships:
        if relation.one != role or relation.many in about:
            continue
        others = [r for r in schema.model.relationships if r.many == relation.many and r.one != role]
        tied = any(r.one in about for r in others)
        players = [r for r in others if r.one not in about and len(r.many_fields) == 1]
        if tied and len(players) == 1:
            return f"{relation.many}.{players[0].many_fields[0]}"
    return None
