"""The introspections that real QEMUs of many versions gave, which come with this package."""

from __future__ import annotations

import re
from pathlib import Path

from qapidoc_ext.introspect.read import read
from qapidoc_ext.introspect.reply import Introspection

_FOLDER = Path(__file__).parent / "recorded"
_NAME = re.compile(r"QEMU-(?P<version>\d+\.\d+\.\d+)\.json\.xz")

Version = tuple[int, ...]


def version(text: str) -> Version:
    """A version as numbers, to compare it with others.

    :raise ValueError: it is not numbers with dots between them.
    """
    return tuple(map(int, text.split(".")))


def recordings() -> dict[str, Introspection]:
    """What each version returned, by version, the oldest first."""
    found = {name["version"]: path for path in _FOLDER.iterdir() if (name := _NAME.fullmatch(path.name))}
    return {text: read(found[text]) for text in sorted(found, key=version)}
