"""Charts of this dataset as Altair objects, readable in print, in greyscale and by the colour-blind.

Each function takes frames as :func:`shuttle_diplomacy.load` or an opened release gives them, whole or filtered, and
returns an Altair chart. It needs the ``charts`` extra: ``pip install 'shuttle-diplomacy[charts]'``. No network is used.

Examples:
    >>> import shuttle_diplomacy as sd
    >>> from shuttle_diplomacy import charts
    >>> chart = charts.evidence_grades(sd.load("evidence_by_table"))
    >>> chart.to_dict()["title"]["text"]
    '... have evidence of grade A or B'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from shuttle_diplomacy.errors import MissingExtraError

if TYPE_CHECKING:
    from shuttle_diplomacy.charts.atlas import places
    from shuttle_diplomacy.charts.gaps import encounters
    from shuttle_diplomacy.charts.grades import evidence_grades
    from shuttle_diplomacy.charts.matrix import issues_by_summit
    from shuttle_diplomacy.charts.outcomes import follow_through
    from shuttle_diplomacy.charts.years import activity

__all__ = ["activity", "encounters", "evidence_grades", "follow_through", "issues_by_summit", "places"]

# No module is called as its function: a module that is imported becomes an attribute of this package.
_MODULES = {
    "activity": "years",
    "encounters": "gaps",
    "evidence_grades": "grades",
    "follow_through": "outcomes",
    "issues_by_summit": "matrix",
    "places": "atlas",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("shuttle_diplomacy"):
            raise
        raise MissingExtraError(
            f"charts.{name} needs {error.name}, which is not installed; "
            "install the charts with: pip install 'shuttle-diplomacy[charts]'"
        ) from error


def __dir__() -> list[str]:
    return sorted(__all__)
