"""Making a failing case smaller: whatever can be left out while it still fails in the same way is left out."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tests.fuzzing.cases import DESCRIPTOR, Case

Fails = Callable[[Case], bool]


def reduced(case: Case, fails: Fails, tries: int = 400) -> Case:
    """Return a smaller case that fails too.

    Args:
        case: a case that fails.
        fails: whether a case still fails in the same way.
        tries: how many smaller cases are tried at most.

    Examples:
        >>> small = reduced(Case("a", {"t.csv": b"1\\n2\\n3\\n"}), lambda c: b"2" in c.files.get("t.csv", b""))
        >>> small.files
        {'t.csv': b'2'}
    """
    progress = True
    while progress and tries > 0:
        progress = False
        for smaller in _smaller(case):
            tries -= 1
            if fails(smaller):
                case, progress = smaller, True
                break
            if tries <= 0:
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    for name in case.files:
        if name != case.opened:
            yield replace(case, files={n: c for n, c in case.files.items() if n != name})
    if case.descriptor is not None and DESCRIPTOR in case.files:
        for value in _smaller_values(case.descriptor):
            yield case.with_descriptor(value)
    for name, content in case.files.items():
        if isinstance(content, bytes) and not (name == DESCRIPTOR and case.descriptor is not None):
            for part in _smaller_bytes(content):
                yield replace(case, files={**case.files, name: part})


def _smaller_values(value: Any) -> Iterator[Any]:
    """Yield the value with one item left out, the outermost first; or with a long text halved."""
    paths: list[tuple[Any, ...]] = [()]
    for path in paths:
        place = value
        for key in path:
            place = place[key]
        for key in place if isinstance(place, dict) else range(len(place)):
            yield _without(value, path, key)
            inner = place[key]
            if isinstance(inner, dict | list):
                paths.append((*path, key))


def _without(value: Any, path: tuple[Any, ...], key: Any) -> Any:
    value = copy.deepcopy(value)
    place = value
    for step in path:
        place = place[step]
    del place[key]
    return value


def _smaller_bytes(content: bytes) -> Iterator[bytes]:
    size = len(content) // 2
    while size:
        for start in range(0, len(content), size):
            yield content[:start] + content[start + size :]
        size //= 2
