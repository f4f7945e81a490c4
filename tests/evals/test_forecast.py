"""The forecast benchmark, on a few series made up here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evals.forecast import measure, smape


def test_smape_is_m3s() -> None:
    assert smape(np.array([100.0, 50.0]), np.array([100.0, 150.0])) == pytest.approx(50)


def test_the_table_tells_of_each_kind(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    rows = [
        {"id": f"{period}{n}", "t": t, "y": 100 + chance.normal(), "test": t >= 40, "period": period}
        for period in ("MONTHLY", "QUARTERLY", "YEARLY", "OTHER")
        for n in range(2)
        for t in range(46)
    ]
    pd.DataFrame(rows).to_parquet(tmp_path / "few.parquet")
    best = {"method": ["THETA"], **{p: [5.0] for p in ("MONTHLY", "QUARTERLY", "YEARLY", "OTHER")}}
    pd.DataFrame(best).to_csv(tmp_path / "few_published_smape.csv", index=False)
    lines = measure(tmp_path / "few.parquet").splitlines()
    assert [line.split()[:2] for line in lines[1:5]] == [
        ["monthly", "2"],
        ["quarterly", "2"],
        ["yearly", "2"],
        ["other", "2"],
    ]
    assert float(lines[1].split()[2]) < 2
