"""Requests in all their notations."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from qemu.qmp import QMPClient
from qemu.qmp.message import Message

from qapidoc_ext.qmp.machine import Machine
from qapidoc_ext.qmp.outcome import Exchange, Passed, Received, Run, Sent
from qapidoc_ext.qmp.pattern import Json
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.qmp.shown import whole
from qapidoc_ext.render.exchange import Notation, exchanges
from qapidoc_ext.source import Location

AT = Location("a.qmp", 3, 1)


def text_of(message: dict[str, Json], notation: Notation, shell: str = "") -> str:
    sent = Sent(location=AT, machine="vm", message=message, shell=shell)
    return text([sent], notation)


def text(happened: list[Exchange], notation: Notation) -> str:
    script = parse('-> { "execute": "stop" }', AT)
    shown = Run(script=script, qemus=(), exchanges=tuple(happened), outcome=Passed())
    return "\n".join(node.astext() for node in exchanges(shown, notation))


@pytest.mark.parametrize(
    ("message", "json", "shell", "python"),
    [
        ({"execute": "stop"}, '-> { "execute": "stop" }', "(QEMU) stop", "await vm.execute('stop')"),
        (
            {"execute": "c", "arguments": {"a": True, "b": None}},
            '-> { "execute": "c", "arguments": { "a": true, "b": null } }',
            '-> { "execute": "c", "arguments": { "a": true, "b": null } }',
            "await vm.execute('c', {'a': True, 'b': None})",
        ),
        ({"exec-oob": "c"}, '-> { "exec-oob": "c" }', '-> { "exec-oob": "c" }', "await vm.execute('c', oob=True)"),
        ({"execute": "c", "id": "1"}, None, None, "await vm.execute_msg(Message({'execute': 'c', 'id': '1'}))"),
        (
            {"execute": "c", "arguments": {"a": "x" * 60, "b": "y" * 60}},
            None,
            None,
            f"await vm.execute(\n    'c',\n    {{'a': '{'x' * 60}',\n     'b': '{'y' * 60}'}},\n)",
        ),
    ],
)
def test_a_request_in_each_notation(message: dict[str, Json], json: str | None, shell: str | None, python: str) -> None:
    assert text_of(message, Notation.PYTHON) == python
    assert json is None or text_of(message, Notation.JSON) == json
    assert shell is None or text_of(message, Notation.SHELL) == shell


def test_a_line_of_qmp_shell_is_shown_as_it_is_written_unless_it_has_references() -> None:
    message: dict[str, Json] = {"execute": "c", "arguments": {"a": 1}}
    assert text_of(message, Notation.SHELL, "c  a=1") == "(QEMU) c  a=1"
    assert text_of(message, Notation.SHELL, "c a=${x}") == "(QEMU) c a=1"
    assert text_of(message, Notation.WRITTEN, "c a=${x}") == "(QEMU) c a=${x}"
    assert text_of(message, Notation.JSON, "c a=1").startswith("-> {")


def test_a_reply_that_the_client_raises_is_an_exception_in_python() -> None:
    reply = Received(location=AT, machine="vm", message=whole({"error": {"class": "GenericError", "desc": "no"}}))
    said = '{ "error": { "class": "GenericError", "desc": "no" } }'
    assert text([reply], Notation.PYTHON) == f"# <- ExecuteError {said}"
    assert text([reply], Notation.JSON) == f"<- {said}"


def test_types_of_block_nodes_and_objects_are_links() -> None:
    nodes_: list[Json] = [{"driver": "qcow2", "file": {"driver": "file", "filename": '"driver": "x"'}}, {"drv": "raw"}]
    received = Received(location=AT, machine="vm", message=whole({"return": [*nodes_, {"qom-type": "secret"}]}))
    script = parse('-> { "execute": "stop" }', AT)
    shown = Run(script=script, qemus=(), exchanges=(received,), outcome=Passed())
    (block,) = exchanges(shown, Notation.JSON)
    links = [link for link in block.findall(nodes.Element) if link.tagname == "pending_xref"]
    assert [(link["reftype"], link["reftarget"]) for link in links] == [
        ("branch", "BlockdevOptions.qcow2"),
        ("branch", "BlockdevOptions.file"),
        ("branch", "BlockdevOptions.raw"),
        ("branch", "ObjectOptions.secret"),
    ]
    assert json.loads(block.astext().removeprefix("<- ")) == {"return": [*nodes_, {"qom-type": "secret"}]}


def test_names_of_commands_and_events_are_links() -> None:
    event = Received(location=AT, machine="vm", message=whole({"event": "STOP"}))
    sent = Sent(location=AT, machine="vm", message={"execute": "stop"}, shell="")
    for notation in (Notation.JSON, Notation.SHELL, Notation.PYTHON):
        script = parse('-> { "execute": "stop" }', AT)
        shown = Run(script=script, qemus=(), exchanges=(sent, event), outcome=Passed())
        found = [
            (link["reftype"], link["reftarget"], link.astext())
            for node in exchanges(shown, notation)
            for link in node.findall(nodes.Element)
            if link.tagname == "pending_xref"
        ]
        assert found == [("cmd", "stop", "stop"), ("event", "STOP", "STOP")]


EXAMPLE = """
-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "n0", "read-zeroes": true } }
<- { "return": {} }
(QEMU) query-named-block-nodes flat=true
<- { "return": [ { "node-name": <str:name>, ... } ] }
>>> vm.exists("x")
False
-> { "execute": "blockdev-del", "arguments": { "node-name": "${name}" }, "id": "7" }
<- { "return": {} }
"""


def test_the_python_of_an_example_does_what_the_example_does(emulator: Path) -> None:
    example = parse(EXAMPLE, AT)
    programs = Programs(folder=str(emulator.parent))
    happened = run(example, programs)
    assert happened.outcome == Passed()
    code = "\n".join(node.astext() for node in exchanges(happened, Notation.PYTHON))
    said = asyncio.run(_executed(code, emulator))
    assert said == ["blockdev-add", "query-named-block-nodes", "blockdev-del"]
    assert re.findall(r"^# .*", code, re.MULTILINE)


async def _executed(code: str, emulator: Path) -> list[str]:
    """The commands that Python code sends to a live QEMU."""
    sent: list[str] = []
    async with Machine.start(emulator) as machine:
        client: QMPClient = machine._client  # noqa: SLF001 (what the code would connect itself)

        class Listening:
            async def execute(self, command: str, *arguments: Any, **options: Any) -> object:
                sent.append(command)
                return await client.execute(command, *arguments, **options)

            async def execute_msg(self, message: Message) -> object:
                sent.append(str(message["execute"]))
                return await client.execute_msg(message)

        lines = "\n".join(f"    {line}" for line in code.splitlines())
        namespace: dict[str, Any] = {"vm": Listening(), "Message": Message}
        exec(f"async def main():\n{lines}\n", namespace)
        await namespace["main"]()
    return sent
