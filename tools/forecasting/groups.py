"""The outlook of every group, and of all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tools.analysis import CannotAnalyse
from tools.forecasting.known_days import recurring
from tools.forecasting.occasions import Occasions, Tested, effects, joined, weighed
from tools.forecasting.outlook import Outlook, outlooks
from tools.forecasting.plan import Planned
from tools.forecasting.reconcile import reconciled
from tools.history import Group

_MOST = 1_000


@dataclass(frozen=True)
class Counted:
    days: Occasions
    tested: Tested
    effect: np.ndarray
    """Of each of their names, as a factor of what is usual; of all groups together."""


@dataclass(frozen=True)
class Expected:
    groups: dict[Group, Outlook]
    """As many as are asked for, in the order of their totals."""
    total: Outlook | None
    """None where there are no groups, or their figures don't add up."""
    short: tuple[Group, ...]
    """Groups with too little history."""
    counted: tuple[Counted, ...] = ()
    """Days that the forecast counts in, and those that were tried and did not help."""


def expected(plan: Planned) -> Expected:
    """Raises CannotAnalyse where there are too many groups, or none has history enough."""
    past = plan.past
    if len(past.groups) > _MOST:
        kinds = " and ".join(c.label.lower() for c in past.by)
        raise CannotAnalyse(
            f"There are {len(past.groups):,} groups by {kinds}; I forecast up to {_MOST:,} at a time. Ask for fewer: "
            f"filter to those that matter, or group by something larger."
        )
    rows = np.array([_since_first(v) for v in past.groups.values()])
    summed = np.sum(list(past.groups.values()), axis=0)
    together = past.additive and len(rows) > 1
    if together:
        rows = np.vstack([rows, _since_first(summed)])
    wanted = np.array([b.wanted for b in plan.blocks])
    blocks = [b.steps for b in plan.blocks]
    tried = _counted(rows if together or len(rows) == 1 else np.nanmean(rows, axis=0)[None], plan, blocks)
    every = outlooks(rows, plan.season, blocks, wanted)
    helpful = joined([c.days for c in tried if c.tested.helps])
    if helpful is not None:
        with_days = outlooks(rows, plan.season, blocks, wanted, helpful)
        if _better(with_days[-1], every[-1]):
            every = with_days
        else:
            tried = [replace(c, tested=replace(c.tested, helps=False)) for c in tried]
    made = dict(zip(past.groups, every, strict=False))
    found = {g: o for g, o in made.items() if o is not None}
    total = every[-1] if together else None
    if not found:
        raise CannotAnalyse(
            f"There is too little history to forecast from: {len(past.starts)} {past.grain}s, to "
            f"{past.starts[-1]:%-d %B %Y}."
        )
    if total is not None:
        found, total = _agreed(found, total, wanted)
    known = {g: _so_far(values, plan) for g, values in past.groups.items()}
    found = {g: _plus(o, known[g], wanted) for g, o in found.items()}
    if total is not None:
        total = _plus(total, _so_far(summed, plan), wanted)
    order = sorted(found, key=lambda g: found[g].total, reverse=plan.largest)[: plan.limit]
    short = tuple(g for g, o in made.items() if o is None)
    return Expected({g: found[g] for g in order}, total, short, tuple(tried))


def _counted(rows: np.ndarray, plan: Planned, blocks: list[int]) -> list[Counted]:
    """The days that may move the figures: those that help most, or were tried first; and weeks that stood out."""
    row, steps = rows[-1], sum(blocks)
    found = [Counted(d, weighed(row, d), effects(row[None], d)[0][0]) for d in plan.days]
    best = max(found, key=lambda c: (c.tested.helps, c.tested.gain), default=None)
    kept = [best] if best is not None and best.tested.days else []
    weeks = recurring(plan.past, steps, row, best.days if best is not None and best.tested.helps else None)
    if weeks is not None and (result := weighed(row, weeks)).helps:
        kept.append(Counted(weeks, result, effects(row[None], weeks)[0][0]))
    return kept


def _better(new: Outlook | None, old: Outlook | None) -> bool:
    """Tests of whole forecasts, too, must not speak against it."""
    return new is not None and old is not None and new.error <= old.error


def _agreed(found: dict[Group, Outlook], total: Outlook, wanted: np.ndarray) -> tuple[dict[Group, Outlook], Outlook]:
    """Parts and total that agree."""
    parts = reconciled(
        np.array([o.expected for o in found.values()]), total.expected,
        np.array([o.spread**2 for o in found.values()]), total.spread**2,
    )  # fmt: skip
    parts = np.maximum(parts, np.array([[o.floor] for o in found.values()]))
    moved = {
        g: replace(o, expected=p, total=float(p[wanted].sum())) for (g, o), p in zip(found.items(), parts, strict=True)
    }
    whole = parts.sum(axis=0)
    return moved, replace(total, expected=whole, total=float(whole[wanted].sum()))


def _so_far(values: np.ndarray, plan: Planned) -> np.ndarray:
    """What is known already of each block, if it has begun."""
    return np.array([np.nansum(values[len(values) - b.known :]) if b.known else 0.0 for b in plan.blocks])


def _plus(found: Outlook, known: np.ndarray, wanted: np.ndarray) -> Outlook:
    return replace(found, expected=found.expected + known, total=found.total + float(known[wanted].sum()))


def _since_first(values: np.ndarray) -> np.ndarray:
    """Nothing before the first period in which there was anything: a product is not sold before it exists."""
    begun = np.flatnonzero(np.nan_to_num(values))
    return np.where(np.arange(len(values)) < begun[0], np.nan, values) if len(begun) else values
