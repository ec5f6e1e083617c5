"""``shuttle assemble``: write the descriptor from the schemas."""

import argparse
import sys

from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the descriptor is stale")


def run(options: argparse.Namespace) -> int:
    """Write or check the descriptor of this repository's package."""
    from shuttle_diplomacy.cli.packages import nearest_configuration
    from shuttle_diplomacy.package.reading import DESCRIPTOR_NAME
    from shuttle_diplomacy.package.writing import replace_file
    from shuttle_diplomacy.publishing.assembly import assemble

    configuration = nearest_configuration()
    target = configuration.package / DESCRIPTOR_NAME
    wanted = assemble(configuration)
    current = target.read_bytes() if target.is_file() else b""
    if current == wanted:
        return FINE
    if options.check:
        print(f"shuttle assemble: {target.name} differs from the schemas; run: shuttle assemble", file=sys.stderr)
        return FAILED
    replace_file(target, wanted)
    print(f"wrote {target.name}")
    return FINE
