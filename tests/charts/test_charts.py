"""Charts show what the frames hold, whatever they hold, and say what they leave out."""

import re
import subprocess
import sys
from datetime import UTC, date, datetime
from itertools import pairwise

import polars as pl
import pytest

import shuttle_diplomacy as sd
from shuttle_diplomacy import charts
from shuttle_diplomacy.errors import UnsuitableFrameError

TABLES = {
    "activity": ["activity_by_year"],
    "encounters": ["summits", "summit_sequence"],
    "evidence_grades": ["evidence_by_table"],
    "follow_through": ["summit_scorecard", "summits"],
    "issues_by_summit": ["summit_issues", "summits", "issues"],
    "places": ["summits"],
}
HOSTILE = [
    "datum.x || 1",
    "a.b[c]['d'] <img src=x onerror=alert(1)> {'signal': 'x'} line\nbreak \x00\x1b[31m\u202ereversed",
    "x" * 5000,
    "",
]


def frames(name):
    return [sd.load(table) for table in TABLES[name]]


def drawn(name, *given, **options):
    return getattr(charts, name)(*(given or frames(name)), **options).to_dict()


def walk(node):
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ():
        yield from walk(child)


def texts(chart):
    """Return all that a chart writes, with its title and subtitle."""
    title = chart["title"]
    found = [title["text"], *title.get("subtitle", [])]
    for node in walk(chart):
        if isinstance(node, dict) and "text" in node and "x" in node and "mark" not in node:
            found += node["text"] if isinstance(node["text"], list) else [node["text"]]
    return [text for text in found if isinstance(text, str)]


def rows(chart, field):
    return [node for node in walk(chart) if isinstance(node, dict) and field in node and "mark" not in node]


def test_every_public_function_is_tested():
    assert set(TABLES) == set(charts.__all__)


@pytest.mark.parametrize("name", TABLES)
def test_the_subtitle_says_how_far_the_records_reach(name):
    assert any("Checked through 28 June 2026." in t for t in texts(drawn(name, checked_through=date(2026, 6, 28))))
    assert any(
        "Checked through 1 May 2026." in t
        for t in texts(drawn(name, checked_through=datetime(2026, 5, 1, 3, tzinfo=UTC)))
    )


@pytest.mark.parametrize("name", ["encounters", "follow_through", "issues_by_summit", "places"])
def test_without_a_day_the_latest_record_is_named(name):
    assert any("Latest record: 19 May 2026." in text for text in texts(drawn(name)))


def test_a_day_that_is_none_is_refused():
    with pytest.raises(UnsuitableFrameError, match="checked_through is '2026'; give a datetime.date"):
        drawn("places", checked_through="2026")


@pytest.mark.parametrize("name", TABLES)
def test_frames_without_rows_give_a_chart_that_says_so(name):
    chart = drawn(name, *(frame.clear() for frame in frames(name)))
    assert re.search(r"^No .* to show$", chart["title"]["text"])
    assert any(re.match(r"(No|The frame has no) ", text) for text in texts(chart)[1:])


@pytest.mark.parametrize("name", TABLES)
def test_columns_without_a_type_are_columns_without_values(name):
    bare = [pl.DataFrame(schema=dict.fromkeys(frame.columns, pl.Null)) for frame in frames(name)]
    assert "to show" in drawn(name, *bare)["title"]["text"]


@pytest.mark.parametrize("name", TABLES)
def test_lazy_frames_and_single_rows_are_drawn(name):
    assert drawn(name, *(frame.lazy() for frame in frames(name))) == drawn(name)
    drawn(name, *(frame.head(1) for frame in frames(name)))
    drawn(name, *(frame.tail(1) for frame in frames(name)))


@pytest.mark.parametrize("name", TABLES)
def test_texts_instead_of_enumerations_change_nothing_but_the_order_of_areas(name):
    plain = [frame.with_columns(pl.col(pl.Enum).cast(pl.String)) for frame in frames(name)]
    assert drawn(name, *plain)["title"] == drawn(name)["title"]


