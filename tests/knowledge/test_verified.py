from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.request import MeasureColumn, MetricRef
from knowledge.verified import BadQuestion, read_questions

GOOD = """
name: net_sales
question: What are net sales?
request:
  columns: [{kind: measure, measure: {kind: metric, metric: net_sales}}]
verified_by: Ada
verified_at: 2026-11-23
"""


def test_a_question_is_a_file_with_a_request_or_sql(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "a.yml").write_text(
        "name: one\nquestion: One?\nsql: SELECT 1\nverified_by: Ada\nverified_at: 2026-11-23\n"
    )
    (tmp_path / "notes.txt").write_text("not a question")
    first, second = read_questions(tmp_path)
    assert (first.name, first.sql, first.request) == ("one", "SELECT 1", None)
    assert second.request is not None
    assert second.request.columns == [MeasureColumn(measure=MetricRef(metric="net_sales"))]
    assert second.verified_at == date(2026, 11, 23)
    assert not second.use_as_onboarding_question


def test_no_folder_is_no_questions(tmp_path: Path) -> None:
    assert read_questions(tmp_path / "queries") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "sql: SELECT 1\n", "either `request` or `sql`"),
        (GOOD.replace("verified_by: Ada\n", ""), "verified_by"),
        (GOOD + "verifid: yes\n", "verifid"),
        ("name: [", "not YAML"),
        ("", "VerifiedQuestion"),
    ],
)
def test_a_file_that_is_none_is_named_with_what_is_wrong(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(BadQuestion, match=r"bad\.yaml") as error:
        read_questions(tmp_path)
    assert said in str(error.value)
