"""The typed tables of a package by name, each read when it is first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import polars as pl


class Frames(Mapping[str, pl.DataFrame]):
    """Tables by name; each is read once, and only if it is asked for.

    Args:
        names: the names of the tables.
        read: gives a table.

    Examples:
        >>> frames = Frames(["a", "b"], lambda name: pl.DataFrame({"name": [name]}))
        >>> list(frames), "c" in frames, frames["b"].item()
        (['a', 'b'], False, 'b')
    """

    def __init__(self, names: Iterable[str], read: Callable[[str], pl.DataFrame]) -> None:
        self._names = list(names)
        self._read = cache(read)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return a table."""
        return self._read(name)

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """Return how many tables there are."""
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a table, without reading it."""
        return name in self._names
