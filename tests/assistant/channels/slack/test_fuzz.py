"""Whatever somebody sends to Slack's address, nothing breaks: it is taken or refused, never a 500."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.assistant.channels.slack.conftest import BOSS, Workspace

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | _text, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3), max_leaves=6
)  # fmt: skip
_kinds = st.sampled_from(["event_callback", "block_actions", "message_action", "view_submission", "x"])
_known = st.sampled_from(
    ["team_id", "event_id", "trigger_id", "actions", "channel", "container", "message", "command", "text"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_kinds, st.dictionaries(_known, _anything, max_size=6), st.dictionaries(_known | _text, _anything, max_size=5))
def test_nothing_breaks(workspace: Workspace, kind: str, body: dict[str, Any], event: dict[str, Any]) -> None:
    sent = {"type": kind, "event": {"type": "message", **event}, "user": {"id": BOSS}} | body
    assert workspace.post(json.dumps(sent)).status_code in (200, 400, 404)
    assert workspace.client.post("/slack/events", json=sent).status_code == 401
