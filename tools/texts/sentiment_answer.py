"""How favourable texts are, in words and rows: by group, in the order that is asked for; and the most telling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from knowledge.formats import format_value
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.texts.said import LEAST, Said, parts_of, told
from tools.texts.sentiment import FAVOURABLE
from tools.texts.shape import TONE, count_of, group_name, how_toned, made, percent
from tools.texts.tokens import shown
from tools.texts.words import First, Wish

_GROUPS, _QUOTES = 200, 50
_SURE = 0.05


@dataclass(frozen=True)
class _Group:
    """The texts of one group, as how favourable each is."""

    of: tuple[Any, ...]
    tones: np.ndarray

    @property
    def good(self) -> int:
        return int((self.tones > FAVOURABLE).sum())

    @property
    def bad(self) -> int:
        return int((self.tones < -FAVOURABLE).sum())

    @property
    def size(self) -> int:
        return len(self.tones)

    def row(self) -> tuple[Any, ...]:
        shares = (100 * self.good / self.size, 100 * self.bad / self.size)
        return (*self.of, self.size, *shares, float(self.tones.mean()))


def sentiment_told(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where nothing is known of how favourable they are."""
    tones, of, noun = told(said), said.corpus.groups, said.noun
    if wanted.term:
        parts = parts_of(said, wanted)
        assert parts.tones is not None  # those of the texts are known
        tones, of = parts.tones, tuple(of[n] for n in parts.owners)
        noun = f"mentions of “{wanted.term}” in {said.noun}"
    places: dict[tuple[Any, ...], list[int]] = {}
    for n, group in enumerate(of):
        places.setdefault(group, []).append(n)
    groups = [_Group(group, tones[at]) for group, at in places.items()]
    timed = any(c.grain for c in said.corpus.by)
    first = wanted.first or "best"
    groups.sort(key=lambda g: str(g.of[0]) if timed and wanted.first is None else _place(g, first))
    columns = (
        *said.corpus.by, count_of(noun),
        ResultColumn("positive", "Positive", "percent", measure=True, direction="up"),
        ResultColumn("negative", "Negative", "percent", measure=True, direction="down"), TONE,
    )  # fmt: skip
    caveats = list(said.caveats)
    if len(groups) > _GROUPS:
        caveats.append(f"Of {len(groups):,} groups, the first {_GROUPS} are shown.")
    large = [g for g in groups if g.size >= LEAST]
    if said.corpus.by and not timed and 0 < len(large) < len(groups):
        caveats.append(f"Groups with fewer than {LEAST} {noun} are listed last, and not compared.")
    whole = _Group((), tones)
    good, bad = (percent(100 * n / whole.size, limits.locale) for n in (whole.good, whole.bad))
    text = f"**{good}** of {whole.size:,} {noun} are positive and **{bad}** negative."
    if timed and wanted.first is None:
        if len(said.corpus.by) == 1 and len(large) > 1:
            when = [format_value(g.of[0], said.corpus.by[0], limits.locale) for g in (large[0], large[-1])]
            was, now = (percent(100 * g.bad / g.size, limits.locale) for g in (large[0], large[-1]))
            text += f" Negative: **{was}** in {when[0]}, **{now}** in {when[1]}."
    elif said.corpus.by and len(large) > 1:
        text = f"{_extremes(said, large, first, noun, limits)} All together, {text}"
    rows = [g.row() for g in groups[:_GROUPS]]
    return made(columns, rows, said, text, how_toned(said, limits.locale), caveats)


def _place(group: _Group, first: First) -> tuple[bool, float]:
    """What is sorted by: the groups that are asked for first, those of few texts last."""
    by = {
        "best": -float(group.tones.mean()), "worst": float(group.tones.mean()), "complaints": -group.bad,
        "praise": -group.good, "unhappiest": -group.bad / group.size, "happiest": -group.good / group.size,
    }  # fmt: skip
    return group.size < LEAST, by[first]


def _extremes(said: Said, groups: Sequence[_Group], first: First, noun: str, limits: Limits) -> str:
    """Which group is first in what is asked, whether surely so, and which is last."""
    lead, second, last = groups[0], groups[1], groups[-1]
    bad = first in ("worst", "complaints", "unhappiest")

    def figures(group: _Group) -> str:
        share = 100 * (group.bad if bad else group.good) / group.size
        of = f"{percent(share, limits.locale)} of {group.size:,} {'negative' if bad else 'positive'}"
        count = f"**{group.bad if bad else group.good:,}**, "
        return (count if first in ("complaints", "praise") else "") + of

    name = [f"**{group_name(said, g.of, limits)}**" for g in (lead, second, last)]
    headline = {
        "worst": "Least favourable", "best": "Most favourable", "complaints": f"Most negative {noun}",
        "praise": f"Most positive {noun}", "unhappiest": f"Largest share of negative {noun}",
        "happiest": f"Largest share of positive {noun}",
    }[first]  # fmt: skip
    text = f"{headline}: {name[0]} ({figures(lead)}); "
    opposite = "most favourable" if first == "worst" else "least favourable" if first == "best" else "fewest"
    opposite = "smallest" if first in ("unhappiest", "happiest") else opposite
    if first in ("complaints", "praise"):
        most = max(groups, key=lambda g: (g.bad if bad else g.good) / g.size)
        share = percent(100 * (most.bad if bad else most.good) / most.size, limits.locale)
        if most is not lead:
            text += f"as a share of its own, **{group_name(said, most.of, limits)}** ({share} of {most.size:,}); "
    text += f"{opposite}: {name[2]} ({figures(last)})."
    if first not in ("complaints", "praise") and not _surely(lead, second):
        text += f" That {name[0].strip('*')} comes before {name[1].strip('*')} may be chance."
    return text


def _surely(one: _Group, other: _Group) -> bool:
    """Whether their texts differ by more than chance (Welch's t-test)."""
    if not np.isfinite(one.tones).all() or one.tones.std() + other.tones.std() == 0:
        return bool(one.tones.mean() != other.tones.mean())
    return float(stats.ttest_ind(one.tones, other.tones, equal_var=False).pvalue) < _SURE


def quotes_told(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where no text is so, or where that is not known."""
    tones = told(said)
    worst = wanted.tone != "positive"
    order = np.argsort(tones if worst else -tones, kind="stable")
    kept = [int(n) for n in order if (tones[n] < -FAVOURABLE if worst else tones[n] > FAVOURABLE)]
    kind = "negative" if worst else "positive"
    if not kept:
        raise CannotAnalyse(f"None of the {len(tones):,} {said.noun} is {kind}.")
    once = {shown(said.corpus.texts[n], 400): n for n in reversed(kept)}  # the same text again says nothing more
    chosen = sorted(once.items(), key=lambda one: kept.index(one[1]))[:_QUOTES]
    rows = [(quote, *said.corpus.groups[n], float(tones[n])) for quote, n in chosen]
    text = f"**{len(kept):,}** of {len(tones):,} {said.noun} are {kind}. The most {kind}: “{rows[0][0]}”"
    columns = (ResultColumn("text", said.corpus.source.noun.capitalize(), "text"), *said.corpus.by, TONE)
    return made(columns, rows, said, text, how_toned(said, limits.locale), said.caveats, aggregated=False)
