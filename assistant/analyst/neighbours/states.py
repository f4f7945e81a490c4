"""States that only a time or a flag tells: "cats that are still alive", "farms that quit this year", "helpers over 70"
(`knowledge/facts/states.csv`)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from assistant.analyst.english import LISTS
from assistant.analyst.item import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours.names import linked_datasets
from assistant.analyst.reduce.reads import Cond
from assistant.analyst.schema import Schema
from knowledge.request import Compare, Condition, InWindow
from knowledge.words import rows

_AGES = range(1, 116)
_DECISIONS = frozenset(["decide", "decision"])


def told_by_times(items: list[Item], schema: Schema) -> list[Item]:
    """ "still alive", "left us": that a time is missing, or known, or in a period that follows."""
    made = list(items)
    for n, item in enumerate(items):
        state = _states().get(item.text.lower()) if item.code in ".j" and not item.dataset else None
        thing = _thing(items, n, schema) if state is not None and not _does_it(items, n) else None
        if state is None or thing is None:
            continue
        stems, has = state
        figure = items[n - 1] if n and set(item.before.split()) & LISTS["copulas"] else None
        if figure is not None and figure.code == "f" and schema.is_number(str(figure.data)):
            made[n] = item.unread()  # "how much budget is left": of it
            continue
        time = next((t for t in schema.times(thing) if _says(t, stems, schema) and schema.field(t).nulls > 0), None)
        follows = items[n + 1] if n + 1 < len(items) else None
        negated = n > 0 and items[n - 1].code == "z"
        if time is not None and follows is not None and follows.code in "wg" and has and not negated:
            link = Link("field", time, 0.95, True)
            made[n] = replace(item, code="f", data=time, score=0.95, options=(link,))
            continue
        said = (
            (time, Compare(field=time, op="not_null" if has else "is_null"))
            if time
            else _flag(thing, stems, has, schema)
        )
        if said is not None:
            made[n] = replace(item, code="C", data=Cond((said,), text=item.text), score=0.95, options=(), before="")
    return made


def _does_it(items: list[Item], n: int) -> bool:
    """ "who quit the most classes", "mechanics who finished jobs": done to something else."""
    after = items[n + 1] if n + 1 < len(items) else None
    return after is not None and after.code in "sTN" and not items[n].before


def _thing(items: list[Item], n: int, schema: Schema) -> str | None:
    """What the state is of: the noun beside it or before it, or the kind of thing that stands for one."""
    after = items[n + 1] if n + 1 < len(items) else None
    for item in [*([after] if after is not None and not after.before else []), *reversed(items[:n])]:
        if item.code in "dm" and item.dataset:
            return item.dataset
        if item.code == "v" and item.data:
            return schema.owner(item.data[0].field)
        if item.code == "f":
            return next(iter(linked_datasets(item, schema)), None)
    return None


def _says(reference: str, stems: frozenset[str], schema: Schema) -> bool:
    return not stems.isdisjoint(schema.forms_of(reference))


def _flag(thing: str, stems: frozenset[str], has: bool, schema: Schema) -> tuple[str, Condition] | None:
    for field in schema.model.dataset(thing).fields:
        reference = f"{thing}.{field.name}"
        if field.type == "boolean" and _says(reference, stems, schema):
            if field.nulls > 0 and not _DECISIONS.isdisjoint(stems):
                return reference, Compare(field=reference, op="not_null" if has else "is_null")  # or turned down
            return reference, Compare(field=reference, op="=", value=has)
    return None


def aged(items: list[Item], schema: Schema) -> list[Item]:
    """ "helpers over 70", "patients under 18": by their age, where it is known."""
    made: list[Item] = []
    for n, item in enumerate(items):
        made.append(item)
        codes = "".join(i.code for i in items[n : n + 3])
        after = items[n + 3] if n + 3 < len(items) else None
        unit = after is not None and after.code in "dfmMgh." and after.before in ("", "or more")
        if codes != "don" or items[n + 1].before not in _ARE or unit or not schema.is_person(str(item.data)):
            continue
        number = items[n + 2].data
        if number.percent or number.money or number.value not in _AGES or items[n + 1].text not in _OLDER:
            continue
        if schema.model.dataset(str(item.data)).has("age"):
            age = f"{item.data}.age"
            made.append(Item("f", item.end, item.end, "age", age, 0.95, (Link("field", age, 0.95, True),)))
        elif n == 0 or items[n - 1].code in "qlc":  # nothing else is said to be that much
            made.append(Item(".", item.end, item.end, "age", None, 0.0))
    return made


_ARE = ("", "are", "who are", "is", "that are", "aged")
_OLDER = ("over", "under", "above", "below", "younger than", "older than", "at least", "at most", "up to")


def for_so_long(items: list[Item], schema: Schema) -> list[Item]:
    """ "cars in stock more than 90 days", "tickets open for over a week": those that came before that, or after it."""
    for n in range(2, len(items) - 2):
        bound, number, unit = items[n : n + 3]
        word = unit.text.lower().removesuffix("s")
        left = n - 2 if items[n - 1].code == "O" and items[n - 1].text == "for" else n - 1
        if bound.code != "o" or number.code != "n" or word not in _UNITS or items[left].code not in "vCj":
            continue
        noun = next((i for i in reversed(items[:left]) if i.code in "dfmM"), None)
        if noun is None or noun.code != "d" or bound.data not in _AGO:
            continue
        since, count = schema.time_of(str(noun.data)), f"{number.data.value:g} {word}s"
        if since is None or schema.owner(since) != noun.data or not float(number.data.value).is_integer():
            return [*items[:n], number.unread(), *items[n + 3 :]]
        window = InWindow(field=since, window=f"before {count} ago")
        long = Cond(((since, window),), bound.data in ("<", "<="), text=f"{bound.text} {count}")
        cond = Item("C", bound.start, unit.end, f"{bound.text} {count}", long, 0.95)
        return [*items[: left + 1], cond, *items[n + 3 :]]
    return items


_UNITS = frozenset(["day", "week", "month", "year"])
_AGO = frozenset([">", ">=", "<", "<="])


def still_to_come(items: list[Item], schema: Schema) -> list[Item]:
    """ "which upcoming tours have no guide", "places on future courses": those that are after today."""
    for n, item in enumerate(items):
        noun = next((i for i in items[n + 1 : n + 3] if i.code not in "v"), None)
        if item.code not in ".v" or item.text.lower() not in _TO_COME or noun is None or noun.code not in "dm":
            continue
        owner = noun.dataset
        time = _when_to_come(owner, schema) if owner else None
        if time is not None and not any(i.code == "w" for i in items):
            cond = Cond(((time, InWindow(field=time, window="after today")),), text=item.text)
            made = replace(item, code="C", data=cond, score=0.95, options=())
            return [*items[:n], made, *items[n + 1 :]]
        if time is not None:  # "upcoming tours next week" are still to come by themselves
            return [*items[:n], replace(items[n + 1], before=item.before), *items[n + 2 :]]
    return items


_TO_COME = frozenset(["upcoming", "forthcoming", "future"])


def _when_to_come(dataset: str, schema: Schema) -> str | None:
    """When something takes place, whenever it was booked or paid for: by another of its times, or, of rows that have no
    other, that of what they belong to."""
    usual = schema.time_of(dataset)
    if usual is None or not schema.forms_of(usual) & _BEFOREHAND:
        return usual
    others = [t for t in schema.times(dataset) if not schema.forms_of(t) & (LISTS["ends"] | _BEFOREHAND)]
    above = [t for p in schema.parents(dataset)[1:] if not schema.is_person(p) and (t := schema.time_of(p)) != usual]
    return next(iter([*others, *above]), usual)


_BEFOREHAND = frozenset(["book", "reserve", "create", "register", "order", "request", "sign", "pay", "enrol", "enroll"])


def on_the_team(items: list[Item], schema: Schema) -> list[Item]:
    """ "the newest driver on the team": of those there are."""
    last = items[-1] if items else None
    said = last is not None and last.code == "." and last.text.lower() in ("team", "staff", "crew", "payroll", "books")
    if last is not None and said and last.before in ("on the", "on our", "in the", "in our", "of the", "of our"):
        return items[:-1]
    return items


@cache
def _states() -> dict[str, tuple[frozenset[str], bool]]:
    """For each word the words of the times that tell it, and whether these are known then."""
    return {
        word: (frozenset(row["told_by"].split("|")), row["has"] == "yes")
        for row in reversed(list(rows("states.csv")))
        for word in row["words"].split("|")
    }
