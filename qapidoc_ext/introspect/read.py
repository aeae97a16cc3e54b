"""An introspection, read from a file."""

from __future__ import annotations

import lzma
import re
from pathlib import Path

import msgspec

from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.reply import Command, Event, Introspection, ReplyError, decode
from qapidoc_ext.schema.load import load_faultless
from qapidoc_ext.source import MAXIMUM_SIZE, Location, fault, place, read_bytes

_XZ_MAGIC = b"\xfd7zXZ\0"
_JSON = re.compile(rb"\s*(?:\[|\{\s*\")")
"""How an array or an object begins. A schema begins otherwise: its strings have single quotes."""
_XZ_MEMORY = 128 * 1024 * 1024
"""Bytes. What `xz -9` has packed takes 65 MiB to unpack."""


def read(path: Path) -> Introspection:
    """What a file says of a QEMU's interface.

    The file holds the array that `query-qmp-schema` returns, or the reply around it, as JSON that may be compressed by
    xz; or it is the first file of a schema, which gives all that the schema describes, whatever its conditions.

    :raise SourceError: the file cannot be read, is none of these, or has neither a command nor an event: it is empty,
        or was cut off.
    """
    found = _read(path)
    if not any(isinstance(entity, Command | Event) for entity in found.entities.values()):
        raise fault(Location(path=str(path)), "there is neither a command nor an event in it")
    return found


def _read(path: Path) -> Introspection:
    content = read_bytes(path)
    if content.startswith(_XZ_MAGIC):
        return _decoded(_unpacked(content, path), path)
    if _JSON.match(content):
        return _decoded(content, path)
    return describe(load_faultless(path)).introspection


def _unpacked(content: bytes, path: Path) -> bytes:
    unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
    try:
        unpacked = unpacker.decompress(content, max_length=MAXIMUM_SIZE)
    except lzma.LZMAError as error:
        raise fault(Location(path=str(path)), f"not a file that xz has written: {error}") from error
    if not unpacker.eof:
        raise fault(Location(path=str(path)), f"holds more than {MAXIMUM_SIZE} bytes, or is cut off")
    return unpacked


def _decoded(content: bytes, path: Path) -> Introspection:
    try:
        value = msgspec.json.decode(content.decode())
    except (msgspec.DecodeError, RecursionError) as error:
        offset = re.search(r"\(byte (\d+)\)$", str(error))
        where = place(content, int(offset[1]), path) if offset else Location(path=str(path))
        raise fault(where, f"not JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise fault(place(content, error.start, path), "not UTF-8") from error
    try:
        return decode(value["return"] if isinstance(value, dict) and "return" in value else value)
    except ReplyError as error:
        raise fault(Location(path=str(path)), str(error)) from error
