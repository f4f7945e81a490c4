"""Candidate readings of a question: each way to link its words makes a request; the best is the one that explains
most."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from assistant.analyst.assemble import assemble
from assistant.analyst.composed import compose
from assistant.analyst.draft import Draft
from assistant.analyst.english import STOP
from assistant.analyst.filters import contradicts_itself
from assistant.analyst.items import Item
from assistant.analyst.lexicon import Link
from assistant.analyst.neighbours import prepared
from assistant.analyst.nested import nested
from assistant.analyst.reduce import reduce_items
from assistant.analyst.roles import NotAssembled
from assistant.analyst.rows import Row
from assistant.analyst.schema import Schema
from knowledge.calendar import Calendar
from knowledge.model import UnknownName
from knowledge.request import Aggregate, Arithmetic, Request
from knowledge.words import lemma

_NAMED = 0.85
"""From this score on a noun names a field itself, rather than what it is a field of."""


@dataclass(frozen=True)
class Reading:
    """One reading: its request, how good it is against others (`score`), and what it left unread."""

    request: Request
    score: float
    surety: float
    """Mean surety of the links, 0..1."""
    cost: float
    unread: tuple[str, ...]
    swapped: tuple[tuple[Item, Link], ...] = ()
    """Where it links words otherwise than the likeliest way."""
    guesses: tuple[str, ...] = ()
    fuzzy: bool = False
    row: Row = field(default_factory=lambda: Row([]))
    """The items that it was made from, as they were first read."""
    worth: float = 0.0
    """How likely it is meant, against others (see `ranker`)."""


def readings(row: Row, schema: Schema, calendar: Calendar, *, swap: bool = True) -> list[Reading]:
    """All readings of a row of items that make a request, best first; different links that make the same request count
    once. Without `swap`, only the likeliest links."""
    items = prepared(row.items, schema)
    found: dict[str, Reading] = {}
    for variant, swapped in _variants(items) if swap else [(items, ())]:
        try:
            reduced = compose(nested(reduce_items(_clean(variant), schema), schema), schema)
            draft = assemble(reduced, schema, calendar)
        except (NotAssembled, UnknownName):
            continue
        if contradicts_itself(draft.request.where):
            continue
        reading = _judge(variant, swapped, draft, _left_over(reduced, draft.request), schema)
        reading = replace(reading, row=row)
        key = draft.request.model_dump_json()
        known = found.get(key)
        if known is None or (-len(known.unread), known.score) < (-len(reading.unread), reading.score):
            found[key] = reading
    return sorted(found.values(), key=lambda r: -r.score)


def _clean(items: list[Item]) -> list[Item]:
    """Without what no rule reads: unread words, and question words of no use."""
    return [item for item in items if item.code != "."]


def _variants(items: list[Item]) -> Iterator[tuple[list[Item], tuple[tuple[Item, Link], ...]]]:
    yield items, ()
    swaps: list[tuple[int, Link, float]] = []
    for n, item in enumerate(items):
        if item.code not in "mfd":
            continue
        for link in item.options:
            if (link.target, link.kind) != (item.data, {"m": "metric", "f": "field", "d": "dataset"}[item.code]):
                swaps.append((n, link, item.score - link.score))
    swaps.sort(key=lambda s: s[2])
    swaps = [s for s in swaps if s[2] <= 0.25][:14]
    for n, link, _ in swaps:
        yield [*items[:n], items[n].linked(link), *items[n + 1 :]], ((items[n], link),)
    for (n, first, lost), (m, second, lost2) in combinations(swaps[:7], 2):
        if n != m and lost + lost2 < 0.4:
            variant = list(items)
            variant[n], variant[m] = items[n].linked(first), items[m].linked(second)
            yield variant, ((items[n], first), (items[m], second))


def _left_over(reduced: list[Item], request: Request) -> tuple[str, ...]:
    """Words that bear on the answer and that no rule took up: a bound, a number, an aggregate. ("On average" says
    nothing more of what is a figure per thing already.)"""
    per = any(isinstance(c.measure, Arithmetic) and c.measure.op == "/" for c in request.measures)
    said = {"sum", "avg"} if per else {"sum"}
    told = (
        per or request.compare_to or request.fields or any(isinstance(c.measure, Arithmetic) for c in request.measures)
    )
    gaps = [i.text for i in reduced if i.code == "V" and re.search(r"\b(?:gap|difference)\b", i.text) and not told]
    left = [i for i in reduced if i.code in ".cnobLpkDvT" or (i.code == "a" and i.data not in said)]
    hanging = [i.text for i in reduced[-1:] if i.code == "y" and i.text == "per"]  # "per person", of no persons here
    # "how many of them", of what a reading has lost
    lost = [
        i.text for n, i in enumerate(reduced) if i.code == "M" and i.text == "how many" and _told_before(reduced, n)
    ]
    either = [i.text for n, i in enumerate(reduced) if i.code == "|" and _between_conditions(n, reduced)]
    return (*gaps, *hanging, *lost, *either, *(i.text for i in left))


def _between_conditions(n: int, reduced: list[Item]) -> bool:
    """ "with more than 3 shops or with a bar": both are asked of the rest, unless one "or" joins them."""
    before = any(i.code in "CH" for i in reduced[max(0, n - 2) : n])
    bound = any(i.code == "H" for i in (*reduced[max(0, n - 2) : n], *reduced[n + 1 : n + 5]))
    return before and bound and any(i.code in "CH" for i in reduced[n + 1 : n + 5])


def _told_before(reduced: list[Item], n: int) -> bool:
    of_them = any(re.search(r"\b(?:them|these|those)\b", i.before) for i in reduced[n : n + 3])
    return of_them and any(i.code in "dM" for i in reduced[:n])


def _off_the_question(items: list[Item], request: Request, schema: Schema) -> float:
    """A "when" that no time answers is not answered."""
    if not any(i.code == "q" and i.data == "when" for i in items):
        return 0.0
    shown = [str(c.field) for c in request.fields if isinstance(c.field, str)]
    shown += [str(getattr(c.measure, "of", "")) for c in request.measures]
    known = [name for name in shown if "." in name and " " not in name]
    return 0.0 if any(schema.is_time(name) for name in known) else 2.0


def _unheeded(items: list[Item], request: Request, schema: Schema) -> tuple[str, ...]:
    """Nouns that the request has nothing of."""
    said = request.model_dump_json()
    summed = [schema.summed_by(m) for m in schema.model.metrics if f'"{m.name}"' in said]
    said += "".join(f'"{field}"' for field in summed if field)
    used = [d.name for d in schema.model.datasets if f'"{d.name}.' in said or f'"{d.name}"' in said]
    used += [d for m in schema.model.metrics if f'"{m.name}"' in said for d in schema.metric_datasets(m)]
    conformed = schema.model.conformed if request.measures else ()
    alike = (pair for pair in conformed if any(f'"{field}"' in said for field in pair))
    said += "".join(f'"{field}"' for pair in alike for field in pair)
    found = []
    named = {d for i in items if i.code in "dm" for o in i.options if o.kind == "dataset" for d in [o.target]}
    asked = _asked_about(request, schema)
    for item in items:
        if item.text.lower() in STOP:
            continue
        if item.code == "j" and lemma(item.text.lower()) in _OVER and not _told(lemma(item.text.lower()), said):
            found.append(item.text)  # "who cancelled this year", of those who did anything in it
            continue
        if item.code == "f" and asked and _is_of_others(str(item.data), asked, named, schema):
            found.append(item.text)  # "servers born in 1990", where only guests' birthdays are known
            continue
        if (item.code == "d" and not any(schema.belongs_to(name, item.data) for name in used)) or (
            item.code == "f"
            and f'"{item.data}"' not in said
            and (item.score >= _NAMED or f'"{schema.owner(item.data)}.' not in said)
        ):
            found.append(item.text)
    return tuple(found)


_OVER = frozenset(["cancel", "lapse", "expire", "resign", "quit", "return", "refund"])


def _told(deed: str, said: str) -> bool:
    """Whether a request has anything of what happened."""
    return any(lemma(word) == deed for word in re.findall(r"[a-z]+", said.lower()))


def _asked_about(request: Request, schema: Schema) -> str | None:
    """The people that are listed or counted."""
    counted = [
        c.measure.dataset for c in request.measures if isinstance(c.measure, Aggregate) and c.measure.agg == "count"
    ]
    thing = request.dataset or next((d for d in counted if d), None)
    return thing if thing and schema.is_person(thing) else None


def _is_of_others(field: str, people: str, named: set[str], schema: Schema) -> bool:
    """A field of other people, whom the question does not name, and to whom these do not belong."""
    owner = schema.owner(field)
    return owner != people and owner not in named and schema.is_person(owner) and not schema.belongs_to(people, owner)


def _judge(
    items: list[Item], swapped: tuple[tuple[Item, Link], ...], draft: Draft, left_over: tuple[str, ...], schema: Schema
) -> Reading:
    linked = [i for i in items if i.code in "mfdv"]
    unread = (*(i.text for i in items if i.code == "."), *left_over, *_unheeded(items, draft.request, schema))
    sureties = [i.score for i in linked]
    surety = sum(sureties) / len(sureties) if sureties else 0.8
    preference = 0.0
    for n, item in enumerate(items):
        left = items[n - 1].code if n else ""
        right = items[n + 1].code if n + 1 < len(items) else ""
        if (
            item.code == "m"
            and right in ("h", "j", "z")
            and left in ("", "l", "q")
            and any(o.kind == "dataset" for o in item.options)
        ):
            preference -= 0.2  # "households that never …" are listed, "how many households …" counted
        if item.code == "m" and left == "c":
            ratio = schema.model.metric(str(item.data)).additivity == "non_additive" and "per" not in item.text.split()
            preference += -1.0 if ratio else 0.06
        if item.code == "f" and any(o.kind == "metric" and o.exact and o.score >= item.score for o in item.options):
            preference -= 0.06  # the figure that has this very name
        if (
            item.code == "d"
            and left == "n"
            and any(o.kind == "metric" and o.exact and o.score >= item.score for o in item.options)
        ):
            preference -= 0.06  # "more than 20 items": the figure, where there is one
        if item.code in "df" and left in ("l", "q", "N", "T"):
            preference += 0.06
        if item.code == "f" and item.data.rpartition(".")[0] in {i.data for i in items if i.code == "d"}:
            preference += 0.05
    cost = draft.cost + _off_the_question(items, draft.request, schema)
    datasets = {str(i.data).partition(".")[0] for i in linked if i.code in "fd"}
    score = sum(sureties) - cost - len(left_over) + preference - 0.08 * max(0, len(datasets) - 1)
    fuzzy = any(m.kind == "fuzzy" for i in items if i.code == "v" for m in i.data[:1])
    return Reading(draft.request, score, surety, cost, unread, swapped, tuple(draft.guesses), fuzzy)
