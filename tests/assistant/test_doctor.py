"""`parley doctor`: what it prints, and how it ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli import app


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("PARLEY_SLACK_", "PARLEY_TWILIO_", "PARLEY_PUBLIC_URL")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PARLEY_STATE_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_channels_that_nobody_wants_are_off() -> None:
    done = CliRunner().invoke(app, ["doctor"])
    assert (done.exit_code, done.output.splitlines()) == (0, ["Slack: off", "Twilio (SMS, WhatsApp, phone): off"])


def test_what_is_wrong_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SLACK_BOT_TOKEN", "xoxb-a-secret")
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "Slack: something is wrong" in done.output
    assert "PARLEY_SLACK_SIGNING_SECRET" in done.output
    assert "parley people add" in done.output
    assert "a-secret" not in done.output
