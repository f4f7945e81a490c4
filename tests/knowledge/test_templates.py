"""Industry templates: five made-up businesses are told apart by the words of their schemas, and known by those of their
trade."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assistant.opening import open_workspace
from assistant.session import Session, open_session
from assistant.settings import Settings
from knowledge.packs.template import UnknownIndustry, templates

SCHEMAS = {
    "retail": "stores(store_id, name, region); products(product_id, name, brand, department); "
    "customers(customer_id, name); orders(order_id, customer_id, store_id, ordered_on, discount, coupon); "
    "order_lines(order_id, product_id, quantity, amount, cost)",
    "restaurant": "locations(location_id, name); menu_items(menu_item_id, name, course, price); "
    "servers(server_id, name); guests(guest_id, name); "
    "checks(check_id, location_id, server_id, guest_id, opened_on, party_size, tip); "
    "reservations(reservation_id, location_id, guest_id, for_on, status)",
    "automotive": "dealerships(dealership_id, name); vehicles(vehicle_id, vin, make, model, mileage); "
    "customers(customer_id, name); leads(lead_id, customer_id, source, created_on); "
    "sales(sale_id, vehicle_id, customer_id, dealership_id, sold_on, sale_price, cost); "
    "repair_orders(repair_order_id, vehicle_id, technician, opened_on, labor_hours)",
    "healthcare": "patients(patient_id, name, sex); providers(provider_id, name); clinics(clinic_id, name); "
    "appointments(appointment_id, patient_id, provider_id, clinic_id, scheduled_on, status); "
    "admissions(admission_id, patient_id, admitted_on, discharged_on, ward, diagnosis)",
    "finance": "branches(branch_id, name); customers(customer_id, name); "
    "accounts(account_id, customer_id, branch_id, balance, opened_on); "
    "loans(loan_id, account_id, interest_rate, maturity_on, default_flag); "
    "transactions(transaction_id, account_id, booked_on, deposit, withdrawal)",
}
_TYPES = {"on": "date", "id": "integer"}


def built(industry: str, folder: Path) -> Path:
    """Forty rows a table, numbered and dated."""
    path = folder / "business.duckdb"
    con = duckdb.connect(str(path))
    for table in SCHEMAS[industry].split("; "):
        name, _, columns = table.rstrip(")").partition("(")
        made = [_column(column.strip()) for column in columns.split(",")]
        con.execute(f"create table {name} as select {', '.join(made)} from range(1, 41) r(n)")
    con.close()
    return path


def _column(name: str) -> str:
    if name.endswith("_id"):
        return f"n::integer as {name}"
    if name.endswith("_on"):
        return f"date '2026-01-01' + (3 * n)::integer as {name}"
    if name in ("quantity", "party_size", "labor_hours"):
        return f"(1 + n % 5)::integer as {name}"
    if name in (
        "amount",
        "cost",
        "price",
        "tip",
        "discount",
        "sale_price",
        "balance",
        "deposit",
        "withdrawal",
        "mileage",
    ):
        return f"(100 + 7.5 * n)::double as {name}"
    if name in ("interest_rate",):
        return f"0.03 + n / 1000.0 as {name}"
    return f"'{name} ' || (n % 7) as {name}"


def opened(business: str, folder: Path, industry: str = "auto") -> Session:
    settings = Settings(state_dir=folder / "state", model=None, mode=None, industry=industry)
    return open_session(str(built(business, folder)), settings=settings)


@pytest.mark.parametrize("industry", sorted(SCHEMAS))
def test_an_industry_is_told_by_the_words_of_the_schema(tmp_path: Path, industry: str) -> None:
    session = opened(industry, tmp_path)
    assert session.workspace.template is not None
    assert session.workspace.template.industry == industry


@pytest.mark.parametrize("industry", sorted(SCHEMAS))
def test_what_is_offered_first_can_be_answered(tmp_path: Path, industry: str) -> None:
    session = opened(industry, tmp_path)
    offered = session.workspace.model.starters
    assert len(offered) >= 4
    template = session.workspace.template
    assert template is not None
    own = [q for q in offered if q.lower() in {one.lower() for one in template.questions}]
    assert own, "none of the industry's own questions can be read here"


def test_every_industry_names_figures_and_horizons_for_every_tool() -> None:
    assert {t.industry for t in templates()} == set(SCHEMAS)
    for template in templates():
        for tool in ("forecast", "anomalies", "explain", "segment", "baskets", "predict", "text", "compare"):
            assert getattr(template, tool) is not None


@pytest.mark.parametrize(
    ("industry", "question", "sql"),
    [
        ("restaurant", "how many covers were there", "select sum(party_size) from checks"),
        ("automotive", "total gross profit", "select sum(sale_price - cost) from sales"),
        ("automotive", "how many cars are there", "select count(*) from vehicles"),
        ("restaurant", "number of bills with a tip over 200", "select count(*) from checks where tip > 200"),
    ],
)  # fmt: skip
def test_the_words_of_the_trade_are_understood(tmp_path: Path, industry: str, question: str, sql: str) -> None:
    session = opened(industry, tmp_path)
    answer = session.ask(question, thread=question)
    assert answer.outcome == "answered", answer.text
    assert answer.result is not None
    wanted = session.workspace.warehouse.query(sql, max_rows=100, timeout_s=10)[1]
    assert sorted(map(tuple, answer.result.rows), key=str) == sorted(map(tuple, wanted), key=str)


def test_the_setting_overrides_what_the_words_say(tmp_path: Path) -> None:
    assert opened("retail", tmp_path, industry="none").workspace.template is None


def test_an_industry_that_there_is_not_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownIndustry, match="one of automotive, finance"):
        open_workspace(str(built("retail", tmp_path)), tmp_path / "state", industry="mining")


def test_data_of_no_industry_is_of_none(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    con = duckdb.connect(str(path))
    con.execute(
        "create table sightings as select n as id, 'owl' as bird, date '2026-01-01' as seen_on from range(40) r(n)"
    )
    con.close()
    assert open_workspace(str(path), tmp_path / "state").template is None
