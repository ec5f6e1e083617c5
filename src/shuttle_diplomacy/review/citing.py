"""The sources of rows: what each changed row cites, and which rows lost a source. The table is a declared one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnknownNameError, did_you_mean
from shuttle_diplomacy.package import Package
from shuttle_diplomacy.review.stored import read_stored

_ROLES = ("record_table", "record", "field", "source")
_GRADES = ("record_table", "record", "grade")
Row = tuple[str, str]


@dataclass(frozen=True)
class Citation:
    """One source of a row: the field that it is cited for, and its id."""

    field: str
    source: str


@dataclass(frozen=True)
class Citations:
    """All citations of one package; columns ``table``, ``record``, ``field`` and ``source``."""

    frame: pl.DataFrame

    @classmethod
    def read(cls, package: Package, declared: Mapping[str, str], where: str) -> "Citations":
        """Return the citations of a package.

        Args:
            package: the package.
            declared: which table holds them, and its columns.
            where: the configuration, for messages.

        Raises:
            ConfigurationError: a declared column is not there.
            UnknownNameError: the table is not there.
            UnsoundTableError: it has errors of structure.
        """
        table = declared.get("table", "")
        if table not in package.tables:
            raise UnknownNameError("table", table, package.tables)
        stored = read_stored(package.resource(table))
        names = stored.schema.names
        for role in _ROLES:
            if declared.get(role) not in names:
                near = did_you_mean(str(declared.get(role, "")), names)
                raise ConfigurationError(
                    f"{where}: citations in [tool.shuttle] has to name a column of {table!r} as {role!r};{near}".rstrip(
                        ";"
                    )
                )
        wanted = ["table", "record", "field", "source"]
        columns = (pl.col(str(names.index(declared[role]))) for role in _ROLES)
        return cls(stored.text.select(c.fill_null("").alias(n) for c, n in zip(columns, wanted, strict=True)))

    @property
    def tables(self) -> set[str]:
        """Return the tables whose rows are cited at all."""
        return set(self.frame["table"].unique())

    def of(self, rows: Iterable[Row]) -> dict[Row, list[Citation]]:
        """Return the citations of some rows."""
        wanted = list(rows)
        found: dict[Row, list[Citation]] = {row: [] for row in wanted}
        here = pl.DataFrame(wanted, schema={"table": pl.String, "record": pl.String}, orient="row")
        for table, record, field, source in self.frame.join(here, on=["table", "record"], how="semi").iter_rows():
            found[table, record].append(Citation(field, source))
        return found

    def lost(self, new: "Citations", records: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that still are there and lost a source: ``table``, ``record``, ``source``, ``left``.

        Args:
            new: the citations of the later package.
            records: ``table`` and ``record`` of its rows.
        """
        which = ["table", "record"]
        gone = self.frame.unique([*which, "source"], maintain_order=True).join(
            new.frame, on=[*which, "source"], how="anti"
        )
        counts = new.frame.unique([*which, "source"]).group_by(which).len("left")
        still = gone.join(records, on=which, how="semi").join(counts, on=which, how="left", maintain_order="left")
        return still.select(*which, "source", pl.col("left").fill_null(0).cast(pl.Int64))


def grades(frame: pl.DataFrame, declared: Mapping[str, str], where: str) -> dict[Row, str]:
    """Return the grade of each row that has one, from the declared view.

    Raises:
        ConfigurationError: a declared column is not there.
    """
    for role in _GRADES:
        if declared.get(role) not in frame.columns:
            near = did_you_mean(str(declared.get(role, "")), frame.columns)
            note = f"grades in [tool.shuttle] has to name a column of {declared.get('view')!r} as {role!r}"
            raise ConfigurationError(f"{where}: {note};{near}".rstrip(";"))
    columns = [pl.col(declared[role]).cast(pl.String) for role in _GRADES]
    return {(table, record): grade for table, record, grade in frame.select(columns).drop_nulls().iter_rows()}


def records(tables: Sequence[tuple[str, pl.Series]]) -> pl.DataFrame:
    """Return table and id of all rows as one frame."""
    empty = pl.DataFrame(schema={"table": pl.String, "record": pl.String})
    parts = [ids.alias("record").to_frame().select(pl.lit(name).alias("table"), "record") for name, ids in tables]
    return pl.concat([empty, *parts])
