"""``shuttle validate``: judge a package."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.cli.main import COULD_NOT_RUN, FAILED, FINE
from shuttle_diplomacy.cli.reporting import FORMATS
from shuttle_diplomacy.errors import ShuttleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shuttle_diplomacy.cli.reporting import Target
    from shuttle_diplomacy.package import Package
    from shuttle_diplomacy.validation.pipeline import Rules
    from shuttle_diplomacy.validation.report import Report


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("package", nargs="?", help="folder, descriptor, zip or http(s) address (default: the nearest)")
    parser.add_argument(
        "--format", choices=FORMATS, default="text", help="form of the report on stdout (default: text)"
    )
    parser.add_argument(
        "--output",
        metavar="[FORMAT=]FILE",
        action="append",
        default=[],
        help="write the report to a file too, in the form of its ending (.json .sarif .xml .md .txt); may be repeated",
    )
    parser.add_argument("--quiet", action="store_true", help="print no report; files and exit code tell the outcome")
    parser.add_argument("--strict", action="store_true", help="let warnings make the package invalid")
    parser.add_argument(
        "--limit-errors", metavar="N", type=_count, default=1000, help="errors listed per table (0: all)"
    )
    parser.add_argument("--config", metavar="FILE", help="apply the rules of this repository's configuration")
    parser.add_argument("--trust-sql", action="store_true", help="run the SQL that the package itself carries")
    parser.add_argument(
        "--second-opinion", action="store_true", help="validate with frictionless too and list the differences"
    )


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("has to be 0 or more")
    return value


def run(options: argparse.Namespace) -> int:
    """Judge the package, print and write the report, and return the exit code."""
    from shuttle_diplomacy.cli.reporting import targets
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.validation.report import Report

    files = targets(options.output)
    try:
        package, report = _judge(options)
    except (ShuttleError, ModuleNotFoundError) as error:
        report = Report(where=str(options.package or ""), failure=str(error))
        if isinstance(error, ModuleNotFoundError):  # the files tell of it; the sentence is the entry point's
            _tell(report, options, files, shown=False)
            raise
        if options.quiet or options.format == "text":
            print(f"shuttle validate: {plain(report.failure)}", file=sys.stderr)
        _tell(report, options, files, shown=options.format != "text")
        return COULD_NOT_RUN
    _tell(report, options, files, package=package)
    return FINE if report.valid else FAILED


def _judge(options: argparse.Namespace) -> "tuple[Package, Report]":
    from shuttle_diplomacy.cli.packages import nearest_package
    from shuttle_diplomacy.cli.progress import reading
    from shuttle_diplomacy.validation.pipeline import validate

    package = nearest_package(options.package)
    rules = rules_for(package, options.config, trust=options.trust_sql)
    with reading() as progress:
        report = validate(
            package,
            rules,
            strict=options.strict,
            limit_errors=options.limit_errors,
            on_table=progress.table,
            on_rows=progress.rows,
        )
    return package, report


def _tell(
    report: "Report",
    options: argparse.Namespace,
    files: "Sequence[Target]",
    *,
    shown: bool = True,
    package: "Package | None" = None,
) -> None:
    """Print the report and write the files; with a second opinion in the forms that have a place for it."""
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.cli.reporting import show, write_files

    more: dict[str, dict[str, Any]] = {}
    if options.second_opinion and package is not None:
        from shuttle_diplomacy.validation.second_opinion import as_json, render_text, second_opinion

        with steps("Asking") as step:
            step("frictionless")
            opinion = second_opinion(package, report)
        more = {"json": {"second_opinion": as_json(opinion)}, "text": {"after": render_text(opinion)}}
    try:
        write_files(report, files, more)
    finally:  # after the files: whoever reads stdout may go away at any time
        if shown and not options.quiet:
            show(report, options.format, more)


def rules_for(package: "Package", config: str | None, *, trust: bool = False) -> "Rules":
    """Return the rules that apply to a package, or why there are none.

    Raises:
        ConfigurationError: a configuration, rule or view cannot be read.
    """
    from shuttle_diplomacy.cli.packages import configuration_for
    from shuttle_diplomacy.tabular.views import read_views
    from shuttle_diplomacy.validation.pipeline import Rules
    from shuttle_diplomacy.validation.rules import read_rules
    from shuttle_diplomacy.validation.sandbox import carried_sql

    configuration = configuration_for(package, config)
    if configuration is not None:
        return Rules(read_rules(configuration.rules), read_views(configuration.views))
    carried = package.descriptor.get("shuttle:rules")
    if trust:
        rules, views = carried_sql(package)
        return Rules(rules, views, reason="" if rules else "the package carries none", trusted=False)
    if carried:
        count = len(carried) if isinstance(carried, list) else "ones"
        return Rules(reason=f"the {count} that the package carries are code; --trust-sql runs them")
    return Rules(reason="the package belongs to no repository with [tool.shuttle]")
