"""Progress of long steps: shown on a terminal, silent everywhere else. It goes to stderr, the result to stdout."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(verb: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being worked on.

    Examples:
        >>> with steps("Reading") as step:
        ...     step("summits")
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{verb} ...") as status:
        yield lambda name: status.update(f"{verb} {name} ...")
