"""Parley, served in a process of its own, for measurements and tests over HTTP on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_START = "import sys; from assistant.cli import main; sys.argv[0] = 'parley'; main()"


class DidNotStart(RuntimeError):
    """The server ended, or was not healthy in time; the message has the end of what it printed."""


@dataclass(frozen=True)
class Server:
    url: str
    pid: int
    page_s: float
    """Seconds from its start until it answered at all."""
    ready_s: float
    """Seconds from its start until the data was open (`GET /health` is 200)."""

    def ask(self, question: str, conversation: str, timeout_s: float = 60.0) -> dict[str, Any]:
        """The Answer as JSON. Raises OSError (urllib's errors among them)."""
        body = json.dumps({"question": question, "conversation": conversation}).encode()
        request = urllib.request.Request(
            f"{self.url}/api/v1/ask", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=timeout_s) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    def wait_until_warm(self, patience_s: float = 120.0) -> None:
        """Until the tools have imported what they need. Raises DidNotStart."""
        end = time.perf_counter() + patience_s
        while time.perf_counter() < end:
            with urllib.request.urlopen(f"{self.url}/health", timeout=10) as response:
                if json.load(response)["warm"]:
                    return
            time.sleep(0.2)
        raise DidNotStart(f"The tools were not ready after {patience_s:.0f} s.")

    def memory_mb(self) -> float:
        """Resident memory, in MiB."""
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True)
        return int(told.stdout) / 1024


def served_demo(state_dir: Path, patience_s: float = 120.0) -> AbstractContextManager[Server]:
    """`parley serve --demo` until the block ends, for any number of questions a minute: all that ask here are the one
    local user. Raises DidNotStart."""
    return served(["--demo"], state_dir, patience_s, PARLEY_RATE_LIMIT="100000/minute")


@contextmanager
def served(arguments: Sequence[str], state_dir: Path, patience_s: float = 120.0, **settings: str) -> Iterator[Server]:
    """`parley serve` with these arguments and environment variables, until the block ends. Raises DidNotStart."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {"PARLEY_STATE_DIR": str(state_dir)} | settings
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", _START, "serve", *arguments, "--port", str(port)],
            stdout=log, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
        try:
            page_s = ready_s = None
            while ready_s is None:
                waited = time.perf_counter() - started
                status = _health(url)
                page_s = page_s or (waited if status else None)
                ready_s = waited if status == 200 else None
                if process.poll() is not None or waited > patience_s:
                    log.seek(0)
                    end = log.read()[-2000:].decode(errors="replace")
                    raise DidNotStart(f"The server was not ready after {waited:.0f} s. It printed:\n{end}")
                time.sleep(0.02)
            yield Server(url, process.pid, page_s or ready_s, ready_s)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _health(url: str) -> int | None:
    """The status of `GET /health`; None where nobody answers."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
