"""The careful scan: values, places and faults of cells in every dialect, in time that grows with the text."""

import csv
import io
import random
import re

import pytest

from shuttle_diplomacy.tabular import scanner
from shuttle_diplomacy.tabular.scanner import Dialect, column_of, count_lines, scan

BACKSLASH = Dialect(escape="\\")
MISSING = (
    "missing-cell",
    "the row has 1 cell, the table 2 columns; missing from 'n' on (is a separator missing?)",
    0,
)
EXTRA = "the row has 3 cells, the table 2 columns; the first extra cell is 'c' (is a quote missing?)"


def values(text, dialect=None, **options):
    return [record.values for record in scan(text, dialect or Dialect(), **options)]


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (Dialect(), "a,b\nc,d", [["a", "b"], ["c", "d"]]),
        (Dialect(), "a\r\nb\rc\nd", [["a"], ["b"], ["c"], ["d"]]),
        (Dialect(), "a\n\n\r\n", [["a"], [""], [""]]),
        (Dialect(), '"a,""b""\r\n\rc",""\n', [['a,"b"\r\n\rc', ""]]),
        (Dialect(), 'a,"b\n""c""\n",d\n"\n"\n', [["a", 'b\n"c"\n', "d"], ["\n"]]),
        (Dialect(), '"",""",",,"x"\n', [["", '",', "", "x"]]),
        (Dialect(quote=None), '"a,b"\n', [['"a', 'b"']]),
        (Dialect(quote="'"), "'a,''b',\"c\n", [["a,'b", '"c']]),
        (Dialect(delimiter="||"), "a|||b||c\n", [["a", "|b", "c"]]),
        (Dialect(delimiter="||"), '"a||b"||c\n', [["a||b", "c"]]),
        (Dialect(delimiter="ab", terminator="bc"), "xabcbcy", [["x", "c"], ["y"]]),
        (Dialect(terminator=";"), 'id,name;1,"a;b";2,c\n', [["id", "name"], ["1", "a;b"], ["2", "c\n"]]),
        (Dialect(terminator=",\n"), 'a,b,\n"c",d,\n', [["a", "b"], ["c", "d"]]),
        (Dialect(terminator=";"), "\na,;b", [["\na", ""], ["b"]]),
        (Dialect(terminator="\r"), "a\nb\rc\r", [["a\nb"], ["c"]]),
        (BACKSLASH, 'a\\,b,"c\\"d","e""f"\n', [["a,b", 'c"d', 'e"f']]),
        (BACKSLASH, "a\\\nb,\\\\\n", [["a\nb", "\\"]]),
        (BACKSLASH, "a\\\r\nb\n", [["a\r\nb"]]),
        (BACKSLASH, '"a\\\r\nb\\\\"\n', [["a\r\nb\\"]]),
        (BACKSLASH, 'a\\"b\n', [['a"b']]),
        (Dialect(escape="\\", double_quote=False), '"a\\"",b\n', [['a"', "b"]]),
        (Dialect(escape="|", quote=None), "1,apple|,fruits\n", [["1", "apple,fruits"]]),
        (Dialect(escape="\\", null_sequence="\\N"), "\\N,N\\N\n", [["\\N", "NN"]]),
        (Dialect(double_quote=False), '"a",b\n', [["a", "b"]]),
        (Dialect(skip_initial_space=True), ' a, "b, c",\t d,  \n', [[" a", "b, c", "d", ""]]),
        (Dialect(skip_initial_space=True, delimiter="\t"), "a\t\t b\n", [["a", "", "b"]]),
        (Dialect(delimiter="^", quote="]"), "]a^b]^c\n", [["a^b", "c"]]),
        (Dialect(escape="^", quote="]"), "]a^]b],c\n", [["a]b", "c"]]),
    ],
)
def test_cells_are_read_as_the_dialect_says(dialect, text, expected):
    records = list(scan(text, dialect))
    assert [record.values for record in records] == expected
    assert not any(record.quoting for record in records)


