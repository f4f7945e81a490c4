"""Training: kinds of models are tuned side by side in the time there is, compared on rows they were not trained on, and
the best are joined.

Tuned by optuna's tree-structured Parzen estimator (Bergstra et al., 2011), joined by greedy selection with replacement
(Caruana et al., 2004): the mean of the models that is best on the rows that were held out in turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import optuna
import pandas as pd
from sklearn.pipeline import Pipeline

from tools.predicting.calibrating import Calibration, calibrated
from tools.predicting.folds import Split, inner
from tools.predicting.learners import Learner, Params, learners, predicted
from tools.predicting.scoring import score
from tools.predicting.table import Column, Table

optuna.logging.set_verbosity(optuna.logging.WARNING)
_SEARCHED = (4_000, 15_000)
"""Rows that models are compared on, at least and at most: more take longer."""
_ROWS_A_SECOND = 400
_SHARES = {"gradient boosting": 4.0, "random forest": 2.0, "linear": 1.5, "neural network": 1.0}
"""How the time is shared out between kinds that do equally well."""
_BEHIND = 0.02
"""A kind whose score is so much lower than the best gets 1/e of its time."""
_HOPELESS = 0.05
_KEPT = 3
"""Settings of each kind that may be joined."""
_STEPS = 12
_GAIN = 0.0005


@dataclass(frozen=True)
class Candidate:
    learner: Learner
    params: Params
    score: float
    """In cross-validation."""
    held: np.ndarray
    """What it said of each row when that was held out; NaN for rows that never were."""


@dataclass(frozen=True)
class Compared:
    candidates: tuple[Candidate, ...]
    """The best first."""
    blend: tuple[tuple[Candidate, float], ...]
    """Those that are joined, with weights that add up to 1."""
    calibration: Calibration
    tried: int

    def best(self) -> dict[str, float]:
        """Of each kind, the best score in cross-validation."""
        found: dict[str, float] = {}
        for candidate in self.candidates:
            found.setdefault(candidate.learner.name, candidate.score)
        return found


@dataclass(frozen=True)
class Model:
    """What predicts. It is kept on disk as it stands."""

    columns: tuple[Column, ...]
    classes: tuple[str, ...]
    members: tuple[tuple[str, Pipeline, float], ...]
    """Kind, pipeline, weight."""
    calibration: Calibration

    def of(self, features: pd.DataFrame) -> np.ndarray:
        """n figures, or n × k calibrated chances. `features` has the model's columns, in any order."""
        rows = features[[c.name for c in self.columns]]
        table = Table(rows, self.columns, np.zeros(len(rows)), self.classes)
        found = sum(weight * predicted(pipeline, table) for _, pipeline, weight in self.members)
        return self.calibration.of(np.asarray(found)) if self.classes else np.asarray(found)


@dataclass
class _Race:
    learner: Learner
    study: optuna.Study
    best: list[Candidate] = field(default_factory=list)
    spent: float = 0.0
    last: float = 0.0
    first: float = -math.inf
    """The best score of the first fold alone."""


def compared(table: Table, seconds: float, seed: int = 7) -> Compared:
    """Tune and compare in about so many seconds. Each kind is tried at least once, however long that takes."""
    table = sample(table, int(min(max(_ROWS_A_SECOND * seconds, _SEARCHED[0]), _SEARCHED[1])), seed)
    splits, tried = inner(table), 0
    started = time.perf_counter()
    races = [_Race(one, _study(one, seed)) for one in learners(table)]
    for race in races:
        _try(race, table, splits)
        tried += 1
    while (left := seconds - (time.perf_counter() - started)) > 0:
        top = max(r.best[0].score for r in races)
        ready = [r for r in races if r.last < left or tried < len(races)]
        if not ready:
            break
        _try(min(ready, key=lambda r: r.spent / (_share(r, top))), table, splits)
        tried += 1
    candidates = sorted((c for r in races for c in r.best[:_KEPT]), key=lambda c: -c.score)
    blend = _joined(candidates, table, splits)
    said = sum(weight * c.held for c, weight in blend)
    rows = np.isfinite(np.asarray(said).reshape(len(table), -1)).all(axis=1)
    calibration = Calibration("none")
    if table.classes:
        times = table.moments
        by_time = times is not None and all(times[seen].max() <= times[held].min() for seen, held in splits)
        calibration = calibrated(np.asarray(said)[rows], table.target[rows], by_time=by_time)
    return Compared(tuple(candidates), blend, calibration, tried)


