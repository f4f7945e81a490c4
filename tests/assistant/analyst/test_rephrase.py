"""Other ways to say the same, before any word is looked up."""

from __future__ import annotations

import pytest

from assistant.analyst.definitions import defined
from assistant.analyst.rephrase import rephrase

SAID = [
    ("avg basket, whole year", "average basket this year"),
    ("hey, quick one - how many orders did we have?", "how many orders did we have?"),
    ("how many uniqe visitors came in", "how many unique visitors visited"),
    ("units w/o discount", "units without discount"),
    ("sales by dept, from the highest down", "sales by dept, highest first"),
    ("first half vs second half, units", "the first half of the year vs the second half of the year, units"),
    ("what did members with boats spend on fuel", "how much did members with boats spend on fuel"),
    ("weekday vs weekend sales", "on weekdays vs on weekends sales"),
    ("which people aged 40 came 3 times or more", "which people aged 40 came at least 3 times"),
    ("leave out anything under $30", "only those at least $30"),
    ("what type is campaign 18?", "campaign type of campaign 18"),
    ("for each make, the model that sold the most", "which model that sold the most for each make"),
    ("percent change in orders nov to dec", "growth of orders from nov to dec"),
]


@pytest.mark.parametrize(("question", "plainer"), SAID, ids=[q for q, _ in SAID])
def test_a_question_is_said_more_plainly(question: str, plainer: str) -> None:
    assert rephrase(question) == plainer


@pytest.mark.parametrize(
    "question",
    [
        'orders named "avg, whole year - how many"',
        "sales by month in 2024",
        "which customers never bought wine?",
    ],
)
def test_what_is_plain_or_quoted_stays_as_it_is(question: str) -> None:
    assert rephrase(question) == question


DEFINED = [
    ("What is the STR by month?", "STR = number of paid orders / number of orders",
     "What is the number of paid orders divided by number of orders by month?"),
    ("What is the AR by country?", "AR (Active Rate) = (number of active users / number of users) * 100.",
     "What is the number of active users as a percentage of number of users by country?"),
    ("ACP by type in the last 7 days", "ACP = average price in the last 7 days", "average price by type in the last 7 days"),
    ("Total margin (price minus cost) by kind", None, "Total price minus cost by kind"),
    ("loss by claim where loss is the sum of payments and fees", None, "the sum of payments and fees by claim"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "instructions", "meant"), DEFINED, ids=[q for q, _, _ in DEFINED])
def test_defined_words_are_replaced_by_what_they_mean(question: str, instructions: str | None, meant: str) -> None:
    assert defined(question, instructions) == meant
