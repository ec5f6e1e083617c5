"""Pairs of tiny packages, and throwaway git repositories that hold them."""

import json
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shuttle_diplomacy.review.comparing import compare
from shuttle_diplomacy.review.difference import Difference, TableDifference
from shuttle_diplomacy.review.revisions import opened
from tests.conftest import PackageFolder

SOME = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}, {"name": "note", "type": "string"}]


def package(folder: Path, content: str, fields: Any = None, version: str = "1.0.0", **schema: Any) -> PackageFolder:
    made = PackageFolder(folder)
    made.descriptor["version"] = version
    keys = {name: value for name, value in {"primaryKey": "id", **schema}.items() if value}
    return made.table("t", content, fields or SOME, **keys)


def compared(old: Any, new: Any) -> Difference:
    with ExitStack() as stack:
        sides = [stack.enter_context(opened(str(getattr(side, "root", side)))) for side in (old, new)]
        return compare(*sides)


def table(tmp_path: Path, before: str, after: str, fields: Any = None, **schema: Any) -> TableDifference:
    """Return the difference of one table, from the contents of its two files."""
    old = package(tmp_path / "old", before, fields, **schema)
    new = package(tmp_path / "new", after, fields, **schema)
    found = compared(old, new).tables
    return found[0] if found else TableDifference("t")


def git(folder: Path, *arguments: str) -> str:
    plain = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
    plain += ("-c", "commit.gpgsign=false", "-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null")
    done = subprocess.run(["git", *plain, "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


class GitPackage:
    """A repository with ``[tool.shuttle]`` and a package of one table."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        git(root, "init", "-q")
        (root / "pyproject.toml").write_text('[tool.shuttle]\npackage = "data package"\n')
        self.package = package(root / "data package", "id,n,note\na,1,x\n")

    def write(self, content: str, message: str = "change", **properties: Any) -> str:
        (self.package.root / "t.csv").write_text(content)
        self.package.descriptor.update(properties)
        self.package.write()
        return commit(self.root, message)


def cells(found: TableDifference) -> list[tuple[Any, ...]]:
    return found.cells.select("key", "field", "before", "after", "respelt").rows()


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
