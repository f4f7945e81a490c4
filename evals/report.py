"""A report of judged answers: how many are right, how sure, how fast, how well it declines, and every miss."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from evals.reliability import reliability
from evals.score import Verdict

_GROUPS: tuple[tuple[str, Callable[[Verdict], str]], ...] = (
    ("suite", lambda v: v.item.suite),
    ("split", lambda v: v.item.split),
    ("database", lambda v: v.item.db),
    ("category", lambda v: v.item.category),
)


def report(verdicts: Sequence[Verdict], *, misses: bool = True) -> str:
    """Accuracy by suite, split, database and category; outcomes given and expected; calibration; latency; the misses,
    by kind and one by one.

    Misses of a holdout half are counted, not shown: who has seen them can no longer tell what was learnt from them."""
    if not verdicts:
        return "No questions."
    lines = [_summary("all", verdicts)]
    for title, key in _GROUPS:
        groups: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in verdicts:
            groups[key(verdict)].append(verdict)
        if len(groups) > 1:
            lines += ["", f"By {title}:", *(_summary(name or "-", groups[name]) for name in sorted(groups))]
    unanswerable = [v for v in verdicts if v.turn.expect == "cannot"]
    if unanswerable:
        given = sum(v.answered for v in unanswerable)
        declined = sum(v.right for v in unanswerable)
        lines += ["", f"Of {len(unanswerable)} that can't be answered: {declined} declined, {given} answered"]
    outcomes = Counter((v.turn.expect, v.prediction.status) for v in verdicts)
    lines += ["", "Expected -> given:", *(f"  {a:>10} -> {b:<12} {n}" for (a, b), n in sorted(outcomes.items()))]
    lines += ["", *reliability([(v.prediction.confidence, v.right) for v in verdicts if v.answered])]
    times = [v.prediction.ms for v in verdicts if v.prediction.ms]
    if times:
        lines += ["", f"Latency: median {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms"]
    missed = [v for v in verdicts if not v.right]
    kinds = Counter(v.kind for v in missed)
    if kinds:
        lines += ["", "Misses:", *(f"  {count:>4} {kind}" for kind, count in kinds.most_common())]
    if misses:
        for verdict in missed:
            if verdict.item.split != "holdout":
                lines += ["", *_miss(verdict)]
        if hidden := sum(v.item.split == "holdout" for v in missed):
            lines += ["", f"{hidden} misses of the holdout half are not shown."]
    return "\n".join(lines)


def percentile(values: Sequence[float], p: float) -> float:
    """The smallest of the values that the part p of them don't exceed (nearest rank). Raises IndexError for none.

    >>> percentile([4, 1, 3, 2], 0.5)
    2
    """
    return sorted(values)[max(math.ceil(p * len(values)) - 1, 0)]


def _summary(name: str, verdicts: Sequence[Verdict]) -> str:
    total = len(verdicts)
    right, wrong = sum(v.right for v in verdicts), sum(v.answered_wrong for v in verdicts)
    return (
        f"{name:<36} {right:>4}/{total:<4} {100 * right / total:5.1f}% right"
        f"   {100 * wrong / total:5.1f}% answered and wrong"
    )


def _miss(verdict: Verdict) -> list[str]:
    turn, given = verdict.turn, verdict.prediction
    lines = [
        f"MISS {verdict.id} [{verdict.item.category}] {turn.question}",
        f"  expected {turn.expect}, got {given.status} ({given.confidence:.2f}): {given.answer[:140]!r}",
    ]
    if given.reading:
        lines.append(f"  read as: {given.reading}")
    if given.sql:
        lines.append(f"  sql:  {' '.join(given.sql.split())[:400]}")
    if turn.gold_sql:
        lines.append(f"  gold: {' '.join(turn.gold_sql[0].split())[:400]}")
    if turn.gold_text_contains:
        lines.append(f"  gold: a text with {turn.gold_text_contains}")
    if verdict.gold is not None:
        lines.append(f"  {verdict.kind}: {_shown(given.rows)}; gold {_shown(verdict.gold)}")
    return lines


def _shown(rows: Sequence[Sequence[object]]) -> str:
    return f"{[list(r) for r in rows[:2]]} of {len(rows)}"
