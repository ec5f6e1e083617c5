"""Fetching over http(s) with requests: bounded in time, size and redirects."""

import io
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from shuttle_diplomacy.errors import NotServedError, UnreadableError

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 16
NOT_SERVED = {401, 403, 404, 410}  # some stores answer 403 for what is not there
_PORTS = {"http": 80, "https": 443}
# Decoded step by step, one step at most about a thousand times larger; others could fill the memory in one step.
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}


@dataclass(frozen=True)
class Limits:
    """Bounds of one read.

    Attributes:
        connect_seconds: how long to wait for a connection.
        read_seconds: how long to wait for the next bytes.
        total_seconds: how long one file may take as a whole.
        max_bytes: the largest file that is accepted from an address or out of an archive. Files of a folder are
            read in blocks and may be of any size.
        max_ratio: a compressed table may grow to ``max_bytes``, or to so many times its stored size if that is more.
        max_redirects: how many redirects are followed.
    """

    connect_seconds: float = 10
    read_seconds: float = 30
    total_seconds: float = 300
    max_bytes: int = 1 << 30
    max_ratio: int = 200
    max_redirects: int = 5


DEFAULT_LIMITS = Limits()


# Says of the address of a redirect why it is not followed, or raises nothing.
Permit = Callable[[str], None]


def fetch(url: str, limits: Limits = DEFAULT_LIMITS, permit: Permit = lambda _: None) -> bytes:
    """Return the body behind an address.

    Raises:
        UnreadableError: see :func:`fetch_into`.
    """
    body = io.BytesIO()
    fetch_into(url, body, limits, permit)
    return body.getvalue()


def fetch_into(url: str, target: IO[bytes], limits: Limits = DEFAULT_LIMITS, permit: Permit = lambda _: None) -> None:
    """Write the body behind an address into a file.

    Args:
        url: the address.
        target: the file.
        limits: bounds on time, size and redirects.
        permit: raises a RefusedError for the address of a redirect that is not to be followed.

    Raises:
        NotServedError: it answers that it is not there, or not for everyone.
        UnreadableError: no connection, an answer other than 200, a redirect that is not followed, too slow, too
            large or cut; the message names the address without any user name or password.
    """
    import requests
    import urllib3

    shown = without_credentials(url)
    try:
        with Deadline(limits.total_seconds) as deadline, open_session(deadline) as session:
            try:
                with answer(session, url, limits, permit=permit) as response:
                    _copy(response, target, limits, deadline)
            finally:
                if deadline.passed:  # a cut connection looks like any other error, or like the end of the body
                    raise UnreadableError(f"{shown} took longer than the limit of {limits.total_seconds:g} seconds")
    except RefusedError as error:
        kind = NotServedError if error.status in NOT_SERVED else UnreadableError
        raise kind(f"{shown} {error}") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise UnreadableError(f"{shown} cannot be fetched: {reason_of(error)}") from error


def without_credentials(url: str) -> str:
    """Return the address as it may be shown; also of what is no sound address.

    Examples:
        >>> without_credentials("https://user:secret@example.org/a?b=1")
        'https://example.org/a?b=1'
    """
    return re.sub(r"^([^:/?#]*:)?//[^/?#]*@", r"\1//", url)


def origin(parts: SplitResult) -> tuple[str, str, int | None]:
    """Return scheme, host and port of an address.

    Raises:
        ValueError: the port is no number.

    Examples:
        >>> origin(urlsplit("HTTPS://Example.org/a")) == origin(urlsplit("https://example.org:443/b"))
        True
    """
    return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)


