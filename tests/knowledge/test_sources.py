"""Any file a person points at becomes a DuckDB file; what can't be read is said, with what to do."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sources import BadSource, ingest, open_files, open_source
from knowledge.sources.columns import create
from knowledge.sources.readings import NOTHING
from knowledge.warehouse.duckdb import DuckDBWarehouse


def rows(path: Path, table: str, order: str = "ALL") -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(f'SELECT * FROM "{table}" ORDER BY {order}').fetchall()


def types(path: Path, table: str) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [table]
        ).fetchall()
    return dict(found)


def about(path: Path, table: str) -> str:
    """The caveats: the table's comment."""
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
    return (found and found[0]) or ""


def csv(tmp_path: Path, text: str | bytes, name: str = "file.csv") -> Path:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_source(str(tmp_path / name), tmp_path / "state")


def column(tmp_path: Path, *values: str) -> tuple[str, list[Any], str]:
    """Type, values and caveats of a column of these texts."""
    quoted = "\n".join('"' + v.replace('"', '""') + '"' for v in values)
    made = csv(tmp_path, f"n,v\n{''.join(f'{n},{q}' + chr(10) for n, q in enumerate(quoted.split(chr(10))))}")
    return types(made, "file")["v"], [row[1] for row in rows(made, "file", "n")], about(made, "file")


# --- types of text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "kind", "values"),
    [
        (["1", "-20", ""], "BIGINT", [1, -20, None]),
        (["1", "2.5", "1e3"], "DOUBLE", [1.0, 2.5, 1000.0]),
        (["true", "FALSE"], "BOOLEAN", [True, False]),
        (["$1,234.50", "$7", "-$3.10", "($2.00)"], "DOUBLE", [1234.5, 7.0, -3.1, -2.0]),
        (["1,234", "12,345,678"], "DOUBLE", [1234.0, 12345678.0]),
        (["12.5%", "3 %", "N/A"], "DOUBLE", [12.5, 3.0, None]),
        (["1.234,50", "7,25", "1.000"], "DOUBLE", [1234.5, 7.25, 1000.0]),
        (["1 234,50 €", "7,25 €"], "DOUBLE", [1234.5, 7.25]),
        (["2024-02-29", "2024-12-31", "NULL"], "DATE", [dt.date(2024, 2, 29), dt.date(2024, 12, 31), None]),
        (["31/12/2024", "01/02/2024"], "DATE", [dt.date(2024, 12, 31), dt.date(2024, 2, 1)]),
        (["12/31/2024", "01/02/2024"], "DATE", [dt.date(2024, 12, 31), dt.date(2024, 1, 2)]),
        (["31.12.2024", "1.2.2024"], "DATE", [dt.date(2024, 12, 31), dt.date(2024, 2, 1)]),
        (["Jan 5, 2024", "Mar 7, 2024"], "DATE", [dt.date(2024, 1, 5), dt.date(2024, 3, 7)]),
        (["5-Jan-24", "17-Feb-23"], "DATE", [dt.date(2024, 1, 5), dt.date(2023, 2, 17)]),
        (["2024-01-05 10:30", "2024-01-06T23:59:59"], "TIMESTAMP",
         [dt.datetime(2024, 1, 5, 10, 30), dt.datetime(2024, 1, 6, 23, 59, 59)]),
        (["1/5/2024 3:07 PM", "1/15/2024 11:00 AM"], "TIMESTAMP",
         [dt.datetime(2024, 1, 5, 15, 7), dt.datetime(2024, 1, 15, 11)]),
    ],
)  # fmt: skip
def test_a_column_that_reads_as_numbers_or_dates_throughout_is_typed(
    tmp_path: Path, texts: list[str], kind: str, values: list[Any]
) -> None:
    assert column(tmp_path, *texts)[:2] == (kind, values)


def test_times_with_a_zone_keep_the_moment(tmp_path: Path) -> None:
    kind, values, _ = column(tmp_path, "2024-01-05T10:30:00Z", "2024-01-05T10:30:00+02:00")
    assert kind == "TIMESTAMP WITH TIME ZONE"
    assert values[0] - values[1] == dt.timedelta(hours=2)


