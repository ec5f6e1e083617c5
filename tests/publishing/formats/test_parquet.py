import polars as pl
from polars.testing import assert_frame_equal

from shuttle_diplomacy.package import Schema
from shuttle_diplomacy.publishing.formats.parquet import write_parquet
from shuttle_diplomacy.publishing.released import Release, ReleasedTable

FRAME = pl.DataFrame({"kind": ["b", "a", None], "n": [1, 2, 3]}, schema={"kind": pl.Enum(["b", "a"]), "n": pl.Int64})
RELEASE = Release({"name": "zoo", "version": "1.2.0"}, "https://zoo.example/", 0)


def written(frame, file):
    write_parquet(ReleasedTable("t", Schema({}), frame, "data/t.csv", {}), RELEASE, file)
    return file.read_bytes()


def test_bytes_do_not_depend_on_chunks(tmp_path):
    chunked = pl.concat([FRAME[:1], FRAME[1:]], rechunk=False)
    assert written(chunked, tmp_path / "a") == written(FRAME, tmp_path / "b")


def test_types_are_kept(tmp_path):
    written(FRAME, tmp_path / "a.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "a.parquet"), FRAME)
