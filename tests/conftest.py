"""What every test runs under."""

from __future__ import annotations

import os

from hypothesis import settings

# Speed is measured in evals/, never in tests. CI draws the same examples each time: what it tests is what was landed.
settings.register_profile("parley", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("parley")
