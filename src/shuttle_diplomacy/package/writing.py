"""Writing a file as a whole: at every moment either the old content is there or the new one."""

import os
import shutil
import tempfile
from pathlib import Path

from shuttle_diplomacy.errors import TargetError

_MODE = 0o644


def replace_file(file: Path, content: bytes) -> None:
    """Write a file beside its place and rename it; what was there keeps its permissions.

    Raises:
        TargetError: it cannot be written; the old file was left as it is.
    """
    beside = ""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as target:
            beside = target.name
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        if file.exists():
            shutil.copymode(file, beside)
        else:
            Path(beside).chmod(_MODE)
        Path(beside).replace(file)
        beside = ""
    except OSError as error:
        raise TargetError(f"{file} cannot be written: {error.strerror}; nothing was changed") from error
    finally:
        if beside:
            Path(beside).unlink(missing_ok=True)
