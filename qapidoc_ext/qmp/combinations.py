"""All combinations of the members that say how a file is opened, as an example that tries each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product

from qapidoc_ext.introspect.reply import Introspection, Object
from qapidoc_ext.qmp.outcome import Called, Failed, Received, Run, Sent
from qapidoc_ext.qmp.script import Script, parse
from qapidoc_ext.qmp.shim.baseline import Baseline
from qapidoc_ext.qmp.shim.options import make_of
from qapidoc_ext.qmp.shim.typed import members_of_value
from qapidoc_ext.qmp.trial import name_of, result_of
from qapidoc_ext.source import Location

NAME = "combinations"
"""Of the scenario."""

_ABOUT = "read-only"
_COMMON = {"driver": "file", "node-name": "disk", "filename": "disk.raw"}
_VALUES = {"bool": (None, "false", "true"), "null": (None, "null")}
"""What a member can have, by its type; None where it is left out."""


def script(option: str, native: Introspection) -> Script:
    """The example for an option, with the interface that it gives a QEMU of this introspection."""
    return parse(_text(option, members(make_of(option)(native))), Location(path=f"{NAME}-{option}.qmp"))


def members(interface: Baseline) -> dict[str, str]:
    """The members of the driver `file` that say how it is opened, each with its type.

    They are taken from the schema: what is new in the interface, or is named after what it is about, and can be true,
    false or null.
    """
    found, known = _of_file(interface), _of_file(Baseline(interface.native))
    return {name: type_ for name, type_ in found.items() if type_ in _VALUES and (_ABOUT in name or name not in known)}


def facts(run: Run) -> Iterator[str]:
    """How each combination came out, and how many were refused: `read-only=true: success, O_RDONLY`."""
    shown = [exchange for exchange in run.exchanges if not exchange.hidden]
    refused = 0
    count = 0
    for sent, received, mode in zip(shown, shown[1:], shown[2:], strict=False):
        match sent, received, mode:
            case Sent(message={"arguments": dict(arguments)}), Received(message=reply), Called(value=value):
                given = {name: item for name, item in arguments.items() if name not in _COMMON}
                said = " ".join(f"{name}={json.dumps(item)}" for name, item in given.items()) or "nothing"
                result = result_of(reply)
                count += 1
                refused += result != "success"
                yield f"{said}: {result}, {value}"
    yield f"combinations: {count}"
    yield f"refused: {refused}"
    if isinstance(run.outcome, Failed):
        yield "failed"


def _of_file(interface: Baseline) -> dict[str, str]:
    union = interface.introspection.entities.get(interface.node_type)
    if not isinstance(union, Object):
        return {}
    found = members_of_value(interface.introspection, union, {union.tag or "": "file"})
    return {name: member.type for name, member in found.items()}


def _text(option: str, members: dict[str, str]) -> str:
    header = [
        f":name: {name_of(NAME, option)}",
        f":title: All combinations of {', '.join(members)}",
        f":machines: vm=option:{option}",
    ]
    return "\n".join([*header, "", *_steps(members)])


def _steps(members: dict[str, str]) -> Iterator[str]:
    yield '>>> vm.image("disk.raw", size=1048576)'
    for values in product(*(_VALUES[type_] for type_ in members.values())):
        given = {name: value for name, value in zip(members, values, strict=True) if value}
        common = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in _COMMON.items()]
        arguments = ", ".join([*common, *(f"{json.dumps(name)}: {value}" for name, value in given.items())])
        yield f'-> {{ "execute": "blockdev-add",\n     "arguments": {{ {arguments} }} }}'
        yield '<- { "return": {} } | { "error": { "class": "GenericError", ... } }'
        yield '>>> vm.access_mode("disk.raw")\n<str>'
        yield '~ -> { "execute": "blockdev-del", "arguments": { "node-name": "disk" } }'
        yield '~ <- { "return": {} } | { "error": { "class": "GenericError", ... } }'
