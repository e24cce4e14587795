"""Answers made of pieces, some of which are packed already (core.deflated)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase

from core.deflated import Piece, length_of, plain


class PiecesResponse(HttpResponse):
    """Whoever looks at its `content` has it unpacked. What packs answers takes the pieces as they are."""

    pieces: Sequence[Piece] | None = None

    def __init__(self, pieces: Sequence[Piece], **told: Any) -> None:
        super().__init__(**told)
        self.pieces = pieces
        self.headers["Content-Length"] = str(length_of(pieces))

    @property
    def content(self) -> bytes:
        if self.pieces is not None:
            self.content = plain(self.pieces)
        said: bytes = HttpResponse.content.fget(self)  # type: ignore[attr-defined]
        return said

    @content.setter
    def content(self, value: bytes) -> None:
        self.pieces = None
        HttpResponse.content.fset(self, value)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.content])


def pieces_of(response: HttpResponseBase) -> Sequence[Piece]:
    pieces = response.pieces if isinstance(response, PiecesResponse) else None
    return [response.content] if pieces is None else pieces  # type: ignore[attr-defined]
