"""The browser's time zone, as the page tells it."""

from __future__ import annotations

import pytest

from assistant.channels.web.chat import ZONE_COOKIE, _zone
from assistant.channels.web.site import PUBLIC


@pytest.mark.parametrize(
    ("cookies", "zone"),
    [("a=b; parley_zone=Europe%2FOslo", "Europe/Oslo"), ("parley_zone=..%2F..%2Fetc%2Fpasswd", None), ("parley_zone=Mars", None), ("", None)],
)  # fmt: skip
def test_the_zone_of_the_cookie(cookies: str, zone: str | None) -> None:
    assert _zone({"HTTP_COOKIE": cookies} if cookies else {}) == zone


def test_the_page_sets_it() -> None:
    assert f"{ZONE_COOKIE}=${{encodeURIComponent(zone)}}" in (PUBLIC / "parley.js").read_text(encoding="utf-8")
