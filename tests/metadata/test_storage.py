"""Where files are: nothing outside of a package is read, nothing hangs, every failure is one sentence."""

import contextlib
import errno
import os
import socket
import zipfile
from pathlib import Path

import pytest

from shuttle_diplomacy.errors import UnreadableError, UnsafePathError
from shuttle_diplomacy.package import guarded
from shuttle_diplomacy.package.guarded import GuardedStream, buffered
from shuttle_diplomacy.package.http import Limits
from shuttle_diplomacy.package.storage import Archive, Folder, Remote, address_below, safe_path

BASE = "https://example.org/p/"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "p").mkdir()
    (tmp_path / "p/a.csv").write_bytes(b"id\n1\n")
    (tmp_path / "secret").write_bytes(b"secret")
    return tmp_path / "p"


def archive(file: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(file, "w", compression) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return file


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "/etc/passwd", "~/a", "..", "../secret", "a/../../secret", "a/..", ".git/config", "a/.b/c.csv"),
        *("a\\b.csv", "..\\secret", "C:/a.csv", "data:,x", "a\0b", "//example.org/a.csv"),
        *("%2e%2e/secret", "a/%2E%2E/secret", "%252e%252e/secret", "a%2f..%2fsecret", "%5c..%5csecret", "%2fetc"),
    ],
)
def test_path_that_leads_out_is_refused(root, path):
    for storage in (Folder(root), Archive(root / "none.zip"), Remote(BASE)):
        with pytest.raises(UnsafePathError, match="leads out of the package; use a relative path"):
            storage.check_path(path)
        with pytest.raises(UnsafePathError, match="leads out of the package"):
            storage.open(path)


@pytest.mark.parametrize(("path", "same"), [("a.csv", "a.csv"), ("./a b/é.csv", "a b/é.csv"), ("50%.csv", "50%.csv")])
def test_path_inside_is_kept(path, same):
    assert safe_path(path) == same


@pytest.mark.parametrize(
    "path",
    [
        *("http://example.org/p/a.csv", "https://example.org:8443/p/a.csv", "https://example.com/p/a.csv"),
        *("https://example.org.evil.net/p/a.csv", "https://evil.net/https://example.org/p/a.csv"),
        *("https://example.org/q/a.csv", "https://example.org/p", "https://example.org/pq/a.csv"),
        *("https://example.org:x/p/a.csv", "https://[::1]/p/a.csv", "https://[::1/p/a.csv", "file:///etc/passwd"),
        *("https://exam\nple.org/p/a.csv", "https://example.org/p/a b.csv", "https://example.org\\@evil.net/p/a.csv"),
        *("ftp://example.org/p/a.csv", "HTTPS://", "https:///p/a.csv"),
    ],
)
def test_address_outside_is_refused(path):
    with pytest.raises(UnsafePathError, match="is an address outside of the package; copy the file into the package"):
        Remote(BASE).check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        *(
            "https://example.org/p/../secret",
            "https://example.org/p/%2e%2e/secret",
            "https://example.org/p/a/..%2f..%2f",
        ),
        *("https://example.org/p/", "https://example.org/p/.git/config", "https://example.org/p//etc"),
    ],
)
def test_address_that_leads_upwards_is_refused(path):
    with pytest.raises(UnsafePathError, match="leads out of the package"):
        Remote(BASE).check_path(path)


def test_address_below_is_taken():
    assert address_below(BASE, "https://example.org:443/p/d/a%20b.csv?v=1#x") == BASE + "d/a%20b.csv?v=1"
    assert address_below("http://[::1]:80/p/", "http://[::1]/p/a.csv") == "http://[::1]:80/p/a.csv"
    assert address_below("https://u:pw@example.org/p/", "https://example.org/p/a.csv").startswith("https://u:pw@")


def test_refused_address_shows_no_password(root):
    for storage in (Folder(root), Archive(root / "none.zip"), Remote(BASE)):
        with pytest.raises(UnsafePathError, match="path 'https://example.org/p/a.csv' is an address") as caught:
            storage.check_path("https://user:password@example.org/p/a.csv")
        assert "password" not in str(caught.value)
    assert [s.is_remote for s in (Folder(root), Archive(root), Remote(BASE))] == [False, False, True]


def test_file_of_a_folder_can_be_positioned(root):
    with Folder(root).open("a.csv") as stream:
        assert stream.seekable()
        assert stream.seek(3) == stream.tell() == 3
        assert stream.read() == b"1\n"


def test_descriptor_has_a_limit(root):
    assert Folder(root).read("a.csv") == Folder(root).read("a.csv", most=5) == b"id\n1\n"
    with pytest.raises(UnreadableError, match="a.csv is larger than the limit of 4 bytes"):
        Folder(root).read("a.csv", most=4)


def test_links_inside_are_followed_and_links_outside_are_not(root):
    (root / "inside.csv").symlink_to("a.csv")
    (root / "outside.csv").symlink_to("../secret")
    (root / "up").symlink_to("..")
    assert Folder(root).read("inside.csv") == b"id\n1\n"
    for path in ("outside.csv", "up/secret"):
        with pytest.raises(UnsafePathError, match="is a link that leads out of the package"):
            Folder(root).open(path)
        with pytest.raises(UnsafePathError, match="is a link that leads out of the package"):
            Folder(root).check_path(path)


@pytest.mark.parametrize("swapped_back", [False, True])
def test_link_swapped_after_the_check_is_noticed(root, monkeypatch, swapped_back):
    opens = guarded.open_regular

    def swap(file):
        (root / "a.csv").unlink()
        (root / "a.csv").symlink_to("../secret")
        opened = opens(file)
        if swapped_back:
            (root / "a.csv").unlink()
            (root / "a.csv").write_bytes(b"id\n1\n")
        return opened

    monkeypatch.setattr("shuttle_diplomacy.package.storage.open_regular", swap)
    with pytest.raises(UnsafePathError, match="is a link that leads out of the package"):
        Folder(root).open("a.csv")


