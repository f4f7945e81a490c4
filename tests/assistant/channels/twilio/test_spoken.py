"""What is said on the phone, and what is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Choice
from assistant.channels.twilio.sounds import Taken, by_sound, written
from assistant.channels.twilio.spoken import MOST_WORDS, shortened, speech, spoken
from evals.channels.said import figures
from evals.channels.spoken import in_figures


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("**$1.2 million**, up 8%", "one point two million dollars, up eight percent"),
        ("$386,027", "about three hundred and eighty-six thousand dollars"),
        ("$4,250,000", "four point two five million dollars"),
        ("€99.99", "ninety-nine euros and ninety-nine cents"),
        ("£1.01 or $0.11", "one pound and one penny or eleven cents"),
        ("0.089% or 0.0004%", "zero point zero nine percent or zero point zero zero zero four percent"),
        ("top: $400,380 (about $5,001,000)", "top: about four hundred thousand dollars (about five million dollars)"),
        ("$1", "one dollar"),
        ("-5.5%", "minus five point five percent"),
        ("1,234 orders in 2017", "one thousand, two hundred and thirty-four orders in 2017"),
        ("Jan 2017 to Dec 31, 2017", "January 2017 to December 31, 2017"),
        ("May I have 12?", "May I have 12?"),
        ("0.45", "zero point four five"),
    ],
)
def test_figures_are_said_as_people_say_them(shown: str, said: str) -> None:
    assert speech(shown) == said


@given(st.text(max_size=3000), st.lists(st.text(min_size=1, max_size=300), max_size=5))
def test_a_turn_is_short_whatever_the_answer(text: str, more: list[str]) -> None:
    answer = Answer(outcome="answered", text=text, reading=text[:100], caveats=more)
    assert len(spoken(answer).split()) <= MOST_WORDS + 3


@given(st.text(max_size=300))
def test_what_is_said_can_be_written_as_twiml(text: str) -> None:
    from xml.etree import ElementTree

    from twilio.twiml.voice_response import VoiceResponse

    made = VoiceResponse()
    made.say(speech(text))
    assert ElementTree.fromstring(str(made)).find("Say") is not None


def test_no_formula_is_read_aloud_and_no_reading_twice() -> None:
    text = "**Discount rate**: a part of sales. Computed as `100 * {discount} / {sales}`."
    assert spoken(Answer(outcome="answered", text=text, reading="Discount rate")) == "Discount rate: a part of sales."


def test_choices_are_offered_by_number() -> None:
    choices = [Choice(label="Sales by store", question="a"), Choice(label="Sales by shop", question="b")]
    said = spoken(Answer(outcome="ask", text="Which do you mean?", choices=choices))
    assert said == "Which do you mean? Press 1 for Sales by store. Press 2 for Sales by shop."


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("How did A B C do?", "How did ABC do?"), ("ten per cent.", "ten percent"), ("sales at I.B.M. today", "sales at IBM today"), ("a big sale", "a big sale")],
)  # fmt: skip
def test_what_is_spelled_is_written_as_it_would_be_typed(heard: str, meant: str) -> None:
    assert written(heard) == meant


NAMES = ["CHEESE", "Soft Drinks", "Bari", "Barry", "Lund", "Private"]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [("sales of cheez", Taken("sales of CHEESE", True)), ("sales of soft drinx", Taken("sales of Soft Drinks", True)), ("our private", None), ("our profit", None), ("sales in prufet", Taken("sales in Private", False)), ("sales of cheese", None), ("sales of beef", None), ("sales of barrie", None)],
)  # fmt: skip
def test_a_name_is_known_by_its_sound_unless_it_could_be_two(heard: str, meant: Taken | None) -> None:
    assert by_sound(heard, NAMES) == meant


@given(st.integers(1, 10**9), st.integers(0, 12))
def test_a_figure_is_never_cut_in_half(figure: int, before: int) -> None:
    said = shortened(f"{'well ' * before}{speech(f'${figure:,} of sales and more')}", before + 3)
    assert figures(in_figures(said)) in ([], figures(in_figures(speech(f"${figure:,}"))))
