"""What instructions in plain English say of how rows are chosen, whatever is asked: "match categories with wildcards",
"only use the latest snapshot for each user", "filter receiver_type = 1 for merchants"."""

from __future__ import annotations

import re
from typing import Any

from assistant.analyst.definitions import without_definitions
from assistant.analyst.english import LISTS
from assistant.analyst.schema import Schema
from knowledge.request import (
    Aggregate,
    Compare,
    Condition,
    Exists,
    FieldColumn,
    MeasureColumn,
    Request,
    SubResult,
)
from knowledge.words import lemma, split

_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z])|\n+")
_PARTLY = re.compile(r"\b(?:wildcards?|partial(?:ly)?|substrings?|contains|I?LIKE)\b|%", re.I)
_MATCHED = re.compile(r"\b(?:match\w*|filter\w*|compare\w*|search\w*|look(?:ed)? up)\b", re.I)
_LATEST = re.compile(
    r"\b(?:select(?:ing)?|use|using|take|taking|keep(?:ing)?|consider(?:ing)?|pick(?:ing)?)\b[^.;]*?"
    r"\b(?:latest|most recent|last|newest)\b(?P<what>[^.;]*?)\b(?:for|per|of) (?:each|every|a|the) (?P<each>\w+)",
    re.I,
)
_FILTER = re.compile(
    r"\b(?:filter(?:ing)?|where|with|restrict(?:ed)? to|only)\b[^.;=]*?"
    r"\b(?P<field>\w+)\s*=\s*'?(?P<value>[\w-]+)'?",
    re.I,
)
_DEFINES = re.compile(r"^\s*\w+(?: \([^()]*\))?\s*=")


def as_instructed(
    request: Request, question: str, instructions: str, schema: Schema
) -> tuple[Request, tuple[str, ...]]:
    """The request with the conditions that the instructions ask for wherever it reads the rows that they are about, and
    the sentences that it does not honour: those that are neither followed here, nor definitions, nor about other
    rows."""
    unheeded = []
    others = beyond_definitions(instructions)
    for sentence in _SENTENCE.split(instructions):
        heeded = sentence.strip() not in others
        if _PARTLY.search(sentence) and _MATCHED.search(sentence):
            before = request.model_dump(mode="json")
            request = Request.model_validate(_in_part(before, _words(sentence), schema))
            heeded = heeded or request.model_dump(mode="json") != before or not _equal_texts(before, schema)
        if (latest := _LATEST.search(sentence)) and (kept := _last_of_each(latest, request, schema)):
            request = request.model_copy(update={"where": [*request.where, kept]})
            heeded = True
        if not _DEFINES.match(sentence):
            found, settled = _told(sentence, question, request, schema)
            request = request.model_copy(update={"where": [*request.where, *found]})
            heeded = heeded or settled
        if not heeded:
            unheeded.append(sentence.strip())
    return request, tuple(unheeded)


def beyond_definitions(instructions: str) -> tuple[str, ...]:
    """The sentences that say more than what words mean."""
    told = without_definitions(instructions)
    return tuple(s for text in _SENTENCE.split(instructions) if (s := text.strip()) and s in told)


def _words(text: str) -> set[str]:
    return {lemma(w) for w in re.findall(r"[A-Za-z]+", text.replace("_", " ").lower())}


def _in_part(node: Any, words: set[str], schema: Schema) -> Any:
    """Equalities of texts that the words are about, as the text's being in the value."""
    if isinstance(node, list):
        return [_in_part(v, words, schema) for v in node]
    if not isinstance(node, dict):
        return node
    if _is_equal_text(node, schema):
        named = {lemma(w) for w in schema.noun_of(node["field"])} <= words
        return {**node, "op": "contains"} if named and schema.field(node["field"]).role != "code" else node
    return {k: _in_part(v, words, schema) for k, v in node.items()}


def _equal_texts(node: Any, schema: Schema) -> bool:
    """Whether a text is to equal a value anywhere in a request."""
    if isinstance(node, dict):
        return _is_equal_text(node, schema) or any(_equal_texts(v, schema) for v in node.values())
    return isinstance(node, list) and any(_equal_texts(v, schema) for v in node)


def _is_equal_text(node: dict[str, Any], schema: Schema) -> bool:
    field, value = node.get("field"), node.get("value")
    equal = node.get("kind") == "compare" and node.get("op") == "=" and isinstance(value, str)
    return equal and isinstance(field, str) and schema.field(field).type == "text"


def _last_of_each(match: re.Match[str], request: Request, schema: Schema) -> Condition | None:
    """That a row is the last of its user, of the dataset that the instruction names."""
    said, each = _words(match["what"]) - LISTS["function"], lemma(match["each"].lower())
    for name in _read(request, schema):
        entry = schema.model.dataset(name)
        called = {lemma(w) for w in split(name)} | schema.noun(name)
        named = bool(said & called) and (said <= called or schema.noun(name) <= said)
        key = next(
            (
                f"{name}.{r.many_fields[0]}"
                for r in schema.model.relationships
                if r.many == name and len(r.many_fields) == 1 and each in schema.noun(r.one)
            ),
            None,
        )
        if not named or key is None or entry.default_time is None:
            continue
        time = f"{name}.{entry.default_time}"
        last = MeasureColumn(measure=Aggregate(agg="max", of=time))
        lasts = Request(columns=[FieldColumn(field=key), last])
        return Compare(field=time, op="=", value=SubResult(request=lasts, per=[key]))
    return None


def _told(sentence: str, question: str, request: Request, schema: Schema) -> tuple[list[Condition], bool]:
    """ "Filter receiver_type=1 for merchants": of the rows that are read, where the question is about merchants. And
    whether that settles the sentence: it is about others, or the request says of the field what it wants of it."""
    used, settled = _read(request, schema), False
    for match in _FILTER.finditer(sentence):
        owner = next((d for d in used if schema.model.dataset(d).has(match["field"])), None)
        about = [d for d in schema.model.datasets if schema.noun(d.name) <= _words(sentence) and d.name != owner]
        asked = [d for d in about if schema.noun(d.name) <= _words(question)]
        if owner is None or (about and not asked):
            settled = settled or bool(about and not asked)
            continue
        field = f"{owner}.{match['field']}"
        if any(isinstance(c, Compare) and c.field == field for c in request.where):
            settled = True
            continue
        number = schema.field(field).type in ("integer", "number") and match["value"].isdigit()
        return [Compare(field=field, op="=", value=int(match["value"]) if number else match["value"])], True
    return [], settled


def _read(request: Request, schema: Schema) -> list[str]:
    """The datasets whose own rows are measured or listed."""
    found = [d for c in request.measures for d in schema.datasets_of(c.measure)]
    found += [schema.owner(c.field) for c in request.fields if isinstance(c.field, str)]
    found += [request.dataset] if request.dataset else []
    found += [c.dataset for c in request.where if isinstance(c, Exists)]
    return list(dict.fromkeys(found))