@pytest.mark.parametrize(
    "texts",
    [
        ["01234", "99999"],  # a postcode
        ["12345678901234567890", "12345678901234567891"],  # too long to be counted with
        ["$5", "€5"],  # not to be added
        ["1.2.3", "4.5.6"],
        ["12-34", "56-78"],
        ["NA", "Rome"],  # Namibia
        ["inf", "-inf"],
        ["0x1F", "1_000"],
        ["31/12/2024", "12/31/2024"],
    ],
)
def test_other_text_is_kept_as_it_is(tmp_path: Path, texts: list[str]) -> None:
    assert column(tmp_path, *texts)[:2] == ("VARCHAR", texts)


def test_a_number_that_stops_being_one_far_below_is_found(tmp_path: Path) -> None:
    texts = [str(n) for n in range(7_000)]
    kind, values, caveats = column(tmp_path, *texts, "12.7 or so")
    assert (kind, values[:2], values[-1]) == ("VARCHAR", ["0", "1"], "12.7 or so")
    assert "v: 1 of 7,001 values are not whole numbers (such as '12.7 or so'), so the column is kept as text" in caveats
    assert column(tmp_path, *texts, "12.75")[:1] == ("DOUBLE",)
    assert column(tmp_path, *texts, "007")[:1] == ("VARCHAR",)
    assert column(tmp_path, *[""] * 7_000, "5")[0] == "BIGINT"


def test_the_unit_that_the_text_says_is_the_columns_comment(tmp_path: Path) -> None:
    made = csv(tmp_path, 'a,b\n"$1,000.00",5%\n')
    with duckdb.connect(str(made), read_only=True) as con:
        found = con.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'file' ORDER BY column_index"
        ).fetchall()
    assert found == [("unit: USD",), ("unit: percent",)]


def test_a_file_of_decimal_commas_has_days_before_months(tmp_path: Path) -> None:
    made = csv(tmp_path, "day;amount;units\n03/04/2024;1.234,50;1.234\n05/04/2024;7,25;20\n")
    assert rows(made, "file") == [(dt.date(2024, 4, 3), 1234.5, 1234.0), (dt.date(2024, 4, 5), 7.25, 20.0)]


def test_an_ambiguous_day_is_said(tmp_path: Path) -> None:
    kind, values, caveats = column(tmp_path, "03/04/2024", "05/06/2024")
    assert (kind, values) == ("DATE", [dt.date(2024, 3, 4), dt.date(2024, 5, 6)])
    assert "month first" in caveats


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def shared() -> duckdb.DuckDBPyConnection:
    """One database for all examples, without their table."""
    database().execute("DROP TABLE IF EXISTS t").fetchall()
    return database()


@given(st.lists(st.integers(-(10**17), 10**17), min_size=1, max_size=8))
def test_whole_numbers_come_back_as_they_were(numbers: list[int]) -> None:
    con = shared()
    con.execute("CREATE OR REPLACE TABLE s AS SELECT unnest(?) AS v", [[str(n) for n in numbers]])
    create(con, '"t"', "s", ["v"])
    assert [row[0] for row in con.execute("SELECT v FROM t").fetchall()] == numbers


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_any_text_is_kept_or_read_but_never_lost(texts: list[str]) -> None:
    con = shared()
    kept = [t.replace("\x00", "") for t in texts]
    con.execute("CREATE OR REPLACE TABLE s AS SELECT unnest(?::VARCHAR[]) AS v", [kept])
    create(con, '"t"', "s", ["v"])
    back = [row[0] for row in con.execute("SELECT v FROM t").fetchall()]
    assert len(back) == len(kept)
    for old, new in zip(kept, back, strict=True):
        assert new == old or (new is None) == (old.strip() in NOTHING)


