"""A ferry line, which nobody described: two references to one table, roles, words in columns, made up for these tests.

    piers(pier_code, pier_name, town, min_change_minutes)
    vessels(vessel_code, vessel_name, deck_load, built_year)
    lines(line_code, line_name)
    sailings(sailing_id, line_code, vessel_code, sail_number, from_pier, to_pier, run_days, dep_epoch, arr_epoch, calls)
    tariffs(tariff_id, from_pier, to_pier, one_way_price, return_price, return_required)
    sailing_tariffs(sailing_id, tariff_id)
    riders(rider_id, full_name, mail, status, joined_at)
    gifts(gift_id, giver_id, taker_id, amount, state, given_at)
    alerts(alert_id, rider_id, kind, sent_at)
    passes(pass_id, rider_id, pass_name, price, issued_on)
    comments(comment_id, rider_id, sailing_id, stars, month, year)
    shops(shop_id, shop_name, trade, pier_code)
    vouchers(voucher_id, shop_id, voucher_code, issued_at)
    tabs(tab_id, payer_id, payer_type, payee_id, payee_type, tab_amount, tab_state, voucher_id, paid_at)
    rider_settings(rider_id, noted_on, newsletter_opt_in, daily_limit)
    themes(theme_id, theme_name)
    vessel_themes(vessel_code, theme_id)

Who pays a tab is a rider (0) or a shop (1), and so is who is paid; only the vouchers tell which number is which.
Gifts run from January 2024 to December 2025. Riders without gifts, passes or alerts are among them.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "piers(pier_code varchar, pier_name varchar, town varchar, min_change_minutes integer)",
    "vessels(vessel_code varchar, vessel_name varchar, deck_load integer, built_year integer)",
    "lines(line_code varchar, line_name varchar)",
    "sailings(sailing_id integer, line_code varchar, vessel_code varchar, sail_number varchar, from_pier varchar, "
    "to_pier varchar, run_days varchar, dep_epoch bigint, arr_epoch bigint, calls integer)",
    "tariffs(tariff_id integer, from_pier varchar, to_pier varchar, one_way_price double, return_price double, "
    "return_required varchar)",
    "sailing_tariffs(sailing_id integer, tariff_id integer)",
    "riders(rider_id integer, full_name varchar, mail varchar, status varchar, joined_at timestamp)",
    "gifts(gift_id integer, giver_id integer, taker_id integer, amount double, state varchar, given_at timestamp)",
    "alerts(alert_id integer, rider_id integer, kind varchar, sent_at timestamp)",
    "passes(pass_id integer, rider_id integer, pass_name varchar, price double, issued_on date)",
    "comments(comment_id integer, rider_id integer, sailing_id integer, stars double, month varchar, year integer)",
    "shops(shop_id integer, shop_name varchar, trade varchar, pier_code varchar)",
    "vouchers(voucher_id integer, shop_id integer, voucher_code varchar, issued_at timestamp)",
    "tabs(tab_id integer, payer_id integer, payer_type integer, payee_id integer, payee_type integer, "
    "tab_amount double, tab_state varchar, voucher_id integer, paid_at timestamp)",
    "rider_settings(rider_id integer, noted_on date, newsletter_opt_in boolean, daily_limit double)",
    "themes(theme_id integer, theme_name varchar)",
    "vessel_themes(vessel_code varchar, theme_id integer)",
)
_PIERS = [("ABY", "Abbey Stairs", "Holm"), ("BRK", "Brook Landing", "Holm"), ("CAP", "Cape Point", "Sand"),
          ("DUN", "Dune End", "Sand"), ("ELM", "Elm Hythe", "Wick")]  # fmt: skip
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"]  # fmt: skip
_DAYS = ["mon,wed", "tue,thu", "wed,mon,fri", "sat", "sat,sun", "mon", "fri"]


def build(path: Path) -> Path:
    chance = random.Random(23)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["piers"] = [(code, name, town, 5 + 3 * n) for n, (code, name, town) in enumerate(_PIERS)]
    for n in range(1, 9):
        rows["vessels"].append((f"V{n:02}", f"{['Ada', 'Bee', 'Cleo', 'Dot'][n % 4]} {n}", 500 * n + n % 3, 1990 + n))
    rows["lines"] = [("NL", "Northern Line"), ("SL", "Southern Line"), ("XL", "Express Line"), ("IL", "Idle Line")]
    for n in range(1, 61):
        start, end = chance.sample([p[0] for p in _PIERS], 2)
        leaves = datetime(2025, 3, 1, 5 + n % 15, (7 * n) % 60) + timedelta(days=n)
        departs = int((leaves - datetime(1970, 1, 1)).total_seconds())
        line = chance.choice(["NL", "NL", "SL", "XL"])
        rows["sailings"].append(
            (n, line, f"V{n % 8 + 1:02}", f"{line}{100 + n}", start, end, _DAYS[n % 7], departs,
             departs + 60 * chance.randint(20, 200), chance.choice([0, 0, 1, 2]))
        )  # fmt: skip
    pairs = [(a[0], b[0]) for a in _PIERS for b in _PIERS if a != b]
    for n in range(1, 41):
        start, end = pairs[n % 12]
        single = 10.0 + n % 9
        rows["tariffs"].append((n, start, end, single, single * 1.8, "Yes" if n % 3 == 0 else "No"))
    for n in range(1, 61):
        rows["sailing_tariffs"].append((n, n % 40 + 1))
        if n % 2:
            rows["sailing_tariffs"].append((n, (n * 7) % 40 + 1))
    for n in range(1, 51):
        joined = datetime(2023, 6, 1, 9) + timedelta(days=17 * n, hours=n % 9)
        domain = ["mail.com", "post.org", "inbox.net"][n % 3]
        status = ["active", "active", "paused"][n % 3]
        rows["riders"].append((n, f"Rider {n}", f"rider{n}@{domain}", status, joined))
    for n in range(1, 301):
        giver, taker = chance.sample(range(1, 41), 2)
        state = chance.choice(["settled", "settled", "settled", "refused"])
        rows["gifts"].append((n, giver, taker, 5.0 * chance.randint(1, 40), state,
                              datetime(2024, 1, 3, 8) + timedelta(days=chance.randint(0, 725))))  # fmt: skip
    for n in range(1, 81):
        rows["alerts"].append((n, chance.randint(1, 30), ["delay", "offer", "payment"][n % 3],
                               datetime(2024, 1, 10, 7) + timedelta(days=8 * n)))  # fmt: skip
    for n in range(1, 121):
        rider = chance.randint(1, 35)
        kind = ["Weekly Pass", "Monthly Pass", "Family Pass"][n % 3]
        rows["passes"].append((n, rider, kind, 20.0 + n % 7, date(2023, 7, 1) + timedelta(days=7 * n)))
    for n in range(1, 151):
        rows["comments"].append((n, chance.randint(1, 40), chance.randint(1, 60), float(chance.randint(1, 5)),
                                 chance.choice(_MONTHS[:10]), chance.choice([2024, 2025])))  # fmt: skip
    for n in range(1, 13):
        trade = ["Food", "food & drinks", "Gifts", "Tickets"][n % 4]
        rows["shops"].append((n, f"Shop {n}", trade, _PIERS[n % 5][0]))
    for n in range(1, 31):
        rows["vouchers"].append((n, n % 12 + 1, f"VC{n:03}", datetime(2024, 1, 1) + timedelta(days=9 * n)))
    for n in range(1, 201):
        to_shop = n % 4 > 0
        voucher = n % 30 + 1 if to_shop and n % 3 == 0 else None
        shop = voucher % 12 + 1 if voucher else n % 11 + 1
        rider = chance.randint(1, 12)
        pair = (rider, 0, shop, 1) if to_shop else (shop, 1, rider, 0)
        state = chance.choice(["cleared", "cleared", "cleared", "void"])
        rows["tabs"].append((n, *pair, 2.5 * chance.randint(1, 30), state, voucher,
                             datetime(2024, 6, 1, 12) + timedelta(days=2 * n, hours=21 * n)))  # fmt: skip
    for n in range(1, 13):
        for k in range(1 + n % 3):
            rows["rider_settings"].append((n, date(2025, 1 + 3 * k, 5), (n + k) % 2 == 0, 50.0 * (k + 1)))
    rows["themes"] = [(1, "Heritage"), (2, "Wildlife"), (3, "Night Music")]
    for n in range(1, 9):
        for theme in {n % 3 + 1, (n * 2) % 3 + 1}:
            rows["vessel_themes"].append((f"V{n:02}", theme))
    for table, given in rows.items():
        marks = ", ".join("?" * len(given[0]))
        con.executemany(f"insert into {table} values ({marks})", given)
    con.close()
    return path
