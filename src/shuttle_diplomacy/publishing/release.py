"""Building a release: a folder, its zip archive and their checksums, as a function of the commit and the lock file."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Package, open_package
from shuttle_diplomacy.package.configuration import Configuration
from shuttle_diplomacy.package.metadata import check_shape
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAME
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.archive import write_archive
from shuttle_diplomacy.publishing.assembly import assemble, labels_of, to_json
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.checksums import checksums
from shuttle_diplomacy.publishing.codebook import codebook
from shuttle_diplomacy.publishing.contents import PLAIN, Progress, shown, write_data
from shuttle_diplomacy.publishing.exchange import replacing
from shuttle_diplomacy.publishing.files import ReleaseFolder
from shuttle_diplomacy.publishing.formats import PACKAGE_FORMATS
from shuttle_diplomacy.publishing.labels import Labels
from shuttle_diplomacy.publishing.metadata import DOCUMENTS
from shuttle_diplomacy.publishing.provenance import Source, build_record, release_epoch, source_of
from shuttle_diplomacy.publishing.readme import citation, readme
from shuttle_diplomacy.publishing.released import Release, base_url_of, measured
from shuttle_diplomacy.tabular.views import read_views
from shuttle_diplomacy.validation.rules import read_rules

BUILD_RECORD = "build.json"
_COPIED = ("LICENSE-DATA",)


def build(
    package: Package,
    out: Path,
    configuration: Configuration | None = None,
    *,
    base_url: str | None = None,
    progress: Progress = lambda _: None,
) -> Path:
    """Build the release of a package and put it in place of the last one.

    The package has to be valid; what is read here is checked for structure and types only, and the finished release
    is judged as a whole before anybody sees it.

    Args:
        package: what is released.
        out: the folder that is replaced; it then holds ``<name>-<version>/``, the zip of it, and ``SHA256SUMS``.
        configuration: what the package's repository declares, if it has one: views, rules and labels.
        base_url: where the files of the release will be, instead of ``homepage``.
        progress: called with the name of each table and file before it is worked on.

    Returns:
        The folder of the release, inside ``out``.

    Raises:
        ConfigurationError: the descriptor is stale, lacks a name or version, or a view cannot run.
        TargetError: ``out`` may not be replaced or cannot be written; nothing was changed.
        UnreadableError: a file is not there.
        UnsoundTableError: a table does not follow its schema.
        UnsupportedError: a table has a form that is not read so far.
    """
    _check_current(package, configuration)
    name = _plain(package, "name")
    stem = f"{name}-{_plain(package, 'version')}"
    source = _source(package, configuration, out)
    epoch = release_epoch(source, package.descriptor.get("created"))
    home = base_url_of(package, base_url)
    described: Descriptor = {key: value for key, value in package.descriptor.items() if key != "resources"}
    if base_url:
        described["homepage"] = home
    release = Release(described, home, epoch, citation=citation(described))
    with replacing(out, name) as folder:
        files = ReleaseFolder(folder / stem)
        _fill(files, release, package, configuration, progress)
        record = build_record(name, release.version, source, epoch) | {"base_url": home}
        files.add(BUILD_RECORD, to_json(record))
        files.add(CHECKSUMS, checksums(files.root))
        progress("checks")
        _judge(files.root)
        progress(f"{stem}.zip")
        write_archive(files.root, folder / f"{stem}.zip", epoch)
        (folder / f"{stem}.zip").chmod(0o644)
        ReleaseFolder(folder).add(CHECKSUMS, checksums(folder))
    return out / stem


def _check_current(package: Package, configuration: Configuration | None) -> None:
    """Make sure that a descriptor can be built from, and is what the schemas say where it is assembled."""
    if faults := check_shape(package.descriptor):
        raise ConfigurationError(f"{package.where}: {faults[0].note}; run: shuttle validate")
    if configuration and configuration.metadata and configuration.schemas:
        stored = package.storage.read(DESCRIPTOR_NAME)
        if stored != assemble(configuration):
            note = f"{DESCRIPTOR_NAME} differs from the schemas; run: shuttle assemble"
            raise ConfigurationError(f"{package.where}: {note}")


def _plain(package: Package, key: str) -> str:
    value = package.descriptor.get(key)
    if not isinstance(value, str) or not PLAIN.fullmatch(value):
        note = f"{key!r} is {value!r}; a release needs one of letters, digits, dots, hyphens and underscores"
        raise ConfigurationError(f"{package.where}: {note}")
    return value


def _source(package: Package, configuration: Configuration | None, out: Path) -> Source | None:
    if configuration is not None:
        return source_of(configuration.file, out)
    if isinstance(package.storage, Folder):
        return source_of(package.storage.root / package.descriptor_path, out)
    return None


def _fill(
    files: ReleaseFolder,
    release: Release,
    package: Package,
    configuration: Configuration | None,
    progress: Progress,
) -> None:
    """Write everything but what is about the release itself."""
    views = read_views(configuration.views) if configuration else []
    labels = labels_of(configuration) if configuration else Labels()
    release = write_data(files, release, package, views, labels, progress)
    release = _with_package_formats(files, release, progress)
    carried = _carried(files, configuration) if configuration else {}
    described = _described(release, carried)
    files.add(DESCRIPTOR_NAME, to_json(described))
    release = replace(release, descriptor=described, folder=files.root)
    for origin in _beside(package, configuration):
        files.add(origin.name, origin.read_bytes())
    rules = read_rules(configuration.rules) if configuration else []
    files.add("CODEBOOK.md", codebook(described, labels, rules).encode("utf-8"))
    for document in DOCUMENTS:
        progress(document.path)
        files.add(document.path, document.write(release))
    rows = {table.name: table.frame.height for table in release.tables}
    documents = {document.path: document.title for document in DOCUMENTS}
    files.add("README.md", readme(described, rows, {*files.paths, BUILD_RECORD}, documents).encode("utf-8"))


def _with_package_formats(files: ReleaseFolder, release: Release, progress: Progress) -> Release:
    """Write the files that hold all tables, in their order; each sees those written before it."""
    for made in PACKAGE_FORMATS:
        path = made.path.format(name=release.name)
        progress(path)
        with files.writing(path) as file:
            made.write(release, file)
        ending = path.rpartition(".")[2]
        known: dict[str, Any] = {"format": ending, "media_type": made.media_type, "title": made.title}
        file_of_release = measured(files.root, path, **known, portable=made.portable)
        release = replace(release, files=(*release.files, file_of_release))
    return release


def _described(release: Release, carried: Mapping[str, Any]) -> Descriptor:
    """Return the released descriptor: resources last, before them the files that are no resources of their own."""
    rest = {key: value for key, value in release.descriptor.items() if key != "resources"}
    package_files = [
        {"path": file.path, "format": file.format, "mediatype": file.media_type, "title": file.title}
        for made in PACKAGE_FORMATS
        for file in release.files
        if file.path == made.path.format(name=release.name)
    ]
    listed = {"shuttle:files": package_files} if package_files else {}
    return {**rest, **carried, **listed, "resources": release.descriptor["resources"]}


def _beside(package: Package, configuration: Configuration | None) -> list[Path]:
    """Return the files beside the package that belong into its release: the text of the licence."""
    folders = [configuration.file.parent] if configuration else []
    if isinstance(package.storage, Folder):
        folders.append(package.storage.root)
    found = {file: folder / file for folder in reversed(folders) for file in _COPIED if (folder / file).is_file()}
    return list(found.values())


def _carried(files: ReleaseFolder, configuration: Configuration) -> Descriptor:
    """Copy rules and views, so that a download can be judged as the repository is, and return their paths."""
    found: Descriptor = {}
    for key, folder, kinds in (
        ("rules", configuration.rules, {".sql"}),
        ("views", configuration.views, {".sql", ".json"}),
    ):
        origins = sorted(f for f in folder.iterdir() if f.suffix in kinds) if folder and folder.is_dir() else []
        for file in origins:
            files.add(f"{key}/{file.name}", file.read_bytes())
        found |= {f"shuttle:{key}": [f"{key}/{file.name}" for file in origins]} if origins else {}
    return found


def _judge(folder: Path) -> None:
    """Check the finished release as its users will: files against checksums, views against their schemas."""
    from shuttle_diplomacy.validation.pipeline import validate

    report = validate(open_package(folder))
    for task in (report.general, *report.tasks):
        if task.errors:
            raise ConfigurationError(f"the built release is not valid: {shown(task.errors[0])}")
