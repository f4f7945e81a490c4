"""The models a forecast is made with. Each takes the figures so far, oldest first, and gives the next ones.

ETS (Hyndman et al. 2002), ARIMA (Hyndman and Khandakar 2008) and the dynamic optimised Theta method (Fiorucci et al.
2016) are statsforecast's, which takes seconds to import: it is imported when the first forecast is made.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

Model = Callable[[np.ndarray, int, int], np.ndarray]
"""(figures, season, steps) -> the next `steps` figures. `season` is the number of periods after which the pattern
recurs; 1: it has none."""


def seasonal_naive(values: np.ndarray, season: int, steps: int) -> np.ndarray:
    """The last season again."""
    return np.resize(values[-min(season, len(values)) :], steps)


def ets(values: np.ndarray, season: int, steps: int) -> np.ndarray:
    from statsforecast.models import AutoETS

    return _forecast(AutoETS(season_length=season), values, steps)


def theta(values: np.ndarray, season: int, steps: int) -> np.ndarray:
    from statsforecast.models import DynamicOptimizedTheta

    return _forecast(DynamicOptimizedTheta(season_length=season), values, steps)


def arima(values: np.ndarray, season: int, steps: int) -> np.ndarray:
    from statsforecast.models import AutoARIMA

    return _forecast(AutoARIMA(season_length=season), values, steps)


MODELS: dict[str, Model] = {"seasonal naive": seasonal_naive, "ETS": ets, "Theta": theta, "ARIMA": arima}


def _forecast(model: object, values: np.ndarray, steps: int) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(model.forecast(y=values, h=steps)["mean"], dtype=float)  # type: ignore[attr-defined]
