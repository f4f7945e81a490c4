"""`parley people`, `parley keys` and `parley audit`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.people.door import Door
    from knowledge.policies.viewer import Attribute

people_commands = typer.Typer(no_args_is_help=True, help="Who may ask: add people, and say what they may see.")
key_commands = typer.Typer(no_args_is_help=True, help="Keys for the API.")
audit_commands = typer.Typer(no_args_is_help=True, help="What was asked, by whom, and what ran for it.")

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
) -> None:
    """Add a person, with a password that is asked for.

    parley people add ana --role analyst --set region=North
    """
    with _door() as door:
        first = not door.directory.any()
        if first and role != "owner":
            raise ValueError("The first person must be an owner: add --role owner.")
        password = _password()
        person = door.directory.add(name, role, email=email, attributes=_read(attribute))  # type: ignore[arg-type]
        try:
            door.passwords.set(person, password)
        except ValueError:
            door.directory.remove(person)
            raise
        print(f"Added {person.name}, {person.role}.")
        if first:
            print("From now on people must log in: a server that is running must be started again.")


@people_commands.command("list")
def list_people() -> None:
    """Everybody, with their role and what policies ask about them."""
    with _door() as door:
        for person in door.directory.all():
            known = " ".join(f"{k}={v}" for k, values in sorted(person.attributes.items()) for v in values)
            identities = " ".join(f"{i.channel}:{i.subject}" for i in door.identities.all(person))
            off = "" if person.enabled else "(shut out)"
            print("  ".join(filter(None, (f"{person.name:<20}", f"{person.role:<8}", known, identities, off))))


@people_commands.command("set")
def set_person(
    name: Name,
    role: Annotated[str | None, typer.Option("--role", help="owner, analyst or viewer.")] = None,
    attribute: Attributes = None,
    enabled: Annotated[bool | None, typer.Option("--let-in/--shut-out")] = None,
) -> None:
    """Change what a person may do and see. What they are logged in with holds no more.

    parley people set ana --set region=North --set region=South
    """
    with _door() as door:
        person = door.directory.named(name)
        attributes = _read(attribute) if attribute else None
        changed = door.directory.change(person, role=role, attributes=attributes, enabled=enabled)  # type: ignore[arg-type]
        print(f"{changed.name} is {changed.role}{'' if changed.enabled else ', and shut out'}.")


@people_commands.command()
def password(name: Name) -> None:
    """Give a person another password."""
    with _door() as door:
        door.passwords.set(door.directory.named(name), _password())
        print(f"{name} has a new password.")


@people_commands.command()
def remove(name: Name) -> None:
    """Take a person out, with their keys and identities."""
    with _door() as door:
        door.directory.remove(door.directory.named(name))
        print(f"{name} is out.")


@people_commands.command()
def link(
    name: Name, channel: Annotated[str, typer.Argument(help="slack, sms, whatsapp or phone.")],
    subject: Annotated[str | None, typer.Argument(help="How the channel knows them; else a code for them.")] = None,
) -> None:  # fmt: skip
    """Link a person to how a channel knows them; or make a code that they send over the channel within 15 minutes.

    parley people link ana sms +4712345678
    """
    with _door() as door:
        person = door.directory.named(name)
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
) -> None:
    """Make a key for the API. It is shown once.

    parley keys create ana --label dashboard --scope ask --days 30
    """
    with _door() as door:
        text, key = door.keys.create(door.directory.named(name), label, days=days, scopes=scope)  # type: ignore[arg-type]
        print(text)
        print(f"Keep it: it can't be shown again. It is good until {key.expires_at:%Y-%m-%d}.", file=sys.stderr)


@key_commands.command("list")
def list_keys(name: Name) -> None:
    """A person's keys: what they are for, and until when they are good."""
    with _door() as door:
        for key in door.keys.all(door.directory.named(name)):
            used = f"used {key.used_at:%Y-%m-%d}" if key.used_at else "never used"
            print(f"{key.id}  until {key.expires_at:%Y-%m-%d}  {used}  {','.join(sorted(key.scopes))}  {key.label}")


@key_commands.command()
def revoke(key_id: Annotated[str, typer.Argument(help="As `parley keys list` shows it.")]) -> None:
    """Take a key back: it is good no more at once."""
    with _door() as door:
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
def _door() -> Iterator[Door]:
    """What goes wrong is one line and exit code 1."""
    from assistant.people.door import Door
    from assistant.settings import Settings

    try:
        door = Door(Settings().state_dir)
        try:
            yield door
        finally:
            door.close()
    except (ValueError, OSError) as error:
        print(f"parley: {error}", file=sys.stderr)
        raise typer.Exit(1) from None


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