# --- delimited files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    made = csv(tmp_path, f"city{delimiter}n\nRome{delimiter}1\nOslo{delimiter}2\n", "file.txt")
    assert rows(made, "file") == [("Oslo", 2), ("Rome", 1)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_the_encoding_is_found(tmp_path: Path, encoding: str) -> None:
    text = "città,größe\nMünchen,1\nSão Paulo,2\n" + ("Zürich €,3\n" if encoding not in ("latin-1",) else "")
    made = csv(tmp_path, text.encode(encoding))
    assert list(types(made, "file")) == ["città", "größe"]
    assert rows(made, "file")[0][0] == "München"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_ends_of_lines_are_found(tmp_path: Path, end: str) -> None:
    assert rows(csv(tmp_path, end.join(["a,b", "1,x", "2,y", ""])), "file") == [(1, "x"), (2, "y")]


def test_quoted_cells_hold_delimiters_and_line_ends(tmp_path: Path) -> None:
    made = csv(tmp_path, 'a,b\n"x, ""y""\nz",1\nplain,2\n')
    assert rows(made, "file", "b") == [('x, "y"\nz', 1), ("plain", 2)]


def test_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    made = csv(tmp_path, "Sales report\nmade on 2024-05-01\n\nday,city,amount\n2024-01-01,Rome,5\n2024-01-02,Oslo,6\n")
    assert rows(made, "file") == [(dt.date(2024, 1, 1), "Rome", 5), (dt.date(2024, 1, 2), "Oslo", 6)]


@pytest.mark.parametrize(
    "text",
    ["1,alice,2024-01-01\n2,bob,2024-01-02\n", "alice,london\nbob,paris\ncarol,london\n", "alice,5\nbob,7\n"],
)
def test_a_file_without_a_header_gets_names(tmp_path: Path, text: str) -> None:
    made = csv(tmp_path, text)
    assert list(types(made, "file"))[:2] == ["column_1", "column_2"]
    assert len(rows(made, "file")) == text.count("\n")
    assert "no header" in about(made, "file")


def test_years_may_be_names_of_columns(tmp_path: Path) -> None:
    made = csv(tmp_path, "region,2020,2021\nNorth,10,20\nSouth,30,40\n")
    assert types(made, "file") == {"region": "VARCHAR", "2020": "BIGINT", "2021": "BIGINT"}
    made = csv(tmp_path, "region,2024-01-01\nNorth,10\nSouth,30\n")
    assert types(made, "file") == {"region": "VARCHAR", "2024-01-01": "BIGINT"}


def test_names_of_columns_are_kept_and_told_apart(tmp_path: Path) -> None:
    made = csv(tmp_path, 'Order Total (€),id,ID,,id\n1,2,3,4,5\n"2",3,4,5,6\n')
    assert list(types(made, "file")) == ["Order Total (€)", "id", "ID_2", "column_4", "id_3"]


def test_ragged_rows_lose_nothing(tmp_path: Path) -> None:
    made = csv(tmp_path, "a,b,c\n1,2\n3,4,5,6\n7,8,9\n")
    assert rows(made, "file") == [(1, 2, None, None), (3, 4, 5, 6), (7, 8, 9, None)]
    assert "different numbers of columns" in about(made, "file")


def test_a_row_that_is_wider_far_below_loses_nothing(tmp_path: Path) -> None:
    made = csv(tmp_path, "a,b\n" + "1,2\n" * 5_000 + "3,4,five\n6\n")
    assert rows(made, "file")[-2:] == [(3, 4, "five"), (6, None, None)]
    assert "different numbers of columns" in about(made, "file")


def test_mixed_types_stay_text_with_a_caveat(tmp_path: Path) -> None:
    made = csv(tmp_path, "a,b\n" + "".join(f"{n},x\n" for n in range(99)) + "unknown,y\n")
    assert types(made, "file")["a"] == "VARCHAR"
    assert "a: 1 of 100 values are not whole numbers (such as 'unknown')" in about(made, "file")


def test_a_thousand_columns_load(tmp_path: Path) -> None:
    names = [f"col {n}" for n in range(1_000)]
    lines = [",".join(names), *(",".join(str(n * row) for n in range(1_000)) for row in range(20))]
    made = csv(tmp_path, "\n".join(lines))
    assert list(types(made, "file")) == names
    assert rows(made, "file")[2][:3] == (0, 2, 4)


def test_odd_file_names_are_no_patterns(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("z\n9\n")
    made = csv(tmp_path, "a\n1\n", "o*[t]'h?er.csv")
    assert rows(made, "o_t_h_er") == [(1,)]
    (tmp_path / "p[1].parquet").write_bytes(b"")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "p[1].parquet")
    assert rows(open_source(str(tmp_path / "p[1].parquet"), tmp_path / "state"), "p_1") == [(1,)]


def test_compressed_text(tmp_path: Path) -> None:
    made = csv(tmp_path, gzip.compress("città,n\nRome,1\n".encode()), "sales.2024.csv.gz")
    assert rows(made, "sales_2024") == [("Rome", 1)]


# --- other files -----------------------------------------------------------------------------------------------------


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table({"zip": ["01234"], "n": pa.array([1], pa.int16()), "day": [dt.date(2024, 1, 1)]})
    pq.write_table(table, tmp_path / "p.parquet")
    made = open_source(str(tmp_path / "p.parquet"), tmp_path / "state")
    assert rows(made, "p") == [("01234", 1, dt.date(2024, 1, 1))]
    assert types(made, "p")["n"] == "SMALLINT"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('[{"id": 1, "city": "Rome"}, {"id": 2, "city": "Oslo"}]', "file.json"),
        ('{"id": 1, "city": "Rome"}\n{"id": 2, "city": "Oslo"}\n', "file.ndjson"),
        ('{"id": 1, "city": "Rome"}\n{"id": 2, "city": "Oslo"}\n', "file.json"),
        ('{"total": 2, "data": [{"id": 1, "city": "Rome"}, {"id": 2, "city": "Oslo"}]}', "file.json"),
    ],
)
def test_json_records_however_they_are_wrapped(tmp_path: Path, text: str, name: str) -> None:
    assert rows(csv(tmp_path, text, name), "file") == [(1, "Rome"), (2, "Oslo")]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_every_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "shop.xlsx",
        Sales=[
            ["Sales of 2024"], [], ["day", "amount", "code", "paid"],
            [dt.date(2024, 1, 1), 5, "007", True], [dt.date(2024, 1, 2), 6.5, "008", False],
        ],
        Shops=[["id", "city"], [1, "Rome"], [2, None]],
        Empty=[],
        Sheet4=[["x", "y"], ["$1,000", "31/12/2024"]],
    )  # fmt: skip
    made = open_source(str(book), tmp_path / "state")
    assert rows(made, "sales") == [(dt.date(2024, 1, 1), 5.0, "007", True), (dt.date(2024, 1, 2), 6.5, "008", False)]
    assert rows(made, "shops") == [(1, "Rome"), (2, None)]
    assert rows(made, "shop_sheet4") == [(1000.0, dt.date(2024, 12, 31))]


