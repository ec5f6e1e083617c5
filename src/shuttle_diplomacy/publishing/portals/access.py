"""Who is asked, and with which secret: the address of a portal, and the token that the environment holds."""

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.publishing.portals.faults import PortalError

_HIDDEN = "***"


@dataclass(frozen=True)
class Token:
    """A secret; it is shown by the name of the variable that holds it.

    Examples:
        >>> Token("CKAN_TOKEN", "abc")
        Token(variable='CKAN_TOKEN')
    """

    variable: str
    value: str = field(repr=False)

    def hidden_in(self, text: str) -> str:
        """Return a text without the token, should a portal repeat it."""
        for form in {self.value, quote(self.value, safe="")}:
            text = text.replace(form, _HIDDEN)
        return text


def token_of(variable: str) -> Token:
    """Return the token that the environment holds.

    Raises:
        PortalError: it holds none, or one that no header can carry.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise PortalError(f"{variable} is not set: make a token at the portal and put it into this variable")
    if not all("!" <= char <= "~" for char in value):
        raise PortalError(f"{variable} holds characters that no token has; copy the token again")
    return Token(variable, value)


def checked_address(text: str) -> str:
    """Return the address of a portal without a slash at its end.

    Raises:
        PortalError: it is not https, and not on this computer either; or it holds more than host and path.

    Examples:
        >>> checked_address("https://zenodo.org/api/"), checked_address("http://127.0.0.1:8000/api")
        ('https://zenodo.org/api', 'http://127.0.0.1:8000/api')
    """
    shown = repr(without_credentials(text))
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise PortalError(f"{shown} is no address of a portal: {error}") from error
    odd = parts.query or parts.fragment or "@" in parts.netloc or any(c <= " " or c in "\\\x7f" for c in text)
    if parts.scheme not in {"http", "https"} or not host or odd:
        raise PortalError(f"{shown} has to be an https address of host and path only, without user name and query")
    if parts.scheme == "http" and not is_loopback(host):
        raise PortalError(f"{shown} is not encrypted; a token is sent by https only (http: to this computer)")
    return text.rstrip("/")


def is_loopback(host: str) -> bool:
    """Return whether a host is this computer.

    Examples:
        >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("zenodo.org")
        (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
