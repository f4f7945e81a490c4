"""The compare tool, on a shop with differences planted in it: blue orders are worth more, refunds are alike, and the
more rain, the more umbrellas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats

from assistant.opening import open_workspace
from knowledge.request import Aggregate, Arithmetic, Compare, FieldColumn, Measure, MeasureColumn, Request
from knowledge.workspace import Workspace
from tools import Limits, ToolFailure
from tools.analysis import Analysis
from tools.compare import asked, build
from tools.comparing.against import against_others
from tools.comparing.observations import Sample
from tools.comparing.peeking import always_valid
from tools.comparing.tests import together, verdicts
from tools.comparing.words import wish

AVERAGE = Aggregate(agg="avg", of="orders.amount")
TOTAL = Aggregate(agg="sum", of="orders.amount")
REFUNDS = Arithmetic(
    op="percent",
    left=Aggregate(agg="count", dataset="orders", where=[Compare(field="orders.refunded", op="=", value=True)]),
    right=Aggregate(agg="count", dataset="orders"),
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("compare")
    with duckdb.connect(str(folder / "shop.duckdb")) as con:
        con.execute(
            "create table orders as select i as order_id, date '2024-01-01' + (i % 360)::integer as ordered_at, "
            "['blue', 'red', 'green'][1 + i % 3] as colour, case when i < 2 then 'new' else 'old' end as age, "
            "20 + (hash(i) % 1000) / 100.0 + case when i % 3 = 0 then 3 else 0 end as amount, "
            "(i % 360) + (hash(i, 2) % 50) as rain, 2 * (i % 360) + (hash(i, 3) % 50) as umbrellas, "
            "hash(i, 4) % 100 as luck, hash(i, 5) % 10 = 0 as refunded from range(3600) r(i)"
        )
    return open_workspace(str(folder / "shop.duckdb"), folder / "state", as_of=date(2024, 12, 31))


def compare(shop: Workspace, request: Request, **args: object) -> Analysis:
    _, found = build(shop, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, Analysis), found
    return found


def refused(shop: Workspace, request: Request, **args: object) -> str:
    _, found = build(shop, Limits()).func(request=request, reading="", **args)  # type: ignore[attr-defined]
    assert isinstance(found, ToolFailure), found
    return found.text


def of_colours(measure: Measure, *colours: str) -> Request:
    where = [Compare(field="orders.colour", op="in", value=list(colours))] if colours else []
    return Request(columns=[FieldColumn(field="orders.colour"), MeasureColumn(measure=measure)], where=where)


def test_a_planted_difference_is_more_than_chance(shop: Workspace) -> None:
    found = compare(shop, of_colours(AVERAGE, "blue", "red"))
    assert found.text.startswith("Yes: **blue** has a higher")
    assert "Welch" in found.method
    assert [r[0] for r in found.rows] == ["blue", "red"]
    assert found.rows[0][2] == 1200


def test_alike_groups_are_said_to_be_alike(shop: Workspace) -> None:
    assert compare(shop, of_colours(AVERAGE, "red", "green")).text.startswith("No: ")


def test_shares_are_tested_as_shares(shop: Workspace) -> None:
    found = compare(shop, of_colours(REFUNDS, "blue", "red"))
    assert "chi-square" in found.method
    assert found.text.startswith("No: ")


def test_totals_are_tested_by_what_they_were_each_day(shop: Workspace) -> None:
    found = compare(shop, of_colours(TOTAL, "blue", "red"))
    assert "per day" in found.text
    assert found.text.startswith("Yes: **blue**")


def test_several_groups_are_corrected_for(shop: Workspace) -> None:
    found = compare(shop, of_colours(AVERAGE))
    assert found.text.startswith("2 of 3 differences")
    assert "Holm" in found.method
    assert "All groups at once: Welch's analysis of variance" in found.method
    assert "**blue** is higher than every other" in found.text


def test_two_groups_at_once_are_tested_as_welchs_t_test_does() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 80), rng.normal(0.3, 3, 200)
    found = together((Sample("a", a), Sample("b", b)))
    assert found.chance == pytest.approx(stats.ttest_ind(a, b, equal_var=False).pvalue, rel=1e-9)


def shares(one: int, other: int, size: int) -> tuple[Sample, Sample]:
    return Sample("a", np.array([]), (one, size)), Sample("b", np.array([]), (other, size))


def test_what_holds_for_one_look_need_not_hold_for_many() -> None:
    verdict = verdicts(shares(125, 97, 1000))[0]
    assert verdict.chance < 0.05
    assert verdict.anytime is not None
    assert verdict.anytime > 0.05
    assert (always_valid(*shares(300, 200, 1000)) or 1) < 0.001


def test_totals_of_days_are_not_promised_to_hold_for_many_looks(shop: Workspace) -> None:
    held = "However often"
    assert any(held in c for c in compare(shop, of_colours(AVERAGE, "blue", "red")).caveats)
    assert not any(held in c for c in compare(shop, of_colours(TOTAL, "blue", "red")).caveats)


def test_too_few_to_look_at_again_and_again() -> None:
    assert always_valid(*shares(5, 15, 20)) is None


def test_who_looks_again_and_again_is_seldom_misled() -> None:
    rng, misled, ordinary = np.random.default_rng(4), 0, 0
    for _ in range(200):
        a, b = rng.normal(0, 1, 1000), rng.normal(0, 1, 1000)
        looks = [verdicts((Sample("a", a[:at]), Sample("b", b[:at])))[0] for at in range(100, 1001, 100)]
        misled += any((v.anytime or 0) < 0.05 for v in looks)
        ordinary += any(v.chance < 0.05 for v in looks)
    assert misled <= 10
    assert ordinary > 20


def test_a_difference_that_only_one_look_shows_is_warned_of(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "trial.duckdb")) as con:
        con.execute(
            "create table visits as select i as visit_id, date '2024-01-01' + (i % 30)::integer as seen_at, "
            "case when i < 1000 then 'old' else 'new' end as page, "
            "(case when i < 1000 then i < 97 else i < 1125 end) as refunded from range(2000) r(i)"
        )
    trial = open_workspace(str(tmp_path / "trial.duckdb"), tmp_path / "state", as_of=date(2024, 2, 1))
    bought = Aggregate(agg="count", dataset="visits", where=[Compare(field="visits.refunded", op="=", value=True)])
    part = Arithmetic(op="percent", left=bought, right=Aggregate(agg="count", dataset="visits"))
    found = compare(trial, Request(columns=[FieldColumn(field="visits.page"), MeasureColumn(measure=part)]))
    assert found.text.startswith("Yes: **new**")
    assert any("don't decide yet on new and old" in c and "always-valid" in c for c in found.caveats)


def test_two_periods_can_be_tested(shop: Workspace) -> None:
    request = Request(columns=[MeasureColumn(measure=AVERAGE)], period="June 2024", compare_to="May 2024")
    assert "May 2024" in compare(shop, request).text


def of_two(one: str, other: str) -> Request:
    measures = [MeasureColumn(measure=Aggregate(agg="sum", of=f"orders.{name}")) for name in (one, other)]
    return Request(columns=[FieldColumn(field="orders.ordered_at", grain="week"), *measures])


def test_figures_that_rise_together_are_found(shop: Workspace) -> None:
    found = compare(shop, of_two("rain", "umbrellas"), about="relation")
    assert "strongly rise together" in found.text
    assert any("does not say that one makes the other" in c for c in found.caveats)


def test_unrelated_figures_are_not(shop: Workspace) -> None:
    assert compare(shop, of_two("rain", "luck"), about="relation").text.startswith("No: no relation")


@pytest.mark.parametrize(
    ("request_", "args", "says"),
    [
        (of_colours(AVERAGE, "blue"), {}, "not two groups"),
        (Request(dataset="orders"), {}, "Name a figure"),
        (Request(columns=[MeasureColumn(measure=AVERAGE)]), {}, "Say which groups"),
        (Request(columns=[FieldColumn(field="orders.age"), MeasureColumn(measure=AVERAGE)]), {}, "too few"),
        (Request(columns=[MeasureColumn(measure=AVERAGE)]), {"about": "relation"}, "Name two figures"),
    ],
)
def test_what_cannot_be_tested_is_said(shop: Workspace, request_: Request, args: dict[str, str], says: str) -> None:
    assert says in refused(shop, request_, **args)


@pytest.mark.parametrize(
    ("question", "about", "rest"),
    [
        (
            "is the difference in average order between men and women significant?",
            "difference",
            "average order of men vs women",
        ),
        ("is the Mill shop really better than the Harbour shop?", "difference", "the Mill shop vs the Harbour shop"),
        ("t-test of average order for men vs women", "difference", "average order for men vs women"),
        ("do stores differ in average basket?", "difference", "average basket by stores"),
        (
            "is the Mill shop better than the Harbour shop in average amount?",
            "difference",
            "average amount of Mill shop vs Harbour shop",
        ),
        ("Do men and women really differ in their spend?", "difference", "spend of men vs women"),
        ("is that significant?", "difference", ""),
        ("is the difference just chance?", "difference", ""),
        ("is there a correlation between price and units?", "relation", "price and units"),
        ("is price correlated with units by week", "relation", "price and units by week"),
    ],
)
def test_the_words_of_a_test_are_read(question: str, about: str, rest: str) -> None:
    found = wish(question)
    assert found is not None
    assert (found.about, found.rest) == (about, rest)


@pytest.mark.parametrize(
    "question", ["what is the difference between gross and net sales?", "is there any real estate?"]
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert wish(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "is October better than September in sales?",
        "is the shop better than the web in May?",
        "were sales better than expected in June?",
        "was Q3 better than Q2 in revenue?",
    ],
)
def test_a_better_time_is_no_test(question: str) -> None:
    assert wish(question) is None


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """60 shops of 200 orders; shop 7's are worth 6 more, shop 9's 6 less; every delivery costs 5. Each day's number of
    visitors and of orders grow, and have nothing else to do with each other."""
    folder: Path = tmp_path_factory.mktemp("chain")
    with duckdb.connect(str(folder / "chain.duckdb")) as con:
        con.execute("create table shops as select i as shop_id, 'Shop ' || i as name from range(60) r(i)")
        con.execute(
            "create table orders as select i as order_id, i % 60 as shop_id, date '2026-01-01' + (i % 180)::integer as "
            "ordered_at, 20 + (hash(i) % 1000) / 100.0 + case i % 60 when 7 then 6 when 9 then -6 else 0 end as amount, "
            "5.0 as delivery_cost, (i % 180) + hash(i % 180, 8) % 40 as stock, (i % 180) + hash(i % 180, 9) % 40 as mentions "
            "from range(12000) r(i)"
        )
    return open_workspace(str(folder / "chain.duckdb"), folder / "state", as_of=date(2026, 7, 1))


def of_shops(measure: Measure) -> Request:
    return Request(columns=[FieldColumn(field="shops.name"), MeasureColumn(measure=measure)])


def test_of_many_groups_those_that_differ_from_the_others_are_named(chain: Workspace) -> None:
    found = compare(chain, of_shops(AVERAGE))
    assert found.text.startswith("Yes: the 60 groups differ")
    assert "1 of them surely is higher than the others, such as **Shop 7**" in found.text
    assert "1 of them surely is lower than the others, such as **Shop 9**" in found.text
    assert {str(r[0]) for r in found.rows if r[3] < 0.05} == {"Shop 7", "Shop 9"}
    assert "Holm" in found.method


def test_a_figure_that_never_varies_is_called_constant(chain: Workspace) -> None:
    found = compare(chain, of_shops(Aggregate(agg="avg", of="orders.delivery_cost")))
    assert "is constant, **5** for every one of the 12,000 orders" in found.text
    assert "chance" not in found.text


def test_groups_against_the_others_are_tested_as_scipy_does() -> None:
    rng = np.random.default_rng(2)
    even = [Sample(str(n), rng.normal(n == 3, 1 + n % 3, 40 + n)) for n in range(30)]
    few = [Sample(str(n), rng.integers(0, 6, 8 + n % 4).astype(float)) for n in range(30)]
    for samples, test in (
        (even, lambda a, b: stats.ttest_ind(a, b, equal_var=False)),
        (few, lambda a, b: stats.mannwhitneyu(a, b, method="asymptotic")),
    ):
        raw = {}
        for s in samples:
            others = np.concatenate([o.values for o in samples if o is not s])
            raw[s.name] = float(test(s.values, others).pvalue)
        least = min(raw, key=raw.__getitem__)
        found = {a.group.name: a.chance for a in against_others(samples)[0]}
        assert min(found, key=found.__getitem__) == least
        assert found[least] == pytest.approx(min(1.0, 30 * raw[least]), rel=1e-6)


def test_what_only_grows_together_is_said_to(chain: Workspace) -> None:
    columns = [MeasureColumn(measure=Aggregate(agg="avg", of=f"orders.{name}")) for name in ("stock", "mentions")]
    found = compare(
        chain, Request(columns=[FieldColumn(field="orders.ordered_at", grain="day"), *columns]), about="relation"
    )
    assert found.text.startswith("Yes")
    assert any("Most likely only a shared trend" in c for c in found.caveats)


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("experiment")
    with duckdb.connect(str(folder / "experiment.duckdb")) as con:
        con.execute(
            "create table sessions as select i as session_id, date '2026-05-01' + (i // 100)::integer as seen_on, "
            "['A', 'B'][1 + i % 2] as variant, hash(i) % 1000 < case i % 2 when 1 then 200 else 100 end as converted, "
            "hash(i, 3) % 50 as spend from range(4000) r(i)"
        )
    return open_workspace(str(folder / "experiment.duckdb"), folder / "state", as_of=date(2026, 7, 1))


@pytest.mark.parametrize("question", ["which variant is best?", "who won the A/B test?", "did the experiment work?"])
def test_an_experiment_is_told_by_what_it_was_for(experiment: Workspace, question: str) -> None:
    found = asked(question, experiment)
    assert found is not None
    assert found.rest == "percentage of sessions that converted by variant"


def test_without_an_experiment_no_variant_is_best(shop: Workspace) -> None:
    assert asked("which variant is best?", shop) is None


def part_of(variant_field: str) -> Request:
    yes = Aggregate(agg="count", dataset="sessions", where=[Compare(field="sessions.converted", op="=", value=True)])
    part = Arithmetic(op="percent", left=yes, right=Aggregate(agg="count", dataset="sessions"))
    return Request(columns=[FieldColumn(field=variant_field), MeasureColumn(measure=part)])


def test_an_experiment_that_is_decided_however_often_one_looked_can_be_stopped(experiment: Workspace) -> None:
    assert compare(experiment, part_of("sessions.variant"), stop=True).text.startswith("You can stop: **B** is ahead")


def test_one_without_a_winner_says_how_many_more_it_takes(shop: Workspace) -> None:
    found = compare(shop, of_colours(REFUNDS, "blue", "red"), stop=True)
    assert found.text.startswith("Not yet, if you want a winner")
    assert "with 80% likelihood at about" in found.text
