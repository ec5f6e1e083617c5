"""Labels against fields in every mode of ``fieldsMatch``, with the place of each."""

import pytest

from shuttle_diplomacy.tabular.header import Labels, field_names, match_header, read_labels
from shuttle_diplomacy.tabular.scanner import Dialect

HAS_TO_BE = "; it has to be: id,n"
NEEDS = " and the field needs a value in each row"
IN_OTHER_ORDER = " (the columns are in another order than the schema's fields)"


def match(labels, names, mode="exact", **options):
    return match_header(Labels.of(labels), names, mode, **options)


def found(matched):
    return [(f.type, f.field_number, f.note) for f in matched.findings]


@pytest.mark.parametrize(
    ("text", "dialect", "labels", "row", "line", "rest"),
    [
        ("id,n\n1,2\n", {}, ["id", "n"], 1, 2, "1,2\n"),
        ('"a\r\nb",n\r\n1,2', {}, ["a\r\nb", "n"], 1, 3, "1,2"),
        ("id", {}, ["id"], 1, 1, ""),
        ("#x\n#y\nid,n\n1,2\n", {"comment": "#"}, ["id", "n"], 3, 4, "1,2\n"),
        ("x\nid,n\n1,2\n", {"comment_rows": frozenset({1})}, ["id", "n"], 2, 3, "1,2\n"),
        ("x\nid,n\n1,2\n", {"header_rows": (2,)}, ["id", "n"], 2, 3, "1,2\n"),
        ("fruit\nid,name\n1,apple\n", {"header_rows": (1, 2)}, ["fruit id", "fruit name"], 2, 3, "1,apple\n"),
        (
            "fruit\nid,name\n1,apple\n",
            {"header_rows": (1, 2), "header_join": "-"},
            ["fruit-id", "fruit-name"],
            2,
            3,
            "1,apple\n",
        ),
        ("a,,b\nx,y,\nz\nrow", {"header_rows": (1, 2)}, ["a x", "y", "b"], 2, 3, "z\nrow"),
        ("a\nskipped\nb\nrow", {"header_rows": (1, 3)}, ["a b"], 3, 4, "row"),
        ("a\n#\nb\nrow", {"header_rows": (1, 3), "comment": "#"}, ["a b"], 3, 4, "row"),
    ],
)
def test_labels_are_read_from_the_header_rows(text, dialect, labels, row, line, rest):
    read = read_labels(text, Dialect(**dialect))
    assert (read.texts, read.row, read.line, text[read.end :]) == (labels, row, line, rest)
    assert read.faults == ()


def test_file_without_header_starts_with_its_rows():
    read = read_labels("\ufeff1,2\n", Dialect(header=False), 1)
    assert (read.found, read.row, read.line, read.end) == (None, 0, 1, 1)


def test_labels_know_their_places():
    read = read_labels('\ufeffx\n"a\nb","c",d\n', Dialect(header_rows=(1, 2)), 1)
    assert [(label.line, label.column) for label in read.found] == [(2, 1), (3, 4), (3, 8)]
    assert [label.end - label.start for label in read.found] == [5, 3, 1]


def test_byte_order_mark_takes_no_column():
    read = read_labels("\ufeffid,n\n", Dialect(), 1)
    assert [(label.line, label.column) for label in read.found] == [(1, 1), (1, 4)]


@pytest.mark.parametrize(
    ("text", "dialect", "kind", "note", "place"),
    [
        ("", {}, "source-error", "the file is empty; it needs a header row" + HAS_TO_BE, (None, None)),
        ("#\n", {"comment": "#"}, "source-error", "the file ends before its header row" + HAS_TO_BE, (None, None)),
        (
            "a\n",
            {"header_rows": (1, 2)},
            "source-error",
            "the file ends before its header row" + HAS_TO_BE,
            (None, None),
        ),
        ("\n1,2\n", {}, "blank-header", "the header row is blank" + HAS_TO_BE, (1, 1)),
        ('id,"n\n', {}, "structure-error", "a quote is opened and never closed", (1, 4)),
        (
            '"a\nb"c,n\n',
            {},
            "structure-error",
            "text follows a closing quote; double the quotes inside a quoted cell",
            (2, 3),
        ),
    ],
)
def test_header_that_cannot_be_read(text, dialect, kind, note, place):
    matched = match_header(read_labels(text, Dialect(**dialect)), ["id", "n"])
    (finding,) = matched.findings
    assert (finding.type, finding.note, (finding.line, finding.column)) == (kind, note, place)
    assert matched.fatal


