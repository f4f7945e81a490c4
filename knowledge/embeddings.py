"""What texts mean, as numbers: wordllama's static embeddings, made on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np


def embedded(texts: Sequence[str]) -> np.ndarray:
    """256 numbers a text (texts × 256, float32), of length 1; zeros for a text without a word."""
    with np.errstate(invalid="ignore"):
        made = np.asarray(_wordllama().embed(list(texts), norm=True), dtype=np.float32)
    return np.nan_to_num(made)


@cache
def _wordllama() -> Any:
    import wordllama

    # The wheel has its tokenizer in a folder that only the download cache's layout finds.
    return wordllama.WordLlama.load(dim=256, disable_download=True, cache_dir=Path(wordllama.__file__).parent)
