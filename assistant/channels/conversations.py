"""Conversations: what was asked and answered, kept so that it can be found and resumed after a restart.

A Chainlit data layer on one SQLite file. Chainlit's own SQL layer swallows database errors, reads every step of every
conversation to list their titles, and needs a file store for the elements; here a step and an element are each one JSON
document, so a field that a later Chainlit adds needs no migration.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import sqlite3
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiosqlite
from chainlit.data.base import BaseDataLayer
from chainlit.data.utils import queue_until_user_message
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

log = logging.getLogger("parley.web")
WAITING_BYTES = 64 * 1024 * 1024
"""What waits in memory to be written at most; what comes after that is lost."""

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, identifier TEXT UNIQUE, created_at TEXT, metadata TEXT);
CREATE TABLE IF NOT EXISTS threads (
  id TEXT PRIMARY KEY, user_id TEXT, user_identifier TEXT, name TEXT, created_at TEXT, updated_at TEXT,
  tags TEXT, metadata TEXT);
CREATE TABLE IF NOT EXISTS steps (id TEXT PRIMARY KEY, thread_id TEXT, created_at TEXT, output TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS elements (id TEXT PRIMARY KEY, thread_id TEXT, for_id TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS results (element_id TEXT PRIMARY KEY, thread_id TEXT, body BLOB);
CREATE TABLE IF NOT EXISTS feedbacks (
  id TEXT PRIMARY KEY, for_id TEXT UNIQUE, thread_id TEXT, value INTEGER, comment TEXT, created_at TEXT);
CREATE INDEX IF NOT EXISTS threads_by_user ON threads (user_id, updated_at);
CREATE INDEX IF NOT EXISTS steps_by_thread ON steps (thread_id, created_at);
CREATE INDEX IF NOT EXISTS elements_by_thread ON elements (thread_id);
"""


