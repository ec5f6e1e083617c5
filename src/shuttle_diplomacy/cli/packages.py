"""What the verbs share: finding the package that is meant, and the rules that belong to it."""

from pathlib import Path

from shuttle_diplomacy.errors import ConfigurationError, UnreadableError
from shuttle_diplomacy.package import Package, open_package
from shuttle_diplomacy.package.configuration import (
    Configuration,
    configuration_of,
    find_configuration,
    read_configuration,
)
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAMES
from shuttle_diplomacy.package.storage import Folder


def nearest_configuration() -> Configuration:
    """Return the configuration of the repository around the working directory.

    Raises:
        ConfigurationError: there is none.
    """
    found = find_configuration(Path.cwd())
    if found is None:
        raise ConfigurationError(
            "no [tool.shuttle] was found from here upwards; run it inside a repository that has one"
        )
    return found


def nearest_package(where: str | None) -> Package:
    """Return the package named, or the nearest one from the working directory upwards.

    Raises:
        UnreadableError: there is none, or it cannot be read.
    """
    if where is not None:
        return open_package(where)
    configuration = find_configuration(Path.cwd())
    for folder in [Path.cwd(), *Path.cwd().parents]:
        if any((folder / name).is_file() for name in DESCRIPTOR_NAMES):
            return open_package(folder)
        if configuration and folder == configuration.file.parent:
            return open_package(configuration.package)
    raise UnreadableError(f"no {DESCRIPTOR_NAMES[0]} was found from here upwards; name a package")


def configuration_for(package: Package, file: str | None) -> Configuration | None:
    """Return the configuration that applies to a package: the named file, else its own repository's.

    Raises:
        ConfigurationError: the named file declares nothing.
    """
    if file is not None:
        found = read_configuration(Path(file))
        if found is None:
            raise ConfigurationError(f"{file} has no [tool.shuttle]")
        return found
    if isinstance(package.storage, Folder):
        return configuration_of(package.storage.root)
    return None
