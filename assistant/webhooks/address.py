"""Where a webhook may go: to the world, over HTTPS; never into the network that the server itself stands in, whose
machines trust it."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit


class BadAddress(ValueError):
    """An address that no webhook is sent to; the message says why, and what would do."""


def checked(url: str, *, inside: bool) -> str:
    """The address, with a name that leads to machines of the world alone. `inside`: this network is meant, too, and
    plain HTTP there. Asks the name service. Raises BadAddress."""
    parts = urlsplit(url)
    if parts.scheme not in (("http", "https") if inside else ("https",)) or not parts.hostname:
        raise BadAddress(f"{url!r} is no address for a webhook: it starts with https:// and a host's name.")
    if parts.username or parts.password:
        raise BadAddress("A webhook's address has no user or password in it: it is signed instead.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = {entry[4][0] for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, ValueError, UnicodeError) as error:
        raise BadAddress(f"There is no host {parts.hostname!r}. Is it spelled as it should be?") from error
    if not inside and not all(ipaddress.ip_address(ip).is_global for ip in found):
        raise BadAddress(
            f"{parts.hostname} is inside this network. Set PARLEY_WEBHOOKS_INSIDE=true if webhooks may go there."
        )
    return url
