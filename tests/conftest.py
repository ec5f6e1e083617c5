"""Fixtures: tiny packages, written for one test each."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.link_server import LinkServer, serving

Fields = list[dict[str, Any]]
TWO = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]


class PackageFolder:
    """Writes a package of CSV tables into a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        profile = "https://datapackage.org/profiles/2.0/datapackage.json"
        self.descriptor: dict[str, Any] = {"$schema": profile, "name": "tiny", "resources": []}
        root.mkdir(parents=True, exist_ok=True)

    def table(self, name: str, content: str | bytes, fields: Fields | None = None, **schema: Any) -> "PackageFolder":
        data = content.encode() if isinstance(content, str) else content
        (self.root / f"{name}.csv").write_bytes(data)
        resource = {
            "name": name,
            "type": "table",
            "path": f"{name}.csv",
            "encoding": "utf-8",
            "schema": {"fields": fields or TWO, **schema},
        }
        self.descriptor["resources"].append(resource)
        return self.write()

    def write(self) -> "PackageFolder":
        (self.root / "datapackage.json").write_text(json.dumps(self.descriptor), encoding="utf-8")
        return self


@pytest.fixture
def server() -> Iterator[LinkServer]:
    with serving() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> PackageFolder:
    return PackageFolder(tmp_path / "package")


@pytest.fixture
def judged(folder: PackageFolder) -> Callable[..., Any]:
    """Judge a package of one table and return the report."""
    from shuttle_diplomacy.package import open_package
    from shuttle_diplomacy.validation.pipeline import validate

    def judge(content: str | bytes | None = None, fields: Fields | None = None, **schema: Any) -> Any:
        if content is not None:
            folder.table("t", content, fields, **schema)
        return validate(open_package(folder.root))

    return judge


def errors(report: Any) -> list[tuple[Any, ...]]:
    """Return each listed error as type, line, column and field."""
    return [(f.type, f.line, f.column, f.field_name) for task in report.all_tasks for f in task.errors]


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name archives by their length: their bytes hold the time at which they were made."""
    del config
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) and not val.isascii() else None
