from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.policies.view import view_of
from knowledge.workspace import Workspace
from tests.knowledge.policies import chain


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return chain.whole(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="session")
def north(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return chain.north(tmp_path_factory.mktemp("north"))


@pytest.fixture(scope="session")
def seen(whole: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The whole chain as a viewer of the North sees it."""
    return view_of(whole, chain.NORTH, tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")
