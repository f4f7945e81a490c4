"""Place: what a channel is given when the server mounts it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.desk import Desk
from assistant.people.door import Door
from assistant.people.limits import RateLimits


@dataclass(frozen=True)
class Place:
    """`state` is the folder where things are kept. `public_url` is where the world reaches this server, without a slash
    at its end; None where it doesn't."""

    desk: Desk
    door: Door
    limits: RateLimits
    state: Path
    public_url: str | None
    locale: str
