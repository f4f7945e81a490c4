"""The embedded analyst reads a college that nobody described: year groups are no years, attendance is a rate, fees are what
is invoiced, clubs are popular by their members. Asked on 20 November 2026."""

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
    "tutors(tutor_id int primary key, full_name varchar, faculty varchar, salary int)",
    "courses(course_id int primary key, subject varchar, tutor_id int references tutors(tutor_id), max_size int)",
    "pupils(pupil_id int primary key, full_name varchar, dob date, year_group int, house varchar, enrolled_on date, "
    "withdrawn_on date, bursary_pct int)",
    "sittings(sitting_id int primary key, pupil_id int references pupils(pupil_id), course_id int references "
    "courses(course_id))",
    "marks(mark_id int primary key, sitting_id int references sittings(sitting_id), taken_on date, score int, max_score int)",
    "attendance(att_id int primary key, pupil_id int references pupils(pupil_id), att_date date, mark varchar)",
    "fee_invoices(invoice_no int primary key, pupil_id int references pupils(pupil_id), term varchar, issued_on date, "
    "due_on date, amount decimal(9,2))",
    "fee_payments(payment_id int primary key, invoice_no int references fee_invoices(invoice_no), paid_on date, "
    "amount decimal(9,2))",
    "clubs(club_id int primary key, club_name varchar, capacity int, fee decimal(6,2))",
    "club_members(club_id int references clubs(club_id), pupil_id int references pupils(pupil_id), joined_on date, "
    "primary key (club_id, pupil_id))",
)
_CAME = "100.0 * count(*) filter (where mark = 'present') / count(*)"
_LEFT = "sum(amount - coalesce((select sum(amount) from fee_payments p where p.invoice_no = i.invoice_no), 0))"
QUESTIONS = [
    ("how many pupils do we have?", "select count(*) from pupils where withdrawn_on is null"),
    ("youngest pupil in year 7", "select full_name, dob from pupils where year_group = 7 order by dob desc limit 1"),
    ("pupils with attendance below 90%", f"select full_name, {_CAME} from attendance join pupils using (pupil_id) group by 1 having {_CAME} < 90"),
    ("attendance rate by house", f"select house, {_CAME} from attendance join pupils using (pupil_id) group by 1"),
    ("which house has the worst attendance?", f"select house, {_CAME} from attendance join pupils using (pupil_id) group by 1 order by 2 limit 1"),
    ("average mark by subject", "select subject, avg(score) from marks join sittings using (sitting_id) join courses using (course_id) group by 1"),
    ("which tutor gets the best results?", "select full_name, avg(score) from marks join sittings using (sitting_id) join courses using (course_id) join tutors using (tutor_id) group by 1 order by 2 desc limit 1"),
    ("how much in fees is outstanding?", f"select {_LEFT} from fee_invoices i"),
    ("fees collected by term", "select term, sum(p.amount) from fee_payments p join fee_invoices using (invoice_no) group by 1"),
    ("fees collected this month", "select sum(amount) from fee_payments where paid_on >= '2026-11-01' and paid_on < '2026-12-01'"),
    ("pupils with unpaid fees", "select full_name from pupils where pupil_id in (select pupil_id from fee_invoices i where amount > coalesce((select sum(amount) from fee_payments p where p.invoice_no = i.invoice_no), 0))"),
    ("late payments by month", "select date_trunc('month', paid_on), count(*) from fee_payments join fee_invoices using (invoice_no) where paid_on > due_on group by 1"),
    ("most popular club", "select club_name, count(*) from club_members join clubs using (club_id) group by 1 order by 2 desc limit 1"),
    ("total wage bill", "select sum(salary) from tutors"),
    ("how many pupils withdrew this year vs last year", "select count(*) filter (where year(withdrawn_on) = 2026), count(*) filter (where year(withdrawn_on) = 2025), 100.0 * (count(*) filter (where year(withdrawn_on) = 2026) - count(*) filter (where year(withdrawn_on) = 2025)) / count(*) filter (where year(withdrawn_on) = 2025) from pupils"),
    ("new pupils this September compared with last September", "select count(*) filter (where date_trunc('month', enrolled_on) = '2026-09-01'), count(*) filter (where date_trunc('month', enrolled_on) = '2025-09-01'), 100.0 * (count(*) filter (where date_trunc('month', enrolled_on) = '2026-09-01') - count(*) filter (where date_trunc('month', enrolled_on) = '2025-09-01')) / count(*) filter (where date_trunc('month', enrolled_on) = '2025-09-01') from pupils"),
]  # fmt: skip
UNREAD = ["average class size", "how many pupils are on a full bursary?", "which courses are full?", "club income",
          "how much do we give in bursaries?"]  # fmt: skip


@pytest.fixture(scope="module")
def college(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(college: Session, question: str, gold: str) -> None:
    check(college, college.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(college: Session, question: str) -> None:
    assert college.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(41)
    with filling(path, _TABLES) as put:
        for n in range(1, 9):
            name = f"{['Ava', 'Ben', 'Cleo', 'Dan'][n % 4]} {['Abbott', 'Chow'][n % 2]} {n}"
            put("tutors", n, name, ["Maths", "Arts"][n % 2], 30_000 + 900 * n)
            put("courses", n, ["Algebra", "Painting", "Physics"][n % 3], n, 24)
        put_sitting = 0
        for n in range(1, 121):
            year = 7 + n % 5
            enrolled = date(2026 - n % 4, 9, 1 + n % 20)
            left = date(2025 + n % 2, 3, 5) if n % 11 == 0 else None
            born = date(2008 - year + 11, 1, 1) + timedelta(days=3 * n)
            house = ["Lion", "Eagle", "Wolf"][n % 3]
            put("pupils", n, f"Pupil {n:03d}", born, year, house, enrolled, left, [0, 0, 25, 100][n % 4])
            for course in chance.sample(range(1, 9), 3):
                put_sitting += 1
                put("sittings", put_sitting, n, course)
                put("marks", put_sitting, put_sitting, date(2026, 6, 10), chance.randint(10, 50), 50)
            absent = [0.02, 0.06, 0.2][n % 3]
            for day in range(0, 60, 3):
                mark = "absent" if chance.random() < absent else "present"
                put("attendance", n * 100 + day, n, date(2026, 9, 1) + timedelta(days=day), mark)
            for m, (term, day) in enumerate([("Spring 2026", date(2026, 1, 5)), ("Autumn 2026", date(2026, 10, 10))]):
                number = 2 * n + m
                put("fee_invoices", number, n, term, day, day + timedelta(days=30), 5200 + 100 * (n % 3))
                share = chance.choices([0, 0.5, 1], [10, 5, 85])[0]
                if share:
                    paid = day + timedelta(days=chance.randint(1, 40))
                    put("fee_payments", number, number, paid, (5200 + 100 * (n % 3)) * share)
        for n, name in enumerate(["Chess", "Choir", "Robotics"], 1):
            put("clubs", n, name, 20 + 5 * n, 25 * n)
            for pupil in chance.sample(range(1, 121), 10 + 6 * n):
                put("club_members", n, pupil, date(2026, 9, 10) + timedelta(days=pupil % 40))
    return path
