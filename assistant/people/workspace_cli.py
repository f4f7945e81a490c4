"""`parley workspaces`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.people.cli import opened_door
from assistant.people.person import MAIN

workspace_commands = typer.Typer(
    no_args_is_help=True, help="Several businesses on one server: each with its own data, model and people."
)


@workspace_commands.command()
def add(
    name: Annotated[str, typer.Argument(help="Small letters, digits and -.")],
    db: Annotated[str, typer.Option("--db", help="A file or folder of data.")],
    model: Annotated[Path | None, typer.Option("--model", help="Its semantic model (OSI YAML or JSON).")] = None,
) -> None:
    """Serve another business's data, to people of its own. A server that is running has it at once.

    parley workspaces add lab --db lab.duckdb
    """
    from assistant import workspaces
    from assistant.settings import Settings

    with opened_door() as door:
        made = workspaces.add(Settings().state_dir, name, db, model)
        door.directory.close_workspace(name)  # whoever was in one of this name is in none of this one's business
        print(f"{name} is served from {made.source}.")
        print(f"Add its people: parley people add NAME --role owner --workspace {name}")


@workspace_commands.command("list")
def list_workspaces() -> None:
    """All of them, and what they are opened from."""
    from assistant import workspaces
    from assistant.settings import Settings

    print(f"{MAIN:<20}  what `parley serve` is started with")
    for known in workspaces.entries(Settings().state_dir):
        print(f"{known.name:<20}  {known.source}" + (f"  {known.model}" if known.model else ""))


@workspace_commands.command()
def remove(name: Annotated[str, typer.Argument()]) -> None:
    """Serve it no more: its people are out of it, and what they uploaded there is deleted. The data itself stays."""
    from assistant import workspaces
    from assistant.settings import Settings

    with opened_door(name) as door:
        door.directory.close_workspace(name)
        workspaces.remove(Settings().state_dir, name)
        print(f"{name} is served no more.")
