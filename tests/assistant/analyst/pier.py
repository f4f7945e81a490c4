"""A pier that nobody described: boat trips, tickets without a date of their own, bills paid late or not at all, reviews,
and animals to look at. Asked on 30 June 2026.

    guests(guest_id, first_name, last_name, date_of_birth, do_not_email)
    bookings(booking_id, guest_id, booked_at, channel)
    trips(trip_id, boat, skipper, departs_at)
    tickets(ticket_id, booking_id, trip_id, price_paid, booking_fee, scanned_at)
    refunds(refund_id, ticket_id, requested_on, refund_amount, approved)
    bills(bill_id, guest_id, issued_on, paid_on, total)
    gift_pledges(pledge_id, guest_id, pledged_on, amount_pledged, amount_received, state)
    animals(animal_id, animal_name, species, born_on, died_on)
    helpers(helper_id, full_name, birth_date, joined_on, left_on, monthly_salary)
    reviews(review_id, guest_id, written_on, stars, body)
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

TODAY = date(2026, 6, 30)
_TABLES = (
    "guests(guest_id integer primary key, first_name varchar, last_name varchar, date_of_birth date, "
    "do_not_email boolean)",
    "bookings(booking_id integer primary key, guest_id integer references guests(guest_id), booked_at timestamp, "
    "channel varchar)",
    "trips(trip_id integer primary key, boat varchar, skipper varchar, departs_at timestamp)",
    "tickets(ticket_id integer primary key, booking_id integer references bookings(booking_id), trip_id integer "
    "references trips(trip_id), price_paid decimal(8,2), booking_fee decimal(8,2), scanned_at timestamp)",
    "refunds(refund_id integer primary key, ticket_id integer references tickets(ticket_id), requested_on date, "
    "refund_amount decimal(8,2), approved boolean)",
    "bills(bill_id integer primary key, guest_id integer references guests(guest_id), issued_on date, paid_on date, "
    "total decimal(8,2))",
    "gift_pledges(pledge_id integer primary key, guest_id integer references guests(guest_id), pledged_on date, "
    "amount_pledged decimal(8,2), amount_received decimal(8,2), state varchar)",
    "animals(animal_id integer primary key, animal_name varchar, species varchar, born_on date, died_on date)",
    "helpers(helper_id integer primary key, full_name varchar, birth_date date, joined_on date, left_on date, "
    "monthly_salary decimal(8,2))",
    "reviews(review_id integer primary key, guest_id integer references guests(guest_id), written_on date, "
    "stars integer, body varchar)",
)
_FIRST = ["Ana", "Ben", "Carl", "Dina", "Ed", "Fay", "Gus", "Hana", "Ian", "Jo"]
_LAST = ["Moss", "Reed", "Stone", "Vale", "West", "York"]
_BODIES = [
    "The parking was too dear and we waited an hour",
    "A lovely crew and the music was great",
    "Not worth the money, it rained and there was no cover",
    "My kids loved the seals, we will be back",
    "The toilets were closed and nobody told us why",
    "Great views but the boat was late",
]


def build(path: Path) -> Path:
    chance = random.Random(23)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    for n in range(1, 61):
        born = date(1945, 3, 1) + timedelta(days=330 * n)
        row = (n, _FIRST[n % 10], _LAST[n % 6], born, n % 9 == 0)
        con.execute("insert into guests values (?, ?, ?, ?, ?)", row)
    for n in range(1, 41):
        departs = datetime(2025, 8, 1, 10 + n % 6) + timedelta(days=8 * n)
        boat, skipper = ["Heron", "Tern", "Gull"][n % 3], ["R. Blake", "S. Quinn"][n % 2]
        con.execute("insert into trips values (?, ?, ?, ?)", (n, boat, skipper, departs))
    ticket = 0
    for n in range(1, 161):
        booked = datetime(2025, 7, 3, 9) + timedelta(days=2.2 * n)
        row = (n, chance.randint(1, 60), booked, chance.choice(["web", "kiosk", "phone"]))
        con.execute("insert into bookings values (?, ?, ?, ?)", row)
        for _ in range(chance.randint(1, 4)):
            ticket += 1
            trip = chance.randint(1, 40)
            scanned = booked + timedelta(days=12) if chance.random() < 0.7 else None
            row = (ticket, n, trip, chance.choice([18, 24.5, 31]), 1.5, scanned)
            con.execute("insert into tickets values (?, ?, ?, ?, ?, ?)", row)
    for n in range(1, 31):
        asked, decision = date(2025, 9, 1) + timedelta(days=10 * n), chance.choice([True, True, False, None])
        con.execute("insert into refunds values (?, ?, ?, ?, ?)", (n, 7 * n, asked, 9 + n % 4, decision))
    for n in range(1, 71):
        issued = date(2025, 7, 5) + timedelta(days=5 * n)
        paid = issued + timedelta(days=chance.randint(2, 40)) if chance.random() < 0.75 else None
        con.execute("insert into bills values (?, ?, ?, ?, ?)", (n, chance.randint(1, 60), issued, paid, 40 + 3 * n))
    for n in range(1, 21):
        pledged, closed = 100 + 10 * n, n % 3 == 0
        row = (n, n * 2, date(2025, 9, 1) + timedelta(days=14 * n), pledged, pledged if closed else n * 5,
               "fulfilled" if closed else "open")  # fmt: skip
        con.execute("insert into gift_pledges values (?, ?, ?, ?, ?, ?)", row)
    for n in range(1, 31):
        born = date(2009, 5, 1) + timedelta(days=190 * n)
        died = date(2026, 1, 4) + timedelta(days=5 * n) if n % 5 == 1 else None
        row = (n, f"{_FIRST[n % 10]}", ["seal", "otter", "puffin"][n % 3], born, died)
        con.execute("insert into animals values (?, ?, ?, ?, ?)", row)
    for n in range(1, 25):
        born, joined = date(1940, 6, 1) + timedelta(days=900 * n), date(2019, 2, 1) + timedelta(days=95 * n)
        left = date(2025, 9, 1) + timedelta(days=40 * n) if n % 4 == 0 else None
        row = (n, f"{_FIRST[n % 10]} {_LAST[n % 6]}", born, joined, left, 900 + 37 * n)
        con.execute("insert into helpers values (?, ?, ?, ?, ?, ?)", row)
    for n in range(1, 49):
        row = (n, chance.randint(1, 60), date(2025, 8, 1) + timedelta(days=6 * n), n % 5 + 1, _BODIES[n % 6])
        con.execute("insert into reviews values (?, ?, ?, ?, ?)", row)
    con.close()
    return path
