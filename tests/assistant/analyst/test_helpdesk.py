"""The embedded analyst sends questions about a help desk to the tools that answer them: hours to solve are a figure, not a
grouping; who stops paying, not complaining, churns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session, open_session
from assistant.settings import Settings
from tests.assistant.analyst.gold import check

TODAY = date(2026, 11, 20)
ROWS = [
    ("total hours to solve by channel", "select channel, sum(hours_to_solve) from tickets group by 1"),
    ("average hours to solve by team", "select team, avg(hours_to_solve) from tickets join agents using (agent_id) group by 1"),
]  # fmt: skip
ROUTED = [
    ("why did hours to solve go up in October?", "Explanation of total hours to solve", "rose"),
    ("what do customers complain about most?", "What is negative in tickets", "negative"),
    ("what do Enterprise customers complain about?", "where plan is “Enterprise”", "negative"),
    ("how has the sentiment changed over time?", "Sentiment of tickets by month", "positive"),
    ("is the difference in satisfaction between Ines and Tom real?", "Test of the difference in average satisfaction", "**"),
    ("is there a relation between satisfaction and hours to solve?", "of each ticket", "correlation"),
    ("does the channel have an effect on satisfaction?", "Test of the difference in average satisfaction by channel", "**"),
    ("what drives the satisfaction?", "What satisfaction goes with", "hours to solve"),
    ("what sort of accounts do we have?", "Kinds among number of accounts", "of total amount"),
]  # fmt: skip


@pytest.fixture(scope="module")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("helpdesk")
    with duckdb.connect(str(folder / "helpdesk.duckdb")) as con:
        for table in (
            "accounts(account_id int primary key, company varchar, plan varchar, seats int, signed_up_on date)",
            "agents(agent_id int primary key, agent_name varchar, team varchar)",
            "tickets(ticket_id int primary key, account_id int references accounts, agent_id int references agents, "
            "opened_at timestamp, channel varchar, hours_to_solve double, message varchar, satisfaction int)",
            "payments(payment_id int primary key, account_id int references accounts, paid_on date, amount decimal(10,2))",
        ):
            con.execute(f"create table {table}")
        con.execute(
            "insert into accounts select i, 'Firm ' || i, ['Basic', 'Pro', 'Enterprise'][1 + (hash(i) % 3)::int], "
            "1 + (hash(i, 1) % 200)::int, date '2024-06-01' + (hash(i, 2) % 200)::int from range(1, 201) r(i)"
        )
        con.execute(
            "insert into agents values (1, 'Ines', 'Billing'), (2, 'Tom', 'Billing'), (3, 'Mia', 'Tech'), (4, 'Leo', 'Tech')"
        )
        con.execute(
            "insert into tickets select i, 1 + (hash(i, 3) % 200)::int, 1 + (hash(i, 4) % 4)::int, opened, channel, hours, ['The dashboard is "
            "terribly slow.', 'The invoice shows the wrong amount, which is bad.', 'The export fails with an ugly error.', "
            "'Great support, thank you!'][1 + (hash(i, 5) % 4)::int], greatest(1, least(5, round(5 - hours / 8 + (hash(i, 6) % 20)::int "
            "/ 20.0))) from (select *, round((2 + (hash(i, 7) % 100)::int / 10.0) * case when opened >= '2026-10-01' and channel = "
            "'email' then 2 else 1 end, 1) as hours from (select i, timestamp '2025-01-01' + to_hours((hash(i, 8) % "
            "(688 * 24))::int) as opened, ['email', 'phone', 'chat'][1 + (hash(i, 9) % 3)::int] as channel from range(1, 4001) r(i)))"
        )
        con.execute(
            "insert into payments select row_number() over (), account_id, (date '2025-01-01' + to_months(m::int))::date, "
            "seats * 5 from accounts, range(22) r(m) where m < 4 + (hash(account_id, 10) % 40)::int"
        )
    settings = Settings(state_dir=folder / "state")
    session = open_session(str(folder / "helpdesk.duckdb"), as_of=TODAY, settings=settings)
    yield session
    session.close()


@pytest.mark.parametrize(("question", "reading", "said"), ROUTED)
def test_a_question_gets_the_tool_that_answers_it(helpdesk: Session, question: str, reading: str, said: str) -> None:
    answer = helpdesk.ask(question, thread=question)
    assert answer.outcome == "answered", answer.text
    assert reading in answer.reading, answer.reading
    assert said in answer.text


@pytest.mark.parametrize(("question", "gold"), ROWS)
def test_hours_to_solve_are_a_figure(helpdesk: Session, question: str, gold: str) -> None:
    check(helpdesk, helpdesk.ask(question, thread=question), gold)


def test_who_stops_paying_churns(helpdesk: Session) -> None:
    answer = helpdesk.ask("which accounts are about to churn?", thread="churn")
    assert "payments" in answer.text
