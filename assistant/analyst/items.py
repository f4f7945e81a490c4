"""A question as a row of items: each span of words with the letter of what it is (see `english.CODES`).

Every way to read a span competes (names of the model, stored values, periods, numbers, the phrases of English), and the
row of readings that explains the words best wins.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from assistant.analyst.english import LISTS, PHRASES, STOP
from assistant.analyst.item import CODE_OF, Item
from assistant.analyst.lexicon import Lexicon, Link
from assistant.analyst.rows import Candidate, Row, is_content, rows
from assistant.analyst.tokens import NumberRead, Token, read_number, tokenize
from assistant.analyst.verbs import DEEDS, RELATIONS, inflected_verb
from knowledge.calendar import Calendar, Mention
from knowledge.values import ValueIndex, ValueMention
from knowledge.words import is_english, lemma

_SPAN = 6
_STEM = 4
"""Letters that a word and one made of it begin with alike: close, closing."""


def read_items(
    question: str, lexicon: Lexicon, values: ValueIndex, calendar: Calendar
) -> tuple[list[Token], list[Row]]:
    """The question's tokens, and the rows of items that it may be read as, the one that explains most first."""
    tokens = tokenize(question)
    candidates: dict[int, list[Candidate]] = {}
    for candidate in (
        *_periods(question, tokens, calendar, lexicon),
        *_phrases(tokens),
        *_numbers(tokens),
        *_names(tokens, lexicon),
        *_values(question, tokens, values, lexicon),
    ):
        candidates.setdefault(candidate.item.start, []).append(candidate)
    _rates_of_their_own(candidates)
    _parts_of_periods(candidates)
    found = []
    for row in rows(tokens, candidates):
        items = _kinds_of_things(row.items, candidates, lexicon)
        items = [_also_values(item, candidates) for item in items]
        found.append(replace(row, items=list(_with_before(tokens, _with_ends(tokens, items)))))
    return tokens, found


def _rates_of_their_own(candidates: dict[int, list[Candidate]]) -> None:
    """The "hourly rate of" somebody is a field here, rather than the rate of something."""
    named = [c.item for own in candidates.values() for c in own if c.item.code in "mf" and c.item.score > 0.9]
    ends = {i.end for i in named if i.end - i.start > 1}
    for at, own in candidates.items():
        own[:] = [c for c in own if not (c.item.code == "/" and c.item.text == "rate of" and at + 1 in ends)]


def _parts_of_periods(candidates: dict[int, list[Candidate]]) -> None:
    """ "between June 2024 and October 2024" is a period, although June is kept as the month of something."""
    windows = [
        c.item for own in candidates.values() for c in own if c.item.code == "w" and c.item.end - c.item.start > 1
    ]
    for own in candidates.values():
        own[:] = [
            replace(c, weight=0.4 * c.weight)
            if c.item.code == "v"
            and c.item.end - c.item.start == 1
            and any(w.start <= c.item.start < w.end for w in windows)
            and c.item.text.lower() in _MONTHS
            else c
            for c in own
            if not (c.item.code in "fdm" and any(_cuts(c.item, w) for w in windows))
        ]


def _cuts(name: Item, window: Item) -> bool:
    """ "a service next" of "a service next week"."""
    return name.start < window.start < name.end < window.end


def _kinds_of_things(row: list[Item], candidates: dict[int, list[Candidate]], lexicon: Lexicon) -> list[Item]:
    """ "transaction notifications", where notifications have a type: the value, although it names something, too."""
    made = list(row)
    for n, (item, thing) in enumerate(pairwise(row)):
        if item.code not in "dmf" or thing.code != "d" or thing.start != item.end or item.data == thing.data:
            continue
        for candidate in candidates.get(item.start, ()):
            value = candidate.item
            if value.code != "v" or value.end != item.end:
                continue
            own = tuple(m for m in value.data if m.field.partition(".")[0] == thing.data and m.field in lexicon.kinds)
            if own:
                made[n] = replace(value, data=own)
    return made


