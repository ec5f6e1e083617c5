"""Running the tools on the conformance cases: our gate, frictionless, the official profiles, check-datapackage.

Results of other tools are kept in tests/data/conformance/results/, so that the page can be written without them.
"""

import json
import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from scripts.conformance_cases import FOLDER, Case
from scripts.conformance_outcomes import Judgement

RESULTS = FOLDER / "results"
SECONDS = 10
OURS, FRICTIONLESS, PROFILES, CHECK = "shuttle", "frictionless", "official profiles", "check-datapackage"
OTHERS = (FRICTIONLESS, PROFILES, CHECK)
# Runs in the interpreter of the environment that holds check-datapackage, so it imports nothing of ours.
_CHECK = """
import importlib.metadata, json, sys
import check_datapackage
answers = []
for descriptor in json.load(sys.stdin):
    try:
        answers.append({"valid": not check_datapackage.check(descriptor)})
    except Exception as error:
        answers.append({"crash": type(error).__name__})
json.dump({"version": importlib.metadata.version("check-datapackage"), "answers": answers}, sys.stdout)
"""


@dataclass(frozen=True)
class Results:
    """What one tool says of the cases, by their ids."""

    tool: str
    version: str
    judgements: dict[str, Judgement]


def judge_ours(case: Case) -> Judgement:
    """Let our gate judge a case in this process.

    Examples:
        >>> from scripts.conformance_cases import load
        >>> judge_ours(load("primary-key-twice")[0]).valid
        False
    """
    from shuttle_diplomacy.errors import ShuttleError, UnsupportedError
    from shuttle_diplomacy.package import open_package
    from shuttle_diplomacy.validation.pipeline import validate

    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        try:
            report = validate(open_package(folder), limit_errors=0)
        except UnsupportedError:
            return Judgement()
        except ShuttleError:
            return Judgement(valid=False, errors=[{"type": "package-error"}], warnings=[])
        except Exception as error:  # noqa: BLE001 (a traceback is a result here, and a bad one)
            return Judgement(crash=type(error).__name__)
    errors = [_place(finding) for task in report.all_tasks for finding in task.errors]
    warnings = [finding.type for task in report.all_tasks for finding in task.warnings]
    return Judgement(report.valid, errors, warnings)


def _place(finding: Any) -> dict[str, Any]:
    place = {
        "type": finding.type,
        "resource": finding.resource,
        "row": finding.row_number,
        "field": finding.field_name,
        "line": finding.line,
        "column": finding.column,
    }
    return {key: value for key, value in place.items() if value not in (None, "")}


def judge_frictionless(case: Case) -> Judgement:
    """Let frictionless judge a case in this process; a traceback is a crash."""
    from shuttle_diplomacy.validation.frictionless_child import frictionless_answer

    with tempfile.TemporaryDirectory() as folder:
        try:
            answer = frictionless_answer(case.write(Path(folder)), 10_000)
        except Exception as error:  # noqa: BLE001 (another program's fault of any kind)
            return Judgement(crash=type(error).__name__)
    if any(error["type"] == "error" and "install" in error["note"] for error in answer["errors"]):
        return Judgement()  # a part of frictionless that is not installed
    keys = {"type": "type", "resource": "resource", "row_number": "row", "field_name": "field"}
    errors = [{short: e[key] for key, short in keys.items() if e[key] not in (None, "")} for e in answer["errors"]]
    return Judgement(answer["valid"], errors)


def _serve(judge: Callable[[Case], Judgement], pipe: Connection) -> None:
    pipe.send(None)  # started: from now on time counts
    while True:
        pipe.send(judge(pipe.recv()))


class Worker:
    """A process that judges case after case, and is ended where one takes too long."""

    def __init__(self, judge: Callable[[Case], Judgement], seconds: float = SECONDS) -> None:
        """Take what judges a case, and how long one may take."""
        self._judge, self._seconds = judge, seconds
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def judge(self, case: Case) -> Judgement:
        """Return the judgement; values of a case that ends the tool are judged one by one."""
        found = self._once(case)
        if not found.crash or len(case.cells) < 2:  # noqa: PLR2004
            return found
        alone = [self._once(case.alone(number)) for number in range(len(case.cells))]
        if all(single.crash for single in alone):
            return found
        errors = [{**e, "row": row} for row, single in enumerate(alone, 2) for e in single.errors]
        crashed = [row for row, single in enumerate(alone, 2) if single.crash]
        return Judgement(valid=not errors, errors=errors, crashed=crashed)

    def _once(self, case: Case) -> Judgement:
        if starting := self._process is None or self._pipe is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(self._judge, theirs), daemon=True)
            self._process.start()
            theirs.close()  # so that its end is noticed
        try:
            if starting:
                self._pipe.recv()
            self._pipe.send(case)
            if self._pipe.poll(self._seconds):
                found: Judgement = self._pipe.recv()
                return found
        except (EOFError, OSError):
            pass
        self.close()
        return Judgement(crash=f"no answer within {self._seconds:g} seconds")

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._pipe = None


