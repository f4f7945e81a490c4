"""The embedded analyst reads a swim school that nobody described: what failed is dated by when it was due, who was absent
by when the lesson was, what is still to come by when it takes place; a lesson is called what its kind is. Asked on 20
November 2026."""

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
    "coach(coach_id int primary key, coach_name varchar)",
    "pupil(pupil_id int primary key, pupil_name varchar, age_band varchar, enrolled_on date)",
    "pass_kind(kind_id int primary key, kind_name varchar, monthly_price decimal(8,2))",
    "swim_pass(pass_id int primary key, pupil_id int references pupil(pupil_id), kind_id int references "
    "pass_kind(kind_id), valid_from date, valid_until date, state varchar, left_on date, leaving_reason varchar)",
    "pause(pause_id int primary key, pass_id int references swim_pass(pass_id), paused_from date, paused_to date, reason "
    "varchar)",
    "lesson_type(type_id int primary key, type_name varchar)",
    "lesson(lesson_id int primary key, type_id int references lesson_type(type_id), coach_id int references "
    "coach(coach_id), starts_at timestamp, places int)",
    "reservation(reservation_id int primary key, lesson_id int references lesson(lesson_id), pupil_id int references "
    "pupil(pupil_id), reserved_at timestamp, outcome varchar)",
    "payment(payment_id int primary key, pupil_id int references pupil(pupil_id), pass_id int references "
    "swim_pass(pass_id), due_on date, received_on date, amount decimal(8,2), state varchar, bounce_reason varchar)",
    "shop_sale(sale_id int primary key, pupil_id int references pupil(pupil_id), sold_on date, price decimal(8,2))",
)
_OCTOBER = ">= '2026-10-01' and {0} < '2026-11-01'"
_DUE = f"due_on {_OCTOBER.format('due_on')}"
_HELD = f"starts_at {_OCTOBER.format('starts_at')}"
_BOOKED = "reservation join lesson using (lesson_id)"
_KEPT = "state not in ('bounced', 'refunded', 'pending')"
QUESTIONS = [
    ("how many payments bounced last month?", f"select count(*) from payment where state = 'bounced' and {_DUE}"),
    ("what share of payments bounced last month?", f"select 100.0 * count(*) filter (where state = 'bounced') / count(*) from payment where {_DUE}"),
    ("bounced payments by month", "select date_trunc('month', due_on), count(*) from payment where state = 'bounced' group by 1"),
    ("which pupils have a bounced payment last month?", f"select pupil_name from pupil where pupil_id in (select pupil_id from payment where state = 'bounced' and {_DUE})"),
    ("bounced payments by reason", "select bounce_reason, count(*) from payment where state = 'bounced' group by 1"),
    ("how many payments did we get last month?", "select count(*) from payment where received_on >= '2026-10-01' and received_on < '2026-11-01'"),
    ("payments more than 10 days late last month", "select count(*) from payment where received_on > due_on + 10 and received_on >= '2026-10-01' and received_on < '2026-11-01'"),
    ("how much did we collect last month?", f"select sum(amount) from payment where {_KEPT} and received_on >= '2026-10-01' and received_on < '2026-11-01'"),
    ("revenue by kind of pass this year", f"select kind_name, sum(amount) from payment join swim_pass using (pass_id) join pass_kind using (kind_id) where payment.{_KEPT} and year(received_on) = 2026 group by 1"),
    ("total revenue this year", "select sum(price) from shop_sale where year(sold_on) = 2026"),
    ("who missed the most lessons this year?", f"select pupil_name, count(*) from {_BOOKED} join pupil using (pupil_id) where outcome = 'no-show' and year(starts_at) = 2026 group by 1 order by 2 desc limit 1"),
    ("which pupils missed more than 2 lessons this year?", f"select pupil_name, count(*) from {_BOOKED} join pupil using (pupil_id) where outcome = 'no-show' and year(starts_at) = 2026 group by 1 having count(*) > 2"),
    ("how many lessons were missed last month?", f"select count(*) from {_BOOKED} where outcome = 'no-show' and {_HELD}"),
    ("no-shows last month", f"select count(*) from {_BOOKED} where outcome = 'no-show' and {_HELD}"),
    ("how many reservations last month?", "select count(*) from reservation where reserved_at >= '2026-10-01' and reserved_at < '2026-11-01'"),
    ("which upcoming lessons have no coach?", "select lesson_id from lesson where coach_id is null and starts_at >= '2026-11-21'"),
    ("how many upcoming lessons are there?", "select count(*) from lesson where starts_at >= '2026-11-21'"),
    ("how many future reservations are there?", f"select count(*) from {_BOOKED} where starts_at >= '2026-11-21'"),
    ("most popular lesson", f"select type_name, count(*) from {_BOOKED} join lesson_type using (type_id) group by 1 order by 2 desc limit 1"),
    ("which coach taught the most lessons last month?", f"select coach_name, count(*) from lesson join coach using (coach_id) where {_HELD} group by 1 order by 2 desc limit 1"),
    ("how many people left their pass this year?", "select count(*) from pupil where pupil_id in (select pupil_id from swim_pass where year(left_on) = 2026)"),
    ("how many pupils enrolled in 2025 and are still active?", "select count(*) from pupil where year(enrolled_on) = 2025 and pupil_id in (select pupil_id from swim_pass where state = 'active')"),
    ("how many pupils enrolled in 2025?", "select count(*) from pupil where year(enrolled_on) = 2025"),
    ("which pupils paused their pass?", "select pupil_name from pupil where pupil_id in (select pupil_id from swim_pass where state = 'paused')"),
    ("no-show rate by lesson", f"select type_name, 100.0 * count(*) filter (where outcome = 'no-show') / count(*) from {_BOOKED} join lesson_type using (type_id) group by 1"),
    ("what are the top reasons for leaving this year?", "select leaving_reason, count(*) from swim_pass where year(left_on) = 2026 and leaving_reason is not null group by 1 order by 2 desc"),
    ("age band split of our pupils", "select age_band, count(*) from pupil group by 1"),
    ("how many passes expire next month?", "select count(*) from swim_pass where valid_until >= '2026-12-01' and valid_until < '2027-01-01'"),
    ("how many passes have expired?", "select count(*) from swim_pass where state = 'expired'"),
    ("how many passes are currently paused?", "select count(*) from swim_pass where state = 'paused'"),
]  # fmt: skip


