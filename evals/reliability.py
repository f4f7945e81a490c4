"""How far what is said of an answer's chance can be relied on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Judged = tuple[float, bool]
"""The chance, 0..1, that was said of an answer, and whether it is right."""


def bins(answers: Sequence[Judged]) -> list[tuple[int, float, float, int]]:
    """For each tenth that there are answers in: the tenth, their mean chance, the part that is right, how many."""
    found: dict[int, list[Judged]] = defaultdict(list)
    for chance, right in answers:
        found[min(int(chance * 10), 9)].append((chance, right))
    means = {n: [sum(column) / len(of) for column in zip(*of, strict=True)] for n, of in found.items()}
    return [(n, said, right, len(found[n])) for n, (said, right) in sorted(means.items())]


def calibration_error(answers: Sequence[Judged]) -> float:
    """Expected calibration error over ten bins of the chance (Naeini et al. 2015); 0 is perfect."""
    return sum(abs(said - right) * n for _, said, right, n in bins(answers)) / len(answers) if answers else 0.0


def reliability(answers: Sequence[Judged]) -> list[str]:
    """A table of the bins, and the calibration error."""
    if not answers:
        return ["Nothing was answered."]
    table = [
        f"  {n / 10:.1f}-{(n + 1) / 10:.1f}: said {said:.2f}, right {right:.2f} of {count}"
        for n, said, right, count in bins(answers)
    ]
    error = calibration_error(answers)
    return ["Reliability (answers by confidence):", *table, f"  expected calibration error {error:.3f}"]
