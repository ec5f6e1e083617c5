"""The readers, some of which take short cuts, against the rules written out, on texts that are nearly right."""

import random
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types import reading_of

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|(?i:nan|-?inf)")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def near(seeds: list[str], letters: str, number: int = 4000) -> list[str]:
    """Return texts with a few letters changed, put in or taken out; always the same."""
    rng = random.Random(1965)
    found = set(seeds)
    while len(found) < number:
        text = list(rng.choice(seeds))
        for _ in range(rng.randint(1, 3)):
            place = rng.randrange(len(text) + 1)
            text[place : place + rng.randint(0, 1)] = rng.choice([*letters, ""])
        found.add("".join(text))
    return sorted(found)


def values(field: dict, texts: list[str]) -> list[object]:
    reading = reading_of(Field({"name": "x", **field}))
    return pl.DataFrame({"x": texts}).select(reading.value.alias("x"))["x"].to_list()


def whole(text: str) -> int | None:
    return int(text) if re.fullmatch("[+-]?[0-9]+", text) and -(2**63) <= int(text) < 2**63 else None


def number(text: str) -> float | None:
    if not NUMBER.fullmatch(text):
        return None
    found = float(text)
    return found if "n" in text.lower() or abs(found) != float("inf") else None


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    found = MOMENT.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, zone = found.groups(default="")
    late = hour == "24"
    if late and (minute + second + fraction).strip("0."):
        return None
    if zone[1:] and (int(zone[4:]) > 59 or int(zone[1:3]) * 60 + int(zone[4:]) > 14 * 60):
        return None
    try:
        local = datetime.fromisoformat(
            f"{text[:11]}{'00' if late else hour}:{minute}:{second}{(fraction + '0' * 7)[:7] if fraction else ''}{zone}"
        )
        local = local if local.tzinfo else local.replace(tzinfo=UTC)
        return (local + timedelta(days=late)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


CASES: list[tuple[str, Callable[[str], object], list[str], str]] = [
    ("integer", whole, ["12", "+3", "-007", "9223372036854775807", "-9223372036854775808"], "0123456789+-._ e\u0663"),
    (
        "number",
        number,
        ["1.5", "-.5e1", "NaN", "-INF", "1e308", "1.7976931348623157e308"],
        "0123456789+-._ eEinfNa\u0663",
    ),
    ("date", day, ["2026-01-13", "0001-01-01", "1999-12-31", "2024-02-29"], "0123456789-+ ./:T\t\x85\xa0\u3000\u0663"),
    (
        "datetime",
        moment,
        ["2026-01-13T09:30:00", "2026-01-13T24:00:00.0+09:00", "0001-01-01T00:00:00Z", "1999-12-31T23:59:59.123-05:30"],
        "0123456789-+:. TZt",
    ),
]


@pytest.mark.parametrize(("kind", "rule", "seeds", "letters"), CASES)
def test_same_verdict_as_the_rule(kind, rule, seeds, letters):
    texts = near(seeds, letters)
    expected = [rule(text) for text in texts]
    assert sum(value is not None for value in expected) > 20
    assert list(map(repr, values({"type": kind}, texts))) == list(map(repr, map(_shown, expected)))


@pytest.mark.parametrize(("kind", "rule", "seeds", "letters"), CASES)
def test_same_verdict_where_the_short_cut_may_be_taken(kind, rule, seeds, letters):
    for text in near(seeds, letters, 300):
        assert repr(values({"type": kind}, [text])[0]) == repr(_shown(rule(text))), text


def _shown(value: object) -> object:
    """Return a value as polars gives it back: its zone of UTC has another class."""
    return pl.Series([value]).to_list()[0] if isinstance(value, datetime) else value


@pytest.mark.parametrize(
    "pattern",
    ["%d/%m/%Y", "%Y-%m-%d %H:%M:%S", "%d %b %Y", "%I:%M %p %y%m%d", "%Y%m%d", "%H:%M:%S.%f", "%A, %d %B %Y"],
)
def test_patterns_mean_what_they_mean_in_python(pattern):
    start = datetime(2018, 3, 9, 5, 7, 8, 120000)  # noqa: DTZ001
    texts = near(
        [(start + timedelta(days=17 * n, seconds=997 * n)).strftime(pattern) for n in range(50)],
        "0123456789/: -APM",
        2000,
    )
    expected = []
    for text in texts:
        try:
            expected.append(datetime.strptime(text, pattern))  # noqa: DTZ007
        except ValueError:
            expected.append(None)
    assert values({"type": "datetime", "format": pattern}, texts) == expected
