"""Whether a message is one that a client can send, or that QEMU can send, by what an introspection says.

The form of the messages is that of QEMU's `docs/interop/qmp-spec`. To check against a schema, take the introspection
that it describes (:func:`qapidoc_ext.introspect.generate.describe`). A message of which a part is not written
(:mod:`.partial`) is checked as far as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from qapidoc_ext.introspect.objects import takes_properties
from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.reply import Command, Event, Introspection
from qapidoc_ext.introspect.values import PHRASES, Fault, Value, form_of, missing_members, phrase_of, step, value_faults
from qapidoc_ext.schema.closest import hint

_ERROR = {"class": "string", "desc": "string"}
_TIMESTAMP = {"seconds": "number", "microseconds": "number"}


def validate_request(introspection: Introspection, request: object) -> tuple[Fault, ...]:
    """What is wrong with a command that a client sends: `{"execute": ..., "arguments": ...}`, as JSON decodes it."""
    top = "exec-oob" if isinstance(request, dict) and "exec-oob" in request else "execute"
    faults = _envelope(request, mandatory=(top,), optional=("arguments", "id"))
    if not isinstance(request, dict) or top not in request:
        return faults
    command = _named(introspection, Command, request[top])
    if command is None:
        return faults + _unknown(introspection, Command, request[top], f"$.{top}")
    if top == "exec-oob" and not command.allow_oob:
        faults += (Fault(path="$.exec-oob", message=f"'{command.name}' does not allow out-of-band execution"),)
    arguments = Value(
        path="$.arguments",
        value=request.get("arguments", type(request)()),
        type=command.arg_type,
        is_open=takes_properties(command.name, introspection.entities[command.arg_type]),
    )
    return faults + value_faults(introspection, arguments)


def validate_reply(introspection: Introspection, command: str | None, reply: object) -> tuple[Fault, ...]:
    """What is wrong with QEMU's reply to a command: `{"return": ...}` or `{"error": ...}`, as JSON decodes it.

    Where it is not known which command that is (None), what `return` holds can be anything.
    """
    if isinstance(reply, dict) and "error" in reply:
        return _envelope(reply, mandatory=("error",), optional=("id",)) + _flat(reply["error"], "$.error", _ERROR)
    faults = _envelope(reply, mandatory=("return",), optional=("id",))
    if command is None:
        return faults
    entity = _named(introspection, Command, command)
    if entity is None:
        return faults + _unknown(introspection, Command, command, "$")
    if not isinstance(reply, dict) or "return" not in reply:
        return faults
    return faults + value_faults(introspection, Value(path="$.return", value=reply["return"], type=entity.ret_type))


def validate_event(introspection: Introspection, message: object) -> tuple[Fault, ...]:
    """What is wrong with an event: `{"event": ..., "data": ..., "timestamp": ...}`, as JSON decodes it."""
    faults = _envelope(message, mandatory=("event", "timestamp"), optional=("data",))
    if not isinstance(message, dict) or "event" not in message:
        return faults
    if "timestamp" in message:
        faults += _flat(message["timestamp"], "$.timestamp", _TIMESTAMP)
    event = _named(introspection, Event, message["event"])
    if event is None:
        return faults + _unknown(introspection, Event, message["event"], "$.event")
    return faults + value_faults(
        introspection, Value(path="$.data", value=message.get("data", type(message)()), type=event.arg_type)
    )


def _envelope(
    message: object, *, mandatory: Collection[str], optional: Collection[str] = (), path: str = "$"
) -> tuple[Fault, ...]:
    """What is wrong with the members that a message has whatever it is about."""
    if isinstance(message, Unwritten) and message.form in {"", "object"}:
        return ()
    if not isinstance(message, dict):
        return (Fault(path=path, message=f"expected an object, got {phrase_of(message)}"),)
    known = [*mandatory, *optional]
    missing = [] if isinstance(message, PartialObject) else [name for name in mandatory if name not in message]
    unknown = [name for name in message if name not in known]
    return (
        *missing_members(missing, path),
        *(Fault(path=path + step(name), message=f"there is no member '{name}'{hint(name, known)}") for name in unknown),
    )


def _flat(value: object, path: str, members: Mapping[str, str]) -> tuple[Fault, ...]:
    """What is wrong with an object that has these members and no others, of these forms."""
    given = value if isinstance(value, dict) else {}
    return _envelope(value, mandatory=members, path=path) + tuple(
        Fault(path=f"{path}.{name}", message=f"expected {PHRASES[form]}, got {phrase_of(given[name])}")
        for name, form in members.items()
        if name in given and form_of(given[name]) not in {form, ""}
    )


_Named = TypeVar("_Named", Command, Event)


def _named(introspection: Introspection, kind: type[_Named], name: object) -> _Named | None:
    entity = introspection.entities.get(name) if isinstance(name, str) else None
    return entity if isinstance(entity, kind) else None


def _unknown(introspection: Introspection, kind: type[Command | Event], name: object, path: str) -> tuple[Fault, ...]:
    if isinstance(name, str):
        names = [entity.name for entity in introspection.entities.values() if isinstance(entity, kind)]
        return (Fault(path=path, message=f"there is no {kind.__name__.lower()} '{name}'{hint(name, names)}"),)
    if isinstance(name, Unwritten) and name.form in {"", "string"}:
        return ()
    return (Fault(path=path, message=f"expected a string, got {phrase_of(name)}"),)
