"""What words are said to mean, in a question or in what comes with it: "loss is the sum of payments and reserves",
"STR (success transaction rate) = number of successful transactions / number of transactions"."""

from __future__ import annotations

import re

_TERM = r"(?P<term>[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]{2,})(?:\s*\((?P<name>[^()]{3,60})\))?"
_EQUALS = re.compile(
    _TERM + r"\s*(?:=|is defined as|is calculated as|means|refers to|stands for)\s*(?P<what>.+?)"
    r"(?=(?:[.;,]?\s+(?:[A-Z][A-Za-z]*[A-Z][A-Za-z]*|[A-Z]{2,})(?:\s*\([^()]{3,60}\))?\s*=)|[.;]\s+(?=[A-Z])|\n|$"
    r"|\s+To (?:get|analy[sz]e|calculate|compute|identify|gauge|determine|find|see|retrieve|assess)\b)",
    re.S,
)
_INLINE = re.compile(
    r"^(?P<main>.+?),? where "
    r"(?P<defs>(?:the |an? )?[\w ]{3,40}? is (?:the |equal to |defined as |calculated as )?.+?)\W*$",
    re.I | re.S,
)
_EACH = re.compile(
    r"(?:^|,? and )(?:the |an? )?(?P<term>[\w ]{3,40}?) is (?:equal to |defined as |calculated as )?"
    r"(?P<what>(?:the )?(?:sum|total|average|number|ratio|difference|percentage|count)\b.+?|[\w ]+? divided by [\w ]+?)"
    r"(?=,? and (?:the |an? )?[\w ]{3,40}? is |$)",
    re.I,
)
_WHICH = re.compile(
    r"(?:(?:the )?(?:total|average|overall) )?\b\w+(?: \w+){0,2},? (?:which is|that is|i\.e\.,?)(?: the)? "
    r"(?P<what>the sum of|sum of|the the total|total)",
    re.I,
)
_IN_BRACKETS = re.compile(
    r"(?P<term>(?:[A-Za-z]+ ){1,4})\((?P<what>[^()]*\b(?:minus|times|plus|divided by|multiplied by)\b[^()]*)\)"
)
_NOT_TERM = frozenset(
    [
        "a",
        "an",
        "the",
        "total",
        "average",
        "avg",
        "sum",
        "of",
        "by",
        "for",
        "in",
        "is",
        "was",
        "show",
        "what",
        "whats",
        "give",
        "me",
        "find",
        "list",
        "and",
        "our",
        "my",
        "your",
        "with",
        "per",
    ]
)
_TRUNCATED = re.compile(r"[.;]?\s*Truncate \w+(?: \w+)? to (?:the )?(?P<grain>day|week|month|quarter|year)\b", re.I)
_SQL = [
    (re.compile(pattern, re.I), said)
    for pattern, said in (
        (r"\bCOUNT\(\s*DISTINCT\s*\(?\s*(?:\w+\.)?(\w+)\)*", r"number of distinct \1"),
        (r"\bAVG\(\s*(?:\w+\.)?(\w+)\s*\)", r"average \1"),
        (r"\bSUM\(\s*(?:\w+\.)?(\w+)\s*\)", r"total \1"),
        (r"\bWHERE (?:\w+\.)?(\w+) = ", r"with \1 = "),
    )
]
"""What is defined in the words of SQL, in plain ones."""
_PERCENT = re.compile(r"^\(?\s*([^/]+?)\)?\s*/\s*\(?([^()/]+?)\)?\s*\*\s*100$", re.S)
_LESS = re.compile(r"\s-\s\(([^()]*)\)?")
"""A sum in brackets that is taken away."""
_RANKS = re.compile(
    r"^[A-Z][\w ]{3,40}?,? (?:which|that) ranks (?:the |each |all )?\w+ (?:based on|by|according to) (?:their |its )?",
    re.S,
)
"""A name in words before what it does: "Merchant Revenue Rank, which ranks merchants based on …"."""
_AFTERTHOUGHT = re.compile(
    r",? (?:(?:with|where) )?(?:rank 1\b|the [\w ]+ (?:having|getting|has|gets) (?:the )?(?:top )?rank\b).*$"
    r"|[;,] [\w ]+ with the same [\w ]+ share a rank$|, (?:summed|added up)$"
    r"|^[A-Z][\w ]{3,40}, which is (?=the |an? )",
    re.I | re.S,
)
_RANK = re.compile(r"^(?:the )?(?:[\w]+ )?rank(?:ing)? (?:by|according to|based on) ", re.I)
_AMONG = re.compile(r" among (?:the |all )?[\w ]+$", re.I)
_WITH_SIGN = re.compile(
    r"^\(\s*(?P<a>[^()/]+?)\s+[-−–]\s+(?P<b>[^()/]+?)\s*\)\s*(?:/|divided by)\s*(?P<c>[^()/]+)$", re.I
)
"""(A - B) / C"""
_PERIOD = re.compile(
    r",?\s*\b(?:in|over|for|within|during|who (?:have )?joined|that (?:have )?joined)\b[^,.;]*?"
    r"\b(?:last|past|previous|since|on or after|after|before)\b[^.;]*$",
    re.I,
)
_COUNTS = re.compile(r"(?:number|total|sum|average|mean|median|count|share|percentage|ratio)\b", re.I)
_MEAN_OF_MEANS = re.compile(r"\b(average|mean) (?:average|mean) ([\w ]+?) per \w+", re.I)
_TWICE = re.compile(r"\b((?:for|per|by) (?:each )?\w+|average|total)(?: \1)+\b", re.I)
_TIMED = re.compile(r"\b(?:last|past|previous|since|after|before|between|today|this|in (?:\d{4}|[A-Z]\w+ \d{4}))\b")
_NOISE = [
    re.compile(p, re.I)
    for p in (
        r"\b(?:over|within|for|during|in) (?:a|the|any|some) "
        r"(?:recent|select(?:ed)?|specif(?:ic|ied)|given|certain|defined|particular)"
        r"(?: time)? (?:period|frame|timeframe|duration|range)(?: of \w+)?\b",
        r"\((?:for|over|in) the given [^()]*\)",
    )
]


