"""MCP, spoken by the protocol's own client, over HTTP and over stdio; on the chain of shops."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamablehttp_client

from tests.assistant.api.conftest import Shop

_START = "import sys; from assistant.cli import main; sys.argv[0] = 'parley'; main()"


async def over_http(stack: AsyncExitStack, shop: Shop, person: str) -> ClientSession:
    headers = {"Authorization": f"Bearer {shop.keys[person]}"}
    read, write, _ = await stack.enter_async_context(streamablehttp_client(f"{shop.url}/mcp", headers=headers))
    session = await stack.enter_async_context(ClientSession(read, write))
    await session.initialize()
    return session


def text(result: Any) -> str:
    return "\n".join(part.text for part in result.content)


async def test_another_assistant_asks_and_sees_its_persons_part(shop: Shop) -> None:
    async with AsyncExitStack() as stack:
        ana = await over_http(stack, shop, "ana")
        said = text(await ana.call_tool("ask", {"question": "turnover by city", "conversation": "c"}))
        assert "Umea" in said
        assert "Rome" not in said
        assert "Rome" not in text(await ana.call_tool("describe", {"words": "Rome"}))
        assert [tool.name for tool in (await ana.list_tools()).tools] == ["ask", "describe"], (
            "a viewer composes nothing"
        )
        refused = await ana.call_tool("sql", {"statement": "SELECT 1 AS one FROM sales"})
        assert refused.isError


async def test_an_analyst_has_the_same_tools_as_the_language_model(shop: Shop) -> None:
    request = {"columns": [{"kind": "measure", "measure": {"kind": "metric", "metric": "turnover"}}]}
    async with AsyncExitStack() as stack:
        ida = await over_http(stack, shop, "ida")
        tools = {tool.name: tool for tool in (await ida.list_tools()).tools}
        assert {"ask", "query", "sql", "describe", "forecast", "anomalies", "explain", "insights", "refresh"} <= set(
            tools
        )
        assert "request" in tools["query"].inputSchema["properties"]
        assert "74" in text(await ida.call_tool("query", {"request": request, "reading": "turnover"}))
        looked = await ida.call_tool("insights", {"window": "January 2024"})
        assert not looked.isError
        assert "Bari" not in text(looked)
        assert "read anew" in text(await ida.call_tool("refresh", {}))
        assert "There is no table" in text(await ida.call_tool("sql", {"statement": "SELECT pin FROM vault"}))


@pytest.mark.parametrize("key", ["", "parley_000000000000_" + "A" * 43])
def test_a_stranger_is_refused(shop: Shop, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    assert httpx.post(f"{shop.url}/mcp", json={}, headers=headers, timeout=30).status_code == 401


async def test_over_stdio_it_serves_the_machines_owner_or_one_person(shop: Shop) -> None:
    folder = shop.state.parent
    arguments = ["-c", _START, "mcp", "--db", str(folder / "whole.duckdb"), "--model", str(folder / "model.yaml")]
    server = StdioServerParameters(
        command=sys.executable, args=[*arguments, "--as", "sam"], env={"PARLEY_STATE_DIR": str(shop.state)}
    )
    async with stdio_client(server) as (read, write), ClientSession(read, write) as sam:
        await sam.initialize()
        assert "Rome" in text(await sam.call_tool("ask", {"question": "turnover by city"}))
