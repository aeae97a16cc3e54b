"""An example, and what happened when it ran."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from docutils import nodes

from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Called, Exchange, Failed, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.shown import whole
from qapidoc_ext.qmp.step import Comment
from qapidoc_ext.render import shown
from qapidoc_ext.render.build import label, labels, literal, paragraph


def transcript(run: Run) -> nodes.admonition:
    """What happened in a run; where nothing could, the example's own text, as what nobody has checked."""
    title = run.script.header.title or run.script.header.name or "Example"
    outcome = type(run.outcome).__name__.lower()
    return nodes.admonition(
        "",
        nodes.title("", title),
        labels(_evidence(run)),
        *_explanation(run),
        *_exchanges(run.exchanges),
        *([_block("written", [nodes.Text(run.script.text)])] if isinstance(run.outcome, Skipped) else []),
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
    if run.qemu:
        yield label("qemu", qemu_name(run.qemu))
        yield label("date", f"{run.qemu.started:%Y-%m-%d}")


def qemu_name(qemu: Qemu) -> str:
    """Which QEMU it was: `QEMU 7.2.22 (Debian 1:7.2+dfsg-7)`."""
    return f"QEMU {qemu.version} ({qemu.package})" if qemu.package else f"QEMU {qemu.version}"


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


def _exchanges(exchanges: Iterable[Exchange]) -> Iterator[nodes.Node]:
    for is_comment, group in groupby(exchanges, key=lambda exchange: isinstance(exchange, Comment)):
        if is_comment:
            yield from (part for exchange in group if isinstance(exchange, Comment) for part in _comment(exchange))
        else:
            lines = [node for exchange in group for node in (*_lines(exchange), nodes.Text("\n"))]
            yield _block("exchange", lines[:-1])


def _comment(comment: Comment) -> Iterator[nodes.paragraph]:
    for text in comment.text.split("\n\n"):
        pieces = text.replace("\n", " ").split("`")
        yield paragraph([literal(piece) if index % 2 else nodes.Text(piece) for index, piece in enumerate(pieces)])


def _lines(exchange: Exchange) -> list[nodes.Node]:
    match exchange:
        case Sent(shell=shell) if shell:
            return _marked("(QEMU)", shell, "sent")
        case Sent(message=message):
            return _marked("->", shown.text(whole(message), "   "), "sent")
        case Received(message=message):
            return _marked("<-", shown.text(message, "   "), "received")
        case Called(text=text, value=None):
            return _marked(">>>", text, "called")
        case Called(text=text, value=value):
            return [*_marked(">>>", text, "called"), nodes.Text(f"\n{value!r}")]
        case Comment():
            return []
        case _:
            assert_never(exchange)


def _marked(mark: str, text: str, kind: str) -> list[nodes.Node]:
    return [nodes.inline("", mark, classes=["qmp-mark", f"qmp-{kind}"]), nodes.Text(f" {text}")]


def _block(kind: str, content: list[nodes.Node]) -> nodes.literal_block:
    """Verbatim text. That its source is not its text keeps Sphinx from colouring it as some language."""
    return nodes.literal_block(kind, "", *content, classes=[f"qmp-{kind}"])
