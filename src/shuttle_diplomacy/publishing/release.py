"""Building a release: a folder, its zip archive and their checksums, as a function of the commit and the lock file."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError, UnsoundTableError
from shuttle_diplomacy.package import Finding, Package, Resource, open_package
from shuttle_diplomacy.package.configuration import Configuration
from shuttle_diplomacy.package.metadata import check_shape
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAME
from shuttle_diplomacy.publishing.archive import write_archive
from shuttle_diplomacy.publishing.assembly import assemble, labels_of, table_resource, to_json
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.checksums import checksums, sha256
from shuttle_diplomacy.publishing.codebook import codebook
from shuttle_diplomacy.publishing.exchange import replacing
from shuttle_diplomacy.publishing.files import ReleaseFolder
from shuttle_diplomacy.publishing.lexical import csv_bytes
from shuttle_diplomacy.publishing.parquet import parquet_bytes
from shuttle_diplomacy.publishing.provenance import build_record, release_epoch, source_of
from shuttle_diplomacy.publishing.readme import readme
from shuttle_diplomacy.tabular.package_tables import DERIVED, relations
from shuttle_diplomacy.tabular.reader import read_table, with_enums
from shuttle_diplomacy.tabular.views import View, read_views
from shuttle_diplomacy.validation.rules import read_rules

_COPIED = ("LICENSE-DATA", "CITATION.cff")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


def build(configuration: Configuration, out: Path, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Build the release of a repository's package and put it in place of the last one.

    The package has to be valid; what is read here is checked for structure and types only, and the finished release
    is judged as a whole before anybody sees it.

    Args:
        configuration: what the repository declares.
        out: the folder that is replaced; it then holds ``<name>-<version>/``, the zip of it, and ``SHA256SUMS``.
        progress: called with the name of each table and file before it is worked on.

    Returns:
        The folder of the release, inside ``out``.

    Raises:
        ConfigurationError: the descriptor is stale, lacks a name or version, or a view cannot run.
        TargetError: ``out`` may not be replaced or cannot be written; nothing was changed.
        UnreadableError: a file is not there.
        UnsoundTableError: a table does not follow its schema.
        UnsupportedError: the package uses a part of the standard that is not read so far.
    """
    package = _current_package(configuration)
    name = _plain(package, "name")
    stem = f"{name}-{_plain(package, 'version')}"
    source = source_of(configuration.file, out)
    epoch = release_epoch(source, package.descriptor.get("created"))
    with replacing(out, name) as folder:
        release = ReleaseFolder(folder / stem)
        _fill(release, package, configuration, progress)
        release.add("build.json", to_json(build_record(name, package.descriptor["version"], source, epoch)))
        release.add(CHECKSUMS, checksums(release.root))
        progress("checks")
        _judge(release.root)
        progress(f"{stem}.zip")
        write_archive(release.root, folder / f"{stem}.zip", epoch)
        (folder / f"{stem}.zip").chmod(0o644)
        ReleaseFolder(folder).add(CHECKSUMS, checksums(folder))
    return out / stem


def _current_package(configuration: Configuration) -> Package:
    """Return the package as it is stored, having made sure that its descriptor is what the schemas say."""
    package = open_package(configuration.package)
    if faults := check_shape(package.descriptor):
        raise ConfigurationError(f"{package.where}: {faults[0].note}; run: shuttle validate")
    if configuration.metadata and configuration.schemas:
        stored = package.storage.read(DESCRIPTOR_NAME)
        if stored != assemble(configuration):
            note = f"{DESCRIPTOR_NAME} differs from the schemas; run: shuttle assemble"
            raise ConfigurationError(f"{package.where}: {note}")
    return package


def _plain(package: Package, key: str) -> str:
    value = package.descriptor.get(key)
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        note = f"{key!r} is {value!r}; a release needs one of letters, digits, dots, hyphens and underscores"
        raise ConfigurationError(f"{package.where}: {note}")
    return value