def test_a_sheet_without_a_header_or_with_mixed_cells(tmp_path: Path) -> None:
    book = workbook(tmp_path / "b.xlsx", One=[[1, "Rome"], [2, "Oslo"]], Two=[["a", "b"], [1, 2], ["x", 3]])
    made = open_source(str(book), tmp_path / "state")
    assert rows(made, "one") == [(1, "Rome"), (2, "Oslo")]
    assert rows(made, "two") == [("1", 2), ("x", 3)]
    assert "a: it holds numbers and text" in about(made, "two")


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as con:
        con.executescript(
            """CREATE TABLE orders (
                id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers, day TEXT, total NUMERIC, ok BOOLEAN);
            CREATE TABLE customers (id INTEGER PRIMARY KEY, "Full Name" TEXT, zip TEXT, any);
            CREATE TABLE lines (
                order_id INT, n INT, PRIMARY KEY (order_id, n), FOREIGN KEY (order_id) REFERENCES orders (id));
            CREATE TABLE broken (id INTEGER, customer_id INTEGER REFERENCES customers (id));
            INSERT INTO customers VALUES (1, 'Ann', '10115', 1), (2, 'Bob', '20095', 'x');
            INSERT INTO orders VALUES
                (1, 1, '2024-01-01', 5, 1), (2, 1, '2024-01-02', 7.5, 0), (3, NULL, NULL, NULL, NULL);
            INSERT INTO lines VALUES (1, 1), (1, 2);
            INSERT INTO broken VALUES (1, 99);"""
        )
    con.close()
    return path