@pytest.mark.parametrize(
    ("dialect", "text", "fault", "expected"),
    [
        (Dialect(), 'a,"b\nc,d\n', ("a quote is opened and never closed", 2), [["a", '"b'], ["c", "d"]]),
        (
            Dialect(),
            '"a"b,c\n',
            ("text follows a closing quote; double the quotes inside a quoted cell", 3),
            [["ab", "c"]],
        ),
        (
            Dialect(double_quote=False),
            '"a""b"\n',
            ("text follows a closing quote; double the quotes inside a quoted cell", 3),
            [['a"b"']],
        ),
        (
            Dialect(escape="\\", double_quote=False),
            '"a"b\n',
            ("text follows a closing quote; escape the quotes inside a quoted cell", 3),
            [["ab"]],
        ),
        (
            Dialect(),
            'a,b"c"\n',
            ("a quote stands inside a cell that is not quoted; quote the whole cell", 3),
            [["a", 'b"c"']],
        ),
        (BACKSLASH, '"a\\"\nb\n', ("a quote is opened and never closed", 0), [['"a"'], ["b"]]),
        (BACKSLASH, "a,b\\", ("the last character escapes nothing; double it or delete it", 3), [["a", "b\\"]]),
    ],
)
def test_fault_of_quotes_is_placed_and_ends_with_its_record(dialect, text, fault, expected):
    records = list(scan(text, dialect))
    assert records[0].quoting == fault
    assert [record.values for record in records] == expected
    assert not any(record.quoting for record in records[1:])


def test_places_of_cells_and_lines():
    text = 'a,"b\r\nc",d\r\ne,"",\rf\n'
    records = list(scan(text, Dialect()))
    cells = [[text[s:e] for s, e in zip(r.starts, r.ends, strict=True)] for r in records]
    assert cells == [["a", '"b\r\nc"', "d"], ["e", '""', ""], ["f"]]
    assert [(r.line, r.start, r.end) for r in records] == [(1, 0, 12), (3, 12, 18), (4, 18, 20)]


def test_cell_starts_behind_the_blanks_that_are_dropped():
    (record,) = scan('a,  "b", c\n', Dialect(skip_initial_space=True))
    assert (record.starts, record.ends) == ([0, 4, 9], [1, 7, 10])


def test_scan_starts_at_an_offset():
    (record,) = scan("id\na,b\n", Dialect(), 3)
    assert (record.values, record.line, record.starts) == (["a", "b"], 1, [3, 5])


@pytest.mark.parametrize(
    ("dialect", "text", "comments"),
    [
        (Dialect(comment="#"), 'id\n#it\'s "\n1\n"#"\n', [False, True, False, False]),
        (Dialect(comment="//"), "//a\n/b\n", [True, False]),
        (Dialect(comment_rows=frozenset({2, 3})), 'id\n"\nx\n1\n', [False, True, True, False]),
        (Dialect(comment="#", terminator=";"), "#a;b", [True, False]),
    ],
)
def test_comment_is_a_line_that_counts_as_a_row(dialect, text, comments):
    records = list(scan(text, dialect))
    assert [record.comment for record in records] == comments
    comment = next(record for record in records if record.comment)
    (value,) = comment.values
    assert (comment.starts, text[comment.start : comment.ends[0]]) == ([comment.start], value)


def test_comment_rows_are_numbers_in_the_file():
    dialect = Dialect(comment_rows=frozenset({5}))
    assert [record.comment for record in scan("a\nb\nc\n", dialect, first_row=4)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b", None),
        ("a", MISSING),
        ('""', MISSING),
        ("\n", ("blank-row", "the row is blank; delete the line", 0)),
        ("a,b,c", ("extra-cell", EXTRA, 4)),
        ('a,"b', ("structure-error", "a quote is opened and never closed", 2)),
    ],
)
def test_record_says_what_is_wrong_with_it(text, expected):
    assert next(scan(text, Dialect())).fault(["id", "n"]) == expected


def test_blank_line_is_a_row_of_a_table_with_one_column():
    assert next(scan("\n", Dialect())).fault(["id"]) is None


