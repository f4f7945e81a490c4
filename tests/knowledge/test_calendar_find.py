"""What a question says of time, on Friday 17 May 2024: each mention's words, kind and meaning."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calendar import Calendar, Mention

CALENDAR = Calendar(date(2024, 5, 17))


def said(mention: Mention) -> str:
    """ "in March" -> "in March = 2024-03-01..2024-03-31"; "by month" -> "by month = grain month"."""
    if mention.window is not None:
        start, end = mention.window.start, mention.window.end
        meaning = f"{start.date() if start else ''}..{(end - timedelta(days=1)).date() if end else ''}"
        meaning = ("vs " if mention.kind == "comparison" else "") + meaning
    elif mention.kind == "grain":
        meaning = f"grain {mention.grain}" + (" growth" if mention.growth else "")
    elif mention.kind == "part":
        meaning = f"{mention.part} {','.join(map(str, mention.values))}".strip()
    else:
        meaning = str(mention.compare)
    return f"{mention.text} = {meaning}"


QUESTIONS = [
    # windows, with their prepositions
    ("total sales in March", ["in March = 2024-03-01..2024-03-31"]),
    ("orders since last Monday by store", ["since last Monday = 2024-05-13.."]),
    ("how many orders were placed between Jan 5 and Feb 3 2024?",
     ["between Jan 5 and Feb 3 2024 = 2024-01-05..2024-02-03"]),
    ("yesterday's revenue", ["yesterday's = 2024-05-16..2024-05-16"]),
    ("last month's top 5 stores", ["last month's = 2024-04-01..2024-04-30"]),
    ("orders from 2023", ["from 2023 = 2023-01-01..2023-12-31"]),
    ("orders from 2023 on", ["from 2023 on = 2023-01-01.."]),
    ("customers who have not ordered since 2022", ["since 2022 = 2022-01-01.."]),
    ("which products sold over the last 3 months?", ["over the last 3 months = 2024-02-01..2024-04-30"]),
    ("May revenue vs April revenue", ["April = 2024-04-01..2024-04-30"]),
    ("revenue in May vs April", ["in May = 2024-05-01..2024-05-31", "April = 2024-04-01..2024-04-30"]),
    ("how did May compare to April", ["May = 2024-05-01..2024-05-31", "April = 2024-04-01..2024-04-30"]),
    # a year said once holds for its neighbours
    ("compare Q1 and Q2 2023", ["Q1 = 2023-01-01..2023-03-31", "Q2 2023 = 2023-04-01..2023-06-30"]),
    ("sales in January and March 2023", ["in January = 2023-01-01..2023-01-31", "March 2023 = 2023-03-01..2023-03-31"]),
    ("sales in may and june", ["in may = 2023-05-01..2023-05-31", "june = 2023-06-01..2023-06-30"]),
    ("March 2023 vs April", ["March 2023 = 2023-03-01..2023-03-31", "April = 2023-04-01..2023-04-30"]),
    ("December 2023 vs January", ["December 2023 = 2023-12-01..2023-12-31", "January = 2024-01-01..2024-01-31"]),
    # years and other numbers
    ("2017 sales by month", ["2017 = 2017-01-01..2017-12-31", "by month = grain month"]),
    ("sales in 2017", ["in 2017 = 2017-01-01..2017-12-31"]),
    ("sales 2016 vs 2017", ["2016 = 2016-01-01..2016-12-31", "2017 = 2017-01-01..2017-12-31"]),
    ("2017 units", []),
    ("we sold 2017 items", []),
    ("customers with more than 2000 orders", []),
    ("sales of store 2017", []),
    ("the top 2000 customers", []),
    ("order 2017-0042", []),
    ("spent $2017 in total", []),
    # ordinary words that are also times
    ("may I see the orders", []),
    ("march through the list of stores", []),
    ("the second largest store", []),
    ("sun hats and sat navs", []),
    ("sales fall in the north", []),
    ("the last three orders of each customer", []),
    ("first order of each customer", []),
    ("customers older than 30", []),
    # grains
    ("sales by month", ["by month = grain month"]),
    ("monthly sales", ["monthly = grain month"]),
    ("orders per week for each store", ["per week = grain week"]),
    ("revenue each quarter", ["each quarter = grain quarter"]),
    ("units by month and year", ["by month and year = grain month"]),
    ("how many orders a day do we get", ["a day = grain day"]),
    ("show it day by day", ["day by day = grain day"]),
    ("month over month growth", ["month over month = grain month growth"]),
    ("growth week-over-week", ["week-over-week = grain week growth"]),
    ("QoQ change", ["QoQ = grain quarter growth"]),
    ("year over year growth", ["year over year = grain year growth"]),
    ("sales for each of the last 6 months",
     ["for each of = grain month", "the last 6 months = 2023-11-01..2024-04-30"]),
    ("sales every month of 2023", ["every month = grain month", "of 2023 = 2023-01-01..2023-12-31"]),
    ("the best month of 2023", ["of 2023 = 2023-01-01..2023-12-31"]),
    # parts of a time
    ("sales on weekends", ["on weekends = day_of_week 6,7"]),
    ("weekend sales", ["weekend = day_of_week 6,7"]),
    ("orders on Mondays and Fridays", ["on Mondays and Fridays = day_of_week 1,5"]),
    ("orders every Tuesday", ["every Tuesday = day_of_week 2"]),
    ("Monday to Friday sales", ["Monday to Friday = day_of_week 1,2,3,4,5"]),
    ("sales by day of the week", ["by day of the week = day_of_week"]),
    ("orders by hour of day", ["by hour of day = hour_of_day"]),
    ("orders in the morning", ["in the morning = hour_of_day 6,7,8,9,10,11"]),
    ("orders at night", ["at night = hour_of_day 22,23,0,1,2,3,4,5"]),
    ("orders between 9am and 12pm", ["between 9am and 12pm = hour_of_day 9,10,11"]),
    ("orders after 6 pm", ["after 6 pm = hour_of_day 18,19,20,21,22,23"]),
    ("sales in every December", ["in every December = month_of_year 12"]),
    ("visits on the first day of each month", ["on the first day of each month = day_of_month 1"]),
    # comparisons
    ("sales vs last year", ["vs last year = previous_year"]),
    ("sales compared to the same period last year", ["compared to the same period last year = previous_year"]),
    ("more orders than a year ago", ["than a year ago = previous_year"]),
    ("sales this month compared with the previous month",
     ["this month = 2024-05-01..2024-05-31", "compared with the previous month = previous_period"]),
    ("sales last quarter vs the quarter before",
     ["last quarter = 2024-01-01..2024-03-31", "vs the quarter before = previous_period"]),
    ("sales this week vs last week",
     ["this week = 2024-05-13..2024-05-19", "vs last week = vs 2024-05-06..2024-05-12"]),
    ("how much did sales grow from last year", ["from last year = previous_year"]),
    ("compare this year to last year", ["this year = 2024-01-01..2024-12-31", "to last year = previous_year"]),
    ("change from last month to this month", ["from last month to this month = 2024-04-01..2024-05-31"]),
    ("orders today vs same day last week",
     ["today = 2024-05-17..2024-05-17", "vs same day last week = vs 2024-05-10..2024-05-10"]),
    ("last 7 days vs the previous 7 days",
     ["last 7 days = 2024-05-11..2024-05-17", "vs the previous 7 days = previous_period"]),
    ("yoy growth by month", ["yoy = previous_year", "by month = grain month"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "mentions"), QUESTIONS)
def test_mentions_of_a_question(question: str, mentions: list[str]) -> None:
    assert [said(m) for m in CALENDAR.find(question)] == mentions


WORDS = """
    sales by in since from to and between the last this next 3 month months year week of March may 2023 2017 Q3
    Friday first half 5 - – , . ' ago vs compared than same period day hour until before after each every weekends
    12 '24 9am ytd fiscal FY24 Christmas excluding one 2024-03-05 03/05/2024 31 February w12 İ yesterday's
"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(SENTENCES | st.text(max_size=60), st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_mentions_never_overlap_and_quote_the_question(question: str, today: date) -> None:
    mentions = Calendar(today).find(question)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert all(question[m.start : m.end] == m.text for m in mentions)


@given(SENTENCES, DAYS)
def test_windows_start_before_they_end(question: str, today: date) -> None:
    for mention in Calendar(today).find(question):
        if mention.window and mention.window.start and mention.window.end:
            assert mention.window.start < mention.window.end
