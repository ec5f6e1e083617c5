"""Verifying a release as a whole: checksums, archive, descriptor, data, documents, the record of its build."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ShuttleError, UnreadableError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.http import DEFAULT_LIMITS, Limits, without_credentials
from shuttle_diplomacy.package.metadata import check_shape
from shuttle_diplomacy.package.parsing import parse_descriptor
from shuttle_diplomacy.package.reading import DESCRIPTOR_NAME
from shuttle_diplomacy.package.storage import Archive
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.contents import shown
from shuttle_diplomacy.publishing.verification.documents import check_documents
from shuttle_diplomacy.publishing.verification.holding import Held, Holding, held_by
from shuttle_diplomacy.publishing.verification.located import Located, located, members, read_small
from shuttle_diplomacy.publishing.verification.outcome import Verification
from shuttle_diplomacy.publishing.verification.sums import MOST_BYTES, Place, check_sums

BUILD_RECORD = "build.json"
_AGAIN = "download the release again"
Step = Callable[[str], None]


def verify(
    where: str, *, repository: Path | None = None, limits: Limits = DEFAULT_LIMITS, progress: Step = lambda _: None
) -> Verification:
    """Return what is wrong with a release.

    Args:
        where: the release's folder, its zip, the folder with both, or an http(s) address of its zip or descriptor.
        repository: the configured folder of the repository it was built from; if given, it is built again.
        limits: bounds on time and size.
        progress: called with the name of each check before it runs.

    Raises:
        ConfigurationError: it cannot be built again.
        UnreadableError: there is no release, or it grows beyond all measure.
    """
    outcome = Verification(without_credentials(where))
    progress("files")
    with located(where, outcome, limits) as release:
        holding = Holding.of(release.folder)
        progress("checksums")
        _check_sums(release, holding, outcome)
        if release.archive is not None and not release.unpacked:
            progress("archive")
            _check_archive(release.archive, holding, outcome)
        record = _check_record(holding, outcome)
        descriptor = _check_package(release, holding, record, outcome, progress)
        if repository is not None:
            from shuttle_diplomacy.publishing.verification.rebuilding import check_rebuild

            progress("rebuild")
            check_rebuild(holding, record, descriptor, repository, outcome)
    return outcome


def _check_sums(release: Located, holding: Holding, outcome: Verification) -> None:
    """Check the list inside the release, and the one beside it where there is one."""
    content = _list_in(release.folder, CHECKSUMS, outcome)
    if content is not None:
        own = [path for path in holding.files if path != CHECKSUMS]
        check_sums(content, Place(CHECKSUMS, own, holding.held, holding.others), outcome)
    if release.outer is not None:
        _check_outer(release, holding, outcome)
    elif release.archive is not None and (release.archive.parent / CHECKSUMS).is_file():
        _check_beside(release.archive, outcome)


def _list_in(folder: Path, name: str, outcome: Verification) -> bytes | None:
    try:
        return read_small(folder / CHECKSUMS, MOST_BYTES)
    except UnreadableError as error:
        note = "is not there" if not (folder / CHECKSUMS).exists() else str(error)
        outcome.add("checksums", name, note, _AGAIN)
        return None


def _check_outer(release: Located, holding: Holding, outcome: Verification) -> None:
    """Check the list beside release and archive; a release that was unpacked just now stands for its folder."""
    assert release.outer is not None
    shown_as = f"{release.outer.name}/{CHECKSUMS}"
    content = _list_in(release.outer, shown_as, outcome)
    if content is None:
        return
    outer = Holding.of(release.outer)
    prefix = f"{release.stem}/"
    inside = {f"{prefix}{path}": path for path in holding.files}
    files = sorted({*(path for path in outer.files if path != CHECKSUMS), *inside})

    def held(path: str) -> Held:
        return holding.held(inside[path]) if path in inside else outer.held(path)

    others = {path: kind for path, kind in outer.others.items() if not path.startswith(prefix)}
    known = {problem.file for problem in outcome.problems}
    found = Verification("")
    check_sums(content, Place(shown_as, files, held, others), found)
    outcome.looked("checksums", sum(found.checked.values()))
    for problem in found.problems:  # what the inner list told is not told again
        if problem.file.removeprefix(prefix) not in known:
            outcome.add(problem.check, problem.file, problem.note, problem.step)


def _check_beside(archive: Path, outcome: Verification) -> None:
    """Check an archive against a list beside it, if that names it."""
    scratch = Verification("")
    content = _list_in(archive.parent, CHECKSUMS, scratch)
    lines = [line for line in (content or b"").splitlines() if line.endswith(f" {archive.name}".encode())]
    if lines:
        beside = Holding(archive.parent)
        check_sums(lines[0] + b"\n", Place(f"{CHECKSUMS} beside it", [archive.name], beside.held, {}), outcome)


def _check_archive(archive: Path, holding: Holding, outcome: Verification) -> None:
    """Compare the archive with the folder, member by member."""
    infos = [info for info in members(archive) if not info.is_dir()]
    storage, names = Archive(archive), {info.filename for info in infos}
    if len(names) != len(infos):
        outcome.add("archive", archive.name, "holds two members of one name", _AGAIN)
    for path in sorted({*names, *holding.files}):
        outcome.looked("archive")
        try:
            if path not in names:
                outcome.add("archive", archive.name, f"lacks {path!r}, which the folder holds", _AGAIN)
            elif path not in holding.files:
                outcome.add("archive", archive.name, f"holds {path[:200]!r}, which the folder lacks", _AGAIN)
            elif held_by(storage.open(path), path).sha256 != holding.held(path).sha256:
                outcome.add("archive", archive.name, f"{path!r} differs from the file in the folder", _AGAIN)
        except ShuttleError as error:
            outcome.add("archive", archive.name, str(error), _AGAIN)


def _check_record(holding: Holding, outcome: Verification) -> dict[str, Any]:
    """Check the record of the build, and return it."""
    try:
        record = parse_descriptor(read_small(holding.root / BUILD_RECORD), BUILD_RECORD)
    except UnreadableError as error:
        outcome.add("build", BUILD_RECORD, str(error).removeprefix(f"{BUILD_RECORD}: "), _AGAIN)
        return {}
    outcome.looked("build")
    kinds = {"name": str, "version": str, "SOURCE_DATE_EPOCH": int, "versions": dict, "base_url": str}
    for key, kind in kinds.items():
        if not isinstance(record.get(key), kind):
            outcome.add("build", BUILD_RECORD, f"{key!r} is {str(record.get(key))[:60]!r}", "tell the publisher")
    if record.get("dirty"):
        outcome.notes.append("it was built with changes that no commit holds, so nobody can build it again")
    return record


def _check_package(
    release: Located, holding: Holding, record: dict[str, Any], outcome: Verification, progress: Step
) -> dict[str, Any]:
    """Check descriptor, data and documents, as far as the descriptor can be read; return it."""
    from shuttle_diplomacy.validation.pipeline import Rules, validate

    progress("descriptor")
    try:
        package = open_package(holding.root / DESCRIPTOR_NAME)
        report = validate(package, Rules(reason="a release is judged without running the SQL that it carries"))
    except ShuttleError as error:
        outcome.add("descriptor", DESCRIPTOR_NAME, str(error), _AGAIN)
        return {}
    outcome.looked("descriptor", len(report.tasks))
    for task in report.all_tasks:
        for finding in task.errors:
            step = "run: shuttle validate, and tell the publisher"
            outcome.add("descriptor", finding.path or DESCRIPTOR_NAME, shown(finding), step)
    descriptor = package.descriptor
    outcome.name, outcome.version = str(descriptor.get("name", "")), str(descriptor.get("version", ""))
    _check_names(release, descriptor, record, outcome)
    base_url = record.get("base_url")
    if not check_shape(descriptor):
        from shuttle_diplomacy.publishing.verification.data import check_data

        progress("data")
        check_data(package, holding.root, outcome)
    progress("documents")
    check_documents(holding, descriptor, base_url if isinstance(base_url, str) else "", outcome)
    return descriptor


def _check_names(release: Located, descriptor: dict[str, Any], record: dict[str, Any], outcome: Verification) -> None:
    """Check that name and version are the same in the descriptor, the record and the folder's name."""
    for key in ("name", "version"):
        if not isinstance(descriptor.get(key), str):
            outcome.add("descriptor", DESCRIPTOR_NAME, f"has no {key!r}, which every release has", _AGAIN)
        elif key in record and record[key] != descriptor[key]:
            note = f"{key!r} is {str(record[key])[:60]!r}, in {DESCRIPTOR_NAME} {descriptor[key]!r}"
            outcome.add("build", BUILD_RECORD, note, _AGAIN)
    stem = f"{descriptor.get('name')}-{descriptor.get('version')}"
    if release.outer is not None and release.stem != stem:
        outcome.add("archive", release.stem, f"is the name of the release {stem!r}", "download it again, or rename it")
