"""Webhooks over the API: where events are sent, and what became of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from assistant.channels.api import problems
from assistant.channels.entrance import Entrance, needs
from assistant.desk import Desk
from assistant.people.door import Asker
from assistant.webhooks.address import BadAddress, checked
from assistant.webhooks.hooks import Hook, Hooks

HookId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
_MOST = 20


class HookWish(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://example.com/parley", "events": ["refresh.failed", "alert.raised"]}]
        },
    )

    url: str = Field(max_length=2_000, description="Starts with https://.")
    events: list[Literal["answer.given", "refresh.finished", "refresh.failed", "alert.raised"]] = Field(
        min_length=1, max_length=10, description="`answer.given` is of your own questions alone."
    )


class HookBody(BaseModel):
    id: str
    url: str
    events: list[str]
    made_at: str
    off: str | None = Field(None, description="Why nothing is sent to it any more.")


class NewHook(HookBody):
    secret: str = Field(description="To verify signatures with (standardwebhooks.com). It is not shown again.")


class DeliveryBody(BaseModel):
    id: str = Field(description="The header `webhook-id`.")
    event: str
    made_at: str
    tries: int
    status: Literal["waiting", "delivered", "given_up"]
    said: str = Field(description="What came of the last try.")


def routes(desk: Desk, entrance: Entrance, hooks: Hooks, *, inside: bool) -> APIRouter:
    """`inside`: webhooks may go to this network's own machines, too."""
    router = APIRouter(prefix="/webhooks", tags=["webhooks"])
    allowed = needs(entrance, "webhooks")

    async def own(hook: str, asker: Asker) -> Hook:
        found = await run_in_threadpool(hooks.find, hook, asker.person)
        if found is None:
            raise HTTPException(404, "There is no such webhook of yours.")
        return found

    @router.post("", status_code=201, operation_id="addWebhook")
    async def add(body: HookWish, asker: Asker = allowed) -> NewHook:
        """Have your events sent to an address: signed, and tried again for 19 hours until it answers with 2xx."""
        try:
            url = await run_in_threadpool(checked, body.url, inside=inside)
        except BadAddress as error:
            raise HTTPException(422, str(error)) from error
        if len(await run_in_threadpool(hooks.all, asker.person)) >= _MOST:
            raise HTTPException(422, f"You have {_MOST} webhooks, which is the most. Remove one first.")
        made = await run_in_threadpool(hooks.add, asker.person, url, set(body.events))
        desk.write(asker, "webhook added", url=url, events=body.events)
        return NewHook.model_validate(made, from_attributes=True)

    @router.get("", operation_id="listWebhooks")
    async def listed(asker: Asker = allowed) -> list[HookBody]:
        """Your webhooks."""
        found = await run_in_threadpool(hooks.all, asker.person)
        return [HookBody.model_validate(hook, from_attributes=True) for hook in found]

    @router.delete("/{hook}", status_code=204, operation_id="removeWebhook", responses=problems.response(404))
    async def remove(hook: HookId, asker: Asker = allowed) -> Response:
        """Have nothing sent to it any more."""
        found = await own(hook, asker)
        await run_in_threadpool(hooks.remove, found)
        desk.write(asker, "webhook removed", url=found.url)
        return Response(status_code=204)

    @router.post("/{hook}/test", status_code=202, operation_id="testWebhook", responses=problems.response(404))
    async def test(hook: HookId, asker: Asker = allowed) -> Response:
        """Have an event `webhook.tested` sent to it."""
        found = await own(hook, asker)
        await run_in_threadpool(hooks.send, found, "webhook.tested", {})
        return Response(status_code=202)

    @router.get("/{hook}/deliveries", operation_id="listDeliveries", responses=problems.response(404))
    async def deliveries(hook: HookId, asker: Asker = allowed) -> list[DeliveryBody]:
        """What was sent to it lately, newest first: of the last week, at most 100."""
        found = await run_in_threadpool(hooks.deliveries, await own(hook, asker), 100)
        return [
            DeliveryBody(id=d.id, event=d.event, made_at=datetime.fromtimestamp(d.made_at, UTC).isoformat(),
                         tries=d.tries, status=d.status, said=d.said)  # type: ignore[arg-type]
            for d in found
        ]  # fmt: skip

    return router
