"""A schema, read from its files and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.schema.build import build
from qapidoc_ext.schema.check.definition import definition_faults
from qapidoc_ext.schema.check.meaning import meaning_faults
from qapidoc_ext.schema.check.outline import Outline
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.dialect import ANY, Dialect
from qapidoc_ext.schema.files import Files, read_files
from qapidoc_ext.schema.model import BUILTIN_TYPES, Definition, Module, Schema
from qapidoc_ext.source import Finding, SourceError, read_text, real


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What could be read of a schema, and everything that is wrong with it.

    The first finding is the one at which QEMU would stop; the others follow by file and line.
    """

    schema: Schema
    findings: tuple[Finding, ...]


def load(path: Path, dialect: Dialect = ANY) -> Loaded:
    """The schema that a file and the files that it includes hold, and what is wrong with it in a dialect.

    What cannot be read or parsed gives findings, never an exception; the rest of the schema is still there.
    """
    return _load(path, dialect, reads_prose=True)


def load_faultless(path: Path) -> Schema:
    """The schema, where nothing is wrong with it in any dialect.

    :raise SourceError: with everything that is wrong.
    """
    loaded = load(path)
    if loaded.findings:
        raise SourceError(loaded.findings)
    return loaded.schema


def check(path: Path, dialect: Dialect) -> tuple[Finding, ...]:
    """What is wrong with a schema: the findings of :func:`load`, without the time that it takes to read its prose."""
    return _load(path, dialect, reads_prose=False).findings


def _load(path: Path, dialect: Dialect, *, reads_prose: bool) -> Loaded:
    files = read_files(path, dialect)
    findings = [*files.findings]
    for written in files.definitions:
        definition = written.expression.value
        findings += definition_faults(definition, written.outline, written.source, files.pragmas, dialect)
    schema, outlines, redefinitions = _schema(files, version_above(path), reads_prose=reads_prose)
    findings += redefinitions
    findings += meaning_faults(schema, outlines, files.pragmas, dialect)
    return Loaded(schema=schema, findings=_first_then_by_place(findings))


def version_above(path: Path) -> str:
    """What the file VERSION at the top of a QEMU source tree says; empty where there is none above."""
    for folder in real(path).parents:
        try:
            return read_text(folder / "VERSION").strip().split("\n")[0]
        except SourceError:
            continue
    return ""


def _schema(files: Files, version: str, *, reads_prose: bool) -> tuple[Schema, dict[str, Outline], list[Finding]]:
    """The definitions, what the comment of each describes, and those whose name another one has."""
    definitions: dict[str, Definition] = {}
    outlines: dict[str, Outline] = {}
    findings: list[Finding] = []
    names: dict[str, list[str]] = {module: [] for module in files.modules}
    for written in files.definitions:
        definition = build(written.expression, written.source, written.module, reads_prose=reads_prose)
        if definition is None or not definition.name:
            continue
        if definition.name in definitions or definition.name in BUILTIN_TYPES:
            findings.append(_redefinition(definition, definitions.get(definition.name)))
        if definition.name not in definitions:
            definitions[definition.name] = definition
            names[written.module].append(definition.name)
            if written.outline and written.outline.name == definition.name:
                outlines[definition.name] = written.outline
    modules = tuple(
        Module(
            name=module,
            path=str(path),
            docs=tuple(doc for where, doc in files.docs if where == module),
            definitions=tuple(names[module]),
            includes=tuple(include for where, include in files.includes if where == module),
        )
        for module, path in files.modules.items()
    )
    schema = Schema(
        modules=modules,
        definitions=definitions,
        version=version,
        is_complete=files.is_complete,
        unread=frozenset(files.unread),
    )
    return schema, outlines, findings


def _redefinition(definition: Definition, first: Definition | None) -> Finding:
    where = f"already defined at {first.location}" if first else "a built-in type"
    return in_definition(definition.start, definition.location, f"'{definition.name}' is {where}")


def _first_then_by_place(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    different = dict.fromkeys(findings)
    first = next(iter(different), None)
    return () if first is None else (first, *sorted(finding for finding in different if finding != first))
