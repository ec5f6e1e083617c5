"""The bytes of a file as sound UTF-8, chunk by chunk: what is behind the declared encoding, and where it fails."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from shuttle_diplomacy.errors import UnreadableError

_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_LONGEST_BOM = 4
# Codecs of Python that spell text in another text; no file is stored so.
_SPELLINGS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape"}


class UnknownEncodingError(UnreadableError):
    """The declared encoding is none that is known, or is none of text."""


@dataclass(frozen=True)
class Fault:
    """Where a file stops to be text: what is wrong at the place that follows the last chunk."""

    note: str


def codec_of(name: str) -> codecs.CodecInfo:
    """Return the codec of a declared encoding.

    Raises:
        UnknownEncodingError: there is none.

    Examples:
        >>> codec_of("UTF8").name
        'utf-8'
        >>> codec_of("rot13")
        Traceback (most recent call last):
        ...
        shuttle_diplomacy.tabular.encoding.UnknownEncodingError: the encoding 'rot13' is not known; ...
    """
    with suppress(LookupError, ValueError, UnicodeError):
        codec = codecs.lookup(name)
        "".encode(name)
        if codec.name.replace("-", "_") not in _SPELLINGS:
            return codec
    raise UnknownEncodingError(f"the encoding {name!r} is not known; store the file as UTF-8 and declare 'utf-8'")


class TextStream:
    """Reads one file as UTF-8.

    Attributes:
        encoding: the codec's name.
        assumed: what was taken from the file rather than from the descriptor, as a sentence; or an empty text.
        bom: number of bytes of a byte order mark at the start.
        fault: set once reading stopped at bytes that are no text.
        exact: whether an offset in the UTF-8 text is, with ``bom`` added, one in the file.
        single: whether each code point is one byte in the file.
    """

    def __init__(self, stream: BinaryIO, declared: str | None) -> None:
        self._stream = stream
        self._head = stream.read(_LONGEST_BOM)
        self.assumed = ""
        self.fault: Fault | None = None
        name = declared or "utf-8"
        found = next((known for mark, known in _BOMS.items() if self._head.startswith(mark)), None)
        if declared is None and found not in (None, "utf-8"):
            name = str(found)
            self.assumed = f"no encoding is declared; the byte order mark says {found}"
        self.encoding = codec_of(name).name
        self.exact = self.encoding in ("utf-8", "ascii", "utf-8-sig")
        self.single = not self.exact and _is_single_byte(codec_of(name))
        self.bom = len(codecs.BOM_UTF8) if self.exact and found == "utf-8" else 0

    def chunks(self, size: int) -> Iterator[bytes]:
        """Yield the text as UTF-8, cut between characters; ends early at a fault.

        Args:
            size: how many bytes to read at a time.
        """
        # An ASCII file is read as UTF-8: what is beyond ASCII is then a fault of its own.
        decoder = codecs.getincrementaldecoder("ascii" if self.encoding == "ascii" else self._decoder)()
        head, first = self._head[self.bom :], True
        while True:
            chunk = head + self._stream.read(max(size - len(head), 1))
            head = b""
            if not chunk:
                break
            sound = self._sound(decoder, chunk, first=first)
            first = False
            if sound:
                yield sound
            if self.fault:
                return
        self._finish(decoder)

    @property
    def _decoder(self) -> str:
        return "utf-8" if self.encoding == "utf-8-sig" else self.encoding

    def _sound(self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, first: bool) -> bytes:
        """Return the UTF-8 of a chunk up to the first byte that is no text."""
        state = decoder.getstate()
        plain = self.exact and not state[0] and chunk.isascii()
        content = chunk if plain else self._decoded(decoder, state, chunk)
        if first and not self.exact:
            content = content.removeprefix(codecs.BOM_UTF8)
        nul = content.find(b"\0")
        if nul >= 0:
            self.fault = Fault("the file holds a NUL byte, so it is no text; remove it")
            return content[:nul]
        return content

    def _decoded(self, decoder: codecs.IncrementalDecoder, state: tuple[bytes, int], chunk: bytes) -> bytes:
        try:
            return decoder.decode(chunk).encode("utf-8")
        except UnicodeDecodeError as error:
            advice = "declare the encoding that it has, or store the file as UTF-8"
            found = f"0x{error.object[error.start]:02x}"
            self.fault = Fault(f"the byte {found} is not valid {self.encoding.upper()} here; {advice}")
        except UnicodeError as error:  # a decoder that gives no place
            self.fault = Fault(f"the file cannot be read as {self.encoding.upper()}: {error}")
        decoder.setstate(state)
        return _up_to_fault(decoder, chunk)

    def _finish(self, decoder: codecs.IncrementalDecoder) -> None:
        try:
            decoder.decode(b"", final=True)
        except UnicodeError:
            self.fault = Fault(f"the file ends inside a character of {self.encoding.upper()}")


def _up_to_fault(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    """Return as UTF-8 what can be decoded before the first byte that cannot."""
    found, at = [], 0
    for size in (1 << 16, 1 << 8, 1):
        while at < len(chunk):
            state = decoder.getstate()
            try:
                found.append(decoder.decode(chunk[at : at + size]))
            except UnicodeError:
                decoder.setstate(state)
                break
            at += size
    return "".join(found).encode("utf-8", errors="ignore")


def _is_single_byte(codec: codecs.CodecInfo) -> bool:
    """Return whether an encoding has a character for each of its bytes, as far as it has any.

    Examples:
        >>> [_is_single_byte(codec_of(name)) for name in ("cp1252", "utf-16", "shift_jis")]
        [True, False, False]
    """
    every = bytes(range(256))
    try:
        text, _ = codec.decode(every, "replace")
    except UnicodeError:
        return False
    return len(text) == len(every) and not codec.name.startswith(("utf", "big5", "gb", "euc", "shift", "iso2022", "hz"))
