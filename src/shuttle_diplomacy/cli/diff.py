"""``shuttle diff``: what differs between two packages."""

import argparse
import sys
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import FAILED, FINE

if TYPE_CHECKING:
    from collections.abc import Callable

SIDE = "folder, descriptor, zip, http(s) address, or git:REVISION[:PATH]"


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("old", help=f"the earlier package: {SIDE}")
    parser.add_argument("new", nargs="?", help="the later one, in the same forms (default: the nearest)")
    add_forms(parser)
    parser.add_argument(
        "--check", action="store_true", help="exit with 1 if the version was not raised as the difference asks for"
    )


def add_forms(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say in which form the outcome is given, and where."""
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="form on stdout")
    parser.add_argument(
        "--output",
        metavar="[FORMAT=]FILE",
        action="append",
        default=[],
        help="write it to a file too, in the form of its ending (.json .md .txt); may be repeated",
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        type=count,
        help="how much of each kind is listed per table (default: 20, json 1000; 0: all)",
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing; files and exit code tell the outcome")


def count(text: str) -> int:
    """Return a number of things to list."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("has to be 0 or more")
    return value


def run(options: argparse.Namespace) -> int:
    """Compare the two and return the exit code."""
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.review.comparing import compare
    from shuttle_diplomacy.review.rendering import render
    from shuttle_diplomacy.review.revisions import opened
    from shuttle_diplomacy.review.semver import judge
    from shuttle_diplomacy.validation.rendering.wording import harmless

    check_files(options)
    with opened(options.old) as old, opened(new_side(options.new)) as new, steps("Comparing") as step:
        difference = compare(old, new, step)
    verdict = judge(difference)
    give(options, lambda form: render(difference, verdict, form, options.limit))
    if options.check and not verdict.enough:
        print(f"shuttle diff: {harmless(verdict.text)}", file=sys.stderr)
    return FAILED if difference.unread or (options.check and not verdict.enough) else FINE


def new_side(where: str | None) -> str:
    """Return the later package: what was named, else the nearest one."""
    from shuttle_diplomacy.cli.packages import nearest_package

    return nearest_package(None).where if where is None else where


def check_files(options: argparse.Namespace) -> None:
    """Find out before the work whether the files can be written.

    Raises:
        TargetError: one cannot, or its form is none of those that there are.
    """
    from shuttle_diplomacy.cli.reporting import targets
    from shuttle_diplomacy.errors import TargetError
    from shuttle_diplomacy.review.rendering import FORMATS

    options.targets = targets(options.output)
    for target in options.targets:
        if target.form not in FORMATS:
            raise TargetError(f"--output {target.file}: there is no form {target.form!r}; use {', '.join(FORMATS)}")


def give(options: argparse.Namespace, rendered: "Callable[[str], str]") -> None:
    """Write the files, then stdout; whoever reads that may go away at any time."""
    from shuttle_diplomacy.package.writing import replace_file
    from shuttle_diplomacy.validation.rendering import fitted

    for target in options.targets:
        replace_file(target.file, fitted(rendered(target.form), target.form, "utf-8").encode())
    if not options.quiet:
        sys.stdout.write(fitted(rendered(options.format), options.format, sys.stdout.encoding or "utf-8"))
