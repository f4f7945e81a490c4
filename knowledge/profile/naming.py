"""What tables, columns and joins are called by people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from knowledge.model import ModelField, Relationship
from knowledge.profile.columns import Table, TableFacts, field_name
from knowledge.profile.joins import Join
from knowledge.profile.likeness import Naming, lengthened
from knowledge.profile.roles import roles_played
from knowledge.profile.sayings import happenings, limits_said
from knowledge.words import (
    is_english,
    is_header,
    label,
    lemma,
    listed,
    other_names,
    other_spellings,
    plural,
    rows,
    singular,
    spell,
    split,
    synonyms,
    table_pieces,
    without,
)

_OFTEN = frozenset(["daily", "weekly", "monthly", "hourly", "yearly"])
_CURRENCIES = frozenset(["usd", "eur", "gbp", "cad", "aud", "jpy", "chf", "inr"])
_ALIKE = 0.7
_SAID_OF_ROWS = frozenset(["type", "status", "reason", "kind", "number", "date", "time", "notes", "outcome", "length"])
_ALSO_OF = frozenset(
    ["property", "location", "site", "premises", "company", "organization", "record", "entity", "request"]
)
_TELLS_APART = 0.5
"""The part of the rows of a table of codes that have a description of their own."""
_LOOKUP = 4
"""A table with no more columns than this may only say what codes mean."""


_SHORT_KEY = 3
"""Letters: what a key is called by is a word, or most of one."""
_MANY_ROWS, _AGAIN = 50, 0.3


def dataset_names(tables: Sequence[TableFacts]) -> dict[Table, str]:
    """A table's own name where it is the only one of that name, else with its schema's."""
    counts = Counter(t.name.lower() for t in tables)
    return {
        t.at: re.sub(r"[.@]", "_", t.name if counts[t.name.lower()] == 1 else f"{t.schema}_{t.name}") for t in tables
    }


def thing(table: TableFacts, shared: Sequence[str]) -> str:
    """What one row of a table is, in the singular: "order", "daily wallet transaction", "class of service"."""
    if not re.fullmatch(r"[A-Za-z][\w ]*", table.name.strip()):
        return label(table.name)
    words = spell(without(table_pieces(table.name), shared), noun=True).lower().split()
    if len(words) > 1 and words[-1] in _OFTEN:
        words = [words[-1], *words[:-1]]
    head = next(
        (n - 1 for n, w in enumerate(words) if w in ("of", "in", "for", "by", "per", "to") and n), len(words) - 1
    )
    return " ".join(singular(w) if n == head else w for n, w in enumerate(words))


def all_things(tables: Sequence[TableFacts], keys: Mapping[Table, Sequence[str]], naming: Naming) -> dict[Table, str]:
    """What a row of each table is. A log of claims holds claims, where no other table does; a table of details beside
    one of heads holds lines of them."""
    said = {t.at: called_as_its_key(thing(t, naming.shared), t, keys[t.at], naming) for t in tables}
    for table in tables:
        words = said[table.at].split()
        core = words[:-1] if len(words) > 1 and words[-1] in listed("tables", "only_kept") else words
        if len(words) > 1 and words[-1] == "code" and _says_what_codes_are(table):
            core = words[:-1]
        if core != words and all(" ".join(core) != other for other in said.values()):
            said[table.at] = " ".join(core)
    counts = Counter(said.values())
    for table in tables:
        pieces = table_pieces(table.name)
        if counts[said[table.at]] > 1 and split(table.name)[-1] in listed("identifiers", "line_tails"):
            said[table.at] += " line"
        elif counts[said[table.at]] > 1 and pieces[0] in ("has", "is", "was") and len(pieces) > 1:
            said[table.at] += " link"  # who has which pet, beside the pets
    return said


def _says_what_codes_are(table: TableFacts) -> bool:
    """A table of codes with what each stands for holds the things, not their codes."""
    return any(split(c.name)[-1] in ("desc", "description", "name", "nm", "title") for c in table.columns)


def called_as_its_key(said: str, table: TableFacts, key: Sequence[str], naming: Naming) -> str:
    """What one row is, its last word spelled as the key spells it: a bkg_chg with a chg_id is a booking charge."""
    pieces, own = table_pieces(table.name), split(key[0]) if len(key) == 1 else []
    if len(own) != 2 or len(pieces) < 2 or own[0] != pieces[-1] or own[1] not in listed("joins", "keys"):
        return said
    spelled, _ = field_label(key[0], naming.prefixes[table.at], naming.shared, table=pieces, shortened=naming.shortened)
    words = spelled.lower().split()
    return " ".join([*said.split()[:-1], words[0]]) if len(words) == len(own) else said


def thing_synonyms(
    said: str, all_things: Sequence[str], fields: Sequence[str], key: Sequence[str] = ()
) -> tuple[str, ...]:
    """Other names of a thing that no other thing has: shorter ones ("transaction" for "daily wallet transaction"),
    what the labels of its `fields` call it ("visit type" of an appointment), and what its `key` does: scholarships
    whose key is award_id are awards, and profs are professors whose key is prof_id."""
    words = said.split()
    tails, kept = listed("tables", "tails"), []
    core = [w for w in words if w not in tails]
    for short in [core[n:] for n in range(len(core))]:
        name = " ".join(short)
        others = [t for t in all_things if t != said and (t == name or t.split()[-1:] == short[-1:])]
        if (
            short
            and name != said
            and not others
            and name not in listed("joins", "general") | {"detail", "data", "info", "role"}
        ):
            kept.append(name)
    if (
        len(core) > 1
        and core[-1] in _ALSO_OF | {"program", "programme", "scheme"}
        and not any(core[0] in t.split() for t in all_things if t != said)
    ):
        kept.append(" ".join(core[:-1]))  # a "hotel property" is a hotel, too
    alike = {word for word, strength in synonyms(said.split()[-1]) if strength >= _ALIKE}
    taken = {word for thing in all_things if thing != said for word in thing.split()}
    own = [first for first, _, last in (f.lower().partition(" ") for f in fields) if last in _SAID_OF_ROWS]
    if len(key) == 1 and len(pieces := split(key[0])) == 2 and pieces[1] in listed("joins", "keys"):
        called = pieces[0]
        named = f"{called} " in " ".join(f.lower() for f in fields if not f.lower().endswith((" id", " key")))
        if len(called) > _SHORT_KEY and called not in taken and not named:
            kept += [called, f"{said} {called}"] if is_english(called) else [called]
    return tuple(dict.fromkeys([*kept, *other_names(said), *(w for w in own if w in alike - taken)]))


def field_label(
    name: str,
    prefix: Sequence[str],
    shared: Sequence[str],
    is_time: bool = False,
    table: Sequence[str] = (),
    shortened: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[str, tuple[str, ...]]:
    """What a column is called, and other names for it that its name or general usage gives."""
    if is_header(name) or not re.search(r"[A-Za-z]", name):
        said = label(name)
        bare = re.sub(r"\s+", " ", re.sub(r"\([^)]*\)|\[[^]]*\]", " ", said)).replace("#", "number").strip(" .")
        spelled = spell(split(bare)) if re.search(r"[A-Za-z]", bare) else ""
        others = [bare, spelled]
    else:
        pieces = split(name)
        own = without(pieces, prefix)
        own = without(pieces, shared) if own == pieces else own
        if len(own) > 1 and own[-1] in _CURRENCIES:
            own = own[:-1]
        while is_time and len(own) > 1 and own[-1] in listed("columns", "time_marks") and own[:-1] != ["date"]:
            own = own[:-1]
        own = lengthened(own, shortened)
        said = spell(own, table=table)
        if is_time and len(own) == 1 and said == own[0]:
            said = spell([*own, "time"]).removesuffix(" time")  # "dep_epoch": what "dep" is short for beside a time
        cut = pieces[len(shared) : len(pieces) - len(own)]
        told = all(is_english(p) or spell([p, "id"]).split()[0] != p for p in cut)
        others = [spell(lengthened(without(pieces, shared), shortened))] if own != pieces and told else []
        if own[-1:] in (["num"], ["cnt"], ["count"]) and len(own) > 1:
            others.append("number of " + plural(spell(own[:-1])))
        others += other_spellings(own)
        if len(own) > 1 and any(len(spell([p]).split()) > 1 for p in own):
            others += [" ".join(own), own[0]]  # initials are said as they are: "APR"
        if is_time and (verb := re.fullmatch(r"(\w+ed)(?: (?:on|at|time|date))?", said)):
            others += [f"{lemma(verb[1])} date", f"date {verb[1]}", f"{verb[1]} date", f"{lemma(verb[1])} time"]
        if is_time and (did := re.fullmatch(r"([\w -]+?)(?: (?:on|at|date|time))?", said.lower())):
            others += [
                f"{noun_said} {of}" for noun_said, done in happenings() if done == did[1] for of in ("date", "time")
            ]
        if is_time and (noun := re.fullmatch(r"([\w -]+?) (?:date|time|timestamp|day)", said.lower())):
            others += [done for noun_said, done in happenings() if noun_said == noun[1]]
    others += [*_each_time(said), *limits_said(said, split(name)), *other_names(said)]
    return said, tuple(dict.fromkeys(o for o in others if o and o.lower() != said.lower()))


_EACH = {"hour": "hourly", "day": "daily", "night": "nightly", "week": "weekly", "month": "monthly", "year": "yearly"}


def _each_time(said: str) -> list[str]:
    """A "rate per night" is a nightly rate, an hourly fee one per hour, an annual salary yearly."""
    if per := re.fullmatch(r"(.+) (?:per|a|each) (hour|day|night|week|month|year)", said.lower()):
        often = [_EACH[per[2]], *(["annual"] if per[2] == "year" else [])]
        return [f"{word} {per[1]}" for word in often]
    first, _, rest = said.lower().partition(" ")
    unit = next((u for u, often in _EACH.items() if first == often or (first, u) == ("annual", "year")), None)
    if unit is None or not rest:
        return []
    return [f"{rest} per {unit}", *(["yearly " + rest] if first == "annual" else [])]


def name_field(
    fields: Sequence[ModelField], said: str, key: Sequence[str], count: int
) -> tuple[str | None, tuple[ModelField, ...]]:
    """The field that names a row for people, and the field made for it where first and last names are apart."""
    texts = [f for f in fields if f.type == "text" and f.role != "foreign_key" and not f.hidden]
    by_label: dict[str, ModelField] = {}
    for field in texts:
        by_label.setdefault(field.label.lower(), field)
        for other in field.synonyms[:1]:
            by_label.setdefault(other.lower(), field)
    words = said.lower().split()
    company = ("company name", "business name", "organization name", "account name")
    described = any(label.split()[-1:] in (["description"], ["label"], ["title"]) for label in by_label)
    own = () if described and said in by_label and by_label[said].name in key else (said,)
    for wanted in ("name", f"{said} name", f"{words[-1]} name", f"{words[0]} name", "full name", *company, *own):
        if wanted in by_label and by_label[wanted].nulls < 1 and not _says_it_again(by_label[wanted], count):
            return by_label[wanted].name, ()
    first = next((by_label[w] for w in ("first name", "forename", "given name") if w in by_label), None)
    last = next((by_label[w] for w in ("last name", "surname", "family name") if w in by_label), None)
    if first and last:
        return "full_name", (_full_name(first, last, fields),)
    for wanted in ("title", f"{said} title", f"{words[-1]} title"):
        if wanted in by_label and by_label[wanted].nulls < 1:
            return by_label[wanted].name, ()
    for wanted in (f"{said} description", f"{words[-1]} description", f"{words[0]} description", "description"):
        found = by_label.get(wanted)
        part = (found.distinct or 0) / count if found and count else 1.0
        if found and found.nulls < 1 and part >= (_TELLS_APART if len(fields) <= _LOOKUP else 0.9):
            return by_label[wanted].name, ()
    for wanted in ("display name", "label", "username", "user name", "nickname", "short name"):
        if wanted in by_label and by_label[wanted].nulls < 1:
            return by_label[wanted].name, ()
    named = [f for f in texts if f.role == "name" and f.nulls < 1 and set(f.label.lower().split()) & {"name", "title"}]
    theirs = [f for f in named if set(f.label.lower().split()) & set(words)]
    distinct = [f for f in named if f.distinct and f.distinct >= 0.8 * count]
    if theirs or distinct:
        return (theirs or distinct)[0].name, ()
    firm = next(
        (by_label[w] for w in ("company", "firm", "business", "organization", "organisation") if w in by_label), None
    )
    if firm and firm.nulls < 1 and firm.distinct and firm.distinct >= _TELLS_APART * count:
        return firm.name, ()
    return _last_resort(texts, key, words)


def _says_it_again(field: ModelField, count: int) -> bool:
    """The same few names on many rows: of what the rows are about, not theirs."""
    return field.role == "category" and count > _MANY_ROWS and (field.distinct or 0) < _AGAIN * count


def told_by(fields: Sequence[ModelField], thing: str) -> tuple[ModelField, ...]:
    """The fields of rows that have no names of their own, where one says what was there, again and again: the
    description of a diagnosis goes by the name of what it describes."""
    tails = ("description", "name", "label", "title")
    wanted = [*(f"{thing} {tail}" for tail in tails), "description"]
    found = next((f for w in wanted for f in fields if f.label.lower() == w and f.role == "category"), None)
    return tuple(replace(f, synonyms=(*f.synonyms, thing)) if f is found else f for f in fields)


def _last_resort(
    texts: Sequence[ModelField], key: Sequence[str], words: Sequence[str]
) -> tuple[str | None, tuple[ModelField, ...]]:
    for field in texts:
        said = field.label.lower().split()
        numbered = (
            field.role in ("code", "key") and said[-1] in ("number", "symbol") and set(said[:-1]) <= {*words, "company"}
        )
        if numbered and field.nulls == 0 and field.name not in key:
            return field.name, ()
    return None, ()


def _full_name(first: ModelField, last: ModelField, fields: Sequence[ModelField]) -> ModelField:
    name = "full_name" if all(f.name.lower() != "full_name" for f in fields) else "whole_name"
    return ModelField(
        name,
        f"concat_ws(' ', {first.sql}, {last.sql})",
        "text",
        "name",
        "full name",
        synonyms=("name",),
        distinct=max(first.distinct or 0, last.distinct or 0),
        samples=tuple(f"{a} {b}" for a, b in zip(first.samples, last.samples, strict=False))[:0],
    )


# --- joins -----------------------------------------------------------------------------------------------------------


def relationships(
    found: Sequence[Join], names: Mapping[Table, str], naming: Naming, things: Mapping[Table, str]
) -> list[Relationship]:
    """Each join named by its role ("customer", "origin airport"), with the verbs that general usage gives it."""
    roles = [_role(join, naming) for join in found]
    counts = Counter(roles)
    used: set[str] = set()
    made: list[Relationship] = []
    for join, said in zip(found, roles, strict=True):
        name = re.sub(r"\W+", "_", said)
        elsewhere = any(r.name == name and r.many != names[join.many] for r in made)
        if elsewhere or (counts[said] > 1 and said == things[join.one]):
            name = re.sub(r"\W+", "_", f"{things[join.many]}_{said}")
        if name in used and said != things[join.one]:
            name = re.sub(r"\W+", "_", f"{said}_{things[join.one]}")
        while name in used:
            name += "_2"
        used.add(name)
        made.append(
            Relationship(
                name,
                names[join.many],
                names[join.one],
                tuple(map(field_name, join.columns)),
                tuple(map(field_name, join.to)),
                one_to_one=join.one_to_one,
                synonyms=_ways_to_say(said, things[join.one], things[join.many]),
                inferred=not join.declared,
            )
        )
    return made


def _role(join: Join, naming: Naming) -> str:
    said, target = naming.columns[join.many, join.columns[0]], naming.columns[join.one, join.to[0]]
    words = list(said.thing)
    if not words or len(words[0]) <= 1 or len(join.columns) > 1 or said.plain == target.plain:
        words = list(naming.tables[join.one])
    return " ".join(words)


def _ways_to_say(said: str, one: str, many: str) -> tuple[str, ...]:
    words = said.split()
    table = one.split()
    role = words[: -len(table)] if words[-len(table) :] == table else words
    ways: list[str] = []
    for key in (said, " ".join(role), words[0]):
        ways += roles_played()[key][0] if key in roles_played() else ()
    ways += _verbs(one, many)
    if many.split()[-1] not in (one, *table):
        doing = lemma(many.split()[-1])
        if many != doing and len(many.split()) == 1:
            ways.append(many)
    return tuple(dict.fromkeys(w for w in ways if w != said))


def _verbs(one: str, many: str) -> list[str]:
    ones, manys = _kinds(one), _kinds(many)
    return [verb for a, b, verbs in _verb_rows() if a in ones and b in manys for verb in verbs]


def _kinds(said: str) -> set[str]:
    """A thing's name, its last word, and their close synonyms."""
    head = said.split()[-1]
    return {said, head, *(w for w, strength in synonyms(head) if strength >= 0.9)}


@cache
def _verb_rows() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple((row["one"], row["many"], tuple(row["words"].split("|"))) for row in rows("verbs.csv"))
