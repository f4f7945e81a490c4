"""Lists to choose from, on WhatsApp: an answer with a button below it that opens its next questions.

Such a message is made of a template (https://www.twilio.com/docs/content/twiliolist-picker) with variables: one for
each number of items, which is made once. Within a day of somebody's message, WhatsApp asks for no approval of it.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.channels.twilio.outbox import Outbox
from assistant.threads import open_database

log = logging.getLogger("parley.twilio")
BODY = 1024
"""Characters of the message above the button."""
_BUTTON, _ITEM, _ID, _DESCRIPTION, _ITEMS = 20, 24, 200, 72, 10
_ASK, _MORE = "ask:", "more"
_PAUSE_S = 3600.0
"""Without lists, after one was refused."""
_TABLES = "CREATE TABLE IF NOT EXISTS templates (items INTEGER PRIMARY KEY, sid TEXT NOT NULL);"


class Lists:
    """Safe to use from many threads."""

    def __init__(self, path: Path, outbox: Outbox):
        self._connection, self._lock = open_database(path, _TABLES), threading.Lock()
        self._outbox, self._paused_until = outbox, 0.0

    async def send(
        self, *, sender: str, to: str, body: str, button: str, asked: Sequence[tuple[str, str]], more: bool
    ) -> bool:  # fmt: skip
        """Send the body with the questions that can be asked next, each (label, question), and one item for more of the
        answer. False where it can't be sent like that, and was not: then it has to be a text."""
        items = [_item(label, f"{_ASK}{question}") for label, question in asked]
        items += [_item("More details", _MORE, "The table, and what to know of it")] if more else []
        fit = all(1 <= len(i) <= _ID for _, i, _ in items) and len(items) <= _ITEMS and 1 <= len(body) <= BODY
        if not items or not fit or time.monotonic() < self._paused_until:
            return False
        said = [body, button[:_BUTTON], *(text for item in items for text in item)]
        variables = {str(n): text for n, text in enumerate(said, 1)}
        for template in (self._kept(len(items)), None):  # one that was kept may have been deleted in the console
            template = template or await self._made(len(items))
            if template is None:
                break
            if await self._outbox.send_template(sender=sender, to=to, template=template, variables=variables):
                return True
        log.warning("WhatsApp lists are left out for an hour: Twilio refused one")
        self._paused_until = time.monotonic() + _PAUSE_S
        return False

    def _kept(self, count: int) -> str | None:
        with self._lock:
            kept = self._connection.execute("SELECT sid FROM templates WHERE items = ?", (count,)).fetchone()
        return str(kept[0]) if kept else None

    async def _made(self, count: int) -> str | None:
        sid = await self._outbox.make_template(_template(count))
        if sid:
            with self._lock:
                self._connection.execute("INSERT OR REPLACE INTO templates VALUES (?, ?)", (count, sid))
        return sid

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def chosen(form: Mapping[str, str]) -> str | None:
    """What somebody asks who has tapped an item; None for a message that was written."""
    tapped = form.get("ListId") or form.get("ButtonPayload") or ""
    if tapped == _MORE:
        return "MORE"
    return tapped.removeprefix(_ASK) if tapped.startswith(_ASK) else None


def _item(label: str, name: str, description: str = "") -> tuple[str, str, str]:
    short = label if len(label) <= _ITEM else f"{label[: _ITEM - 1].rstrip()}…"
    return short, name, (description or label)[:_DESCRIPTION]


def _template(count: int) -> str:
    """In JSON: {{1}} is the body, {{2}} the button, then come an item's title, id and description."""
    items = [
        {"item": f"{{{{{n}}}}}", "id": f"{{{{{n + 1}}}}}", "description": f"{{{{{n + 2}}}}}"}
        for n in range(3, 3 + 3 * count, 3)
    ]
    picker = {"body": "{{1}}", "button": "{{2}}", "items": items}
    samples = {str(n): f"text {n}" for n in range(1, 3 + 3 * count)}
    return json.dumps(
        {"friendly_name": f"parley_list_{count}", "language": "en", "variables": samples,
         "types": {"twilio/list-picker": picker}}
    )  # fmt: skip
