"""The steps that happen outside QEMU: calls of the functions of a machine, read and never evaluated."""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, TypeAlias, get_args

import msgspec

from qapidoc_ext.qmp import expression

MAXIMUM_IMAGE_SIZE = 1 << 40
"""Bytes. Images are sparse, so their size costs nothing; this is what every common file system can hold."""
MAXIMUM_DATA = 1 << 16
"""Bytes that one step writes or reads."""

_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
"""One name, without a directory: it cannot lead out of the private directory."""

_Offset: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MAXIMUM_IMAGE_SIZE)]
_Mode: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=0o777)]
_Data: TypeAlias = Annotated[bytes, msgspec.Meta(max_length=MAXIMUM_DATA)]
_Length: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MAXIMUM_DATA)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    function: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileFunction(_Function):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(_FileFunction):
    """`vm.image(name, size, mode=0o600)` makes a raw image of zeros that did not exist; it returns None."""

    function = "image"
    size: _Offset
    mode: _Mode = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopDevice(_FileFunction):
    """`vm.loop_device(name, image)` makes a block device that has the content of an image; it returns None."""

    function = "loop_device"
    image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chmod(_FileFunction):
    """`vm.chmod(name, mode)` sets the permissions of a file; it returns None."""

    function = "chmod"
    mode: _Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Exists(_FileFunction):
    """`vm.exists(name)` is whether there is anything of this name."""

    function = "exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove(_FileFunction):
    """`vm.remove(name)` removes a file; it returns None."""

    function = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(_FileFunction):
    """`vm.write(name, offset, data)` writes bytes into a file that exists; it returns None."""

    function = "write"
    offset: _Offset
    data: _Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(_FileFunction):
    """`vm.read(name, offset, length)` is the bytes there, fewer at the end of the file."""

    function = "read"
    offset: _Offset
    length: _Length


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMode(_FileFunction):
    """`vm.access_mode(name)` is the access mode of the descriptors by which the machine holds the file.

    `'O_RDONLY'`, `'O_WRONLY'` or `'O_RDWR'` where all agree; where they differ, each mode once, in this order, with
    `', '` between; `'not open'` where it holds none.
    """

    function = "access_mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFd(_FileFunction):
    """`vm.send_fd(name, access_mode)` sends a descriptor of the file along with the next request; it returns None."""

    function = "send_fd"
    access_mode: str

    @property
    def flags(self) -> int:
        """How the file is opened."""
        return ACCESS_MODES[self.access_mode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(_Function):
    """`vm.ending()` waits until the machine has ended: `'exited with status 0'`, `'was killed by SIGSEGV'`."""

    function = "ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe(_Function):
    """`vm.probe(query)` is whether libvirt's query string finds something in the machine's last reply.

    That has to be the reply to `query-qmp-schema`.
    """

    function = "probe"
    query: str


FileCall: TypeAlias = Image | Chmod | Exists | Remove | Write | Read | AccessMode
Call: TypeAlias = FileCall | LoopDevice | SendFd | Ending | Probe
FUNCTIONS: dict[str, type[Call]] = {call.function: call for call in get_args(Call)}

ACCESS_MODES = {"O_RDONLY": os.O_RDONLY, "O_WRONLY": os.O_WRONLY, "O_RDWR": os.O_RDWR}


def parse(content: str) -> tuple[str, Call]:
    """The name of the machine, and the call of one of its functions that the text is.

    :raise ValueError: it is no call of a function with literal arguments that the function takes.
    """
    match expression.parse(content):
        case ast.Call(func=ast.Attribute(value=ast.Name(id=machine), attr=name)) as call if name in FUNCTIONS:
            return machine, _bound(f"{machine}.{name}", FUNCTIONS[name], call)
        case _:
            raise ValueError(f"only a call can stand here, as vm.NAME(...), of one of: {', '.join(FUNCTIONS)}")


def _bound(said: str, function: type[Call], call: ast.Call) -> Call:
    parameters = [field.name for field in fields(function)]
    if len(call.args) > len(parameters):
        raise ValueError(f"{said} takes at most {len(parameters)} arguments: {', '.join(parameters)}")
    named = [(keyword.arg or "**", keyword.value) for keyword in call.keywords]
    given = [*zip(parameters, call.args, strict=False), *named]
    arguments: dict[str, object] = {}
    for parameter, value in given:
        if parameter not in parameters:
            raise ValueError(f"{said} has no argument '{parameter}', only {', '.join(parameters)}")
        if parameter in arguments:
            raise ValueError(f"{said} has the argument '{parameter}' twice")
        arguments[parameter] = expression.literal(value)
    try:
        bound = msgspec.convert(arguments, function, builtin_types=(bytes,))
    except msgspec.ValidationError as error:
        raise ValueError(f"{said}: {error}") from None
    names = [argument for name, argument in arguments.items() if name in {"name", "image"}]
    if not all(_FILE_NAME.fullmatch(str(name)) for name in names):
        raise ValueError(f"{said}: the file has one name of letters, digits and _ . -, without a directory")
    if isinstance(bound, SendFd) and bound.access_mode not in ACCESS_MODES:
        raise ValueError(f"{said}: the access mode is one of {', '.join(ACCESS_MODES)}")
    return bound
