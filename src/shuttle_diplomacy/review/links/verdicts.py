"""What can be said of an address after it was asked."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it went, in one word."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    REFUSED = "refused"
    TIMED_OUT = "timed-out"
    UNREACHABLE = "unreachable"
    SERVER_ERROR = "server-error"
    BLOCKED = "blocked"
    INVALID = "invalid"
    NOT_ASKED = "not-asked"

    @property
    def is_failure(self) -> bool:
        """Return whether no reader gets to the page; a page that only refuses programs is no failure."""
        return self not in _NO_FAILURE

    @property
    def is_lasting(self) -> bool:
        """Return whether the same answer is to be expected for days; other trouble may be over tomorrow."""
        return self in {Verdict.OK, Verdict.MOVED, Verdict.GONE}


_NO_FAILURE = {Verdict.OK, Verdict.MOVED, Verdict.REFUSED, Verdict.NOT_ASKED}

MEANINGS = {
    Verdict.OK: "opens",
    Verdict.MOVED: "redirects for good; the new address is suggested",
    Verdict.GONE: "the server says that there is no such page (404, 410)",
    Verdict.REFUSED: "the server lets no program in (401, 403, 429, 451 and the like); look by hand",
    Verdict.TIMED_OUT: "no answer in time",
    Verdict.UNREACHABLE: "no such host, no connection or no trusted certificate",
    Verdict.SERVER_ERROR: "the server fails (5xx), redirects in a circle or answers nonsense",
    Verdict.BLOCKED: "leads into a private or local network and was not asked",
    Verdict.INVALID: "is no address",
    Verdict.NOT_ASKED: "was not asked",
}


@dataclass(frozen=True)
class Hop:
    """A redirect.

    Attributes:
        status: with which status.
        url: where it leads, without user name and password.
    """

    status: int
    url: str


@dataclass(frozen=True)
class Outcome:
    """What became of one address.

    Attributes:
        verdict: the verdict.
        note: why, in a few words; of ``ok`` only what is worth knowing.
        status: the last status, if there was an answer.
        hops: the redirects that were followed.
        suggestion: the address to write instead, where the server names one for good.
        asked: when it was asked, in seconds since 1970; None: it was not.
        known: whether an earlier run asked.
    """

    verdict: Verdict
    note: str = ""
    status: int | None = None
    hops: tuple[Hop, ...] = ()
    suggestion: str = ""
    asked: float | None = None
    known: bool = False

    def as_json(self) -> str:
        """Return what is worth remembering.

        Examples:
            >>> first = Outcome(Verdict.MOVED, hops=(Hop(301, "http://a.example/"),), asked=1.5)
            >>> Outcome.from_json(first.as_json(), asked=1.5) == Outcome(
            ...     Verdict.MOVED, hops=(Hop(301, "http://a.example/"),), asked=1.5, known=True
            ... )
            True
        """
        kept = asdict(self)
        del kept["asked"], kept["known"]
        return json.dumps(kept)

    @classmethod
    def from_json(cls, text: str, asked: float) -> "Outcome":
        """Return what was remembered.

        Raises:
            ValueError, TypeError, KeyError: the text is nothing that was written here.
        """
        kept = json.loads(text)
        hops = tuple(Hop(**hop) for hop in kept.pop("hops"))
        return cls(Verdict(kept.pop("verdict")), hops=hops, asked=asked, known=True, **kept)
