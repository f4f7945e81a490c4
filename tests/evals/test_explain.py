"""The planted causes of `parley eval explain`: one dataset of each kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.explain import KINDS, explained, named


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_cause_is_planted_and_found(kind: str, tmp_path: Path) -> None:
    planted = KINDS[kind](np.random.default_rng(5))
    assert bool(planted.cause) == (kind != "none")
    assert named(explained(planted.rows, planted.measure, tmp_path / "sales.duckdb"), planted.cause)


def test_another_cause_than_the_planted_one_is_a_miss(tmp_path: Path) -> None:
    planted = KINDS["segment"](np.random.default_rng(5))
    found = explained(planted.rows, planted.measure, tmp_path / "sales.duckdb")
    assert not named(found, ("d9v9",))
    assert not named(found, ())
