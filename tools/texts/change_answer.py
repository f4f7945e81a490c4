"""What is said more, and less, in a period than in the one before, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from scipy import stats

from knowledge.request import Request, Window
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.texts.rows import Corpus, read
from tools.texts.said import LEAST, known_of, parts_of
from tools.texts.shape import QUOTE, how_toned, made, percent
from tools.texts.topics_answer import of_what, topics_in, typical
from tools.texts.words import Wish

_SURE = 0.05
_NAMED = 3
_ROWS = 25


def change_told(request: Request, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where there are no two periods, or one has too few texts, and whatever a query raises."""
    resolved = workspace.calendar.resolve(request)
    now, before = resolved.period, resolved.compare_to
    if not isinstance(now, Window) or not isinstance(before, Window):
        raise CannotAnalyse("Say which two periods: “what do customers complain about more than last month?”")
    bare = request.model_copy(
        update={"compare_to": None, "columns": [c for c in request.columns if c not in request.fields], "order": []}
    )
    corpora = [read(bare.model_copy(update={"period": w}), workspace, limits) for w in (now, before)]
    noun = corpora[0].source.plural
    for corpus, window in zip(corpora, (now, before), strict=True):
        if len(corpus.texts) < LEAST:
            raise CannotAnalyse(
                f"There are {len(corpus.texts)} {noun} with a text in {window.text}; it takes {LEAST} in each of "
                "the two periods to compare them."
            )
    said = known_of(_both(corpora), toned=wanted.tone is not None)
    parts = parts_of(said, wanted)
    is_now = np.array([group[0] == 0 for group in said.corpus.groups])
    sizes = int(is_now.sum()), int((~is_now).sum())
    if min(sizes) < LEAST:
        raise CannotAnalyse(f"Too few of the {noun} of the two periods can be read to compare them.")
    found = topics_in(parts, workspace, limits)
    if not found:
        raise CannotAnalyse(f"The {noun}{of_what(wanted)} in {now.text} and {before.text} have too little in common.")
    rows: list[tuple[Any, ...]] = []
    for topic in found:
        texts = np.array(sorted(set(parts.owners[topic.clauses].tolist())))
        counts = int(is_now[texts].sum()), int((~is_now[texts]).sum())
        chance = float(stats.fisher_exact([[counts[0], sizes[0] - counts[0]], [counts[1], sizes[1] - counts[1]]])[1])
        shares = [100 * count / size for count, size in zip(counts, sizes, strict=True)]
        newest = np.array([n for n in topic.clauses if is_now[parts.owners[n]]], dtype=int)
        example = typical(replace(topic, clauses=newest if len(newest) else topic.clauses), parts)
        rows.append((topic.name, shares[0] - shares[1], *shares, *counts, min(1.0, chance * len(found)), example))
    rows.sort(key=lambda r: -r[1])
    columns = (
        ResultColumn("topic", "Topic", "category"),
        ResultColumn("change", "Change (points)", "number", measure=True, direction=_direction(wanted)),
        ResultColumn("share", f"Share in {now.text}", "percent", measure=True, role="current"),
        ResultColumn("share_before", f"Share in {before.text}", "percent", measure=True, role="current"),
        ResultColumn("texts", f"{noun.capitalize()} in {now.text}", "integer", measure=True, role="current"),
        ResultColumn("texts_before", f"{noun.capitalize()} in {before.text}", "integer", measure=True, role="current"),
        ResultColumn("chance", "p", "number", measure=True, role="current"),
        QUOTE,
    )
    what = f"{noun}{of_what(wanted)}"

    def told(row: tuple[Any, ...]) -> str:
        was = "none" if row[5] == 0 else percent(row[3], limits.locale)
        return f"**{row[0]}** ({percent(row[2], limits.locale)}, {row[4]:,}, against {was})"

    more = [r for r in rows if r[6] < _SURE and r[1] > 0]
    less = [r for r in reversed(rows) if r[6] < _SURE and r[1] < 0]
    text = f"Of {sizes[0]:,} {noun} in {now.text} and {sizes[1]:,} in {before.text}, "
    if more:
        text += f"more are {_about(wanted)} {', '.join(told(r) for r in more[:_NAMED])}, such as “{more[0][7]}”."
    else:
        text += f"no topic of {what} is surely more frequent than before."
        if rows[0][1] > 0:
            text += f" The largest rise, which may be chance: {told(rows[0])}."
    text += f" Less: {', '.join(told(r) for r in less[:_NAMED])}." if less else ""
    method = (
        f"{len(found)} topics found in both periods together; of each, the part of the {noun} of either period that "
        f"is about it, by Fisher's exact test, corrected for {len(found)} topics. {how_toned(said, limits.locale)}"
    )
    caveats = [*said.caveats]
    if now.end is not None and before.start is not None and sizes[0] < sizes[1] / 3:
        caveats.append(f"{now.text} has far fewer {noun} so far.")
    return made(columns, rows[:_ROWS], said, text, method, caveats)


def _both(corpora: Sequence[Corpus]) -> Corpus:
    """The texts of both periods, grouped by which it is: 0 the later, 1 the earlier."""
    now, before = corpora
    groups = (*((0,) for _ in now.texts), *((1,) for _ in before.texts))
    ratings = (
        np.concatenate([now.ratings, before.ratings])
        if now.ratings is not None and before.ratings is not None
        else None
    )
    return replace(
        now, texts=(*now.texts, *before.texts), groups=groups, by=(), ratings=ratings,
        elapsed_ms=now.elapsed_ms + before.elapsed_ms, caveats=tuple(dict.fromkeys((*now.caveats, *before.caveats))),
    )  # fmt: skip


def _about(wanted: Wish) -> str:
    return {"negative": "complaints about", "positive": "praise of"}.get(wanted.tone or "", "about")


def _direction(wanted: Wish) -> Literal["up", "down", "neutral"]:
    return "down" if wanted.tone == "negative" else "up" if wanted.tone == "positive" else "neutral"
