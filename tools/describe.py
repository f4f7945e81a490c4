"""describe: what the business's words mean: metrics, tables, fields, stored values, glossary, by words and by
meaning."""

from __future__ import annotations

from langchain_core.tools import BaseTool, tool
from rapidfuzz import fuzz

from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.store import Entry, Store, entries_of
from knowledge.workspace import Workspace
from tools import Limits
from tools.shown import marked

_MOST = 12
_LONGEST = 12_000
_SAMPLED = ("category", "place", "flag")
_NEAR = 0.35
"""Similarity from which two texts are about the same."""


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    entries = entries_of(workspace.model)
    entries += [Entry("question", q.name, q.question) for q in workspace.questions]
    store = Store(limits.index_dir, entries) if limits.index_dir else None

    @tool(response_format="content_and_artifact")
    def describe(words: str = "") -> tuple[str, None]:
        """Look up what to name in `query`: give some words of the question ("net sales", "Brooklyn", "loyal customers")
        to find metrics, tables, fields, stored values, definitions and questions whose reading somebody has checked;
        or nothing for an overview of all tables and metrics."""
        if not words.strip():
            return marked(overview(workspace.model, samples=limits.egress != "schema")), None
        lines = _names(words, workspace, entries, store) + _values(words, workspace, limits)
        if not lines:
            return "Nothing is called that. Call describe with no words for an overview.", None
        return marked("\n".join(lines)), None

    return describe


def overview(model: SemanticModel, *, samples: bool = False) -> str:
    """The model in short lines, as much as fits: what is needed to write a Request. `samples` adds values of
    categories."""
    lines = [f"Data: {model.label or model.name}. {model.description}".strip()]
    lines += [_metric(m) for m in model.offered]
    lines += [_dataset(d, samples) for d in model.datasets]
    lines += [f"relationship {r.name}: many {r.many} to one {r.one}" for r in model.relationships]
    text = "\n".join(lines)
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition("\n")[0] + "\n(There is more: call describe with the words you look for.)"


def _metric(metric: Metric) -> str:
    unit = f" ({metric.unit})" if metric.unit else ""
    return f"metric {metric.name}: {metric.label or metric.name}{unit}. {metric.description}".strip()


def _dataset(dataset: Dataset, samples: bool) -> str:
    fields = ", ".join(_field(f, samples) for f in dataset.fields if not f.hidden)
    time = f"; dated by {dataset.default_time}" if dataset.default_time else ""
    return f"table {dataset.name} (one row: {dataset.label or dataset.name}{time}): {fields}"


def _field(field: ModelField, samples: bool) -> str:
    told = field.type + (f", {field.role}" if field.role in ("key", "foreign_key", "name", "measure") else "")
    if samples and field.role in _SAMPLED and field.samples:
        told += ": " + " | ".join(str(s)[:30] for s in field.samples[:6])
    return f"{field.name} ({told})"


def _names(words: str, workspace: Workspace, entries: list[Entry], store: Store | None) -> list[str]:
    asked = words.lower()
    scores: dict[tuple[str, str], float] = {}
    for entry in entries:
        score = fuzz.token_set_ratio(asked, entry.said.lower()) / 100
        key = (entry.kind, entry.name)
        scores[key] = max(scores.get(key, 0.0), score if score >= 0.6 else 0.0)
    for hit in store.search(words, limit=_MOST) if store else []:
        if hit.score >= _NEAR:
            key = (hit.kind, hit.name)
            scores[key] = max(scores.get(key, 0.0), hit.score)
    best = sorted((k for k, s in scores.items() if s > 0), key=lambda k: -scores[k])[:_MOST]
    return [_told(kind, name, workspace) for kind, name in best]


def _told(kind: str, name: str, workspace: Workspace) -> str:
    model = workspace.model
    if kind == "question":
        checked = next(q for q in workspace.questions if q.name == name)
        how = checked.request.model_dump_json(exclude_none=True) if checked.request else f"sql {checked.sql}"
        return f"verified question {checked.question!r}: {how}"
    if kind == "metric":
        metric = model.metric(name)
        return f"{_metric(metric)} = {metric.sql}"
    if kind == "dataset":
        dataset = model.dataset(name)
        return f"table {name}: one row is a {dataset.label or name}. {dataset.description}".strip()
    if kind == "field":
        _, field, _ = model.resolve(name)
        unit = f", {field.unit}" if field.unit else ""
        return f"field {name} ({field.type}{unit}): {field.label or field.name}. {field.description}".strip()
    term = next(t for t in model.glossary if t.term == name)
    return f"glossary {term.term}: {term.meaning}"


def _values(words: str, workspace: Workspace, limits: Limits) -> list[str]:
    """Stored values: none where only the schema may leave, those of categories where records may not."""
    if limits.egress == "schema":
        return []
    lines = []
    for found in workspace.values.lookup(words, limit=_MOST):
        _, field, _ = workspace.model.resolve(found.field)
        if limits.egress == "rows" or field.role in _SAMPLED:
            lines.append(f"value {found.value!r} of {found.field}")
    return lines[:6]
