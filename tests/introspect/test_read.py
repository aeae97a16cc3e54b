from __future__ import annotations

import json
import lzma
import os
from pathlib import Path

import pytest

from qapidoc_ext.introspect.read import read
from qapidoc_ext.source import MAXIMUM_SIZE, SourceError

REPLY = [
    {"meta-type": "event", "name": "LAMP", "arg-type": "0"},
    {"meta-type": "object", "name": "0", "members": []},
]


def write(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(REPLY),
        "\n " + json.dumps(REPLY, indent=2),
        json.dumps({"return": REPLY, "id": 1}),
        lzma.compress(json.dumps(REPLY).encode(), preset=9),
        "# a schema\n{ 'event': 'LAMP', 'if': 'CONFIG_LAMP' }",
        "##\n# @LAMP:\n#\n# <- { \"return\": {} }\n##\n{ 'event': 'LAMP' }",
    ],
)
def test_every_form_is_read(content: bytes | str, tmp_path: Path) -> None:
    assert list(read(write(tmp_path, content)).entities) == ["LAMP", "0"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[\n {]", ":2:3: not JSON"),
        ("[" * 100_000, ": not JSON"),
        (b'["\xff"]', "not UTF-8"),
        ('{"error": {}}', ": not what query-qmp-schema returns"),
        ("[1]", ": not what query-qmp-schema returns: Expected `object`, got `int` - at `$[0]`"),
        ('{"return": {}}', ": not what query-qmp-schema returns: Expected `array`"),
        ("{ 'event': 'LAMP', 'data': 'Nothing' }", ":1:"),
        (lzma.compress(b"[]")[:-4], f": holds more than {MAXIMUM_SIZE} bytes, or is cut off"),
        (b"\xfd7zXZ\0" + b"junk" * 9, ": not a file that xz has written"),
        (lzma.compress(b" " * (MAXIMUM_SIZE + 1)), f": holds more than {MAXIMUM_SIZE} bytes, or is cut off"),
    ],
)
def test_anything_else_is_a_fault_with_its_place(content: bytes | str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, content)
    with pytest.raises(SourceError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}:")
    assert message in str(error.value)


def test_what_is_not_utf_8_is_located(tmp_path: Path) -> None:
    path = write(tmp_path, b'[\n"abc\xff"]')
    with pytest.raises(SourceError) as error:
        read(path)
    assert str(error.value) == f"{path}:2:5: not UTF-8"


def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(SourceError, match="not a regular file"):
        read(tmp_path / "fifo")
