"""What changed in a schema, and whether it asks more of the data or less."""

import pytest

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.review.schemas import compare_schemas
from tests.review.packages import SOME, compared, package, table


def changes(old, new, names=None):
    before, after = Schema(old), Schema(new)
    names = names or {name: name for name in before.names if name in after.names}
    return [(c.kind, c.what) for c in compare_schemas(before, after, names)]


def of_field(old, new, kind="integer"):
    sides = [{"fields": [{"name": "a", "type": kind, **field}]} for field in (old, new)]
    return changes(*sides)


TIGHTER, LOOSER = "constraint-tightened", "constraint-loosened"


@pytest.mark.parametrize(
    ("old", "new", "kind", "found"),
    [
        ({}, {"required": True}, "string", TIGHTER),
        ({"required": True}, {}, "string", LOOSER),
        ({"required": True}, {"required": False}, "string", LOOSER),
        ({}, {"unique": True}, "string", TIGHTER),
        ({"minimum": 1}, {"minimum": 2}, "integer", TIGHTER),
        ({"minimum": 10}, {"minimum": 9}, "integer", LOOSER),
        ({"minimum": "10"}, {"minimum": "9"}, "integer", LOOSER),
        ({"maximum": 1}, {"maximum": 2}, "integer", LOOSER),
        ({"exclusiveMaximum": 2}, {"exclusiveMaximum": 1}, "integer", TIGHTER),
        ({"minimum": "2020-01-01"}, {"minimum": "2021-01-01"}, "date", TIGHTER),
        ({"maximum": "2020-01-01"}, {"maximum": "2021-01-01"}, "date", LOOSER),
        ({"maximum": "P1M"}, {"maximum": "P30D"}, "duration", TIGHTER),
        ({"maximum": "P1D"}, {"maximum": "PT25H"}, "duration", LOOSER),
        ({"minimum": 2**60}, {"minimum": 2**60 + 1}, "integer", TIGHTER),
        ({"minimum": "-0044"}, {"minimum": "-0050"}, "year", LOOSER),
        ({"minimum": "2020-01-01T00:00:00Z"}, {"minimum": "2020-01-01T00:00:00-01:00"}, "datetime", TIGHTER),
        ({"minLength": 1}, {"minLength": 2}, "string", TIGHTER),
        ({"maxLength": 1}, {"maxLength": 2}, "string", LOOSER),
        ({"pattern": "a"}, {"pattern": "a|b"}, "string", TIGHTER),
        ({"pattern": "a"}, {}, "string", LOOSER),
        ({}, {"enum": ["a"]}, "string", TIGHTER),
        ({"enum": ["a"]}, {}, "string", LOOSER),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "string", LOOSER),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, "string", TIGHTER),
    ],
)
def test_constraints(old, new, kind, found):
    assert [kind for kind, _ in of_field({"constraints": old}, {"constraints": new}, kind)] == [found]


def test_bounds_are_compared_as_they_are_read():
    dates = [{"format": "%d/%m/%Y", "constraints": {"minimum": day}} for day in ("31/01/2020", "01/02/2020")]
    assert of_field(*dates, "date") == [(TIGHTER, "constraints.minimum")]
    numbers = [{"groupChar": ",", "constraints": {"minimum": number}} for number in ("1,000", "900")]
    assert of_field(*numbers, "number") == [(LOOSER, "constraints.minimum")]
    assert of_field({"constraints": {"minimum": 1}}, {"constraints": {"minimum": "1"}}) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("number", {"bareNumber": True}),
        ("number", {"decimalChar": "."}),
        ("boolean", {"trueValues": ["1", "true", "True", "TRUE"]}),
        ("list", {"delimiter": ","}),
        ("list", {"itemType": "string"}),
    ],
)
def test_to_say_what_holds_anyway_is_no_change(kind, said):
    assert of_field({}, said, kind) == []


def test_what_cannot_be_told_is_said():
    sides = [Schema({"fields": [{"name": "a", "constraints": {"pattern": text}}]}) for text in "ab"]
    (change,) = compare_schemas(*sides, {"a": "a"})
    assert change.note == "whether it allows more or less cannot be told"


def test_other_values_are_told_both_ways():
    found = of_field({"constraints": {"enum": ["a", "b"]}}, {"constraints": {"enum": ["b", "c"]}}, "string")
    assert found == [(TIGHTER, "values"), (LOOSER, "values")]


def test_values_may_move_between_enum_and_categories():
    labelled = {"categories": [{"value": "a", "label": "A"}]}
    assert of_field({"constraints": {"enum": ["a"]}}, labelled, "string") == [("description", "labels of values")]


