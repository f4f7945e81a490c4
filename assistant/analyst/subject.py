"""Who is asked about, what is to be returned of them, and what they have or lack."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.analyst.filters import bound_on_rows, choose, event_of
from assistant.analyst.items import Item, codes
from assistant.analyst.reduce.reads import Cond, Group, HavingRead, MeasureRead, measure_of, said_as_id
from assistant.analyst.relations import IS_NOT, relate, undone
from assistant.analyst.roles import Parts, dataset_of, subject_dataset
from assistant.analyst.schema import Schema
from knowledge.request import Aggregate, Compare, Condition, FieldColumn, Request, SubResult

_KINDS = {"d": "dataset", "f": "field"}
_HEADS = [
    re.compile(p)
    for p in (
        r"(?:^|[;l&])q[hNCOu&]*([df])",  # which (of the top 5) stores …
        r"^[l&Ou]*([df])[hCqj]*N",  # customers with the most …
        r"N[OC]*([df])",  # top 5 (Chicago) stores
        r"^[l&OuaNCVzKqgw]*([df])",  # (list) customers …
    )
]

_OF_THE_FIRST = re.compile(
    r"[lqu]*(?P<shown>f(?:[&u]+f)*)O"
    r"(?:N[OC]*(?P<ranked>d)|N(?P<kind>C)|(?P<thing>d)C*(?P<has>h?)N|(?P<some>d)[qhj]*H)"
)
"""What is shown of the one thing that is first: "the town of the guide with the most tours"."""


def find_subject(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """Give the nouns that are left their roles: subject, returned columns, measures, and what must be there or not."""
    row = codes(items)
    if parts.subject is None:
        _head(items, row, parts, taken, schema)
    if parts.subject is None and not any(i.code in "mMcdf" for i in items):
        _of_a_value(items, row, parts, schema)
    _top_of_others(items, row, parts, taken)
    _returned(items, row, parts, taken)
    _listed_instead(items, parts, taken, schema)
    relate(items, parts, taken, schema)
    _of_each_kind(items, row, parts, taken, schema)
    _absent(items, parts, taken, schema)
    _rest(items, parts, taken, schema)
    parts.idle += 10 if undone(items, parts, schema) else 0


def _take(n: int, items: list[Item], parts: Parts, taken: set[int]) -> None:
    taken.add(n)
    if parts.subject is None:
        parts.subject = Group(_KINDS[items[n].code], items[n].data, as_id=said_as_id(items[n].text))


def _head(items: list[Item], row: str, parts: Parts, taken: set[int], schema: Schema) -> None:
    among = re.match(r"O([d])C*&?M", row)
    if among and items[0].text.lower() in ("for", "among", "of"):
        taken.add(among.start(1))  # "for users in Texas, how many …": of these, not of each
        return
    if _of_the_first(items, row, parts, taken, schema) or _of_players(items, row, parts, taken, schema):
        return
    for pattern in _HEADS:
        match = pattern.search(row)
        if match and match.start(1) not in taken:
            _take(match.start(1), items, parts, taken)
            return
    if parts.top or parts.havings or parts.rank:
        found = next((n for n, i in enumerate(items) if i.code in "df" and n not in taken), None)
        if found is not None and not _only_bounded(found, items, row, parts, schema):
            _take(found, items, parts, taken)


def _only_bounded(n: int, items: list[Item], row: str, parts: Parts, schema: Schema) -> bool:
    """ "the average pay of guides older than 30": one figure over those whose own age is, not one for each."""
    if (
        parts.top
        or items[n].code != "d"
        or not re.match(r"[lqu]*M+(?:&M)*O?d[hjq]*H", row)
        or row[n + 1 :].count("H") > 1
    ):
        return False
    bounds = [(h, bound_on_rows(h, str(items[n].data), schema) if h.field else None) for h in parts.havings]
    if not all(bound for _, bound in bounds):
        return False
    parts.filters.conditions += [Cond(((h.field, bound),), text=items[n].text) for h, bound in bounds if bound]
    parts.filters.mentioned.update(schema.owner(h.field) for h, _ in bounds if h.field)
    parts.havings = []
    return True


def _of_the_first(items: list[Item], row: str, parts: Parts, taken: set[int], schema: Schema) -> bool:
    """ "the town and the age of the guide with the most tours", "the weight of the youngest dog": of that one, rather
    than of all that share its town or weight."""
    match = _OF_THE_FIRST.match(row)
    if match is None or parts.groups:
        return False
    at = max(match.start(name) for name in ("thing", "ranked", "kind", "some"))
    link = items[match.start("has")].text.lower() if match["has"] else "with"
    if at in taken or not re.match(r"with|hav|that|which|who", link):
        return False
    if match["some"] and not schema.is_person(str(items[at].data)):
        return False  # "the categories of products with over 20 sales": of those categories, as like as not
    if match["kind"]:
        reference = items[at].data.options[0][0]
        if not reference:
            return False
        parts.subject = Group("dataset", schema.owner(reference))
    else:
        _take(at, items, parts, taken)
    shown = [n for n in range(match.start("shown"), match.end("shown")) if items[n].code == "f"]
    parts.outputs = [items[n] for n in shown]
    taken.update(shown)
    return True


def _of_players(items: list[Item], row: str, parts: Parts, taken: set[int], schema: Schema) -> bool:
    """ "the names of members by points", where the members' names are told of the people that they are."""
    match = re.match(r"[lqu]*(f(?:[&u]+f)*)O(d)", row)
    thing = str(items[match.start(2)].data) if match else ""
    who = schema.who_it_is(thing) if match else None
    ordered = parts.order_field is not None and schema.owner(parts.order_field) == thing  # each row, in that order
    if match is None or not (who or ordered) or parts.groups:
        return False
    shown = [n for n in range(match.start(1), match.end(1)) if items[n].code == "f"]
    if any(schema.owner(str(items[n].data)) not in (who, thing) for n in shown):
        return False
    _take(match.start(2), items, parts, taken)
    parts.outputs = [items[n] for n in shown]
    taken.update(shown)
    return True


