"""The way from an address to its verdict: which request comes next, and what the answers mean together."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from shuttle_diplomacy.package.http import without_credentials
from shuttle_diplomacy.review.links.asking import Answer
from shuttle_diplomacy.review.links.urls import InvalidAddressError, OtherSchemeError, Target, redirected
from shuttle_diplomacy.review.links.verdicts import Hop, Outcome, Verdict

if TYPE_CHECKING:
    from requests.cookies import RequestsCookieJar

_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_WAITING = {429, 503}
_AGAIN = {429, 500, 502, 503, 504}
_SEEN_BEFORE = 2  # a page may send back to itself once, to see whether cookies are kept


@dataclass(frozen=True)
class Patience:
    """How often and how late an address is asked again.

    Attributes:
        tries: requests to one place after which no further one is sent; time-outs count double.
        first_seconds: wait before the second request; it doubles from one to the next.
        most_seconds: the longest wait, also where the server asks for more; then it is not asked again.
        hops: redirects that are followed.
    """

    tries: int = 3
    first_seconds: float = 1
    most_seconds: float = 60
    hops: int = 10


@dataclass(frozen=True)
class Again:
    """Ask once more.

    Attributes:
        seconds: not before so many seconds.
        whole_host: whether the host as a whole asks to be left alone for so long.
    """

    seconds: float = 0
    whole_host: bool = False


def _jar() -> "RequestsCookieJar":
    from requests.cookies import RequestsCookieJar

    return RequestsCookieJar()


@dataclass
class Visit:
    """One address on its way.

    ``HEAD`` comes first. Whatever but success or a redirect it brings is asked again with ``GET``, since many
    servers answer ``HEAD`` wrongly; from then on it is ``GET``.

    Attributes:
        start: the address that was asked for.
        patience: when to give up.
        target: where the next request goes.
        method: its method.
        hops: the redirects so far.
        cookies: what servers set on the way.
    """

    start: Target
    patience: Patience = field(default_factory=Patience)
    method: str = "HEAD"
    hops: list[Hop] = field(default_factory=list)
    cookies: "RequestsCookieJar" = field(default_factory=_jar)

    def __post_init__(self) -> None:
        self.target = self.start
        self._failed = 0

    def take(self, answer: Answer) -> Again | Outcome:
        """Return what an answer leads to: the verdict, or one more request.

        Examples:
            >>> visit = Visit(Target("http://a.example/", "a.example"))
            >>> visit.take(Answer(405)), visit.method
            (Again(seconds=0, whole_host=False), 'GET')
            >>> visit.take(Answer(200)).verdict
            <Verdict.OK: 'ok'>
        """
        status = answer.status
        if status in _REDIRECTS and answer.location:
            return self._redirect(status, answer.location)
        if status is not None and 200 <= status < 300:  # noqa: PLR2004
            return self._success(status)
        was_head, self.method = self.method == "HEAD", "GET"
        waiting = status in _WAITING and answer.retry_after
        if was_head and status is not None and not waiting and status != 429:  # noqa: PLR2004
            return Again()
        return self._again(answer) or self._failure(answer)

    def _again(self, answer: Answer) -> Again | None:
        if answer.lasting or (answer.status is not None and answer.status not in _AGAIN):
            return None
        self._failed += 2 if answer.failure is Verdict.TIMED_OUT else 1
        if self._failed >= self.patience.tries:
            return None
        seconds = self.patience.first_seconds * 2 ** (self._failed - 1)
        asked = retry_after(answer.retry_after) if answer.status in _WAITING else None
        if asked is not None and asked > self.patience.most_seconds:
            return None
        return Again(max(min(seconds, self.patience.most_seconds), asked or 0), asked is not None)

    def _redirect(self, status: int, location: str) -> Again | Outcome:
        try:
            target = redirected(self.target.url, location)
        except (InvalidAddressError, OtherSchemeError) as error:
            where = without_credentials(location[:200])
            return self._end(Verdict.SERVER_ERROR, f"redirects to {where!r}, which {error}", status)
        if [hop.url for hop in self.hops].count(target.url) >= _SEEN_BEFORE:
            return self._end(Verdict.SERVER_ERROR, "redirects in a circle", status)
        if len(self.hops) >= self.patience.hops:
            return self._end(Verdict.SERVER_ERROR, f"redirects more than {self.patience.hops} times", status)
        self.hops.append(Hop(status, target.url))
        self.target, self._failed = target, 0
        return Again()

    def _success(self, status: int) -> Outcome:
        permanent = 0
        while permanent < len(self.hops) and self.hops[permanent].status in _PERMANENT:
            permanent += 1
        last = self.target.url
        if self.hops and _is_front(last) and not _is_front(self.start.url):
            note = "leads to a front page; the page itself may be gone"
            return self._end(Verdict.MOVED, note, status)
        if urlsplit(self.start.url).scheme == "https" and urlsplit(last).scheme == "http":
            return self._end(Verdict.OK, "leads from https to http, which is not encrypted", status)
        if permanent and (new := self.hops[permanent - 1].url) != self.start.url:
            return self._end(Verdict.MOVED, "", status, new)
        return self._end(Verdict.OK, "redirects for now" if self.hops else "", status)

    def _failure(self, answer: Answer) -> Outcome:
        if answer.failure is not None:
            return self._end(answer.failure, answer.note)
        status = answer.status or 0
        note = f"answers with status {status}"
        if status in _WAITING and answer.retry_after:
            seconds = retry_after(answer.retry_after)
            note += f" and asks to come again in {seconds:,.0f} seconds" if seconds is not None else ""
        if status in _GONE:
            return self._end(Verdict.GONE, note, status)
        refused = 400 <= status < 500  # noqa: PLR2004
        return self._end(Verdict.REFUSED if refused else Verdict.SERVER_ERROR, note, status)

    def _end(self, verdict: Verdict, note: str, status: int | None = None, suggestion: str = "") -> Outcome:
        return Outcome(verdict, note, status, tuple(self.hops), suggestion)


def _is_front(url: str) -> bool:
    parts = urlsplit(urldefrag(url).url)
    return parts.path in {"", "/"} and not parts.query


def retry_after(header: str) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for, be it in seconds or as a date; None: it is unreadable.

    Examples:
        >>> retry_after(" 120 "), retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), retry_after("soon"), retry_after("")
        (120.0, 0.0, None, None)
    """
    from urllib3.exceptions import HTTPError
    from urllib3.util import Retry

    try:
        return float(Retry().parse_retry_after(header)) if header else None
    except (HTTPError, ValueError, OverflowError):
        return None
