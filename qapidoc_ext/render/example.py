"""The examples of a schema's comments, and those with faults, which are shown and not executed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath

from docutils import nodes

from qapidoc_ext.qmp.doc_faults import JudgedExample
from qapidoc_ext.qmp.machine import quoted
from qapidoc_ext.render.build import bullets, inline, label, labels, literal, paragraph
from qapidoc_ext.source import Finding, Location

_SHOWN_FAULTS = 5
"""Of one example. The others are counted."""


def judged_example(title: str, judged: JudgedExample | None, *content: nodes.Node) -> nodes.admonition:
    """An example of a comment, and whether it fits the schema."""
    if judged is None or not judged.example.messages:
        return schema_example(title, *content)
    if judged.faults:
        return _example(title, "qapi-example-faulty", *_faults(judged), *content)
    fits = labels([label("fits", "fits the schema"), label("skipped", "not executed")])
    return _example(title, "qapi-example-fits", fits, *content)


def schema_example(title: str, *content: nodes.Node) -> nodes.admonition:
    """An example that is only shown, and that says so."""
    note = paragraph("This build did not execute it.", classes=["qapi-not-executed"])
    return _example(title, "qapi-example-unchecked", note, *content)


def unreadable_example(title: str, text: str, findings: Iterable[Finding]) -> nodes.admonition:
    """An example that could not be executed, for it has these faults; `text` is "" where it is in another file."""
    written = [nodes.literal_block("", text, language="none")] if text else []
    return schema_example(title, paragraph("It has faults:"), fault_block(findings), *written)


def fault_block(findings: Iterable[Finding], stderr: str = "") -> nodes.literal_block:
    """Faults with their places, and what QEMU said. Of a path only the name: the folders are those of some machine."""
    lines = [str(replace(finding, location=_without_folders(finding.location))) for finding in findings]
    return nodes.literal_block("", "\n".join([*lines, *([quoted(stderr)] if stderr else [])]), language="none")


def _without_folders(location: Location) -> Location:
    return location._replace(path=PurePath(location.path).name)


def _example(title: str, kind: str, *content: nodes.Node) -> nodes.admonition:
    return nodes.admonition("", nodes.title("", title), *content, classes=["qapi-example", kind])


def _faults(judged: JudgedExample) -> Iterator[nodes.Node]:
    count = len(judged.faults)
    yield labels([label("failed", "does not fit the schema"), label("skipped", "not executed")])
    yield paragraph("This example has a fault:" if count == 1 else f"This example has {count} faults:")
    first = judged.example.location.line
    items = [_item(fault, fault.location.line - first + 1) for fault in judged.faults[:_SHOWN_FAULTS]]
    if count > _SHOWN_FAULTS:
        items.append(paragraph(f"and {count - _SHOWN_FAULTS} more"))
    yield bullets(items)


def _item(fault: Finding, line: int) -> nodes.paragraph:
    path, colon, message = fault.message.partition(": ")
    where = [literal(path), nodes.Text(": ")] if colon and path[0] == "$" else []
    text = message if where else fault.message
    return paragraph(f"line {line}: ", where, inline(text, "'"))
