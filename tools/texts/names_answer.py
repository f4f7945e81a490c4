"""The phrases that texts use and the names that they mention, in words and rows."""

from __future__ import annotations

from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.texts.mentions import known_names, mentions
from tools.texts.phrases import phrases
from tools.texts.said import Said
from tools.texts.shape import SHARE, TONE, count_of, in_groups, toned
from tools.texts.words import Wish

_ROWS = 25


def phrases_told(said: Said, _: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where no phrase recurs."""
    found = phrases(said.corpus.texts, said.languages, _ROWS)
    whole = len(said.corpus.texts)
    if not found:
        raise CannotAnalyse(f"No phrase recurs in the {whole:,} {said.noun}.")
    if said.corpus.by:
        items = [(p.phrase, p.texts) for p in found]
        return in_groups(said, items, range(whole), "Phrase", f"the key phrases of {said.noun}", limits)
    rows = [(p.phrase, len(p.texts), 100 * len(p.texts) / whole, said.tone(p.texts)) for p in found]
    more = ", ".join(f"**{r[0]}** ({r[1]:,})" for r in rows[1:5])
    text = f"The phrase used most is **{rows[0][0]}**, in **{rows[0][1]:,}** of {whole:,} {said.noun}." + (
        f" Then: {more}." if more else ""
    )
    columns = (ResultColumn("phrase", "Phrase", "category"), count_of(said.noun), SHARE, TONE)
    method = "Stretches of up to three words without a stop word; those mostly found within longer ones are left out."
    return toned(columns, rows, said, text, method, limits)


def mentions_told(said: Said, _: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where no name recurs or is known."""
    found = mentions(said.corpus.texts, known_names(workspace, limits))[:_ROWS]
    whole = len(said.corpus.texts)
    if not found:
        raise CannotAnalyse(f"The {whole:,} {said.noun} mention no name that recurs or is known here.")
    if said.corpus.by:
        items = [(m.name, m.texts) for m in found]
        return in_groups(said, items, range(whole), "Mentioned", f"the names in {said.noun}", limits)
    rows = [(m.name, m.kind, len(m.texts), 100 * len(m.texts) / whole, said.tone(m.texts)) for m in found]
    more = ", ".join(f"**{r[0]}** ({r[2]:,})" for r in rows[1:5])
    first = rows[0]
    text = f"**{first[0]}** ({first[1]}) is mentioned most, in **{first[2]:,}** of {whole:,} {said.noun}." + (
        f" Then: {more}." if more else ""
    )
    named = (ResultColumn("mention", "Mentioned", "category"), ResultColumn("kind", "Kind", "category"))
    columns = (*named, count_of(said.noun), SHARE, TONE)
    return toned(
        columns, rows, said, text, "Names of the data's own things, and words written like names that recur.", limits
    )
