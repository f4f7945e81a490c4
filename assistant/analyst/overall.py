""" "Monthly sales of the top 5 shops": of those that are the top ones in all, not of each month's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.analyst.schema import Schema
from knowledge.request import Compare, FieldColumn, Order, Request, SubResult

_OF_THE_TOP = re.compile(
    r"\b(?:of|for|among|by) (?:the |our |my )?(?:top|best|bottom|worst|biggest|largest|leading)\b", re.I
)
_OF_EACH = re.compile(r"\b(?:each|every|per|within)\b", re.I)


def of_the_top(request: Request, question: str, schema: Schema) -> Request:
    """The request, with a ranking in each period made one of the whole where the question asks so."""
    times = [c for c in request.fields if c.grain or c.part]
    ranked = [o for o in request.order if not isinstance(o.by, FieldColumn)]
    things = [c for c in request.fields if c not in times and isinstance(c.field, str)]
    if not request.limit or not request.limit_per or not ranked or set(request.limit_per) != {c.field for c in times}:
        return request
    if (
        not _OF_THE_TOP.search(question)
        or _OF_EACH.search(question)
        or len({schema.owner(str(c.field)) for c in things}) != 1
    ):
        return request
    among = one_of(request.model_copy(update={"order": ranked, "limit_per": []}), things, schema)
    order = [Order(by=times[0]), *ranked]
    return request.model_copy(
        update={"where": [*request.where, among], "order": order, "limit": None, "limit_per": [], "offset": 0}
    )


def one_of(found: Request, things: Sequence[FieldColumn], schema: Schema) -> Compare:
    """That a row is of one of the things that a request finds: by their key, where it is among `things` (not empty)."""
    key = next((c for c in things if c.field == schema.key(schema.owner(str(c.field)))), things[0])
    only = found.model_copy(update={"columns": [key.model_copy(update={"shown": True})]})
    return Compare(field=key.field, op="in", value=SubResult(request=only))
