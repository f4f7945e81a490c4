"""The segment tool, on a climbing gym whose kinds of members are planted (studio.py)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from sklearn.metrics import adjusted_rand_score

from assistant.opening import open_workspace
from assistant.session import Session
from knowledge.request import Aggregate, Compare, MeasureColumn, Request
from knowledge.workspace import Workspace
from tests.tools.segmenting.studio import kind_of
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.segment import build

MEMBERS = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="members"))])


def call(workspace: Workspace, request: Request, **args: object) -> Analysis | ToolFailure:
    _, found = build(workspace, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis | ToolFailure)
    return found


def segmented(workspace: Workspace, request: Request = MEMBERS, **args: object) -> Analysis:
    found = call(workspace, request, **args)
    assert isinstance(found, Analysis), found
    return found


# --- kinds -----------------------------------------------------------------------------------------------------------


def test_planted_kinds_are_found_and_named_by_how_they_differ(gym: Workspace) -> None:
    found = segmented(gym, about="kinds")
    assert found.picture is not None
    shown = found.picture.of.rows
    planted = [kind_of(int(str(r[0]).split()[-1])) for r in shown]
    assert adjusted_rand_score(planted, [r[1] for r in shown]) > 0.95
    names = dict(zip(planted, (r[1] for r in shown), strict=True))
    assert "large visits" in names["guest"]
    assert "frequent" in names["regular"]
    assert names["left"].startswith("less recent")


def test_the_answer_says_how_sure_it_is_and_what_was_left_out(gym: Workspace) -> None:
    found = segmented(gym, about="kinds")
    assert found.text.startswith("**3 kinds** among 240 members")
    assert "silhouette" in found.method
    assert "adjusted Rand index" in found.method
    assert any("10 members without any visit are left out" in c for c in found.caveats)


def test_a_kind_is_told_by_what_is_more_common_in_it(gym: Workspace) -> None:
    guests = next(line for line in segmented(gym, about="kinds").text.split("\n") if "large visits" in line)
    assert "Town Hill is more common here" in guests


def test_as_many_kinds_as_are_asked_for(gym: Workspace) -> None:
    assert len(segmented(gym, about="kinds", count=5).rows) == 5


def test_conditions_limit_who_is_looked_at(gym: Workspace) -> None:
    request = MEMBERS.model_copy(update={"where": [Compare(field="members.town", op="=", value="Hill")]})
    found = segmented(gym, request, about="kinds")
    (hill,) = gym.warehouse.query(
        "select count(distinct member_id) from main.visits join main.members using (member_id) where town = 'Hill'"
    )[1][0]
    assert sum(r[1] for r in found.rows) == hill


# --- recency, frequency, value ---------------------------------------------------------------------------------------


def test_rfm_names_who_left_by_what_they_were(gym: Workspace) -> None:
    found = segmented(gym, about="rfm", each=True)
    assert not found.aggregated
    top = [kind_of(int(str(r[0]).split()[-1])) for r in found.rows[:20]]
    assert set(top) == {"regular"}
    segments = {kind_of(int(str(r[0]).split()[-1])): r[1] for r in found.rows}
    assert segments["left"] in ("at risk", "can't lose", "hibernating")


def test_rfm_segments_hold_everybody_once(gym: Workspace) -> None:
    assert sum(r[1] for r in segmented(gym, about="rfm").rows) == 240


# --- who comes back --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Six buyers of January 2024: all come in February, three in March. Two more begin in February; one of them comes in
    March. The data ends with March.

        buyer   1-3     4-6     7       8
        Jan     x       x
        Feb     x       x       x       x
        Mar     x               x
    """
    folder: Path = tmp_path_factory.mktemp("kiosk")
    months = {1: (1, 2, 3), 2: (1, 2, 3), 3: (1, 2, 3), 4: (1, 2), 5: (1, 2), 6: (1, 2), 7: (2, 3), 8: (2,)}
    rows = [(buyer, datetime(2024, m, 10 + buyer)) for buyer, seen in months.items() for m in seen]
    rows.append((1, datetime(2024, 3, 31)))
    with duckdb.connect(str(folder / "kiosk.duckdb")) as con:
        con.execute("create table sales(sale_id integer, buyer_id integer, sold_at timestamp)")
        con.executemany("insert into sales values (?, ?, ?)", [(n, *r) for n, r in enumerate(rows)])
    return open_workspace(str(folder / "kiosk.duckdb"), folder / "state", as_of=date(2024, 4, 1))


