"""The DuckDB warehouse: shared, bounded, read-only to those who ask; refreshed in transactions by its owner.

sales(id, city, amount)   1000 rows; amount is id / 4 as DECIMAL(9, 2)
"""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from knowledge.warehouse import QueryFailed, QueryRefused, QueryTimeout, Warehouse, WarehouseGone
from knowledge.warehouse.duckdb import DuckDBWarehouse, TableInfo, connect

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE hash(a.range, b.range) = 7"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "private folder" / "shop.duckdb"
    made.parent.mkdir()
    with duckdb.connect(str(made)) as con:
        con.execute(
            "CREATE TABLE sales AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'Rome' ELSE 'Oslo' END AS city, "
            "(i / 4)::DECIMAL(9, 2) AS amount FROM range(1000) r(i)"
        )
        con.execute(
            "CREATE SCHEMA past; CREATE TABLE past.sales AS SELECT 1 AS id; "
            "CREATE VIEW cities AS SELECT DISTINCT city FROM sales"
        )
    return made


@pytest.fixture
def warehouse(path: Path) -> Iterator[DuckDBWarehouse]:
    opened = DuckDBWarehouse(path)
    yield opened
    opened.close()


@pytest.fixture
def owned(path: Path) -> Iterator[DuckDBWarehouse]:
    opened = DuckDBWarehouse(path, read_only=False)
    yield opened
    opened.close()


def one(warehouse: Warehouse, sql: str) -> object:
    return warehouse.query(sql)[1][0][0]


# --- what comes back -------------------------------------------------------------------------------------------------


def test_names_rows_and_whether_there_were_more(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.query("SELECT id, city FROM sales ORDER BY id", max_rows=2) == (
        ["id", "city"],
        [(0, "Rome"), (1, "Oslo")],
        True,
    )
    assert warehouse.query("SELECT id FROM sales WHERE id < 2 ORDER BY id", max_rows=2) == (["id"], [(0,), (1,)], False)
    assert warehouse.query("SELECT id FROM sales WHERE id < 0") == (["id"], [], False)


def test_values_are_plain_python_and_decimals_stay_exact(warehouse: DuckDBWarehouse) -> None:
    _, [row], _ = warehouse.query(
        "SELECT sum(amount), sum(id), 0.1::DOUBLE + 0.2, true, DATE '2024-02-29', TIMESTAMP '2024-02-29 10:00:00', "
        "INTERVAL 90 MINUTE, [1, NULL], {'a': 'b'}, 'abc'::BLOB, '00000000-0000-0000-0000-000000000001'::UUID, "
        "170141183460469231731687303715884105727::HUGEINT, NULL "
        "FROM sales"
    )  # fmt: skip
    assert row == (
        Decimal("124875.00"), 499_500, 0.30000000000000004, True, dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 10),
        dt.timedelta(minutes=90), [1, None], {"a": "b"}, b"abc", UUID(int=1), 2**127 - 1, None,
    )  # fmt: skip
    assert type(row[0]) is Decimal
    assert type(row[1]) is int


@pytest.mark.parametrize(("zone", "day"), [("UTC", 31), ("Europe/Rome", 1)])
def test_a_moment_falls_on_the_business_day_wherever_the_machine_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str, day: int
) -> None:
    """Half past eleven at night in London on New Year's Eve; the server stands in Los Angeles."""
    con = duckdb.connect(str(tmp_path / "moments.duckdb"))
    con.execute("CREATE TABLE t AS SELECT TIMESTAMPTZ '2023-12-31 23:30:00+00' AS at")
    con.close()
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    warehouse = DuckDBWarehouse(tmp_path / "moments.duckdb", time_zone=zone)
    _, rows, _ = warehouse.query("SELECT day(at), day(date_trunc('day', at)) FROM t")
    assert rows == [(day, day)]
    warehouse.close()


