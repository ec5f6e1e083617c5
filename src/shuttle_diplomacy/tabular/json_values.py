"""Values of JSON as texts and kinds: numbers keep the text they are written with, so that no digit is lost."""

import json
import math
import re
from typing import Any, Literal, NoReturn

Kind = Literal["string", "number", "boolean", "null", "object", "array"]
_MOST_LEVELS = 100
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*+"|(NaN|-?Infinity)', re.DOTALL)


class _Number(str):
    """The text of a JSON number."""

    __slots__ = ()


class DoubledKeys(dict[str, Any]):
    """An object of which one key is written more than once."""

    doubled: str = ""


class RowError(ValueError):
    """A value that is no table cell; the message is the note of a finding."""

    kind = "structure-error"


class JsonError(RowError):
    """A text that is no JSON, with the place where it stops being so."""

    kind = "source-error"

    def __init__(self, note: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(note)
        self.line = line
        self.column = column


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    doubled = DoubledKeys(plain)
    doubled.doubled = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return doubled


def _refuse(name: str) -> NoReturn:
    raise JsonError(name)


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_Number, parse_int=_Number, parse_constant=_refuse)


def decoded(text: str) -> Any:
    """Return the value of a JSON text, numbers as they are written.

    Raises:
        JsonError: it is no JSON.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg[0].lower()}{error.msg[1:]}", error.lineno, error.colno) from None
    except RecursionError:
        raise JsonError(f"values are nested too deeply; at most {_MOST_LEVELS} levels are read") from None
    except JsonError as error:
        at = next((m.start(1) for m in _CONSTANT.finditer(text) if m.group(1)), 0)
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise JsonError(f"not JSON: {error} is no JSON value; use null", line, column) from None


def kind_of(value: Any) -> Kind:
    """Return what a value is in JSON.

    Examples:
        >>> [kind_of(value) for value in decoded('["1", 1, null]')]
        ['string', 'number', 'null']
    """
    if isinstance(value, str):
        return "number" if isinstance(value, _Number) else "string"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else "string"


def spelt(value: Any) -> str:
    """Return the kind of a value with its article, for messages.

    Examples:
        >>> spelt([]), spelt(None)
        ('an array', 'null')
    """
    kind = kind_of(value)
    return "null" if kind == "null" else f"{'an' if kind[0] in 'ao' else 'a'} {kind}"


def text_of(value: Any, level: int = 0) -> str | None:
    """Return the text of a value: a text itself, else its JSON; None for null.

    Raises:
        RowError: the value cannot be written in a table.

    Examples:
        >>> text_of(decoded('{"a": [1.50, null]}'))
        '{"a": [1.50, null]}'
    """
    if isinstance(value, str):
        if not value.isascii():
            _check_unicode(value)
        return value if not level or isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
    if value is None:
        return "null" if level else None
    if level >= _MOST_LEVELS:
        raise RowError(f"a value is nested too deeply; at most {_MOST_LEVELS} levels are read")
    if isinstance(value, DoubledKeys):
        raise RowError(f"the key {value.doubled!r} is written twice in one object")
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of(str(k), level + 1)}: {text_of(v, level + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(str(text_of(item, level + 1)) for item in value) + "]"
    return _scalar(value, level)


def _scalar(value: Any, level: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        raise RowError(f"{value} is no JSON value; use null")
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False) if level else str(value)  # such as a date of YAML


def _check_unicode(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RowError(f"{text[error.start]!a} is half a character (a lone surrogate), so the text is none") from None
