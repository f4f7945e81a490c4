from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest
from chainlit.types import Feedback, Pagination, ThreadFilter
from chainlit.user import User

from assistant.channels.conversations import Conversations


def said(step_id: str, thread: str, text: str, second: int = 0, kind: str = "user_message") -> dict:
    at = f"2026-01-01T00:00:{second:02}.000000Z"
    return {
        "id": step_id,
        "threadId": thread,
        "type": kind,
        "name": "you",
        "output": text,
        "createdAt": at,
        "tags": None,
    }


def card(element_id: str, thread: str, message: str, **props: object) -> SimpleNamespace:
    body = {
        "id": element_id,
        "threadId": thread,
        "forId": message,
        "type": "custom",
        "name": "AnswerCard",
        "props": props,
    }
    return SimpleNamespace(id=element_id, thread_id=thread, for_id=message, type="custom", to_dict=lambda: body)


async def started(conversations: Conversations, thread: str, question: str, person: str = "ann") -> str:
    user = await conversations.create_user(User(identifier=person))
    await conversations.update_thread(thread, name=question, user_id=user.id)
    await conversations.create_step(said(f"{thread}-q", thread, question))
    return user.id


async def test_a_conversation_comes_back_whole_after_a_restart(conversations: Conversations) -> None:
    await started(conversations, "t1", "Net sales by month")
    await conversations.create_step(said("a1", "t1", "They **rose**.", 1, "assistant_message"))
    await conversations.create_element(card("e1", "t1", "a1", chart={"mark": "line"}, followUps=["Why?"]))
    await conversations.close()

    again = Conversations(conversations.path)
    thread = await again.get_thread("t1")
    await again.close()

    assert thread["name"] == "Net sales by month"
    assert [step["output"] for step in thread["steps"]] == ["Net sales by month", "They **rose**."]
    assert thread["elements"][0]["props"] == {"chart": {"mark": "line"}, "followUps": ["Why?"]}
    assert thread["userIdentifier"] == "ann"


async def test_a_person_sees_only_their_own_conversations_newest_first_page_by_page(
    conversations: Conversations,
) -> None:
    for number in range(5):
        ann = await started(conversations, f"ann{number}", f"question {number}")
    await started(conversations, "bob0", "question of Bob", person="bob")
    await conversations.create_step(said("later", "ann1", "and by region?", 9))  # asked in again: now the newest

    first = await conversations.list_threads(Pagination(first=3), ThreadFilter(userId=ann))
    rest = await conversations.list_threads(
        Pagination(first=3, cursor=first.pageInfo.endCursor), ThreadFilter(userId=ann)
    )

    assert [thread["id"] for thread in first.data] == ["ann1", "ann4", "ann3"]
    assert [thread["id"] for thread in rest.data] == ["ann2", "ann0"]
    assert (first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage) == (True, False)


async def test_search_looks_in_titles_and_texts_and_takes_signs_literally(
    conversations: Conversations,
) -> None:
    ann = await started(conversations, "t1", "Net sales")
    await conversations.create_step(said("a1", "t1", "They grew 12% in March.", 1))
    await started(conversations, "t2", "Baskets")

    async def found(text: str) -> list[str]:
        page = await conversations.list_threads(Pagination(first=9), ThreadFilter(userId=ann, search=text))
        return [thread["id"] for thread in page.data]

    assert await found("net") == ["t1"]
    assert await found("12%") == ["t1"]
    assert await found("%") == ["t1"]  # not a wildcard
    assert await found("tractors") == []