def test_sqlite_keeps_its_keys(tmp_path: Path, sqlite: Path) -> None:
    made = open_source(str(sqlite), tmp_path / "state")
    assert rows(made, "customers") == [(1, "Ann", "10115", "1"), (2, "Bob", "20095", "x")]
    assert rows(made, "orders", "id") == [
        (1, 1, dt.date(2024, 1, 1), 5.0, True), (2, 1, dt.date(2024, 1, 2), 7.5, False), (3, None, None, None, None),
    ]  # fmt: skip
    with duckdb.connect(str(made), read_only=True) as con:
        keys = con.execute(
            "SELECT table_name, constraint_type, constraint_column_names, referenced_table FROM duckdb_constraints() "
            "WHERE constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY') ORDER BY ALL"
        ).fetchall()
    assert [(table, kind, columns) for table, kind, columns, _ in keys] == [
        ("customers", "PRIMARY KEY", ["id"]),
        ("lines", "FOREIGN KEY", ["order_id"]),
        ("lines", "PRIMARY KEY", ["order_id", "n"]),
        ("orders", "FOREIGN KEY", ["customer_id"]),
        ("orders", "PRIMARY KEY", ["id"]),
    ]
    assert "key does not hold" in about(made, "broken")
    assert "text and other values" in about(made, "customers")


def test_a_duckdb_file_is_used_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.duckdb"
    duckdb.connect(str(path)).close()
    assert open_source(str(path), tmp_path / "state") == path
    shutil.copy(path, tmp_path / "mine.db")
    assert open_source(str(tmp_path / "mine.db"), tmp_path / "state") == tmp_path / "mine.db"
    assert not (tmp_path / "state").exists()


def test_a_folder_is_one_source(tmp_path: Path, sqlite: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "Sales 2024.csv").write_text("a\n1\n")
    (folder / "sales-2024.tsv").write_text("a\n2\n")
    (folder / "readme.md").write_text("not data")
    (folder / ".hidden.csv").write_text("a\n3\n")
    shutil.copy(sqlite, folder)
    made = open_source(str(folder), tmp_path / "state")
    with duckdb.connect(str(made), read_only=True) as con:
        names = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    assert names == {"sales_2024", "sales_2024_2", "customers", "orders", "lines", "broken"}


def test_a_loaded_file_is_used_again_until_it_changes(tmp_path: Path) -> None:
    first = csv(tmp_path, "a\n1\n")
    made = first.stat().st_mtime_ns
    assert open_source(str(tmp_path / "file.csv"), tmp_path / "state") == first
    assert first.stat().st_mtime_ns == made
    second = csv(tmp_path, "a\n1\n2\n")
    assert second != first
    assert rows(second, "file") == [(1,), (2,)]
    assert sorted(os.listdir(first.parent)) == sorted([first.name, second.name]), "no drafts are left"


def test_an_upload_can_be_loaded_into_a_warehouse(tmp_path: Path) -> None:
    (tmp_path / "8c1f").mkdir()
    (tmp_path / "8c1f" / "upload.csv").write_text("city,n\nRome,1\nOslo,2\nBath,x\n")
    [table] = ingest(tmp_path / "8c1f" / "upload.csv", "My Sales.csv")
    assert (table.name, table.rows, table.columns) == ("my_sales", 3, ("city", "n"))
    assert table.data is not None
    duckdb.connect(str(tmp_path / "w.duckdb")).close()
    warehouse = DuckDBWarehouse(tmp_path / "w.duckdb", read_only=False)
    assert warehouse.load(table.name, table.data) == 3
    assert warehouse.query("SELECT count(*) FROM my_sales WHERE n = 'x'")[1] == [(1,)]
    warehouse.close()


# --- what can't be read ----------------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A workbook of 1 MB whose sheet unpacks to 520 MB."""
    import io

    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(520):
            sheet.write(bytes(1 << 20))
    return packed.getvalue()


def lying_bomb() -> bytes:
    """It also says of itself that it is small."""
    data = bytearray(bomb())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(data)


