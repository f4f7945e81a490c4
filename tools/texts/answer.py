"""What texts say, in words and rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.formats import format_value
from knowledge.request import Request
from knowledge.result import ResultColumn
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, CannotAnalyse
from tools.texts.grouped import by_group, learnt
from tools.texts.mentions import known_names, mentions, without
from tools.texts.phrases import classified, phrases
from tools.texts.rows import Corpus, read
from tools.texts.sentiment import FAVOURABLE, UnknownLanguage, scored
from tools.texts.tokens import NAMES, clauses, language_of, shown, words
from tools.texts.topics import topics
from tools.texts.words import Wish

_LEAST = 10
_ROWS, _GROUPS, _QUOTES = 25, 200, 50
_NEARLY_ALL = 0.8
_PERCENT = ResultColumn("percent", "percent", "percent")
_MEASURED = "Right on 87.0% of 3,003 sentences of three public sets (Amazon, IMDb, Yelp) that it was not trained on"
_SHARE = ResultColumn("share", "Share", "percent", measure=True, role="current")
_TONE = ResultColumn("sentiment", "Sentiment (-1 to 1)", "number", measure=True, role="current")
_QUOTE = ResultColumn("example", "For example", "text")


@dataclass(frozen=True)
class Said:
    """The texts, and what is known of all of them."""

    corpus: Corpus
    language: str | None
    tones: np.ndarray | None
    """How favourable each is; None where nothing says so in its language."""
    caveats: tuple[str, ...]

    @property
    def noun(self) -> str:
        return self.corpus.source.plural

    def tone(self, places: Sequence[int]) -> float | None:
        return None if self.tones is None or not len(places) else float(np.mean(self.tones[list(places)]))


def answered(request: Request, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    corpus = read(request, workspace, limits)
    noun = corpus.source.plural
    if len(corpus.texts) < _LEAST:
        raise CannotAnalyse(
            f"There are {len(corpus.texts)} {noun} with a text here; it takes {_LEAST} to say what they have in common."
        )
    if len({text.strip().lower() for text in corpus.texts}) == 1:
        raise CannotAnalyse(f"All {len(corpus.texts):,} {noun} say the same: “{shown(corpus.texts[0], 80)}”.")
    if sum(any(c.isalpha() for c in text) for text in corpus.texts) < 0.5 * len(corpus.texts):
        raise CannotAnalyse(f"Most of the {len(corpus.texts):,} {noun} are no language: they have no words.")
    language = language_of(corpus.texts)
    tones, caveats = None, list(corpus.caveats)
    try:
        tones = scored(corpus.texts, language)
    except UnknownLanguage as error:
        known = ", ".join(NAMES[code] for code in error.known)
        caveats.append(
            f"How favourable they are can't be told: they are in none of the languages that are known ({known})."
        )
    said = Said(corpus, language, tones, tuple(caveats))
    return _ABOUT[wanted.about](said, wanted, workspace, limits)


def _sentiment(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    tones, of = _told(said), said.corpus.groups
    noun = said.noun
    if wanted.term:
        parts = _parts(said, wanted)
        assert parts.tones is not None  # those of the texts are known
        tones, of = parts.tones, tuple(of[n] for n in parts.owners)
        noun = f"mentions of “{wanted.term}” in {said.noun}"
    good, bad = tones > FAVOURABLE, tones < -FAVOURABLE
    columns = (
        *said.corpus.by, _count(noun),
        ResultColumn("positive", "Positive", "percent", measure=True, direction="up"),
        ResultColumn("negative", "Negative", "percent", measure=True, direction="down"), _TONE,
    )  # fmt: skip
    groups: dict[tuple[Any, ...], list[int]] = {}
    for n, group in enumerate(of):
        groups.setdefault(group, []).append(n)
    rows = [
        (*group, len(at), 100 * float(good[at].mean()), 100 * float(bad[at].mean()), float(tones[at].mean()))
        for group, at in groups.items()
    ]
    timed = any(c.grain for c in said.corpus.by)
    rows.sort(key=lambda r: str(r[0]) if timed else -r[-1])
    caveats = list(said.caveats)
    if len(rows) > _GROUPS:
        caveats.append(f"Of {len(rows):,} groups, the {_GROUPS} most favourable are shown.")
        rows = rows[:_GROUPS]
    share = _percent(100 * float(good.mean()), limits.locale), _percent(100 * float(bad.mean()), limits.locale)
    text = f"**{share[0]}** of {len(tones):,} {noun} are positive and **{share[1]}** negative."
    size = len(said.corpus.by)
    told = [r for r in rows if r[size] >= _LEAST]
    if timed and size == 1 and len(told) > 1:
        when = [format_value(r[0], said.corpus.by[0], limits.locale) for r in (told[0], told[-1])]
        was, now = (_percent(r[3], limits.locale) for r in (told[0], told[-1]))
        text += f" Negative: **{was}** in {when[0]}, **{now}** in {when[1]}."
    named = told if said.corpus.by and not timed else []
    if len(named) > 1:
        best, worst = named[0], named[-1]
        text += (
            f" Most favourable: **{_group(best[:size])}** ({_percent(best[size + 1], limits.locale)} positive); least: "
            f"**{_group(worst[:size])}** ({_percent(worst[size + 1], limits.locale)})."
        )
    return _made(columns, rows, said, text, _method(said, limits.locale), caveats)


def _topics(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    parts = _parts(said, wanted)
    names = known_names(workspace, limits)
    found = topics([without(part, names) for part in parts.texts], said.language)
    if not found:
        return _often(said, parts, wanted, limits)
    whole, rows = parts.whole, []
    own_texts = [(t, len(set(parts.owners[t.clauses].tolist()))) for t in found]
    # What nearly all say (a greeting, a reference) is no topic where there are others.
    found = [t for t, count in own_texts if count <= _NEARLY_ALL * whole] or found
    if said.corpus.by:
        items = [(t.name, parts.owners[t.clauses].tolist()) for t in found]
        every = parts.owners.tolist() if not wanted.tone else range(len(said.corpus.texts))
        return _by_group(said, items, sorted(set(every)), "Topic", f"{said.noun}{_of_what(wanted)}", limits)
    for topic in found[:_ROWS]:
        own = len(set(parts.owners[topic.clauses].tolist()))
        example = _typical(topic.clauses, parts.texts, topic.words, said)
        rows.append((topic.name, own, 100 * own / whole, parts.tone(topic.clauses), example))
    rows.sort(key=lambda r: -r[1])
    first = rows[0]
    more = ", ".join(f"**{r[0]}** ({_percent(r[2], limits.locale)})" for r in rows[1:4])
    text = (
        f"Of {whole:,} {said.noun}{_of_what(wanted)}, most are about **{first[0]}**: **{first[1]:,}** "
        f"({_percent(first[2], limits.locale)}), such as “{first[4]}”." + (f" Then: {more}." if more else "")
    )
    told = len(set(np.concatenate([parts.owners[t.clauses] for t in found]).tolist()))
    method = (
        f"{len(rows)} topics in {len(parts.texts):,} clauses of {whole:,} {said.noun}, by non-negative matrix "
        f"factorisation of their words; {_percent(100 * told / whole, limits.locale)} are about one of them. A text "
        "can be about several."
    )
    columns = (ResultColumn("topic", "Topic", "category"), _count(said.noun), _SHARE, _TONE, _QUOTE)
    return _toned(columns, rows, said, text, method, limits)


def _by_group(
    said: Said, items: Sequence[tuple[str, Sequence[int]]], whole: Sequence[int], label: str, what: str, limits: Limits
) -> Analysis:  # fmt: skip
    """The first topics, phrases … of each group. Raises CannotAnalyse where no group has enough texts."""
    by = said.corpus.by
    timed = any(c.grain for c in by)
    rows, left = by_group(items, said.corpus.groups, whole, timed)
    if not rows:
        raise CannotAnalyse(f"No group has {_LEAST} {said.noun} with something in common: ask without groups.")
    caveats = list(said.caveats)
    if left:
        caveats.append(
            f"{left:,} groups are not shown: those with fewer than {_LEAST} {said.noun}, or beyond the 20 largest."
        )
    size = len(by)
    first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows:
        first.setdefault(row[:size], row)

    def called(group: Sequence[Any]) -> str:
        named = zip(group, by, strict=True)
        return " · ".join("(none)" if v is None else format_value(v, c, limits.locale) for v, c in named)

    named = [
        f"{called(g)} **{r[size]}** ({_percent(r[-1], limits.locale)})"
        for g, r in first.items()
    ]  # fmt: skip
    text = f"First of {what}, by group: {'; '.join(named[:5])}."
    columns = (*by, ResultColumn("item", label, "category"), _count(said.noun), _SHARE)
    method = f"Found in all {said.noun} together, then counted in each group; shares are of the group's {said.noun}."
    return _made(columns, rows, said, text, f"{method} {_method(said, limits.locale)}", caveats)


def _often(said: Said, parts: Parts, wanted: Wish, limits: Limits) -> Analysis:
    """What is said, where it is too little for topics: the clauses that are said most often."""
    counts: dict[str, list[int]] = {}
    for n, part in enumerate(parts.texts):
        counts.setdefault(shown(part).rstrip(" .!").lower(), []).append(n)
    common = sorted(counts.values(), key=lambda at: -len(at))[:_ROWS]
    rows = [(shown(parts.texts[at[0]]), len(at), parts.tone(at)) for at in common]
    text = f"**{parts.whole:,}** of {len(said.corpus.texts):,} {said.noun} {_do_what(wanted)}"
    if parts.tones is not None and wanted.tone is None:
        good, bad = (100 * float((sign * parts.tones > FAVOURABLE).mean()) for sign in (1, -1))
        text += f": **{_percent(good, limits.locale)}** favourably, **{_percent(bad, limits.locale)}** unfavourably"
    text += f". For example: “{rows[0][0]}”"
    times = ResultColumn("clauses", "Times", "integer", measure=True)
    columns = (ResultColumn("said", "What is said", "text"), times, _TONE)
    return _toned(
        columns, rows, said, text, "The clauses themselves: they have too little in common to make topics.", limits
    )


def _of_what(wanted: Wish) -> str:
    kind = f" that say something {wanted.tone}" if wanted.tone else ""
    return kind + (f" about “{wanted.term}”" if wanted.term else "")


def _do_what(wanted: Wish) -> str:
    if wanted.tone is None:
        return f"mention “{wanted.term}”" if wanted.term else "say something"
    return f"say something {wanted.tone}" + (f" about “{wanted.term}”" if wanted.term else "")


def _phrases(said: Said, _: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    found = phrases(said.corpus.texts, said.language, _ROWS)
    if not found:
        raise CannotAnalyse(f"No phrase recurs in the {len(said.corpus.texts):,} {said.noun}.")
    whole = len(said.corpus.texts)
    if said.corpus.by:
        items = [(p.phrase, p.texts) for p in found]
        return _by_group(said, items, range(whole), "Phrase", f"the key phrases of {said.noun}", limits)
    rows = [(p.phrase, len(p.texts), 100 * len(p.texts) / whole, said.tone(p.texts)) for p in found]
    more = ", ".join(f"**{r[0]}** ({r[1]:,})" for r in rows[1:5])
    text = f"The phrase used most is **{rows[0][0]}**, in **{rows[0][1]:,}** of {whole:,} {said.noun}." + (
        f" Then: {more}." if more else ""
    )
    columns = (ResultColumn("phrase", "Phrase", "category"), _count(said.noun), _SHARE, _TONE)
    method = "Stretches of up to three words without a stop word; those mostly found within longer ones are left out."
    return _toned(columns, rows, said, text, method, limits)


def _mentions(said: Said, _: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    found = mentions(said.corpus.texts, known_names(workspace, limits))[:_ROWS]
    if not found:
        raise CannotAnalyse(f"The {len(said.corpus.texts):,} {said.noun} mention no name that recurs or is known here.")
    whole = len(said.corpus.texts)
    if said.corpus.by:
        items = [(m.name, m.texts) for m in found]
        return _by_group(said, items, range(whole), "Mentioned", f"the names in {said.noun}", limits)
    rows = [(m.name, m.kind, len(m.texts), 100 * len(m.texts) / whole, said.tone(m.texts)) for m in found]
    more = ", ".join(f"**{r[0]}** ({r[2]:,})" for r in rows[1:5])
    first = rows[0]
    text = f"**{first[0]}** ({first[1]}) is mentioned most, in **{first[2]:,}** of {whole:,} {said.noun}." + (
        f" Then: {more}." if more else ""
    )
    named = (ResultColumn("mention", "Mentioned", "category"), ResultColumn("kind", "Kind", "category"))
    columns = (*named, _count(said.noun), _SHARE, _TONE)
    method = "Names of the data's own things, and words written like names that recur."
    return _toned(columns, rows, said, text, method, limits)


def _classes(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    if not wanted.classes:
        return _labelled(said, limits)
    named = classified(said.corpus.texts, wanted.classes, said.language)
    whole = len(named)
    if said.corpus.by:
        items = [(c, [n for n, one in enumerate(named) if one == c]) for c in wanted.classes]
        return _by_group(said, items, range(whole), "Class", f"the classes of {said.noun}", limits)
    rows = []
    for name in (*wanted.classes, None):
        at = [n for n, one in enumerate(named) if one == name]
        example = next((said.corpus.texts[n] for n in at), "")
        rows.append((name or "(none of these)", len(at), 100 * len(at) / whole, said.tone(at), shown(example)))
    ranked = sorted(rows[:-1], key=lambda r: -r[1])
    columns = (ResultColumn("class", "Class", "category"), _count(said.noun), _SHARE, _TONE, _QUOTE)
    parts = ", ".join(f"**{r[0]}** {_percent(r[2], limits.locale)}" for r in ranked)
    text = f"Of {whole:,} {said.noun}: {parts}; {_percent(rows[-1][2], limits.locale)} are about none of these."
    method = (
        "Each text is of the class that one of its clauses names, or is nearest to in meaning (embeddings): a guess."
    )
    return _toned(columns, [*ranked, rows[-1]], said, text, method, limits)


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
    parts = ", ".join(f"**{r[0]}** {_percent(r[3], limits.locale)}" for r in rows[:6])
    text = f"Of {whole:,} {said.noun}: {parts}. " + (
        f"**{missing:,}** had no {label} and were given one." if missing else f"All of them have a {label} already."
    )
    right, usual = (_percent(100 * v, limits.locale) for v in (made.right, made.usual))
    method = (
        f"Learnt from {made.known:,} {said.noun} with a {label} (a logistic regression): right for {right} "
        f"of them in 5-fold cross-validation; the most frequent {label} alone would be for {usual}."
    )
    if made.right < made.usual + 0.05:
        method += f" The words tell little about the {label}: don't rely on what was given."
    given_column = ResultColumn("given", "Of these, given", "integer", measure=True, role="current")
    columns = (ResultColumn("class", label.capitalize(), "category"), _count(said.noun), given_column, _SHARE, _TONE)
    return _toned(columns, rows, said, text, method, limits)


def _quotes(said: Said, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    tones = _told(said)
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
    columns = (ResultColumn("text", said.corpus.source.noun.capitalize(), "text"), *said.corpus.by, _TONE)
    return _made(columns, rows, said, text, _method(said, limits.locale), said.caveats, aggregated=False)


_ABOUT: dict[str, Callable[[Said, Wish, Workspace, Limits], Analysis]] = {
    "topics": _topics, "sentiment": _sentiment, "phrases": _phrases, "mentions": _mentions, "classes": _classes,
    "quotes": _quotes,
}  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """The clauses of the texts, whose each is (`owners`: the texts' places), and how favourable."""

    texts: list[str]
    owners: np.ndarray
    tones: np.ndarray | None

    @property
    def whole(self) -> int:
        return len(set(self.owners.tolist()))

    def tone(self, places: Sequence[int] | np.ndarray) -> float | None:
        return None if self.tones is None else float(self.tones[places].mean())


def _parts(said: Said, wanted: Wish) -> Parts:
    """The clauses that have the term, and the tone, that are asked for; those that say nothing themselves are as
    favourable as the text around them where one thing is asked about. Raises CannotAnalyse where there are none."""
    sought = _sought(wanted.term, said.language)
    found = [
        (n, part)
        for n, text in enumerate(said.corpus.texts)
        for part in clauses(text)
        if not sought or sought <= {*words(part, said.language), *part.lower().split()}
    ]
    size = f"{len(said.corpus.texts):,} {said.noun}"
    if not found:
        raise CannotAnalyse(f"None of the {size} mention “{wanted.term}”.")
    owners, texts = np.array([n for n, _ in found]), [part for _, part in found]
    tones = scored(texts, said.language) if said.tones is not None else None
    if tones is not None and said.tones is not None and wanted.term:
        tones = np.where(np.abs(tones) > FAVOURABLE, tones, said.tones[owners])
    if wanted.tone is None:
        return Parts(texts, owners, tones)
    if tones is None:
        _told(said)
        raise AssertionError("what has no tones has been told")
    kept = np.flatnonzero(tones < -FAVOURABLE if wanted.tone == "negative" else tones > FAVOURABLE)
    if not len(kept):
        raise CannotAnalyse(
            f"None of the {size} say anything {wanted.tone}{_of_what(Wish('topics', '', None, wanted.term))}."
        )
    return Parts([texts[n] for n in kept], owners[kept], tones[kept])


def _sought(term: str | None, language: str | None) -> set[str]:
    """The words that what is said of a thing must have."""
    plain = re.sub(r"^(?:the|our|my|your)\s+", "", term or "", flags=re.I).lower()
    return set(words(plain, language)) or set(plain.split())


def _typical(places: np.ndarray, parts: Sequence[str], leading: Sequence[str], said: Said) -> str:
    """The shortest of the clauses that have the most of the topic's words."""
    wanted = set(leading)
    best = max(
        places[:500], key=lambda n: (len(wanted & set(words(parts[n], said.language))), -abs(len(parts[n]) - 60))
    )
    return shown(parts[best])


def _told(said: Said) -> np.ndarray:
    if said.tones is None:
        raise CannotAnalyse(f"{said.caveats[-1]} Ask for topics or key phrases instead.")
    return said.tones


def _method(said: Said, locale: str) -> str:
    """How sentiment is told, and how well: where writers gave a rating, beside that."""
    if said.language != "en":
        name = NAMES.get(said.language or "", "known")
        text = f"Sentiment by the words of a {name} lexicon (AFINN, translated): a rough guide."
    else:
        text = f"Sentiment by a model of words, negations and meaning. {_MEASURED}."
    ratings = said.corpus.ratings
    if ratings is None or said.tones is None:
        return text
    middle = (np.nanmin(ratings) + np.nanmax(ratings)) / 2
    clear = ~np.isnan(ratings) & (ratings != middle) & (np.abs(said.tones) > FAVOURABLE)
    if clear.sum() < _LEAST:
        return text
    same = float(((said.tones > 0) == (ratings > middle))[clear].mean())
    of = f"{_percent(100 * same, locale)} of {int(clear.sum()):,}"
    return f"{text} Here it agrees with the rating that the writer gave in {of}."


def _toned(
    columns: tuple[ResultColumn, ...],
    rows: Sequence[tuple[Any, ...]],
    said: Said,
    text: str,
    method: str,
    limits: Limits,
) -> Analysis:
    """With the column of sentiment where it is known."""
    if said.tones is not None:
        return _made(columns, rows, said, text, f"{method} {_method(said, limits.locale)}", said.caveats)
    at = columns.index(_TONE)
    bare = [(*row[:at], *row[at + 1 :]) for row in rows]
    return _made((*columns[:at], *columns[at + 1 :]), bare, said, text, method, said.caveats)


def _made(
    columns: tuple[ResultColumn, ...], rows: Sequence[tuple[Any, ...]], said: Said, text: str, method: str,
    caveats: Sequence[str], *, aggregated: bool = True,
) -> Analysis:  # fmt: skip
    return Analysis(
        columns, list(rows), said.corpus.sql, said.corpus.elapsed_ms, caveats=tuple(caveats), text=text, method=method,
        aggregated=aggregated, follow_ups=_follow_ups(said),
    )  # fmt: skip


def _follow_ups(said: Said) -> tuple[str, ...]:
    noun = said.noun
    return (f"what do people complain about in {noun}?", f"sentiment of {noun} by month", f"key phrases in {noun}")


def _count(noun: str) -> ResultColumn:
    return ResultColumn("texts", noun.capitalize(), "integer", measure=True)


def _group(values: Sequence[Any]) -> str:
    return " · ".join("(none)" if v is None else str(v) for v in values)


def _percent(value: float, locale: str) -> str:
    return format_value(round(value, 1), _PERCENT, locale)
