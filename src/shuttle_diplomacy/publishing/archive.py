"""The zip archive of a release: stored, sorted, with fixed dates and permissions."""

import shutil
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LATEST = (2107, 12, 31, 23, 59, 58)
_UNIX = 3


def write_archive(folder: Path, file: Path, epoch: int) -> None:
    """Write all files below a folder into a zip archive, their paths relative to it.

    Nothing is deflated, so that the bytes do not depend on the zlib that Python is linked to.

    Args:
        folder: what is archived.
        file: the archive.
        epoch: the date of each member, in seconds since 1970 (UTC).
    """
    files = {member.relative_to(folder).as_posix(): member for member in folder.rglob("*") if member.is_file()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _zip_date(epoch))
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.file_size = files[name].stat().st_size
            with files[name].open("rb") as source, archive.open(info, "w") as member:
                shutil.copyfileobj(source, member)


def _zip_date(epoch: int) -> tuple[int, int, int, int, int, int]:
    """Return a date as zip archives can hold it: from 1980 to 2107, in steps of two seconds.

    Examples:
        >>> _zip_date(0), _zip_date(1_768_262_401)
        ((1980, 1, 1, 0, 0, 0), (2026, 1, 13, 0, 0, 0))
    """
    try:
        at = datetime.fromtimestamp(epoch, tz=UTC)
    except (OverflowError, OSError, ValueError):
        return _LATEST
    found = (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2)
    return min(max(found, _EARLIEST), _LATEST)
