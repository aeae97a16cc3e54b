"""QEMU 4.0 as it was released, which every option changes: no feature anywhere, and reopening is experimental."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from typing import Any, ClassVar

from qapidoc_ext.introspect.reply import Command, Introspection, Member, Object, encode
from qapidoc_ext.qmp.shim import schema
from qapidoc_ext.qmp.shim.message import Exchange, Message, RefusedError, answered, error, refused, success
from qapidoc_ext.qmp.shim.typed import Part, members_of_value, parts

ADD, REOPEN, EXPERIMENTAL_REOPEN = "blockdev-add", "blockdev-reopen", "x-blockdev-reopen"
FEATURE = "dynamic-auto-read-only"
"""By which a QEMU from 4.1 on says which drivers are dynamic."""


class Baseline:
    """What a client gets to see of one QEMU. An option is a class derived from this."""

    name: ClassVar[str] = "4.0"
    title: ClassVar[str] = "QEMU 4.0 as it was released"
    ours: ClassVar[tuple[str, ...]] = ()
    """What the discussion leaves open, and this project chose."""
    detector: ClassVar[str] = ""
    """What a client asks the introspection for, as one of libvirt's query strings, before it relies on the option."""
    reopen: ClassVar[str] = EXPERIMENTAL_REOPEN
    """The name of the command that opens a node again."""

    def __init__(self, native: Introspection, learned: Iterable[str] = ()) -> None:
        """`native` is what the QEMU itself says; `learned` are drivers that are said to have become dynamic later."""
        self.native = native
        add = native.entities.get(ADD)
        self.node_type = add.arg_type if isinstance(add, Command) else ""
        """The name of the type of a node's options, `BlockdevOptions` in the schema; "" where there are no nodes."""
        native_ones = schema.branches_with(native, self.node_type, FEATURE) if self.node_type else frozenset()
        self.unknown = frozenset(learned) - self._drivers()
        """Those of them that the QEMU does not have."""
        self.dynamic = native_ones | (frozenset(learned) - self.unknown)
        """The drivers that are dynamic."""
        self.introspection = self.described(self._baseline())
        """What the client gets to see."""

    def described(self, baseline: Introspection) -> Introspection:
        """The introspection of the option, made from that of the baseline."""
        return baseline

    def node(self, _part: Part) -> bool:
        """Changes the options of a node, wherever they stand in a request, to what QEMU knows. Returns whether it did.

        :raise RefusedError: the option does not allow them.
        """
        return False

    def added(self, _request: Message) -> Exchange | None:
        """What QEMU is asked in the place of a command of the option's own; None for every other command.

        :raise RefusedError: the option does not allow it.
        """
        return None

    def exchange(self, request: Message) -> Exchange | None:
        """What QEMU is asked in the place of a request, which may be changed; None where it gets it as it is."""
        name = request.get("execute")
        match self.introspection.entities.get(name) if isinstance(name, str) else None:
            case Command(name="query-qmp-schema"):
                return answered(request, success(self._encoded))
            case Command(name="query-commands"):
                return Exchange(request=request, answer=self._with_other_commands)
            case Command() as command:
                try:
                    return self._changed(request, command)
                except RefusedError as refusal:
                    return refused(request, error(str(refusal)))
        if isinstance(self.native.entities.get(str(name)), Command):
            return refused(request, error(f"The command {name} has not been found", "CommandNotFound"))
        return None

    @cached_property
    def _encoded(self) -> list[dict[str, Any]]:
        return encode(self.introspection)

    def _changed(self, request: Message, command: Command) -> Exchange | None:
        if own := self.added(request):
            return own
        arguments = request.get("arguments", {})
        found = parts(self.introspection, (command.arg_type, arguments), self.node_type)
        changes = [self.node(part) for part in found]
        if command.name == self.reopen:
            return self.reopening(request, arguments)
        return Exchange(request=request, answer=lambda reply: reply) if any(changes) else None

    def reopening(self, request: Message, options: object) -> Exchange:
        """The request to open a node again, as this QEMU has it: since 6.1 with an array of the options of nodes."""
        if REOPEN not in self.native.entities:
            experimental = {**request, "execute": EXPERIMENTAL_REOPEN, "arguments": options}
            return Exchange(request=experimental, answer=lambda reply: reply)
        arguments = {"options": [options]} if isinstance(options, dict) else options
        return Exchange(request={**request, "execute": REOPEN, "arguments": arguments}, answer=_of_one_node)

    def _drivers(self) -> frozenset[str]:
        union = self.native.entities.get(self.node_type)
        return frozenset(variant.case for variant in union.variants) if isinstance(union, Object) else frozenset()

    def _baseline(self) -> Introspection:
        plain = schema.without_features(schema.without_members(self.native, "query-qmp-schema", "features"))
        if not {REOPEN, EXPERIMENTAL_REOPEN} & plain.entities.keys():
            return plain
        without = schema.without_commands(plain, REOPEN, EXPERIMENTAL_REOPEN)
        returned = self.native.entities[ADD]
        assert isinstance(returned, Command)
        command = Command(name=self.reopen, arg_type=self.node_type, ret_type=returned.ret_type)
        return schema.with_entities(without, command)

    def _with_other_commands(self, reply: Message) -> Message:
        if "return" not in reply:
            return reply
        shown, native = _commands(self.introspection), _commands(self.native)
        kept = [command for command in reply["return"] if command["name"] not in native - shown]
        return success([*kept, *({"name": name} for name in sorted(shown - native))])

    def with_member(self, baseline: Introspection, member: Member) -> Introspection:
        """The introspection where the types of the drivers that are dynamic have a member more."""
        types = sorted(schema.branch_types(baseline, self.node_type, self.dynamic)) if self.node_type else []
        return reduce(lambda found, type_: schema.with_member(found, type_, member), types, baseline)

    def has(self, part: Part, member: str) -> bool:
        """Whether the driver of a node has a member, and it is given."""
        type_ = self.introspection.entities[self.node_type]
        assert isinstance(type_, Object)
        return member in part.value and member in members_of_value(self.introspection, type_, part.value)


def _commands(introspection: Introspection) -> set[str]:
    return {name for name, entity in introspection.entities.items() if isinstance(entity, Command)}


def _of_one_node(reply: Message) -> Message:
    """The reply to a request about several nodes, as if it were about one."""
    if "error" not in reply:
        return reply
    return error(reply["error"]["desc"].replace("'options[0].", "'"), reply["error"]["class"])
