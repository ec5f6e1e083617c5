"""YAML as a spelling of JSON: the same values, bounded, without tags, merge keys and guessed dates.

PyYAML's events are put together here, not by its constructors: these read ``NO`` as false and ``2024-01-01`` as a
date, keep the last of two equal keys, follow aliases without bound and fail on deep nesting.
"""

import re
from collections.abc import Iterator
from typing import Any

from shuttle_diplomacy.errors import MissingExtraError
from shuttle_diplomacy.package.parsing import TwiceError, finite
from shuttle_diplomacy.package.shapes import shown

MAX_DEPTH = 200
MAX_VALUES = 500_000  # counted with aliases written out
_TAGS = (None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True}
_WORDS |= {"false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF|nan|NaN|NAN)")


def events_of(text: str) -> Iterator[Any]:
    """Yield PyYAML's events.

    Raises:
        MissingExtraError: PyYAML is not installed.
        ValueError: the text is not YAML; the message names line and column.
    """
    try:
        import yaml  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("reading YAML needs PyYAML; run: pip install 'shuttle-diplomacy[tools]'") from None
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise ValueError(f"{error.problem or error.context}{place}") from error
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from error


def parse_yaml(text: str) -> Any:
    r"""Return the value of a YAML document.

    Raises:
        MissingExtraError: PyYAML is not installed.
        ValueError: it is not YAML, not one document, too deep or too large, or uses what JSON cannot hold.

    Examples:
        >>> parse_yaml("created: 2024-01-01\nkeywords: [NO, 1, true]")
        {'created': '2024-01-01', 'keywords': ['NO', 1, True]}
    """
    composer = _Composer()
    for event in events_of(text):
        composer.take(event)
    return composer.value


class _Open:
    """A list or an object that is being read."""

    def __init__(self, value: list[Any] | dict[str, Any], anchor: str | None, before: int) -> None:
        self.value = value
        self.anchor = anchor
        self.before = before
        self.key: str | None = None


class _Composer:
    """Puts events together without recursion."""

    def __init__(self) -> None:
        self.value: Any = None
        self._documents = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._count = 0

    def take(self, event: Any) -> None:
        """Take the next event."""
        match type(event).__name__:
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    raise ValueError("it holds more than one document")
            case "AliasEvent":
                if event.anchor not in self._anchors:
                    raise ValueError(f"the alias {shown(event.anchor)} stands for nothing, or for what it is part of")
                self._put(*self._anchors[event.anchor])
            case "ScalarEvent":
                self._check_tag(event)
                value = event.value if event.tag or not event.implicit[0] else _scalar(event.value)
                if event.anchor:
                    self._anchors[event.anchor] = (value, 1)
                self._put(value, 1)
            case "SequenceStartEvent" | "MappingStartEvent":
                self._check_tag(event)
                if self._open and isinstance(self._open[-1].value, dict) and self._open[-1].key is None:
                    raise ValueError("a key has to be a text")
                if len(self._open) >= MAX_DEPTH:
                    raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")
                fresh: Any = [] if type(event).__name__ == "SequenceStartEvent" else {}
                self._open.append(_Open(fresh, event.anchor, self._count))
            case "SequenceEndEvent" | "MappingEndEvent":
                done = self._open.pop()
                size = self._count - done.before + 1
                if done.anchor:
                    self._anchors[done.anchor] = (done.value, size)
                self._put(done.value, 1)

    @staticmethod
    def _check_tag(event: Any) -> None:
        if event.tag not in _TAGS:
            raise ValueError(f"the tag {shown(event.tag)} is not read; only plain values are")

    def _put(self, value: Any, size: int) -> None:
        self._count += size
        if self._count > MAX_VALUES:
            raise ValueError(f"it holds more than {MAX_VALUES:,} values")
        if not self._open:
            self.value = value
            return
        target = self._open[-1]
        if isinstance(target.value, list):
            target.value.append(value)
        elif target.key is None:
            target.key = _key(value, target.value)
        else:
            target.value[target.key] = value
            target.key = None


def _key(value: Any, known: dict[str, Any]) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a key has to be a text, not {shown(value)}; write it in quotes")  # noqa: TRY004
    if value == "<<":
        raise ValueError("merge keys ('<<') are not read; write the values out")
    if value in known:
        raise TwiceError(value)
    return value


def _scalar(text: str) -> Any:
    """Return the value of a word without quotes, as version 1.2 of YAML reads it; dates stay texts."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text):
        return finite(text)
    if _NO_NUMBER.fullmatch(text):
        raise ValueError(f"{text} is no number of JSON")
    return text
