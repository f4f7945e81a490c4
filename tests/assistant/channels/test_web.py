"""The web chat in a real Chromium, over the real server, on a small real database."""

from __future__ import annotations

import csv
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.charts import chart
from knowledge.result import Result, ResultColumn

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
Page, expect = sync_api.Page, sync_api.expect
expect.set_options(timeout=45_000)

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install it, or name its path in CHROMIUM"),
]

SHOP = """
CREATE TABLE stores (store_id INTEGER PRIMARY KEY, store_name TEXT, region TEXT);
INSERT INTO stores VALUES
  (1, 'Harbour', 'North'), (2, 'Station', 'North'), (3, 'Old Town', 'South'), (4, 'Park', 'West');
CREATE TABLE sales (sale_id INTEGER PRIMARY KEY, store_id INTEGER REFERENCES stores, sold_on DATE, product TEXT,
                    quantity INTEGER, revenue DECIMAL(10, 2));
INSERT INTO sales
SELECT i, 1 + i % 4, DATE '2024-01-01' + CAST(i * 7 % 366 AS INTEGER),
       ['Tea', 'Coffee', 'Cake', 'Soup', 'Juice'][1 + i % 5],
       1 + i % 3, 2.5 + (i % 4) * 3.25 + (i % 7)
FROM range(2000) t(i);
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    yield from _serve(tmp_path_factory.mktemp("web"))


def _serve(folder: Path, **settings: str) -> Iterator[tuple[str, Path]]:
    with duckdb.connect(folder / "shop.duckdb") as database:
        database.execute(SHOP)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = f"from assistant.server import serve; serve(port={port}, source={str(folder / 'shop.duckdb')!r})"
    state = folder / "state"
    environment = os.environ | {"PARLEY_STATE_DIR": str(state)} | settings
    environment.pop("PARLEY_PASSWORD", None)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", start], env=environment, stdout=log, stderr=log)
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}/health", process, folder / "log")
            yield f"http://127.0.0.1:{port}", state
        finally:
            process.terminate()
            process.wait(20)


def _wait_until_healthy(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as response:
                assert response.status == 200
                return
        except urllib.error.HTTPError as error:
            if b"failed" in error.read():
                break
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"The server did not get healthy. {log.read_text()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desktop(served: tuple[str, Path], chromium: sync_api.Browser) -> sync_api.BrowserContext:
    size = {"width": 1280, "height": 900}
    return chromium.new_context(viewport=size, color_scheme="light", base_url=served[0])  # type: ignore[arg-type]


@pytest.fixture
def page(desktop: sync_api.BrowserContext, served: tuple[str, Path]) -> Iterator[Page]:
    """A new conversation; it fails the test for an error on the console or a request to another host."""
    yield from _visit(desktop, served[0])


@pytest.fixture
def phone(served: tuple[str, Path], chromium: sync_api.Browser) -> Iterator[Page]:
    size = {"width": 390, "height": 844}
    context = chromium.new_context(viewport=size, color_scheme="dark", base_url=served[0])  # type: ignore[arg-type]
    yield from _visit(context, served[0])
    context.close()


def _visit(context: sync_api.BrowserContext, address: str) -> Iterator[Page]:
    page = context.new_page()
    page.set_default_timeout(15_000)
    foreign: list[str] = []
    errors: list[str] = []
    own = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else foreign.append(request.url))
    page.on("response", lambda got: errors.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    box, submit = page.locator("#chat-input"), page.locator("#chat-submit")
    for _ in range(40):  # what is typed before the page is connected is lost: type it again
        box.fill("")
        box.fill("?")
        if submit.is_enabled():
            break
        page.wait_for_timeout(500)
    expect(submit).to_be_enabled()
    page.locator("#chat-input").fill("")
    yield page
    page.close()
    assert foreign == []
    assert errors == []


def ask(page: Page, question: str) -> sync_api.Locator:
    """Type a question; the card of its answer."""
    before = page.locator(".pa").count()
    page.locator("#chat-input").fill(question)
    page.locator("#chat-submit").click()  # waits until the page is connected
    return answer(page, before)


def upload(page: Page, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)
    page.locator("#chat-submit").click()


def answer(page: Page, number: int = 0) -> sync_api.Locator:
    card = page.locator(".pa").nth(number)
    expect(card).to_be_visible()
    expect(page.locator("#stop-button")).to_have_count(0)
    return card


def test_a_starter_is_answered_with_a_figure_a_chart_a_table_and_its_sql(page: Page) -> None:
    starter = page.locator("button[id^=starter-]").first
    expect(starter).to_be_visible()
    starter.click()
    card = answer(page)
    expect(page.locator(".ai-message").filter(has_text=re.compile(r"\d")).first).to_be_visible()
    expect(card.locator(".pa-facts")).to_contain_text("Read as:")
    expect(card.locator("pre")).to_be_hidden()
    card.locator("summary").click()
    expect(card.locator("pre")).to_contain_text("SELECT")


def test_the_chart_has_marks_and_can_be_saved(page: Page) -> None:
    card = ask(page, "revenue by region")
    expect(card.locator("svg.marks path, svg.marks rect").first).to_be_visible()
    assert card.locator("svg.marks .mark-rect path").count() == 3  # a bar for each region
    with page.expect_download() as download:
        card.get_by_role("button", name="PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_a_table_sorts_by_the_numbers_not_by_their_looks(page: Page) -> None:
    card = ask(page, "revenue by product")
    names = card.locator("tbody tr td:first-child")
    expect(names).to_have_count(5)
    card.locator("th").nth(0).get_by_role("button").click()
    expect(card.locator("th").nth(0)).to_have_attribute("aria-sort", "ascending")
    assert names.all_inner_texts() == ["Cake", "Coffee", "Juice", "Soup", "Tea"]
    card.locator("th").nth(1).get_by_role("button").click()
    expect(card.locator("th").nth(1)).to_have_attribute("aria-sort", "descending")
    figures = [
        float(re.sub(r"[^\d.]", "", cell)) for cell in card.locator("tbody tr td:nth-child(2)").all_inner_texts()
    ]
    assert figures == sorted(figures, reverse=True)


def test_the_downloads_hold_the_figures_of_the_database(page: Page, served: tuple[str, Path]) -> None:
    card = ask(page, "revenue by region")
    with page.expect_download() as download:
        card.get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    with duckdb.connect(served[1].parent / "shop.duckdb", read_only=True) as database:
        gold = database.execute(
            "SELECT region, SUM(revenue) FROM sales JOIN stores USING (store_id) GROUP BY 1"
        ).fetchall()
    assert {row[0]: float(row[1]) for row in rows} == {region: float(total) for region, total in gold}
    with page.expect_download() as download:
        card.get_by_role("link", name="Excel").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_a_download_is_only_for_the_one_who_asked(page: Page) -> None:
    card = ask(page, "revenue by region")
    address = card.get_by_role("link", name="CSV").get_attribute("href")
    assert page.request.get(address).status == 200
    assert page.request.get(address.replace("/results/", "/results/x")).status == 404
    forged = page.request.get(address, headers={"Cookie": "access_token=forged"})
    assert forged.status in (401, 404)


def test_a_card_stays_as_it_was_left_while_the_conversation_goes_on(page: Page) -> None:
    first = ask(page, "revenue by product")
    first.locator("th").nth(0).get_by_role("button").click()
    first.locator("summary").click()
    first.evaluate("card => card.seen = true")
    ask(page, "revenue by region")
    expect(page.locator(".pa")).to_have_count(2)
    expect(first.locator("th").nth(0)).to_have_attribute("aria-sort", "ascending")
    expect(first.locator("pre")).to_be_visible()
    assert first.evaluate("card => card.seen")  # not made anew


def test_a_follow_up_button_asks_its_question(page: Page) -> None:
    card = ask(page, "revenue by region")
    button = card.locator(".pa-next button").first
    question = button.inner_text()
    button.click()
    expect(page.locator("[data-step-type=user_message]").last).to_contain_text(question)
    answer(page, 1)


def test_a_follow_up_edits_the_question_before(page: Page) -> None:
    ask(page, "revenue by region")
    card = ask(page, "only in the North")
    expect(card.locator(".pa-facts")).to_contain_text("North")


def test_a_thumb_down_with_its_reason_is_kept(page: Page, served: tuple[str, Path]) -> None:
    ask(page, "revenue by product")
    page.locator("button.negative-feedback-off").last.click()
    page.get_by_role("dialog").get_by_role("textbox").fill("these are not net of returns")
    page.locator("#submit-feedback").click()
    expect(page.locator("button.negative-feedback-on")).to_be_visible()
    with sqlite3.connect(served[1] / "conversations.sqlite") as kept:
        assert (0, "these are not net of returns") in kept.execute("SELECT value, comment FROM feedbacks").fetchall()


def test_an_uploaded_file_is_asked_at_once_and_comes_back_with_its_conversation(page: Page, tmp_path: Path) -> None:
    lines = ["city,signed_up,members"] + [
        f"{'Oslo' if i % 2 else 'Bergen'},2024-0{1 + i % 9}-03,{i}" for i in range(40)
    ]
    (tmp_path / "clubs.csv").write_text("\n".join(lines))
    upload(page, tmp_path / "clubs.csv")
    expect(page.locator(".ai-message").filter(has_text="40 rows")).to_be_visible()
    expect(answer(page)).to_be_visible()
    expect(page.get_by_role("link", name="clubs.csv")).to_have_count(
        2
    )  # on the message, and as the title in the history

    ask(page, "total members by city")
    expect(page.locator(".pa").nth(1)).to_contain_text("Oslo")
    expect(page.locator(".pa").nth(1)).to_contain_text("400")  # 1 + 3 + … + 39

    page.reload()
    expect(page.locator(".pa").nth(1)).to_contain_text("Oslo")
    link = page.locator(".step").get_by_role("link", name="clubs.csv")
    assert page.request.get(link.get_attribute("href")).body() == (tmp_path / "clubs.csv").read_bytes()
    card = ask(page, "total members by city")
    expect(card).to_contain_text("400")


def test_a_file_that_is_no_table_gets_a_clear_message_and_the_conversation_goes_on(page: Page, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 this is not a workbook")
    upload(page, tmp_path / "broken.xlsx")
    said = page.locator(".ai-message").filter(has_text="broken.xlsx could not be read")
    expect(said).to_be_visible()
    assert "Traceback" not in said.inner_text()
    card = ask(page, "revenue by region")
    expect(card.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_role("link", name="broken.xlsx")).to_have_count(2)  # on the message, and in the history


def test_a_file_that_can_not_be_read_is_refused_in_one_line(page: Page, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "page.html")
    toast = page.locator("[data-sonner-toast]")
    expect(toast).to_contain_text("File type must be text/csv,.csv,")
    assert len(toast.inner_text()) < 150


def test_a_reload_brings_the_conversation_back_with_its_chart_and_it_goes_on(page: Page) -> None:
    ask(page, "revenue by region")
    page.wait_for_url("**/thread/*")
    page.reload()
    card = page.locator(".pa").first
    expect(card.locator("svg.marks")).to_be_visible()
    expect(card.locator("tbody tr")).to_have_count(3)
    ask(page, "only in the South")
    expect(page.locator(".pa").nth(1).locator(".pa-facts")).to_contain_text("South")


def test_a_reload_brings_the_conversation_back_when_its_two_connections_overtake_each_other(page: Page) -> None:
    """Chainlit opens two: one without the conversation, which must not be the one that stays."""
    ask(page, "revenue by region")
    page.wait_for_url("**/thread/*")
    page.add_init_script("""
        const fetched = window.fetch;
        let slow = true;
        window.fetch = async (...asked) => {
            if (String(asked[0]).endsWith("/set-session-cookie") && slow) {
                slow = false;
                await new Promise((done) => setTimeout(done, 60));
            }
            return fetched(...asked);
        };
    """)
    page.reload()
    expect(page.locator(".pa").first).to_be_visible()
    ask(page, "only in the South")
    expect(page.locator(".pa").nth(1).locator(".pa-facts")).to_contain_text("South")


def test_history_lists_conversations_and_opens_one(page: Page) -> None:
    ask(page, "revenue by store in the South")
    page.locator("#new-chat-button").first.click()
    expect(page.locator(".pa")).to_have_count(0)
    page.get_by_role("link", name="revenue by store in the South").first.click()
    expect(page.locator(".pa").first).to_be_visible()


def test_a_question_that_can_not_be_read_is_answered_plainly(page: Page) -> None:
    card = ask(page, "flibber the grumbolds of zanzibar quux")
    assert card.get_attribute("data-outcome") in ("cannot", "ask")
    assert "Traceback" not in page.locator("body").inner_text()


def test_a_question_with_two_readings_offers_both_and_the_one_pressed_is_asked(page: Page, tmp_path: Path) -> None:
    visits = [f"{i},{10 + i % 7},{5 + i % 3},{'Hill' if i % 2 else 'Dale'}" for i in range(40)]
    (tmp_path / "visits.csv").write_text("\n".join(["visit_id,gross_fee,net_fee,zone", *visits]))
    upload(page, tmp_path / "visits.csv")
    expect(answer(page)).to_be_visible()
    card = ask(page, "total fee by zone")
    expect(card).to_have_attribute("data-outcome", "ask")
    choices = card.get_by_role("group", name="Which do you mean?").get_by_role("button")
    assert choices.all_inner_texts() == ["gross fee", "net fee"]
    assert card.locator("table").count() == 0  # nothing is answered before it is known what is meant

    choices.nth(1).click()
    chosen = answer(page, 2)
    expect(page.locator("[data-step-type=user_message]").last).to_contain_text("total net fee by zone")
    expect(chosen).to_have_attribute("data-outcome", "answered")
    expect(chosen.locator(".pa-facts")).to_contain_text("Read as: Total net fee by zone")
    fees = {zone: sum(5 + i % 3 for i in range(40) if i % 2 == odd) for zone, odd in (("Hill", 1), ("Dale", 0))}
    figures = dict(zip(*[chosen.locator(f"tbody td:nth-child({n})").all_inner_texts() for n in (1, 2)], strict=True))
    assert {zone: float(re.sub(r"[^\d.]", "", shown)) for zone, shown in figures.items()} == fees


def test_values_are_shown_as_text_never_run_as_a_page(page: Page, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text('name,amount\n"<img src=x onerror=""document.title=1"">",5\n"<b>bold</b>",7\n')
    upload(page, tmp_path / "odd.csv")
    expect(answer(page)).to_be_visible()
    card = ask(page, "total amount by name")
    expect(card.locator("tbody")).to_contain_text("<b>bold</b>")
    assert page.title() == "Parley"


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_dark_page_is_dark(phone: Page) -> None:
    for question in ("revenue by region", "revenue and quantity by product and region"):
        card = ask(phone, question)
        expect(card).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert card.bounding_box()["width"] <= 390
    assert "dark" in phone.locator("html").get_attribute("class")
    background = phone.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", background)[:3]) < 50


def test_a_page_of_a_german_business_writes_as_germans_do(chromium: sync_api.Browser, tmp_path: Path) -> None:
    for address, _ in _serve(tmp_path, PARLEY_LOCALE="de_DE"):
        context = chromium.new_context(base_url=address, locale="en-US")  # the business decides, not the browser
        for page in _visit(context, address):
            card = ask(page, "revenue by region")
            expect(card.locator("tbody td:nth-child(2)").first).to_have_text(re.compile(r"^\d\d?\.\d{3}"))
        context.close()


def test_chart_and_table_follow_when_the_page_turns_dark_and_light_again(page: Page) -> None:
    card = ask(page, "revenue by region")
    label, table = card.locator("svg.marks text").first, card.locator(".pa-table")
    expect(label).to_be_visible()
    light, ground = label.get_attribute("fill"), table.evaluate(GROUND)
    turn(page, "Dark")
    expect(label).not_to_have_attribute("fill", light)
    assert table.evaluate(GROUND) != ground
    turn(page, "Light")
    expect(label).to_have_attribute("fill", light)
    assert table.evaluate(GROUND) == ground


GROUND = "node => getComputedStyle(node).backgroundColor"


def turn(page: Page, theme: str) -> None:
    page.locator("#theme-toggle").click()
    page.get_by_role("menuitem", name=theme).click()
    expect(page.locator("html")).to_have_class(re.compile(rf"\b{theme.lower()}\b"))
    expect(page.get_by_role("menu")).to_have_count(0)  # while it closes, it can't be opened


def test_it_can_be_installed(page: Page) -> None:
    scope = page.evaluate("navigator.serviceWorker.ready.then(worker => [worker.scope, worker.active.scriptURL])")
    assert [part.removeprefix(page.url.rstrip("/")) for part in scope] == ["/", "/sw.js"]
    browser = page.context.new_cdp_session(page)
    manifest = browser.send("Page.getAppManifest")
    assert (manifest["url"].endswith("/manifest.webmanifest"), manifest["errors"]) == (True, [])
    problems = {problem["errorId"] for problem in browser.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert problems <= {"in-incognito"}  # as a test's page is


def test_without_its_server_it_says_so_in_its_own_words(served: tuple[str, Path], chromium: sync_api.Browser) -> None:
    context = chromium.new_context(base_url=served[0])
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    context.set_offline(True)
    page.goto("/", wait_until="domcontentloaded")
    expect(page.get_by_role("heading")).to_have_text("Parley can't be reached")
    context.close()


@pytest.mark.parametrize("width", [300, 343, 860])
def test_a_legend_of_long_names_fits_its_chart(page: Page, width: int) -> None:
    names = [
        f"{name} for the {use}"
        for name in ("Bread", "Fresh cheese", "Ready meals")
        for use in ("home", "way to the office")
    ]
    month = ResultColumn("month", "Month", "time", grain="month")
    sales = ResultColumn("sales", "Sales", "currency", measure=True, unit="USD")
    kind = ResultColumn("kind", "Kind of product", "category")
    rows = [(date(2017, m, 1), name, 1e6 * m) for m in range(1, 13) for name in names]
    for columns, cells in (
        ((month, kind, sales), rows),
        ((kind, kind, sales), [(b, a, v) for _, b, v in rows[:6] for a in names]),
    ):
        spec = chart(Result(columns, cells, ""))
        outside = page.evaluate(DRAWN_OUTSIDE, [spec, width])
        assert outside == []


DRAWN_OUTSIDE = """async ([spec, width]) => {
  const node = Object.assign(document.createElement("div"), {style: `position: fixed; inset: 0 auto auto 0; width: ${width}px`});
  document.body.append(node);
  await Parley.chart(node, spec);
  const legend = [...node.querySelectorAll("svg text")];
  if (legend.length < 12) return ["nothing is drawn"];
  const out = legend.filter((text) => text.getBoundingClientRect().right > width + 1).map((text) => text.textContent);
  node.remove();
  return out;
}"""


def test_a_month_is_drawn_in_its_own_month_west_of_greenwich(
    served: tuple[str, Path], chromium: sync_api.Browser
) -> None:
    context = chromium.new_context(base_url=served[0], timezone_id="America/Los_Angeles")
    page = context.new_page()
    page.goto("/")
    page.wait_for_function("window.Parley")
    spec = {
        "data": {"values": [{"x": f"2017-0{month}-01", "y": month} for month in (1, 2, 3)]},
        "mark": "line",
        "encoding": {
            "x": {"field": "x", "type": "temporal", "axis": {"format": "%b %Y", "values": []}},
            "y": {"field": "y", "type": "quantitative"},
            "tooltip": {"field": "x", "type": "temporal", "format": "%b %Y"},
        },
    }
    drawn = """async (spec) => {
      const node = Object.assign(document.createElement("div"), {style: "width: 600px"});
      document.body.append(node);
      const {view} = await Parley.chart(node, spec);
      return view.data("source_0").map((row) => new Date(row.x).getMonth());
    }"""
    assert page.evaluate(drawn, spec) == [0, 1, 2]
    context.close()