def random_texts(alphabet, seed, count=3000):
    source = random.Random(seed)
    return ["".join(source.choices(alphabet, k=source.randrange(24))) for _ in range(count)]


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(),
        Dialect(quote=None),
        Dialect(double_quote=False),
        Dialect(delimiter=",,"),
        Dialect(terminator="b"),
        Dialect(terminator=",a"),
        Dialect(skip_initial_space=True),
        Dialect(escape="a"),
    ],
)
def test_splitting_and_reading_cell_by_cell_agree(dialect):
    for text in random_texts(',,"""ab \n\r', seed=4):
        cells, end = scanner._Cells(text, dialect), 0
        for record in scan(text, dialect):
            exact = cells.record(record.start, record.line)
            assert (record.values, record.starts, record.ends) == (exact.values, exact.starts, exact.ends), text
            assert (record.start, record.end, record.quoting) == (end, exact.end, exact.quoting), text
            assert record.line == 1 + count_lines(text, 0, record.start)
            end = record.end
        assert end == len(text)


@pytest.mark.parametrize(
    ("dialect", "options"),
    [
        (Dialect(), {}),
        (Dialect(delimiter=";", quote="'"), {"delimiter": ";", "quotechar": "'"}),
        (BACKSLASH, {"escapechar": "\\"}),
        (Dialect(escape="\\", double_quote=False), {"escapechar": "\\", "doublequote": False}),
        (Dialect(quote=None), {"quoting": csv.QUOTE_NONE}),
    ],
)
def test_sound_texts_are_read_as_the_standard_library_does(dialect, options):
    sound = 0
    for text in random_texts(f"{dialect.delimiter * 2}{(dialect.quote or 'x') * 3}\\ab\n", seed=5):
        records = list(scan(text, dialect))
        if any(record.quoting for record in records):
            continue
        sound += 1
        expected = [row or [""] for row in csv.reader(io.StringIO(text, newline=""), **options)]
        assert [record.values for record in records] == expected, text
    assert sound > 500


class Counting:
    """A pattern that adds up how many characters its searches pass."""

    def __init__(self, pattern: re.Pattern[str], visits: list[int]):
        self.pattern, self.visits = pattern, visits

    def _seen(self, found, text, at):
        self.visits.append((found.end() if found else len(text)) - at)
        return found

    def search(self, text, at):
        return self._seen(self.pattern.search(text, at), text, at)

    def match(self, text, at):
        return self._seen(self.pattern.match(text, at), text, at)

    def finditer(self, text, at):
        while found := self.search(text, at):
            yield found
            at = found.end()


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(),
        BACKSLASH,
        Dialect(escape="\\", double_quote=False),
        Dialect(skip_initial_space=True),
        Dialect(delimiter="||", terminator=";\n"),
    ],
)
@pytest.mark.parametrize(
    "unit",
    [
        '"',
        '""',
        '"\n',
        '""\n',
        '"a\n""',
        '"""a\n',
        'a,"\n',
        '"a"b',
        '\\"',
        '"\\"\n',
        '"a\\\n',
        "\\\n",
        '"|',
        ', "',
        "\r",
        ';\n"',
        '#"\n',
        '"",""b\n',
    ],
)
def test_hostile_text_is_read_in_linear_time(dialect, unit, monkeypatch):
    visits: list[int] = []
    plain = scanner._patterns(dialect)
    counting = {name: Counting(getattr(plain, name), visits) for name in plain.__dataclass_fields__}
    monkeypatch.setattr(scanner, "_patterns", lambda _: scanner._Patterns(**counting))
    for text in (unit * 2000, '"' + unit * 2000, '"a\n' + unit * 2000, "a," + unit * 2000 + '"'):
        visits.clear()
        read = sum(record.end - record.start for record in scan(text, dialect))
        assert read == len(text)
        assert sum(visits) < 5 * len(text)


@pytest.mark.parametrize("text", ["a\nb\r\nc\rd\r\r\n\n", "", "\r", "\r\n", "\n\r"])
def test_lines_add_up_wherever_a_text_is_cut(text):
    whole = len(re.findall("\r\n|\r|\n", text))
    for cut in range(len(text) + 1):
        assert count_lines(text, 0, cut) + count_lines(text, cut, len(text)) == whole


@pytest.mark.parametrize(
    ("text", "at", "column"),
    [
        ("abc", 2, 3),
        ("a\nbc", 3, 2),
        ("a\rbc", 2, 1),
        ("a\r\nbc", 4, 2),
        ("ab\r\nc", 3, 4),
        ("é" * 3000 + "\nx", 3001, 1),
        ("x" * 5000, 4999, 5000),
    ],
)
def test_column_counts_code_points_of_the_line(text, at, column):
    assert column_of(text, at) == column
