"""Why a request could not be compiled."""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "ambiguous_path",
    "unreachable",
    "unresolved_window",
    "no_time",
    "no_grain",
    "no_dataset",
    "bad_value",
    "bad_metric",
    "bad_request",
    "many_values",
    "unsupported",
]
"""ambiguous_path     several equally short joins lead to a field; `choices` are relationships to name with `@`
unreachable        no join leads from a measure's rows to a field; `choices` are fields that it does reach
unresolved_window  a period is still text: the calendar must resolve it first
no_time            a period is asked for, but the rows have no time; `choices` are time fields of related datasets
no_grain           a growth or running total needs a column with a time grain
no_dataset         nothing says which dataset is meant
bad_value          a value does not fit its field's type
bad_metric         a metric's SQL cannot be read
bad_request        the request contradicts itself
many_values        a sub-result has several values where one is needed
unsupported        the SQL dialect cannot say it
"""


class CannotCompile(Exception):
    """A request that the semantic model cannot serve. The message is for the person who asked; `choices` are names to
    offer instead, `about` the dataset that they are about."""

    def __init__(self, kind: Kind, message: str, choices: tuple[str, ...] = (), about: str = ""):
        super().__init__(message)
        self.kind, self.choices, self.about = kind, choices, about
