"""What every workflow, and the action, has to keep to."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTION = ROOT / "action.yml"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*")
WRITING = {
    ("comment", "comment"): {"pull-requests"},
    ("links", "issue"): {"issues"},
    ("release", "attest"): {"attestations", "id-token"},
    ("release", "draft"): {"contents"},
    ("release", "pages"): {"pages", "id-token"},
    ("release", "pypi"): {"id-token"},
    ("release", "publish"): {"contents"},
}
JOBS = [(file, name) for file in WORKFLOWS for name in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]]
by_stem = pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
by_job = pytest.mark.parametrize(("file", "job"), JOBS, ids=[f"{file.stem}-{job}" for file, job in JOBS])


def read(file: Path) -> dict[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return content | {"on": content.pop(True, None)}  # YAML takes "on" for a truth value


def steps(file: Path) -> list[dict[str, Any]]:
    content = read(file)
    jobs = content["jobs"].values() if "jobs" in content else [content["runs"]]
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.stem)
def test_every_action_is_pinned_with_its_version(file):
    used = re.findall(r"^\s*-? ?uses: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(used) == sum("uses" in step for step in steps(file))
    assert [use for use in used if not PINNED.fullmatch(use)] == []


def test_an_action_has_one_commit_everywhere():
    files = [*WORKFLOWS, ACTION, ROOT / "src/shuttle_diplomacy/publishing/inference/starter.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"uses: ([\w.-]+/[\w./-]+)@([0-9a-f]{40} # v[\d.]+)", text))
    assert len(used) == len({name for name, _ in used})


@by_stem
def test_nothing_is_permitted_at_the_top(file):
    assert read(file)["permissions"] == {}


@by_job
def test_a_job_may_do_no_more_than_it_has_to(file, job):
    permissions = read(file)["jobs"][job].get("permissions", {})
    assert {name for name, right in permissions.items() if right == "write"} == WRITING.get((file.stem, job), set())
    assert set(permissions.values()) <= {"read", "write"}


@by_job
def test_a_job_ends_and_keeps_no_credentials(file, job):
    content = read(file)["jobs"][job]
    assert content["timeout-minutes"] <= 120
    for step in content["steps"]:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@by_stem
def test_runs_do_not_pile_up(file):
    assert "cancel-in-progress" in read(file)["concurrency"]


@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.stem)
def test_no_expression_stands_in_a_command(file):
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


def test_pull_requests_see_no_secret_and_no_right_to_write():
    asked = [file for file in WORKFLOWS if "pull_request" in read(file)["on"]]
    assert [file.stem for file in asked] == ["validate"]
    for file in asked:
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            r"secrets|github\.token|GITHUB_TOKEN|write", text.replace("right to write", "").replace("no secret", "")
        )
    assert not any("pull_request_target" in file.read_text(encoding="utf-8") for file in WORKFLOWS)


def test_what_follows_a_pull_request_checks_out_nothing_of_it():
    [file] = [file for file in WORKFLOWS if "workflow_run" in read(file)["on"]]
    assert all(set(step.get("with", {})) <= {"persist-credentials", "python-version"} for step in steps(file))
    assert read(file)["on"]["workflow_run"]["workflows"] == [read(ROOT / ".github/workflows/validate.yml")["name"]]


@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.stem)
def test_scripts_that_are_named_exist_and_take_their_arguments(file):
    for step in steps(file):
        command = step.get("run", "")
        for module in re.findall(r"-m scripts\.(\w+)|scripts/(\w+)\.py", command):
            assert (ROOT / "scripts" / f"{''.join(module)}.py").is_file()
        for module, arguments in re.findall(r"-m scripts\.(\w+)([^\n]*)", command):
            shown = subprocess.run(
                [sys.executable, "-m", f"scripts.{module}", "--help"],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert all(option in shown for option in re.findall(r"(?<=\s)--[a-z-]+", arguments))


@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.stem)
def test_targets_of_make_exist(file):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for targets in (
        t for step in steps(file) for t in re.findall(r"^make([^\n;&|]*)", step.get("run", ""), re.MULTILINE)
    ):
        for target in targets.split():
            assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE) or target == ".venv/.ready"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("file", [*WORKFLOWS, ACTION], ids=lambda file: file.stem)
def test_commands_are_sound_shell(file):
    for step in steps(file):
        subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, check=True)


def test_tests_run_on_every_version_that_is_promised():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = [c.rpartition(" ")[2] for c in project["classifiers"] if re.search(r":: 3\.\d+$", c)]
    assert read(ROOT / ".github/workflows/validate.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == promised


def test_hooks_install_the_tools_and_name_real_verbs():
    from shuttle_diplomacy.cli.main import VERBS

    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        assert hook["entry"].split()[1] in VERBS
        assert hook["additional_dependencies"] == [".[tools]"]


def test_inputs_of_the_action_reach_its_script():
    content = read(ACTION)
    given = content["runs"]["steps"][-1]["env"]
    assert {f"SHUTTLE_{name.upper()}" for name in content["inputs"]} <= set(given)
    outputs = re.findall(r"steps\.shuttle\.outputs\.(\w+)", str(content["outputs"]))
    assert sorted(outputs) == ["difference", "report", "summary", "verdict"]
