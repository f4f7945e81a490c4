"""Sessions over businesses made up for these tests, with a state folder of their own."""

from __future__ import annotations

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


@pytest.fixture(scope="session")
def bikes_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bikes.build(tmp_path_factory.mktemp("bikes") / "bikes.duckdb")


@pytest.fixture(scope="session")
def bikes_session(bikes_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(bikes_db), as_of=TODAY, settings=settings)


@pytest.fixture(scope="session")
def marina_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Boats for hire (tests/assistant/analyst/marina.py), asked on the last day of 2025."""
    path = marina.build(tmp_path_factory.mktemp("marina") / "marina.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def salon_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A dog salon (tests/assistant/analyst/salon.py), asked on the last day of 2025."""
    path = salon.build(tmp_path_factory.mktemp("salon") / "salon.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def academy_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A music school (tests/assistant/analyst/academy.py), asked on the last day of 2025."""
    path = academy.build(tmp_path_factory.mktemp("academy") / "academy.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def kennel_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A chain of kennels (tests/assistant/analyst/kennel.py), asked on the last day of 2025."""
    path = kennel.build(tmp_path_factory.mktemp("kennel") / "kennel.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def workshop_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A chain of bicycle workshops (tests/assistant/analyst/workshop.py), asked on the last day of 2025."""
    path = workshop.build(tmp_path_factory.mktemp("workshop") / "workshop.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def ferry_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A ferry line (tests/assistant/analyst/ferry.py), asked on the last day of 2025."""
    path = ferry.build(tmp_path_factory.mktemp("ferry") / "ferry.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def web_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Tables copied from web pages (tests/assistant/analyst/web_tables.py), asked on the last day of 2025."""
    path = web_tables.build(tmp_path_factory.mktemp("web") / "web.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 12, 31), settings=settings)


@pytest.fixture(scope="session")
def crag_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Climbing halls (tests/assistant/analyst/crag.py), asked on 30 November 2025."""
    path = crag.build(tmp_path_factory.mktemp("crag") / "crag.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2025, 11, 30), settings=settings)


@pytest.fixture(scope="session")
def orchard_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A cooperative of fruit growers (tests/assistant/analyst/orchard.py), asked on 30 June 2026."""
    path = orchard.build(tmp_path_factory.mktemp("orchard") / "orchard.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2026, 6, 30), settings=settings)


@pytest.fixture(scope="session")
def toolhire_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A hirer of tools (tests/assistant/analyst/toolhire.py), asked on 30 June 2026."""
    path = toolhire.build(tmp_path_factory.mktemp("toolhire") / "toolhire.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=date(2026, 6, 30), settings=settings)


@pytest.fixture(scope="session")
def bistro_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Two restaurants (tests/assistant/analyst/bistro.py), asked on 30 June 2026."""
    path = bistro.build(tmp_path_factory.mktemp("bistro") / "bistro.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=bistro.TODAY, settings=settings)


@pytest.fixture(scope="session")
def pier_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A pier (tests/assistant/analyst/pier.py), asked on 30 June 2026."""
    path = pier.build(tmp_path_factory.mktemp("pier") / "pier.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=pier.TODAY, settings=settings)


@pytest.fixture(scope="session")
def toolshed_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A tool library (tests/assistant/analyst/toolshed.py), asked on 30 June 2026."""
    path = toolshed.build(tmp_path_factory.mktemp("toolshed") / "toolshed.duckdb")
    settings = Settings(state_dir=tmp_path_factory.mktemp("state"), model=None, mode=None)
    return open_session(str(path), as_of=toolshed.TODAY, settings=settings)
