"""What texts are about, in words and rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis
from tools.texts.mentions import known_names, without
from tools.texts.said import Parts, Said, parts_of
from tools.texts.sentiment import FAVOURABLE
from tools.texts.shape import QUOTE, SHARE, TONE, count_of, in_groups, percent, toned
from tools.texts.shared import shared_topics
from tools.texts.tokens import shown, words
from tools.texts.topics import Topic, topics
from tools.texts.words import Wish

_ROWS = 25
_NEARLY_ALL = 0.8


def topics_told(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where nothing is said of what is asked about."""
    parts = parts_of(said, wanted)
    found = topics_in(parts, workspace, limits)
    if not found:
        return _often(said, parts, wanted, limits)
    whole, rows = parts.whole, []
    if said.corpus.by:
        items = [(t.name, parts.owners[t.clauses].tolist()) for t in found]
        every = parts.owners.tolist() if not wanted.tone else range(len(said.corpus.texts))
        return in_groups(said, items, sorted(set(every)), "Topic", f"{said.noun}{of_what(wanted)}", limits)
    for topic in found[:_ROWS]:
        own = len(set(parts.owners[topic.clauses].tolist()))
        rows.append((topic.name, own, 100 * own / whole, parts.tone(topic.clauses), typical(topic, parts)))
    rows.sort(key=lambda r: -r[1])
    first = rows[0]
    more = ", ".join(f"**{r[0]}** ({percent(r[2], limits.locale)})" for r in rows[1:4])
    text = (
        f"Of {whole:,} {said.noun}{of_what(wanted)}, most are about **{first[0]}**: **{first[1]:,}** "
        f"({percent(first[2], limits.locale)}), such as “{first[4]}”." + (f" Then: {more}." if more else "")
    )
    told = len(set(np.concatenate([parts.owners[t.clauses] for t in found]).tolist()))
    how = "non-negative matrix factorisation of their words"
    how = f"the things that every language has a word for here, and {how}" if _several(parts) else how
    method = (
        f"{len(rows)} topics in {len(parts.texts):,} clauses of {whole:,} {said.noun}, by {how}; "
        f" {percent(100 * told / whole, limits.locale)} are about one of them. A text "
        "can be about several."
    )
    columns = (ResultColumn("topic", "Topic", "category"), count_of(said.noun), SHARE, TONE, QUOTE)
    return toned(columns, rows, said, text, method, limits)


def topics_in(parts: Parts, workspace: Workspace, limits: Limits) -> list[Topic]:
    """What nearly all say (a greeting, a reference) is no topic where there are others."""
    names = known_names(workspace, limits)
    find = shared_topics if _several(parts) else topics
    found = find([without(part, names) for part in parts.texts], parts.languages)
    sizes = [(t, len(set(parts.owners[t.clauses].tolist()))) for t in found]
    return [t for t, count in sizes if count <= _NEARLY_ALL * parts.whole] or found


def _several(parts: Parts) -> bool:
    return len(set(parts.languages) - {None}) > 1


def typical(topic: Topic, parts: Parts) -> str:
    """The shortest of the clauses that have the most of the topic's words."""
    wanted = set(topic.words)

    def told(n: int) -> tuple[int, int]:
        return len(wanted & set(words(parts.texts[n], parts.languages[n]))), -abs(len(parts.texts[n]) - 60)

    return shown(parts.texts[max(topic.clauses[:500], key=told)])


def of_what(wanted: Wish) -> str:
    kind = f" that say something {wanted.tone}" if wanted.tone else ""
    return kind + (f" about “{wanted.term}”" if wanted.term else "")


def _often(said: Said, parts: Parts, wanted: Wish, limits: Limits) -> Analysis:
    """What is said, where it is too little for topics: the clauses that are said most often."""
    counts: dict[str, list[int]] = {}
    for n, part in enumerate(parts.texts):
        counts.setdefault(shown(part).rstrip(" .!").lower(), []).append(n)
    common: Sequence[list[int]] = sorted(counts.values(), key=lambda at: -len(at))[:_ROWS]
    rows = [(shown(parts.texts[at[0]]), len(at), parts.tone(at)) for at in common]
    text = f"**{parts.whole:,}** of {len(said.corpus.texts):,} {said.noun} {_do_what(wanted)}"
    if parts.tones is not None and wanted.tone is None:
        good, bad = (100 * float((sign * parts.tones > FAVOURABLE).mean()) for sign in (1, -1))
        text += f": **{percent(good, limits.locale)}** favourably, **{percent(bad, limits.locale)}** unfavourably"
    text += f". For example: “{rows[0][0]}”"
    times = ResultColumn("clauses", "Times", "integer", measure=True)
    columns = (ResultColumn("said", "What is said", "text"), times, TONE)
    method = "The clauses themselves: they have too little in common to make topics."
    return toned(columns, rows, said, text, method, limits)


def _do_what(wanted: Wish) -> str:
    if wanted.tone is None:
        return f"mention “{wanted.term}”" if wanted.term else "say something"
    return f"say something {wanted.tone}" + (f" about “{wanted.term}”" if wanted.term else "")