class RefusedError(Exception):
    """What an address does that is not accepted: the sentence without its subject.

    Args:
        sentence: what it does.
        status: its answer, if that is what is not accepted.
    """

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class Deadline:
    """Cuts the connections of a session when its time is over, also in the middle of a header."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._sockets: list[socket.socket] = []
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._wait, daemon=True)

    def renew(self) -> None:
        """Give the whole time again, from now."""
        self._end = time.monotonic() + self._seconds

    @property
    def passed(self) -> bool:
        """Return whether the time is over."""
        return time.monotonic() >= self._end

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()
        for connected in self._sockets:  # an answer that cannot be understood leaves its connection open
            if (number := connected.detach()) >= 0:
                socket.close(number)

    def _wait(self) -> None:
        while not self.passed:
            if self._done.wait(max(0, self._end - time.monotonic())):
                return
        self._cut()

    def _cut(self) -> None:
        for connected in self._sockets:
            with suppress(OSError):  # closed by now
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def watched(self, connection_class: Any) -> Callable[..., Any]:
        """Return a maker of connections whose sockets are known here."""

        def make(*args: Any, **kwargs: Any) -> Any:
            connection = connection_class(*args, **kwargs)
            connect = connection.connect

            def watched_connect() -> None:
                connect()
                self._sockets.append(connection.sock)
                if self.passed:
                    self._cut()

            connection.connect = watched_connect
            return connection

        return make


def open_session(deadline: Deadline) -> "requests.Session":
    """Return a session whose connections the deadline cuts."""
    import requests
    from requests.adapters import HTTPAdapter

    class Watched(HTTPAdapter):
        def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
            pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
            pool.ConnectionCls = deadline.watched(pool.ConnectionCls)
            return pool

    session = requests.Session()
    session.mount("http://", Watched())
    session.mount("https://", Watched())
    return session


def answer(
    session: "requests.Session",
    url: str,
    limits: Limits,
    headers: Mapping[str, str] | None = None,
    permit: Permit = lambda _: None,
) -> "requests.Response":
    """Return the first answer that is no redirect; the bodies of redirects are not read.

    Raises:
        RefusedError: a redirect is not followed, or there are too many.
    """
    timeout = (limits.connect_seconds, limits.read_seconds)
    for _ in range(limits.max_redirects + 1):
        encodings = {"Accept-Encoding": "identity" if _is_compressed(url) else "gzip, deflate"}
        asked = encodings | dict(headers or {})
        response = session.get(url, timeout=timeout, headers=asked, stream=True, allow_redirects=False)
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        url = _redirected(url, target)
        permit(url)
    raise RefusedError(f"is redirected more than {limits.max_redirects} times")


def _redirected(url: str, target: str) -> str:
    """Return the address to go on with; user name and password go to the same origin only."""
    old, new = urlsplit(url), urlsplit(urljoin(url, target))
    shown = without_credentials(new._replace(query="", fragment="").geturl())  # some servers sign in the query
    if new.scheme not in _PORTS:
        raise RefusedError(f"is redirected to {shown!r}, which is no http(s) address")
    if (old.scheme, new.scheme) == ("https", "http"):
        raise RefusedError(f"is redirected from https to {shown!r}, which is not encrypted")
    if origin(old) == origin(new) and "@" not in new.netloc:
        new = new._replace(netloc=old.netloc)
    return urlunsplit(new)


def _is_compressed(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".gz", ".zip"))


def _copy(response: "requests.Response", target: IO[bytes], limits: Limits, deadline: Deadline) -> None:
    too_large = RefusedError(f"is larger than the limit of {limits.max_bytes:,} bytes")
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    length = response.headers.get("Content-Length", "")
    if response.status_code != 200:  # noqa: PLR2004 (the one status that carries a whole file)
        raise RefusedError(f"answers with status {response.status_code}", response.status_code)
    if encoding not in _ENCODINGS:
        raise RefusedError(f"is sent in the encoding {encoding!r}; 'gzip' and 'deflate' are read")
    if length.isdecimal() and int(length) > limits.max_bytes:
        raise too_large
    # Some servers call each stored .gz file encoded: it is taken as it is stored.
    decode = not _is_compressed(response.url)
    size = 0
    for chunk in response.raw.stream(_CHUNK, decode_content=decode):
        size += len(chunk)
        if size > limits.max_bytes:
            raise too_large
        if deadline.passed:
            return
        target.write(chunk)


def reason_of(error: Exception) -> str:
    """Return a short reason for a failed request."""
    import requests
    from urllib3 import exceptions

    reasons: list[tuple[type[Exception] | tuple[type[Exception], ...], str]] = [
        ((requests.Timeout, exceptions.TimeoutError), "no answer in time"),
        (requests.exceptions.SSLError, "no secure connection"),
        (requests.ConnectionError, "no connection"),
        (requests.exceptions.InvalidHeader, "its header cannot be understood"),
        (exceptions.ProtocolError, "the connection was cut"),
        (exceptions.DecodeError, "its content encoding is broken"),
    ]
    for kinds, reason in reasons:
        if isinstance(error, kinds):
            return reason
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
