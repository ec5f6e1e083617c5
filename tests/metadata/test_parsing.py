"""Bytes that are no descriptor, and YAML as a spelling of JSON."""

# ruff: noqa: E501 (one case a line)

import json
import zipfile

import pytest

from shuttle_diplomacy.errors import MissingExtraError, UnreadableError
from shuttle_diplomacy.package import open_package, parsing
from shuttle_diplomacy.package.parsing import parse_descriptor
from shuttle_diplomacy.package.yaml import MAX_DEPTH


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (b"[]", "p.json is not a JSON object"),
        (b"{", "p.json is not JSON: Expecting property name"),
        (b'{"a": NaN}', "p.json is not JSON: NaN is no number of JSON"),
        (b'{"a": 1e999}', "p.json is not JSON: '1e999' is too large a number"),
        (b'{"a": ' + b"1" * 5000 + b"}", "p.json is not JSON: Exceeds the limit"),
        (b'{"a": ' + b"[" * 100_000, "p.json is not JSON: maximum recursion depth exceeded"),
        (b'{"a": "\\ud800"}', "p.json is not JSON: 'utf-8' codec can't encode"),
        (b"\xff", "p.json is not JSON: 'utf-8' codec can't decode"),
        (b'{"a": {"b": 1, "c": 2, "b": 3}}', "p.json: the key 'b' stands twice in one object"),
    ],
)
def test_no_json(content, note):
    with pytest.raises(UnreadableError) as caught:
        parse_descriptor(content, "p.json")
    assert str(caught.value).startswith(note)


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("- a", "p.yaml is not a YAML object"),
        ("a: [", "p.yaml is not YAML: did not find expected node content (line "),
        ("a: 1\n---\na: 2", "p.yaml is not YAML: it holds more than one document"),
        ("a: .nan", "p.yaml is not YAML: .nan is no number of JSON"),
        ("a: 1e999", "p.yaml is not YAML: '1e999' is too large a number"),
        ("a: !!python/name:os.system", "p.yaml is not YAML: the tag 'tag:yaml.org,2002:python/name:os.system' is not"),
        ("a: !!binary aGk=", "p.yaml is not YAML: the tag 'tag:yaml.org,2002:binary' is not read; only plain values are"),
        ("a: 1\nb: 2\na: 3", "p.yaml: the key 'a' stands twice in one object"),
        ("1: a", "p.yaml is not YAML: a key has to be a text, not 1; write it in quotes"),
        ("? [a]\n: b", "p.yaml is not YAML: a key has to be a text"),
        ("a: &x {b: 1}\nc:\n  <<: *x", "p.yaml is not YAML: merge keys ('<<') are not read; write the values out"),
        ("a: *x", "p.yaml is not YAML: the alias 'x' stands for nothing, or for what it is part of"),
        ("a: &x [*x]", "p.yaml is not YAML: the alias 'x' stands for nothing, or for what it is part of"),
        ("a: " + "[" * 500 + "]" * 500, f"p.yaml is not YAML: it is nested deeper than {MAX_DEPTH} levels"),
        ('a: "\\x07', "p.yaml is not YAML: found unexpected end of stream (line "),
    ],
)  # fmt: skip
def test_no_yaml(content, note):
    with pytest.raises(UnreadableError) as caught:
        parse_descriptor(content.encode(), "p.yaml")
    assert str(caught.value).startswith(note)


def test_aliases_are_not_followed_without_bound():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(UnreadableError, match="it holds more than 500,000 values"):
        parse_descriptor("\n".join(lines).encode(), "p.yml")


def test_descriptor_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(parsing, "MAX_DESCRIPTOR_BYTES", 1000)
    assert parse_descriptor(b'{"a": 1}' + b" " * 992, "p.json") == {"a": 1}
    with pytest.raises(UnreadableError, match="p.json is larger than the limit of 1,000 bytes for a descriptor"):
        parse_descriptor(b'{"a": 1}' + b" " * 993, "p.json")


def test_yaml_holds_what_json_would():
    text = """
created: 2024-01-01
time: 12:30:00
norway: NO
octal: 010
none: ~
empty:
yes: true
quoted: "1"
tagged: !!str 1
numbers: [1, -2, 1.5, 1e3, .5]
first: &first {a: b}
again: *first
"""
    assert parse_descriptor(text.encode(), "p.yaml") == {
        "created": "2024-01-01",
        "time": "12:30:00",
        "norway": "NO",
        "octal": 10,
        "none": None,
        "empty": None,
        "yes": True,
        "quoted": "1",
        "tagged": "1",
        "numbers": [1, -2, 1.5, 1000.0, 0.5],
        "first": {"a": "b"},
        "again": {"a": "b"},
    }


@pytest.mark.parametrize("name", ["datapackage.yaml", "datapackage.yml"])
def test_package_in_yaml(tmp_path, name):
    (tmp_path / name).write_text("name: from-yaml\nresources:\n- {name: a, path: a.csv}\n")
    assert open_package(tmp_path).name == open_package(tmp_path / name).name == "from-yaml"
    assert open_package(tmp_path).descriptor_path == name
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / name, name)
    assert open_package(tmp_path / "p.zip").name == "from-yaml"


def test_json_is_looked_for_first(tmp_path):
    (tmp_path / "datapackage.yml").write_text("name: yml")
    (tmp_path / "datapackage.yaml").write_text("name: yaml")
    assert open_package(tmp_path).name == "yaml"
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "json"}))
    assert open_package(tmp_path).name == "json"


def test_yaml_without_pyyaml_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"reading YAML needs PyYAML; run: pip install"):
        parse_descriptor(b"a: 1", "p.yaml")