@pytest.mark.parametrize("name", TABLES)
def test_all_nulls_are_drawn_as_nothing_known(name):
    nulls = [
        frame.head(3).with_columns(pl.all().exclude(frame.columns[0]).map_batches(_void)) for frame in frames(name)
    ]
    drawn(name, *nulls)


def _void(column):
    return pl.Series(column.name, [None] * len(column), dtype=column.dtype)


@pytest.mark.parametrize(("name", "place"), [(name, i) for name, t in TABLES.items() for i in range(len(t))])
def test_a_missing_column_gives_one_error_that_names_it(name, place):
    given = frames(name)
    column = given[place].columns[0]
    given[place] = given[place].rename({column: column + "s"})
    near = rf"charts.{name}: the frame given as \w+ has no column '{column}'; did you mean '{column}s'\? It has: "
    with pytest.raises(UnsuitableFrameError, match=rf'{near}.* Give it what load\("{TABLES[name][place]}"\) returns'):
        drawn(name, *given)


def test_all_missing_columns_are_named_at_once():
    with pytest.raises(UnsuitableFrameError, match="has no columns 'latitude', 'longitude';"):
        drawn("places", sd.load("summits").drop("latitude", "longitude"))


@pytest.mark.parametrize("wrong", [None, "summits", {"summit_id": []}, pl.Series([1])])
def test_what_is_no_frame_is_refused(wrong):
    with pytest.raises(UnsuitableFrameError, match=f"is a {type(wrong).__name__}, not a polars DataFrame"):
        charts.places(wrong)


def test_a_column_of_another_kind_is_refused():
    with pytest.raises(UnsuitableFrameError, match="has String in the column 'start_on', which should be a date"):
        charts.places(sd.load("summits").with_columns(pl.col("start_on").cast(str)))
    with pytest.raises(UnsuitableFrameError, match="has Float64 in the column 'year', which should be a whole number"):
        charts.activity(sd.load("activity_by_year").with_columns(pl.col("year").cast(float)))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_stay_text(name, text):
    given = []
    for frame in frames(name):
        free = [c for c in frame.columns if isinstance(frame.schema[c], pl.String | pl.Enum)]
        keys = [c for c in free if c.endswith("_id") or c == "table_name"]
        spoilt = [pl.lit(text).alias(c) for c in free if c not in keys] + [pl.col(keys).cast(pl.String) + text] * bool(
            keys
        )
        given.append(frame.with_columns(spoilt))
    chart = drawn(name, *given)
    for node in walk(chart):
        if isinstance(node, dict):
            assert not node.keys() & {"signal", "expr", "url", "test", "transform", "filter", "href", "labelExpr"}
            field = node.get("field", "x")
            assert isinstance(field, str)
            assert re.fullmatch(r"[a-z]+\d?", field), field
    for shown in texts(chart):
        assert len(shown) < 300
        assert not re.search(r"[\x00-\x1f\u202e]", shown)


@pytest.mark.parametrize("name", TABLES)
def test_names_of_columns_that_are_paths_do_no_harm(name):
    given = [frame.with_columns(pl.lit(1).alias("a.b[0]"), pl.lit(2).alias("datum")) for frame in frames(name)]
    assert drawn(name, *given) == drawn(name)


@pytest.mark.parametrize("name", TABLES)
def test_doubled_rows_are_drawn_once(name):
    assert drawn(name, *(pl.concat([frame, frame]) for frame in frames(name)))["title"] == drawn(name)["title"]


def test_charts_are_not_limited_in_rows():
    many = pl.DataFrame({"summit_id": [f"s{i}" for i in range(6000)]}).with_columns(
        *(pl.lit(v).alias(k) for k, v in {"start_on": date(2020, 1, 1), "country": "JP", "city_en": "Nara"}.items()),
        latitude=34.7,
        longitude=135.8,
    )
    assert "6,000 encounters in 1 place" in drawn("places", many)["title"]["text"]


