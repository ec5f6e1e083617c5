"""Opening a package by version, by checksum, by DOI or at an address: what is pinned comes out of the cache.

A release is pinned when it is asked for by ``version=``, by ``sha256=`` or by a DOI, or when the address is that of
``<name>-<version>.zip`` with a list of checksums beside it. Whatever else is at an address may change, is fetched
each time, and is never kept.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from shuttle_diplomacy.dataset.pinned.addresses import (
    OFFLINE_VARIABLE,
    base_address,
    beside,
    check_address,
    check_version,
    file_name,
    is_address,
    is_set,
    release_in,
    shown,
)
from shuttle_diplomacy.dataset.pinned.cache import Cache, default_folder
from shuttle_diplomacy.dataset.pinned.checksums import NAME as SUMS
from shuttle_diplomacy.dataset.pinned.checksums import NoListError, check_sha256, published, sha256_of, sum_of
from shuttle_diplomacy.dataset.pinned.doi import doi_in, record_of
from shuttle_diplomacy.dataset.pinned.download import DEFAULT_BOUNDS
from shuttle_diplomacy.dataset.pinned.inventory import entries
from shuttle_diplomacy.errors import (
    ChecksumError,
    NotPublishedError,
    NotServedError,
    OfflineError,
    UnreadableError,
)
from shuttle_diplomacy.package import Package, open_package
from shuttle_diplomacy.package.reading import open_archive

_FILES = (".zip", ".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Release:
    """Where a release is, and what it has to be.

    Attributes:
        address: the address of its zip.
        sha256: its checksum.
        origin: who says so.
        lasting: whether what was asked for will always be this release.
    """

    address: str
    sha256: str
    origin: str
    lasting: bool = True


@dataclass(frozen=True)
class Wanted:
    """What is asked for, beside the place.

    Attributes:
        version: a version of the package.
        sha256: the checksum of its zip.
        base_url: where releases are, if not where the package says.
        offline: whether nothing may be asked.
    """

    version: str | None = None
    sha256: str | None = None
    base_url: str | None = None
    offline: bool = False


def opened(
    where: str | Path | None,
    version: str | None = None,
    sha256: str | None = None,
    base_url: str | None = None,
    offline: bool | None = None,
) -> Package:
    """Return a package; see :func:`shuttle_diplomacy.dataset.opened.open_package`.

    Raises:
        NotPublishedError: no address offers what is asked for.
        OfflineError: it is not here, and nothing may be asked.
        ChecksumError: what came, or is here, is something else.
        UnreadableError: it cannot be fetched or read, or two things are asked for at once.
        CacheError: the cache cannot be used.
    """
    wanted = Wanted(
        check_version(version) if version is not None else None,
        check_sha256(sha256) if sha256 is not None else None,
        base_url,
        is_set(OFFLINE_VARIABLE) if offline is None else offline,
    )
    _check(where, wanted)
    doi = doi_in(where)
    if doi is not None:
        return _pinned(f"doi:{doi}#{wanted.version or ''}", wanted, lambda: _of_doi(doi, wanted))
    if wanted.version is not None:
        return _of_version(str(where) if where is not None else wanted.base_url, wanted.version, wanted)
    assert where is not None
    return _at_address(str(where), wanted) if is_address(where) else _of_this_machine(Path(where), wanted)


def _check(where: str | Path | None, wanted: Wanted) -> None:
    if where is None and wanted.version is None:
        raise UnreadableError("name what to open: a folder, a file, an address, or version='1.2.0' for a release")
    if wanted.base_url is not None and (wanted.version is None or where is not None):
        raise UnreadableError(
            "base_url= says where the release of version= is; give it with a version, without a place"
        )
    if wanted.version is not None and where is not None and doi_in(where) is None:
        if not is_address(where):
            raise UnreadableError(f"version= is for releases at an address; {str(where)!r} is on this machine")
        if file_name(str(where)).endswith(_FILES):
            raise UnreadableError(
                f"{shown(str(where))} names a file already; leave version= out, or name the folder of the releases"
            )


def _of_version(base: str | None, version: str, wanted: Wanted) -> Package:
    from shuttle_diplomacy.dataset.bundled import bundled

    own = bundled().package
    try:
        base = base_address(str(own.descriptor.get("homepage", "")), base, version)
    except NotPublishedError as error:
        raise NotPublishedError(f"{error}; the bundled data is version {own.descriptor.get('version')}") from None
    check_address(base)
    name = f"{own.name}-{version}.zip"
    package = _pinned(f"{base}#{version}", wanted, lambda: _version_in(base, name, version, wanted))
    stated = package.descriptor.get("version")
    if stated != version:
        raise UnreadableError(f"{package.where} says that it is version {stated!r}, but {version!r} was asked for")
    return package


def _version_in(base: str, name: str, version: str, wanted: Wanted) -> Release:
    """Return the release of a version: of this dataset, or of the one other that is in the folder."""
    if wanted.sha256:
        return Release(beside(base, name), wanted.sha256, "sha256=")
    sums, where = _published(base), shown(beside(base, SUMS))
    fitting = [other for other in sums if (found := release_in(other)) and found[1] == version]
    chosen = fitting[0] if name not in sums and len(fitting) == 1 else name
    return Release(beside(base, chosen), sum_of(sums, chosen, where), where)


def _published(base: str, query: str = "") -> Mapping[str, str]:
    try:
        return published(beside(base, SUMS) + query)
    except NotServedError as error:
        raise NotPublishedError(
            f"no release is at {shown(base)}: {error}; name the folder that holds {SUMS}"
        ) from error


class _NotPinned(Exception):  # noqa: N818 (no error: what is at the address is opened as it is)
    """Nothing says what has to be at an address."""


def _at_address(address: str, wanted: Wanted) -> Package:
    if wanted.sha256 is not None:
        pin = Release(check_address(address), wanted.sha256, "sha256=")
        return _pinned(address, wanted, lambda: pin)
    name = file_name(address)
    if release_in(name):
        with suppress(_NotPinned):
            return _pinned(address, wanted, lambda: _listed(address, name))
    if wanted.offline:
        raise _offline(shown(address))
    try:
        return open_package(address)
    except NotServedError:
        path = urlsplit(address).path
        if Path(path).suffix in _FILES:
            raise
        base = address if path.endswith("/") else f"{address}/"
        try:
            return _pinned(None, wanted, lambda: _in_folder(base, wanted))
        except NotPublishedError as error:
            raise NotServedError(f"{shown(base)} holds neither datapackage.json nor a release: {error}") from error


def _listed(address: str, name: str) -> Release:
    """Return what the list of checksums beside a zip says of it."""
    try:
        check_address(address)
    except UnreadableError as error:
        raise _NotPinned from error
    where = beside(address, SUMS)
    try:
        return Release(address, published(where)[name], shown(where))
    except (NotServedError, NoListError, KeyError) as error:
        raise _NotPinned from error
    except UnreadableError as error:
        raise UnreadableError(f"{error}; it says what {name} has to be, pin it with sha256= to do without") from error


def _in_folder(base: str, wanted: Wanted, query: str = "") -> Release:
    """Return the one release that a list of checksums names, or that of the wanted version."""
    check_address(base)
    where = beside(base, SUMS)
    sums = _published(base, query)
    named = {name: found[1] for name in sums if (found := release_in(name))}
    fitting = [name for name, version in named.items() if wanted.version in (None, version)]
    if len(fitting) != 1:
        listed = ", ".join(sorted(named)) or "none"
        asked = f"version {wanted.version}" if wanted.version else "one release"
        raise NotPublishedError(f"{shown(where)} does not name {asked}: releases in it: {listed}; say version=")
    return Release(beside(base, fitting[0]) + query, wanted.sha256 or sums[fitting[0]], shown(where))


def _of_doi(doi: str, wanted: Wanted) -> Release:
    base, lasting = record_of(doi)
    return replace(_in_folder(base, wanted, "?download=1"), lasting=lasting)


def _of_this_machine(file: Path, wanted: Wanted) -> Package:
    if wanted.sha256 is not None:
        try:
            found = sha256_of(file)
        except OSError as error:
            reason = "it is a folder" if file.is_dir() else error.strerror
            raise UnreadableError(f"the SHA-256 of {file} cannot be told: {reason}; sha256= is for a zip") from error
        if found != wanted.sha256:
            raise ChecksumError(f"{file} is not what it has to be: its SHA-256 is {found}, sha256= is {wanted.sha256}")
    return open_package(file)


def _pinned(asked: str | None, wanted: Wanted, find: Callable[[], Release]) -> Package:
    """Return a release out of the cache, put there first if it is not in it.

    Args:
        asked: the name under which the cache remembers what is asked for; None: it may change.
        wanted: what else is asked for.
        find: finds out where it is.
    """
    cache = Cache(default_folder(), DEFAULT_BOUNDS)
    known = cache.known(asked) if asked is not None else None
    expected = wanted.sha256 or (known.sha256 if known else None)
    if expected and (file := cache.release(expected)):
        return open_archive(file, known.address if known else "")
    if wanted.offline:
        raise _offline(shown(asked or "it"), cache)
    release = find()
    if expected and release.sha256 != expected:
        raise ChecksumError(
            f"{shown(release.address)} was {expected} when it was opened first, but now {release.origin} says "
            f"{release.sha256}; a release never changes. If you trust the new one: shuttle cache clear"
        )
    file = cache.download(release.address, release.sha256, release.origin)
    if asked is not None and release.lasting and not wanted.sha256:
        cache.remember(asked, release.sha256, release.address)
    return open_archive(file, shown(release.address))


def _offline(what: str, cache: Cache | None = None) -> OfflineError:
    here = sorted({f"{e.name} {e.version}" for e in entries(cache) if e.state == "whole"}) if cache else []
    kept = f" In the cache: {', '.join(here)}." if here else ""
    return OfflineError(
        f"{what} is not in the cache, and nothing may be fetched (offline=True or {OFFLINE_VARIABLE}).{kept} Open it "
        f"once with network"
    )
