"""Measure ``shuttle links`` against a server on loopback: a thousand addresses, a tenth of them slow or broken.

The run is killed in the middle and resumed in a second measurement. Nothing here is a test: times are printed, and
the verdicts are compared with what the server did.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.link_server import KINDS, serving

_PROMISE = 30  # seconds
ANYWHERE = "0.0.0.0"  # noqa: S104 (all of 127.0.0.0/8: many hosts)


def _expected(port: int, count: int, hosts: int) -> dict[str, str]:
    """Return addresses with the verdict that each has to get."""
    trouble = list(KINDS.items())
    found = {}
    for number in range(count):
        name, verdict = trouble[number // 10 % len(trouble)] if number % 10 == 0 else ("page", "ok")
        found[f"http://127.0.{number % hosts // 250}.{number % hosts % 250 + 1}:{port}/{name}?{number}"] = verdict
    return found


def _package(folder: Path, addresses: dict[str, str]) -> None:
    fields = [{"name": "url", "type": "string", "format": "uri"}]
    resource = {"name": "t", "type": "table", "path": "t.csv", "schema": {"fields": fields}}
    (folder / "t.csv").write_text("\n".join(["url", *addresses, ""]))
    (folder / "datapackage.json").write_text(json.dumps({"name": "links", "resources": [resource]}))


def links_run(count: int = 1000, hosts: int = 1000, *, kill_after: int | None = None) -> tuple[float, int, int]:
    """Return how long a run takes in seconds, how many verdicts are wrong, and how many addresses were begun twice.

    Args:
        count: how many addresses.
        hosts: on how many hosts they are; below a thousand hosts are asked without pause.
        kill_after: after so many requests the run is killed and started once more; the time is that of both.
    """
    with serving(ANYWHERE) as server, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = _expected(server.server_port, count, hosts)
        _package(folder, expected)
        command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "links", name, "--allow-private"]
        command += ["--cache", str(folder / "cache.sqlite"), "--jobs", "32", "--timeout", "2", "--format", "json"]
        command += [] if hosts >= count else ["--per-host", "0"]
        started = time.perf_counter()
        before: set[str] = set()
        if kill_after is not None:
            child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            while len(server.asked) < kill_after and child.poll() is None:
                time.sleep(0.01)
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            before = {path for _, path in server.asked}
            server.asked.clear()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - started
        verdicts = {link["address"]: link["verdict"] for link in json.loads(done.stdout)["links"]}
        twice = len({path for _, path in server.asked if path != "/new"} & before)
    return taken, sum(verdicts.get(address) != verdict for address, verdict in expected.items()), twice


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures; return 0 if every verdict is right and the promise is kept in this run, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="addresses (default: 1000)")
    options = parser.parse_args(argv)
    count = options.count
    runs = {
        "a host each, default manners": (links_run(count, count), True),
        "one host, --per-host 0": (links_run(count, 1), True),
        "one host, killed and resumed, both runs": (links_run(count, 1, kill_after=count // 2), False),
    }
    print("| run | seconds | wrong verdicts | begun again after the kill | promise | kept |")
    print("|---|--:|--:|--:|---|---|")
    kept = True
    for name, ((taken, wrong, twice), soon) in runs.items():
        good = not wrong and (taken < _PROMISE or not soon)
        kept = kept and good
        promise = f"right, under {_PROMISE} s" if soon else "right"
        print(f"| {name} | {taken:.1f} | {wrong} | {twice} | {promise} | {'yes' if good else 'NO'} |")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
