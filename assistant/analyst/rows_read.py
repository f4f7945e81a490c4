"""Of which datasets a request reads the rows themselves: what is measured, listed or asked to exist."""

from __future__ import annotations

from assistant.analyst.schema import Schema
from knowledge.request import Exists, Request


def read_by(request: Request, schema: Schema) -> list[str]:
    """The datasets whose own rows are measured or, where nothing is, listed."""
    found = [d for c in request.measures for d in schema.datasets_of(c.measure)]
    if not found:
        found += [request.dataset] if request.dataset else []
        found += [schema.owner(c.field) for c in request.fields if isinstance(c.field, str)] if not found else []
        found += [c.dataset for c in request.where if isinstance(c, Exists)]
    return list(dict.fromkeys(found))
