"""Fetching over http(s) with requests: bounded in time and in size."""

import time
from dataclasses import dataclass

from shuttle_diplomacy.errors import UnreadableError

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Limits:
    """Bounds of one read.

    Attributes:
        connect_seconds: how long to wait for a connection.
        read_seconds: how long to wait for the next bytes.
        total_seconds: how long one file may take as a whole.
        max_bytes: the largest file that is accepted, after decompression.
    """

    connect_seconds: float = 10
    read_seconds: float = 30
    total_seconds: float = 300
    max_bytes: int = 1 << 30


DEFAULT_LIMITS = Limits()


def fetch(url: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the body behind an address.

    Raises:
        UnreadableError: no connection, an answer other than 200, too slow or too large; the message names the
            address without any user name or password.
    """
    import requests

    started = time.monotonic()
    shown = without_credentials(url)
    timeout = (limits.connect_seconds, limits.read_seconds)
    try:
        with requests.get(url, timeout=timeout, stream=True) as response:
            if response.status_code != requests.codes.ok:
                raise UnreadableError(f"{shown} answers with status {response.status_code}")
            body = bytearray()
            for chunk in response.iter_content(_CHUNK):
                body += chunk
                if len(body) > limits.max_bytes:
                    raise UnreadableError(f"{shown} is larger than the limit of {limits.max_bytes:,} bytes")
                if time.monotonic() - started > limits.total_seconds:
                    raise UnreadableError(f"{shown} took longer than the limit of {limits.total_seconds:g} seconds")
            return bytes(body)
    except (requests.RequestException, ValueError) as error:  # ValueError: an address that urllib3 cannot parse
        raise UnreadableError(f"{shown} cannot be fetched: {_reason(error)}") from error


def without_credentials(url: str) -> str:
    """Return the address as it may be shown.

    Examples:
        >>> without_credentials("https://user:secret@example.org/a?b=1")
        'https://example.org/a?b=1'
    """
    from urllib.parse import urlsplit, urlunsplit

    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _reason(error: Exception) -> str:
    """Return a short reason for a failed request."""
    import requests

    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.TooManyRedirects):
        return "too many redirects"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__
