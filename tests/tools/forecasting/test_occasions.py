"""Holidays, listed events and weeks of the year in forecasts: counted in where the past bears it out, and only there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from assistant.answer import Answer
from assistant.session import open_session
from assistant.settings import Settings
from knowledge.calendar.public import country_name, country_of, country_of_zone, days_of
from tools.forecasting.occasions import Occasions, effects, joined, weighed

FIRST, DAYS = date(2022, 1, 1), 1057
"""To 22 November 2024."""
MARKETS = [date(2022, 3, 5) + timedelta(days=63 * n) for n in range(18)]


def answer(folder: Path, question: str, factor: Callable[[date], float], markets: bool = False) -> Answer:
    """Of a shop in Germany: some 60 parcels a day, times a factor."""
    chance = np.random.default_rng(1)
    con = duckdb.connect(str(folder / "shop.duckdb"))
    con.execute("create table branches(branch_id integer primary key, town varchar, country varchar)")
    con.execute("insert into branches values (1, 'Kassel', 'Germany'), (2, 'Fulda', 'Germany')")
    con.execute("create table parcels(parcel_id integer primary key, sent_on date, branch_id integer)")
    rows = [
        (day, 1 + n % 2)
        for k in range(DAYS)
        for day in [FIRST + timedelta(days=k)]
        for n in range(int(chance.poisson(60 * factor(day) * (0.5 if day.weekday() == 6 else 1))))
    ]
    days, branches = (np.array(c) for c in zip(*rows, strict=True))
    con.execute(
        "insert into parcels select row_number() over (), d, b from (select unnest($1) as d, unnest($2) as b)",
        [list(days), branches.tolist()],
    )
    if markets:
        con.execute("create table events(event_date date, event_name varchar)")
        con.executemany("insert into events values (?, 'Street market')", [[m] for m in MARKETS])
    con.close()
    settings = Settings(state_dir=folder / "state", model=None, mode=None)
    session = open_session(str(folder / "shop.duckdb"), as_of=date(2024, 11, 22), settings=settings)
    return session.ask(question)


def test_closed_holidays_are_counted_in_and_named(tmp_path: Path) -> None:
    holidays = days_of("DE", range(2022, 2025))
    closed = answer(
        tmp_path, "forecast parcels by day for 40 days", lambda d: 0.0 if d in holidays and holidays[d].public else 1.0
    )
    assert closed.result is not None
    expected = {r[0].date(): r[2] for r in closed.result.rows if r[2] is not None}
    assert expected[date(2024, 12, 25)] < 6
    assert 50 < expected[date(2024, 12, 18)] < 70
    assert "Christmas Day (Dec 25)" in closed.text
    assert "Holidays of Germany are counted in" in (closed.provenance.method or "")


def test_holidays_that_change_nothing_are_left_out(tmp_path: Path) -> None:
    plain = answer(tmp_path, "forecast parcels by day for 40 days", lambda d: 1.0)
    assert "Counted in" not in plain.text
    assert "tried and left out" in (plain.provenance.method or "")


def test_events_that_the_data_lists_are_counted_in(tmp_path: Path) -> None:
    market = answer(
        tmp_path, "forecast parcels by day for 60 days", lambda d: 2.2 if d in MARKETS else 1.0, markets=True
    )
    assert f"Street market ({MARKETS[16]:%b} {MARKETS[16].day})" in market.text


def test_a_week_that_stands_out_every_year_is_counted_in(tmp_path: Path) -> None:
    fair = answer(tmp_path, "forecast parcels by day for 40 days", lambda d: 1.9 if d.isocalendar().week == 50 else 1.0)
    assert "the week of 9 December" in fair.text


def test_a_holiday_seen_once_counts_as_others_do_where_it_is_noisy() -> None:
    at = np.full(200, -1)
    at[[60, 100, 140, 180]] = [0, 1, 2, 3]
    values = 100 * np.exp(np.random.default_rng(2).normal(0, 0.1, 200))
    values[[60, 100, 140]] *= 0.5
    days = Occasions("holidays", ("a", "b", "c", "d"), np.zeros(4, dtype=int), at, 7)
    found, cleaned = effects(values[None, :170], days)
    assert found[0] == pytest.approx(0.5, abs=0.12)
    assert cleaned[0, 60] == pytest.approx(100, abs=25)


def test_chance_alone_seldom_counts() -> None:
    chance = np.random.default_rng(3)
    at = np.where(np.arange(700) % 29 == 0, np.arange(700) % 10, -1)
    days = Occasions("holidays", tuple("abcdefghij"), np.zeros(10, dtype=int), at, 7)
    assert np.mean([weighed(100 * np.exp(chance.normal(0, 0.1, 700)), days).helps for _ in range(60)]) <= 0.05


def test_two_calendars_keep_their_own_kinds() -> None:
    first = Occasions("holidays", ("a",), np.array([0]), np.array([0, -1, -1]), 7)
    other = Occasions("events", ("b",), np.array([0]), np.array([0, 0, -1]), 7)
    both = joined([first, other])
    assert both is not None
    assert both.at.tolist() == [0, 1, -1]
    assert len(set(both.kinds.tolist())) == 2


def test_countries_by_name_code_and_time_zone() -> None:
    assert (country_of("germany"), country_of("US"), country_of("Narnia")) == ("DE", "US", None)
    assert (country_of_zone("Europe/Paris"), country_of_zone("Nowhere")) == ("FR", None)
    assert country_name("US") == "the United States"
    assert days_of("GB", [2024])[date(2024, 12, 26)].public
