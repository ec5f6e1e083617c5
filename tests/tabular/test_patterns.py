"""Patterns are XML Schema regular expressions, whole-cell, in linear time."""

import json
from pathlib import Path

import polars as pl
import pytest

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.tabular.patterns import _means_the_same, translate, xsd_to_rust

SCHEMAS = Path(__file__).parents[2] / "schemas" / "tables"


def matches(pattern: str, text: str) -> bool:
    return bool(pl.Series([text]).str.contains(xsd_to_rust(pattern, "x")).item())


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("a|b", "a", "axyz"),
        ("^a.*$", "abc", "ba"),
        (r"\p{L}+", "나라", "1"),
        (r"\i\c*", "id-1", "1id"),
        ("[a-z-[aeiou]]+", "xyz", "abc"),
        (r"[^\s]+", "a", "a b"),
        ("[a-z]{2}", "ab", "abc"),
    ],
)
def test_pattern(pattern, good, bad):
    assert matches(pattern, good)
    assert not matches(pattern, bad)


@pytest.mark.parametrize("pattern", ["(", "a)|(b", "a{2,1}", "[z-a]", "(?=a)b", r"\q", "a**"])
def test_broken_pattern_is_a_descriptor_error(pattern):
    with pytest.raises(ConfigurationError, match=r"field 'x': the pattern .* cannot be used"):
        xsd_to_rust(pattern, "x")


def test_hostile_pattern_ends():
    assert not matches("(a*)*b", "a" * 5000)


def used_patterns() -> list[str]:
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in SCHEMAS.glob("*.json")]
    found = {f["constraints"].get("pattern") for s in schemas for f in s["fields"] if "constraints" in f}
    return sorted(found - {None})


@pytest.mark.parametrize("pattern", used_patterns())
def test_short_cut_agrees_with_the_translator(pattern):
    texts = [
        "abc",
        "a-b-c",
        "1998-10-08",
        "x/2004-05",
        "x/2004-05-2",
        "https://a.b/c?d",
        "*",
        "A",
        "JP",
        "",
        "a b",
        "ab\n",
    ]
    assert _means_the_same(pattern)
    short = pl.Series(texts).str.contains(xsd_to_rust(pattern, "x"))
    assert short.to_list() == pl.Series(texts).str.contains(translate(pattern)).to_list()
