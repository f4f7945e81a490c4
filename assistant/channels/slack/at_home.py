"""What happens on the home tab: it is opened, a digest is wanted or not, a rating is taken back."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp

from assistant.channels.place import Place
from assistant.channels.slack import home
from assistant.channels.slack.digests import Digests
from assistant.channels.slack.talk import Spot, Talk


def listen(app: AsyncApp, place: Place, talk: Talk, digests: Digests) -> None:
    async def show(client: Any, context: Any, user: str) -> None:
        spot = _spot(context)
        asker = await talk.asker(spot, client)
        view = home.stranger()
        if asker is not None:
            view = home.home(
                await place.desk.workspace(asker), await place.desk.starters(asker), asker, place.locale,
                digest=await asyncio.to_thread(digests.wanted, spot), rated=await place.desk.ratings(asker),
            )  # fmt: skip
        await client.views_publish(user_id=user, view=view)

    @app.event("app_home_opened")
    async def came_home(event: dict[str, Any], context: Any, client: Any) -> None:
        if event.get("tab") == "home":
            await show(client, context, event["user"])

    @app.action("digest")
    async def wished(ack: Any, action: dict[str, Any], body: dict[str, Any], context: Any, client: Any) -> None:
        await ack()
        spot = _spot(context)
        asker = await talk.asker(spot, client)
        if asker is not None and action["value"] == "on":
            await asyncio.to_thread(digests.want, spot, asker.time_zone)
        else:
            await asyncio.to_thread(digests.stop, spot)
        await show(client, context, body["user"]["id"])

    @app.action("unrate")
    async def took_back(ack: Any, action: dict[str, Any], body: dict[str, Any], context: Any, client: Any) -> None:
        await ack()
        asker = await talk.asker(_spot(context), client)
        if asker is not None:
            for rating in await place.desk.ratings(asker):
                if home.mark(rating) == action["value"]:
                    await place.desk.unrate(asker, rating)
        await show(client, context, body["user"]["id"])


def _spot(context: Any) -> Spot:
    return Spot(context.team_id or context.enterprise_id or "", context.user_id or "", "")
