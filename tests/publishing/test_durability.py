"""What a build that ends too early leaves: the old release, whole, and nothing else."""

import errno
import io
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from scripts import kills
from shuttle_diplomacy.errors import TargetError
from shuttle_diplomacy.publishing import exchange
from shuttle_diplomacy.publishing.exchange import replacing
from shuttle_diplomacy.publishing.files import ReleaseFolder
from shuttle_diplomacy.publishing.refusals import refusal
from tests.publishing.conftest import build_release, content

COMMAND = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "build"]
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and signals as Linux has them")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def old(configuration, tmp_path):
    """A release in a place of its own."""
    (tmp_path / "place").mkdir()
    build_release(configuration, tmp_path / "place/dist")
    return content(tmp_path / "place/dist")


@pytest.fixture
def place(tmp_path):
    return tmp_path / "place"


# SQLite knows of no files that are too large: it calls that an error of input or output.
SENTENCE = "dist cannot be written: (File too large|Input/output error); nothing was changed"


@linux
def test_a_disk_that_is_full_at_any_file_is_one_sentence(configuration, old, place):
    sizes = sorted({len(body) for body in old.values()})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in sizes:  # the largest file that can be written is each time a little smaller than one of the release
        resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, hard))
        try:
            with pytest.raises(TargetError, match=SENTENCE):
                build_release(configuration, place / "dist")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert content(place / "dist") == old
        assert names(place) == ["dist"]


class FailingDisk:
    """Lets so many calls pass and refuses the next: of those that make, rename, change or flush."""

    def __init__(self, monkeypatch, allowed):
        self.left = allowed
        for name in ("mkdir", "chmod", "rename", "fsync"):
            monkeypatch.setattr(os, name, self.counting(getattr(os, name)))
        monkeypatch.setattr(os, "open", self.counting(os.open, lambda _, flags, *__, **___: flags & os.O_CREAT))
        monkeypatch.setattr(io, "open", self.counting(io.open, lambda _, mode="r", *__: mode[0] in "wx"))

    def counting(self, call, changes=lambda *_, **__: True):
        def counted(*arguments, **options):
            self.left -= bool(changes(*arguments, **options))
            if self.left < 0 and not self.refused and changes(*arguments, **options):
                self.refused = True
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(*arguments, **options)

        return counted

    refused = False


def publish(out, text):
    with replacing(out, "zoo") as folder:
        files = ReleaseFolder(folder / "zoo-1.0.0")
        files.add("a.txt", text.encode())
        files.add("data/b.txt", text.encode())


@pytest.mark.parametrize("in_one_step", [True, False])
def test_a_disk_that_is_full_at_any_call(tmp_path, monkeypatch, in_one_step):
    if not in_one_step:
        monkeypatch.setattr(exchange, "exchange", lambda one, other: False)
    out, outcomes = tmp_path / "dist", []
    publish(out, "old")
    whole = content(out)
    for allowed in range(100):
        with monkeypatch.context() as patched:
            disk = FailingDisk(patched, allowed)
            try:
                publish(out, "old")
                outcomes.append("fine")
            except TargetError as error:
                outcomes.append(str(error))
        assert content(out) == whole
        assert names(tmp_path) == ["dist"]
        if not disk.refused:
            break
    # Making a folder that is there, and flushing and sweeping after the exchange, may fail and change nothing.
    refused = f"{out} cannot be written: No space left on device; nothing was changed"
    assert set(outcomes) == {refused, "fine"}
    assert outcomes.count(refused) > 15


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (pl.exceptions.ComputeError("parquet: underlying IO error: File too large (os error 27)"), errno.EFBIG),
        (OSError("No space left on device (os error 28)"), errno.ENOSPC),
        (RuntimeError(OSError(errno.ENOSPC, "full")), errno.ENOSPC),
        (ValueError("a wrong value"), None),
        (sqlite3.IntegrityError("a wrong row"), None),
    ],
)
def test_what_libraries_raise_on_a_full_disk(tmp_path, error, number):
    found = refusal(error, str(tmp_path / "a"))
    assert (found.errno if found else None) == number


def test_a_database_without_room_is_a_full_disk(tmp_path):
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.executescript("CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(100000))")
    connection.close()
    assert refusal(raised.value, str(tmp_path / "a")).errno == errno.ENOSPC


