"""Addresses as they are asked for: without user name, password and fragment, percent-encoded, host in ASCII."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from shuttle_diplomacy.package.http import without_credentials

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 8000


class InvalidAddressError(ValueError):
    """A text is no address; the message says why."""


class OtherSchemeError(ValueError):
    """An address is not one of http or https, so that nothing can be said of it."""


@dataclass(frozen=True)
class Target:
    """Where a request goes.

    Attributes:
        url: the address as it is sent.
        host: its host, for which requests wait in line.
    """

    url: str
    host: str


def target_of(text: str) -> Target:
    """Return where the request for an address goes.

    User name and password are neither sent nor kept: what is checked is whether the public can open the page.

    Raises:
        InvalidAddressError: it is no address.
        OtherSchemeError: it is a sound address of another scheme than http and https.

    Examples:
        >>> target_of("https://user:secret@Bücher.example/ä?q=1#top")
        Target(url='https://xn--bcher-kva.example/%C3%A4?q=1', host='xn--bcher-kva.example')
        >>> target_of("https://a.example/two words")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.review.links.urls.InvalidAddressError: has a blank in it; an address writes it as %20
    """
    if text != text.strip():
        raise InvalidAddressError("has blanks around it; take them away")
    if re.search(r"\s", text):
        raise InvalidAddressError("has a blank in it; an address writes it as %20")
    if not text.isprintable() or "\\" in text:
        raise InvalidAddressError("has a character that no address has")
    if not _SCHEME.match(text):
        raise InvalidAddressError("has no scheme; does https:// stand before it?")
    return _target(text)


def redirected(url: str, location: str) -> Target:
    """Return where a redirect leads; blanks and bytes beyond ASCII are taken as browsers take them.

    Args:
        url: the address that was asked.
        location: the header, as the HTTP library gives it (each character is a byte).

    Raises:
        InvalidAddressError: it leads to no address.
        OtherSchemeError: it leads to another scheme than http and https.

    Examples:
        >>> redirected("https://a.example/b/c", "../d e").url
        'https://a.example/d%20e'
    """
    decoded = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    try:
        return _target(urljoin(url, decoded.replace(" ", "%20")))
    except (InvalidAddressError, OtherSchemeError):
        raise
    except ValueError as error:
        raise InvalidAddressError("cannot be understood") from error


def _target(text: str) -> Target:
    import requests

    if len(text) > _LONGEST:
        raise InvalidAddressError(f"has {len(text):,} characters; servers take about {_LONGEST:,}")
    try:
        parts = _checked(urlsplit(without_credentials(text)))
        prepared = requests.Request("HEAD", urlunsplit(parts._replace(fragment=""))).prepare().url or ""
        host = urlsplit(prepared).hostname or ""
        host.encode("idna")  # what the connection does later: no part may be empty or too long
    except (InvalidAddressError, OtherSchemeError):
        raise
    except UnicodeError as error:
        raise InvalidAddressError("has a host that cannot be: a part of its name is empty or too long") from error
    except (requests.RequestException, ValueError) as error:
        raise InvalidAddressError("has a host or port that cannot be") from error
    return Target(prepared, host)


def _checked(parts: SplitResult) -> SplitResult:
    if parts.scheme.lower() not in {"http", "https"}:
        raise OtherSchemeError(f"is an address of {parts.scheme}: and cannot be asked")
    if not parts.hostname:
        raise InvalidAddressError("names no host")
    if parts.port == 0:
        raise InvalidAddressError("has the port 0")
    return parts
