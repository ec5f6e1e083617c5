"""The two sides of a comparison: a folder, a descriptor, a zip, an address, or ``git:REVISION[:PATH]``."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from shuttle_diplomacy.errors import ConfigurationError, ShuttleError, UnreadableError
from shuttle_diplomacy.package import Package, open_package
from shuttle_diplomacy.package.configuration import (
    Configuration,
    configuration_of,
    find_configuration,
    read_configuration,
)
from shuttle_diplomacy.package.http import DEFAULT_LIMITS
from shuttle_diplomacy.package.metadata import require_shape
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAMES
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.review.repository import EVERYTHING, Repository

GIT = "git:"


@dataclass(frozen=True)
class Side:
    """One of the two packages that are compared.

    Attributes:
        label: how it was named, for people.
        package: the package.
        configuration: what its repository declares, or None where it belongs to none.
        reason: why there is no configuration, where one was expected.
        folder: the temporary folder that a revision was taken to, or an empty text.
    """

    label: str
    package: Package
    configuration: Configuration | None = None
    reason: str = ""
    folder: str = ""

    def shown(self, text: str) -> str:
        """Return a message that names the revision rather than the folder it was taken to."""
        return text.replace(self.folder, self.label) if self.folder else text


@contextmanager
def opened(where: str, start: Path | None = None) -> Iterator[Side]:
    """Give one side of a comparison; what was taken out of git is deleted afterwards.

    Args:
        where: a folder, a descriptor, a zip, an http(s) address, or ``git:REVISION[:PATH]``: the package of a commit,
            by default at the place that the configuration of the working tree names; PATH is relative to the root of
            the repository.
        start: a folder of the repository (default: the working directory).

    Raises:
        UnreadableError: it is not there, or cannot be read.
    """
    if where.startswith(GIT):
        with tempfile.TemporaryDirectory(prefix="shuttle-") as folder, _named(folder, where):
            yield _taken_from_git(where, Path(folder), start or Path.cwd())
        return
    package = require_shape(open_package(where))
    configuration, reason = None, ""
    if isinstance(package.storage, Folder):
        try:
            configuration = configuration_of(package.storage.root)
        except ConfigurationError as error:
            reason = str(error)
    yield Side(package.where if package.storage.is_remote else where, package, configuration, reason)


@contextmanager
def _named(folder: str, label: str) -> Iterator[None]:
    """Let errors name the revision rather than the folder it was taken to."""
    try:
        yield
    except ShuttleError as error:
        error.args = tuple(a.replace(folder, label) if isinstance(a, str) else a for a in error.args)
        raise


def _taken_from_git(where: str, folder: Path, start: Path) -> Side:
    revision, _, path = where.removeprefix(GIT).partition(":")
    if not revision:
        raise UnreadableError(f"{where!r} names no revision; write git:REVISION or git:REVISION:PATH")
    repository = Repository.around(start)
    commit = repository.commit(revision)
    declared = find_configuration(start)
    file = _inside(repository, declared.file) if declared else None
    if file is not None:
        repository.extract(commit, [file], folder, DEFAULT_LIMITS.max_bytes)
    place = _clean(path, where) if path else _place(repository, declared, start)
    configuration, reason = _configuration(folder, file)
    if not path and configuration is not None and not repository.holds(commit, place):
        place = _below(folder, configuration.package) or place  # it was elsewhere then
    if not repository.holds(commit, place):
        raise UnreadableError(f"{where} has no {place!r}; name the package's place then: {GIT}{revision}:PATH")
    wanted = {PurePosixPath(place).parent.as_posix() if place.endswith(_ENDINGS) else place}
    if configuration is not None:
        named = (configuration.metadata, configuration.schemas, configuration.rules, configuration.views)
        wanted |= {_below(folder, item) for item in named if item is not None} - {""}
    repository.extract(commit, sorted(wanted), folder, DEFAULT_LIMITS.max_bytes)
    package = require_shape(open_package(folder / place))
    own = configuration is not None and configuration.package.resolve() == _folder(package)
    return Side(where, package, configuration if own else None, reason, str(folder))


_ENDINGS = (".json", ".yaml", ".yml")


def _folder(package: Package) -> Path | None:
    return package.storage.root.resolve() if isinstance(package.storage, Folder) else None


def package_place(repository: Repository, start: Path) -> str:
    """Return where the package of a working tree is, relative to the root of its repository.

    Raises:
        UnreadableError: nothing says it.
    """
    return _place(repository, find_configuration(start), start)


def _place(repository: Repository, declared: Configuration | None, start: Path) -> str:
    if declared is not None and (place := _inside(repository, declared.package)) is not None:
        return place
    for folder in [start.resolve(), *start.resolve().parents]:
        if any((folder / name).is_file() for name in DESCRIPTOR_NAMES):
            place = _inside(repository, folder)
            if place is not None:
                return place
    raise UnreadableError("no [tool.shuttle] says where the package of this repository is; write git:REVISION:PATH")


def _clean(path: str, where: str) -> str:
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if ".." in parts or path.startswith("/"):
        raise UnreadableError(f"{where}: {path!r} has to be a path below the root of the repository")
    return "/".join(parts) or EVERYTHING


def _inside(repository: Repository, file: Path) -> str | None:
    """Return a file's path from the root of the repository, or None where it lies elsewhere."""
    root, file = repository.root.resolve(), file.resolve()
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else None


def _below(folder: Path, file: Path) -> str:
    root, file = folder.resolve(), file.resolve()
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else ""


def _configuration(folder: Path, file: str | None) -> tuple[Configuration | None, str]:
    """Return what the revision itself declares."""
    if file is None or not (folder / file).is_file():
        return None, ""
    try:
        return read_configuration(folder / file), ""
    except ConfigurationError as error:
        return None, str(error)
