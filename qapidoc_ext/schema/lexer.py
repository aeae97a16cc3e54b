"""The text of a schema file, as tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from qapidoc_ext.source import SourceText


class String(NamedTuple):
    """A string without its quotes, and where its opening quote stands."""

    value: str
    offset: int


class Boolean(NamedTuple):
    """`true` or `false`, and where it stands."""

    value: bool
    offset: int


class Punctuation(NamedTuple):
    """One of `{}[]:,`, and where it stands."""

    text: str
    offset: int


class DocComment(NamedTuple):
    """A documentation comment, from its first `##` to its last, and where it starts."""

    text: str
    offset: int


class NoToken(NamedTuple):
    """What is wrong with text that is no token, and where that stands."""

    message: str
    offset: int


class End(NamedTuple):
    """The end of the file."""

    offset: int


Token = String | Boolean | Punctuation | DocComment | NoToken | End

_TOKEN = re.compile(
    r"""(?: \s+ | \#(?!\#)[^\n]* )*
      (?: ([{}:,\[\]])
        | ' ( (?: [ -&(-\[\]-~] | \\\\ )* ) '
        | ( (?:true|false)(?!\w) )
        | ( \#\#[^\n]* (?: \s+ \#(?!\#)[^\n]* )* (?: \s+ \#\#[^\n]* )? )
        | \Z
        | (?=(.))
      )""",
    re.VERBOSE,
)
"""Without possessive quantifiers: those of Python 3.11.2 match too much. Nothing is tried twice all the same, as one of
the alternatives always matches."""
_PUNCTUATION, _STRING, _BOOLEAN, _DOC_COMMENT, _NO_TOKEN = range(1, 6)
"""The groups of `_TOKEN`."""
_BAD_STRING = re.compile(r"'(?:[^'\\\n]|\\[^\n])*'?")
_BAD_WORD = re.compile(r"\w+|(.)\1*")
_SHOWN = 40
"""Characters of a bad word that its fault shows."""


def tokens(source: SourceText) -> list[Token]:
    """The tokens of a file, in order, the last one its `End`; text that is no token gives a `NoToken`."""
    found: list[Token] = []
    offset: int | None = 0
    while offset is not None:
        offset = _take_tokens(source.content, offset, found)
    found.append(End(len(source.content) - source.content.endswith("\n")))
    return found


def _take_tokens(text: str, offset: int, tokens: list[Token]) -> int | None:
    """Add the tokens up to the next text that is none, and that. Returns where the text goes on, None at its end."""
    for found in _TOKEN.finditer(text, offset):
        group = found.lastindex
        if group == _PUNCTUATION:
            tokens.append(Punctuation(found[1], found.end() - 1))
        elif group == _STRING:
            tokens.append(String(found[2].replace("\\\\", "\\"), found.start(2) - 1))
        elif group == _DOC_COMMENT:
            tokens.append(DocComment(found[4], found.start(4)))
        elif group == _BOOLEAN:
            tokens.append(Boolean(found[3] == "true", found.start(3)))
        elif group == _NO_TOKEN:
            fault, behind = _fault(text, found.start(5))
            tokens.append(fault)
            return behind
    return None


def _fault(text: str, offset: int) -> tuple[NoToken, int]:
    """The fault that stands at `offset`, and where the text goes on."""
    if string := _BAD_STRING.match(text, offset):
        return NoToken(_what_is_wrong_with(string[0]), offset), string.end()
    word = _BAD_WORD.match(text, offset)
    assert word is not None, "a newline is space, every other character is a word of its own"
    shown = repr(word[0][:_SHOWN]) + (" ..." if len(word[0]) > _SHOWN else "")
    return NoToken(f"stray {shown}", offset), word.end()


def _what_is_wrong_with(string: str) -> str:
    if not string.endswith("'") or len(string) == 1:
        return "this string does not end on its line; a closing ' is missing"
    if escape := re.search(r"\\[^\\]", string.replace("\\\\", "")):
        return f"unknown escape {escape[0]}; the only one is \\\\"
    return "a string may hold printable ASCII characters only"
