"""A session: opened on any data, asked by many at once, remembered between runs."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import time_machine

from assistant.events import Done, Step, Token
from assistant.opening import choose, chosen
from assistant.session import Session, open_session
from assistant.settings import Settings
from knowledge.calendar import Calendar
from knowledge.sources import BadSource
from knowledge.warehouse import WarehouseGone

TODAY = date(2024, 12, 31)


def count(session: Session, question: str, thread: str = "default") -> int:
    result = session.ask(question, thread=thread).result
    assert result is not None
    return int(result.rows[0][0])


async def test_a_turn_tells_its_steps_then_its_text_then_the_answer(bikes_session: Session) -> None:
    events = [e async for e in bikes_session.stream("number of orders by channel", thread="streamed")]
    assert isinstance(events[0], Step)
    kinds = [type(e) for e in events]
    assert kinds == sorted(kinds, key=[Step, Token, Done].index)
    done = events[-1]
    assert isinstance(done, Done)
    assert done.answer.outcome == "answered"
    assert "".join(e.text for e in events if isinstance(e, Token)) == done.answer.text
    assert any("SELECT" in e.detail for e in events if isinstance(e, Step))


def test_a_follow_up_edits_the_last_question_of_its_own_conversation(bikes_session: Session) -> None:
    bikes_session.ask("number of orders by channel", thread="one")
    bikes_session.ask("number of customers", thread="two")
    answer = bikes_session.ask("and by status?", thread="one")
    assert answer.result is not None
    assert "orders" in answer.reading.lower()
    assert {row[0] for row in answer.result.rows} == {"completed", "cancelled", "returned", "pending"}


def test_conversations_go_on_after_a_restart(bikes_db: Path, tmp_path: Path) -> None:
    first = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    first.ask("number of orders by channel", thread="t")
    first.close()
    again = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    assert "orders" in again.ask("and by status?", thread="t").reading.lower()
    again.close()


def test_fifty_people_ask_at_once(bikes_session: Session) -> None:
    questions = ["number of orders", "number of customers", "number of products", "number of stores"]
    asked = [(questions[n % 4], f"person {n}") for n in range(100)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda a: bikes_session.ask(a[0], thread=a[1]), asked))
    found = {(q, a.result.rows[0][0]) for (q, _), a in zip(asked, answers, strict=True) if a.result}
    assert all(a.outcome == "answered" for a in answers)
    assert found == {(q, n) for q, n in zip(questions, (900, 60, 12, 4), strict=True)}


def test_only_the_named_tables_are_looked_at(bikes_session: Session) -> None:
    assert bikes_session.ask("number of orders", tables=["orders"]).outcome == "answered"
    assert bikes_session.ask("number of orders", tables=["stores"]).outcome in ("cannot", "ask")
    assert bikes_session.ask("number of orders").outcome == "answered"


def test_a_thumb_is_kept_with_the_request(bikes_db: Path, tmp_path: Path) -> None:
    session = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    session.ask("number of orders by channel", thread="t")
    session.rate(thread="t", question="number of orders by channel", up=False, comment="by city, please", user="ana")
    session.rate(thread="t", question="from a conversation that is not kept any more", up=True)
    session.close()
    again = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    lines = [json.loads(line) for line in again.memory.export()]
    again.close()
    assert (lines[0]["outcome"], lines[0]["comment"], lines[0]["user"]) == ("answered", "by city, please", "ana")
    assert "orders.channel" in json.dumps(lines[0]["request"])
    assert lines[1]["request"] is None


def test_a_full_disk_costs_the_memory_of_a_turn_not_the_answer(bikes_db: Path, tmp_path: Path) -> None:
    session = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    session.ask("number of customers", thread="t")
    session.threads._connection.execute("PRAGMA max_page_count = 1")  # SQLite itself then says that the disk is full
    for n in range(40):
        answer = session.ask("number of orders" + " " * n, thread=f"t{n}")
        assert answer.outcome == "answered"
    assert "could not be saved" in answer.caveats[-1]
    session.close()
    kept = sqlite3.connect(tmp_path / "threads.sqlite").execute("SELECT count(*) FROM turns WHERE thread = 't'")
    assert kept.fetchone() == (1,)


def test_a_database_that_vanishes_fails_with_what_to_do(bikes_db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "gone.duckdb"
    copy.write_bytes(bikes_db.read_bytes())
    session = open_session(str(copy), as_of=TODAY, state_dir=tmp_path / "state")
    assert session.ask("number of orders").outcome == "answered"
    copy.unlink()
    answer = session.ask("number of orders")
    assert answer.outcome == "failed"
    assert "gone.duckdb" in answer.text
    assert "parley use" in answer.text
    session.close()


# --- opening ---------------------------------------------------------------------------------------------------------


def test_a_csv_file_is_data(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text("day,shop,people\n2024-01-01,York,5\n2024-01-02,Bath,7\n")
    session = open_session(str(tmp_path / "visits.csv"), state_dir=tmp_path / "state")
    answer = session.ask("total people by shop")
    assert answer.result is not None
    assert sorted(answer.result.rows) == [("Bath", 7), ("York", 5)]
    assert session.workspace.fresh_as_of == datetime(2024, 1, 2)
    session.close()


def test_what_is_chosen_is_opened_next_time(bikes_db: Path, tmp_path: Path) -> None:
    assert chosen(tmp_path) is None
    choose(str(bikes_db), tmp_path)
    session = open_session(state_dir=tmp_path)
    assert session.workspace.name == "bikes"
    session.close()
    with pytest.raises(BadSource):
        choose(str(tmp_path / "not there.csv"), tmp_path)
    assert chosen(tmp_path) == str(bikes_db.resolve())  # a choice that can't be opened changes nothing


@pytest.mark.parametrize("content", [b"", b"garbage" * 999])
def test_a_file_that_is_no_data_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.duckdb").write_bytes(content)
    with pytest.raises((BadSource, WarehouseGone), match=r"broken\.duckdb"):
        open_session(str(tmp_path / "broken.duckdb"), state_dir=tmp_path / "state")


def test_moments_to_come_do_not_make_data_fresh(tmp_path: Path) -> None:
    """An order is planned for a year from now: the data is as fresh as the last one that was made."""
    planned = date.today() + timedelta(days=365)
    con = duckdb.connect(str(tmp_path / "plan.duckdb"))
    con.execute("CREATE TABLE orders(order_id INTEGER, ordered_on DATE, boxes INTEGER)")
    con.execute("INSERT INTO orders VALUES (1, '2024-03-01', 4), (2, '2024-03-05', 6), (3, ?, 9)", [planned])
    con.close()
    for _ in range(2):  # found, then kept
        session = open_session(str(tmp_path / "plan.duckdb"), state_dir=tmp_path / "state")
        assert session.workspace.fresh_as_of == datetime(2024, 3, 5)
        session.close()


def test_a_session_that_runs_past_midnight_asks_on_the_new_day(bikes_db: Path, tmp_path: Path) -> None:
    session = open_session(str(bikes_db), settings=Settings(state_dir=tmp_path, model=None))
    now = session.workspace.calendar.today
    yesterday = Calendar.for_model(session.workspace.model, today=now - timedelta(days=1))
    session.workspace = session.workspace.as_of(yesterday)  # as it was opened a day ago
    session.ask("number of orders this year")
    assert session.workspace.calendar.today == now
    session.close()
    dated = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    dated.ask("number of orders this year")
    assert dated.workspace.calendar.today == TODAY
    dated.close()


def test_today_is_the_askers_day_and_figures_are_written_as_they_write_them(bikes_db: Path, tmp_path: Path) -> None:
    session = open_session(str(bikes_db), settings=Settings(state_dir=tmp_path, model=None))
    with time_machine.travel("2024-06-30T23:30:00+00:00", tick=False):
        days = {
            zone: session.ask("number of orders today", thread=str(zone), time_zone=zone).provenance.request.period.text
            for zone in (None, "Pacific/Auckland", "America/Lima")
        }
    assert days == {None: "30 June 2024", "Pacific/Auckland": "1 July 2024", "America/Lima": "30 June 2024"}
    written = [session.ask("total quantity", thread=f"in {name}", locale=name).text for name in (None, "de", "de")]
    assert "," in written[0]
    assert written[1] == written[2] == written[0].replace(",", ".", 1)
    session.close()
    dated = open_session(str(bikes_db), as_of=TODAY, state_dir=tmp_path)
    asked = dated.ask("number of orders today", time_zone="Pacific/Kiritimati")
    assert asked.provenance.request.period.text == "31 December 2024"
    dated.close()
