from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.opening import open_workspace
from knowledge.workspace import Workspace
from tests.tools.predicting import florist


@pytest.fixture(scope="session")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("flowers")
    return open_workspace(str(florist.build(folder / "flowers.duckdb")), folder / "state", as_of=date(2024, 6, 30))
