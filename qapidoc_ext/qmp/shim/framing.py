"""A stream of bytes, divided into messages as QEMU divides it."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAXIMUM_SIZE = 64 * 1024 * 1024
"""Bytes in a message: QEMU refuses one whose tokens are longer."""

_PLAIN = re.compile(rb"""[^"'{}\[\]\x00-\x08\x0b\x0c\x0e-\x1f\xfe\xff]+""")
"""What neither begins nor ends anything."""
_IN_STRING = {
    ord('"'): re.compile(rb'(?:[^"\\\x00-\x1f\xfe\xff]|\\[^\x00-\x1f\xfe\xff])*'),
    ord("'"): re.compile(rb"(?:[^'\\\x00-\x1f\xfe\xff]|\\[^\x00-\x1f\xfe\xff])*"),
}
_OPENING, _CLOSING, _QUOTES = frozenset(b"{["), frozenset(b"}]"), frozenset(b"\"'")


class Framing:
    """Takes bytes as they come, and gives them all back: each array or object whole, and what stands between them.

    Messages of a client need no line ends between them, and can have them within. What is no JSON is given back as soon
    as that is known, so that QEMU can say so.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._read = 0
        self._depth = 0
        self._quote = 0
        """The character that ends the string that has begun; 0 outside strings."""

    def take(self, data: bytes) -> Iterator[bytes]:
        """What can be given back now that these bytes have come.

        :raise ValueError: a message is larger than :data:`MAXIMUM_SIZE`.
        """
        self._buffer += data
        while self._read < len(self._buffer):
            if self._quote:
                is_complete = self._in_string()
            else:
                yield from self._outside_strings()
                is_complete = True
            if not is_complete:
                break
        if len(self._buffer) > MAXIMUM_SIZE:
            raise ValueError(f"a message of more than {MAXIMUM_SIZE} bytes")
        if not self._depth and not self._quote:
            yield from self._give(len(self._buffer))

    def _outside_strings(self) -> Iterator[bytes]:
        if plain := _PLAIN.match(self._buffer, self._read):
            self._read = plain.end()
            return
        byte = self._buffer[self._read]
        if byte in _OPENING and not self._depth:
            yield from self._give(self._read)
        self._read += 1
        if byte in _QUOTES:
            self._quote = byte
        elif byte in _OPENING:
            self._depth += 1
        elif byte in _CLOSING and self._depth > 1:
            self._depth -= 1
        else:  # the end of a message, or what cannot be in one
            self._depth = 0
            yield from self._give(self._read)

    def _in_string(self) -> bool:
        """Whether the rest can be read: not where the string goes on in what is still to come."""
        found = _IN_STRING[self._quote].match(self._buffer, self._read)
        assert found
        self._read = found.end()
        rest = self._buffer[self._read : self._read + 2]
        if not rest or rest == b"\\":
            return False
        if rest[0] == self._quote:
            self._read += 1
        else:  # a control character, with which QEMU gives the message up
            self._depth = 0
        self._quote = 0
        return True

    def _give(self, end: int) -> Iterator[bytes]:
        if end:
            yield bytes(self._buffer[:end])
            del self._buffer[:end]
            self._read -= end
