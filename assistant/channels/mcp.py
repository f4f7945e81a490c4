"""MCP: the same tools for other assistants (Model Context Protocol), over streamable HTTP at /mcp, or over stdio.

What of the data another assistant may read is what a language model may be sent anyway (PARLEY_EGRESS).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.channels.api.problems import problem
from assistant.channels.entrance import Entrance
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.people.person import Scope as Right
from tools.shown import marked

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool
    from mcp.server.lowlevel import Server

_INSTRUCTIONS = """Parley answers questions about one business's data. Call `ask` with a question in plain words; or \
`describe` to learn what there is and `query` for a request of your own. Figures come from the data: state no others."""
_HIDDEN = ("reply",)
"""Tools that only make sense within Parley's own loop."""
_FOR_ALL = ("describe",)
"""Tools that need no more than the scope `ask`."""
_MOST_UNUSUAL = 20
_ASKER = "parley.asker"


def server_for(desk: Desk, asker: Asker | None = None) -> Server[Any, Any]:
    """An MCP server whose tools see what the asker may see: `asker`, or whoever the HTTP request is from."""
    from mcp import types
    from mcp.server.lowlevel import Server

    server: Server[Any, Any] = Server("parley", instructions=_INSTRUCTIONS)

    def who() -> Asker:
        return asker or server.request_context.request.scope[_ASKER]  # type: ignore[union-attr]

    @server.list_tools()
    async def offered() -> list[types.Tool]:
        from tools import as_function

        by = who()
        functions = [as_function(tool)["function"] for tool in await _tools(desk, by)]
        own = [known for scope, known in _own_tools(types).values() if scope in by.scopes]
        return [*own, *(
            types.Tool(name=f["name"], description=f["description"], inputSchema=f["parameters"]) for f in functions
        )]  # fmt: skip

    @server.call_tool(validate_input=False)
    async def called(name: str, arguments: dict[str, Any]) -> list[types.TextContent]:
        by = who()
        scope, _ = _own_tools(types).get(name, (None, None))
        if scope is not None and scope in by.scopes:
            text = await _done(desk, by, name, arguments)
        else:
            known = {tool.name: tool for tool in await _tools(desk, by)}
            if name not in known:
                raise ValueError(f"There is no tool {name!r} for you. `list_tools` says which there are.")
            desk.count(by)
            text = str(await asyncio.to_thread(known[name].invoke, arguments))
            desk.write(by, "called a tool", tool=name, arguments=arguments, sent_to="an MCP client")
        return [types.TextContent(type="text", text=text)]

    return server


def _own_tools(types: Any) -> dict[str, tuple[Right, Any]]:
    """Those that no language model of ours has, by name, with the scope that each needs."""
    words = {"type": "string", "description": "In plain words: top 5 categories by net sales last month"}
    talk = {"type": "string", "description": "A name of your choice; follow-ups give the same."}
    time = {"type": "string", "description": "The time to look at: last week; else the last 7 days of data."}
    asked = {"type": "object", "properties": {"question": words, "conversation": talk}, "required": ["question"]}
    looked = {"type": "object", "properties": {"window": time}}
    made: list[tuple[Right, str, str, dict[str, Any]]] = [
        ("ask", "ask", "Ask a question about the business's data.", asked),
        ("query", "insights", "Look at every figure for what is unusual. It takes up to half a minute.", looked),
        ("refresh", "refresh", "Begin to read the data from its source anew.", {"type": "object", "properties": {}}),
    ]
    return {name: (scope, types.Tool(name=name, description=said, inputSchema=s)) for scope, name, said, s in made}


async def _done(desk: Desk, asker: Asker, name: str, arguments: dict[str, Any]) -> str:
    """What one of our own tools says."""
    if name == "insights":
        return await _unusual(desk, asker, str(arguments.get("window") or "") or None)
    if name == "refresh":
        begun = await desk.refresh(asker)
        return f"The data is being read anew since {begun.started_at}. Questions are answered meanwhile."
    return await _asked(desk, asker, str(arguments.get("question", "")), str(arguments.get("conversation", "")))


