"""What of a conversation may be sent to a language model. (What of a result may: tools/shown.py.)"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

_ANSWER = "(The answer was shown to the person.)"
_VALUE = "…"


def sendable(history: Sequence[BaseMessage], egress: Literal["schema", "aggregates", "rows"]) -> list[BaseMessage]:
    """A conversation as an LLM may read it. Earlier answers state figures and name records: they go only where records
    may. Where only the schema may go, neither do values that the people themselves did not write (the embedded analyst
    corrects "brookln" to a stored "Brooklyn")."""
    if egress == "rows":
        return list(history)
    written = " ".join(str(m.text) for m in history if isinstance(m, HumanMessage)).casefold()
    made: list[BaseMessage] = []
    for message in history:
        if not isinstance(message, AIMessage):
            made.append(message)
        elif not message.tool_calls:
            made.append(AIMessage(_ANSWER))
        elif egress == "schema":
            calls = [{**c, "args": {"request": _masked(c["args"].get("request"), written)}} for c in message.tool_calls]
            made.append(AIMessage("", tool_calls=calls))
        else:
            made.append(message)
    return made


def _masked(node: Any, written: str, key: str = "") -> Any:
    """Text values of conditions that nobody wrote, replaced."""
    if isinstance(node, dict):
        return {k: _masked(v, written, k) for k, v in node.items()}
    if isinstance(node, list):
        return [_masked(n, written, key) for n in node]
    return _VALUE if key == "value" and isinstance(node, str) and node.casefold() not in written else node
