"""Write the generated parts of README.md and docs/questions.md, and the pages that are generated as a whole.

``--check`` changes nothing and exits with 1 where a page is stale.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts import citation, codebook, conformance, names, questions, readme

ROOT = Path(__file__).parents[1]
PAGES: dict[str, Callable[[str], str]] = {
    ".zenodo.json": lambda _: citation.page(".zenodo.json"),
    "CITATION.cff": lambda _: citation.page("CITATION.cff"),
    "docs/codebook.md": lambda _: codebook.page(),
    "docs/conformance.md": lambda _: conformance.current(),
    "docs/questions.md": questions.filled,
    "README.md": readme.filled,
    "src/shuttle_diplomacy/dataset/names.py": lambda _: names.module(),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Write or check the pages; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 where a page is stale")
    options = parser.parse_args(argv)
    stale = []
    for name, render in PAGES.items():
        current = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).is_file() else ""
        wanted = render(current)
        if current != wanted:
            stale.append(name)
            if not options.check:
                (ROOT / name).write_text(wanted, encoding="utf-8")
    for name in stale if options.check else ():
        print(f"{name} is stale; run: make docs", file=sys.stderr)
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