def run_frictionless(cases: Sequence[Case]) -> Results:
    """Run frictionless in one worker process."""
    from importlib.metadata import version

    worker = Worker(judge_frictionless)
    try:
        return Results(FRICTIONLESS, version("frictionless"), {case.id: worker.judge(case) for case in cases})
    finally:
        worker.close()


def run_profiles(cases: Sequence[Case], standards: Path) -> Results:
    """Judge descriptors by the standard's published profiles (``datapackage-1.0/``, ``datapackage-2.0/``)."""
    import jsonschema

    profiles = {
        version: jsonschema.Draft7Validator(
            json.loads((standards / f"datapackage-{version}" / "datapackage.json").read_text(encoding="utf-8"))
        )
        for version in ("1.0", "2.0")
    }

    def judge(descriptor: dict[str, Any]) -> Judgement:
        version = "2.0" if "/2.0/" in str(descriptor.get("$schema")) else "1.0"
        return Judgement(profiles[version].is_valid(descriptor))

    return Results(PROFILES, "1.0 and 2.0", {c.id: judge(c.descriptor) for c in cases if c.descriptor is not None})


def run_check(cases: Sequence[Case], python: str) -> Results:
    """Run check-datapackage by the Python interpreter of its environment."""
    chosen = [case for case in cases if case.descriptor is not None]
    given = json.dumps([case.descriptor for case in chosen])
    done = subprocess.run([python, "-c", _CHECK], input=given, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    judgements = {case.id: Judgement(**found) for case, found in zip(chosen, answer["answers"], strict=True)}
    return Results(CHECK, answer["version"], judgements)


def run_others(cases: Sequence[Case]) -> list[Results]:
    """Run every other tool that is at hand.

    ``SHUTTLE_STANDARDS`` names a folder with the published profiles; ``SHUTTLE_CONFORMANCE_TOOLS`` is a list such as
    ``check-datapackage=/path/to/its/python``, separated by commas.
    """
    found = [run_frictionless(cases)]
    if standards := os.environ.get("SHUTTLE_STANDARDS"):
        found.append(run_profiles(cases, Path(standards)))
    tools = dict(item.split("=", 1) for item in os.environ.get("SHUTTLE_CONFORMANCE_TOOLS", "").split(",") if item)
    if CHECK in tools:
        found.append(run_check(cases, tools[CHECK]))
    return found


def _file(tool: str) -> Path:
    return RESULTS / f"{tool.replace(' ', '-')}.json"


def store(results: Results, cases: Sequence[Case]) -> None:
    """Keep the results of another tool, each with the checksum of its case."""
    kept = {
        case.id: {"case": case.digest, **_told(results.judgements[case.id])}
        for case in cases
        if case.id in results.judgements
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in kept.items())
    head = f'"tool": {json.dumps(results.tool)}, "version": {json.dumps(results.version)}'
    RESULTS.mkdir(parents=True, exist_ok=True)
    _file(results.tool).write_text(f'{{{head}, "judgements": {{\n{lines}\n}}}}\n', encoding="utf-8")


def _told(judgement: Judgement) -> dict[str, Any]:
    return {key: value for key, value in asdict(judgement).items() if value or value is False}


def stored(tool: str, cases: Sequence[Case]) -> Results | None:
    """Return the results that were kept, without those of cases that were changed since; None where there are none."""
    if not _file(tool).is_file():
        return None
    content = json.loads(_file(tool).read_text(encoding="utf-8"))
    judgements = {}
    for case in cases:
        kept = dict(content["judgements"].get(case.id, {}))
        if kept.pop("case", "") == case.digest:
            judgements[case.id] = Judgement(**kept)
    return Results(content["tool"], content["version"], judgements)
