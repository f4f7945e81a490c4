"""An autoregression of the changes from figure to figure, ARIMA(p, 1, 0) of Box and Jenkins (1970), for many series at
once: what they did lately they do again, less each time."""

from __future__ import annotations

import numpy as np

_ORDERS = 3
"""Changes that the next one may depend on, from none to one less."""


def autoregression(rows: np.ndarray, steps: int) -> np.ndarray:
    """The next `steps` figures of each row (1 × rows × steps). The order is that of the least AICc among those whose
    changes fade; least squares find its weights. `rows` has no season; it is NaN before a series begins and where a
    figure is missing."""
    moves = np.diff(rows, axis=1)
    lagged = np.stack([_shifted(moves, n) for n in range(_ORDERS)], axis=2)
    whole = ~np.isnan(lagged).any(axis=2)
    lagged = np.where(whole[..., None], lagged, 0.0)
    now, before = lagged[..., 0], lagged[..., 1:]
    count = whole.sum(axis=1)
    weights, least = np.zeros((len(rows), _ORDERS - 1)), _aicc(now, count, 0)
    for order in range(1, _ORDERS):
        own = _weights(now, before[..., :order])
        error = _aicc(now - np.einsum("rtp,rp->rt", before[..., :order], own), count, order)
        better = (error < least) & _fades(own)
        weights[better, :order], least = own[better], np.where(better, error, least)
    return _ahead(rows, moves, weights, steps)[None]


def _weights(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """By least squares; none where the changes before are all alike."""
    products = np.einsum("rtp,rtq->rpq", before, before)
    alone = np.linalg.det(products) <= 1e-12 * np.prod(np.einsum("rpp->rp", products), axis=1)
    products[alone] = np.eye(products.shape[1])
    found = np.linalg.solve(products, np.einsum("rtp,rt->rp", before, now)[..., None])[..., 0]
    return np.where(alone[:, None], 0.0, found)


def _fades(weights: np.ndarray) -> np.ndarray:
    """Whether a change has less and less effect: the process is stationary."""
    if weights.shape[1] == 1:
        return np.asarray(np.abs(weights[:, 0]) < 1)
    first, second = weights.T
    return np.asarray((np.abs(second) < 1) & (first + second < 1) & (second - first < 1))


def _aicc(errors: np.ndarray, count: np.ndarray, order: int) -> np.ndarray:
    """Akaike's criterion for short series (Hurvich and Tsai 1989); infinite where there are too few to say."""
    free, left = order + 1, count - order - 2
    size = np.log(np.sum(errors**2, axis=1) / np.maximum(count, 1) + 1e-300)
    return np.where(left > 0, count * size + 2 * free + 2 * free * (free + 1) / np.maximum(left, 1), np.inf)


def _ahead(rows: np.ndarray, moves: np.ndarray, weights: np.ndarray, steps: int) -> np.ndarray:
    level = rows[np.arange(len(rows)), rows.shape[1] - 1 - (~np.isnan(rows[:, ::-1])).argmax(axis=1)]
    recent = [np.nan_to_num(_shifted(moves, n)[:, -1]) for n in range(_ORDERS - 1)]
    made = []
    for _ in range(steps):
        move = np.sum([w * r for w, r in zip(weights.T, recent, strict=True)], axis=0)
        recent, level = [move, *recent[:-1]], level + move
        made.append(level)
    return np.stack(made, axis=1)


def _shifted(rows: np.ndarray, count: int) -> np.ndarray:
    """Each figure in the place of the one that comes `count` later."""
    moved = np.full_like(rows, np.nan)
    moved[:, count:] = rows[:, : max(rows.shape[1] - count, 0)]
    return moved
