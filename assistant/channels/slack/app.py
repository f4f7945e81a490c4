"""The Bolt app: what Slack tells, and who sees to it. Each is acknowledged at once; the work goes on behind."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from assistant.channels.background import Background
from assistant.channels.deliveries import Deliveries, Delivery
from assistant.channels.place import Place
from assistant.channels.slack import at_home
from assistant.channels.slack.blocks import sql_modal
from assistant.channels.slack.digests import Digests
from assistant.channels.slack.settings import SlackSettings
from assistant.channels.slack.shown import ShownAnswers
from assistant.channels.slack.talk import STRANGER, Spot, Talk

log = logging.getLogger("parley.slack")
SCOPES = (
    "app_mentions:read", "assistant:write", "chat:write", "commands", "files:write", "im:history", "im:read",
    "im:write", "users:read",
)  # fmt: skip
"""Of the bot; the manifest (docs/slack-manifest.yaml) asks for the same."""
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_LINK = re.compile(r"\s*link\s+(\d{8})\s*", re.I)
_RETRIES = 5
_PROMPTS = 4
_HELP = (
    "Ask about your data in your own words: `/parley net sales last month`. Only you see the answer; to share one, "
    "mention me in a channel. `/parley link 12345678` makes this account yours."
)


def create(
    place: Place, settings: SlackSettings, talk: Talk, shown: ShownAnswers, deliveries: Deliveries, digests: Digests,
    background: Background, client: AsyncWebClient,
) -> AsyncApp:  # fmt: skip
    """`client` says where Slack is."""
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=_RETRIES))
    bot, signing = settings.bot_token, settings.signing_secret
    client.token = bot.get_secret_value() if bot else None
    app = AsyncApp(
        name="parley", client=client, logger=log, signing_secret=signing.get_secret_value() if signing else None,
        oauth_settings=None if bot else _oauth(settings, place),
    )  # fmt: skip

    @app.middleware
    async def once(body: dict[str, Any], context: Any, next: Callable[[], Awaitable[Any]]) -> BoltResponse | None:
        """What Slack delivers again, because it was not acknowledged in time or somebody sends it again, is taken once.
        A press of a button has a trigger, an event an id. A question is kept until it is answered."""
        delivery = body.get("event_id") or body.get("trigger_id")
        if delivery and "delivery" not in context:
            if _asks(body):
                context["delivery"] = await asyncio.to_thread(deliveries.take, "slack", str(delivery), json.dumps(body))
                taken = context["delivery"] is not None
            else:
                taken = await asyncio.to_thread(deliveries.first, "slack", str(delivery))
            if not taken:
                return BoltResponse(status=200, body="")
        await next()
        return None

    def work(context: Any, answering: Coroutine[Any, Any, None]) -> None:
        """Begin to answer, behind the acknowledgement."""

        async def answered() -> None:
            await answering
            await asyncio.to_thread(deliveries.done, context.get("delivery"))

        background.start(answered())

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        spot = _spot(context, event["channel"], event.get("thread_ts") or event["ts"])
        work(context, _heard(client, spot, event.get("text", "")))

    @app.event("message")
    async def written(event: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        if event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id"):
            spot = _spot(context, event["channel"], event.get("thread_ts"))
            work(context, _heard(client, spot, event.get("text", "")))

    async def _heard(client: AsyncWebClient, spot: Spot, text: str) -> None:
        question = _unescaped(_MENTION.sub("", text)).strip()
        if found := _LINK.fullmatch(question):
            said = await talk.link(spot, found[1])
            await client.chat_postMessage(channel=spot.channel, thread_ts=spot.thread, text=said)
        elif question:
            await talk.answer(client, spot, question)
        else:
            await client.chat_postMessage(channel=spot.channel, thread_ts=spot.thread, text=_HELP)

    @app.event("assistant_thread_started")
    async def opened(event: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        thread = event["assistant_thread"]
        spot = Spot(context.team_id or "", thread["user_id"], thread["channel_id"], thread["thread_ts"])
        asker = await talk.asker(spot)
        if asker is None:
            await client.chat_postMessage(channel=spot.channel, thread_ts=spot.thread, text=STRANGER)
            return
        prompts = [{"title": text, "message": text} for text in (await place.desk.starters(asker))[:_PROMPTS]]
        await client.assistant_threads_setSuggestedPrompts(
            channel_id=spot.channel, thread_ts=spot.thread, prompts=prompts
        )

    @app.event("assistant_thread_context_changed")
    async def moved() -> None:
        """Which channel somebody looks at beside the pane makes no difference to the data."""

    at_home.listen(app, place, talk, digests)

    @app.command("/parley")
    async def commanded(ack: Any, command: dict[str, Any], context: Any, client: Any, respond: Any) -> None:
        await ack()
        spot, text = _spot(context, command["channel_id"], f"command-{command['user_id']}"), command.get("text", "")
        work(context, _commanded(client, spot, text, respond))

    async def _commanded(client: Any, spot: Spot, text: str, respond: Any) -> None:
        if found := _LINK.fullmatch(text):
            await respond(text=await talk.link(spot, found[1]))
        elif text.strip() in ("", "help"):
            await respond(text=_HELP)
        else:
            await talk.answer_quietly(client, spot, _unescaped(text).strip(), respond)

    @app.shortcut("ask_about")
    async def pointed_at(ack: Any, shortcut: dict[str, Any], context: Any, client: AsyncWebClient) -> None:
        await ack()
        message = shortcut["message"]
        spot = _spot(context, shortcut["channel"]["id"], message.get("thread_ts") or message["ts"])
        work(context, _heard(client, spot, message.get("text", "")))

    @app.action(re.compile(r"^ask:\d+$"))
    async def chosen(
        ack: Any, action: dict[str, Any], body: dict[str, Any], context: Any, client: Any, respond: Any
    ) -> None:
        await ack()
        question, message = action["value"], body.get("message") or {}
        if body.get("container", {}).get("is_ephemeral"):
            spot = _spot(context, body["channel"]["id"], f"command-{body['user']['id']}")
            work(context, talk.answer_quietly(client, spot, question, _further(respond)))
            return
        channel = body.get("channel")
        if channel is None:  # on the home tab: the answer comes as a direct message
            channel = (await client.conversations_open(users=body["user"]["id"]))["channel"]
        spot = _spot(context, channel["id"], message.get("thread_ts"))
        work(context, _asked_aloud(client, spot, question))

    async def _asked_aloud(client: AsyncWebClient, spot: Spot, question: str) -> None:
        """So that whoever reads the conversation sees what was asked."""
        if spot.delivery is None or spot.delivery.since is None:
            said = f"<@{spot.user}> asks: {question}"
            await client.chat_postMessage(channel=spot.channel, thread_ts=spot.thread, text=said)
        await talk.answer(client, spot, question)

    @app.action("sql")
    async def looked_into(ack: Any, action: dict[str, Any], body: dict[str, Any], context: Any, client: Any) -> None:
        await ack()
        spot = _spot(context, "")
        found = await asyncio.to_thread(shown.find, action["value"], spot.team)
        if found is not None and await talk.asker(spot) is not None:
            await client.views_open(trigger_id=body["trigger_id"], view=sql_modal(found))

    @app.action("thumb")
    async def rated(ack: Any, action: dict[str, Any], context: Any, respond: Any) -> None:
        await ack()
        word, _, key = action["value"].partition(":")
        kept = await talk.rate(_spot(context, ""), key, word == "up")
        said = "Thanks for telling me." if kept else STRANGER
        await respond(text=said, response_type="ephemeral", replace_original=False)

    return app


async def resume(app: AsyncApp, delivery: Delivery) -> None:
    """Take up what an earlier process left without an answer."""
    body = json.loads(delivery.body)
    await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode", context={"delivery": delivery}))


def _asks(body: dict[str, Any]) -> bool:
    """Whether somebody waits for an answer."""
    event, actions = body.get("event") or {}, body.get("actions") or [{}]
    mention = event.get("type") == "app_mention"
    direct = event.get("type") == "message" and event.get("channel_type") == "im"
    said = (mention or direct) and not event.get("subtype") and not event.get("bot_id")
    pressed = str(actions[0].get("action_id", "")).startswith("ask:")
    return said or pressed or "command" in body or body.get("callback_id") == "ask_about"


def _spot(context: Any, channel: str, thread: str | None = None) -> Spot:
    team, user = context.team_id or context.enterprise_id or "", context.user_id or ""
    return Spot(team, user, channel, thread, context.get("delivery"))


def _further(respond: Any) -> Callable[..., Awaitable[Any]]:
    async def say(**message: Any) -> Any:
        return await respond(**message, response_type="ephemeral", replace_original=False)

    return say


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _oauth(settings: SlackSettings, place: Place) -> AsyncOAuthSettings:
    """Workspaces install the app themselves, at /slack/install; their tokens are kept in a file of ours."""
    path = place.state / "slack" / "installations.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    assert settings.client_id
    assert settings.client_secret
    installations = SQLite3InstallationStore(database=str(path), client_id=settings.client_id, logger=log)
    installations.init()
    states = SQLite3OAuthStateStore(expiration_seconds=600, database=str(path), logger=log)
    states.init()
    path.chmod(0o600)
    return AsyncOAuthSettings(
        client_id=settings.client_id, client_secret=settings.client_secret.get_secret_value(), scopes=list(SCOPES),
        redirect_uri=f"{place.public_url}/slack/oauth_redirect", installation_store=installations, state_store=states,
        logger=log,
    )  # fmt: skip
