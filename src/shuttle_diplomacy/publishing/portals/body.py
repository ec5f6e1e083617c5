"""The body of an upload, read piece by piece while it is sent: a file, alone or as the last part of a form."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from io import BufferedIOBase

from shuttle_diplomacy.publishing.portals.built import Asset

_PIECE = 1 << 16


class ChangedError(ValueError):
    """A file holds less than when its size was taken."""


class Body:
    """A stream of known length around a file.

    requests itself would read a whole form into memory.

    Args:
        asset: the file.
        stream: the file, opened.
        form: the other parts of a form, None if the file is all of the body.
        sent: told how many bytes of the body are on their way.
    """

    def __init__(
        self, asset: Asset, stream: BufferedIOBase, form: Mapping[str, str] | None, sent: Callable[[int], None]
    ) -> None:
        before, after, self.content_type = _around(asset, form)
        self._pieces = self._read(before, stream, asset.size, after)
        self._rest = b""
        self._length = len(before) + asset.size + len(after)
        self._done, self._sent = 0, sent

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        size = len(self._rest) if size < 0 else size
        piece, self._rest = self._rest[:size], self._rest[size:]
        self._done += len(piece)
        self._sent(self._done)
        return piece

    @staticmethod
    def _read(before: bytes, stream: BufferedIOBase, size: int, after: bytes) -> Iterator[bytes]:
        if before:
            yield before
        while size and (piece := stream.read(min(_PIECE, size))):  # never more than was promised
            size -= len(piece)
            yield piece
        if size:
            raise ChangedError
        if after:
            yield after


def _around(asset: Asset, form: Mapping[str, str] | None) -> tuple[bytes, bytes, str]:
    """Return what stands before and after the file, and the media type of it all (RFC 7578)."""
    if form is None:
        return b"", b"", asset.media_type
    from urllib3.fields import RequestField
    from urllib3.filepost import encode_multipart_formdata

    boundary = uuid.uuid4().hex
    fields: list[RequestField] = [RequestField.from_tuples(name, value) for name, value in form.items()]
    fields.append(RequestField.from_tuples("upload", (asset.name, b"", asset.media_type)))
    whole, content_type = encode_multipart_formdata(fields, boundary)
    end = f"\r\n--{boundary}--\r\n".encode()
    return whole.removesuffix(end), end, content_type
