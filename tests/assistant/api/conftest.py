"""The chain of shops of tests/knowledge/policies/chain.py, served in a process of its own, with people who ask over
HTTP. Regions have the policy `name = user.region`; salaries are masked for viewers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from assistant.people.door import Door
from evals.served import served
from knowledge import osi
from tests.knowledge.policies import chain

PASSWORD = "a password of four words"
CLAIMS = [
    User(sub="ana-at-the-provider", claims={"email": "Ana@example.com", "email_verified": True}),
    User(sub="says-that-it-is-boss", claims={"email": "boss@example.com", "email_verified": False}),
    User(sub="somebody-else", claims={"email": "else@example.com", "email_verified": True}),
]
"""Of the people whom the OpenID provider knows."""


@dataclass(frozen=True)
class Shop:
    """A served chain, with a key of each of its people: boss (owner), ida (analyst), ana (viewer of the North), sam
    (viewer of the South)."""

    url: str
    state: Path
    keys: dict[str, str]

    def client(self, person: str | None = None) -> httpx.Client:
        """As one of the people, or as a stranger."""
        headers = {"Authorization": f"Bearer {self.keys[person]}"} if person else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    chain.whole(folder).warehouse.close()
    (folder / "model.yaml").write_text(osi.dump(chain.model()), encoding="utf-8")
    door = Door(folder / "state")
    keys = {}
    for name, role, regions in (
        ("boss", "owner", []), ("ida", "analyst", ["North", "South"]), ("ana", "viewer", ["North"]), ("sam", "viewer", ["South"]),
    ):  # fmt: skip
        person = door.directory.add(
            name, role, email=f"{name}@example.com", attributes={"region": regions} if regions else {}
        )  # type: ignore[arg-type]
        door.passwords.set(person, PASSWORD)
        keys[name], _ = door.keys.create(door.directory.named(name), "tests")
    door.close()
    arguments = ["--db", str(folder / "whole.duckdb"), "--model", str(folder / "model.yaml")]
    settings = {"PARLEY_RATE_LIMIT": "1000/minute", "PARLEY_WEBHOOKS_INSIDE": "true"}
    with run_server_in_thread(user_claims=CLAIMS) as provider:
        issuer = f"http://localhost:{provider.server_port}"
        settings |= {"PARLEY_OIDC_ISSUER": issuer, "PARLEY_OIDC_CLIENT_ID": "parley", "PARLEY_OIDC_CLIENT_SECRET": "s"}
        with served(arguments, folder / "state", **settings) as server:
            yield Shop(server.url, folder / "state", keys)
