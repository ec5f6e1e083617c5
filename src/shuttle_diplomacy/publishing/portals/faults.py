"""What can go wrong between us and a portal, each as one sentence that says what to do next."""

from typing import Any

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package.finding import plain

_LONGEST = 400  # characters of a portal's own words that are shown
_DEEPEST = 6


class PortalError(ShuttleError):
    """A portal refuses, fails or cannot be reached, or something is missing that it needs."""


class MismatchError(PortalError):
    """Bytes are not those that they should be: here, or there."""


_ADVICE = {
    400: "what was sent does not suit it",
    401: "it does not accept the token in {variable}: make a new one, and for this very address",
    403: "the token in {variable} may not do this: {scopes}",
    404: "there is no such thing, or the token in {variable} may not see it: check the address and the names given",
    405: "it does not know this request: check the address",
    409: "that conflicts with what is there",
    413: "that is larger than it accepts",
    415: "it does not accept this form",
    422: "it finds fault with what was sent",
    429: "it asks for fewer requests: {wait}run the same command again, it goes on where this one ended",
}
_AGAIN = "run the same command again later, it goes on where this one ended"


def refusal(
    doing: str, status: int, answer: Any, *, variable: str, scopes: str, wait: float | None = None, place: str = ""
) -> str:
    """Return the sentence about an answer that is no success.

    Args:
        doing: what was asked for.
        status: the status of the answer.
        answer: its body, decoded if it was JSON, else None.
        variable: where the token comes from.
        scopes: what a token needs to be allowed.
        wait: how many seconds the portal asks to wait.
        place: where a redirect leads to.

    Examples:
        >>> refusal("to make the draft", 404, {"message": "PID not found"}, variable="T", scopes="write")[:60]
        'to make the draft: status 404 (PID not found); there is no s'
    """
    words = said(answer)
    shown = f" ({words})" if words else ""
    if 300 <= status < 400:  # noqa: PLR2004
        to = f" to {plain(place)[:_LONGEST]}" if place else ""
        advice = f"it sends on{to}, which is not followed with a token; give the right place with --address"
    elif status >= 500:  # noqa: PLR2004
        advice = f"it fails itself; {_AGAIN}"
    else:
        pause = f"wait {wait:,.0f} seconds and " if wait else ""
        advice = _ADVICE.get(status, "that is no answer of its interface: check the address")
        advice = advice.format(variable=variable, scopes=scopes, wait=pause)
    return f"{doing}: status {status}{shown}; {advice}"


def unreachable(doing: str, reason: str) -> str:
    """Return the sentence about a request that got no whole answer."""
    return f"{doing}: {reason}; {_AGAIN}"


def said(answer: Any) -> str:
    r"""Return what a portal says of an error: all texts of the places where portals put them, short and harmless.

    Examples:
        >>> said({"message": "Validation error", "errors": [{"field": "metadata.title", "message": "Missing."}]})
        'Validation error: metadata.title: Missing.'
        >>> said({"success": False, "error": {"name": ["That URL is already in use."], "__type": "Validation Error"}})
        'Validation Error: name: That URL is already in use.'
        >>> said({"message": "\x1b[31mred"}), said("<html>"), said([])
        ('\\x1b[31mred', '', '')
    """
    if not isinstance(answer, dict):
        return ""
    error = answer.get("error")
    parts = [answer.get("message"), *(_texts(answer.get("errors"), 0))]
    if isinstance(error, dict):
        rest = {key: value for key, value in error.items() if key not in {"__type", "message"}}
        parts += [error.get("__type"), error.get("message"), *_texts(rest, 0)]
    elif isinstance(error, str):
        parts.append(error)
    words = plain(": ".join(" ".join(str(part).split()) for part in parts if isinstance(part, str) and part.strip()))
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def _texts(value: Any, depth: int) -> list[str]:
    """Return the texts of nested errors, each with the name of its field before it."""
    if depth > _DEEPEST:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value[:20] for text in _texts(item, depth + 1)]
    if not isinstance(value, dict):
        return []
    if "field" in value:  # one error of a list, as Zenodo and GitHub write them
        told = [*_texts(value.get("message"), depth + 1), *_texts(value.get("messages"), depth + 1)]
        return [": ".join([str(value["field"]), *(told or _texts(value.get("code"), depth + 1))])]
    if "message" in value:
        return _texts(value["message"], depth + 1)
    found = []
    for key, item in list(value.items())[:20]:
        if texts := _texts(item, depth + 1):
            found.append(f"{key}: {', '.join(texts)}")
    return found


def part(answer: Any, *path: str, kind: type | tuple[type, ...] = str) -> Any:
    """Return a part of an answer, which has to be there and of its kind.

    Raises:
        PortalError: it is not; the portal is none of its sort.

    Examples:
        >>> part({"links": {"bucket": "https://a.example/b"}}, "links", "bucket")
        'https://a.example/b'
        >>> part([], "id", kind=int)
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.publishing.portals.faults.PortalError: the portal's answer has no 'id'; check the address
    """
    found = answer
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if not isinstance(found, kind) or (isinstance(found, bool) and kind is int):
        raise PortalError(f"the portal's answer has no {'.'.join(path)!r}; check the address")
    return found


def entries(answer: Any, what: str) -> list[dict[str, Any]]:
    """Return an answer that has to be a list of objects.

    Raises:
        PortalError: it is none.
    """
    if not isinstance(answer, list) or not all(isinstance(item, dict) for item in answer):
        raise PortalError(f"the portal's answer is no list of {what}; check the address")
    return answer
