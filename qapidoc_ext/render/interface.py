"""What an option changes in an interface, and what recorded introspections answer."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from qapidoc_ext.adr.interface import InterfaceChange
from qapidoc_ext.adr.recorded import Answers
from qapidoc_ext.introspect.change import Change, Effect
from qapidoc_ext.render.build import Cell, bullets, inline, literal, paragraph, row, table
from qapidoc_ext.render.citation import NOTHING

EFFECTS = {Effect.COMPATIBLE: "✓ go on working", Effect.BREAKING: "✕ can break"}


def interface(change: InterfaceChange, name: str) -> list[nodes.Node]:
    """The definitions before and after, and what a client notices."""
    content: list[nodes.Node] = [
        *_side("Before", change.before),
        *_side("After", change.after),
        paragraph("What a client notices, computed from these two schemas:"),
        _changes(change.changes),
    ]
    return [nodes.container("", *content, classes=["interface-change"], ids=[f"interface-{name}"] if name else [])]


def _side(title: str, definitions: Iterable[str]) -> list[nodes.Node]:
    text = "\n".join(definitions)
    if not text:
        return [paragraph(nodes.strong("", f"{title}: "), "none of the definitions that differ.")]
    return [paragraph(nodes.strong("", title)), nodes.literal_block("", text.rstrip("\n"), language="none")]


def _changes(changes: Iterable[Change]) -> nodes.Element:
    rows = [row([literal(one.path), one.what, _effect(one.requests), _effect(one.replies)]) for one in changes]
    if not rows:
        return paragraph("Nothing.")
    return table("interface-changes", ["Where", "What", "Requests of old clients", "Replies and events"], rows)


def _effect(effect: Effect | None) -> Cell:
    if effect is None:
        return NOTHING
    return nodes.inline("", EFFECTS[effect], classes=[f"interface-{effect.value}"])


def recorded(answers: Answers, name: str) -> list[nodes.Node]:
    """A table: the versions, and what each answers to each detector."""
    header = ["QEMU", *(one.label.replace("`", "") for one in answers.detectors)]
    rows = (row([version, *map(_found, found)]) for version, found in answers.rows)
    queries = (paragraph(inline(one.label), ": ", literal(one.query)) for one in answers.detectors)
    content: list[nodes.Node] = [
        table("recorded-answers", header, rows),
        paragraph("Computed from the recorded introspections of these versions, by these queries:"),
        bullets(queries),
    ]
    return [nodes.container("", *content, classes=["recorded"], ids=[f"recorded-{name}"] if name else [])]


def _found(found: bool) -> nodes.paragraph:  # noqa: FBT001 - a value, not a switch
    if found:
        return paragraph("✓ found", classes=["recorded-found"])
    return paragraph(f"{NOTHING} not found", classes=["recorded-none"])
