"""An opened package: its tables and views as typed polars frames, by name."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from shuttle_diplomacy.dataset.description import Description
from shuttle_diplomacy.errors import UnknownNameError, UnsoundTableError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.package import open_package as read_package
from shuttle_diplomacy.tabular.frames import Frames
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.reader import read_table, with_enums
from shuttle_diplomacy.tabular.views import Relations, View, read_views

if TYPE_CHECKING:
    from shuttle_diplomacy.package import Finding


class OpenPackage:
    """A Data Package whose tables can be loaded.

    Args:
        package: the package.
        views: folder of its views, where they are trusted; None: only tables can be loaded.
    """

    def __init__(self, package: Package, views: Path | None = None) -> None:
        self.package = package
        self._views = views

    def tables(self) -> list[str]:
        """Return the names of all tables, then of all views.

        Examples:
            >>> import shuttle_diplomacy as sd
            >>> sd.tables()[:3]
            ['agreement_events', 'agreement_links', 'agreements']
        """
        return [*self.package.tables, *self._derived]

    def load(self, name: str) -> pl.DataFrame:
        """Return a table or view as a typed frame.

        Args:
            name: one of :meth:`tables`.

        Returns:
            One row a record; dates are Date, enumerated texts Enum in their declared order, true and false Boolean,
            whole numbers Int64, numbers Float64, lists List; unknown is null.

        Raises:
            UnknownNameError: there is no such table or view.
            UnsoundTableError: the file does not follow its schema; ``shuttle validate`` says where.
        """
        if name not in self.package.tables and name in self._derived:
            return with_enums(self._relations.frame(name), name, self._derived[name].schema)
        return with_enums(self._plain(name), name, self._resource(name).schema)

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a table or view as a lazy frame; see :meth:`load`."""
        return self.load(name).lazy()

    def query(self, sql: str) -> pl.DataFrame:
        """Return the result of a query in polars' SQL over tables and views; enumerated texts are String in it.

        Raises:
            ConfigurationError: polars cannot run it.

        Examples:
            >>> import shuttle_diplomacy as sd
            >>> sd.query("SELECT COUNT(*) AS n FROM summits WHERE country = 'JP' AND shuttle").columns
            ['n']
        """
        return self._relations.query(sql, "query")

    def describe(self, name: str) -> Description:
        """Return the description of a table or view: its fields, their types, values and meaning.

        Raises:
            UnknownNameError: there is no such table or view.
        """
        if name not in self.package.tables and name in self._derived:
            view = self._derived[name]
            return Description(name, dict(view.schema.descriptor), view.schema)
        resource = self._resource(name)
        return Description(name, resource.descriptor, resource.schema)

    @cached_property
    def _derived(self) -> dict[str, View]:
        stored = set(self.package.tables)
        return {view.name: view for view in read_views(self._views) if view.name not in stored}

    @cached_property
    def _relations(self) -> Relations:
        return relations(self.package, Frames(self.package.tables, self._plain), list(self._derived.values()))

    def _resource(self, name: str) -> Resource:
        if name not in self.package.tables:
            raise UnknownNameError("table", name, self.tables())
        return self.package.resource(name)

    def _plain(self, name: str) -> pl.DataFrame:
        frame, findings = read_table(self._resource(name))
        if findings:
            raise UnsoundTableError(_sentence(name, findings))
        return frame


def _sentence(name: str, findings: "list[Finding]") -> str:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{name!r} cannot be loaded: {first.place}: {first.note}{more}; run: shuttle validate"


def open_package(
    where: str | Path | None = None,
    *,
    version: str | None = None,
    sha256: str | None = None,
    base_url: str | None = None,
    offline: bool | None = None,
) -> OpenPackage:
    """Open any Data Package: a folder, a descriptor, a zip, an http(s) address, a DOI, or a published version.

    A published release is downloaded once, checked against its published SHA-256, and kept in the user's cache; from
    then on it opens without network. That is what is asked for by ``version``, by ``sha256`` or by a DOI of Zenodo
    (``doi:10.5281/zenodo.1``), and what is at the address of ``<name>-<version>.zip`` beside its ``SHA256SUMS``.
    Anything else at an address is fetched each time and not kept.

    Views that a package carries are code and are not run; those of a release stand in it as tables anyway.

    Args:
        where: the place; with ``version`` the address of the folder of releases.
        version: a published version of this dataset, such as ``1.2.0``.
        sha256: what the SHA-256 of the zip has to be.
        base_url: the address of the folder of releases, in place of the dataset's own (or of ``SHUTTLE_BASE_URL``);
            ``{version}`` in it is replaced.
        offline: True: ask nothing, take what the cache holds; None: as ``SHUTTLE_OFFLINE`` says.

    Raises:
        UnreadableError: it is not there, cannot be fetched, or is no Data Package; its children
            ``NotPublishedError``, ``OfflineError`` and ``ChecksumError`` say more.
        CacheError: the cache cannot be used.

    Examples:
        >>> open_package("https-is-missing.example/datapackage.json")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnreadableError: https-is-missing.example/datapackage.json is not there
    """
    from shuttle_diplomacy.package.metadata import require_shape

    is_local = isinstance(where, Path) or (isinstance(where, str) and ":" not in where)
    if is_local and version is None and sha256 is None and base_url is None:
        assert where is not None
        return OpenPackage(require_shape(read_package(where)))
    from shuttle_diplomacy.dataset.pinned.opening import opened

    return OpenPackage(require_shape(opened(where, version, sha256, base_url, offline)))