def defined(question: str, instructions: str | None = None) -> str:
    """The question with each defined word replaced by what it is said to mean.

    >>> defined("What is the STR by month?", "STR = number of paid orders / number of orders")
    'What is the number of paid orders divided by number of orders by month?'
    """
    meanings: dict[str, str] = {}
    if inline := _INLINE.match(question):
        found = {m["term"].strip(): m["what"].strip() for m in _EACH.finditer(inline["defs"])}
        if found:
            question = inline["main"]
            meanings |= found
    question = _IN_BRACKETS.sub(_worked_out, question)
    question = _WHICH.sub(lambda m: m["what"], question)
    told = (instructions or "").replace("... ", " ")
    for match in _EQUALS.finditer(told):
        what = _plainly(match["what"])
        if match["name"]:
            question = re.sub(rf"\s*\({re.escape(match['name'])}\)", "", question)
            meanings[match["name"].strip()] = what
        grain = _TRUNCATED.match(told[match.end() :])
        used = re.search(rf"\b{re.escape(match['term'])}\b", question)
        if grain and used and not re.search(r"\b(?:by|per|each) \w+", f"{question} {what}", re.I):
            question = re.sub(r"\W*$", f", by {grain['grain']}", question, count=1)
        if _TIMED.search(question):  # the question's own period is meant
            what = _PERIOD.sub("", what)
        meanings[match["term"]] = what
    for term in meanings:  # "What is the STR …? Return the country and STR": said once
        last = rf"\b(return|show|give)\b[^?]*?(?P<said>,? and (?:the )?{re.escape(term)})\W*$"
        again = re.search(last, question, re.I)
        if again and len(re.findall(rf"\b{re.escape(term)}\b", question)) > 1:
            question = question[: again.start("said")] + question[again.end("said") :]
    for _ in range(2):  # a meaning may use another word that is defined
        for term, what in sorted(meanings.items(), key=lambda pair: -len(pair[0])):
            exact = 0 if term.isupper() or any(c.isupper() for c in term[1:]) else re.I
            question = re.sub(
                rf"(?<![\w'])(the )?{re.escape(term)}(?:s)?(?:\s*\([^()]*\))?(?![\w'])",
                lambda m, w=what: f"{(m[1] or '') if _COUNTS.match(w) else ''}{w}",
                question,
                flags=exact,
            )
    return _TWICE.sub(r"\1", _MEAN_OF_MEANS.sub(r"\1 \2", question))


def without_definitions(instructions: str) -> str:
    """What is said besides what words mean."""
    return _TRUNCATED.sub("", _EQUALS.sub("\n", instructions))


def _worked_out(match: re.Match[str]) -> str:
    """ "the gross profit (price minus cost)": what is in the brackets, in place of the words it explains."""
    words = match["term"].split()
    kept = next((n for n in range(len(words), 0, -1) if words[n - 1].lower() in _NOT_TERM), 0)
    return " ".join([*words[:kept], match["what"]])


def _plainly(what: str) -> str:
    """The meaning without what it says of no period in particular, and its last form where it is given in several."""
    text = what.strip().rstrip(".,; ")
    for sql, said in _SQL:
        text = sql.sub(said, text)
    if " = " in text and " with " not in text:
        text = text.split(" = ")[0]
    text = _RANKS.sub("rank by ", text)
    for noise in (*_NOISE, _AFTERTHOUGHT):
        text = noise.sub("", text)
    if ranks := _RANK.match(text):
        return f"rank by {_AMONG.sub('', text[ranks.end() :])}"
    if signed := _WITH_SIGN.match(text):
        return f"{signed['a']} minus {signed['b']} divided by {signed['c']}"
    if percent := _PERCENT.match(text):
        part = _LESS.sub(lambda m: " minus " + re.sub(r"\s*\+\s*", " minus ", m[1]), percent[1])
        return f"{part.strip(' ()')} as a percentage of {percent[2].strip(' ()')}"
    return re.sub(r"\s+/\s+", " divided by ", text).strip(" ,.()")
