"""What every test runs under."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("parley", deadline=None)  # speed is measured in evals/, never in tests
settings.load_profile("parley")
