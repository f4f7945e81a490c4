"""Analysis: what a tool beyond a query found, and how a question asks for it.

A tool's file may have, beside `build`, a function `asked(question, workspace)`: it says whether a question in plain
words asks for the tool, which arguments it names, and what is left of it: the data that is meant, read like any other
question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ValidationError

from knowledge.compile import datasets_of
from knowledge.packs.template import lemma_of
from knowledge.request import Request
from knowledge.result import Result
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.failures import failure_of
from tools.request_schema import read_request
from tools.shown import shown

Arguments = TypeVar("Arguments", bound=BaseModel)


class CannotAnalyse(ValueError):
    """The data can't carry the analysis; the message says what is missing, of what, and what to do."""


@dataclass(frozen=True)
class Picture:
    """A chart of other rows than the table's: `points` has a text, a group, x and y a row; `heat` two fields (across,
    down) and a figure."""

    kind: Literal["points", "heat"]
    of: Result


@dataclass(frozen=True)
class Analysis(Result):
    """A result with what is to be said of it. `sql` is the query that the figures were computed from."""

    text: str = ""
    """Plain sentences, figure first, light Markdown. Every figure in them is in the rows, or a sum or share of them."""
    method: str = ""
    """What was fitted or tested, on how much data, and how good it is, in plain words."""
    follow_ups: tuple[str, ...] = ()
    """Questions worth asking next, in words that the embedded analyst reads."""
    aggregated: bool = True
    """Each row tells of many records: False where a row is one record's own (a customer's score)."""
    picture: Picture | None = None
    """What the chart shows, where that is not the table."""


@dataclass(frozen=True)
class Asked:
    """How a question asks for a tool."""

    rest: str
    """The data that it is about, as a question: "sales by department" of "forecast sales by department for 8 weeks".
    Empty: that of the question before."""
    args: dict[str, Any]
    reading: str = "{}"
    """The whole in words, around the reading of the rest: "Forecast of {} for 8 weeks"."""
    usual: str = ""
    """What it is about where it doesn't say, and there was no question before."""
    plainly: bool = False
    """The question has words that nothing else is asked for with ("RFM"): another tool that finds its own in it, too
    ("next month"), gives way."""
    things: bool = False
    """The rest counts what it is about ("number of reviews"); the reading names the things alone."""


def usual_figure(workspace: Workspace, kind: Literal["forecast", "anomalies", "explain"] = "forecast") -> str:
    """What an analysis is about where nobody says: the first figure that the template of the industry names, of what
    happens at a time, else the first metric, by its label; "" where there is none."""
    model, template = workspace.model, workspace.template
    for name in getattr(template, kind).metrics if template is not None else ():
        for metric in model.offered:
            names = {lemma_of(metric.label), lemma_of(metric.name.replace("_", " ")), *map(lemma_of, metric.synonyms)}
            own = datasets_of(metric, model)
            if lemma_of(name) in names and own and all(model.dataset(d).default_time for d in own):
                return metric.label or metric.name
    return model.offered[0].label or model.offered[0].name if model.offered else ""


def only_first(request: Request, found: Analysis) -> tuple[str, ...]:
    """What is to be said where a request has several figures, and the analysis is of the first."""
    if len(request.measures) < 2:
        return ()
    label = next((c.label for c in found.columns if c.measure and c.role == "value"), "the first")
    return (f"Only {label[:1].lower() + label[1:]} was looked at. Ask for the other figures by themselves.",)


def analysis_tool(
    name: str, description: str, arguments: type[Arguments],
    analyse: Callable[[Request, Arguments], Analysis], workspace: Workspace, limits: Limits,
) -> BaseTool:  # fmt: skip
    """A tool that takes a Request, which names the data, and `arguments` of its own. `analyse` may raise CannotAnalyse
    and whatever a query raises."""

    def call(request: Any, **given: Any) -> tuple[str, Analysis | ToolFailure]:
        given.pop("reading", None)
        try:
            asked = request if isinstance(request, Request) else read_request(request)
            found = analyse(asked, arguments.model_validate(given))
        except (CannotAnalyse, ValidationError) as error:
            return _failed(ToolFailure("cannot", str(error)))
        except Exception as error:
            failure = failure_of(error, workspace.model, limits.egress)
            if failure is None and isinstance(error, ValueError) and not isinstance(request, Request):
                failure = ToolFailure("cannot", str(error))
            if failure is None:
                raise
            return _failed(failure)
        return told(found, limits), found

    own = arguments.model_json_schema()
    # Titles only repeat the names, and each is sent with every question.
    own_properties = {n: {k: v for k, v in p.items() if k != "title"} for n, p in own.get("properties", {}).items()}
    # The schema of a Request is sent once, with `query`: sent with each tool, it would be most of what a model reads.
    request_like = {"type": "object", "description": "The data that it is about: a request as `query` takes it."}
    properties = {"request": request_like, "reading": {"type": "string"}, **own_properties}
    return StructuredTool.from_function(
        call,
        name=name,
        description=description,
        args_schema={
            "type": "object",
            "properties": properties,
            "required": ["request", "reading", *own.get("required", [])],
            "$defs": own.get("$defs", {}),
        },
        response_format="content_and_artifact",
    )


def told(analysis: Analysis, limits: Limits) -> str:
    """What the model that called may read of it."""
    readable = leaves(analysis, limits.egress)
    head = f"{analysis.text}\n{analysis.method}\n" if readable else ""
    return head + shown(analysis, readable)


def leaves(analysis: Analysis, egress: str) -> bool:
    """Whether its figures may be sent to a model outside."""
    return egress == "rows" or (egress == "aggregates" and analysis.aggregated)


def _failed(failure: ToolFailure) -> tuple[str, ToolFailure]:
    return failure.text, failure
