"""A music school, which nobody described: rows called after their keys, ids with names of their own, codes for words.

    depts(dept_id, dept_name)
    instructors(instr_id, instr_name, dept_id, acad_rank, salary_usd, mentor_id)
    pupils(pupil_id, first_name, last_name, hall, stat_cd, joined_on, guide_id)
    lessons(lesson_id, instr_id, subject, delivery, held_on)
    sittings(sit_id, lesson_id, pupil_id, letter_mark, score_pts)
    grants(award_id, grant_name, pupil_id, awarded_on, amt_usd)
    instrument_loans(loan_id, pupil_id, instrument_title, loaned_on, fine_usd)

Lessons are held from January 2024 to December 2025. The guide of a pupil is an instructor.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import duckdb

_TABLES = (
    "depts(dept_id integer, dept_name varchar)",
    "instructors(instr_id integer, instr_name varchar, dept_id integer, acad_rank varchar, salary_usd double, "
    "mentor_id integer)",
    "pupils(pupil_id integer, first_name varchar, last_name varchar, hall varchar, stat_cd varchar, joined_on date, "
    "guide_id integer)",
    "lessons(lesson_id integer, instr_id integer, subject varchar, delivery varchar, held_on date)",
    "sittings(sit_id integer, lesson_id integer, pupil_id integer, letter_mark varchar, score_pts double)",
    "grants(award_id integer, grant_name varchar, pupil_id integer, awarded_on date, amt_usd double)",
    "instrument_loans(loan_id integer, pupil_id integer, instrument_title varchar, loaned_on date, fine_usd double)",
)
_FIRST = ["Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gia", "Hugo", "Ivy"]
_LAST = ["Holm", "Kaya", "Lund", "Moor"]
_SUBJECTS = ["Harmony", "Rhythm", "Solfege", "Counterpoint", "Conducting"]


def build(path: Path) -> Path:
    chance = random.Random(11)
    con = duckdb.connect(str(path))
    for table in _TABLES:
        con.execute(f"create table {table}")
    rows: dict[str, list[tuple[object, ...]]] = {table.partition("(")[0]: [] for table in _TABLES}
    rows["depts"] = [(1, "Strings"), (2, "Winds"), (3, "Voice")]
    for n in range(1, 25):
        rank = ["Full", "Assistant", "Associate"][n % 3]
        mentor = None if n % 4 == 0 else (n + 5) % 24 + 1
        name = f"{_FIRST[n % 9]} {_LAST[n // 7]}{n}"
        rows["instructors"].append((n, name, n % 3 + 1, rank, 40_000.0 + 731 * ((n * 7) % 24), mentor))
    for n in range(1, 201):
        status = ["ACT", "ACT", "GRD", "LOA", "ACT"][n % 5]
        hall = [None, "Oak Hall", "Elm House", "Oak Hall", "The Annex", "Birch Court"][n % 6 if n % 7 else 1]
        joined = date(2023, 9, 1) + timedelta(days=3 * n)
        rows["pupils"].append((n, _FIRST[n % 9], f"{_LAST[n % 4]}{n}", hall, status, joined, n % 24 + 1))
    for n in range(1, 301):
        mode = ["online", "in person", "hybrid", "in person"][chance.randint(0, 3)]
        held = date(2024, 1, 5) + timedelta(days=(n * 17) % 720)
        rows["lessons"].append(
            (
                n,
                chance.choice([1, 2, 3, 3, 4, 5, 6, 6, 6, 7, 9, 12]),
                chance.choice([*_SUBJECTS, *_SUBJECTS[:2], _SUBJECTS[0]]),
                mode,
                held,
            )
        )
        for pupil in chance.sample(range(1, 201), 4):
            mark = chance.choices(["A", "B", "C", "F"], [4, 4, 3, 1])[0]
            score = {"A": 90, "B": 75, "C": 60, "F": 30}[mark] - 4 * (n % 5) + chance.random()
            rows["sittings"].append((len(rows["sittings"]) + 1, n, pupil, mark, round(score, 2)))
    for n in range(1, 121):
        fund = ["Founders Prize", "Travel Fund", "Hardship Fund", "Summer Stipend"][n % 7 % 4]
        day = date(2024, 2, 1) + timedelta(days=5 * n)
        rows["grants"].append((n, fund, chance.randint(1, 90), day, 100.0 * (1 + n % 11)))
    for n in range(1, 151):
        title = ["Old Violin", "Blue Oboe", "Travel Harp"][n % 3]
        fine = 2.5 * (n % 4) if n % 2 else None
        rows["instrument_loans"].append((n, chance.randint(1, 120), title, date(2024, 3, 1) + timedelta(days=n), fine))
    for table, given in rows.items():
        marks = ", ".join("?" * len(given[0]))
        con.executemany(f"insert into {table} values ({marks})", given)
    con.close()
    return path