def test_tables_and_trusted_reading(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.tables() == [
        TableInfo("main", "cities", 0),
        TableInfo("main", "sales", 1000),
        TableInfo("past", "sales", 1),
    ]
    assert warehouse.read(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'sales' AND schema_name = 'past'"
    )[1] == [("id",)]


# --- what may not be done --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql", ["DROP TABLE sales", "SELECT * FROM read_text('/etc/hostname')", "SELECT * FROM duckdb_settings()"]
)
def test_what_is_not_one_safe_select_is_refused(warehouse: DuckDBWarehouse, sql: str) -> None:
    with pytest.raises(QueryRefused):
        warehouse.query(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/*')",
        "ATTACH '/tmp/other.duckdb'",
        "COPY sales TO '/tmp/parley-out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "CREATE TABLE x AS SELECT 1",
        "DELETE FROM sales",
        "SELECT * FROM a_frame",
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_the_connection_itself_refuses_what_the_guard_would(path: Path, sql: str, read_only: bool) -> None:
    """`read` is not guarded; it, too, can't write, or reach files, settings, extensions or Python's variables."""
    a_frame = pd.DataFrame({"a": [1]})
    warehouse = DuckDBWarehouse(path, read_only=read_only)
    with pytest.raises((QueryRefused, QueryFailed)) as refused:
        warehouse.read(sql)
    assert len(a_frame) == 1
    assert str(path.parent) not in str(refused.value)
    assert one(warehouse, "SELECT count(*) FROM sales") == 1000
    warehouse.close()


def test_a_view_in_the_file_reaches_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with duckdb.connect(str(tmp_path / "trap.duckdb")) as con:
        con.execute(f"CREATE VIEW trap AS SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")
    warehouse = DuckDBWarehouse(tmp_path / "trap.duckdb")
    with pytest.raises(QueryRefused) as refused:
        warehouse.query("SELECT * FROM trap")
    assert str(tmp_path) not in str(refused.value)
    warehouse.close()


# --- bounds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        "SELECT hash(range) FROM range(1000000000000) ORDER BY 1",
        "WITH RECURSIVE up AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM up) SELECT count(*) FROM up",
        "SELECT levenshtein(repeat('a', 50000), repeat('b', 50000)) FROM range(4)",
    ],
)
def test_a_query_that_runs_too_long_is_stopped_and_the_next_one_runs(warehouse: DuckDBWarehouse, sql: str) -> None:
    before = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"longer than 0\.2 s"):
        warehouse.query(sql, timeout_s=0.2)
    assert time.monotonic() - before < 5
    assert one(warehouse, "SELECT count(*) FROM sales") == 1000


def test_memory_is_bounded(path: Path) -> None:
    warehouse = DuckDBWarehouse(path, memory_limit="50MB")
    with pytest.raises(QueryFailed, match="more memory"):
        warehouse.query("SELECT count(*) FROM (SELECT DISTINCT hash(range)::VARCHAR FROM range(5000000))")
    assert one(warehouse, "SELECT count(*) FROM sales") == 1000
    warehouse.close()


def test_with_a_folder_to_spill_to_a_query_may_outgrow_its_memory(path: Path, tmp_path: Path) -> None:
    warehouse = DuckDBWarehouse(path, memory_limit="100MB", threads=1, temp_dir=tmp_path / "spill")
    numbered = "SELECT hash(range) AS h, row_number() OVER (ORDER BY hash(range)) AS n FROM range(5000000)"
    big = f"SELECT max(h) > 0 FROM ({numbered})"
    assert one(warehouse, big) is True
    warehouse.close()


def test_few_rows_of_huge_values_are_bounded_too(warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(QueryFailed, match="more memory"):
        warehouse.query("SELECT repeat('x', 100000) FROM sales")


def test_fifty_people_asking_at_once_each_get_their_own_answer(warehouse: DuckDBWarehouse) -> None:
    got: dict[int, object] = {}

    def ask(n: int) -> None:
        try:
            got[n] = one(warehouse, f"SELECT sum(id) FROM sales WHERE id % 50 = {n}")
        except Exception as error:  # to be seen in the assertion
            got[n] = error

    askers = [threading.Thread(target=ask, args=(n,)) for n in range(50)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert got == {n: sum(range(n, 1000, 50)) for n in range(50)}


def test_who_waits_too_long_for_a_turn_is_told_so(warehouse: DuckDBWarehouse) -> None:
    def hold() -> None:
        with pytest.raises((QueryTimeout, WarehouseGone)):
            warehouse.query(ENDLESS, timeout_s=60)

    def told() -> str:
        try:
            warehouse.query("SELECT 1", timeout_s=0.2)
        except QueryTimeout as error:
            return str(error)
        return "answered"

    holders = [threading.Thread(target=hold) for _ in range(16)]
    for holder in holders:
        holder.start()
    assert any("waited 0.2 s for its turn" in told() for _ in range(50))  # once all of them have theirs
    warehouse.close()
    for holder in holders:
        holder.join()


# --- a database that is not there ------------------------------------------------------------------------------------


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WarehouseGone, match=r"'none\.duckdb' is not there") as gone:
        DuckDBWarehouse(tmp_path / "none.duckdb")
    assert str(tmp_path) not in str(gone.value)
    assert not (tmp_path / "none.duckdb").exists()


@pytest.mark.parametrize("start", [b"", b"garbage" * 2000, b"\0" * 8 + b"DUCK" + b"\0" * 5000])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, start: bytes) -> None:
    (tmp_path / "bad.duckdb").write_bytes(start)
    with pytest.raises(WarehouseGone, match="damaged") as gone:
        DuckDBWarehouse(tmp_path / "bad.duckdb")
    assert str(tmp_path) not in str(gone.value)


@pytest.mark.parametrize("kept", [5_000, 12_288, 300_000])
def test_a_database_cut_short_is_refused(path: Path, kept: int) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    with pytest.raises(WarehouseGone):
        one(DuckDBWarehouse(path), "SELECT sum(amount) FROM sales")


@pytest.mark.parametrize("how", ["deleted", "replaced", "overwritten"])
def test_a_file_that_vanishes_while_it_is_open(warehouse: DuckDBWarehouse, path: Path, how: str) -> None:
    assert one(warehouse, "SELECT count(*) FROM sales") == 1000
    if how == "deleted":
        path.unlink()
    elif how == "replaced":
        (path.parent / "other").write_bytes(b"garbage" * 5000)
        (path.parent / "other").replace(path)
    else:
        with path.open("r+b") as file:
            file.write(b"garbage" * 50_000)
    with pytest.raises(WarehouseGone, match=r"shop\.duckdb") as gone:
        warehouse.query("SELECT count(*) FROM sales")
    assert str(path.parent) not in str(gone.value)


def test_a_file_put_in_its_place_is_read_when_it_is_opened_again(warehouse: DuckDBWarehouse, path: Path) -> None:
    """DuckDB would hand out the instance of the file that was there before."""
    with duckdb.connect(str(path.parent / "new.duckdb")) as con:
        con.execute("CREATE TABLE sales AS SELECT 7 AS id")
    (path.parent / "new.duckdb").replace(path)
    again = DuckDBWarehouse(path)
    assert again.query("SELECT id FROM sales")[1] == [(7,)]
    again.close()


def test_a_closed_warehouse_says_so(warehouse: DuckDBWarehouse) -> None:
    warehouse.close()
    with pytest.raises(WarehouseGone, match="closed"):
        warehouse.query("SELECT 1")


def test_a_file_that_another_program_writes_is_said_to_be_busy(path: Path) -> None:
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    assert other.stdout
    assert other.stdout.readline() == b"open\n"
    try:
        with pytest.raises(WarehouseGone, match="another program"):
            DuckDBWarehouse(path)
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nope FROM sales", r'"nope" not found.*Candidate'),
        ("SELECT * FROM slaes", r"slaes.*does not exist.*Did you mean"),
        ("SELECT city::INT FROM sales", "Could not convert"),
    ],
)
def test_what_the_database_says_is_passed_on(warehouse: DuckDBWarehouse, sql: str, said: str) -> None:
    with pytest.raises(QueryFailed, match=said):
        warehouse.query(sql)


def test_connections_of_one_process_share_the_file(path: Path, owned: DuckDBWarehouse) -> None:
    """The profiler's connection is opened with other options than the server's."""
    profiler = connect(path)
    assert profiler.execute("SELECT count(*) FROM sales").fetchone() == (1000,)
    profiler.close()
    assert one(owned, "SELECT count(*) FROM sales") == 1000


# --- refreshing ------------------------------------------------------------------------------------------------------


def test_a_table_is_replaced_by_new_rows(owned: DuckDBWarehouse) -> None:
    assert owned.load("sales", pa.table({"id": [1, 2], "new column": ["a", None]})) == 2
    assert owned.query("SELECT * FROM sales ORDER BY id") == (["id", "new column"], [(1, "a"), (2, None)], False)
    assert owned.load("fresh", pd.DataFrame({"x": [1.5]}), schema="extra") == 1
    assert one(owned, "SELECT x FROM extra.fresh") == 1.5


def test_rows_of_a_file_are_streamed_in(owned: DuckDBWarehouse, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("id,city\n1,Rome\n2,Oslo\n3,Rome\n")
    with duckdb.connect() as reading:
        assert owned.load("sales", reading.read_csv(str(tmp_path / "new.csv"))) == 3
    assert owned.query("SELECT city, count(*) FROM sales GROUP BY ALL ORDER BY ALL")[1] == [("Oslo", 1), ("Rome", 2)]


def test_what_was_loaded_is_there_after_reopening(owned: DuckDBWarehouse, path: Path) -> None:
    owned.load("sales", pa.table({"id": [1]}))
    owned.close()
    again = DuckDBWarehouse(path)
    assert one(again, "SELECT count(*) FROM sales") == 1
    again.close()


def test_a_load_that_fails_halfway_leaves_the_old_rows(owned: DuckDBWarehouse) -> None:
    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": list(range(100_000))})
        raise RuntimeError("the source broke off")

    broken = pa.RecordBatchReader.from_batches(pa.schema([("id", pa.int64())]), batches())
    with pytest.raises(QueryFailed, match="before is unchanged"):
        owned.load("sales", broken)
    assert one(owned, "SELECT count(*) FROM sales") == 1000
    assert owned.load("sales", pa.table({"id": [1]})) == 1


def test_who_asks_during_a_load_sees_the_old_rows(owned: DuckDBWarehouse) -> None:
    halfway, go_on = threading.Event(), threading.Event()

    def batches() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"id": list(range(200_000))})
        halfway.set()
        go_on.wait(20)
        yield pa.record_batch({"id": [1]})

    reader = pa.RecordBatchReader.from_batches(pa.schema([("id", pa.int64())]), batches())
    loading = threading.Thread(target=owned.load, args=("sales", reader))
    loading.start()
    assert halfway.wait(20)
    seen = one(owned, "SELECT count(*) FROM sales")
    go_on.set()
    loading.join()
    assert seen == 1000
    assert one(owned, "SELECT count(*) FROM sales") == 200_001


def test_a_warehouse_that_is_open_for_reading_takes_no_data(warehouse: DuckDBWarehouse) -> None:
    with pytest.raises(QueryFailed, match="reading only"):
        warehouse.load("sales", pa.table({"id": [1]}))


def in_another_process(path: Path, body: str) -> subprocess.Popen[bytes]:
    code = "import pyarrow as pa\nfrom pathlib import Path\nfrom knowledge.warehouse.duckdb import DuckDBWarehouse\n"
    code += f"w = DuckDBWarehouse(Path({str(path)!r}), read_only=False)\n" + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])


def test_a_process_killed_in_the_middle_of_a_load_leaves_the_old_rows(path: Path) -> None:
    process = in_another_process(
        path,
        """
        import time
        def batches():
            for n in range(30):
                yield pa.record_batch({"id": range(130_000), "text": [f"{i:040}" for i in range(130_000)]})
                print("a batch", flush=True)
            time.sleep(60)
        schema = pa.schema([("id", pa.int64()), ("text", pa.string())])
        w.load("sales", pa.RecordBatchReader.from_batches(schema, batches()))
        """,
    )
    assert process.stdout
    for _ in range(4):
        assert process.stdout.readline() == b"a batch\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = DuckDBWarehouse(path, read_only=False)
    assert one(again, "SELECT count(*) FROM sales") == 1000
    assert again.load("sales", pa.table({"id": [1]})) == 1
    again.close()


@pytest.mark.parametrize("rows", [20_000, 500_000])
def test_a_full_disk_leaves_the_old_rows_and_says_so(path: Path, rows: int) -> None:
    """The disk is full for files beyond their present size: while rows are written, or at the commit."""
    process = in_another_process(
        path,
        f"""
        import os, resource
        from knowledge.warehouse import QueryFailed
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize({str(path)!r}) + 1000, hard))
        rows = pa.table({{"id": range({rows}), "text": [f"{{i * 7919 % 1000003:020}}" for i in range({rows})]}})
        for _ in range(2):
            try:
                w.load("sales", rows)
            except QueryFailed as error:
                print(error)
            print(w.query("SELECT count(*) FROM sales")[1], flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        print(w.load("sales", rows))
        w.close()
        """,
    )
    out = process.communicate(timeout=60)[0].decode().splitlines()
    assert len(out) == 5, out
    assert out[0] == out[2]
    assert "disk is full" in out[0]
    assert "unchanged" in out[0]
    assert str(path.parent) not in out[0]
    assert out[1] == out[3] == "[(1000,)]"
    assert out[4] == str(rows)
