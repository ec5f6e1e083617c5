"""Opening a package: from a folder, a descriptor, a zip archive or an http(s) address."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits
from shuttle_diplomacy.package.model import Descriptor, Package
from shuttle_diplomacy.package.storage import Archive, Folder, Remote, Storage

DESCRIPTOR_NAME = "datapackage.json"


def open_package(where: str | Path, limits: Limits = DEFAULT_LIMITS) -> Package:
    """Read the descriptor of a package; its data is read later, on demand.

    Args:
        where: a folder that holds ``datapackage.json``, a descriptor, a ``.zip`` with the descriptor at its
            root, or an http(s) address of a descriptor.
        limits: bounds on time and size.

    Raises:
        UnreadableError: it is not there, or is not a JSON object with a list of resources.

    Examples:
        >>> open_package("no/such/folder")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnreadableError: no/such/folder is not there
    """
    storage, name = _locate(str(where), limits)
    descriptor = parse_descriptor(storage.read(name), f"{storage.where}: {name}")
    return Package(descriptor, storage, name)


def _locate(where: str, limits: Limits) -> tuple[Storage, str]:
    if where.startswith(("http://", "https://")):
        try:
            if Path(urlsplit(where).path).suffix != ".json":
                where = where.rstrip("/") + "/" + DESCRIPTOR_NAME
            return Remote(urljoin(where, "."), limits), Path(urlsplit(where).path).name
        except ValueError as error:
            raise UnreadableError(f"{where!r} is not an address: {error}") from error
    path = Path(where)
    try:
        if path.is_dir():
            if not (path / DESCRIPTOR_NAME).is_file():
                raise UnreadableError(f"{where} holds no {DESCRIPTOR_NAME}")
            return Folder(path, limits), DESCRIPTOR_NAME
        if not path.exists():
            raise UnreadableError(f"{where} is not there")
    except (OSError, ValueError) as error:
        raise UnreadableError(f"{where!r} is not a path that can be read: {error}") from error
    if path.suffix == ".zip":
        return Archive(path, limits), DESCRIPTOR_NAME
    return Folder(path.parent, limits), path.name


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def parse_descriptor(content: bytes, where: str) -> Descriptor:
    """Return a descriptor from JSON bytes; only its outermost shape is checked here.

    Raises:
        UnreadableError: no UTF-8, no JSON, not an object, or ``resources`` is not a list of objects with names.
    """
    try:
        value: Any = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a character (a lone surrogate) is no text
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableError(f"{where} is not a JSON object")
    return value
