"""Print the part of requirements.lock that some packages need, with all hashes: for jobs that need no more.

Needs nothing but Python, so that it runs before anything is installed: ``python scripts/locked.py requests``, or
``python scripts/locked.py --extra tools`` for what the package needs with an extra.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_VIA = re.compile(r"^    # +(?:via +)?(?P<name>[A-Za-z0-9._-]+)", re.MULTILINE)


def locked(names: Iterable[str], lock: str) -> str:
    r"""Return the entries of some packages, and of all that they need.

    Raises:
        KeyError: a package is not locked.

    Examples:
        >>> print(locked(["b"], "a==1\n    # via b\nb==2\n    # via c\nc==3\n"), end="")
        a==1
            # via b
        b==2
            # via c
    """
    entries = {match["name"].lower(): match.group() for match in _ENTRY.finditer(lock)}
    needed_by = {name: {_plain(via) for via in _VIA.findall(entry)} for name, entry in entries.items()}
    wanted: set[str] = set()
    more = {_plain(name) for name in names}
    while more:
        if unknown := more - entries.keys():
            raise KeyError(f"requirements.lock does not hold {', '.join(sorted(unknown))}")
        wanted |= more
        more = {name for name, by in needed_by.items() if by & more} - wanted
    return "".join(entry for name, entry in entries.items() if name in wanted)


def required(extra: str | None) -> list[str]:
    """Return the packages that pyproject.toml names, with those of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    return [match.group() for text in listed if (match := _NAME.match(text))]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(argv: Sequence[str] | None = None) -> int:
    """Print the entries; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", help="packages")
    parser.add_argument("--extra", help="what the package itself needs, with this extra")
    options = parser.parse_args(argv)
    names = [*options.names, *(required(options.extra) if options.extra else [])]
    try:
        sys.stdout.write(locked(names, (ROOT / "requirements.lock").read_text(encoding="utf-8")))
    except KeyError as error:
        print(f"locked: {error.args[0]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
