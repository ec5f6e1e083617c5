"""Writing values as JSON: also what ``json`` refuses or what no sane program writes."""

import json
from typing import Any


class Raw(str):
    """A piece of JSON text that is written as it is (``1e999``, ``{"a":1,"a":2}``)."""

    __slots__ = ()


def to_json(value: Any) -> bytes:
    """Return a value as JSON; lone surrogates are escaped, :class:`Raw` is written as it is.

    Examples:
        >>> to_json({"a": [Raw("1e999"), None]})
        b'{"a": [1e999, null]}'
    """
    return _text(value).encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return json.dumps(value)
