"""``shuttle cache``: list or remove the published releases that were downloaded."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shuttle_diplomacy.cli.main import FAILED, FINE

if TYPE_CHECKING:
    from shuttle_diplomacy.dataset.pinned.cache import Cache
    from shuttle_diplomacy.dataset.pinned.inventory import Entry


def register(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.description = f"{parser.description} The cache is the user's own; SHUTTLE_CACHE names another folder."
    parser.add_argument("action", choices=("list", "clear"), help="list what is kept, or remove it")
    parser.add_argument("--version", metavar="V", help="only releases of this version")


def run(options: argparse.Namespace) -> int:
    """List or clear the cache."""
    from shuttle_diplomacy.dataset.pinned.cache import Cache, default_folder

    cache = Cache(default_folder())
    return _list(cache, options.version) if options.action == "list" else _clear(cache, options.version)


def _list(cache: "Cache", version: str | None) -> int:
    from shuttle_diplomacy.dataset.pinned.inventory import entries as all_entries
    from shuttle_diplomacy.dataset.pinned.progress import amount
    from shuttle_diplomacy.package.finding import plain

    entries = [e for e in all_entries(cache) if version in (None, e.version)]
    lines = [("release", "size", "from", "state", "sha256", "address")]
    for e in entries:
        day = datetime.fromtimestamp(e.changed, tz=UTC).date().isoformat()
        lines.append((_name(e), amount(e.size), day, e.state, e.sha256[:12], ", ".join(e.addresses) or "-"))
    if entries:
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for cells in lines:
            print(plain("  ".join(cell.ljust(w) for cell, w in zip(cells, widths, strict=True))).rstrip())
    print(f"{_count(entries)} in {plain(str(cache.root))}")
    return FINE


def _clear(cache: "Cache", version: str | None) -> int:
    from shuttle_diplomacy.dataset.pinned.inventory import clear
    from shuttle_diplomacy.package.finding import plain

    removed, busy = clear(cache, version)
    for e in removed:
        print(plain(f"removed {_name(e)} ({e.state})"))
    for e in busy:
        print(plain(f"left {_name(e)}: another process is downloading it"))
    print(f"{_count(removed)} freed in {plain(str(cache.root))}")
    return FAILED if busy else FINE


def _name(entry: "Entry") -> str:
    return f"{entry.name} {entry.version}" if entry.version else "unknown"


def _count(entries: list["Entry"]) -> str:
    from shuttle_diplomacy.dataset.pinned.progress import amount

    what = "release" if len(entries) == 1 else "releases"
    return f"{len(entries)} {what}, {amount(sum(e.size for e in entries))}"
