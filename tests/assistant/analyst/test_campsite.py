"""The embedded analyst reads a campsite that nobody described: who stayed is told by when they came, not by when they
booked or whether they called it off; what could not be read is not answered by a follow-up either. Asked on 20 November
2026."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "pitch_type(type_code varchar primary key, type_name varchar, sleeps int)",
    "pitch(pitch_no int primary key, type_code varchar references pitch_type(type_code), by_the_lake boolean)",
    "camper(camper_id int primary key, camper_name varchar, county varchar, first_seen_on date)",
    "warden(warden_id int primary key, warden_name varchar)",
    "reservation(reservation_id int primary key, camper_id int references camper(camper_id), pitch_no int references "
    "pitch(pitch_no), booked_on date, arrival date, departure date, fee decimal(8,2), state varchar)",
    "inspection(inspection_id int primary key, pitch_no int references pitch(pitch_no), warden_id int references "
    "warden(warden_id), inspected_on date)",
    "complaint(complaint_id int primary key, reservation_id int references reservation(reservation_id), made_on date)",
)
_CAME = "state not in ('cancelled', 'no-show') and arrival <= '2026-11-20'"
_TAKEN = "state <> 'cancelled' and arrival <= '2026-11-20' and departure > '2026-11-20'"
QUESTIONS = [
    ("how many campers stayed in August?", f"select count(distinct camper_id) from reservation where {_CAME} and year(arrival) = 2026 and month(arrival) = 8"),
    ("campers from Devon who stayed last month", f"select camper_name from camper where county = 'Devon' and camper_id in (select camper_id from reservation where {_CAME} and arrival >= '2026-10-01' and arrival < '2026-11-01')"),
    ("campers who haven't stayed this year", f"select camper_name from camper where camper_id not in (select camper_id from reservation where {_CAME} and year(arrival) = 2026)"),
    ("how many campers stayed at the weekend last month?", f"select count(distinct camper_id) from reservation where {_CAME} and arrival >= '2026-10-01' and arrival < '2026-11-01' and isodow(arrival) > 5"),
    ("how many pitches are occupied?", f"select count(distinct pitch_no) from reservation where {_TAKEN}"),
    ("which pitches are vacant?", f"select pitch_no from pitch where pitch_no not in (select pitch_no from reservation where {_TAKEN})"),
    ("which county do most of our campers come from?", "select county, count(*) from camper group by 1 order by 2 desc limit 1"),
    ("who inspected the most pitches last month?", "select warden_name, count(*) from inspection join warden using (warden_id) where inspected_on >= '2026-10-01' and inspected_on < '2026-11-01' group by 1 order by 2 desc limit 1"),
    ("how many yurts do we have?", "select count(*) from pitch join pitch_type using (type_code) where type_name = 'Yurt'"),
]  # fmt: skip
UNREAD = [
    "bad complaints this year",
    "how many big reservations were there last month?",
    "how many yurts stayed in August?",
]


@pytest.fixture(scope="module")
def campsite(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(campsite: Session, question: str, gold: str) -> None:
    check(campsite, campsite.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(campsite: Session, question: str) -> None:
    assert campsite.ask(question, thread=question).outcome == "cannot"


def test_a_follow_up_of_what_was_not_read_is_not_answered(campsite: Session) -> None:
    campsite.ask("reservations this year", thread="unread")
    assert campsite.ask("glamping index this month", thread="unread").outcome == "cannot"
    assert campsite.ask("and by pitch type?", thread="unread").outcome == "cannot"


def test_a_follow_up_that_was_not_read_leaves_what_it_followed(campsite: Session) -> None:
    campsite.ask("reservations this year", thread="mended")
    assert campsite.ask("and by glamping index?", thread="mended").outcome == "cannot"
    gold = (
        "select type_name, count(*) from reservation join pitch using (pitch_no) join pitch_type using (type_code) "
        "where year(booked_on) = 2026 group by 1"
    )
    check(campsite, campsite.ask("and by pitch type?", thread="mended"), gold)


def _build(path: Path) -> Path:
    chance = random.Random(41)
    counties = ("Devon", "Kent", "Kent", "Fife", "Devon", "Devon")
    wardens = ("Ann Alder", "Ben Birch", "Cat Cedar")
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        con.execute("insert into pitch_type values ('T', 'Tent', 4), ('Y', 'Yurt', 6), ('C', 'Caravan', 4)")
        con.executemany("insert into pitch values (?, ?, ?)", [(n, "TTTYC"[n % 5], n % 4 == 0) for n in range(1, 41)])
        seen = date(2024, 1, 6)
        campers = [(n, f"Camper {n:03d}", counties[n % 6], seen + timedelta(n)) for n in range(1, 301)]
        con.executemany("insert into camper values (?, ?, ?, ?)", campers)
        con.executemany("insert into warden values (?, ?)", [(n, name) for n, name in enumerate(wardens, 1)])
        stays: list[tuple[object, ...]] = []
        for pitch in range(1, 41):
            arrival = date(2025, 4, 1)
            while arrival < date(2027, 1, 20):
                nights = chance.choice((2, 3, 5, 7))
                booked = min(arrival - timedelta(chance.randint(3, 200)), TODAY)
                state = chance.choices(("kept", "cancelled", "no-show"), (8, 2, 1))[0]
                who = chance.randint(1, 300)
                leaves = arrival + timedelta(nights)
                stays.append((len(stays) + 1, who, pitch, booked, arrival, leaves, 30 * nights, state))
                arrival = leaves + timedelta(chance.choice((0, 1, 9, 30)))
        con.executemany("insert into reservation values (?, ?, ?, ?, ?, ?, ?, ?)", stays)
        seen_to = [
            (n, chance.randint(1, 40), 1 + (n * n) % 3, date(2026, 1, 2) + timedelta(n // 3)) for n in range(1, 951)
        ]
        con.executemany("insert into inspection values (?, ?, ?, ?)", seen_to)
        moans = [(n, n * 7, date(2026, 2, 1) + timedelta(n * 3)) for n in range(1, 80)]
        con.executemany("insert into complaint values (?, ?, ?)", moans)
    return path
