"""From bytes to a descriptor: JSON, or YAML where it is named so; nothing but values that JSON can hold."""

import json
import math
from typing import Any

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package.shapes import shown

Descriptor = dict[str, Any]

YAML_ENDINGS = (".yaml", ".yml")
MAX_DESCRIPTOR_BYTES = 64 << 20


def parse_descriptor(content: bytes, where: str) -> Descriptor:
    """Return a descriptor from bytes; only its outermost shape is checked here.

    Args:
        content: JSON, or YAML if the name ends in ``.yaml`` or ``.yml``; UTF-8.
        where: the name of the file, for messages.

    Raises:
        UnreadableError: no UTF-8, no JSON or YAML, too large, a key stands twice in one object, or not an object.
        MissingExtraError: it is YAML, and PyYAML is not installed.

    Examples:
        >>> parse_descriptor(b'{"name": "a"}', "datapackage.json")
        {'name': 'a'}
        >>> parse_descriptor(b'{"name": "a", "name": "b"}', "datapackage.json")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.UnreadableError: datapackage.json: the key 'name' stands twice in one object
    """
    if len(content) > MAX_DESCRIPTOR_BYTES:
        raise UnreadableError(f"{where} is larger than the limit of {MAX_DESCRIPTOR_BYTES:,} bytes for a descriptor")
    language = "YAML" if where.endswith(YAML_ENDINGS) else "JSON"
    try:
        text = content.decode("utf-8-sig")
        value = _from_yaml(text) if language == "YAML" else _from_json(text)
        if "\\" in text:  # only an escape can bring half a character (a lone surrogate), which is no text
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except TwiceError as error:
        raise UnreadableError(f"{where}: {error}") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{where} is not {language}: {error}") from error
    if not isinstance(value, dict):
        raise UnreadableError(f"{where} is not a {language} object")
    return value


class TwiceError(ValueError):
    """A key stands twice in one object."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {shown(key)} stands twice in one object")


def _from_json(text: str) -> Any:
    return json.loads(text, parse_constant=_no_number, parse_float=finite, object_pairs_hook=_object)


def _from_yaml(text: str) -> Any:
    from shuttle_diplomacy.package.yaml import parse_yaml

    return parse_yaml(text)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def finite(text: str) -> float:
    """Return a number with a fraction or an exponent.

    Raises:
        ValueError: it is too large to be one.
    """
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{shown(text)} is too large a number")
    return value


def _object(pairs: list[tuple[str, Any]]) -> Descriptor:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise TwiceError(key)
            seen.add(key)
    return found