class Conversations(BaseDataLayer):
    """`path` is made when missing. `forget` is called with a conversation's id when a person deletes it, so that what
    is kept elsewhere for it (its uploads) goes too.

    What is said while nothing can be written (the disk is full) waits in memory until it can."""

    def __init__(self, path: Path, forget: Callable[[str], None] = lambda thread_id: None):
        self.path = path
        self._forget = forget
        self._connection: aiosqlite.Connection | None = None
        self._opening = asyncio.Lock()
        self._waiting: deque[tuple[str, tuple[Any, ...]]] = deque()
        self._waiting_bytes = 0
        self._refused = False
        self._writing = asyncio.Lock()

    @property
    def unkept(self) -> bool:
        """Something that was said could not be written yet: a restart would lose it."""
        return self._refused

    # --- people ------------------------------------------------------------------------------------------------------

    async def get_user(self, identifier: str) -> PersistedUser | None:
        rows = await self._read("SELECT * FROM users WHERE identifier = ?", identifier)
        return _user(rows[0]) if rows else None

    async def create_user(self, user: User) -> PersistedUser | None:
        await self._keep(
            "INSERT INTO users VALUES (?, ?, ?, ?) ON CONFLICT (identifier) DO UPDATE SET metadata = excluded.metadata",
            (str(uuid.uuid4()), user.identifier, _now(), json.dumps(user.metadata or {})),
        )
        return await self.get_user(user.identifier)

    # --- conversations -----------------------------------------------------------------------------------------------

    async def get_thread_author(self, thread_id: str) -> str:
        rows = await self._read("SELECT user_identifier FROM threads WHERE id = ?", thread_id)
        return rows[0]["user_identifier"] or "" if rows else ""

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        await self._keep(
            "INSERT INTO threads (id, created_at, updated_at, metadata) VALUES (?, ?, ?, '{}') ON CONFLICT DO NOTHING",
            (thread_id, _now(), _now()),
        )
        changes: dict[str, Any] = {}
        if name:  # a message that is only a file has no words to name it by
            changes["name"] = _title(name)
        if tags is not None:
            changes["tags"] = json.dumps(tags)
        if user_id is not None:
            users = await self._read("SELECT identifier FROM users WHERE id = ?", user_id)
            changes |= {"user_id": user_id, "user_identifier": users[0]["identifier"] if users else None}
        if metadata is not None:
            rows = await self._read("SELECT metadata FROM threads WHERE id = ?", thread_id)
            kept = json.loads(rows[0]["metadata"] or "{}") | metadata
            changes["metadata"] = json.dumps({k: v for k, v in kept.items() if v is not None})
        if changes:
            columns = ", ".join(f"{column} = ?" for column in changes)
            await self._keep(f"UPDATE threads SET {columns} WHERE id = ?", (*changes.values(), thread_id))

    async def delete_thread(self, thread_id: str) -> None:
        for table in ("feedbacks", "elements", "results", "steps"):
            await self._write(f"DELETE FROM {table} WHERE thread_id = ?", (thread_id,))
        await self._write("DELETE FROM threads WHERE id = ?", (thread_id,))
        await asyncio.to_thread(self._forget, thread_id)

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """Newest first; a cursor is the id of the last conversation of the page before."""
        where, values = ["t.user_id = ?"], [filters.userId]
        if filters.search:
            where.append(
                "(t.name LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM steps s WHERE s.thread_id = t.id"
                " AND s.output LIKE ? ESCAPE '\\'))"
            )
            values += [_contains(filters.search)] * 2
        if filters.feedback is not None:
            where.append("EXISTS (SELECT 1 FROM feedbacks f WHERE f.thread_id = t.id AND f.value = ?)")
            values.append(int(filters.feedback))  # type: ignore[arg-type]
        if pagination.cursor:
            where.append("(t.updated_at, t.id) < (SELECT updated_at, id FROM threads WHERE id = ?)")
            values.append(pagination.cursor)
        rows = await self._read(
            f"SELECT t.* FROM threads t WHERE {' AND '.join(where)} ORDER BY t.updated_at DESC, t.id DESC LIMIT ?",
            *values,
            pagination.first + 1,
        )
        page = [_thread(row) for row in rows[: pagination.first]]
        info = PageInfo(
            hasNextPage=len(rows) > pagination.first,
            startCursor=page[0]["id"] if page else None,
            endCursor=page[-1]["id"] if page else None,
        )
        return PaginatedResponse(pageInfo=info, data=page)

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        rows = await self._read("SELECT * FROM threads WHERE id = ?", thread_id)
        if not rows:
            return None
        thread = _thread(rows[0])
        thumbs = {
            row["for_id"]: {key: row[key] for key in ("id", "value", "comment")} | {"forId": row["for_id"]}
            for row in await self._read("SELECT * FROM feedbacks WHERE thread_id = ?", thread_id)
        }
        steps = await self._read("SELECT body FROM steps WHERE thread_id = ? ORDER BY created_at, rowid", thread_id)
        thread["steps"] = [json.loads(row["body"]) for row in steps]
        for step in thread["steps"]:
            step["feedback"] = thumbs.get(step["id"])  # type: ignore[typeddict-item]
        elements = await self._read("SELECT body FROM elements WHERE thread_id = ? ORDER BY rowid", thread_id)
        thread["elements"] = [json.loads(row["body"]) for row in elements]
        return thread

    # --- what a conversation is made of ------------------------------------------------------------------------------

    @queue_until_user_message()
    async def create_step(self, step_dict: dict[str, Any]) -> None:
        thread_id, now = step_dict["threadId"], _now()
        await self._keep(
            "INSERT INTO threads (id, created_at, updated_at, metadata) VALUES (?, ?, ?, '{}')"
            " ON CONFLICT (id) DO UPDATE SET updated_at = excluded.updated_at",
            (thread_id, now, now),
        )
        await self._keep(
            "INSERT INTO steps VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET output = excluded.output, body = excluded.body"
            " WHERE thread_id = excluded.thread_id",  # ids come from the page: none may reach into another conversation
            (
                step_dict["id"],
                thread_id,
                step_dict.get("createdAt") or now,
                step_dict.get("output") or "",
                json.dumps(step_dict),
            ),
        )

    @queue_until_user_message()
    async def update_step(self, step_dict: dict[str, Any]) -> None:
        await self.create_step(step_dict)

    @queue_until_user_message()
    async def delete_step(self, step_id: str) -> None:
        of_step = "SELECT id FROM elements WHERE for_id = ?"
        await self._write(f"DELETE FROM results WHERE element_id IN ({of_step})", (step_id,))
        await self._write("DELETE FROM elements WHERE for_id = ?", (step_id,))
        await self._write("DELETE FROM feedbacks WHERE for_id = ?", (step_id,))
        await self._write("DELETE FROM steps WHERE id = ?", (step_id,))

    @queue_until_user_message()
    async def create_element(self, element: Any) -> None:
        # Nothing else may be kept: the bytes of other kinds would have to be kept with them.
        if element.type not in ("custom", "file") or not element.for_id:
            return
        body = element.to_dict() | {"chainlitKey": None}
        if element.type == "file":
            body["url"] = f"/conversations/{element.thread_id}/files/{element.id}"
        await self._keep(
            "INSERT INTO elements VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
            " WHERE thread_id = excluded.thread_id",
            (element.id, element.thread_id, element.for_id, json.dumps(body)),
        )

    async def get_element(self, thread_id: str, element_id: str) -> dict[str, Any] | None:  # type: ignore[override]
        rows = await self._read("SELECT body FROM elements WHERE thread_id = ? AND id = ?", thread_id, element_id)
        return json.loads(rows[0]["body"]) if rows else None

    @queue_until_user_message()
    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        await self._write("DELETE FROM results WHERE element_id = ?", (element_id,))
        await self._write("DELETE FROM elements WHERE id = ?", (element_id,))

    async def keep_result(self, thread_id: str, element_id: str, table: dict[str, Any]) -> None:
        """Keep the whole table behind an answer's card, for its downloads."""
        body = gzip.compress(json.dumps(table).encode(), compresslevel=3)
        await self._keep("INSERT OR REPLACE INTO results VALUES (?, ?, ?)", (element_id, thread_id, body))

    async def get_result(self, thread_id: str, element_id: str) -> dict[str, Any] | None:
        rows = await self._read(
            "SELECT body FROM results WHERE thread_id = ? AND element_id = ?", thread_id, element_id
        )
        return json.loads(gzip.decompress(rows[0]["body"])) if rows else None

    # --- thumbs ------------------------------------------------------------------------------------------------------

    async def upsert_feedback(self, feedback: Feedback) -> str:
        rows = await self._read("SELECT thread_id FROM steps WHERE id = ?", feedback.forId)
        thread_id = rows[0]["thread_id"] if rows else feedback.threadId
        await self._write(
            "INSERT INTO feedbacks VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (for_id)"
            " DO UPDATE SET value = excluded.value, comment = excluded.comment, created_at = excluded.created_at",
            (
                feedback.id or str(uuid.uuid4()),
                feedback.forId,
                thread_id,
                int(feedback.value),
                feedback.comment,
                _now(),
            ),
        )
        kept = await self._read("SELECT id FROM feedbacks WHERE for_id = ?", feedback.forId)
        return kept[0]["id"]

    async def delete_feedback(self, feedback_id: str) -> bool:
        await self._write("DELETE FROM feedbacks WHERE id = ?", (feedback_id,))
        return True

    async def get_favorite_steps(self, user_id: str) -> list[Any]:
        return []

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        """Write what waits. What still can't be written is lost."""
        async with self._writing:
            if not await self._try_waiting():
                log.error("%d parts of conversations are lost.", len(self._waiting))
        if self._connection:
            await self._connection.close()
            self._connection = None

    # --- the file ----------------------------------------------------------------------------------------------------

    async def _open(self) -> aiosqlite.Connection:
        # One connection has one thread and one queue: writes keep the order in which they were made.
        async with self._opening:
            if self._connection is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                connection = await aiosqlite.connect(self.path, isolation_level=None, timeout=10)
                connection.row_factory = aiosqlite.Row
                await connection.executescript(SCHEMA)
                self._connection = connection
        return self._connection

    async def _read(self, sql: str, *values: Any) -> list[aiosqlite.Row]:
        if self._waiting:
            async with self._writing:
                await self._try_waiting()
        connection = await self._open()
        return list(await connection.execute_fetchall(sql, values))

    async def _write(self, sql: str, values: Iterable[Any]) -> None:
        """Raises sqlite3.Error when it can't be written."""
        async with self._writing:
            await self._write_waiting()
            connection = await self._open()
            await connection.execute(sql, tuple(values))

    async def _keep(self, sql: str, values: Iterable[Any]) -> None:
        """Write what was said, or let it wait until it can be written: a full disk must not cost the answer."""
        async with self._writing:
            self._waiting.append((sql, tuple(values)))
            self._waiting_bytes += _size(self._waiting[-1][1])
            if not await self._try_waiting() and self._waiting_bytes > WAITING_BYTES:
                self._waiting_bytes -= _size(self._waiting.pop()[1])
                log.error("A part of a conversation is lost: too much waits to be written.")

    async def _try_waiting(self) -> bool:
        try:
            await self._write_waiting()
        except sqlite3.OperationalError as error:
            log.warning("Conversations can't be written (%s): they wait in memory.", error)
            self._refused = True
        else:
            self._refused = False
        return not self._refused

    async def _write_waiting(self) -> None:
        """In the order in which it was said."""
        while self._waiting:
            connection = await self._open()
            await connection.execute(*self._waiting[0])
            self._waiting_bytes -= _size(self._waiting.popleft()[1])


def _size(values: tuple[Any, ...]) -> int:
    return sum(len(value) for value in values if isinstance(value, str | bytes))


def _now() -> str:
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= 100 else line[:99] + "…"


def _contains(text: str) -> str:
    for special in "\\%_":
        text = text.replace(special, "\\" + special)
    return f"%{text}%"


def _user(row: aiosqlite.Row) -> PersistedUser:
    return PersistedUser(
        id=row["id"], identifier=row["identifier"], createdAt=row["created_at"], metadata=json.loads(row["metadata"])
    )


def _thread(row: aiosqlite.Row) -> ThreadDict:
    return ThreadDict(
        id=row["id"],
        createdAt=row["updated_at"],
        name=row["name"],
        userId=row["user_id"],
        userIdentifier=row["user_identifier"],
        tags=json.loads(row["tags"]) if row["tags"] else None,
        metadata=json.loads(row["metadata"] or "{}"),
        steps=[],
        elements=[],
    )
