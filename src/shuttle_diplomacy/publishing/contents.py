"""The data of a release: stored files, tables and views, and each of them in further formats."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import UnsoundTableError
from shuttle_diplomacy.package import Finding, Package, Resource, Schema
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.assembly import table_resource
from shuttle_diplomacy.publishing.checksums import sha256_of
from shuttle_diplomacy.publishing.files import ReleaseFolder
from shuttle_diplomacy.publishing.formats import TABLE_FORMATS
from shuttle_diplomacy.publishing.labels import Labels
from shuttle_diplomacy.publishing.lexical import csv_bytes
from shuttle_diplomacy.publishing.released import Release, ReleasedFile, ReleasedTable, measured
from shuttle_diplomacy.tabular.package_tables import DERIVED, relations
from shuttle_diplomacy.tabular.reader import read_table, with_enums
from shuttle_diplomacy.tabular.views import View

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
FORMATS = "shuttle:formats"
_CSV = "text/csv"
Progress = Callable[[str], None]


def write_data(
    folder: ReleaseFolder, release: Release, package: Package, views: list[View], labels: Labels, progress: Progress
) -> Release:
    """Write all resources and views of a package and return the release with their descriptors, tables and files.

    Raises:
        ConfigurationError: a view cannot run, or two files have one path.
        UnreadableError: a file is not there.
        UnsoundTableError: a table does not follow its schema.
    """
    resources: list[Descriptor] = []
    frames: dict[str, pl.DataFrame] = {}
    tables: list[ReleasedTable] = []
    files: list[ReleasedFile] = []
    for resource, descriptor in zip(package.resources, package.dereferenced["resources"], strict=True):
        progress(resource.name)
        _copy(folder, resource)
        resources.append(_sized(descriptor, folder, resource.paths))
        if resource.is_table:
            frames[resource.name] = typed(resource)
            tables.append(_table(resource, resources[-1], frames[resource.name], len(tables)))
        files += _stored(folder, resource, resources[-1])
    sql = relations(package, frames, views)
    for view in views:
        progress(view.name)
        descriptor = table_resource(view.name, view.schema.descriptor, labels.shared)
        folder.add(descriptor["path"], csv_bytes(sql.frame(view.name), view.schema))
        resources.append(_sized(descriptor, folder, (descriptor["path"],)) | {DERIVED: f"views/{view.name}.sql"})
        resource = Resource(resources[-1], folder.storage)
        table = _table(resource, resources[-1], typed(resource), len(tables))
        tables.append(replace(table, query=view.query))
        files += _stored(folder, resource, resources[-1])
    tables.sort(key=lambda table: table.name)
    read = sorted(sql.tables_behind(view.name for view in views) - {table.name for table in tables})
    metadata = {name: sql.frame(name) for name in read if name in sql}
    release = replace(release, tables=tuple(tables), metadata=metadata)
    made = {table.name: list(_further(folder, release, table, progress)) for table in tables}
    for resource_descriptor in resources:
        if found := made.get(resource_descriptor["name"]):
            resource_descriptor[FORMATS] = [_format(file) for file in found]
    files += [file for found in made.values() for file in found]
    ordered = sorted(resources, key=lambda item: str(item["name"]))
    return replace(release, descriptor=release.descriptor | {"resources": ordered}, files=tuple(files))


def typed(resource: Resource) -> pl.DataFrame:
    """Return a table as typed rows, enumerated texts being String.

    Raises:
        UnsoundTableError: it does not follow its schema.
    """
    frame, findings = read_table(resource)
    if findings:
        raise UnsoundTableError(shown(findings[0]) + "; run: shuttle validate")
    return frame


def shown(finding: Finding) -> str:
    """Return where a finding is and what is wrong, in one line."""
    row = f", row {finding.row_number}" if finding.row_number and finding.line is None else ""
    return f"{finding.place}{row}: {finding.note}"


def _copy(folder: ReleaseFolder, resource: Resource) -> None:
    for path in resource.paths:
        with resource.storage.open(path) as content:
            folder.copy(path, content)


def _sized(descriptor: Mapping[str, Any], folder: ReleaseFolder, paths: tuple[str, ...]) -> Descriptor:
    """Return a resource with size and checksum of its file, if it is one, before its dialect and schema."""
    if len(paths) != 1:
        return dict(descriptor)
    file = folder.root / paths[0]
    rest = {key: value for key, value in descriptor.items() if key not in {"bytes", "hash"}}
    last: Descriptor = {key: rest.pop(key) for key in ("dialect", "schema") if key in rest}
    return {**rest, "bytes": file.stat().st_size, "hash": f"sha256:{sha256_of(file)}", **last}


def _table(resource: Resource, descriptor: Descriptor, frame: pl.DataFrame, number: int) -> ReleasedTable:
    schema = resource.schema
    if not schema.fields:  # the labels of the file are the names of its fields
        schema = Schema({**schema.descriptor, "fields": [{"name": name} for name in frame.columns]}, schema.version)
    frame = with_enums(frame, resource.name, schema)
    path = resource.path if _is_plain_csv(resource) else _beside(resource, number, "csv")
    return ReleasedTable(resource.name, schema, frame, path, descriptor, descriptor.get(DERIVED))


def _is_plain_csv(resource: Resource) -> bool:
    """Return whether the stored file is what everybody takes for CSV: one file, UTF-8, commas, one header line."""
    is_csv = resource.path.endswith(".csv") and (resource.format or "csv") == "csv"
    utf8 = resource.encoding.lower().replace("_", "-") in {"utf-8", "utf8"}
    return is_csv and utf8 and len(resource.paths) == 1 and not resource.dialect and resource.compression is None


def _beside(resource: Resource, number: int, ending: str) -> str:
    """Return the path of a table in a further format: beside its own file, named after the table."""
    name = resource.name if PLAIN.fullmatch(resource.name) else f"table-{number + 1}"
    folder = PurePosixPath(resource.path).parent if resource.path else PurePosixPath("data")
    path = (folder / f"{name}.{ending}").as_posix()
    return path if path not in resource.paths else (folder / f"{name}-plain.{ending}").as_posix()


def _stored(folder: ReleaseFolder, resource: Resource, descriptor: Descriptor) -> Iterator[ReleasedFile]:
    for path in resource.paths:
        ending = PurePosixPath(path).suffix.removeprefix(".")
        known = {"csv": _CSV, "json": "application/json", "tsv": "text/tab-separated-values"}
        media_type = resource.mediatype or known.get(ending, "application/octet-stream")
        title = str(descriptor.get("title") or resource.name)
        table = resource.name if resource.is_table and len(resource.paths) == 1 else None
        yield measured(
            folder.root, path, format=resource.format or ending, media_type=media_type, title=title, table=table
        )


def _further(
    folder: ReleaseFolder, release: Release, table: ReleasedTable, progress: Progress
) -> Iterator[ReleasedFile]:
    """Write a table in every further format."""
    if table.path not in folder.paths:
        folder.add(table.path, csv_bytes(table.frame, table.schema))
        yield measured(
            folder.root, table.path, format="csv", media_type=_CSV, title=f"{table.title} (csv)", table=table.name
        )
    for ending, made in TABLE_FORMATS.items():
        path = PurePosixPath(table.path).with_suffix(f".{ending}").as_posix()
        progress(path)
        with folder.writing(path) as file:
            made.write(table, release, file)
        yield measured(
            folder.root,
            path,
            format=ending,
            media_type=made.media_type,
            title=f"{table.title} ({ending})",
            table=table.name,
            portable=made.portable,
        )


def _format(file: ReleasedFile) -> Descriptor:
    known: Descriptor = {"format": file.format, "path": file.path, "mediatype": file.media_type}
    return known | {"bytes": file.size, "hash": f"sha256:{file.sha256}"} if file.portable else known
