"""The data that comes with this installation: inside the wheel, or beside ``src/`` in a checkout."""

from functools import cache
from pathlib import Path

from shuttle_diplomacy.dataset.opened import OpenPackage
from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.configuration import Configuration, read_configuration

_HERE = Path(__file__).resolve().parents[1]


@cache
def configuration() -> Configuration:
    """Return the declaration of the bundled package.

    Raises:
        UnreadableError: the installation holds no data.
    """
    for root in (_HERE.parents[1], _HERE / "data"):
        if (root / "datapackage" / "datapackage.json").is_file() and (root / "pyproject.toml").is_file():
            found = read_configuration(root / "pyproject.toml")
            if found is not None:
                return found
    raise UnreadableError("this installation holds no data; install shuttle-diplomacy again")


@cache
def bundled() -> OpenPackage:
    """Return the bundled package.

    Raises:
        UnreadableError: the installation holds no data.
    """
    declared = configuration()
    computed = declared.file.parent / "computed"  # in a wheel; a checkout, whose data may change, computes its views
    return OpenPackage(open_package(declared.package), declared.views, computed if computed.is_dir() else None)


def write_views(folder: Path) -> list[Path]:
    """Write every view of the bundled package as Parquet, for the wheel, and return the files."""
    declared = configuration()
    data = OpenPackage(open_package(declared.package), declared.views)
    files = []
    for name in data.tables()[len(data.package.tables) :]:
        files.append(folder / f"{name}.parquet")
        data.load(name).rechunk().write_parquet(files[-1], statistics=False, row_group_size=1 << 18)
    return files
