"""Refreshes: the data read from its source anew, while it is asked; and what became of each, in one SQLite file."""

from __future__ import annotations

import logging
import sqlite3
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from assistant.threads import open_database

if TYPE_CHECKING:
    from assistant.session import Session
    from knowledge.workspace import Workspace

log = logging.getLogger("parley.refreshes")
_KEPT = 500
"""Refreshes of a workspace; older ones are dropped."""
_TABLES = """
CREATE TABLE IF NOT EXISTS refreshes (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, workspace TEXT NOT NULL, person TEXT NOT NULL, status TEXT NOT NULL,
    started_at TEXT NOT NULL, finished_at TEXT, said TEXT NOT NULL DEFAULT '', tables INTEGER, rows INTEGER,
    fresh_as_of TEXT
);
CREATE INDEX IF NOT EXISTS refreshes_by_workspace ON refreshes (workspace, n);
"""
_STOPPED = "The server was stopped while the data was being read. Nothing that was there is changed: refresh it again."


@dataclass(frozen=True)
class Refresh:
    """`person` is the name of whoever wanted it; times are ISO 8601, UTC. `tables`, `rows` (as far as they are counted)
    and `fresh_as_of` (the newest moment in the data, in the business's time) say what there is since it finished;
    `said`, why it failed."""

    n: int
    id: str
    workspace: str
    person: str
    status: Literal["running", "finished", "failed"]
    started_at: str
    finished_at: str | None = None
    said: str = ""
    tables: int | None = None
    rows: int | None = None
    fresh_as_of: str | None = None


class Refreshes:
    """Safe to use from many threads. Methods raise sqlite3.Error when the disk is full or gone."""

    def __init__(self, path: Path):
        self._connection = open_database(path, _TABLES)
        self._lock = threading.Lock()

    def give_up(self) -> None:
        """Say of those that are under way that they were cut off: when a server starts, there are none."""
        with self._lock:
            self._connection.execute(
                "UPDATE refreshes SET status = 'failed', said = ?, finished_at = ? WHERE status = 'running'",
                (_STOPPED, _now()),
            )

    def start(self, session: Session, workspace: str, person: str, ended: Callable[[Refresh], None]) -> Refresh:
        """Begin to read a workspace's data anew, in a thread that calls `ended` with what came of it; the refresh that
        is under way, where there is one."""
        with self._lock:
            running = self._connection.execute(
                "SELECT * FROM refreshes WHERE workspace = ? AND status = 'running'", (workspace,)
            ).fetchone()
            if running:
                return Refresh(*running)
            made = self._connection.execute(
                "INSERT INTO refreshes (id, workspace, person, status, started_at) VALUES (?, ?, ?, 'running', ?)"
                " RETURNING *",
                (uuid.uuid4().hex, workspace, person, _now()),
            ).fetchone()
            self._connection.execute(
                "DELETE FROM refreshes WHERE workspace = ? AND n <= ? - ?", (workspace, made[0], _KEPT)
            )
        begun = Refresh(*made)
        threading.Thread(target=self._run, args=(session, begun, ended), name="refresh", daemon=True).start()
        return begun

    def all(self, workspace: str, before: int | None, limit: int) -> list[Refresh]:
        """Newest first, from the one before number `before`."""
        return self._read(
            "SELECT * FROM refreshes WHERE workspace = ? AND n < ? ORDER BY n DESC LIMIT ?",
            workspace, before if before is not None else 2**62, limit,
        )  # fmt: skip

    def find(self, refresh: str, workspace: str) -> Refresh | None:
        found = self._read("SELECT * FROM refreshes WHERE id = ? AND workspace = ?", refresh, workspace)
        return found[0] if found else None

    def _run(self, session: Session, begun: Refresh, ended: Callable[[Refresh], None]) -> None:
        try:
            made = replace(begun, status="finished", **_known_of(session.refresh()))
        except Exception as error:
            log.warning("a refresh failed: %s", error, exc_info=True)
            made = replace(begun, status="failed", said=str(error) or type(error).__name__)
        made = replace(made, finished_at=_now())
        try:
            with self._lock:
                self._connection.execute(
                    "UPDATE refreshes SET status = ?, finished_at = ?, said = ?, tables = ?, rows = ?, fresh_as_of = ?"
                    " WHERE id = ?",
                    (made.status, made.finished_at, made.said, made.tables, made.rows, made.fresh_as_of, made.id),
                )
            ended(made)
        except sqlite3.Error as error:
            log.error("what became of a refresh can't be written: %s", error)

    def _read(self, sql: str, *values: Any) -> list[Refresh]:
        with self._lock:
            return [Refresh(*row) for row in self._connection.execute(sql, values).fetchall()]

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _known_of(workspace: Workspace) -> dict[str, Any]:
    datasets, fresh = workspace.model.datasets, workspace.fresh_as_of
    return {
        "tables": len(datasets),
        "rows": sum(d.row_count or 0 for d in datasets),
        "fresh_as_of": fresh.isoformat() if fresh else None,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
