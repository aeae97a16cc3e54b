"""The steps that happen outside QEMU: calls of the functions of `vm`, in the private directory that QEMU runs in."""

from __future__ import annotations

import ast
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, TypeAlias, assert_never

import msgspec

from qapidoc_ext.qmp import expression

MAXIMUM_IMAGE_SIZE = 1 << 40
"""Bytes. Images are sparse, so their size costs nothing; this is what every common file system can hold."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""One name, without a directory: it cannot lead out of the private directory."""


class HostError(Exception):
    """A host step could not be done. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """`vm.image(name, size=BYTES)` makes a raw image of zeros that did not exist; it returns None."""

    name: str
    size: Annotated[int, msgspec.Meta(ge=0, le=MAXIMUM_IMAGE_SIZE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMode:
    """`vm.access_mode(name)` is the access mode of the descriptors by which QEMU holds the file.

    `'O_RDONLY'`, `'O_WRONLY'` or `'O_RDWR'` where all agree; where they differ, each mode once, in this order, with
    `', '` between; `'not open'` where QEMU holds none.
    """

    name: str


Call: TypeAlias = Image | AccessMode

_FUNCTIONS: dict[str, type[Call]] = {"image": Image, "access_mode": AccessMode}
_ACCESS_MODES = {os.O_RDONLY: "O_RDONLY", os.O_WRONLY: "O_WRONLY", os.O_RDWR: "O_RDWR"}


def parse(content: str) -> Call:
    """The call that the text is.

    :raise ValueError: it is no call of a function of `vm` with literal arguments that the function takes.
    """
    match expression.parse(content):
        case ast.Call(func=ast.Attribute(value=ast.Name(id="vm"), attr=name)) as call if name in _FUNCTIONS:
            return _bound(name, call)
        case _:
            known = " and ".join(f"vm.{name}" for name in _FUNCTIONS)
            raise ValueError(f"only a call of {known} can stand here")


def _bound(name: str, call: ast.Call) -> Call:
    function = _FUNCTIONS[name]
    parameters = [field.name for field in fields(function)]
    if len(call.args) > len(parameters):
        raise ValueError(f"vm.{name} takes at most {len(parameters)} arguments: {', '.join(parameters)}")
    named = [(keyword.arg or "**", keyword.value) for keyword in call.keywords]
    given = [*zip(parameters, call.args, strict=False), *named]
    arguments: dict[str, object] = {}
    for parameter, value in given:
        if parameter not in parameters:
            raise ValueError(f"vm.{name} has no argument '{parameter}', only {', '.join(parameters)}")
        if parameter in arguments:
            raise ValueError(f"vm.{name} has the argument '{parameter}' twice")
        arguments[parameter] = expression.literal(value)
    try:
        bound = msgspec.convert(arguments, function)
    except msgspec.ValidationError as error:
        raise ValueError(f"vm.{name}: {error}") from None
    if not _FILE_NAME.fullmatch(bound.name):
        raise ValueError(f"vm.{name}: the file has one name of letters, digits and _ . -, without a directory")
    return bound


def perform(call: Call, directory: Path, pid: int) -> object:
    """What the call returns, done in the private directory of the QEMU with this process id.

    :raise HostError: the file cannot be made, is not there or is not a regular file, or /proc does not tell.
    """
    try:
        match call:
            case Image():
                _make_image(directory / call.name, call.size)
                return None
            case AccessMode():
                return _access_mode(directory / call.name, pid)
            case _:
                assert_never(call)
    except OSError as error:
        raise HostError(f"{call.name}: {error.strerror}") from error


def _make_image(path: Path, size: int) -> None:
    with path.open("xb") as file:
        file.truncate(size)


def _access_mode(path: Path, pid: int) -> str:
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        raise HostError(f"{path.name}: not a regular file")
    modes = set(_modes(pid, status))
    return ", ".join(name for mode, name in _ACCESS_MODES.items() if mode in modes) or "not open"


def _modes(pid: int, file: os.stat_result) -> Iterator[int]:
    """The access mode of every descriptor by which the process holds the file."""
    process = Path("/proc", str(pid))
    for descriptor in process.joinpath("fd").iterdir():
        try:
            held = descriptor.stat()
            info = process.joinpath("fdinfo", descriptor.name).read_text()
        except FileNotFoundError:  # closed since it was listed
            continue
        if os.path.samestat(held, file):
            flags = dict(line.split(":", 1) for line in info.splitlines())["flags"]
            yield int(flags, 8) & os.O_ACCMODE