def _also_values(item: Item, candidates: dict[int, list[Candidate]]) -> Item:
    """A name or a grain, with the stored values that its words also are."""
    if item.code not in "dfg":
        return item
    same = (c.item for c in candidates.get(item.start, ()) if c.item.code == "v" and c.item.end == item.end)
    value = next(same, None)
    return replace(item, extra={**item.extra, "values": value.data}) if value is not None and value.data else item


def _with_ends(tokens: list[Token], items: list[Item]) -> list[Item]:
    """With a ";" item between sentences."""
    ends = [
        n
        for n, t in enumerate(tokens[:-1])
        if t.kind == "mark" and (set("?!;") & set(t.text) or ("." in t.text and tokens[n + 1].text[:1].isupper()))
    ]
    inside = [n for n in ends if not any(i.start <= n < i.end for i in items)]
    return sorted([*items, *(Item(";", n, n + 1, ";") for n in inside)], key=lambda i: i.start)


def _with_before(tokens: list[Token], items: list[Item]) -> Iterator[Item]:
    end = 0
    for item in items:
        words = [t.lower for t in tokens[end : item.start]]
        before = " ".join(words)
        yield item if item.before == before else replace(item, before=before)
        end = item.end


# --- the ways to read a span -----------------------------------------------------------------------------------------


def _periods(question: str, tokens: list[Token], calendar: Calendar, lexicon: Lexicon) -> Iterator[Candidate]:
    codes = {"window": "w", "grain": "g", "part": "t", "comparison": "x"}
    for mention in calendar.find(question):
        if mention.text.isupper() and mention.text.isalpha() and lexicon.links((mention.text.lower(),)):
            continue  # "APR" is a rate before it is a month
        span = _token_span(tokens, mention.start, mention.end)
        if span is None or mention.kind not in codes:
            continue
        start, end = span
        code = codes[mention.kind]
        data: Any = mention.grain if code == "g" else mention
        item = Item(code, start, end, question[mention.start : mention.end], data, extra={"mention": mention})
        yield Candidate(item, 0.75 * (end - start) + 0.5)


def _phrases(tokens: list[Token]) -> Iterator[Candidate]:
    for at, token in enumerate(tokens):
        for phrase in PHRASES.get(token.lower, ()):
            end = at + len(phrase.words)
            if phrase.words == ("from",) and not (end < len(tokens) and tokens[end].kind == "number"):
                continue
            if [t.lower for t in tokens[at:end]] == list(phrase.words):
                size = sum(0.15 if w in ("the", "a", "an") else 1.0 for w in phrase.words)
                weight = (0.55 if phrase.code in "l&Oh" else 0.8) * size + 0.1 * (size - 1)
                if phrase.code == "l" and (
                    at == 0 or tokens[at - 1].kind == "mark" or tokens[at - 1].lower == "please"
                ):
                    weight += 0.8  # an order: "Return …", "Show …"
                item = Item(phrase.code, at, end, " ".join(phrase.words), phrase.data)
                yield Candidate(item, weight)


def _numbers(tokens: list[Token]) -> Iterator[Candidate]:
    for at in range(len(tokens)):
        read = read_number(tokens, at)
        if read:
            number, end = read
            text = " ".join(t.text for t in tokens[at:end])
            yield Candidate(Item("n", at, end, text, number), 0.9 + 0.6 * (end - at - 1))


