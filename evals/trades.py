"""Small made-up businesses, one of each industry that has a template: what happens to each person is planted, and asked
for by `OUTCOMES`.

Each has people of whom half are `risky`; the outcome of the trade comes to them far more often.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

END = date(2024, 6, 30)
_START, _LAST = datetime(2023, 1, 2), datetime(2024, 6, 30)


def _visits(chance: random.Random, people: int, gap: float) -> list[tuple[int, bool, datetime]]:
    found = []
    for person in range(1, people + 1):
        moment = _START + timedelta(days=chance.uniform(0, 2 * gap))
        while moment < _LAST:
            found.append((person, person % 2 == 0, moment))
            moment += timedelta(days=chance.uniform(0.4, 1.6) * gap)
    return sorted(found, key=lambda v: v[2])


def _write(path: Path, tables: dict[str, tuple[list[str], list[tuple[Any, ...]], str]]) -> Path:
    with duckdb.connect(str(path)) as con:
        for name, (columns, rows, key) in tables.items():
            frame = pd.DataFrame(rows, columns=columns)
            con.register("f", frame)
            con.execute(f"create table {name} as select * from f")
            con.execute(f"alter table {name} add primary key ({key})")
            con.unregister("f")
    return path


def _people(chance: random.Random, count: int) -> list[tuple[Any, ...]]:
    return [(n, f"Person {n}", chance.randint(20, 80), chance.choice(("North", "South"))) for n in range(1, count + 1)]


def healthcare(path: Path) -> Path:
    chance, wards = random.Random(1), ("Surgery", "Cardiology", "Neurology")
    seen = [(n, p, chance.choice(wards), t, chance.random() < (0.5 if risky else 0.04), round(chance.uniform(40, 200), 2))
            for n, (p, risky, t) in enumerate(_visits(chance, 260, 30), 1)]  # fmt: skip
    stays = [(n, p, t, t + timedelta(days=chance.randint(1, 6)), chance.choice(("Heart failure", "Fracture")))
             for n, (p, risky, t) in enumerate([v for v in _visits(chance, 260, 25) if chance.random() < (0.7 if v[1] else 0.1)], 1)]  # fmt: skip
    return _write(path, {
        "patients": (["patient_id", "patient_name", "age", "district"], _people(chance, 260), "patient_id"),
        "appointments": (["appointment_id", "patient_id", "clinic", "starts_at", "no_show", "charge"], seen, "appointment_id"),
        "admissions": (["admission_id", "patient_id", "admitted_at", "discharged_at", "diagnosis"], stays, "admission_id"),
    })  # fmt: skip


def restaurant(path: Path) -> Path:
    chance = random.Random(2)
    rows = [(n, p, t, chance.randint(1, 6), "no_show" if chance.random() < (0.5 if risky else 0.04) else "seated", round(chance.uniform(20, 90), 2))
            for n, (p, risky, t) in enumerate(_visits(chance, 260, 12), 1)]  # fmt: skip
    menu = [(n, f"Dish {n}", chance.choice(("Starter", "Main")), 8.0 + n) for n in range(1, 20)]
    return _write(path, {
        "guests": (["guest_id", "guest_name", "age", "district"], _people(chance, 260), "guest_id"),
        "reservations": (["reservation_id", "guest_id", "reserved_for", "party_size", "status", "bill"], rows, "reservation_id"),
        "menu_items": (["menu_item_id", "dish", "course", "list_price"], menu, "menu_item_id"),
    })  # fmt: skip


def automotive(path: Path) -> Path:
    chance = random.Random(3)
    rows = [(n, p, t, chance.choice(("Brakes", "Oil", "Engine")), chance.randint(10_000, 90_000), round(chance.uniform(80, 900), 2))
            for n, (p, risky, t) in enumerate([v for v in _visits(chance, 300, 30) if chance.random() < (0.8 if v[1] else 0.15)], 1)]  # fmt: skip
    cars = [
        (n, n, chance.choice(("Falcon", "Lynx")), f"VIN{n:05}", chance.choice(("Diesel", "Petrol")))
        for n in range(1, 301)
    ]
    return _write(path, {
        "owners": (["owner_id", "owner_name", "age", "district"], _people(chance, 300), "owner_id"),
        "vehicles": (["vehicle_id", "owner_no", "model_line", "vin", "fuel_type"], cars, "vehicle_id"),
        "repair_orders": (["repair_order_id", "owner_id", "opened_at", "job", "mileage", "charged"], rows, "repair_order_id"),
    })  # fmt: skip


def finance(path: Path) -> Path:
    chance = random.Random(4)
    rows = []
    for n, (p, risky, t) in enumerate(_visits(chance, 300, 30), 1):
        late = chance.random() < (0.45 if risky else 0.05)
        paid = t + timedelta(days=chance.randint(3, 20) if late else -chance.randint(0, 5))
        rows.append((n, p, t.date(), paid.date(), round(chance.uniform(100, 400), 2)))
    loans = [
        (n, n, round(chance.uniform(1000, 9000), 2), round(chance.uniform(2, 9), 2), chance.choice(("Car", "Home")))
        for n in range(1, 301)
    ]
    return _write(path, {
        "borrowers": (["borrower_id", "borrower_name", "age", "district"], _people(chance, 300), "borrower_id"),
        "loans": (["loan_id", "borrower_no", "principal", "interest_rate", "purpose"], loans, "loan_id"),
        "installments": (["installment_id", "borrower_id", "due_date", "paid_date", "amount"], rows, "installment_id"),
    })  # fmt: skip


def retail(path: Path) -> Path:
    chance = random.Random(5)
    rows = [(n, p, chance.randint(1, 20), t, chance.choice(("Web", "Shop")), chance.random() < (0.35 if risky else 0.03), round(chance.uniform(10, 60), 2))
            for n, (p, risky, t) in enumerate(_visits(chance, 260, 14), 1)]  # fmt: skip
    goods = [(n, f"SKU{n}", chance.choice(("Shirts", "Shoes")), chance.choice(("Own", "Other"))) for n in range(1, 21)]
    return _write(path, {
        "customers": (["customer_id", "customer_name", "age", "district"], _people(chance, 260), "customer_id"),
        "products": (["product_id", "sku", "product_category", "brand"], goods, "product_id"),
        "orders": (["order_id", "customer_id", "product_id", "ordered_at", "channel", "returned", "amount"], rows, "order_id"),
    })  # fmt: skip


OUTCOMES = {
    "automotive": "which owners are likely to come back for a repair?",
    "finance": "which borrowers are likely to pay late?",
    "healthcare": "which patients are likely to miss their appointment?",
    "restaurant": "which guests are likely to be a no-show?",
    "retail": "which customers are likely to return something?",
}
BUILDERS = {
    "automotive": automotive,
    "finance": finance,
    "healthcare": healthcare,
    "restaurant": restaurant,
    "retail": retail,
}
