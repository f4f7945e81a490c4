"""Whether Slack is on, and what is wrong where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from assistant.channels.place import Place
from assistant.channels.slack.settings import SlackSettings

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

NAME = "Slack"


def mounted(place: Place) -> APIRouter | None:
    """The routes; None where a setting is missing (`problems` says which)."""
    settings = SlackSettings()
    if not settings.wanted or settings.missing(place.public_url):
        return None
    from slack_sdk.web.async_client import AsyncWebClient  # a second of imports, for those who have Slack

    from assistant.channels.slack.routes import routes

    return routes(place, settings, AsyncWebClient(base_url=settings.api_url))


async def problems(public_url: str | None, client: AsyncWebClient | None = None) -> list[str] | None:
    """What keeps the channel from working, each with what to do; None where it is not wanted. Asks Slack."""
    settings = SlackSettings()
    if not settings.wanted:
        return None
    missing = settings.missing(public_url)
    if missing or not settings.bot_token:
        return missing
    return await _asked(settings, client)


async def _asked(settings: SlackSettings, client: AsyncWebClient | None) -> list[str]:
    """Whether Slack knows the tokens, and what the bot may do."""
    import aiohttp
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web.async_client import AsyncWebClient

    from assistant.channels.slack.app import SCOPES

    assert settings.bot_token
    client = client or AsyncWebClient(base_url=settings.api_url)
    found = []
    try:
        known = await client.auth_test(token=settings.bot_token.get_secret_value())
        granted = set(str(known.headers.get("x-oauth-scopes", "")).split(","))
        if lacking := [scope for scope in SCOPES if scope not in granted]:
            said = ", ".join(lacking)
            found.append(
                f"The bot may not do all it needs: add the scopes {said} (OAuth & Permissions), and reinstall."
            )
    except SlackApiError as error:
        found.append(f"Slack does not take PARLEY_SLACK_BOT_TOKEN ({error.response.get('error')}): copy it again.")
    except (aiohttp.ClientError, TimeoutError) as error:
        return [f"Slack could not be reached ({error or type(error).__name__}): the server must be let out to it."]
    if settings.app_token:
        try:
            await client.apps_connections_open(app_token=settings.app_token.get_secret_value())
        except SlackApiError as error:
            why = error.response.get("error")
            found.append(
                f"Slack does not take PARLEY_SLACK_APP_TOKEN ({why}): it needs the scope connections:write, and Socket "
                "Mode must be on."
            )
    return found
