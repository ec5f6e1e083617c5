"""From a pointer to line and column, in JSON and in YAML."""

import json

import pytest

from shuttle_diplomacy.package import pointers
from shuttle_diplomacy.package.pointers import locate, locate_all

JSON = """{
\t"na/me": "ä", "t~": 3,
  "resources": [
    {"path": ["a", "b\\"]"], "x": {}},
    {}
  ]
}"""
YAML = """# comment
na/me: ä
resources:
- path: [a, b]
  x: {}
- &empty {}
- *empty
- 'last'
"""


@pytest.mark.parametrize(
    ("text", "pointer", "place"),
    [
        (JSON, "", (1, 1)),
        (JSON, "/na~1me", (2, 11)),
        (JSON, "/t~0", (2, 22)),
        (JSON, "/resources", (3, 16)),
        (JSON, "/resources/0/path/1", (4, 20)),
        (JSON, "/resources/0/x", (4, 34)),
        (JSON, "/resources/1", (5, 5)),
        (JSON, "/resources/1/name", (5, 5)),
        (JSON, "/resources/7/name", (3, 16)),
        ("\ufeff" + JSON, "/na~1me", (2, 11)),
        (YAML, "/na~1me", (2, 8)),
        (YAML, "/resources/0/path/1", (4, 13)),
        (YAML, "/resources/0/x", (5, 6)),
        (YAML, "/resources/2", (7, 3)),
        (YAML, "/resources/3", (8, 3)),
        (YAML, "/resources/1/name", (6, 3)),
    ],
)
def test_place_of_a_value(text, pointer, place):
    assert locate(text, pointer) == place


@pytest.mark.parametrize(
    ("text", "pointer", "place"),
    [
        (JSON, "/t~0", (2, 16)),
        (JSON, "/resources/0/x", (4, 29)),
        (JSON, "/resources/1", (5, 5)),
        (YAML, "/resources/0/x", (5, 3)),
    ],
)
def test_place_of_a_key(text, pointer, place):
    assert locate(text, pointer, key=True) == place


def test_keys_with_escapes_are_found():
    text = json.dumps({"é\n": {"\U0001f600": 1}})
    assert locate(text, "/é\n/\U0001f600") == (1, text.index("1}") + 1)


def test_several_at_once():
    found = locate_all(JSON, ["/t~0", "/resources/0", "/t~0"], keys=["/t~0"])
    assert found == {"/t~0": (2, 16), "/resources/0": (4, 5)}


@pytest.mark.parametrize(
    "text", ["", "{", "]", "{]}}", "a: [", "a: b: c", "\0", '{"\\q": 1}', "[" * 100_000, "a: " + "[" * 5000]
)
def test_broken_text_raises_nothing(text):
    place = locate(text, "/a/b/0")
    assert place is None or place[0] == 1


def test_long_text_is_not_searched(monkeypatch):
    monkeypatch.setattr(pointers, "MAX_CHARACTERS", 10)
    assert locate('{"a": 1}  ', "/a") == (1, 7)
    assert locate('{"a": 1}   ', "/a") is None
    monkeypatch.setattr(pointers, "MAX_CHARACTERS_OF_YAML", 4)
    assert locate("a: 1", "/a") == (1, 4)
    assert locate("a: 1\n", "/a") is None


def test_every_value_of_a_json_text_is_found():
    value = {"a": [1, {"b": [[], {}, None, True, -1.5e3, "x,:{}[]"]}], "": {"": 0}}
    for indent in (None, 2):
        text = json.dumps(value, indent=indent)
        lines = text.split("\n")
        for pointer, wanted in walk(value):
            line, column = locate(text, pointer)
            rest = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
            assert json.JSONDecoder().raw_decode(rest)[0] == wanted


def walk(value, pointer=""):
    yield pointer, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        yield from walk(inner, f"{pointer}/{key}")
