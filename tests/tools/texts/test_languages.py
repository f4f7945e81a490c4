"""Texts in several languages: each is read in its own, what is said of one thing in several is one topic, and what is
not read is told and in no figure."""

from __future__ import annotations

import pytest

from assistant.answer import Answer
from assistant.session import Session
from tests.tools.texts import chalet
from tests.tools.texts.test_text import ask, opened, rows
from tools.texts.languages import languages_of
from tools.texts.tokens import words


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return opened(chalet.build(tmp_path_factory.mktemp("chalet") / "chalet.duckdb"))


def told(answer: Answer) -> str:
    return " ".join(answer.caveats)


def test_each_text_has_its_own_language() -> None:
    said = [
        *["The food was very good and we will come back"] * 5,
        *["Le repas était très bon et nous reviendrons"] * 5,
        *["Das Essen war sehr gut und wir kommen wieder"] * 5,
        "Livraison rapide",
        "Schnelle Lieferung",
        "Доставка была очень поздно",
        "配送が遅い",
    ]
    assert languages_of(said) == [*["en"] * 5, *["fr"] * 5, *["de"] * 5, "fr", "de", None, None]


def test_short_english_texts_stay_english() -> None:
    assert set(
        languages_of(["The room was cold and the staff rude", *["Late again", "Rude staff", "Die cast toy"]] * 9)
    ) == {"en"}


def test_one_thing_is_one_word_in_all_languages() -> None:
    assert words("Les livraisons", "fr") == words("die Lieferung", "de") == words("the delivery", "en") == ["delivery"]


def test_complaints_of_all_languages_are_counted_together(shop: Session) -> None:
    answer = ask(shop, "what do customers complain about?")
    found = {r[0]: r[1] for r in rows(answer)}
    assert found["late delivery"] == 120
    assert 50 <= found["rude staff"] <= 60  # type: ignore[operator]


def test_what_is_not_read_is_told_and_in_no_figure(shop: Session) -> None:
    answer = ask(shop, "what do customers complain about?")
    assert "150 English, 100 French, 50 Italian" in told(answer)
    assert "10 in a language that is not known here; 12 in Polish" in told(answer)
    assert sum(int(r[1]) for r in rows(ask(shop, "sentiment of reviews by store"))) == 300  # type: ignore[call-overload]


def test_classes_count_what_other_languages_say(shop: Session) -> None:
    found = {r[0]: r[1] for r in rows(ask(shop, "classify reviews into delivery, staff and price"))}
    assert found["delivery"] == 120
    assert found["price"] == 120
    assert found["staff"] == 72  # 12 of them Polish


def test_a_term_is_found_in_all_languages(shop: Session) -> None:
    assert "120 mentions" in ask(shop, "sentiment about delivery").text


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("which store has the worst sentiment?", "Summit"),
        ("which store has the best sentiment?", "Lakeside"),
        ("which store has the lowest sentiment", "Summit"),
        ("which store gets the most negative reviews?", "Summit"),
        ("which store has the most complaints?", "Summit"),
        ("which store gets the most positive reviews?", "Valley"),
        ("which store has the highest share of positive reviews?", "Lakeside"),
        ("which store do customers like least?", "Summit"),
        ("which store has the happiest customers?", "Lakeside"),
        ("rank stores by sentiment", "Lakeside"),
    ],
)
def test_what_is_asked_for_is_told_first(shop: Session, question: str, first: str) -> None:
    answer = ask(shop, question)
    assert rows(answer)[0][0] == first
    assert answer.text.partition(";")[0].find(f"**{first}**") > 0
