"""Build the release and the Python packages twice, as differently as one machine can, and compare every byte.

The second time the commit is cloned to another folder and built with another time zone, locale, umask, hash seed and
number of threads. The first outcome stays in ``dist/`` and ``dist-python/``.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_OTHER = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "4711", "POLARS_MAX_THREADS": "1"}
_UMASK = 0o077


def digests(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, by path."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Return the paths whose bytes differ, or that only one side has.

    Examples:
        >>> differing({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"})
        ['b', 'c']
    """
    return sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))


def build(source: Path, out: Path, python_out: Path, other: Mapping[str, str] | None = None) -> None:
    """Build the release and the Python packages of a checkout.

    Raises:
        CalledProcessError: a build fails.
    """
    epoch = _git(source, "log", "-1", "--format=%ct")
    environment = os.environ | {"PYTHONPATH": str(source / "src"), "SOURCE_DATE_EPOCH": epoch} | dict(other or {})
    umask = _UMASK if other else -1
    release = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "build", "--out", str(out)]
    package = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(python_out)]
    for command in (release, package):
        subprocess.run(command, cwd=source, env=environment, umask=umask, check=True)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main(argv: Sequence[str] | None = None) -> int:
    """Build twice and compare; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the release (default: dist)")
    parser.add_argument("--python-out", type=Path, default=ROOT / "dist-python", help="wheel and sdist")
    options = parser.parse_args(argv)
    outs = [folder.resolve() for folder in (options.out, options.python_out)]
    if left := [folder for folder in outs[1:] if folder.exists() and any(folder.iterdir())]:
        print(f"twice: {left[0]} is not empty; remove it first", file=sys.stderr)
        return 2
    build(ROOT, outs[0], outs[1])
    with tempfile.TemporaryDirectory() as temporary:
        clone, again = Path(temporary, "elsewhere"), [Path(temporary, "a"), Path(temporary, "b")]
        _git(ROOT, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone))
        _git(clone, "checkout", "--quiet", _git(ROOT, "rev-parse", "HEAD"))
        build(clone, again[0], again[1], _OTHER)
        changed = [p for one, two in zip(outs, again, strict=True) for p in differing(digests(one), digests(two))]
    for path in changed:
        print(f"twice: {path} differs", file=sys.stderr)
    print(f"{sum(len(digests(folder)) for folder in outs)} files, {len(changed)} differ")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
