"""Passwords, keys, tokens and identities: each says who somebody is, until it is good no more."""

from __future__ import annotations

import base64
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
import time_machine

from assistant.people.directory import BadPerson
from assistant.people.door import Door
from assistant.people.person import Person, local_owner
from tests.assistant.people.conftest import PASSWORD


def test_a_password_lets_its_person_in_and_nobody_else(door: Door, ana: Person, boss: Person) -> None:
    assert door.by_password("Ana", PASSWORD) == ana
    assert door.by_password("ana", PASSWORD + " ") is None
    assert door.by_password("boss", PASSWORD) is None, "somebody without a password has none that fits"
    assert door.by_password("boss", "") is None
    assert door.by_password("nobody", PASSWORD) is None


def test_who_is_shut_out_stays_out(door: Door, ana: Person) -> None:
    key, _ = door.keys.create(ana, "")
    token = door.tokens.issue(ana, ana.scopes)
    door.identities.link(ana, "slack", "T1/U1")
    door.directory.change(ana, enabled=False)
    assert door.by_password("ana", PASSWORD) is None
    assert door.by_key(key, "api") is None
    assert door.by_token(token, "api") is None
    assert door.by_identity("slack", "T1/U1") is None


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_a_password_is_neither_short_nor_endless(door: Door, ana: Person, password: str) -> None:
    with pytest.raises(BadPerson, match="10 to 256"):
        door.passwords.set(ana, password)


def test_no_secret_is_kept_as_it_is(door: Door, ana: Person, tmp_path: Path) -> None:
    key, _ = door.keys.create(ana, "")
    code = door.identities.code(ana, "sms")
    door.close()
    with sqlite3.connect(tmp_path / "people.sqlite") as database:
        kept = "\n".join(database.iterdump()).lower()
    for secret in (PASSWORD, key, key.rpartition("_")[2], code, key.encode().hex(), code.encode().hex()):
        assert secret.lower() not in kept
    assert "$argon2id$" in kept


def test_a_key_is_good_for_its_scopes_until_its_day(door: Door, ana: Person) -> None:
    text, key = door.keys.create(ana, "dashboard", days=30, scopes=["ask"])
    asker = door.by_key(text, "api")
    assert asker is not None
    assert (asker.person, asker.scopes, asker.key) == (ana, {"ask"}, key.id)
    with time_machine.travel(key.expires_at, tick=False):
        assert door.by_key(text, "api") is not None
    with time_machine.travel(key.expires_at.timestamp() + 1, tick=False):
        assert door.by_key(text, "api") is None


def test_a_key_is_good_for_no_more_than_its_person(door: Door, ana: Person) -> None:
    with pytest.raises(BadPerson, match="can't be good for audit"):
        door.keys.create(ana, "", scopes=["ask", "audit"])
    analyst = door.directory.change(ana, role="analyst")
    text, _ = door.keys.create(analyst, "")
    door.directory.change(analyst, role="viewer")
    asker = door.by_key(text, "api")
    assert asker is not None
    assert asker.scopes == {"ask", "upload"}


@pytest.mark.parametrize("days", [0, -1, 367])
def test_no_key_is_good_for_ever(door: Door, ana: Person, days: int) -> None:
    with pytest.raises(BadPerson, match="1 to 366 days"):
        door.keys.create(ana, "", days=days)


def test_a_key_that_is_changed_or_taken_back_is_no_key(door: Door, ana: Person) -> None:
    text, key = door.keys.create(ana, "")
    other = text[:-1] + ("A" if text[-1] != "A" else "B")
    for odd in (other, text[:-1], text + "A", text.upper(), "parley__", "", text.replace(key.id, "0" * 12)):
        assert door.by_key(odd, "api") is None
    assert door.keys.revoke(key.id)
    assert door.by_key(text, "api") is None
    assert not door.keys.revoke(key.id)


def test_a_token_is_good_for_an_hour_and_for_the_rights_it_was_made_for(door: Door, ana: Person) -> None:
    token = door.tokens.issue(ana, ["ask"])
    asker = door.by_token(token, "api")
    assert asker is not None
    assert (asker.person, asker.scopes) == (ana, {"ask"})
    with time_machine.travel(datetime.now(UTC).timestamp() + 3601):
        assert door.by_token(token, "api") is None
    door.directory.change(ana, attributes={"region": ["South"]})
    assert door.by_token(token, "api") is None


