"""Running the SQL that a stranger's package carries: in a child process, bounded in time and memory.

A package's SQL is code. Each query is read by a parser first (:func:`~shuttle_diplomacy.tabular.sql.check_query`);
the child is the second wall, against queries that would run for ever or fill the memory.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from shuttle_diplomacy.errors import ConfigurationError
from shuttle_diplomacy.package import Package, Schema
from shuttle_diplomacy.package.storage import Folder
from shuttle_diplomacy.tabular.package_tables import relations
from shuttle_diplomacy.tabular.views import View, parse_view
from shuttle_diplomacy.validation.rules import Rule, check_sql, parse_rule

SECONDS = 60
MEMORY_BYTES = 4 << 30


def carried_sql(package: Package) -> tuple[list[Rule], list[View]]:
    """Return the rules and views that a released package carries (``shuttle:rules``, ``shuttle:views``).

    Raises:
        ConfigurationError: a file is not written as a rule or view.
        UnreadableError: a file is not there.
        UnsafePathError: a path leads out of the package.
    """
    read = package.storage.read
    named = {key: _paths(package, key) for key in ("shuttle:rules", "shuttle:views")}
    rules = [parse_rule(_text(read(path), path), path) for path in named["shuttle:rules"]]
    views = [_carried_view(package, path) for path in named["shuttle:views"] if path.endswith(".sql")]
    return rules, views


def _carried_view(package: Package, path: str) -> View:
    def read_schema() -> bytes:
        return package.storage.read(path.removesuffix(".sql") + ".json")

    return parse_view(Path(path).stem, _text(package.storage.read(path), path), read_schema, path)


def _paths(package: Package, key: str) -> list[str]:
    value = package.descriptor.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigurationError(f"{package.where}: {key!r} has to be a list of paths")
    return value


def _text(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8") from error


def run_in_child(
    package: Package,
    frames: Mapping[str, pl.DataFrame],
    rules: Sequence[Rule],
    views: Sequence[View],
    *,
    seconds: float = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> dict[str, pl.DataFrame]:
    """Return the result of each rule, by its id.

    Raises:
        ConfigurationError: a query is not allowed or cannot run, or the child did not end within its limits.
    """
    check_sql(rules, views, relations(package, frames, list(views)).names)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, frame in frames.items():
            frame.write_ipc(place / f"{_safe(name)}.arrow")
        task = {
            "descriptor": package.descriptor,
            "tables": {name: f"{_safe(name)}.arrow" for name in frames},
            "rules": [{"id": rule.id, "query": rule.query, "where": rule.where} for rule in rules],
            "views": [{"name": v.name, "query": v.query, "schema": v.schema.descriptor} for v in views],
            "memory": memory_bytes,
            "seconds": seconds,
        }
        (place / "task.json").write_text(json.dumps(task), encoding="utf-8")
        _run(place, seconds)
        return {rule.id: pl.read_ipc(place / f"result-{i}.arrow") for i, rule in enumerate(rules)}


def _safe(name: str) -> str:
    return name.encode().hex()


def _run(place: Path, seconds: float) -> None:
    command = [sys.executable, "-I", "-m", __name__, str(place)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ConfigurationError(f"the package's SQL did not end within {seconds:g} seconds") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["it needed too much memory"]
        raise ConfigurationError(f"the package's SQL cannot run: {reason[0][:300]}")


def main(place: Path) -> None:
    """Run the task of a folder in this process, under the limits that it names."""
    task = json.loads((place / "task.json").read_text(encoding="utf-8"))
    _limit(task["memory"], task["seconds"])
    frames = {name: pl.read_ipc(place / file) for name, file in task["tables"].items()}
    views = [View(v["name"], v["query"], Schema(v["schema"]), v["name"]) for v in task["views"]]
    sql = relations(Package(task["descriptor"], Folder(place)), frames, views)
    for number, rule in enumerate(task["rules"]):
        sql.query(rule["query"], rule["where"]).write_ipc(place / f"result-{number}.arrow")


def _limit(memory_bytes: int, seconds: float) -> None:
    """Bound this process; systems without resource limits have the parent's time limit alone."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) * 8, int(seconds) * 8))
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    )
    resource.setrlimit(resource.RLIMIT_AS, (used + memory_bytes, used + memory_bytes))


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except ConfigurationError as error:
        sys.exit(str(error))
