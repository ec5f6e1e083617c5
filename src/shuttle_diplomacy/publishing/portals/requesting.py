"""A request to a portal, and who takes it: a connection that sends it, or a rehearsal that only writes it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from shuttle_diplomacy.publishing.portals.built import Asset


@dataclass(frozen=True)
class Request:
    """One request.

    Attributes:
        method: its method.
        url: its whole address.
        doing: what it is for, as an infinitive: it begins the sentences about its failures.
        json: its body, if it is JSON.
        upload: the file that is its body, or a part of it.
        form: the other parts, if the body is a form; None: the file is the whole body.
        media_type: that of the file, if it is not to be called what it is.
        repeatable: whether sending it twice does what sending it once does.
        absent: statuses that mean that there is no such thing; the answer is None then.
        rehearsed: what a portal answers that knows nothing of the release yet.
    """

    method: str
    url: str
    doing: str
    json: Any = None
    upload: Asset | None = None
    form: Mapping[str, str] | None = None
    media_type: str | None = None
    repeatable: bool = False
    absent: frozenset[int] = frozenset()
    rehearsed: Any = field(default=None, repr=False)


class Client(Protocol):
    """Takes requests."""

    def ask(self, request: Request) -> Any:
        """Return the decoded JSON of the answer, None where there is none."""

    def note(self, text: str) -> None:
        """Tell the user what was done, or found."""


def address(base: str, *parts: str, **query: object) -> str:
    """Return an address below another one; names are quoted, so that they stay one step of the path.

    Examples:
        >>> address("https://a.example/api", "files", "a/b c", page=1)
        'https://a.example/api/files/a%2Fb%20c?page=1'
    """
    path = "/".join([base, *(quote(item, safe="{}") for item in parts)])
    return f"{path}?{urlencode(query, safe='{}')}" if query else path
