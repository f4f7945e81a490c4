"""Vega, Vega-Lite and vega-embed as one script for the page, with nothing to fetch.

vl-convert needs seconds to put it together and lets no other thread run meanwhile, so a process of its own does that,
once: the script is kept in the state folder."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from importlib.metadata import version
from pathlib import Path

log = logging.getLogger("parley.web")
_MAKE = """
import os, sys
if hasattr(os, "nice"):
    os.nice(5)  # opening the data comes first
import vl_convert
sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())
"""


class VegaScript:
    """`folder` is where it is kept."""

    def __init__(self, folder: Path):
        self._path = folder / f"vega-{version('vl-convert-python')}.js"
        self._lock = threading.Lock()
        self._script: bytes | None = None

    def get(self) -> bytes:
        """The script; waits while it is made. Raises OSError or subprocess.SubprocessError if it can't be."""
        with self._lock:
            if self._script is None:
                self._script = self._kept() or self._made()
            return self._script

    def prepare(self) -> None:
        """Make it before somebody waits for it."""
        threading.Thread(target=self._quietly, name="vega", daemon=True).start()

    def _quietly(self) -> None:
        try:
            self.get()
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("The chart library could not be made: %s", error)

    def _kept(self) -> bytes | None:
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def _made(self) -> bytes:
        made = subprocess.run([sys.executable, "-c", _MAKE], capture_output=True, check=True, timeout=120).stdout
        draft = self._path.with_suffix(".new")
        try:
            draft.write_bytes(made)
            draft.replace(self._path)
        except OSError as error:  # a full disk: it is made again at the next start
            log.info("The chart library is not kept: %s", error)
        return made
