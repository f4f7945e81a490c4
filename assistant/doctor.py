"""`parley doctor`: whether each channel is set up, and what to do where it is not."""

from __future__ import annotations

import asyncio

import typer

from assistant.channels import mounts
from assistant.people.door import Door
from assistant.settings import Settings


def doctor() -> None:
    """Check the settings of every channel, and say what is wrong. The exit code is 1 if something is."""
    settings = Settings()
    wrong = False
    for channel in mounts.CHANNELS:
        found = asyncio.run(channel.problems(settings.public_url))
        if found is None:
            print(f"{channel.NAME}: off")
            continue
        if not _people(settings):
            found.append("Nobody can ask over it yet: add people (`parley people add`) and link them to it.")
        print(f"{channel.NAME}: {'on' if not found else 'something is wrong'}")
        for said in found:
            print(f"  - {said}")
        wrong = wrong or bool(found)
    if wrong:
        raise typer.Exit(1)


def _people(settings: Settings) -> bool:
    door = Door(settings.state_dir)
    try:
        return door.directory.any()
    finally:
        door.close()
