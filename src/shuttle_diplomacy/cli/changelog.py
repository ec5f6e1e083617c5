"""``shuttle changelog``: the changes since a revision as an entry of the changelog."""

import argparse
import sys
from pathlib import Path

from shuttle_diplomacy.cli.diff import count
from shuttle_diplomacy.cli.main import FAILED, FINE


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("package", nargs="?", help="the later package, as for shuttle diff (default: the nearest)")
    parser.add_argument(
        "--since",
        metavar="REVISION",
        help="a revision of this repository, or any package (default: the last tag v*, else its first commit)",
    )
    parser.add_argument(
        "--limit", metavar="N", type=count, default=5, help="rows named of each kind and table (default: 5; 0: all)"
    )
    parser.add_argument(
        "--write", metavar="FILE", nargs="?", const="CHANGELOG.md", help="put the entry into a file (CHANGELOG.md)"
    )


def run(options: argparse.Namespace) -> int:
    """Print the entry, or put it into the file."""
    from shuttle_diplomacy.cli.diff import new_side
    from shuttle_diplomacy.cli.progress import steps
    from shuttle_diplomacy.errors import TargetError
    from shuttle_diplomacy.package.finding import plain
    from shuttle_diplomacy.package.writing import replace_file
    from shuttle_diplomacy.review.changelog import entry, inserted, last_release
    from shuttle_diplomacy.review.comparing import compare
    from shuttle_diplomacy.review.repository import Repository
    from shuttle_diplomacy.review.revisions import GIT, opened, package_place
    from shuttle_diplomacy.validation.rendering import fitted

    since = options.since
    if since is None:
        repository = Repository.around(Path.cwd())
        later = options.package or ""
        revision = later.removeprefix(GIT).partition(":")[0] if later.startswith(GIT) else "HEAD"
        since = GIT + last_release(repository, package_place(repository, Path.cwd()), revision)
        print(f"shuttle changelog: since {plain(since)}", file=sys.stderr)
    elif not since.startswith((GIT, "http://", "https://")) and not Path(since).exists():
        since = GIT + since
    with opened(since) as old, opened(new_side(options.package)) as new, steps("Comparing") as step:
        difference = compare(old, new, step)
    text = entry(difference, options.limit or None)
    if options.write is None:
        sys.stdout.write(fitted(text, "markdown", sys.stdout.encoding or "utf-8"))
        return FAILED if difference.unread else FINE
    file = Path(options.write)
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else "# Changelog\n"
    except (OSError, UnicodeDecodeError) as error:
        raise TargetError(f"{file} cannot be read: {error}") from error
    replace_file(file, fitted(inserted(before, text), "markdown", "utf-8").encode())
    return FAILED if difference.unread else FINE
