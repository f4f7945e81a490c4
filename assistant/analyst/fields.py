"""What the fields of a model say: numbers and flags, times and spans, money, quantities, names of days."""

from __future__ import annotations

from functools import cached_property

from assistant.analyst.bands import bands
from assistant.analyst.english import LISTS
from assistant.analyst.joins import Joins, once_each
from knowledge.model import Dataset, SemanticModel
from knowledge.request import Compare, Condition
from knowledge.words import lemma, split

_COUNTED = frozenset(["count", "cnt", "tally", "frequency"])
_TALLIES = _COUNTED | {"quantity", "number"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = LISTS["full"]
_NONE = ("0", "none", "no", "none/unknown", "n")
TIME_TYPES = ("date", "timestamp")
SPANS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
AMOUNTS = frozenset(["amount", "total", "paid", "value", "subtotal", "price", "principal"])
_WORTH = frozenset(
    ["target", "budget", "goal", "quota", "forecast", "planned", "expected", "insured", "declared", "estimated",
     "appraised", "assessed", "market", "book", "replacement", "limit"]
)  # fmt: skip
"""Said of a value that nobody pays."""


class Fields(Joins):
    """What is asked of fields, told by their names and by what was seen of their values."""

    def __init__(self, model: SemanticModel):
        super().__init__(model)
        self._banded: list[str] | None = None

    def is_time(self, reference: str) -> bool:
        return self.field(reference).type in TIME_TYPES

    def is_number(self, reference: str) -> bool:
        field = self.field(reference)
        return field.type in ("integer", "number") and field.role not in ("key", "foreign_key", "code")

    def adds_up(self, reference: str) -> bool:
        return self.is_number(reference) and self.field(reference).additivity != "non_additive"

    def banded(self) -> list[str]:
        """Text fields whose values are bands of numbers ("25-34")."""
        if self._banded is None:
            self._banded = [
                f"{d.name}.{f.name}" for d in self.model.datasets for f in d.fields if f.type == "text" and bands(f)
            ]
        return self._banded

    def is_flag(self, reference: str) -> bool:
        field = self.field(reference)
        return field.type == "boolean" or (
            field.role == "flag"
            and {str(s).lower() for s in field.samples} <= {"0", "1", "y", "n", "yes", "no", "t", "f"}
        )

    @cached_property
    def flags(self) -> dict[str, str]:
        """The fields that say yes or no, and what they say it of ("is_new": "new")."""
        return {
            f"{d.name}.{f.name}": (f.label or f.name).lower()
            for d in self.model.datasets
            for f in d.fields
            if (f.type == "boolean" or f.role == "flag") and self.is_flag(f"{d.name}.{f.name}")
        }

    def has_some(self, reference: str, *, plural: bool) -> Condition | None:
        """That a row has any of what a field counts, flags or holds; None where a field's name can't say that."""
        field = self.field(reference)
        if self.is_flag(reference):
            yes = next((s for s in field.samples if str(s).lower() in ("1", "y", "yes", "t", "true")), True)
            return Compare(field=reference, op="=", value=True if field.type == "boolean" else yes)
        if field.role == "foreign_key":
            return Compare(field=reference, op="not_null") if field.nulls > 0 else None
        if self.is_number(reference):
            counts = field.type == "integer" and plural and str(field.minimum) == "0"
            return Compare(field=reference, op=">", value=0) if counts else None
        none = [s for s in field.samples if str(s).strip().lower() in _NONE]
        if field.type == "text" and len(none) == 1 and (field.distinct or 99) <= 20:
            return Compare(field=reference, op="!=", value=none[0])
        if field.type == "text" and field.nulls > 0 and field.role not in ("category", "place"):
            return Compare(field=reference, op="not_null")
        return None

    def has_any(self, reference: str) -> Condition | None:
        """That an amount which may be nothing is something."""
        field = self.field(reference)
        if self.is_number(reference) and field.role != "measure" and field.nulls > 0:
            return Compare(field=reference, op="not_null")
        if not self.is_number(reference) or field.role != "measure":
            return None
        optional = field.nulls > 0 or str(field.minimum) in ("0", "0.0", "0.00")
        return Compare(field=reference, op=">", value=0) if optional else None

    def times(self, dataset: str) -> list[str]:
        """The dataset's fields that are dates or times."""
        fields = self.model.dataset(dataset).fields
        return [f"{dataset}.{f.name}" for f in fields if f.type in TIME_TYPES and not f.hidden]

    def span(self, dataset: str) -> str | None:
        """The field that says how long a row of the dataset took."""
        for field in self.model.dataset(dataset).fields:
            words = set((field.label or field.name).lower().split())
            if field.type in ("integer", "number") and words & {"duration", "elapsed"} and not field.hidden:
                return f"{dataset}.{field.name}"
        fields = [f for f in self.model.dataset(dataset).fields if f.unit in SPANS and not f.hidden]
        bare = [f for f in fields if (f.label or f.name).lower().split()[-1:] == [str(f.unit)]]
        bare = [f for f in bare if {*(f.label or f.name).lower().split()[:-1]} <= {"total", "session", "visit"}]
        return f"{dataset}.{bare[0].name}" if len(bare) == len(fields) == 1 else None  # "minutes"

    def quantity(self, dataset: str) -> str | None:
        """The field that says how many were sold, ordered … in a row, or in the lines of one."""
        lines = [c for c in self.children(dataset) if self.distance(c, dataset) == 1]
        for name in (dataset, *lines):
            for field in self.model.dataset(name).fields:
                words = (field.label or field.name).lower().split()
                if field.additivity == "additive" and words and words[0] in ("quantity", "units", "qty"):
                    return f"{name}.{field.name}"
        return None

    def amount(self, dataset: str) -> str | None:
        """The field that says how much money a row of a happening is about."""
        entry = self.model.dataset(dataset)
        money = [f for f in entry.fields if f.role == "measure" and f.additivity == "additive" and not f.hidden]
        said = {f.name: set((f.label or f.name).lower().split()) for f in money}
        named = [f for f in money if said[f.name] & AMOUNTS and not said[f.name] & _WORTH]
        named = named or [f for w in ("gross", "net") for f in money if (f.label or f.name).lower().split()[-1] == w]
        return f"{dataset}.{named[0].name}" if entry.default_time and named else None

    def only_figure(self, dataset: str) -> str | None:
        """The one figure of a dataset's rows that adds up, where they have no others."""
        added = [f for f in self.model.dataset(dataset).fields if f.role == "measure" and not f.hidden]
        return f"{dataset}.{added[0].name}" if len(added) == 1 and added[0].additivity == "additive" else None

    def currencies(self, dataset: str) -> list[str]:
        """The fields of a dataset that are sums of money."""
        fields = self.model.dataset(dataset).fields
        return [f"{dataset}.{f.name}" for f in fields if self.is_money(f"{dataset}.{f.name}") and not f.hidden]

    def is_money(self, reference: str) -> bool:
        """A sum of money: in a known currency, or kept in cents of one that is not said."""
        field = self.field(reference)
        cents = field.type in ("integer", "number") and bool({"cent", "cents"} & set(split(field.name)))
        return cents or is_currency(field.unit)

    def called(self, dataset: str) -> str | None:
        """The field that goes by the name of the dataset's rows, where these have no names of their own."""
        entry = self.model.dataset(dataset)
        named = (f for f in entry.fields if entry.name_field is None and entry.label in f.synonyms)
        own = next((f"{dataset}.{f.name}" for f in named if f.role == "category"), None)
        return own or (self._called_by_its_kind(entry) if entry.name_field is None else None)

    def _called_by_its_kind(self, entry: Dataset) -> str | None:
        """A class is called what its type of class is."""
        kinds = [self.model.dataset(r.one) for r in self._up[entry.name] if r.many == entry.name]
        said = {f"{entry.label} {word}" for word in ("type", "kind", "category", "template")}
        found = [f"{k.name}.{k.name_field}" for k in kinds if k.name_field and k.label in said]
        return found[0] if len(found) == 1 else None

    def referred(self, reference: str) -> str | None:
        """The name of what a foreign key refers to, over that very key: "instructors@guide.name"."""
        owner, name = self.owner(reference), reference.rpartition(".")[2]
        way = next((r for r in self._up[owner] if r.many == owner and r.many_fields == (name,)), None)
        called = self.model.dataset(way.one).name_field if way else None
        return (
            f"{way.one}@{way.name}.{called}" if way and called and self.field(reference).role == "foreign_key" else None
        )

    def tally(self, dataset: str) -> str | None:
        """The field that says how many things a row stands for: `count` of a table of counted check-ins."""
        entry = self.model.dataset(dataset)
        for field in entry.fields:
            called = (field.label or field.name).lower()
            tallies = called in _COUNTED or (called in _TALLIES and len(entry.primary_key) != 1)
            if field.type in ("integer", "number") and tallies:
                return f"{dataset}.{field.name}"
        return None  # the quantity of a delivery with a number of its own says how much it is, not how many

    def named_part(self, base: str, part: str) -> tuple[str, dict[int, str]] | None:
        """The text field of a dataset (or what it belongs to) that holds the names of weekdays or months, and its
        value for each number."""
        names = {"day_of_week": _DAYS, "month_of_year": _MONTHS}.get(part)
        if names is None:
            return None
        for owner in self.parents(base):
            for field in self.model.dataset(owner).fields:
                values = {str(s).strip().lower(): str(s) for s in field.samples}
                found = {names.index(k[:3]) + 1: v for k, v in values.items() if k[:3] in names and _named(k, names)}
                if field.type == "text" and values and len(found) == len(values) and len(found) > 1:
                    return f"{owner}.{field.name}", found
        return None

    @once_each
    def noun_of(self, reference: str) -> frozenset[str]:
        """The words that a field is called by."""
        field = self.field(reference)
        return frozenset((field.label or field.name).lower().split())

    def forms_of(self, reference: str) -> frozenset[str]:
        """The words that a field is called by, as they are and in their dictionary forms."""
        words = self.noun_of(reference)
        return words | set(map(lemma, words))

    def year_number(self, dataset: str) -> str | None:
        """A whole-number field that holds years ("release year"), in the dataset or one that it belongs to."""
        for name, _ in sorted(self._parents[dataset].items(), key=lambda p: p[1]):
            for field in self.model.dataset(name).fields:
                words = (field.label or field.name).lower().split()
                if field.type == "integer" and ("year" in words or field.name.lower() == "year"):
                    return f"{name}.{field.name}"
        return None

    def about(self, dataset: str, hints: tuple[str, ...], *, near: bool = True) -> str | None:
        """The numeric field of a dataset (or what it belongs to) whose label has one of the words."""
        names = [n for n, _ in sorted(self._parents[dataset].items(), key=lambda p: p[1])] if near else [dataset]
        for name in names:
            for hint in hints:
                for field in self.model.dataset(name).fields:
                    if field.type in ("integer", "number") and hint in (field.label or field.name).lower().split():
                        return f"{name}.{field.name}"
        return None


def _named(word: str, names: tuple[str, ...]) -> bool:
    return word in names or word in _FULL


def is_currency(unit: str | None) -> bool:
    """EUR, USD, …: the code of a currency."""
    return unit is not None and len(unit) == 3 and unit.isupper()
