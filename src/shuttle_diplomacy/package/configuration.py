"""``[tool.shuttle]``: what a repository declares about its package, in ``pyproject.toml`` or ``shuttle.toml``."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ConfigurationError, did_you_mean

_KEYS = ("package", "metadata", "schemas", "rules", "views", "codes", "citations", "grades", "links")
_PATHS = ("package", "metadata", "schemas", "rules", "views")


@dataclass(frozen=True)
class Configuration:
    """One repository's declaration; paths are resolved against the file's folder.

    Attributes:
        file: where it was read.
        package: the folder of the package.
        metadata: the file with the package's own metadata, or None.
        schemas: the folder with one Table Schema a table, or None.
        rules: the folder of SQL rules, or None.
        views: the folder of SQL views, or None.
        codes: which table holds the labels of enumerations, and its columns; ``languages`` and ``notes`` name further
            columns that the codebook shows, by heading.
        citations: which table holds the citations, and its columns.
        links: which table holds addresses, and its columns.
        grades: which view grades the evidence of each row, and its columns.
    """

    file: Path
    package: Path
    metadata: Path | None = None
    schemas: Path | None = None
    rules: Path | None = None
    views: Path | None = None
    codes: dict[str, Any] = field(default_factory=dict)
    citations: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)


def read_configuration(file: Path) -> Configuration | None:
    """Return what a file declares, or None where it has no ``[tool.shuttle]``.

    Raises:
        ConfigurationError: the file is no TOML, or a key is unknown or of the wrong type.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}") from error
    tool = content.get("tool", {})
    table = content if file.name == "shuttle.toml" else tool.get("shuttle") if isinstance(tool, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise ConfigurationError(f"{file}: [tool.shuttle] has to be a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigurationError(f"{file}: unknown key {key!r} in [tool.shuttle];{did_you_mean(key, _KEYS)}")
        wanted = str if key in _PATHS else dict
        if not isinstance(value, wanted):
            raise ConfigurationError(f"{file}: {key!r} in [tool.shuttle] has to be a {wanted.__name__}")
        if isinstance(value, dict) and not all(_is_text_or_texts(item) for item in value.values()):
            raise ConfigurationError(
                f"{file}: each value of {key!r} in [tool.shuttle] has to be a text, or texts by name"
            )
        values[key] = file.parent / str(value) if key in _PATHS else value
    if "package" not in values:
        raise ConfigurationError(f"{file}: [tool.shuttle] does not name its package")
    return Configuration(file, **values)


def _is_text_or_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(isinstance(v, str) for v in value.values()))


def find_configuration(start: Path) -> Configuration | None:
    """Return the nearest declaration from a folder upwards, or None."""
    for folder in [start.resolve(), *start.resolve().parents]:
        for name in ("shuttle.toml", "pyproject.toml"):
            if (folder / name).is_file():
                found = read_configuration(folder / name)
                if found:
                    return found
    return None


def configuration_of(package_folder: Path) -> Configuration | None:
    """Return the repository's declaration if it is about the package in this folder; None for any other package."""
    found = find_configuration(package_folder)
    if found and found.package.resolve() == package_folder.resolve():
        return found
    return None
