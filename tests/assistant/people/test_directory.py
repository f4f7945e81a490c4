"""People are added, found whatever the case of their name, changed, and taken out with all that was theirs."""

from __future__ import annotations

import sqlite3
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.people.directory import BadPerson
from assistant.people.door import Asker, Door
from assistant.people.person import Person


def test_a_person_is_found_by_name_in_any_case(door: Door, ana: Person) -> None:
    assert door.directory.find("ANA") == ana
    assert door.directory.find("an") is None
    assert door.directory.any()


def test_what_policies_ask_about_a_person(ana: Person) -> None:
    assert ana.viewer.role == "viewer"
    assert ana.viewer.values("region") == ("North",)
    assert ana.viewer.values("email") == ("ana@example.com",)
    assert ana.viewer.values("team") == ()


@pytest.mark.parametrize("name", ["", "you", "You", " ana", "ana b", "-x", "a" * 65, "a\n", "<b>"])
def test_an_odd_name_is_refused(door: Door, name: str) -> None:
    with pytest.raises(BadPerson):
        door.directory.add(name, "viewer")


def test_a_name_is_one_persons(door: Door, ana: Person) -> None:
    with pytest.raises(BadPerson, match="already"):
        door.directory.add("Ana", "viewer")


@pytest.mark.parametrize("attribute", ["role", "id", "Region", "a b", ""])
def test_an_attribute_can_not_stand_in_for_what_everybody_has(door: Door, attribute: str) -> None:
    with pytest.raises(BadPerson, match="can't be an attribute"):
        door.directory.add("eve", "viewer", attributes={attribute: ["owner"]})
    assert door.directory.find("eve") is None


def test_a_person_may_be_something_else_in_another_workspace(door: Door, ana: Person) -> None:
    elsewhere = door.directory.add("ana", "owner", workspace="lab")
    assert (elsewhere.id, elsewhere.role) == (ana.id, "owner")
    assert door.directory.named("ana").role == "viewer"


def test_the_last_owner_stays(door: Door, boss: Person, ana: Person) -> None:
    for change in (
        lambda: door.directory.change(boss, role="viewer"),
        lambda: door.directory.change(boss, enabled=False),
        lambda: door.directory.remove(boss),
    ):
        with pytest.raises(BadPerson, match="last owner"):
            change()
    door.directory.change(ana, role="owner")
    door.directory.remove(boss)
    assert [person.name for person in door.directory.all()] == ["ana"]


def test_whoever_is_taken_out_leaves_no_key_and_no_identity(door: Door, ana: Person) -> None:
    key, _ = door.keys.create(ana, "")
    door.identities.link(ana, "sms", "+4712345678")
    door.directory.remove(ana)
    again = door.directory.add("ana", "viewer")
    assert again.id != ana.id, "whoever gets the name later gets nothing else"
    assert door.by_key(key, "api") is None
    assert door.by_identity("sms", "+4712345678") is None


def test_the_files_are_for_the_servers_user_alone(door: Door, ana: Person, tmp_path: Path) -> None:
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "people.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Door(tmp_path)


def test_how_somebody_is_answered_is_no_matter_of_policies(door: Door) -> None:
    wishes = {"time_zone": ["Europe/Oslo"], "locale": ["nb_NO"]}
    eva = door.directory.add("eva", "viewer", attributes=wishes)
    assert (eva.time_zone, eva.locale, eva.viewer.values("locale")) == ("Europe/Oslo", "nb_NO", ())
    asker = replace(Asker.of(eva, "slack"), channel_zone="America/Lima")
    assert asker.time_zone == "Europe/Oslo"
    for wrong in ({"time_zone": ["Oslo"]}, {"locale": ["norsk"]}):
        with pytest.raises(BadPerson, match="write it as"):
            door.directory.change(eva, attributes=wrong)
