import os
import signal
import subprocess
import sys

import pytest

from shuttle_diplomacy.errors import TargetError
from shuttle_diplomacy.publishing import exchange
from shuttle_diplomacy.publishing.exchange import replacing


def publish(out, text="new"):
    with replacing(out, "zoo") as folder:
        (folder / "zoo-1.0.0").mkdir()
        (folder / "zoo-1.0.0/a.txt").write_text(text)


def fail(out, error):
    with replacing(out, "zoo") as folder:
        (folder / "half").write_text("")
        raise error


def shown(out):
    return (out / "zoo-1.0.0/a.txt").read_text()


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture(params=["in one step", "by two renames"])
def out(request, tmp_path, monkeypatch):
    if request.param == "by two renames":
        monkeypatch.setattr(exchange, "exchange", lambda one, other: False)
    return tmp_path / "dist"


def test_the_new_release_takes_the_place_of_the_old_one(out):
    publish(out, "old")
    publish(out, "new")
    assert shown(out) == "new"
    assert names(out.parent) == ["dist"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device"), ValueError])
def test_a_failure_leaves_the_old_release_whole_and_nothing_else(out, error):
    publish(out, "old")
    with pytest.raises((KeyboardInterrupt, TargetError, ValueError)):
        fail(out, error)
    assert shown(out) == "old"
    assert names(out.parent) == ["dist"]


def test_a_full_disk_is_one_sentence(out):
    with pytest.raises(TargetError, match="dist cannot be written: No space left on device; nothing was changed"):
        fail(out, OSError(28, "No space left on device"))


@pytest.mark.parametrize(
    "foreign",
    ["notes.txt", "zoo", "zoo-latest/", "zoo-1.0.0", "other-1.0.0/", "zoo-1.0.0.zip/", "SHA256SUMS/", ".git/"],
)
def test_a_folder_that_holds_something_else_is_refused(tmp_path, foreign):
    out = tmp_path / "dist"
    out.mkdir()
    (out / foreign).mkdir() if foreign.endswith("/") else (out / foreign).write_text("mine")
    with pytest.raises(TargetError, match=f"dist holds '{foreign.rstrip('/')}', no release of 'zoo'"):
        publish(out)
    assert names(out) == [foreign.rstrip("/")]
    assert names(tmp_path) == ["dist"]


def test_a_link_is_no_release(tmp_path):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/zoo-1.0.0").symlink_to(tmp_path)
    with pytest.raises(TargetError, match=r"holds 'zoo-1\.0\.0'"):
        publish(tmp_path / "dist")


def test_any_release_of_the_package_is_replaced(tmp_path):
    out = tmp_path / "dist"
    (out / "zoo-0.9.0-rc.1").mkdir(parents=True)
    (out / "zoo-0.9.0-rc.1.zip").write_text("")
    (out / "SHA256SUMS").write_text("")
    publish(out)
    assert names(out) == ["zoo-1.0.0"]


def test_content_that_appears_during_the_build_is_not_replaced(out):
    def intrude():
        with replacing(out, "zoo"):
            out.mkdir()
            (out / "mine.txt").write_text("mine")

    with pytest.raises(TargetError, match=r"holds 'mine\.txt'"):
        intrude()
    assert names(out) == ["mine.txt"]


def test_a_target_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetError, match="is not a folder"):
        publish(tmp_path / "file")
    with pytest.raises(TargetError, match=r"the folder .*missing is not there; make it first"):
        publish(tmp_path / "missing/dist")


def test_a_parent_that_is_not_writable_is_refused(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refuse)
        with pytest.raises(TargetError, match="dist cannot be written: Permission denied; nothing was changed"):
            publish(tmp_path / "dist")
    assert names(tmp_path) == []


def test_a_link_to_the_target_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "dist").symlink_to("real")
    publish(tmp_path / "dist")
    assert (tmp_path / "dist").is_symlink()
    assert shown(tmp_path / "real") == "new"


BUILDER = """
import sys
from pathlib import Path
from shuttle_diplomacy.publishing.exchange import replacing
with replacing(Path(sys.argv[1]), "zoo") as folder:
    (folder / "zoo-1.0.0").mkdir()
    (folder / "zoo-1.0.0" / "a.txt").write_text("other")
    print("started", flush=True)
    sys.stdin.readline()
"""


def start(out):
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", BUILDER, str(out)], text=True, **pipes)
    assert process.stdout.readline() == "started\n"
    return process


def test_a_killed_build_leaves_the_old_release_and_is_swept_by_the_next(out):
    publish(out, "old")
    with start(out) as killed:
        killed.send_signal(signal.SIGKILL)
    assert shown(out) == "old"
    assert len(names(out.parent)) == 2
    publish(out, "new")
    assert shown(out) == "new"
    assert names(out.parent) == ["dist"]


def test_a_running_build_is_not_swept(out):
    with start(out) as running:
        publish(out, "mine")
        assert shown(out) == "mine"
        running.communicate("go on\n", timeout=60)
    assert running.returncode == 0
    assert shown(out) == "other"
    assert names(out.parent) == ["dist"]


def test_a_build_killed_between_two_renames_is_finished_by_the_next(tmp_path):
    out = tmp_path / "dist"
    workspace = tmp_path / ".dist.build-abc"
    for part in ("old", "new"):
        (workspace / part / "zoo-1.0.0").mkdir(parents=True)
        (workspace / part / "zoo-1.0.0/a.txt").write_text(part)
    (workspace / "lock").touch()
    with pytest.raises(KeyboardInterrupt):
        fail(out, KeyboardInterrupt)
    assert shown(out) == "new"
    assert names(tmp_path) == ["dist"]


def test_a_failed_second_rename_puts_the_old_release_back(tmp_path, monkeypatch):
    out = tmp_path / "dist"
    publish(out, "old")
    rename = type(out).rename

    def refuse_the_new(self, target):
        if self.name == "new":
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(exchange, "exchange", lambda one, other: False)
    monkeypatch.setattr(type(out), "rename", refuse_the_new)
    with pytest.raises(TargetError, match="Permission denied; nothing was changed"):
        publish(out, "new")
    assert shown(out) == "old"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2 is a call of Linux")
def test_two_folders_are_exchanged_in_one_step(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert exchange.exchange(tmp_path / "a", tmp_path / "b")
    assert (names(tmp_path / "a"), names(tmp_path / "b")) == (["b"], ["a"])
    with pytest.raises(FileNotFoundError, match="No such file"):
        exchange.exchange(tmp_path / "a", tmp_path / "missing")
