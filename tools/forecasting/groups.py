"""The outlook of every group, and of all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tools.analysis import CannotAnalyse
from tools.forecasting.outlook import Outlook, TooShort, outlook
from tools.forecasting.plan import Planned
from tools.forecasting.reconcile import reconciled
from tools.history import Group

_MOST = 300


@dataclass(frozen=True)
class Outlooks:
    groups: dict[Group, Outlook]
    total: Outlook | None
    """None where there are no groups, or their figures don't add up."""
    short: tuple[Group, ...]
    """Groups with too little history."""


def outlooks(plan: Planned) -> Outlooks:
    """Raises CannotAnalyse where there are too many groups, or none has history enough."""
    past = plan.past
    if len(past.groups) > _MOST:
        kinds = " and ".join(c.label.lower() for c in past.by)
        raise CannotAnalyse(
            f"There are {len(past.groups):,} groups by {kinds}; I forecast up to {_MOST} at a time. Ask for fewer, or "
            f"filter to those that matter."
        )
    steps = [b.steps for b in plan.blocks]
    found: dict[Group, Outlook] = {}
    short = []
    for group, values in past.groups.items():
        try:
            found[group] = _known(outlook(_since_first(values), plan.season, steps), plan, values)
        except TooShort:
            short.append(group)
    if not found:
        raise CannotAnalyse(f"There is too little history to forecast from: {len(past.starts)} {past.grain}s.")
    if not past.by or not past.additive or len(found) < 2:
        return Outlooks(found, None, tuple(short))
    summed = np.sum([past.groups[g] for g in found], axis=0)
    total = _known(outlook(summed, plan.season, steps), plan, summed)
    parts = reconciled(
        np.array([o.expected for o in found.values()]), total.expected,
        np.array([o.spread**2 for o in found.values()]), total.spread**2,
    )  # fmt: skip
    if min(values.min() for values in past.groups.values()) >= 0:
        parts = np.maximum(parts, 0.0)
    moved = {g: replace(o, expected=p) for (g, o), p in zip(found.items(), parts, strict=True)}
    return Outlooks(moved, replace(total, expected=parts.sum(axis=0)), tuple(short))


def _known(found: Outlook, plan: Planned, values: np.ndarray) -> Outlook:
    """With what is known already of a period that has begun."""
    known = [values[len(values) - b.known :].sum() if b.known else 0.0 for b in plan.blocks]
    return replace(found, expected=found.expected + np.array(known))


def _since_first(values: np.ndarray) -> np.ndarray:
    """From the first period in which there was anything: a product is not sold before it exists."""
    begun = np.flatnonzero(np.nan_to_num(values))
    return values[begun[0] :] if len(begun) else values
