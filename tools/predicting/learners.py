"""The kinds of models that are trained and compared, and what may be tuned of each."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, QuantileTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from tools.predicting.table import Table

Params = dict[str, Any]
_MOST_VALUES = 40
_SEED = 7


@dataclass(frozen=True)
class Learner:
    name: str
    """For people: "gradient boosting"."""
    usual: Params
    """What is tried first."""
    suggest: Callable[[optuna.Trial, Table], Params]
    build: Callable[[Params, Table], BaseEstimator]

    def fitted(self, params: Params, table: Table) -> Pipeline:
        model = make_pipeline(*_steps(self, params, table))
        last = model.steps[-1][0]
        weights = {} if table.weights is None or self.name == "neural network" else {
            f"{last}__sample_weight": table.weights
        }  # fmt: skip
        with warnings.catch_warnings(), threadpool_limits(1):  # on a busy machine, threads wait for each other
            warnings.simplefilter("ignore", ConvergenceWarning)
            return model.fit(table.features, table.target, **weights)


def predicted(model: Pipeline, table: Table) -> np.ndarray:
    """n figures, or n × k chances in the order of the table's classes: of a class that the model never saw, 0."""
    with warnings.catch_warnings(), threadpool_limits(1):
        warnings.simplefilter("ignore", UserWarning)  # values that were not seen in training
        if not table.classes:
            return np.asarray(model.predict(table.features), dtype=float)
        found = model.predict_proba(table.features)
    chances = np.zeros((len(table), len(table.classes)))
    chances[:, model.classes_.astype(int)] = found
    return chances


def learners(table: Table) -> list[Learner]:
    """Those that suit the table's size: a neural network earns its place between a few hundred and some ten thousand
    rows, if anywhere."""
    found = [_LINEAR, _FOREST, _BOOSTING]
    return [*found, _NETWORK] if 200 <= len(table) <= 30_000 else found


def _steps(learner: Learner, params: Params, table: Table) -> list[Any]:
    if learner is _BOOSTING:
        codes = OrdinalEncoder(
            max_categories=200, handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan
        )
        ready = ColumnTransformer([("n", "passthrough", table.numbers), ("c", codes, table.categories)])
    else:
        scale: Any = QuantileTransformer(
            n_quantiles=min(200, len(table)), output_distribution="normal", random_state=_SEED
        ) if params.get("ranks") else StandardScaler()  # fmt: skip
        filled = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
        figures = make_pipeline(filled, *([] if learner is _FOREST else [scale]))
        few = max(2, min(10, len(table) // 50))
        names = OneHotEncoder(
            handle_unknown="infrequent_if_exist", min_frequency=few, max_categories=_MOST_VALUES, sparse_output=False
        )
        ready = ColumnTransformer([("n", figures, table.numbers), ("c", names, table.categories)])
    return [ready, learner.build(params, table)]


# --- linear -----------------------------------------------------------------------------------------------------------


def _linear(params: Params, table: Table) -> BaseEstimator:
    if table.classes:
        return LogisticRegression(C=params["strength"], max_iter=400)
    return Ridge(alpha=1 / params["strength"])


def _suggest_linear(trial: optuna.Trial, table: Table) -> Params:
    return {
        "strength": trial.suggest_float("strength", 1e-4, 100, log=True),
        "ranks": trial.suggest_categorical("ranks", [False, True]),
    }


# --- trees ------------------------------------------------------------------------------------------------------------


def _forest(params: Params, table: Table) -> BaseEstimator:
    chosen: Any = {
        (True, False): RandomForestClassifier, (True, True): ExtraTreesClassifier,
        (False, False): RandomForestRegressor, (False, True): ExtraTreesRegressor,
    }[bool(table.classes), params["extra"]]  # fmt: skip
    return chosen(
        n_estimators=120, max_features=params["features"],
        min_samples_leaf=params["leaf"], random_state=_SEED,
    )  # fmt: skip


def _suggest_forest(trial: optuna.Trial, table: Table) -> Params:
    return {
        "extra": trial.suggest_categorical("extra", [False, True]),
        "features": trial.suggest_float("features", 0.1, 1.0),
        "leaf": trial.suggest_int("leaf", 1, max(2, min(50, len(table) // 20)), log=True),
    }


def _boosting(params: Params, table: Table) -> BaseEstimator:
    chosen: Any = HistGradientBoostingClassifier if table.classes else HistGradientBoostingRegressor
    first = len(table.numbers)
    return chosen(
        learning_rate=params["rate"], max_iter=params["rounds"], max_leaf_nodes=params["leaves"],
        min_samples_leaf=params["leaf"], l2_regularization=params["l2"], max_features=params["features"],
        categorical_features=list(range(first, first + len(table.categories))) or None,
        early_stopping=False, random_state=_SEED,
    )  # fmt: skip


def _suggest_boosting(trial: optuna.Trial, table: Table) -> Params:
    return {
        "rate": trial.suggest_float("rate", 0.01, 0.3, log=True),
        "rounds": trial.suggest_int("rounds", 20, 400, log=True),
        "leaves": trial.suggest_int("leaves", 3, 48, log=True),
        "leaf": trial.suggest_int("leaf", 3, 100, log=True),
        "l2": trial.suggest_float("l2", 1e-3, 30, log=True),
        "features": trial.suggest_float("features", 0.2, 1.0),
    }


# --- a small neural network -------------------------------------------------------------------------------------------


def _network(params: Params, table: Table) -> BaseEstimator:
    chosen: Any = MLPClassifier if table.classes else MLPRegressor
    return chosen(
        hidden_layer_sizes=(params["width"],), alpha=params["decay"], learning_rate_init=params["rate"],
        early_stopping=True, n_iter_no_change=12, max_iter=200, random_state=_SEED,
    )  # fmt: skip


def _suggest_network(trial: optuna.Trial, table: Table) -> Params:
    return {
        "width": trial.suggest_int("width", 16, 128, log=True),
        "decay": trial.suggest_float("decay", 1e-5, 1, log=True),
        "rate": trial.suggest_float("rate", 3e-4, 1e-2, log=True),
        "ranks": trial.suggest_categorical("ranks", [False, True]),
    }


_LINEAR = Learner("linear", {"strength": 0.3, "ranks": True}, _suggest_linear, _linear)
_FOREST = Learner("random forest", {"extra": False, "features": 0.4, "leaf": 2}, _suggest_forest, _forest)
_BOOSTING = Learner(
    "gradient boosting",
    {"rate": 0.06, "rounds": 120, "leaves": 8, "leaf": 20, "l2": 1.0, "features": 0.7},
    _suggest_boosting,
    _boosting,
)
_NETWORK = Learner(
    "neural network", {"width": 48, "decay": 0.01, "rate": 2e-3, "ranks": True}, _suggest_network, _network
)
