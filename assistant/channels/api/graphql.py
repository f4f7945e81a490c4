"""GraphQL: the semantic model, queries and analyses of it, at POST /api/v1/graphql. Introspection tells the schema."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.people.limits import TooOften

if TYPE_CHECKING:
    import strawberry

_DEEPEST, _TOKENS, _ALIASES = 12, 2_000, 10
_SECONDS = 60.0


class GraphQLRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"query": "query ($by: [By!]) { rows(metrics: [\"net_sales\"], by: $by, limit: 5) { columns { label } "
                          "values } }", "variables": {"by": [{"field": "stores.city"}]}}
            ]
        },
    )  # fmt: skip

    query: str = Field(min_length=1, max_length=20_000)
    variables: dict[str, Any] | None = None
    operationName: str | None = Field(None, max_length=200)


class GraphQLResponse(BaseModel):
    data: dict[str, Any] | None = None
    errors: list[dict[str, Any]] | None = None


def routes(desk: Desk, entrance: Entrance) -> APIRouter:
    router = APIRouter(tags=["queries"])
    allowed = needs(entrance, "query")

    @router.post("/graphql", operation_id="graphql", responses=problems.response(504))
    async def graphql(body: GraphQLRequest, asker: Asker = allowed) -> GraphQLResponse:
        """Ask for just the parts of the model, and of results, that you want. Errors come in `errors`, with status 200,
        as GraphQL has it."""
        schema = await asyncio.to_thread(schema_of)
        result = await asyncio.wait_for(
            schema.execute(
                body.query, variable_values=body.variables, operation_name=body.operationName,
                context_value={"desk": desk, "asker": asker},
            ),
            _SECONDS,
        )  # fmt: skip
        return GraphQLResponse(data=result.data, errors=[dict(e.formatted) for e in result.errors or []] or None)

    return router


@cache
def schema_of() -> strawberry.Schema:
    """Made on first use: it takes half a second of imports."""
    import strawberry
    from strawberry.extensions import MaskErrors, MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter

    from assistant.channels.api.graphql_analyses import Mutation
    from assistant.channels.api.graphql_schema import Query

    class Schema(strawberry.Schema):
        def process_errors(self, errors: list[Any], execution_context: Any = None) -> None:
            """The log is for faults of the program, not for queries that can't be served."""
            super().process_errors([e for e in errors if _is_fault(e)], execution_context)

    extensions = [
        lambda: MaskErrors(_is_fault, "Something went wrong here. Send it again, or ask in another way."),
        lambda: QueryDepthLimiter(max_depth=_DEEPEST),
        lambda: MaxTokensLimiter(max_token_count=_TOKENS),
        lambda: MaxAliasesLimiter(max_alias_count=_ALIASES),
    ]
    return Schema(query=Query, mutation=Mutation, extensions=extensions)


def _is_fault(error: Any) -> bool:
    return error.original_error is not None and not isinstance(error.original_error, ValueError | TooOften)
