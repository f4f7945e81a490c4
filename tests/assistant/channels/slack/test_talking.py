"""Talking in Slack, which is a loopback server."""

from __future__ import annotations

import queue
import re
from pathlib import Path
from typing import Any

import pytest

from assistant.channels.deliveries import Deliveries
from assistant.channels.slack.shown import ShownAnswers
from assistant.channels.slack.talk import Spot, Talk
from evals.channels.slack_server import BOT
from tests.assistant.channels.slack.conftest import ANA, BOSS, STRANGER, Workspace


def found(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The blocks of this kind."""
    return [block for block in message["blocks"] if block["type"] == kind]


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for block in found(message, "actions") for element in block["elements"]]


def test_a_mention_is_answered_in_its_thread_with_what_the_person_may_see(workspace: Workspace) -> None:
    answer = workspace.ask("What is the turnover?", BOSS, "1700000000.000100")
    assert (answer["channel"], answer["thread_ts"]) == ("C1", "1700000000.000100")
    assert answer["text"] == "Turnover: 108."
    assert found(answer, "section")[0]["text"]["text"] == "Turnover: *108*."
    assert workspace.ask("What is the turnover?", ANA)["text"] == "Turnover: 49."


def test_an_answer_shows_its_reading_its_table_and_what_to_ask_next(workspace: Workspace) -> None:
    answer = workspace.ask("turnover by city")
    (table,) = found(answer, "table")
    assert [cell["text"] for cell in table["rows"][0]] == ["City", "turnover"]
    assert len(table["rows"]) == 5
    assert table["column_settings"][1]["align"] == "right"
    assert any(e["text"].startswith("Read as: ") for e in found(answer, "context")[0]["elements"])
    assert {b["action_id"] for b in buttons(answer)} >= {"ask:0", "sql"}
    assert found(answer, "context_actions")


def test_a_chart_and_a_long_table_are_files_of_the_thread(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.channels.slack.blocks.SHOWN_ROWS", 10)
    answer = workspace.ask("turnover by note", thread="1700000000.000100")
    done = workspace.slack.next("files.completeUploadExternal")
    assert (done["channel_id"], done["thread_ts"]) == ("C1", "1700000000.000100")
    assert workspace.slack.uploads["chart.png"].startswith(b"\x89PNG")
    lines = workspace.slack.uploads["table.csv"].decode("utf-8-sig").splitlines()
    assert (len(found(answer, "table")[0]["rows"]), len(lines)) == (11, 21)


def test_figures_are_written_as_the_person_writes_them(workspace: Workspace) -> None:
    workspace.slack.people[BOSS] = {"tz": "Europe/Berlin", "locale": "de-DE"}
    answer = workspace.ask("average turnover by shop")
    assert re.search(r"\d,\d", answer["text"])
    (table,) = found(answer, "table")
    assert re.fullmatch(r"\d+(,\d+)?", table["rows"][1][1]["text"])
    assert re.search(r"\d\.\d", workspace.ask("average turnover by shop", ANA)["text"])


async def test_slack_is_asked_once_where_a_person_is(workspace: Workspace, tmp_path: Path) -> None:
    workspace.slack.people[BOSS] = {"tz": "Asia/Kathmandu", "locale": "xx"}
    talk = Talk(workspace.place, ShownAnswers(tmp_path / "shown.sqlite"), Deliveries(tmp_path / "taken.sqlite"))
    client = workspace.slack.client
    client.token = BOT
    for _ in range(2):
        asker = await talk.asker(Spot("T1", BOSS, "C1"), client)
        assert asker is not None
        assert (asker.time_zone, asker.locale) == ("Asia/Kathmandu", None)
    assert [call.method for call in workspace.slack.calls.queue] == ["users.info"]
    workspace.slack.troubles.append(("users.info", "missing_scope"))
    unknown = await talk.asker(Spot("T1", ANA, "C1"), client)
    assert unknown is not None
    assert unknown.time_zone is None


def test_a_thread_is_a_conversation(workspace: Workspace) -> None:
    workspace.ask("turnover by city", thread="1700000000.000100")
    followed = workspace.ask("only Oslo", thread="1700000000.000100")
    assert "Oslo" in followed["text"]
    assert "Bari" not in str(followed["blocks"])


def test_a_direct_message_needs_no_mention(workspace: Workspace) -> None:
    workspace.event(type="message", channel_type="im", channel="D1", text="What is the turnover?", ts="1.1")
    assert workspace.slack.next("chat.postMessage")["text"] == "Turnover: 108."
    for ignored in ({"subtype": "message_changed"}, {"bot_id": "B9"}, {"channel_type": "channel"}):
        said = {"channel_type": "im", "channel": "D1", "text": "What is the turnover?", "ts": "1.2"}
        workspace.event(type="message", **said | ignored)
    with pytest.raises(queue.Empty):
        workspace.slack.next("chat.postMessage", timeout_s=2)


def test_the_assistant_pane_has_prompts_a_status_and_a_title(workspace: Workspace) -> None:
    thread = {"user_id": BOSS, "channel_id": "D1", "thread_ts": "1.5", "context": {}}
    workspace.event(type="assistant_thread_started", assistant_thread=thread)
    prompts = workspace.slack.next("assistant.threads.setSuggestedPrompts")["prompts"]
    assert {"title": "What is the turnover?", "message": "What is the turnover?"} in prompts
    workspace.event(type="message", channel_type="im", channel="D1", text="turnover by city", ts="1.6", thread_ts="1.5")
    assert workspace.slack.next("assistant.threads.setStatus")["status"] == "is thinking…"
    assert workspace.slack.next("chat.postMessage")["thread_ts"] == "1.5"
    assert workspace.slack.next("assistant.threads.setTitle")["title"] == "turnover by city"


def test_a_button_asks_the_next_question_aloud(workspace: Workspace) -> None:
    answer = workspace.ask("turnover by city", thread="1700000000.000100")
    follow_up = next(b for b in buttons(answer) if b["action_id"] == "ask:0")
    assert workspace.press(answer, follow_up, ANA).status_code == 200
    aloud = workspace.slack.next("chat.postMessage")
    assert aloud["text"] == f"<@{ANA}> asks: {follow_up['value']}"
    assert workspace.slack.next("chat.postMessage")["thread_ts"] == "1700000000.000100"


def test_the_sql_is_in_a_modal_for_those_who_may_ask(workspace: Workspace) -> None:
    answer = workspace.ask("What is the turnover?")
    button = next(b for b in buttons(answer) if b["action_id"] == "sql")
    workspace.press(answer, button, STRANGER)
    workspace.press(answer, button | {"value": "made up"}, BOSS)
    workspace.press(answer, button, BOSS)
    modal = workspace.slack.next("views.open")["view"]
    assert "SUM" in str(modal["blocks"])
    with pytest.raises(queue.Empty):
        workspace.slack.next("views.open", timeout_s=1)


def test_thumbs_are_kept(workspace: Workspace) -> None:
    answer = workspace.ask("What is the turnover?")
    (element,) = found(answer, "context_actions")[0]["elements"]
    workspace.press(
        answer, {"type": "feedback_buttons", "action_id": "thumb", "value": element["negative_button"]["value"]}
    )
    assert workspace.slack.responses.get(timeout=20)["text"].startswith("Thanks")


def test_the_command_answers_the_asker_alone(workspace: Workspace) -> None:
    assert workspace.command("What is the turnover?", ANA).text == ""
    answer = workspace.slack.responses.get(timeout=20)
    assert answer["text"] == "Turnover: 49."
    assert "problem" not in answer
    workspace.command("help")
    assert workspace.slack.responses.get(timeout=20)["text"].startswith("Ask about your data")


def test_the_shortcut_asks_what_a_message_says(workspace: Workspace) -> None:
    message = {"type": "message", "text": "What is the turnover?", "ts": "1.7", "user": ANA}
    shortcut = {"type": "message_action", "callback_id": "ask_about", "message": message, "channel": {"id": "C1"}}
    workspace.interact(BOSS, **shortcut)
    answer = workspace.slack.next("chat.postMessage")
    assert (answer["thread_ts"], answer["text"]) == ("1.7", "Turnover: 108.")


def test_the_home_tab_says_what_there_is_to_ask(workspace: Workspace) -> None:
    workspace.event(BOSS, type="app_home_opened", tab="home", channel="D1")
    view = workspace.slack.next("views.publish")["view"]
    assert "turnover" in str(view["blocks"])
    ask = next(e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"])
    home = {"type": "view", "view_id": "V1"}
    workspace.interact(
        BOSS, type="block_actions", actions=[ask | {"block_id": "b", "action_ts": "1"}], view=view, container=home
    )
    assert workspace.slack.next("chat.postMessage")["channel"] == f"D{BOSS}"
    workspace.event(STRANGER, type="app_home_opened", tab="home", channel="D1")
    assert "don't know you" in str(workspace.slack.next("views.publish")["view"])


def test_a_stranger_gets_no_figure_until_they_are_linked(workspace: Workspace) -> None:
    workspace.mention("What is the turnover?", STRANGER)
    told = workspace.slack.next("chat.postEphemeral")
    assert told["user"] == STRANGER
    assert "don't know you" in told["text"]
    code = workspace.place.door.identities.code(workspace.place.door.directory.named("sam"), "slack")
    workspace.command(f"link {code}", STRANGER)
    assert workspace.slack.responses.get(timeout=20)["text"].startswith("Hello sam.")
    assert workspace.ask("What is the turnover?", STRANGER)["text"] == "Turnover: 25."


def test_a_busy_slack_is_waited_for(workspace: Workspace) -> None:
    workspace.slack.troubles[:] = [("chat.postMessage", "ratelimited")] * 2
    assert workspace.ask("What is the turnover?")["text"] == "Turnover: 108."


def test_an_answer_whose_blocks_are_refused_is_a_text(workspace: Workspace) -> None:
    workspace.slack.troubles[:] = [("chat.postMessage", "invalid_blocks")]
    answer = workspace.ask("What is the turnover?")
    assert answer["text"] == "Turnover: 108."
    assert "blocks" not in answer
