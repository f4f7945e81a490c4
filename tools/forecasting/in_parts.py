"""Many series, a few at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

_ROWS = 128
"""So many that what a model keeps of each stays in the processor's cache: several times as fast as all at once."""


def in_parts(rows: np.ndarray, model: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """What a model says of rows (forecasts × rows × steps), from what it says of some of them at a time."""
    return np.concatenate([model(rows[n : n + _ROWS]) for n in range(0, len(rows), _ROWS)], axis=1)
