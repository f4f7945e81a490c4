"""The embedded analyst reads a landlord that nobody described: flats are vacant where no lease runs today, leases expire
when they end, arrears are charges less payments. Asked on 20 November 2026."""

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
    "houses(house_id int primary key, house_name varchar, city varchar)",
    "flats(flat_id int primary key, house_id int references houses(house_id), flat_no varchar, beds int, sq_ft int, "
    "market_rent decimal(8,2), is_furnished boolean)",
    "tenants(tenant_id int primary key, full_name varchar)",
    "leases(lease_id int primary key, flat_id int references flats(flat_id), tenant_id int references tenants(tenant_id), "
    "start_date date, end_date date, monthly_rent decimal(8,2), terminated_on date)",
    "rent_charges(charge_id int primary key, lease_id int references leases(lease_id), due_date date, amount decimal(8,2))",
    "rent_payments(payment_id int primary key, charge_id int references rent_charges(charge_id), paid_date date, "
    "amount decimal(8,2))",
    "handymen(handyman_id int primary key, handyman_name varchar)",
    "repairs(repair_id int primary key, flat_id int references flats(flat_id), handyman_id int references "
    "handymen(handyman_id), opened_at timestamp, closed_at timestamp, cost decimal(8,2))",
)
_RUNS = "start_date <= '2026-11-20' and end_date >= '2026-11-20' and terminated_on is null"
_TAKEN = f"flat_id in (select flat_id from leases where {_RUNS})"
_LEFT = "sum(amount - coalesce((select sum(amount) from rent_payments p where p.charge_id = c.charge_id), 0))"
_CLOSED = "avg(date_diff('hour', opened_at, closed_at))"
QUESTIONS = [
    ("how many flats are vacant?", f"select count(*) from flats where not {_TAKEN}"),
    ("vacant flats by house", f"select house_name, count(*) from flats join houses using (house_id) where not {_TAKEN} group by 1"),
    ("occupancy rate", f"select 100.0 * count(*) filter (where {_TAKEN}) / count(*) from flats"),
    ("which leases expire in the next 60 days?", "select lease_id, start_date, end_date from leases where end_date > '2026-11-20' and end_date <= '2027-01-19'"),
    ("total arrears", f"select {_LEFT} from rent_charges c"),
    ("arrears by house", f"select house_name, {_LEFT} from rent_charges c join leases using (lease_id) join flats using (flat_id) join houses using (house_id) group by 1"),
    ("rent collected this month", "select sum(amount) from rent_payments where paid_date >= '2026-11-01' and paid_date < '2026-12-01'"),
    ("late payments this year by tenant", "select full_name, count(*) from rent_payments join rent_charges using (charge_id) join leases using (lease_id) join tenants using (tenant_id) where paid_date > due_date and year(paid_date) = 2026 group by 1"),
    ("two bedroom flats in Leeds", "select flat_no from flats join houses using (house_id) where beds = 2 and city = 'Leeds'"),
    ("how many 3-bedroom flats do we have", "select count(*) from flats where beds = 3"),
    ("biggest flat", "select flat_no, sq_ft from flats order by sq_ft desc limit 1"),
    ("difference between market rent and actual rent by flat", "select flat_no, max(market_rent) - sum(monthly_rent) from flats join leases using (flat_id) group by 1"),
    ("which handyman is slowest to close repairs?", f"select handyman_name, {_CLOSED} from repairs join handymen using (handyman_id) group by 1 order by 2 desc limit 1"),
    ("which handyman is fastest to close repairs?", f"select handyman_name, {_CLOSED} from repairs join handymen using (handyman_id) group by 1 order by 2 limit 1"),
]  # fmt: skip
UNREAD = ["how many early terminations did we have?", "move-ins by month"]


@pytest.fixture(scope="module")
def landlord(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(landlord: Session, question: str, gold: str) -> None:
    check(landlord, landlord.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", UNREAD)
def test_what_nothing_here_tells_is_not_answered(landlord: Session, question: str) -> None:
    assert landlord.ask(question, thread=question).outcome == "cannot"


def _build(path: Path) -> Path:
    chance = random.Random(51)
    with filling(path, _TABLES) as put:
        for n, (name, city) in enumerate([("Maple Court", "Leeds"), ("River House", "York"), ("Old Mill", "Hull")], 1):
            put("houses", n, name, city)
            put("handymen", n, ["FixIt", "Sparks", "Brush"][n - 1])
        for n in range(1, 41):
            rent = 700 + 150 * (n % 3) + 10 * (n % 7)
            put("flats", n, n % 3 + 1, f"{n:03d}", n // 3 % 3 + 1, 400 + 11 * n, rent, n % 5 == 0)
        for n in range(1, 51):
            put("tenants", n, f"Tenant {n:03d}")
        charges = 0
        for n in range(1, 46):
            flat, begins = (n - 1) % 40 + 1, date(2025, 9, 1) + timedelta(days=11 * n)
            ends = begins + timedelta(days=365)
            ended = begins + timedelta(days=90) if n % 13 == 0 else None
            rent = 690 + 150 * (flat % 3)
            put("leases", n, flat, n, begins, ends, rent, ended)
            due = begins
            while due < min(ended or ends, date(2026, 12, 1)):
                charges += 1
                put("rent_charges", charges, n, due, rent)
                part = chance.choices([0, 0.5, 1], [6, 4, 90])[0] if due < TODAY else 0
                if part:
                    put(
                        "rent_payments",
                        charges,
                        charges,
                        due + timedelta(days=chance.choice([-1, 0, 3, 9])),
                        rent * part,
                    )
                due += timedelta(days=30)
        for n in range(1, 201):
            opened = datetime(2025, 9, 2, 9) + timedelta(hours=50 * n)
            closed = opened + timedelta(hours=chance.choice([4, 20, 50]) + 10 * (n % 3)) if n % 25 else None
            put("repairs", n, chance.randint(1, 40), n % 3 + 1, opened, closed, 40 + n % 90)
    return path
