"""The further formats of a table against the table itself: they hold the same rows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ShuttleError
from shuttle_diplomacy.package import Package, Resource
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.contents import FORMATS
from shuttle_diplomacy.publishing.verification.containers import counted
from shuttle_diplomacy.publishing.verification.outcome import Verification
from shuttle_diplomacy.tabular.reader import read_table

CHECK = "data"
_AGAIN = "download the release again, or tell its publisher"
_WIDTH = 60
_OWN_FORM = ("dialect", "compression", "bytes", "hash", "mediatype", "data", FORMATS)


def check_data(package: Package, root: Path, outcome: Verification) -> None:
    """Read every table and all that claims to hold its rows; what cannot be read itself was told before."""
    rows: dict[str, int] = {}
    for resource in package.resources:
        if not resource.is_table:
            continue
        try:
            frame, findings = read_table(resource)
        except ShuttleError:
            continue
        if findings:
            continue
        rows[resource.name] = frame.height
        for item in _formats(resource.descriptor):
            _check_format(resource, frame, item, root, outcome)
    for item in _listed(package.descriptor.get("shuttle:files")):
        path = _inside(str(item.get("path")), root)
        if path is None:
            continue  # told where the documents are checked
        for note in counted(path, rows):
            outcome.add(CHECK, str(item["path"]), note, _AGAIN)
        outcome.looked(CHECK)


def _formats(descriptor: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return _listed(descriptor.get(FORMATS))


def _listed(value: Any) -> Iterator[Mapping[str, Any]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict) and isinstance(item.get("path"), str):
            yield item


def _inside(path: str, root: Path) -> Path | None:
    with suppress(ShuttleError):
        file = Folder(root).local(path)
        if file is not None and file.is_file():
            return file
    return None


def _check_format(
    resource: Resource, frame: pl.DataFrame, item: Mapping[str, Any], root: Path, outcome: Verification
) -> None:
    path, kind = str(item["path"]), str(item.get("format", "")).lower()
    file = _inside(path, root)
    if file is None:
        return
    if kind == "parquet":
        notes = _against_parquet(frame, file)
    elif kind in {"csv", "jsonl", "ndjson"}:
        notes = _against_text(resource, frame, path, kind, root)
    else:
        notes = counted(file, {resource.name: frame.height})
    outcome.looked(CHECK)
    for note in notes:
        outcome.add(CHECK, path, note, _AGAIN)


def _against_parquet(frame: pl.DataFrame, file: Path) -> Iterator[str]:
    try:
        columns = pl.read_parquet_schema(file)
        if list(columns) != frame.columns:
            yield f"has the columns {_few(columns)}, the table {_few(frame.columns)}"
            return
        height = pl.scan_parquet(file, glob=False).select(pl.len()).collect().item()
        if height != frame.height:  # told before any row is read: a small file can claim to hold billions
            yield _heights(height, frame.height)
            return
        for name in frame.columns:
            if note := different(frame[name], pl.read_parquet(file, columns=[name], glob=False)[name]):
                yield note
                return
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        yield f"cannot be read as Parquet: {_short(error)}"


def _against_text(resource: Resource, frame: pl.DataFrame, path: str, kind: str, root: Path) -> Iterator[str]:
    """Compare with a table of text, read by the same schema in the form that the ending says."""
    rest = {key: value for key, value in resource.descriptor.items() if key not in _OWN_FORM}
    descriptor = rest | {"path": path, "format": kind, "encoding": "utf-8"}
    try:
        stored, findings = read_table(Resource(descriptor, Folder(root), resource.version))
    except ShuttleError as error:
        yield f"cannot be read as the table: {_short(error)}"
        return
    if findings:
        yield f"does not follow the table's schema: {_short(findings[0].place)}: {_short(findings[0].note)}"
    elif stored.columns != frame.columns:
        yield f"has the columns {_few(stored.columns)}, the table {_few(frame.columns)}"
    elif stored.height != frame.height:
        yield _heights(stored.height, frame.height)
    else:
        notes = (different(frame[name], stored[name]) for name in frame.columns)
        yield from [note for note in notes if note][:1]


def different(expected: pl.Series, found: pl.Series) -> str:
    """Return where two columns of the same height differ first, or an empty text.

    Examples:
        >>> different(pl.Series("id", ["a", "b"]), pl.Series("id", ["a", "c"]))
        "row 2, field id: holds 'c', the table 'b'"
    """
    one, two = _comparable(expected), _comparable(found)
    if one.dtype != two.dtype:
        try:
            two = two.cast(one.dtype)
        except pl.exceptions.PolarsError:
            return f"field {expected.name}: holds values of type {found.dtype}, the table of type {expected.dtype}"
    if one.equals(two, null_equal=True):
        return ""
    row = next((n for n in range(len(one)) if not one[n : n + 1].equals(two[n : n + 1], null_equal=True)), None)
    if row is None:
        return ""
    held = f"holds {_short(repr(two[row]))}, the table {_short(repr(one[row]))}"
    return f"row {row + 1}, field {_short(expected.name)}: {held}"


def _comparable(values: pl.Series) -> pl.Series:
    kind = values.dtype
    return values.cast(pl.String) if isinstance(kind, pl.Enum | pl.Categorical) else values


def _heights(found: int, expected: int) -> str:
    return f"holds {found:,} rows, the table {expected:,}"


def _few(names: Any) -> str:
    listed = [repr(name)[:_WIDTH] for name in names]
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""  # noqa: PLR2004 (as many as one reads)
    return ", ".join(listed[:5]) + more


def _short(value: object) -> str:
    text = plain(str(value).partition("\n")[0])
    return text if len(text) <= 2 * _WIDTH else f"{text[: 2 * _WIDTH]}..."
