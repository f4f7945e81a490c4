"""Twilio's REST API where it is: in the United States, or in another region."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twilio.http.async_http_client import AsyncTwilioHttpClient

USUAL = "https://api.twilio.com"


def http_client(api_url: str) -> AsyncTwilioHttpClient:
    """For the SDK's client. Must be made in the event loop that it is used in."""
    from twilio.http.async_http_client import AsyncTwilioHttpClient  # half a second of imports

    class There(AsyncTwilioHttpClient):
        async def request(
            self, method: str, url: str, params: Any = None, data: Any = None, headers: Any = None, *args: Any,
            **kwargs: Any,
        ) -> Any:  # fmt: skip
            if (headers or {}).get("Content-Type") == "application/json":  # the SDK sends a form all the same
                data = json.dumps(data)
            return await super().request(method, located(url, api_url), params, data, headers, *args, **kwargs)

    return There()


def located(url: str, api_url: str) -> str:
    """An address of the SDK's, at the region's host. Each of Twilio's products has its host.

    >>> located("https://content.twilio.com/v1/Content", "https://api.dublin.ie1.twilio.com")
    'https://content.dublin.ie1.twilio.com/v1/Content'
    """
    for product in ("api", "content"):
        usual = f"https://{product}.twilio.com"
        if url.startswith(f"{usual}/"):
            return api_url.replace("//api.", f"//{product}.") + url.removeprefix(usual)
    return url
