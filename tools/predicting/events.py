"""Outcomes other than stopping: no-shows, returns, late payments, cancellations, readmissions; how a schema records
them.

An outcome is found by words: those of the question, and those that businesses use for it
(`knowledge.packs.template`). It is a row of records that a flag or a status marks, or whose dates show it; a row of
records of its own; or one more of some records so soon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from knowledge.compile import CannotCompile
from knowledge.compile.columns import dataset_label
from knowledge.compile.graph import graph_of
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.packs.template import Event, Template, templates
from knowledge.request import Aggregate, Compare, Condition
from knowledge.words import lemma, singular, split
from knowledge.workspace import Workspace
from tools.segmenting.things import Events, Things

_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an the be is was has have had been get their his her its our my to of on for in something anything any "
        "again soon lately will do with at them it",
    )
)
WAITING = frozenset(
    re.findall(
        r"\w+",
        "open pending scheduled booked upcoming planned confirmed unpaid outstanding awaiting waiting processing "
        "placed requested reserved unconfirmed provisional",
    )
) | {"in progress", "in transit", "not paid", "on order", "not due", "to come", "in process"}
"""How a status says that its record is not settled."""
_LAG = 30
_TRUE = ("true", "yes", "y", "1", "t")


@dataclass(frozen=True)
class Happening:
    """An outcome, as the data records it."""

    label: str
    """In the middle of a sentence: "no-show"."""
    dataset: str
    count: Aggregate
    days: int | None
    """How far ahead it is predicted where nobody says."""
    own: bool = False
    """The records are such events, all of them."""
    repeat: bool = False
    """It is one more of the records that tell who is looked at."""

    @property
    def lag(self) -> int:
        """Days after a record's own date until it is taken to be known whether the outcome came: a mark on a record is
        set afterwards."""
        return 0 if self.own or self.repeat else _LAG


def happening(words: str, workspace: Workspace, who: Dataset | None) -> Happening | None:
    """The outcome that the words name, where the data of `who` records it; None where nothing of the kind is known."""
    if who is None:
        return None
    model = workspace.model
    dated = [d for d in model.datasets if d.default_time and d.name != who.name and _leads(d, who, model)]
    return happening_in(words, workspace, dated)


def happening_in(words: str, workspace: Workspace, dated: list[Dataset]) -> Happening | None:
    """The outcome that the words name, where one of the datasets records it."""
    for event in _named(words, workspace.template):
        if found := _recorded(event, dated):
            return found
    said = _content(words)
    if not said:
        return None
    for dataset in dated:  # in the schema's own words
        for field in dataset.fields:
            own = _content(" ".join(split(field.name)))
            if own and own <= said and (true := _true(field)) is not None:
                label = " ".join(p for p in split(field.name) if p not in _EMPTY)
                return _marked(label, dataset, Compare(field=f"{dataset.name}.{field.name}", op="=", value=true), None)
    for dataset in dated:
        for field in dataset.fields:
            for value in field.samples if field.role in ("category", "flag") else ():
                own = _content(_plain(value))
                if isinstance(value, str) and own and own <= said and lemma(value.lower()) not in _TRUE:
                    mark = Compare(field=f"{dataset.name}.{field.name}", op="=", value=value)
                    return _marked(_plain(value), dataset, mark, None)
    return None


def dataset_called(words: str, model: SemanticModel) -> Dataset | None:
    """The records that "open invoices" names, where nothing is said of them but that they are pending."""
    said = words.lower().split()
    if not said or any(w not in WAITING and w not in ("our", "the", "of", "all") for w in said[:-1]):
        return None
    last = singular(said[-1])
    found = [
        d for d in model.datasets
        if d.default_time and len(d.primary_key) == 1
        and last in {singular(n.lower()) for n in (dataset_label(d), d.name, *d.synonyms)}
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def mark_of(event: Happening) -> Compare | None:
    """The mark that an outcome leaves on its record; None where it leaves none."""
    marks = [] if event.own or event.repeat else event.count.where
    return marks[0] if len(marks) == 1 and isinstance(marks[0], Compare) and isinstance(marks[0].field, str) else None


def whose(happening: Happening, things: Things, model: SemanticModel) -> Things:
    """The things, told by the records that the outcome is of: those who have had an appointment lately."""
    if happening.own:
        return things
    dataset = model.dataset(happening.dataset)
    count = Aggregate(agg="count", dataset=dataset.name)
    return replace(
        things, events=Events(f"{dataset.name}.{dataset.default_time}", count, dataset_label(dataset).lower())
    )


def _named(words: str, template: Template | None) -> Iterator[Event]:
    """The trade's own first, then what other trades call so; of each, what is said in most words."""
    ordered = [template] if template else []
    ordered += [t for t in templates() if template is None or t.industry != template.industry]
    for one in ordered:
        said = [(event.is_said(words), n) for n, event in enumerate(one.predict.events)]
        yield from (one.predict.events[n] for length, n in sorted(said, reverse=True) if length)


