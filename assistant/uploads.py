"""Uploads: files that a person gave to a conversation, kept with it, and opened as data of its own."""

from __future__ import annotations

import os
import re
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.session import Session

OPEN_AT_ONCE = 16
"""Conversations whose uploads stay open; the one that was asked longest ago is closed first."""


class Uploads:
    """`folder` holds one folder a conversation. `open_files` makes a Session of its files; it may keep what it makes of
    them in the conversation's folder, which it is given."""

    def __init__(self, folder: Path, open_files: Callable[[Sequence[Path], Path], Session]):
        self.folder = folder
        self._open_files = open_files
        self._open: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, thread_id: str, file_id: str, name: str, path: Path) -> Path:
        """Copy an uploaded file to where it stays. Raises OSError when the disk is full."""
        place = self._place(thread_id) / "files" / str(uuid.UUID(file_id))
        place.mkdir(parents=True, exist_ok=True)
        kept = place / safe_name(name)
        try:
            shutil.copyfile(path, kept)
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise
        return kept

    def drop(self, thread_id: str, file_id: str) -> None:
        """Take a file back out, one that could not be read."""
        shutil.rmtree(self._place(thread_id) / "files" / str(uuid.UUID(file_id)), ignore_errors=True)

    def find(self, thread_id: str, file_id: str) -> Path | None:
        try:
            place = self._place(thread_id) / "files" / str(uuid.UUID(file_id))
        except ValueError:
            return None
        return next((path for path in place.glob("*") if path.is_file()), None) if place.is_dir() else None

    def files(self, thread_id: str) -> list[Path]:
        """A conversation's files, oldest first."""
        try:
            place = self._place(thread_id)
        except ValueError:
            return []
        return sorted(
            (path for path in place.glob("files/*/*") if path.is_file()), key=lambda path: path.stat().st_mtime
        )

    def session(self, thread_id: str, *, reopen: bool = False) -> Session | None:
        """The Session over a conversation's files; None if it has none. Blocks while the files are read.

        Raises what opening raises: its message says which file, and what is wrong with it."""
        with self._lock:
            if not reopen and thread_id in self._open:
                self._open.move_to_end(thread_id)
                return self._open[thread_id]
            files = self.files(thread_id)
            if not files:
                return None
            opened = self._open_files(files, self._place(thread_id))
            old = self._open.pop(thread_id, None)
            self._open[thread_id] = opened
            extra = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - OPEN_AT_ONCE)]
        for session in [*extra, *([old] if old else [])]:
            session.close()
        return opened

    def forget(self, thread_id: str) -> None:
        """Close and delete all that a conversation was given."""
        try:
            place = self._place(thread_id)
        except ValueError:
            return
        with self._lock:
            session = self._open.pop(thread_id, None)
        if session:
            session.close()
        shutil.rmtree(place, ignore_errors=True)

    def close(self) -> None:
        with self._lock:
            sessions, self._open = list(self._open.values()), OrderedDict()
        for session in sessions:
            session.close()

    def _place(self, thread_id: str) -> Path:
        return self.folder / str(uuid.UUID(thread_id))  # an id of ours, so no path can be smuggled in


def together(files: Sequence[Path], folder: Path) -> Path:
    """One folder with all the files in it, which can be opened as one source. Files of one name get a number."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        name, number = file.name, 1
        while (folder / name).exists():
            number += 1
            name = f"{file.stem}_{number}{file.suffix}"
        os.link(file, folder / name)
    return folder


def safe_name(name: str) -> str:
    """A file name without folders or odd characters; its ending says what kind of file it is, so that stays.

    >>> safe_name("../../etc/Umsätze 2024 (final).CSV")
    'Umsätze 2024 (final).CSV'
    """
    last = re.split(r"[\\/]", name)[-1]
    cleaned = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    stem, dot, ending = cleaned.rpartition(".")
    return f"{stem[:80]}{dot}{ending[:10]}" if stem else (cleaned[:80] or "upload")
