"""An Answer as JSON; and one that was kept: its rows and its chart in the form that is asked for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from assistant.answer import Answer, Choice, Outcome
from assistant.channels.api import problems
from assistant.channels.api.kept import KeptAnswer, KeptAnswers
from assistant.channels.entrance import Entrance, needs
from assistant.channels.web.card import table
from assistant.desk import Desk
from assistant.people.door import Asker

MAX_ROWS = 1_000
Pictured = Literal["spec", "png", "svg"]
Tabled = Literal["json", "csv", "xlsx"]
AnswerId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", examples=["0f8fad5bd9cb469fa16570867728950e"])]
PICTURES: dict[str, Any] = {
    "application/json": {"schema": {"type": "object"}},
    "image/png": {"schema": {"type": "string", "format": "binary"}},
    "image/svg+xml": {"schema": {"type": "string"}},
}


class AnswerColumn(BaseModel):
    name: str = Field(examples=["net_sales"])
    label: str = Field(examples=["Net sales"])
    kind: str = Field(examples=["currency"])
    unit: str | None = Field(None, examples=["USD"])


class ProvenanceBody(BaseModel):
    """Where the figures come from."""

    sql: str | None = None
    request: dict[str, Any] | None = Field(None, description="As `POST /query` takes it.")
    tool: str = "query"
    arguments: dict[str, Any] = {}
    method: str | None = None
    source: str = ""
    fresh_as_of: str | None = Field(None, description="In the business's time.", examples=["2017-12-31T21:15:00"])
    row_count: int = 0
    read_by: str = "none"
    model: str | None = None
    tokens: int = Field(0, description="Sent to a language model, and written by it, for this answer.")
    cost: float = Field(0.0, description="Of those, in dollars.")


class AnswerBody(BaseModel):
    """What a question came to."""

    id: str = Field(examples=["0f8fad5bd9cb469fa16570867728950e"])
    conversation: str = Field(examples=["monday-review"])
    outcome: Outcome
    text: str = Field(examples=["Net sales were **$1,204,000** in November, 8% more than in October."])
    reading: str = Field("", description="The question as it was understood.", examples=["Net sales in November 2017"])
    columns: list[AnswerColumn] = []
    rows: list[list[Any]] = Field([], description=f"The result, at most {MAX_ROWS} rows of it.")
    truncated: bool = False
    chart: dict[str, Any] | None = Field(None, description="A Vega-Lite spec.")
    provenance: ProvenanceBody
    caveats: list[str] = []
    choices: list[Choice] = Field([], description="The readings to choose from, where the outcome is `ask`.")
    follow_ups: list[str] = []
    confidence: float = Field(0.0, ge=0, le=1)
    elapsed_ms: float = 0.0


def as_json(answer: Answer, max_rows: int = MAX_ROWS) -> dict[str, Any]:
    """An Answer for JSON: its result as `columns` (label, kind, unit) and at most `max_rows` of `rows`."""
    body = answer.model_dump(mode="json", exclude={"result"})
    if answer.result is not None:
        whole = table(answer.result)
        body["columns"] = [
            column | {"name": name} for column, name in zip(whole["columns"], answer.result.names, strict=True)
        ]
        body["rows"] = whole["rows"][:max_rows]
        body["truncated"] = answer.result.truncated or len(whole["rows"]) > max_rows
    return body


def routes(desk: Desk, entrance: Entrance, kept: KeptAnswers) -> APIRouter:
    router = APIRouter(prefix="/answers/{answer}", tags=["answers"], responses=problems.response(404, 410))
    ask = needs(entrance, "ask")

    @router.get("", response_model=AnswerBody, operation_id="getAnswer")
    async def answer(answer: AnswerId, asker: Asker = ask) -> Any:
        """An answer that was given before."""
        return (await own(desk, kept, asker, answer)).body

    @router.get(
        "/rows", operation_id="getRows", response_class=Response,
        responses={200: {"content": {"application/json": {"schema": {"type": "object"}}, "text/csv": {},
                   "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {}}}},
    )  # fmt: skip
    async def rows(answer: AnswerId, format: Tabled = "json", asker: Asker = ask) -> Response:
        """Its rows, as JSON, CSV or an Excel file."""
        found = await own(desk, kept, asker, answer)
        shown = {key: found.body.get(key, []) for key in ("columns", "rows")} | {"title": found.question}
        desk.write(asker, "downloaded", answer=answer, format=format)
        return await run_in_threadpool(_tabled, shown, format)

    @router.get("/chart", operation_id="getChart", response_class=Response, responses={200: {"content": PICTURES}})
    async def chart(
        answer: AnswerId, format: Pictured = "spec", theme: Annotated[Literal["light", "dark"], Query()] = "light",
        asker: Asker = ask,
    ) -> Response:  # fmt: skip
        """Its chart, as a Vega-Lite spec or a picture. 404 where the answer has none."""
        spec = (await own(desk, kept, asker, answer)).body.get("chart")
        if not spec:
            raise HTTPException(404, "This answer has no chart: its text and table say it better.")
        return await run_in_threadpool(pictured, spec, format, theme)

    return router


async def own(desk: Desk, kept: KeptAnswers, asker: Asker, answer: str) -> KeptAnswer:
    """One of the asker's own answers. Raises HTTPException: 404; 410 where they may see something else by now."""
    found = await run_in_threadpool(kept.find, answer, asker.person.seat)
    if found is None:
        raise HTTPException(404, "There is no such answer of yours.")
    if found.mark is not None and found.mark != (await desk.workspace(asker)).mark:
        raise HTTPException(410, "What you may see of the data has changed since. Ask the question again.")
    return found


def pictured(spec: dict[str, Any], format: Pictured, theme: Literal["light", "dark"]) -> Response:
    from assistant.charts import png, svg  # half a second of imports

    if format == "png":
        return Response(png(spec, theme=theme), media_type="image/png")
    if format == "svg":
        return Response(svg(spec, theme=theme), media_type="image/svg+xml")
    import json

    return Response(json.dumps(spec, ensure_ascii=False), media_type="application/json")


def _tabled(shown: dict[str, Any], format: Tabled) -> Response:
    import json

    from assistant.channels.web.files import FORMATS, as_csv, as_excel

    if format == "json":
        return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")
    body = as_csv(shown) if format == "csv" else as_excel(shown)
    headers = {"Content-Disposition": f'attachment; filename="answer.{format}"', "Cache-Control": "private, no-store"}
    return Response(body, media_type=FORMATS[format], headers=headers)
