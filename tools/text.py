"""text: what people write in reviews, tickets and comments: topics, sentiment, key phrases, mentions, classes."""

from __future__ import annotations

import re
from typing import Any, Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.model import SemanticModel
from knowledge.request import Request
from knowledge.words import lemma, split
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.texts.fields import meant, texts_of
from tools.texts.words import First, Wish, wish

_DESCRIPTION = """Analyse what people write (reviews, tickets, comments). `request` counts the texts ("number of \
reviews"), with groups, conditions and a period as for `query`. about: "topics" (tone: of what is said in "negative" \
or "positive" clauses only; term: about one thing), "sentiment" (by the request's groups; first: \
which is told first), "phrases", "mentions" (names), \
"classes" (sorts them into `classes`), "quotes" (the most negative or positive texts), \
"change" (topics of the request's period against its compare_to)."""
_READINGS = {
    "topics": "Topics of {}",
    "sentiment": "Sentiment of {}",
    "phrases": "Key phrases in {}",
    "mentions": "Names mentioned in {}",
    "classes": "Classes of {}",
    "quotes": "The most telling of {}",
    "change": "What is said more and less in {}",
}
_TONES = {"negative": "What is negative in {}", "positive": "What is positive in {}"}
_FIRST = {
    "worst": "least favourable", "best": "most favourable", "complaints": "most negative ones",
    "praise": "most positive ones", "unhappiest": "largest negative share", "happiest": "largest positive share",
}  # fmt: skip
_KEPT = {
    "sentiment": {"sentiment", "mood", "tone"}, "topics": {"topic", "theme", "complaint", "issue", "problem", "reason"},
    "classes": {"class"}, "phrases": {"phrase", "keyword"},
}  # fmt: skip
_TOLD = re.compile(
    r"^\W*(?:(?:(?:what|which) )?(?:(?:are|is) )?(?:the )?(?:topics|themes)|"
    r"classify (?:comments|reviews|tickets|messages|feedback))\b",
    re.I,
)
"""Asked of what people write, even where nobody writes."""
_OWN_WORDS = re.compile(
    r"^\W*(?:by|per|in|at|for|from|since|during|over|on|of|last|this|with|where|before|after|between)\b", re.I
)


class Arguments(BaseModel):
    about: Literal["topics", "sentiment", "phrases", "mentions", "classes", "quotes", "change"] = "topics"
    tone: Literal["negative", "positive"] | None = None
    term: str | None = None
    classes: list[str] = []
    first: First | None = None


def asked(question: str, workspace: Workspace) -> Asked | None:
    wanted = wish(question)
    texts = meant(question, workspace.model) if wanted is not None else None
    if (
        wanted is None
        or (texts is None and not (wanted.plainly or _TOLD.match(question)))
        or _is_kept(wanted, workspace.model)
    ):
        return None
    if (wanted.first or wanted.about == "change") and _are_rows(question, workspace.model):
        return None
    if texts is None:
        return Asked("", {"about": wanted.about}, _READINGS[wanted.about], _usual(workspace.model), plainly=True)
    args: dict[str, Any] = {"about": wanted.about}
    args |= {
        k: v
        for k, v in (
            ("tone", wanted.tone),
            ("term", wanted.term),
            ("classes", list(wanted.classes)),
            ("first", wanted.first),
        )
        if v
    }
    reading = _TONES[wanted.tone] if wanted.tone and wanted.about == "topics" else _READINGS[wanted.about]
    reading += f" that mention “{wanted.term}”" if wanted.term else ""
    reading += f", {_FIRST[wanted.first]} first" if wanted.first else ""
    counted = f"number of {texts.dataset.label or texts.dataset.name}"
    rest = _rest(wanted.rest, counted, texts.plural, texts.noun)
    return Asked(rest, args, reading, counted, things=True, plainly=wanted.plainly)


def _rest(said: str, counted: str, *nouns: str) -> str:
    """The count of the texts, with what the question says of them: "by store", "of the last month"."""
    rest = re.sub(r"^(?:the|our|all|my)\s+", "", said.strip(), flags=re.I)
    rest = re.sub(r"\bover\s+time\b", "by month", rest, flags=re.I)
    first, _, further = rest.partition(" ")
    if (
        first.lower() in {w for noun in nouns for w in (noun.lower(), noun.lower().split()[-1])}
        or lemma(first.lower()) in _TEXTS
    ):
        rest = further.strip()
    return f"{counted} {rest}".strip() if not rest or _OWN_WORDS.match(rest) else f"{counted} for {rest}"


_TEXTS = frozenset(
    ["review", "comment", "ticket", "feedback", "complaint", "survey", "message", "note", "opinion", "response",
     "remark", "text", "post"]
)  # fmt: skip


def _is_kept(wanted: Wish, model: SemanticModel) -> bool:
    """The data says so itself: it has a field of the sentiment, the topic, the class."""
    kept = _KEPT.get(wanted.about, set())
    if wanted.about == "topics" and wanted.tone is not None:
        return False
    datasets = {t.dataset.name for t in texts_of(model)}
    fields = (f for d in model.datasets if d.name in datasets or not datasets for f in d.fields if not f.hidden)
    return any(kept & set(split(f.name)) for f in fields if f.role in ("category", "code", "measure", "number"))


def _are_rows(question: str, model: SemanticModel) -> bool:
    """What is counted ("most complaints") are rows of their own here, or a figure."""
    said = {"complaint", "compliment", "praise", "issue", "problem"} & {lemma(w) for w in question.lower().split()}
    return any(
        said & {lemma(w) for n in (d.name, *(f.name for f in d.fields)) for w in split(n)} for d in model.datasets
    )


def _usual(model: SemanticModel) -> str:
    return f"number of {model.datasets[0].label or model.datasets[0].name}"


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def text(request: Request, wanted: Arguments) -> Analysis:
        from tools.texts.answer import answered  # scikit-learn: seconds, which no start should wait for

        wish = Wish(wanted.about, "", wanted.tone, wanted.term, tuple(wanted.classes), first=wanted.first)
        return answered(request, wish, workspace, limits)

    return analysis_tool("text", _DESCRIPTION, Arguments, text, workspace, limits)
