"""The bicycle shop (tests/assistant/analyst/bikes.py) as a workspace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.opening import open_workspace
from knowledge.workspace import Workspace
from tests.assistant.analyst import bikes


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("shop")
    return open_workspace(str(bikes.build(folder / "bikes.duckdb")), folder / "state", as_of=date(2024, 12, 31))
