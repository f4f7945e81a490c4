"""Industry templates: what a trade calls things, and which figures, horizons and questions make sense in it
(`<industry>/template.yaml`). Data that nobody described is matched to one by the words of its schema, or to none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.model import Dataset, Metric, ModelField, SemanticModel
from knowledge.request import Grain
from knowledge.words import label, lemma

_LEAST = 4
"""So many different signs of an industry the words of a schema must have,"""
_AHEAD = 1.5
"""and so many times as many as of any other."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ahead(_Part):
    """What is forecast, and how far where nobody says."""

    metrics: list[str]
    grain: Grain
    periods: int = Field(gt=0, le=60)


class Watched(_Part):
    metrics: list[str]
    grain: Grain


class Explained(_Part):
    metrics: list[str]
    by: list[str]


class Of(_Part):
    """What a tool is about: the things, by their names."""

    of: list[str]


class Segmented(Of):
    months: int = Field(gt=0, le=120)
    """How far ahead a lifetime value looks where nobody says."""


class Repeat(_Part):
    within_days: int = Field(gt=0, le=730)


class Event(_Part):
    """What befalls the things, and is worth predicting of each: a no-show, a late payment."""

    name: str
    """In the middle of a sentence: "no-show"."""
    said: list[str]
    """How people ask for it: "no show", "miss their appointment"."""
    records: list[str] = []
    """The names of datasets of which each row is one: "claim"."""
    flags: list[str] = []
    """The names of yes-or-no columns that mark it."""
    values: list[str] = []
    """Values of a status that mark it."""
    due: list[str] = []
    done: list[str] = []
    """The names of two dates, of which the second is later than the first where it came to it: due, paid."""
    repeat: Repeat | None = None
    """It is one more of `records`, so soon."""
    days: int | None = Field(None, gt=0, le=730)
    """How far ahead it is predicted where nobody says."""

    def is_said(self, words: str) -> int:
        """How long a way of saying it the words have; 0: none."""
        said = " ".join(_spoken(words))
        ways = [" ".join(_spoken(way)) for way in (self.name, *self.said)]
        return max((len(w) for w in ways if re.search(rf"\b{re.escape(w)}\b", said)), default=0)


class Predicted(Of):
    days: int = Field(gt=0, le=730)
    """How long nobody has come when they have stopped coming."""
    outcomes: list[str]
    """What befalls records, as a status says it: worth predicting."""
    events: list[Event] = []


class By(_Part):
    by: list[str]


class Figure(_Part):
    """A figure that the trade has a name for: what a field of what happens adds up to, less another of the same row."""

    name: str
    synonyms: list[str] = []
    of: list[str]
    """The names of the datasets that it is looked for in."""
    sum: list[str]
    """The names that its field may have."""
    less: list[str] = []


class Template(_Part):
    industry: str
    signs: frozenset[str]
    """Words (lemmas) of a schema that speak for the industry."""
    vocabulary: dict[str, list[str]]
    """What else a thing is called here, by what schemas call it."""
    figures: list[Figure] = []
    forecast: Ahead
    anomalies: Watched
    explain: Explained
    segment: Segmented
    baskets: Of
    predict: Predicted
    text: Of
    compare: By
    questions: list[str]
    """Worth asking first, where the data can answer them."""

    @field_validator("signs", mode="before")
    @classmethod
    def _words(cls, value: object) -> object:
        return {lemma(w) for w in value.split()} if isinstance(value, str) else value


@cache
def templates() -> tuple[Template, ...]:
    """Every industry's, by name. Raises pydantic.ValidationError for a file that is none."""
    folders = sorted((p for p in files(__package__).iterdir() if p.is_dir()), key=lambda p: p.name)
    found = [(p.name, p.joinpath("template.yaml")) for p in folders]
    return tuple(
        Template.model_validate({"industry": name, **yaml.safe_load(path.read_text(encoding="utf-8"))})
        for name, path in found
        if path.is_file()
    )


