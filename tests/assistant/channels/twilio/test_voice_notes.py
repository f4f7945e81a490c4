"""Voice notes, with a loopback server that transcribes as OpenAI's API does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.channels.place import Place
from assistant.channels.twilio.attachments import Attachments, Unusable
from assistant.people.door import Asker
from assistant.settings import Settings
from assistant.transcriber import Transcriber
from evals.channels.twilio_server import SID, TOKEN, Twilio, twilio_server
from tests.assistant.channels.twilio.conftest import Line


@pytest.fixture
def speech_server() -> Iterator[tuple[str, dict[str, str]]]:
    """Its address, and what it writes down for each recording."""
    words: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            good = self.path == "/v1/audio/transcriptions" and self.headers["Authorization"] == "Bearer a key"
            good = good and b'name="model"\r\n\r\nwhisper-1' in sent and b'filename="note.ogg"' in sent
            text = next((said for recording, said in words.items() if recording.encode() in sent), None)
            body = json.dumps({"text": text} if good else {"error": {"message": "no"}}).encode()
            self.send_response(200 if good and text is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1", words
    server.shutdown()
    server.server_close()


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with twilio_server() as server:
        yield server


async def test_a_voice_note_is_asked(place: Place, twilio: Twilio, speech_server: tuple[str, dict[str, str]]) -> None:
    address, words = speech_server
    words |= {"OggS1": "What is the turnover?", "OggS2": " "}
    twilio.files |= {f"/media/{n}": ("audio/ogg", f"OggS{n}".encode()) for n in (1, 2, 3)}
    settings = Settings(transcriber="whisper-1", base_url=address, api_key="a key")
    attachments = Attachments(place.desk, SID, TOKEN, Transcriber(settings), twilio.url)
    asker = Asker.of(place.door.directory.named("ana"), "whatsapp")

    async def taken(n: int) -> tuple[str, str]:
        found = await attachments.take(asker, "", [(f"{twilio.url}/media/{n}", "audio/ogg; codecs=opus")])
        return found.said, found.question

    assert await taken(1) == ("I heard: What is the turnover?", "What is the turnover?")
    with pytest.raises(Unusable, match="could not hear any words"):
        await taken(2)
    with pytest.raises(Unusable, match="can't listen to that now"):
        await taken(3)


def test_without_a_transcriber_it_is_said(line: Line) -> None:
    note = {"NumMedia": "1", "MediaUrl0": f"{line.twilio.url}/media/1", "MediaContentType0": "audio/ogg"}
    assert line.ask("", channel="whatsapp", **note).startswith("I can't listen to voice notes here.")
