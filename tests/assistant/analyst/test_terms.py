"""Words of the business that instructions define, and what is done where one can't be honoured."""

from __future__ import annotations

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
    """A fiscal year that starts in July is no calendar year."""
    told = "Our fiscal year starts on 1 July and is named for the calendar year in which it ends."
    answer = orchard_session.ask("total price per fiscal year", thread="fiscal", instructions=told)
    assert answer.outcome == "cannot"
    assert "fiscal year starts on 1 July" in answer.text
