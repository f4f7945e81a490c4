"""The home tab: a digest every morning, what is known of the person, and a rating taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine

from assistant.channels.deliveries import Deliveries
from assistant.channels.slack.digests import Digests, tell
from assistant.channels.slack.shown import ShownAnswers
from assistant.channels.slack.talk import Spot, Talk
from evals.channels.slack_server import BOT
from tests.assistant.channels.slack.conftest import ANA, BOSS, STRANGER, Workspace


def at_home(workspace: Workspace, user: str = BOSS) -> dict[str, Any]:
    workspace.event(user, type="app_home_opened", tab="home", channel="D1")
    return workspace.slack.next("views.publish")["view"]


def press(workspace: Workspace, view: dict[str, Any], action: str, user: str = BOSS) -> dict[str, Any]:
    """The first button of this kind; the tab that is shown then."""
    pressed = next(b["accessory"] for b in view["blocks"] if b.get("accessory", {}).get("action_id") == action)
    workspace.interact(
        user, type="block_actions", actions=[pressed | {"block_id": "b", "action_ts": "1"}], view=view,
        container={"type": "view", "view_id": "V1"},
    )  # fmt: skip
    return workspace.slack.next("views.publish")["view"]


def test_it_says_who_somebody_is_and_how_they_are_answered(workspace: Workspace) -> None:
    workspace.slack.people[ANA] = {"tz": "Europe/Oslo", "locale": "nb-NO"}
    said = "You are ana, a viewer. Your day is that of Europe/Oslo, as Slack says. Figures are written as in nb_NO."
    assert said in str(at_home(workspace, ANA)["blocks"])


def test_a_rating_is_shown_and_can_be_taken_back(workspace: Workspace) -> None:
    answer = workspace.ask("What is the turnover?")
    (element,) = next(b for b in answer["blocks"] if b["type"] == "context_actions")["elements"]
    thumb = {"type": "feedback_buttons", "action_id": "thumb", "value": element["negative_button"]["value"]}
    workspace.press(answer, thumb)
    workspace.slack.responses.get(timeout=20)
    view = at_home(workspace)
    assert ":thumbsdown: What is the turnover?" in str(view["blocks"])
    assert "thumbsdown" not in str(at_home(workspace, ANA)["blocks"])
    rated = [b["accessory"]["value"] for b in view["blocks"] if b.get("accessory", {}).get("action_id") == "unrate"]
    after = press(workspace, view, "unrate")
    assert rated[0] not in str(after["blocks"])
    assert all(other in str(after["blocks"]) for other in rated[1:])


def test_a_digest_is_wanted_and_stopped_with_a_button(workspace: Workspace) -> None:
    view = at_home(workspace)
    assert "You don't get it." in str(view["blocks"])
    wanted = press(workspace, view, "digest")
    assert "You don't get it." not in str(wanted["blocks"])
    assert "You don't get it." in str(press(workspace, wanted, "digest")["blocks"])


def test_each_is_told_once_a_day_from_eight_on_where_they_are(tmp_path: Path) -> None:
    digests, oslo, lima = Digests(tmp_path / "digests.sqlite"), Spot("T1", "UO", "UO"), Spot("T1", "UL", "UL")
    with time_machine.travel("2024-06-10T12:00:00+00:00", tick=False):
        digests.want(oslo, "Europe/Oslo")
        digests.want(lima, "America/Lima")
    at = [
        digests.due(datetime(2024, 6, day, hour, tzinfo=UTC))
        for day, hour in [(10, 20), (11, 5), (11, 6), (11, 7), (11, 12), (11, 13), (12, 6)]
    ]
    assert at == [[], [], [oslo], [], [], [lima], [oslo]]
    digests.stop(oslo)
    assert digests.due(datetime(2024, 6, 13, 7, tzinfo=UTC)) == []


async def test_a_digest_is_a_direct_message_of_what_they_may_see(workspace: Workspace, tmp_path: Path) -> None:
    talk = Talk(workspace.place, ShownAnswers(tmp_path / "shown.sqlite"), Deliveries(tmp_path / "taken.sqlite"))
    client = workspace.slack.client
    client.token = BOT
    await tell(workspace.place, talk, client, Spot("T1", STRANGER, STRANGER))
    await tell(workspace.place, talk, client, Spot("T1", ANA, ANA))
    sent = workspace.slack.next("chat.postMessage")
    assert sent["channel"] == ANA
    assert "nusual in" in sent["text"]
    log = [(e.person, e.deed) for e in workspace.place.desk.audit.entries()]
    assert ("ana", "looked for insights") in log
