"""Explanations, tests and rules are made of no more than their asker may see (`knowledge.policies`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.opening import open_workspace
from knowledge.model import Policy
from knowledge.policies.view import view_of
from knowledge.policies.viewer import Viewer
from knowledge.request import Aggregate, FieldColumn, MeasureColumn, Request
from knowledge.workspace import Workspace
from tests.tools import bakery
from tools import Limits, ToolFailure, compare, explain
from tools.analysis import Analysis

REVENUE = MeasureColumn(measure=Aggregate(agg="sum", of="orders.amount"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bakery whose Harbour shop lost orders, as somebody sees it who may not see Harbour, nor channels."""
    folder: Path = tmp_path_factory.mktemp("seen")
    path = bakery.build(folder / "bakery.duckdb", "segment")
    whole = open_workspace(str(path), folder / "state", as_of=date(2024, 12, 31))
    policy = Policy(rows="shop <> 'Harbour'", masked=("channel",))
    orders = replace(whole.model.dataset("orders"), policies=(policy,))
    guarded = replace(whole, model=replace(whole.model, datasets=(orders,)))
    return view_of(guarded, Viewer("viewer"), folder / "state")


def test_an_explanation_shows_neither_hidden_rows_nor_masked_fields(seen: Workspace) -> None:
    request = Request(columns=[REVENUE], period="December 2024")
    _, found = explain.build(seen, Limits()).func(request=request, reading="")  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    said = f"{found.text} {found.rows}"
    assert "Mill" in said
    assert "Harbour" not in said
    assert "Counter" not in said
    assert any("Only what you may see" in c for c in found.caveats)


def test_a_masked_field_makes_no_groups(seen: Workspace) -> None:
    request = Request(columns=[FieldColumn(field="orders.channel"), REVENUE])
    _, found = compare.build(seen, Limits()).func(request=request, reading="")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert found.outcome == "not_allowed"