def _names(tokens: list[Token], lexicon: Lexicon) -> Iterator[Candidate]:
    for start in range(len(tokens)):
        if tokens[start].kind in ("mark", "quoted") or tokens[start].lower in _NO_START:
            continue
        if (
            tokens[start].lower == "times"
            and start
            and (tokens[start - 1].kind == "number" or tokens[start - 1].lower == "many")
        ):
            continue  # "more than 15 times"
        words: list[str] = []
        for end in range(start + 1, min(start + _SPAN, len(tokens)) + 1):
            token = tokens[end - 1]
            if token.kind in ("mark", "quoted"):
                break
            if token.lower in _INNER and end - 1 > start:
                continue
            words.append(token.lemma)
            if len(words) == 1 and token.lower in ("from", "to", "until", "since") and token.text.islower():
                continue  # a word of the sentence, whatever field is called "to"
            links = lexicon.links(tuple(words))
            if not links and "to" in words[1:-1]:  # "hours to solve" is a name, and no figure by hour
                bare = lexicon.links(tuple(w for w in words if w != "to"))
                links = [n for n in bare if n.exact and n.kind == "field" and "_to_" in n.target.lower()]
            if not links and len(words) == 1 and is_content(token):
                corrected = lexicon.correct(token.lemma)
                if corrected and read_number(tokens, start) is None and token.lower not in PHRASES:
                    links = [Link(n.kind, n.target, n.score * 0.85, False) for n in lexicon.links((corrected,))]
            if not links:
                if not lexicon.knows(token.lemma):
                    break
                continue
            if tokens[end - 1].lower in _INNER:
                continue
            top = links[0]
            if tokens[start].lower in _MOST and not lexicon.is_most(top, tokens[start].lower, tokens[end - 1].lemma):
                continue  # "the lowest", "longest duration": a ranking, whatever is called low or long
            if tokens[start].lower == "number" and len(words) > 1 and not top.exact:
                continue  # "number of orders" counts orders, whatever field is called a number
            verbs = [n for n in range(start + 1, end) if inflected_verb(tokens[n])]
            own = top.exact and top.kind == "field" and not top.by_owner and set(words) == lexicon.words_of(top.target)
            if not own and any(not lexicon.says(tokens[n - 1].text, tokens[n].text) for n in verbs):
                continue  # "publications published": not two words of one name
            shaped = tokens[end - 1].lower != tokens[end - 1].lemma and tokens[end - 1].lower.endswith("ed")
            done = tokens[start].lower.endswith("ed") or inflected_verb(tokens[start])
            aged = top.target in lexicon.times and done
            if top.by_owner and aged and end - start > 1 and tokens[end - 1].lemma not in lexicon.words_of(top.target):
                continue  # "registered customers"
            does = tokens[start].lower.endswith("s") and tokens[end - 1].lemma in DEEDS
            if top.by_owner and top.target in lexicon.times and does and end - start > 1:
                continue  # "flights depart"
            if top.by_owner and shaped and end - start > 1:
                continue  # "dishes priced": the dishes, and what is said of them
            spoken = [t.lower for t in tokens[start:end]]
            if top.per and "per" not in spoken and ("of" in spoken or spoken[0] != tokens[start].lemma):
                continue  # "baskets of household 12", "households spend": nothing is divided
            if not top.per and any(t.lower == "per" for t in tokens[start + 1 : end]):
                continue  # "items per order" are not order items
            options = tuple(link for link in links if link.score >= 0.62 * top.score)
            text = " ".join(t.text for t in tokens[start:end])
            item = Item(CODE_OF[top.kind], start, end, text, top.target, top.score, options)
            # "units per basket" as a name explains its "per", too.
            inner = sum(t.lower in _INNER for t in tokens[start:end]) if top.exact else 0
            size = len(words) + 0.85 * sum(t.lower == "per" for t in tokens[start:end]) + 0.3 * inner
            weight = top.score * size * (0.95 if size == 1 else 1.0) + (
                0.0 if not top.exact else 0.1 if size == 1 else 0.4 + 0.2 * (len(words) > 2)
            )
            own_words = lexicon.words_of(top.target)
            made_of = any(w[:_STEM] == tokens[start].lemma[:_STEM] for w in own_words)
            if top.by_owner and not top.exact and size == 2 and made_of and tokens[end - 1].lemma not in own_words:
                weight += 0.2  # "closing price" of daily prices that have a close: one name
            if all(word in STOP for word in words):
                weight *= 0.6
            yield Candidate(item, weight)


