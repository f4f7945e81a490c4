"""Chainlit reads its folder once, when it is first imported: here that is a temporary one, never the repository."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from assistant.channels.web import site
from assistant.session import Session
from tests.assistant.channels import places

FOLDER = Path(tempfile.mkdtemp(prefix="parley-state-")) / "web"
atexit.register(shutil.rmtree, FOLDER.parent, ignore_errors=True)
site.import_chainlit(FOLDER)  # before any test module imports a part of Chainlit


@pytest.fixture(scope="session")
def chainlit_folder() -> Path:
    return FOLDER


@pytest.fixture(scope="session")
def chain_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    opened = places.chain_session(tmp_path_factory.mktemp("chain"))
    opened.ask("What is the turnover?", thread="first")  # waits for what the first question loads
    yield opened
    opened.close()


@pytest.fixture
async def conversations(tmp_path: Path) -> AsyncIterator:
    from chainlit.context import init_http_context

    from assistant.channels.conversations import Conversations

    init_http_context()
    forgotten: list[str] = []
    opened = Conversations(tmp_path / "state" / "conversations.sqlite", forget=forgotten.append)
    opened.forgotten = forgotten  # for the test that deletes
    yield opened
    await opened.close()
