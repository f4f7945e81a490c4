"""Pages of long lists: newest or first things first, and a cursor to go on from."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Generic, TypeVar

from fastapi import HTTPException, Query
from pydantic import BaseModel, Field

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=100, description="Items a page.")]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    items: list[Item]
    next: str | None = Field(None, description="The cursor of the next page; null on the last one.")


def after(cursor: str | None) -> int | None:
    """The number that a cursor stands for. Raises HTTPException for one that is none of ours."""
    if not cursor:
        return None
    try:
        number = int(base64.urlsafe_b64decode(cursor.encode() + b"==").decode())
        if not 0 <= number < 2**62:
            raise ValueError(cursor)
        return number
    except (ValueError, binascii.Error):
        raise HTTPException(422, "That cursor is none of this list. Take `next` of the page before.") from None


def cursor_of(number: int) -> str:
    """
    >>> after(cursor_of(42))
    42
    """
    return base64.urlsafe_b64encode(str(number).encode()).rstrip(b"=").decode()


def page_of(items: list[Item], start: int, limit: int) -> Page[Item]:
    """A page of a list that is at hand, from `start`."""
    more = start + limit < len(items)
    return Page(items=items[start : start + limit], next=cursor_of(start + limit) if more else None)
