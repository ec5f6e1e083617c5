"""``shuttle describe``: show the tables of a package, or the fields of one."""

import argparse

from shuttle_diplomacy.cli.main import FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("table", nargs="?", help="a table or view (default: list them)")
    parser.add_argument("--package", help="folder, descriptor, zip or http(s) address (default: the bundled dataset)")
    parser.add_argument("--evidence", action="store_true", help="how well the rows of the bundled dataset are attested")


def run(options: argparse.Namespace) -> int:
    """Print the tables, or one table's fields."""
    from shuttle_diplomacy.dataset.bundled import bundled
    from shuttle_diplomacy.dataset.evidence import evidence_summary
    from shuttle_diplomacy.dataset.opened import open_package
    from shuttle_diplomacy.package.finding import plain

    if options.evidence:
        print(evidence_summary(bundled()))
        return FINE
    data = open_package(options.package) if options.package else bundled()
    if options.table:
        print("\n".join(map(plain, str(data.describe(options.table)).split("\n"))))
        return FINE
    names = data.tables()
    width = max(map(len, names), default=0)
    for name in names:
        print(plain(f"{name:<{width}}  {data.describe(name).title}"))
    return FINE
