"""What follows from the data: the views of a repository, computed for both sides and compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import ShuttleError, UnsoundTableError
from shuttle_diplomacy.package import Package
from shuttle_diplomacy.review.comparing import compare_tables
from shuttle_diplomacy.review.difference import Stored, TableDifference
from shuttle_diplomacy.tabular.frames import Frames
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.reader import read_table
from shuttle_diplomacy.tabular.views import Relations, View


@dataclass(frozen=True)
class Computed:
    """The tables and views of one side; each is computed when it is first asked for."""

    relations: Relations

    @classmethod
    def of(cls, package: Package, views: Sequence[View]) -> "Computed":
        """Return those of a package."""
        return cls(relations(package, Frames(package.tables, lambda name: _sound(package, name)), list(views)))

    def view(self, view: View) -> Stored:
        """Return a view's result as texts.

        Raises:
            ShuttleError: it cannot be computed on this side.
        """
        frame = self.relations.frame(view.name)
        texts = frame.select(_text(name, dtype).alias(str(n)) for n, (name, dtype) in enumerate(frame.schema.items()))
        numbers = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True)
        return Stored(view.schema, texts, numbers)


def moved(old: Computed, new: Computed, views: Sequence[View]) -> list[TableDifference]:
    """Return what differs in each view; one that cannot be computed on a side says so.

    Args:
        old: the earlier package with these views.
        new: the later one with them.
        views: the views.
    """
    found = []
    for view in views:
        try:
            difference = compare_tables(view.name, old.view(view), new.view(view))
        except (ShuttleError, pl.exceptions.PolarsError) as error:
            difference = TableDifference(view.name, "unread", " ".join(str(error).split())[:300])
        if not difference.same:
            found.append(difference)
    return found


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        return column.cast(pl.List(pl.String)).list.join(", ")
    if isinstance(dtype, pl.Struct):
        return column.struct.json_encode()
    return column.cast(pl.String)


def _sound(package: Package, name: str) -> pl.DataFrame:
    frame, findings = read_table(package.resource(name))
    if findings:
        raise UnsoundTableError(f"{name!r} has errors: {findings[0].place}: {findings[0].note}")
    return frame
