"""care: of the models that `predict` trained: whether one is still good, training it again, going back, its past."""

from __future__ import annotations

import re
from typing import Literal

from langchain_core.tools import BaseTool
from pydantic import BaseModel

from knowledge.compile.columns import dataset_label
from knowledge.request import Request
from knowledge.words import plural
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import Analysis, Asked, analysis_tool
from tools.segmenting.things import usual

_DESCRIPTION = """Take care of a trained model (`model`: "churn", "spend"; without: the last used). about: "health" \
(is it still as good), "drift" (did its inputs change), "retrain" (a challenger answers only if it is better), \
"rollback" (the version before answers again), "history" (versions, lineage). `request` counts its things."""
_IT = r"(?:it|that|(?:(?:the|our|this|that)\s+)?(?:(?P<named>[\w-]+)\s+)?model)"
_ASIDE = r"^\W*(?:(?:and|so|now|please|ok|can\s+you|could\s+you)\s+)*"
_GOOD = r"(?:good|accurate|ok|okay|fine|valid|right|work\w*|reliable|up\s+to\s+date|hold\w*)"
_WORSE = r"(?:drift\w*|chang\w*|got\w*\s+worse|degrad\w*)"
_BACK = r"(?:roll\s*back|revert|go\s+back\s+(?:to|with)\s+the\s+(?:last|previous)\s+version\s+of)"
_INPUTS = r"(?:its|the(?:\s+model'?s)?)\s+inputs"


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(f"{_ASIDE}{words}", re.I)


_ASKS: tuple[tuple[Literal["health", "drift", "retrain", "rollback", "history"], re.Pattern[str]], ...] = (
    ("retrain", _pattern(rf"(?:re-?train|train\s+again|re-?fit|update)\s+{_IT}(?:\s+again)?\W*$")),
    ("rollback", _pattern(rf"{_BACK}\s+{_IT}\W*$")),
    ("rollback", _pattern(rf"(?:roll|put|take|set)\s+{_IT}\s+back\W*$")),
    ("health", _pattern(rf"(?:is|are|does)\s+{_IT}\s+still\s+(?:\w+\s+)?{_GOOD}\b.*$")),
    ("drift", _pattern(rf"(?:has|have|did|is|are)\s+(?:{_IT}|{_INPUTS})\s+{_WORSE}\b.*$")),
    ("health", _pattern(rf"what\s+(?:has\s+)?changed\s+in\s+{_INPUTS}\W*$")),
    ("drift", _pattern(rf"(?:is\s+there\s+)?(?:any\s+)?(?:drift(?:\s+in\s+{_IT})?)\W*$")),
    ("history", _pattern(rf"(?:show\s+(?:me\s+)?)?(?:the\s+)?(?:history|versions|lineage)\s+of\s+{_IT}\W*$")),
    ("history", _pattern(r"(?:which\s+models\s+(?:do\s+we|are)\b.*|list\s+(?:the\s+)?models)\W*$")),
)  # fmt: skip


class Arguments(BaseModel):
    about: Literal["health", "drift", "retrain", "rollback", "history"] = "health"
    model: str = ""


def asked(question: str, workspace: Workspace) -> Asked | None:
    who = usual(workspace.model)
    if who is None:
        return None
    for about, pattern in _ASKS:
        if found := pattern.match(question.strip()):
            named = next((v for k, v in found.groupdict().items() if v), "")
            counted = f"number of {plural(dataset_label(who).lower())}"
            args = {"about": about} | ({"model": named} if named else {})
            return Asked(
                counted, args, f"Care of the {named + ' ' if named else ''}model ({about}), {{}}", plainly=True
            )
    return None


def build(workspace: Workspace, limits: Limits) -> BaseTool:
    def care(request: Request, wanted: Arguments) -> Analysis:
        from tools.predicting import upkeep  # scikit-learn: seconds, which no start should wait for

        does = {
            "health": upkeep.health, "drift": upkeep.drifted, "retrain": upkeep.retrained,
            "rollback": upkeep.rolled_back, "history": upkeep.history,
        }  # fmt: skip
        return does[wanted.about](wanted.model, workspace, limits)

    return analysis_tool("care", _DESCRIPTION, Arguments, care, workspace, limits)
