"""README.md: each ``shuttle`` command that it shows with its real output below it.

A console block that starts with ``$ shuttle`` is run in the repository; one with a comment after the command shows no
output and is left alone.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
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