class TestEncounters:
    def test_gaps_between_visits_are_labelled_in_days(self):
        said = texts(drawn("encounters"))
        assert {"149", "185", "266", "740", "60", "488", "351", "38", "105", "126"} <= set(said)
        assert {"1,036 days", "4,106 days"} <= set(said)

    def test_all_encounters_are_marked(self):
        assert len(rows(drawn("encounters"), "kind")) == sd.load("summits").height

    def test_no_mark_covers_another(self):
        places = [(row["x"], row["y"]) for row in rows(drawn("encounters"), "kind")]
        near = [
            (a, b) for i, a in enumerate(places) for b in places[:i] if abs(a[0] - b[0]) < 7 and abs(a[1] - b[1]) < 7
        ]
        assert near == []

    def test_visits_are_not_joined_over_one_that_was_filtered_away(self):
        summits = sd.load("summits").filter(pl.col("summit_id") != "2025-09-30-busan")
        said = set(texts(drawn("encounters", summits, sd.load("summit_sequence"))))
        assert {"351", "126"} <= said
        assert not {"38", "105", "143"} & said

    def test_a_run_whose_beginning_was_filtered_away_is_not_said_to_begin(self):
        summits = sd.load("summits").filter(pl.col("start_on").dt.year() > 2024)
        said = texts(drawn("encounters", summits, sd.load("summit_sequence")))
        assert "Run 3, without its first visits: 4 visits, Aug 2025 to May 2026" in said
        assert not [text for text in said if "began" in text]

    def test_a_gap_between_runs_is_labelled_only_if_it_is_the_one_drawn(self):
        summits = sd.load("summits").filter(pl.col("summit_id") != "2011-12-17-kyoto")
        said = set(texts(drawn("encounters", summits, sd.load("summit_sequence"))))
        assert "1,036 days" in said
        assert "4,106 days" not in said

    def test_encounters_without_a_day_are_counted(self):
        sequence = sd.load("summit_sequence").with_columns(
            pl.when(pl.col("sequence") > 2).then(pl.col("met_on")).alias("met_on")
        )
        assert "2 encounters without a day not drawn." in texts(drawn("encounters", sd.load("summits"), sequence))


class TestFollowThrough:
    def test_numbers_are_those_of_the_scorecard(self):
        said = texts(drawn("follow_through"))
        whole = sd.load("summit_scorecard").filter(pl.col("form").cast(str) == "all")
        n, k = whole["within_12_months_n"].sum(), whole["within_12_months_k"].sum()
        assert said[0] == f"Of {n} promises old enough to judge, {k} show evidence of delivery within 12 months"
        assert "1 of 3" in said

    def test_what_is_not_known_yet_is_too_early_and_not_zero(self):
        nara = sd.load("summits").filter(pl.col("city_en") == "Nara")
        said = texts(drawn("follow_through", sd.load("summit_scorecard"), nara))
        assert "8, too early" in said
        assert not [text for text in said if text.startswith("0 of")]

    def test_single_forms_are_summed_and_named(self):
        score = sd.load("summit_scorecard").filter(pl.col("form").cast(str).is_in(["declaration", "verbal_commitment"]))
        said = texts(drawn("follow_through", score, sd.load("summits")))
        assert "Only these forms: declaration, verbal commitment." in said

    def test_many_promises_stay_one_bar(self):
        score = sd.load("summit_scorecard").with_columns(promises=pl.lit(10**9), within_12_months_n=pl.lit(10**9))
        assert len(str(drawn("follow_through", score, sd.load("summits")))) < 200_000


