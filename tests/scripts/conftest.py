"""Fixtures: GitHub on loopback, and the environment that Actions sets."""

import pytest

from tests.scripts.loopback import REPOSITORY, fake_github


@pytest.fixture
def github(monkeypatch):
    with fake_github() as fake:
        monkeypatch.setenv("GITHUB_API_URL", fake.base)
        monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
        monkeypatch.setenv("GITHUB_TOKEN", "secret-token")
        yield fake
