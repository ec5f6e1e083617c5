"""Environments of the judges: one for each lock file, made once and kept below the cache folder."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCKS = Path(__file__).parent
SECONDS = 900


class EnvironmentFault(Exception):  # noqa: N818
    """An environment could not be made; the message ends with what pip says."""


def environment(cache: Path, lock: str | None) -> Path:
    """Return the interpreter of a judge's environment, which is made where it is not there.

    Args:
        cache: the folder of all environments.
        lock: the name of a lock file, without ending; None for one that holds nothing but Python.

    Raises:
        EnvironmentFault: pip cannot install what the lock file names.
    """
    content = (LOCKS / f"{lock}.txt").read_bytes() if lock else b""
    digest = hashlib.sha256(content + sys.version.encode()).hexdigest()[:12]
    folder = cache / "environments" / f"{lock or 'python'}-{digest}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = folder / "ready"
    if ready.exists():
        return python
    for old in folder.parent.glob(f"{lock or 'python'}-????????????"):
        shutil.rmtree(old)
    _run([sys.executable, "-m", "venv", *([] if lock else ["--without-pip"]), str(folder)])
    if lock:
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        _run([*install, "-r", str(LOCKS / f"{lock}.txt")])
    ready.touch()
    return python


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise EnvironmentFault(f"pip took longer than {SECONDS} seconds") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise EnvironmentFault(lines[-1] if lines else f"exit code {done.returncode}")
