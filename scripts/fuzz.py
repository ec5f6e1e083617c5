"""Validate packages that are broken at random, and check what has to hold for each of them.

Each case has a number; the same seed and number give the same package. For each the outcome has to be a report or an
error of our own: nothing else is raised, nothing is warned, nothing outside of the package is read or connected to, no
case takes longer than ten seconds, each renderer renders, and what is valid can be loaded with as many rows.
"""

import argparse
import contextlib
import faulthandler
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.fuzzing.areas import AREAS, case_of
from tests.fuzzing.cases import Case
from tests.fuzzing.oracle import SECONDS, Failure, Guard, judge, preload
from tests.fuzzing.reducing import reduced

_GRACE = 15  # a worker that does not answer so long after the limit hangs outside of Python, and is ended
_KEPT = 3  # of one cause, so many cases are kept
_BLOCK = 50


@dataclass
class _Block:
    """What a worker says of a run of cases."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[tuple[int, str, Failure]] = field(default_factory=list)


def _work(pipe: Connection, seed: int, area: str | None, base: Path) -> None:
    """Judge the cases whose numbers come through the pipe; announce each before it is judged."""
    faulthandler.enable()
    preload()
    guard = Guard(base)
    pipe.send("ready")
    while (numbers := pipe.recv()) is not None:
        block = _Block()
        for number in numbers:
            pipe.send(number)
            case = case_of(seed, number, area)
            failures, ended = judge(case, guard)
            block.outcomes[case.area, ended] += 1
            block.failures += [(number, case.area, failure) for failure in failures]
        pipe.send(block)


class _Worker:
    """A process that judges cases, and what is known of it."""

    def __init__(self, seed: int, area: str | None) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="fuzz-"))
        context = multiprocessing.get_context("spawn")  # polars does not survive a fork
        self.pipe, there = context.Pipe()
        self.process: BaseProcess = context.Process(target=_work, args=(there, seed, area, self.base), daemon=True)
        self.process.start()
        there.close()
        self.todo: list[int] = []
        self.current: int | None = None
        self.since = time.monotonic()

    def give(self, numbers: list[int]) -> None:
        self.todo, self.since = numbers, time.monotonic()
        self.pipe.send(numbers or None)

    def end(self) -> None:
        if self.process.is_alive():
            self.process.kill()
        self.process.join()
        self.pipe.close()
        shutil.rmtree(self.base, ignore_errors=True)


@dataclass
class Run:
    """A run of cases.

    Attributes:
        seed: the seed.
        area: the only area, or None.
        keep: where failing cases are written, or None.
        outcomes: how many cases ended how, by area.
        causes: how many failures have which signature.
    """

    seed: int
    area: str | None = None
    keep: Path | None = None
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    def over(self, numbers: range, jobs: int) -> None:
        """Judge the cases in several processes."""
        started = told = time.monotonic()
        blocks = [list(numbers[i : i + _BLOCK]) for i in range(0, len(numbers), _BLOCK)][::-1]
        workers = [_Worker(self.seed, self.area) for _ in range(min(jobs, len(blocks)))]
        try:
            while workers:
                ready = wait([w.pipe for w in workers], timeout=1)
                for worker in list(workers):
                    if worker.pipe in ready:
                        self._hear(worker, workers, blocks)
                    elif worker.todo and time.monotonic() - worker.since > SECONDS + _GRACE:
                        self._lost(worker, workers, blocks, "hang")
                if time.monotonic() - told > 10:  # noqa: PLR2004
                    told = time.monotonic()
                    self._tell(len(numbers), told - started)
        finally:
            for worker in workers:
                worker.end()
        self._tell(len(numbers), time.monotonic() - started)

    def _hear(self, worker: _Worker, workers: list[_Worker], blocks: list[list[int]]) -> None:
        try:
            message: Any = worker.pipe.recv()
        except (EOFError, ConnectionError):
            self._lost(worker, workers, blocks, "crash")
            return
        if isinstance(message, int):
            worker.current, worker.since = message, time.monotonic()
            return
        if isinstance(message, _Block):
            self.outcomes += message.outcomes
            for number, area, failure in message.failures:
                self._failed(number, area, failure)
        if blocks:
            worker.give(blocks.pop())
        else:
            workers.remove(worker)
            worker.give([])
            worker.end()

    def _lost(self, worker: _Worker, workers: list[_Worker], blocks: list[list[int]], how: str) -> None:
        """Go on without a worker that hangs or has died: its case is a failure, the rest of its block is done anew."""
        workers.remove(worker)
        worker.end()
        if not worker.todo:
            raise RuntimeError(f"a worker cannot start: exit code {worker.process.exitcode}")
        number = worker.current
        rest = worker.todo
        if number is not None and number in rest:
            case = case_of(self.seed, number, self.area)
            self.outcomes[case.area, how] += 1
            self._failed(number, case.area, Failure(how, f"exit code {worker.process.exitcode}"))
            before, rest = rest[: rest.index(number)], rest[rest.index(number) + 1 :]
            blocks += [before] if before else []
        blocks += [rest] if rest else []
        if blocks:
            workers.append(_Worker(self.seed, self.area))

    def _failed(self, number: int, area: str, failure: Failure) -> None:
        self.causes[failure.signature] += 1
        if self.causes[failure.signature] > _KEPT:
            return
        print(f"FAILED {self.seed}:{number} {area}: {failure.signature}: {failure.detail.strip()[-300:]}", flush=True)
        if self.keep:
            _save(self.keep, self.seed, number, self.area, failure)

    def _tell(self, total: int, seconds: float) -> None:
        done = self.outcomes.total()
        speed = done / seconds if seconds else 0
        print(f"{done:,} of {total:,} cases, {speed:.0f} a second, {self.causes.total()} failures", flush=True)

    def summary(self) -> str:
        """Return how many cases ended how, by area, and the causes of failures."""
        ends = sorted({end for _, end in self.outcomes})
        lines = [" ".join([f"{'area':12}", *(f"{end:>16}" for end in ends)])]
        seen = {area for area, _ in self.outcomes}
        rows = [(area, [self.outcomes[area, end] for end in ends]) for area in AREAS if area in seen]
        lines += [" ".join([f"{area:12}", *(f"{number:16,}" for number in numbers)]) for area, numbers in rows]
        return "\n".join([*lines, *(f"{number:8,} x {cause}" for cause, number in self.causes.most_common())])


def _save(keep: Path, seed: int, number: int, area: str | None, failure: Failure) -> None:
    """Write a failing case, and what happened; its smallest form is made later."""
    folder = keep / f"{seed}-{number}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "package").mkdir(parents=True)
    with contextlib.suppress(OSError, ValueError):  # a name that this file system does not take
        case_of(seed, number, area).put(folder / "package", Path("/nowhere"))
    told = f"{failure.signature}\n{failure.detail}\n"
    (folder / "failure.txt").write_text(told, encoding="utf-8", errors="replace")


def _make_smaller(keep: Path, seed: int, area: str | None) -> None:
    """Replace each kept case by its smallest form, each in a process of its own."""
    for folder in sorted(keep.glob(f"{seed}-*")):
        command = [sys.executable, "-m", "scripts.fuzz", "--replay", folder.name.replace("-", ":"), "--keep", str(keep)]
        with contextlib.suppress(subprocess.TimeoutExpired):  # a case that hangs is kept as it is
            subprocess.run(
                [*command, *(["--area", area] if area else [])], capture_output=True, check=False, timeout=120
            )


def replay(seed: int, number: int, area: str | None, keep: Path | None) -> int:
    """Judge one case here; print what fails, write its smallest form, and return the exit code."""
    preload()
    base = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        guard = Guard(base)
        case = case_of(seed, number, area)
        failures, ended = judge(case, guard)
        print(f"{seed}:{number} {case.area}: {ended}")
        for failure in failures:
            print(f"{failure.signature}\n{failure.detail}")
        if not failures:
            return 0
        small = _small(case, failures[0], guard)
        for name, content in small.files.items():
            print(f"--- {name}\n{content.decode(errors='replace') if isinstance(content, bytes) else content}")
        if keep:
            folder = keep / f"{seed}-{number}"
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "package").mkdir(parents=True)
            small.put(folder / "package", Path("/nowhere"))
            (folder / "failure.txt").write_text(f"{failures[0].signature}\n{failures[0].detail}\n", encoding="utf-8")
        return 1
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _small(case: Case, failure: Failure, guard: Guard) -> Case:
    def fails(smaller: Case) -> bool:
        try:
            found, _ = judge(smaller, guard)
        except (OSError, ValueError):
            return False
        return failure.signature in {f.signature for f in found}

    return reduced(case, fails)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the cases; return the exit code."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", maxsplit=1)[0])
    parser.add_argument("--cases", type=int, default=100_000, help="how many cases (default: 100000)")
    parser.add_argument("--start", type=int, default=0, help="the number of the first case (default: 0)")
    parser.add_argument("--seed", type=int, default=1, help="the run's seed (default: 1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one a processor)")
    parser.add_argument("--area", choices=list(AREAS), help="only this area")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write failing cases below this folder")
    parser.add_argument("--replay", metavar="SEED:NUMBER", help="judge one case, and make it as small as possible")
    arguments = parser.parse_args(argv)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # a package is tiny: threads only cost
    if arguments.replay:
        seed, _, number = arguments.replay.partition(":")
        return replay(int(seed), int(number), arguments.area, arguments.keep)
    run = Run(arguments.seed, arguments.area, arguments.keep)
    run.over(range(arguments.start, arguments.start + arguments.cases), arguments.jobs)
    print(run.summary())
    if arguments.keep and run.causes:
        _make_smaller(arguments.keep, arguments.seed, arguments.area)
    return 1 if run.causes else 0


if __name__ == "__main__":
    sys.exit(main())