async def test_a_thumb_is_kept_and_can_be_changed_found_and_taken_back(conversations: Conversations) -> None:
    ann = await started(conversations, "t1", "Net sales")
    first = await conversations.upsert_feedback(Feedback(forId="t1-q", value=1))
    second = await conversations.upsert_feedback(Feedback(forId="t1-q", value=0, comment="wrong year"))

    thread = await conversations.get_thread("t1")
    down = await conversations.list_threads(Pagination(first=9), ThreadFilter(userId=ann, feedback=0))
    assert first == second
    assert thread["steps"][0]["feedback"] == {"id": first, "value": 0, "comment": "wrong year", "forId": "t1-q"}
    assert [thread["id"] for thread in down.data] == ["t1"]

    await conversations.delete_feedback(first)
    assert (await conversations.get_thread("t1"))["steps"][0]["feedback"] is None


async def test_what_a_step_becomes_replaces_what_it_was(conversations: Conversations) -> None:
    await started(conversations, "t1", "Net sales")
    await conversations.create_step(said("a1", "t1", "", 1))
    await conversations.update_step(said("a1", "t1", "Net sales were $5.", 1))
    assert [step["output"] for step in (await conversations.get_thread("t1"))["steps"]] == [
        "Net sales",
        "Net sales were $5.",
    ]


async def test_deleting_a_conversation_leaves_nothing_of_it_and_all_of_the_others(conversations: Conversations) -> None:
    for thread in ("gone", "stays"):
        await started(conversations, thread, "Net sales")
        await conversations.create_element(card(f"{thread}-e", thread, f"{thread}-q"))
        await conversations.keep_result(thread, f"{thread}-e", {"title": "", "columns": [], "rows": []})
        await conversations.upsert_feedback(Feedback(forId=f"{thread}-q", value=1))
    await conversations.delete_thread("gone")

    with sqlite3.connect(conversations.path) as raw:
        tables = {
            table: raw.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("threads", "steps", "elements", "results", "feedbacks")
        }
    assert {table: len(rows) for table, rows in tables.items()} == dict.fromkeys(tables, 1)
    assert "gone" not in str(tables)
    assert conversations.forgotten == ["gone"]


async def test_metadata_is_merged_and_nothing_removes_a_key(conversations: Conversations) -> None:
    await conversations.update_thread("t1", metadata={"a": 1, "b": 2})
    await conversations.update_thread("t1", metadata={"b": None, "c": [3]}, tags=["x", "y"])
    thread = await conversations.get_thread("t1")
    assert (thread["metadata"], thread["tags"]) == ({"a": 1, "c": [3]}, ["x", "y"])


async def test_a_result_is_found_only_in_its_own_conversation(conversations: Conversations) -> None:
    table = {"title": "x", "columns": [{"label": "Café", "kind": "text", "unit": None}], "rows": [["é"], [None], [1.5]]}
    await conversations.keep_result("t1", "e1", table)
    assert await conversations.get_result("t1", "e1") == table
    assert await conversations.get_result("t2", "e1") is None


async def test_a_conversation_that_nobody_had_is_none(conversations: Conversations) -> None:
    assert await conversations.get_thread("nothing") is None
    assert await conversations.get_thread_author("nothing") == ""


async def test_what_is_said_while_the_disk_is_full_is_kept_as_soon_as_there_is_space(
    conversations: Conversations,
) -> None:
    ann = await started(conversations, "t1", "Net sales")
    disk = await conversations._open()
    await disk.execute("PRAGMA max_page_count = 1")  # SQLite's own "database or disk is full"
    await conversations.update_thread("t2", name="Baskets", user_id=ann)
    await conversations.create_step(said("t2-q", "t2", "x" * 50_000))
    await conversations.create_step(said("t2-a", "t2", "the answer", 1))
    assert conversations.unkept
    assert ((await conversations.get_thread("t2")) or {"steps": []})["steps"] == []
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await conversations.delete_thread("t1")  # what a person wants gone is not said to be gone

    await disk.execute("PRAGMA max_page_count = 100000")
    thread = await conversations.get_thread("t2")
    assert [step["id"] for step in thread["steps"]] == ["t2-q", "t2-a"]
    assert (thread["name"], thread["userIdentifier"]) == ("Baskets", "ann")
    assert not conversations.unkept
