"""A slice of what ``make fuzz`` does at length: whatever a package is, it gives a report or one of our errors."""

import os
from pathlib import Path

import pytest

from tests.fuzzing.areas import AREAS, case_of
from tests.fuzzing.cases import SECRET, Case, Link
from tests.fuzzing.oracle import Failure, Guard, judge, preload
from tests.fuzzing.reducing import reduced
from tests.fuzzing.seeds import SEEDS

SLICE = 60
SEED = 4


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Guard:
    preload()
    return Guard(tmp_path_factory.mktemp("fuzzing"))


@pytest.mark.parametrize("area", AREAS)
def test_no_package_breaks_a_promise(area: str, guard: Guard) -> None:
    broken = {}
    for number in range(SLICE):
        failures, _ = judge(case_of(SEED, number, area), guard)
        if failures:
            broken[f"python -m scripts.fuzz --area {area} --replay {SEED}:{number}"] = failures
    assert broken == {}


def test_a_case_is_the_same_each_time() -> None:
    assert [case_of(1, n).files for n in range(200)] == [case_of(1, n).files for n in range(200)]


@pytest.mark.parametrize("area", AREAS)
def test_the_cases_of_an_area_differ(area: str) -> None:
    assert len({repr(case_of(1, n, area).files) for n in range(40)}) > 20


class _Broken:
    """Stands in for a validation that does what none may do."""

    def __init__(self, action: str) -> None:
        self.action = action

    def __call__(self, where: Path, failures: list[Failure]) -> str:
        if self.action == "reads outside":
            (where.parent / "outside" / "secret.csv").read_text(encoding="utf-8")
        elif self.action == "follows a link":
            (where / "link.csv").read_bytes()
        elif self.action == "connects":
            import socket

            with socket.socket() as one:
                one.connect_ex(("127.0.0.1", 1))
        elif self.action == "writes":
            (where / "new").write_text("x", encoding="utf-8")
        elif self.action == "reads the environment":
            Path("/proc/self/environ").read_bytes()
        elif self.action == "warns":
            import warnings

            warnings.warn("deprecated", DeprecationWarning, stacklevel=1)
        elif self.action == "waits":
            (where / "pipe.csv").read_bytes()
        elif self.action == "leaves a file behind":
            import tempfile

            tempfile.mkstemp()
        elif self.action == "raises":
            raise ValueError(SECRET)
        return "valid"


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("reads outside", "breach open"),
        ("follows a link", "breach open"),
        ("connects", "breach socket.connect"),
        ("writes", "breach open"),
        ("reads the environment", "breach open"),
        ("warns", "warned"),
        ("waits", "slow"),
        ("leaves a file behind", "breach left"),
        ("raises", "raised ValueError"),
    ],
)
def test_the_guard_sees_what_may_not_happen(
    action: str, kind: str, guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fuzzing import oracle
    from tests.fuzzing.cases import Pipe

    monkeypatch.setattr(oracle, "_run", _Broken(action))
    failures, _ = judge(Case("x", {"link.csv": Link("{outside}/secret.csv"), "pipe.csv": Pipe()}), guard, seconds=0.2)
    assert kind in {f.kind for f in failures}


def test_the_guard_sees_nothing_where_nothing_happens(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fuzzing import oracle

    monkeypatch.setattr(oracle, "_run", _Broken("does nothing"))
    assert judge(Case("x", {"t.csv": b"id\n"}), guard) == ([], "valid")


def test_files_that_polars_reads_are_seen_too(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl

    from tests.fuzzing import oracle

    def read(where: Path, _failures: list[Failure]) -> str:
        pl.scan_csv(os.fspath(where.parent / "outside" / "secret.csv")).collect()
        return "valid"

    monkeypatch.setattr(oracle, "_run", read)
    assert judge(Case("x", {"t.csv": b"id\n"}), guard)[0]


def test_a_failing_case_is_made_as_small_as_possible() -> None:
    case = Case("x", {"t.csv": b"id\n1\n2\n", "u.csv": b""}).with_descriptor(
        {"name": "p", "resources": [{"path": 1, "name": "t"}]}
    )
    small = reduced(case, lambda c: b"path" in bytes(c.files.get("datapackage.json", b"")))
    assert dict(small.files) == {"datapackage.json": b'{"resources": [{"path": 1}]}'}


@pytest.mark.parametrize("seed", SEEDS, ids=lambda s: s.__name__)
def test_seeds_are_packages_that_are_judged(seed: object, guard: Guard) -> None:
    from random import Random

    for number in range(5):
        failures, ended = judge(seed(Random(number)), guard)  # type: ignore[operator]
        assert failures == []
        assert ended in {"valid", "invalid"}
