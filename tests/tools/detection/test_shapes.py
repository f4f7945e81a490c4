"""The shapes fitted to a series: held against plain least squares, with figures missing."""

from __future__ import annotations

import numpy as np
import pytest

from tools.detection.shapes import Left, Shape, along, fit, shape

COUNT = 60
SHAPES: list[Shape] = [("step", 20, 1), ("pulse", 33, 1), ("ramp", 40, 8)]


def series(missing: bool) -> tuple[np.ndarray, np.ndarray]:
    values = np.random.default_rng(4).normal(10, 1, COUNT) + 3 * shape("step", 20, 1, COUNT)
    if missing:
        values[[5, 6, 45]] = np.nan
    return values, ~np.isnan(values)


def lines() -> np.ndarray:
    return np.stack([np.ones(COUNT), np.arange(COUNT)], axis=1)


@pytest.mark.parametrize("missing", [False, True])
def test_a_fit_is_least_squares(missing: bool) -> None:
    values, there = series(missing)
    design = np.column_stack([lines(), *(shape(*s, COUNT) for s in SHAPES)])
    weights = np.linalg.lstsq(design[there], values[there], rcond=None)[0]
    fitted = fit(values, there, SHAPES)
    assert fitted.sizes == pytest.approx(weights[2:])
    assert fitted.residual[there] == pytest.approx((values - design @ weights)[there], abs=1e-9)
    assert not fitted.residual[~there].any()
    variance = np.diag(np.linalg.inv(design[there].T @ design[there]))[2:]
    assert fitted.spread == pytest.approx(np.sqrt(variance))


@pytest.mark.parametrize("missing", [False, True])
def test_shapes_taken_out_one_by_one_leave_what_a_fit_leaves(missing: bool) -> None:
    values, there = series(missing)
    left = Left(values, there)
    for one in SHAPES:
        left.take(one)
    assert left.residual == pytest.approx(fit(values, there, SHAPES).residual, abs=1e-9)


def test_a_shape_that_others_make_up_changes_nothing() -> None:
    values, there = series(False)
    twice: list[Shape] = [*SHAPES, ("step", 20, 1)]
    left = Left(values, there)
    for one in twice:
        left.take(one)
    assert left.residual == pytest.approx(fit(values, there, SHAPES).residual, abs=1e-9)
    assert fit(values, there, twice).residual == pytest.approx(left.residual, abs=1e-9)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("length", [1, 7])
def test_how_well_a_shape_matches_at_each_moment(length: int, missing: bool) -> None:
    values, there = series(missing)
    residual = fit(values, there, []).residual
    matched = along(residual, there, [length])[0]
    line = np.linalg.qr(lines()[there])[0]
    for start in (3, 20, 40):
        own = shape("ramp", start, length, COUNT)[there]
        own = own - line @ (line.T @ own)
        assert matched[start] == pytest.approx(own @ residual[there] / np.linalg.norm(own))
