"""``shuttle build``: the release of a package."""

import argparse
import sys
from pathlib import Path

from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("package", nargs="?", help="folder, descriptor, zip or http(s) address (default: the nearest)")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("dist"), help="replaced as a whole (default: dist)"
    )
    parser.add_argument(
        "--base-url", metavar="URL", type=_address, help="where the files will be (default: homepage of the package)"
    )


def _address(text: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.netloc
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise argparse.ArgumentTypeError(f"{text!r} has to be an http(s) address without user name, query and fragment")
    return text


def run(options: argparse.Namespace) -> int:
    """Judge the package, and build its release only if it is valid."""
    from shuttle_diplomacy.cli.packages import configuration_for, nearest_package
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.cli.validate import rules_for
    from shuttle_diplomacy.publishing.release import build
    from shuttle_diplomacy.validation.pipeline import validate
    from shuttle_diplomacy.validation.rendering.text import render

    package = nearest_package(options.package)
    with steps("Checking") as step:
        report = validate(package, rules_for(package, None), on_table=step)
    if not report.valid:
        sys.stdout.write(render(report, colour=sys.stdout.isatty()))
        print("shuttle build: nothing was built, because the package is not valid", file=sys.stderr)
        return FAILED
    with steps("Writing") as step:
        configuration = configuration_for(package, None)
        folder = build(package, options.out, configuration, base_url=options.base_url, progress=step)
    print(folder)
    return FINE