def test_the_disk_is_asked_where_a_library_says_nothing(tmp_path):
    class LibrdataError(Exception):
        pass

    assert refusal(LibrdataError("Unable to write"), str(tmp_path / "no/a")).errno == errno.ENOENT
    assert refusal(LibrdataError("Unable to write"), str(tmp_path / "a")).errno == errno.EIO
    assert names(tmp_path) == []


def test_a_bug_of_a_writer_stays_one(tmp_path):
    def work():
        with replacing(tmp_path / "dist", "zoo") as folder, ReleaseFolder(folder / "zoo-1.0.0").writing("a"):
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        work()
    assert names(tmp_path) == []


def test_a_file_elsewhere_is_named(tmp_path):
    def work():
        with replacing(tmp_path / "dist", "zoo"):
            raise PermissionError(errno.EACCES, "Permission denied", "/elsewhere/LICENSE")

    with pytest.raises(TargetError, match=r"dist was not built: /elsewhere/LICENSE: Permission denied; nothing was"):
        work()


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EBUSY])
def test_a_mount_point_is_told_what_to_do(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    publish(tmp_path / "dist", "old")
    monkeypatch.setattr(exchange, "exchange", refuse)
    with pytest.raises(
        TargetError, match=r"nothing was changed \(it is a mount point .*: name a folder in it with --out"
    ):
        publish(tmp_path / "dist", "new")
    assert names(tmp_path) == ["dist"]


# Root may write anywhere; without this capability it is an owner like any other.
BUILD_AS_OWNER = """
import ctypes, os, struct, sys
from pathlib import Path
if os.geteuid() == 0:
    header, data = struct.pack("<Ii", 0x20080522, 0), bytearray(24)
    libc = ctypes.CDLL(None)
    buffer = (ctypes.c_char * 24).from_buffer(data)
    libc.capget(header, buffer)
    for at in (0, 4):
        (flags,) = struct.unpack_from("<I", data, at)
        struct.pack_into("<I", data, at, flags & ~0b110)  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    assert libc.capset(header, buffer) == 0
from shuttle_diplomacy.cli.main import main
sys.exit(main(["build", "datapackage", "--out", sys.argv[1]]))
"""


def build_as_owner(configuration, out):
    command = [sys.executable, "-c", BUILD_AS_OWNER, str(out)]
    return subprocess.run(command, cwd=configuration.file.parent, capture_output=True, text=True, check=False)


@linux
@pytest.mark.parametrize("read_only", ["", "dist"])
def test_a_place_that_is_read_only_is_one_sentence(configuration, old, place, read_only):
    (place / read_only).chmod(0o555)
    done = build_as_owner(configuration, place / "dist")
    (place / read_only).chmod(0o755)
    assert done.returncode == 2
    assert done.stderr == f"shuttle build: {place}/dist cannot be written: Permission denied; nothing was changed\n"
    assert names(place) == ["dist"]
    assert content(place / "dist") == old


@linux
def test_an_old_release_that_is_read_only_is_swept(configuration, old, place):
    for folder in [f for f in place.rglob("*") if f.is_dir() and f.name != "dist"]:
        folder.chmod(0o555)
    done = build_as_owner(configuration, place / "dist")
    assert (done.returncode, done.stderr) == (0, "")
    assert names(place) == ["dist"]
    assert stat.S_IMODE((place / "dist/zoo-1.2.0").stat().st_mode) == 0o755


def started(configuration, place):
    """Start a build and return when it has begun to write."""
    # Slow enough to be caught in the middle.
    slow = "import time, shuttle_diplomacy.publishing.release as r; a = r.write_archive\n"
    slow += "r.write_archive = lambda *x: (time.sleep(60), a(*x))\n"
    slow += "import sys; from shuttle_diplomacy.cli.main import command; sys.exit(command())"
    arguments = ["build", "datapackage", "--out", str(place / "dist")]
    process = subprocess.Popen(
        [sys.executable, "-c", slow, *arguments], cwd=configuration.file.parent, stderr=subprocess.PIPE, text=True
    )
    while not any(place.glob(".dist.build-*/new/*/SHA256SUMS")) and process.poll() is None:
        time.sleep(0.01)
    return process


@linux
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "ended"), (signal.SIGHUP, 129, "ended")],
)
def test_a_build_that_is_asked_to_end_leaves_nothing(configuration, old, place, number, code, said):
    with started(configuration, place) as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (code, f"shuttle build: {said}\n")
    assert names(place) == ["dist"]
    assert content(place / "dist") == old


