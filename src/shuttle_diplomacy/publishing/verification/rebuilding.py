"""Building a release again from the commit that it names, and comparing every byte."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ConfigurationError, ShuttleError
from shuttle_diplomacy.package import open_package
from shuttle_diplomacy.package.configuration import Configuration, find_configuration
from shuttle_diplomacy.publishing.checksums import NAME as CHECKSUMS
from shuttle_diplomacy.publishing.formats import PACKAGE_FORMATS, TABLE_FORMATS
from shuttle_diplomacy.publishing.provenance import versions_here
from shuttle_diplomacy.publishing.released import base_url_of
from shuttle_diplomacy.publishing.verification.holding import Holding
from shuttle_diplomacy.publishing.verification.outcome import Verification

CHECK = "rebuild"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SECONDS = 1800
_ENGINE_VERSIONS = ("python", "polars")  # what every file may depend on
_SHOWN = {"python": "Python", "sqlite": "SQLite"}
_ENGINE = "src/shuttle_diplomacy"  # of this project's own commits the engine is taken too, as it was


def check_rebuild(
    holding: Holding, record: Mapping[str, Any], package: Mapping[str, Any], top: Path, outcome: Verification
) -> None:
    """Build the commit that a release names and compare; see the module's title.

    Only commits of the repository's own branches and tags are built, since building runs what they hold.

    Args:
        holding: the release's files.
        record: its ``build.json``.
        package: its descriptor.
        top: the configured folder of the repository.
        outcome: where problems are added.

    Raises:
        ConfigurationError: the release cannot be built again here.
    """
    commit, epoch = _source(record)
    _check_known(top, commit)
    with tempfile.TemporaryDirectory(prefix="rebuild-", ignore_cleanup_errors=True) as temporary:
        clone, out = Path(temporary, "clone"), Path(temporary, "place", "dist")
        out.parent.mkdir()
        _git(top, "clone", "--quiet", "--no-checkout", "--shared", "--template=", _top(top), str(clone))
        _git(clone, "checkout", "--quiet", "--detach", commit)
        inside = clone / top.resolve().relative_to(Path(_top(top)).resolve())
        _build(inside, clone, out, epoch, _address(record, package, inside))
        built = [folder for folder in out.iterdir() if folder.is_dir()]
        _compare(holding, Holding.of(built[0]), record, package, outcome)


def repository() -> Path:
    """Return the configured folder of the repository around the working directory.

    Raises:
        ConfigurationError: there is none.
    """
    found: Configuration | None = find_configuration(Path.cwd())
    if found is None:
        raise ConfigurationError("--rebuild needs the repository: run it inside a clone of it")
    return found.file.parent


def _source(record: Mapping[str, Any]) -> tuple[str, int]:
    commit, epoch = record.get("commit"), record.get("SOURCE_DATE_EPOCH")
    if record.get("dirty"):
        raise ConfigurationError(
            "build.json says that it was built with changes that no commit holds; it cannot be rebuilt"
        )
    if not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise ConfigurationError("build.json names no commit, so it is not known what to build")
    if not isinstance(epoch, int) or isinstance(epoch, bool) or epoch < 0:
        raise ConfigurationError("build.json states no SOURCE_DATE_EPOCH, so it is not known which date to build with")
    return commit, epoch


def _check_known(top: Path, commit: str) -> None:
    if _top(top) == "":
        raise ConfigurationError(f"--rebuild needs the git repository of {top}: run it inside a clone of it")
    try:
        _git(top, "cat-file", "-e", f"{commit}^{{commit}}")
    except ConfigurationError:
        note = f"the commit {commit[:12]} is not in this repository; fetch it: git fetch --tags"
        raise ConfigurationError(note) from None
    holders = _git(top, "for-each-ref", "--count=1", "--contains", commit, "refs/heads", "refs/tags")
    if not holders and _git(top, "merge-base", commit, "HEAD") != commit:
        note = f"the commit {commit[:12]} is on no branch or tag of this repository, so it is not built"
        raise ConfigurationError(note)


def _top(folder: Path) -> str:
    try:
        return _git(folder, "rev-parse", "--show-toplevel")
    except ConfigurationError:
        return ""


def _environment() -> dict[str, str]:
    """Return the environment without what a hook of git adds to it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _git(folder: Path, *arguments: str) -> str:
    """Return what git answers; hooks do not run.

    Raises:
        ConfigurationError: it is not there or fails.
    """
    command = ["git", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, env=_environment(), timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError(f"git {arguments[0]} cannot run: {error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise ConfigurationError(f"git {arguments[0]} failed: {said[0]}")
    return done.stdout.decode("utf-8", errors="surrogateescape").strip()


def _address(record: Mapping[str, Any], package: Mapping[str, Any], inside: Path) -> str | None:
    """Return what ``--base-url`` was, None where it was not given: it shows in the descriptor's ``homepage``."""
    base_url = record.get("base_url")
    try:
        configured = find_configuration(inside)
        source = open_package(configured.package if configured else inside)
    except ShuttleError:
        return None
    same = source.descriptor.get("homepage") == package.get("homepage")
    if not isinstance(base_url, str) or (same and base_url == base_url_of(source, None)):
        return None
    return base_url


def _build(inside: Path, clone: Path, out: Path, epoch: int, base_url: str | None) -> None:
    environment = _environment() | {"SOURCE_DATE_EPOCH": str(epoch)}
    if (clone / _ENGINE).is_dir():
        environment["PYTHONPATH"] = str((clone / _ENGINE).parent)
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "build", "--out", str(out)]
    command += [f"--base-url={base_url}"] if base_url else []
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=inside, env=environment, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ConfigurationError(f"the build cannot run: {error}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise ConfigurationError(f"the commit cannot be built here: {said[0]}")


def _compare(
    holding: Holding, built: Holding, record: Mapping[str, Any], package: Mapping[str, Any], outcome: Verification
) -> None:
    """Compare all files; what depends on the system's libraries is told from what may not differ at all."""
    others, engine = _others(record, versions_here()), _others(record, _ENGINE_VERSIONS)
    if others:
        outcome.notes.append(f"rebuilt with other versions: the release was built with {others}")
    loose = {path for path in holding.files if _depends_on_system(path, str(package.get("name")))}
    for path in sorted({*holding.files, *built.files}):
        outcome.looked(CHECK)
        if path not in built.files:
            outcome.add(CHECK, path, "does not come out of the build", "ask the publisher where it is from")
        elif path not in holding.files:
            outcome.add(CHECK, path, "comes out of the build, but is not in the release", "download the release again")
        elif holding.held(path).sha256 != built.held(path).sha256 and not _only_follows(path, holding, built, loose):
            if path in loose and others:
                outcome.notes.append(f"{path} differs, and was built with {others}")
            elif path != "build.json" or not others or not _same_but_versions(holding, built):
                note = "differs from what the commit builds" + (f"; it was built with {engine}" if engine else "")
                known = "build with the versions that build.json names"
                outcome.add(CHECK, path, note, known if engine else "do not trust this release; tell its publisher")


def _depends_on_system(path: str, name: str) -> bool:
    endings = tuple(f".{ending}" for ending, made in TABLE_FORMATS.items() if not made.portable)
    return path.endswith(endings) or path in {
        made.path.format(name=name) for made in PACKAGE_FORMATS if not made.portable
    }


def _others(record: Mapping[str, Any], which: Iterable[str]) -> str:
    """Return which of some versions differ between the record and here."""
    versions, here = record.get("versions"), versions_here()
    recorded = versions if isinstance(versions, dict) else {}
    return "; ".join(
        f"{_SHOWN.get(name, name)} {recorded.get(name, 'of unknown version')}, here {here[name]}"
        for name in which
        if recorded.get(name) != here[name]
    )


def _only_follows(path: str, holding: Holding, built: Holding, loose: set[str]) -> bool:
    """Return whether a list of checksums differs in nothing but the files that were looked at by themselves."""
    if path != CHECKSUMS:
        return False
    sides = [set(_lines(side.root / path)) for side in (holding, built)]
    return all(line.partition("  ")[2] in {*loose, "build.json"} for line in sides[0] ^ sides[1])


def _lines(file: Path) -> Iterator[str]:
    yield from file.read_text(encoding="utf-8", errors="replace").splitlines()


def _same_but_versions(holding: Holding, built: Holding) -> bool:
    sides = [json.loads((side.root / "build.json").read_bytes()) for side in (holding, built)]
    return all(side.pop("versions", None) is not None for side in sides) and sides[0] == sides[1]
