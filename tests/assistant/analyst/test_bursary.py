"""The embedded analyst reads a fund that lends to students, which nobody described: what is lent is the principal, what
falls due is told by when it is due, a state by the date at which it was reached, and why something is done by the
reasons that are written down. Asked on 20 November 2026."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.session import Session
from knowledge.model import StateTime
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "campus(campus_id int primary key, campus_name varchar, residential boolean)",
    "student(student_id int primary key, student_name varchar, campus_id int references campus(campus_id), "
    "enrolled_on date)",
    "request(request_id int primary key, student_id int references student(student_id), asked_on date, need varchar, "
    "verdict varchar, judged_on date, refusal_reason varchar, via varchar)",
    "loan(loan_id int primary key, request_id int references request(request_id), principal decimal(9,2), "
    "paid_out_on date, first_due_on date, state varchar, settled_on date)",
    "part_payment(part_id int primary key, loan_id int references loan(loan_id), due_on date, amount_due decimal(9,2), "
    "paid_on date, amount_paid decimal(9,2), late_fee decimal(6,2))",
    "reminder_call(call_id int primary key, loan_id int references loan(loan_id), called_on date, outcome varchar)",
)
_THIS_YEAR = ">= '2026-01-01'"
_STUDENT = "join request using (request_id) join student using (student_id)"
_OVERDUE = "paid_on is null and due_on < '2026-11-20'"
QUESTIONS = [
    ("how much have we lent this year?", f"select sum(principal) from loan where paid_out_on {_THIS_YEAR}"),
    ("did lending grow this year?", f"select sum(principal) filter (paid_out_on {_THIS_YEAR}) this_year, sum(principal) filter (paid_out_on >= '2025-01-01' and paid_out_on < '2025-11-21') last_year from loan"),
    ("top 5 biggest loans this year", f"select loan_id, principal from loan where paid_out_on {_THIS_YEAR} order by principal desc, loan_id limit 5"),
    ("the average loan by campus", f"select campus_name, avg(principal) from loan {_STUDENT} join campus using (campus_id) group by 1"),
    ("average loan amount", "select avg(principal) from loan"),
    ("total amount due by month this year", "select date_trunc('month', due_on), sum(amount_due) from part_payment where year(due_on) = 2026 group by 1"),
    ("amount paid by month this year", "select date_trunc('month', paid_on), sum(amount_paid) from part_payment where year(paid_on) = 2026 group by 1"),
    ("how much was collected in October?", "select sum(amount_paid) from part_payment where paid_on >= '2026-10-01' and paid_on < '2026-11-01'"),
    ("how much do we charge in late fees?", "select sum(late_fee) from part_payment"),
    ("how much is overdue?", f"select sum(amount_due) from part_payment where {_OVERDUE}"),
    ("how many students are overdue?", f"select count(distinct student_id) from part_payment join loan using (loan_id) {_STUDENT} where {_OVERDUE}"),
    ("how much do students owe?", "select sum(amount_due) from part_payment where paid_on is null"),
    ("how many part payments were paid late?", "select count(*) from part_payment where paid_on > due_on"),
    ("loans waived this year", f"select count(*) from loan where state = 'Waived' and settled_on {_THIS_YEAR}"),
    ("how many loans were waived last month?", "select count(*) from loan where state = 'Waived' and settled_on >= '2026-10-01' and settled_on < '2026-11-01'"),
    ("loans waived by month", "select date_trunc('month', settled_on), count(*) from loan where state = 'Waived' group by 1"),
    ("waived loans this year", f"select count(*) from loan where state = 'Waived' and paid_out_on {_THIS_YEAR}"),
    ("how much did we waive this year?", f"select sum(principal) from loan where state = 'Waived' and settled_on {_THIS_YEAR}"),
    ("requests refused last month", "select count(*) from request where verdict = 'Refused' and judged_on >= '2026-10-01' and judged_on < '2026-11-01'"),
    ("web vs desk requests", "select via, count(*) from request where via in ('Web', 'Desk') group by 1"),
    ("compare web and desk requests this year", f"select via, count(*) from request where via in ('Web', 'Desk') and asked_on {_THIS_YEAR} group by 1"),
    ("why do we refuse people?", "select refusal_reason, count(*) from request where refusal_reason is not null group by 1"),
    ("what are the main reasons we refuse students?", "select refusal_reason, count(*) from request where refusal_reason is not null group by 1"),
    ("why were requests refused this year?", f"select refusal_reason, count(*) from request where refusal_reason is not null and asked_on {_THIS_YEAR} group by 1"),
    ("most common refusal reason", "select refusal_reason, count(*) from request where refusal_reason is not null group by 1 order by 2 desc limit 1"),
    ("average days between pay out and first due", "select avg(first_due_on - paid_out_on) from loan"),
]  # fmt: skip


@pytest.fixture(scope="module")
def bursary(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(bursary: Session, question: str, gold: str) -> None:
    check(bursary, bursary.ask(question, thread=question), gold)


def test_a_question_why_a_figure_moved_is_no_question_for_written_reasons(bursary: Session) -> None:
    answer = bursary.ask("why did requests fall in October?", thread="why")
    assert "refusal reason" not in answer.reading.lower()


def test_a_date_that_only_some_states_have_says_since_when(bursary: Session) -> None:
    told = bursary.workspace.model.state_times
    assert StateTime("loan", "state", "Waived", "settled_on") in told
    assert StateTime("request", "verdict", "Refused", "judged_on") in told
    assert not any(s.value in ("Open", "Waiting") for s in told)


def _build(path: Path) -> Path:
    rng = random.Random(11)
    with filling(path, _TABLES) as put:
        for n, name in enumerate(("Harbour", "Hilltop", "Old Town"), 1):
            put("campus", n, name, n == 2)
        for n in range(1, 121):
            put("student", n, f"Student {n}", 1 + n % 3, date(2022, 9, 1) + timedelta(days=rng.randrange(1400)))
        part = call = 0
        for n in range(1, 421):
            asked = date(2024, 2, 1) + timedelta(days=int(n * 2.43))
            verdict = "Waiting" if n > 414 else rng.choice(("Granted", "Granted", "Refused"))
            judged = None if verdict == "Waiting" else min(asked + timedelta(days=rng.randrange(2, 40)), TODAY)
            why = rng.choices(("No income", "Too late", "Not enrolled"), (6, 3, 1))[0] if verdict == "Refused" else None
            need = rng.choice(("Rent", "Books", "Travel"))
            put(
                "request",
                n,
                rng.randrange(1, 121),
                asked,
                need,
                verdict,
                judged,
                why,
                rng.choice(("Web", "Desk", "Post")),
            )
            if verdict != "Granted" or judged is None or judged > date(2026, 10, 20):
                continue
            principal, out = rng.randrange(400, 9000), judged + timedelta(days=rng.randrange(1, 20))
            first = out + timedelta(days=rng.randrange(20, 50))
            waived = rng.random() < 0.2 and out < date(2026, 8, 1)
            settled = date(2026, rng.randrange(8, 12), rng.randrange(1, 19)) if waived else None
            put("loan", n, n, principal, out, first, "Waived" if waived else "Open", settled)
            for k in range(rng.randrange(4, 10)):
                part, due = part + 1, first + timedelta(days=30 * k)
                paid = due + timedelta(days=rng.choice((-2, 0, 0, 3, 15)))
                known = paid <= TODAY and rng.random() > 0.1
                amount = round(principal / 9, 2)
                late = 5 if known and paid > due + timedelta(days=5) else None
                put("part_payment", part, n, due, amount, paid if known else None, amount if known else None, late)
            if rng.random() < 0.3:
                call += 1
                put("reminder_call", call, n, date(2026, rng.randrange(1, 11), 5), rng.choice(("Paid", "No answer")))
    return path
