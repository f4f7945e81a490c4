"""A file that is sent twice with one Idempotency-Key is taken once, though its form is never the same bytes twice."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.api.idempotency import Mark
from tests.assistant.api.conftest import Shop

API = "/api/v1"
ROWS = b"ore,grade\nAurum,7\nPyrit,9\n"


def upload(shop: Shop, content: bytes, key: str, conversation: str) -> tuple[int, dict[str, object], bool]:
    sent = shop.client("boss").post(
        f"{API}/conversations/{conversation}/files",
        files={"file": ("ores.csv", content)},
        headers={"Idempotency-Key": key},
    )
    return sent.status_code, sent.json(), sent.headers.get("idempotent-replayed") == "true"


def test_a_file_sent_again_is_the_first_one(shop: Shop) -> None:
    key, conversation = str(uuid4()), uuid4().hex
    status, first, replayed = upload(shop, ROWS, key, conversation)
    assert (status, replayed) == (201, False), first
    assert upload(shop, ROWS, key, conversation) == (201, first, True)
    tables = first["tables"]
    assert isinstance(tables, list)
    assert len(tables) == 1, "a second file would have made two"
    assert upload(shop, ROWS + b"Cuprum,3\n", key, conversation)[0] == 422
    assert upload(shop, ROWS, key, uuid4().hex)[0] == 422, "another conversation is another request"
    other = upload(shop, ROWS, str(uuid4()), conversation)[1]
    assert len(other["tables"]) == 2  # type: ignore[arg-type]


def test_a_file_that_can_not_be_held_in_memory_is_compared_too(shop: Shop) -> None:
    large = b"n,text\n" + b"".join(b"%d,%s\n" % (n, b"x" * 90) for n in range(40_000))
    key, conversation = str(uuid4()), uuid4().hex
    status, first, _ = upload(shop, large, key, conversation)
    assert status == 201
    assert first["tables"][0]["rows"] == 40_000  # type: ignore[index]
    assert upload(shop, large, key, conversation) == (201, first, True)
    assert upload(shop, large[:-2] + b"y\n", key, conversation)[0] == 422


BOUNDARIES = st.text("abcXYZ019-_", min_size=1, max_size=12).map(str.encode)
PARTS = st.lists(st.text("hij \r\n", max_size=40).map(str.encode), min_size=2, max_size=4)
"""Without a boundary in them, which no client sends."""


def marked(parts: list[bytes], boundary: bytes, cuts: list[int]) -> bytes:
    mark = Mark(b"multipart/form-data; boundary=" + boundary)
    body = boundary.join(parts)
    places = sorted({min(cut, len(body)) for cut in cuts})
    for start, end in zip([0, *places], [*places, len(body)], strict=True):
        mark.add(body[start:end])
    return mark.digest()


@given(
    PARTS, BOUNDARIES, BOUNDARIES, st.lists(st.integers(0, 200), max_size=5), st.lists(st.integers(0, 200), max_size=5)
)
def test_a_form_is_the_same_whatever_its_boundary_and_however_it_is_cut(
    parts: list[bytes], one: bytes, other: bytes, cuts: list[int], others: list[int]
) -> None:
    assert marked(parts, one, cuts) == marked(parts, other, others)


@given(PARTS, PARTS, BOUNDARIES)
def test_another_form_is_another(parts: list[bytes], others: list[bytes], boundary: bytes) -> None:
    assert (marked(parts, boundary, []) == marked(others, boundary, [])) == (parts == others)
