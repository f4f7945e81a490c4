"""A bicycle shop that nobody described: five tables with undeclared keys, made up for these tests.

    stores(store_id, name, city, state)
    customers(customer_id, name, email, city, gender, segment, signed_up)
    products(product_id, name, category, brand, list_price)
    orders(order_id, customer_id, store_id, ordered_at, status, channel)
    order_lines(order_id, line_no, product_id, quantity, amount, discount)

Orders run from 2 January 2023 to 31 December 2024; six customers never ordered; one product was never sold.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

STORES = [
    (1, "Harbour", "Boston", "MA"), (2, "Mission", "San Francisco", "CA"), (3, "Lakeside", "Chicago", "IL"), (4, "Sunset", "Los Angeles", "CA"),
]  # fmt: skip
PRODUCTS = [
    (1, "Gravel King", "Bikes", "Velo", 1450.0), (2, "City Comfort", "Bikes", "Urbane", 780.0), (3, "Kids Racer", "Bikes", "Velo", 320.0),
    (4, "Carbon Aero", "Bikes", "Zephyr", 4200.0), (5, "Trail Helmet", "Helmets", "Safe", 85.0), (6, "Road Helmet", "Helmets", "Safe", 120.0),
    (7, "Rain Jacket", "Clothing", "Urbane", 95.0), (8, "Merino Jersey", "Clothing", "Zephyr", 110.0), (9, "U-Lock", "Accessories", "Safe", 55.0),
    (10, "Floor Pump", "Accessories", "Velo", 45.0), (11, "Bell", "Accessories", "Urbane", 12.0), (12, "Titanium Bell", "Accessories", "Zephyr", 60.0),
]  # fmt: skip
FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gia",
    "Hugo",
    "Iris",
    "Jack",
    "Kira",
    "Leo",
    "Mona",
    "Ned",
    "Olga",
    "Pete",
    "Quinn",
    "Rosa",
    "Sam",
    "Tess",
]
LAST = ["Archer", "Brook", "Carter"]
SEGMENTS = ["Commuter", "Racer", "Family"]
CITIES = ["Boston", "San Francisco", "Chicago", "Los Angeles", "Springfield"]


def build(path: Path) -> Path:
    chance = random.Random(7)
    con = duckdb.connect(str(path))
    con.execute("create table stores(store_id integer, name varchar, city varchar, state varchar)")
    con.executemany("insert into stores values (?, ?, ?, ?)", STORES)
    con.execute(
        "create table customers(customer_id integer, name varchar, email varchar, city varchar, gender varchar, segment varchar, signed_up date)"
    )
    people = []
    for n in range(60):
        name = f"{FIRST[n % 20]} {LAST[n // 20]}"
        signed = datetime(2022, 1, 1) + timedelta(days=chance.randrange(1000))
        people.append(
            (
                n + 1,
                name,
                name.lower().replace(" ", ".") + "@example.com",
                chance.choice(CITIES),
                chance.choice("MF"),
                chance.choice(SEGMENTS),
                signed.date(),
            )
        )
    con.executemany("insert into customers values (?, ?, ?, ?, ?, ?, ?)", people)
    con.execute(
        "create table products(product_id integer, name varchar, category varchar, brand varchar, list_price double)"
    )
    con.executemany("insert into products values (?, ?, ?, ?, ?)", PRODUCTS)
    con.execute(
        "create table orders(order_id integer, customer_id integer, store_id integer, ordered_at timestamp, status varchar, channel varchar)"
    )
    con.execute(
        "create table order_lines(order_id integer, line_no integer, product_id integer, quantity integer, amount double, discount double)"
    )
    orders, lines = [], []
    for n in range(900):
        when = datetime(2023, 1, 2, 9) + timedelta(hours=chance.randrange(729 * 24) // 24 * 24 + chance.randrange(9))
        if n == 899:
            when = datetime(2024, 12, 31, 16)
        orders.append(
            (1000 + n, chance.randint(1, 54), chance.randint(1, 4), when, chance.choice(["completed"] * 7 + ["cancelled", "returned", "pending"]),
             chance.choice(["online", "in store", "phone"]))
        )  # fmt: skip
        for line in range(chance.choice([1, 1, 1, 2, 2, 3])):
            product = PRODUCTS[chance.choice([0, 1, 1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 8, 9, 9, 10, 10])]
            quantity = chance.choice([1, 1, 1, 2, 3])
            discount = round(product[4] * quantity * chance.choice([0, 0, 0, 0.1, 0.2]), 2)
            lines.append(
                (1000 + n, line + 1, product[0], quantity, round(product[4] * quantity - discount, 2), discount)
            )
    con.executemany("insert into orders values (?, ?, ?, ?, ?, ?)", orders)
    con.executemany("insert into order_lines values (?, ?, ?, ?, ?, ?)", lines)
    con.close()
    return path
