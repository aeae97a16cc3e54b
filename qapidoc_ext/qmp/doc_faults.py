"""Whether the examples in the documentation comments of a schema are what the schema allows.

A message is judged by what the schema describes whatever its conditions, and as far as it is written:

- What `...` stands for can be anything. What QEMU adds to every event, `timestamp`, need not be written.
- A request that gets an error reply may be one that QEMU refuses.
- A reply is one to the request before it, or, where it has an `id`, to the one that has the same. Where there is no
  request before it, it is one to the command that the comment documents.
- The greeting, `{"QMP": ...}`, can be anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.validate import validate_event, validate_reply, validate_request
from qapidoc_ext.introspect.values import Fault
from qapidoc_ext.qmp.doc_examples import DocExample, Message, doc_examples
from qapidoc_ext.qmp.doc_notation import read_message
from qapidoc_ext.qmp.pattern import Pattern, Placeholder, Reference
from qapidoc_ext.qmp.written import by_path, written
from qapidoc_ext.schema.closest import hint
from qapidoc_ext.schema.model import Command, Enum, Schema
from qapidoc_ext.source import Finding

_SENT = ("execute", "exec-oob")
_RECEIVED = ("return", "error", "event", "QMP")
"""One of these members tells what a message from QEMU is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedExample:
    """An example, and what is wrong with it. Where it has no message, there was nothing to judge."""

    example: DocExample
    faults: tuple[Finding, ...]


def judged_examples(schema: Schema) -> tuple[JudgedExample, ...]:
    """The examples of a schema without faults, module by module."""
    introspection = describe(schema).introspection
    return tuple(
        JudgedExample(example=example, faults=tuple(sorted(_located(example, _faults(example, schema, introspection)))))
        for example in doc_examples(schema)
    )


def _located(example: DocExample, faults: Iterable[Finding]) -> Iterable[Finding]:
    """The faults without a column where none is known, since the example begins beside its tag."""
    if example.text.start.column:
        return faults
    return [replace(fault, location=fault.location._replace(column=0)) for fault in faults]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What a reply can be one to."""

    command: Command | None = None
    """None where it is not known which, or the schema has none of this name."""
    id: object = None
    faults: list[Finding] = field(default_factory=list)


def _faults(example: DocExample, schema: Schema, introspection: Introspection) -> Iterator[Finding]:
    requests = [_Request(command=_command(example.definition, schema))]
    for message in example.messages:
        pattern, not_json = read_message(example.text, message.start, message.end)
        yield from not_json
        value = written(pattern) if pattern else Unwritten()
        members: dict[str, object] = value if isinstance(value, dict) else {}
        if message.mark == "->" or (not message.mark and not members.keys().isdisjoint(_SENT)):
            found = _at_places(validate_request(introspection, value), pattern)
            name = members.get("execute", members.get("exec-oob"))
            requests.append(_Request(command=_command(name, schema), id=members.get("id"), faults=list(found)))
        else:
            request = next((one for one in requests if "id" in members and one.id == members["id"]), requests[-1])
            if "error" in members:
                request.faults.clear()
            yield from _at_places(_received(message, value, request.command, schema, introspection), pattern)
        yield from _at_places(_placeholders(pattern), pattern)
    for request in requests:
        yield from request.faults


def _command(name: object, schema: Schema) -> Command | None:
    definition = schema.definitions.get(name) if isinstance(name, str) else None
    return definition if isinstance(definition, Command) else None


def _received(
    message: Message, value: object, command: Command | None, schema: Schema, introspection: Introspection
) -> Iterator[Fault]:
    """What is wrong with a message from QEMU."""
    if isinstance(value, Unwritten):
        return
    members: dict[str, object] = value if isinstance(value, dict) else {}
    if "event" in members:
        stamped = type(members)({"timestamp": Unwritten()} | members)
        yield from validate_event(introspection, stamped)
    elif "return" in members or "error" in members:
        yield from validate_reply(introspection, command.name if command else None, members)
        yield from _outcome(members, command, schema)
    elif "QMP" not in members and not isinstance(members, PartialObject):
        known = _RECEIVED if message.mark else (*_SENT, *_RECEIVED)
        yield Fault(path="$", message=f"expected an object that has one of the members {', '.join(known)}")


def _outcome(reply: dict[str, object], command: Command | None, schema: Schema) -> Iterator[Fault]:
    """What is wrong with a reply that an introspection does not tell."""
    if command and not command.success_response and "return" in reply:
        yield Fault(path="$.return", message=f"'{command.name}' has no reply where it succeeds")
    classes = schema.definitions.get("QapiErrorClass")
    match reply, classes:
        case {"error": {"class": str(name)}}, Enum(values=values):
            known = [value.name for value in values]
            if name not in known:
                yield Fault(path="$.error.class", message=f"'{name}' is not an error class{hint(name, known)}")
        case _:
            pass


def _placeholders(pattern: Pattern | None) -> Iterator[Fault]:
    """The notation of our own examples, which has no meaning in a schema."""
    for path, inner in by_path(pattern) if pattern else ():
        if isinstance(inner, Placeholder | Reference):
            yield Fault(path=path, message=f"not JSON: {inner}")


def _at_places(faults: Iterable[Fault], pattern: Pattern | None) -> Iterator[Finding]:
    """The faults at what is written for the values, or, where nothing is, at the message."""
    places = dict(by_path(pattern)) if pattern else {}
    for fault in faults:
        place = places.get(fault.path, places["$"])
        yield Finding(location=place.location, message=str(fault))
