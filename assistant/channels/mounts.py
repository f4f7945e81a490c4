"""The channels that other services carry. Each is on when its secrets are set."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.channels.place import Place
from assistant.channels.slack import mount as slack
from assistant.channels.twilio import mount as twilio

CHANNELS = (slack, twilio)
"""Each has a NAME, `mounted(place)` and `problems(public_url)`."""


def routers(place: Place) -> list[APIRouter]:
    """Of those that are on."""
    return [router for channel in CHANNELS if (router := channel.mounted(place)) is not None]
