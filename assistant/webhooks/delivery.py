"""The sending of webhooks: each is tried until it is taken, ever more seldom."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

import httpx

from assistant.webhooks.address import BadAddress, checked
from assistant.webhooks.hooks import Delivery, Hook, Hooks
from assistant.webhooks.signing import signed

log = logging.getLogger("parley.webhooks")
_AT_ONCE = 8
_SECONDS = 10.0
_REST = 0.5
"""Seconds between two looks at what is due."""


class Sender:
    """Sends what is due while it runs. `inside`: webhooks may go to this network's own machines, too."""

    def __init__(self, hooks: Hooks, *, inside: bool):
        self._hooks, self._inside = hooks, inside
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def close(self) -> None:
        """What is being sent when this is called is sent again by the next server."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, trust_env=False) as client:
            while True:
                try:
                    due = await asyncio.to_thread(self._hooks.due, _AT_ONCE)
                    await asyncio.gather(*(self._send(client, delivery, hook) for delivery, hook in due))
                except Exception:  # the disk is full, say: what is due stays due
                    log.exception("webhooks could not be sent")
                    due = []
                await asyncio.sleep(0 if due else _REST)

    async def _send(self, client: httpx.AsyncClient, delivery: Delivery, hook: Hook) -> None:
        headers = signed(hook.secret, delivery.id, int(time.time()), delivery.body)
        taken, said, gone = False, "", False
        try:
            await asyncio.to_thread(checked, hook.url, inside=self._inside)  # the name may lead elsewhere by now
            async with client.stream(
                "POST", hook.url, content=delivery.body, headers=headers | {"content-type": "application/json"}
            ) as got:
                taken, gone, said = got.is_success, got.status_code == 410, f"status {got.status_code}"
        except BadAddress as error:
            said = str(error)
        except httpx.HTTPError as error:
            said = type(error).__name__
        await asyncio.to_thread(self._hooks.tried, delivery, taken=taken, said=said)
        if gone:
            await asyncio.to_thread(self._hooks.turn_off, hook, "the receiver said that it is gone (410)")
