"""A case of fuzzing: a package held in memory, and how it is put on disk."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.fuzzing.emitting import to_json

SECRET = "sentinel-b1946ac9"  # stands in files beside the package; must not occur in anything that is reported
DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True)
class Link:
    """A symbolic link; ``{outside}`` in its target is the folder of the secret files."""

    target: str


@dataclass(frozen=True)
class Pipe:
    """A named pipe that nobody writes to: whoever opens it waits for ever."""


Content = bytes | Link | Pipe


@dataclass(frozen=True)
class Case:
    """A package.

    Attributes:
        area: what was varied.
        files: contents by path.
        opened: the path that is opened, below the folder; empty: the folder itself.
        descriptor: the descriptor as a value, where it is one, so that a failing case can be made smaller.
    """

    area: str
    files: Mapping[str, Content]
    opened: str = ""
    descriptor: Any = field(default=None, compare=False)

    def with_descriptor(self, value: Any) -> "Case":
        """Return the case with another descriptor."""
        return replace(self, descriptor=value, files={**self.files, DESCRIPTOR: to_json(value)})

    def put(self, folder: Path, outside: Path) -> Path:
        """Write the package into an empty folder; return what is to be opened."""
        for name, content in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                file.write_bytes(content.replace(b"{outside}", os.fsencode(outside)))
            elif isinstance(content, Link):
                file.symlink_to(content.target.replace("{outside}", str(outside)))
            else:
                os.mkfifo(file)
        return folder / self.opened if self.opened else folder


def put_secrets(outside: Path) -> None:
    """Write the files that no validation of a package beside them may read."""
    outside.mkdir(parents=True, exist_ok=True)
    (outside / "secret.csv").write_text(f"id,n\n{SECRET},{SECRET}\n", encoding="utf-8")
    schema = f'{{"fields": [{{"name": "{SECRET}", "type": "{SECRET}"}}], "delimiter": "{SECRET}"}}'
    (outside / "secret.json").write_text(schema, encoding="utf-8")
