"""Documents of metadata: each can be read, states the version of the package, and is true of the files it mentions."""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from shuttle_diplomacy.errors import ShuttleError, UnreadableError
from shuttle_diplomacy.package.finding import plain
from shuttle_diplomacy.package.parsing import parse_descriptor
from shuttle_diplomacy.publishing.verification.holding import Holding
from shuttle_diplomacy.publishing.verification.located import read_small
from shuttle_diplomacy.publishing.verification.mentions import mentions, versions
from shuttle_diplomacy.publishing.verification.outcome import Verification

CHECK = "documents"
_READ = {".json", ".jsonld", ".cff", ".yaml", ".yml", ".xml", ".ttl"}
_APART = {"build.json"}  # has a check of its own
_MOST_BYTES = 16 << 20
_AGAIN = "download the release again, or tell its publisher"


class _WrongError(Exception):
    """A document cannot be read: the sentence without its subject."""


def check_documents(holding: Holding, package: Mapping[str, Any], base_url: str, outcome: Verification) -> None:
    """Check every document at the root of a release.

    Args:
        holding: the release's files.
        package: its descriptor.
        base_url: its address, by which documents name its files.
        outcome: where problems are added.
    """
    tables = _data(package)
    for path in holding.files:
        if "/" in path or path in tables or path in _APART or PurePosixPath(path).suffix not in _READ:
            continue
        outcome.looked(CHECK)
        try:
            document = read_document(holding.root / path)
        except (_WrongError, ShuttleError) as error:
            outcome.add(CHECK, path, str(error), _AGAIN)
            continue
        _check_version(path, document, package, outcome)
        for mention in mentions(document, base_url):
            _check_mention(path, mention.path, mention.sizes, mention.digests, holding, outcome)


def read_document(file: Path) -> Any:
    """Return a document as JSON: YAML, Turtle and XML in the form that comes nearest.

    Raises:
        UnreadableError: it is not there or too large.
    """
    content = read_small(file, _MOST_BYTES)
    try:
        if file.suffix == ".jsonld":
            return _object(json.loads(content))
        if file.suffix in {".xml", ".ttl"}:
            return _xml(content) if file.suffix == ".xml" else _turtle(content)
        return parse_descriptor(content, file.name if file.suffix != ".cff" else "CITATION.yaml")
    except UnicodeDecodeError as error:
        raise _WrongError(f"is not UTF-8: {error.reason} at byte {error.start}") from error
    except (ValueError, RecursionError, ParseError) as error:
        raise _WrongError(f"cannot be read: {plain(str(error))[:200]}") from error


def _object(value: Any) -> Any:
    if not isinstance(value, dict | list):
        raise _WrongError(f"is a JSON {type(value).__name__}, and has to be an object")
    return value


class _Builder(TreeBuilder):
    """Builds the tree of a document that declares no types of its own, so no entities that grow or fetch."""

    def doctype(self, name: str, *_: object) -> None:
        raise _WrongError(f"declares a document type ({name}), which no metadata needs; it was not read")


def _xml(content: bytes) -> dict[str, Any]:
    parser = XMLParser(target=_Builder())  # noqa: S314 (entities need the declaration that is refused)
    parser.feed(content)
    return _element(parser.close())


def _element(element: Element) -> dict[str, Any]:
    """Return the texts of the elements below one, by name: DataCite's are flat where it matters."""
    found: dict[str, Any] = {}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        found.setdefault(name, []).append(child.text or "")
    return found


def _turtle(content: bytes) -> Any:
    """Return the statements of a Turtle document as expanded JSON-LD."""
    from rdflib import Graph
    from rdflib.plugins.parsers.notation3 import BadSyntax

    try:
        graph = Graph().parse(data=content, format="turtle")
    except BadSyntax as error:
        raise _WrongError(f"is no Turtle: line {error.lines + 1}") from error
    except (AttributeError, IndexError, TypeError, AssertionError) as error:  # of rdflib, on broken input
        raise _WrongError("is no Turtle") from error
    return json.loads(graph.serialize(format="json-ld"))


def _data(package: Mapping[str, Any]) -> set[str]:
    """Return the paths of the package's own data, which are no documents about it."""
    found: set[str] = set()
    for resource in package.get("resources", ()):
        path = resource.get("path", ()) if isinstance(resource, dict) else ()
        found |= {path} if isinstance(path, str) else {part for part in path if isinstance(part, str)}
    return found


def _check_version(path: str, document: Any, package: Mapping[str, Any], outcome: Verification) -> None:
    version = package.get("version")
    for stated in sorted(set(versions(document))):
        if version is not None and stated != version:
            outcome.add(CHECK, path, f"is about version {stated!r}, the package is version {version!r}", _AGAIN)


def _check_mention(
    document: str,
    path: str,
    sizes: tuple[int, ...],
    digests: tuple[str, ...],
    holding: Holding,
    outcome: Verification,
) -> None:
    if path not in holding.files:
        if not _is_folder(path, holding):
            outcome.add(CHECK, document, f"names the file {path!r}, which is not there", _AGAIN)
        return
    try:
        held = holding.held(path)
    except UnreadableError:
        return  # told where the checksums are checked
    if wrong := [size for size in sizes if size != held.size]:
        note = f"states {wrong[0]:,} bytes for {path!r}, which has {held.size:,}"
        outcome.add(CHECK, document, note, _AGAIN)
    if wrong_sums := [digest for digest in digests if digest != held.sha256]:
        note = f"states the SHA-256 {wrong_sums[0][:12]}... for {path!r}, which has {held.sha256[:12]}..."
        outcome.add(CHECK, document, note, _AGAIN)


def _is_folder(path: str, holding: Holding) -> bool:
    return any(file.startswith(f"{path.rstrip('/')}/") for file in holding.files)
