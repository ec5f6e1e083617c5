"""What the value of a property has to look like: small predicates, each with the words that a message needs."""

import re
import reprlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from shuttle_diplomacy.errors import UnsafePathError
from shuttle_diplomacy.package.storage import safe_path

_SCHEMES = ("http", "https", "ftp", "ftps")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DATETIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(?:\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_HASH = re.compile(r"(?:([^:\s]+):)?([0-9a-fA-F]+)")
_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_LEAP_SECOND = "60"
_MOST_BITS = 10_000  # of a number that Python writes out


@dataclass(frozen=True)
class Shape:
    """What a value has to be.

    Attributes:
        wanted: the words for it, to be read after "has to be".
        fits: whether a value is like that.
        item: what each item of a list has to be.
        profile: the profile that an object has to follow.
    """

    wanted: str
    fits: Callable[[Any], bool]
    item: "Shape | None" = None
    profile: str = ""


class _Shown(reprlib.Repr):
    """Short forms of any JSON value, whatever its size."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = self.maxlong = 80
        self.maxlevel = 3

    def repr_str(self, value: str, level: int) -> str:  # noqa: ARG002 (the signature is the library's)
        half = self.maxstring // 2
        return repr(value if len(value) <= self.maxstring else f"{value[:half]}...{value[-half:]}")

    def repr_int(self, value: int, level: int) -> str:
        return super().repr_int(value, level) if value.bit_length() < _MOST_BITS else "a number of very many digits"

    def repr_NoneType(self, value: None, level: int) -> str:  # noqa: ARG002, N802
        return "null"

    def repr_bool(self, value: bool, level: int) -> str:  # noqa: ARG002
        return "true" if value else "false"


_shown = _Shown()


def shown(value: Any) -> str:
    """Return a value as a message quotes it: short, with JSON's words for null, true and false.

    Examples:
        >>> shown([None, True, "a"]), shown("x" * 1000)[:5]
        ("[null, true, 'a']", "'xxxx")
    """
    return _shown.repr(value)


def is_text(value: Any) -> bool:
    """Return whether it is a text."""
    return isinstance(value, str)


def is_whole(value: Any, least: int = 0) -> bool:
    """Return whether it is a whole number, at least so large (``true`` is none).

    Examples:
        >>> is_whole(0), is_whole(True), is_whole(0, 1), is_whole(1.0)
        (True, False, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a predicate: a list, each item of which fits."""
    return lambda value: isinstance(value, list) and all(map(fits, value))


def is_names(value: Any) -> bool:
    """Return whether it is one field name, or a list of at least one."""
    return is_text(value) or (bool(value) and is_list_of(is_text)(value))


def is_url(value: Any) -> bool:
    """Return whether it is a fully qualified address that the standard allows.

    Examples:
        >>> is_url("https://example.org/a.csv"), is_url("example.org"), is_url("file:///etc/passwd")
        (True, False, False)
    """
    if not isinstance(value, str) or re.search(r"\s", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.netloc)


def is_url_or_path(value: Any) -> bool:
    """Return whether it is an address, or a relative path that stays inside the package."""
    if is_url(value):
        return True
    try:
        return isinstance(value, str) and bool(safe_path(value))
    except UnsafePathError:
        return False


def is_uri(value: Any) -> bool:
    """Return whether it is a URI: a scheme, a colon and more."""
    return isinstance(value, str) and bool(_URI.fullmatch(value))


def is_email(value: Any) -> bool:
    """Return whether it is an email address, as far as its form shows."""
    return isinstance(value, str) and bool(_EMAIL.fullmatch(value))


def is_datetime(value: Any) -> bool:
    """Return whether it is a date and time of RFC 3339.

    Examples:
        >>> is_datetime("1985-04-12T23:20:50.52Z"), is_datetime("2024-01-01"), is_datetime("2024-02-30T00:00:00Z")
        (True, False, False)
    """
    found = _DATETIME.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return False
    date, time, seconds, _ = found.groups()
    try:
        datetime.fromisoformat(f"{date}T{time}{'59' if seconds == _LEAP_SECOND else seconds}")
    except ValueError:
        return False
    return True


def is_hash(value: Any) -> bool:
    """Return whether it is a checksum: an MD5, or an algorithm in lower case, a colon and hexadecimal digits.

    Examples:
        >>> is_hash("0" * 32), is_hash("sha1:" + "a" * 40), is_hash("SHA1:" + "a" * 40), is_hash("abc")
        (True, True, False, False)
    """
    found = _HASH.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return False
    algorithm, digits = found[1] or "md5", found[2]
    return algorithm == algorithm.lower() and len(digits) == _DIGITS.get(algorithm, len(digits))


def one_of(values: Iterable[str]) -> Shape:
    """Return the shape of a text out of a few."""
    known = tuple(values)
    return Shape("one of: " + ", ".join(known), lambda value: isinstance(value, str) and value in known)


TEXT = Shape("a text", is_text)
FILLED = Shape("a text of at least one character", lambda v: is_text(v) and bool(v))
ONE_CHARACTER = Shape("a text of exactly one character", lambda v: is_text(v) and len(v) == 1)
BOOLEAN = Shape("true or false", lambda v: isinstance(v, bool))
LENGTH = Shape("a whole number from 0", is_whole)
POSITIVE = Shape("a whole number from 1", lambda v: is_whole(v, 1))
BOUND = Shape("a number or a text", lambda v: isinstance(v, str | int | float) and not isinstance(v, bool))
OBJECT = Shape("an object", lambda v: isinstance(v, dict))
URL = Shape("an address with http, https, ftp or ftps", is_url)
URL_OR_PATH = Shape("an address, or a relative path that stays inside the package", is_url_or_path)
URI = Shape("a URI", is_uri)
EMAIL = Shape("an email address", is_email)
DATETIME = Shape("a date and time of RFC 3339, as 2024-01-31T12:00:00Z", is_datetime)
HASH = Shape("an MD5, or an algorithm in lower case, a colon and its hexadecimal digits", is_hash)
NAMES = Shape("a field name or a list of field names", is_names)
VALUE = Shape("a text, a number, true or false", lambda v: isinstance(v, str | int | float))


def list_of(item: Shape, wanted: str) -> Shape:
    """Return the shape of a list whose items have a shape of their own."""
    return Shape(wanted, lambda value: isinstance(value, list), item)


def objects_of(profile: str, wanted: str = "a list of objects") -> Shape:
    """Return the shape of a list of objects that follow a profile."""
    return list_of(Shape("an object", OBJECT.fits, profile=profile), wanted)
