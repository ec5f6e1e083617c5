"""The files of a release while it is built: each path once, fixed permissions whatever the umask."""

import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from shuttle_diplomacy.errors import ConfigurationError, ShuttleError
from shuttle_diplomacy.package.storage import Folder, safe_path
from shuttle_diplomacy.publishing.refusals import refusal


@dataclass
class ReleaseFolder:
    """A folder that is filled.

    Attributes:
        root: the folder; it is made with its first file.
        paths: paths of the files written so far, by their form on systems that do not tell cases apart.
    """

    root: Path
    _written: dict[str, str] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """Return the paths of the files written so far."""
        return list(self._written.values())

    @property
    def storage(self) -> Folder:
        """Return the folder as a place to read from."""
        return Folder(self.root)

    def add(self, path: str, content: bytes) -> None:
        """Write a file of these bytes; see :meth:`writing` for what is refused."""
        with self.writing(path) as file:
            file.write_bytes(content)

    def copy(self, path: str, content: BinaryIO) -> None:
        """Write a file from a stream, piece by piece; see :meth:`writing` for what is refused."""
        with self.writing(path) as file, file.open("wb") as target:
            shutil.copyfileobj(content, target)

    @contextmanager
    def writing(self, path: str) -> Iterator[Path]:
        """Yield the place at which a file is to be written.

        Raises:
            ConfigurationError: there is one of that path (or of one that differs in case only), or the path holds
                control characters.
            OSError: it cannot be written.
            UnsafePathError: the path leads out of the folder.
        """
        path = safe_path(path)
        if any(unicodedata.category(char) == "Cc" for char in path):
            raise ConfigurationError(f"the path {path!r} holds control characters, which lists of checksums cannot")
        if other := self._written.get(path.casefold()):
            raise ConfigurationError(f"two files of the release have one path: {other!r} and {path!r}; rename one")
        self._written[path.casefold()] = path
        for folder in [*reversed(PurePosixPath(path).parents)]:
            target = self.root / folder
            target.mkdir(parents=True, exist_ok=True)
            target.chmod(0o755)
        file = self.root / path
        try:
            yield file
            file.chmod(0o644)
        except ShuttleError:
            raise
        except Exception as error:
            if refused := refusal(error, str(file)):
                raise refused from error
            raise
