"""The tokens of a schema file, as expressions: the JSON-like values that it is made of.

The grammar is that of QEMU's `docs/devel/qapi-code-gen`, "Schema syntax": objects at the top, strings in single
quotes, `true` and `false`, no numbers and no null, `#` comments, documentation comments between `##` lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from qapidoc_ext.schema.lexer import Boolean, DocComment, End, NoToken, Punctuation, String, Token, tokens
from qapidoc_ext.source import Finding, SourceText

DIRECTIVES = ("include", "pragma")
"""The keys of objects that define nothing."""
MAXIMUM_DEPTH = 64
"""How deep values may nest. QEMU's own schemas need 6."""


@dataclass(frozen=True, slots=True)
class Array:
    """A list of values, and where its opening bracket stands."""

    items: tuple[Value, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Object:
    """The members of an object, and where its opening brace stands. No two have the same key."""

    members: dict[str, tuple[String, Value]]
    """By key: the key as written, and the value."""
    offset: int


Value = String | Boolean | Array | Object


Line = tuple[int, str]
"""The number of a comment's line, and its text without its `# `."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A documentation comment as written, from its first `##` to its last."""

    text: str
    offset: int
    line: int
    """The number of its first line."""
    lines: list[Line]
    """Those between the two `##`, without space at their ends; lines without `#` are left out."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An object at the top of a file, with the documentation comment that stands right above it, if one does."""

    value: Object
    comment: Comment | None

    @property
    def is_directive(self) -> bool:
        """Whether this defines nothing, but includes a file or sets a pragma."""
        return not self.value.members.keys().isdisjoint(DIRECTIVES)


class _FaultAt(Exception):  # noqa: N818
    """Reading cannot go on from here; it is caught where the next object at the top of the file may begin."""

    def __init__(self, token: Token, message: str) -> None:
        super().__init__(message)
        self.token = token


class _Reader:
    """A position in the tokens of a file. Each method leaves it behind what it has read."""

    def __init__(self, source: SourceText) -> None:
        self._following = iter(tokens(source)).__next__
        self._depth = 0
        self.token = self._following()

    def take(self) -> None:
        self.token = self._following()

    def at(self, punctuation: str) -> bool:
        token = self.token
        return type(token) is Punctuation and token.text == punctuation

    def skip(self, punctuation: str) -> bool:
        token = self.token
        found = type(token) is Punctuation and token.text == punctuation
        if found:
            self.token = self._following()
        return found

    def refuse(self, expected: str) -> NoReturn:
        token = self.token
        if isinstance(token, NoToken):
            raise _FaultAt(token, token.message)
        raise _FaultAt(token, f"expected {expected}, found {_shown(token)}")

    def value(self) -> Value:
        token = self.token
        if isinstance(token, String | Boolean):
            self.token = self._following()
            return token
        if self.at("{"):
            return self.object()
        if self.at("["):
            return self.array()
        self.refuse("a string, a boolean, '{' or '['")

    def object(self) -> Object:
        offset = self.open()
        members: dict[str, tuple[String, Value]] = {}
        if not self.at("}"):
            self.member(members)
            while self.skip(","):
                self.member(members)
        self.close("}")
        return Object(members, offset)

    def member(self, members: dict[str, tuple[String, Value]]) -> None:
        key = self.token
        if not isinstance(key, String):
            self.refuse("a string as key")
        self.take()
        if key.value in members:
            raise _FaultAt(key, f"duplicate key {key.value!r}")
        if not self.skip(":"):
            self.refuse("':'")
        members[key.value] = key, self.value()

    def array(self) -> Array:
        offset = self.open()
        items: list[Value] = []
        if not self.at("]"):
            items.append(self.value())
            while self.skip(","):
                items.append(self.value())
        self.close("]")
        return Array(tuple(items), offset)

    def open(self) -> int:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise _FaultAt(self.token, f"values nest deeper than {MAXIMUM_DEPTH}")
        offset = self.token.offset
        self.take()
        return offset

    def close(self, punctuation: str) -> None:
        self._depth -= 1
        if not self.skip(punctuation):
            self.refuse(f"',' or {punctuation!r}")

    def recover(self, fault: Token, source: SourceText) -> None:
        """Go to the first token behind the fault that starts a line with `{` or `##`."""
        self._depth = 0
        while not isinstance(self.token, End) and (self.token.offset <= fault.offset or not self._starts_item(source)):
            self.take()

    def _starts_item(self, source: SourceText) -> bool:
        first = self.token.offset == 0 or source.content[self.token.offset - 1] == "\n"
        return first and (self.at("{") or isinstance(self.token, DocComment))


def _shown(token: Token) -> str:
    match token:
        case DocComment():
            return "documentation comment"
        case End():
            return "end of file"
        case Boolean(value=value):
            return repr(str(value).lower())
        case String(value=text) | Punctuation(text=text) | NoToken(message=text):
            return repr(text)


def parse(source: SourceText) -> list[Expression | Comment | Finding]:
    """What a schema file holds, in its order, with all that is wrong with its text where QEMU would come upon it.

    Behind a fault, reading goes on with the next object that starts a line.
    """
    reader = _Reader(source)
    items: list[Object | Comment | Finding] = []
    while not isinstance(reader.token, End):
        first = reader.token
        try:
            items.append(_item(reader, source))
        except _FaultAt as fault:
            finding = source.finding(fault.token.offset, str(fault))
            follows_directive = fault.token is first and isinstance(first, NoToken) and _ends_with_directive(items)
            items.insert(len(items) - follows_directive, finding)
            reader.recover(fault.token, source)
    return list(_attach_comments(items))


def _ends_with_directive(items: list[Object | Comment | Finding]) -> bool:
    """Whether the last item is a directive. QEMU follows it only when it has read the token behind it."""
    last = items[-1] if items else None
    return isinstance(last, Object) and Expression(last, None).is_directive


def _item(reader: _Reader, source: SourceText) -> Object | Comment:
    token = reader.token
    if isinstance(token, DocComment):
        reader.take()
        line = source.line(token.offset)
        return Comment(token.text, token.offset, line, lines_of(map(str.rstrip, token.text.split("\n")), line))
    value = reader.value()
    if not isinstance(value, Object):
        raise _FaultAt(token, "only an object can stand at the top of a file")
    return value


def lines_of(comment: Iterable[str], number: int) -> list[Line]:
    """The lines between the two `##` of a comment, from all its lines and the number of the first one."""
    _, *rest = comment
    if rest and rest[-1].lstrip().startswith("##"):
        rest.pop()
    return [
        (number, raw[2:] if raw.startswith("# ") else raw.lstrip()[1:].removeprefix(" "))
        for number, raw in enumerate(rest, number + 1)
        if raw and not raw.isspace()
    ]


_DEFINITION_COMMENT = re.compile(r"##[^\n]*\s+# *@")


def _attach_comments(items: list[Object | Comment | Finding]) -> Iterator[Expression | Comment | Finding]:
    comment = None
    for item in items:
        match item:
            case Finding():
                yield from [comment] if comment else []
                comment = None
                yield item
            case Comment():
                yield from [comment] if comment else []
                comment = item
            case Object():
                if comment and not _DEFINITION_COMMENT.match(comment.text):
                    yield comment
                    comment = None
                yield Expression(item, comment)
                comment = None
    if comment:
        yield comment
