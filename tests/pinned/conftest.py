import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shuttle_diplomacy.dataset.pinned import opening
from shuttle_diplomacy.dataset.pinned.download import Bounds
from tests.pinned.server import ReleaseServer, serving


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReleaseServer]:
    with serving() as running:
        monkeypatch.setenv("SHUTTLE_BASE_URL", running.base)
        yield running


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [n for n in os.environ if n.startswith("SHUTTLE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SHUTTLE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets other bounds for all downloads of a test."""

    def set_bounds(**changes: float) -> None:
        monkeypatch.setattr(opening, "DEFAULT_BOUNDS", Bounds(**{"pause_seconds": 0, **changes}))

    return set_bounds


def files(root: Path) -> list[str]:
    """Return the names of all files of the cache that are not about addresses."""
    return sorted(p.name for p in (root / "releases").rglob("*") if p.is_file())
