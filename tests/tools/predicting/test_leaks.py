"""What would give the answer away is left out, and told; what is known beforehand is used."""

from __future__ import annotations

import numpy as np

from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.predicting.problem import behaviour_of
from tools.predicting.records import records
from tools.predicting.snapshots import Snapshots

CUSTOMERS = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="customers"))])


def test_leaks_among_what_is_kept_of_customers(flowers: Workspace) -> None:
    shots = Snapshots(behaviour_of("stop", CUSTOMERS, 30, flowers.model), flowers, Limits())
    table = shots.table()
    found = {leak.name for leak in shots.leaks}
    assert found >= {"closed", "last_order_on", "orders_in_all", "status"}
    kept = {c.name for c in table.columns}
    assert kept >= {"plan", "region"}
    assert not kept & {"closed", "last_order_on", "orders_in_all", "status", "card_code"}


def test_leaks_among_what_is_kept_of_orders(flowers: Workspace) -> None:
    found = records("orders.refunded", flowers, Limits())
    left = {leak.name for leak in found.leaks}
    assert left >= {"orders.refund_sum", "orders.refunded_on", "orders.state"}
    kept = {c.name for c in found.table.columns}
    assert "orders.channel" in kept
    assert not kept & {"orders.refund_sum", "orders.refunded_on", "orders.state", "customers.last_order_on"}


def test_a_snapshot_knows_nothing_of_what_comes_after(flowers: Workspace) -> None:
    """The same moment, looked at when there was no later data, is the same."""
    shots = Snapshots(behaviour_of("stop", CUSTOMERS, 30, flowers.model), flowers, Limits())
    moment = shots.cutoffs()[0]
    known = shots.known(moment).rows
    own = [c for c in known if shots.columns[c].source.startswith(("metric", "orders."))]
    assert len(own) > 8
    con = flowers.warehouse
    _, rows, _ = con.query(
        f"SELECT customer_id, count(*) FROM orders WHERE ordered_at < TIMESTAMP '{moment}' GROUP BY 1", max_rows=10_000
    )
    ever = dict(rows)
    assert all(known["count ever"][k] == ever[k] for k in known.index)
    assert np.all(known["since last"] > 0)
