"""The embedded analyst reads a trekking club that nobody described, asked as a teacher of SQL would ask: what is told of
the one that is first, whose age is meant, who lacks what, and what has one and another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.analyst.made import filling
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "hut(hut_id int primary key, name varchar, valley varchar, beds int, guest_count int)",
    "trek(trek_id int primary key, trek_name varchar, hut_id int references hut(hut_id), year int)",
    "walker(walker_id int primary key, last_name varchar, first_name varchar, age int, height int, town varchar)",
    "mules(mule_id int primary key, mule_kind varchar, mule_age int, load int)",
    "has_mule(walker_id int references walker(walker_id), mule_id int references mules(mule_id))",
    "club_member(club_member_id int primary key, walker_id int references walker(walker_id), summits_made int, "
    "prize_rank int, winnings int)",
    "guide(guide_id int primary key, guide_name varchar, first_registered date, date_left date, country varchar)",
    "stage(stage_id int primary key, stage_num int, grade varchar, guide_id int references guide(guide_id), trek_id int references "
    "trek(trek_id))",
    "song(song_id int primary key, title varchar, composed_by varchar, trek_id int references trek(trek_id))",
    "review(review_id int primary key, club_member_id int references club_member(club_member_id), year_honoured int, "
    "bonus int)",
)
OWNS = "select walker_id from has_mule join mules using (mule_id) where mule_kind = '{}'"
QUESTIONS = [
    # of the one that is first
    ("What is the prize rank of the club member with the highest winnings?", "select prize_rank from club_member order by winnings desc limit 1"),
    ("Return the town of the club member with the lowest winnings.", "select town from club_member join walker using (walker_id) order by winnings limit 1"),
    ("Find the kind and load of the youngest mule.", "select mule_kind, load from mules order by mule_age limit 1"),
    ("What is the valley of the hut with the most treks?", "select valley from hut join trek using (hut_id) group by hut_id, valley order by count(*) desc limit 1"),
    ("What is the prize rank of the tallest club member?", "select prize_rank from club_member join walker using (walker_id) order by height desc limit 1"),
    # one figure over those whose own number is bounded
    ("What is the average winnings of club members with height higher than 180?", "select avg(winnings) from club_member join walker using (walker_id) where height > 180"),
    ("Give the average winnings of club members who are taller than 180.", "select avg(winnings) from club_member join walker using (walker_id) where height > 180"),
    ("What is the total bonus given in all reviews?", "select sum(bonus) from review"),
    # whose age
    ("What is the average and maximum age for each mule kind?", "select mule_kind, avg(mule_age), max(mule_age) from mules group by 1"),
    ("Find the id and load of all mules whose age is older than 6.", "select mule_id, load from mules where mule_age > 6"),
    ("What are the different towns of walkers above age 50?", "select distinct town from walker where age > 50"),
    ("How many mules have a greater load than 70?", "select count(*) from mules where load > 70"),
    ("Show the names of walkers aged either 30 or 31.", "select first_name || ' ' || last_name from walker where age in (30, 31)"),
    # who lacks what
    ("Find the ids of the walkers who do not have a Poitou mule.", f"select walker_id from walker where walker_id not in ({OWNS.format('Poitou')})"),
    ("Find the first name and age of walkers who have a Hinny but do not have a Poitou as a mule.", f"select first_name, age from walker where walker_id in ({OWNS.format('Hinny')}) and walker_id not in ({OWNS.format('Poitou')})"),
    ("Show the names of all huts except for huts having a trek in year 2024.", "select name from hut where hut_id not in (select hut_id from trek where year = 2024)"),
    # one and another
    ("What are the names and valleys of the huts that had treks in both 2024 and 2025?", "select name, valley from hut where hut_id in (select hut_id from trek where year = 2024) and hut_id in (select hut_id from trek where year = 2025)"),
    ("Which valleys have both huts with less than 30 beds and huts with more than 50 beds?", "select valley from hut where beds < 30 intersect select valley from hut where beds > 50"),
    ("Show the towns where a walker above age 60 and a walker below 20 are from.", "select town from walker where age > 60 intersect select town from walker where age < 20"),
    # players who are people
    ("What are the names of club members?", "select first_name || ' ' || last_name from club_member join walker using (walker_id)"),
    ("Who is the club member that was honoured the most times in the review?", "select club_member_id from review group by 1 order by count(*) desc limit 1"),
    # orders
    ("Sort walker names by their age in ascending order.", "select first_name || ' ' || last_name from walker order by age"),
    ("What is the most common town of walkers?", "select town from walker group by 1 order by count(*) desc limit 1"),
    ("List the first and last name of all walkers in the order of town.", "select first_name, last_name from walker"),
    ("List the mule ids of all mules sorted by load in ascending order.", "select mule_id from mules order by load"),
    # numbers of things
    ("Find the total number of stages.", "select count(*) from stage"),
    ("Show the towns shared by at least seven walkers.", "select town from walker group by 1 having count(*) >= 7"),
    ("Find the first name and town of walkers who have more than one mule.", "select first_name, town from walker join has_mule using (walker_id) group by walker_id, first_name, town having count(*) > 1"),
    # by whom, and what they are called after
    ("What are the names of all songs composed by Ben Jones?", "select title from song where composed_by = 'Ben Jones'"),
    ("What are the ids of the treks that do not have any songs composed by Ben Jones?", "select trek_id from trek where trek_id not in (select trek_id from song where composed_by = 'Ben Jones')"),
    ("Show the names of guides and the number of stages they guide.", "select guide_name, count(*) from guide join stage using (guide_id) group by guide_id, guide_name"),
    ("Who was the first guide to register?", "select guide_name from guide order by first_registered limit 1"),
    ("What are the names and ids of all guides with more than 8 stages?", "select guide_name, guide_id from guide join stage using (guide_id) group by 1, 2 having count(*) > 8"),
    ("What are the names and ids of all guides with at least one stage?", "select distinct guide_name, guide_id from guide join stage using (guide_id)"),
    ("Which hut has the minimum beds?", "select name from hut order by beds limit 1"),
    ("What is the valley of the hut with the maximum guest count?", "select valley from hut order by guest_count desc limit 1"),
    ("How many songs were recorded?", "select count(*) from song"),
    ("Give me all the information about treks.", "select trek_id, trek_name, hut_id, year from trek"),
]  # fmt: skip


@pytest.fixture(scope="module")
def trekking(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(trekking: Session, question: str, gold: str) -> None:
    check(trekking, trekking.ask(question, thread=question), gold)


def _build(path: Path) -> Path:
    valleys, towns = ("Arve", "Bourne", "Cluse", "Doron"), ("Annecy", "Bonneville", "Chambery", "Digne", "Evian")
    first = ("Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus", "Hal", "Ivy", "Jo")
    last = ("Aubert", "Blanc", "Colin", "Dumas")
    with filling(path, _TABLES) as put:
        for n in range(1, 17):
            put("hut", n, f"Refuge {chr(64 + n)}{n}", valleys[n % 4], 10 + n * 23 % 71, 100 + n * 37 % 300)
        for n in range(1, 61):
            put("trek", n, f"Tour {n}", 1 + (n * n + n // 7) % 13, 2022 + n * 5 % 4)
        for n in range(1, 41):
            age, height = 17 + n * 17 % 53, 150 + n * 7 % 47
            put(
                "walker",
                n,
                last[n % 4],
                first[n % 10] + "x" * (n // 10),
                age,
                height,
                towns[(n % 9) // 2 if n % 3 else 1],
            )
        for n in range(1, 21):
            put("mules", n, ("Poitou", "Hinny", "Baudet")[n % 3], 1 + n * 11 % 23, 40 + n * 13 % 61)
            put("has_mule", 1 + n * 7 % 13, n)
        for n in range(1, 23):
            put("club_member", n, n + 10, n * 5 % 17, 1 + n % 6, 1000 + n * 379 % 1013)
        countries = ("Indonesia", "France", "Italy", "Austria", "Spain", "Norway", "Peru")
        for n in range(1, 8):
            joined, left = date(2010 + n * 3 % 7, 5, n), date(2019 + n * 5 % 7, 9, n)
            put("guide", n, f"Guide {'ABCDEFG'[n - 1]}", joined, left, countries[n - 1])
        for n in range(1, 57):
            put("stage", n, 1 + n % 9, ("Easy", "Record", "Hard")[n % 3], 1 + (n * n + n // 5) % 7, 1 + n * 11 % 60)
        for n in range(1, 31):
            put("song", n, f"Air {n}", ("Ben Jones", "Mia Kern", "Otto Laub")[n * n % 5 % 3], 1 + n * 7 % 60)
        for n in range(1, 51):
            put("review", n, 1 + (n * n) % 11, 2015 + n % 9, 50 + n * 31 % 97)
    return path


def test_conditions_of_different_kinds_are_not_both_asked_where_either_will_do(trekking: Session) -> None:
    answer = trekking.ask("Which guides have more than 8 stages or are from Italy?", thread="either")
    assert answer.outcome == "cannot", answer.reading
    assert "or" in answer.text
