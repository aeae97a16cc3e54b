"""The lexer `QMP`, which colours examples in the notation of QEMU's documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import DelegatingLexer, RegexLexer
from pygments.lexers.data import JsonLexer
from pygments.token import Comment, Error, Generic, Other, Text, _TokenType


class _MarkLexer(RegexLexer):  # type: ignore[misc]
    tokens: ClassVar[dict[str, list[tuple[str, _TokenType]]]] = {
        "root": [
            (r"^ *(?:->|<-|\(QEMU\)) ", Generic.Prompt),
            (r"\.\.\.(?: [^\n]* \.\.\.)?", Comment),
            (r"[^.\n]+|\.|\n", Other),
        ]
    }


class QmpLexer(DelegatingLexer):  # type: ignore[misc]
    """JSON with `->` or `<-` before a message and `...` for what is left out. What is not JSON stays text."""

    name = "QMP"
    aliases: ClassVar[list[str]] = ["qmp"]

    def __init__(self, **options: Any) -> None:
        super().__init__(JsonLexer, _MarkLexer, **options)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        """The text in pieces, none of them an error: JSON is judged elsewhere."""
        for position, token, piece in super().get_tokens_unprocessed(text):
            yield position, Text if token is Error else token, piece
