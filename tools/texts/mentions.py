"""Who and what texts mention: the business's own names, and other names that recur."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.compile.columns import dataset_label
from knowledge.request import FieldColumn, Request
from knowledge.words import is_english
from knowledge.workspace import Workspace
from tools import Limits

_MOST_NAMES = 5_000
_LONGEST = 4
_LEAST = 2
_WORD = re.compile(r"[^\W_]+(?:['’&-][^\W_]+)*")
_NAME = re.compile(r"(?<![.!?…\"“] )(?<!^)\b([A-ZÄÖÜÉÈ][\w'’&-]+(?:\s+[A-ZÄÖÜÉÈ][\w'’&-]+){0,3})")


@dataclass(frozen=True)
class Mention:
    """`kind`: what it is here ("product"), or "name" where the data does not know it; `texts`: the places of those that
    have it."""

    name: str
    kind: str
    texts: tuple[int, ...]


def known_names(workspace: Workspace, limits: Limits) -> dict[str, tuple[str, str]]:
    """The names of the data's things in lower case, each with how it is written and what it is of. What the asker may
    not see is not among them."""
    names: dict[str, tuple[str, str]] = {}
    for dataset in workspace.model.datasets:
        field = dataset.name_field
        if field is None or not dataset.has(field) or (dataset.field(field).distinct or 0) > _MOST_NAMES:
            continue
        column = FieldColumn(field=f"{dataset.name}.{field}")
        request = Request(columns=[column], dataset=dataset.name, distinct=True)
        found = workspace.run(request, max_rows=_MOST_NAMES, timeout_s=limits.timeout_s)
        for (value,) in found.rows:
            if isinstance(value, str) and len(value) > 2:
                names.setdefault(" ".join(_WORD.findall(value.lower())), (value, dataset_label(dataset).lower()))
    return names


def mentions(texts: Sequence[str], names: Mapping[str, tuple[str, str]]) -> list[Mention]:
    """Those in most texts first. A known name that is an ordinary word counts where it is written with a capital."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for n, text in enumerate(texts):
        spans = [(m.start(), m.end(), m.group()) for m in _WORD.finditer(text)]
        taken: set[int] = set()
        for at in range(len(spans)):
            for size in range(min(_LONGEST, len(spans) - at), 0, -1):
                part = spans[at : at + size]
                said = " ".join(word.lower() for *_, word in part)
                known = names.get(said) or names.get(said.removesuffix("s"))
                if known is None or taken & set(range(at, at + size)):
                    continue
                plain = size == 1 and is_english(said) and (not part[0][2][0].isupper() or at == 0)
                if not plain:
                    found[known].add(n)
                    taken |= set(range(at, at + size))
        for match in _NAME.finditer(text):
            name = match[1]
            covered = any(spans[i][0] >= match.start(1) and spans[i][1] <= match.end(1) for i in taken)
            if not covered and not (" " not in name and is_english(name.lower())):
                found[(name, "name")].add(n)
    made = [
        Mention(name, kind, tuple(sorted(at)))
        for (name, kind), at in found.items()
        if kind != "name" or len(at) >= _LEAST
    ]
    return sorted(made, key=lambda m: (-len(m.texts), m.name))


def without(text: str, names: Mapping[str, tuple[str, str]]) -> str:
    """The text without the names of several words that it mentions: they are what it is of, not what it says."""
    spans = [(m.start(), m.end(), m.group().lower()) for m in _WORD.finditer(text)]
    for at in range(len(spans)):
        for size in range(min(_LONGEST, len(spans) - at), 1, -1):
            if " ".join(word for *_, word in spans[at : at + size]) in names:
                rest = text[spans[at + size - 1][1] :]
                return f"{text[: spans[at][0]]}{without(rest, names)}"
    return text