def _fill(
    release: ReleaseFolder, package: Package, configuration: Configuration, progress: Callable[[str], None]
) -> None:
    """Write everything but what is about the release itself."""
    resources: list[Descriptor] = []
    frames: dict[str, pl.DataFrame] = {}
    for resource in package.resources:
        progress(resource.name)
        release.add(resource.path, content := resource.read_bytes())
        resources.append(_sized(resource.descriptor, content))
        if resource.is_table:
            frames[resource.name] = _typed(resource)
            resources[-1]["shuttle:formats"] = [_parquet(release, resource, frames[resource.name])]
    rows = {name: frame.height for name, frame in frames.items()}
    views = read_views(configuration.views)
    sql = relations(package, frames, views)
    labels = labels_of(configuration)
    for view in views:
        progress(view.name)
        descriptor = table_resource(view.name, view.schema.descriptor, labels.shared)
        resources.append(_view(release, view, descriptor, sql.frame(view.name)))
        rows[view.name] = sql.frame(view.name).height
    described = {k: v for k, v in package.descriptor.items() if k != "resources"} | _carried(release, configuration)
    released = described | {"resources": sorted(resources, key=lambda resource: str(resource["name"]))}
    release.add(DESCRIPTOR_NAME, to_json(released))
    for file in _COPIED:
        if (origin := configuration.file.parent / file).is_file():
            release.add(file, origin.read_bytes())
    book = codebook(released, labels, read_rules(configuration.rules))
    release.add("CODEBOOK.md", book.encode("utf-8"))
    release.add("README.md", readme(released, rows, {*release.paths, "build.json"}).encode("utf-8"))


def _typed(resource: Resource) -> pl.DataFrame:
    frame, findings = read_table(resource)
    if findings:
        raise UnsoundTableError(_shown(findings[0]) + "; run: shuttle validate")
    return frame


def _shown(finding: Finding) -> str:
    row = f", row {finding.row_number}" if finding.row_number and finding.line is None else ""
    return f"{finding.place}{row}: {finding.note}"


def _sized(descriptor: Mapping[str, Any], content: bytes) -> Descriptor:
    """Return a resource with size and checksum of its file, before its schema."""
    rest = {key: value for key, value in descriptor.items() if key not in {"bytes", "hash"}}
    last: Descriptor = {key: rest.pop(key) for key in ("dialect", "schema") if key in rest}
    return {**rest, "bytes": len(content), "hash": f"sha256:{sha256(content)}", **last}


def _parquet(release: ReleaseFolder, resource: Resource, frame: pl.DataFrame) -> Descriptor:
    content = parquet_bytes(with_enums(frame, resource.name, resource.schema))
    path = str(Path(resource.path).with_suffix(".parquet").as_posix())
    release.add(path, content)
    return {"format": "parquet", "path": path, "bytes": len(content), "hash": f"sha256:{sha256(content)}"}


def _view(release: ReleaseFolder, view: View, descriptor: Descriptor, frame: pl.DataFrame) -> Descriptor:
    """Write a view as a table, in the order of its query: its Parquet holds what a reader of its CSV gets."""
    content = csv_bytes(frame, view.schema)
    release.add(descriptor["path"], content)
    resource = Resource(descriptor, release.storage)
    derived = {**_sized(descriptor, content), DERIVED: f"views/{view.name}.sql"}
    return derived | {"shuttle:formats": [_parquet(release, resource, _typed(resource))]}


def _carried(release: ReleaseFolder, configuration: Configuration) -> Descriptor:
    """Copy rules and views, so that a download can be judged as the repository is, and return their paths."""
    found: Descriptor = {}
    for key, folder, kinds in (
        ("rules", configuration.rules, {".sql"}),
        ("views", configuration.views, {".sql", ".json"}),
    ):
        files = sorted(f for f in folder.iterdir() if f.suffix in kinds) if folder and folder.is_dir() else []
        for file in files:
            release.add(f"{key}/{file.name}", file.read_bytes())
        found |= {f"shuttle:{key}": [f"{key}/{file.name}" for file in files]} if files else {}
    return found


def _judge(folder: Path) -> None:
    """Check the finished release as its users will: files against checksums, views against their schemas."""
    from shuttle_diplomacy.validation.pipeline import validate

    report = validate(open_package(folder))
    for task in (report.general, *report.tasks):
        if task.errors:
            raise ConfigurationError(f"the built release is not valid: {_shown(task.errors[0])}")
