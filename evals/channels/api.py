"""Asking over the API: plain, as a stream, by GraphQL, and by MCP."""

from __future__ import annotations

import itertools
import json
import re
import uuid
from typing import Any

from evals.channels.reached import NoAnswer, Reached
from evals.channels.said import Meant, Said

_OF_ROWS = re.compile(r"\d+ rows|The first \d+ rows")
"""What is said of the rows that follow."""
_calls = itertools.count(1)


class Api:
    """A conversation over `POST /api/v1/ask`. Its answers are what the other channels are compared with."""

    name = "API"

    def __init__(self, world: Reached):
        self._world, self._conversation = world, uuid.uuid4().hex

    async def begin(self) -> None:
        pass

    async def body(self, question: str) -> dict[str, Any]:
        return await self._world.post_json(
            "/api/v1/ask", {"question": question, "conversation": self._conversation}
        )  # fmt: skip

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        body = await self.body(question)
        return Said(body["text"], body.get("rows", []))

    async def end(self) -> None:
        pass


class Stream(Api):
    """The same, as server-sent events. Raises NoAnswer where the pieces are not the answer's text."""

    name = "API, stream"

    async def body(self, question: str) -> dict[str, Any]:
        asked = {"question": question, "conversation": self._conversation}
        headers = self._world.authorized | {"Accept": "text/event-stream"}
        async with self._world.http.post(self._world.at("/api/v1/ask"), json=asked, headers=headers) as reply:
            events = [event.split("\n", 1) for event in (await reply.text()).strip().split("\n\n")]
        read = [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]
        (answer,) = [data for name, data in read if name == "answer"]
        if "".join(data["text"] for name, data in read if name == "token").strip() != answer["text"].strip():
            raise NoAnswer("the pieces are not the text")
        made: dict[str, Any] = answer
        return made


class GraphQl:
    """The Request that an answer came of, run by GraphQL; answers of other tools are not asked."""

    name = "GraphQL"

    def __init__(self, world: Reached):
        self._world = world

    async def begin(self) -> None:
        pass

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        if meant is None or meant.request is None or meant.outcome != "answered":
            return None
        query = "query ($request: JSON!) { query(request: $request) { values } }"
        body = {"query": query, "variables": {"request": meant.request}}
        reply = await self._world.post_json("/api/v1/graphql", body)
        if reply["errors"]:
            raise NoAnswer(str(reply["errors"]))
        return Said(None, reply["data"]["query"]["values"])

    async def end(self) -> None:
        pass


class Mcp:
    """The tool `ask`, over streamable HTTP."""

    name = "MCP"

    def __init__(self, world: Reached):
        self._world, self._conversation = world, uuid.uuid4().hex

    async def begin(self) -> None:
        pass

    async def ask(self, question: str, meant: Meant | None = None) -> Said | None:
        arguments = {"question": question, "conversation": self._conversation}
        called = {"name": "ask", "arguments": arguments}
        reply = await self._world.post_json(
            "/mcp", {"jsonrpc": "2.0", "id": next(_calls), "method": "tools/call", "params": called},
            Accept="application/json, text/event-stream",
        )  # fmt: skip
        if "error" in reply or reply["result"].get("isError"):
            raise NoAnswer(str(reply))
        text, _, data = reply["result"]["content"][0]["text"].partition("<data>\n")
        rows, _, notes = data.partition("</data>")
        words = [line for line in (text + notes).splitlines() if not _OF_ROWS.match(line)]
        return Said("\n".join(words), [json.loads(row) for row in rows.splitlines()] if data else None)

    async def end(self) -> None:
        pass
