"""An example, and what happened when it ran."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import assert_never

from docutils import nodes

from qapidoc_ext.qmp.blocks import UNNAMED
from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Called, Exchange, Failed, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.shown import Shown, whole
from qapidoc_ext.qmp.step import Comment
from qapidoc_ext.render import shown
from qapidoc_ext.render.build import label, labels, literal, paragraph
from qapidoc_ext.render.nodes import fold_title, whole_example


def transcript(run: Run) -> nodes.admonition:
    """What happened in a run; where nothing could, the example's own text, as what nobody has checked."""
    title = run.script.header.title or run.script.header.name or "Example"
    outcome = type(run.outcome).__name__.lower()
    return nodes.admonition(
        "",
        nodes.title("", title),
        labels(_evidence(run)),
        *_explanation(run),
        *_exchanges(run),
        *_whole(run),
        classes=["qmp-transcript", f"qmp-{outcome}"],
        ids=[f"example-{run.script.header.name}"] if run.script.header.name else [],
    )


def evidence(run: Run) -> str:
    """In a few words, whether the example was executed, by which QEMU and when."""
    return " ".join(node.astext() for node in _evidence(run))


def _evidence(run: Run) -> Iterator[nodes.Node]:
    match run.outcome:
        case Passed():
            yield label("live", "✓ executed live")
        case Failed():
            yield label("failed", "✕ failed")
        case Skipped():
            yield label("skipped", "○ not executed")
        case _:
            assert_never(run.outcome)
    for name in dict.fromkeys(map(qemu_name, run.qemus)):
        yield label("qemu", name)
    for date in sorted({f"{qemu.started:%Y-%m-%d}" for qemu in run.qemus}):
        yield label("date", date)


def qemu_name(qemu: Qemu) -> str:
    """Which QEMU it was: `QEMU 7.2.22 (Debian 1:7.2+dfsg-7)`."""
    program = "qemu-storage-daemon" if qemu.is_storage_daemon else "QEMU"
    return f"{program} {qemu.version} ({qemu.package})" if qemu.package else f"{program} {qemu.version}"


def _explanation(run: Run) -> list[nodes.Node]:
    match run.outcome:
        case Passed():
            return []
        case Failed():
            report = nodes.literal_block("", str(run.outcome), language="none")
            return [paragraph("QEMU did not do what this example expects. It was executed up to this:"), report]
        case Skipped(reason=reason):
            return [paragraph(f"This build did not execute it: {reason}. What follows is what the example expects.")]
        case _:
            assert_never(run.outcome)


def _whole(run: Run) -> Iterator[nodes.Node]:
    """The example as it is written, its set-ups and hidden lines too, and the rights of its machines."""
    texts = [_block("written", [nodes.Text(script.text.strip("\n"))]) for script in (*run.script.setups, run.script)]
    if isinstance(run.outcome, Skipped):
        yield from texts
    elif run.qemus:
        machines = zip(run.script.machines, run.qemus, strict=True)
        rights = [
            paragraph(literal(machine.name), f": {qemu_name(qemu)}, {qemu.confinement}") for machine, qemu in machines
        ]
        yield whole_example("", fold_title("", "The whole example"), *texts, *rights, classes=["qmp-whole"])


def _exchanges(run: Run) -> Iterator[nodes.Node]:
    is_one_of_several = len(run.script.machines) > 1
    visible = (exchange for exchange in run.exchanges if not exchange.hidden)
    for is_comment, group in groupby(visible, key=lambda exchange: isinstance(exchange, Comment)):
        if is_comment:
            yield from (part for exchange in group if isinstance(exchange, Comment) for part in _comment(exchange))
        else:
            lines = [
                node for exchange in group for node in (*_lines(exchange, named=is_one_of_several), nodes.Text("\n"))
            ]
            yield _block("exchange", lines[:-1])


def _comment(comment: Comment) -> Iterator[nodes.paragraph]:
    for text in comment.text.split("\n\n"):
        pieces = text.replace("\n", " ").split("`")
        yield paragraph([literal(piece) if index % 2 else nodes.Text(piece) for index, piece in enumerate(pieces)])


def _lines(exchange: Exchange, *, named: bool) -> list[nodes.Node]:
    """What an exchange shows; `named` says whether that begins with the name of the machine."""
    match exchange:
        case Sent(shell=shell, machine=machine) if shell:
            return _marked(f"({machine if named else UNNAMED})", shell, "sent")
        case Sent(message=message, machine=machine):
            return _json(f"{machine if named else ''}->", whole(message), "sent")
        case Received(message=message, machine=machine):
            return _json(f"{machine if named else ''}<-", message, "received")
        case Called(text=text, value=None):
            return _marked(">>>", text, "called")
        case Called(text=text, value=value):
            return [*_marked(">>>", text, "called"), nodes.Text(f"\n{value!r}")]
        case Comment():
            return []
        case _:
            assert_never(exchange)


def _json(mark: str, value: Shown, kind: str) -> list[nodes.Node]:
    return _marked(mark, shown.text(value, " " * (len(mark) + 1)), kind)


def _marked(mark: str, text: str, kind: str) -> list[nodes.Node]:
    return [nodes.inline("", mark, classes=["qmp-mark", f"qmp-{kind}"]), nodes.Text(f" {text}")]


def _block(kind: str, content: list[nodes.Node]) -> nodes.literal_block:
    """Verbatim text. That its source is not its text keeps Sphinx from colouring it as some language."""
    return nodes.literal_block(kind, "", *content, classes=[f"qmp-{kind}"])
