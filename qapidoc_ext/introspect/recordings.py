"""The introspections that real QEMUs of many versions gave, which come with this package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from qapidoc_ext.introspect.read import read
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.schema.model import release
from qapidoc_ext.source import read_bytes

PROGRAM = "qemu-system-x86_64"
"""The program that all of them were recorded from."""

UNSAID_UP_TO: Mapping[str, str] = {"netdev_add": "4.2.0", "object-add": "5.2.0"}
"""The last version whose introspection does not say what a command takes beside a few arguments, by the command."""
NO_COMMAND_UP_TO: Mapping[str, str] = {"Audiodev": "7.2.0", "DisplayOptions": "3.0.0"}
"""The last version in which no command has what an option of the command line takes, by the type of that."""

_FOLDER = Path(__file__).parent / "recorded"
_NAME = re.compile(r"QEMU-(?P<version>\d+\.\d+\.\d+)\.json\.xz")

Version = tuple[int, ...]


def version(text: str) -> Version:
    """A version as numbers, to compare it with others.

    :raise ValueError: it is not numbers with dots between them.
    """
    return tuple(map(int, text.split(".")))


def recorded_versions() -> tuple[str, ...]:
    """The versions of which there is a recording, the oldest first."""
    return tuple(_paths())


def versions_up_to(version_of_schema: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Those of the versions that are no younger than a schema; all where its version is no version."""
    last = release(version_of_schema)
    return tuple(text for text in versions if not last or version(text)[:2] <= last)


@cache
def recording(version: str) -> Introspection:
    """What one of these versions returned. It is read once: of many pages, each compares it with another one."""
    return read(_paths()[version])


def recordings() -> dict[str, Introspection]:
    """What each version returned, by version, the oldest first."""
    return {text: recording(text) for text in recorded_versions()}


def packed_recordings() -> Iterator[bytes]:
    """The content of each recording's file, to see whether any of them has changed."""
    return map(read_bytes, _paths().values())


def _paths() -> dict[str, Path]:
    found = {name["version"]: path for path in _FOLDER.iterdir() if (name := _NAME.fullmatch(path.name))}
    return {text: found[text] for text in sorted(found, key=version)}


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a recorded version besides its introspection."""

    released: date
    """The day that its tag in QEMU's repository has."""
    recorded_from: str = ""
    """The build that gave the recording, where it was not the release."""


@cache
def releases() -> Mapping[str, Release]:
    """The releases by version, those of which that much is known."""
    return msgspec.json.decode(read_bytes(_FOLDER / "versions.json"), type=dict[str, Release])


class Misstated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Recorded versions whose introspection does not say of a command what is so."""

    first: str
    last: str
    was_there: bool
    """Whether they have the command, and do not list it; otherwise they list it, and do not have it."""

    def includes(self, text: str) -> bool:
        """Whether a version is one of them."""
        return version(self.first) <= version(text) <= version(self.last)


@cache
def misstated() -> Mapping[str, Misstated]:
    """What the recordings are wrong about, by the name of the command."""
    return msgspec.json.decode(read_bytes(_FOLDER / "misstated.json"), type=dict[str, Misstated])
