"""The embedded analyst reads a bookkeeper's ledger that nobody described: who pays slowly where customers and suppliers
are kept apart, who approved what, and what it must not answer. Asked on 20 November 2026."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from assistant.session import Session
from tests.assistant.analyst.gold import check
from tests.assistant.conftest import Open

TODAY = date(2026, 11, 20)
_TABLES = (
    "ledger_accounts(account_no int primary key, account_title varchar, kind varchar)",
    "journal_lines(line_no int primary key, account_no int references ledger_accounts(account_no), booked date, "
    "debit decimal(10,2), credit decimal(10,2))",
    "forecasts(account_no int references ledger_accounts(account_no), month date, forecast_amount decimal(10,2))",
    "buyers(buyer_id int primary key, buyer_name varchar, credit_limit decimal(10,2), terms_days int)",
    "invoices(invoice_no int primary key, buyer_id int references buyers(buyer_id), invoiced_on date, "
    "total decimal(10,2))",
    "receipts(receipt_no int primary key, invoice_no int references invoices(invoice_no), received_on date, "
    "amount decimal(10,2))",
    "vendors(vendor_id int primary key, vendor_name varchar)",
    "bills(bill_no int primary key, vendor_id int references vendors(vendor_id), bill_date date, total decimal(10,2), "
    "paid_date date, authorised_by varchar)",
)
QUESTIONS = [
    ("which buyer takes the longest to pay?", "select buyer_name from buyers join invoices using (buyer_id) join receipts using (invoice_no) group by 1 order by avg(received_on - invoiced_on) desc limit 1"),
    ("which buyer is the quickest to pay?", "select buyer_name from buyers join invoices using (buyer_id) join receipts using (invoice_no) group by 1 order by avg(received_on - invoiced_on) limit 1"),
    ("who authorised the most bills?", "select authorised_by from bills where authorised_by is not null group by 1 order by count(*) desc limit 1"),
]  # fmt: skip
DECLINED = [
    "forecast vs actual by account this year",
    "which buyers are over their credit limit?",
    "top 5 expenses this year",
    "wages by vendor this year",
]


@pytest.fixture(scope="module")
def ledger(opened: Open) -> Session:
    return opened(_build, TODAY)


@pytest.mark.parametrize(("question", "gold"), QUESTIONS, ids=[q for q, _ in QUESTIONS])
def test_a_question_gets_the_right_rows(ledger: Session, question: str, gold: str) -> None:
    check(ledger, ledger.ask(question, thread=question), gold)


@pytest.mark.parametrize("question", DECLINED)
def test_what_no_figure_tells_is_not_answered_by_another(ledger: Session, question: str) -> None:
    answer = ledger.ask(question, thread=question)
    assert answer.outcome in ("cannot", "ask"), (answer.reading, answer.text)


def _build(path: Path) -> Path:
    start = date(2025, 1, 6)
    with duckdb.connect(str(path)) as con:
        for table in _TABLES:
            con.execute(f"create table {table}")
        titles = (("Fees earned", "Income"), ("Wages", "Expense"), ("Rent", "Expense"), ("Bank", "Asset"))
        for n, (title, kind) in enumerate(titles, 1):
            con.execute("insert into ledger_accounts values (?, ?, ?)", [n * 100, title, kind])
        for n in range(1, 401):
            cost, amount = n % 3 > 0, 50 + n * 13 % 400
            row = [n, (n % 3 + 1) * 100, start + timedelta(n * 17 // 10), amount if cost else 0, 0 if cost else amount]
            con.execute("insert into journal_lines values (?, ?, ?, ?, ?)", row)
        for n in range(72):
            row = [(n % 3 + 1) * 100, date(2025 + n // 36, n // 3 % 12 + 1, 1), 900 + n * 7]
            con.execute("insert into forecasts values (?, ?, ?)", row)
        for n in range(1, 9):
            con.execute("insert into buyers values (?, ?, ?, ?)", [n, f"Buyer {n}", n * 2500, (14, 30)[n % 2]])
            con.execute("insert into vendors values (?, ?)", [n, f"Vendor {n}"])
        for n in range(1, 201):
            day, total = start + timedelta(n * 3), 120 + n * 31 % 900
            con.execute("insert into invoices values (?, ?, ?, ?)", [n, n * 5 % 8 + 1, day, total])
            if n % 7:
                later = day + timedelta(10 + n * 5 % 8 * 4 + n % 3)
                con.execute("insert into receipts values (?, ?, ?, ?)", [n, n, later, total])
            by = (None, "Ines", "Ines", "Tobias", "Ines")[n % 5]
            paid = day + timedelta(15 + n % 20) if n % 9 else None
            con.execute("insert into bills values (?, ?, ?, ?, ?, ?)", [n, n % 8 + 1, day, total // 2, paid, by])
    return path
