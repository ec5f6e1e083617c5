"""Put the computed views into the wheel, so that loading one costs no more than loading a table.

hatchling calls this hook for wheels (https://hatch.pypa.io/latest/plugins/build-hook/custom/). A checkout, also an
editable installation, computes its views each time: there the data may change.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PLACE = "shuttle_diplomacy/data/computed"


class ComputedViews(BuildHookInterface[Any]):
    """Computes every view of the package and adds it as Parquet."""

    PLUGIN_NAME = "custom"
    _folder: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compute the views of this checkout and name them as files of the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "src")))
        from shuttle_diplomacy.dataset.bundled import write_views

        self._folder = Path(tempfile.mkdtemp())
        for file in write_views(self._folder):
            file.chmod(0o644)
            build_data["force_include"][str(file)] = f"{PLACE}/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was computed."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