def test_circular_link_is_one_sentence(root):
    (root / "b.csv").symlink_to("b.csv")
    with pytest.raises(UnreadableError, match="b.csv cannot be read: Too many levels of symbolic links"):
        Folder(root).open("b.csv")


def test_what_is_no_regular_file_is_refused_without_waiting(root):
    os.mkfifo(root / "pipe")
    (root / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(root / "socket"))
    for path in ("pipe", "socket"):
        with pytest.raises(UnreadableError, match=f"{path} is a pipe, device or socket, not a file"):
            Folder(root).open(path)
    with pytest.raises(UnreadableError, match="folder is a folder, not a file"):
        Folder(root).open("folder")


def test_pipe_that_takes_the_place_of_a_file_does_not_hang(root, monkeypatch):
    os.mkfifo(root / "pipe")
    seen = (root / "a.csv").stat()
    monkeypatch.setattr(Path, "stat", lambda self, **_: seen)
    with pytest.raises(UnreadableError, match="pipe is a pipe, device or socket, not a file"):
        guarded.open_regular(root / "pipe")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.csv", "none.csv is not there"),
        ("a.csv/b", "a.csv/b is not there"),
        ("x" * 300, "cannot be read: File name too long"),
        ("\ud800.csv", "cannot be looked up: .*surrogates not allowed"),
    ],
)
def test_missing_file_is_one_sentence(root, path, message):
    with pytest.raises(UnreadableError, match=message):
        Folder(root).open(path)


def test_forbidden_file_is_one_sentence(root, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableError, match="a.csv cannot be read: Permission denied"):
        Folder(root).open("a.csv")


def test_error_in_the_middle_is_one_sentence():
    class Failing:
        def readinto(self, buffer):
            raise OSError(errno.EIO, "Input/output error")

        def close(self):
            self.closed = True

    source = Failing()
    message = "^a.csv cannot be read: Input/output error$"
    with buffered(GuardedStream(source, "a.csv")) as stream, pytest.raises(UnreadableError, match=message):
        stream.read(1)
    assert source.closed


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_member_is_read_in_pieces_of_any_size(tmp_path, method):
    content = os.urandom(100) * 1000
    storage = Archive(archive(tmp_path / "p.zip", {"d/a.csv": content}, method))
    with storage.open("d/a.csv") as stream:
        assert not stream.seekable()
        assert stream.read(7) + stream.read(99_000) + stream.read() == content
    assert storage.read("d/a.csv", most=len(content)) == content


@pytest.mark.parametrize("claimed", [False, True])
def test_member_is_never_larger_than_the_limit(tmp_path, claimed):
    file = archive(tmp_path / "p.zip", {"a.csv": b"0" * 5_000_000})
    if claimed:
        file.write_bytes(file.read_bytes().replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    with pytest.raises(UnreadableError, match="larger than the limit of 1,000,000|Bad CRC-32"):
        Archive(file, Limits(max_bytes=1_000_000)).read("a.csv")


def test_damage_in_the_middle_of_a_member_is_one_sentence(tmp_path):
    file = archive(tmp_path / "p.zip", {"a.csv": b"id\n" * 100_000}, zipfile.ZIP_STORED)
    content = bytearray(file.read_bytes())
    content[200_000] ^= 1
    file.write_bytes(content)
    with Archive(file).open("a.csv") as stream:
        assert stream.read(10) == b"id\nid\nid\ni"
        with pytest.raises(UnreadableError, match="p.zip: a.csv cannot be read as a zip archive: Bad CRC-32"):
            stream.read()


def test_encrypted_member_is_one_sentence(tmp_path):
    file = archive(tmp_path / "p.zip", {"a.csv": b"id\n"})
    content = bytearray(file.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match="p.zip cannot be read as a zip archive: .*encrypted"):
        Archive(file).open("a.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "File is not a zip file"), (b"PK\x03\x04", "File is not a zip file"), (None, "p.zip is not there")],
)
def test_broken_archive_is_one_sentence(tmp_path, content, message):
    if content is not None:
        (tmp_path / "p.zip").write_bytes(content)
    with pytest.raises(UnreadableError, match=message):
        Archive(tmp_path / "p.zip").open("a.csv")


def test_archive_that_points_outside_of_itself_is_one_sentence(tmp_path):
    file = archive(tmp_path / "p.zip", {"a.csv": b"id\n"})
    content = bytearray(file.read_bytes())
    content[-10:-6] = (10_000).to_bytes(4, "little")  # the size of the directory
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match="as a zip archive: (it names a place that is not in it|Bad offset)"):
        Archive(file).open("a.csv")


def test_missing_member_is_one_sentence(tmp_path):
    file = archive(tmp_path / "p.zip", {"d/": b"", "a.csv": b""})
    for name in ("b.csv", "d"):
        with pytest.raises(UnreadableError, match=f"p.zip has no member '{name}'"):
            Archive(file).open(name)


def test_any_damage_of_an_archive_is_a_sentence(tmp_path):
    file = archive(tmp_path / "p.zip", {"a.csv": b"id\n" * 50, "b.csv": b"x"})
    sound = file.read_bytes()
    read = 0
    for at in range(len(sound)):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ 0xFF]) + sound[at + 1 :])
        with contextlib.suppress(UnreadableError):
            assert Archive(file).read("a.csv") == b"id\n" * 50
            read += 1
    assert 0 < read < len(sound)
