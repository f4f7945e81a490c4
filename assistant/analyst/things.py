"""What the rows of a model's datasets are: people, visits, lines of orders; when they happened, and what shows them."""

from __future__ import annotations

from assistant.analyst.english import LISTS
from assistant.analyst.fields import AMOUNTS, TIME_TYPES, Fields
from assistant.analyst.joins import once_each
from knowledge.model import Dataset, SemanticModel
from knowledge.request import FieldColumn
from knowledge.words import lemma, listed

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
_OF_PEOPLE = frozenset(["last name", "full name", "surname", "date of birth", "sex", "gender"])
_EMPLOYED = frozenset(["hired", "employed", "employment", "salary", "payroll"])


class Things(Fields):
    """What is asked of rows, told by what their datasets are called and by their fields."""

    def __init__(self, model: SemanticModel):
        super().__init__(model)
        self._shown_by: dict[str, frozenset[str]] = {}

    @once_each
    def noun(self, dataset: str) -> frozenset[str]:
        """The lemmas of what a row of the dataset is called."""
        entry = self.model.dataset(dataset)
        return frozenset(lemma(word) for word in (entry.label or entry.name).lower().split())

    @once_each
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

    @once_each
    def who_it_is(self, dataset: str) -> str | None:
        """The person that each row of players, members or staff without names of their own is, told elsewhere."""
        if self.model.dataset(dataset).name_field or not self.is_person(dataset):
            return None
        near = [p for p in self.parents(dataset)[1:] if self.distance(dataset, p) == 1]
        people = [p for p in near if self.is_person(p) and self.model.dataset(p).name_field]
        return people[0] if len(people) == 1 else None

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

    def wares(self, event: str) -> str | None:
        """What is sold in a row of an event: its products, dishes, vehicles."""
        near = [d for d in self.parents(event)[1:] if self.noun(d) & _WARES]
        return near[0] if near else None

    def facts(self) -> list[str]:
        """The datasets in which things happen: most rows first, those with a time and belonging to others preferred."""

        def weight(dataset: Dataset) -> tuple[int, int, int]:
            return (bool(dataset.default_time), len(self._up[dataset.name]) > 0, dataset.row_count or 0)

        return [d.name for d in sorted(self.model.datasets, key=weight, reverse=True)]

    def traffic(self, of: str | None = None) -> str | None:
        """What is counted of a busy hour or day, or of busy things: visits, orders, calls … (not the lines of them)."""
        near = [d.name for d in self.model.datasets]
        if of:  # memberships are no people
            near = [d for d in self.children(of) if not (self.is_person(d) and self.model.dataset(d).name_field)]
        timed = [d for d in self.model.datasets if d.name in near and self.time_of(d.name)]
        called = {d.name: {lemma((s or d.name).lower().split()[-1]) for s in (d.label, *d.synonyms)} for d in timed}
        named = [d for d in timed if _COMINGS & called[d.name]]
        wholes = [d for d in named if not any(o is not d and self.belongs_to(d.name, o.name) for o in named)] or named
        if wholes:  # who came, before who meant to; the orders, before their lines; what there is more of
            return min(wholes, key=lambda d: (bool(_PLANS & called[d.name]), -(d.row_count or 0))).name
        nearest = {d.name: -(self.distance(d.name, of) or 0) if of else 0 for d in timed}
        most = max(timed, key=lambda d: (nearest[d.name], d.row_count or 0), default=None)
        return most.name if most else None

    @once_each
    def time_of(self, dataset: str) -> str | None:
        """The field that says when a row of the dataset happened: its own, or that of the nearest row it belongs to."""
        for name, _ in sorted(self._parents[dataset].items(), key=lambda p: p[1]):
            entry = self.model.dataset(name)
            if entry.default_time:
                return f"{name}.{entry.default_time}"
        for field in self.model.dataset(dataset).fields:
            if field.type in TIME_TYPES and not field.hidden:
                return f"{dataset}.{field.name}"
        return None

    def happens(self, dataset: str) -> bool:
        """Its rows are told by when they happened, and have no names of their own."""
        return self.model.dataset(dataset).name_field is None and self.time_of(dataset) is not None

    @once_each
    def dated_by(self, reference: str) -> str | None:
        """The date that says of a row what a figure of it says, where that is not when the row happened: an "amount
        due" is due on the "due date", whenever it is paid."""
        owner = self.owner(reference)
        usual, things = self.model.dataset(owner).default_time, self.noun(owner)
        said = self.forms_of(reference) - AMOUNTS - things - listed("times", "plain")
        times = [t for t in self.times(owner) if self.forms_of(t) & said]
        return times[0] if len(times) == 1 and times[0] != f"{owner}.{usual}" else None

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