@linux
def test_two_builds_at_once_do_not_mix(make, tmp_path):
    (tmp_path / "place").mkdir()
    running = []
    for number in range(4):
        root = tmp_path / str(number)
        make(root, **{"LICENSE-DATA": f"{number}\n" * 1000})
        command = [*COMMAND, "datapackage", "--out", str(tmp_path / "place/dist")]
        running.append(subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL))
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert names(tmp_path / "place") == ["dist"]
    for folder in (tmp_path / "place/dist", tmp_path / "place/dist/zoo-1.2.0"):
        subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


@linux
def test_all_is_on_the_disk_before_it_is_put_in_place(tmp_path, monkeypatch):
    seen = []
    put, fsync = exchange._put, os.fsync
    monkeypatch.setattr(exchange, "_put", lambda *x: (seen.append("put"), put(*x)))
    monkeypatch.setattr(os, "fsync", lambda d: (seen.append(Path(f"/proc/self/fd/{d}").readlink().name), fsync(d)))
    publish(tmp_path / "dist", "new")
    before, after = seen[: seen.index("put")], seen[seen.index("put") + 1 :]
    assert sorted(before) == ["a.txt", "b.txt", "data", "new", "zoo-1.0.0"]
    assert before[-1] == "new"
    assert after == [tmp_path.name]


def test_an_interruption_between_two_renames_leaves_the_old_release(tmp_path, monkeypatch):
    out = tmp_path / "dist"
    publish(out, "old")
    rename = type(out).rename

    def interrupted(self, target):
        rename(self, target)
        if target.name == "old":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(exchange, "exchange", lambda one, other: False)
        patched.setattr(type(out), "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(out, "new")
    assert (out / "zoo-1.0.0/a.txt").read_text() == "old"
    assert names(tmp_path) == ["dist"]


def test_the_only_release_is_never_swept(tmp_path, monkeypatch):
    out = tmp_path / "dist"
    publish(out, "old")
    rename = type(out).rename

    def broken(self, target):
        if target.name != "old":
            raise OSError(errno.EIO, "Input/output error")
        rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(exchange, "exchange", lambda one, other: False)
        patched.setattr(type(out), "rename", broken)
        with pytest.raises(TargetError, match="Input/output error"):
            publish(out, "new")
    assert (next(tmp_path.glob(".dist.build-*")) / "old/zoo-1.0.0/a.txt").read_text() == "old"
    with pytest.raises(KeyboardInterrupt), replacing(out, "zoo"):
        raise KeyboardInterrupt
    assert out.exists()


def test_what_is_no_workspace_is_left_alone(tmp_path):
    (tmp_path / ".dist.build-file").write_text("mine")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / ".dist.build-link").symlink_to("elsewhere")
    publish(tmp_path / "dist", "new")
    assert names(tmp_path) == [".dist.build-file", ".dist.build-link", "dist", "elsewhere"]


@linux
def test_killed_at_random_moments_a_build_leaves_the_old_release_or_the_new_one(make, tmp_path):
    for number in (1, 2):
        make(tmp_path / str(number), **{"LICENSE-DATA": f"{number}\n"})
    (tmp_path / "place").mkdir()
    packages = (tmp_path / "1/datapackage", tmp_path / "2/datapackage")
    course = kills.run(packages, tmp_path / "place/dist", kills=12, seed=1)
    assert course.problems == []
    assert (course.found.total(), course.found["broken"]) == (12, 0)
    assert names(tmp_path / "place") == ["dist"]


def test_a_broken_release_would_be_seen(tmp_path):
    course = kills.Course((tmp_path / "1", tmp_path / "2"), tmp_path / "place/dist")
    publish_into = tmp_path / "place"
    publish_into.mkdir()
    publish(publish_into / "dist", "one")
    course.whole[tmp_path / "1"] = kills.digests(publish_into / "dist")
    assert course.in_place() == tmp_path / "1"
    (publish_into / "dist/zoo-1.0.0/a.txt").write_text("on")
    assert course.in_place() is None
