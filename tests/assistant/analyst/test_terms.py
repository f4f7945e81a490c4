"""Words of the business that instructions define, and what is done where one can't be honoured."""

from __future__ import annotations

from assistant.analyst.definitions import defined
from assistant.analyst.terms import asked_about, in_plain_words
from assistant.session import Session


def test_a_kind_of_things_is_put_in_what_makes_it_one() -> None:
    question, left = in_plain_words("How many big eaters do we have?", "A big eater is a guest with at least 5 orders.")
    assert question == "How many guests with at least 5 orders do we have?"
    assert left is None


def test_a_rate_of_things_is_how_many_of_them_in_percent() -> None:
    question, _ = in_plain_words("late rate by depot", "Late rate = late parcels / all parcels.")
    assert question == "number of late parcels as a percentage of number of parcels by depot"


def test_what_never_counts_and_what_alone_is_reported_limits_the_question() -> None:
    told = "Net weight is the weight minus the tare. Test parcels never count. Only report depots with over 5 parcels."
    question, _ = in_plain_words("net weight by depot", told)
    assert question == "the weight minus the tare by depot, excluding test parcels, only depots with over 5 parcels"


def test_terms_that_the_question_does_not_use_change_nothing() -> None:
    told = "A big eater is a guest with at least 5 orders."
    assert in_plain_words("orders by month", told) == ("orders by month", told)


def test_names_in_capitals_and_sql_are_left_to_the_formulas_reader() -> None:
    told = "Last week = DATE_TRUNC('week', CURRENT_DATE). AOV = total amount / number of orders."
    assert in_plain_words("AOV last week", told) == ("AOV last week", told)
    assert not asked_about("Last week = DATE_TRUNC('week', CURRENT_DATE).", "orders last week")


def test_a_question_about_what_can_not_be_honoured_is_declined(orchard_session: Session) -> None:
    told = "Harvest bonus = what the board grants to a grower in a good year."
    answer = orchard_session.ask("harvest bonus per village", thread="bonus", instructions=told)
    assert answer.outcome == "cannot"
    assert "Harvest bonus = what the board grants" in answer.text


def test_a_rank_and_a_change_are_read_from_their_definitions() -> None:
    assert in_plain_words("Picker rank by depot", "Picker rank = rank by number of crates.")[0] == (
        "rank by number of crates by depot"
    )
    told = "Weekly move = crates in the week minus crates in the previous week."
    assert in_plain_words("weekly move by depot", told)[0] == "change in crates from the previous week by depot"


def test_a_season_is_the_days_it_runs_over() -> None:
    told = "The 2025 picking runs from 1 August 2025 to 31 October 2025, both days included."
    question, left = in_plain_words("crates in the 2025 picking", told)
    assert question == "crates in the period from 1 August 2025 to 31 October 2025"
    assert left is None


def test_what_a_rate_looks_at_only_is_a_condition_of_it() -> None:
    told = "Loss rate = crates that were never sold / all crates, looking only at crates with grade 'A'."
    question, _ = in_plain_words("What is the loss rate?", told)
    assert question.endswith("as a percentage of number of crates for crates with grade 'A'?")


def test_rank_one_and_ties_go_without_saying() -> None:
    told = (
        "PR = picker rank by total weight, the heaviest having rank 1. CPW = (total price - total cost) / total cost."
    )
    assert defined("What is the PR of each picker?", told) == "What is rank by total weight of each picker?"
    assert defined("CPW by depot", told) == "total price minus total cost divided by total cost by depot"
