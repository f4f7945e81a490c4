"""Which fields hold free text: reviews, tickets, comments, as people wrote them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.compile.columns import dataset_label, field_label
from knowledge.model import Dataset, ModelField, SemanticModel
from knowledge.words import lemma, listed, plural, split

_WRITTEN = listed("roles", "prose") | frozenset(
    ["review", "complaint", "ticket", "opinion", "answer", "reason", "description", "testimonial", "post", "issue",
     "question", "reply", "suggestion", "reaction", "quote"]
)  # fmt: skip
_OPINIONS = frozenset(
    ["review", "complaint", "feedback", "survey", "ticket", "comment", "testimonial", "opinion", "rating"]
)
_WORDS = 3.0
"""A value of free text has so many words on average."""
_CODES = ("key", "foreign_key", "code")


@dataclass(frozen=True)
class Texts:
    """A field that people write in. `noun`: one of its texts ("review")."""

    dataset: Dataset
    field: ModelField
    noun: str

    @property
    def reference(self) -> str:
        return f"{self.dataset.name}.{self.field.name}"

    @property
    def plural(self) -> str:
        return plural(self.noun)


def texts_of(model: SemanticModel) -> list[Texts]:
    """Every field of free text, the likeliest to be meant first: opinions before notes, many before few."""
    found = [Texts(d, f, _noun(d, f)) for d in model.datasets for f in d.fields if _is_free(d, f)]
    return sorted(found, key=lambda t: (not _is_opinion(t), -(t.dataset.row_count or 0)))


def meant(question: str, model: SemanticModel) -> Texts | None:
    """The field that the question is about: the one whose rows or whose name it says, else the likeliest; None where
    there is no free text."""
    known = texts_of(model)
    said = {lemma(w) for w in question.lower().replace("'s", " ").split() for w in [w.strip("?!.,;:\"'()")] if w}
    named = [t for t in known if said & {lemma(w) for w in _names(t)}]
    return next(iter(named or known), None)


def _names(texts: Texts) -> Iterator[str]:
    for label in (
        dataset_label(texts.dataset),
        *texts.dataset.synonyms,
        field_label(texts.dataset, texts.field),
        texts.noun,
    ):
        yield from label.lower().split()[-1:]


def _is_free(dataset: Dataset, field: ModelField) -> bool:
    if field.type != "text" or field.hidden or field.role in _CODES or field.name == dataset.name_field:
        return False
    values = [s for s in field.samples if isinstance(s, str)]
    if not values:
        return False
    words = sum(len(v.split()) for v in values) / len(values)
    called = {lemma(w) for w in (*split(field.name), *(field.label or "").lower().split())}
    own = {lemma(w) for w in split(dataset.name)} if called & {"text", "body", "content"} else set()
    many = (field.distinct or 0) > 0.5 * (dataset.row_count or 0) * (1 - field.nulls)
    return words >= _WORDS and (bool((called | own) & _WRITTEN) or (many and words >= 2 * _WORDS))


def _noun(dataset: Dataset, field: ModelField) -> str:
    """What one of the texts is called: by the rows, where these are opinions, else by the field."""
    label, last = dataset_label(dataset).lower(), lemma(dataset_label(dataset).lower().split()[-1])
    return label if last in _WRITTEN | _OPINIONS else field_label(dataset, field).lower()


def _is_opinion(texts: Texts) -> bool:
    words = {*split(texts.dataset.name), *split(texts.field.name)}
    return bool({lemma(w) for w in words} & _OPINIONS)