def _recorded(event: Event, dated: list[Dataset]) -> Happening | None:
    if event.repeat is not None:
        for dataset in _called(event.records, dated):
            count = Aggregate(agg="count", dataset=dataset.name)
            return Happening(event.name, dataset.name, count, event.days or event.repeat.within_days, repeat=True)
    flags = {frozenset(_content(f)) for f in event.flags}
    for dataset in dated:
        for field in dataset.fields:
            if frozenset(_content(" ".join(split(field.name)))) in flags and (true := _true(field)) is not None:
                return _marked(
                    event.name, dataset, Compare(field=f"{dataset.name}.{field.name}", op="=", value=true), event.days
                )
    values = {_plain(v) for v in event.values}
    for dataset in dated:
        for field in dataset.fields:
            for value in field.samples if field.role in ("category", "flag", "place") else ():
                if isinstance(value, str) and _plain(value) in values:
                    mark = Compare(field=f"{dataset.name}.{field.name}", op="=", value=value)
                    return _marked(event.name, dataset, mark, event.days)
    if event.due and event.done:
        for dataset in dated:
            due, done = (_date(words, dataset) for words in (event.due, event.done))
            if due and done and due != done:
                mark = Compare(field=f"{dataset.name}.{done}", op=">", field_value=f"{dataset.name}.{due}")
                return _marked(event.name, dataset, mark, event.days)
    if event.repeat is None:
        for dataset in _called(event.records, dated):
            count = Aggregate(agg="count", dataset=dataset.name)
            return Happening(event.name, dataset.name, count, event.days, own=True)
    return None


def _marked(label: str, dataset: Dataset, mark: Condition, days: int | None) -> Happening:
    return Happening(label, dataset.name, Aggregate(agg="count", dataset=dataset.name, where=[mark]), days)


def _called(names: Iterable[str], datasets: list[Dataset]) -> Iterator[Dataset]:
    for name in names:
        wanted = _content(name)
        for dataset in datasets:
            own = [_content(dataset_label(dataset)), _content(" ".join(split(dataset.name)))]
            if wanted in own:
                yield dataset


def _date(names: Iterable[str], dataset: Dataset) -> str | None:
    wanted = [_content(n) for n in names]
    dates = [f for f in dataset.fields if f.type in ("date", "timestamp")]
    return next(
        (f.name for w in wanted for f in dates if w == _content(" ".join(split(f.name))) - {"date", "at"}), None
    )


def _true(field: ModelField) -> bool | int | float | str | None:
    """The value of a yes-or-no column that says yes; None for other columns."""
    if field.type == "boolean":
        return True
    values = [v for v in field.samples if v is not None]
    if not values or len(values) > 2:
        return None
    return next((v for v in values if str(v).lower() in _TRUE), None)


def _content(words: str) -> frozenset[str]:
    return frozenset(lemma(w) for w in re.findall(r"[^\W_]+", words.lower())) - _EMPTY


def _plain(value: object) -> str:
    return re.sub(r"[\W_]+", " ", str(value)).strip().lower()


def _leads(start: Dataset, end: Dataset, model: SemanticModel) -> bool:
    try:
        path = graph_of(model).path(start.name, end.name)
    except CannotCompile:  # several ways lead there
        return False
    return path is not None and len(path) > 0 and all(hop.single for hop in path)