BUYERS = Request(columns=[MeasureColumn(measure=Aggregate(agg="count_distinct", of="sales.buyer_id"))])


def test_retention_of_cohorts(kiosk: Workspace) -> None:
    found = segmented(kiosk, BUYERS, about="cohorts")
    assert [tuple(r[1:]) for r in found.rows] == [(6, 100.0, 50.0), (2, 50.0, None)]


def test_how_many_come_back_the_next_month(kiosk: Workspace) -> None:
    found = segmented(kiosk, BUYERS, about="returning")
    assert [r[1:] for r in found.rows] == [(100.0, 6, 6), (50.0, 8, 4)]
    assert found.text.startswith("**71.4%** of the buyers of a month come back in the next")


# --- what they will be worth -----------------------------------------------------------------------------------------


def test_who_left_is_worth_less_than_who_still_comes(gym: Workspace) -> None:
    found = segmented(gym, about="lifetime", each=True)
    worth: dict[str, list[float]] = {"regular": [], "guest": [], "left": []}
    for row in found.rows:
        worth[kind_of(int(str(row[0]).split()[-1]))].append(row[1])
    assert min(worth["regular"]) > max(worth["left"], default=0.0)
    assert "Tested on the last" in found.method


# --- bad input -------------------------------------------------------------------------------------------------------


def made(folder: Path, *statements: str) -> Workspace:
    with duckdb.connect(str(folder / "made.duckdb")) as con:
        for statement in statements:
            con.execute(statement)
    return open_workspace(str(folder / "made.duckdb"), folder / "state", as_of=date(2024, 12, 31))


def test_all_alike_is_said(tmp_path: Path) -> None:
    alike = made(
        tmp_path,
        "create table clients as select i as client_id, 'Client ' || i as name from range(60) r(i)",
        "create table jobs as select i as job_id, i as client_id, timestamp '2024-05-01' as done_at from range(60) "
        "r(i)",
    )
    found = call(
        alike, Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="clients"))]), about="kinds"
    )
    assert isinstance(found, ToolFailure)
    assert "alike" in found.text


def test_what_was_never_seen_has_no_value(tmp_path: Path) -> None:
    towns = made(tmp_path, "create table towns as select i as town_id, 'town ' || i as name from range(40) r(i)")
    request = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="towns"))])
    for about in ("kinds", "rfm", "cohorts", "returning", "lifetime"):
        found = call(towns, request, about=about)
        assert isinstance(found, ToolFailure), about
        assert "town" in found.text


def test_too_short_a_time_has_no_lifetime_value(kiosk: Workspace) -> None:
    found = call(kiosk, BUYERS, about="lifetime")
    assert isinstance(found, ToolFailure)
    assert "too few" in found.text


def test_figures_that_are_missing_or_the_same_are_left_out(tmp_path: Path) -> None:
    plants = made(
        tmp_path,
        "create table plants as select i as plant_id, 'plant ' || i as name, case when i < 50 then 100.0 + i else "
        "900.0 + i end "
        "as output, null::double as rating, 7 as shifts from range(100) r(i)",
    )
    found = segmented(
        plants, Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="plants"))]), about="kinds"
    )
    assert len(found.rows) == 2
    assert {r[1] for r in found.rows} == {50}


# --- plain questions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("what kinds of members do we have?", "kinds"),
        ("segment our members into 3 groups", "kinds"),
        ("who are our best members by RFM", "rfm"),
        ("cohort retention by month", "cohorts"),
        ("how many members come back the next month?", "returning"),
        ("lifetime value of members", "lifetime"),
        ("which members have the highest lifetime value over the next 6 months?", "lifetime"),
    ],
)
def test_plain_questions_are_answered(session: Session, question: str, about: str) -> None:
    answer = session.ask(question)
    assert (answer.outcome, answer.provenance.tool, answer.provenance.arguments["about"]) == (
        "answered",
        "segment",
        about,
    )
    assert answer.chart is not None or about in ("rfm", "lifetime")


def test_the_picture_is_of_members_and_the_table_of_kinds(session: Session) -> None:
    answer = session.ask("what kinds of members do we have?")
    assert answer.chart is not None
    assert len(answer.chart["data"]["values"]) == 240
    assert answer.result is not None
    assert len(answer.result.rows) == 3


def test_other_questions_are_no_segmentation(session: Session) -> None:
    for question in ("how many members are there?", "number of visits by month", "members by town"):
        assert session.ask(question).provenance.tool != "segment"
