"""An opened package: its tables and views as typed polars frames, by name."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from shuttle_diplomacy.dataset.description import Description
from shuttle_diplomacy.dataset.related import with_related
from shuttle_diplomacy.dataset.showing import html_block, html_table, listed, terminal_width, wrapped
from shuttle_diplomacy.errors import UnknownNameError, UnsoundTableError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.package import open_package as read_package
from shuttle_diplomacy.tabular.frames import Frames
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.reader import read_table, with_enums
from shuttle_diplomacy.tabular.views import Relations, View, read_views

if TYPE_CHECKING:
    from shuttle_diplomacy.dataset.citing import Style
    from shuttle_diplomacy.package import Finding


class OpenPackage:
    """A Data Package whose tables can be loaded.

    Args:
        package: the package.
        views: folder of its views, where they are trusted; None: only tables can be loaded.
        computed: folder of Parquet files with the results of the views, where the data cannot change; None: they are
            computed.
    """

    def __init__(self, package: Package, views: Path | None = None, computed: Path | None = None) -> None:
        self.package = package
        self._views = views
        self._computed = computed

    def tables(self) -> list[str]:
        """Return the names of all tables, then of all views.

        Examples:
            >>> import shuttle_diplomacy as sd
            >>> sd.tables()[:3]
            ['agreement_events', 'agreement_links', 'agreements']
        """
        return [*self.package.tables, *self._derived]

    def load(
        self, name: str, *, related: bool | str | Sequence[str] = False, missing_labels: bool = False
    ) -> pl.DataFrame:
        """Return a table or view as a typed frame.

        Args:
            name: one of :meth:`tables`.
            related: fields with a foreign key, or True for all of them: the columns of the rows they refer to are
                added as ``<field without _id>.<column>``; the rows, their order and their types stay.
            missing_labels: where a schema says what its missing values mean, add a column ``<field>.missing`` (Enum)
                right of the field.

        Returns:
            One row a record; dates are Date, enumerated texts Enum in their declared order, true and false Boolean,
            whole numbers Int64, numbers Float64 (Decimal where ``shuttle:decimal`` is declared), lists List; unknown
            is null.

        Raises:
            UnknownNameError: there is no such table or view, or a field of ``related`` has no foreign key.
            UnsoundTableError: the file does not follow its schema; ``shuttle validate`` says where.

        Examples:
            >>> import shuttle_diplomacy as sd
            >>> sd.load("summits", related="jp_leader_id").select("summit_id", "jp_leader.name_en").row(-1)
            ('2026-05-19-andong', 'Takaichi Sanae')
        """
        frame = self._typed(name, missing_labels=missing_labels)
        if not related:
            return frame
        schema = self.describe(name).schema
        return with_related(frame, name, schema, related, lambda t: self._typed(t, missing_labels=missing_labels))

    def scan(
        self, name: str, *, related: bool | str | Sequence[str] = False, missing_labels: bool = False
    ) -> pl.LazyFrame:
        """Return a table or view as a lazy frame; see :meth:`load`."""
        return self.load(name, related=related, missing_labels=missing_labels).lazy()

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

    def cite(self, style: "Style" = "text") -> str:
        """Return the citation of the package in its version; see :func:`shuttle_diplomacy.dataset.citing.citation`.

        Raises:
            UnknownNameError: there is no such style.
        """
        from shuttle_diplomacy.dataset.citing import citation

        return citation(self.package.descriptor, style)

    def __repr__(self) -> str:
        width = terminal_width()
        rows = ((name, f"{fields} fields", title) for name, fields, title in self._contents())
        return "\n".join([*wrapped(self._heading, width), *listed(rows, width)])

    def _repr_html_(self) -> str:
        table = html_table(["name", "fields", "title"], self._contents())
        return html_block(self._heading, [str(self.package.descriptor.get("description", ""))], table)

    @property
    def _heading(self) -> str:
        described = self.package.descriptor
        version, title = (str(described.get(name) or "") for name in ("version", "title"))
        name = " ".join(filter(None, [self.package.name or self.package.where, version]))
        return f"{name}: {title}" if title else name

    def _contents(self) -> list[tuple[str, str, str]]:
        """Return each table with its number of fields and its title; no table is read for that."""
        described = [self.describe(name) for name in self.tables()]
        return [(one.name, str(len(one)), one.title if one.title != one.name else "") for one in described]

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

    def _typed(self, name: str, *, missing_labels: bool = False) -> pl.DataFrame:
        if name not in self.package.tables and name in self._derived:
            if self._computed is not None:
                return pl.read_parquet(self._computed / f"{name}.parquet")
            return with_enums(self._relations.frame(name), name, self._derived[name].schema)
        return with_enums(self._plain(name, missing_labels=missing_labels), name, self._resource(name).schema)

    def _plain(self, name: str, *, missing_labels: bool = False) -> pl.DataFrame:
        frame, findings = read_table(self._resource(name), missing_labels=missing_labels)
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
