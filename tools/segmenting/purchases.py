"""How often things will be seen again, and for how much, from how they were seen so far.

BG/NBD (Fader, Hardie & Lee 2005, "Counting your customers the easy way"): while active, a thing returns at a rate of
its own, and after each time it may leave for good; rates are gamma, chances to leave beta distributed over things. What
one is worth each time follows the Gamma-Gamma model (Fader & Hardie 2013)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

_FITTED = 50_000
_FAR = 6.0
"""Bounds of the logarithms of parameters, those of time in units of the median age."""
_RIDGE = 1e-4
"""On the squares of the logarithms: where all or none leave, the likelihood alone has no maximum."""


@dataclass(frozen=True)
class Returns:
    """r, alpha: of the gamma distribution of rates; a, b: of the beta distribution of chances to leave."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True)
class Spending:
    p: float
    q: float
    v: float


def fitted_returns(again: np.ndarray, last: np.ndarray, age: np.ndarray) -> Returns:
    """By maximum likelihood. `again`: how many times a thing was seen after the first; `last`: the time of the last of
    them since the first; `age`: the time since the first. All in one unit of time, which alpha is in."""
    again, last, age = _sample(again, last, age)
    unit = float(np.median(age[age > 0])) if (age > 0).any() else 1.0
    x, tx, t = again, last / unit, age / unit

    def loss(logs: np.ndarray) -> float:
        r, alpha, a, b = np.exp(logs)
        head = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + t)
        with np.errstate(divide="ignore"):
            left = np.where(
                x > 0, betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + tx), -np.inf
            )
        return -float(np.mean(head + np.logaddexp(stays, left)))

    r, alpha, a, b = np.exp(_least(loss, np.array([0.0, 0.0, -1.0, 1.0])))
    return Returns(float(r), float(alpha * unit), float(a), float(b))


def expected_returns(model: Returns, again: np.ndarray, last: np.ndarray, age: np.ndarray, ahead: float) -> np.ndarray:
    """How many times each will be seen in the time `ahead`.

    Fader, Hardie & Lee's equation 10, its 2F1 by Euler's transformation: as it stands, it overflows for those who were
    seen hundreds of times."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    if abs(a - 1) < 1e-6:
        a += 1e-5
    z = ahead / (alpha + age + ahead)
    with np.errstate(all="ignore"):
        grown = 1 - (1 - z) ** (a - 1) * hyp2f1(a + b - 1 - r, a - 1, a + b + again - 1, z)
        made = (a + b + again - 1) / (a - 1) * grown
    # Where even that overflows, a and b are so large that all leave at one rate.
    rate, leaves = (r + again) / (alpha + age), a / (a + b + again)
    alike = -np.expm1(-rate * leaves * ahead) / leaves
    made = np.where(np.isfinite(made) & (made >= 0) & (made <= rate * ahead * (1 + 1e-9)), made, alike)
    return np.asarray(made * still_there(model, again, last, age))


def still_there(model: Returns, again: np.ndarray, last: np.ndarray, age: np.ndarray) -> np.ndarray:
    """The chance that each has not left for good, 0..1."""
    with np.errstate(over="ignore"):
        odds = (
            model.a
            / (model.b + np.maximum(again, 1) - 1)
            * np.exp(np.minimum((model.r + again) * np.log((model.alpha + age) / (model.alpha + last)), 700))
        )
    return np.where(again > 0, 1 / (1 + odds), 1.0)


def fitted_spending(times: np.ndarray, each: np.ndarray) -> Spending:
    """By maximum likelihood. `times`: how often a thing was worth something; `each`: how much on average, above 0."""
    times, each = _sample(times, each)
    unit = float(np.median(each))
    x, m = times, each / unit

    def loss(logs: np.ndarray) -> float:
        p, q, v = np.exp(logs)
        made = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        made += (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(x * m + v)
        return -float(np.mean(made))

    p, q, v = np.exp(_least(loss, np.array([1.0, 1.0, 1.0])))
    return Spending(float(p), float(q), float(v * unit))


def expected_spending(model: Spending, times: np.ndarray, each: np.ndarray) -> np.ndarray:
    """What each is worth a time: between its own average and that of all, the nearer to its own the more often it was
    seen."""
    p, q, v = model.p, max(model.q, 1.001), model.v
    return np.asarray(p * (v + times * each) / (p * times + q - 1))


def _least(loss: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    def held(logs: np.ndarray) -> float:
        return loss(logs) + _RIDGE * float((logs**2).sum())

    bounds = [(-_FAR, _FAR)] * len(start)
    found = minimize(held, start, method="L-BFGS-B", bounds=bounds)
    exact = {"maxiter": 800, "xatol": 1e-4, "fatol": 1e-9}
    again = minimize(held, found.x, method="Nelder-Mead", bounds=bounds, options=exact)
    return np.asarray(again.x if again.fun <= found.fun else found.x)


def _sample(*columns: np.ndarray) -> tuple[np.ndarray, ...]:
    if len(columns[0]) <= _FITTED:
        return columns
    chosen = np.random.default_rng(0).choice(len(columns[0]), _FITTED, replace=False)
    return tuple(c[chosen] for c in columns)