@pytest.mark.parametrize("mode", ["exact", "equal", "subset", "superset", "partial", ["equal"], "nonsense", None])
def test_same_labels_match_in_every_mode(mode):
    matched = match(["id", "n"], ["id", "n"], mode)
    assert (matched.findings, matched.columns, matched.width, matched.fatal) == ([], [0, 1], 2, False)


@pytest.mark.parametrize("mode", ["exact", "superset"])
def test_file_without_labels_is_matched_by_order(mode):
    matched = match_header(Labels(None), ["id", "n"], mode, required={"n"})
    assert (matched.findings, matched.columns, matched.width, matched.fatal) == ([], [0, 1], 2, False)


@pytest.mark.parametrize(
    ("labels", "expected", "columns", "fatal"),
    [
        (["id", "m"], [("incorrect-label", 2, "the label is 'm'; here the schema has 'n'")], [0, 1], False),
        (["id", ""], [("blank-label", 2, "column 2 has no label; here the schema has 'n'")], [0, 1], False),
        (
            ["id", "id"],
            [("duplicate-label", 2, "the label 'id' occurs twice, first in column 1; here the schema has 'n'")],
            [0, 1],
            False,
        ),
        (["id", "n", "x"], [("extra-label", 3, "the column 'x' is not in the schema")], [0, 1], False),
        (["id", "n", ""], [("extra-label", 3, "column 3 has no label and is not in the schema")], [0, 1], False),
        (
            ["id", "n", "id"],
            [("extra-label", 3, "the column 'id' is one more than the schema has fields")],
            [0, 1],
            False,
        ),
        (["id"], [("missing-label", 2, "there is no column 'n'; it comes after 'id'")], [0, None], False),
        (
            ["n", "id"],
            [
                ("incorrect-label", 1, "the label is 'n'; here the schema has 'id'" + IN_OTHER_ORDER),
                ("incorrect-label", 2, "the label is 'id'; here the schema has 'n'" + IN_OTHER_ORDER),
            ],
            [0, 1],
            True,
        ),
        (
            ["n"],
            [
                ("incorrect-label", 1, "the label is 'n'; here the schema has 'id'"),
                ("missing-label", 2, "there is no column 'n'; it comes after 'id'"),
            ],
            [0, None],
            True,
        ),
        (
            ["1", "2", "3"],
            [
                ("incorrect-label", 1, "the label is '1'; here the schema has 'id'"),
                ("incorrect-label", 2, "the label is '2'; here the schema has 'n'"),
                ("extra-label", 3, "the column '3' is not in the schema"),
            ],
            [0, 1],
            True,
        ),
    ],
)
def test_exact_matches_by_order(labels, expected, columns, fatal):
    matched = match(labels, ["id", "n"])
    assert found(matched) == expected
    assert (matched.columns, matched.width, matched.fatal) == (columns, len(labels), fatal)


