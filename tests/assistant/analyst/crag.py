"""A chain of climbing halls, which nobody described: seconds of an epoch, cents, codes in short, ends that are missing.

    nations(code, name, continent)
    climbers(climber_id, full_name, email, sex, nation_code, born_year, joined_ts, invited_by, newsletter, status)
    halls(hall_id, hall_name, city, floor_no, lockers)
    setters(setter_id, nickname, nation_code, mentor_id, first_season)
    styles(style_id, name)
    routes(route_id, hall_id, setter_id, route_name, kind, climb_sec, height_m, set_on, taken_down_on, kids_flag)
    route_styles(route_id, style_id, is_main)
    visits(visit_id, climber_id, hall_id, came_at, secs_inside, guided, rental)
    ascents(climber_id, route_id, done_at, stars, tries)
    pass_kinds(kind_code, label, monthly_cents, max_guests)
    passes(pass_id, climber_id, kind_code, coupon, started_ts, ended_ts, leave_reason)
    coupons(coupon, pct_off)
    bills(bill_no, pass_id, billed_ts, amount_cents, state)
    lessons(lesson_id, climber_id, setter_id, lesson_type, held_on, fee)
    reports(report_id, climber_id, opened_ts, closed_ts, topic, urgency)

It is asked on 30 November 2025.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "nations(code varchar, name varchar, continent varchar)",
    "climbers(climber_id integer, full_name varchar, email varchar, sex varchar, nation_code varchar, "
    "born_year integer, joined_ts bigint, invited_by integer, newsletter boolean, status varchar)",
    "halls(hall_id integer, hall_name varchar, city varchar, floor_no integer, lockers integer)",
    "setters(setter_id integer, nickname varchar, nation_code varchar, mentor_id integer, first_season integer)",
    "styles(style_id integer, name varchar)",
    "routes(route_id integer, hall_id integer, setter_id integer, route_name varchar, kind varchar, "
    "climb_sec integer, height_m integer, set_on date, taken_down_on date, kids_flag boolean)",
    "route_styles(route_id integer, style_id integer, is_main boolean)",
    "visits(visit_id integer, climber_id integer, hall_id integer, came_at bigint, secs_inside integer, "
    "guided boolean, rental boolean)",
    "ascents(climber_id integer, route_id integer, done_at bigint, stars integer, tries integer)",
    "pass_kinds(kind_code varchar, label varchar, monthly_cents integer, max_guests integer)",
    "passes(pass_id integer, climber_id integer, kind_code varchar, coupon varchar, started_ts bigint, "
    "ended_ts bigint, leave_reason varchar)",
    "coupons(coupon varchar, pct_off integer)",
    "bills(bill_no varchar, pass_id integer, billed_ts bigint, amount_cents integer, state varchar)",
    "lessons(lesson_id integer, climber_id integer, setter_id integer, lesson_type varchar, held_on date, fee double)",
    "reports(report_id integer, climber_id integer, opened_ts bigint, closed_ts bigint, topic varchar, "
    "urgency varchar)",
)
_FIRST = ["Ana", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gia", "Hugo", "Ida", "Jon"]
_LAST = ["Roth", "Vane", "Lund", "Moss", "Thorne", "Quist", "Thun"]
_NATIONS = [
    ("DE", "Germany", "Europe"), ("FR", "France", "Europe"), ("GB", "United Kingdom", "Europe"),
    ("US", "United States", "Americas"), ("BR", "Brazil", "Americas"), ("JP", "Japan", "Asia"),
]  # fmt: skip
_ADJECTIVES = ["Silent", "Red", "Crooked", "Lost", "Golden"]
_NOUNS = ["Moon", "Corner", "Needle", "Moon Arch", "Door", "Spider"]
_NOW = datetime(2025, 11, 30, tzinfo=UTC)


def _epoch(moment: datetime) -> int:
    return int(moment.timestamp())


def build(path: Path) -> Path:
    chance = random.Random(11)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    start = datetime(2024, 1, 2, 9, tzinfo=UTC)
    rows["nations"] = list(_NATIONS)
    rows["styles"] = [(1, "Slab"), (2, "Overhang"), (3, "Dyno"), (4, "Crack"), (5, "Chimney")]
    rows["halls"] = [
        (1, "Northwall", "Bonn", 1, 40), (2, "Cave", "Lyon", 2, 24), (3, "Rooftop", "Bonn", 3, 18),
        (4, "Annex", "Lille", 2, 8),
    ]  # fmt: skip
    rows["pass_kinds"] = [
        ("TRIAL", "Trial", 0, 0), ("SOLO", "Solo", 3900, 0), ("TEAM", "Household", 6900, 3), ("GOLD", "Gold", 9900, 2),
    ]  # fmt: skip
    rows["coupons"] = [("MAY20", 20), ("VIP", 50), ("OPENING", 30), ("NONE5", 5)]
    for n in range(1, 9):
        mentor = None if n <= 2 else 1 + n % 3
        rows["setters"].append((n, f"{_NOUNS[n % 6]}{n}", _NATIONS[n % 6][0], mentor, 2010 + n))
    for n in range(1, 71):
        name = f"{_FIRST[n % 10]} {_LAST[n % 7]}"
        mail = f"{name.lower().replace(' ', '.')}{n}@{['gmail.com', 'web.de', 'mail.fr'][n % 3]}"
        joined = start + timedelta(days=9 * n, hours=n % 7)
        inviter = chance.randint(1, n - 1) if n > 5 and n % 4 == 0 else None
        sex = "x" if n % 23 == 0 else "fm"[n % 2]
        status = "active" if n % 6 else "closed"
        rows["climbers"].append(
            (n, name, mail, sex, _NATIONS[n % 5][0], 1960 + n % 45, _epoch(joined), inviter, n % 3 == 0, status)
        )
    for n in range(1, 46):
        hall, setter = 1 + n % 3, 1 + n % 6
        kind = ["boulder", "lead", "speed_run"][0 if n % 2 else 1 + n % 3 // 2]
        name = f"{_ADJECTIVES[n % 5]} {_NOUNS[n % 6]}"
        put = date(2024, 2, 1) + timedelta(days=11 * n)
        down = put + timedelta(days=70 + n) if n % 3 else None
        rows["routes"].append((n, hall, setter, name, kind, 60 + 17 * (n * 7 % 31), 4 + n % 15, put, down, n % 5 == 0))
        for m, style in enumerate(chance.sample([1, 2, 3, 4], 1 + n % 2)):
            rows["route_styles"].append((n, style, m == 0))
    for n in range(1, 421):
        came = start + timedelta(hours=39 * n + n % 11)
        if came > _NOW:
            break
        rows["visits"].append(
            (n, chance.randint(1, 58), chance.choice([1, 1, 2, 2, 3]), _epoch(came), 1800 + 60 * chance.randint(0, 150),
             n % 4 == 0, chance.random() < 0.4)
        )  # fmt: skip
    pairs = sorted({(chance.randint(1, 50), chance.randint(1, 43)) for _ in range(190)})
    for n, (climber, route) in enumerate(pairs):
        done = start + timedelta(days=200 + 3 * n % 480)
        stars = chance.randint(1, 5) if n % 5 else None
        rows["ascents"].append((climber, route, _epoch(done), stars, chance.randint(1, 9)))
    bill = 500
    for n in range(1, 66):
        kind = chance.choice(["TRIAL", "SOLO", "SOLO", "TEAM", "GOLD"])
        begun = start + timedelta(days=9 * n, hours=5)
        ended = begun + timedelta(days=chance.randint(20, 300)) if n % 3 == 0 else None
        ended = ended if ended and ended < _NOW else None
        reason = chance.choice(["moved away", "price", "injury"]) if ended else None
        coupon = chance.choice(["MAY20", "VIP", "OPENING", None, None])
        rows["passes"].append(
            (n, n, kind, coupon, _epoch(begun), _epoch(ended) if ended else None, reason)
        )  # fmt: skip
        price = next(k[2] for k in rows["pass_kinds"] if k[0] == kind)
        month = begun
        while month < (ended or _NOW) and price:
            bill += 1
            state = chance.choices(["paid", "failed", "refunded"], [8, 1, 1])[0]
            rows["bills"].append((f"B-{bill}", n, _epoch(month), price, state))
            month += timedelta(days=61)
    for n in range(1, 121):
        held = date(2024, 6, 1) + timedelta(days=9 * n // 2)
        kind = chance.choice(["PVT", "GRP", "KID", "GRP"])
        rows["lessons"].append((n, chance.randint(1, 60), chance.randint(1, 7), kind, held, 25.0 + n % 4 * 10))
    for n in range(1, 51):
        opened = start + timedelta(days=13 * n, hours=n % 9)
        closed = opened + timedelta(hours=5 + 7 * n) if n % 4 else None
        closed = closed if closed and closed < _NOW else None
        rows["reports"].append(
            (n, chance.randint(1, 60), _epoch(opened), _epoch(closed) if closed else None,
             ["door", "heating", "locker"][n % 3], f"U{1 + n % 3}")
        )  # fmt: skip
    for table, given in rows.items():
        marks = ", ".join("?" * len(given[0]))
        con.executemany(f"insert into {table} values ({marks})", given)
    con.close()
    return path
