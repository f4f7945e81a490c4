"""Problems: what went wrong, as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.people.limits import TooOften

log = logging.getLogger("parley.api")
MEDIA_TYPE = "application/problem+json"


class Mistake(BaseModel):
    """Where in the request something is wrong ("body.question"), and what."""

    at: str
    problem: str


class Problem(BaseModel):
    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["There is no metric 'sales'. Did you mean 'net_sales'?"])
    errors: list[Mistake] = []


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def response(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: these statuses come with a Problem."""
    content = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    return {status: {"description": HTTPStatus(status).phrase, **content} for status in statuses}


def problem(
    status: int, detail: str, *, errors: list[Mistake] | None = None, headers: dict[str, str] | None = None
) -> ProblemResponse:
    made = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors or [])
    return ProblemResponse(made.model_dump(exclude_defaults=False), status, headers)


def handle(app: FastAPI) -> None:
    """Have every error of the app answered with a Problem."""

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> ProblemResponse:
        return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, error: RequestValidationError) -> ProblemResponse:
        found = [Mistake(at=".".join(map(str, e["loc"])), problem=str(e["msg"])) for e in error.errors()[:20]]
        return problem(422, "The request is not as it should be; `errors` says where.", errors=found)

    @app.exception_handler(TooOften)
    async def too_often(request: Request, error: TooOften) -> ProblemResponse:
        return problem(429, str(error), headers={"Retry-After": str(error.seconds)})

    app.add_middleware(Caught)


class Caught:
    """ASGI middleware: what the routes raise, as a Problem. (A handler of all exceptions would have them raised again,
    and the server then cuts the connection.)"""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def heard(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, heard)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            known = of_data(error)
            if known is None:
                log.exception("a request failed")
            said = "Something went wrong here. Nothing is lost: send it again, or ask in another way."
            refusal = problem(known.status_code, str(known.detail)) if known else problem(500, said)
            await refusal(scope, receive, send)


def of_data(error: Exception) -> HTTPException | None:
    """What the data says to a query that it can't or won't run; None for an error that it does not make."""
    from assistant.workspaces import NoWorkspace
    from knowledge.calendar import UnknownPeriod
    from knowledge.compile import CannotCompile
    from knowledge.model import UnknownName
    from knowledge.osi import BadModel
    from knowledge.policies.conditions import BadPolicy
    from knowledge.sources import BadSource
    from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, WarehouseGone
    from tools import ToolFailed
    from tools.analysis import CannotAnalyse

    if isinstance(error, ToolFailed):
        return HTTPException({"not_allowed": 403, "failed": 503}.get(error.failure.outcome, 422), str(error))
    if isinstance(error, QueryRefused | BadPolicy):
        return HTTPException(403, str(error))
    if isinstance(error, CannotCompile | UnknownName | UnknownPeriod | QueryFailed | CannotAnalyse):
        return HTTPException(422, str(error))
    if isinstance(error, QueryTimeout):
        return HTTPException(504, str(error))
    gone = isinstance(error, WarehouseGone | NoWorkspace | BadSource | BadModel)
    return HTTPException(503, str(error)) if gone else None
