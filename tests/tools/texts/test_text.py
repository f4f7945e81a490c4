"""The text tool, on what an outfitter's customers write: asked in plain words, answered with figures that the texts
hold."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import duckdb
import pytest

from assistant.answer import Answer
from assistant.session import Session, open_session
from assistant.settings import Settings
from knowledge.warehouse.duckdb import connect
from tests.tools.texts import outfitter
from tools.texts.languages import language_of
from tools.texts.mentions import mentions
from tools.texts.phrases import classified
from tools.texts.sentiment import UnknownLanguage, scored
from tools.texts.tokens import clauses, shown
from tools.texts.words import wish

_THREADS = count()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Session:
    folder = tmp_path_factory.mktemp("outfitter")
    return opened(outfitter.build(folder / "outfitter.duckdb"))


def opened(path: Path) -> Session:
    settings = Settings(state_dir=path.parent / "state", model=None, mode=None)
    return open_session(str(path), as_of=outfitter.TODAY, settings=settings)


def ask(session: Session, question: str) -> Answer:
    answer = session.ask(question, thread=f"text-{next(_THREADS)}")
    assert answer.outcome == "answered", answer.text
    return answer


def rows(answer: Answer) -> list[tuple[object, ...]]:
    assert answer.result is not None
    return list(answer.result.rows)


@pytest.mark.parametrize(
    "question",
    [
        "what do customers complain about?",
        "What are people unhappy with?",
        "what are the biggest complaints",
        "main problems in reviews",
    ],
)
def test_complaints_are_topics_of_what_is_said_unfavourably(shop: Session, question: str) -> None:
    found = rows(ask(shop, question))
    assert any("late" in str(r[0]) for r in found[:2])
    assert any("staff" in str(r[0]) for r in found[:3])
    assert not any("price" in str(r[0]) or "comfort" in str(r[0]) for r in found)


def test_what_is_liked(shop: Session) -> None:
    found = rows(ask(shop, "what do people love about us?"))
    assert any("price" in str(r[0]) for r in found[:2])
    assert not any("rude" in str(r[0]) for r in found)


def test_conditions_and_periods_of_the_question_hold(shop: Session) -> None:
    answer = ask(shop, "what do people complain about at Northgate in May")
    assert "Northgate" in answer.reading
    assert "May 2026" in answer.reading
    assert answer.result is not None
    assert "'northgate'" in answer.result.sql


def test_sentiment_by_shop_is_lowest_where_half_wait_for_their_delivery(shop: Session) -> None:
    found = {r[0]: r for r in rows(ask(shop, "sentiment of reviews by shop"))}
    assert set(found) == {"Riverside", "Market Hall", "Northgate"}
    assert min(found, key=lambda s: found[s][-1]) == "Northgate"  # type: ignore[arg-type,return-value]


def test_sentiment_over_time_is_by_month(shop: Session) -> None:
    assert len(rows(ask(shop, "sentiment over time"))) == 6


def test_what_is_said_about_one_thing(shop: Session) -> None:
    answer = ask(shop, "what do people say about delivery")
    assert "delivery" in answer.reading
    assert all("staff" not in str(r[0]).lower() for r in rows(answer))


def test_every_figure_of_the_sentence_is_in_the_rows(shop: Session) -> None:
    answer = ask(shop, "which products are mentioned most")
    first = rows(answer)[0]
    assert str(first[0]) in answer.text
    assert f"{first[2]:,}" in answer.text
    con = connect(shop.workspace.warehouse.path)  # type: ignore[attr-defined]
    said = con.execute("select count(*) from reviews where review_text ilike ?", [f"%{first[0]}%"]).fetchone()
    assert said == (first[2],)


def test_quotes_show_no_address_and_obey_no_text(shop: Session) -> None:
    answer = ask(shop, "show negative reviews")
    assert "ann@example.com" not in str(rows(answer))
    assert ask(shop, "how many reviews are there") is not None


def test_classes_of_the_asker(shop: Session) -> None:
    found = {r[0]: r[1] for r in rows(ask(shop, "classify reviews into delivery, staff and price"))}
    assert found["delivery"] > found["staff"] > 0  # type: ignore[operator]


def test_the_answer_says_how_far_it_agrees_with_the_ratings(shop: Session) -> None:
    answer = ask(shop, "are reviews mostly positive?")
    assert "agrees with the rating" in answer.provenance.method


def test_too_few_the_same_and_no_words_are_said(tmp_path: Path) -> None:
    for name, texts, told in (
        ("few", ["Nice place to be.", "Rather cold food today."], "it takes 10"),
        ("same", ["The food was good."] * 40, "say the same"),
    ):
        path = tmp_path / name / "x.duckdb"
        path.parent.mkdir()
        con = duckdb.connect(str(path))
        con.execute("create table reviews(id integer primary key, comment varchar, posted_on date)")
        con.executemany("insert into reviews values (?, ?, '2026-05-01')", list(enumerate(texts)))
        con.close()
        answer = opened(path).ask("what do customers complain about?", thread=name)
        assert answer.outcome == "cannot"
        assert told in answer.text


def test_without_texts_it_says_what_it_takes(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    con = duckdb.connect(str(path))
    con.execute("create table sales(id integer primary key, amount double, sold_on date)")
    con.execute("insert into sales select n, n * 1.5, date '2026-05-01' from range(50) r(n)")
    con.close()
    answer = opened(path).ask("what do customers complain about?", thread="none")
    assert answer.outcome == "cannot"
    assert "reviews, tickets or comments" in answer.text


@pytest.mark.parametrize(
    ("text", "favourable"),
    [
        ("The food was not good", False),
        ("never had a problem, excellent", True),
        ("overpriced and dirty", False),
        ("friendly staff", True),
    ],
)
def test_english_sentiment(text: str, favourable: bool) -> None:
    assert bool(scored([text], "en")[0] > 0) is favourable


def test_other_languages_have_their_lexicon_or_say_that_they_have_none() -> None:
    german = ["Das Essen war schlecht und der Service schrecklich", "Sehr lecker, wunderbar"]
    assert language_of(german) == "de"
    low, high = scored(german, "de")
    assert low < 0 < high
    with pytest.raises(UnknownLanguage):
        scored(["kaikki oli hyvin"], "fi")


def test_a_text_is_cut_into_what_it_says() -> None:
    assert clauses("Great food, but slow service. We waited an hour!") == [
        "Great food",
        "slow service.",
        "We waited an hour!",
    ]


def test_a_long_quote_is_cut_at_a_word() -> None:
    assert shown("word " * 100, 20) == "word word word word …"


def test_ordinary_words_that_are_names_are_mentions_only_when_written_so() -> None:
    names = {"bell": ("Bell", "product"), "alpine jacket": ("Alpine Jacket", "product")}
    found = {m.name: m.texts for m in mentions(["I rang the bell", "Got the Bell and an alpine jacket"], names)}
    assert found == {"Bell": (1,), "Alpine Jacket": (1,)}


def test_a_text_is_of_the_class_that_it_names() -> None:
    assert classified(["The staff was kind", "Qwertz"], ["staff", "price"], ["en", "en"]) == ["staff", None]


@pytest.mark.parametrize(
    "question", ["number of reviews by shop", "average rating by product", "what did customers buy", "top 5 products"]
)
def test_ordinary_questions_are_left_alone(question: str) -> None:
    assert wish(question) is None


def test_topics_by_shop_are_those_of_each_shop(shop: Session) -> None:
    found = rows(ask(shop, "what do customers complain about by shop"))
    first = {r[0]: str(r[1]) for r in reversed(found)}
    assert "late" in first["Northgate"]
    assert set(first) == {"Riverside", "Market Hall", "Northgate"}


def test_labels_are_learnt_from_the_texts_that_have_one(tmp_path: Path) -> None:
    path = tmp_path / "tickets.duckdb"
    con = duckdb.connect(str(path))
    con.execute("create table tickets(id integer primary key, body varchar, area varchar, opened_on date)")
    said = {"billing": "the invoice was charged twice to my card", "login": "i cannot log in with my password any more"}
    made = [
        (n, f"{text} number {n}", area if n % 4 else None, "2026-05-01")
        for n in range(120)
        for area, text in [sorted(said.items())[n % 2]]
    ]
    con.executemany("insert into tickets values (?, ?, ?, ?)", made)
    con.close()
    answer = ask(opened(path), "classify tickets by area")
    found = {r[0]: r[1] for r in rows(answer)}
    assert found == {"billing": 60, "login": 60}
    assert "cross-validation" in answer.provenance.method
