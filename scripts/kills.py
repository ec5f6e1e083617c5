"""Kill builds at random moments, and look each time what is in place: the complete old release or the complete new one.

Two packages of one name are built in turns into one folder by ``shuttle build``, each build in a process group of its
own, which gets SIGKILL. Half of the moments lie anywhere between start and end; the other half in the last part, when
the release is written and put in place. What is found is compared byte by byte with what undisturbed builds made, and
checked by ``sha256sum -c``. Every tenth build runs to its end and has to sweep what the killed ones left.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from scripts.twice import digests

ROOT = Path(__file__).parents[1]
_REST = 10  # after so many kills one build runs to its end
_POLL_SECONDS = 0.002


@dataclass
class Course:
    """A series of kills.

    Attributes:
        packages: the two packages that are built in turns.
        out: the folder that is replaced.
        whole: what undisturbed builds put there, by package.
        seconds: how long the longer one took.
        tail: how long of that the last part took: from the list of checksums inside the release to the end.
        found: how often the old release, the new one or something broken was found.
        left: how many killed builds left something behind.
        problems: what was wrong, one sentence each.
    """

    packages: tuple[Path, Path]
    out: Path
    whole: dict[Path, dict[str, str]] = field(default_factory=dict)
    seconds: float = 0
    tail: float = 0
    found: Counter[str] = field(default_factory=Counter)
    left: int = 0
    problems: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Build both packages undisturbed and remember what came of it."""
        for package in self.packages:
            started = time.monotonic()
            with started_build(package, self.out) as process:
                written = _written(self.out, process)
                process.wait()
            if process.returncode:
                raise RuntimeError(f"the build of {package} ended with {process.returncode}")
            self.seconds = max(self.seconds, time.monotonic() - started)
            self.tail = max(self.tail, time.monotonic() - written)
            self.whole[package] = digests(self.out)

    def kill(self, moments: random.Random, *, late: bool) -> str:
        """Start the build of the package that is not in place, kill it, and return what is there then."""
        old = self.in_place()
        package = next(package for package in self.packages if package != old)
        after = moments.uniform(0, self.tail * 1.2 if late else self.seconds)
        with started_build(package, self.out) as process:
            if late:
                _written(self.out, process)
            time.sleep(after)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        found = self.in_place()
        self.left += bool(_leftovers(self.out))
        state = "old" if found == old else "new"
        problem = _disagreeing(self.out) if found else "neither the old nor the new release is in place"
        if problem:
            state = "broken"
            since = "all was written" if late else "its start"
            self.problems.append(f"killed {after:.3f} s after {since}: {problem}")
        self.found[state] += 1
        return state

    def finish(self) -> None:
        """Let one build run to its end; it has to put its release in place and to sweep what others left."""
        package = next(package for package in self.packages if package != self.in_place())
        with started_build(package, self.out) as process:
            process.wait()
        if process.returncode or self.in_place() != package:
            self.problems.append(f"the build after a killed one ended with {process.returncode}")
        if left := _leftovers(self.out):
            self.problems.append(f"the build after a killed one left {left[0]}")

    def in_place(self) -> Path | None:
        """Return the package whose complete release is in place, byte by byte; None if there is no such one."""
        there = digests(self.out)
        return next((package for package in self.packages if self.whole.get(package) == there), None)


class started_build(subprocess.Popen[bytes]):  # noqa: N801 (used as a function)
    """A running ``shuttle build`` in a process group of its own."""

    def __init__(self, package: Path, out: Path) -> None:
        command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "build", str(package), "--out", str(out)]
        super().__init__(command, cwd=out.parent, start_new_session=True, stdout=subprocess.DEVNULL)


def _written(out: Path, process: subprocess.Popen[bytes]) -> float:
    """Return when a build has written all data, or has ended."""
    while process.poll() is None:
        if any(out.parent.glob(f".{out.name}.build-*/new/*/SHA256SUMS")):
            break
        time.sleep(_POLL_SECONDS)
    return time.monotonic()


def _leftovers(out: Path) -> list[str]:
    return sorted(entry.name for entry in out.parent.iterdir() if entry.name.startswith(f".{out.name}."))


def _disagreeing(out: Path) -> str:
    """Return what ``sha256sum -c`` says against the release in place; an empty text if it agrees."""
    for place in (out, *(entry for entry in out.iterdir() if entry.is_dir())):
        command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stdout + done.stderr
    return ""


def dataset_packages(folder: Path) -> tuple[Path, Path]:
    """Return two copies of this repository's package; the second has another version."""
    copies = folder / "one", folder / "two"
    for copy in copies:
        for name in ("datapackage", "schemas"):
            shutil.copytree(ROOT / name, copy / name)
        for name in ("pyproject.toml", "LICENSE-DATA", "CITATION.cff"):
            shutil.copy(ROOT / name, copy / name)
    metadata = copies[1] / "schemas" / "package.json"
    content = json.loads(metadata.read_text(encoding="utf-8"))
    metadata.write_text(json.dumps(content | {"version": "999.0.0"}, indent=2), encoding="utf-8")
    command = [sys.executable, "-m", "shuttle_diplomacy.cli.main", "assemble"]
    subprocess.run(command, cwd=copies[1], check=True, stdout=subprocess.DEVNULL)
    return copies[0] / "datapackage", copies[1] / "datapackage"


def large_packages(folder: Path, rows: int) -> tuple[Path, Path]:
    """Return two packages of one large table, which differ in their version."""
    from scripts.growth import write_package

    copies = folder / "one", folder / "two"
    for number, copy in enumerate(copies, start=1):
        copy.mkdir()
        write_package(copy, rows)
        (copy / "fairspec.json").unlink()
        file = copy / "datapackage.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps(content | {"version": f"{number}.0.0"}), encoding="utf-8")
    return copies


def run(packages: tuple[Path, Path], out: Path, kills: int, seed: int) -> Course:
    """Kill so many builds and return what was found."""
    course = Course(packages, out)
    course.prepare()
    moments = random.Random(seed)  # noqa: S311 (moments, no secrets)
    for number in range(kills):
        state = course.kill(moments, late=number % 2 == 1)
        if state == "broken":
            break
        if number % _REST == _REST - 1:
            course.finish()
    else:
        course.finish()
    return course


def main(argv: Sequence[str] | None = None) -> int:
    """Kill builds and print what was found; return 0 if no release was ever broken, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="how many builds are killed (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the moments (default: 1)")
    parser.add_argument("--rows", type=int, help="build a table of so many rows instead of the dataset")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        packages = dataset_packages(folder) if options.rows is None else large_packages(folder, options.rows)
        (folder / "place").mkdir()
        course = run(packages, folder / "place" / "dist", options.kills, options.seed)
    found = ", ".join(f"{course.found[state]} {state}" for state in ("old", "new", "broken"))
    print(f"{course.found.total()} builds killed (of {course.seconds:.1f} s, the last part {course.tail:.2f} s)")
    print(f"in place afterwards: {found}; {course.left} left something behind, which the next whole build swept")
    for problem in course.problems:
        print(f"kills: {problem}", file=sys.stderr)
    return 1 if course.problems or course.found["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
