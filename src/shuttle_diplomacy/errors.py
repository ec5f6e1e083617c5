"""Exceptions of this package: one base, a few children.

Each message says what is wrong, where, and what to do next. Errors *in data* are no exceptions: they are
:class:`~shuttle_diplomacy.package.finding.Finding` objects in a report.
"""

from collections.abc import Iterable
from difflib import get_close_matches

MOST_HINTS = 1000  # so many errors of one kind say what is near to them; looking for it takes time


class ShuttleError(Exception):
    """Base of all errors raised on purpose; the command line prints it as one sentence and exits with 2."""


class UnreadableError(ShuttleError):
    """A package, a file or an address cannot be read at all."""


class CompressionError(UnreadableError):
    """A file is not compressed as declared, or its compressed form is damaged."""


class UnsupportedError(ShuttleError):
    """A package uses a part of the standard that is not read so far; it is refused rather than guessed at."""


class UnsafePathError(ShuttleError):
    """A descriptor names a path that leads out of its package."""


class UnsoundTableError(ShuttleError):
    """A table cannot be loaded because its file does not follow its schema."""


class UnknownNameError(ShuttleError, KeyError):
    """A table, field or format was asked for that does not exist.

    Examples:
        >>> raise UnknownNameError("table", "sumits", ["summits", "sources"])
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnknownNameError: there is no table 'sumits'; did you mean 'summits'? ...
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        known = list(known)
        super().__init__(
            f"there is no {kind} {name!r};{did_you_mean(name, known)} There are: {', '.join(known) or 'none'}"
        )

    def __str__(self) -> str:
        """Return the sentence itself (``KeyError`` would show it in quotes)."""
        return str(self.args[0])


class ConfigurationError(ShuttleError):
    """``[tool.shuttle]``, a rule or a view is written in a way that cannot run."""


class MissingExtraError(ShuttleError):
    """A feature needs an optional part of the installation."""


class UnsuitableFrameError(ShuttleError):
    """A chart was given a frame that it cannot draw."""


class TargetError(ShuttleError):
    """A release cannot be put where it was asked for."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` did you mean 'x'?`` for the nearest known name, or an empty text.

    Examples:
        >>> did_you_mean("licences", ["licenses", "name"])
        " did you mean 'licenses'?"
        >>> did_you_mean("zzz", ["licenses", "name"])
        ''
    """
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" did you mean {near[0]!r}?" if near else ""