async def _unusual(desk: Desk, asker: Asker, window: str | None) -> str:
    """What is unusual, where another assistant may read figures of groups."""
    found = await desk.insights(asker, window)
    session = await desk.session(asker)
    if session.settings.egress == "schema":
        return f"{len(found.found)} unusual things were found in {found.period}; what they are stays on this machine."
    if not found.found:
        return f"Nothing unusual in {found.period}: {found.looked_at} figures were looked at."
    return marked("\n".join(insight.text for insight in found.found[:_MOST_UNUSUAL]))


async def _tools(desk: Desk, asker: Asker) -> list[BaseTool]:
    """Those that the asker may use, over the data as they see it."""
    from tools import Limits, load_tools

    session, workspace = await desk.session(asker), await desk.workspace(asker)
    settings = session.settings
    limits = Limits(settings.max_rows, settings.query_timeout, settings.egress, settings.locale)
    made = await asyncio.to_thread(load_tools, workspace, limits)
    return [t for t in made if t.name not in _HIDDEN and (t.name in _FOR_ALL or "query" in asker.scopes)]


async def _asked(desk: Desk, asker: Asker, question: str, conversation: str) -> str:
    """The answer in words, with its rows where another assistant may read them."""
    from tools.shown import may_read, shown

    answer = await desk.ask(asker, question, thread=f"mcp:{asker.person.seat}:{conversation or uuid4().hex}")
    lines = [f"Read as: {answer.reading}"] if answer.reading else []
    if answer.result is None:
        lines = [answer.text, *lines, *(f"Choice: {choice.question}" for choice in answer.choices)]
    else:
        session, workspace = await desk.session(asker), await desk.workspace(asker)
        readable = may_read(answer.result, answer.provenance.request, workspace.model, session.settings.egress)
        lines = [*([answer.text] if readable else []), *lines, shown(answer.result, readable)]
    return "\n".join([*lines, *(f"Note: {caveat}" for caveat in answer.caveats)])


class McpEndpoint:
    """The ASGI app of /mcp. The protocol's package is loaded with the first request."""

    def __init__(self, desk: Desk, entrance: Entrance):
        self._desk, self._entrance = desk, entrance
        self._app: ASGIApp | None = None
        self._starting = asyncio.Lock()
        self._end = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from fastapi import HTTPException

        try:
            asker = await self._entrance.asker(Request(scope, receive))
        except HTTPException as error:
            refusal = problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))
            await refusal(scope, receive, send)
            return
        if "ask" not in asker.scopes:
            await problem(403, "That needs the scope 'ask'.")(scope, receive, send)
            return
        app = await self._started()
        await app({**scope, _ASKER: Asker(asker.person, "mcp", asker.scopes, asker.key)}, receive, send)

    async def _started(self) -> ASGIApp:
        async with self._starting:
            if self._app is None:
                ready: asyncio.Future[ASGIApp] = asyncio.get_running_loop().create_future()
                self._running = asyncio.create_task(self._run(ready))
                self._app = await ready
            return self._app

    async def _run(self, ready: asyncio.Future[ASGIApp]) -> None:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        # Each request stands for itself: who asks is settled anew, and any server of several can answer.
        manager = StreamableHTTPSessionManager(server_for(self._desk), stateless=True, json_response=True)
        async with manager.run():
            ready.set_result(manager.handle_request)
            await self._end.wait()

    async def close(self) -> None:
        self._end.set()
        if self._running is not None:
            await self._running


async def serve_stdio(desk: Desk, asker: Asker) -> None:
    """Speak MCP over standard input and output, until the input ends."""
    from mcp.server.stdio import stdio_server

    server = server_for(desk, asker)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
