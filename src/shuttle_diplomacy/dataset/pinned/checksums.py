"""Published checksums: the file ``SHA256SUMS`` beside a release, as ``sha256sum`` writes it."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from shuttle_diplomacy.dataset.pinned.addresses import permit, release_in, shown
from shuttle_diplomacy.errors import ChecksumError, NotPublishedError, UnreadableError, did_you_mean
from shuttle_diplomacy.package.http import Limits, fetch

NAME = "SHA256SUMS"
_LIMITS = Limits(total_seconds=60, max_bytes=1 << 22)
_LINE = re.compile(r"([0-9A-Fa-f]{64}) [ *](.+)")


class NoListError(UnreadableError):
    """What is where a list of checksums would be is none: the page of a site that answers everything, perhaps."""


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def check_sha256(value: str) -> str:
    """Return a checksum in small letters, with or without ``sha256:`` before it.

    Raises:
        ChecksumError: it is none.

    Examples:
        >>> check_sha256("sha256:" + "AB" * 32)[:4]
        'abab'
        >>> check_sha256("abc")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.ChecksumError: sha256='abc' is no SHA-256: it has to be 64 hexadecimal digits; ...
    """
    digits = value.strip().removeprefix("sha256:").lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise ChecksumError(
            f"sha256={value!r} is no SHA-256: it has to be 64 hexadecimal digits; copy it from {NAME} of the release"
        )
    return digits


def published(address: str) -> dict[str, str]:
    """Return the published checksums by the name of their file.

    Args:
        address: that of ``SHA256SUMS``.

    Raises:
        NotServedError: it is not there.
        UnreadableError: it cannot be fetched, or is no list of checksums.
    """
    text = fetch(address, _LIMITS, permit).decode("utf-8-sig", errors="replace")
    return parse(text, shown(address))


def parse(text: str, where: str) -> dict[str, str]:
    """Return the checksums of a list by the name of their file.

    Raises:
        NoListError: it is no such list.
        UnreadableError: it gives two for one file.

    Examples:
        >>> parse("ab" * 32 + "  zoo-1.2.0.zip", "SHA256SUMS")["zoo-1.2.0.zip"][:4]
        'abab'
    """
    sums: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if not (found := _LINE.fullmatch(line)):
            raise NoListError(f"{where} is no list of checksums: line {number} is {line[:60]!r}")
        value, name = found[1].lower(), found[2]
        if sums.setdefault(name, value) != value:
            raise UnreadableError(f"{where} gives two checksums for {name!r}")
    return sums


def sum_of(sums: Mapping[str, str], name: str, where: str) -> str:
    """Return the checksum of one file.

    Raises:
        NotPublishedError: it is not listed.

    Examples:
        >>> sum_of({"zoo-1.2.0.zip": "ab"}, "zoo-1.3.0.zip", "SHA256SUMS")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.NotPublishedError: SHA256SUMS lists no 'zoo-1.3.0.zip'; did you mean ...
    """
    if name in sums:
        return sums[name]
    archives = sorted(other for other in sums if release_in(other))
    listed = ", ".join(archives) or "none"
    raise NotPublishedError(f"{where} lists no {name!r};{did_you_mean(name, archives)} Releases in it: {listed}")
