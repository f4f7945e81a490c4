"""Calibration: of what a model gives a chance of 30%, 30% should come true."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

Way = Literal["none", "sigmoid", "isotonic"]
_ISOTONIC_FROM = 1000
"""Rows from which a free-form curve is tried: on fewer it fits noise (Niculescu-Mizil and Caruana, 2005)."""
_LEAST = 40
_BY_TIME = 0.5
"""Part of a map that is used where it was fitted over time. It mends what was too sure, and also what had changed
between one time and the next, which the model, trained anew to the last day, has learnt since. On 38 made-up
streams of outcomes that it was not chosen on, the error of chances a month ahead was 0.032 so, 0.035 with the whole
map, 0.037 with none. On the 30 that it was chosen on a map of the latest tests alone was far worse (0.060)."""
_TINY = 1e-6


@dataclass(frozen=True)
class Calibration:
    way: Way
    maps: tuple[object, ...] = ()
    """Of two classes: one map; of more, for sigmoid: one multinomial regression over the logs of the chances."""
    share: float = 1.0
    """The part of the chance that is the map's; the rest is the model's own."""

    def of(self, chances: np.ndarray) -> np.ndarray:
        """n × k chances, as they should be read."""
        if self.way == "none":
            return chances
        return self.share * self._mapped(chances) + (1 - self.share) * chances

    def _mapped(self, chances: np.ndarray) -> np.ndarray:
        fitted = self.maps[0]
        if chances.shape[1] > 2:
            assert isinstance(fitted, LogisticRegression)
            return np.asarray(fitted.predict_proba(np.log(np.clip(chances, _TINY, 1))))
        if isinstance(fitted, LogisticRegression):
            return np.asarray(fitted.predict_proba(_logit(chances[:, 1])))
        assert isinstance(fitted, IsotonicRegression)
        # A step of the curve may be flat: a little of the model's own order is kept, so that nobody is tied.
        upper = np.clip(0.98 * fitted.predict(chances[:, 1]) + 0.02 * chances[:, 1], 0, 1)
        return np.column_stack([1 - upper, upper])


def calibrated(chances: np.ndarray, target: np.ndarray, seed: int = 0, *, by_time: bool = False) -> Calibration:
    """The way that has the least log loss on rows it was not fitted to. `chances` must be of rows that the model was
    not trained on; `by_time`: those were later than what it was trained on, as what it is asked for next is."""
    counts = np.bincount(target.astype(int), minlength=chances.shape[1])
    if len(target) < _LEAST or counts.min() < 5:
        return Calibration("none")
    ways: list[Way] = ["none", "sigmoid"]
    if chances.shape[1] == 2 and len(target) >= _ISOTONIC_FROM:
        ways.append("isotonic")
    losses: dict[Way, float] = dict.fromkeys(ways, 0.0)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=seed).split(chances, target):
        for way in ways:
            made = _fitted(way, chances[train], target[train]).of(chances[test])
            losses[way] += _loss(made, target[test])
    best = min(ways, key=lambda way: losses[way])
    found = _fitted(best, chances, target)
    return replace(found, share=_BY_TIME) if by_time and found.way != "none" else found


def _fitted(way: Way, chances: np.ndarray, target: np.ndarray) -> Calibration:
    if way == "none":
        return Calibration("none")
    if way == "isotonic":
        curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
        return Calibration(way, (curve.fit(chances[:, 1], target),))
    figures = np.log(np.clip(chances, _TINY, 1)) if chances.shape[1] > 2 else _logit(chances[:, 1])
    return Calibration(way, (LogisticRegression(C=10.0, max_iter=1000).fit(figures, target),))


def _logit(chances: np.ndarray) -> np.ndarray:
    kept = np.clip(chances, _TINY, 1 - _TINY)
    return np.log(kept / (1 - kept)).reshape(-1, 1)


def _loss(chances: np.ndarray, target: np.ndarray) -> float:
    return float(-np.log(np.clip(chances[np.arange(len(target)), target.astype(int)], _TINY, 1)).sum())
