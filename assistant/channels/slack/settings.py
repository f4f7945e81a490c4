"""Settings of the Slack channel: environment variables that start with PARLEY_SLACK_, or a .env file."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SlackSettings(BaseSettings):
    """One workspace: `bot_token`. Any number: `client_id` and `client_secret`, and people install it themselves. Slack
    calls the server (`signing_secret`, and PARLEY_PUBLIC_URL), or the server calls Slack (`app_token`)."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_SLACK_", env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    app_token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    """GovSlack's is https://slack-gov.com/api/"""

    @property
    def wanted(self) -> bool:
        return any((self.bot_token, self.signing_secret, self.app_token, self.client_id, self.client_secret))

    def missing(self, public_url: str | None) -> list[str]:
        """What has to be set still, each with where it is found."""
        said = []
        if not self.bot_token and not (self.client_id and self.client_secret):
            said.append(
                "Set PARLEY_SLACK_BOT_TOKEN (xoxb-…, under OAuth & Permissions); or, for several workspaces, "
                "PARLEY_SLACK_CLIENT_ID and PARLEY_SLACK_CLIENT_SECRET (under Basic Information)."
            )
        if not self.signing_secret and not self.app_token:
            said.append(
                "Set PARLEY_SLACK_SIGNING_SECRET (under Basic Information), with which Slack calls the server; "
                "or PARLEY_SLACK_APP_TOKEN (xapp-…, the same page), with which the server calls Slack (Socket Mode)."
            )
        if not public_url and (not self.app_token or not self.bot_token):
            said.append("Set PARLEY_PUBLIC_URL to the address where Slack reaches this server: https://…")
        return said
