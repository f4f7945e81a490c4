"""The embedded analyst reads an animal rescue that nobody described: what was raised is what was given, whatever riders
raise at rides; who gave for the first time, or then and not since. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "patron(patron_id int primary key, patron_name varchar, kind varchar, region varchar)",
    "drive(drive_id int primary key, drive_name varchar, opened_on date, goal decimal(9,2))",
    "promise(promise_id int primary key, patron_id int references patron(patron_id), amount decimal(8,2), state varchar, "
    "ended_on date)",
    "donation(donation_id int primary key, patron_id int references patron(patron_id), drive_id int references "
    "drive(drive_id), given_on date, amount decimal(9,2), source varchar, state varchar)",
    "ride(ride_id int primary key, ride_name varchar, ride_kind varchar, held_on date, cancelled boolean)",
    "rider(rider_id int primary key, ride_id int references ride(ride_id), patron_id int references patron(patron_id), "
    "signed_up_on date, amount_raised decimal(8,2))",
    "home_award(award_id int primary key, home_id int, given_on date)",
    "shelter(shelter_id int primary key, shelter_name varchar, closed_on date, yearly_budget decimal(9,2))",
)
_GIVEN = "state not in ('failed', 'refunded')"
_LAST_YEAR, _THIS_YEAR = "year(given_on) = 2025", "year(given_on) = 2026"
_FROM = "donation join patron using (patron_id)"
QUESTIONS = [
    ("how much have we raised this year?", f"select sum(amount) from donation where {_GIVEN} and {_THIS_YEAR}"),
    ("which drive raised the most?", f"select drive_name, sum(amount) from donation join drive using (drive_id) where {_GIVEN} group by 1 order by 2 desc limit 1"),
    ("how much has Kitten Spring raised?", f"select sum(amount) from donation join drive using (drive_id) where {_GIVEN} and drive_name = 'Kitten Spring'"),
    ("how much did the night rides raise?", "select sum(amount_raised) from rider join ride using (ride_id) where ride_kind = 'Night ride'"),
    ("amount raised by ride kind", "select ride_kind, sum(amount_raised) from rider join ride using (ride_id) group by 1"),
    ("who are our top 3 donors this year?", f"select patron_name, sum(amount) from {_FROM} where {_THIS_YEAR} group by 1 order by 2 desc limit 3"),
    ("income by source this year", f"select source, sum(amount) from donation where {_THIS_YEAR} group by 1"),
    ("how much came from companies?", f"select sum(amount) from {_FROM} where {_GIVEN} and kind = 'Company'"),
    ("how much came from shops this year?", f"select sum(amount) from donation where {_GIVEN} and source = 'Shop' and {_THIS_YEAR}"),
    ("donors who gave last year but not this year", f"select patron_name from patron where patron_id in (select patron_id from donation where {_LAST_YEAR}) and patron_id not in (select patron_id from donation where {_THIS_YEAR})"),
    ("who gave for the first time last month?", "select patron_name from patron where patron_id in (select patron_id from donation where given_on >= '2026-10-01' and given_on < '2026-11-01') and patron_id not in (select patron_id from donation where given_on < '2026-10-01')"),
    ("how many donors gave for the first time this year?", f"select count(*) from patron where patron_id in (select patron_id from donation where {_THIS_YEAR}) and patron_id not in (select patron_id from donation where given_on < '2026-01-01')"),
    ("how many donors gave last month?", "select count(distinct patron_id) from donation where given_on >= '2026-10-01' and given_on < '2026-11-01'"),
    ("how many patrons do we have by region?", "select region, count(*) from patron group by 1"),
]  # fmt: skip
UNREAD = [
    "who is in the shelter right now?",
    "how many patrons of the Winter Coats drive gave to another drive this year?",
    "which rides sold out?",
    "how much budget is left per shelter?",
    "how many northern patrons cancelled last month?",
]


@pytest.fixture(scope="module")
def rescue(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(rescue: Session, question: str, gold: str) -> None:
    check(rescue, rescue.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(rescue: Session, question: str) -> None:
    assert rescue.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(31)
    with filling(path, _TABLES) as put:
        for n in range(1, 151):
            kind = chance.choices(("Person", "Company", "Trust"), (8, 2, 1))[0]
            put("patron", n, f"Patron {n:03d}", kind, ("North", "South", "East")[n % 3])
        for n, name in enumerate(("Winter Coats", "Kitten Spring", "Old Dogs"), 1):
            put("drive", n, name, date(2025, 3 * n, 1), 9000 * n)
        for n in range(1, 41):
            put(
                "promise",
                n,
                n,
                10,
                "running" if n % 3 else "ended",
                None if n % 3 else date(2026, 1, 1) + timedelta(n),
            )
        for n in range(1, 901):
            given = date(2025, 1, 2) + timedelta(int(0.76 * n))
            patron = min(150, max(1, int(chance.gauss(n / 7, 25))))
            source = chance.choices(("Post", "Shop", "Online"), (5, 2, 4))[0]
            state = chance.choices(("received", "failed", "refunded"), (20, 2, 1))[0]
            drive = chance.choice((1, 2, 2, 3, None))
            put("donation", n, patron, drive, given, chance.choice((5, 10, 20, 35, 80)), source, state)
        for n in range(1, 13):
            put(
                "ride",
                n,
                f"Ride {n}",
                ("Night ride", "Hill ride")[n % 2],
                date(2025, 11, 1) + timedelta(30 * n),
                n == 5,
            )
            for k in range(12):
                rode = date(2025, 10, 1) + timedelta(30 * n)
                put("rider", n * 100 + k, n, chance.randint(1, 150), rode, chance.randint(20, 400))
        for n in range(1, 9):
            put("shelter", n, f"Shelter {n}", date(2026, 2, n) if n > 5 else None, 20000 + 1000 * n)
            put("home_award", n, n, date(2026, 1, n))
    return path
