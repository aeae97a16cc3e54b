"""The text of a schema file, as tokens."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from enum import Enum
from typing import NamedTuple

from qapidoc_ext.source import SourceText


class TokenKind(Enum):
    """What a token is. A documentation comment is one token, from its first `##` to its last."""

    PUNCTUATION = "punctuation"
    STRING = "string"
    KEYWORD = "keyword"
    DOC = "documentation comment"
    FAULT = "fault"
    END = "end of file"


class Token(NamedTuple):
    """A piece of a schema file. The text of a string is without its quotes; that of a fault is the message."""

    kind: TokenKind
    text: str
    offset: int


_TOKEN = re.compile(
    r"""(?: \s+ | \#(?!\#)[^\n]* )*+
      (?: ([{}:,\[\]])
        | ' ( (?: [ -&(-\[\]-~] | \\\\ )*+ ) '
        | ( (?:true|false)(?!\w) )
        | ( \#\#[^\n]* (?: \s+ \#(?!\#)[^\n]* )*+ (?: \s+ \#\#[^\n]* )? )
        | (\Z)
        | (?=(.))
      )""",
    re.VERBOSE,
)
_KINDS = (TokenKind.PUNCTUATION, TokenKind.STRING, TokenKind.KEYWORD, TokenKind.DOC, TokenKind.END, TokenKind.FAULT)
"""Of the groups of `_TOKEN`, in their order."""
_BAD_STRING = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'?")
_BAD_WORD = re.compile(r"\w+|.")


def tokens(source: SourceText) -> Iterator[Token]:
    """The tokens of a file, in order, the last one of kind `END`. Text that is no token gives one of kind `FAULT`."""
    offset: int | None = 0
    while offset is not None:
        offset = yield from _tokens_to_fault(source.content, offset)


def _tokens_to_fault(text: str, offset: int) -> Generator[Token, None, int | None]:
    """The tokens up to the next fault, and that. Returns where the text goes on behind it, None at the end."""
    for found in _TOKEN.finditer(text, offset):
        group = found.lastindex
        assert group, "the pattern is made of groups, and one of them fits whatever stands there"
        kind = _KINDS[group - 1]
        if kind is TokenKind.STRING:
            yield Token(kind, found[group].replace("\\\\", "\\"), found.start(group) - 1)
        elif kind is TokenKind.FAULT:
            token, behind = _fault(text, found.start(group))
            yield token
            return behind
        elif kind is TokenKind.END:
            yield Token(kind, "", len(text) - text.endswith("\n"))
        else:
            yield Token(kind, found[group], found.start(group))
    return None


def _fault(text: str, offset: int) -> tuple[Token, int]:
    """The fault that stands at `offset`, and where the text goes on."""
    if string := _BAD_STRING.match(text, offset):
        return Token(TokenKind.FAULT, _what_is_wrong_with(string[0]), offset), string.end()
    word = _BAD_WORD.match(text, offset)
    assert word is not None, "a newline is space, every other character is a word of its own"
    return Token(TokenKind.FAULT, f"stray {word[0]!r}", offset), word.end()


def _what_is_wrong_with(string: str) -> str:
    if not string.endswith("'") or len(string) == 1:
        return "this string does not end on its line; a closing ' is missing"
    if escape := re.search(r"\\[^\\]", string.replace("\\\\", "")):
        return f"unknown escape {escape[0]}; the only one is \\\\"
    return "a string may hold printable ASCII characters only"
