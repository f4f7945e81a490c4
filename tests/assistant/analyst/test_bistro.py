"""The embedded analyst reads two restaurants that nobody described, asked as their owner asks: question in, rows out,
against gold SQL."""

from __future__ import annotations

import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check

_LINES = "check_items i join checks c on c.id = i.check_id"
_WORTH = "sum(qty * unit_price)"
QUESTIONS = [
    # whose deeds: staff's or guests'
    ("who got the most tips in May", "select s.full_name, sum(tip) from checks c join staff s on s.id = server_id where opened_at >= '2026-05-01' and opened_at < '2026-06-01' group by 1 order by 2 desc limit 1"),
    ("who left this year", "select full_name from staff where year(left_on) = 2026"),
    ("who was hired in 2024", "select full_name from staff where year(hired_on) = 2024"),
    ("who hasn't been here since May", "select name from guests where id not in (select guest_id from checks where guest_id is not null and opened_at >= '2026-05-01')"),
    ("employee with the earliest hire date", "select full_name from staff order by hired_on limit 1"),
    # people of a kind as a group
    ("average tip by server", "select s.full_name, avg(tip) from checks c join staff s on s.id = server_id where role = 'Server' group by 1"),
    ("who's our best server", f"select s.full_name, {_WORTH} from {_LINES} join staff s on s.id = server_id where role = 'Server' group by 1 order by 2 desc limit 1"),
    # what comes by the hour does not add up
    ("hourly wage by role", "select role, avg(hourly_wage) from staff group by 1"),
    # bills are as big as what is on them; visits are what is busy
    ("biggest check in May", f"select c.id, {_WORTH} from {_LINES} where opened_at >= '2026-05-01' and opened_at < '2026-06-01' group by 1 order by 2 desc limit 1"),
    ("what time of day are we busiest", "select hour(opened_at), count(*) from checks group by 1 order by 2 desc limit 1"),
    ("how much did we make in May", f"select {_WORTH} from {_LINES} where opened_at >= '2026-05-01' and opened_at < '2026-06-01'"),
    # coming, and coming back
    ("how many guests visited in May", "select count(distinct guest_id) from checks where opened_at >= '2026-05-01' and opened_at < '2026-06-01'"),
    ("how many guests came back this year", "select count(*) from (select guest_id from checks where year(opened_at) = 2026 and guest_id is not null group by 1 having count(*) > 1)"),
    # birthdays are of any year
    ("guests with birthdays this month", "select name from guests where month(birthday) = 6"),
    ("how many guests were born in May", "select count(*) from guests where month(birthday) = 5"),
    ("how many guests were born in 1990", "select count(*) from guests where year(birthday) = 1990"),
    ("how many guests have never come back", "select count(*) from (select guest_id from checks where guest_id is not null group by 1 having count(*) = 1)"),
    # up or down, better or worse
    ("is revenue up or down last month", f"select {_WORTH} filter (month(opened_at) = 5), {_WORTH} filter (month(opened_at) = 4) from {_LINES} where year(opened_at) = 2026"),
    ("tips by hour on Saturdays", "select hour(opened_at), sum(tip) from checks where isodow(opened_at) = 6 group by 1"),
    # what is on the menu costs what it costs; a visit that was called off happened when it was to
    ("price by category", "select category, avg(price) from menu_items group by 1"),
    ("how many reservations were no-shows in May", "select count(*) from reservations where status = 'no-show' and month(for_at) = 5"),
    ("revenue per head by location", f"select l.name, {_WORTH} / (select sum(party_size) from checks k where k.location_id = l.id) from {_LINES} join locations l on l.id = c.location_id group by l.id, l.name"),
    ("do people tip more on weekends than on weekdays", "select if(isodow(opened_at) > 5, 'weekend', 'weekday'), avg(tip) from checks group by 1"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(bistro_session: Session, question: str, gold: str) -> None:
    check(bistro_session, bistro_session.ask(question, thread=question), gold)


@pytest.mark.parametrize(
    "question", ["servers born in 1990", "what's the average check per person", "average tip percentage by server"]
)
def test_what_is_known_only_of_others_or_has_no_meaning_is_declined(bistro_session: Session, question: str) -> None:
    assert bistro_session.ask(question, thread=question).outcome in ("cannot", "ask")
