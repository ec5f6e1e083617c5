"""Progress of long steps: shown on a terminal, silent everywhere else. It goes to stderr, the result to stdout."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, Task
    from rich.text import Text

PATIENCE = 0.3  # seconds before reading shows anything: a quick run neither flickers nor loads what draws


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
    from rich.markup import escape

    from shuttle_diplomacy.package.finding import plain

    with Console(stderr=True).status(f"{verb} ...") as status:
        yield lambda name: status.update(f"{verb} {escape(plain(name))} ...")


class Reading:
    """Shows which table is being read, how many rows of it, and how fast.

    Examples:
        >>> with reading() as progress:
        ...     progress.table("summits")
        ...     progress.rows(30)
    """

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
        self._began = self._started = time.monotonic()
        self._name = ""
        self._count = 0
        self._progress: Progress | None = None

    def table(self, name: str) -> None:
        """Begin a table."""
        self._name, self._count, self._started = name, 0, time.monotonic()
        self._show()

    def rows(self, count: int) -> None:
        """Count rows that were read."""
        self._count += count
        self._show()

    def close(self) -> None:
        """Take the line off the terminal."""
        if self._progress is not None:
            self._progress.stop()

    def _show(self) -> None:
        if not self._shown or time.monotonic() - self._began < PATIENCE:
            return
        if self._progress is None:
            self._progress = _line()
            self._progress.start()
        seconds = time.monotonic() - self._started
        speed = f"{self._count / seconds:,.0f} rows/s" if self._count and seconds else ""
        self._progress.update(self._progress.task_ids[0], name=self._name, rows=self._count, speed=speed)


def _line() -> "Progress":
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, SpinnerColumn
    from rich.text import Text

    from shuttle_diplomacy.package.finding import plain

    class Rows(ProgressColumn):
        def render(self, task: "Task") -> "Text":
            rows = f"  {task.fields['rows']:,} rows" if task.fields["rows"] else ""
            return Text(f"Reading {plain(task.fields['name'])}{rows}  {task.fields['speed']}")  # never markup

    progress = Progress(SpinnerColumn(), Rows(), console=Console(stderr=True), transient=True)
    progress.add_task("", total=None, name="", rows=0, speed="")
    return progress


@contextmanager
def reading() -> Iterator[Reading]:
    """Yield what shows the progress of a validation."""
    progress = Reading(shown=sys.stderr.isatty())
    try:
        yield progress
    finally:
        progress.close()


@contextmanager
def asking() -> Iterator[Callable[[int, int, object], None]]:
    """Yield a function that shows how many of how many addresses are done.

    Examples:
        >>> with asking() as heard:
        ...     heard(1, 20, None)
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)
        yield lambda done, total, _: progress.update(bar, completed=done, total=total)
