"""Which of several ways between two things is meant: "sent by users" is about the sender, not the receiver."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from assistant.analyst.english import LISTS
from assistant.analyst.neighbours.deeds import doers
from assistant.analyst.schema import Schema
from assistant.analyst.tokens import Token
from knowledge.model import Relationship
from knowledge.request import Request
from knowledge.words import lemma, split

_WEAK = frozenset(["from", "to"])
_NONE = frozenset(["by", "in", "at", "of", "did", "do"])
"""Words of any question."""
_THROUGH = re.compile(r"\s*\(through ([\w ]+)\)\s*$")


def routed(request: Request, tokens: list[Token], schema: Schema) -> Request:
    """The request with the way that the question's words name wherever several lead from its rows to a dataset."""
    ways: dict[tuple[str, str], list[Relationship]] = defaultdict(list)
    for relation in schema.model.relationships:
        ways[relation.many, relation.one].append(relation)
    said = {t.lemma for t in tokens} | {t.lower for t in tokens}
    said |= {stem for t in tokens for stem in doers(t.lemma)}
    dumped = request.model_dump(mode="json")
    base = _bases(request, schema)
    chosen = {
        pair: way
        for pair, relations in ways.items()
        if len(relations) > 1
        and (way := _said(relations, said) or _by_verb(relations, said) or _usual(*pair, relations, schema)) is not None
    }
    for (many, one), relation in chosen.items():
        if any((schema.belongs_to(b, many) and not schema.belongs_to(b, f"{one}")) or b == many for b in base):
            dumped = _rewritten(dumped, one, relation.name)
            dumped = _counted_there(dumped, many, one, relation)
        if base <= {one}:
            dumped = _via(dumped, many, one, relation.name)
    return Request.model_validate(dumped) if chosen else request


def way_said(relation: str) -> str:
    """A relationship as a question may name it: "sale vehicle" for sale_vehicle."""
    return " ".join(split(relation))


def named_way(question: str, schema: Schema) -> tuple[str, str | None]:
    """The question without "(through the sale's vehicle)" at its end, and the relationship that this names."""
    match = _THROUGH.search(question)
    names = {way_said(r.name): r.name for r in schema.model.relationships}
    return (question[: match.start()], names[match[1]]) if match and match[1] in names else (question, None)


def through(request: Request, way: str, schema: Schema) -> Request:
    """The request with what the relationship leads to read over it."""
    one = next(r.one for r in schema.model.relationships if r.name == way)
    far = {one} | {d.name for d in schema.model.datasets if schema.belongs_to(one, d.name)}
    dumped = request.model_dump(mode="json")
    for name in far:
        dumped = _rewritten(dumped, name, way)
    return Request.model_validate(dumped)


def _said(relations: list[Relationship], said: set[str]) -> Relationship | None:
    """The one of which a word was said that is not the others', too."""
    words = {r.name: _words(r) for r in relations}
    scores = {
        r.name: sum(
            0.4 if word in _WEAK else 1.0
            for word in said & (words[r.name] - set().union(*(w for n, w in words.items() if n != r.name)))
        )
        for r in relations
    }
    best = max(scores.values())
    found = [r for r in relations if scores[r.name] == best]
    return found[0] if best > 0 and len(found) == 1 else None


def _by_verb(relations: list[Relationship], said: set[str]) -> Relationship | None:
    """ "received", where there is a payer and a payee."""
    for verbs, roles in (("taking", "paid_roles"), ("giving", "paying_roles")):
        if said & LISTS[verbs]:
            found = [r for r in relations if _words(r) & LISTS[roles]]
            return found[0] if len(found) == 1 else None
    return None


def _usual(many: str, one: str, relations: list[Relationship], schema: Schema) -> Relationship | None:
    """Of payments between people and those who sell to them: people pay, and sellers are paid."""
    parties = {r.one for r in schema.model.relationships if r.many == many and r.name in _roles(many, schema)}
    sells = {p for p in parties if schema.noun(p) & LISTS["sellers"]}
    if schema.amount(many) is None or not sells or not any(schema.is_person(p) for p in parties - sells):
        return None
    wanted = LISTS["paid_roles"] if one in sells else LISTS["paying_roles"]
    found = [r for r in relations if _words(r) & wanted]
    return found[0] if len(found) == 1 else None


def _roles(many: str, schema: Schema) -> set[str]:
    """The relationships of which several lead to one and the same thing."""
    ways = [r for r in schema.model.relationships if r.many == many]
    return {r.name for r in ways if sum(w.one == r.one for w in ways) > 1}


def _words(relation: Relationship) -> set[str]:
    own = [*split(relation.name), *(w for f in relation.many_fields for w in split(f))]
    own += [w for s in relation.synonyms for w in s.split()]
    return ({lemma(w) for w in own} | set(own)) - _NONE


def _bases(request: Request, schema: Schema) -> set[str]:
    found = {d for c in request.measures for d in schema.datasets_of(c.measure)}
    return found | ({request.dataset} if request.dataset else set())


def _rewritten(node: Any, one: str, way: str) -> Any:
    """Fields of the dataset, reached over the relationship."""
    if isinstance(node, dict):
        if node.get("kind") in ("aggregate", "exists"):
            keep = node.get("kind") == "exists" and node.get("dataset") == one
            return node if keep else {k: v if k == "of" else _rewritten(v, one, way) for k, v in node.items()}
        return {k: v if k == "value" else _rewritten(v, one, way) for k, v in node.items()}
    if isinstance(node, list):
        return [_rewritten(v, one, way) for v in node]
    if isinstance(node, str) and node.startswith(f"{one}."):
        return f"{one}@{way}.{node.removeprefix(one + '.')}"
    return node


def _counted_there(node: Any, many: str, one: str, relation: Relationship) -> Any:
    """How many users sent: those that the sent rows name."""
    if isinstance(node, dict):
        if node.get("kind") == "aggregate" and node.get("agg") == "count" and node.get("dataset") == one:
            return {**node, "agg": "count_distinct", "of": f"{many}.{relation.many_fields[0]}", "dataset": many}
        return {k: _counted_there(v, many, one, relation) for k, v in node.items()}
    return [_counted_there(v, many, one, relation) for v in node] if isinstance(node, list) else node


def _via(node: Any, many: str, one: str, way: str) -> Any:
    """Related rows over the relationship, and what is said of them and of the row itself over the same."""
    if isinstance(node, dict):
        made = {k: _via(v, many, one, way) for k, v in node.items()}
        if made.get("kind") == "exists" and made.get("dataset") == many and not made.get("via"):
            made |= {"via": way, "where": _rewritten(made["where"], one, way)}
        return made
    return [_via(v, many, one, way) for v in node] if isinstance(node, list) else node