def _of_a_value(items: list[Item], row: str, parts: Parts, schema: Schema) -> None:
    """ "list the sales consultants": those who have the value, where they are things with names of their own."""
    match = re.match(r"[lqNOu&]+(C)", row)
    if match is None:
        return
    reference = items[match.start(1)].data.options[0][0]
    owner = schema.owner(reference) if reference else None
    if owner and schema.model.dataset(owner).name_field not in (None, reference.rpartition(".")[2]):
        parts.subject = Group("dataset", owner)


def _top_of_others(items: list[Item], row: str, parts: Parts, taken: set[int]) -> None:
    """ "the store with the most orders": what is counted is not who is asked about."""
    if parts.top is None or parts.top.measure or parts.subject is None or parts.top.about in ("time", "price"):
        return
    for at in (match.start(1) for match in re.finditer("NC*(d)", row)):
        noun = items[at]
        if at not in taken and noun.data != parts.subject.target:
            counted = MeasureRead(Aggregate(agg="count", dataset=noun.data), (noun.data,))
            parts.top = replace(parts.top, measure=counted)
            taken.add(at)
            return


def _returned(items: list[Item], row: str, parts: Parts, taken: set[int]) -> None:
    """A list of things to return: nouns joined by "and" from the subject on, or after a closing "return …", or in
    parentheses after the subject."""
    late = [m.start() for m in re.finditer("l", row) if m.start() and _is_an_order(m.start(), items)]
    start = next(
        (n for n in sorted(taken) if parts.subject and items[n].code in "df" and items[n].data == parts.subject.target),
        None,
    )
    if late and (chain := re.match(r"l[O&ul]*((?:[dfmMgt][O&uqj]*)+)", row[late[-1] :])):
        offset = late[-1]
    elif start is not None:
        chain, offset = re.match(r"((?:[dfmM][&u]+)+[dfmM])", row[start:]), start
        if start + 1 < len(items) and items[start + 1].before.startswith("("):
            chain, offset = re.match(r"((?:[fmM]&*)+)", row[start + 1 :]), start + 1
    else:
        return
    if chain:
        span = range(offset + chain.start(1), offset + chain.end(1))
        parts.outputs = [items[n] for n in span if items[n].code in "dfmM"]
        taken.update(n for n in span if items[n].code in "dfmM")


