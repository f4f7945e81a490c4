"""The workspaces of a server: each a business's data with its own model, people, conversations and files. The one that
the server was started with is `main`; the others are kept in `workspaces/NAME` of the state folder, where
`parley workspaces add` writes down what each is opened from."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import shutil
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.people.person import MAIN
from assistant.uploads import Uploads

if TYPE_CHECKING:
    from assistant.session import Session

log = logging.getLogger("parley.workspaces")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FILE = "workspace.json"


class NoWorkspace(ValueError):
    """There is no workspace of this name, or none can be made; the message says why."""


@dataclass(frozen=True)
class Entry:
    """What a workspace is opened from: a file or folder of data, and its semantic model where somebody made one.
    `folder` is where all is kept that is the workspace's."""

    name: str
    folder: Path
    source: str
    model: Path | None = None


def add(state: Path, name: str, source: str, model: Path | None = None) -> Entry:
    """Write a workspace down, after its data could be opened. Raises NoWorkspace, and what opening the data raises."""
    from assistant.session import open_session
    from knowledge.warehouse import WarehouseGone

    if not _NAME.fullmatch(name) or name == MAIN:
        raise NoWorkspace(
            f"{name!r} can't be a workspace's name: use 1 to 40 small letters, digits and -, other than {MAIN!r}."
        )
    folder = _folder(state, name)
    if (folder / _FILE).exists():
        raise NoWorkspace(f"There is a workspace {name!r} already. Choose another name, or remove it first.")
    path = str(Path(source).expanduser().resolve()) if source != "demo" else source
    try:
        open_session(path, model=model, state_dir=folder).close()
    except WarehouseGone as error:
        raise NoWorkspace(str(error)) from error
    said = {"source": path, "model": str(model.resolve()) if model else None}
    (folder / _FILE).write_text(json.dumps(said, indent=1), encoding="utf-8")
    return entry(state, name)


def entry(state: Path, name: str) -> Entry:
    """Raises NoWorkspace."""
    try:
        if not _NAME.fullmatch(name):
            raise KeyError(name)
        said = json.loads((_folder(state, name) / _FILE).read_text(encoding="utf-8"))
        model = Path(said["model"]) if said["model"] else None
        return Entry(name, _folder(state, name), said["source"], model)
    except (OSError, ValueError, KeyError, TypeError) as error:
        there = ", ".join([MAIN, *(e.name for e in entries(state))])
        raise NoWorkspace(f"There is no workspace {name!r}. There are: {there}.") from error


def entries(state: Path) -> list[Entry]:
    """All but the main one, by name."""
    names = sorted(path.parent.name for path in (state / "workspaces").glob(f"*/{_FILE}"))
    return [entry(state, name) for name in names]


def remove(state: Path, name: str) -> None:
    """Forget a workspace, with what was said and uploaded in it; the data that it was opened from stays where it is.
    Raises NoWorkspace."""
    shutil.rmtree(entry(state, name).folder)


def _folder(state: Path, name: str) -> Path:
    return state / "workspaces" / name


class Opening:
    """The data, being opened in a thread of its own, so that the page is up while it opens. `prepare` makes ready what
    can wait until the data is open."""

    def __init__(self, open_data: Callable[[], Session], prepare: Callable[[], None] = lambda: None):
        self._open_data, self._prepare = open_data, prepare
        self._future: Future[Session] = Future()
        self._warm = threading.Event()
        self._start()

    def _start(self) -> None:
        future = self._future

        def run() -> None:
            try:
                future.set_result(self._open_data())
            except BaseException as error:
                log.exception("The data could not be opened")
                future.set_exception(error)
            else:
                self._prepare()
                self._warm.set()

        threading.Thread(target=run, name="open-data", daemon=True).start()

    async def session(self) -> Session:
        """Waits. Raises what opening raised; asking again then tries again."""
        if self._future.done() and self._future.exception() is not None:
            self._future = Future()
            self._start()
        return await asyncio.shield(asyncio.wrap_future(self._future))

    def health(self) -> tuple[int, dict[str, Any]]:
        if not self._future.done():
            return 503, {"status": "opening"}
        error = self._future.exception()
        return (
            (503, {"status": "failed", "reason": str(error)})
            if error
            else (200, {"status": "ok", "warm": self._warm.is_set()})
        )

    def close(self) -> None:
        if self._future.done() and self._future.exception() is None:
            self._future.result().close()


class AtHand:
    """Data that is open already, and is closed by whoever opened it."""

    def __init__(self, session: Session):
        self._session = session

    async def session(self) -> Session:
        return self._session

    def close(self) -> None:
        """Not here."""


class Opened(Protocol):
    """The main workspace's data."""

    def session(self) -> Awaitable[Session]: ...

    def close(self) -> None: ...


class Workspaces:
    """Each is opened when it is first asked. `open_files` makes a Session of uploaded files, as `Uploads` has it. Safe
    to use from many threads."""

    def __init__(self, state: Path, main: Opened, open_files: Callable[[Sequence[Path], Path], Session]):
        self._state, self._main, self._open_files = state, main, open_files
        self._open: dict[str, tuple[Entry, Opening]] = {}
        self._uploads: dict[str, Uploads] = {}
        self._lock = threading.Lock()

    async def session(self, name: str) -> Session:
        """The workspace's data, once it is open. Raises NoWorkspace, and what opening the data raises."""
        return await (self._main if name == MAIN else await asyncio.to_thread(self._opened, name)).session()

    def uploads(self, name: str) -> Uploads:
        """The files that were given to the workspace's conversations."""
        with self._lock:
            if name not in self._uploads:
                folder = self._state if name == MAIN else _folder(self._state, name)
                self._uploads[name] = Uploads(folder / "uploads", self._open_files)
            return self._uploads[name]

    def forget(self, thread: str) -> None:
        """Delete what a conversation was given, in whichever workspace it was: its id is used in one alone."""
        for name in (MAIN, *(e.name for e in entries(self._state))):
            self.uploads(name).forget(thread)

    def _opened(self, name: str) -> Opening:
        """One that was added again, of other data, is opened anew."""
        now = entry(self._state, name)
        with self._lock:
            known = self._open.get(name)
            if known is not None and known[0] == now:
                return known[1]
            opening = Opening(lambda: _open(now))
            self._open[name] = (now, opening)
        if known is not None:
            known[1].close()
        return opening

    def close(self) -> None:
        with self._lock:
            opened, uploads = [o for _, o in self._open.values()], list(self._uploads.values())
        for one in uploads:
            one.close()
        for data in (self._main, *opened):
            data.close()


def _open(entry: Entry) -> Session:
    from assistant.session import open_session

    return open_session(entry.source, model=entry.model, state_dir=entry.folder)
