"""`parley people`, `parley keys` and `parley audit`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.people.person import MAIN

if TYPE_CHECKING:
    from assistant.people.door import Door
    from knowledge.policies.viewer import Attribute

people_commands = typer.Typer(no_args_is_help=True, help="Who may ask: add people, and say what they may see.")
key_commands = typer.Typer(no_args_is_help=True, help="Keys for the API.")
audit_commands = typer.Typer(no_args_is_help=True, help="What was asked, by whom, and what ran for it.")

Workspace = Annotated[
    str,
    typer.Option("--workspace", help="Which one (`parley workspaces list`); else main."),
]
Name = Annotated[str, typer.Argument(help="The name that they log in with.")]
RoleOf = Annotated[str, typer.Option("--role", help="owner, analyst or viewer.")]
Attributes = Annotated[
    list[str] | None,
    typer.Option("--set", help="What policies ask about them: region=North. Again for another value."),
]


@people_commands.command()
def add(
    name: Name,
    role: RoleOf = "viewer",
    email: Annotated[str | None, typer.Option()] = None,
    attribute: Attributes = None,
    workspace: Workspace = MAIN,
) -> None:
    """Add a person, with a password that is asked for; to another workspace, one that has a password already.

    parley people add ana --role analyst --set region=North
    """
    with opened_door(workspace) as door:
        first, known = not door.directory.any(), door.directory.of_name(name)
        if not door.directory.all(workspace) and role != "owner":
            raise ValueError("The first person must be an owner: add --role owner.")
        password = None if known else _password()
        attributes = _read(attribute)
        person = door.directory.add(name, role, workspace=workspace, email=email, attributes=attributes)  # type: ignore[arg-type]
        try:
            if password is not None:
                door.passwords.set(person, password)
        except ValueError:
            door.directory.remove(person)
            raise
        print(f"Added {person.name}, {person.role}{_in(person.workspace)}.")
        if known:
            print(f"They log in there as {person.name}/{workspace}, with the password that they have.")
        if first:
            print("From now on people must log in: a server that is running must be started again.")


@people_commands.command("list")
def list_people(workspace: Workspace = MAIN) -> None:
    """Everybody, with their role and what policies ask about them."""
    with opened_door(workspace) as door:
        for person in door.directory.all(workspace):
            known = " ".join(f"{k}={v}" for k, values in sorted(person.attributes.items()) for v in values)
            identities = " ".join(f"{i.channel}:{i.subject}" for i in door.identities.all(person))
            off = "" if person.enabled else "(shut out)"
            print("  ".join(filter(None, (f"{person.name:<20}", f"{person.role:<8}", known, identities, off))))


@people_commands.command("set")
def set_person(
    name: Name,
    role: Annotated[str | None, typer.Option("--role", help="owner, analyst or viewer.")] = None,
    attribute: Attributes = None,
    enabled: Annotated[bool | None, typer.Option("--let-in/--shut-out", help="In all their workspaces.")] = None,
    workspace: Workspace = MAIN,
) -> None:
    """Change what a person may do and see. What they are logged in with holds no more.

    parley people set ana --set region=North --set region=South
    """
    with opened_door(workspace) as door:
        person = door.directory.named(name, workspace)
        attributes = _read(attribute) if attribute else None
        changed = door.directory.change(person, role=role, attributes=attributes, enabled=enabled)  # type: ignore[arg-type]
        print(f"{changed.name} is {changed.role}{'' if changed.enabled else ', and shut out'}.")


@people_commands.command()
def password(name: Name) -> None:
    """Give a person another password, which holds in all their workspaces."""
    with opened_door() as door:
        person = next(iter(door.directory.of_name(name)), None) or door.directory.named(name)
        door.passwords.set(person, _password())
        print(f"{name} has a new password.")


@people_commands.command()
def remove(name: Name, workspace: Workspace = MAIN) -> None:
    """Take a person out of a workspace, with their keys and identities there."""
    with opened_door(workspace) as door:
        door.directory.remove(door.directory.named(name, workspace))
        print(f"{name} is out{_in(workspace)}.")


@people_commands.command()
def link(
    name: Name, channel: Annotated[str, typer.Argument(help="slack, sms, whatsapp or phone.")],
    subject: Annotated[str | None, typer.Argument(help="How the channel knows them; else a code for them.")] = None,
    workspace: Workspace = MAIN,
) -> None:  # fmt: skip
    """Link a person to how a channel knows them; or make a code that they send over the channel within 15 minutes.

    parley people link ana sms +4712345678
    """
    with opened_door(workspace) as door:
        person = door.directory.named(name, workspace)
        if subject:
            door.identities.link(person, channel, subject)
            print(f"{subject} on {channel} is {person.name}.")
        else:
            code = door.identities.code(person, channel)
            print(f"{person.name} sends this over {channel} within 15 minutes: LINK {code}")


@key_commands.command()
def create(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int, typer.Option(help="How long it is good.")] = 90,
    scope: Annotated[
        list[str] | None, typer.Option("--scope", help="ask, query, upload …; else all of theirs.")
    ] = None,
    workspace: Workspace = MAIN,
) -> None:
    """Make a key for the API. It is shown once, and good in one workspace.

    parley keys create ana --label dashboard --scope ask --days 30
    """
    with opened_door(workspace) as door:
        person = door.directory.named(name, workspace)
        text, key = door.keys.create(person, label, days=days, scopes=scope)  # type: ignore[arg-type]
        print(text)
        print(f"Keep it: it can't be shown again. It is good until {key.expires_at:%Y-%m-%d}.", file=sys.stderr)


@key_commands.command("list")
def list_keys(name: Name, workspace: Workspace = MAIN) -> None:
    """A person's keys: what they are for, and until when they are good."""
    with opened_door(workspace) as door:
        for key in door.keys.all(door.directory.named(name, workspace)):
            used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
            print(f"{key.id}  until {key.expires_at:%Y-%m-%d}  {used}  {','.join(sorted(key.scopes))}  {key.label}")


