"""The page that compares a schema with the QEMU that was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from docutils import nodes

from qapidoc_ext.introspect.change import Change
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import Asked
from qapidoc_ext.introspect.presence import Presence, State
from qapidoc_ext.render.build import literal, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context


def this_qemu_page(version: str, context: Context) -> nodes.section:
    """What the QEMU that was asked does not have of the schema, and what it has besides; or why none was asked.

    `version` is the schema's; "" where that is not known.
    """
    observed = context.observed
    if observed.asked is None:
        content: list[nodes.Element] = [
            nodes.warning("", paragraph(f"The schema was not compared with a QEMU: {observed.not_asked}"))
        ]
    else:
        content = [*_comparison(observed.asked, version, context)]
    return section(f"this-qemu-{context.namespace}", "This QEMU", *content)


def _comparison(asked: Asked, version: str, context: Context) -> Iterator[nodes.Element]:
    presences = {item: found.presence for item, found in context.observed.items.items() if found.presence}
    described = f"QEMU {version}" if version else "a QEMU of unknown version"
    yield paragraph(
        f"{asked.name} was started while these pages were built, and asked for its introspection. "
        f"They describe {described}, whatever its configuration."
    )
    yield _counts(presences)
    if asked.modules:
        yield paragraph(
            "Which block drivers, types of objects and backends are in its schema only was not checked: "
            f"{asked.modules}"
        )
    yield section("_absent", "Described, and not in this QEMU", *_absent(presences, context))
    yield section("_undocumented", "In this QEMU, and not described", *_undocumented(asked.undocumented))


def _counts(presences: dict[Item, Presence]) -> nodes.table:
    definitions = Counter(found.state for item, found in presences.items() if item.part is None)
    parts = Counter(found.state for item, found in presences.items() if item.part)
    rows = [row([state.value, str(definitions[state]), str(parts[state])]) for state in State]
    return table("presence", ["This QEMU", "Definitions", "Their parts"], rows)


def _absent(presences: dict[Item, Presence], context: Context) -> Iterator[nodes.Element]:
    """What is absent, by the reason; of an absent definition not its parts too."""
    groups: dict[str, list[nodes.Node]] = {}
    for item, found in presences.items():
        whole = presences.get(Item(item.definition), found)
        if found.state is not State.PRESENT and (item.part is None or whole != found):
            groups.setdefault(str(found), []).append(_shown(item, context))
    if groups:
        yield table("absent", ["Why", "What"], [row([why, separated(items)]) for why, items in groups.items()])
    else:
        yield paragraph("Nothing.")


def _shown(item: Item, context: Context) -> nodes.Node:
    return context.link("any", item.definition, str(item))


def _undocumented(changes: Sequence[Change]) -> Iterator[nodes.Element]:
    if changes:
        rows = [row([literal(change.path), change.subject.value]) for change in changes]
        yield table("undocumented", ["Where", "What"], rows)
    else:
        yield paragraph("Nothing.")
