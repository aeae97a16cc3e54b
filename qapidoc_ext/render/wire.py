"""JSON and what carries it, as text."""

from __future__ import annotations

import json
from pprint import pformat
from textwrap import indent

from docutils import nodes

from qapidoc_ext.introspect.sample import Json
from qapidoc_ext.qmp.shown import whole
from qapidoc_ext.render import shown

_ARGUMENTS = "arguments = "


def json_text(value: Json) -> str:
    """The value as JSON, on one line where that fits."""
    return shown.text(whole(value))


def block(text: str) -> nodes.literal_block:
    """Text to be copied as it is. The search does not find its words, which are those of a hundred other blocks."""
    return nodes.literal_block(text, text, language="none", classes=["no-search"])


def python_program(command: str, arguments: Json) -> str:
    """A program that sends a request with the package `qemu.qmp`, and prints what QEMU returns."""
    name = json.dumps(command)
    value = pformat(arguments, sort_dicts=False, width=shown.WIDTH - len(_ARGUMENTS), compact=True)
    return f"""\
import asyncio

from qemu.qmp import QMPClient

{_ARGUMENTS}{indent(value, " " * len(_ARGUMENTS)).lstrip()}


async def main() -> None:
    qmp = QMPClient()
    await qmp.connect("qmp.sock")
    print(await qmp.execute({name}, arguments))
    await qmp.disconnect()


asyncio.run(main())
"""
