"""``shuttle validate``: judge a package."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import COULD_NOT_RUN, FAILED, FINE
from shuttle_diplomacy.errors import ShuttleError

if TYPE_CHECKING:
    from shuttle_diplomacy.package import Package
    from shuttle_diplomacy.validation.pipeline import Rules
    from shuttle_diplomacy.validation.report import Report

FORMATS = ("text", "json", "github")


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("package", nargs="?", help="folder, descriptor, zip or http(s) address (default: the nearest)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="form of the report (default: text)")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write the report to a file instead")
    parser.add_argument("--strict", action="store_true", help="let warnings make the package invalid")
    parser.add_argument(
        "--limit-errors", metavar="N", type=_count, default=1000, help="errors listed per table (0: all)"
    )
    parser.add_argument("--config", metavar="FILE", help="apply the rules of this repository's configuration")
    parser.add_argument("--trust-sql", action="store_true", help="run the SQL that the package itself carries")


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("has to be 0 or more")
    return value


def run(options: argparse.Namespace) -> int:
    """Judge the package, print the report, and return the exit code."""
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.validation.report import Report

    try:
        with steps("Reading") as step:
            report = _report(options, step)
        code = FINE if report.valid else FAILED
    except ShuttleError as error:
        report = Report(where=str(options.package or ""), failure=str(error))
        code = COULD_NOT_RUN
    if code == COULD_NOT_RUN and options.format == "text":
        print(f"shuttle validate: {plain(report.failure)}", file=sys.stderr)
    if code != COULD_NOT_RUN or options.format != "text" or options.output is not None:
        _write(report, options)
    return code


def _report(options: argparse.Namespace, step: "Callable[[str], None]") -> "Report":
    from shuttle_diplomacy.cli.packages import nearest_package
    from shuttle_diplomacy.validation.pipeline import validate

    package = nearest_package(options.package)
    rules = rules_for(package, options.config, trust=options.trust_sql)
    return validate(package, rules, strict=options.strict, limit_errors=options.limit_errors, on_table=step)


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


def _write(report: "Report", options: argparse.Namespace) -> None:
    import importlib

    from shuttle_diplomacy.package.writing import replace_file

    renderer = importlib.import_module(f"shuttle_diplomacy.validation.rendering.{options.format}")
    if options.output is None:
        colour = options.format == "text" and sys.stdout.isatty()
        sys.stdout.write(renderer.render(report, colour=True) if colour else renderer.render(report))
        return
    replace_file(options.output, renderer.render(report).encode("utf-8"))


if TYPE_CHECKING:
    from collections.abc import Callable
