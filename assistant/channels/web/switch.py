"""The page /workspaces: somebody who is in several says which one they ask in, without logging in again."""

from __future__ import annotations

import html
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from assistant.channels.entrance import Entrance
from assistant.channels.web.chat import as_user
from assistant.people.audit import Audit
from assistant.people.person import Person

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Parley: workspaces</title>
<meta name="viewport" content="width=device-width"><style>
body {{ font: 16px system-ui; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }}
button {{ font: inherit; width: 100%; padding: .7rem; margin: .3rem 0; text-align: left; cursor: pointer }}
</style><h1>Workspaces</h1><p>{name}, which one do you want to ask in?</p>{buttons}</html>"""
_BUTTON = '<form method="post" action="/workspaces/{to}"><button{now}>{to}</button></form>'


def routes(entrance: Entrance, audit: Audit) -> APIRouter:
    from chainlit.auth import get_current_user

    router = APIRouter(prefix="/workspaces")

    async def logged_in(user: Any = Depends(get_current_user)) -> Person:  # noqa: B008
        person = await run_in_threadpool(entrance.known_user, user)
        if person is None:
            raise HTTPException(401, "Log in first.")
        return person

    @router.get("")
    async def page(person: Person = Depends(logged_in)) -> HTMLResponse:  # noqa: B008
        places = await run_in_threadpool(entrance.door.directory.places, person.id)
        buttons = "".join(
            _BUTTON.format(to=p.workspace, now=" disabled" if p.workspace == person.workspace else "")
            for p in places or [person]
        )
        return HTMLResponse(_PAGE.format(name=html.escape(person.name), buttons=buttons))

    @router.post("/{name}")
    async def enter(
        name: Annotated[str, Path(max_length=40)],
        request: Request,
        person: Person = Depends(logged_in),  # noqa: B008
    ) -> Response:
        from chainlit.server import _authenticate_user

        places = await run_in_threadpool(entrance.door.directory.places, person.id)
        there = next((p for p in places if p.workspace == name), None)
        if there is None:
            raise HTTPException(404, "You are in no such workspace.")
        audit.write("entered the workspace", person=there.name, channel="web", workspace=name)
        response: Response = await _authenticate_user(request, as_user(there), redirect_to_callback=True)
        return response

    return router
