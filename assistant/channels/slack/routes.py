"""The addresses that Slack calls (HTTP), or the socket that is kept open to it (Socket Mode)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.background import Background
from assistant.channels.deliveries import Deliveries
from assistant.channels.place import Place
from assistant.channels.slack.app import create, resume
from assistant.channels.slack.digests import Digests, keep_telling
from assistant.channels.slack.settings import SlackSettings
from assistant.channels.slack.shown import ShownAnswers
from assistant.channels.slack.talk import Talk

log = logging.getLogger("parley.slack")
_LONGEST_WAIT_S = 60


def routes(place: Place, settings: SlackSettings, client: AsyncWebClient) -> APIRouter:
    """POST /slack/events for events, commands and buttons alike; GET /slack/install and /slack/oauth_redirect where
    several workspaces may install the app. With an app token none of the first, but a socket."""
    folder = place.state / "slack"
    deliveries, shown = Deliveries(folder / "deliveries.sqlite"), ShownAnswers(folder / "shown.sqlite")
    digests, background = Digests(folder / "digests.sqlite"), Background()
    talk = Talk(place, shown, deliveries)
    app = create(place, settings, talk, shown, deliveries, digests, background, client)

    async def client_of(team: str) -> AsyncWebClient | None:
        if settings.bot_token:
            return client
        assert app.installation_store is not None
        bot = await app.installation_store.async_find_bot(enterprise_id=None, team_id=team)
        return AsyncWebClient(token=bot.bot_token, base_url=client.base_url) if bot and bot.bot_token else None

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        for left in await asyncio.to_thread(deliveries.left):
            background.start(resume(app, left))
        going_on = [asyncio.create_task(keep_telling(place, talk, digests, client_of))]
        going_on += [asyncio.create_task(_keep_open())] if settings.app_token else []
        yield
        for task in going_on:
            task.cancel()
        await asyncio.gather(*going_on, return_exceptions=True)
        await background.finish()
        shown.close()
        digests.close()
        deliveries.close()

    async def _keep_open() -> None:
        """Bolt opens it again when it breaks; until the first time, that is done here."""
        from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

        assert settings.app_token
        handler = AsyncSocketModeHandler(app, settings.app_token.get_secret_value(), web_client=client)
        wait = 1
        try:
            while True:
                try:
                    await handler.connect_async()
                    break
                except Exception as error:
                    log.warning("Slack can't be reached by Socket Mode (%s): trying again in %d s", error, wait)
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT_S)
            await asyncio.Event().wait()
        finally:
            await handler.close_async()

    router = APIRouter(lifespan=lifespan, include_in_schema=False)
    handler = AsyncSlackRequestHandler(app)

    if settings.signing_secret and not settings.app_token:
        verifier = SignatureVerifier(settings.signing_secret.get_secret_value())

        async def told(request: Request) -> Response:
            """Bolt checks the signature, too, but reads the body before, and stumbles over one that Slack can't have
            sent."""
            body = await request.body()
            if not _is_signed(verifier, body, request):
                raise HTTPException(401, "The signature is not Slack's, or it is too old.")
            if not _is_readable(body, request.headers.get("content-type", "")):
                raise HTTPException(400, "That is nothing that Slack sends.")
            return await handler.handle(request)

        router.add_api_route("/slack/events", told, methods=["POST"])
    if settings.client_id:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            router.add_api_route(path, handler.handle, methods=["GET"])
    return router


def _is_signed(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    try:
        return verifier.is_valid_request(body, dict(request.headers))
    except (ValueError, TypeError):  # a time that is no number, a signature or a body that is no text
        return False


class _Event(BaseModel):
    text: str | None = None
    user: str | dict[str, Any] | None = None
    channel: str | dict[str, Any] | None = None
    ts: str | None = None
    thread_ts: str | None = None
    files: list[dict[str, Any]] | None = None


class _Action(BaseModel):
    action_id: str
    block_id: str | None = None
    value: str | None = None


class _Told(BaseModel):
    """What Slack tells, as far as Bolt and we rely on its shape."""

    type: str = ""
    event: _Event = _Event()
    team: dict[str, Any] | None = None
    user: dict[str, Any] | None = None
    channel: dict[str, Any] | None = None
    message: dict[str, Any] | None = None
    container: dict[str, Any] | None = None
    view: dict[str, Any] | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] = []
    authorizations: list[dict[str, Any]] | None = None
    team_id: str | None = None
    event_id: str | None = None
    trigger_id: str | None = None


def _is_readable(body: bytes, kind: str) -> bool:
    """A form; or an object in JSON, alone or in a form."""
    try:
        text = body.decode()
        if kind.startswith("application/x-www-form-urlencoded"):
            text = parse_qs(text).get("payload", ["{}"])[0]
        _Told.model_validate_json(text)
    except ValueError:  # pydantic's, too
        return False
    return True
