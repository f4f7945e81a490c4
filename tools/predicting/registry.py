"""The registry: every version of every model, on disk.

    <folder>/<model>/v0003/model.pickle   what predicts
    <folder>/<model>/v0003/card.json      what it is, of what data, how good: and the checksum of the model
    <folder>/<model>/v0003/card.md        the same, for people
    <folder>/<model>/current.json         which version answers

A version is written beside its place and moved there whole, and `current.json` likewise: whatever is cut off in between
leaves the last good model.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import uuid
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from knowledge.workspace import Workspace
from tools import Limits
from tools.predicting.card import markdown
from tools.predicting.search import Model


@dataclass(frozen=True)
class Kept:
    model: Model
    reference: pd.DataFrame
    """Its inputs when it was trained, a sample: what later inputs are compared with."""
    said: Any
    """What it predicted of those."""
    card: dict[str, Any]
    version: int = 0


class Registry:
    """The models of one workspace, as one viewer sees it."""

    def __init__(self, folder: Path):
        self.folder = folder

    def names(self) -> list[str]:
        """The model that was used last first."""
        used = sorted(self.folder.glob("*/current.json"), key=lambda p: -p.stat().st_mtime)
        return [p.parent.name for p in used]

    def current(self, name: str) -> Kept | None:
        """The version that answers; the one before where its file is damaged."""
        order = self._order(name)
        for version in reversed(order):
            kept = self.read(name, version)
            if kept is not None:
                os.utime(self.folder / name / "current.json")
                return kept
        return None

    def read(self, name: str, version: int) -> Kept | None:
        """None where it is missing, or not what was written."""
        place = self.folder / name / f"v{version:04}"
        try:
            card = json.loads((place / "card.json").read_text(encoding="utf-8"))
            content = (place / "model.pickle").read_bytes()
        except (OSError, ValueError):
            return None
        if sha256(content).hexdigest() != card.get("sha256"):
            return None
        model, reference, said = pickle.loads(content)
        return Kept(model, reference, said, card, version)

    def add(self, name: str, kept: Kept, *, promote: bool = True) -> int:
        """Keep a version, and let it answer, if it is to."""
        place = self.folder / name
        place.mkdir(parents=True, exist_ok=True)
        version = 1 + max((int(p.name[1:]) for p in place.glob("v[0-9]*")), default=0)
        draft = place / f".new-{uuid.uuid4().hex}"
        draft.mkdir()
        try:
            content = pickle.dumps((kept.model, kept.reference, kept.said))
            card = {**kept.card, "version": version, "sha256": sha256(content).hexdigest()}
            _write(draft / "model.pickle", content)
            _write(draft / "card.md", markdown(card).encode())
            _write(draft / "card.json", json.dumps(card, indent=1, default=str).encode())
            draft.rename(place / f"v{version:04}")
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        if promote:
            self._point(name, [*self._order(name), version])
        return version

    def roll_back(self, name: str) -> int | None:
        """The version before answers again; None where there is none."""
        order = self._order(name)
        if len(order) < 2:
            return None
        self._point(name, order[:-1])
        return order[-2]

    def cards(self, name: str) -> list[dict[str, Any]]:
        """Of every version, oldest first, promoted or not."""
        found = []
        for path in sorted((self.folder / name).glob("v[0-9]*/card.json")):
            try:
                found.append(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                continue
        return found

    def _order(self, name: str) -> list[int]:
        """The versions that answered, one after the other."""
        try:
            return list(json.loads((self.folder / name / "current.json").read_text(encoding="utf-8"))["versions"])
        except (OSError, ValueError, KeyError):
            return []

    def _point(self, name: str, versions: list[int]) -> None:
        draft = self.folder / name / f".current-{uuid.uuid4().hex}"
        _write(draft, json.dumps({"versions": versions}).encode())
        draft.replace(self.folder / name / "current.json")


def registry_of(workspace: Workspace, limits: Limits) -> Registry | None:
    """None where nothing may be kept. What somebody sees less of has models of its own: none is made of hidden rows."""
    if limits.state_dir is None:
        return None
    model = workspace.model
    facts = repr([(d.name, d.source) for d in model.datasets])
    return Registry(
        limits.state_dir / "models" / f"{workspace.name}{workspace.mark}-{sha256(facts.encode()).hexdigest()[:8]}"
    )


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
