"""Terms of the controlled vocabularies that DCAT-AP asks for: languages, file types, media types, kinds of licence.

Source: DCAT-AP 3.0.1, "Controlled Vocabularies"; the code lists are those of the EU's Publications Office, the kinds
of licence those of ADMS, the media types those that IANA registers. What is not known has a term of its own there,
or is left out; nothing is guessed.
"""

import re

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_ADMS_LICENCE = "http://purl.org/adms/licencetype/"
_IANA = "https://www.iana.org/assignments/media-types/"
_REGISTERED = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/(?!x-)[A-Za-z0-9!#$&^_.+-]+"
)

AVAILABLE = f"{_AUTHORITY}planned-availability/AVAILABLE"
THEMES = f"{_AUTHORITY}data-theme"
_TWO_LETTERS = re.compile(r"[a-z]{2}")
# The tables' own entry for what is not known yet.
NO_THEME = f"{THEMES}/OP_DATPRO"
NO_PLACE = f"{_AUTHORITY}country/OP_DATPRO"
NO_LANGUAGE = f"{_AUTHORITY}language/UND"
UNKNOWN_LICENCE = f"{_ADMS_LICENCE}UnknownIPR"

# Common languages: the tags' first parts, and below each the EU's code.
_TAGS = "ar bg cs da de el en es et fi fr ga hi hr hu it ja ko lt lv mt nl no pl pt ro ru sk sl sv tr uk zh"
_CODES = (
    "ARA BUL CES DAN DEU ELL ENG SPA EST FIN FRA GLE HIN HRV HUN ITA "
    "JPN KOR LIT LAV MLT NLD NOR POL POR RON RUS SLK SLV SWE TUR UKR ZHO"
)
_LANGUAGES = dict(zip(_TAGS.split(), _CODES.split(), strict=True))
_FILE_TYPES = {
    "csv": "CSV",
    "geojson": "GEOJSON",
    "json": "JSON",
    "jsonld": "JSON_LD",
    "parquet": "PARQUET",
    "tsv": "TSV",
    "txt": "TXT",
    "xlsx": "XLSX",
    "xml": "XML",
    "zip": "ZIP",
}
_LICENCES = (
    (re.compile(r"(CC0|CC-PDDC|PDDL|ODC-PDDL|UNLICENSE)(-.*)?"), ("PublicDomain",)),
    (re.compile(r"(CC-BY|ODC-BY|OGL|ETALAB|NLOD)(-.*)?"), ("Attribution",)),
    (re.compile(r"(CC-BY-(NC-)?SA|ODBL|GPL|AGPL|LGPL|CDLA-SHARING|GFDL)(-.*)?"), ("ViralEffect-ShareAlike",)),
    (re.compile(r"ODBL(-.*)?"), ("Attribution",)),
    (re.compile(r"CC-BY-NC(-.*)?"), ("NonCommercialUseOnly",)),
    (re.compile(r"CC-BY-(NC-)?ND(-.*)?"), ("NoDerivativeWork",)),
)


def language(tag: str) -> str:
    """Return the term for a language: the EU's where it is among the common ones, else the Library of Congress'.

    Examples:
        >>> language("en-GB")
        'http://publications.europa.eu/resource/authority/language/ENG'
        >>> language("is"), language("haw")
        ('http://id.loc.gov/vocabulary/iso639-1/is', 'http://id.loc.gov/vocabulary/iso639-2/haw')
    """
    primary = tag.lower().partition("-")[0]
    if code := _LANGUAGES.get(primary):
        return f"{_AUTHORITY}language/{code}"
    table = "iso639-1" if _TWO_LETTERS.fullmatch(primary) else "iso639-2"
    return f"http://id.loc.gov/vocabulary/{table}/{primary}"


def media_type(value: str) -> str | None:
    """Return the term for a media type without parameters, None for one that IANA cannot have registered.

    Examples:
        >>> media_type("text/csv; header=present")
        'https://www.iana.org/assignments/media-types/text/csv'
        >>> media_type("application/x-r-data") is None
        True
    """
    name = value.partition(";")[0].strip().lower()
    return _IANA + name if _REGISTERED.fullmatch(name) else None


def file_type(ending: str) -> str | None:
    """Return the EU's term for a format, given as a file's ending; None where it is not among the common ones.

    Examples:
        >>> file_type("CSV"), file_type("rds")
        ('http://publications.europa.eu/resource/authority/file-type/CSV', None)
    """
    code = _FILE_TYPES.get(ending.lower())
    return f"{_AUTHORITY}file-type/{code}" if code else None


def licence_types(name: str) -> list[str]:
    """Return the kinds of a licence, known by its name (its SPDX identifier).

    Examples:
        >>> [kind.rpartition("/")[2] for kind in licence_types("CC-BY-NC-SA-4.0")]
        ['Attribution', 'NonCommercialUseOnly', 'ViralEffect-ShareAlike']
        >>> licence_types("house rules")
        ['http://purl.org/adms/licencetype/UnknownIPR']
    """
    found = {kind for pattern, kinds in _LICENCES if pattern.fullmatch(name.upper()) for kind in kinds}
    return [_ADMS_LICENCE + kind for kind in sorted(found)] or [UNKNOWN_LICENCE]
