"""Compressed files: read, or refused in one sentence."""

import gzip
import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from shuttle_diplomacy.errors import CompressionError
from shuttle_diplomacy.package.compression import assumed_compression, compression_of, open_decompressed
from shuttle_diplomacy.package.http import Limits
from shuttle_diplomacy.package.storage import Archive, Folder


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


def written(root: Path, files: dict[str, bytes]) -> Folder:
    for name, content in files.items():
        (root / name).write_bytes(content)
    return Folder(root)


def whole(storage, path, declared=None, size=1 << 20):
    with closing(open_decompressed(path, storage, compression_of(path, declared))) as stream:
        return b"".join(iter(lambda: stream.read(size), b""))


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a.csv.gz", gzip.compress(b"id\n1\n", mtime=0)),
        ("a.csv.GZ", gzip.compress(b"id\n", mtime=0) + gzip.compress(b"1\n", mtime=0)),
        ("a.csv.zip", zipped({"b.csv": b"id\n1\n"})),
        ("a.csv.zip", zipped({"d/": b"", "d/b.csv": b"id\n1\n"}, zipfile.ZIP_LZMA)),
        ("a.csv.zip", zipped({"README": b"read me", "a.csv": b"id\n1\n"})),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("size", [1, 100])
def test_compressed_file_is_read(tmp_path, name, stored, packed, size):
    storage = written(tmp_path, {name: stored})
    if packed:
        (tmp_path / "p.zip").write_bytes(zipped({name: stored}))
        storage = Archive(tmp_path / "p.zip")
    assert whole(storage, name, size=size) == b"id\n1\n"
    kind = name.lower().rpartition(".")[2]
    assert assumed_compression(["b.csv", name, "c.gz"], None) == (
        f"compression '{kind}' is taken from the ending of '{name}'; declare \"compression\": \"{kind}\""
    )


@pytest.mark.parametrize("none", ["", "no", None])
def test_declared_compression_counts_more_than_the_ending(tmp_path, none):
    storage = written(tmp_path, {"a.csv": gzip.compress(b"id", mtime=0), "b.csv": b"id", "c.gz": b"id"})
    plain = "b.csv" if none is None else "c.gz"
    assert (whole(storage, "a.csv", "gz"), whole(storage, plain, none)) == (b"id", b"id")
    assert (assumed_compression(["a.gz"], "gz"), assumed_compression([plain], none)) == ("", "")


DATA = gzip.compress(b"id\n" * 1000, mtime=0)


@pytest.mark.parametrize(
    ("name", "stored", "message"),
    [
        ("a.gz", b"id\n1\n", "^a.gz is not compressed as 'gz': it starts with the bytes 69 64 0a 31$"),
        ("a.gz", b"", "^a.gz is not compressed as 'gz': it is empty$"),
        ("a.gz", DATA[:-9], "a.gz cannot be read: Compressed file ended before the end-of-stream marker"),
        ("a.gz", DATA + b"x", "a.gz cannot be read: Not a gzipped file"),
        ("a.gz", DATA[:-5] + b"xxxxx", "a.gz cannot be read: (CRC check failed|Incorrect length)"),
        ("a.gz", DATA[:12] + b"\xff" * 30, "a.gz cannot be read: .*(invalid|Error -3)"),
        ("a.zip", b"id\n", "^a.zip is not compressed as 'zip': it starts with the bytes 69 64 0a$"),
        ("a.zip", zipped({}), "^a.zip holds 0 files; a compressed table is an archive of one file$"),
        ("a.zip", zipped({"b": b"", "c": b""}), "^a.zip holds 2 files; a compressed table is an archive of one file$"),
        ("a.zip", zipped({"b": b"id"})[:-30], "^a.zip cannot be decompressed: File is not a zip file$"),
        (
            "a.zip",
            zipped({"b": b"id\n1\n"}, zipfile.ZIP_STORED).replace(b"id\n1", b"id\n2"),
            "^a.zip cannot be read: Bad CRC-32",
        ),
        ("a.csv", b"id", "^a.csv is not compressed as 'gz'"),
    ],
)
def test_wrong_compression_is_one_sentence(tmp_path, name, stored, message):
    declared = "gz" if name == "a.csv" else None
    storage = written(tmp_path, {name: stored})
    with pytest.raises(CompressionError, match=message):
        whole(storage, name, declared)


def test_encrypted_archive_is_one_sentence(tmp_path):
    content = bytearray(zipped({"b": b"id"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    storage, message = written(tmp_path, {"a.zip": bytes(content)}), "a.zip is encrypted; store it without a password"
    with pytest.raises(CompressionError, match=message):
        whole(storage, "a.zip")


@pytest.mark.parametrize("declared", ["xz", "GZ", 5, ["gz"]])
def test_unknown_compression_is_one_sentence(declared):
    with pytest.raises(CompressionError, match="is not read; store a as 'gz', 'zip' or uncompressed"):
        compression_of("a", declared)


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a.gz", gzip.compress(b"0" * 1_000_000, mtime=0)),
        *(("a.zip", zipped({"b": b"0" * 1_000_000}, m)) for m in (8, 12, 14)),
    ],
)
def test_bomb_is_stopped(tmp_path, name, stored):
    written(tmp_path, {name: stored})
    storage = Folder(tmp_path, Limits(max_bytes=5000, max_ratio=2))
    message = f"^{name}, decompressed, is larger than the limit of [5-9],"
    with pytest.raises(CompressionError, match=message):
        whole(storage, name)


def test_large_but_ordinary_file_is_no_bomb(tmp_path):
    lines = b"".join(b"%d,%d\n" % (i, i * i) for i in range(20_000))
    written(tmp_path, {"a.gz": gzip.compress(lines, mtime=0)})
    assert whole(Folder(tmp_path, Limits(max_bytes=5000)), "a.gz") == lines
