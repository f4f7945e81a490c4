"""A file's content with the place of each part, for messages that say where something is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

VENDOR = "PARLEY"
COMMON = "COMMON"
"""The vendor of ours where the spec enumerates vendors."""
KEPT = "OSSIE"
"""Not a vendor: what the file says in the spec's own words, and Parley has no word for."""


class BadModel(ValueError):
    """A file that is no semantic model; `place` is where in it: "datasets[2].fields[0].expression"."""

    def __init__(self, place: str, problem: str):
        super().__init__(f"{place or 'The file'}: {problem}")
        self.place = place


def near(name: str, known: list[str]) -> str:
    """ " Did you mean 'orders'?", or nothing."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return f" Did you mean {found[0]!r}?" if found else ""


@dataclass(frozen=True)
class Node:
    """A mapping of the file; `place` ends in a dot unless it is the top."""

    content: dict[str, Any]
    place: str = ""

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        return self.content.get(key) not in (None, "", [], {})

    def text(self, key: str) -> str:
        """Its text; "" if there is none."""
        value = self.content.get(key)
        if value is None:
            return ""
        if isinstance(value, dict | list):
            raise BadModel(self.at(key), "it should be text")
        return str(value)

    def needed(self, key: str) -> str:
        if not self.has(key):
            typed = get_close_matches(key, [str(k) for k in self.content if k != key], n=1, cutoff=0.7)
            hint = f" Is {typed[0]!r} meant to be it?" if typed else ""
            raise BadModel(self.at(key), f"it is missing.{hint}")
        return self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or any(isinstance(v, dict | list) for v in value):
            raise BadModel(self.at(key), "it should be a list of texts")
        return tuple(str(v) for v in value)

    def nodes(self, key: str) -> Iterator[Node]:
        value = self.content.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            raise BadModel(self.at(key), "it should be a list")
        for n, item in enumerate(value):
            if not isinstance(item, dict):
                raise BadModel(f"{self.at(key)}[{n}]", "it should be a mapping")
            yield Node(item, f"{self.at(key)}[{n}]")

    def mapping(self, key: str) -> dict[str, Any]:
        value = self.content.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadModel(self.at(key), "it should be a mapping")
        return value

    # --- what is not in the spec, or not in Parley -------------------------------------------------------------------

    def own(self) -> dict[str, Any] | None:
        """Our own attributes, if the node has any of our extensions."""
        found: dict[str, Any] | None = None
        for extension in self.nodes("custom_extensions"):
            vendor, data = extension.text("vendor_name"), _data(extension)
            if vendor == COMMON and isinstance(data, dict) and isinstance(data.get("parley"), dict):
                found = (found or {}) | data["parley"]
            elif vendor.upper() == VENDOR:
                if not isinstance(data, dict):
                    raise BadModel(extension.at("data"), "it should be a JSON object")
                found = (found or {}) | data
        return found

    def others(self, *known: str) -> tuple[tuple[str, str], ...]:
        """Other vendors' extensions, and what the spec says under other keys than the `known` ones."""
        kept = {k: v for k, v in self.content.items() if k not in (*known, "ai_context", "custom_extensions")}
        context = self.context()
        context = {k: v for k, v in context.items() if k != "synonyms"}
        if context:
            kept["ai_context"] = context
        found = []
        for extension in self.nodes("custom_extensions"):
            vendor, data = extension.needed("vendor_name"), _data(extension)
            if vendor == COMMON and isinstance(data, dict) and isinstance(data.get("ossie"), dict):
                kept |= data["ossie"]  # words of a later draft
            elif vendor.upper() != VENDOR and not (vendor == COMMON and isinstance(data, dict) and "parley" in data):
                found.append((vendor, json_text(data)))
        return (*found, *(((KEPT, json_text(kept, sort=True)),) if kept else ()))

    def context(self) -> dict[str, Any]:
        """`ai_context` as a mapping: a text of a few short names is synonyms, any other text instructions."""
        value = self.content.get("ai_context")
        if isinstance(value, str):
            parts = [part.strip() for part in value.split(",")]
            if len(parts) > 1 and all(0 < len(part.split()) <= 4 and not part.endswith(".") for part in parts):
                return {"synonyms": parts}
            return {"instructions": value} if value.strip() else {}
        return dict(self.mapping("ai_context"))

    def synonyms(self) -> tuple[str, ...]:
        return Node(self.context(), self.at("ai_context")).texts("synonyms")


def json_text(data: Any, *, sort: bool = False) -> str:
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, sort_keys=sort, default=str)


def _data(extension: Node) -> Any:
    """Its data: JSON in a text (up to 0.1), or a mapping; text that is no JSON stays text."""
    data = extension.content.get("data")
    if not isinstance(data, str):
        return data if data is not None else {}
    try:
        return json.loads(data)
    except ValueError as error:
        if extension.text("vendor_name").upper() == VENDOR:
            raise BadModel(extension.at("data"), f"it is not JSON ({error})") from error
        return data