_NO_START = LISTS["no_start"]
_MONTHS = frozenset(name.lower() for n in range(1, 13) for name in (month_name[n], month_abbr[n]))
_MOST = frozenset(w for w, phrases in PHRASES.items() for p in phrases if p.code == "s" and p.words == (w,))
"""The highest, longest, latest: one word alone."""
_NEVER_PART = LISTS["never_part"]
"""Words of every business, which stand for nothing that has them in its name, unless they are written like it."""
_GENERAL = LISTS["general_of_values"]
_INNER = frozenset({"of", "the", "a", "an", "'s", "per"})


def _values(question: str, tokens: list[Token], values: ValueIndex, lexicon: Lexicon) -> Iterator[Candidate]:
    spans: dict[tuple[int, int], list[ValueMention]] = {}
    for mention in values.scan(question):
        span = _token_span(tokens, mention.start, mention.end)
        if span:
            spans.setdefault(span, []).append(mention)
    for at, token in enumerate(tokens):
        if token.kind == "quoted":
            spans.setdefault((at, at + 1), [])
    for (start, end), mentions in spans.items():
        words = tokens[start:end]
        quoted = any(t.kind == "quoted" for t in words)
        text = " ".join(t.text for t in words)
        mentions = sorted(mentions, key=lambda m: -m.score)
        best = mentions[0].score if mentions else 0.6
        if not quoted and len(words) == 1:
            word = words[0]
            after = tokens[start + 1] if start + 1 < len(tokens) else None
            kind = best > 0.95 and len(word.lower) > 5 and after is not None and lexicon.knows(after.lemma)
            if word.lower in STOP and (start == 0 or word.text.islower()) and not kind:
                continue  # but "a breakdown job" is one of breakdowns
            if word.kind == "number" and best < 0.99:
                continue
            if mentions and mentions[0].kind == "fuzzy" and lexicon.correct(word.lemma):
                continue  # "wieght" is weight before it is Wright
        numbered = start and words[0].kind == "number" and len(words) > 1 and words[-1].lower in STOP
        if not quoted and numbered and any(n.kind == "dataset" for n in lexicon.links((tokens[start - 1].lemma,))):
            continue  # "is household 1 in": no size of 1 inch
        if mentions and mentions[0].kind == "part" and words[0].lower in _NO_START:
            continue  # "in store 12" is no part of "in-store photo finishing"
        if mentions and len(words) == 1 and mentions[0].kind == "part" and words[0].text in _NEVER_PART:
            continue
        if mentions and len(words) == 1 and mentions[0].kind == "inflected" and _is_done(tokens, start):
            continue  # "matches were played" at any level, were one called "Play"
        if mentions and len(words) == 1 and mentions[0].kind == "part":
            verb = inflected_verb(words[0]) and not words[0].lower.endswith("s")
            if verb or _does(tokens, start, lexicon) or words[0].lemma[:4] not in str(mentions[0].value).lower():
                continue
        if mentions and len(words) == 1 and mentions[0].kind == "part":
            if words[0].text.islower() and lexicon.has(words[0].lemma):
                continue  # "bottles" are those that the data counts before "Bottle & Co"
            mentions = [m for m in mentions if _says_the_value(tokens, start, m, lexicon)]
            if not mentions:
                continue
        weight = best * (len(words) * 1.02 + 0.3 * min(len(words) - 1, 3)) + (1.5 if quoted else 0.0)
        if words[0].text[:1].isupper() and start > 0:
            weight += 0.25
        if len(words) > 2 and mentions and mentions[0].kind == "exact":
            weight += 0.5  # a long name written as it is kept
        if len(words) == 1 and words[0].kind == "number":
            weight = 0.5
        if len(words) == 1 and mentions and mentions[0].kind in ("inflected", "fact", "part") and _is_phrase(words[0]):
            weight = 0.5
        if mentions and (mentions[0].kind == "part" or (mentions[0].kind == "fuzzy" and len(words) == 1)):
            weight *= 0.75
        if len(words) == 1 and mentions and words[0].text.islower() and _is_a_persons(mentions, lexicon):
            weight = 0.45  # "price" is a price before it is Mr Price
        data = tuple(m for m in mentions if m.score >= 0.7 * best)
        yield Candidate(Item("v", start, end, text.strip("\"'“”‘’"), data, best), weight)


