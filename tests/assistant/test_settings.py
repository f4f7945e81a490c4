"""Settings come from PARLEY_ variables; secrets never show."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from assistant.settings import Settings


def test_without_a_model_the_embedded_analyst_answers_whatever_the_mode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARLEY_MODEL", raising=False)
    monkeypatch.setenv("PARLEY_MODE", "llm")
    assert Settings().route == "embedded"


def test_with_a_model_the_route_is_hybrid_unless_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODEL", "openai:some-model")
    assert Settings().route == "hybrid"
    monkeypatch.setenv("PARLEY_MODE", "llm")
    assert Settings().route == "llm"
    monkeypatch.setenv("PARLEY_MODE", "embedded")
    assert Settings().route == "embedded"


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODEL", "")
    monkeypatch.setenv("PARLEY_API_KEY", "")
    assert Settings().model is None
    assert Settings().api_key is None


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_API_KEY", "sk-1234567890")
    settings = Settings()
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-1234567890"
    for shown in (repr(settings), str(settings), settings.model_dump_json(), str(settings.model_dump())):
        assert "1234567890" not in shown


def test_what_is_wrong_with_a_setting_is_said_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_EGRESS", "sk-pasted-into-the-wrong-variable")
    with pytest.raises(ValidationError) as error:
        Settings()
    assert "egress" in str(error.value)
    assert "'aggregates'" in str(error.value)
    assert "sk-pasted" not in str(error.value)
