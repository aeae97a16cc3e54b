"""A definition as it is written: its name, its comment, its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qapidoc_ext.schema.check.documentation import section_faults
from qapidoc_ext.schema.check.form import form_faults, kind_of, name_faults
from qapidoc_ext.schema.check.outline import Outline
from qapidoc_ext.schema.check.place import Fault, in_definition
from qapidoc_ext.schema.check.pragmas import Pragmas
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.lexer import String
from qapidoc_ext.schema.parser import Object
from qapidoc_ext.source import Finding, SourceText


def definition_faults(
    definition: Object, outline: Outline | None, source: SourceText, pragmas: Pragmas, dialect: Dialect
) -> Iterator[Finding]:
    """What is wrong with a definition, whatever the others are."""
    start = source.location(definition.offset)

    def located(faults: Iterable[Fault]) -> Iterator[Finding]:
        return (in_definition(start, source.location(fault.offset), fault.message) for fault in faults)

    yield from located(name_faults(definition, pragmas, dialect))
    kind = kind_of(definition)
    if not kind:
        return
    name = definition.members[kind][1]
    if outline is None:
        if pragmas.doc_required and dialect.comments_required:
            yield Finding(location=start, message="a documentation comment is missing")
    else:
        if isinstance(name, String) and outline.name not in {"", name.value}:
            message = f"the comment above '{name.value}' documents '{outline.name}'"
            yield in_definition(start, source.location(name.offset), message)
        yield from section_faults(outline, kind, dialect, returns="returns" in definition.members)
    yield from located(form_faults(definition, pragmas, dialect))