@pytest.mark.parametrize(("ordered", "kind"), [(True, "values-reordered"), (False, "description")])
def test_the_order_of_categories(ordered, kind):
    sides = [{"categories": values, "categoriesOrdered": ordered} for values in (["a", "b"], ["b", "a"])]
    assert of_field(*sides, "string") == [(kind, "order of values")]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({"format": "default"}, {"format": "%d.%m.%Y"}, "format"),
        ({"missingValues": [""]}, {"missingValues": ["", "-"]}, "missing-values"),
        ({"missingValues": ["-"]}, {"missingValues": [{"value": "-", "label": "n/a"}]}, "description"),
        ({}, {"groupChar": ","}, "reading"),
        ({}, {"title": "A"}, "description"),
    ],
)
def test_other_properties_of_fields(old, new, kind):
    assert [found for found, _ in of_field(old, new)] == [kind]


def test_the_type():
    sides = [{"fields": [{"name": "a", "type": kind}]} for kind in ("integer", "string")]
    assert changes(*sides) == [("type", "type")]


def test_fields_come_go_and_move():
    old = {"fields": [{"name": name} for name in "abc"]}
    new = {"fields": [{"name": name} for name in "cad"]}
    assert changes(old, new) == [
        ("field-removed", "b"),
        ("field-added", "d"),
        ("fields-reordered", "order of fields"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ({"primaryKey": "a"}, {"primaryKey": ["a"]}, None),
        ({"primaryKey": "a"}, {"primaryKey": ["a", "b"]}, "primary-key"),
        ({}, {"uniqueKeys": [["a"]]}, TIGHTER),
        ({"uniqueKeys": [["a"]]}, {}, LOOSER),
        ({"uniqueKeys": [["a", "b"]]}, {"uniqueKeys": [["b", "a"]]}, None),
        ({}, {"foreignKeys": [{"fields": "a", "reference": {"resource": "", "fields": "b"}}]}, TIGHTER),
        ({"foreignKeys": [{"fields": "a", "reference": {"resource": "", "fields": "b"}}]}, {}, LOOSER),
        ({}, {"fieldsMatch": "subset"}, LOOSER),
        ({"fieldsMatch": "partial"}, {"fieldsMatch": "equal"}, TIGHTER),
        ({}, {"title": "T"}, "description"),
    ],
)
def test_keys_and_the_rest(old, new, kind):
    fields = {"fields": [{"name": "a"}, {"name": "b"}]}
    assert [found for found, _ in changes({**fields, **old}, {**fields, **new})] == ([kind] if kind else [])


def renamed(name, place):
    return [{**field, "name": name} if number == place else field for number, field in enumerate(SOME)]


def test_a_renamed_field_is_recognised_also_beside_new_rows(tmp_path):
    old = package(tmp_path / "old", "id,n,note\na,1,x\n")
    new = package(tmp_path / "new", "id,n,remark\na,1,x\nb,2,y\n", renamed("remark", 2))
    found = compared(old, new).tables[0]
    assert [(c.kind, c.before, c.after) for c in found.schema] == [("field-renamed", "note", "remark")]
    assert (found.added_rows, found.changed_rows) == (1, 0)


def test_a_field_with_other_cells_is_another_field(tmp_path):
    old = package(tmp_path / "old", "id,n,note\na,1,x\n")
    new = package(tmp_path / "new", "id,n,remark\na,1,y\n", renamed("remark", 2))
    assert [c.kind for c in compared(old, new).tables[0].schema] == ["field-removed", "field-added"]


def test_rows_are_matched_by_a_key_that_was_renamed(tmp_path):
    old = package(tmp_path / "old", "id,n,note\na,1,x\nb,2,y\n")
    new = package(tmp_path / "new", "key,n,note\na,1,q\nb,2,y\n", renamed("key", 0), primaryKey="key")
    found = compared(old, new).tables[0]
    assert [(c.kind, c.after) for c in found.schema] == [("field-renamed", "key")]
    assert found.cells.select("key", "field", "after").rows() == [("a", "note", "q")]


def test_cells_of_a_new_field_are_no_changed_cells(tmp_path):
    old = package(tmp_path / "old", "id,n\na,1\n", SOME[:2])
    new = package(tmp_path / "new", "id,n,note\na,1,x\n")
    assert compared(old, new).tables[0].changed_rows == 0


def test_reordered_fields_change_no_cell(tmp_path):
    old = package(tmp_path / "old", "id,n,note\na,1,x\n")
    new = package(tmp_path / "new", "note,id,n\nx,a,1\n", [SOME[2], SOME[0], SOME[1]])
    found = compared(old, new).tables[0]
    assert [c.kind for c in found.schema] == ["fields-reordered"]
    assert found.changed_rows == 0


def test_a_key_that_the_other_side_lacks_is_not_used(tmp_path):
    old = package(tmp_path / "old", "n,note\n1,x\n", SOME[1:], primaryKey=[])
    new = package(tmp_path / "new", "id,n,note\na,1,x\n")
    found = compared(old, new).tables[0]
    assert (found.key, found.added_rows, found.removed_rows) == ((), 0, 0)


def test_nothing_is_said_of_a_schema_that_stayed(tmp_path):
    assert table(tmp_path, "id,n,note\na,1,x\n", "id,n,note\na,2,x\n").schema == ()
