"""What can't be learnt from is said in a sentence: too little, one outcome only, texts among numbers, too many kinds."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from assistant.opening import open_workspace
from knowledge.model import SemanticModel
from knowledge.request import Aggregate, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.predict import build
from tools.predicting import training

VISITS = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="visits"))])


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("clinic")
    with duckdb.connect(str(folder / "clinic.duckdb")) as con:
        con.execute(
            "create table visits as select r as visit_id, 'kept' as outcome, r % 2 = 0 as seen, "
            "'code ' || (r * 7 % 4000) as reason, case when r < 4 then true when r < 3900 then null else null end as rare, "
            "case when r % 9 = 0 then 'n/a' else (r % 50)::varchar end as cost, 7 as floor, "
            "(hash(r) % 90)::int as age, case when hash(r, 2) % 3 = 0 then 'day' else 'night' end as shift "
            "from range(4000) t(r)"
        )
    return open_workspace(str(folder / "clinic.duckdb"), folder / "state")


def predict(clinic: Workspace, field: str) -> Analysis | ToolFailure:
    _, found = build(clinic, Limits()).func(request=VISITS, reading="", goal="column", field=field)  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ("visits.outcome", "for every visit"),
        ("visits.floor", "for every visit"),
        ("visits.reason", "different values; I can tell apart up to 20"),
        ("visits.rare", "4 visits only"),
        ("visits.nothing", "no field"),
    ],
)
def test_what_cannot_be_learnt_from_is_said(clinic: Workspace, field: str, says: str) -> None:
    found = predict(clinic, field)
    assert isinstance(found, ToolFailure), found
    assert says in found.text


def test_what_goes_with_nothing_is_claimed_to_be_no_better_than_chance(
    clinic: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "SECONDS", 1.0)
    found = predict(clinic, "visits.shift")
    assert isinstance(found, Analysis), found
    assert any("hardly better than chance" in c for c in found.caveats)


def test_nothing_happens_to_what_has_no_dates(clinic: Workspace) -> None:
    assert isinstance(clinic.model, SemanticModel)
    _, found = build(clinic, Limits()).func(request=VISITS, reading="", goal="stop")  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure)
    assert "Nothing here says when" in found.text
