"""The planted anomalies are there, and the benchmark tells how many are found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evals.anomalies import nab
from evals.anomalies.business import measure
from evals.anomalies.nab import scored
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


WINDOW = (100, 199)


@pytest.mark.parametrize(
    ("raised", "score"),
    [
        ([], -1.0),  # missed
        ([100], 1.0),  # at its start
        ([100, 150, 180], 1.0),  # the first counts
        ([40], -1.0),  # in the time for learning: neither costs nor counts
        ([80, 100], 1.0 - 0.11),  # before any window
        ([100, 900], 1.0 - 0.11),  # far behind it
    ],
)
def test_the_score_is_by_numentas_rule(raised: list[int], score: float) -> None:
    assert scored(500, raised, [WINDOW]) == pytest.approx(score, abs=0.001)


def test_the_later_in_a_window_the_less_and_the_nearer_behind_it_the_cheaper() -> None:
    early, late = scored(500, [110], [WINDOW]), scored(500, [190], [WINDOW])
    assert 1 > early > late > -1
    near, far = scored(500, [100, 205], [WINDOW]), scored(500, [100, 300], [WINDOW])
    assert 1 > near > far > 0.88


def test_a_folder_is_scored(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    times = pd.date_range("2024-01-01", periods=24 * 40, freq="h")
    values = np.random.default_rng(1).normal(100, 1, len(times))
    values[700] = 300
    pd.DataFrame({"timestamp": times, "value": values}).to_csv(tmp_path / "data" / "a.csv", index=False)
    windows = {"a.csv": [[str(times[690]), str(times[720])]]}
    (tmp_path / "windows.json").write_text(json.dumps(windows))
    assert "1 of 1 windows found" in nab.measure(tmp_path)
