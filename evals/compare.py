"""compare, on groups drawn by chance: how often a test finds a difference that is not there, looked at once and at 20
looks; how often any of six pairs of four like groups is called different; and how often a planted one is found."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tools.comparing.observations import Sample
from tools.comparing.tests import together, verdicts

_LOOKS, _SIZE, _SURE = 20, 2000, 0.05
Draw = Callable[[np.random.Generator, int, float], np.ndarray]


def _bell(rng: np.random.Generator, size: int, effect: float) -> np.ndarray:
    return rng.normal(effect, 1, size)


def _money(rng: np.random.Generator, size: int, effect: float) -> np.ndarray:
    return rng.lognormal(0, 1, size) + effect * np.sqrt((np.e - 1) * np.e)


def _bought(rng: np.random.Generator, size: int, effect: float) -> np.ndarray:
    return (rng.random(size) < 0.1 + effect * 0.3).astype(float)


_KINDS: dict[str, tuple[Draw, bool]] = {
    "normal": (_bell, False), "log-normal": (_money, False), "shares of 10%": (_bought, True),
}  # fmt: skip


def measure(count: int = 300) -> str:
    """The table, over `count` experiments a row: 20 looks, a hundred more observations a group at each."""
    lines = [
        f"{count:,} experiments a row, {_SIZE:,} a group in {_LOOKS} looks, at {_SURE:.0%}",
        "kind           effect (sd)  one look  ordinary, 20 looks  always-valid, 20 looks",
    ]
    for name, (draw, shares) in _KINDS.items():
        for effect in (0.0, 0.1, 0.2):
            once, often, anytime = _experiments(draw, shares, effect, count)
            lines.append(f"{name:<15}{effect:<13}{once:<10.1%}{often:<20.1%}{anytime:.1%}")
    lines.append(
        f"four groups of 300, {5 * count:,} times: any false difference (family-wise); the planted 0.3 sd found"
    )
    for name, (draw, shares) in _KINDS.items():
        false, found = _families(draw, shares, 5 * count)
        lines.append(f"{name:<15}{false:<10.1%}{found:.1%}")
    return "\n".join(lines)


def _experiments(draw: Draw, shares: bool, effect: float, count: int) -> tuple[float, float, float]:
    rng = np.random.default_rng(1)
    found = np.zeros((count, 3))
    for n in range(count):
        a, b = draw(rng, _SIZE, 0.0), draw(rng, _SIZE, effect)
        looks = [_looked(a[:at], b[:at], shares) for at in range(_SIZE // _LOOKS, _SIZE + 1, _SIZE // _LOOKS)]
        ordinary = [p < _SURE for p, _ in looks]
        found[n] = ordinary[-1], any(ordinary), any(p is not None and p < _SURE for _, p in looks)
    once, often, anytime = found.mean(axis=0)
    return float(once), float(often), float(anytime)


def _looked(a: np.ndarray, b: np.ndarray, shares: bool) -> tuple[float, float | None]:
    verdict = verdicts((_sample("a", a, shares), _sample("b", b, shares)))[0]
    return verdict.chance, verdict.anytime


def _families(draw: Draw, shares: bool, count: int) -> tuple[float, float]:
    """How often any of the pairs is called different where none is; and one with the first group, where that is."""
    rng = np.random.default_rng(2)
    found = np.zeros((count, 2))
    for n in range(count):
        for at, effect in enumerate((0.0, 0.3)):
            sizes = (effect, 0.0, 0.0, 0.0)
            samples = tuple(_sample(str(g), draw(rng, 300, e), shares) for g, e in enumerate(sizes))
            sure = [v for v in verdicts(samples) if v.chance < _SURE] if together(samples).chance < _SURE else []
            found[n, at] = any(effect == 0 or "0" in (v.one.name, v.other.name) for v in sure)
    return float(found[:, 0].mean()), float(found[:, 1].mean())


def _sample(name: str, values: np.ndarray, shares: bool) -> Sample:
    return Sample(name, np.array([]), (float(values.sum()), float(len(values)))) if shares else Sample(name, values)
