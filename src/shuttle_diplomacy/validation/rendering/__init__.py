"""The report in each form: one module a format, one function ``render`` in each."""

import importlib
import re
from typing import Any

from shuttle_diplomacy.validation.report import Report

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def render(report: Report, form: str, **options: Any) -> str:
    """Return the report in one form, a module of this package; the options are those of its own ``render``."""
    module = importlib.import_module(f"{__name__}.{form}")
    shown: str = module.render(report, **options)
    return shown


def fitted(shown: str, form: str, encoding: str) -> str:
    r"""Return a rendered report so that the encoding can hold it, whatever cells it quotes, and still of its format.

    Examples:
        >>> fitted('"\u65e5"', "json", "ascii"), fitted("\u65e5", "junit", "ascii"), fitted("\udc80", "text", "utf-8")
        ('"\\u65e5"', '&#26085;', '\\udc80')
    """
    if form in {"json", "sarif"}:
        try:
            shown.encode(encoding)
        except UnicodeEncodeError:
            return _BEYOND_ASCII.sub(_json_escape, shown)
        return shown
    errors = "xmlcharrefreplace" if form == "junit" else "backslashreplace"
    return shown.encode(encoding, errors).decode(encoding)


def _json_escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
