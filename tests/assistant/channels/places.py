"""A Place, as the server makes it, over the chain of shops of tests/knowledge/policies/chain.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from assistant.channels.place import Place
from assistant.desk import Desk
from assistant.people.audit import Audit
from assistant.people.door import Door
from assistant.people.limits import RateLimits
from assistant.refreshes import Refreshes
from assistant.server import _open_files
from assistant.session import Session, open_session
from assistant.settings import Settings
from assistant.workspaces import AtHand, Workspaces
from knowledge import osi
from tests.knowledge.policies import chain


def chain_session(folder: Path) -> Session:
    """Asked on the last day of January 2024."""
    chain.whole(folder).warehouse.close()
    (folder / "model.yaml").write_text(osi.dump(chain.model()), encoding="utf-8")
    settings = Settings(state_dir=folder / "state", model=None, mode=None)
    return open_session(
        str(folder / "whole.duckdb"), model=folder / "model.yaml", as_of=date(2024, 1, 31), settings=settings
    )


@contextmanager
def place_of(session: Session, state: Path, public_url: str | None) -> Iterator[Place]:
    """With boss (owner), ida (analyst of both regions), ana (viewer of the North) and sam (viewer of the South)."""

    door, audit, limits = Door(state), Audit(state / "audit.sqlite"), RateLimits("1000/minute")
    for name, role, regions in (
        ("boss", "owner", []), ("ida", "analyst", ["North", "South"]), ("ana", "viewer", ["North"]), ("sam", "viewer", ["South"]),
    ):  # fmt: skip
        door.directory.add(name, role, attributes={"region": regions} if regions else {})  # type: ignore[arg-type]
    workspaces = Workspaces(state, AtHand(session), _open_files)
    desk = Desk(workspaces, audit, limits, Refreshes(state / "refreshes.sqlite"))
    yield Place(desk, door, limits, state, public_url, "en_US")
    workspaces.close()
    audit.close()
    door.close()
