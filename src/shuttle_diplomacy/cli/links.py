"""``shuttle links``: ask every address that a package names."""

import argparse
import sys
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import FAILED, FINE

if TYPE_CHECKING:
    from shuttle_diplomacy.review.links.checking import Plan
    from shuttle_diplomacy.review.links.report import LinkReport

_FORMS = ("text", "json", "markdown")
_MOST_JOBS = 256


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.description = (
        f"{parser.description} Exit code 1: some address is gone, unreachable, blocked, invalid, or its server fails "
        "or does not answer in time. Addresses that moved, or whose server refuses programs, are reported only."
    )
    parser.add_argument("package", nargs="?", help="folder, descriptor, zip or http(s) address (default: the nearest)")
    parser.add_argument("--format", choices=_FORMS, default="text", help="form of the report on stdout (default: text)")
    parser.add_argument(
        "--output",
        metavar="[FORMAT=]FILE",
        action="append",
        default=[],
        help="write the report to a file too, in the form of its ending (.json .md .txt); may be repeated",
    )
    parser.add_argument("--config", metavar="FILE", help="read from this repository's configuration what is an address")
    parser.add_argument("--cache", metavar="FILE", help="where results are kept (default: the user's cache folder)")
    parser.add_argument(
        "--max-age",
        metavar="DAYS",
        type=_number,
        default=7,
        help="ask again after so many days (default: 7; 0: ask all); trouble that may be over after one day at most",
    )
    parser.add_argument("--jobs", metavar="N", type=_jobs, default=16, help="requests at once (default: 16)")
    parser.add_argument(
        "--per-host",
        metavar="SECONDS",
        type=_number,
        default=1,
        help="least time between two requests to one host (default: 1; 0: hosts are not spared)",
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=20, help="most time for one request (default: 20)"
    )
    parser.add_argument("--allow-private", action="store_true", help="ask hosts in private and local networks, too")
    parser.add_argument("--offline", action="store_true", help="ask nothing; report what earlier runs learned")
    parser.add_argument("--limit", metavar="N", type=_count, help="ask no more than so many addresses in this run")


def _number(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1e6:  # noqa: PLR2004 (what a clock can wait for; not a number is refused, too)
        raise argparse.ArgumentTypeError("has to be from 0 to 1,000,000")
    return value


def _seconds(text: str) -> float:
    if not (value := _number(text)):
        raise argparse.ArgumentTypeError("has to be more than 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("has to be 0 or more")
    return value


def _jobs(text: str) -> int:
    value = int(text)
    if not 1 <= value <= _MOST_JOBS:
        raise argparse.ArgumentTypeError(f"has to be from 1 to {_MOST_JOBS}")
    return value


def run(options: argparse.Namespace) -> int:
    """Ask the addresses, print and write the report, and return the exit code."""
    from shuttle_diplomacy.cli.reporting import show, targets, write_files
    from shuttle_diplomacy.review.links.rendering import render

    files = targets(options.output, _FORMS)
    report = _ask(options)
    try:
        write_files(report, files, {}, render)
    finally:  # after the files: whoever reads stdout may go away at any time
        show(report, options.format, {}, render)
    return FAILED if report.failures else FINE


def _ask(options: argparse.Namespace) -> "LinkReport":
    from pathlib import Path

    from shuttle_diplomacy.cli.packages import configuration_for, nearest_package
    from shuttle_diplomacy.cli.progress import asking
    from shuttle_diplomacy.package.metadata import require_shape
    from shuttle_diplomacy.review.links.addresses import links_of
    from shuttle_diplomacy.review.links.checking import Checker
    from shuttle_diplomacy.review.links.report import report_on
    from shuttle_diplomacy.review.links.store import Store, default_file

    package = require_shape(nearest_package(options.package))
    configuration = configuration_for(package, options.config)
    links = links_of(package, configuration.links if configuration else None)
    file = Path(options.cache) if options.cache else default_file()
    with Store(file, private=options.allow_private) as store:
        try:
            with asking() as progress:
                return report_on(package, links, Checker(store, _plan(options), progress).check)
        except KeyboardInterrupt:
            print("what was learned so far is kept; the same command goes on from there", file=sys.stderr)
            raise


def _plan(options: argparse.Namespace) -> "Plan":
    from shuttle_diplomacy.review.links.checking import Plan
    from shuttle_diplomacy.review.links.schedule import Manners

    return Plan(
        seconds=options.timeout,
        max_age=options.max_age,
        allow_private=options.allow_private,
        offline=options.offline,
        limit=options.limit,
        manners=Manners(options.jobs, options.per_host),
    )
