"""``shuttle format``: canonical CSV."""

import argparse
import sys

from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("package", nargs="?", help="folder or descriptor (default: the nearest)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a table is not canonical")


def run(options: argparse.Namespace) -> int:
    """Rewrite or check the tables of a package."""
    from shuttle_diplomacy.cli.packages import nearest_package
    from shuttle_diplomacy.package import Finding
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.package.metadata import require_shape
    from shuttle_diplomacy.review.canonical import MalformedTableError, check, rewrite

    package = require_shape(nearest_package(options.package))
    if options.check:
        findings = check(package)
        for finding in findings:
            print(plain(f"{finding.place}: {finding.note}"))
        if findings:
            print("shuttle format: not canonical; run: shuttle format", file=sys.stderr)
        return FAILED if findings else FINE
    malformed: list[Finding] = []
    try:
        changed = rewrite(package)
    except MalformedTableError as error:
        changed, malformed = error.changed, error.findings
    for name in changed:
        print(f"rewrote {plain(name)}")
    for finding in malformed:
        print(plain(f"{finding.place}: {finding.note}"))
    if malformed:
        print("shuttle format: mend these first; their files were left as they are", file=sys.stderr)
    return FAILED if malformed else FINE
