"""The API as one FastAPI app, which the server mounts at /api/v1; its description is at /api/v1/openapi.json."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI

from assistant.channels.api import (
    account,
    analyses,
    answers,
    ask,
    conversations,
    graphql,
    insights,
    model,
    problems,
    query,
    refreshes,
    webhooks,
)
from assistant.channels.api.idempotency import Idempotency
from assistant.channels.api.kept import KeptAnswers
from assistant.channels.entrance import Entrance
from assistant.desk import Desk
from assistant.webhooks.hooks import Hooks

VERSION = "1.0.0"
_DESCRIPTION = """Ask a business's data in plain words, or with a Request over its metrics and dimensions.

Every request carries `Authorization: Bearer …` with an API key (`parley keys create NAME`) or a token (`POST /token`).
What you see is what the policies of the data let you see. A `POST` with an `Idempotency-Key` is done once, however
often it is sent. Lists come in pages: give `next` as `cursor`. Errors are `application/problem+json`."""


def create_api(desk: Desk, entrance: Entrance, hooks: Hooks, state: Path, *, inside: bool) -> FastAPI:
    """`state` is the folder where answers are kept. `inside`: webhooks may go to this network's machines, too."""
    kept = KeptAnswers(state / "answers.sqlite")
    app = FastAPI(
        title="Parley", version=VERSION, description=_DESCRIPTION, docs_url=None, redoc_url=None,
        responses=problems.response(400, 401, 403, 422, 429, 500),
    )  # fmt: skip
    problems.handle(app)
    app.include_router(ask.routes(desk, entrance, kept))
    app.include_router(answers.routes(desk, entrance, kept))
    app.include_router(conversations.routes(desk, entrance, kept))
    app.include_router(model.routes(desk, entrance))
    app.include_router(query.routes(desk, entrance))
    app.include_router(analyses.routes(desk, entrance))
    app.include_router(insights.routes(desk, entrance))
    app.include_router(graphql.routes(desk, entrance))
    app.include_router(refreshes.routes(desk, entrance))
    app.include_router(account.routes(desk, entrance))
    app.include_router(webhooks.routes(desk, entrance, hooks, inside=inside))
    app.add_middleware(Idempotency, path=state / "idempotency.sqlite")
    plain = app.openapi

    def described() -> dict[str, Any]:
        """FastAPI describes what it can tell; the form of problems is ours."""
        made = plain()
        made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = problems.Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        made["components"]["schemas"]["Mistake"] = problems.Mistake.model_json_schema()
        made["components"]["schemas"]["Problem"].pop("$defs", None)
        made["servers"] = [{"url": "/api/v1"}]
        return made

    app.openapi = described  # type: ignore[method-assign]
    app.state.kept = kept
    return app
