"""Opening a package: from a folder, a descriptor, a zip archive or an http(s) address."""

from pathlib import Path
from typing import IO, cast
from urllib.parse import urljoin, urlsplit

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits, fetch_into, without_credentials
from shuttle_diplomacy.package.model import Package
from shuttle_diplomacy.package.parsing import YAML_ENDINGS, Descriptor, parse_descriptor
from shuttle_diplomacy.package.storage import Archive, Folder, Remote, Storage

__all__ = ["DESCRIPTOR_NAME", "DESCRIPTOR_NAMES", "Descriptor", "open_package", "parse_descriptor"]

DESCRIPTOR_NAME = "datapackage.json"
# In the order in which they are looked for.
DESCRIPTOR_NAMES = (DESCRIPTOR_NAME, "datapackage.yaml", "datapackage.yml")


def open_package(where: str | Path, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Read the descriptor of a package; its data is read later, on demand.

    Args:
        where: a folder that holds ``datapackage.json`` (or ``datapackage.yaml``, ``datapackage.yml``), a
            descriptor, a ``.zip`` with the descriptor at its root, or an http(s) address of a descriptor or zip.
        limits: bounds on time and size.

    Raises:
        UnreadableError: it is not there, or is not a JSON (or YAML) object.
        MissingExtraError: the descriptor is YAML, and PyYAML is not installed.

    Examples:
        >>> open_package("no/such/folder")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnreadableError: no/such/folder is not there
    """
    storage, name = _locate(str(where), limits)
    descriptor = parse_descriptor(storage.read(name), f"{storage.where}: {name}")
    return Package(descriptor, storage, name)


def open_archive(file: Path, address: str = "", limits: Limits = DEFAULT_LIMITS) -> Package:
    """Read the descriptor of a package in a zip archive of any name.

    Args:
        file: the archive.
        address: where it was fetched from, for messages.
        limits: bounds on size.

    Raises:
        UnreadableError: see :func:`open_package`.
    """
    storage, name = Archive(file, limits, address), _descriptor_in(file)
    return Package(parse_descriptor(storage.read(name), f"{storage.where}: {name}"), storage, name)


def _locate(where: str, limits: Limits) -> tuple[Storage, str]:
    if where.startswith(("http://", "https://")):
        return _locate_address(where, limits)
    path = Path(where)
    try:
        if path.is_dir():
            for name in DESCRIPTOR_NAMES:
                if (path / name).is_file():
                    return Folder(path, limits), name
            raise UnreadableError(f"{where} holds no {DESCRIPTOR_NAME}")
        if not path.exists():
            raise UnreadableError(f"{where} is not there")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{where!r} is not a path that can be read: {error}") from error
    if path.suffix == ".zip":
        return Archive(path, limits), _descriptor_in(path)
    return Folder(path.parent, limits), path.name


def _locate_address(where: str, limits: Limits) -> tuple[Storage, str]:
    try:
        if Path(urlsplit(where).path).suffix == ".zip":
            archive = _fetched_archive(where, limits)
            return archive, _descriptor_in(archive.file)
        if Path(urlsplit(where).path).suffix not in (".json", *YAML_ENDINGS):
            where = where.rstrip("/") + "/" + DESCRIPTOR_NAME
        return Remote(urljoin(where, "."), limits), Path(urlsplit(where).path).name
    except ValueError as error:
        raise UnreadableError(f"{where!r} is not an address: {error}") from error


def _fetched_archive(address: str, limits: Limits) -> Archive:
    """Fetch a zip archive into a temporary file, which is deleted when the archive is no longer used."""
    from tempfile import NamedTemporaryFile

    fetched = NamedTemporaryFile(prefix="shuttle-", suffix=".zip")  # noqa: SIM115
    fetch_into(address, cast(IO[bytes], fetched), limits)
    fetched.flush()
    return Archive(Path(fetched.name), limits, without_credentials(address), fetched)


def _descriptor_in(archive: Path) -> str:
    """Return the name of the descriptor at the root of a zip archive; that of JSON if there is none."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(archive) as opened:
            members = set(opened.namelist())
    except (OSError, BadZipFile, RuntimeError, ValueError, NotImplementedError):
        return DESCRIPTOR_NAME  # reading it says what is wrong with the archive
    return next((name for name in DESCRIPTOR_NAMES if name in members), DESCRIPTOR_NAME)
