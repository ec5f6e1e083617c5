"""Assembling ``datapackage.json`` from what a repository declares: one file of metadata, one Table Schema a table."""

import json
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import ConfigurationError, UnknownNameError
from shuttle_diplomacy.package import Field, Resource
from shuttle_diplomacy.package.configuration import Configuration
from shuttle_diplomacy.package.metadata import PROPERTIES
from shuttle_diplomacy.package.model import Descriptor
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.publishing.labels import Labels, categories, read_labels

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_ORDER = (
    *("name", "id", "title", "description", "version", "created", "homepage", "image"),
    *("licenses", "contributors", "keywords", "sources"),
)
# Own keys are allowed here, so only a near miss is taken for a slip ("coverage" is not far from "homepage").
_MISSPELT = 0.8
_CATEGORICAL = {"string", "integer"}


def assemble(configuration: Configuration) -> bytes:
    """Return the descriptor of a repository's package as it has to be stored.

    Raises:
        ConfigurationError: metadata or schemas are not declared, not readable, or name a property that looks
            misspelt; or two values of an enumeration have one label.
        UnreadableError: the table of codes is not there.
        UnsoundTableError: the table of codes does not follow its schema.
    """
    if configuration.metadata is None or configuration.schemas is None:
        raise ConfigurationError(f"{configuration.file}: to assemble, [tool.shuttle] has to name metadata and schemas")
    schemas = {file.stem: read_object(file) for file in sorted(configuration.schemas.glob("*.json"))}
    if not schemas:
        raise ConfigurationError(f"{configuration.schemas} holds no schema; write one <table>.json a table")
    labels = labels_of(configuration)
    metadata = _metadata(read_object(configuration.metadata), str(configuration.metadata))
    resources = [table_resource(name, schemas[name], _labelled(labels, name)) for name in sorted(schemas)]
    return to_json({"$schema": PROFILE, **metadata, "resources": resources})


def to_json(value: Descriptor) -> bytes:
    r"""Return JSON as this project stores it: indented by two, characters unescaped, a line end at the end.

    Examples:
        >>> to_json({"title": "é"}).decode()
        '{\n  "title": "é"\n}\n'
    """
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def read_object(file: Path) -> Descriptor:
    """Return a JSON object from a file.

    Raises:
        ConfigurationError: it cannot be read, or is no JSON object.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"{file} is not a JSON object")
    return value


def labels_of(configuration: Configuration) -> Labels:
    """Return the labels of the codes table that a repository declares; none where it declares none.

    Raises:
        ConfigurationError: the declaration does not fit the table.
        UnreadableError: the table is not there.
        UnsoundTableError: it does not follow its schema.
    """
    if not configuration.codes or configuration.schemas is None:
        return Labels()
    name = configuration.codes.get("table", "")
    file = configuration.schemas / f"{name}.json"
    if not name or not file.is_file():
        known = sorted(f.stem for f in configuration.schemas.glob("*.json"))
        raise ConfigurationError(f"{configuration.file}: codes: {UnknownNameError('table', name, known)}")
    resource = Resource(table_resource(name, read_object(file)), Folder(configuration.package))
    return read_labels(resource, configuration.codes, str(configuration.file))


def _labelled(labels: Labels, table: str) -> Callable[[str, Any], str]:
    return lambda field, value: labels.of(table, field, value)


def table_resource(name: str, schema: Descriptor, label: Callable[[str, Any], str] | None = None) -> Descriptor:
    """Return the resource of a table, kept as ``data/<name>.csv``; title and description are lifted from the schema.

    Args:
        name: the table's name.
        schema: its Table Schema.
        label: gives the label of a field's value; None: enumerations stay without ``categories``.

    Raises:
        ConfigurationError: the schema's fields are no list of objects with names.

    Examples:
        >>> schema = {"title": "T", "fields": [{"name": "k", "type": "string", "constraints": {"enum": ["a"]}}]}
        >>> table_resource("t", schema, lambda field, value: value.upper())["schema"]["fields"][0]["categories"]
        [{'value': 'a', 'label': 'A'}]
    """
    fields = schema.get("fields")
    if not isinstance(fields, list) or not all(isinstance(f, dict) and isinstance(f.get("name"), str) for f in fields):
        raise ConfigurationError(f"the schema of {name!r}: 'fields' has to be a list of objects with names")
    if label is not None:
        fields = [_with_categories(field, name, label) for field in fields]
    lifted: Descriptor = {key: schema[key] for key in ("title", "description") if key in schema}
    kept = {key: value for key, value in schema.items() if key not in lifted and value != []}
    described = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": {**kept, "fields": fields}}
    return {"name": name, "type": "table", "path": f"data/{name}.csv", **lifted, **described}


def _with_categories(descriptor: Descriptor, table: str, label: Callable[[str, Any], str]) -> Descriptor:
    field = Field(descriptor)
    values = field.constraints.get("enum")
    if not values or field.categories or field.type not in _CATEGORICAL:
        return descriptor
    place = f"table {table!r}, field {field.name!r}"
    convert = int if field.type == "integer" else str
    try:
        pairs = [(convert(value), label(field.name, value)) for value in values]
    except (TypeError, ValueError):
        raise ConfigurationError(f"{place}: 'enum' holds a value that is not of type {field.type}") from None
    return {**descriptor, "categories": categories(pairs, place)}


def _metadata(declared: Descriptor, where: str) -> Descriptor:
    """Return the package's own properties, the standard's first; own keys get the prefix ``shuttle:``."""
    if "resources" in declared:
        raise ConfigurationError(f"{where}: 'resources' are assembled from the schemas; remove them")
    known = PROPERTIES["package"].split()
    own = sorted(key for key in declared if key not in known)
    for key in own:
        if ":" not in key and (near := get_close_matches(key, known, n=1, cutoff=_MISSPELT)):
            raise ConfigurationError(f"{where}: {key!r} is no property of the standard; did you mean {near[0]!r}?")
    ordered = {key: declared[key] for key in _ORDER if declared.get(key) not in (None, [])}
    return ordered | {key if ":" in key else f"shuttle:{key}": declared[key] for key in own}
