"""The desk: what a person may spend on a language model a day, and what is written down about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from assistant.desk import alone
from assistant.people.limits import TooOften
from assistant.session import open_session
from assistant.settings import Settings
from tests.assistant.conftest import TODAY
from tests.assistant.openai_server import openai_server, text

HARD = "zorbify the frobnicated orders please"  # the embedded analyst can't read this


async def test_who_has_spent_the_days_budget_is_answered_without_the_language_model(
    bikes_db: Path, tmp_path: Path
) -> None:
    with openai_server([text("Hello.")] * 3) as server:
        settings = Settings(
            state_dir=tmp_path, model="openai:scripted", base_url=server.url, llm_retries=0, max_cost_per_day=0.05,
            max_cost_per_turn=10, price_in=100, price_out=100,
        )  # fmt: skip
        session = open_session(str(bikes_db), as_of=TODAY, settings=settings)
        desk, asker = alone(session, None)
        first = await desk.ask(asker, HARD, thread="t")
        assert first.provenance.cost > 0.05
        second = await desk.ask(asker, HARD, thread="t")
        assert any("a day is spent" in caveat for caveat in second.caveats)
        requests = len(server.requests)
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1)):
            await desk.ask(asker, HARD, thread="t")
        assert len(server.requests) > requests, "tomorrow is another day"
        entries = list(desk.audit.entries())
        assert entries[0].detail["sent_to"] == "openai:scripted"
        assert entries[0].detail["egress"] == "aggregates"
        assert "sent_to" not in entries[1].detail, "nothing left the machine"
        session.close()


async def test_who_asks_too_often_hears_how_long_to_wait(bikes_db: Path, tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, model=None, mode=None, rate_limit="2/minute")
    session = open_session(str(bikes_db), as_of=TODAY, settings=settings)
    desk, asker = alone(session, None)
    for _ in range(2):
        await desk.ask(asker, "number of orders", thread="t")
    with pytest.raises(TooOften) as refused:
        await desk.ask(asker, "number of orders", thread="t")
    assert 1 <= refused.value.seconds <= 60
    session.close()