BAD: dict[str, tuple[str, bytes, str]] = {
    "empty": ("e.csv", b"", "empty"),
    "only blank lines": ("e.csv", b"\n\n  \n", "empty"),
    "header only": ("h.csv", b"a,b,c\n", "no rows"),
    "binary as csv": ("b.csv", bytes(range(256)) * 20, "not text"),
    "corrupt workbook": ("c.xlsx", b"PK\x03\x04 no workbook", "not an Excel file"),
    "text as workbook": ("c.xls", b"a,b\n1,2\n", "not an Excel file"),
    "zip that is no workbook": ("z.xlsx", b"", "not an Excel file"),
    "corrupt parquet": ("c.parquet", b"PAR1 and then nothing", "c.parquet"),
    "text as parquet": ("c.parquet", b"a,b\n1,2\n", "not a Parquet file"),
    "corrupt sqlite": ("c.sqlite", b"SQLite format 3\x00" + b"garbage" * 900, "not a SQLite file"),
    "text as sqlite": ("c.db", b"a,b\n", "not a SQLite file"),
    "text as duckdb": ("c.duckdb", b"a,b\n", "not a DuckDB file"),
    "corrupt json": ("c.json", b'{"a": [1, 2', "c.json"),
    "no ending": ("data", b"a,b\n1,2\n", "kind that can't be read"),
    "another ending": ("a.pdf", b"%PDF-1.7", r"\.pdf.*These can: CSV"),
    "not compressed": ("a.csv.gz", b"a,b\n1,2\n", "gzip"),
    "cut off while compressed": ("a.csv.gz", gzip.compress(os.urandom(5000).hex().encode())[:2000], "gzip"),
}


@pytest.mark.parametrize(("name", "data", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_said_to_be_bad(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    if name == "z.xlsx":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("hello.txt", "hello")
    with pytest.raises(BadSource, match=said) as bad:
        open_source(str(tmp_path / name), tmp_path / "state")
    assert name in str(bad.value)
    assert str(tmp_path) not in str(bad.value)
    left = list((tmp_path / "state").rglob("*")) if (tmp_path / "state").exists() else []
    assert [p for p in left if p.is_file()] == []


@pytest.mark.parametrize("make", [bomb, lying_bomb])
def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, make: Any) -> None:
    (tmp_path / "bomb.xlsx").write_bytes(make())
    with pytest.raises(BadSource, match=r"unpacks to over 512 MB|damaged"):
        open_source(str(tmp_path / "bomb.xlsx"), tmp_path / "state")


def test_a_workbook_without_rows_and_a_folder_without_data(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no sheet"):
        open_source(str(workbook(tmp_path / "e.xlsx", One=[], Two=[["a", "b"]])), tmp_path / "state")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSource, match="no file that can be read"):
        open_source(str(tmp_path / "empty"), tmp_path / "state")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(2 * 1024**3)  # sparse
    with pytest.raises(BadSource, match="larger than 1 GB"):
        ingest(tmp_path / "big.csv", "big.csv")
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(9 * 1024**3)
    with pytest.raises(BadSource, match="larger than 8 GB"):
        open_source(str(tmp_path / "big.csv"), tmp_path / "state")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://me:secret@host/db", "Export the tables"),
        ("https://example.com/a.csv", "Download the file"),
        ("s3://bucket/a.parquet", "Download the file"),
    ],
)
def test_an_address_is_answered_with_what_to_do(tmp_path: Path, address: str, said: str) -> None:
    with pytest.raises(BadSource, match=said) as bad:
        open_source(address, tmp_path)
    assert "secret" not in str(bad.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="There is no file"):
        open_source(str(tmp_path / "none.csv"), tmp_path)
    with pytest.raises(BadSource, match="There is no file"):
        open_source("", tmp_path)


def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path) -> None:
    first = csv(tmp_path, "a\n1\n", "first.csv")
    (tmp_path / "more.csv").write_text("a,b\n" + "".join(f"{n},text {n * 7919}\n" for n in range(60_000)))
    code = f"""
import resource
from pathlib import Path
from knowledge.sources import BadSource, open_source
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    open_source({str(tmp_path / "more.csv")!r}, Path({str(tmp_path / "state")!r}))
except BadSource as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert "The disk is full: 'more.csv' could not be loaded" in said.stdout, said.stderr
    assert rows(first, "first") == [(1,)]
    assert os.listdir(first.parent) == [first.name]


def test_two_at_once_load_the_same_file(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    (tmp_path / "f.json").write_text(json.dumps([{"a": n} for n in range(1000)]))
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: open_files([tmp_path / "f.json"], tmp_path / "state"), range(4)))
    assert len(made) == 1
    assert len(rows(made.pop(), "f")) == 1000
