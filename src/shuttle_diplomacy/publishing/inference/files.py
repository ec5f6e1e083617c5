"""Which files of a folder become tables, and how each is called."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package.storage import Folder

ENDINGS = (".csv", ".tsv", ".tab")
_NOT_PLAIN = re.compile(r"[^a-z0-9_]+")
_LEFT_OUT = {"node_modules", "__pycache__", "dist", "build", "venv"}


@dataclass(frozen=True)
class Note:
    """Something to look at.

    Attributes:
        where: the file or table it is about.
        text: what was taken for granted, left out or could not be decided.
    """

    where: str
    text: str


def table_files(root: Path) -> tuple[list[str], list[Note]]:
    """Return the paths of the tables below a folder, sorted, and what was left out with the reason.

    Hidden files, and folders that tools fill, are passed over in silence.
    """
    storage, paths, notes = Folder(root), [], []
    for path in sorted(_found(root)):
        try:
            path.encode()
            storage.check_path(path)
            regular = (root / path).is_file()
        except UnicodeEncodeError:
            notes.append(Note(path, "left out: its name is no text that a descriptor can hold; rename it"))
        except ShuttleError as error:
            notes.append(Note(path, f"left out: {error}"))
        else:
            if regular:
                paths.append(path)
            else:
                notes.append(Note(path, "left out: it is no file"))
    return paths, notes


def _found(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _LEFT_OUT]
        for name in files:
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield Path(folder, name).relative_to(root).as_posix()


def plain_name(text: str, otherwise: str) -> str:
    """Return a name of small letters, digits, ``-`` and ``_``, as the standard recommends.

    Examples:
        >>> plain_name("Städte 2024", "table"), plain_name("表", "table")
        ('stadte-2024', 'table')
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NOT_PLAIN.sub("-", ascii_only).strip("-_")[:100] or otherwise


def resource_names(paths: Iterable[str]) -> list[str]:
    """Return a name for each path: that of the file, with a number where it is taken.

    Examples:
        >>> resource_names(["a.csv", "old/A.csv", "old/b c.csv"])
        ['a', 'a-2', 'b-c']
    """
    names: list[str] = []
    for path in paths:
        name = plain_name(Path(path).stem, "table")
        number, free = 2, name
        while free in names:
            number, free = number + 1, f"{name}-{number}"
        names.append(free)
    return names
