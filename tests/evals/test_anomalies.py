"""The planted anomalies are there, and the benchmark tells how many are found."""

from __future__ import annotations

import numpy as np

from evals.anomalies.business import measure
from evals.anomalies.planted import planted


def test_what_is_planted_is_in_the_series() -> None:
    made = list(planted(30))
    assert {(p.grain, p.plant) for p in made} >= {("day", "spike"), ("week", "missing"), ("month", "none")}
    for series in made:
        if series.plant == "missing":
            assert (series.values[series.first : series.last + 1] == 0).all()
        else:
            assert (series.values > 0).all()
    assert np.array_equal(made[3].values, list(planted(30))[3].values)


def test_most_are_found() -> None:
    assert float(measure(60).split("F1 ")[1][:5]) > 0.85
