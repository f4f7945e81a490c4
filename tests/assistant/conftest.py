"""Sessions over businesses made up for these tests, with a state folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.session import Session, open_session
from assistant.settings import Settings
from tests.assistant.analyst import (
    academy,
    bikes,
    bistro,
    crag,
    ferry,
    kennel,
    marina,
    orchard,
    pier,
    salon,
    toolhire,
    toolshed,
    web_tables,
    workshop,
)

TODAY = date(2024, 12, 31)
Open = Callable[[Callable[[Path], Path], date], Session]


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Opens the business that a function builds in a file: `opened(build, as_of)`."""

    def open_built(build: Callable[[Path], Path], as_of: date) -> Session:
        business = build.__module__.rpartition(".")[2].removeprefix("test_")
        path = build(tmp_path_factory.mktemp(business) / f"{business}.duckdb")
        settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
        return open_session(str(path), as_of=as_of, settings=settings)

    return open_built


@pytest.fixture(scope="session")
def bikes_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bikes.build(tmp_path_factory.mktemp("bikes") / "bikes.duckdb")


@pytest.fixture(scope="session")
def bikes_session(bikes_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(bikes_db), as_of=TODAY, settings=settings)


@pytest.fixture(scope="session")
def marina_session(opened: Open) -> Session:
    """Boats for hire (tests/assistant/analyst/marina.py), asked on the last day of 2025."""
    return opened(marina.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def salon_session(opened: Open) -> Session:
    """A dog salon (tests/assistant/analyst/salon.py), asked on the last day of 2025."""
    return opened(salon.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def academy_session(opened: Open) -> Session:
    """A music school (tests/assistant/analyst/academy.py), asked on the last day of 2025."""
    return opened(academy.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def kennel_session(opened: Open) -> Session:
    """A chain of kennels (tests/assistant/analyst/kennel.py), asked on the last day of 2025."""
    return opened(kennel.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def workshop_session(opened: Open) -> Session:
    """A chain of bicycle workshops (tests/assistant/analyst/workshop.py), asked on the last day of 2025."""
    return opened(workshop.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def ferry_session(opened: Open) -> Session:
    """A ferry line (tests/assistant/analyst/ferry.py), asked on the last day of 2025."""
    return opened(ferry.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def web_session(opened: Open) -> Session:
    """Tables copied from web pages (tests/assistant/analyst/web_tables.py), asked on the last day of 2025."""
    return opened(web_tables.build, date(2025, 12, 31))


@pytest.fixture(scope="session")
def crag_session(opened: Open) -> Session:
    """Climbing halls (tests/assistant/analyst/crag.py), asked on 30 November 2025."""
    return opened(crag.build, date(2025, 11, 30))


@pytest.fixture(scope="session")
def orchard_session(opened: Open) -> Session:
    """A cooperative of fruit growers (tests/assistant/analyst/orchard.py), asked on 30 June 2026."""
    return opened(orchard.build, date(2026, 6, 30))


@pytest.fixture(scope="session")
def toolhire_session(opened: Open) -> Session:
    """A hirer of tools (tests/assistant/analyst/toolhire.py), asked on 30 June 2026."""
    return opened(toolhire.build, date(2026, 6, 30))


@pytest.fixture(scope="session")
def bistro_session(opened: Open) -> Session:
    """Two restaurants (tests/assistant/analyst/bistro.py), asked on 30 June 2026."""
    return opened(bistro.build, bistro.TODAY)


@pytest.fixture(scope="session")
def pier_session(opened: Open) -> Session:
    """A pier (tests/assistant/analyst/pier.py), asked on 30 June 2026."""
    return opened(pier.build, pier.TODAY)


@pytest.fixture(scope="session")
def toolshed_session(opened: Open) -> Session:
    """A tool library (tests/assistant/analyst/toolshed.py), asked on 30 June 2026."""
    return opened(toolshed.build, toolshed.TODAY)