class TestIssues:
    def test_each_coded_pair_has_its_mark_and_no_other_has(self):
        marks = rows(drawn("issues_by_summit"), "issue")
        assert len(marks) == sd.load("summit_issues").height

    def test_the_legend_says_what_an_empty_cell_is(self):
        assert "(empty) Not coded; not to be read as absence" in str(drawn("issues_by_summit"))

    def test_each_kind_has_a_shape_and_fill_of_its_own(self):
        for node in walk(drawn("issues_by_summit")):
            if isinstance(node, dict) and {"shape", "fill"} <= node.keys():
                pairs = list(zip(node["shape"]["scale"]["range"], node["fill"]["scale"]["range"], strict=True))
                assert len(set(pairs)) == len(pairs) == len(node["shape"]["scale"]["domain"])
                return
        pytest.fail("there are no symbols")

    def test_an_unknown_treatment_is_shown_as_such(self):
        pairs = sd.load("summit_issues").with_columns(treatment=pl.lit("sung"))
        marks = rows(drawn("issues_by_summit", pairs, sd.load("summits"), sd.load("issues")), "issue")
        assert {mark["kind"] for mark in marks} == {"Another code"}

    def test_pairs_of_disputed_names_stay_whole(self):
        said = " ".join(texts(drawn("issues_by_summit")))
        assert "Dokdo/Takeshima" in said
        assert "East Sea / Sea of Japan" in said


class TestGrades:
    def test_all_counts_are_written(self):
        said = texts(drawn("evidence_grades"))
        table = sd.load("evidence_by_table")
        for column in ("grade_a", "grade_b", "grade_c", "grade_d", "graded", "records"):
            assert {f"{count:,}" for count in table[column]} <= set(said)

    def test_darkness_orders_the_grades(self):
        from shuttle_diplomacy.charts.theme import BLUES

        grey = [sum(int(c[i : i + 2], 16) * w for i, w in ((1, 0.3), (3, 0.59), (5, 0.11))) for c in BLUES]
        assert all(b - a > 25 for a, b in pairwise(grey))


class TestActivity:
    def test_all_that_is_counted_is_drawn_or_named(self):
        chart = drawn("activity")
        boxes = rows(chart, "what")
        assert sum(row["count"] for row in boxes if row["what"] == "shuttle visits") == 16
        assert "Not drawn: 2 events of issues in 1942, 1952." in " ".join(texts(chart))

    def test_a_year_in_part_is_named(self):
        assert "2026 is covered in part." in " ".join(texts(drawn("activity", checked_through=date(2026, 6, 28))))
        assert "in part" not in " ".join(texts(drawn("activity", checked_through=date(2026, 12, 31))))

    def test_years_far_apart_take_no_longer(self):
        far = sd.load("activity_by_year").with_columns(year=pl.col("year") * 10**6)
        assert len(str(drawn("activity", far))) < 200_000


class TestPlaces:
    def test_no_encounter_is_lost(self):
        chart = drawn("places")
        counted = sum(row["count"] for row in rows(chart, "radius"))
        (lost,) = [t for t in texts(chart) if t.startswith("Not on the map, for want of coordinates")]
        named = " ".join(t for t in chart["title"]["subtitle"]).partition("coordinates: ")[2].partition(".")[0]
        assert counted + sum(int(n) for n in re.findall(r"\d+", named)) == sd.load("summits").height, lost

    def test_no_water_and_no_border_is_named(self):
        said = " ".join(texts(drawn("places"))).lower()
        assert not re.search(r"\b(sea|ocean|strait|islands?|dokdo|takeshima)\b", said)
        assert "no borders are drawn" in said

    @pytest.mark.parametrize("pair", [(float("nan"), 1.0), (float("inf"), 1.0), (91.0, 0.0), (0.0, 181.0), (None, 1.0)])
    def test_coordinates_that_are_none_are_listed(self, pair):
        nara = sd.load("summits").filter(pl.col("city_en") == "Nara")
        spoilt = nara.with_columns(latitude=pl.lit(pair[0], pl.Float64), longitude=pl.lit(pair[1], pl.Float64))
        assert "Not on the map, for want of coordinates: Nara 1." in texts(drawn("places", spoilt))


def test_without_altair_one_sentence_says_what_to_install():
    code = "import sys; sys.modules['altair'] = None\nfrom shuttle_diplomacy import charts\ncharts.places"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "shuttle_diplomacy.errors.MissingExtraError: charts.places needs altair, which is not installed; "
        "install the charts with: pip install 'shuttle-diplomacy[charts]'"
    )


def test_there_is_no_other_chart():
    with pytest.raises(AttributeError, match="has no attribute 'pie'"):
        _ = charts.pie
    assert dir(charts) == sorted(charts.__all__)
