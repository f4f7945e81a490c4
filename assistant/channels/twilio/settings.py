"""Settings of the Twilio channels: environment variables that start with PARLEY_TWILIO_, or a .env file."""

from __future__ import annotations

from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.channels.twilio.client import USUAL

Voice = Literal["gather", "relay"]


class TwilioSettings(BaseSettings):
    """Both from the first page of Twilio's console. With them, the channels are on."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_TWILIO_", env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    account_sid: str | None = None
    auth_token: SecretStr | None = None
    api_url: str = USUAL
    """In another region: https://api.dublin.ie1.twilio.com, say."""
    voice: Voice = "gather"
    """How a call is heard: turn by turn, which needs nothing else; or over a WebSocket that one can interrupt, which
    Twilio's ConversationRelay must be allowed for in the console."""

    @property
    def secret(self) -> str | None:
        """The auth token, if both are set."""
        return self.auth_token.get_secret_value() if self.account_sid and self.auth_token else None
