"""Industry packs: a folder each, with a semantic model (`model.yaml`), verified questions (`queries/`) and, for the one
that has real data in a package, its loader."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.model import SemanticModel
from knowledge.osi import load
from knowledge.verified import VerifiedQuestion, read_questions


class UnknownPack(FileNotFoundError):
    """There is no pack of that name; the message lists those that there are."""

    def __init__(self, name: str):
        super().__init__(f"There is no industry pack {name!r}. There are: {', '.join(available())}.")


def available() -> list[str]:
    """The packs that there are."""
    return sorted(p.name for p in files(__package__).iterdir() if p.is_dir() and p.joinpath("model.yaml").is_file())


def load_pack(name: str) -> SemanticModel:
    """A pack's semantic model. Raises UnknownPack."""
    return load(_folder(name).joinpath("model.yaml").read_text(encoding="utf-8"))


def questions(name: str) -> list[VerifiedQuestion]:
    """A pack's verified questions. Raises UnknownPack."""
    return read_questions(_folder(name).joinpath("queries"))


def _folder(name: str) -> Traversable:
    if name not in available():
        raise UnknownPack(name)
    return files(__package__).joinpath(name)


def load_demo(
    state_dir: Path, progress: Callable[[str, float], None] = lambda label, part: None
) -> tuple[Path, SemanticModel]:
    """The retail demo: its database, made on first use, and its model."""
    from knowledge.packs.retail.load import build

    return build(state_dir, progress), load_pack("retail")
