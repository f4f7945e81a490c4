from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Choice, Provenance
from assistant.channels.api.answers import as_json
from assistant.channels.web.card import CARD_ROWS, card, table
from knowledge.result import Result, ResultColumn

MONTH = ResultColumn("month", "Month", "time", grain="month")
WEEKDAY = ResultColumn("weekday", "Weekday", "time", grain="day_of_week")
SALES = ResultColumn("net_sales", "Net sales", "currency", measure=True, unit="USD")
NAME = ResultColumn("name", "Name", "text")


def answered(*columns: ResultColumn, rows: list[tuple], truncated: bool = False, **more: object) -> Answer:
    result = Result(columns, rows, "SELECT 1", truncated=truncated, caveats=("2 rows have no store.",))
    return Answer(outcome="answered", text="…", result=result, **more)


def test_the_page_gets_texts_to_show_and_values_to_sort_by() -> None:
    shown = card(answered(MONTH, SALES, rows=[(date(2017, 1, 1), Decimal("1234.50")), (date(2017, 2, 1), None)]))[
        "table"
    ]
    assert shown["columns"] == [{"label": "Month", "number": False}, {"label": "Net sales", "number": True}]
    assert shown["cells"] == [["Jan 2017", "$1,234.50"], ["Feb 2017", "–"]]
    assert shown["order"] == {"0": ["2017-01-01", "2017-02-01"], "1": [1234.5, None]}


def test_all_of_a_card_is_written_as_the_locale_does() -> None:
    euros = ResultColumn("sales", "Umsatz", "currency", measure=True, unit="EUR")
    source = Provenance(fresh_as_of=datetime(2017, 12, 31), row_count=1200)
    said = answered(WEEKDAY, euros, rows=[(1, 1234.5), (2, 2.0)], provenance=source, elapsed_ms=2345)
    shown = card(said, locale="de_DE")
    assert shown["table"]["cells"][0] == ["Montag", "1.234,50\u00a0€"]
    assert shown["facts"] == ["data to 31.12.2017", "1.200 rows", "2,3 s"]
    assert shown["locale"] == "de-DE"  # for what the page counts and sorts
    assert card(said, locale="no such one")["locale"] == "en-US"
    assert table(said.result, locale="de_DE")["rows"][0] == ["Montag", 1234.5]


def test_months_and_weekdays_sort_by_time_not_by_name() -> None:
    shown = card(answered(WEEKDAY, SALES, rows=[(1, 5), (5, 7), (6, 2)]))["table"]
    assert [row[0] for row in shown["cells"]] == ["Monday", "Friday", "Saturday"]
    assert shown["order"]["0"] == [1, 5, 6]


def test_a_single_figure_needs_no_table() -> None:
    assert "table" not in card(answered(SALES, rows=[(5,)]))
    assert "table" in card(answered(NAME, SALES, rows=[("a", 5)]))


def test_the_last_line_says_how_fresh_how_many_and_how_long() -> None:
    source = Provenance(fresh_as_of=datetime(2017, 12, 31, 23, 59), row_count=12, source="the retail demo")
    props = card(answered(NAME, rows=[("a",)] * 12, provenance=source, reading="names", elapsed_ms=84.4))
    assert props["facts"] == ["the retail demo", "data to Dec 31, 2017", "12 rows", "84 ms"]
    assert props["reading"] == "names"
    assert card(answered(NAME, rows=[("a",)], elapsed_ms=2345))["facts"] == ["1 row", "2.3 s"]
    read = Provenance(read_by="llm", model="gpt-x")
    assert card(Answer(outcome="cannot", text="…", provenance=read))["facts"] == ["read by gpt-x"]


def test_caveats_of_the_answer_and_of_its_result_are_said_once() -> None:
    props = card(answered(NAME, rows=[("a",)], caveats=["2 rows have no store.", "December is not over."]))
    assert props["caveats"] == ["2 rows have no store.", "December is not over."]


def test_a_large_result_travels_in_part_and_says_how_much_there_is() -> None:
    shown = card(answered(NAME, rows=[(str(i),) for i in range(CARD_ROWS + 5)], truncated=True), downloads="/x")
    assert (len(shown["table"]["cells"]), shown["table"]["total"], shown["table"]["more"]) == (1000, 1005, True)
    assert shown["downloads"] == {"csv": "/x.csv", "xlsx": "/x.xlsx"}


def test_choices_become_buttons() -> None:
    ask = Answer(outcome="ask", text="Which?", choices=[Choice(label="Stores", question="sales by store")])
    assert card(ask)["choices"] == [{"label": "Stores", "question": "sales by store"}]
    assert "downloads" not in card(ask, downloads="/x")


def test_downloads_have_names_for_weekdays_and_plain_values_for_the_rest() -> None:
    kept = table(answered(WEEKDAY, MONTH, SALES, rows=[(1, date(2017, 1, 1), Decimal("2.50"))]).result, "t")
    assert kept["rows"] == [["Monday", "2017-01-01", 2.5]]
    assert kept["columns"][2] == {"label": "Net sales", "kind": "currency", "unit": "USD"}


def test_rest_bounds_the_rows_and_says_so() -> None:
    body = as_json(answered(NAME, rows=[(str(i),) for i in range(7)]), max_rows=5)
    assert (len(body["rows"]), body["truncated"], body["outcome"]) == (5, True, "answered")
    assert body["columns"] == [{"label": "Name", "kind": "text", "unit": None, "name": "name"}]
    assert as_json(Answer(outcome="cannot", text="no"))["text"] == "no"


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(10**20), max_value=10**20),
    st.floats(min_value=-1e20, max_value=1e20),
    st.sampled_from([float("nan"), float("inf"), -float("inf"), Decimal("NaN"), Decimal("Infinity")]),
    st.decimals(min_value=-(10**20), max_value=10**20),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    st.binary(),
    st.lists(st.integers()),
)


@given(st.lists(st.tuples(values, values), max_size=5), st.sampled_from([NAME, SALES]))
def test_whatever_a_database_returns_reaches_the_page_as_strict_json(rows: list[tuple], column: ResultColumn) -> None:
    answer = answered(NAME, column, rows=rows)
    for body in (card(answer), table(answer.result), as_json(answer)):
        json.loads(json.dumps(body, allow_nan=False))
