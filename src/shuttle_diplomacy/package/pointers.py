"""From a JSON Pointer to the line and the column in the text of a descriptor."""

import re
from collections.abc import Iterable, Iterator

from shuttle_diplomacy.errors import MissingExtraError
from shuttle_diplomacy.package.yaml import events_of

MAX_CHARACTERS = 8_000_000  # of a text in which positions are looked for
MAX_CHARACTERS_OF_YAML = 1_000_000  # which is read much more slowly
_JSON = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+')
# What happens in a text, one after the other: what it is, where it starts, and the text of a key.
Event = tuple[str, tuple[int, int], str]


def locate(text: str, pointer: str, *, key: bool = False) -> tuple[int, int] | None:
    r"""Return line and column (from 1, in code points) of what a JSON Pointer leads to in JSON or YAML.

    Where nothing is at the pointer, it is the place of the nearest object or list around it.

    Args:
        text: the text of a descriptor.
        pointer: a JSON Pointer (RFC 6901).
        key: whether the place of the key is wanted rather than that of its value.

    Returns:
        None where the text cannot be read, is too long, or PyYAML, which reads YAML, is not installed.

    Examples:
        >>> locate('{\n  "name": "a",\n  "keywords": ["x", 3]\n}', "/keywords/1")
        (3, 21)
        >>> locate("name: a\nkeywords:\n- x\n- 3\n", "/keywords", key=True)
        (2, 1)
    """
    return locate_all(text, [pointer], keys=[pointer] if key else []).get(pointer)


def locate_all(text: str, pointers: Iterable[str], keys: Iterable[str] = ()) -> dict[str, tuple[int, int]]:
    """Return line and column of several places in one pass; what cannot be found is left out.

    Args:
        text: the text of a descriptor.
        pointers: JSON Pointers.
        keys: those of them for which the place of the key is wanted.
    """
    text = text.removeprefix("\ufeff")
    is_json = text.lstrip().startswith(("{", "["))
    if len(text) > (MAX_CHARACTERS if is_json else MAX_CHARACTERS_OF_YAML):
        return {}
    wanted = list(pointers)
    search = _Search(wanted, set(keys))
    try:
        events = _json_events(text) if is_json else _yaml_events(text)
        for what, place, key in events:
            search.take(what, place, key)
    except (ValueError, RecursionError, MissingExtraError, IndexError):
        return {}
    return search.found(wanted)


class _Search:
    """Follows the events of a text down to what is wanted, and remembers where it stands."""

    def __init__(self, wanted: Iterable[str], keys: set[str]) -> None:
        self._around = {pointer[:end] for pointer in wanted for end in _ends(pointer)}
        self._keys = keys
        self._places: dict[str, tuple[int, int]] = {}
        self._open: list[tuple[str | None, bool]] = []  # each object or list: its pointer if it matters; is it a list
        self._next: list[int] = []
        self._key: list[tuple[str, tuple[int, int]]] = []

    def take(self, what: str, place: tuple[int, int], key: str) -> None:
        """Take the next event: ``key``, ``value``, ``object``, ``list`` or ``end``."""
        if what == "end":
            self._open.pop()
            self._next.pop()
            self._key.pop()
        elif what == "key":
            self._key[-1] = key, place
        else:
            pointer = self._pointer()
            if pointer is not None:
                at_key = pointer in self._keys and self._open and not self._open[-1][1]
                self._places[pointer] = self._key[-1][1] if at_key else place
            if what != "value":
                self._open.append((pointer, what == "list"))
                self._next.append(0)
                self._key.append(("", place))

    def _pointer(self) -> str | None:
        """Return the pointer of the value that comes now, or None where it does not matter."""
        if not self._open:
            return ""
        outer, is_list = self._open[-1]
        token = self._key[-1][0]
        if is_list:
            token = str(self._next[-1])
            self._next[-1] += 1
        if outer is None:
            return None
        pointer = f"{outer}/{token.replace('~', '~0').replace('/', '~1')}"
        return pointer if pointer in self._around else None

    def found(self, wanted: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return the places, or the nearest ones around them."""
        found = {}
        for pointer in wanted:
            near = next(
                (pointer[:end] for end in reversed(list(_ends(pointer))) if pointer[:end] in self._places), None
            )
            if near is not None:
                found[pointer] = self._places[near]
        return found


def _ends(pointer: str) -> Iterator[int]:
    """Yield where each pointer ends that leads to something around, from the outside inwards, the whole at last."""
    yield 0
    for position, character in enumerate(pointer):
        if character == "/" and position:
            yield position
    if pointer:
        yield len(pointer)


def _json_events(text: str) -> Iterator[Event]:
    line, start, seen = 1, 0, 0
    objects: list[bool] = []
    before = ""
    for token in _JSON.finditer(text):
        begin, word = token.start(), token[0]
        breaks = text.count("\n", seen, begin)
        if breaks:
            line, start = line + breaks, text.rindex("\n", seen, begin) + 1
        seen = begin
        place = (line, begin - start + 1)
        if word in "{[":
            objects.append(word == "{")
            yield "object" if word == "{" else "list", place, ""
        elif word in "}]":
            objects.pop()
            yield "end", place, ""
        elif word not in ",:":
            is_key = bool(objects) and objects[-1] and before in "{,"
            yield ("key", place, _text(word)) if is_key else ("value", place, "")
        before = word if word in "{[,:" else "x"


def _text(word: str) -> str:
    if "\\" not in word:
        return word[1:-1]
    import json

    return str(json.loads(word))


def _yaml_events(text: str) -> Iterator[Event]:
    state: list[bool | None] = []  # for each object whether a key comes next; None for a list
    for event in events_of(text):
        name = type(event).__name__
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if name in ("SequenceEndEvent", "MappingEndEvent"):
            state.pop()
            yield "end", place, ""
        elif name in ("ScalarEvent", "AliasEvent", "SequenceStartEvent", "MappingStartEvent"):
            if state and state[-1] is not None:
                state[-1] = not state[-1]
                if not state[-1]:
                    yield "key", place, getattr(event, "value", "")
                    continue
            if name.endswith("StartEvent"):
                state.append(None if name == "SequenceStartEvent" else True)
                yield "list" if name == "SequenceStartEvent" else "object", place, ""
            else:
                yield "value", place, ""
