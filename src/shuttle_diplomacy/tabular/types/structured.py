"""Objects and arrays: strict JSON texts, which stay texts."""

import json
from typing import Any, NoReturn

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import Reading, each_once, mapped, only_default

MOST_LEVELS = 100  # so deep may JSON nest: no data does, and deeper the recursion of readers is at risk


def parse_json(text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is no JSON (``NaN`` is none), or nested too deeply.

    Examples:
        >>> parse_json('{"a": [1]}')
        {'a': [1]}
    """
    try:
        value = _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError(_too_deep()) from error
    if text.count("[") + text.count("{") > MOST_LEVELS:
        _check_depth(value)
    return value


def structured(field: Field, text: pl.Expr) -> Reading:
    """Return how to read an object or an array: as the JSON text itself, once it was found to be one."""
    only_default(field)
    kind = dict if field.type == "object" else list

    def holds(cell: str) -> bool:
        try:
            return isinstance(parse_json(cell), kind)
        except ValueError:
            return False

    value = mapped(text, lambda texts: each_once(texts, holds), pl.String())
    return Reading(text, value, pl.String(), f"a JSON {field.type} of at most {MOST_LEVELS} levels")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _integer(digits: str) -> float:
    """Return a number; one too long for Python's limit on digits is still a number, if an imprecise one."""
    return int(digits) if len(digits) < 4000 else float(digits)  # noqa: PLR2004


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_int=_integer)


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [item for outer in level for item in _items(outer)]
        if not level:
            return
    raise ValueError(_too_deep())


def _items(value: Any) -> Any:
    """Return the containers in a container."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (item for item in inner if isinstance(item, dict | list))


def _too_deep() -> str:
    return f"it is nested in more than {MOST_LEVELS} levels"