def _is_an_order(n: int, items: list[Item]) -> bool:
    """What is to be shown beside what the question is about: after its start, or made by a rule."""
    return n > 2 or items[n - 1].code == ";" or items[n].start == items[n].end


def _listed_instead(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "How many riders have passes? Return the name and the number of passes": each rider, not how many there are."""
    first = next((n for n, i in enumerate(items) if i.code == "M" and n not in taken and i.data.counted), None)
    thing = items[first].data.counted if first is not None else None
    if first is None or parts.subject is not None or parts.top or parts.groups or thing is None:
        return
    entry = schema.model.dataset(thing)
    called = {f"{thing}.{name}" for name in (*entry.primary_key, entry.name_field)}
    others = [i.data for i in parts.outputs if i.code == "M"]
    named = any(i.code == "f" and i.data in called for i in parts.outputs)
    if named and others and all(o.measure != items[first].data.measure for o in others):
        parts.subject = Group("dataset", thing)
        taken.add(first)


_SEVERAL_KINDS = re.compile(r"(d)[hqjO]*([HC])&+(d)[hqjO]*([HC])")


def _of_each_kind(items: list[Item], row: str, parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "which towns have both huts with over 50 beds and huts with under 10?": towns with one and with another, where
    no hut is both."""
    match, subject = _SEVERAL_KINDS.search(row), parts.subject
    if match is None or subject is None or subject.kind != "field" or parts.measures or parts.top:
        return
    owner = schema.owner(str(subject.target))
    nouns = [items[match.start(n)] for n in (1, 3)]
    if any(noun.data != owner for noun in nouns) or items[match.start(3)].before.split()[-1:] == ["the"]:
        return
    found: list[Condition] = []
    field: str | None = None
    for said in (items[match.start(2)], items[match.start(4)]):
        if said.code == "H":
            field = said.data.field or field  # "above age 40 … and below 30"
            bound = bound_on_rows(replace(said.data, field=field), owner, schema)
        else:
            reference, bound, _ = choose(said.data, [owner], schema)
            bound = bound if reference and schema.owner(reference) == owner else None
        if bound is None:
            return
        of_those = Request(columns=[FieldColumn(field=str(subject.target))], dataset=owner, where=[bound])
        found.append(Compare(field=str(subject.target), op="in", value=SubResult(request=of_those)))
    said_of = [items[match.start(n)] for n in (2, 4)]
    parts.havings = [h for h in parts.havings if all(h is not i.data for i in said_of)]
    kept = [c for c in parts.filters.conditions if all(i.code != "C" or c.text != i.data.text for i in said_of)]
    parts.filters.conditions[:] = kept
    parts.filters.plain += found
    parts.distinct = True
    taken.update(range(match.start(), match.end()))


def _absent(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """ "customers without orders", "who never bought wine", "products that were not sold" """
    subject = subject_dataset(parts, schema) or next(
        (r.counted for i in items if i.code == "M" and (r := i.data).counted), None
    )
    for n, item in enumerate(items):
        if item.code != "z" or n in taken:
            continue
        verb = used = False
        for m in range(n + 1, min(n + 5, len(items))):
            other = items[m]
            if other.code == "C":
                _negate(other, parts)
                used = True
                break
            if other.code == "d" and m == n + 1 and IS_NOT.fullmatch(item.text) and other.before in ("a", "an"):
                break  # "users that are not a merchant": what they are, not what they have
            if other.code == "d" and other.data == subject and m == n + 1:
                continue  # "sailings …, excluding sailings with calls"
            if other.code == "d" and other.data != subject:
                parts.filters.absent.append(str(other.data))
                taken.add(m)
                used = True
                break
            if other.code == "j":
                verb = True
                target = dataset_of(other, schema)
                if target and target != subject and not any(i.code in "Cd" for i in items[m + 1 : m + 3]):
                    parts.filters.absent.append(target)
                    verb, used = False, True
                    break
            elif other.code not in "Ohuq":
                break
        negated = any(c.negated for c in parts.filters.conditions)
        if verb and subject and not parts.filters.absent and not negated and schema.children(subject):
            parts.filters.absent.append(_usual_event(subject, schema))
            used = True
        if not used and not negated:
            parts.idle += 10  # a "not" that nothing heeds changes the answer


def _usual_event(subject: str, schema: Schema) -> str:
    nearest = schema.children(subject)
    timed = [c for c in nearest if schema.time_of(c)]
    return (timed or nearest)[0]


def _negate(item: Item, parts: Parts) -> None:
    for n, cond in enumerate(parts.filters.conditions):
        if cond.text == item.data.text and not cond.negated:
            there = [c for _, c in cond.options if isinstance(c, Compare) and c.op == "not_null"]
            lacks = tuple((r, Compare(field=c.field, op="is_null")) for r, c in cond.options if isinstance(c, Compare))
            parts.filters.conditions[n] = (
                replace(cond, options=lacks)
                if len(there) == len(cond.options)
                else replace(cond, negated=True, split=False)
            )


def _rest(items: list[Item], parts: Parts, taken: set[int], schema: Schema) -> None:
    """What is left: measures, fields to return, and things that the subject must have ("customers who placed
    orders")."""
    base = subject_dataset(parts, schema)
    for n, item in enumerate(items):
        if n in taken:
            continue
        left = items[n - 1].code if n else ""
        if item.code in "Mm":
            read = measure_of(item, schema)
            counting = next((r.counted for r in parts.measures if r.counted), None)
            done = dataset_of(item, schema) if item.code == "m" else None
            if counting and done and left in ("M", "j", "h") and done in schema.children(counting) and done != counting:
                added_up = schema.model.metric(str(item.data)).sql.lstrip().upper().startswith("SUM")
                if read and added_up and read.measure != schema.usual_measure(counting):
                    some = HavingRead(read.measure, ">", 0.0, dataset=done)  # "baskets with a discount": of some size
                    parts.havings.append(some)
                else:
                    parts.filters.present.append(done)
                continue
            if read:
                parts.measures.append(read)
                base = base or read.counted
        elif item.code == "f":
            if parts.subject and not parts.outputs and left in ("O", "h", "&", "l", "q", "d", "j"):
                parts.outputs.append(item)
            elif schema.is_number(item.data) and not parts.outputs:
                read = measure_of(item, schema)
                if read:
                    parts.measures.append(read)
            elif parts.outputs and left == "&":
                parts.outputs.append(item)
            else:
                parts.idle += 1
        elif item.code == "d" and left == "j" and base and not parts.top and _done_to(item, base, schema):
            parts.filters.present.append(_done_to(item, base, schema) or "")
        elif (
            item.code == "d"
            and (base := base or next((r.counted for r in parts.measures if r.counted), None))
            and item.data != base
            and item.data in schema.children(base)
            and not parts.top
        ):
            counted = parts.subject is None or parts.subject.kind == "dataset"
            if (
                counted
                and not parts.groups
                and left in ("j", "h", "u", "")
                and not any(h.dataset for h in parts.havings)
            ):
                parts.filters.present.append(str(item.data))


def _done_to(item: Item, base: str, schema: Schema) -> str | None:
    """The happenings that tie a thing to the subject: households *received* campaigns by mailings."""
    if item.data == base or item.data in schema.children(base) or schema.belongs_to(base, str(item.data)):
        return None
    return event_of(base, [str(item.data)], schema)
