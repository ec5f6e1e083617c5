"""The files beside a package that let a repository check itself: a configuration and a workflow."""

import json
import re
from pathlib import Path

from shuttle_diplomacy.errors import ConfigurationError

CONFIGURATION = "shuttle.toml"
WORKFLOW = ".github/workflows/data.yml"
_ACTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}")
_WORKFLOW = """\
# Judges the data of every push and pull request; needs no secrets, so it works for forks too.
name: data

on:
  pull_request:
  push:

permissions: {{}}

concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true

jobs:
  validate:
    name: validate the data
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read # to check out
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
          fetch-depth: 0 # the base of a pull request is needed to show what changed
      - uses: {action}
        with:
          path: {path}
          base: ${{{{ github.event.pull_request.base.sha }}}}
"""


def repository_of(folder: Path) -> Path:
    """Return the root of the repository around a folder; the folder itself where there is none."""
    here = folder.resolve()
    return next((place for place in [here, *here.parents] if (place / ".git").exists()), here)


def configuration_text(path: str) -> str:
    """Return the configuration of a repository whose package is at a path.

    Examples:
        >>> print(configuration_text("data"), end="")
        # What shuttle needs to know of this repository.
        package = "data"
    """
    return f"# What shuttle needs to know of this repository.\npackage = {_quoted(path)}\n"


def workflow_text(path: str, action: str) -> str:
    """Return a GitHub workflow that judges the package at a path.

    Raises:
        ConfigurationError: the action is not pinned, or the path cannot be written there.

    Examples:
        >>> workflow_text("data", "owner/name@main")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.errors.ConfigurationError: 'owner/name@main' is no pinned action; write OWNER/NAME@COMMIT ...
    """
    if not _ACTION.fullmatch(action):
        raise ConfigurationError(
            f"{action!r} is no pinned action; write OWNER/NAME@COMMIT with all 40 digits of the commit, "
            "because a branch or tag can be moved"
        )
    return _WORKFLOW.format(action=action, path=_quoted(path))


def _quoted(path: str) -> str:
    r"""Return a path in double quotes, as both YAML and TOML read it.

    Raises:
        ConfigurationError: GitHub would take part of it for an expression, or it holds what cannot be seen.

    Examples:
        >>> print(_quoted('a "b"'))
        "a \"b\""
    """
    if "${{" in path or not path.isprintable():
        raise ConfigurationError(f"the folder {path!r} cannot be named in such a file; rename it")
    return json.dumps(path, ensure_ascii=False)
