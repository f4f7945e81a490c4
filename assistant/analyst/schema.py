"""What the reader asks of a semantic model: how far apart things are, what names an entity, what is usually
measured."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, TypeVar

import sqlglot.expressions as exp

from assistant.analyst import trees
from assistant.analyst.bands import bands
from assistant.analyst.english import LISTS
from knowledge.compile import datasets_of, metric_tree
from knowledge.model import Dataset, Metric, ModelField, Relationship, SemanticModel
from knowledge.request import Aggregate, Compare, Condition, FieldColumn, Measure, MetricRef
from knowledge.words import lemma, listed, split

_USUAL = ("sales", "revenue", "amount", "total", "value", "payment", "price", "spend", "volume", "quantity")
"""What is usually meant by the most, the likeliest first."""
_COUNTED = frozenset(["count", "cnt", "tally", "frequency"])
_TALLIES = _COUNTED | {"quantity", "number"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = LISTS["full"]
_PEOPLE = LISTS["people"] | listed("joins", "people") | listed("joins", "served")
_COMINGS = LISTS["comings"]
_PLANS = frozenset(["booking", "reservation", "appointment"])
_WARES = frozenset(
    [
        "product",
        "item",
        "article",
        "sku",
        "dish",
        "vehicle",
        "car",
        "book",
        "title",
        "good",
        "service",
        "course",
        "ticket",
        "plan",
    ]
)
_BOUNDS = frozenset(["capacity", "maximum", "minimum", "limit", "target", "seats", "places"])
"""How many there may be, which is nothing that anybody did."""
_NONE = ("0", "none", "no", "none/unknown", "n")
_TIME_TYPES = ("date", "timestamp")
_SPANS = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")


_OF_PEOPLE = frozenset(["last name", "full name", "surname", "date of birth", "sex", "gender"])
_EMPLOYED = frozenset(["hired", "employed", "employment", "salary", "payroll"])
_AMOUNTS = frozenset(["amount", "total", "paid", "value", "subtotal", "price"])
_WORTH = frozenset(
    ["insured", "declared", "estimated", "appraised", "assessed", "market", "book", "replacement", "limit"]
)
"""Said of a value that nobody pays."""


Of = TypeVar("Of")
Found = TypeVar("Found")


def _once(method: Callable[[Schema, Of], Found]) -> Callable[[Schema, Of], Found]:
    """A method of one name, worked out once for each: the model of a schema does not change, and has so many names."""

    @wraps(method)
    def found(self: Schema, of: Of) -> Found:
        known = self._known[method.__name__]
        if of not in known:
            known[of] = method(self, of)
        return known[of]

    return found


class Schema:
    def __init__(self, model: SemanticModel):
        self.model = model
        self._known: dict[str, dict[Any, Any]] = defaultdict(dict)
        self._told: dict[Callable[[Schema], Any], Any] = {}
        self._up: dict[str, list[Relationship]] = defaultdict(list)
        self._near: dict[str, set[str]] = defaultdict(set)
        for relation in model.relationships:
            self._up[relation.many].append(relation)
            if relation.one_to_one:
                self._up[relation.one].append(relation)
            self._near[relation.many].add(relation.one)
            self._near[relation.one].add(relation.many)
        self._banded: list[str] | None = None
        self._shown_by: dict[str, frozenset[str]] = {}
        self._distances = {d.name: self._walk(d.name) for d in model.datasets}
        self._parents = {d.name: self._climb(d.name) for d in model.datasets}

    def once(self, what: Callable[[Schema], Found]) -> Found:
        """What a rule wants to know of the data whatever is asked, worked out once."""
        if what not in self._told:
            self._told[what] = what(self)
        return self._told[what]

    def _walk(self, start: str) -> dict[str, int]:
        seen, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for there in self._near[here]:
                if there not in seen:
                    seen[there] = seen[here] + 1
                    queue.append(there)
        return seen

    def _climb(self, start: str) -> dict[str, int]:
        seen, queue = {start: 0}, deque([start])
        while queue:
            here = queue.popleft()
            for relation in self._up[here]:
                there = relation.one if relation.many == here else relation.many
                if there not in seen:
                    seen[there] = seen[here] + 1
                    queue.append(there)
        return seen

    def distance(self, a: str, b: str) -> int | None:
        """Joins between two datasets; None where there is no way."""
        return self._distances[a].get(b)

    def belongs_to(self, many: str, one: str) -> bool:
        """Each row of `many` has at most one row of `one` (or is it)."""
        return one in self._parents[many]

    def seeing(self, one: str, other: str) -> str | None:
        """Of two datasets the one whose rows have a row of the other."""
        return one if self.belongs_to(one, other) else other if self.belongs_to(other, one) else None

    def parents(self, dataset: str) -> list[str]:
        """The dataset and those that its rows belong to, nearest first."""
        return sorted(self._parents[dataset], key=lambda name: self._parents[dataset][name])

    def children(self, dataset: str) -> list[str]:
        """The datasets of which many rows may belong to one row of this one, nearest first."""
        found = [d.name for d in self.model.datasets if d.name != dataset and self.belongs_to(d.name, dataset)]
        return sorted(found, key=lambda name: self._distances[dataset].get(name, 99))

    def traffic(self, of: str | None = None) -> str | None:
        """What is counted of a busy hour or day, or of busy things: visits, orders, calls … (not the lines of them)."""
        near = [d.name for d in self.model.datasets]
        if of:  # memberships are no people
            near = [d for d in self.children(of) if not (self.is_person(d) and self.model.dataset(d).name_field)]
        timed = [d for d in self.model.datasets if d.name in near and self.time_of(d.name)]
        called = {d.name: {lemma((s or d.name).lower().split()[-1]) for s in (d.label, *d.synonyms)} for d in timed}
        named = [d for d in timed if _COMINGS & called[d.name]]
        if named:  # who came, before who meant to; the orders, before their lines
            return min(named, key=lambda d: (bool(_PLANS & called[d.name]), d.row_count or 0)).name
        nearest = {d.name: -(self.distance(d.name, of) or 0) if of else 0 for d in timed}
        most = max(timed, key=lambda d: (nearest[d.name], d.row_count or 0), default=None)
        return most.name if most else None

    def facts(self) -> list[str]:
        """The datasets in which things happen: most rows first, those with a time and belonging to others preferred."""

        def weight(dataset: Dataset) -> tuple[int, int, int]:
            return (bool(dataset.default_time), len(self._up[dataset.name]) > 0, dataset.row_count or 0)

        return [d.name for d in sorted(self.model.datasets, key=weight, reverse=True)]

    # --- fields ------------------------------------------------------------------------------------------------------

    def field(self, reference: str) -> ModelField:
        return self.model.resolve(reference)[1]

    def owner(self, reference: str) -> str:
        return reference.partition(".")[0].partition("@")[0]

    def is_time(self, reference: str) -> bool:
        return self.field(reference).type in _TIME_TYPES

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

    @_once
    def is_person(self, dataset: str) -> bool:
        """Its rows are people, or who buys like one."""
        if self.noun(dataset) & LISTS["animals"]:
            return False
        if self.noun(dataset) & _PEOPLE or self.is_staff(dataset):
            return True
        labels = {(f.label or f.name).lower() for f in self.model.dataset(dataset).fields}
        return bool(labels & _OF_PEOPLE)

    def is_staff(self, dataset: str) -> bool:
        """Its rows are those who work for the business: called so, or hired and paid and known by name."""
        if self.noun(dataset) & LISTS["staff"]:
            return True
        entry = self.model.dataset(dataset)
        words = {w for f in entry.fields for w in (f.label or f.name).lower().split()} if entry.name_field else set()
        return bool(words & _EMPLOYED) and not self.noun(dataset) & listed("joins", "served")

    def is_a_person_s_time(self, reference: object) -> bool:
        """When something happened to people themselves: joined, hired, left."""
        known = isinstance(reference, str) and "." in reference
        return known and self.is_time(str(reference)) and self.is_person(self.owner(str(reference)))

    def is_visit(self, dataset: str) -> bool:
        """Its rows are whole dealings: orders, baskets, visits."""
        return bool(self.noun(dataset) & _COMINGS)

    def is_line(self, dataset: str) -> bool:
        """Its rows are parts of whole dealings, and happen when these do: lines of orders, tickets of bookings."""
        wholes = [p for p in self.parents(dataset)[1:] if self.distance(dataset, p) == 1 and self.is_visit(p)]
        return any(self.model.dataset(p).default_time and not self.may_lack(dataset, p) for p in wholes)

    def times(self, dataset: str) -> list[str]:
        """The dataset's fields that are dates or times."""
        fields = self.model.dataset(dataset).fields
        return [f"{dataset}.{f.name}" for f in fields if f.type in _TIME_TYPES and not f.hidden]

    def wares(self, event: str) -> str | None:
        """What is sold in a row of an event: its products, dishes, vehicles."""
        near = [d for d in self.parents(event)[1:] if self.noun(d) & _WARES]
        return near[0] if near else None

    def span(self, dataset: str) -> str | None:
        """The field that says how long a row of the dataset took."""
        for field in self.model.dataset(dataset).fields:
            words = set((field.label or field.name).lower().split())
            if field.type in ("integer", "number") and words & {"duration", "elapsed"} and not field.hidden:
                return f"{dataset}.{field.name}"
        fields = [f for f in self.model.dataset(dataset).fields if f.unit in _SPANS and not f.hidden]
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
        named = [f for f in money if said[f.name] & _AMOUNTS and not said[f.name] & _WORTH]
        named = named or [f for w in ("gross", "net") for f in money if (f.label or f.name).lower().split()[-1] == w]
        return f"{dataset}.{named[0].name}" if entry.default_time and named else None

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
        return next((f"{dataset}.{f.name}" for f in named if f.role == "category"), None)

    def may_lack(self, many: str, one: str) -> bool:
        """Some rows of `many` have no row of `one`."""
        return any(
            self.model.dataset(r.many).field(name).nulls > 0
            for r in self.model.relationships
            if r.one == one and self.belongs_to(many, r.many)
            for name in r.many_fields
        )

    def may_lose(self, many: str, one: str) -> bool:
        """Some rows of `many` lead to no row of `one`, whether what they refer to is unknown or no longer there."""
        return any(
            r.strays or any(self.model.dataset(r.many).field(name).nulls > 0 for name in r.many_fields)
            for r in self.model.relationships
            if self.belongs_to(many, r.many) and self.belongs_to(r.one, one) and r.many != r.one
        )

    def points_to(self, reference: str) -> str | None:
        """The dataset that a foreign key names a row of."""
        owner, name = self.owner(reference), reference.rpartition(".")[2]
        for relation in self._up[owner]:
            if relation.many == owner and relation.many_fields == (name,):
                return relation.one
        return None

    def alternatives(self, one: str, other: str) -> bool:
        """Rows of something belong to either the one or the other: what is sent by users or by merchants."""
        names = {
            (r.many, self.model.dataset(r.many).field(r.many_fields[0]).label, r.one)
            for r in self.model.relationships
            if len(r.many_fields) == 1
        }
        return any((many, label, other) in names for many, label, kind in names if kind == one and kind != other)

    def referred(self, reference: str) -> str | None:
        """The name of what a foreign key refers to, over that very key: "instructors@guide.name"."""
        owner, name = self.owner(reference), reference.rpartition(".")[2]
        way = next((r for r in self._up[owner] if r.many == owner and r.many_fields == (name,)), None)
        called = self.model.dataset(way.one).name_field if way else None
        return (
            f"{way.one}@{way.name}.{called}" if way and called and self.field(reference).role == "foreign_key" else None
        )

    def key(self, dataset: str) -> str | None:
        keys = self.model.dataset(dataset).primary_key
        return f"{dataset}.{keys[0]}" if len(keys) == 1 else None

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

    @_once
    def noun(self, dataset: str) -> frozenset[str]:
        """The lemmas of what a row of the dataset is called."""
        entry = self.model.dataset(dataset)
        return frozenset(lemma(word) for word in (entry.label or entry.name).lower().split())

    @_once
    def noun_of(self, reference: str) -> frozenset[str]:
        """The words that a field is called by."""
        field = self.field(reference)
        return frozenset((field.label or field.name).lower().split())

    def forms_of(self, reference: str) -> frozenset[str]:
        """The words that a field is called by, as they are and in their dictionary forms."""
        words = self.noun_of(reference)
        return words | set(map(lemma, words))

    def entity(self, dataset: str) -> list[FieldColumn]:
        """The columns that show and group a row of the dataset: its name, told apart by its key."""
        entry = self.model.dataset(dataset)
        keys = [FieldColumn(field=f"{dataset}.{k}") for k in entry.primary_key]
        if entry.name_field is not None and self._is_a_list(entry):
            return [FieldColumn(field=f"{dataset}.{entry.name_field}")]
        links = {*entry.primary_key, *(n for r in self._up[entry.name] for n in r.many_fields)}
        rest = [f for f in entry.fields if f.name not in links]
        if entry.name_field is None and links and len(rest) == 1 and rest[0].type == "text":
            apart = (rest[0].distinct or 0) >= 0.9 * (entry.row_count or 0)
            if apart or not self.children(dataset):  # else a kind of things that others refer to
                return [FieldColumn(field=f"{dataset}.{rest[0].name}")]  # a list of tags
        if entry.name_field is None or (dataset and entry.name_field in entry.primary_key):
            return keys
        name = entry.field(entry.name_field)
        unique = name.distinct is not None and entry.row_count is not None and name.distinct >= entry.row_count
        shown = FieldColumn(field=f"{dataset}.{entry.name_field}")
        return [shown] if unique else [shown, *(k.model_copy(update={"shown": False}) for k in keys)]

    def _is_a_list(self, entry: Dataset) -> bool:
        """Rows that only attach a name to something else ("category" of a business): the name is the thing."""
        if entry.name_field is None or not self._up[entry.name]:
            return False
        name = entry.field(entry.name_field)
        repeated = (name.distinct or 0) < 0.9 * (entry.row_count or 0)
        keys = {*entry.primary_key, *(n for r in self._up[entry.name] for n in r.many_fields)}
        others = [f for f in entry.fields if f.role not in ("key", "foreign_key", "code") and f.name not in keys]
        return repeated and [f.name for f in others] == [entry.name_field]

    def lists(self, dataset: str, of: str) -> bool:
        """Whether a dataset only lists names of what another one's rows are: the categories of businesses."""
        entry = self.model.dataset(dataset)
        return self._is_a_list(entry) and any(r.one == of for r in self._up[dataset])

    def describe_row(self, dataset: str, limit: int = 6) -> list[FieldColumn]:
        """The columns of a record that a person wants to see first."""
        entry = self.model.dataset(dataset)
        nameless = not entry.name_field and len(entry.primary_key) != 1
        if nameless:  # what it is about tells such a row from others
            limit += 2
        rank = {
            "name": 0,
            "key": 1,
            "time": 2,
            "category": 3,
            "place": 3,
            "measure": 4,
            "number": 5,
            "code": 5,
            "flag": 6,
            "foreign_key": 1 if nameless else 7,
            "text": 8,
        }
        fields = [f for f in entry.fields if not f.hidden or (nameless and f.role == "foreign_key")] or list(
            entry.fields
        )
        if entry.name_field:
            fields.sort(key=lambda f: f.name != entry.name_field)
        keys = [f for f in entry.fields if f.name in entry.primary_key and f.hidden]
        if not entry.name_field and len(keys) == 1:
            fields = [*keys, *fields]
        chosen = sorted(fields, key=lambda f: (f.name != entry.name_field, rank.get(f.role, 9)))[:limit]
        return [FieldColumn(field=f"{dataset}.{f.name}") for f in fields if f in chosen]

    def shown_by(self, dataset: str) -> frozenset[str]:
        """The fields that a row of the dataset is shown by: its name, key, and what is first seen of a record."""
        if dataset not in self._shown_by:
            entry = self.model.dataset(dataset)
            own = {f"{dataset}.{name}" for name in (entry.name_field, *entry.primary_key) if name}
            columns = (*self.entity(dataset), *self.describe_row(dataset))
            self._shown_by[dataset] = frozenset(own | {str(c.field) for c in columns})
        return self._shown_by[dataset]

    @_once
    def time_of(self, dataset: str) -> str | None:
        """The field that says when a row of the dataset happened: its own, or that of the nearest row it belongs to."""
        for name, _ in sorted(self._parents[dataset].items(), key=lambda p: p[1]):
            entry = self.model.dataset(name)
            if entry.default_time:
                return f"{name}.{entry.default_time}"
        for field in self.model.dataset(dataset).fields:
            if field.type in _TIME_TYPES and not field.hidden:
                return f"{dataset}.{field.name}"
        return None

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

    # --- measures ----------------------------------------------------------------------------------------------------

    @_once
    def metric_datasets(self, metric: Metric) -> list[str]:
        """The datasets that a metric's aggregates read, in order of appearance."""
        return datasets_of(metric, self.model)

    def datasets_of(self, measure: Measure) -> list[str]:
        if isinstance(measure, MetricRef):
            return self.metric_datasets(self.model.metric(measure.metric))
        if isinstance(measure, Aggregate):
            if measure.dataset:
                return [measure.dataset]
            return [self.owner(measure.of)] if isinstance(measure.of, str) else []
        inner = [getattr(measure, name) for name in ("of", "left", "right") if hasattr(measure, name)]
        return list(dict.fromkeys(d for m in inner for d in self.datasets_of(m)))

    def usual_measure(self, subject: str | None) -> Measure | None:
        """What "best" and "most" mean when nobody says of what: the first metric that can be told apart by the subject,
        else the total of its additive measure, else the count of the nearest things that belong to it."""
        told = [
            (metric.format != "currency", "sales" not in metric.synonyms, _usual(metric.label), n, metric.name)
            for n, metric in enumerate(self.model.metrics)
            if metric.direction == "up"
            and metric.additivity == "additive"
            and (datasets := self.metric_datasets(metric))
            and subject not in datasets
            and (subject is None or all(self.belongs_to(d, subject) for d in datasets))
            and self.counted_by(metric) is None
            and not metric.sql.lstrip().upper().startswith("COUNT")
        ]
        if told:
            return MetricRef(metric=min(told)[4])
        places = [subject, *self.children(subject)] if subject else self.facts()
        totals = [
            (
                self.is_outgoing(f"{name}.{f.name}"),
                _usual(f.label or f.name),
                n,
                f"{name}.{f.name}",
            )
            for n, name in enumerate(places[1:] if subject and len(places) > 1 else places)
            for f in self.model.dataset(name).fields
            if f.role == "measure"
            and f.additivity == "additive"
            and not f.hidden
            and f.unit not in _SPANS
            and not {*(f.label or f.name).lower().split()} & _BOUNDS
        ]
        if totals:
            return Aggregate(agg="sum", of=min(totals)[3])
        if subject and self.children(subject):
            return Aggregate(agg="count", dataset=self.children(subject)[0])
        return None

    def is_outgoing(self, reference: str) -> bool:
        """Money that is given back, taken off or paid for: a refund, a discount, a fee, a cost."""
        words = {*self.noun_of(reference), *self.noun(self.owner(reference))}
        return not LISTS["outgoings"].isdisjoint({*words, *map(lemma, words)})

    def counted_by(self, metric: Metric) -> str | None:
        """The dataset whose rows a metric counts: COUNT(DISTINCT sales.customer_id) counts customers."""
        counted = trees.counted(metric_tree(metric))
        if counted is None:
            return None
        owner = self.owner(counted)
        return self.points_to(counted) or (owner if self.key(owner) == counted else None)

    def rows_counted(self, metric: Metric) -> str | None:
        """The dataset whose rows a metric counts, by their key: COUNT(orders.order_id)."""
        tree = metric_tree(metric)
        of = trees.reference(tree.this) if isinstance(tree, exp.Count) and not tree.expressions else None
        return self.owner(of) if of and self.key(self.owner(of)) == of else None

    def averaged_over(self, metric: Metric) -> tuple[Measure, str] | None:
        """For a metric that is a total over the number of things: the total, and the things."""
        tree = metric_tree(metric)
        if not isinstance(tree, exp.Div):
            return None
        above, below = tree.this.unnest(), tree.expression.unnest()
        if isinstance(above, exp.Mul) and above.this.is_number and float(above.this.name) == 1:  # 1.0 * …
            above = above.expression.unnest()
        if isinstance(below, exp.Nullif):
            below = below.this.unnest()
        if other := trees.metric_in(below):
            below = metric_tree(self.model.metric(other))
        counted = trees.counted(below)
        thing = self.points_to(counted) if counted else None
        if counted and thing is None and self.key(self.owner(counted)) == counted:
            thing = self.owner(counted)
        if thing is None:
            return None
        if summed := trees.summed(above):
            return Aggregate(agg="sum", of=summed), thing
        same = trees.metric_in(above) or next((m.name for m in self.model.metrics if metric_tree(m) == above), None)
        return (MetricRef(metric=same), thing) if same else None

    def summed_by(self, metric: Metric) -> str | None:
        """The field that a metric is the plain sum of."""
        return trees.summed(metric_tree(metric))

    def count_metric(self, dataset: str) -> Measure:
        """How many there are: the rows, or the sum of what each says it stands for."""
        tally = self.tally(dataset)
        if tally is not None:
            return Aggregate(agg="sum", of=tally)
        return Aggregate(agg="count", dataset=dataset)


def _named(word: str, names: tuple[str, ...]) -> bool:
    return word in names or word in _FULL


def _usual(label: str) -> int:
    return min((_USUAL.index(w) for w in label.lower().split() if w in _USUAL), default=99)


def is_currency(unit: str | None) -> bool:
    """EUR, USD, …: the code of a currency."""
    return unit is not None and len(unit) == 3 and unit.isupper()
