"""What is masked for somebody is offered to them nowhere; and who asks for it hears that it is not for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.channels.slack.home import home
from assistant.channels.twilio.sounds import hints
from assistant.insights import insights
from assistant.people.door import Asker
from assistant.people.person import Person
from assistant.session import Session
from assistant.settings import Settings
from assistant.suggestions import starters
from knowledge.model import Metric, StateTime
from knowledge.policies.view import view_of
from knowledge.policies.viewer import Viewer
from knowledge.request import MeasureColumn, MetricRef, Request
from knowledge.verified import VerifiedQuestion
from knowledge.warehouse import QueryRefused
from knowledge.workspace import Workspace
from tests.knowledge.policies import chain
from tools import Limits, load_tools
from tools.analysis import usual_figure

MASKED = ("payroll", "salary", "salaries", "wage", "pay grade", "pay per head")
VIEWED = Person(id="1", name="vera", role="viewer")
ANALYST = Viewer("analyst", (("region", ("North", "South")),))


@pytest.fixture(scope="module")
def paid(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The chain, whose first metrics are of salaries, one of them through the other, with questions about them."""
    whole = chain.whole(tmp_path_factory.mktemp("paid"))
    model = replace(
        whole.model,
        metrics=(
            Metric("payroll", "SUM(staff.salary)", "payroll", synonyms=("wage bill",)),
            Metric("pay_per_head", "{payroll} / COUNT(staff.id)", "pay per head"),
            Metric("turnover", "SUM(sales.amount)", "turnover"),
        ),
        starters=("What is the payroll?", "Total salaries by city", "wage bill by shop", "turnover by city"),
    )

    def checked(name: str, metric: str) -> VerifiedQuestion:
        request = Request(columns=[MeasureColumn(measure=MetricRef(metric=metric))])
        return VerifiedQuestion(name=name, question=f"the {name} one", request=request, verified_by="eve", verified_at=date(2024, 1, 1))  # fmt: skip

    by_sql = VerifiedQuestion(name="dear", question="the dear ones", sql="SELECT max(salary) FROM staff", verified_by="eve", verified_at=date(2024, 1, 1))  # fmt: skip
    return replace(whole, model=model, questions=(checked("first", "payroll"), checked("second", "turnover"), by_sql))


@pytest.fixture(scope="module")
def viewed(paid: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return view_of(paid, chain.NORTH, tmp_path_factory.mktemp("viewed"))


def said(workspace: Workspace, folder: Path) -> str:
    """All that is put before somebody who has asked for nothing in particular."""
    describe = next(t for t in load_tools(workspace, Limits()) if t.name == "describe")
    session = Session(workspace, Settings(state_dir=folder, model=None, mode=None), dated=True)
    helped = session.ask("help")
    unread = session.ask("frobnicate the zorb")
    tab = home(workspace, [], Asker(VIEWED, "slack", VIEWED.scopes), "en", digest=False, rated=[])
    texts = [*starters(workspace.model), usual_figure(workspace), hints(workspace), str(tab)]
    texts += [str(describe.invoke({"words": words})) for words in ("", "payroll wage bill salary", "the dear ones")]
    texts += [helped.text, *helped.follow_ups, *unread.follow_ups]
    texts += [str(i) for i in insights(workspace, Limits(), "January 2024").found]
    texts += insights(workspace, Limits(), "January 2024").left_out
    return "\n".join(texts).lower()


def test_a_viewer_is_offered_nothing_of_it(viewed: Workspace, tmp_path: Path) -> None:
    told = said(viewed, tmp_path)
    assert not [name for name in MASKED if name in told]
    assert "turnover" in told
    assert [m.name for m in viewed.model.offered] == ["turnover"]
    assert viewed.model.starters == ("turnover by city",)
    assert [q.name for q in viewed.questions] == ["second"]


def test_nothing_that_was_found_in_the_data_tells_of_what_is_masked(paid: Workspace, tmp_path: Path) -> None:
    masked, open_to_all = ("staff.salary", "shops.id"), ("sales.amount", "shops.id")
    states = (StateTime("staff", "salary", "high", "hired"), StateTime("sales", "amount", "1", "day"))
    undated = tuple(replace(d, undated=(("amount", "1", "sold"),)) for d in paid.model.datasets)
    found = replace(paid.model, datasets=undated, conformed=(masked, open_to_all), state_times=states)
    told = replace(paid, model=found)
    shown = view_of(told, chain.NORTH, tmp_path).model
    assert shown.conformed == (open_to_all,)
    assert shown.dataset("sales").undated == ()
    assert shown.state_times == ()  # neither of what is masked, nor of rows of which only some are seen


def test_whoever_may_see_it_is_offered_it(paid: Workspace, tmp_path: Path) -> None:
    seen = view_of(paid, ANALYST, tmp_path)
    told = said(seen, tmp_path)
    assert "payroll" in told
    assert "salary" in told
    assert len(seen.model.starters) == 4
    assert len(seen.questions) == 3


@pytest.mark.parametrize("metric", ["payroll", "pay_per_head"])
def test_whoever_asks_for_it_hears_that_it_is_not_for_them(viewed: Workspace, metric: str) -> None:
    with pytest.raises(QueryRefused, match="not"):
        viewed.run(Request(columns=[MeasureColumn(measure=MetricRef(metric=metric))]))
