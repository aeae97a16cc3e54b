"""What was exchanged in a run, with its requests in one of their notations."""

from __future__ import annotations

import pprint
import re
from collections.abc import Iterator
from enum import Enum
from itertools import groupby
from typing import assert_never

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.qmp.blocks import UNNAMED
from qapidoc_ext.qmp.outcome import Called, Exchange, Received, Run, Sent
from qapidoc_ext.qmp.shell import in_shell
from qapidoc_ext.qmp.shown import Elided, Shown, ShownObject, whole
from qapidoc_ext.qmp.step import Comment
from qapidoc_ext.render import shown
from qapidoc_ext.render.build import inline, paragraph

_NAME = re.compile(
    r""""(?:execute|exec-oob)":\ "(?P<cmd>[^"\\]+)" | "event":\ "(?P<event>[^"\\]+)"
      | "(?:driver|drv)":\ "(?P<BlockdevOptions>[^"\\]+)" | "qom-type":\ "(?P<ObjectOptions>[^"\\]+)" """,
    re.VERBOSE,
)
"""Where a message names its command or event, and where the type of a block node or an object: a branch of a union."""


class Notation(Enum):
    """How requests are written. Each value is its name on a page."""

    WRITTEN = "as written"
    """As the example has each."""
    JSON = "JSON"
    SHELL = "qmp-shell"
    PYTHON = "Python"
    """Calls of a `QMPClient` of qemu.qmp that has the name of the machine; everything else is a comment."""


def exchanges(run: Run, notation: Notation) -> Iterator[nodes.Node]:
    """What a reader sees of what was exchanged, in its order."""
    named = len(run.script.machines) > 1
    visible = (exchange for exchange in run.exchanges if not exchange.hidden)
    for is_comment, group in groupby(visible, key=lambda exchange: isinstance(exchange, Comment)):
        if is_comment:
            yield from (part for exchange in group if isinstance(exchange, Comment) for part in _comment(exchange))
        else:
            lines = [
                node for exchange in group for node in (*_lines(exchange, notation, named=named), nodes.Text("\n"))
            ]
            yield block("exchange", lines[:-1])


def block(kind: str, content: list[nodes.Node]) -> nodes.literal_block:
    """Verbatim text. That its source is not its text keeps Sphinx from colouring it as some language."""
    return nodes.literal_block(kind, "", *content, classes=[f"qmp-{kind}"])


def _comment(comment: Comment) -> Iterator[nodes.paragraph]:
    for text in comment.text.split("\n\n"):
        yield paragraph(inline(text.replace("\n", " ")))


def _lines(exchange: Exchange, notation: Notation, *, named: bool) -> list[nodes.Node]:
    """What an exchange shows; `named` says whether that begins with the name of the machine."""
    comment = "# " if notation is Notation.PYTHON else ""
    match exchange:
        case Sent():
            return _sent(exchange, notation, exchange.machine if named else "")
        case Received(message=message, machine=machine):
            raised = " ExecuteError" if notation is Notation.PYTHON and _is_error(message) else ""
            mark = f"{comment}{machine if named else ''}<-{raised}"
            indentation = " " * (len(mark) - len(comment) - len(raised) + 1)
            text = shown.text(message, indentation).replace("\n", f"\n{comment}")
            return [_mark(mark, "received"), nodes.Text(" "), *_linked(text)]
        case Called(text=text, value=None):
            return [_mark(f"{comment}>>>", "called"), nodes.Text(f" {text}")]
        case Called(text=text, value=value):
            return [_mark(f"{comment}>>>", "called"), nodes.Text(f" {text}\n{comment}{value!r}")]
        case Comment():
            return []
        case _:
            assert_never(exchange)


def _is_error(message: Shown) -> bool:
    """Whether it is a reply for which the client raises an exception."""
    members = message.members if isinstance(message, ShownObject) else ()
    return any(not isinstance(member, Elided) and member[0] == "error" for member in members)


def _sent(sent: Sent, notation: Notation, name: str) -> list[nodes.Node]:
    """A request. What qmp-shell cannot say is JSON there too."""
    if notation is Notation.PYTHON:
        return _python(sent)
    line = _shell_line(sent, notation)
    if not line:
        arrow = f"{name}->"
        text = shown.text(whole(sent.message), " " * (len(arrow) + 1))
        return [_mark(arrow, "sent"), nodes.Text(" "), *_linked(text)]
    command, space, arguments = line.partition(" ")
    prompt = _mark(f"({name or UNNAMED})", "sent")
    return [prompt, nodes.Text(" "), _link("cmd", command), nodes.Text(f"{space}{arguments}")]


def _shell_line(sent: Sent, notation: Notation) -> str:
    match notation:
        case Notation.WRITTEN:
            return sent.shell
        case Notation.SHELL:
            return sent.shell if sent.shell and "${" not in sent.shell else in_shell(sent.message)
        case Notation.JSON | Notation.PYTHON:
            return ""
        case _:
            assert_never(notation)


def _python(sent: Sent) -> list[nodes.Node]:
    """A call of `QMPClient.execute`, or of `execute_msg` for what that cannot say."""
    match sent.message:
        case {"execute": str(command), **rest} if rest.keys() <= {"arguments"}:
            options: dict[str, str] = {}
        case {"exec-oob": str(command), **rest} if rest.keys() <= {"arguments"}:
            options = {"oob": "True"}
        case _:
            return [nodes.Text(_call(f"await {sent.machine}.execute_msg(Message", [_value(sent.message)], "))"))]
    arguments = [_value(rest["arguments"])] if rest.get("arguments") else []
    parts = [repr(command), *arguments, *(f"{name}={value}" for name, value in options.items())]
    before, quoted, after = _call(f"await {sent.machine}.execute", parts, ")").partition(repr(command))
    return [nodes.Text(f"{before}{quoted[0]}"), _link("cmd", command), nodes.Text(f"{quoted[-1]}{after}")]


def _value(value: object) -> str:
    return pprint.pformat(value, width=shown.WIDTH - 4, sort_dicts=False)


def _call(function: str, parts: list[str], closing: str) -> str:
    flat = f"{function}({', '.join(parts)}{closing}"
    if len(flat) <= shown.WIDTH and "\n" not in flat:
        return flat
    lines = ",\n".join(parts).replace("\n", "\n    ")
    return f"{function}(\n    {lines},\n{closing}"


def _mark(text: str, kind: str) -> nodes.inline:
    return nodes.inline("", text, classes=["qmp-mark", f"qmp-{kind}"])


def _linked(text: str) -> Iterator[nodes.Node]:
    """The text, where the names of its command, its event, block drivers and types of objects are links."""
    at = 0
    for found in _NAME.finditer(text):
        kind = str(found.lastgroup)
        yield nodes.Text(text[at : found.start(kind)])
        yield _link(kind, found[kind]) if kind in {"cmd", "event"} else _link("branch", found[kind], f"{kind}.")
        at = found.end(kind)
    yield nodes.Text(text[at:])


def _link(role: str, name: str, of: str = "") -> addnodes.pending_xref:
    """A link to what the first schema has that has such a thing; without one, the name."""
    target = f"{of}{name}"
    return addnodes.pending_xref(
        "", nodes.inline("", name), refdomain="qapi", reftype=role, reftarget=target, refexplicit=False, refwarn=False
    )
