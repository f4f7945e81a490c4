"""A climbing gym's members and visits, made up for the tests of segments: three kinds of members are planted.

    members(member_id, name, town, age)
    visits(visit_id, member_id, visited_at, paid)

Visits run from 1 January 2023 to 31 December 2024. Of 240 members: regulars (1 to 100) come about weekly and pay about
10; guests (101 to 180) come every other month and pay about 60; those who left (181 to 240) came weekly and paid 10
until spring 2024. Ten more members (241 to 250) never came.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

START = datetime(2023, 1, 1)


def kind_of(member: int) -> str:
    return "regular" if member <= 100 else "guest" if member <= 180 else "left" if member <= 240 else "never"


def build(path: Path) -> Path:
    chance = random.Random(5)
    members, visits = [], []
    for n in range(1, 251):
        kind = kind_of(n)
        town = chance.choices(("Hill", "Bay"), (12, 1) if kind == "guest" else (1, 1))[0]
        members.append((n, f"Member {n:03}", town, chance.randint(18, 70)))
        day, gap, paid = chance.uniform(0, 30), *((60, 60.0) if kind == "guest" else (7, 10.0))
        end = 730 if kind != "left" else chance.uniform(430, 490)
        while kind != "never" and day < end:
            when = START + timedelta(days=int(day), hours=chance.randint(8, 20))
            visits.append((len(visits) + 1, n, when, round(paid * chance.uniform(0.7, 1.3), 2)))
            day += chance.expovariate(1 / gap)
    last = datetime(2024, 12, 31, 12)
    visits.append((len(visits) + 1, 1, last, 10.0))
    with duckdb.connect(str(path)) as con:
        for name, rows, columns in (
            ("members", members, ["member_id", "name", "town", "age"]),
            ("visits", visits, ["visit_id", "member_id", "visited_at", "paid"]),
        ):
            con.register("made", pd.DataFrame(rows, columns=columns))
            con.execute(f"create table {name} as select * from made")
            con.unregister("made")
    return path
