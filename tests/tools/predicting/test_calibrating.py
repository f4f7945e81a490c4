"""A model's chances, mended: what it was too sure of, and less of it where its tests were of a later time."""

from __future__ import annotations

import numpy as np

from tools.predicting.calibrating import calibrated
from tools.predicting.scoring import calibration_error


def _too_sure(rng: np.random.Generator, rows: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Chances twice as far out, in log odds, as they should be; and what came true."""
    odds = rng.normal(0, 1, rows)
    true, said = (1 / (1 + np.exp(-slope * odds)) for slope in (1.0, 2.0))
    return np.column_stack([1 - said, said]), (rng.random(rows) < true).astype(float)


def test_chances_that_are_too_sure_are_mended() -> None:
    rng = np.random.default_rng(1)
    found, (said, target) = calibrated(*_too_sure(rng)), _too_sure(rng)
    assert calibration_error(target, said) > 0.05
    assert calibration_error(target, found.of(said)) < 0.03


def test_what_was_tested_on_a_later_time_is_mended_half_way() -> None:
    rng = np.random.default_rng(1)
    said, target = _too_sure(rng)
    whole, half = calibrated(said, target), calibrated(said, target, by_time=True)
    assert np.allclose(half.of(said), (whole.of(said) + said) / 2)
    assert np.allclose(half.of(said).sum(axis=1), 1)
    assert calibration_error(target, whole.of(said)) < calibration_error(target, half.of(said))
    assert calibration_error(target, half.of(said)) < calibration_error(target, said)
