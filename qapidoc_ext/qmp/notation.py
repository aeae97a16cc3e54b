"""Text to pattern: JSON as RFC 8259 has it, with the additions of :mod:`.pattern`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from qapidoc_ext.qmp.depth import MAXIMUM_DEPTH
from qapidoc_ext.qmp.pattern import (
    ArrayPattern,
    Constant,
    Gap,
    Kind,
    ObjectPattern,
    Pattern,
    Placeholder,
    Reference,
    Template,
)
from qapidoc_ext.source import Location, SourceError, SourceText

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?P<content>(?:[^"\\\n]|\\.)*)"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.])")
_WORD = re.compile(r"(?:true|false|null)\b")
_WORDS = {"true": True, "false": False, "null": None}
_PLACEHOLDER = re.compile(r"<(?P<kind>int|str|num|bool|any)(?::(?P<capture>[A-Za-z_][A-Za-z0-9_]*))?>")
_REFERENCE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}")
_SPECIAL = re.compile(rf"(?P<escape>\\.)|(?P<gap>\.\.\.)|{_REFERENCE.pattern}|(?P<stray>\$\{{)")


def read_request(text: SourceText, start: int, end: int) -> Pattern:
    """The value that stands between two offsets: JSON, with references.

    :raise SourceError: it is something else; holds the first fault.
    """
    return _Reader(text, start, end, expected=False).whole()


def read_expected(text: SourceText, start: int, end: int) -> Pattern:
    """The pattern that stands between two offsets.

    :raise SourceError: it is something else; holds the first fault.
    """
    return _Reader(text, start, end, expected=True).whole()


def read_alternatives(text: SourceText, start: int, end: int) -> list[Pattern]:
    """The patterns between two offsets, at least one, with `|` between them.

    :raise SourceError: it is something else; holds the first fault.
    """
    return _Reader(text, start, end, expected=True).alternatives()


def end_of_expected(text: SourceText, start: int) -> int:
    """Behind the pattern that begins at an offset.

    :raise SourceError: none begins there.
    """
    return _Reader(text, start, len(text.content), expected=True).one()


def read_template(
    text: SourceText, start: int, end: int, *, gaps: bool = False, escapes: bool = False
) -> Constant | Template:
    """The string that the text between two offsets means.

    :raise SourceError: it has a `${` that is not followed by a name and `}`, or an escape that JSON does not know.
    """
    pieces: list[str | Gap | Reference] = []
    plain_from = start
    for special in _SPECIAL.finditer(text.content, start, end):
        if special["escape"] or (special["gap"] and not gaps):
            continue
        if special["stray"]:
            raise text.fault(special.start(), "'${' is not followed by a name and '}'; to say '${', write \\u0024{")
        place = text.location(special.start())
        pieces.append(_plain(text, plain_from, special.start(), escapes=escapes))
        pieces.append(Reference(location=place, name=special["name"]) if special["name"] else Gap(location=place))
        plain_from = special.end()
    last = _plain(text, plain_from, end, escapes=escapes)
    if not pieces:
        return Constant(location=text.location(start), value=last)
    return Template(location=text.location(start), pieces=tuple(piece for piece in [*pieces, last] if piece != ""))


def read_reference(text: SourceText, start: int, end: int) -> Reference | None:
    """The reference that is all the text between two offsets, None where it is something else."""
    found = _REFERENCE.fullmatch(text.content, start, end)
    return Reference(location=text.location(start), name=found["name"]) if found else None


def _plain(text: SourceText, start: int, end: int, *, escapes: bool) -> str:
    content = text.content[start:end]
    if not escapes:
        return content
    try:
        value = str(json.loads(f'"{content}"'))
        value.encode()
    except json.JSONDecodeError as error:
        raise text.fault(start + error.pos - 1, f"not a JSON string: {error.msg}") from None
    except UnicodeEncodeError:
        raise text.fault(start, "half of a surrogate pair is not a character") from None
    return value


class _Reader:
    """Reads one value; `_at` is the offset of the next character."""

    def __init__(self, text: SourceText, start: int, end: int, *, expected: bool) -> None:
        self._text = text
        self._at = start
        self._end = end
        self._expected = expected
        self._depth = 0

    def whole(self) -> Pattern:
        value = self._value()
        if self._peek():
            raise self._fault("nothing more is expected here")
        return value

    def alternatives(self) -> list[Pattern]:
        values = [self._value()]
        while self._peek() == "|":
            self._at += 1
            values.append(self._value())
        if self._peek():
            raise self._fault("nothing more is expected here")
        return values

    def one(self) -> int:
        self._value()
        return self._at

    def _value(self) -> Pattern:
        character = self._peek()
        if not character:
            raise self._fault("a JSON value is missing")
        readers: dict[str, Callable[[], Pattern]] = {
            "{": self._object,
            "[": self._array,
            '"': self._string,
            "<": self._placeholder,
            "$": self._reference,
            ".": self._gap,
        }
        return readers.get(character, self._word if character.isalpha() else self._number)()

    def _object(self) -> ObjectPattern:
        location = self._here()
        members: dict[str, Pattern] = {}
        is_open = False
        for _ in self._separated("}"):
            if self._peek() == ".":
                self._gap()
                is_open = True
                continue
            start = self._at
            name = self._name()
            if name in members:
                raise self._text.fault(start, f'the member "{name}" stands here twice')
            self._expect(":")
            members[name] = self._value()
        return ObjectPattern(location=location, members=tuple(members.items()), open=is_open)

    def _array(self) -> ArrayPattern:
        location = self._here()
        return ArrayPattern(location=location, items=tuple(self._value() for _ in self._separated("]")))

    def _separated(self, closing: str) -> Iterator[None]:
        """Once for each part of an array or an object, whose opening character comes next."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise self._fault(f"more than {MAXIMUM_DEPTH} arrays and objects in each other")
        self._at += 1
        if self._peek() != closing:
            yield
            while self._peek() == ",":
                self._at += 1
                yield
        if self._peek() != closing:
            raise self._fault(f"',' or '{closing}' is missing")
        self._at += 1
        self._depth -= 1

    def _name(self) -> str:
        if self._peek() != '"':
            raise self._fault("the name of a member, in double quotes, is missing")
        start, end = self._quoted()
        return _plain(self._text, start, end, escapes=True)

    def _string(self) -> Pattern:
        location = self._here()
        start, end = self._quoted()
        content = read_template(self._text, start, end, gaps=self._expected, escapes=True)
        return replace(content, location=location)

    def _quoted(self) -> tuple[int, int]:
        return self._take(_STRING, "the string has no closing quote on its line").span("content")

    def _placeholder(self) -> Placeholder:
        self._only_expected("a placeholder")
        location = self._here()
        found = self._take(_PLACEHOLDER, "a placeholder is <int>, <str>, <num>, <bool> or <any>; <int:name> captures")
        return Placeholder(location=location, kind=Kind(found["kind"]), capture=found["capture"] or "")

    def _reference(self) -> Reference:
        location = self._here()
        found = self._take(_REFERENCE, "a reference is ${name}")
        return Reference(location=location, name=found["name"])

    def _gap(self) -> Gap:
        self._only_expected("'...'")
        location = self._here()
        self._expect("...")
        return Gap(location=location)

    def _word(self) -> Constant:
        location = self._here()
        found = self._take(_WORD, "not a JSON value; strings stand in double quotes")
        return Constant(location=location, value=_WORDS[found[0]])

    def _number(self) -> Constant:
        location = self._here()
        start = self._at
        found = self._take(_NUMBER, "not a JSON value")
        try:
            value = json.loads(found[0])
        except ValueError:
            raise self._text.fault(start, "the number has too many digits") from None
        if not math.isfinite(value):
            raise self._text.fault(start, "the number is too large")
        return Constant(location=location, value=value)

    def _only_expected(self, what: str) -> None:
        if not self._expected:
            raise self._fault(f"{what} stands only in what is expected, not in what is sent")

    def _peek(self) -> str:
        found = _SPACE.match(self._text.content, self._at, self._end)
        self._at = found.end() if found else self._at
        return self._text.content[self._at] if self._at < self._end else ""

    def _expect(self, token: str) -> None:
        self._peek()
        if not self._text.content.startswith(token, self._at, self._end):
            raise self._fault(f"'{token}' is missing")
        self._at += len(token)

    def _take(self, token: re.Pattern[str], message: str) -> re.Match[str]:
        found = token.match(self._text.content, self._at, self._end)
        if found is None:
            raise self._fault(message)
        self._at = found.end()
        return found

    def _here(self) -> Location:
        return self._text.location(self._at)

    def _fault(self, message: str) -> SourceError:
        return self._text.fault(self._at, message)
