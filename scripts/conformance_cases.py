"""The conformance cases: reading them, and writing one as a package.

The format is described in tests/data/conformance/README.md and is no business of Python alone.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "data" / "conformance"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
DESCRIPTOR_ERRORS = {"package-error", "resource-error", "schema-error", "field-error", "dialect-error"}


@dataclass(frozen=True)
class Cell:
    """One value of a case that judges a field's type: its text and whether it is right."""

    text: str
    valid: bool
    reason: str = ""

    @property
    def decided(self) -> bool:
        """Return whether the standard decides it; else ``reason`` says what we chose and why."""
        return not self.reason


@dataclass(frozen=True)
class Case:
    """One case: a package and what is right or wrong with it."""

    area: str
    value: dict[str, Any] = field(hash=False)

    @property
    def id(self) -> str:
        """Return the id, which occurs once in all areas."""
        return str(self.value["id"])

    @property
    def reason(self) -> str:
        """Return what we chose and why, where the standard leaves the whole case open; else an empty text."""
        return str(self.value.get("reason", ""))

    @property
    def cells(self) -> list[Cell]:
        """Return the values of a case that judges a field's type, else nothing."""
        return [Cell(v["cell"], v["valid"], v.get("reason", "")) for v in self.value.get("values", [])]

    @property
    def error(self) -> str:
        """Return the type of error that a wrong value gives."""
        return str(self.value.get("error", "type-error"))

    @property
    def names(self) -> list[str]:
        """Return the names of what is counted: the case itself, or each of its values."""
        return [f"{self.id}/{number}" for number in range(1, len(self.cells) + 1)] or [self.id]

    @cached_property
    def descriptor(self) -> dict[str, Any] | None:
        """Return the package's descriptor; None where it is given as a file because it is no JSON object."""
        if not self.cells:
            found: dict[str, Any] | None = self.value.get("package")
            return found
        fields = [{"name": "n", "type": "integer"}, {"name": "value", **self.value["field"]}]
        resource = {
            "name": "t",
            "type": "table",
            "path": "t.csv",
            "format": "csv",
            "encoding": "utf-8",
            "dialect": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False},
            "schema": {"fields": fields, **self.value.get("schema", {})},
        }
        return {"$schema": PROFILE, "name": "case", "resources": [resource]}

    @cached_property
    def files(self) -> dict[str, bytes]:
        """Return the files beside the descriptor."""
        if self.cells:
            return {"t.csv": _table(self.cells).encode()}
        given = self.value.get("files", {})
        return {name: f["text"].encode() if "text" in f else base64.b64decode(f["base64"]) for name, f in given.items()}

    @property
    def digest(self) -> str:
        """Return a short checksum of the package, by which a stored result is known to be about this very case."""
        files = {name: content.hex() for name, content in self.files.items()}
        return sha256(json.dumps([self.descriptor, files], sort_keys=True).encode()).hexdigest()[:12]

    @property
    def expected(self) -> list[dict[str, Any]]:
        """Return the errors that are right, each with what is said of it."""
        if self.cells:
            wrong = (row for row, cell in enumerate(self.cells, 2) if not cell.valid)
            return [{"type": self.error, "row": row, "field": "value"} for row in wrong]
        return list(self.value["expect"]["errors"])

    @property
    def warnings(self) -> list[str] | None:
        """Return the types of the warnings that our gate gives; None where nothing is said of them."""
        found: list[str] | None = self.value.get("expect", {}).get("warnings")
        return found

    @property
    def valid(self) -> bool:
        """Return the verdict that is right."""
        return all(c.valid for c in self.cells) if self.cells else bool(self.value["expect"]["valid"])

    @property
    def about_metadata(self) -> bool:
        """Return whether the descriptor alone decides the case."""
        found = {error.get("type") for error in self.expected}
        return not self.cells and (self.valid or found <= DESCRIPTOR_ERRORS)

    def write(self, folder: Path) -> Path:
        """Write the package into a folder that exists, and return its descriptor."""
        file = folder / "datapackage.json"
        if self.descriptor is not None:
            file.write_text(json.dumps(self.descriptor, ensure_ascii=False), encoding="utf-8")
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return file

    def alone(self, number: int) -> "Case":
        """Return the case with only one of its values (from 0)."""
        return Case(self.area, {**self.value, "values": [self.value["values"][number]]})


def _table(cells: Sequence[Cell]) -> str:
    """Return the table of a case of values: a column of numbers, then the values, quoted where they have to be."""
    rows = (f"{number},{_quoted(cell.text)}\n" for number, cell in enumerate(cells, 1))
    return "n,value\n" + "".join(rows)


def _quoted(text: str) -> str:
    """Return a cell, quoted where RFC 4180 demands it; versions of Python's csv differ on a lone CR."""
    quoted = '"' + text.replace('"', '""') + '"'
    return quoted if set(text) & set(',"\r\n') else text


def load(only: str = "", folder: Path = FOLDER) -> list[Case]:
    """Return the cases whose area or id begins with a text.

    Examples:
        >>> [case.id for case in load("keys") if case.id == "primary-key-twice"]
        ['primary-key-twice']
    """
    return [
        Case(content["area"], value)
        for file in sorted(folder.glob("*.json"))
        if file.name != "case.schema.json"
        for content in [json.loads(file.read_text(encoding="utf-8"))]
        for value in content["cases"]
        if content["area"].startswith(only) or str(value["id"]).startswith(only)
    ]


def titles(folder: Path = FOLDER) -> dict[str, str]:
    """Return the title of each area."""
    files = (json.loads(f.read_text(encoding="utf-8")) for f in sorted(folder.glob("*.json")) if "schema" not in f.name)
    return {content["area"]: str(content["title"]) for content in files}
