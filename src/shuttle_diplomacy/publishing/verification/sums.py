"""A list of checksums against the files that it lists, as ``sha256sum --strict -c`` reads it and more strictly."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package.storage import safe_path
from shuttle_diplomacy.publishing.checksums import NAME
from shuttle_diplomacy.publishing.verification.holding import Held
from shuttle_diplomacy.publishing.verification.outcome import Verification

CHECK = "checksums"
MOST_BYTES = 64 << 20
_LINE = re.compile(r"([0-9A-Fa-f]{64}) [ *](.+)")
_AGAIN = "download the release again"
_WIDTH = 80


@dataclass(frozen=True)
class Place:
    """Where a list is and what it lists.

    Attributes:
        shown: the list's own path, for messages.
        files: paths of the files that it has to list.
        held: gives size and checksum of one of them.
        others: paths of what is no file, with what it is.
    """

    shown: str
    files: list[str]
    held: Callable[[str], Held]
    others: Mapping[str, str]


def check_sums(content: bytes, place: Place, outcome: Verification) -> None:
    """Compare a list of checksums with the files that are there."""
    listed = parsed(content, place.shown, outcome)
    there = set(place.files)
    for path, kind in sorted(place.others.items()):
        outcome.add(CHECK, path, f"is {kind}; a release holds files only", _AGAIN)
    for path, expected in listed.items():
        if path in place.others:
            continue
        if path not in there:
            outcome.add(CHECK, path, f"is listed in {place.shown}, but not there", _AGAIN)
            continue
        outcome.looked(CHECK)
        try:
            found = place.held(path)
        except UnreadableError as error:
            outcome.add(CHECK, path, str(error), _AGAIN)
            continue
        if found.sha256 != expected:
            note = f"was changed: its SHA-256 is {found.sha256[:12]}..., that in {place.shown} {expected[:12]}..."
            outcome.add(CHECK, path, note, _AGAIN)
    for path in sorted(there - listed.keys()):
        outcome.add(CHECK, path, f"is not listed in {place.shown}", "remove it; it is not part of the release")


def parsed(content: bytes, shown: str, outcome: Verification) -> dict[str, str]:
    """Return checksums by path; what is wrong with the list itself is added to the outcome."""
    found: dict[str, str] = {}
    if b"\r\n" in content:
        note = "has the line ends of Windows, which sha256sum takes for a part of the names"
        outcome.add(CHECK, shown, note, f"{_AGAIN}, without a conversion of texts")
    if not content.endswith(b"\n"):
        note = "does not end with a line end, so it may be cut" if content else "is empty"
        outcome.add(CHECK, shown, note, _AGAIN)
    for number, line in enumerate(_lines(content), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            note = f"{line[:_WIDTH]!r} is not a line of 64 hexadecimal digits, two spaces and a path"
            outcome.add(CHECK, f"{shown}:{number}", note, _AGAIN)
            continue
        digest, path = match[1].lower(), match[2]
        try:
            sound = safe_path(path) == path
        except UnsafePathError:
            sound = False
        if not sound or path == NAME:
            what = "the list itself" if path == NAME else "no path inside the release"
            outcome.add(CHECK, f"{shown}:{number}", f"{path[:_WIDTH]!r} is {what}", "do not trust this release")
        elif path in found:
            same = "once more" if found[path] == digest else "with another checksum"
            outcome.add(CHECK, f"{shown}:{number}", f"{path[:_WIDTH]!r} is listed {same}", _AGAIN)
        else:
            found[path] = digest
    return found


def _lines(content: bytes) -> Iterator[str]:
    for line in content.decode("utf-8", errors="backslashreplace").removesuffix("\n").split("\n"):
        if line.removesuffix("\r") or content.strip():
            yield line.removesuffix("\r")
