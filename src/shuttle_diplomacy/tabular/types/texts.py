"""Strings and their formats, and ``any``."""

import polars as pl

from shuttle_diplomacy.package import Field
from shuttle_diplomacy.tabular.types.reading import Reading, one_of, only_default

_UNIT = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"  # pchar of RFC 3986
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_V4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16 = "[0-9A-Fa-f]{1,4}"
_LS32 = f"(?:{_H16}:{_H16}|{_V4})"
_V6 = "|".join(
    [
        f"(?:{_H16}:){{6}}{_LS32}",
        f"::(?:{_H16}:){{5}}{_LS32}",
        f"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
        f"(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LS32}",
        f"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
        f"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
        f"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
        f"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
        f"(?:(?:{_H16}:){{0,6}}{_H16})?::",
    ]
)
_HOST = (
    rf"(?:\[(?:{_V6}|[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
    r"|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
)
_USER = r"(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"
_PATH = rf"(?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_UNIT}*)*|/(?:{_UNIT}+(?:/{_UNIT}*)*)?|{_UNIT}+(?:/{_UNIT}*)*|)"
_REST = rf"(?:{_UNIT}|[/?])*"
_URI = rf"^[A-Za-z][A-Za-z0-9+.-]*:{_PATH}(?:\?{_REST})?(?:#{_REST})?$"
# The common form, a part of the above whose automaton is small and therefore fast.
_WEB = r"^https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?$"

_LETTER = r"\p{L}\p{M}\p{N}"  # of any script: RFC 6531
_ATOM = rf"[{_LETTER}!#$%&'*+/=?^_`{{|}}~-]+"
_QUOTED = rf'"(?:[{_LETTER} !#-\[\]-~]|\\[ -~])*"'
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]*[{_LETTER}])?"
_EMAIL = (
    rf"^(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})"
    rf"@(?:{_LABEL}(?:\.{_LABEL})*|\[(?:{_V4}|IPv6:(?:{_V6}))\])$"
)
_LONGEST_EMAIL = 254  # RFC 5321, with the correction of its errata
_BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_UUID = r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"


def string(field: Field, text: pl.Expr) -> Reading:
    """Return how to read a string in one of its formats."""
    form = one_of(field, ["default", "email", "uri", "binary", "uuid"])
    if form == "default":
        return Reading(text, text, pl.String(), "a text")
    sound, expected = {
        "email": (_is_email(text), "an email address such as name@example.org"),
        "uri": (text.str.contains(_URI), "an absolute URI such as https://example.org/a"),
        "binary": (text.str.contains(_BASE64), "base64 (letters, digits, + and /, filled up with =)"),
        "uuid": (text.str.contains(_UUID), "a UUID such as 123e4567-e89b-12d3-a456-426614174000"),
    }[form]
    if form == "uri":
        value = text.map_batches(_uris, return_dtype=pl.String(), is_elementwise=True)
    else:
        value = pl.when(sound).then(text)
    return Reading(text, value, pl.String(), expected)


def anything(field: Field, text: pl.Expr) -> Reading:
    """Return how to read ``any``: as it is."""
    only_default(field)
    return Reading(text, text, pl.String(), "a text")


def _uris(texts: pl.Series) -> pl.Series:
    if texts.str.contains(_WEB).all():
        return texts
    return pl.select(pl.when(texts.str.contains(_URI)).then(texts)).to_series()


def _is_email(text: pl.Expr) -> pl.Expr:
    """Return whether a text is an addr-spec of RFC 5322 without comments, letters of any script (RFC 6531)."""
    return text.str.contains(_EMAIL) & (text.str.len_bytes() <= _LONGEST_EMAIL)
