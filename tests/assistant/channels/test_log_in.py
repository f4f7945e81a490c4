"""Logging in to the page, in a real Chromium: with a password, and at an OpenID provider on loopback; on the chain of
shops, whose viewers see only their own region."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.assistant.api.conftest import PASSWORD, Shop, shop
from tests.assistant.channels.test_web import CHROMIUM, Page, ask, chromium, expect, sync_api

__all__ = ["chromium", "shop"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install it, or name its path in CHROMIUM"),
]


@pytest.fixture
def page(shop: Shop, chromium: sync_api.Browser) -> Iterator[Page]:
    """A browser in which nobody has logged in yet; it fails the test for a request to a host that is neither ours nor
    the provider's."""
    context = chromium.new_context(base_url=shop.url)
    foreign: list[str] = []
    page = context.new_page()
    page.set_default_timeout(60_000)
    own = re.compile(r"(http|ws)s?://(127\.0\.0\.1|localhost):|data:|blob:|https://cdn\.jsdelivr\.net/npm/@picocss/")
    page.on("request", lambda request: None if own.match(request.url) else foreign.append(request.url))
    yield page
    context.close()
    assert foreign == []


def log_in(page: Page, name: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("Name").fill(name)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Sign In").click()


def is_in(page: Page, name: str) -> None:
    page.locator("#user-nav-button").click()
    expect(page.get_by_role("menu")).to_contain_text(name)
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


def log_out(page: Page) -> None:
    page.locator("#user-nav-button").click()
    page.get_by_role("menuitem", name="Logout").click()
    expect(page).to_have_url(re.compile("/login"))


def test_whoever_gives_the_right_password_is_in_and_sees_their_part(page: Page) -> None:
    log_in(page, "ana", PASSWORD)
    is_in(page, "ana")
    expect(page.locator("button[id^=starter-]").first).to_be_visible()
    card = ask(page, "turnover by city")
    expect(card.locator("tbody")).to_contain_text("Umea")
    expect(card.locator("tbody")).not_to_contain_text("Rome")
    page.goto("/workspaces")
    expect(page.get_by_role("button", name="main")).to_be_disabled()  # the only one: it is where they are


def test_a_wrong_password_is_said_and_lets_nobody_in(page: Page) -> None:
    log_in(page, "ana", "something else that is long")
    expect(page.get_by_text("That name and password do not belong together.")).to_be_visible()
    expect(page.get_by_text("Could not log in. Check the name and the password.")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(re.compile("/login"))
    assert page.request.get("/user").status == 401
    page.get_by_label("Name").fill("ana")
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    is_in(page, "ana")


def test_whoever_logs_out_is_out_and_the_next_one_finds_nothing_of_theirs(page: Page) -> None:
    log_in(page, "ana", PASSWORD)
    is_in(page, "ana")
    ask(page, "turnover by city")
    link = page.get_by_role("link", name="turnover by city").first
    conversation = str(link.get_attribute("href"))
    assert "/thread/" in conversation
    log_out(page)
    assert page.request.get("/user").status == 401
    page.goto(conversation)
    expect(page).to_have_url(re.compile("/login"))
    log_in(page, "sam", PASSWORD)
    is_in(page, "sam")
    expect(page.get_by_text("No conversations yet")).to_be_visible()
    expect(page.get_by_text("Umea")).to_have_count(0)


def test_guessing_is_told_to_wait(page: Page) -> None:
    page.goto("/login")
    for n in range(11):
        page.request.post("/login", form={"username": "guessed", "password": f"wrong password {n}"})
    log_in(page, "guessed", "wrong password again")
    expect(page.get_by_text(re.compile(r"too often\. Try again in \d+ second"))).to_be_visible()


def test_a_person_signs_in_at_the_provider(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Continue with Single-sign-on").click()
    page.locator("input[name=sub]").fill("ana-at-the-provider")
    page.get_by_role("button", name="Authorize").click()
    is_in(page, "ana")
    card = ask(page, "turnover by city")
    expect(card.locator("tbody")).to_contain_text("Oslo")
    expect(card.locator("tbody")).not_to_contain_text("Rome")
    log_out(page)
    assert page.request.get("/user").status == 401


@pytest.mark.parametrize("subject", ["somebody-else", None])
def test_whom_the_provider_does_not_vouch_for_is_back_at_the_log_in_page(page: Page, subject: str | None) -> None:
    page.goto("/")
    page.get_by_role("button", name="Continue with Single-sign-on").click()
    if subject:
        page.locator("input[name=sub]").fill(subject)
        page.get_by_role("button", name="Authorize").click()
    else:
        page.get_by_role("button", name="Deny").click()
    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_text("Sign in failed.")).to_be_visible()
    assert page.request.get("/user").status == 401
