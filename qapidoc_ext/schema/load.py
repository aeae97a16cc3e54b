"""A schema, read from its files."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from qapidoc_ext.schema.build import build
from qapidoc_ext.schema.check import check
from qapidoc_ext.schema.doc import Doc, read_doc
from qapidoc_ext.schema.lexer import SourceText
from qapidoc_ext.schema.model import Definition, Module, Schema
from qapidoc_ext.schema.parser import Comment, Expression, Object, String, parse
from qapidoc_ext.source import Finding, Location, SourceError, read_text

MAXIMUM_DEPTH = 32
"""How deep includes may nest. QEMU's own nest 4 deep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What could be read of a schema, and everything that is wrong with it, by file and line."""

    schema: Schema
    findings: tuple[Finding, ...]


def load(path: Path) -> Loaded:
    """The schema that a file and the files that it includes hold.

    What cannot be read or parsed gives findings, never an exception; the rest of the schema is still there.
    """
    loader = _Loader(path)
    loader.read(path, included_at=None)
    modules = tuple(loader.modules.values())
    schema = Schema(modules=modules, definitions=loader.definitions, version=_version_above(path))
    return Loaded(schema=schema, findings=tuple(sorted([*loader.findings, *check(schema)])))


def _version_above(path: Path) -> str:
    """What the file VERSION at the top of a QEMU source tree says; empty where there is none above."""
    for folder in path.resolve().parents:
        try:
            return read_text(folder / "VERSION").strip().split("\n")[0]
        except SourceError:
            continue
    return ""


class _Loader:
    """What has been read so far, and the files that are being read."""

    def __init__(self, root: Path) -> None:
        self.modules: dict[Path, Module] = {}
        """By resolved path, in the order of the includes."""
        self.definitions: dict[str, Definition] = {}
        self.findings: list[Finding] = []
        self._folder = root.resolve().parent
        self._open: list[Path] = []
        """Each one included by the one before it."""

    def read(self, path: Path, included_at: Location | None) -> None:
        try:
            source = SourceText(str(path), read_text(path))
        except SourceError as error:
            self._report_unreadable(error, included_at)
            return
        resolved = path.resolve()
        self.modules[resolved] = Module(name=self._module_name(resolved), path=str(path))
        self._open.append(resolved)
        parsed = parse(source)
        self.findings += parsed.findings
        for item in parsed.items:
            self._take(item, source, resolved)
        self._open.pop()

    def _take(self, item: Expression | Comment, source: SourceText, module: Path) -> None:
        match item:
            case Comment():
                doc, findings = read_doc(item, source)
                self.findings += findings
                self._add_doc(doc, module)
            case Expression(value=Object(members={"include": (key, value)})):
                self._include(value, source.location(key.offset), source)
            case Expression(value=Object(members={"pragma": _})):
                pass  # says what QEMU's own tools tolerate; reading tolerates it anyway
            case Expression():
                self._define(item, source, module)

    def _include(self, name: object, location: Location, source: SourceText) -> None:
        if not isinstance(name, String) or not name.value:
            self._report(location, "'include' must name a file")
            return
        path = Path(os.path.normpath(Path(source.path).parent / name.value))
        if (resolved := path.resolve()) in self._open:
            self._report(location, f"{name.value} includes this file, directly or through others")
        elif len(self._open) >= MAXIMUM_DEPTH:
            self._report(location, f"includes nest deeper than {MAXIMUM_DEPTH}")
        elif resolved not in self.modules:
            self.read(path, included_at=location)

    def _define(self, expression: Expression, source: SourceText, module: Path) -> None:
        definition, findings = build(expression, source, self.modules[module].name)
        self.findings += findings
        if definition is None or not definition.name:
            return
        if first := self.definitions.get(definition.name):
            self._report(definition.location, f"'{definition.name}' is already defined at {first.location}")
            return
        self.definitions[definition.name] = definition
        known = self.modules[module]
        self.modules[module] = replace(known, definitions=(*known.definitions, definition.name))

    def _add_doc(self, doc: Doc, module: Path) -> None:
        known = self.modules[module]
        self.modules[module] = replace(known, docs=(*known.docs, doc))

    def _module_name(self, path: Path) -> str:
        relative = PurePath(os.path.relpath(path, self._folder)).with_suffix("")
        return "/".join(part for part in relative.parts if part != "..")

    def _report_unreadable(self, error: SourceError, included_at: Location | None) -> None:
        for finding in error.findings:
            if included_at is None:
                self.findings.append(finding)
            else:
                self._report(included_at, f"included file {finding}")

    def _report(self, location: Location, message: str) -> None:
        self.findings.append(Finding(location=location, message=message))
