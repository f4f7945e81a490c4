"""What if a price, a promotion, the weather were otherwise: on a kiosk whose customers do as planted."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from assistant.opening import open_workspace
from knowledge.calendar import Calendar
from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.suppose import build
from tools.supposing.effect import of_panel, of_series
from tools.supposing.words import wish

ELASTICITY, LIFT, PER_DEGREE = -1.5, 0.3, 0.02
QUANTITY = MeasureColumn(measure=Aggregate(agg="sum", of="sales.quantity"))


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Sales of 20 snacks through 2023 and 2024. Each price changes every few weeks, up in summer, when more is bought
    anyway; a promotion makes 30% more, a degree 2% more; what colour the till has makes nothing."""
    folder: Path = tmp_path_factory.mktemp("kiosk")
    chance = np.random.default_rng(4)
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(730)]
    year = np.sin(2 * np.pi * (np.arange(730) - 100) / 365)
    degrees = 12 + 9 * year + chance.normal(0, 3, 730)
    rows = []
    for snack in range(20):
        price = chance.uniform(1, 6)
        for start in range(0, 730, 21):
            asked = price * float(np.exp(chance.normal(0, 0.12) + 0.1 * year[start]))
            promoted = chance.random() < 0.3
            for n in range(start, min(start + 21, 730)):
                usual = 3.0 + 0.2 * (snack % 5) + 0.4 * year[n] + PER_DEGREE * (degrees[n] - 12)
                expected = np.exp(usual + ELASTICITY * np.log(asked / price) + np.log1p(LIFT) * promoted)
                bought = int(chance.poisson(expected))
                if bought:
                    till = "red" if chance.random() < 0.5 else "blue"
                    rows.append(
                        (
                            len(rows),
                            days[n],
                            f"snack {snack:02}",
                            bought,
                            round(bought * asked, 2),
                            promoted,
                            till == "red",
                        )
                    )
    names = ["sale_id", "sold_on", "snack", "quantity", "amount", "promoted", "red_till"]
    sales = pd.DataFrame(rows, columns=names)
    weather = pd.DataFrame({"day": days, "temperature": degrees.round(1)})
    with duckdb.connect(str(folder / "kiosk.duckdb")) as con:
        con.register("s", sales)
        con.register("w", weather)
        con.execute("create table sales as select * from s")
        con.execute("create table weather as select day, temperature from w")
    return open_workspace(str(folder / "kiosk.duckdb"), folder / "state", as_of=date(2024, 12, 30))


def suppose(workspace: Workspace, **args: object) -> Analysis:
    request = Request(columns=[QUANTITY])
    _, found = build(workspace, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def change(found: Analysis) -> float:
    """Of the case supposed, as a part of what is expected as it is."""
    return float(found.rows[1][1]) / float(found.rows[0][1]) - 1


def test_a_price_moves_what_is_bought_as_planted_though_prices_and_demand_both_rise_in_summer(kiosk: Workspace) -> None:
    assert change(suppose(kiosk, driver="prices", percent=10)) == pytest.approx(1.1**ELASTICITY - 1, abs=0.02)


def test_without_promotions_their_lift_is_lost(kiosk: Workspace) -> None:
    found = suppose(kiosk, driver="promotions")
    assert -0.12 < change(found) < -0.04
    assert "no promoted" in found.text


def test_the_weather_of_a_table_of_its_own_counts_day_by_day(kiosk: Workspace) -> None:
    assert change(suppose(kiosk, driver="temperature", plus=5)) == pytest.approx(np.exp(5 * PER_DEGREE) - 1, abs=0.03)


def test_what_moves_nothing_gets_no_figure(kiosk: Workspace) -> None:
    found = suppose(kiosk, driver="red till", percent=50)
    assert "does not show" in found.text
    assert len(found.rows) == 1


def test_a_change_larger_than_any_before_is_taken_with_care(kiosk: Workspace) -> None:
    assert any("hardly seen" in c for c in suppose(kiosk, driver="prices", percent=120).caveats)
    assert not any("hardly seen" in c for c in suppose(kiosk, driver="prices", percent=5).caveats)


def test_the_range_of_the_supposed_figure_is_no_narrower_than_that_of_the_forecast(kiosk: Workspace) -> None:
    (_, was, low, high), (_, told, least, most) = suppose(kiosk, driver="prices", percent=5).rows
    assert (most - least) / told >= 0.99 * (high - low) / was


def test_what_the_data_does_not_have_is_said(kiosk: Workspace) -> None:
    request = Request(columns=[QUANTITY])
    _, found = build(kiosk, Limits()).func(request=request, reading="", driver="moon")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert "nothing called “moon”" in found.text
    assert "price" in found.text


def test_of_drivers_without_effect_few_seem_to_have_one() -> None:
    chance, shown = np.random.default_rng(0), 0
    for _ in range(100):
        thing, week = (a.ravel() for a in np.meshgrid(np.arange(15), np.arange(60)))
        y = chance.normal(0, 1, 15)[thing] + chance.normal(0, 0.3, 60)[week] + chance.normal(0, 0.2, 900)
        x = chance.normal(0, 1, 15)[thing] + chance.normal(0, 1, 900)
        found = of_panel(y, x, thing, week, np.ones(900))
        assert found is not None
        shown += found.shows
        days = np.cumsum(chance.normal(0, 0.02, 300)) + chance.normal(0, 0.1, 300)
        alone = of_series(days, chance.normal(0, 1, 300), 7, 2)
        assert alone is not None
        shown += alone.shows
    assert shown <= 10  # of 200


def test_a_driver_that_never_varied_says_nothing() -> None:
    thing, week = (a.ravel() for a in np.meshgrid(np.arange(5), np.arange(30)))
    assert of_panel(week / 10, thing.astype(float), thing, week, np.ones(150)) is None


@pytest.mark.parametrize(
    ("question", "rest", "driver", "move"),
    [
        ("What if we raise prices by 5%?", "", "prices", 5.0),
        ("what if we cut the price 3 percent next month?", "", "price", -3.0),
        ("How would units change if prices rose 10%?", "units", "prices", 10.0),
        ("What happens to sales if the discount is doubled?", "sales", "discount", 100.0),
        ("suppose fares go up 4%", "", "fares", 4.0),
        ("what is the effect of a 5% price increase on units?", "units", "price", 5.0),
        ("what if there is no promotion next month?", "", "promotion", None),
        ("what would orders be without discounts?", None, "", None),
        ("why did prices rise 5%?", None, "", None),
    ],
)
def test_what_is_supposed_is_read_from_the_question(
    question: str, rest: str | None, driver: str, move: float | None
) -> None:
    found = wish(question, Calendar(today=date(2024, 12, 30)))
    assert (found.rest if found else None) == rest
    if found:
        assert (found.driver, found.percent, found.none) == (driver, move, move is None)


def test_asked_in_plain_words_it_names_its_error(kiosk: Workspace) -> None:
    found = suppose(kiosk, driver="prices", percent=5)
    assert re.search(r"80% likely between [\d.]+% less and [\d.]+% less", found.text)
    assert "not seen before" in found.method
