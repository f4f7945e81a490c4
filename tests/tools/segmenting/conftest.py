"""The climbing gym (studio.py) as a workspace, and as a session."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.opening import open_workspace
from assistant.session import Session, open_session
from assistant.settings import Settings
from knowledge.workspace import Workspace
from tests.tools.segmenting import studio

TODAY = date(2024, 12, 31)


@pytest.fixture(scope="session")
def gym_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return studio.build(tmp_path_factory.mktemp("gym") / "gym.duckdb")


@pytest.fixture(scope="session")
def gym(gym_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return open_workspace(str(gym_file), tmp_path_factory.mktemp("state"), as_of=TODAY)


@pytest.fixture
def session(gym_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Session:
    settings = Settings(state_dir=tmp_path_factory.mktemp("asked"), model=None, mode=None)
    return open_session(str(gym_file), as_of=TODAY, settings=settings)
