"""Table: what a model is trained on, a row for each thing at a moment, and what is to be predicted of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

Task = Literal["binary", "classes", "number"]


@dataclass(frozen=True)
class Column:
    """A feature. `number` columns are floats with NaN; `category` columns are texts with None."""

    name: str
    label: str
    """For people, in the middle of a sentence: "days since the last basket"."""
    kind: Literal["number", "category"]
    theme: str = ""
    """What it is about, where several columns say the same at several times: "net sales". Its label, where empty."""
    source: str = ""
    """The field or metric of the semantic model that it was made of."""

    @property
    def about(self) -> str:
        return self.theme or self.label


@dataclass(frozen=True)
class Table:
    features: pd.DataFrame
    columns: tuple[Column, ...]
    target: np.ndarray
    """A number each, or the place of its class in `classes`."""
    classes: tuple[str, ...] = ()
    """Empty where a number is predicted. Of two, the second is what is asked about."""
    moments: np.ndarray | None = None
    """When each row was looked at, in days since 1970; None where rows have no time."""
    known: np.ndarray | None = None
    """When its target was known, in days since 1970."""
    units: np.ndarray | None = None
    """Which thing a row is of, where one may have several rows."""
    weights: np.ndarray | None = None
    """How much a row counts; None: all the same."""

    def __len__(self) -> int:
        return len(self.features)

    @property
    def task(self) -> Task:
        return "number" if not self.classes else "binary" if len(self.classes) == 2 else "classes"

    @property
    def numbers(self) -> list[str]:
        return [c.name for c in self.columns if c.kind == "number"]

    @property
    def categories(self) -> list[str]:
        return [c.name for c in self.columns if c.kind == "category"]

    def rows(self, chosen: np.ndarray) -> Table:
        """Some of the rows, by place or mask."""
        at = np.flatnonzero(chosen) if chosen.dtype == bool else chosen

        def some(values: np.ndarray | None) -> np.ndarray | None:
            return None if values is None else values[at]

        return replace(
            self, features=self.features.iloc[at].reset_index(drop=True), target=self.target[at],
            moments=some(self.moments), known=some(self.known), units=some(self.units), weights=some(self.weights),
        )  # fmt: skip

    def without(self, names: set[str]) -> Table:
        kept = tuple(c for c in self.columns if c.name not in names)
        return replace(self, columns=kept, features=self.features[[c.name for c in kept]])


def from_frame(features: pd.DataFrame, target: np.ndarray, classes: tuple[str, ...] = ()) -> Table:
    """A table of a plain frame: its columns of numbers and flags are numbers, the others categories."""
    columns, made = [], {}
    for name in features:
        values = features[name]
        number = pd.api.types.is_numeric_dtype(values)
        columns.append(Column(str(name), str(name), "number" if number else "category"))
        made[str(name)] = values.astype(float) if number else texts(values)
    return Table(pd.DataFrame(made), tuple(columns), target, classes)


def texts(values: pd.Series) -> pd.Series:
    """Categories as texts, what is missing as None."""
    return pd.Series([None if pd.isna(v) else str(v) for v in values], index=values.index, dtype=object)
