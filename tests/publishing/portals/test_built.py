import json
import shutil

import pytest

from shuttle_diplomacy.publishing.checksums import checksums
from shuttle_diplomacy.publishing.portals.built import newest_release, open_release, plain_name
from shuttle_diplomacy.publishing.portals.faults import MismatchError, PortalError
from tests.publishing.portals.conftest import NAMES, rewritten


def test_what_is_sent_is_the_archive_the_top_and_the_checksums_of_these(release):
    found = open_release(release).assets
    names = [name for name in NAMES if name not in {"zoo-1.2.0.zip", "SHA256SUMS"}]
    assert [asset.name for asset in found] == ["zoo-1.2.0.zip", *names, "SHA256SUMS"]
    for asset in found:
        with asset.open() as stream:
            assert len(stream.read()) == asset.size


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda folder: (folder / "README.md").write_text("x"), r"README.md differs from its checksum"),
        (lambda folder: (folder / "data/animals.csv").unlink(), r"data/animals.csv is missing"),
        (lambda folder: (folder / "x\x1b.txt").write_text("x"), r"x\\x1b.txt stands in no list"),
        (lambda folder: (folder.parent / "zoo-1.2.0.zip").write_bytes(b"x"), r"zoo-1.2.0.zip differs"),
        (lambda folder: [f.unlink() for f in (folder / "rules").iterdir()] + [(folder / "y").touch()], "and 1 more"),
    ],
)
def test_a_release_that_is_not_what_its_checksums_say_is_a_mismatch(release, harm, sentence):
    harm(release)
    with pytest.raises(MismatchError, match=sentence):
        open_release(release)


@pytest.mark.parametrize("path", ["zoo-1.2.0.zip", "SHA256SUMS", "zoo-1.2.0/build.json"])
def test_what_is_no_release_is_refused(release, path):
    (release.parent / path).unlink()
    with pytest.raises(PortalError, match="is no release as shuttle build leaves it: .* is missing"):
        open_release(release)


def test_a_link_is_refused(release, tmp_path):
    (tmp_path / "secret").write_text("x")
    (release / "secret").symlink_to(tmp_path / "secret")
    (release.parent / "SHA256SUMS").write_bytes(checksums(release.parent))
    with pytest.raises(PortalError, match="secret is a link; a release holds none"):
        open_release(release)


@pytest.mark.parametrize("text", ["nonsense\n", "../../etc/passwd\n", "a" * 64 + "  x\x00\n", "\xff\n"])
def test_a_list_that_is_none_is_refused(release, text):
    (release.parent / "SHA256SUMS").write_bytes(text.encode("latin-1"))
    with pytest.raises(PortalError, match="SHA256SUMS:1 is no line of checksums"):
        open_release(release)


@pytest.mark.parametrize("text", ["[]", "{", "[" * 100_000])
def test_a_build_record_that_is_none_is_refused(release, text):
    rewritten(release, "build.json", text)
    with pytest.raises(PortalError, match="build.json is no JSON object"):
        open_release(release)


@pytest.mark.parametrize(
    ("contributors", "names"),
    [
        ([{"title": "A"}, {"title": "B", "roles": ["maintainer"]}], ["A"]),
        ([{"title": "A", "role": "maintainer"}, {"title": "B", "role": "author"}], ["B"]),
        ([{"title": "B", "roles": ["maintainer"]}], ["B"]),
        ([{"givenName": "Anna", "familyName": "Keeper"}, {"email": "x"}], ["Keeper, Anna"]),
    ],
)
def test_creators_are_who_is_called_so(release, contributors, names):
    descriptor = json.loads((release / "datapackage.json").read_bytes())
    rewritten(release, "datapackage.json", json.dumps(descriptor | {"contributors": contributors}))
    assert [item["name"] for item in open_release(release).creators] == names


def test_two_files_of_one_name_are_refused(release):
    rewritten(release, "a b.txt", "x")
    rewritten(release, "A+B.txt", "x")
    with pytest.raises(PortalError, match="would both be called"):
        open_release(release).assets  # noqa: B018


def test_the_newest_release_is_found(release):
    out = release.parent
    assert newest_release(out) == release
    shutil.copytree(release, out / "zoo-1.3.0")
    with pytest.raises(PortalError, match="holds several releases; name one"):
        newest_release(out)
    record = json.loads((release / "build.json").read_bytes())
    later = record | {"SOURCE_DATE_EPOCH": record["SOURCE_DATE_EPOCH"] + 1}
    (out / "zoo-1.3.0/build.json").write_text(json.dumps(later))
    assert newest_release(out) == out / "zoo-1.3.0"


def test_no_release_is_said(tmp_path):
    with pytest.raises(PortalError, match="holds no release; build one: shuttle build"):
        newest_release(tmp_path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a..b", "a.b"), ("a (1) .txt", "a.1.txt"), ("..", "file"), ("naïve.md", "na.ve.md"), ("A_b-1.zip", "A_b-1.zip")],
)
def test_names_are_plain(name, expected):
    assert plain_name(name) == expected
