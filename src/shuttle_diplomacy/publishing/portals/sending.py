"""One request to a portal and its answer: bounded in time and size, streamed, without redirects."""

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.publishing.portals.access import is_loopback
from shuttle_diplomacy.publishing.portals.body import Body, ChangedError
from shuttle_diplomacy.publishing.portals.faults import PortalError
from shuttle_diplomacy.publishing.portals.requesting import Request
from shuttle_diplomacy.review.links.deadline import Deadline

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class Bounds:
    """Limits of one request.

    Attributes:
        connect_seconds: how long to wait for a connection.
        read_seconds: how long to wait for the next bytes.
        total_seconds: how long a request may take as a whole, beside the time that its file needs.
        slowest: bytes a second that an upload has to reach.
        max_bytes: the largest answer that is read.
        tries: how often a request is sent that may be sent twice.
        backoff: seconds before the third try; they double.
        patience: the longest pause that a portal may ask for; beyond it the run ends.
    """

    connect_seconds: float = 10
    read_seconds: float = 120
    total_seconds: float = 180
    slowest: int = 20_000
    max_bytes: int = 32 << 20
    tries: int = 4
    backoff: float = 1
    patience: float = 60


BOUNDS = Bounds()


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        status: the status, 0 if no whole answer came.
        content: the body.
        place: where a redirect leads to.
        retry_after: the header that says when to come again.
        reason: why no answer came.
    """

    status: int = 0
    content: bytes = field(default=b"", repr=False)
    place: str = ""
    retry_after: str = ""
    reason: str = ""


class Sender:
    """Sends requests, each over a connection of its own.

    Of the environment only proxies and ``REQUESTS_CA_BUNDLE`` count; a ``.netrc`` would put its own password in place
    of the token.

    Args:
        authorization: the header that holds the token.
        headers: other headers of each request.
        sent: told the name of an upload, how many bytes are on their way, and how many there are.
        bounds: limits.
    """

    def __init__(
        self, authorization: str, headers: dict[str, str], sent: Callable[[str, int, int], None], bounds: Bounds
    ) -> None:
        self._authorization, self._headers, self._sent, self._bounds = authorization, headers, sent, bounds

    def send(self, request: Request) -> Answer:
        """Send a request once. No exception of the libraries leaves here: they hold the request, and so the token.

        Raises:
            PortalError: the file to send cannot be read.
        """
        import requests
        import urllib3

        size = request.upload.size if request.upload else 0
        seconds = self._bounds.total_seconds + size / self._bounds.slowest
        with ExitStack() as stack:
            deadline = stack.enter_context(Deadline(seconds))
            try:
                prepared = self._prepared(request, stack)
                return self._exchange(prepared, deadline)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                return Answer(reason=_reason(error, request, late=deadline.passed))

    def _prepared(self, request: Request, stack: ExitStack) -> "PreparedRequest":
        import requests

        from shuttle_diplomacy import __version__

        headers = {
            "User-Agent": f"shuttle-diplomacy/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **self._headers,
        }
        data: Any = None
        if (upload := request.upload) is not None:
            try:
                stream = stack.enter_context(upload.open())
            except OSError as error:
                raise PortalError(f"{upload.path} cannot be read: {error.strerror}") from error
            data = Body(upload, stream, request.form, lambda done: self._sent(upload.name, done, len(data)))
            headers["Content-Type"] = request.media_type or data.content_type
        elif request.json is not None:
            data = json.dumps(request.json, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        headers["Authorization"] = self._authorization
        return requests.Request(request.method, request.url, headers=headers, data=data).prepare()

    def _exchange(self, prepared: "PreparedRequest", deadline: Deadline) -> Answer:
        from requests.utils import get_environ_proxies

        url = prepared.url or ""
        own = is_loopback(urlsplit(url).hostname or "")
        adapter = _adapter(deadline)
        try:
            with adapter.send(
                prepared,
                stream=True,
                timeout=(self._bounds.connect_seconds, self._bounds.read_seconds),
                verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
                proxies={} if own else get_environ_proxies(url),
            ) as response:
                content = self._content(response)
                if deadline.passed:  # an answer that was cut may look like one that ended
                    raise TimeoutError
                found = response.headers
                place = without_credentials(found.get("Location", ""))
                return Answer(response.status_code, content, place, found.get("Retry-After", ""))
        finally:
            adapter.close()

    def _content(self, response: "Response") -> bytes:
        content = b""
        while piece := response.raw.read1(1 << 16):
            content += piece
            if len(content) > self._bounds.max_bytes:
                raise _LargeError
        return content


class _LargeError(ValueError):
    """An answer is larger than is read."""


def _adapter(deadline: Deadline) -> "HTTPAdapter":
    """Return what sends one request over a connection that ends with its time."""
    from requests.adapters import HTTPAdapter

    def held(connection_class: Any) -> Any:
        class Held(connection_class):  # type: ignore[misc]
            def _new_conn(self) -> Any:
                connected = super()._new_conn()
                deadline.hold(connected)
                return connected

        return Held

    class Adapter(HTTPAdapter):
        def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
            pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
            pool.ConnectionCls = held(pool.ConnectionCls)
            return pool

    return Adapter()


def _reason(error: Exception, request: Request, *, late: bool) -> str:
    """Return why there is no answer, in words of our own."""
    import requests

    if isinstance(error, _LargeError):
        return "the answer is larger than any of such a portal"
    if isinstance(error, ChangedError):
        return "the file changed while it was sent"
    if late or isinstance(error, requests.Timeout | TimeoutError):
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "no secure connection, for its certificate is not trusted or its TLS too old"
    if isinstance(error, requests.exceptions.ProxyError):
        return "no connection through the proxy"
    text = repr(error)
    if "NewConnectionError" in text or "NameResolutionError" in text:
        return "no connection"
    size = f" (it was given {request.upload.size:,} bytes; perhaps it takes no file so large)" if request.upload else ""
    return f"the connection was cut{size}"
