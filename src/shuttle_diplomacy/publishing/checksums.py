"""SHA-256 of files, in the format that ``sha256sum -c`` reads."""

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits.

    Examples:
        >>> sha256(b"")[:16]
        'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece."""
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def checksums(folder: Path) -> bytes:
    r"""Return one line for each file below a folder, sorted by path; the list itself is left out.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a.txt").write_bytes(b"")
        ...     checksums(Path(folder)).decode()[56:]
        '7852b855  a.txt\n'
    """
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    return "".join(f"{sha256_of(files[path])}  {path}\n" for path in sorted(files) if path != NAME).encode()
