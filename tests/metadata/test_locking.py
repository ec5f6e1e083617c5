"""Locks that end with their process."""

import errno
import fcntl
import os
import subprocess
import sys
import threading

import pytest

from shuttle_diplomacy.package.locking import try_lock, turn
from tests.dataset_package import ROOT

HOLD = """
import sys, time
from pathlib import Path
from shuttle_diplomacy.package.locking import turn
with turn(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "x.lock"


def test_turns_follow_each_other(file):
    order = []
    waits = threading.Event()

    def second():
        with turn(file, patience=None, waiting=waits.set):
            order.append("second")

    with turn(file):
        thread = threading.Thread(target=second)
        thread.start()
        assert waits.wait(30)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert not file.exists()


def test_patience_ends(file):
    told = []
    with (
        turn(file),
        pytest.raises(TimeoutError, match="another process holds .*x.lock"),
        turn(file, patience=0.1, waiting=lambda: told.append(1)),
    ):
        raise AssertionError("nobody gets here")
    assert told == [1]


def test_lock_dies_with_its_process(file):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], env=environment, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "mine\n"
        with pytest.raises(TimeoutError), turn(file, patience=0):
            pass
        holder.kill()
    with turn(file, patience=30):
        assert file.exists()


def test_file_system_without_locks_is_no_held_lock(file, monkeypatch):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(OSError, match="No locks available"), turn(file, patience=None):
        pass
    with file.open("w") as opened, pytest.raises(OSError, match="No locks available"):
        try_lock(opened.fileno())
