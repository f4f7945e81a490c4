"""Logging in with a name and password on the page: Chainlit's own way, with words for what went wrong."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response

from assistant.channels.entrance import Entrance
from assistant.channels.web.chat import as_user
from assistant.people.limits import TooOften

_WRONG = "That name and password do not belong together."


def routes(entrance: Entrance) -> APIRouter:
    router = APIRouter()

    @router.post("/login")
    async def log_in(
        request: Request,
        username: Annotated[str, Form(max_length=200)] = "",
        password: Annotated[str, Form(max_length=1_000)] = "",
    ) -> Response:
        """The name may be followed by a workspace: ana/lab."""
        from chainlit.server import _authenticate_user

        try:
            person = await entrance.log_in(username, password, "web")
        except TooOften as error:
            raise HTTPException(429, str(error), headers={"Retry-After": str(error.seconds)}) from error
        if person is None:
            raise HTTPException(401, _WRONG)
        response: Response = await _authenticate_user(request, as_user(person))
        return response

    return router