def fitted(table: Table, found: Compared) -> Model:
    """The models that were chosen, trained on all rows."""
    members = tuple((c.learner.name, c.learner.fitted(c.params, table), weight) for c, weight in found.blend)
    return Model(table.columns, table.classes, members, found.calibration)


def sample(table: Table, most: int, seed: int = 7) -> Table:
    """Some rows of a large table, drawn at random."""
    if len(table) <= most:
        return table
    return table.rows(np.sort(np.random.default_rng(seed).choice(len(table), most, replace=False)))


def _share(race: _Race, top: float) -> float:
    return _SHARES[race.learner.name] * math.exp(-(top - race.best[0].score) / _BEHIND) + 0.02


def _study(learner: Learner, seed: int) -> optuna.Study:
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.enqueue_trial(learner.usual)
    return study


def _try(race: _Race, table: Table, splits: Sequence[Split]) -> None:
    started = time.perf_counter()
    trial = race.study.ask()
    made = _tested(race, race.learner.suggest(trial, table), table, splits)
    race.study.tell(trial, made.score)
    race.best = sorted([*race.best, made], key=lambda c: -c.score)[: _KEPT + 1]
    race.last = time.perf_counter() - started
    race.spent += race.last


def _tested(race: _Race, params: Params, table: Table, splits: Sequence[Split]) -> Candidate:
    shape = (len(table), len(table.classes)) if table.classes else (len(table),)
    held, scores, sizes = np.full(shape, np.nan), [], []
    for n, (train, test) in enumerate(splits):
        seen, unseen = table.rows(train), table.rows(test)
        held[test] = predicted(race.learner.fitted(params, seen), unseen)
        scores.append(score(unseen.target, held[test], unseen.weights))
        sizes.append(len(test))
        if n == 0 and race.best and scores[0] < race.first - _HOPELESS:  # not worth the other folds
            return Candidate(race.learner, params, scores[0] - _HOPELESS, np.full(shape, np.nan))
        if n == 0:
            race.first = max(race.first, scores[0])
    known = np.isfinite(scores)
    value = float(np.average(np.array(scores)[known], weights=np.array(sizes)[known])) if known.any() else -1.0
    return Candidate(race.learner, params, value, held)


def _joined(
    candidates: Sequence[Candidate], table: Table, splits: Sequence[Split]
) -> tuple[tuple[Candidate, float], ...]:
    usable = [c for c in candidates if np.isfinite(c.held).any()]

    def value(said: np.ndarray) -> float:
        found = [(score(table.target[test], said[test]), len(test)) for _, test in splits]
        kept = [(s, n) for s, n in found if math.isfinite(s)]
        return sum(s * n for s, n in kept) / sum(n for _, n in kept) if kept else -1.0

    chosen = [usable[0]]
    best, said = value(usable[0].held), usable[0].held
    for _ in range(_STEPS):
        options = [(value((said * len(chosen) + c.held) / (len(chosen) + 1)), n) for n, c in enumerate(usable)]
        top, at = max(options)
        if top < best + _GAIN:
            break
        said = (said * len(chosen) + usable[at].held) / (len(chosen) + 1)
        chosen.append(usable[at])
        best = top
    return tuple((c, sum(o is c for o in chosen) / len(chosen)) for c in usable if any(o is c for o in chosen))
