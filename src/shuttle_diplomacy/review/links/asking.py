"""One request: bounded in time and size, sent to public hosts only, and answered by facts, never by an exception."""

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.review.links.deadline import Deadline
from shuttle_diplomacy.review.links.guard import FailedError, connect
from shuttle_diplomacy.review.links.verdicts import Verdict

if TYPE_CHECKING:
    from requests import PreparedRequest
    from requests.adapters import HTTPAdapter
    from requests.cookies import RequestsCookieJar

_CUT_OFF = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, ConnectionAbortedError)


@dataclass(frozen=True)
class Answer:
    """What came of one request: a status, or why there is none.

    Attributes:
        status: the status.
        location: where the server sends on to, as the header spells it.
        retry_after: the header that says when to come again.
        failure: what a missing status means.
        note: why it is missing.
        lasting: whether there is no use in trying again.
    """

    status: int | None = None
    location: str = ""
    retry_after: str = ""
    failure: Verdict | None = None
    note: str = ""
    lasting: bool = False


class Asker:
    """Sends requests from several threads.

    No proxy, ``.netrc`` or other setting of the environment is used, except a bundle of certificates
    (``REQUESTS_CA_BUNDLE``): a proxy would connect where it likes.

    Args:
        seconds: how long one request may take as a whole.
        allow_private: whether hosts in private and local networks are asked, too.
    """

    def __init__(self, seconds: float = 20, *, allow_private: bool = False) -> None:
        from shuttle_diplomacy import __version__

        self.seconds, self.allow_private = seconds, allow_private
        self._headers = {
            "User-Agent": f"shuttle-diplomacy/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        self._running: set[Deadline] = set()
        self._lock = threading.Lock()
        self._too_late = Answer(failure=Verdict.TIMED_OUT, note=f"no answer in {seconds:g} seconds")
        self.stopped = False

    def stop(self) -> None:
        """Cut all requests; what they answer means nothing from now on."""
        self.stopped = True
        with self._lock:
            running = list(self._running)
        for deadline in running:
            deadline.cut()

    def ask(self, method: str, url: str, cookies: "RequestsCookieJar") -> Answer:
        """Send one request and read the header of its answer; the body is left where it is.

        Args:
            method: ``HEAD`` or ``GET``.
            url: an address as :func:`~shuttle_diplomacy.review.links.urls.target_of` gives it.
            cookies: those of this chain of redirects; what the answer sets is added.

        Raises:
            ConfigurationError: the certificates that the environment names cannot be read.
        """
        import requests
        import urllib3

        with self._deadline() as deadline:
            try:
                prepared = requests.Request(method, url, headers=self._headers, cookies=cookies).prepare()
                answer = self._send(prepared, deadline, cookies)
            except FailedError as error:
                return Answer(failure=error.verdict, note=error.note, lasting=error.lasting)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                if deadline.passed or isinstance(error, requests.Timeout | TimeoutError):
                    return self._too_late
                return _failed(error)
            # A header that was cut here looks like one that ended.
            return self._too_late if deadline.passed else answer

    @contextmanager
    def _deadline(self) -> Iterator[Deadline]:
        with Deadline(self.seconds) as deadline:
            with self._lock:
                self._running.add(deadline)
            if self.stopped:
                deadline.cut()
            try:
                yield deadline
            finally:
                with self._lock:
                    self._running.discard(deadline)

    def _send(self, prepared: "PreparedRequest", deadline: Deadline, cookies: "RequestsCookieJar") -> Answer:
        from requests.cookies import extract_cookies_to_jar

        def opened(host: str, port: int) -> socket.socket:
            connection = connect(host, port, deadline.end, allow_private=self.allow_private)
            deadline.hold(connection)
            return connection

        adapter = _adapter(opened, self._context if urlsplit(prepared.url or "").scheme == "https" else None)
        try:
            response = adapter.send(prepared, stream=True, timeout=self.seconds)
            with response:
                extract_cookies_to_jar(cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
                headers = response.headers
                return Answer(response.status_code, headers.get("Location", ""), headers.get("Retry-After", ""))
        finally:
            adapter.close()

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Return what is trusted, read once: it is large."""
        from requests.adapters import DEFAULT_CA_BUNDLE_PATH
        from urllib3.util.ssl_ import create_urllib3_context

        bundle = os.environ.get("REQUESTS_CA_BUNDLE") or DEFAULT_CA_BUNDLE_PATH
        context = create_urllib3_context()
        try:
            if Path(bundle).is_dir():
                context.load_verify_locations(capath=bundle)
            else:
                context.load_verify_locations(cafile=bundle)
        except OSError as error:
            raise ConfigurationError(f"the certificates in {bundle} cannot be read: {error.strerror}") from error
        return context


def _adapter(opened: Callable[[str, int], socket.socket], context: ssl.SSLContext | None) -> "HTTPAdapter":
    """Return what sends one request over connections that are opened here."""
    from requests.adapters import HTTPAdapter

    def connecting(connection_class: Any) -> Any:
        class Guarded(connection_class):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                return opened(self.host, self.port)

        return Guarded

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, ssl_context=context, **kwargs)

        def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
            pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
            pool.ConnectionCls = connecting(pool.ConnectionCls)
            return pool

        def cert_verify(self, *args: Any) -> None:
            """Leave it to the context, which holds the certificates already and requires them."""

    return Adapter()


def _failed(error: Exception) -> Answer:
    """Return what an exception of the libraries means."""
    from urllib3.exceptions import InvalidHeader

    chain = list(_chain(error))
    verifying = next((e for e in chain if isinstance(e, ssl.SSLCertVerificationError)), None)
    if verifying is not None:
        note = f"its certificate is not trusted: {verifying.verify_message}"
        return Answer(failure=Verdict.UNREACHABLE, note=note, lasting=True)
    if any(isinstance(e, ssl.SSLError) for e in chain):
        return Answer(failure=Verdict.UNREACHABLE, note="no secure connection", lasting=True)
    if any(isinstance(e, _CUT_OFF) for e in chain):
        return Answer(failure=Verdict.UNREACHABLE, note="the connection was cut before an answer came")
    if any(isinstance(e, http.client.HTTPException | InvalidHeader) for e in chain):
        return Answer(failure=Verdict.SERVER_ERROR, note="what it answers is no HTTP", lasting=True)
    return Answer(failure=Verdict.UNREACHABLE, note="no connection")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all it was made from, be it as cause or as argument."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, BaseException) and id(item) not in seen:
            seen.add(id(item))
            yield item
            waiting += [item.__cause__, item.__context__, *item.args, getattr(item, "reason", None)]
