"""Histories: whole periods without gaps, on the bicycle shop (orders from 2 January 2023 to 31 December 2024)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from knowledge.request import Aggregate, Compare, FieldColumn, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits
from tools.analysis import CannotAnalyse
from tools.history import History, gathered, history, plain, span, while_it_came

ORDERS = MeasureColumn(measure=Aggregate(agg="count", dataset="orders"))
AVERAGE = MeasureColumn(measure=Aggregate(agg="avg", of="order_lines.amount"))


def of(shop: Workspace, request: Request, grain: str = "month") -> History:
    bare = plain(request)
    return history(bare, grain, span(bare, shop, Limits()), shop, Limits())  # type: ignore[arg-type]


def test_each_month_is_there_and_they_add_up(shop: Workspace) -> None:
    months = of(shop, Request(columns=[ORDERS]))
    assert (months.starts[0], months.starts[-1]) == (datetime(2023, 1, 1), datetime(2024, 12, 1))
    assert months.groups[()].sum() == 900


def test_days_gather_to_the_same_months(shop: Workspace) -> None:
    days, months = of(shop, Request(columns=[ORDERS]), "day"), of(shop, Request(columns=[ORDERS]))
    again = gathered(days, "month", shop.calendar)
    assert again.starts[-1] == months.starts[-1]
    assert again.groups[()][1:] == pytest.approx(months.groups[()][-len(again.starts) + 1 :])


def test_a_day_without_orders_is_a_nought_but_without_an_average(shop: Workspace) -> None:
    closed = Compare(field="orders.channel", op="=", value="phone")
    days = of(shop, Request(columns=[ORDERS], where=[closed]), "day")
    assert (days.groups[()] == 0).any()
    averages = of(shop, Request(columns=[AVERAGE], where=[closed]), "day")
    assert np.isnan(averages.groups[()]).any()


def test_groups_share_their_periods(shop: Workspace) -> None:
    found = of(shop, Request(columns=[FieldColumn(field="orders.channel"), ORDERS]))
    assert {len(v) for v in found.groups.values()} == {len(found.starts)}
    assert [found.name(g, "en_US") for g in sorted(found.groups)] == ["in store", "online", "phone"]


def test_where_the_data_ends_is_seen(shop: Workspace) -> None:
    months = of(shop, Request(columns=[ORDERS]))
    silent = np.concatenate([months.groups[()][:-4], np.zeros(4)])
    ended = while_it_came(replace(months, groups={(): silent}))
    assert ended.starts[-1] == datetime(2024, 8, 1)
    assert "nothing after 1 September 2024" in ended.caveats[0]
    assert while_it_came(months) == months


def test_days_of_the_week_are_no_history(shop: Workspace) -> None:
    weekday = FieldColumn(field="orders.ordered_at", part="day_of_week")
    with pytest.raises(CannotAnalyse, match="recur"):
        plain(Request(columns=[weekday, ORDERS]))
