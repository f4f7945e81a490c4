"""Policies, on the chain of shops of chain.py: regions have the policy `name = user.region`, and salaries are masked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import osi
from knowledge.model import Policy, SemanticModel
from knowledge.osi import BadModel
from knowledge.policies.conditions import BadPolicy, check_policies
from knowledge.policies.view import view_of
from knowledge.policies.viewer import Viewer
from knowledge.request import Aggregate, Exists, FieldColumn, MeasureColumn, MetricRef, Request
from knowledge.warehouse import NotAllowed, QueryFailed
from knowledge.workspace import Workspace
from tests.knowledge.policies import chain


def rows(workspace: Workspace, sql: str) -> list[tuple[object, ...]]:
    return workspace.warehouse.query(sql)[1]


def test_an_owner_sees_the_workspace_itself(whole: Workspace, state: Path) -> None:
    assert view_of(whole, Viewer("owner"), state) is whole


@pytest.mark.parametrize(
    ("sql", "seen_rows"),
    [
        ("SELECT name FROM regions", [("North",)]),
        ("SELECT city FROM shops ORDER BY 1", [("Oslo",), ("Umea",)]),  # Bari is of no region: nobody's but an owner's
        ("SELECT count(*) FROM sales", [(10,)]),
        ("SELECT count(*) FROM main.sales", [(10,)]),
        ('SELECT count(*) FROM "SALES"', [(10,)]),
        ("FROM sales SELECT count(*)", [(10,)]),
        ("SELECT count(*) FROM fees", [(3,)]),
        ("WITH sales AS (SELECT * FROM sales) SELECT count(*) FROM sales", [(10,)]),
        ("WITH shops AS (SELECT i AS id, 1 AS region_id FROM range(9) r(i)) SELECT count(*) FROM sales", [(10,)]),
        ("WITH regions AS (SELECT i AS id, 'North' AS name FROM range(9) r(i)) SELECT count(*) FROM sales", [(10,)]),
        ("SELECT count(*) FROM sales UNION ALL SELECT count(*) FROM (SELECT * FROM shops)", [(10,), (2,)]),
        ("SELECT (SELECT max(name) FROM regions)", [("North",)]),
        ("SELECT count(*) FROM fees WHERE EXISTS (SELECT 1 FROM regions WHERE name = 'South')", [(0,)]),
        ("SELECT count(*) FROM (sales s JOIN shops h ON s.shop_id = h.id)", [(10,)]),
        ("SELECT main.regions.name FROM main.regions", [("North",)]),
        ("SELECT count(*) FROM sales PIVOT (sum(amount) FOR shop_id IN (1, 3))", [(10,)]),
        ("SELECT count(*) FROM shops POSITIONAL JOIN fees", [(3,)]),
        ("SELECT r FROM regions r", [({"id": 1, "name": "North"},)]),
        ("SELECT COLUMNS(*) FROM regions", [(1, "North")]),
        ("SELECT count(*) FROM sales s, LATERAL (SELECT * FROM shops h WHERE h.id = s.shop_id)", [(10,)]),
        ("SELECT * FROM staff ORDER BY id LIMIT 1", [(1, 1, None, "Ann")]),  # without the salary
    ],
)
def test_sql_sees_only_the_rows_of_the_viewer(seen: Workspace, sql: str, seen_rows: list[tuple[object, ...]]) -> None:
    assert rows(seen, sql) == seen_rows


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT salary FROM staff",
        "SELECT s.salary FROM staff s",
        "SELECT sum(SALARY) FROM staff",
        "SELECT name FROM staff WHERE salary > 1500",
        "SELECT name FROM staff ORDER BY salary",
        "SELECT count(*) FROM staff a JOIN fees f ON f.amount = a.salary",
        "SELECT city FROM shop_list",
        "SELECT everything()",
        "SELECT pin FROM vault",
        "SELECT count(*) FROM whole.main.sales",
    ],
)
def test_sql_that_reads_what_is_not_seen_is_not_allowed(seen: Workspace, sql: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        rows(seen, sql)
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("SELECT count(*) FROM sales WHERE CASE WHEN note LIKE 'S%' THEN error(note) ELSE true END", 10),
        ("SELECT count(*) FROM sales WHERE note LIKE 'S%' AND error('there is: ' || note)", 0),
    ],
)
def test_no_condition_is_tried_on_a_hidden_row(seen: Workspace, sql: str, count: int) -> None:
    """A database runs conditions in the order that it likes: one that fails on a hidden row would tell of it."""
    assert rows(seen, sql) == [(count,)]


def test_no_error_has_a_value_in_it(seen: Workspace) -> None:
    with pytest.raises(QueryFailed) as failed:
        rows(seen, "SELECT count(*) FROM sales WHERE CAST(note AS INT) > 0")
    assert "N0" not in str(failed.value)


def test_a_request_sees_only_the_rows_of_the_viewer_and_says_so(seen: Workspace) -> None:
    turnover = MeasureColumn(measure=MetricRef(metric="turnover"))
    result = seen.run(Request(columns=[FieldColumn(field="shops.city"), turnover]))
    assert [row[0] for row in result.rows] == ["Oslo", "Umea"]
    assert result.caveats == ("Only what you may see is counted of: sale, shop.",)


def test_a_dataset_that_is_a_query_is_limited_like_the_tables_that_it_reads(seen: Workspace) -> None:
    count = MeasureColumn(measure=Aggregate(agg="count", dataset="big_sales"))
    found = seen.run(Request(columns=[count])).rows
    assert found == rows(seen, "SELECT count(*) FROM sales WHERE amount > 6")


def test_what_does_not_exist_for_the_viewer_can_not_be_counted_by_its_absence(seen: Workspace) -> None:
    count = MeasureColumn(measure=Aggregate(agg="count", dataset="shops"))
    unsold = Request(columns=[count], where=[Exists(dataset="sales", negated=True)])
    assert seen.run(unsold).rows == [(0,)]


@pytest.mark.parametrize(
    "measure",
    [Aggregate(agg="sum", of="staff.salary"), MetricRef(metric="payroll"), Aggregate(agg="max", of="staff.pay_grade")],
)
def test_a_request_for_a_masked_field_is_not_allowed(seen: Workspace, measure: Aggregate | MetricRef) -> None:
    with pytest.raises(NotAllowed, match="You may not see"):
        seen.run(Request(columns=[MeasureColumn(measure=measure)]))


def test_a_role_that_a_policy_exempts_sees_the_field(whole: Workspace, state: Path) -> None:
    analyst = view_of(whole, Viewer("analyst", (("region", ("North",)),)), state)
    assert rows(analyst, "SELECT sum(salary) FROM staff") == [(10_000,)]
    assert rows(analyst, "SELECT count(*) FROM sales") == [(10,)], "the other policy holds for analysts"


def test_several_values_of_an_attribute_are_any_of_them(whole: Workspace, state: Path) -> None:
    both = view_of(whole, Viewer("viewer", (("region", ("North", "South")),)), state)
    assert rows(both, "SELECT count(*) FROM sales") == [(15,)]


@pytest.mark.parametrize("value", ["North' OR 1=1 --", "", "north", "' UNION SELECT"])
def test_an_attribute_is_a_value_and_never_sql(whole: Workspace, state: Path, value: str) -> None:
    odd = view_of(whole, Viewer("viewer", (("region", (value,)),)), state)
    assert rows(odd, "SELECT count(*) FROM sales") == [(0,)]


def test_who_lacks_the_attribute_sees_nothing(whole: Workspace, state: Path) -> None:
    nobody = view_of(whole, Viewer("viewer"), state)
    assert rows(nobody, "SELECT count(*) FROM sales") == [(0,)]


def test_what_is_known_of_the_data_is_of_the_viewers_rows(seen: Workspace, whole: Workspace) -> None:
    assert {entry.value for entry in seen.values.entries} >= {"Oslo", "Umea", "North", "Ann"}
    assert not {entry.value for entry in seen.values.entries} & {"Rome", "South", "Eve", "Bari"}
    cities = seen.model.dataset("shops").field("city")
    assert sorted(cities.samples) == ["Oslo", "Umea"]
    assert cities.maximum == "Umea"
    salary = seen.model.dataset("staff").field("salary")
    assert (salary.hidden, salary.samples, salary.maximum) == (True, (), None)
    assert seen.fresh_as_of is not None
    assert seen.fresh_as_of.date().isoformat() == "2024-01-18"
    assert whole.model.dataset("shops").field("city").maximum is None, "the owner's model is another"


def test_viewers_who_see_the_same_share_what_was_worked_out(whole: Workspace, state: Path) -> None:
    one = view_of(whole, chain.NORTH, state)
    other = view_of(whole, Viewer("viewer", (("region", ("North",)), ("team", ("red",)))), state)
    assert one.mark == other.mark != ""


def test_viewers_of_whom_different_fields_are_hidden_share_nothing(whole: Workspace, state: Path) -> None:
    def fees(**policy: tuple[str, ...]) -> Workspace:
        model = policed(Policy(masked=("amount",), **policy), "fees")
        return view_of(replace(whole, model=model), Viewer("analyst", (("region", ("North", "South")),)), state)

    masked, shown = fees(exempt=()), fees(exempt=("analyst",))
    assert masked.mark != shown.mark
    assert not masked.model.dataset("fees").field("amount").samples


def policed(policy: Policy, dataset: str = "shops") -> SemanticModel:
    model = chain.model()
    return replace(
        model, datasets=tuple(replace(d, policies=(policy,)) if d.name == dataset else d for d in model.datasets)
    )


@pytest.mark.parametrize(
    ("policy", "complaint"),
    [
        (Policy("town = user.region"), "town"),
        (Policy("city ="), "is no condition"),
        (Policy("city IN (SELECT 'Oslo')"), "without SELECT"),
        (Policy("city IN user.cities"), "needs parentheses"),
        (Policy("regions.name = user.region"), "rows of another dataset need no mention"),
        (Policy(masked=("address",)), "no field of it"),
        (Policy(masked=("id",)), "key"),
    ],
)
def test_a_policy_that_can_not_be_enforced_is_refused_when_the_model_is_read(policy: Policy, complaint: str) -> None:
    with pytest.raises(BadPolicy, match=complaint):
        check_policies(policed(policy))


def test_a_models_file_with_a_policy_that_can_not_be_enforced_is_not_read() -> None:
    written = osi.dump(policed(Policy("city = user.city")))
    with pytest.raises(BadModel, match="town"):
        osi.load(written.replace("city = user.city", "town = user.city"))


def test_policies_are_part_of_the_models_file() -> None:
    model = policed(Policy("city = user.city", masked=("city",), exempt=("owner", "analyst")))
    assert osi.load(osi.dump(model)) == model
    with pytest.raises(BadModel):
        osi.load(osi.dump(model).replace("masked:", "mask:"))


def test_two_values_where_one_is_needed_are_refused(whole: Workspace, state: Path) -> None:
    model = policed(Policy("length(city) < user.longest"))
    with pytest.raises(BadPolicy, match="one value"):
        view_of(replace(whole, model=model), Viewer("viewer", (("longest", (4, 5)), ("region", ("North",)))), state)


def test_what_an_owner_has_just_asked_is_not_what_a_viewer_is_given(whole: Workspace, state: Path) -> None:
    count = Request(columns=[MeasureColumn(measure=Aggregate(agg="count", dataset="sales"))])
    everything = whole.run(count).rows
    seen = view_of(whole, chain.NORTH, state)
    for _ in range(2):
        assert list(seen.run(count).rows) == [(10,)] != list(everything)
    assert list(whole.run(count).rows) == list(everything)
