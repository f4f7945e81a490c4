"""How a model is told what a Request is, and how what it writes is read: as JSON, forgiving what loses no meaning."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import ValidationError

from knowledge.request import Request

_TOLD = ("title", "default", "description", "discriminator")
_KINDS = (  # a key that only one kind has
    ("window", "window"),
    ("values", "part"),
    ("metric", "metric"),
    ("agg", "aggregate"),
    ("left", "arithmetic"),
    ("measure", "measure"),
    ("request", "subresult"),
    ("args", "calc"),
)


@cache
def request_schema() -> dict[str, Any]:
    """The JSON schema of a Request in the part of the standard that OpenAI's function calling accepts ($defs and $ref
    for what nests, anyOf for what varies), without the texts: the tool's own description explains it in a tenth of the
    size.

    LangChain would write every nested reference out in full, which for a Request never ends."""
    schema = _compact(Request.model_json_schema())
    assert isinstance(schema, dict)
    return schema


def _compact(node: Any, *, names: bool = False) -> Any:
    if isinstance(node, list):
        return [_compact(n) for n in node]
    if not isinstance(node, dict):
        return node
    made: dict[str, Any] = {}
    for key, value in node.items():
        if names:
            made[key] = _compact(value)
        elif key == "const":
            made["enum"] = [value]
        elif key == "oneOf":
            made["anyOf"] = _compact(value)
        elif key not in _TOLD:
            made[key] = _compact(value, names=key in ("properties", "$defs"))
    options = made.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        options = [o for o in options if o != {"type": "null"}]  # what may be null may be left out
        made = {**made, "anyOf": options} if len(options) > 1 else {**options[0]}
    return made


def read_request(written: Any) -> Request:
    """The Request that a model wrote: as an object or as text, `kind` left out where the other keys tell it.

    Raises ValueError; its message says where the first mistakes are and what would be right."""
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except json.JSONDecodeError as error:
            raise ValueError(f"`request` is not JSON: {error}. Send it as an object.") from None
    if not isinstance(written, dict):
        raise ValueError("`request` must be an object with `columns`.")
    try:
        return Request.model_validate(_with_kinds(written))
    except ValidationError as error:
        raise ValueError(_explained(error)) from None


def _with_kinds(node: Any, key: str = "") -> Any:
    if isinstance(node, list):
        return [_with_kinds(n, key) for n in node]
    if isinstance(node, str) and key in ("measure", "by"):
        return {"kind": "metric", "metric": node} if "." not in node else {"kind": "field", "field": node}
    if not isinstance(node, dict):
        return node
    made = {k: _with_kinds(v, k) for k, v in node.items()}
    if "kind" in made or key in ("having", "order") or (key == "" and "columns" in made):
        return made
    kind = next((kind for mark, kind in _KINDS if mark in made), None)
    if key in ("columns", "by") and "field" in made:
        kind = "field"
    elif kind is None and key in ("where", "of", "condition"):
        kind = "compare" if "field" in made and "op" in made else "exists" if "dataset" in made else None
    if key in ("period", "compare_to", "window") or kind is None:
        return made
    return {"kind": kind, **made}


def _explained(error: ValidationError) -> str:
    lines = []
    for found in error.errors(include_url=False, include_context=False)[:4]:
        place = ".".join(str(p) for p in found["loc"])
        lines.append(f"{place or 'request'}: {found['msg']}")
    return "The request could not be read. " + "; ".join(lines) + ". Correct it and call the tool again."
