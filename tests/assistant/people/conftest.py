from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.people.door import Door
from assistant.people.person import Person

PASSWORD = "a password of four words"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = Door(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def boss(door: Door) -> Person:
    return door.directory.add("boss", "owner")


@pytest.fixture
def ana(door: Door, boss: Person) -> Person:
    """A viewer of the North, with a password."""
    made = door.directory.add("ana", "viewer", email="ana@example.com", attributes={"region": ["North"]})
    door.passwords.set(made, PASSWORD)
    return door.directory.named("ana")
