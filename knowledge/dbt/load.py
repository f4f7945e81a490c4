"""A dbt project, or one of its files, to a SemanticModel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from knowledge.compile import CannotCompile, compile_request
from knowledge.dbt import spec as dbt
from knowledge.dbt.datasets import dataset_of, relationships
from knowledge.dbt.figures import Figures, Unsaid
from knowledge.model import Metric, SemanticModel, UnknownName
from knowledge.osi.nodes import BadModel, Node
from knowledge.request import MeasureColumn, MetricRef, Request

_NOT_SOURCE = {"target", "dbt_packages", "dbt_modules", "logs", "node_modules"}


def load_dbt(path: Path | str, *, dialect: str = "duckdb") -> SemanticModel:
    """The semantic layer of a dbt project's folder, or of one YAML file; `dialect` is the SQL of its expressions, as
    sqlglot calls it ("snowflake"). What can't be said is in the model's `unsaid`.

    Raises BadModel with the file and the place in it, and OSError."""
    path = Path(path)
    files = _files(path)
    semantics: list[dbt.Semantic] = []
    specs: list[dbt.MetricSpec] = []
    types: dict[str, dict[str, str]] = {}
    for file in files:
        shown = file.relative_to(path).as_posix() if path.is_dir() else file.name
        try:
            top = Node(_content(file))
            semantics += [replace(s, place=f"{shown}: {s.place}") for s in dbt.semantics(top)]
            specs += [replace(m, place=f"{shown}: {m.place}") for m in dbt.metrics(top)]
            types |= dbt.column_types(top)
        except BadModel as error:
            raise BadModel(f"{shown}: {error.place}".rstrip(": "), str(error).partition(": ")[2]) from error
    if not semantics:
        raise BadModel(path.name, "it has no `semantic_models`, and no model with a `semantic_model`")
    for kind, names in (("semantic models", [s.name for s in semantics]), ("metrics", [m.name for m in specs])):
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice:
            raise BadModel(path.name, f"two {kind} are called {twice[0]!r}: rename one")
    specs += _made(semantics, {s.name for s in specs})
    semantics = [replace(s, types=types.get(s.table, {}) | s.types) for s in semantics]
    datasets = {s.name: dataset_of(s, dialect) for s in semantics}
    joins, unjoined = relationships(semantics, dialect)
    model = SemanticModel(name=_name(path), datasets=tuple(datasets.values()), relationships=tuple(joins))
    figures = Figures({s.name: s for s in semantics}, datasets, {s.name: s for s in specs}, joins, dialect)
    model, unproved = _with_metrics(model, figures, specs)
    return replace(model, unsaid=(*unjoined, *unproved))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"There is no dbt project or file at {path}.")
    found = [p for suffix in ("*.yml", "*.yaml") for p in path.rglob(suffix)]
    return sorted(p for p in found if not _NOT_SOURCE & set(p.relative_to(path).parts) and p.is_file())


def _content(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadModel("", f"it is not YAML: line {line}, {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadModel("", f"it is not YAML: {error}") from error
    return content if isinstance(content, dict) else {}


def _name(path: Path) -> str:
    project = path / "dbt_project.yml"
    if project.is_file():
        return str(_content(project).get("name") or path.name)
    return path.stem


def _made(semantics: Iterable[dbt.Semantic], known: set[str]) -> list[dbt.MetricSpec]:
    """The metrics of measures that say `create_metric`."""
    return [
        dbt.MetricSpec(m.name, "simple", (dbt.Input(m.name),), label=m.label, place=s.place)
        for s in semantics
        for m in s.measures
        if m.is_metric and m.name not in known
    ]


def _with_metrics(
    model: SemanticModel, figures: Figures, specs: list[dbt.MetricSpec]
) -> tuple[SemanticModel, list[str]]:
    """The model with each metric that can be said and compiles; and why the others can't, in words."""
    made: list[Metric] = []
    unsaid: list[str] = []
    for entry in specs:
        try:
            made.append(figures.metric(entry))
        except Unsaid as error:
            unsaid.append(f"{entry.name}: {error}.")
    whole = replace(model, metrics=tuple(made))
    while True:
        failed = {m.name: why for m in whole.metrics if (why := _unproved(whole, m))}
        if not failed:
            return whole, unsaid
        unsaid += [f"{name}: {why}" for name, why in failed.items()]
        whole = replace(whole, metrics=tuple(m for m in whole.metrics if m.name not in failed))


def _unproved(model: SemanticModel, metric: Metric) -> str:
    """Why the compiler can't compute the metric; "" if it can."""
    try:
        compile_request(Request(columns=[MeasureColumn(measure=MetricRef(metric=metric.name))]), model)
    except (CannotCompile, UnknownName) as error:
        return str(error)
    return ""
