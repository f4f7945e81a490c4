"""Settings: environment variables that start with PARLEY_ (PARLEY_MODEL, PARLEY_API_KEY …), or a .env file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Secrets are SecretStr: they print as stars and are never logged."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", env_file=".env", extra="ignore")

    state_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("parley")))
    """Where the demo, profiles, conversations, uploads and feedback are kept."""
    locale: str = "en_US"

    model: str | None = None
    """A LangChain model name, such as "openai:gpt-5-mini"; none: the embedded analyst answers alone."""
    base_url: str | None = None
    """Where an OpenAI-compatible server is (vLLM, Ollama, llama.cpp, Azure …)."""
    api_key: SecretStr | None = None
    mode: Literal["embedded", "llm", "hybrid"] | None = None
    """hybrid (the default with a model): the embedded analyst answers what it is sure of, the LLM the rest."""
    egress: Literal["schema", "aggregates", "rows"] = "aggregates"
    """What of the data an LLM may be sent: names only; grouped figures too; or records too."""
    llm_timeout_s: float = 30.0
    llm_retries: int = 2
    max_steps: int = 8
    """Model calls a turn."""
    max_tokens: int = 40_000
    """Tokens a turn, in and out."""
    max_cost: float = 0.50
    """Dollars a turn, by the prices below."""
    price_in: float = 0.0
    """Dollars per million tokens sent."""
    price_out: float = 0.0
    """Dollars per million tokens written."""
    query_timeout_s: float = 30.0
    max_rows: int = 10_000

    @property
    def route(self) -> Literal["embedded", "llm", "hybrid"]:
        """The mode in force: embedded where no model is set."""
        if self.model is None:
            return "embedded"
        return self.mode or "hybrid"
