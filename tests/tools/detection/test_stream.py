"""Figures that keep coming, each judged by those before it: a shop's visitors by the hour."""

from __future__ import annotations

import numpy as np

from tools.detection.stream import alarms, usual

HOURS = 24 * 30
NIGHT_AND_DAY = 100 + 80 * np.sin(2 * np.pi * np.arange(HOURS) / 24)


def visitors() -> np.ndarray:
    return NIGHT_AND_DAY + np.random.default_rng(1).normal(0, 3, HOURS)


def test_days_like_the_days_before_raise_no_alarm_in_the_end() -> None:
    assert [a for a in alarms(visitors(), 24) if a.at > HOURS // 3] == []


def test_a_crowd_is_seen_in_its_first_hour() -> None:
    came = visitors()
    came[500:503] += 200
    assert [(a.at, a.kind) for a in alarms(came, 24) if a.at > 300] == [(500, "high")]


def test_a_day_without_its_peak_is_a_pattern_of_its_own() -> None:
    came = visitors()
    came[480:504] = came[480:504].min()
    raised = [a for a in alarms(came, 24) if a.at > 300]
    assert raised[0].kind == "pattern"
    assert 480 <= raised[0].at <= 490


def test_an_alarm_is_raised_from_the_past_alone() -> None:
    came = visitors()
    came[500] += 200
    whole = [a for a in alarms(came, 24) if a.at <= 500]
    assert [a.at for a in alarms(came[:501], 24)] == [a.at for a in whole]


def test_the_usual_is_the_median_of_the_same_hour() -> None:
    assert np.allclose(usual(NIGHT_AND_DAY, 24)[24:], NIGHT_AND_DAY[24:])


def test_hours_without_a_figure_raise_no_alarm() -> None:
    came = visitors()
    came[500:520] = np.nan
    assert [a for a in alarms(came, 24) if a.at > 300] == []
