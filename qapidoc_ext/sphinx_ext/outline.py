"""A whole schema as one text: what its files say of themselves, with a mark for each thing that goes between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qapidoc_ext.schema.doc import Doc, Heading, split_at_headings
from qapidoc_ext.schema.model import Definition, Include, Module, Schema
from qapidoc_ext.source import Prose

PLACE = "qapi-doc"
"""A comment that begins with this stands where something is to go."""
_ADORNMENTS = "=-~^.:"
"""Of headings as they were before 10.1, by level; a line above tells them from those of the document."""


def outline(schema: Schema) -> Iterator[Prose | str]:
    """The text in the order in which QEMU's own manual has it: what is included stands where the include does."""
    modules = {module.name: module for module in schema.modules}
    levels: set[int] = set()
    for module in schema.modules[:1]:
        for item in _items(module, modules, schema):
            match item:
                case Module():
                    yield from _mark("module", item.name)
                case Doc():
                    yield from _text(item, levels)
                case _:
                    yield from _mark("definition", item.name)


def _items(module: Module, modules: dict[str, Module], schema: Schema) -> Iterator[Module | Doc | Definition]:
    definitions = [schema.definitions[name] for name in module.definitions]
    items: list[Doc | Definition | Include] = [*module.docs, *definitions, *module.includes]
    is_shown = False
    for item in sorted(items, key=lambda item: item.location.line):
        match item:
            case Include(module=name):
                yield from _items(modules[name], modules, schema) if name in modules else ()
            case _:
                yield from () if is_shown else (module,)
                is_shown = True
                yield item


def _mark(what: str, name: str) -> list[str]:
    """A comment, and an empty one: what is indented below the first would belong to it."""
    return [f".. {PLACE}-{what} {name}", "", "..", ""]


def _text(doc: Doc, levels: set[int]) -> Iterable[Prose | str]:
    for section in doc.sections:
        for part in split_at_headings(section.prose):
            if isinstance(part, Prose):
                yield from (part, "")
            else:
                yield from _heading(part, levels)


def _heading(heading: Heading, levels: set[int]) -> list[str]:
    """The heading; below none of the level above, it begins no section. The levels are those that it is below."""
    if heading.level > 1 and heading.level - 1 not in levels:
        return [f".. rubric:: {heading.text}", ""]
    levels.intersection_update(range(heading.level))
    levels.add(heading.level)
    line = _ADORNMENTS[min(heading.level, len(_ADORNMENTS)) - 1] * (2 * len(heading.text))
    return [line, heading.text, line, ""]
