"""Digests: what is unusual in the data, told every morning to those who want it, as they see the data."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.channels.markup import starred
from assistant.channels.place import Place
from assistant.channels.slack.blocks import escaped
from assistant.channels.slack.talk import Spot, Talk
from assistant.threads import open_database

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger("parley.slack")
HOUR = 8
"""Of the day of who is told, from which on they are."""
_EVERY_S = 60.0
_MOST = 5
_TABLES = """
CREATE TABLE IF NOT EXISTS digests (team TEXT NOT NULL, user TEXT NOT NULL, zone TEXT NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (team, user));
"""


class Digests:
    """Who wants one, and up to which day they were told. Safe to use from many threads; kept over restarts."""

    def __init__(self, path: Path):
        self._connection, self._lock = open_database(path, _TABLES), threading.Lock()

    def wanted(self, spot: Spot) -> bool:
        with self._lock:
            found = self._connection.execute(
                "SELECT 1 FROM digests WHERE team = ? AND user = ?", (spot.team, spot.user)
            ).fetchone()
        return found is not None

    def want(self, spot: Spot, zone: str | None) -> None:
        """From tomorrow on, in their time zone."""
        zone = zone or "UTC"
        row = (spot.team, spot.user, zone, _day(datetime.now(UTC), zone))
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", row)

    def stop(self, spot: Spot) -> None:
        with self._lock:
            self._connection.execute("DELETE FROM digests WHERE team = ? AND user = ?", (spot.team, spot.user))

    def due(self, now: datetime) -> list[Spot]:
        """Who is to be told now; each once a day, also if telling them fails."""
        with self._lock:
            rows = self._connection.execute("SELECT team, user, zone, told FROM digests").fetchall()
            found = [
                (team, user, _day(now, zone))
                for team, user, zone, told in rows
                if told < _day(now, zone) and now.astimezone(ZoneInfo(zone)).hour >= HOUR
            ]
            for team, user, day in found:
                self._connection.execute("UPDATE digests SET told = ? WHERE team = ? AND user = ?", (day, team, user))
        return [Spot(team, user, user) for team, user, _ in found]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


async def keep_telling(
    place: Place, talk: Talk, digests: Digests, client_of: Callable[[str], Awaitable[AsyncWebClient | None]]
) -> None:  # fmt: skip
    """Until it is cancelled. `client_of` finds the client of a team, if the app is installed there."""
    while True:
        for spot in await asyncio.to_thread(digests.due, datetime.now(UTC)):
            try:
                client = await client_of(spot.team)
                if client is not None:
                    await tell(place, talk, client, spot)
            except Exception:
                log.exception("a digest could not be sent")
        await asyncio.sleep(_EVERY_S)


async def tell(place: Place, talk: Talk, client: AsyncWebClient, spot: Spot) -> None:
    """Post what is unusual as a direct message. Whoever is not linked any more is told nothing."""
    asker = await talk.asker(spot, client)
    if asker is None:
        return
    made = await place.desk.insights(asker)
    lines = [f"• {starred(escaped(insight.text))}" for insight in made.found[:_MOST]]
    more = f"\n… and {len(made.found) - _MOST} more." if len(made.found) > _MOST else ""
    head = f"*Unusual in {escaped(made.period)}*" if lines else f"Nothing unusual in {escaped(made.period)}."
    await client.chat_postMessage(channel=spot.user, text="\n".join([head, *lines]) + more, unfurl_links=False)


def _day(now: datetime, zone: str) -> str:
    return now.astimezone(ZoneInfo(zone)).date().isoformat()
