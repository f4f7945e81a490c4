"""What webhooks are told of: answers, refreshes, alerts; each to those who may hear of it now."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from assistant.people.door import Asker, Door
from assistant.people.person import Person
from assistant.webhooks.hooks import Event, Hook, Hooks

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.insights import Insights
    from assistant.refreshes import Refresh
    from assistant.session import Session

log = logging.getLogger("parley.webhooks")
_ALERTS = 20
"""That a webhook is sent at a time: the least probable ones."""


class Events:
    """Raises sqlite3.Error."""

    def __init__(self, hooks: Hooks, door: Door):
        self._hooks, self._door = hooks, door

    def answered(self, asker: Asker, question: str, answer: Answer) -> None:
        """Tell the asker's own webhooks of an answer."""
        said = answer.provenance
        data = {"question": question, "channel": asker.channel, "outcome": answer.outcome, "text": answer.text,
                "reading": answer.reading, "sql": said.sql, "rows": said.row_count}  # fmt: skip
        for hook in self._of("answer.given", asker.person):
            self._hooks.send(hook, "answer.given", data)

    def refreshed(self, session: Session, refresh: Refresh) -> None:
        """Tell the workspace's webhooks of a refresh that ended; and of what is unusual in the new data those that wait
        for it, each of what its owner may see."""
        event: Event = "refresh.finished" if refresh.status == "finished" else "refresh.failed"
        data = {k: v for k, v in asdict(refresh).items() if k not in ("n", "workspace") and v not in (None, "")}
        for hook, _ in self._held(event, refresh.workspace):
            self._hooks.send(hook, event, data)
        if refresh.status == "finished":
            for person in {person.id: person for _, person in self._held("alert.raised", refresh.workspace)}.values():
                self._look(session, person)

    def found(self, person: Person, insights: Insights) -> None:
        """Tell a person's own webhooks of what is unusual; of each thing once."""
        for hook in self._of("alert.raised", person):
            for insight in [i for i in insights.found[:_ALERTS] if self._hooks.first(hook, i.mark)]:
                said = asdict(insight) | {"request": insight.request.model_dump(mode="json")}
                self._hooks.send(hook, "alert.raised", said)

    def _look(self, session: Session, person: Person) -> None:
        from assistant.insights import insights

        try:
            self.found(person, insights(session.view(person.viewer), session.limits))
        except Exception as error:  # no figure has a time, say: a refresh has not failed for that
            log.warning("no alerts for %s: %s", person.name, error)

    def _of(self, event: Event, person: Person) -> list[Hook]:
        return [hook for hook in self._hooks.waiting(event, person.workspace) if hook.person == person.id]

    def _held(self, event: Event, workspace: str) -> list[tuple[Hook, Person]]:
        """The webhooks whose owners may still have some, with them."""
        held: list[tuple[Hook, Any]] = [
            (hook, self._door.holder(hook.person, workspace)) for hook in self._hooks.waiting(event, workspace)
        ]
        return [(hook, person) for hook, person in held if person is not None and "webhooks" in person.scopes]
