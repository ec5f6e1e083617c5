"""Running a judge: a process with a time limit and without a network, whose words are kept in a log file."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.gauntlet.environments import EnvironmentFault, environment

ROOT = Path(__file__).parents[2]
STANDARDS = "SHUTTLE_STANDARDS"
PASSED, FAILED, NOT_RUN = "passed", "FAILED", "not run"
# Nothing listens there: whoever asks for a page outside gets a refusal at once instead of an answer.
_NOWHERE = "http://127.0.0.1:9"
_OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _NOWHERE)


class NotApplicableError(Exception):
    """A release has nothing that could be broken in this way."""


@dataclass(frozen=True)
class Break:
    """A way to break a copy of a release, which the judge has to notice.

    Attributes:
        name: what is wrong afterwards.
        make: breaks the copy.
    """

    name: str
    make: Callable[[Path], None]


@dataclass(frozen=True)
class Judge:
    """An outside judge.

    Attributes:
        name: as shown.
        module: what runs in its environment.
        package: whose version is shown.
        artefacts: what it looks at, as shown.
        lock: its lock file, None if it needs nothing but Python.
        arguments: further arguments of its module.
        standards: the folder of published schemas it needs, below that of all standards.
        breaks: what it has to notice.
        seconds: its time limit.
    """

    name: str
    module: str
    package: str
    artefacts: str
    lock: str | None = None
    arguments: tuple[str, ...] = ()
    standards: str | None = None
    breaks: tuple[Break, ...] = ()
    seconds: int = 300


@dataclass(frozen=True)
class Verdict:
    """What came of a judge.

    Attributes:
        judge: its name.
        version: its version, or an empty text.
        outcome: ``passed``, ``FAILED`` or ``not run``.
        said: what it looked at, or found wrong, or why it did not run.
        seconds: how long it took, without making its environment.
        artefacts: what it looks at.
    """

    judge: str
    version: str
    outcome: str
    said: str
    seconds: float
    artefacts: str


def standards_of(judge: Judge) -> tuple[Path | None, str]:
    """Return the folder of the schemas that a judge needs, or why it is not at hand.

    Examples:
        >>> standards_of(Judge("a", "m", "p", "x"))
        (None, '')
    """
    if judge.standards is None:
        return None, ""
    root = os.environ.get(STANDARDS)
    if not root:
        return None, f"{STANDARDS} is not set"
    folder = Path(root).absolute() / judge.standards
    return (folder, "") if folder.is_dir() else (None, f"{STANDARDS} holds no {judge.standards}")


def run(judge: Judge, release: Path, cache: Path, python: Path | None = None, log: str | None = None) -> Verdict:
    """Let a judge judge a release.

    Args:
        judge: who judges.
        release: the folder of the release.
        cache: where environments and logs are kept.
        python: another interpreter than that of the judge's own environment.
        log: the name of the log file, without ending.
    """
    standards, reason = standards_of(judge)
    if reason:
        return Verdict(judge.name, "", NOT_RUN, reason, 0.0, judge.artefacts)
    try:
        python = python or environment(cache, judge.lock)
    except EnvironmentFault as fault:
        return Verdict(judge.name, "", FAILED, f"no environment: {fault}", 0.0, judge.artefacts)
    further = [str(standards)] if standards else []
    command = [str(python), "-m", "scripts.gauntlet.judging", judge.module, judge.package, str(release.absolute())]
    file = cache / "logs" / f"{log or judge.name}.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        in_time = _call([*command, *judge.arguments, *further], file, Path(home), judge.seconds)
    took = time.monotonic() - start
    if not in_time:
        return Verdict(judge.name, "", FAILED, f"no answer within {judge.seconds} seconds", took, judge.artefacts)
    version, passed, said = _outcome(file)
    return Verdict(judge.name, version, PASSED if passed else FAILED, said, took, judge.artefacts)


def _call(command: list[str], log: Path, home: Path, seconds: int) -> bool:
    """Run a command, everything it says going to a file; return whether it ended in time."""
    keep = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "TMPDIR") if key in os.environ}
    own = {"HOME": str(home), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200", "NO_COLOR": "1"}
    settings = keep | own | _OFFLINE
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
    return True


def _outcome(log: Path) -> tuple[str, bool, str]:
    """Return version, verdict and words of a judge, from the last line that it wrote."""
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    try:
        outcome = json.loads(lines[-1])
        return str(outcome["version"]), outcome["passed"] is True, str(outcome["said"])
    except (IndexError, ValueError, TypeError, KeyError):
        return "", False, lines[-1] if lines else "it said nothing"
