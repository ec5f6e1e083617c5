"""What a tag publishes: make sure that tag, version and changelog agree, and lay out the files of the release.

``--check`` only compares; else the folder ``--out`` gets the archive, every table and document of the release beside
it, wheel and sdist, ``SHA256SUMS`` of them all; and the file ``--notes`` the section of the changelog.
"""

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_INSIDE = ("rules", "views")  # many small files; the archive holds them


def version_of(root: Path) -> str:
    """Return the version that the metadata declare."""
    return str(json.loads((root / "schemas" / "package.json").read_text(encoding="utf-8"))["version"])


def notes_of(changelog: str, version: str) -> str:
    r"""Return a version's section of the changelog, without its heading.

    Raises:
        ValueError: there is none.

    Examples:
        >>> notes_of("# C\n\n## 0.2.0 - 2026-12-01\n\nMore.\n\n## 0.1.0 - 2026-11-22\n\nFirst.\n", "0.2.0")
        'More.\n'
    """
    pattern = rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d\n(?P<notes>.*?)(?=^## |\Z)"
    found = re.search(pattern, changelog, re.MULTILINE | re.DOTALL)
    if found is None or not found["notes"].strip():
        raise ValueError(f"CHANGELOG.md has no section '## {version} - YYYY-MM-DD' that says something")
    return found["notes"].strip() + "\n"


def check(root: Path, tag: str) -> str:
    """Return the notes of the version that a tag names.

    Raises:
        ValueError: tag, version and changelog do not agree.
    """
    version = version_of(root)
    if tag != f"v{version}":
        raise ValueError(f"the tag is {tag!r}, but schemas/package.json has version {version!r}: tag v{version}")
    return notes_of((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)


def lay_out(folders: Sequence[Path], out: Path) -> list[str]:
    """Copy the files of a release side by side and return their names.

    Args:
        folders: ``dist`` and ``dist-python``.
        out: the folder to fill; it must not exist.

    Raises:
        ValueError: two files have the same name.
    """
    out.mkdir(parents=True)
    for file in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        if file.parent.name in _INSIDE or file.name == "SHA256SUMS":
            continue
        if (out / file.name).exists():
            raise ValueError(f"two files of the release are called {file.name}")
        shutil.copyfile(file, out / file.name)
    names = sorted(file.name for file in out.iterdir())
    sums = "".join(f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
    return [*names, "SHA256SUMS"]


def main(argv: Sequence[str] | None = None) -> int:
    """Check, and lay out the files; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tag", required=True, help="the tag that is published")
    parser.add_argument("--check", action="store_true", help="only compare tag, version and changelog")
    parser.add_argument("--dist", type=Path, nargs="+", default=[ROOT / "dist", ROOT / "dist-python"])
    parser.add_argument("--out", type=Path, default=ROOT / "upload", help="the folder to fill (default: upload)")
    parser.add_argument("--notes", type=Path, default=ROOT / "notes.md", help="the file for the notes")
    options = parser.parse_args(argv)
    try:
        notes = check(ROOT, options.tag)
        if not options.check:
            options.notes.write_text(notes, encoding="utf-8")
            print("\n".join(lay_out(options.dist, options.out)))
    except ValueError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
