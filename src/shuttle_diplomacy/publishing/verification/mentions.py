"""Files that documents of metadata mention, with the sizes and checksums they state, whatever the vocabulary.

Croissant, schema.org, DCAT, RO-Crate, CSVW and the Data Package differ in their prefixes and agree in their words: what
follows the last ``/``, ``#`` or ``:`` of a key says whether a value is the address of a file, its size or its checksum.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_ADDRESSES = {"contenturl", "downloadurl", "path", "url"}
_SIZES = {"contentsize", "bytesize", "bytes"}
_SUMS = {"sha256", "checksumvalue", "hash"}
_NODES = {"checksum"}  # whose value is an object of its own, in place or elsewhere in the document
_DIGEST = re.compile(r"(?:sha256:)?([0-9A-Fa-f]{64})")
_SIZE = re.compile(r"([0-9]+)(?: ?B(?:ytes)?)?")
_OF_FIELDS = {"schema", "tableSchema", "columns", "units", "@context"}  # whose keys may be names of fields
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_VERSIONS = {"version", "versioninfo", "hasversion"}


@dataclass(frozen=True)
class Mention:
    """A file that an object of a document names.

    Attributes:
        path: its path in the release.
        sizes: the sizes stated of it.
        digests: the SHA-256 checksums stated of it.
    """

    path: str
    sizes: tuple[int, ...] = ()
    digests: tuple[str, ...] = ()


def mentions(document: Any, base_url: str) -> Iterator[Mention]:
    """Yield the files that a JSON document mentions: relative paths, and addresses below that of the release.

    Examples:
        >>> found = mentions({"contentUrl": "https://zoo.example/a.csv", "dcat:byteSize": 3}, "https://zoo.example/")
        >>> list(found)
        [Mention(path='a.csv', sizes=(3,), digests=())]
    """
    nodes = {str(item["@id"]): item for item in objects(document) if "@id" in item and len(item) > 1}
    for item in objects(document):
        paths = {path for value in _under(item, _ADDRESSES) if (path := _path(value, base_url, item))}
        if "File" in _types(item) and (path := _path(item.get("@id"), base_url, item)):
            paths.add(path)
        stated = [item, *(node for node in _under(item, _NODES) if isinstance(node, dict))]
        stated += [nodes[str(node["@id"])] for node in stated[1:] if str(node.get("@id")) in nodes]
        sizes = tuple(int(m[1]) for o in stated for v in _under(o, _SIZES) if (m := _SIZE.fullmatch(str(plain(v)))))
        sums = tuple(m[1].lower() for o in stated for v in _under(o, _SUMS) if (m := _DIGEST.fullmatch(str(plain(v)))))
        for path in sorted(paths):
            yield Mention(path, sizes, sums) if len(paths) == 1 else Mention(path)


def versions(document: Any) -> Iterator[str]:
    """Yield the versions that a document states of the dataset itself: at its root, or of an object of that type."""
    if isinstance(document, dict):
        # DataCite's own JSON wraps what it says in an envelope.
        yield from _versions(document)
        for key in ("attributes", "metadata"):
            if isinstance(document.get(key), dict):
                yield from _versions(document[key])
    for item in objects(document):
        if item is not document and "Dataset" in _types(item):
            yield from _versions(item)


def objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield all objects of a JSON document, the outer ones first; what tells of fields is left out."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting += [value for key, value in item.items() if key not in _OF_FIELDS]
        elif isinstance(item, list):
            waiting += reversed(item)


def plain(value: Any) -> Any:
    """Return the value or identifier that JSON-LD wraps in an object."""
    if isinstance(value, dict):
        return value.get("@value", value.get("@id"))
    return value


def _versions(item: Mapping[str, Any]) -> Iterator[str]:
    for value in _under(item, _VERSIONS):
        if isinstance(text := plain(value), str) and not _SCHEME.match(text):
            yield text


def _under(item: Mapping[str, Any], names: set[str]) -> Iterator[Any]:
    for key, value in item.items():
        if re.split(r"[/#:]", key)[-1].lower() in names:
            yield from value if isinstance(value, list) else (value,)


def _types(item: Mapping[str, Any]) -> set[str]:
    found = item.get("@type", ())
    names = [found] if isinstance(found, str) else [n for n in found if isinstance(n, str)]
    return {re.split(r"[/#:]", name)[-1] for name in names}


def _path(value: Any, base_url: str, item: Mapping[str, Any]) -> str | None:
    """Return the path that an address stands for, None for what is elsewhere or no file."""
    text = plain(value)
    if not isinstance(text, str) or not text:
        return None
    if _SCHEME.match(text):
        if not text.startswith(base_url):
            return None
        text = text.removeprefix(base_url).partition("#")[0]
    elif "Dataset" in _types(item) or text.startswith(("#", "_:")):
        return None
    path = unquote(text).removeprefix("./")
    return path if path and not path.endswith("/") else None
