"""Industry packs: a folder each, with a semantic model (`model.yaml`), verified questions (`queries/`) and, for the one
that has real data in a package, its loader."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from knowledge.model import SemanticModel
from knowledge.osi import load


def available() -> list[str]:
    """The packs that there are."""
    return sorted(p.name for p in files(__package__).iterdir() if p.is_dir() and p.joinpath("model.yaml").is_file())


def load_pack(name: str) -> SemanticModel:
    """A pack's semantic model. Raises FileNotFoundError for a pack that isn't there."""
    return load(files(__package__).joinpath(name, "model.yaml").read_text(encoding="utf-8"))


def load_demo(
    state_dir: Path, progress: Callable[[str, float], None] = lambda label, part: None
) -> tuple[Path, SemanticModel]:
    """The retail demo: its database, made on first use, and its model."""
    from knowledge.packs.retail.load import build

    return build(state_dir, progress), load_pack("retail")
