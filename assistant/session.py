"""Session: one business's data, open for questions."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from pathlib import Path

from assistant.agent import Agent
from assistant.answer import Answer
from assistant.events import Done, Event, Token
from assistant.settings import Settings
from assistant.threads import Threads
from knowledge import values
from knowledge.calendar import Calendar
from knowledge.model import SemanticModel
from knowledge.packs import load_demo
from knowledge.warehouse import Warehouse, WarehouseGone
from knowledge.warehouse.duckdb import DuckDBWarehouse
from knowledge.workspace import Workspace

log = logging.getLogger("parley.session")
_CHOSEN = "chosen.json"
Progress = Callable[[str, float], None]


class Session:
    """Asks and remembers. `ask` and `stream` may be called from many threads at once."""

    def __init__(self, workspace: Workspace, settings: Settings):
        self.workspace, self.settings = workspace, settings
        self.threads = Threads(settings.state_dir / "threads.sqlite")
        self._agent = Agent(workspace, settings)
        self._narrowed: dict[frozenset[str], Agent] = {}
        self._lock = threading.Lock()

    def ask(
        self, question: str, *, thread: str = "default", instructions: str | None = None, tables: list[str] | None = None,
        user: str | None = None, emit: Callable[[Event], None] = lambda event: None,
    ) -> Answer:  # fmt: skip
        """Answer a question of a conversation. `tables`: look only at these. Never raises."""
        history = self.threads.history(thread)
        answer = self._agent_for(tables).turn(question, history, emit)
        try:
            self.threads.append(thread, question, answer)
        except Exception as error:  # a full disk must not cost the answer
            log.warning("the turn could not be remembered: %s", error)
            answer.caveats.append(
                "This conversation could not be saved (is the disk full?): follow-ups may not see this question."
            )
        return answer

    async def stream(self, question: str, *, thread: str = "default", user: str | None = None) -> AsyncIterator[Event]:
        """Steps as they happen, the checked text in pieces, and the answer last."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def work() -> None:
            answer = self.ask(
                question, thread=thread, user=user, emit=lambda e: loop.call_soon_threadsafe(queue.put_nowait, e)
            )
            for piece in re.findall(r"\S+\s*|\s+", answer.text):
                loop.call_soon_threadsafe(queue.put_nowait, Token(piece))
            loop.call_soon_threadsafe(queue.put_nowait, Done(answer))

        running = loop.run_in_executor(None, work)
        while True:
            event = await queue.get()
            yield event
            if isinstance(event, Done):
                break
        await running

    def rate(self, *, thread: str, question: str, up: bool, comment: str = "") -> None:
        """Keep a thumb up or down."""
        self.threads.rate(thread, question, up=up, comment=comment)

    def _agent_for(self, tables: list[str] | None) -> Agent:
        if not tables:
            return self._agent
        key = frozenset(tables)
        with self._lock:
            if key not in self._narrowed:
                self._narrowed[key] = Agent(_narrowed(self.workspace, key), self.settings)
            return self._narrowed[key]

    def close(self) -> None:
        self.threads.close()
        self.workspace.warehouse.close()


def _narrowed(workspace: Workspace, tables: frozenset[str]) -> Workspace:
    """The same data, with only some of its tables in sight."""
    from dataclasses import replace

    model = workspace.model
    datasets = tuple(d for d in model.datasets if d.name in tables or d.source.rpartition(".")[2].strip('"') in tables)
    names = {d.name for d in datasets}
    seen = replace(
        model,
        datasets=datasets,
        relationships=tuple(r for r in model.relationships if {r.many, r.one} <= names),
        metrics=tuple(
            m for m in model.metrics if not any(f"{d.name}." in m.sql for d in model.datasets if d.name not in names)
        ),
    )
    entries = [e for e in workspace.values.entries if e.field.partition(".")[0] in names]
    return replace(workspace, model=seen, values=values.ValueIndex.of(entries))


def open_session(
    source: str | None = None, *, model: Path | None = None, as_of: date | None = None, state_dir: Path | None = None,
    settings: Settings | None = None, progress: Progress = lambda label, part: None,
) -> Session:  # fmt: skip
    """Open data for questions: a file (DuckDB, CSV, Parquet, Excel, JSON, SQLite) or folder, else what `parley use` chose,
    else the retail demo ("demo" asks for it by name).

    Raises BadSource, WarehouseGone or BadModel, whose messages say what to do."""
    settings = settings or Settings()
    if state_dir is not None:
        settings = settings.model_copy(update={"state_dir": state_dir})
    source = source or chosen(settings.state_dir)
    if source in (None, "demo"):
        path, semantic = load_demo(settings.state_dir, progress)
        name = "demo"
    else:
        assert source is not None
        from knowledge.sources import open_source

        path = open_source(source, settings.state_dir)
        name = Path(source).stem
        semantic = None
    if model is not None:
        from knowledge.osi import load

        semantic = load(model)
    try:
        if semantic is None:
            from knowledge.profile import load_or_profile

            semantic = load_or_profile(path, settings.state_dir, name)
        index = values.load_or_build(path, semantic, settings.state_dir)
    except Exception as error:
        if type(error).__module__.startswith(("duckdb", "_duckdb")):
            raise WarehouseGone(
                f"The data file {path.name!r} can't be read: it is damaged, or not a database."
            ) from error
        raise
    warehouse = DuckDBWarehouse(path)
    fresh = _freshest(warehouse, semantic)
    today = as_of or (fresh.date() if fresh and semantic.today == "data" else date.today())
    calendar = Calendar.for_model(semantic, today=today)
    return Session(Workspace(name, warehouse, semantic, index, calendar, fresh), settings)


def _freshest(warehouse: Warehouse, model: SemanticModel) -> datetime | None:
    """The newest moment of the fields that say when things happened; moments after today don't count."""
    newest: datetime | None = None
    for dataset in model.datasets:
        if dataset.default_time is None:
            continue
        field = dataset.field(dataset.default_time)
        try:
            _, rows, _ = warehouse.query(f"SELECT max({field.sql}) FROM {dataset.source}", max_rows=1, timeout_s=10)
        except Exception:
            log.warning("no freshness for %s", dataset.name)
            continue
        value = rows[0][0] if rows else None
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        if isinstance(value, datetime):
            value = value.replace(tzinfo=None)
            newest = value if newest is None or value > newest else newest
    return newest


def choose(source: str, state_dir: Path) -> None:
    """Remember the data for later commands. Raises what opening it raises."""
    if source != "demo":
        from knowledge.sources import open_source

        open_source(source, state_dir)
        source = str(Path(source).expanduser().resolve()) if "://" not in source else source
    state_dir.mkdir(parents=True, exist_ok=True)
    (state_dir / _CHOSEN).write_text(json.dumps({"source": source}), encoding="utf-8")


def chosen(state_dir: Path) -> str | None:
    try:
        return str(json.loads((state_dir / _CHOSEN).read_text(encoding="utf-8"))["source"])
    except (OSError, ValueError, KeyError):
        return None
