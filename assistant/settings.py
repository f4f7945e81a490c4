"""Settings: environment variables that start with PARLEY_ (PARLEY_MODEL, PARLEY_API_KEY …), or a .env file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Secrets are SecretStr: they print as stars, and what is wrong with a setting is said without its value."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_", env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    state_dir: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("parley")))
    """Where the demo, profiles, conversations, uploads and feedback are kept."""
    locale: str = "en_US"
    industry: str = "auto"
    """What the business is (retail, restaurant, automotive, healthcare, finance), for its words and horizons; auto:
    what the data's words speak for; none: none."""
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/?#\s]+(/[^?#\s]*)?$")
    """Where the world reaches the server, if it does: "https://parley.example.com". Slack and Twilio are told it."""

    model: str | None = None
    """A LangChain model name, such as "openai:gpt-5-mini"; none: the embedded analyst answers alone."""
    base_url: str | None = None
    """Where an OpenAI-compatible server is (vLLM, Ollama, llama.cpp, Azure …)."""
    api_key: SecretStr | None = None
    """For the model. A server at `base_url` gets this key or none, never OPENAI_API_KEY."""
    mode: Literal["embedded", "llm", "hybrid"] | None = None
    """hybrid (the default with a model): the embedded analyst answers what it is sure of, the LLM the rest."""
    hybrid_threshold: float = Field(default=0.6, ge=0, le=1)
    """In hybrid mode, the confidence from which the embedded analyst answers."""
    egress: Literal["schema", "aggregates", "rows"] = "aggregates"
    """What of the data an LLM may be sent: names only; figures of groups too; or records too."""

    llm_timeout: float = Field(default=30.0, gt=0)
    """Seconds that the LLM may be silent."""
    turn_timeout: float = Field(default=90.0, gt=0)
    """Seconds that a turn may wait for the LLM in all; then the embedded analyst answers."""
    llm_retries: int = Field(default=2, ge=0)
    """Tries after a call that failed for a passing reason (busy, unreachable, cut off)."""
    max_steps: int = Field(default=8, ge=1)
    """Model calls a turn."""
    max_tokens_per_turn: int = Field(default=60_000, ge=1)
    """Tokens a turn, sent and written."""
    max_cost_per_turn: float = Field(default=0.50, ge=0)
    """Dollars a turn, by the prices below."""
    max_cost_per_day: float | None = Field(default=None, ge=0)
    """Dollars that a person may spend on the LLM a day (UTC); then the embedded analyst answers. None: no bound."""
    price_in: float = Field(default=0.0, ge=0)
    """Dollars for a million tokens sent."""
    price_out: float = Field(default=0.0, ge=0)
    """Dollars for a million tokens written."""

    oidc_issuer: str | None = None
    """The address of the OpenID provider with which people may sign in to the page."""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None

    transcriber: str | None = None
    """A model that writes down voice notes ("whisper-1"), where `base_url` and `api_key` reach it; none: they are not
    listened to."""

    rate_limit: str = "60/minute"
    """Questions that a person or a key may ask: a number, "/", and second, minute, hour or day."""
    rate_store: str = "memory://"
    """Where they are counted: in this process, or for several servers in a Redis ("redis://HOST:6379")."""

    webhooks_inside: bool = False
    """Whether webhooks may go to machines of the server's own network, where plain HTTP will do."""

    query_timeout: float = Field(default=30.0, gt=0)
    """Seconds a query may run."""
    max_rows: int = Field(default=10_000, ge=1)
    """Rows of a result."""

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, url: str | None) -> str | None:
        return url.rstrip("/") if url else None

    @property
    def route(self) -> Literal["embedded", "llm", "hybrid"]:
        """The mode in force: embedded where no model is set."""
        return (self.mode or "hybrid") if self.model else "embedded"
