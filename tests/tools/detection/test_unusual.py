"""What is unusual in a series: each case is a series made by chance with one thing planted in it."""

from __future__ import annotations

import numpy as np
import pytest

from tools.detection.unusual import FALSE_ALARMS, Judged, judge

DAYS = 280
PLACE = 140


def ordinary(seed: int = 1) -> np.ndarray:
    """Sales by day: about 1,000, half as much again on Saturdays, 5% of noise."""
    chance = np.random.default_rng(seed)
    week = np.array([1.0, 1, 1, 1, 1.1, 1.5, 0.8])
    return 1000 * week[np.arange(DAYS) % 7] * np.exp(chance.normal(0, 0.05, DAYS))


def found(judged: Judged) -> list[tuple[str, int]]:
    return [(f.kind, f.start) for f in judged.findings]


def test_an_ordinary_series_has_nothing_unusual_in_it() -> None:
    alarmed = [bool(judge(ordinary(seed), 7).findings) for seed in range(100)]
    assert np.mean(alarmed) <= 2 * FALSE_ALARMS


def test_a_spike_and_a_dip_are_found_with_what_was_to_be_expected() -> None:
    values = ordinary()
    usual = values[[PLACE, 60]]
    values[PLACE] *= 1.6
    values[60] *= 0.6
    judged = judge(values, 7)
    assert sorted(found(judged)) == [("dip", 60), ("spike", PLACE)]
    expected = {f.start: f.expected for f in judged.findings}
    assert [expected[PLACE], expected[60]] == pytest.approx(usual, rel=0.15)


def test_a_saturday_on_a_tuesday_is_unusual() -> None:
    values = ordinary()
    tuesday = next(n for n in range(PLACE, DAYS) if n % 7 == 1)
    values[tuesday] = 1500
    assert found(judge(values, 7)) == [("spike", tuesday)]


def test_a_day_without_data_is_found() -> None:
    values = ordinary()
    values[PLACE] = 0
    assert found(judge(values, 7)) == [("dip", PLACE)]


@pytest.mark.parametrize(("part", "way"), [(1.2, 1), (0.8, -1)])
def test_a_new_level_is_a_shift(part: float, way: int) -> None:
    values = ordinary()
    values[PLACE:] *= part
    finding = judge(values, 7).findings[0]
    assert finding.kind == "shift"
    assert abs(finding.start - PLACE) <= 2
    assert np.sign(finding.actual - finding.expected) == way


def test_a_slow_change_is_a_drift() -> None:
    values = ordinary() * np.exp(0.5 * np.clip((np.arange(DAYS) - PLACE) / 40, 0, 1))
    kinds = [f.kind for f in judge(values, 7).findings]
    assert "drift" in kinds


def test_a_series_that_wanders_is_not_full_of_anomalies_but_its_jump_is_one() -> None:
    chance = np.random.default_rng(3)
    members = 5000 + np.cumsum(chance.normal(0, 10, DAYS))
    members[PLACE:] += 300
    assert found(judge(members, 1)) == [("shift", PLACE)]


@pytest.mark.parametrize("values", [np.full(50, 7.0), np.zeros(50), np.full(50, np.nan)])
def test_a_series_that_says_nothing_has_nothing_unusual(values: np.ndarray) -> None:
    assert judge(values, 7).findings == ()


def test_missing_figures_are_passed_over() -> None:
    values = ordinary()
    values[100:110] = np.nan
    values[PLACE] *= 1.6
    assert found(judge(values, 7)) == [("spike", PLACE)]


@pytest.mark.parametrize(("ratio", "way"), [(2.5, 1), (0.4, -1)])
def test_swings_that_widen_or_narrow_are_found_with_when(ratio: float, way: int) -> None:
    chance = np.random.default_rng(8)
    hits = 0
    for _ in range(20):
        noise = 0.06 * chance.normal(0, 1, 300)
        noise[180:] *= ratio
        found = [f for f in judge(500 * np.exp(noise), 7).findings if f.kind == "swings"]
        hits += bool(found) and abs(found[0].start - 180) <= 30 and (found[0].actual - found[0].expected) * way > 0
    assert hits >= 18


@pytest.mark.parametrize("degrees", [3, 6])
@pytest.mark.parametrize(("count", "season"), [(300, 7), (110, 1)])
def test_heavy_tails_raise_few_false_alarms(degrees: int, count: int, season: int) -> None:
    chance = np.random.default_rng(7)
    series = [500 * np.exp(0.06 * chance.standard_t(degrees, count)) for _ in range(60)]
    assert np.mean([bool(judge(one, season).findings) for one in series]) <= 0.12
