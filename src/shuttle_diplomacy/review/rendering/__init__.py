"""Differences and reviews in each form: one module a format."""

import importlib
from typing import TYPE_CHECKING

from shuttle_diplomacy.review.difference import Difference
from shuttle_diplomacy.review.semver import Verdict

if TYPE_CHECKING:
    from shuttle_diplomacy.review.reviewed import Review

FORMATS = ("text", "markdown", "json")
DEFAULT_LIMITS = {"text": 20, "markdown": 20, "json": 1000}


def render(difference: Difference, verdict: Verdict, form: str, limit: int | None = None) -> str:
    """Return a difference in one form.

    Args:
        difference: what differs.
        verdict: what it asks of the version.
        form: one of :data:`FORMATS`.
        limit: how much is listed of each kind and table (0: all; None: the form's own measure); counts are true.
    """
    module = importlib.import_module(f"{__name__}.{form}")
    shown: str = module.render(difference, verdict, most(form, limit))
    return shown


def render_review(review: "Review", form: str, limit: int | None = None) -> str:
    """Return a review in one form; see :func:`render`."""
    module = importlib.import_module(f"{__name__}.review_{form}")
    shown: str = module.render(review, most(form, limit))
    return shown


def most(form: str, limit: int | None) -> int | None:
    """Return how much is listed, None for all.

    Examples:
        >>> most("json", 0), most("text", None)
        (None, 20)
    """
    return (DEFAULT_LIMITS[form] if limit is None else limit) or None
