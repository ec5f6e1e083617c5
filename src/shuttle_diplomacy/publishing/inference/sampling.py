"""What a sample of a file says: its encoding, its delimiter, and the types that frictionless infers."""

import codecs
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from shuttle_diplomacy.errors import UnreadableError
from shuttle_diplomacy.tabular.encoding import TextStream, codec_of

TYPES = ("integer", "number", "boolean", "date", "datetime", "time", "yearmonth", "object", "array")
_DELIMITERS = (",", ";", "\t", "|")
_BYTES, _ROWS = 1 << 20, 1000
_BLOCK = 1 << 20
_CONFIDENCE = 0.9  # of the sample; every row is looked at afterwards, and what does not fit is told


@dataclass(frozen=True)
class Sample:
    """What was inferred from the beginning of a file.

    Attributes:
        encoding: to be declared.
        dialect: to be declared, empty for plain CSV.
        types: the inferred type of each column; one that is not in ``TYPES`` is ``string``.
        notes: what was guessed, and what stood in the way.
    """

    encoding: str = "utf-8"
    dialect: dict[str, Any] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sample_of(file: Path) -> Sample:
    """Return what the beginning of a file says.

    Raises:
        UnreadableError: the file cannot be read.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(_BYTES)
        encoding, notes = _encoding(file, head)
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}") from error
    text = _whole_lines(head, encoding)
    dialect, types, failure = _inferred(text)
    if file.suffix.lower() in (".tsv", ".tab"):
        dialect["delimiter"] = "\t"
    return Sample(encoding, dialect, types, [*notes, *([failure] if failure else [])])


def _encoding(file: Path, head: bytes) -> tuple[str, list[str]]:
    """Return the encoding of the whole file; UTF-8 is certain, anything else is a guess and told."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", []
    place = _first_fault(file, "utf-8")
    if place is None:
        return "utf-8", []
    from frictionless import Detector

    guess = str(Detector().detect_encoding(head[place : place + 10_000] if place < len(head) else head))
    try:
        fits = codec_of(guess).name not in ("utf-8", "ascii", "utf-8-sig") and _first_fault(file, guess) is None
    except UnreadableError:
        fits = False
    name = guess if fits else "cp1252"
    return name, [
        f"it is not UTF-8; the encoding {name} is a guess: look at letters with accents, or store it as UTF-8"
    ]


def _first_fault(file: Path, encoding: str) -> int | None:
    """Return roughly where a file stops to be text in an encoding, None where it is text to its end."""
    with file.open("rb") as stream:
        text = TextStream(stream, encoding)
        place = sum(map(len, text.chunks(_BLOCK)))
        return place if text.fault else None


def _whole_lines(head: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(head).removeprefix("\ufeff")
    return text if len(head) < _BYTES else text[: text.rfind("\n") + 1] or text


def _inferred(text: str) -> tuple[dict[str, Any], list[str], str]:
    """Return dialect and types as frictionless infers them from bytes, so that no name of a file reaches it."""
    from frictionless import Detector, Resource

    detector = Detector(sample_size=_ROWS, field_confidence=_CONFIDENCE)
    resource = Resource(BytesIO(text.encode()).getvalue(), format="csv", encoding="utf-8", detector=detector)
    try:
        resource.infer(stats=False)
        found = resource.to_descriptor()
    except Exception as error:  # noqa: BLE001 (another program's faults of any kind are told, not shown)
        return {}, [], f"frictionless could infer nothing ({type(error).__name__}); every field is a string"
    declared = found.get("dialect", {})
    dialect: dict[str, Any] = {}
    if (delimiter := declared.get("csv", {}).get("delimiter", ",")) in _DELIMITERS[1:]:
        dialect["delimiter"] = delimiter
    if declared.get("csv", {}).get("skipInitialSpace") is True:
        dialect["skipInitialSpace"] = True
    if declared.get("header") is False:
        dialect["header"] = False
    fields = found.get("schema", {}).get("fields", [])
    return dialect, [f["type"] if f.get("type") in TYPES else "string" for f in fields], ""
