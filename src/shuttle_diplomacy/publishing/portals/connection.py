"""The connection to a portal: to its hosts only, again where that is harmless, and each failure as one sentence."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.http import origin, without_credentials
from shuttle_diplomacy.publishing.portals.access import Token
from shuttle_diplomacy.publishing.portals.faults import PortalError, refusal, unreachable
from shuttle_diplomacy.publishing.portals.requesting import Request
from shuttle_diplomacy.publishing.portals.sending import BOUNDS, Answer, Bounds, Sender

if TYPE_CHECKING:
    from urllib3.util.retry import Retry

_SUCCESS = {200, 201, 202, 204}
_PASSING = {429, 500, 502, 503, 504}  # what may be over soon


def pause(seconds: float) -> None:
    """Wait before a request is sent again."""
    time.sleep(seconds)


class Connection:
    """Sends requests to a portal.

    No redirect is followed, and the token goes to the hosts of the portal only.

    Args:
        base: the portal's address, as :func:`~shuttle_diplomacy.publishing.portals.access.checked_address` returns it.
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
        self._token, self._scopes, self._note, self._bounds = token, scopes, note, bounds or BOUNDS
        self._sender = Sender(scheme + token.value, headers or {}, sent, self._bounds)

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
            answer = self._sender.send(request)
            wait = self._asked_pause(policy, answer)
            if answer.status and answer.status not in _PASSING:
                break
            again = _next(policy) if wait <= self._bounds.patience else None
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
        odd = "@" in parts.netloc or any(char <= " " or char in "\\\x7f" for char in request.url)
        if not (ours or theirs) or odd:
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
    def _asked_pause(policy: "Retry", answer: Answer) -> float:
        """Return how many seconds the portal asks to wait."""
        from urllib3.exceptions import InvalidHeader

        try:
            return max(policy.parse_retry_after(answer.retry_after), 0) if answer.retry_after else 0
        except (InvalidHeader, ValueError, OverflowError):
            return 0

    def _understood(self, request: Request, answer: Answer, wait: float) -> Any:
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
                    place=self._token.hidden_in(answer.place),
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


def _next(policy: "Retry") -> "Retry | None":
    """Return the policy for one more try, None if it was the last."""
    from urllib3.exceptions import HTTPError, MaxRetryError

    try:
        return policy.increment(error=HTTPError())
    except MaxRetryError:
        return None


def _trouble(answer: Answer) -> str:
    return f"status {answer.status}" if answer.status else answer.reason
