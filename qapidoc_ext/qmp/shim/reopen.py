"""Option 6: a client says when a node is opened again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qapidoc_ext.introspect.reply import Command, Introspection, Member, Object
from qapidoc_ext.qmp.shim import schema
from qapidoc_ext.qmp.shim.baseline import ADD, REOPEN, Baseline
from qapidoc_ext.qmp.shim.message import OURS, Exchange, Message, RefusedError, answered
from qapidoc_ext.qmp.shim.typed import Part, parts, take


class Reopen(Baseline):
    """`x-blockdev-reopen` without the prefix: the client says when an image is opened for writing."""

    name = "6-reopen"
    title = "blockdev-reopen is stable"
    reopen = REOPEN
    detector = REOPEN


class SetReadOnly(Baseline):
    """`blockdev-set-read-only`, which reopens a node with the options that it had."""

    name = "6-set-read-only"
    title = "a command blockdev-set-read-only"
    ours = ("the arguments of the command", "the texts of its errors")
    command = "blockdev-set-read-only"
    detector = command

    def __init__(self, native: Introspection, learned: frozenset[str] = frozenset()) -> None:
        super().__init__(native, learned)
        self._nodes: dict[str, dict[str, Any]] = {}
        """The options of the nodes that were added or reopened, by their names."""

    def described(self, baseline: Introspection) -> Introspection:
        """With the command."""
        members = (Member(name="node-name", type="str"), Member(name="read-only", type="bool"))
        arguments = Object(name=schema.unused_name(baseline), members=members)
        add = baseline.entities.get(ADD)
        if not isinstance(add, Command):
            return baseline
        command = Command(name=self.command, arg_type=arguments.name, ret_type=add.ret_type)
        return schema.with_entities(baseline, arguments, command)

    def exchange(self, request: Message) -> Exchange | None:
        """As for every option; what succeeds of it is remembered."""
        exchange = super().exchange(request)
        match request, request.get("arguments"):
            case {"execute": "blockdev-add" | "x-blockdev-reopen"}, dict() as arguments:
                found = parts(self.introspection, (self.node_type, arguments), self.node_type)
                options = {part.value["node-name"]: part.value for part in found if _is_named(part)}
                return _followed(request, exchange, lambda: self._nodes.update(options))
            case {"execute": "blockdev-del"}, {"node-name": str(name)}:
                return _followed(request, exchange, lambda: self._nodes.pop(name, None))
            case _:
                return exchange

    def added(self, request: Message) -> Exchange | None:
        """The request to reopen the node with its options, of which one is another."""
        if request["execute"] != self.command:
            return None
        given = request.get("arguments", {})
        if not isinstance(given, dict):
            return answered(request, {})  # QEMU refuses it
        arguments = Part(path="", value=given)
        name, is_read_only = take(arguments, "node-name", str), take(arguments, "read-only", bool)
        for unexpected in given:
            raise RefusedError(f"Parameter '{unexpected}' is unexpected")
        if name not in self._nodes:
            raise RefusedError(f"The options of node '{name}' are not known: it was not added by this client {OURS}")
        exchange = self.reopening(request, {**self._nodes[name], "read-only": is_read_only})
        # In place: where the node was added within the options of another one, it is changed there too.
        return _followed(request, exchange, lambda: self._nodes[name].update({"read-only": is_read_only}))


def _followed(request: Message, exchange: Exchange | None, follow: Callable[[], object]) -> Exchange:
    """The exchange, after which something is done where the client gets a success."""

    def answer(reply: Message) -> Message:
        answered = exchange.answer(reply) if exchange else reply
        if "return" in answered:
            follow()
        return answered

    return Exchange(request=exchange.request if exchange else request, answer=answer)


def _is_named(part: Part) -> bool:
    return isinstance(part.value.get("node-name"), str)
