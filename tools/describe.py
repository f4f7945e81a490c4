"""describe: what the semantic model knows about some words: metrics, fields, tables, stored values, glossary."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import BaseTool, tool
from rapidfuzz import fuzz

from knowledge.model import SemanticModel
from knowledge.workspace import Workspace
from tools import Limits

_MOST = 12


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    @tool(response_format="content_and_artifact")
    def describe(words: str = "") -> tuple[str, Any]:
        """Look up names to use in `query`: give some words of the question ("net sales", "Brooklyn", "loyal customers"), or
        nothing for an overview of the tables and metrics."""
        text = (
            overview(workspace.model)
            if not words.strip()
            else _search(words, workspace, values=limits.egress != "schema")
        )
        return text, None

    return describe


def overview(model: SemanticModel) -> str:
    """The whole model in short lines: what an LLM needs to write a Request."""
    lines = [f"Data: {model.label or model.name}. {model.description}".strip()]
    lines += [f"metric {m.name}: {m.label}. {m.description}".strip() for m in model.metrics]
    for dataset in model.datasets:
        fields = ", ".join(
            f"{f.name} ({f.type}{', ' + f.role if f.role in ('key', 'foreign_key', 'name', 'measure') else ''})"
            for f in dataset.fields
        )
        lines.append(f"table {dataset.name} (one row: {dataset.label or dataset.name}): {fields}")
    lines += [f"relationship {r.name}: many {r.many} to one {r.one}" for r in model.relationships]
    return "\n".join(lines)


def _search(words: str, workspace: Workspace, *, values: bool) -> str:
    model = workspace.model
    entries: list[tuple[str, str]] = []
    for metric in model.metrics:
        entries.append(
            (
                f"{metric.label} {' '.join(metric.synonyms)}",
                f"metric {metric.name}: {metric.label}. {metric.description} = {metric.sql}",
            )
        )
    for dataset in model.datasets:
        entries.append(
            (
                f"{dataset.label} {' '.join(dataset.synonyms)}",
                f"table {dataset.name}: one row is a {dataset.label}. {dataset.description}",
            )
        )
        for field in dataset.fields:
            said = f"{field.label} {' '.join(field.synonyms)}"
            entries.append(
                (said, f"field {dataset.name}.{field.name} ({field.type}): {field.label}. {field.description}")
            )
    entries += [(f"{t.term} {' '.join(t.synonyms)}", f"glossary {t.term}: {t.meaning}") for t in model.glossary]
    ranked = sorted(entries, key=lambda e: -fuzz.token_set_ratio(words.lower(), e[0].lower()))
    lines = [text.strip() for said, text in ranked[:_MOST] if fuzz.token_set_ratio(words.lower(), said.lower()) >= 45]
    if values:
        lines += [f"value {m.value!r} of {m.field}" for m in workspace.values.lookup(words, limit=6)]
    return "\n".join(lines) or "Nothing is called that. Call describe without words for an overview."