@key_commands.command()
def revoke(key_id: Annotated[str, typer.Argument(help="As `parley keys list` shows it.")]) -> None:
    """Take a key back: it is good no more at once."""
    with opened_door() as door:
        if not door.keys.revoke(key_id):
            raise ValueError(f"There is no key {key_id!r}. `parley keys list NAME` shows those that there are.")
        print("It is good no more.")


@audit_commands.command()
def export() -> None:
    """The whole log as JSON lines, oldest first."""
    from assistant.people.audit import Audit
    from assistant.settings import Settings

    log = Audit(Settings().state_dir / "audit.sqlite")
    for line in log.export():
        sys.stdout.write(line)
    log.close()


@audit_commands.command()
def check() -> None:
    """Whether the log is as it was written."""
    from assistant.people.audit import Audit
    from assistant.settings import Settings

    log = Audit(Settings().state_dir / "audit.sqlite")
    broken = log.broken()
    log.close()
    if broken is not None:
        print(f"parley: entry {broken} is not as it was written, or one before it is missing.", file=sys.stderr)
        raise typer.Exit(1)
    print("The log is as it was written.")


@contextmanager
def opened_door(workspace: str = MAIN) -> Iterator[Door]:
    """What goes wrong is one line and exit code 1: that there is no such workspace, too."""
    from assistant.people.door import Door
    from assistant.settings import Settings
    from assistant.workspaces import entry

    try:
        state = Settings().state_dir
        if workspace != MAIN:
            entry(state, workspace)
        door = Door(state)
        try:
            yield door
        finally:
            door.close()
    except (ValueError, OSError) as error:
        print(f"parley: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def _in(workspace: str) -> str:
    return "" if workspace == MAIN else f", in {workspace}"


def _password() -> str:
    """Typed twice; or a line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _read(said: list[str] | None) -> dict[str, list[Attribute]]:
    """["region=North", "region=South"] -> {"region": ["North", "South"]}."""
    attributes: dict[str, list[Attribute]] = {}
    for text in said or []:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} sets nothing: write it as NAME=VALUE.")
        attributes.setdefault(name.strip(), []).append(value.strip())
    return attributes
