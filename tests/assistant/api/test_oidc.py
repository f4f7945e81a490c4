"""Sign-in to the page with an OpenID provider that runs on loopback (oidc-provider-mock: a server, made with Authlib)."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.assistant.api.conftest import Shop

BEGIN = "/auth/oauth/single-sign-on"


def at_provider(page: httpx.Client, subject: str) -> str:
    """Begin to sign in, and say at the provider who one is: the address that it leads back to."""
    begun = page.get(BEGIN)
    assert begun.status_code == 307
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    said = httpx.post(begun.headers["location"], data={"sub": subject})
    return said.headers["location"]


def test_the_log_in_page_offers_it(shop: Shop) -> None:
    with shop.client() as page:
        assert page.get("/auth/config").json()["oauthProviders"] == ["single-sign-on"]


def test_a_person_signs_in_and_sees_their_part(shop: Shop) -> None:
    with shop.client() as page:
        back = at_provider(page, "ana-at-the-provider")
        assert page.get(back).headers["location"].startswith("/login/callback")
        assert page.get("/user").json()["display_name"] == "ana"
        answer = page.post("/api/v1/ask", json={"question": "turnover by city"}).json()
        assert {row[0] for row in answer["rows"]} == {"Oslo", "Umea"}


@pytest.mark.parametrize("subject", ["says-that-it-is-boss", "somebody-else"])
def test_nobody_gets_in_by_an_address_that_is_not_verified_or_not_known(shop: Shop, subject: str) -> None:
    with shop.client() as page:
        assert "error" in page.get(at_provider(page, subject)).headers["location"]
        assert page.get("/user").status_code == 401


def test_a_sign_in_of_another_browser_is_refused(shop: Shop) -> None:
    with shop.client() as mine, shop.client() as other:
        back = at_provider(mine, "ana-at-the-provider")
        assert "error" in other.get(back).headers["location"]
        at_provider(other, "ana-at-the-provider")
        assert "error" in other.get(back).headers["location"], "its own cookie does not fit this code"
        assert other.get("/user").status_code == 401


@pytest.mark.parametrize("odd", ["?code=x&state=y", "?error=access_denied", "", "?code=&state="])
def test_an_odd_return_is_refused(shop: Shop, odd: str) -> None:
    with shop.client() as page:
        page.get(BEGIN)
        assert "error" in page.get(f"{BEGIN}/callback{odd}").headers["location"]
