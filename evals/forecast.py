"""How good forecasts are on the series of a forecasting competition, and how fast: M3's development half.

A file of series has the columns id, t, y, test (the figures to forecast) and period; the errors of published methods
lie beside it, in a file of its name and `_published_smape.csv`.
"""

from __future__ import annotations

import random
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tools.forecasting.outlook import Outlook, outlooks

_SEASONS = {"MONTHLY": 12, "QUARTERLY": 4, "YEARLY": 1, "OTHER": 1}
_LEVELS = (0.8, 0.95)


@dataclass(frozen=True)
class Series:
    id: str
    period: str
    past: np.ndarray
    future: np.ndarray

    @property
    def season(self) -> int:
        return _SEASONS[self.period]


def measure(path: Path, library: int = 0) -> str:
    """The figures, as text. `library`: of so many series of each kind, the mean and the median of AutoETS, AutoARIMA,
    dynamic optimised Theta and CES of statsforecast as well."""
    lines = ["kind       series  sMAPE  best published   80% range  95% range     s"]
    published = pd.read_csv(path.with_name(f"{path.stem}_published_smape.csv")).set_index("method")
    every = read(path)
    for period in _SEASONS:
        of_kind = [s for s in every if s.period == period]
        started = time.perf_counter()
        found = [_alone(s) for s in of_kind]
        took = time.perf_counter() - started
        held = [100 * _held(of_kind, found, level) for level in _LEVELS]
        best = published[period].idxmin()
        lines.append(
            f"{period.lower():10} {len(of_kind):6}  {_error(of_kind, [o.expected for o in found]):5.2f}  "
            f"{published[period].min():5.2f} {best:11} {held[0]:7.1f}%  {held[1]:8.1f}%  {took:5.1f}"
        )
        if library:
            lines.append(_beside(random.Random(1).sample(of_kind, min(library, len(of_kind)))))
    lines.append(_speed())
    return "\n".join(lines)


def read(path: Path) -> list[Series]:
    table = pd.read_parquet(path).sort_values(["id", "t"])
    made = []
    for (name, period), rows in table.groupby(["id", "period"]):
        values, test = rows.y.to_numpy(float), rows.test.to_numpy(bool)
        made.append(Series(str(name), str(period), values[~test].copy(), values[test].copy()))
    return made


def smape(forecast: np.ndarray, actual: np.ndarray) -> float:
    """The symmetric mean absolute percentage error as M3 defines it, in percent."""
    return float(200 * np.mean(np.abs(forecast - actual) / (np.abs(forecast) + np.abs(actual))))


def _alone(series: Series) -> Outlook:
    """Forecast as one metric is: nothing is learnt from the others."""
    steps = len(series.future)
    found = outlooks(series.past[None], series.season, [1] * steps, np.ones(steps, dtype=bool))[0]
    assert found is not None
    return found


def _error(series: list[Series], forecasts: list[np.ndarray]) -> float:
    return float(np.mean([smape(f, s.future) for s, f in zip(series, forecasts, strict=True)]))


def _held(series: list[Series], found: list[Outlook], level: float) -> float:
    inside = []
    for s, outlook in zip(series, found, strict=True):
        low, high = outlook.range(level)
        inside.append(np.mean((low <= s.future) & (s.future <= high)))
    return float(np.mean(inside))


def _beside(sample: list[Series]) -> str:
    from statsforecast import models

    kinds: tuple[Callable[..., object], ...] = (
        models.AutoETS, models.AutoARIMA, models.DynamicOptimizedTheta, models.AutoCES,
    )  # fmt: skip
    made = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for s in sample:
            fitted = [kind(season_length=s.season) for kind in kinds]
            made.append([np.asarray(m.forecast(y=s.past, h=len(s.future))["mean"]) for m in fitted])  # type: ignore[attr-defined]
    ours = _error(sample, [_alone(s).expected for s in sample])
    mean = _error(sample, [np.mean(m, axis=0) for m in made])
    median = _error(sample, [np.median(m, axis=0) for m in made])
    return f"           {len(sample):6}  {ours:5.2f}  statsforecast: mean of four {mean:.2f}, median {median:.2f}"


def _speed() -> str:
    chance = np.random.default_rng(1)
    rows = chance.lognormal(3, 0.3, (1000, 120)) * (1 + 0.3 * np.sin(np.arange(120) * 2 * np.pi / 12))
    started = time.perf_counter()
    outlooks(rows, 12, [1] * 18, np.ones(18, dtype=bool))
    return f"1,000 series of 120 months, 18 steps, with their tests on the past: {time.perf_counter() - started:.1f} s"