@pytest.fixture(scope="module")
def swimschool(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(swimschool: Session, question: str, gold: str) -> None:
    check(swimschool, swimschool.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    chance = random.Random(23)
    with filling(path, _TABLES) as put:
        for n, name in enumerate(("Ann Alder", "Ben Birch", "Cat Cedar", "Dan Dogwood"), 1):
            put("coach", n, name)
        for n, (name, price) in enumerate([("Tadpole", 18), ("Dolphin", 24), ("Family", 55)], 1):
            put("pass_kind", n, name, price)
        for n, name in enumerate(("Front Crawl", "Diving", "Water Polo", "Lifesaving"), 1):
            put("lesson_type", n, name)
        payments = pauses = 0
        for n in range(1, 121):
            enrolled = date(2025, 1, 6) + timedelta(4 * n)
            put("pupil", n, f"Pupil {n:03d}", ("under 8", "8 to 12", "over 12")[n * n % 3], enrolled)
            state = chance.choices(("active", "paused", "expired", "left"), (6, 1, 1, 2))[0]
            left = enrolled + timedelta(chance.randint(40, 150)) if state == "left" else None
            left = left if left is None or left <= TODAY else TODAY
            why = chance.choice(("Moved", "Cost", "Cost", "Time")) if left and chance.random() < 0.9 else None
            until = TODAY - timedelta(n) if state == "expired" else TODAY + timedelta(chance.randint(3, 200))
            kind = chance.randint(1, 3)
            put("swim_pass", n, n, kind, enrolled + timedelta(25), until, state, left, why)
            if n % 4 == 0:
                pauses += 1
                since = enrolled + timedelta(20)
                put("pause", pauses, n, since, since + timedelta(30), chance.choice(("Holiday", "Illness")))
            due = max(enrolled, date(2026, 3, 1) + timedelta(n % 28))
            while due < TODAY + timedelta(14):
                payments += 1
                how = chance.choices(("received", "bounced", "refunded"), (20, 3, 1))[0]
                received = due + timedelta(chance.choice((0, 0, 1, 4, 12, 20))) if how != "bounced" else None
                if due > TODAY or (received and received > TODAY):
                    how, received = "pending", None
                why_not = chance.choice(("No funds", "Account closed")) if how == "bounced" else None
                put("payment", payments, n, n, due, received, (18, 24, 55)[kind - 1], how, why_not)
                due += timedelta(30)
            put("shop_sale", n, n, date(2026, 1, 3) + timedelta(2 * n), chance.choice((4, 9, 15)))
        reserved = 0
        for n in range(1, 221):
            starts = datetime(2026, 1, 5, 17) + timedelta(days=int(1.5 * n), hours=n % 3)
            coach = None if starts.date() > TODAY and n % 5 == 0 else chance.randint(1, 4)
            put("lesson", n, chance.choices((1, 2, 3, 4), (5, 3, 2, 1))[0], coach, starts, 8)
            for pupil in chance.sample(range(1, 121), chance.randint(2, 8)):
                reserved += 1
                at = min(starts - timedelta(days=chance.randint(1, 12)), datetime(2026, 11, 19, 12))
                came = chance.choices(("attended", "no-show", "cancelled"), (7, 2, 1))[0]
                put("reservation", reserved, n, pupil, at, came if starts.date() <= TODAY else "reserved")
    return path
