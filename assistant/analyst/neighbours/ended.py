"""What has happened to things and what has not yet: "passes that have ended", "unresolved tickets", "still open",
"loans returned in May". A status says so, a flag, or the time at which it happened, which is missing until it does."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item, rows_of
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.adjectives import value_of
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.neighbours.standing import standing, still_open
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import All, Compare, Condition
from knowledge.request import Any as AnyOf
from knowledge.words import lemma, listed

_NOW = frozenset(["current", "currently", "existing", "live", "ongoing", "active"])
_FORMER = frozenset(["former", "past", "previous", "ex", "departed"])
_ACTIVE = frozenset(["active", "current", "ongoing", "live", "open"])
_RUNNING = frozenset(["running", "ran", "active", "live", "ongoing", "on", "underway", "in effect", "in force"])
_OPEN, _OVER, _ENDS = LISTS["still_open"], LISTS["over"], LISTS["ends"]
_COPULAS = LISTS["copulas"]


def open_ones(items: list[Item], schema: Schema) -> list[Item]:
    """ "open matters", where a column says when each was opened: those that still are."""
    made: list[Item] = []
    for item in items:
        first, _, rest = item.text.lower().partition(" ")
        owner = schema.owner(str(item.data)) if item.code == "f" and schema.is_time(str(item.data)) else None
        if owner is None or first not in _OPEN or lemma(rest) not in schema.noun(owner):
            made.append(item)
            continue
        word = replace(item, code="j", end=item.start + 1, text=first, options=())
        rows = rows_of(owner, item.start + 1, item.end, item.text.partition(" ")[2], 0.95)
        made += [word, rows]
    return made


def happened(items: list[Item], schema: Schema) -> list[Item]:
    """A word for what happens to a thing, where it is known when: the time that a period is of, or what months it is
    told by; else whether it has happened."""
    row, made = list(items), []
    for n, item in enumerate(items):
        thing = _thing(items, n, schema) if item.code in ".fjvR" else None
        made.append(row[n])
        if thing is None or _does_it(items, n, thing, schema) or _is_share(items, n, thing, schema):
            continue
        left = items[n - 1] if n else None
        if _planned_for(items, n, thing, schema):
            made[-1] = replace(item, code="O", data=None, options=())
            continue
        time = _time_of(item.text.lower(), thing, schema) or _when_held(item, thing, schema)
        never = left is not None and left.code == "z" and time is not None and schema.field(time).nulls > 0
        if _said_of(item, thing, schema) and not never and not _done_then(items, n, thing, schema):
            continue
        if time is not None and _over_in_time(items, n):  # "closed cases this year": by when they were
            done = Compare(field=time, op="not_null")
            made[-1:] = [_as_condition(item, time, done, False)] if schema.field(time).nulls > 0 else []
            row[n + 2] = replace(items[n + 2], extra={**items[n + 2].extra, "time": time})
            continue
        told = _times_after(items, n)
        codes = "".join(i.code for i in items[told[0] : told[0] + 3]) if told else ""
        compared = 3 if codes == "wVw" else 2 if codes.startswith("wx") else 0
        if told and time is not None and compared:  # "left in May compared with June": in each, by that time
            made.pop()
            for at in (told[0], told[0] + compared - 1):
                row[at] = replace(items[at], extra={**items[at].extra, "time": time})
        elif told and time is not None:
            made[-1] = _at(item, time, thing, schema)
            others = any(i.code in "dmM" and thing not in linked_datasets(i, schema) for i in items[:n])
            if told[0] > n + 1 or items[told[0]].code != "w" or others:
                row[told[0]] = replace(items[told[0]], extra={**items[told[0]].extra, "time": time})
        elif not told and (said := _whether(item, left, time, thing, schema)) is not None:
            if left is not None and left.code == "z":
                made.pop(-2)
            made[-1] = said
    return made


def _planned_for(items: list[Item], n: int, thing: str, schema: Schema) -> bool:
    """ "visits booked *for* next week", where it is kept apart when they were booked: those that take place then."""
    after = items[n + 1] if n + 1 < len(items) else None
    said = after is not None and after.code == "w" and after.text.lower().startswith("for ")
    word, takes_place = lemma(items[n].text.lower()), schema.time_of(thing)
    if not said or word not in ("book", "schedule", "reserve", "arrange", "plan") or takes_place is None:
        return False
    return word not in schema.forms_of(takes_place)


def _is_share(items: list[Item], n: int, thing: str, schema: Schema) -> bool:
    """ "what percentage of visits were cancelled in May": of the visits in May, rather than of those cancelled then."""
    said = n > 1 and items[n - 2].code == "S" and items[n - 1].code == "d" and items[n].code == "v"
    return said and _said_of(items[n], thing, schema)


def _over_in_time(items: list[Item], n: int) -> bool:
    ahead = "".join(i.code for i in items[n + 1 : n + 3])
    return items[n].code in "jf" and items[n].text.lower() in _OVER and ahead == "dw" and not items[n + 1].before


def _done_then(items: list[Item], n: int, thing: str, schema: Schema) -> bool:
    """ "finished in May", "finished on weekends", where a state is called so, too: when it was, where that is known."""
    after = items[n + 1] if n + 1 < len(items) else None
    said = items[n].code == "v" and items[n].text.lower().endswith("ed") and after is not None and after.code in "wt"
    return said and _time_of(items[n].text.lower(), thing, schema) is not None


def _does_it(items: list[Item], n: int, thing: str, schema: Schema) -> bool:
    """ "which mechanic *finished* the most jobs": somebody does it, to something else."""
    after = items[n + 1] if n + 1 < len(items) else None
    plain = n > 0 and items[n - 1].code == "d" and not items[n].before and schema.is_person(thing)
    return plain and after is not None and (after.code in "sTnN" or (after.code == "d" and after.data != thing))


def _times_after(items: list[Item], n: int) -> list[int]:
    """Where periods and grains follow that a verb may be about: "closed in May", "closed in each month"; not those of
    another verb."""
    after = n + 1
    if items[n].before or after >= len(items) or items[after].code in "wgt":
        found = "".join(i.code for i in items[after : after + 4])
        at = next((m for m, code in enumerate(found) if code in "wgt"), None)
        return [after + at] if at is not None and not set(found[:at]) - set("y&OCdv") else []
    return []


def _thing(items: list[Item], n: int, schema: Schema) -> str | None:
    """What a word is said of: the noun just after it ("open *reports*"), else the last one before it, where it is said
    as a predicate ("reports that are still *open*")."""
    item = items[n]
    for m in range(n + 1, len(items)):
        if item.code == "j" and items[m].code in "snT" and not items[m].before:
            continue  # "have *closed* the most tickets"
        if items[m].before or items[m].code not in "dmv":
            break
        if items[m].code in "dm":
            return items[m].dataset
    left = items[n - 1] if n else None
    beside = left is not None and left.code in "dm" and not item.before
    if not (_is_predicate(item, left) or beside):
        return None
    noun = next((i for i in reversed(items[:n]) if i.code in "dm"), None)
    return noun.dataset if noun is not None else None


def _is_predicate(item: Item, left: Item | None) -> bool:
    said = set(item.before.split()) & _COPULAS
    return bool(said) or (left is not None and left.code in "hz" and not item.before)


def _said_of(item: Item, thing: str, schema: Schema) -> bool:
    """The word is a value, or a field that is no time, of the thing itself."""
    if item.code == "v":
        return any(schema.owner(m.field) == thing for m in item.data)
    return item.code == "f" and schema.owner(str(item.data)) == thing and not schema.is_time(str(item.data)) \
        and not schema.is_flag(str(item.data))  # fmt: skip


def _time_of(word: str, thing: str, schema: Schema) -> str | None:
    """The time at which that happened to the thing."""
    stem = lemma(word.removeprefix("un")) if word.endswith("ed") else lemma(word)
    for time in schema.times(thing):
        if stem in schema.forms_of(time) - LISTS["date_words"] or set(word.split()) <= schema.noun_of(time):
            return time
    return None


def _when_held(item: Item, thing: str, schema: Schema) -> str | None:
    """When a thing happens that is said to: "performances held in May"."""
    own = schema.model.dataset(thing).default_time
    return f"{thing}.{own}" if own and lemma(item.text.lower()) in _HAPPEN else None


_HAPPEN = frozenset(["happen", "occur", "hold", "stage", "run"])


def _at(item: Item, time: str, thing: str, schema: Schema) -> Item:
    if time == schema.time_of(thing):
        return replace(item, code="j", options=())
    link = Link("field", time, 0.95, True)
    return replace(item, code="f", data=time, score=0.95, options=(link,))


def _whether(item: Item, left: Item | None, time: str | None, thing: str, schema: Schema) -> Item | None:
    """The condition that it has, or has not, happened; what all of them have gone through is no condition."""
    word = item.text.lower()
    negated = left is not None and left.code == "z"
    flag = next((o.target for o in item.options if o.kind == "field" and schema.owner(o.target) == thing
                 and schema.is_flag(o.target)), None)  # fmt: skip
    if flag is not None and _is_predicate(item, left):
        there = schema.has_some(flag, plural=False)
        return _as_condition(item, flag, there, negated) if there is not None else None
    open_now = word in _OPEN or (word.startswith("un") and lemma(word[2:]) in _ENDS)
    over = word in _OVER
    if open_now or over:
        time = (time if word.startswith("un") else None) or end_of(thing, schema)
    elif not word.endswith(("ed", "en", "n", "own", "t", "d")):
        return None
    if time is None or schema.field(time).nulls == 0 or time == schema.time_of(thing):
        stands = still_open(thing, schema) if open_now and not word.startswith("un") else None
        return _as_condition(item, *stands, negated) if stands is not None else None
    missing = (open_now or word.startswith("un")) != negated
    return _as_condition(item, time, Compare(field=time, op="is_null" if missing else "not_null"), False)


def _as_condition(item: Item, field: str, condition: Condition, negated: bool) -> Item:
    cond = Cond(((field, condition),), negated, text=item.text)
    return replace(item, code="C", data=cond, score=0.95, options=())


def end_of(dataset: str, schema: Schema) -> str | None:
    """When something of the dataset ended, where not all of it has."""
    empty = [t for t in schema.times(dataset) if schema.field(t).nulls > 0 and t != schema.time_of(dataset)]
    said = {t: " ".join((*schema.noun_of(t), *schema.field(t).synonyms)).lower().split() for t in empty}
    said = {t: words for t, words in said.items() if "trial" not in words}  # it goes on after that
    return next((t for t in said if {*said[t], *map(lemma, said[t])} & _ENDS), None)


def running(items: list[Item], schema: Schema) -> list[Item]:
    """ "campaigns running in May": those that had begun before it was over, and had not ended before it began."""
    for n in range(1, len(items) - 1):
        thing, word, when = items[n - 1 : n + 2]
        if word.text.lower() not in _RUNNING or when.code != "w" or thing.code not in "dm" or thing.dataset is None:
            continue
        window, begin = when.data.window, schema.time_of(thing.dataset)
        ends = [t for t in schema.times(thing.dataset) if t != begin and {*map(lemma, schema.noun_of(t))} & _ENDS]
        if begin is None or schema.owner(begin) != thing.dataset or not ends or window is None:
            continue
        begun = Compare(field=begin, op="<", value=window.end) if window.end else None
        over = Compare(field=ends[0], op=">=", value=window.start) if window.start else None
        still = AnyOf(of=[over, Compare(field=ends[0], op="is_null")]) if over else None
        told = [(begin, begun), (ends[0], still)]
        said = [
            replace(when, code="C", data=Cond(((field, c),), text=f"{word.text} {when.text}"), extra={})
            for field, c in told
            if c is not None
        ]
        return [*items[:n], *said, *items[n + 2 :]]
    return items


def current(items: list[Item], schema: Schema) -> list[Item]:
    """ "current subscriptions", "our rent at the moment": of what is active, where rows say so."""
    made: list[Item] = []
    for n, item in enumerate(items):
        now = item.code == "." and item.text.lower() in _NOW
        after = items[n + 1] if n + 1 < len(items) else None
        if now and after is not None and after.code == "v" and set(item.before.split()) & _COPULAS and not after.before:
            continue  # "are currently frozen": as they are said to be
        noun = after if after is not None and after.code in "dfm" and not after.before else None
        noun = noun or next((i for i in reversed(items[:n]) if i.code in "dfm"), None)
        owner = next(iter(linked_datasets(noun, schema)), None) if noun is not None and now else None
        active = value_of(owner, _ACTIVE, item, schema) if owner else None
        kind = after is not None and after.code == "v" and after.data and not after.before
        whose = schema.owner(after.data[0].field) if kind and after is not None else None  # "current drivers"
        whose = str(noun.data) if noun is not None and noun is after and noun.code == "d" else whose
        if active is None and whose:
            former = item.text.lower() in _FORMER
            end = end_of(whose, schema) if now or (former and item.code == ".") else None
            if end is not None:  # nothing says that they are active, but when each of the others ended
                ended = Compare(field=end, op="not_null" if former else "is_null")
                cond = Cond(((end, ended),), text=item.text)
                made.append(replace(item, code="C", data=cond, score=0.9, options=()))
                continue
        if active is None and now and item.text.lower() != "active" and noun is not None and noun is not after:
            continue  # "how many are there right now": as things are
        made.append(replace(item, code="v", data=(active,), score=active.score) if active else item)
    return made


def on_our_books(items: list[Item], schema: Schema) -> list[Item]:
    """ "how many drivers do we have": those who have not left, where the leavers are still listed."""
    for n in range(2, len(items)):
        who, have = items[n - 1], items[n]
        ours = have.code in "hj" and have.text.lower() in ("have", "employ") and have.before == "do we"
        of = (
            str(who.data)
            if who.code == "d"
            else schema.owner(who.data[0].field)
            if who.code == "v" and who.data
            else ""
        )
        there = bool(of) and (schema.is_person(of) or schema.noun(of) & listed("joins", "served"))
        if not ours or not there or items[0].code != "c":
            continue
        end = end_of(of, schema)
        if end is not None and not any(i.code in "wgx" for i in items):
            cond = Cond(((end, Compare(field=end, op="is_null")),), text="do we have")
            return [*items[:n], replace(have, code="C", data=cond, score=0.9, options=(), before=""), *items[n + 1 :]]
    return items


def undone(items: list[Item], schema: Schema) -> list[Item]:
    """ "unresolved tickets", "unpaid bills", where it is known when or whether they were: those that have not been."""
    made = list(items)
    for n, item in enumerate(items):
        word = item.text.lower().replace("-", "")
        if item.code not in ".j" or not _UNDONE.fullmatch(word):
            continue
        flag = items[n - 2] if n > 1 and items[n - 1].code == "V" else None
        if flag is not None and flag.code == "f" and schema.is_flag(str(flag.data)) and flag.text.lower() == word[2:]:
            by = Item("y", flag.start, flag.start, "by")  # "furnished vs unfurnished rent"
            return [*items[: n - 2], *items[n + 1 :], by, replace(flag, before="")]
        near = [d for i in items[max(0, n - 2) : n + 2] if i.code in "dfm" for d in linked_datasets(i, schema)]
        found = next((f for d in near if (f := undone_of(d, word[2:], schema))), None)
        if found is not None:
            made[n] = replace(item, code="C", data=Cond((found,), text=item.text), score=0.95, options=())
    return made


_UNDONE = re.compile(r"un\w+ed|unpaid|unsold|unsent|unread|unseen|unmade|undone|unmet|unspent|unwritten|unbuilt|unmet")


def undone_of(dataset: str, done: str, schema: Schema) -> tuple[str, Condition] | None:
    """That what a participle says has not been done with a row: a flag that says no, or a time that is missing."""
    stem = lemma(done)
    for field in schema.model.dataset(dataset).fields:
        reference = f"{dataset}.{field.name}"
        if not schema.forms_of(reference) & {done, stem}:
            continue
        if field.type == "boolean":
            return reference, _and(Compare(field=reference, op="=", value=False), standing(dataset, schema))
        if field.nulls > 0 and (schema.is_time(reference) or schema.is_number(reference)):
            return reference, _and(Compare(field=reference, op="is_null"), standing(dataset, schema))
    return None


def _and(condition: Condition, others: list[Condition]) -> Condition:
    return All(of=[condition, *others]) if others else condition


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
            time = next((t for t in empty if said & schema.forms_of(t)), None)
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
