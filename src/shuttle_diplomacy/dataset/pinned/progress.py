"""How far a download is: one line on stderr, on a terminal and in a notebook; silent everywhere else."""

import sys
import time
from typing import Self

_PATIENCE = 0.3  # seconds before anything is shown: a quick download does not flicker
_PAUSE = 0.2
_BAR = 20
_KILO = 1000


def is_watched() -> bool:
    """Return whether somebody sees what is written to stderr while it is written."""
    if sys.stderr is None:  # a program without console
        return False
    return sys.stderr.isatty() or _in_notebook()


def _in_notebook() -> bool:
    """Tell a notebook's kernel without importing anything: whoever runs in one has imported it."""
    interactive = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return "ZMQInteractiveShell" in [kind.__name__ for kind in type(interactive).__mro__]


def amount(count: int) -> str:
    """Return a number of bytes for people.

    Examples:
        >>> amount(999), amount(1_234_567)
        ('999 B', '1.2 MB')
    """
    value, units = float(count), iter(("B", "kB", "MB", "GB"))
    unit = next(units)
    for larger in units:
        if value < _KILO:
            break
        value, unit = value / _KILO, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


def line(name: str, size: int, total: int | None, speed: float) -> str:
    """Return what is shown of a download.

    Examples:
        >>> line("zoo-1.2.0.zip", 500, 1000, 100)
        'zoo-1.2.0.zip [##########..........]  50 % 500 B of 1.0 kB, 100 B/s'
        >>> line("zoo-1.2.0.zip", 500, None, 100)
        'zoo-1.2.0.zip 500 B, 100 B/s'
    """
    if not total:
        return f"{name} {amount(size)}, {amount(int(speed))}/s"
    share = min(size / total, 1.0)
    bar = "#" * int(share * _BAR)
    done = f"{amount(size)} of {amount(total)}, {amount(int(speed))}/s"
    return f"{name} [{bar:.<{_BAR}}] {share * 100:3.0f} % {done}"


class Progress:
    """Shows one download; to be closed, so that its line is taken away.

    Args:
        name: what is downloaded.
        watched: whether to show anything; None: if somebody sees it.

    Examples:
        >>> with Progress("zoo-1.2.0.zip", watched=False) as progress:
        ...     progress.show(500, 1000)
    """

    def __init__(self, name: str, *, watched: bool | None = None) -> None:
        from shuttle_diplomacy.package.finding import plain

        self._name = plain(name)
        self._watched = is_watched() if watched is None else watched
        self._began = time.monotonic()
        self._first: int | None = None
        self._next = self._began + _PATIENCE
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._width:
            self._write("")

    def show(self, size: int, total: int | None) -> None:
        """Show how many bytes of how many are there; ``total`` None: nobody knows."""
        now = time.monotonic()
        if self._first is None or size < self._first:
            self._first, self._began = size, now
        if self._watched and now >= self._next:
            self._next = now + _PAUSE
            speed = (size - self._first) / max(now - self._began, 0.001)
            self._write(line(self._name, size, total, speed))

    def tell(self, what: str) -> None:
        """Show a sentence in place of the bar."""
        if self._watched:
            self._write(f"{self._name}: {what}")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(f"\r{text:<{self._width}}" + ("" if text else "\r"))
            sys.stderr.flush()
        except (OSError, ValueError):  # nobody is there any more; the download goes on
            self._watched = False
        self._width = len(text)
