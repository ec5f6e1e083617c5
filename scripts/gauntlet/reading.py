"""What judges read of a release: standard library only, since it runs in their environments."""

import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


class Fault(Exception):  # noqa: N818 (a judgement, not an error of the judge)
    """What a judge finds wrong with a release."""


@dataclass(frozen=True)
class Table:
    """A table of a release.

    Attributes:
        name: its resource's name.
        schema: its Table Schema.
        formats: its files by format; ``csv`` is always among them.
    """

    name: str
    schema: dict[str, Any]
    formats: dict[str, Path]

    @cached_property
    def lines(self) -> list[list[str]]:
        """Return the cells of the CSV, the header first."""
        csv.field_size_limit(sys.maxsize)
        with self.formats["csv"].open(encoding="utf-8", newline="") as file:
            return [line for line in csv.reader(file) if line]

    @property
    def columns(self) -> list[str]:
        """Return the names of the columns."""
        return self.lines[0]

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.lines) - 1

    def texts(self) -> dict[str, list[str]]:
        """Return the columns of plain text, sorted, null as an empty text: what every format has to hold alike."""
        fields = {field["name"]: field for field in self.schema.get("fields", [])}
        plain = [(n, c) for n, c in enumerate(self.columns) if fields.get(c, {}).get("type") == "string"]
        return {
            c: sorted("" if line[n] in self._missing(fields[c]) else line[n] for line in self.lines[1:])
            for n, c in plain
        }

    def _missing(self, field: dict[str, Any]) -> set[str]:
        listed = field.get("missingValues", self.schema.get("missingValues", [""]))
        return {item["value"] if isinstance(item, dict) else item for item in listed}

    def compare(self, what: str, columns: Iterable[str], rows: int, texts: dict[str, list[str]] | None = None) -> None:
        """Compare what was read of another format with the CSV.

        Raises:
            Fault: they differ in columns, number of rows, or the texts of a column.
        """
        if list(columns) != self.columns:
            raise Fault(f"{what}: columns {list(columns)}, the CSV has {self.columns}")
        if rows != self.rows:
            raise Fault(f"{what}: {rows} rows, the CSV has {self.rows}")
        if texts is not None:
            for name, expected in self.texts().items():
                if texts[name] != expected:
                    pairs = zip(texts[name], expected, strict=True)
                    found = next(pair for pair in pairs if pair[0] != pair[1])
                    raise Fault(f"{what}: column {name!r} holds {found[0]!r} where the CSV has {found[1]!r}")


def descriptor(release: Path) -> dict[str, Any]:
    """Return the release's descriptor."""
    value: dict[str, Any] = json.loads(one(release, "datapackage.json").read_text(encoding="utf-8"))
    return value


def tables(release: Path) -> list[Table]:
    """Return the tables of a release that have a CSV.

    Raises:
        Fault: there is none.
    """
    found = []
    for resource in descriptor(release)["resources"]:
        if not isinstance(resource.get("schema"), dict):
            continue
        formats = {item["format"]: release / item["path"] for item in resource.get("shuttle:formats", [])}
        path = resource.get("path")
        if "csv" not in formats and isinstance(path, str) and path.endswith(".csv"):
            formats["csv"] = release / path
        found.append(Table(resource["name"], resource["schema"], formats))
    if not found:
        raise Fault("the release holds no table")
    return found


def one(release: Path, pattern: str) -> Path:
    """Return the one file of a release that fits a pattern.

    Raises:
        Fault: there is none, or more than one.
    """
    found = sorted(release.glob(pattern))
    if len(found) != 1:
        raise Fault(f"{len(found)} files fit {pattern}; one is expected")
    return found[0]


def file_of(table: Table, ending: str) -> Path:
    """Return a table's file in a format.

    Raises:
        Fault: it is not listed, or not there.
    """
    file = table.formats.get(ending)
    if file is None or not file.is_file():
        raise Fault(f"table {table.name!r} has no {ending} file")
    return file


def counted(found: list[Table]) -> str:
    """Return what was judged, for the table of verdicts."""
    return f"{len(found)} tables, {sum(table.rows for table in found):,} rows"


def text(value: Any) -> str:
    """Return a cell as text, null as an empty one."""
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 (pandas' null is not itself)
