"""Write docs/codebook.md: the codebook that a release carries, byte for byte.

``--check`` changes nothing and exits with 1 where the page is stale.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from shuttle_diplomacy.dataset.bundled import configuration
from shuttle_diplomacy.publishing.assembly import assemble, labels_of, table_resource
from shuttle_diplomacy.publishing.codebook import codebook
from shuttle_diplomacy.tabular.views import read_views
from shuttle_diplomacy.validation.rules import read_rules

PAGE = Path(__file__).parents[1] / "docs" / "codebook.md"


def page() -> str:
    """Return the codebook of the repository's package, its views included."""
    declared = configuration()
    labels = labels_of(declared)
    descriptor = json.loads(assemble(declared))
    views = [table_resource(v.name, v.schema.descriptor, labels.shared) for v in read_views(declared.views)]
    descriptor["resources"] = sorted([*descriptor["resources"], *views], key=lambda resource: str(resource["name"]))
    return codebook(descriptor, labels, read_rules(declared.rules))


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 if the page is stale")
    options = parser.parse_args(argv)
    wanted = page()
    if options.check:
        stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != wanted
        if stale:
            print("docs/codebook.md is stale; run: python scripts/codebook.py", file=sys.stderr)
        return int(stale)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
