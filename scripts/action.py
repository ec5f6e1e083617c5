"""The reusable action: install the gate beside the job's own Python, judge a package, and tell the outcome.

Needs nothing but Python. Every input is read from the environment and handed on as one argument, so that none is ever
part of a command; what is printed is what ``shuttle`` prints, in which the data can form no workflow command.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERDICTS = {0: "valid", 1: "invalid"}
_MOST = 900_000  # characters; a step's summary takes a mebibyte


class InputError(Exception):
    """An input of the action is not what it should be."""


def install(folder: Path) -> list[str]:
    """Make an environment with what requirements.lock names, checked by hash, and return the command to run.

    Raises:
        CalledProcessError: it cannot be installed.
    """
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    lock = folder / "requirements.txt"
    _run([sys.executable, "-m", "venv", str(folder)])
    wanted = [sys.executable, str(ROOT / "scripts" / "locked.py"), "--extra", "tools", "hatchling"]
    lock.write_bytes(subprocess.run(wanted, check=True, capture_output=True).stdout)
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    _run([*pip, "--require-hashes", "--only-binary=:all:", "-r", str(lock)])
    _run([*pip, "--no-deps", "--no-build-isolation", str(ROOT)])
    return [str(python), "-m", "shuttle_diplomacy.cli.main"]


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True)


def judge(shuttle: Sequence[str], inputs: Mapping[str, str], reports: Path) -> tuple[int, dict[str, str]]:
    """Judge the package and return the exit code and the action's outputs.

    Args:
        shuttle: the command.
        inputs: ``path``, ``strict``, ``base`` and ``config``, each a text that may be empty.
        reports: the folder for the reports.

    Raises:
        InputError: an input is not what it should be.
    """
    path, config = _place(inputs.get("path", "")), _place(inputs.get("config", ""))
    reports.mkdir(parents=True, exist_ok=True)
    outputs = {"report": str(reports / "report.json"), "summary": str(reports / "report.md"), "difference": ""}
    command = [*shuttle, "validate", "--format=github"]
    command += [f"--output=json={outputs['report']}", f"--output=markdown={outputs['summary']}"]
    command += ["--strict"] if _flag("strict", inputs.get("strict", "")) else []
    command += [f"--config={config}"] if config else []
    code = subprocess.run([*command, *([path] if path else [])], check=False).returncode
    outputs["verdict"] = VERDICTS.get(code, "not judged")
    if base := inputs.get("base", "").strip():
        outputs["difference"] = _difference(shuttle, base, path, reports)
    return code, outputs


def _place(text: str) -> str:
    """Return a path that cannot be taken for an option.

    Examples:
        >>> _place("--trust-sql"), _place("data")
        ('./--trust-sql', 'data')
    """
    if not text.isprintable():
        raise InputError("a path has a character that cannot be seen")
    return f"./{text}" if text.startswith("-") else text


def _flag(name: str, text: str) -> bool:
    if text.strip().lower() not in ("", "true", "false"):
        raise InputError(f"{name} has to be true or false, not {text!r}")
    return text.strip().lower() == "true"


def _difference(shuttle: Sequence[str], base: str, path: str, reports: Path) -> str:
    """Write what changed since a revision, and return the file, or an empty text where nobody can tell."""
    verify = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}"]
    commit = subprocess.run(verify, check=False, capture_output=True, text=True).stdout.strip()
    if not commit:
        print("The base is not in this checkout, so no difference is shown; check out with fetch-depth: 0.")
        return ""
    file = reports / "difference.md"
    old = f"git:{commit}:{_below_top(path)}" if path else f"git:{commit}"
    command = [*shuttle, "diff", "--quiet", f"--output=markdown={file}", old]
    subprocess.run([*command, *([path] if path else [])], check=False)
    return str(file) if file.is_file() else ""


def _below_top(path: str) -> str:
    """Return a path as seen from the root of the repository, also where it is absolute or goes up."""
    top = subprocess.run(["git", "rev-parse", "--show-toplevel"], check=True, capture_output=True, text=True).stdout
    return Path(os.path.relpath(os.path.realpath(path), os.path.realpath(top.rstrip("\n")))).as_posix()


def tell(outputs: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Append the outputs and the summary to the files that Actions names."""
    if target := environment.get("GITHUB_OUTPUT"):
        with Path(target).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())
    if target := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(target).open("a", encoding="utf-8") as file:
            for part in (outputs["summary"], outputs["difference"]):
                if part and Path(part).is_file():
                    file.write(Path(part).read_text(encoding="utf-8")[: _MOST // 2] + "\n\n")


def main() -> int:
    """Install, judge and tell; return the exit code of the judgement."""
    temporary = Path(os.environ["RUNNER_TEMP"])
    inputs = {name: os.environ.get(f"SHUTTLE_{name.upper()}", "") for name in ("path", "strict", "base", "config")}
    try:
        shuttle = install(temporary / "shuttle")
        code, outputs = judge(shuttle, inputs, temporary / "shuttle-reports")
    except (InputError, subprocess.CalledProcessError) as error:
        print(f"shuttle: {error}", file=sys.stderr)
        return 2
    tell(outputs, os.environ)
    return code


if __name__ == "__main__":
    sys.exit(main())
