"""What is offered to a viewer: nothing that is made of what is masked for them, and no question about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from knowledge.compile.metrics import columns_read
from knowledge.model import Metric, ModelField, SemanticModel
from knowledge.policies.sight import Sight
from knowledge.verified import VerifiedQuestion
from knowledge.words import label, plural


def offered(model: SemanticModel, sight: Sight) -> SemanticModel:
    """The model with metrics hidden that read what is masked, and without starters that name such things. `model`
    has its masked fields hidden already."""
    if not sight.masked:
        return model
    columns = {name.lower() for name in sight.hidden_names()}
    metrics = tuple(replace(m, hidden=m.hidden or _reads(m, model, sight, columns)) for m in model.metrics)
    made = replace(model, metrics=metrics)
    names_masked = _names_masked(made, sight)
    return replace(made, starters=tuple(s for s in model.starters if not names_masked(s)))


def offered_questions(
    questions: Iterable[VerifiedQuestion], model: SemanticModel, sight: Sight
) -> tuple[VerifiedQuestion, ...]:
    """Those whose words and readings name nothing that is masked. `model` as `offered` makes it."""
    names_masked = _names_masked(model, sight)
    inner = re.compile("|".join(rf"\b{re.escape(n)}\b" for n in sorted(sight.hidden_names())) or r"(?!)", re.I)
    hidden = {m.name for m in model.metrics if m.hidden}

    def shown(question: VerifiedQuestion) -> bool:
        reading = question.sql or (question.request.model_dump_json() if question.request else "")
        by_metric = any(f'"{name}"' in reading for name in hidden)
        return not (names_masked(question.question) or by_metric or inner.search(reading))

    return tuple(q for q in questions if shown(q))


def _reads(metric: Metric, model: SemanticModel, sight: Sight, columns: set[str]) -> bool:
    """A name of the dataset's own that is masked, or a stored column that is."""
    known = {d.name for d in model.datasets}
    for dataset, name in columns_read(metric, model):
        if f"{dataset}.{name}" in sight.masked:
            return True
        if dataset in known and not model.dataset(dataset).has(name) and name.lower() in columns:
            return True
    return False


def _names_masked(model: SemanticModel, sight: Sight) -> Callable[[str], bool]:
    """Whether a text has words for what is masked."""
    masked: list[ModelField | Metric] = [model.resolve(reference)[1] for reference in sight.masked]
    masked += [metric for metric in model.metrics if metric.hidden]
    words = {word for item in masked for word in _words(item)}
    found = re.compile("|".join(rf"\b{re.escape(w)}\b" for w in sorted(words)) or r"(?!)", re.I)
    return lambda text: found.search(text) is not None


def _words(item: ModelField | Metric) -> set[str]:
    said = {item.name, label(item.name), item.label, *item.synonyms} - {""}
    return said | {plural(word) for word in said}
