"""Run each ``shuttle`` command that README.md shows and write its real output below it.

A console block that starts with ``$ shuttle`` is run in the repository; ``--check`` changes nothing and exits with 1
where an output is stale. Blocks with a comment after the command show no output and are left alone.
"""

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "README.md"
_BLOCK = re.compile(r"```console\n\$ shuttle (?P<arguments>[^\n#]*)\n(?P<output>.*?)```", re.DOTALL)


def output(arguments: str) -> str:
    """Return what ``shuttle`` prints on stdout.

    Examples:
        >>> output("validate tests/data/lists").splitlines()[-1]
        'valid  lists: 1 table, 3 rows'
    """
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", *shlex.split(arguments)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True).stdout


def filled(page: str) -> str:
    """Return the page with each output as it is now."""
    return _BLOCK.sub(lambda m: f"```console\n$ shuttle {m['arguments']}\n{output(m['arguments'])}```", page)


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the outputs; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where an output is stale")
    options = parser.parse_args(argv)
    current = PAGE.read_text(encoding="utf-8")
    wanted = filled(current)
    if options.check:
        if current != wanted:
            print("README.md is stale; run: python scripts/readme.py", file=sys.stderr)
        return int(current != wanted)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
