"""The light Markdown of an Answer's text, as channels write it that have their own, or none."""

from __future__ import annotations

import re

_BOLD, _CODE = re.compile(r"\*\*(.+?)\*\*"), re.compile(r"`([^`]*)`")


def plain(text: str) -> str:
    """
    >>> plain("**$4.6 million** in `sales`")
    '$4.6 million in sales'
    """
    return _CODE.sub(r"\1", _BOLD.sub(r"\1", text)).replace("**", "")


def starred(text: str) -> str:
    """With *one star* for bold, as WhatsApp and Slack have it.

    >>> starred("**$4.6 million** in `sales`")
    '*$4.6 million* in `sales`'
    """
    return _BOLD.sub(r"*\1*", text).replace("**", "")