def test_a_token_that_somebody_else_made_is_none(door: Door, ana: Person) -> None:
    claims = jwt.decode(door.tokens.issue(ana, ana.scopes), options={"verify_signature": False})
    forged = jwt.encode(claims, "another secret, as long as it should be", algorithm="HS256")

    def part(content: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    unsigned = f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."
    for token in (forged, unsigned, "", "a.b.c"):
        assert door.by_token(token, "api") is None


def test_the_local_users_token_is_worth_nothing_where_there_are_people(tmp_path: Path) -> None:
    door = Door(tmp_path)
    token = door.tokens.issue(local_owner(), local_owner().scopes)
    assert door.by_token(token, "api") is not None
    door.directory.add("boss", "owner")
    assert door.by_token(token, "api") is None
    door.close()


def test_a_code_sent_over_a_channel_links_its_sender_once(door: Door, ana: Person) -> None:
    code = door.identities.code(ana, "sms")
    assert door.identities.claim("whatsapp", "+4712345678", code) is None, "it is for another channel"
    assert door.identities.claim("sms", "+4712345678", f" {code}\n") == ana.id
    asker = door.by_identity("sms", "+4712345678")
    assert asker is not None
    assert (asker.person, asker.channel) == (ana, "sms")
    assert door.identities.claim("sms", "+4799999999", code) is None
    assert door.by_identity("sms", "+4799999999") is None


def test_a_code_is_good_for_a_quarter_of_an_hour_and_until_the_next(door: Door, ana: Person) -> None:
    old = door.identities.code(ana, "sms")
    new = door.identities.code(ana, "sms")
    assert old == new or door.identities.claim("sms", "+1", old) is None
    with time_machine.travel(datetime.now(UTC).timestamp() + 901):
        assert door.identities.claim("sms", "+1", new) is None


def test_an_identity_is_one_persons(door: Door, ana: Person, boss: Person) -> None:
    door.identities.link(ana, "slack", "T1/U1")
    door.identities.link(boss, "slack", "T1/U1")
    asker = door.by_identity("slack", "T1/U1")
    assert asker is not None
    assert asker.person == boss
    assert door.identities.unlink("slack", "T1/U1")
    assert door.by_identity("slack", "T1/U1") is None


def test_a_number_asks_in_the_workspace_that_it_was_linked_in(door: Door, ana: Person) -> None:
    there = door.directory.add("ana", "analyst", workspace="lab", attributes={"team": ["assay"]})
    door.identities.claim("sms", "+4712345678", door.identities.code(there, "sms"))
    door.identities.link(ana, "phone", "+4712345678")
    by_sms, by_phone = (door.by_identity(channel, "+4712345678") for channel in ("sms", "phone"))
    assert by_sms is not None
    assert by_phone is not None
    assert (by_sms.person.workspace, by_sms.person.role) == ("lab", "analyst")
    assert (by_phone.person.workspace, by_phone.person.role) == ("main", "viewer")
    assert by_sms.person.viewer.values("region") == (), "what is said of her in one workspace is not said in the other"
    assert by_sms.person.viewer.values("team") == ("assay",)
    assert by_sms.person.seat != by_phone.person.seat
    door.directory.remove(there)
    assert door.by_identity("sms", "+4712345678") is None
    assert door.by_identity("phone", "+4712345678") is not None


def test_people_of_before_there_were_workspaces_are_who_they_were(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "people.sqlite") as old:
        old.executescript(_OLD)
    door = Door(tmp_path)
    eve = door.directory.named("eve")
    assert (eve.workspace, eve.role, eve.viewer.values("region")) == ("main", "owner", ("North",))
    asker = door.by_identity("slack", "T1/U1")
    assert asker is not None
    assert asker.person == eve
    elsewhere = door.directory.add("eve", "viewer", workspace="lab")
    assert elsewhere.viewer.values("region") == ()
    door.close()


_OLD = """
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, email TEXT,
  attributes TEXT NOT NULL DEFAULT '{}', enabled INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1,
  password TEXT, created_at REAL NOT NULL);
CREATE TABLE memberships (person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, workspace TEXT NOT NULL,
  role TEXT NOT NULL, PRIMARY KEY (person, workspace));
CREATE TABLE identities (channel TEXT NOT NULL, subject TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people ON DELETE CASCADE, linked_at REAL NOT NULL, PRIMARY KEY (channel, subject));
INSERT INTO people VALUES ('e1', 'eve', NULL, '{"region": ["North"]}', 1, 1, NULL, 0);
INSERT INTO memberships VALUES ('e1', 'main', 'owner');
INSERT INTO identities VALUES ('slack', 'T1/U1', 'e1', 0);
"""
