"""The classes that texts are sorted into, in words and rows: those that the asker names, or a field's labels."""

from __future__ import annotations

from collections import Counter

from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.texts.grouped import learnt
from tools.texts.phrases import classified
from tools.texts.said import Said
from tools.texts.shape import QUOTE, SHARE, TONE, count_of, in_groups, percent, toned
from tools.texts.tokens import shown
from tools.texts.words import Wish

_ROWS = 25


def classes_told(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse where no classes are named and no field has labels to learn from."""
    if not wanted.classes:
        return _labelled(said, limits)
    named = classified(said.corpus.texts, wanted.classes, said.languages)
    whole = len(named)
    if said.corpus.by:
        items = [(c, [n for n, one in enumerate(named) if one == c]) for c in wanted.classes]
        return in_groups(said, items, range(whole), "Class", f"the classes of {said.noun}", limits)
    rows = []
    for name in (*wanted.classes, None):
        at = [n for n, one in enumerate(named) if one == name]
        example = next((said.corpus.texts[n] for n in at), "")
        rows.append((name or "(none of these)", len(at), 100 * len(at) / whole, said.tone(at), shown(example)))
    ranked = sorted(rows[:-1], key=lambda r: -r[1])
    columns = (ResultColumn("class", "Class", "category"), count_of(said.noun), SHARE, TONE, QUOTE)
    parts = ", ".join(f"**{r[0]}** {percent(r[2], limits.locale)}" for r in ranked)
    text = f"Of {whole:,} {said.noun}: {parts}; {percent(rows[-1][2], limits.locale)} are about none of these."
    method = (
        "Each text is of the class that one of its clauses names, or is nearest to in meaning (embeddings): a guess."
    )
    if set(said.languages) - {"en"}:
        method += " What is not in English is told by its words alone."
    return toned(columns, [*ranked, rows[-1]], said, text, method, limits)


def _labelled(said: Said, limits: Limits) -> Analysis:
    """By the labels of a field, learnt from the texts that have one. Raises CannotAnalyse where they are too few."""
    if len(said.corpus.by) != 1 or said.corpus.by[0].grain:
        raise CannotAnalyse(
            f"Name the classes, or one field with labels: “classify {said.noun} into price, staff and delivery”."
        )
    label = said.corpus.by[0].label.lower()
    own = [None if g[0] is None else str(g[0]) for g in said.corpus.groups]
    made = learnt(said.corpus.texts, own)
    if made is None:
        raise CannotAnalyse(
            f"{label.capitalize()} can't be learnt from these {said.noun}: it takes 40 with a label, and two labels "
            "that five have at least."
        )
    whole, missing = len(own), sum(one is None for one in own)
    rows = []
    for name, count in Counter(made.labels).most_common(_ROWS):
        at = [n for n, one in enumerate(made.labels) if one == name]
        given = sum(own[n] is None for n in at)
        rows.append((name, count, given, 100 * count / whole, said.tone(at)))
    parts = ", ".join(f"**{r[0]}** {percent(r[3], limits.locale)}" for r in rows[:6])
    text = f"Of {whole:,} {said.noun}: {parts}. " + (
        f"**{missing:,}** had no {label} and were given one." if missing else f"All of them have a {label} already."
    )
    right, usual = (percent(100 * v, limits.locale) for v in (made.right, made.usual))
    method = (
        f"Learnt from {made.known:,} {said.noun} with a {label} (a logistic regression): right for {right} "
        f"of them in 5-fold cross-validation; the most frequent {label} alone would be for {usual}."
    )
    if made.right < made.usual + 0.05:
        method += f" The words tell little about the {label}: don't rely on what was given."
    given_column = ResultColumn("given", "Of these, given", "integer", measure=True, role="current")
    columns = (ResultColumn("class", label.capitalize(), "category"), count_of(said.noun), given_column, SHARE, TONE)
    return toned(columns, rows, said, text, method, limits)
