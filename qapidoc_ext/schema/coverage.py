"""How much of a schema is documented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import Alternate, Branch, Definition, Member, Module, Schema, Value
from qapidoc_ext.schema.views import local_parts

_TEXTS = frozenset({SectionKind.TEXT, SectionKind.NOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What of a module is documented, and what is not."""

    module: str
    definitions: int
    parts: int
    """Members, values and alternatives that the module's definitions list themselves."""
    bare_definitions: tuple[str, ...] = ()
    """Names of the definitions whose documentation comment, if there is one, says nothing of them as a whole."""
    bare_parts: tuple[tuple[str, str], ...] = ()
    """Those that no text describes: the name of the definition, and of the part."""


def coverage(schema: Schema) -> tuple[Coverage, ...]:
    """The coverage of each module that defines something, in the order of the schema."""
    return tuple(_coverage(module, schema) for module in schema.modules if module.definitions)


def _coverage(module: Module, schema: Schema) -> Coverage:
    definitions = [schema.definitions[name] for name in module.definitions]
    return Coverage(
        module=module.name,
        definitions=len(definitions),
        parts=sum(len(_parts(definition)) for definition in definitions),
        bare_definitions=tuple(definition.name for definition in definitions if is_bare(definition)),
        bare_parts=tuple((definition.name, name) for definition in definitions for name in _bare_parts(definition)),
    )


def is_bare(definition: Definition) -> bool:
    """Whether nothing is said of a definition as a whole."""
    sections = definition.doc.sections if definition.doc else ()
    return not any(section.kind in _TEXTS and section.prose.text.strip() for section in sections)


def _parts(definition: Definition) -> tuple[Member | Value | Branch, ...]:
    """What a comment has to describe by QEMU's rules; the branches of a union are not among it."""
    return definition.alternatives if isinstance(definition, Alternate) else local_parts(definition)


def _bare_parts(definition: Definition) -> Iterator[str]:
    return (part.name for part in _parts(definition) if part.doc is None or not part.doc.text)
