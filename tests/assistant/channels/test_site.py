"""The server without a browser: who gets in, and what is served."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.channels.web import site
from assistant.channels.web.vega import VegaScript
from assistant.people.person import LOCAL
from assistant.server import create_app

PASSWORD = "correct horse battery"


def no_data() -> None:
    raise FileNotFoundError("shop.duckdb is not there. Choose your data with `parley use FILE`.")


@pytest.fixture(scope="module")
def client(chainlit_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(no_data, state=chainlit_folder.parent, password=PASSWORD)) as client:  # type: ignore[arg-type]
        yield client


def test_health_says_why_the_data_is_not_open(client: TestClient) -> None:
    answer = client.get("/health")
    while answer.json()["status"] == "opening":
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "shop.duckdb is not there. Choose your data with `parley use FILE`."


def test_nobody_gets_in_without_the_password(client: TestClient) -> None:
    client.cookies.clear()
    assert client.get("/user").status_code == 401
    assert client.post("/login", data={"username": "ann", "password": "wrong"}).status_code == 401
    assert client.post("/login", data={"username": "ann", "password": "ä"}).status_code == 401
    assert client.post("/auth/header").status_code == 400
    assert client.post("/api/v1/ask", json={"question": "sales"}).status_code == 401
    forged = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJpZGVudGlmaWVyIjoieW91In0."}
    assert client.post("/api/v1/ask", json={"question": "sales"}, headers=forged).status_code == 401
    assert client.get("/conversations/x/results/y.csv").status_code in (401, 404)


def test_the_password_lets_in(client: TestClient) -> None:
    assert client.post("/login", data={"username": "ann", "password": PASSWORD}).status_code == 200
    assert client.get("/user").json()["identifier"] == LOCAL
    client.cookies.clear()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.csv", b"", "it is empty. Export it again, or choose another file."),
        ("page.html", b"<p>", "it is of a kind that can't be read. These can: .csv, .tsv, .txt, .parquet, .xlsx,"),
        ("sales.CSV", b"a\n1\n", "Session not found"),  # it would be taken, in a conversation
    ],
)
def test_a_file_that_can_not_be_uploaded_is_refused_with_its_reason(
    client: TestClient, name: str, content: bytes, reason: str
) -> None:
    sent = {"files": {"file": (name, content, "application/x-unknown")}, "params": {"session_id": "none"}}
    client.cookies.clear()
    assert client.post("/project/file", **sent).status_code == 401  # type: ignore[arg-type]
    client.post("/login", data={"username": "ann", "password": PASSWORD})
    refused = client.post("/project/file", **sent)  # type: ignore[arg-type]
    client.cookies.clear()
    assert (refused.status_code // 100, refused.json()["detail"][: len(reason)]) == (4, reason)


@pytest.mark.parametrize(
    "path",
    ["/public/../config.toml", "/public/..%2fconfig.toml", "/public/%2e%2e/config.toml", "/assets/..%2findex.html",
     "/assets/%2e%2e%2f%2e%2e%2fserver.py", "/public//etc/passwd", "/public/elements"],
)  # fmt: skip
def test_no_path_leads_out_of_the_public_folder(client: TestClient, path: str) -> None:
    got = client.get(path)
    is_the_page = got.text.startswith("<!doctype html>")  # which is sent for every path that it does not know
    assert got.status_code in (400, 404) or is_the_page
    assert "session_timeout" not in got.text


def test_the_page_names_no_other_host_and_carries_the_name(client: TestClient) -> None:
    page = client.get("/").text
    assert re.findall(r'(?:href|src|content)="(?:https?:)?//[^"]*"', page) == []
    assert "<title>Parley</title>" in page
    assert '<link rel="manifest" href="/manifest.webmanifest"' in page
    assert "hainlit" not in page


def test_scripts_are_sent_small_and_kept(client: TestClient) -> None:
    script = re.search(r'src="(/assets/index-[^"]+\.js)"', client.get("/").text)
    assert script is not None
    sent = client.get(script[1])
    assert sent.headers["content-encoding"] == "gzip"
    assert int(sent.headers["content-length"]) < len(sent.content) / 2
    assert "immutable" in sent.headers["cache-control"]
    vega = client.get("/public/vega.js")
    assert "vegaEmbed" in vega.text
    assert vega.headers["content-type"].startswith("text/javascript")


def test_the_chart_library_is_made_once_and_kept(tmp_path: Path) -> None:
    made = VegaScript(tmp_path).get()
    assert b"vegaEmbed" in made
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"// kept")
    assert VegaScript(tmp_path).get() == b"// kept"
    assert len(VegaScript(tmp_path / "a folder that is not there").get()) == len(made)  # nothing can be kept there


def test_every_icon_of_the_manifest_is_there(client: TestClient) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    assert [client.get(icon["src"]).status_code for icon in manifest["icons"]] == [200] * len(manifest["icons"])
    assert client.get("/sw.js").headers["content-type"].startswith("text/javascript")


def test_light_and_dark_set_the_same_variables() -> None:
    themes = json.loads((site.PUBLIC / "theme.json").read_text())["variables"]
    assert themes["light"].keys() == themes["dark"].keys()  # what one alone sets stays when the page turns to the other


def test_all_languages_have_our_words_and_keep_their_own(chainlit_folder: Path) -> None:
    english = json.loads((chainlit_folder / ".chainlit" / "translations" / "en-US.json").read_text())
    german = json.loads((chainlit_folder / ".chainlit" / "translations" / "de-DE.json").read_text())
    assert english["chat"]["input"]["placeholder"].startswith("Ask about your data")
    assert german["chat"]["input"]["placeholder"] != english["chat"]["input"]["placeholder"]
    assert english["chat"]["messages"]["status"]["used"] == german["chat"]["messages"]["status"]["used"] == ""


def test_the_secret_that_signs_log_ins_is_the_owners_alone(chainlit_folder: Path) -> None:
    secret = chainlit_folder / "secret"
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_text()) >= 43  # 32 bytes or more


def test_nothing_was_written_where_it_was_started(chainlit_folder: Path) -> None:
    started = Path.cwd()
    assert chainlit_folder not in (started, *started.parents)
    assert not (started / ".chainlit").exists()
    assert not (started / "chainlit.md").exists()