def template_of(model: SemanticModel) -> Template | None:
    """The template of the industry that the data is of; None where its words speak for none, or for several."""
    said = {lemma(w) for word in _names(model) for w in word.lower().split()}
    counts = sorted(((len(said & t.signs), t.industry, t) for t in templates()), key=lambda c: (-c[0], c[1]))
    (most, _, best), (second, _, _) = counts[0], counts[1]
    return best if most >= _LEAST and most >= _AHEAD * second else None


def chosen_template(model: SemanticModel, industry: str) -> Template | None:
    """`industry`: "auto" (what the data's words speak for), "none", or a name. Raises UnknownIndustry."""
    if industry == "auto":
        return template_of(model)
    if industry == "none":
        return None
    found = next((t for t in templates() if t.industry == industry), None)
    if found is None:
        raise UnknownIndustry(industry)
    return found


class UnknownIndustry(ValueError):
    """There is no template of that name; the message lists those that there are."""

    def __init__(self, name: str):
        known = ", ".join(t.industry for t in templates())
        super().__init__(f"There is no industry {name!r} (PARLEY_INDUSTRY): it is auto, none, or one of {known}.")


def in_its_words(model: SemanticModel, template: Template) -> SemanticModel:
    """The model, its things known by what the trade calls them, too, unless something else is called so, and with the
    figures that the trade has a name for."""
    taken = {name.lower() for name in _names(model)}
    spare = {thing: tuple(w for w in words if w.lower() not in taken) for thing, words in template.vocabulary.items()}

    def wider(item: Dataset | ModelField) -> tuple[str, ...]:
        named = {lemma_of(item.label or label(item.name)), lemma_of(item.name.replace("_", " "))}
        more = (w for thing, words in spare.items() if thing in named for w in words)
        return tuple(dict.fromkeys((*item.synonyms, *more)))

    datasets = tuple(
        replace(d, synonyms=wider(d), fields=tuple(replace(f, synonyms=wider(f)) for f in d.fields))
        for d in model.datasets
    )
    metrics = [m for figure in template.figures if (m := _metric(figure, model)) is not None]
    return replace(model, datasets=datasets, metrics=(*model.metrics, *metrics))


def _metric(figure: Figure, model: SemanticModel) -> Metric | None:
    """The figure as a metric, where the data has what it is made of and no name for it yet."""
    taken = {lemma_of(name) for name in _names(model)}
    if any(lemma_of(name) in taken for name in (figure.name, *figure.synonyms)):
        return None
    for dataset in model.datasets:
        if lemma_of(dataset.label or label(dataset.name)) not in {lemma_of(n) for n in figure.of}:
            continue
        parts = [_field(dataset, figure.sum), *([_field(dataset, figure.less)] if figure.less else [])]
        fields = [f for f in parts if f is not None]
        if len(fields) < len(parts):
            continue
        sql = " - ".join(f"{dataset.name}.{f.name}" for f in fields)
        said = " less ".join(f.label or label(f.name) for f in fields)
        unit = fields[0].unit if fields[0].unit and len(fields[0].unit) == 3 else None
        return Metric(
            figure.name.replace(" ", "_"), f"SUM({sql})", figure.name, f"the {said} of each {dataset.label}, added up",
            tuple(figure.synonyms), unit=unit, format="currency" if unit else "number", direction="up",
        )  # fmt: skip
    return None


def _field(dataset: Dataset, names: Sequence[str]) -> ModelField | None:
    """The number that is called by the first of the names."""
    for name in names:
        for field in dataset.fields:
            if lemma_of(field.label or label(field.name)) == lemma_of(name) and field.type in ("integer", "number"):
                return field
    return None


def _spoken(words: str) -> list[str]:
    return [lemma(w) for w in re.findall(r"[^\W_]+", words.lower())]


def lemma_of(name: str) -> str:
    return " ".join(lemma(w) for w in name.lower().split())


def _names(model: SemanticModel) -> Iterator[str]:
    for dataset in model.datasets:
        yield dataset.label or label(dataset.name)
        for field in dataset.fields:
            yield field.label or label(field.name)
    for metric in model.metrics:
        yield metric.label or label(metric.name)
