from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.uploads import OPEN_AT_ONCE, Uploads, safe_name, together


class Opened:
    """Stands for the data that was opened: it knows its files and whether it was closed."""

    def __init__(self, files: list[Path]):
        self.files, self.closed = [file.name for file in files], False

    def close(self) -> None:
        self.closed = True


def uploads(folder: Path) -> Uploads:
    return Uploads(folder, lambda files, place: Opened(list(files)))  # type: ignore[arg-type,return-value]


def new_id() -> str:
    return str(uuid.uuid4())


def test_a_file_stays_with_its_conversation_after_a_restart(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("a,b\n1,2\n")
    thread, file = new_id(), new_id()
    uploads(tmp_path / "kept").keep(thread, file, "sales.csv", tmp_path / "given")

    again = uploads(tmp_path / "kept")
    assert again.find(thread, file).read_text() == "a,b\n1,2\n"
    assert again.session(thread).files == ["sales.csv"]
    assert again.session(new_id()) is None


def test_a_second_file_joins_the_first_and_what_was_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("x")
    kept, thread = uploads(tmp_path / "kept"), new_id()
    kept.keep(thread, new_id(), "a.csv", tmp_path / "given")
    first = kept.session(thread)
    kept.keep(thread, new_id(), "b.csv", tmp_path / "given")
    assert kept.session(thread) is first
    second = kept.session(thread, reopen=True)
    assert sorted(second.files) == ["a.csv", "b.csv"]
    assert (first.closed, second.closed) == (True, False)


def test_files_of_one_name_are_both_there(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "sales.csv").write_text(folder)
    for _ in range(2):  # and again, when a third was added
        folder = together([tmp_path / "one" / "sales.csv", tmp_path / "two" / "sales.csv"], tmp_path / "all")
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"sales.csv": "one", "sales_2.csv": "two"}


def test_what_can_not_be_opened_leaves_what_was_open(tmp_path: Path) -> None:
    def open_files(files: list[Path], place: Path) -> Opened:
        if any(file.name == "bad.csv" for file in files):
            raise ValueError("bad.csv is empty.")
        return Opened(files)

    (tmp_path / "given").write_text("x")
    kept, thread, bad = Uploads(tmp_path / "kept", open_files), new_id(), new_id()  # type: ignore[arg-type]
    kept.keep(thread, new_id(), "good.csv", tmp_path / "given")
    first = kept.session(thread)
    kept.keep(thread, bad, "bad.csv", tmp_path / "given")
    with pytest.raises(ValueError, match="empty"):
        kept.session(thread, reopen=True)
    kept.drop(thread, bad)
    assert kept.session(thread) is first
    assert not first.closed
    assert [file.name for file in kept.files(thread)] == ["good.csv"]


def test_the_conversation_asked_longest_ago_is_closed_when_too_many_are_open(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("x")
    kept = uploads(tmp_path / "kept")
    threads = [new_id() for _ in range(OPEN_AT_ONCE + 1)]
    for thread in threads:
        kept.keep(thread, new_id(), "a.csv", tmp_path / "given")
    opened = [kept.session(thread) for thread in threads[:-1]]
    kept.session(threads[0])  # asked again: now the second is the oldest
    kept.session(threads[-1])
    assert [session.closed for session in opened] == [False, True] + [False] * (OPEN_AT_ONCE - 2)


def test_forgetting_a_conversation_closes_and_deletes_what_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("x")
    kept, thread, file = uploads(tmp_path / "kept"), new_id(), new_id()
    kept.keep(thread, file, "a.csv", tmp_path / "given")
    opened = kept.session(thread)
    kept.forget(thread)
    assert opened.closed
    assert (kept.find(thread, file), kept.session(thread), list((tmp_path / "kept").iterdir())) == (None, None, [])


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\secret.csv", "/abs.csv", "a/../../b.csv", "..", "", "\x00.csv"]
)
def test_no_name_and_no_id_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "given").write_text("x")
    kept = uploads(tmp_path / "kept")
    path = kept.keep(new_id(), new_id(), name, tmp_path / "given")
    assert (tmp_path / "kept") in path.resolve().parents
    assert kept.find("../kept", new_id()) is None
    assert kept.find(new_id(), "../../given") is None
    assert kept.files("..") == []
    kept.forget("..")
    assert path.exists()


@given(st.text(max_size=300))
def test_a_safe_name_is_a_plain_short_file_name(name: str) -> None:
    safe = safe_name(name)
    assert safe == Path(safe).name
    assert safe not in ("", ".", "..")
    assert len(safe) <= 92
    assert safe == safe_name(safe)
