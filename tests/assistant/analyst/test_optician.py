"""The embedded analyst reads an optician that nobody described: bills whose payments are kept apart, states listed in a
table of their own, fees of a catalogue, recalls that fall due, stock. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "branch(br_id int primary key, br_nm varchar, town varchar, rooms int)",
    "optician(opt_id int primary key, nm varchar, br_id int references branch(br_id), role varchar, start_dt date, end_dt date)",
    "patient(pat_id int primary key, nm varchar, dob date, br_id int references branch(br_id), next_recall_dt date, "
    "email varchar)",
    "appt_status(status_cd varchar primary key, descr varchar)",
    "appt(appt_id int primary key, pat_id int references patient(pat_id), opt_id int references optician(opt_id), "
    "start_ts timestamp, mins int, status_cd varchar references appt_status(status_cd))",
    "service(svc_cd varchar primary key, descr varchar, category varchar, std_fee decimal(8,2))",
    "service_done(done_id int primary key, appt_id int references appt(appt_id), svc_cd varchar references service(svc_cd), "
    "lens_no int, fee_charged decimal(8,2))",
    "bill(bill_no int primary key, pat_id int references patient(pat_id), bill_dt date, due_dt date, total_amt decimal(9,2))",
    "payment(pay_id int primary key, bill_no int references bill(bill_no), pay_dt date, amt decimal(9,2), method varchar)",
    "frame_stock(item_id int primary key, item_nm varchar, br_id int references branch(br_id), qty_on_hand int, "
    "unit_cost decimal(8,2))",
    "survey(survey_id int primary key, appt_id int references appt(appt_id), score int, would_recommend boolean, sent_dt date)",
)
_OPEN = "total_amt > coalesce((select sum(amt) from payment p where p.bill_no = b.bill_no), 0)"
_LEFT = "sum(total_amt - coalesce((select sum(amt) from payment p where p.bill_no = b.bill_no), 0))"
_MISSED = "100.0 * count(*) filter (where status_cd = 'N') / count(*)"
QUESTIONS = [
    ("how much are we owed?", f"select {_LEFT} from bill b"),
    ("unpaid bills", f"select count(*) from bill b where {_OPEN}"),
    ("who owes us the most?", f"select nm, {_LEFT} from bill b join patient using (pat_id) group by 1 order by 2 desc limit 1"),
    ("outstanding amount by branch", f"select br_nm, {_LEFT} from bill b join patient using (pat_id) join branch using (br_id) group by 1"),
    ("bills overdue by more than 60 days", f"select count(*) from bill b where {_OPEN} and due_dt < '2026-09-21'"),
    ("how many days do patients take to pay?", "select avg(pay_dt - bill_dt) from payment join bill using (bill_no)"),
    ("no-show rate by optician", f"select nm, {_MISSED} from appt join optician using (opt_id) group by 1"),
    ("which optician has the worst no show rate?", f"select nm, {_MISSED} from appt join optician using (opt_id) group by 1 order by 2 desc limit 1"),
    ("how many fittings did we do this year?", "select count(*) from service_done join appt using (appt_id) where svc_cd = 'FT' and year(start_ts) = 2026"),
    ("how many fittings per optician", "select nm, count(*) from service_done join appt using (appt_id) join optician using (opt_id) where svc_cd = 'FT' group by 1"),
    ("which patients are overdue for a recall?", "select nm from patient where next_recall_dt < '2026-11-20'"),
    ("how many patients are due for a recall next month?", "select count(*) from patient where next_recall_dt >= '2026-12-01' and next_recall_dt < '2027-01-01'"),
    ("patients we haven't seen in over a year", "select nm from patient where pat_id not in (select pat_id from appt where start_ts >= '2025-11-21' and start_ts < '2026-11-21')"),
    ("how many patients have an email address?", "select count(email) from patient"),
    ("what share of patients don't have an email", "select 100.0 * count(*) filter (where email is null) / count(*) from patient"),
    ("which optician has the best reviews?", "select nm, avg(score) from survey join appt using (appt_id) join optician using (opt_id) group by 1 order by 2 desc limit 1"),
    ("average satisfaction score by optician", "select nm, avg(score) from survey join appt using (appt_id) join optician using (opt_id) group by 1"),
    ("would recommend rate", "select 100.0 * count(*) filter (where would_recommend) / count(*) from survey"),
    ("average appointment length by optician", "select nm, avg(mins) from appt join optician using (opt_id) group by 1"),
    ("how long do appointments take", "select avg(mins) from appt"),
    ("stock value by branch", "select br_nm, sum(qty_on_hand * unit_cost) from frame_stock join branch using (br_id) group by 1"),
    ("patients per room", "select count(*) / (select sum(rooms) from branch) from patient"),
    ("how many dispensers do we have?", "select count(*) from optician where role = 'dispenser' and end_dt is null"),
]  # fmt: skip


@pytest.fixture(scope="module")
def optician(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(optician: Session, question: str, gold: str) -> None:
    check(optician, optician.ask(question, thread=question), gold)


def test_the_reading_says_what_is_unpaid_as_an_amount(optician: Session) -> None:
    answer = optician.ask("unpaid bills", thread="unpaid")
    assert answer.reading == "Number of bills, where outstanding amount at least 0.01"


def _build(path: Path) -> Path:
    chance = random.Random(5)
    with filling(path, _TABLES) as put:
        for n, (name, town) in enumerate([("Old Town", "Bath"), ("Harbour", "Poole"), ("Station", "Bath")], 1):
            put("branch", n, name, town, n + 1)
        for n in range(1, 11):
            name = f"{['Ann', 'Bob', 'Cat', 'Dan', 'Eve'][n % 5]} {['Ash', 'Birch'][n % 2]}"
            left = date(2026, 3, 1) if n in (4, 7) else None
            role = ["optometrist", "dispenser"][n % 3 == 0]
            put("optician", n, name, n % 3 + 1, role, date(2016, 1, 1) + timedelta(days=200 * n), left)
        for n in range(1, 201):
            name = f"{['Fay', 'Gil', 'Hal', 'Ivy', 'Jon'][n % 5]} {['Cole', 'Dean', 'East', 'Ford'][n % 4]} {n}"
            born, recalled = date(1940, 1, 1) + timedelta(days=130 * n), date(2026, 7, 1) + timedelta(days=n)
            put("patient", n, name, born, n % 3 + 1, recalled, f"p{n}@example.org" if n % 4 else None)
        for code, said in [("C", "Completed"), ("N", "No show"), ("X", "Cancelled"), ("B", "Booked")]:
            put("appt_status", code, said)
        services = [("ET", "Eye test", "Tests", 35), ("FT", "Fitting", "Lenses", 60), ("RP", "Repair", "Frames", 20)]
        for row in services:
            put("service", *row)
        done = bills = payments = 0
        for n in range(1, 1501):
            start = datetime(2025, 2, 3, 9) + timedelta(hours=11 * n)
            state = "B" if start > datetime(2026, 11, 20) else chance.choices("CNX", [80, 12, 8])[0]
            patient, who = chance.randint(1, 200) if n < 600 else chance.randint(1, 150), chance.randint(1, 10)
            put("appt", n, patient, who, start, chance.choice([15, 30, 45]), state)
            if state != "C":
                continue
            code, _, _, fee = services[chance.choices(range(3), [5, 2, 3])[0]]
            done += 1
            put("service_done", done, n, code, chance.randint(1, 9) if code == "FT" else None, fee)
            bills += 1
            billed = start.date()
            put("bill", bills, patient, billed, billed + timedelta(days=30), fee)
            part = chance.choices([0, 0.5, 1], [6, 4, 90])[0]
            if part:
                payments += 1
                put("payment", payments, bills, billed + timedelta(days=chance.randint(0, 40)), fee * part, "card")
            if n % 3 == 0:
                put("survey", n, n, chance.choice([2, 3, 4, 5, 5]), chance.random() < 0.8, billed)
        for n in range(1, 31):
            put("frame_stock", n, f"Frame {n}", n % 3 + 1, chance.randint(0, 40), 12.5 + n)
    return path