@pytest.mark.parametrize(
    ("mode", "labels", "expected", "columns"),
    [
        ("equal", ["n", "id"], [], [1, 0]),
        ("equal", ["n"], [("missing-label", 2, "there is no column 'id'")], [None, 0]),
        (
            "equal",
            ["n", "idd", "x"],
            [
                ("extra-label", 2, "the column 'idd' is not in the schema; did you mean 'id'?"),
                ("extra-label", 3, "the column 'x' is not in the schema"),
                ("missing-label", 4, "there is no column 'id'; did you mean 'idd'?"),
            ],
            [None, 0],
        ),
        ("equal", ["n", "", "id"], [("extra-label", 2, "column 2 has no label and is not in the schema")], [2, 0]),
        ("equal", ["n", "id", "n"], [("duplicate-label", 3, "the label 'n' occurs twice, first in column 1")], [1, 0]),
        ("subset", ["x", "n", "", "x", "id"], [], [4, 1]),
        ("subset", ["x", "n"], [("missing-label", 3, "there is no column 'id'")], [None, 1]),
        (
            "subset",
            ["id", "n", "id"],
            [("duplicate-label", 3, "the label 'id' occurs twice, first in column 1")],
            [0, 1],
        ),
        ("superset", ["id"], [], [0, None]),
        ("superset", ["n"], [("missing-label", 2, "there is no column 'id'," + NEEDS)], [None, 0]),
        ("superset", ["id", "x"], [("extra-label", 2, "the column 'x' is not in the schema")], [0, None]),
        ("partial", ["x", "id"], [], [1, None]),
        ("partial", ["x", "n"], [("missing-label", 3, "there is no column 'id'," + NEEDS)], [None, 1]),
    ],
)
def test_other_modes_match_by_name(mode, labels, expected, columns):
    matched = match(labels, ["id", "n"], mode, required={"id"})
    assert found(matched) == expected
    assert (matched.columns, matched.width, matched.fatal) == (columns, len(labels), False)


def test_partial_needs_one_field():
    matched = match(["x", "y"], ["id", "n"], "partial")
    note = "no column is a field of the schema; at least one has to be: id, n"
    assert found(matched) == [("unmatched-header", None, note)]
    assert matched.fatal


def test_fields_of_one_name_take_columns_in_turn():
    matched = match(["b", "a", "a"], ["a", "a", "b"], "equal")
    assert (matched.findings, matched.columns) == ([], [1, 2, 0])


@pytest.mark.parametrize(
    ("label", "difference"),
    [
        ("NÄME", "upper and lower case"),
        ("näme ", "blanks"),
        (" Näme", "case and blanks"),
        ("\ufeffnäme", "characters that cannot be seen, such as a byte order mark"),
        ("na\u0308me", "its Unicode normal form (the same letters, other code points)"),
    ],
)
@pytest.mark.parametrize("mode", ["exact", "equal"])
def test_hint_names_what_is_hard_to_see(label, difference, mode):
    finding = match([label], ["näme"], mode).findings[0]
    assert finding.note.endswith(f"; it differs from 'näme' only in {difference}")


def test_finding_knows_its_cell():
    (finding,) = match_header(read_labels('id,"nn"\n', Dialect()), ["id", "n"]).findings
    place = (finding.row_number, finding.line, finding.column, finding.width, finding.cell, finding.field_name)
    assert place == (1, 1, 4, 4, "nn", "n")


def test_missing_label_is_placed_in_the_header():
    (finding,) = match_header(read_labels("x\nid\n", Dialect(header_rows=(2,))), ["id", "n"]).findings
    assert (finding.row_number, finding.line, finding.column, finding.field_name) == (2, 2, None, "n")


def test_labels_of_no_text_have_no_place():
    (finding,) = match(["id"], ["n"]).findings
    assert (finding.line, finding.column, finding.width) == (None, None, None)


def test_findings_are_counted_beyond_the_room():
    matched = match([f"x{n}" for n in range(5)], ["id"], "equal", room=2)
    assert [f.type for f in matched.findings] == ["extra-label", "extra-label", "missing-label"]
    assert matched.more == {"extra-label": 3}


def test_table_without_schema_needs_labels_that_can_be_names():
    matched = match(["a", "", "a"], None)
    assert found(matched) == [
        ("blank-label", 2, "column 2 has no label"),
        ("duplicate-label", 3, "the label 'a' occurs twice, first in column 1"),
    ]
    assert (matched.columns, matched.width, matched.fatal) == ([0, 1, 2], 3, False)


@pytest.mark.parametrize(
    ("labels", "names"),
    [(["a", "", "a", "a", "a2"], ["a", "field2", "a2", "a3", "a22"]), (["", "field1"], ["field1", "field12"])],
)
def test_fields_without_a_schema_have_names_of_their_own(labels, names):
    assert field_names(Labels.of(labels)) == names


def test_field_without_label_is_numbered():
    assert field_names(Labels(None), 3) == ["field1", "field2", "field3"]
