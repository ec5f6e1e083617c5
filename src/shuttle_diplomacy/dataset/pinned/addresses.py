"""Addresses of releases: which are accepted, how they are shown, and how they are made of a version."""

import hashlib
import ipaddress
import os
import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from shuttle_diplomacy.errors import NotPublishedError, UnreadableError
from shuttle_diplomacy.package.http import RefusedError, without_credentials

BASE_VARIABLE, HTTP_VARIABLE, OFFLINE_VARIABLE = "SHUTTLE_BASE_URL", "SHUTTLE_ALLOW_HTTP", "SHUTTLE_OFFLINE"
# The version numbers of https://semver.org
_VERSION = r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
_RELEASE = re.compile(rf"(?P<name>[a-z0-9][a-z0-9._-]*?)-(?P<version>{_VERSION})\.zip", re.ASCII)
_OFF = {"", "0", "false", "no", "off"}


def is_set(variable: str) -> bool:
    """Return whether a variable of the environment says yes."""
    return os.environ.get(variable, "").strip().lower() not in _OFF


def is_address(where: object) -> bool:
    """Return whether it is an http(s) address.

    Examples:
        >>> is_address("HTTPS://zoo.example/"), is_address("zoo.zip")
        (True, False)
    """
    return str(where).lower().startswith(("http://", "https://"))


def shown(address: str) -> str:
    """Return an address as it may be shown and kept: without user name, password and the values of a query.

    Examples:
        >>> shown("https://user:secret@zoo.example/a.zip?token=secret#x")
        'https://zoo.example/a.zip?...'
    """
    bare = without_credentials(address).partition("#")[0]
    path, mark, _ = bare.partition("?")
    return f"{path}?..." if mark else path


def key_of(address: str) -> str:
    """Return a name for an address that tells nothing of it; credentials do not change it.

    Examples:
        >>> key_of("https://user:secret@zoo.example/a.zip") == key_of("https://zoo.example/a.zip")
        True
    """
    return hashlib.sha256(without_credentials(address).encode()).hexdigest()


def file_name(address: str) -> str:
    """Return the last part of an address's path.

    Examples:
        >>> file_name("https://zoo.example/1.2.0/zoo-1.2.0.zip?download=1")
        'zoo-1.2.0.zip'
    """
    return unquote(urlsplit(address).path.rpartition("/")[2])


def release_in(name: str) -> tuple[str, str] | None:
    """Return name and version of a release, from the name of its file.

    Examples:
        >>> release_in("zoo-1.2.0-rc.1.zip"), release_in("latest.zip")
        (('zoo', '1.2.0-rc.1'), None)
    """
    found = _RELEASE.fullmatch(name)
    return (found["name"], found["version"]) if found else None


def check_version(version: str) -> str:
    """Return the version if it is written as one.

    Raises:
        NotPublishedError: it is not.

    Examples:
        >>> check_version("v1.2.0")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.NotPublishedError: 'v1.2.0' is no version; did you mean '1.2.0'? A version has ...
    """
    if re.fullmatch(_VERSION, version, re.ASCII):
        return version
    meant = re.search(_VERSION, version, re.ASCII)
    hint = f" did you mean {meant[0]!r}?" if meant else ""
    raise NotPublishedError(f"{version!r} is no version;{hint} A version has three numbers, as in version='1.2.0'")


def check_address(address: str) -> str:
    """Return an address if it may be asked: https, or plain http on this machine.

    Raises:
        UnreadableError: it may not, or is none.

    Examples:
        >>> check_address("http://zoo.example/zoo-1.2.0.zip")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnreadableError: http://zoo.example/zoo-1.2.0.zip is not encrypted; use https, ...
    """
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or not address.isprintable() or " " in address:
        raise UnreadableError(f"{shown(address)!r} is no http(s) address")
    if not _is_safe(address):
        raise UnreadableError(
            f"{shown(address)} is not encrypted; use https, or set {HTTP_VARIABLE}=1 if you trust the way to that host"
        )
    return address


def permit(address: str) -> None:
    """Refuse a redirect to an address that may not be asked.

    Raises:
        RefusedError: plain http to another machine.
    """
    if not _is_safe(address):
        raise RefusedError(
            f"is redirected to {shown(address)!r}, which is not encrypted; set {HTTP_VARIABLE}=1 if you trust it"
        )


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "") or is_set(HTTP_VARIABLE)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def base_address(home: str, base_url: str | None, version: str) -> str:
    """Return the address below which a release is, with a slash at its end.

    Args:
        home: the address that the package states as its own.
        base_url: the one to take instead; else that of ``SHUTTLE_BASE_URL``. ``{version}`` in it is replaced.
        version: the version.

    Raises:
        NotPublishedError: none is given, and the package's own is one that nobody can own.

    Examples:
        >>> base_address("https://zoo.example/", "https://files.example/v{version}", "1.2.0")
        'https://files.example/v1.2.0/'
    """
    given = base_url or os.environ.get(BASE_VARIABLE)
    if not given and (urlsplit(home).hostname or "example").rpartition(".")[2] == "example":
        raise NotPublishedError(
            f"version {version} cannot be downloaded: no release has been published yet, and the address {home} only "
            f"stands for one; use the bundled data (load), or name where a release is with base_url= or {BASE_VARIABLE}"
        )
    base = (given or home).replace("{version}", quote(version, safe=""))
    return base if base.endswith("/") else f"{base}/"


def beside(address: str, name: str) -> str:
    """Return the address of a file in the same folder, asked for with the same user name and password.

    Examples:
        >>> beside("https://zoo.example/1/zoo-1.2.0.zip?download=1", "SHA256SUMS")
        'https://zoo.example/1/SHA256SUMS'
    """
    return urljoin(address, quote(name))
