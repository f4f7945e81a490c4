"""The embedded analyst reads a bureau of translators that nobody described: repeat clients, staff, how late what is
late comes, how long decisions take, what is outstanding, and approvals as those that are approved. Asked on 20 November
2026."""

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
    "tongue(tongue_code varchar primary key, tongue_name varchar, sworn boolean)",
    "client(client_id int primary key, client_name varchar, yearly_budget decimal(10,2), client_since date)",
    "translator(translator_id int primary key, translator_name varchar, hired_on date, salary decimal(9,2))",
    "quote(quote_id int primary key, client_id int references client(client_id), tongue_code varchar references "
    "tongue(tongue_code), translator_id int references translator(translator_id), sent_at timestamp, verdict varchar, "
    "decided_at timestamp, total decimal(9,2))",
    "job(job_id int primary key, quote_id int references quote(quote_id), started_on date, due_on date, delivered_on "
    "date, words int, stage varchar)",
    "revision(revision_id int primary key, job_id int references job(job_id), made_on date)",
    "invoice(invoice_id int primary key, job_id int references job(job_id), amount decimal(9,2), due_on date, paid_on "
    "date)",
)
_CLIENT = "join quote using (quote_id) join client using (client_id)"
_LATE = "delivered_on > job.due_on"
QUESTIONS = [
    ("repeat clients", "select client_name, count(*) from quote join client using (client_id) group by 1 having count(*) > 1"),
    ("how many repeat clients do we have?", "select count(*) from (select client_id from quote group by 1 having count(*) > 1)"),
    ("how many clients came back?", "select count(*) from (select client_id from quote group by 1 having count(*) > 1)"),
    ("which staff sent the most quotes?", "select translator_name, count(*) from quote join translator using (translator_id) group by 1 order by 2 desc limit 1"),
    ("staff who rejected the most quotes", "select translator_name, count(*) from quote join translator using (translator_id) where verdict = 'Rejected' group by 1 order by 2 desc limit 1"),
    ("average days late of jobs", f"select avg(delivered_on - due_on) from job where {_LATE}"),
    ("how late are late jobs on average?", f"select avg(delivered_on - due_on) from job where {_LATE}"),
    ("average days late of jobs by tongue", f"select tongue_name, avg(delivered_on - due_on) filter ({_LATE}) from job join quote using (quote_id) join tongue using (tongue_code) group by 1"),
    ("average decision time by tongue", "select tongue_name, avg(date_diff('second', sent_at, decided_at) / 3600.0) from quote join tongue using (tongue_code) group by 1"),
    ("average time from quote to delivery", "select avg(date_diff('day', sent_at, delivered_on)) from job join quote using (quote_id)"),
    ("approvals last month", "select count(*) from quote where verdict = 'Approved' and decided_at >= '2026-10-01' and decided_at < '2026-11-01'"),
    ("rejections by tongue this year", "select tongue_name, count(*) from quote join tongue using (tongue_code) where verdict = 'Rejected' and decided_at >= '2026-01-01' group by 1"),
    ("what percentage of quotes are sworn?", "select 100.0 * count(*) filter (sworn) / count(*) from quote join tongue using (tongue_code)"),
    ("how many clients are behind on payments?", f"select count(distinct client_id) from invoice join job using (job_id) {_CLIENT} where invoice.paid_on is null and invoice.due_on < '2026-11-20'"),
    ("outstanding balance by client", f"select client_name, sum(amount) from invoice join job using (job_id) {_CLIENT} where paid_on is null group by 1"),
    ("total outstanding", "select sum(amount) from invoice where paid_on is null"),
    ("translators earning more than 40000", "select translator_name from translator where salary > 40000"),
    ("how many quotes do we make per month on average?", "select count(*) / count(distinct date_trunc('month', sent_at)) from quote"),
    ("average budget of clients with approved vs rejected quotes", "select verdict, avg(yearly_budget) from (select distinct verdict, client_id, yearly_budget from quote join client using (client_id) where verdict in ('Approved', 'Rejected')) group by 1"),
    ("jobs with no invoice although they were delivered", "select job_id from job where stage = 'Delivered' and job_id not in (select job_id from invoice)"),
]  # fmt: skip


@pytest.fixture(scope="module")
def bureau(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(bureau: Session, question: str, gold: str) -> None:
    check(bureau, bureau.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    rng = random.Random(3)
    with filling(path, _TABLES) as put:
        for code, name, sworn in (("fr", "French", True), ("de", "German", False), ("ja", "Japanese", False)):
            put("tongue", code, name, sworn)
        for n in range(1, 91):
            put("client", n, f"Client {n}", rng.randrange(900, 60000), date(2022, 1, 1) + timedelta(days=n * 15))
        for n in range(1, 8):
            put("translator", n, f"Translator {n}", date(2018, 3, 1) + timedelta(days=n * 200), 28000 + 4000 * n)
        quotes = [(n, datetime(2025, 1, 6, 9) + timedelta(hours=n * 41)) for n in range(1, 391)]
        revision = 0
        for n, sent in quotes:
            verdict = "Waiting" if n > 380 else rng.choice(("Approved", "Approved", "Rejected"))
            decided = None if verdict == "Waiting" else sent + timedelta(hours=rng.randrange(3, 150))
            tongue, total = rng.choice(("fr", "de", "ja")), rng.randrange(80, 3000)
            client, translator = min(int(rng.expovariate(1 / 25)) + 1, 88), min(int(rng.expovariate(1 / 3)) + 1, 7)
            put("quote", n, client, tongue, translator, sent, verdict, decided, total)
            if verdict != "Approved" or decided is None:
                continue
            started = (decided + timedelta(days=2)).date()
            due, took = started + timedelta(days=14), rng.choice((8, 12, 14, 15, 19, 27))
            delivered = started + timedelta(days=took) if started + timedelta(days=took) <= TODAY else None
            stage = "Delivered" if delivered else "In work"
            put("job", n, n, started, due, delivered, rng.randrange(200, 9000), stage)
            for _ in range(rng.choice((0, 0, 1, 2))):
                revision += 1
                put("revision", revision, n, due)
            if delivered and rng.random() < 0.85:
                owed = delivered + timedelta(days=30)
                paid = owed + timedelta(days=rng.choice((-10, -2, 5))) if rng.random() < 0.8 else None
                put("invoice", n, n, total, owed, paid if paid and paid <= TODAY else None)
    return path
