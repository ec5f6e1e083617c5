"""From the bytes of a file to sound UTF-8, however the file is cut into chunks."""

import codecs
import io

import pytest

from shuttle_diplomacy.tabular.encoding import TextStream, UnknownEncodingError, codec_of

TEXT = "id,ü\n한국,日本\n𝄞,x\n"
SIZES = (1, 2, 3, 7, 1 << 10)


def read(content: bytes, declared: str | None, size: int) -> tuple[str, TextStream]:
    text = TextStream(io.BytesIO(content), declared)
    return b"".join(text.chunks(size)).decode("utf-8"), text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("declared", "content"),
    [
        (None, TEXT.encode()),
        ("utf-8", TEXT.encode("utf-8-sig")),
        ("utf-8-sig", TEXT.encode("utf-8-sig")),
        ("UTF8", TEXT.encode()),
        (None, TEXT.encode("utf-16")),
        (None, codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")),
        (None, TEXT.encode("utf-32")),
        (None, codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be")),
        ("utf-16", TEXT.encode("utf-16")),
        ("utf-16-le", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")),
        ("utf-16-be", TEXT.encode("utf-16-be")),
        ("gb18030", TEXT.encode("gb18030")),
        ("utf-7", TEXT.encode("utf-7")),
    ],
)
def test_every_encoding_gives_the_same_text(declared, content, size):
    found, text = read(content, declared, size)
    assert (found, text.fault) == (TEXT, None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["latin-1", "cp1252", "iso-8859-15", "mac-roman"])
def test_single_byte_encodings(name, size):
    assert read("é,ß\nà".encode(name), name, size)[0] == "é,ß\nà"


def test_only_one_byte_order_mark_is_dropped():
    assert read(codecs.BOM_UTF8 * 2 + b"a", None, 1)[0] == "\ufeffa"


def test_a_byte_order_mark_does_not_overrule_what_is_declared():
    found, text = read("é".encode("utf-16"), "latin-1", 10)
    assert (found, text.assumed) == ("ÿþé\0".rstrip("\0"), "")
    assert text.fault is not None


@pytest.mark.parametrize(
    ("content", "declared", "assumed"),
    [
        (b"a", None, ""),
        (codecs.BOM_UTF8 + b"a", None, ""),
        ("a".encode("utf-16"), None, "no encoding is declared; the byte order mark says utf-16"),
        ("a".encode("utf-32"), None, "no encoding is declared; the byte order mark says utf-32"),
        ("a".encode("utf-16"), "utf-16", ""),
    ],
)
def test_what_is_taken_from_the_file_is_told(content, declared, assumed):
    assert read(content, declared, 10)[1].assumed == assumed


@pytest.mark.parametrize(
    ("declared", "exact", "single"),
    [
        ("utf-8", True, False),
        ("ascii", True, False),
        ("utf-8-sig", True, False),
        ("latin-1", False, True),
        ("cp1252", False, True),
        ("utf-16", False, False),
        ("shift_jis", False, False),
        ("big5", False, False),
        ("euc_kr", False, False),
        ("iso2022_jp", False, False),
        ("johab", False, False),
        ("cp932", False, False),
        ("cp949", False, False),
        ("cp950", False, False),
        ("utf-7", False, False),
    ],
)
def test_which_encodings_give_offsets(declared, exact, single):
    text = TextStream(io.BytesIO(b"a"), declared)
    assert (text.exact, text.single) == (exact, single)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("content", "declared", "sound", "note"),
    [
        (b"ab\xffcd", None, "ab", "the byte 0xff is not valid UTF-8 here; declare the encoding that it has"),
        ("ü\n한".encode() + b"\xe9,b", "utf-8", "ü\n한", "the byte 0xe9 is not valid UTF-8 here"),
        (b"a\xed\xa0\x80", None, "a", "the byte 0xed is not valid UTF-8 here"),
        (b"a\xc3\xa9", "ascii", "a", "the byte 0xc3 is not valid ASCII here"),
        (b"a\x81b", "cp1252", "a", "the byte 0x81 is not valid CP1252 here"),
        ("a\ud800".encode("utf-16-le", "surrogatepass") + b"b\0", "utf-16-le", "a", "is not valid UTF-16-LE here"),
        ("ab한".encode()[:-1], None, "ab", "the file ends inside a character of UTF-8"),
        ("ab".encode("utf-16-le")[:-1], "utf-16-le", "a", "the file ends inside a character of UTF-16-LE"),
        (b"a\0b", None, "a", "the file holds a NUL byte, so it is no text; remove it"),
        (b"\0\xff", None, "", "the file holds a NUL byte"),
        ("a\0b".encode("utf-16"), None, "a", "the file holds a NUL byte"),
    ],
)
def test_reading_stops_at_the_first_byte_that_is_no_text(content, declared, sound, note, size):
    found, text = read(content, declared, size)
    assert found == sound
    assert text.fault is not None
    assert note in text.fault.note


@pytest.mark.parametrize(
    "name",
    [
        *("utf-9", "rot13", "base64", "hex", "", "a\0b", "x" * 1000, "idna\ud800", "../utf-8"),
        *("idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined"),
    ],
)
def test_an_encoding_that_is_none(name):
    with pytest.raises(UnknownEncodingError, match="is not known; store the file as UTF-8 and declare 'utf-8'"):
        codec_of(name)
