"""A cooperative of fruit growers, which nobody described: codes with a list of what they mean, days as texts, cents,
results with their limits, rows that refer to what is no longer there.

    countries(iso2, name, region)
    growers(grower_id, first_nm, last_nm, village, country_iso, joined_on, left_on, sponsor_id)
    orchards(orchard_id, orchard_nm, grower_id, hectares, planted_on)
    variety_codes(variety_cd, variety_desc, fruit)
    pickers(picker_id, full_name, sex, dob, agency)
    pickings(picking_id, orchard_id, variety_cd, picker_id, picked_at, kg, grade)
    buyers(buyer_id, buyer_nm, buyer_typ, credit_limit_eur, active_fl)
    stage_lkp(stage_cd, stage_desc)
    consignments(consignment_id, buyer_id, orchard_id, ordered_on, promised_on, delivered_on, stage_cd, weight_kg, dist_km,
                 price_eur, disc_pct)
    bills(bill_no, consignment_id, bill_dt, paid_dt, amount_cents, state)
    substances(substance_cd, substance_nm, unit, limit_hi)
    residue_results(res_id, consignment_id, substance_cd, res_val, taken_dt)
    complaints(complaint_id, consignment_id, opened_on, closed_on, topic, urgency, complaint_txt)

It is asked on 30 June 2026.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "countries(iso2 varchar, name varchar, region varchar)",
    "growers(grower_id integer, first_nm varchar, last_nm varchar, village varchar, country_iso varchar, "
    "joined_on date, left_on date, sponsor_id integer)",
    "orchards(orchard_id integer, orchard_nm varchar, grower_id integer, hectares double, planted_on date)",
    "variety_codes(variety_cd varchar, variety_desc varchar, fruit varchar)",
    "pickers(picker_id integer, full_name varchar, sex varchar, dob date, agency varchar)",
    "pickings(picking_id integer, orchard_id integer, variety_cd varchar, picker_id integer, picked_at timestamp, "
    "kg double, grade varchar)",
    "buyers(buyer_id integer, buyer_nm varchar, buyer_typ varchar, credit_limit_eur integer, active_fl varchar)",
    "stage_lkp(stage_cd varchar, stage_desc varchar)",
    "consignments(consignment_id integer, buyer_id integer, orchard_id integer, ordered_on date, promised_on date, "
    "delivered_on date, stage_cd varchar, weight_kg integer, dist_km integer, price_eur double, disc_pct double)",
    "bills(bill_no integer, consignment_id integer, bill_dt varchar, paid_dt varchar, amount_cents integer, "
    "state varchar)",
    "substances(substance_cd varchar, substance_nm varchar, unit varchar, limit_hi double)",
    "residue_results(res_id integer, consignment_id integer, substance_cd varchar, res_val double, taken_dt date)",
    "complaints(complaint_id integer, consignment_id integer, opened_on date, closed_on date, topic varchar, "
    "urgency varchar, complaint_txt varchar)",
)
_FIRST = ["Alma", "Bruno", "Carla", "Dario", "Edda", "Fabio", "Greta", "Henk", "Ines", "Jakob", "Karin"]
_LAST = ["Aigner", "Bassi", "Conti", "Dorn", "Egger", "Fux", "Gruber"]
_COUNTRIES = [("IT", "Italy", "South"), ("AT", "Austria", "Alps"), ("CH", "Switzerland", "Alps"), ("ES", "Spain", "South"),
              ("SI", "Slovenia", "Alps")]  # fmt: skip
_VARIETIES = [("GAL", "Gala", "apple"), ("FUJ", "Fuji", "apple"), ("WIL", "Williams", "pear"), ("KAI", "Kaiser", "pear"),
              ("BIG", "Bigarreau", "cherry")]  # fmt: skip
_BUYERS = ["Mercato Verde", "Fresh Foods Vienna", "Alpen Saft", "Obst & Co", "Bella Frutta", "Sunny Foods", "Nord Import",
           "La Boqueria", "Juice Works"]  # fmt: skip
_NOW = date(2026, 6, 30)
_TEXTS = ["crate crushed at the bottom", "two pallets missing", "fruit too soft", "labels unreadable", "a box was wet"]


def build(path: Path) -> Path:
    chance = random.Random(5)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["countries"], rows["variety_codes"] = list(_COUNTRIES), list(_VARIETIES)
    rows["stage_lkp"] = [("N", "New"), ("R", "On the road"), ("A", "Arrived"), ("X", "Called off")]
    rows["substances"] = [("CU", "Copper", "mg", 5.0), ("CAP", "Captan", "mg", 3.0), ("SPI", "Spinosad", "ug", 40.0)]
    for n in range(1, 23):
        joined = date(2012, 3, 1) + timedelta(days=97 * n)
        left = date(2025, 1, 10) + timedelta(days=20 * n) if n % 6 == 0 else None
        sponsor = None if n < 4 else 1 + n % 3
        country = _COUNTRIES[n % 4][0]
        rows["growers"].append(
            (n, _FIRST[n % 11], _LAST[n * 3 % 7], f"Village {n % 5}", country, joined, left, sponsor)
        )
    for n in range(1, 31):
        rows["orchards"].append((n, f"{_LAST[n % 7]} {n}", 1 + n * 5 % 19, 1.5 + n % 9, date(1990 + n % 25, 4, 2)))
    for n in range(1, 26):
        name, sex = f"{_FIRST[n * 4 % 11]} {_LAST[n % 7]}", "U" if n % 11 == 0 else "FM"[n % 2]
        born = date(1962, 2, 3) + timedelta(days=n * 523)
        rows["pickers"].append((n, name, sex, born, [None, "Handwerk", "Seasonal Plus"][n % 3]))
    for n in range(1, 361):
        picked = datetime(2025, 1, 3, 6) + timedelta(hours=35 * n + n % 9)
        variety, grade = _VARIETIES[chance.randint(0, 4)][0], "ABC"[chance.randint(0, 2)]
        rows["pickings"].append(
            (n, chance.randint(1, 27), variety, chance.randint(1, 22), picked, 20 + chance.randint(0, 700) / 10, grade)
        )
    for n, name in enumerate(_BUYERS, 1):
        rows["buyers"].append((n, name, "WRE"[n % 3], 4000 + 1700 * (n * 4 % 9), "YYN"[n % 3]))
    for n in range(1, 151):
        ordered = date(2025, 1, 5) + timedelta(days=int(3.5 * n))
        stage = "X" if n % 13 == 0 else "A" if ordered < date(2026, 6, 1) else "RN"[n % 2]
        promised = ordered + timedelta(days=4 + n % 3)
        delivered = promised + timedelta(days=chance.randint(-2, 2)) if stage == "A" else None
        buyer, discount = (99 if n % 37 == 0 else chance.randint(1, 8)), (None if n % 3 else 5.0)
        rows["consignments"].append(
            (n, buyer, chance.randint(1, 28), ordered, promised, delivered, stage, chance.randint(200, 2400),
             chance.randint(30, 900), chance.randint(300, 5000) / 1.0, discount)
        )  # fmt: skip
        if stage == "A" and n % 9:
            billed = ordered + timedelta(days=6)
            state = ["paid", "paid", "open", "void"][n % 4]
            paid = f"{billed + timedelta(days=chance.randint(3, 50)):%Y%m%d}" if state == "paid" else None
            amount = chance.randint(30_000, 500_000)
            rows["bills"].append((5000 + n, n, f"{billed:%Y%m%d}", paid, amount, state))
        for code, _, _, limit in rows["substances"] if n % 2 else ():  # type: ignore[misc]
            taken = ordered + timedelta(days=1)
            value = round(limit * chance.randint(1, 220) / 100, 2)  # type: ignore[operator]
            rows["residue_results"].append((len(rows["residue_results"]) + 1, n, code, value, taken))
        if n % 5 == 0 and delivered:
            opened = delivered + timedelta(days=1 + n % 4)
            closed = opened + timedelta(days=chance.randint(1, 30)) if n % 4 else None
            rows["complaints"].append(
                (n // 5, n, opened, closed, ["quality", "transport"][n % 2], "U1U2"[n % 2 * 2 :][:2], _TEXTS[n % 5])
            )
    for name, found in rows.items():
        con.executemany(f"insert into {name} values ({', '.join('?' * len(found[0]))})", found)
    con.close()
    return path