def _does(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """ "the department *offers* the most …", "shops that *sell* any": a verb, between its nouns."""
    word, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else None
    if at == 0 or not word.text.islower() or word.lemma not in RELATIONS or after is None:
        return False
    doer = lexicon.knows(tokens[at - 1].lemma) or tokens[at - 1].lower in ("that", "which", "who")
    return doer and (after.lower in _OBJECTS or lexicon.knows(after.lemma))


def _is_done(tokens: list[Token], at: int) -> bool:
    """ "were played", "who has paid", in small letters."""
    left = tokens[at - 1].lower if at else ""
    return tokens[at].text.islower() and inflected_verb(tokens[at]) and (left in _DOING or left in ("who", "that"))


_DOING = frozenset(["is", "are", "was", "were", "be", "been", "being", "has", "have", "had"])
_OBJECTS = frozenset(
    [
        "the",
        "a",
        "an",
        "any",
        "most",
        "more",
        "less",
        "fewer",
        "at",
        "over",
        "some",
        "all",
        "no",
        "least",
        "several",
        "both",
        "only",
    ]
)


def _is_phrase(word: Token) -> bool:
    """A word that says something of its own, unless it is written like a name."""
    return word.text.islower() and any(len(p.words) == 1 for p in PHRASES.get(word.lower, ()))


def _says_the_value(tokens: list[Token], at: int, mention: ValueMention, lexicon: Lexicon) -> bool:
    """Whether one word of a longer value stands for it: its first or last word, where a thing is named. "Beer" may be
    beers and ales; "dept" is no key ring of the floral dept, nor is a "board deck" a patio's."""
    word = tokens[at]
    ends = [
        _without_general(w)
        for part in re.split(r"[/&]", str(mention.value).lower())
        if (w := re.findall(r"[^\W_]+(?:-[^\W_]+)*", part))
    ]
    stems = {lemma(w[n]) for w in ends for n in (0, -1)} | {w[n] for w in ends for n in (0, -1)}
    if lexicon.correct(word.lemma) and len(word.lemma) <= 4:
        return False
    if not any(s[:4] == word.lemma[:4] for s in stems):
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    kind = after is not None and after.kind == "word" and lexicon.knows(after.lemma)
    if before is not None and before.lower in ("the", "a", "an") and not kind:
        return False  # "what is the weather", "of the chain": a thing of its own, not sort of goods
    named = kind or (after is not None and after.kind == "word" and after.lower in STOP)
    if named or before is None or before.kind != "word" or before.lower in STOP or before.lower in PHRASES:
        return True
    return lexicon.knows(before.lemma) or inflected_verb(before)


def _without_general(words: list[str]) -> list[str]:
    """The words of a value up to those that say nothing: "fluid milk products" is milk."""
    while len(words) > 1 and words[-1] in _GENERAL:
        words = words[:-1]
    return words


def _is_a_persons(mentions: list[ValueMention], lexicon: Lexicon) -> bool:
    """A word of everyday English that is also somebody's name."""
    return all(
        m.kind in ("exact", "folded") and m.field in lexicon.names_of_people and is_english(str(m.value).lower())
        for m in mentions
    )


def _token_span(tokens: list[Token], start: int, end: int) -> tuple[int, int] | None:
    inside = [n for n, t in enumerate(tokens) if t.start < end and t.end > start]
    if not inside or tokens[inside[0]].start < start - 1 or tokens[inside[-1]].end > end + 1:
        return None
    return inside[0], inside[-1] + 1


def codes(items: Iterable[Item]) -> str:
    return "".join(item.code for item in items)


__all__ = ["Item", "Mention", "NumberRead", "codes", "read_items"]
