from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from assistant.channels.web.files import as_csv, as_excel


def table(*columns: tuple[str, str], rows: list[list[object]]) -> dict:
    return {
        "title": "t",
        "columns": [{"label": label, "kind": kind, "unit": None} for label, kind in columns],
        "rows": rows,
    }


SALES = table(
    ("Month", "time"),
    ("Store", "category"),
    ("Net sales", "currency"),
    ("Units", "integer"),
    rows=[["2017-01-01", "Café, north", 1234.5, 7], ["2017-02-01T08:30:00", None, None, 0]],
)


def test_csv_has_the_values_themselves_and_opens_in_excel_with_its_accents() -> None:
    body = as_csv(SALES)
    assert body.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(body.decode("utf-8-sig")))) == [
        ["Month", "Store", "Net sales", "Units"],
        ["2017-01-01", "Café, north", "1234.5", "7"],
        ["2017-02-01T08:30:00", "", "", "0"],
    ]


def test_excel_has_numbers_as_numbers_and_dates_as_dates() -> None:
    sheet = load_workbook(io.BytesIO(as_excel(SALES))).active
    assert [cell.value for cell in sheet[1]] == ["Month", "Store", "Net sales", "Units"]
    assert [cell.value for cell in sheet[2]] == [datetime(2017, 1, 1), "Café, north", 1234.5, 7]
    assert [cell.value for cell in sheet[3]] == [datetime(2017, 2, 1, 8, 30), None, None, 0]
    assert sheet[1][0].font.bold
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil")', "+1+1", "-2+3", "@SUM(A1)", "\t=1"])
def test_a_text_that_a_spreadsheet_would_run_stays_a_text(text: str) -> None:
    one = table(("Name", "text"), rows=[[text]])
    assert next(csv.reader(io.StringIO(as_csv(one).decode("utf-8-sig").split("\r\n", 1)[1])))[0] == "'" + text
    cell = load_workbook(io.BytesIO(as_excel(one))).active["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_negative_number_is_not_mistaken_for_a_formula() -> None:
    assert b"\r\n-5.5\r\n" in as_csv(table(("Change", "number"), rows=[[-5.5]]))


def test_control_characters_do_not_break_the_workbook() -> None:
    assert load_workbook(io.BytesIO(as_excel(table(("N\x00", "text"), rows=[["a\x07b"]])))).active["A2"].value == "ab"


def test_thirty_columns_have_their_own_widths() -> None:
    wide = table(*[(f"c{i}", "text") for i in range(30)], rows=[["x" * i for i in range(30)]])
    sheet = load_workbook(io.BytesIO(as_excel(wide))).active
    assert sheet.column_dimensions["AD"].width > sheet.column_dimensions["A"].width
