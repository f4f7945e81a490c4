"""What texts say, in words and rows."""

from __future__ import annotations

from collections.abc import Callable

from knowledge.request import Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis
from tools.texts.change_answer import change_told
from tools.texts.classes_answer import classes_told
from tools.texts.names_answer import mentions_told, phrases_told
from tools.texts.rows import read
from tools.texts.said import Said, known_of
from tools.texts.sentiment_answer import quotes_told, sentiment_told
from tools.texts.topics_answer import topics_told
from tools.texts.words import Wish

_ABOUT: dict[str, Callable[[Said, Wish, Workspace, Limits], Analysis]] = {
    "topics": topics_told, "sentiment": sentiment_told, "phrases": phrases_told, "mentions": mentions_told,
    "classes": classes_told, "quotes": quotes_told,
}  # fmt: skip


def answered(request: Request, wanted: Wish, workspace: Workspace, limits: Limits) -> Analysis:
    """Raises CannotAnalyse, and whatever a query raises."""
    if wanted.about == "change":
        return change_told(request, wanted, workspace, limits)
    toned = wanted.about in ("sentiment", "quotes") or wanted.tone is not None
    said = known_of(read(request, workspace, limits), toned=toned)
    return _ABOUT[wanted.about](said, wanted, workspace, limits)
