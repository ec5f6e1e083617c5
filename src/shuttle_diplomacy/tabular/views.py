"""Views: derived tables, each a query with a Table Schema that its result has to meet."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnknownNameError
from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.tabular.sql import named_tables, run_query
from shuttle_diplomacy.tabular.types import reading_of


@dataclass(frozen=True)
class View:
    """A derived table: its query and the schema of its result."""

    name: str
    query: str
    schema: Schema
    where: str


def read_views(folder: Path | None) -> list[View]:
    """Return the views of a folder: ``<name>.sql`` beside ``<name>.json``, by name.

    Raises:
        ConfigurationError: one of the two files is missing, or the schema is no JSON object.
    """
    if folder is None:
        return []
    return [
        parse_view(file.stem, file.read_text(encoding="utf-8"), file.with_suffix(".json").read_bytes, str(file))
        for file in sorted(folder.glob("*.sql"))
    ]


def parse_view(name: str, query: str, read_schema: Callable[[], bytes], where: str) -> View:
    """Return a view from its two texts.

    Raises:
        ConfigurationError: the schema cannot be read.
    """
    try:
        descriptor = json.loads(read_schema())
        schema = Schema(descriptor)
        assert schema.names
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise ConfigurationError(f"{where}: its schema {name}.json cannot be read: {error}") from error
    return View(name, query, schema, where)


class Relations:
    """Tables and views by name; a view is computed when it is first asked for, and kept.

    Args:
        tables: typed frames of the tables (enumerated texts as String), and of the metadata.
        views: the views; each may read tables and other views.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame], views: Iterable[View]) -> None:
        self._frames = {name: frame.lazy() for name, frame in tables.items()}
        self._views = {view.name: view for view in views}
        self._makers: dict[str, Callable[[], pl.DataFrame]] = {}
        self._running: list[str] = []
        clash = sorted(set(self._frames) & set(self._views))
        if clash:
            raise ConfigurationError(f"{clash[0]!r} names both a table and a view")

    def __contains__(self, name: str) -> bool:
        return name in self.names

    @property
    def names(self) -> set[str]:
        """Return the names of all tables and views."""
        return set(self._frames) | set(self._views) | set(self._makers)

    def add(self, name: str, make: Callable[[], pl.DataFrame]) -> None:
        """Add a table that is computed only if a query names it."""
        self._makers[name] = make

    def tables_behind(self, names: Iterable[str]) -> set[str]:
        """Return the tables that queries over these names read in the end."""
        found: set[str] = set()
        todo, done = list(names), set[str]()
        while todo:
            name = todo.pop()
            if name in done:
                continue
            done.add(name)
            if name in self._views:
                todo += named_tables(self._views[name].query)
            else:
                found.add(name)
        return found

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table or a computed view.

        Raises:
            UnknownNameError: there is neither.
            ConfigurationError: the view reads itself, cannot run, or its result does not meet its schema.
        """
        return self._lazy(name).collect()

    def query(self, text: str, where: str) -> pl.DataFrame:
        """Return the result of a query over tables and views."""
        frames = {name: self._lazy(name) for name in named_tables(text) if name in self}
        return run_query(text, frames, where)

    def _lazy(self, name: str) -> pl.LazyFrame:
        if name in self._frames:
            return self._frames[name]
        if name in self._makers:
            self._frames[name] = self._makers[name]().lazy()
            return self._frames[name]
        if name not in self._views:
            raise UnknownNameError("table or view", name, sorted(self.names))
        if name in self._running:
            raise ConfigurationError("views read each other in a circle: " + " -> ".join([*self._running, name]))
        self._running.append(name)
        try:
            view = self._views[name]
            frame = in_schema(self.query(view.query, view.where), view)
        finally:
            self._running.pop()
        self._frames[name] = frame.lazy()
        return self._frames[name]


def in_schema(frame: pl.DataFrame, view: View) -> pl.DataFrame:
    """Return a view's result in the types of its schema.

    Raises:
        ConfigurationError: the columns differ from the schema's, or a value does not fit its type.
    """
    if frame.columns != view.schema.names:
        raise ConfigurationError(
            f"{view.where}: the query gives the columns {frame.columns}, its schema has {view.schema.names}"
        )
    try:
        return frame.select(pl.col(f.name).cast(reading_of(f).dtype) for f in view.schema.fields)
    except pl.exceptions.PolarsError as error:
        raise ConfigurationError(f"{view.where}: the result does not fit its schema: {error}") from error
