"""The connection to a portal: one host, one token, bounded in time and size, without redirects."""

import ipaddress
import json
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.http import origin, without_credentials
from shuttle_diplomacy.publishing.portals.body import Body, ChangedError
from shuttle_diplomacy.publishing.portals.faults import PortalError, refusal, unreachable
from shuttle_diplomacy.publishing.portals.requesting import Request
from shuttle_diplomacy.review.links.deadline import Deadline

if TYPE_CHECKING:
    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

_SUCCESS = {200, 201, 202, 204}
_PASSING = {429, 500, 502, 503, 504}  # what may be over soon
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


def pause(seconds: float) -> None:
    """Wait before a request is sent again."""
    time.sleep(seconds)


@dataclass(frozen=True)
class _Answer:
    """What came back; without a status: why nothing did."""

    status: int = 0
    content: bytes = field(default=b"", repr=False)
    place: str = ""
    retry_after: str = ""
    reason: str = ""


class Connection:
    """Sends requests to a portal.

    No redirect is followed, and the token goes to the hosts of the portal only. Of the environment only proxies and
    ``REQUESTS_CA_BUNDLE`` count; a ``.netrc`` would put its own password in place of the token.

    Args:
        base: the portal's address, as :func:`checked_address` returns it.
        token: the secret.
        scheme: what stands before the token in the header.
        scopes: what a token has to be allowed, for the sentence about 403.
        hosts: other hosts of the same portal.
        note: told what is done.
        sent: told the name of an upload, how many bytes are on their way, and how many there are.
        bounds: limits.
    """

    def __init__(
        self,
        base: str,
        token: Token,
        *,
        scheme: str = "Bearer ",
        scopes: str = "give it the right to write",
        hosts: frozenset[str] = frozenset(),
        headers: dict[str, str] | None = None,
        note: Callable[[str], None] = lambda _: None,
        sent: Callable[[str, int, int], None] = lambda *_: None,
        bounds: Bounds | None = None,
    ) -> None:
        self._home, self._hosts = urlsplit(base), hosts
        self._token, self._scheme, self._scopes = token, scheme, scopes
        self._headers = headers or {}
        self._note, self._sent, self._bounds = note, sent, bounds or BOUNDS

    def note(self, text: str) -> None:
        """Tell the user what was done, or found."""
        self._note(plain(self._token.hidden_in(text)))

    def ask(self, request: Request) -> Any:
        """Send a request, again if it may be sent twice and the trouble may pass, and return the decoded answer.

        Raises:
            PortalError: the address is not the portal's, the portal refuses or fails, or it cannot be reached.
        """
        self._refuse_strangers(request)
        policy = self._policy(request)
        while True:
            answer = self._attempt(request)
            wait = self._asked_pause(policy, answer)
            if answer.status and answer.status not in _PASSING:
                break
            again = _next(policy) if request.repeatable and wait <= self._bounds.patience else None
            if again is None:
                break
            policy = again
            seconds = max(wait, policy.get_backoff_time())
            self.note(f"{request.doing}: {_trouble(answer)}; trying again in {seconds:g} seconds")
            pause(seconds)
        return self._understood(request, answer, wait)

    def _refuse_strangers(self, request: Request) -> None:
        """Make sure that an address, which may come from an answer, is one that may see the token."""
        try:
            parts = urlsplit(request.url)
            scheme, host, port = origin(parts)
        except ValueError:
            scheme, host, port, parts = "", "", None, urlsplit("")
        ours = (scheme, host, port) == origin(self._home)
        theirs = scheme == "https" and port == 443 and host in self._hosts  # noqa: PLR2004
        if not (ours or theirs) or "@" in parts.netloc:
            shown = plain(self._token.hidden_in(without_credentials(request.url)))[:200]
            raise PortalError(
                f"{request.doing}: the portal names {shown!r}, which is not on {self._home.hostname}; "
                "nothing was sent there, because the token would have gone with it"
            )

    def _policy(self, request: Request) -> "Retry":
        from urllib3.util.retry import Retry

        total = self._bounds.tries - 1 if request.repeatable else 0
        return Retry(total=total, backoff_factor=self._bounds.backoff, backoff_max=self._bounds.patience)

    @staticmethod
    def _asked_pause(policy: "Retry", answer: _Answer) -> float:
        """Return how many seconds the portal asks to wait."""
        from urllib3.exceptions import InvalidHeader

        try:
            return max(policy.parse_retry_after(answer.retry_after), 0) if answer.retry_after else 0
        except (InvalidHeader, ValueError, OverflowError):
            return 0

    def _attempt(self, request: Request) -> _Answer:
        """Send a request once. No exception of the libraries leaves here: they hold the request, and so the token."""
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
                return _Answer(reason=_reason(error, request, late=deadline.passed))

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
        headers["Authorization"] = self._scheme + self._token.value
        return requests.Request(request.method, request.url, headers=headers, data=data).prepare()

    def _exchange(self, prepared: "PreparedRequest", deadline: Deadline) -> _Answer:
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
                place = self._token.hidden_in(without_credentials(found.get("Location", "")))
                return _Answer(response.status_code, content, place, found.get("Retry-After", ""))
        finally:
            adapter.close()

    def _content(self, response: "Response") -> bytes:
        content = b""
        while piece := response.raw.read1(1 << 16):
            content += piece
            if len(content) > self._bounds.max_bytes:
                raise _LargeError
        return content

    def _understood(self, request: Request, answer: _Answer, wait: float) -> Any:
        if not answer.status:
            raise PortalError(unreachable(request.doing, answer.reason))
        content, sound = None, True
        if answer.content.strip():
            try:
                content = self._hidden(json.loads(answer.content))
            except (ValueError, RecursionError):
                sound = False
        if answer.status in request.absent:
            return None
        # CKAN may say 200 where it failed.
        failed = isinstance(content, dict) and content.get("success") is False
        if answer.status not in _SUCCESS or failed:
            raise PortalError(
                refusal(
                    request.doing,
                    answer.status,
                    content,
                    variable=self._token.variable,
                    scopes=self._scopes,
                    wait=wait,
                    place=answer.place,
                )
            )
        if not sound:
            raise PortalError(f"{request.doing}: the portal's answer is no JSON; check the address")
        return content

    def _hidden(self, value: Any) -> Any:
        """Return an answer without the token, however a portal spells it."""
        if isinstance(value, str):
            return self._token.hidden_in(value)
        if isinstance(value, list):
            return [self._hidden(item) for item in value]
        if isinstance(value, dict):
            return {self._token.hidden_in(key): self._hidden(item) for key, item in value.items()}
        return value


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


def _next(policy: "Retry") -> "Retry | None":
    """Return the policy for one more try, None if it was the last."""
    from urllib3.exceptions import HTTPError, MaxRetryError

    try:
        return policy.increment(error=HTTPError())
    except MaxRetryError:
        return None


def _trouble(answer: _Answer) -> str:
    return f"status {answer.status}" if answer.status else answer.reason


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
