from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.server import BODY_BYTES, CannotServe, Gate, serve
from assistant.workspaces import Opening


@pytest.fixture
def client() -> TestClient:
    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("hello")

    routes = [Route("/{path:path}", echo, methods=["GET", "POST"]), WebSocketRoute("/ws/talk", talk)]
    return TestClient(
        Gate(Starlette(routes=routes), hosts=("127.0.0.1", "localhost", "::1")), base_url="http://localhost:8000"
    )


def test_every_response_says_what_the_page_may_load(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_it_answers_to_its_own_names(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost.evil.example:8000", "127.0.0.1.evil:80", ""]
)
def test_it_answers_to_no_other_name_so_that_no_dns_name_can_be_pointed_at_it(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 421


def test_a_page_of_another_site_can_not_ask(client: TestClient) -> None:
    assert client.post("/api/v1/ask", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/v1/ask", headers={"Origin": "null"}).status_code == 403
    assert client.get("/ws/socket.io/", headers={"Origin": "http://localhost:9999"}).status_code == 403
    assert client.post("/api/v1/ask", headers={"Origin": "http://localhost:8000"}).status_code == 200


def test_a_page_of_another_site_can_not_open_a_socket(client: TestClient) -> None:
    own = {"Origin": "http://localhost:8000", "Host": "localhost:8000"}
    with client.websocket_connect("/ws/talk", headers=own) as socket:
        assert socket.receive_text() == "hello"
    refused = client.websocket_connect("/ws/talk", headers=own | {"Origin": "http://evil.example"})
    with pytest.raises(WebSocketDisconnect), refused:
        pass


def test_an_address_with_a_zero_byte_is_refused_before_it_is_taken_for_a_file(client: TestClient) -> None:
    assert client.get("/public/%00").status_code == 400


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    assert client.post("/api/v1/ask", content=b"x" * BODY_BYTES).text == str(BODY_BYTES)
    refused = client.post("/api/v1/ask", content=b"x" * (BODY_BYTES + 1))
    assert (refused.status_code, refused.json()["detail"]) == (413, "That is too large: at most 1 MB can be sent.")


def test_a_body_that_does_not_say_its_length_is_cut_off(client: TestClient) -> None:
    from starlette.requests import ClientDisconnect

    with pytest.raises(ClientDisconnect):
        client.post("/api/v1/ask", content=(b"x" * 65536 for _ in range(20)))


def test_an_upload_may_be_larger(client: TestClient) -> None:
    assert client.post("/project/file", content=b"x" * (3 * BODY_BYTES)).status_code == 200


def test_other_machines_are_not_let_in_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_PASSWORD", raising=False)
    with pytest.raises(CannotServe, match="PARLEY_PASSWORD"):
        serve(host="0.0.0.0", port=1)


def test_nobody_is_let_in_from_the_world_without_a_log_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PARLEY_PASSWORD", raising=False)
    monkeypatch.setenv("PARLEY_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "https://parley.example/")
    with pytest.raises(CannotServe, match=r"https://parley\.example would show your data"):
        serve(port=1)


def test_a_port_that_is_taken_is_said_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotServe, match="Choose another port"):
            serve(port=taken.getsockname()[1])


async def test_health_tells_opening_from_open_from_failed_and_a_failure_is_tried_again() -> None:
    gate = threading.Event()
    tries: list[int] = []

    class Data:
        def close(self) -> None:
            tries.append(-1)

    def open_data() -> Data:
        tries.append(1)
        gate.wait(10)
        if len(tries) == 1:
            raise OSError("shop.duckdb is in use by another program.")
        return Data()

    prepared = threading.Event()
    opening = Opening(open_data, lambda: prepared.wait(10) and None)  # type: ignore[arg-type]
    assert opening.health() == (503, {"status": "opening"})
    gate.set()
    with pytest.raises(OSError, match="in use"):
        await opening.session()
    assert opening.health() == (503, {"status": "failed", "reason": "shop.duckdb is in use by another program."})
    await opening.session()
    assert opening.health() == (200, {"status": "ok", "warm": False})
    prepared.set()
    while not opening.health()[1]["warm"]:
        await asyncio.sleep(0.01)
    opening.close()
    assert tries == [1, 1, -1]
