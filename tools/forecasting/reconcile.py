"""Parts and total that agree."""

from __future__ import annotations

import numpy as np


def reconciled(parts: np.ndarray, total: np.ndarray, part_errors: np.ndarray, total_errors: np.ndarray) -> np.ndarray:
    """The forecasts of the parts, moved so that they add up to a total between their sum and its own forecast.

    `parts` and `part_errors` (the variances of their errors) have a row a part and a column a period; `total` and
    `total_errors` a value a period. What is missing is shared out by how unsure each forecast is: the weighted least
    squares of Wickramasuriya et al. (2019) for one level.

    >>> reconciled(np.array([[10.0], [20.0]]), np.array([36.0]), np.array([[1.0], [3.0]]), np.array([2.0]))
    array([[11.],
           [23.]])
    """
    unsure = part_errors.sum(axis=0) + total_errors
    share = np.divide(part_errors, unsure, out=np.zeros_like(part_errors), where=unsure > 0)
    return parts + share * (total - parts.sum(axis=0))
