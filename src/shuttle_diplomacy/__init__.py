"""Japan - Republic of Korea leader diplomacy as typed polars frames, and the gate for such data.

Everything is imported when it is first used, so that ``import shuttle_diplomacy`` costs next to nothing.

Examples:
    >>> import shuttle_diplomacy as sd
    >>> sd.load("summits").schema["start_on"]
    Date
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from shuttle_diplomacy.dataset.citing import cite
    from shuttle_diplomacy.dataset.description import Description
    from shuttle_diplomacy.dataset.names import TableName
    from shuttle_diplomacy.dataset.opened import OpenPackage
    from shuttle_diplomacy.dataset.provenance import sources_of

    __version__: str

__all__ = ["__version__", "cite", "describe", "load", "open_package", "query", "scan", "sources_of", "tables"]


def tables() -> "list[TableName]":
    """Return the names of all tables and views of the bundled dataset."""
    from shuttle_diplomacy.dataset.bundled import bundled

    return bundled().tables()  # type: ignore[return-value]  # a test holds that these are the names


def load(
    name: "TableName", *, related: "bool | str | Sequence[str]" = False, missing_labels: bool = False
) -> "pl.DataFrame":
    """Return a table or view of the bundled dataset as a typed frame.

    Args:
        name: one of :func:`tables`, such as ``summits`` or ``agreement_status``.
        related: fields with a foreign key, or True for all of them: the columns of the rows they refer to are added
            as ``<field without _id>.<column>``; the rows, their order and their types stay.
        missing_labels: where a schema says what its missing values mean, add a column ``<field>.missing`` (Enum)
            right of the field.

    Raises:
        UnknownNameError: there is no such table or view, or a field of ``related`` has no foreign key.

    Examples:
        >>> load("sumits")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnknownNameError: there is no table 'sumits'; did you mean 'summits'? ...
    """
    from shuttle_diplomacy.dataset.bundled import bundled

    return bundled().load(name, related=related, missing_labels=missing_labels)


def scan(
    name: "TableName", *, related: "bool | str | Sequence[str]" = False, missing_labels: bool = False
) -> "pl.LazyFrame":
    """Return a table or view of the bundled dataset as a lazy frame; see :func:`load`."""
    from shuttle_diplomacy.dataset.bundled import bundled

    return bundled().scan(name, related=related, missing_labels=missing_labels)


def query(sql: str) -> "pl.DataFrame":
    """Return the result of a query in polars' SQL over the tables and views of the bundled dataset.

    Raises:
        ConfigurationError: polars cannot run it.
    """
    from shuttle_diplomacy.dataset.bundled import bundled

    return bundled().query(sql)


def describe(name: "TableName") -> "Description":
    """Return what a table or view of the bundled dataset is made of; prints and displays well.

    Raises:
        UnknownNameError: there is no such table or view.
    """
    from shuttle_diplomacy.dataset.bundled import bundled

    return bundled().describe(name)


def open_package(where: "str | Path") -> "OpenPackage":
    """Open any Data Package; see :func:`shuttle_diplomacy.dataset.opened.open_package`."""
    from shuttle_diplomacy.dataset.opened import open_package

    return open_package(where)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("shuttle-diplomacy")
    if name == "cite":
        from shuttle_diplomacy.dataset.citing import cite

        return cite
    if name == "sources_of":
        from shuttle_diplomacy.dataset.provenance import sources_of

        return sources_of
    raise AttributeError(f"module 'shuttle_diplomacy' has no attribute {name!r}")
