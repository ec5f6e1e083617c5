"""``shuttle build``: the release of this repository's package."""

import argparse
import sys
from pathlib import Path

from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("dist"), help="replaced as a whole (default: dist)"
    )


def run(options: argparse.Namespace) -> int:
    """Judge the package, and build its release only if it is valid."""
    from shuttle_diplomacy.cli.packages import nearest_configuration, nearest_package
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.cli.validate import rules_for
    from shuttle_diplomacy.publishing.release import build
    from shuttle_diplomacy.validation.pipeline import validate
    from shuttle_diplomacy.validation.rendering.text import render

    configuration = nearest_configuration()
    package = nearest_package(str(configuration.package))
    with steps("Checking") as step:
        report = validate(package, rules_for(package, None), on_table=step)
    if not report.valid:
        sys.stdout.write(render(report, colour=sys.stdout.isatty()))
        print("shuttle build: nothing was built, because the package is not valid", file=sys.stderr)
        return FAILED
    with steps("Writing") as step:
        folder = build(configuration, options.out, step)
    print(folder)
    return FINE
