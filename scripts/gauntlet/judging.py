"""The process in a judge's environment: runs one judge on one release and says the outcome in its last line."""

import json
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module, metadata
from pathlib import Path

from scripts.gauntlet.reading import Fault


def version_of(package: str) -> str:
    """Return the version of what judges.

    Examples:
        >>> version_of("sqlite3").startswith("3.")
        True
    """
    if package == "sqlite3":
        import sqlite3

        return sqlite3.sqlite_version
    return metadata.version(package)


def main(argv: Sequence[str]) -> int:
    """Run a judge: its module, its package, the release, further arguments; return 1 if it finds a fault."""
    module, package, release, *arguments = argv
    outcome = {"version": "", "passed": False, "said": ""}
    try:
        outcome["version"] = version_of(package)
        outcome["said"] = import_module(module).judge(Path(release), *arguments)
        outcome["passed"] = True
    except Fault as fault:
        outcome["said"] = str(fault)
    except Exception as error:  # noqa: BLE001 (whatever a judge cannot digest is a fault of the release)
        traceback.print_exc()
        outcome["said"] = f"{type(error).__name__}: {error}"
    sys.stderr.flush()
    print("\n" + json.dumps(outcome), flush=True)
    return 0 if outcome["passed"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
