"""Patterns are XML Schema regular expressions, whole-cell, in linear time."""

import json
from pathlib import Path

import polars as pl
import pytest

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.tabular.patterns import _means_the_same, xsd_to_rust
from shuttle_diplomacy.tabular.xsd_patterns import translate

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
        (r"\w+", "é+1", "a_b"),
        (r"\W", "_", "+"),
        (r"[\w]", "+", "_"),
        (r"[^\w]", "_", "+"),
        (r"[\W\S]", "a", " x"),
        (r"[^\W\d]+", "ab", "a1"),
        (r"\s", "\t", "\u00a0"),
        (r"\S", "\u00a0", "\n"),
        (r"[^\S\t]", " ", "\t"),
        (r"\d", "٣", "½"),
        (r"\D", "½", "٣"),
        (r"\I\C?", "1 ", "a"),
        (r"[\i-[:]]+", "ab", "a:b"),
        (r"[\c]+", "a-1\u00b7", "a b"),
        (".", "\u2028", "\n"),
        ("a.b", "a.b", "a\rb"),
        (r"[a\-z]", "-", "b"),
        (r"[+-\-]+", ",-+", "."),
        ("[a-]+[-a]+[--][^-]", "aa-b", "aa--"),
        (r"[\d-x]+", "1-x", "y"),
        ("[^a-z-[0-9]]", "A", "1"),
        ("[a-z-[m-p-[n]]]+", "an", "m"),
        (r"[&&~~\[]+", "&~[", "a"),
        (r"\p{IsHangulSyllables}", "한", "日"),
        (r"\P{IsHangulSyllables}", "日", "한"),
        (r"[\P{L}a]+", "a1", "b"),
        (r"\p{Cn}", "\u0378", "a"),
        (r"\P{Cs}", "a", ""),
        (r"\n\t", "\n\t", "nt"),
        (r"a\/b", "a/b", r"a\/b"),
        ("a{2}b{1,}c{0,1}", "aab", "ab"),
        ("", "", "a"),
    ],
)
def test_pattern(pattern, good, bad):
    assert matches(pattern, good)
    assert not matches(pattern, bad)


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a)|(b",
        "a{2,1}",
        "[z-a]",
        "(?=a)b",
        r"\q",
        "a**",
        "(?:a)",
        "a{2}{3}",
        "[a-\\d]",
        "[a",
        "[]",
        "[^]",
        "]",
        "[a[b]]",
        "[+--]",
        "[--a]",
        "[a-c-f]",
        "[a-c-f-h]",
        "a*?",
        "a|*",
        "(*a)",
        "{2}",
        "a{x}",
        "a{1,2,3}",
        "()*)",
        "(a",
        "[a-[b]c]",
        "[a-[b]",
        r"\p{Nope}",
        r"\p{IsNope}",
        "\\",
        "[" + "a-[" * 150 + "b" + "]" * 151,
    ],
)
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


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*", "(a|aa)+", r"(\p{L}+)*"])
def test_hostile_pattern_takes_linear_time(pattern):
    assert not matches(pattern, "a" * 100_000 + "!")


@pytest.mark.parametrize("pattern", ["a{1000000}", "((a{100}){100}){100}", r"\p{L}{1000}"])
def test_pattern_that_needs_too_much_memory_is_a_descriptor_error(pattern):
    with pytest.raises(
        ConfigurationError, match="cannot be used: (regex error: Compiled regex exceeds|exceeded the maximum)"
    ):
        xsd_to_rust(pattern, "x")


def test_long_pattern_is_not_translated():
    with pytest.raises(
        ConfigurationError, match=r"field 'x': the pattern '.*\.\.\.' has 100,000 characters; at most 2,000"
    ):
        xsd_to_rust("[a]" * 33_333 + "a", "x")


def test_sets_of_many_signs_take_no_time():
    assert matches(r"m[\w-[^aeiou]][\w-[^aeiou]]t", "meet")
