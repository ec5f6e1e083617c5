"""``README.md`` of a release: what it is, how to load it, what is inside, how to cite it; from its descriptor alone."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.publishing.markdown import code, escape, link, table

_FORMATS = {"csv": "CSV", "parquet": "Parquet", "jsonl": "JSON Lines", "rds": "R"}
_BESIDE = {
    "datapackage.json": "all of this for machines",
    "CODEBOOK.md": "every table, field and value",
    "LICENSE-DATA": "the licence's text",
    "build.json": "from what it was built",
    "SHA256SUMS": "checksums; `sha256sum -c SHA256SUMS` verifies them",
}


def readme(
    descriptor: Descriptor, rows: Mapping[str, int], files: Collection[str], documents: Mapping[str, str]
) -> str:
    """Return the README of a release as Markdown.

    Args:
        descriptor: the release's descriptor.
        rows: the number of rows of each table.
        files: paths of the other files of the release.
        documents: what each file of metadata is, by path.
    """
    title = escape(str(descriptor.get("title") or descriptor["name"]))
    blocks = [f"# {title}", f"Version {escape(str(descriptor['version']))}"]
    if descriptor.get("description"):
        blocks.append(escape(str(descriptor["description"])))
    blocks += [*_loading(descriptor), *_contents(descriptor, rows, files, documents), *_terms(descriptor)]
    return "\n\n".join(blocks) + "\n"


def _loading(descriptor: Descriptor) -> Iterator[str]:
    by_hand_first = sorted(descriptor["resources"], key=lambda resource: "shuttle:view" in resource)
    formats = [path for resource in by_hand_first if (path := _path(resource, "parquet"))]
    if not formats:
        return
    yield "## Load it"
    yield "Each table is there as CSV and, typed, as Parquet. With [polars](<https://pola.rs/>), from this folder:"
    yield f"```python\nimport polars as pl\n\ntable = pl.read_parquet({json.dumps(formats[0])})\nprint(table)\n```"


def _contents(
    descriptor: Descriptor, rows: Mapping[str, int], files: Collection[str], documents: Mapping[str, str]
) -> Iterator[str]:
    yield "## What is inside"
    resources = descriptor["resources"]
    for heading, derived in (("table", False), ("derived table", True)):
        chosen = [r for r in resources if r["name"] in rows and ("shuttle:view" in r) == derived]
        if chosen:
            lines = [
                [code(r["name"]), f"{rows[r['name']]:,}", escape(str(r.get("title", ""))), _files(r)] for r in chosen
            ]
            yield table([heading, "rows", "what", "files"], lines)
    if whole := descriptor.get("shuttle:files"):
        yield "All tables at once:"
        yield _listed({str(file["path"]): escape(str(file["title"])) for file in whole})
    yield "About them:"
    yield _listed({name: what for name, what in _BESIDE.items() if name in {*files, "SHA256SUMS", "datapackage.json"}})
    if documents:
        yield "For catalogues and for tools of other fields:"
        yield _listed({path: escape(title) for path, title in documents.items()})


def _listed(files: Mapping[str, str]) -> str:
    return "\n".join(f"- {link(path, path)}: {what}" for path, what in files.items())


def _files(resource: Descriptor) -> str:
    """Return links to the files of a table, one a format."""
    found = {label: path for ending, label in _FORMATS.items() if (path := _path(resource, ending))}
    return ", ".join(link(label, path) for label, path in found.items())


def _path(resource: Descriptor, ending: str) -> str:
    """Return the path of a table in a format: the one made for the release, else the stored one."""
    made = [str(item["path"]) for item in resource.get("shuttle:formats", ()) if item["format"] == ending]
    return made[0] if made else str(resource["path"]) if ending == "csv" else ""


def _terms(descriptor: Descriptor) -> Iterator[str]:
    licences = [_licence(item) for item in descriptor.get("licenses", [])]
    if licences:
        yield "## Licence"
        yield ", ".join(licences)
    yield "## Citation"
    yield escape(citation(descriptor))


def _licence(item: Mapping[str, Any]) -> str:
    shown = str(item.get("title") or item.get("name") or item.get("path"))
    return link(shown, str(item["path"])) if "path" in item else escape(shown)


def citation(descriptor: Descriptor) -> str:
    """Return how to cite a package, in one sentence.

    Examples:
        >>> by = {"contributors": [{"title": "A. Author", "roles": ["creator"]}], "created": "2026-11-22T00:00:00Z"}
        >>> citation({"name": "visits", "title": "Visits", "version": "1.2.0", **by})
        'A. Author (2026): Visits. Version 1.2.0.'
    """
    people = [c for c in descriptor.get("contributors", []) if isinstance(c, dict) and c.get("title")]
    creators = [c for c in people if "creator" in (c.get("roles") or [c.get("role", "creator")])] or people
    names = "; ".join(str(c["title"]) for c in creators)
    year = str(descriptor.get("created", ""))[:4]
    by = f"{names} ({year}): " if names and year else f"{names}: " if names else ""
    home = f" {descriptor['homepage']}" if descriptor.get("homepage") else ""
    return f"{by}{descriptor.get('title') or descriptor['name']}. Version {descriptor['version']}.{home}"
