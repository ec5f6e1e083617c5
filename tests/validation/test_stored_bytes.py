"""``bytes`` and ``hash`` of a resource against its files as stored."""

import gzip
import hashlib

import pytest

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.package import Resource
from shuttle_diplomacy.package.storage import Archive, Folder
from shuttle_diplomacy.validation.stored_bytes import HashingTap, check_stored_bytes, exists

CONTENT = b"id\n1\n"


def resource(tmp_path, path="a.csv", **declared):
    (tmp_path / "a.csv").write_bytes(CONTENT)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(CONTENT, mtime=0))
    return Resource({"name": "a", "path": path, **declared}, Folder(tmp_path))


def digest(name, content=CONTENT):
    return hashlib.new(name, content).hexdigest()


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"bytes": 5},
        {"hash": digest("md5")},
        {"hash": digest("md5").upper()},
        *({"hash": f"{n}:{digest(n)}", "bytes": 5} for n in ("md5", "sha1", "sha256", "sha512", "sha3_256", "blake2b")),
        {"path": ["a.csv", "a.csv"], "bytes": 10, "hash": digest("md5", CONTENT * 2)},
        {"path": "a.csv.gz", "hash": digest("md5", gzip.compress(CONTENT, mtime=0))},
        {"bytes": "5", "hash": 7},
    ],
)
def test_what_is_declared_rightly_is_no_finding(tmp_path, declared):
    assert check_stored_bytes(resource(tmp_path, **declared)) == []


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ({"bytes": 6}, [("byte-count", "the file has 5 bytes, the descriptor says 6")]),
        ({"bytes": 0, "path": ["a.csv", "a.csv"]}, [("byte-count", "the file has 10 bytes, the descriptor says 0")]),
        (
            {"hash": "0" * 32},
            [("hash-count", f"the file's md5 is {digest('md5')}, the descriptor says {'0' * 32}")],
        ),
        (
            {"hash": "sha1:00", "bytes": 1},
            [
                ("byte-count", "the file has 5 bytes, the descriptor says 1"),
                ("hash-count", f"the file's sha1 is {digest('sha1')}, the descriptor says sha1:00"),
            ],
        ),
    ],
)
def test_what_differs_is_a_finding(tmp_path, declared, found):
    findings = check_stored_bytes(resource(tmp_path, **declared))
    assert [(f.type, f.note) for f in findings] == found
    assert {(f.resource, f.path) for f in findings} == {("a", "a.csv")}


def test_hash_of_another_length_than_md5_is_explained(tmp_path):
    (finding,) = check_stored_bytes(resource(tmp_path, hash=digest("sha256")))
    assert finding.note.endswith(
        f"says {digest('sha256')}; a hash without the name of its algorithm is read as md5, "
        "write for example 'sha256:...'"
    )


@pytest.mark.parametrize(
    ("declared", "note"),
    [
        ("SHA256:00", "the checksum 'SHA256' is not known; did you mean 'sha256'? There are: blake2b, "),
        ("sha-256:00", "the checksum 'sha-256' is not known; did you mean 'sha256'?"),
        ("crc32:00", "the checksum 'crc32' is not known; There are: "),
        ("shake_128:00", "the checksum 'shake_128' is not known;"),
        (":00", "the checksum '' is not known;"),
    ],
)
def test_unknown_algorithm_is_a_finding(tmp_path, declared, note):
    (finding,) = check_stored_bytes(resource(tmp_path, hash=declared))
    assert finding.type == "resource-error"
    assert finding.note.startswith(note)


def test_size_alone_does_not_read_the_file(tmp_path):
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(1 << 40)
    assert check_stored_bytes(Resource({"name": "a", "path": "sparse.csv", "bytes": 1 << 40}, Folder(tmp_path))) == []


def test_members_of_an_archive_are_counted_too(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "p.zip", "w") as target:
        target.writestr("a.csv", CONTENT)
    (finding,) = check_stored_bytes(Resource({"name": "a", "path": "a.csv", "bytes": 6}, Archive(tmp_path / "p.zip")))
    assert finding.note == "the file has 5 bytes, the descriptor says 6"


def test_inline_data_has_no_stored_bytes(tmp_path):
    assert check_stored_bytes(Resource({"name": "a", "data": [], "bytes": 6}, Folder(tmp_path))) == []


def test_missing_file_is_passed_on(tmp_path):
    with pytest.raises(UnreadableError, match="b.csv is not there"):
        check_stored_bytes(resource(tmp_path, path=["a.csv", "b.csv"], bytes=5))


def test_tap_sees_what_a_reader_hands_over(tmp_path):
    tap = HashingTap(resource(tmp_path, bytes=5, hash="sha256:" + digest("sha256")))
    tap.update(CONTENT[:2])
    assert [finding.type for finding in tap.findings()] == ["byte-count", "hash-count"]
    tap.update(CONTENT[2:])
    assert tap.findings() == []


def test_each_path_has_to_be_a_file_of_the_package(tmp_path):
    (tmp_path / "folder").mkdir()
    findings = exists(resource(tmp_path, path=["a.csv", "b.csv", "folder", "../c.csv"]))
    assert [(f.type, f.resource, f.path) for f in findings] == [
        ("source-error", "a", path) for path in ("b.csv", "folder", "../c.csv")
    ]
    assert [f.note.partition(" is ")[2] for f in findings[:2]] == ["not there", "a folder, not a file"]
    assert findings[2].note.startswith("path '../c.csv' leads out of the package")
    assert exists(resource(tmp_path)) == []
