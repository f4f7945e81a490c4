"""Drawn questions in words: full sentences, the style of a search box, other words for the same, slips of the hand."""

from __future__ import annotations

import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from evals.generate.conditions import Said
from evals.generate.draw import Drawn
from knowledge.model import SemanticModel
from knowledge.request import Aggregate
from knowledge.words import plural

_OTHER_WORD = 0.12
_SLIP = 0.04
_APART = frozenset(["by_group", "by_time", "top", "extreme", "most_things", "several"])
"""Kinds in whose wordings a condition does not stand beside the rows it is about."""


class Writer:
    def __init__(self, model: SemanticModel, chosen: random.Random):
        self.model, self.chosen = model, chosen
        self._labels = Counter((f.label or f.name).lower() for d in model.datasets for f in d.fields)
        words = {w for d in model.datasets for f in d.fields for w in (f.label or f.name).lower().split()}
        words |= {w for d in model.datasets for w in (d.label or d.name).lower().split()}
        self._odd = [n for n in _wording()["odd"]["nouns"] if not set(n.split()) & words]
        self._words = words

    def ways(self, drawn: Drawn, count: int) -> Iterator[str]:
        """Up to `count` wordings, each in another style where there are several."""
        styles = _wording()[drawn.kind]
        for n in range(count):
            template = self.chosen.choice(styles["terse" if n % 3 == 2 else "full"])
            yield self._filled(template, drawn)

    def _filled(self, template: str, drawn: Drawn) -> str:
        about = str(drawn.slots["thing"][1]) if "thing" in drawn.slots else None
        slots: dict[str, str] = {}
        adjective = ""
        where = list(drawn.where)
        if where and where[0].adjective and drawn.kind in ("count", "list", "share") and self.chosen.random() < 0.4:
            adjective = where.pop(0).slots["value"].lower() + " " if drawn.kind != "share" else ""
            where = where if adjective else list(drawn.where)
        for name, (kind, value) in drawn.slots.items():
            if kind == "thing":
                noun = self._thing(str(value))
                before = adjective if name == "thing" else ""
                slots[name], slots["children" if name == "child" else f"{name}s"] = before + noun, before + plural(noun)
            elif kind == "group":
                slots[name] = self._field(str(value), about=None)
                slots[f"{name}s"] = plural(slots[name])
            elif kind == "field":
                slots[name] = self._field(str(value), about)
            elif kind == "plural":
                slots[name] = plural(self._field(str(value), about))
            elif kind == "fields":
                slots[name] = self._listed([self._field(f, about) for f in value])  # type: ignore[attr-defined]
            elif kind == "figure":
                slots[name] = self._figure(value, about)
            elif kind == "degree":
                slots[name] = self.chosen.choice(_wording()["degrees"][str(value)])
            elif kind == "odd":
                slots[name] = self.chosen.choice(self._odd)
                slots[f"{name}_plural"] = plural(slots[name])
            else:
                slots[name] = str(value)
        grain = slots.get("grain", "")
        slots["grainly"] = {"day": "daily"}.get(grain, f"{grain}ly")
        apart = drawn.kind in _APART
        slots["where"] = self._where(where, about, apart)
        if apart and any(not s.timed for s in where) and "thing" in slots and self._is_of_rows(drawn):
            slots["where"] = f" for {slots['things']}{self._where(where, about)}"
        if "{have}" in template:
            slots["have"] = self._condition(where[0], about, "have_")
        text = " ".join(template.format(**slots).split())
        return self._slipped(text) if self.chosen.random() < _SLIP else text

    # --- names -------------------------------------------------------------------------------------------------------

    def _thing(self, dataset: str) -> str:
        entry = self.model.dataset(dataset)
        return self._otherwise((entry.label or entry.name).lower())

    def _field(self, reference: str, about: str | None) -> str:
        """The field's label; with what it is of, where that is not clear."""
        entry, known, _ = self.model.resolve(reference)
        label = known.label or known.name
        label = label if any(c.isupper() for c in label[1:]) else label.lower()
        owner = (entry.label or entry.name).lower()
        named = known.name == entry.name_field and about != entry.name
        if named and self.chosen.random() < 0.7:
            return self._otherwise(owner)
        clear = about == entry.name or self._labels[label.lower()] == 1 or owner in label
        if not clear or (about is None and owner not in label and self.chosen.random() < 0.2):
            return f"{owner} {label}"
        return self._otherwise(label)

    def _figure(self, figure: Any, about: str | None) -> str:
        assert isinstance(figure, Aggregate)
        form = self.chosen.choice(_wording()["figures"][figure.agg])
        if figure.of is None:
            return str(form.format(things=plural(self._thing(str(figure.dataset)))))
        return str(form.format(field=self._field(str(figure.of), about)))

    def _listed(self, names: list[str]) -> str:
        return ", ".join(names[:-1]) + self.chosen.choice([" and ", ", and ", " and "]) + names[-1]

    def _otherwise(self, label: str) -> str:
        """One of the words said with another, now and then, unless that names something else here."""
        words = label.split()
        for n, word in enumerate(words):
            others = [o for o in _wording()["others"].get(word, ()) if not set(o.split()) & self._words]
            if others and self.chosen.random() < _OTHER_WORD:
                words[n] = self.chosen.choice(others)
        return " ".join(words)

    def _slipped(self, text: str) -> str:
        """Two letters of a long plain word in the wrong order."""
        words = text.split(" ")
        long = [n for n, w in enumerate(words) if len(w) > 6 and w.isalpha() and w.islower()]
        if long:
            n = self.chosen.choice(long)
            at = self.chosen.randrange(2, len(words[n]) - 2)
            word = words[n]
            words[n] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return " ".join(words)

    # --- conditions --------------------------------------------------------------------------------------------------

    def _where(self, said: list[Said], about: str | None, apart: bool = False) -> str:
        """`apart`: not beside what it is about, so that only "where …" says it."""
        texts = [self._condition(s, about, " where" if apart else "") for s in sorted(said, key=lambda s: s.timed)]
        if len(texts) < 2:
            return "".join(texts)
        joined = texts[0] + texts[1] if said[-1].timed or said[0].timed else None
        return joined or str(self.chosen.choice(_wording()["conditions"]["both"])).format(one=texts[0], two=texts[1])

    @staticmethod
    def _is_of_rows(drawn: Drawn) -> bool:
        figure = drawn.slots.get("figure", ("", None))[1]
        return isinstance(figure, Aggregate) and figure.of is not None

    def _condition(self, said: Said, about: str | None, how: str = "") -> str:
        """`how`: "have_" for what follows a verb, else how it must begin, where it can."""
        forms = _wording()["conditions"]
        options = forms[how + said.form] if how == "have_" else forms[said.form]
        form = self.chosen.choice([o for o in options if how == "have_" or o.startswith(how)] or options)
        slots = dict(said.slots)
        parent = self._thing(said.parent) if said.parent else ""
        return str(
            form.format(
                field=self._field(said.about, said.parent or about),
                parent=parent,
                parents=plural(parent),
                **slots,
            )
        )


@cache
def _wording() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))
