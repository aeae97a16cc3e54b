"""The files of a schema: what each holds, in the order in which they include each other."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path, PurePath
from typing import Any

from qapidoc_ext.schema.check.comments import outline_of
from qapidoc_ext.schema.check.outline import Outline
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.check.pragmas import Pragmas, pragma_faults, pragma_settings
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.doc import Doc, read_doc
from qapidoc_ext.schema.lexer import String
from qapidoc_ext.schema.model import Include
from qapidoc_ext.schema.parser import Comment, Expression, Object, parse
from qapidoc_ext.source import Finding, Location, SourceError, SourceText, read_source, real

MAXIMUM_DEPTH = 32
"""How deep includes may nest. QEMU's own nest 4 deep."""
_DEFINED = re.compile(r"'(?:struct|union|enum|alternate)'\s*:\s*'([^'\n]*)'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A definition as it is written."""

    expression: Expression
    outline: Outline | None
    """Of the comment above it."""
    source: SourceText
    module: str


@dataclass(slots=True, kw_only=True)
class Files:
    """What is read of a schema."""

    modules: dict[str, Path] = field(default_factory=dict)
    """The path of each module, by its name, in the order of the includes."""
    includes: list[tuple[str, Include]] = field(default_factory=list)
    """Those that name a file for the first time, with the modules that they stand in."""
    docs: list[tuple[str, Doc]] = field(default_factory=list)
    """The comments that document no definition, with their modules."""
    definitions: list[Written] = field(default_factory=list)
    pragmas: Pragmas = field(default_factory=Pragmas)
    findings: list[Finding] = field(default_factory=list)
    """In the order in which QEMU would come upon them."""
    unread: set[str] = field(default_factory=set)
    """Names of definitions, among them all that stand in text that could not be parsed."""
    is_complete: bool = True
    """Whether all files could be read."""


def read_files(path: Path, dialect: Dialect) -> Files:
    """What a file and the files that it includes hold."""
    reader = _Reader(path, dialect)
    reader.read(path, included_at=None)
    return reader.files


class _Reader:
    """What has been read so far, and the files that are being read."""

    def __init__(self, root: Path, dialect: Dialect) -> None:
        self.files = Files()
        self._dialect = dialect
        self._folder = real(root).parent
        self._known: set[Path] = set()
        self._open: list[Path] = []
        """Each one included by the one before it."""

    def read(self, path: Path, included_at: Location | None) -> None:
        try:
            source = read_source(path)
        except SourceError as error:
            self._report_unreadable(error, included_at)
            return
        resolved = real(path)
        self._known.add(resolved)
        self._open.append(resolved)
        module = self._module_name(resolved)
        self.files.modules[module] = path
        items = parse(source)
        for item, following in zip_longest(items, items[1:]):
            match item:
                case Finding():
                    self.files.findings.append(item)
                    self.files.unread.update(_DEFINED.findall(source.content))
                case Comment():
                    self.files.docs.append((module, read_doc(item, source)))
                    self._take_comment(item, following, source)
                case Expression():
                    self._take_expression(item, source, module)
        self._open.pop()

    def _take_comment(self, comment: Comment, following: object, source: SourceText) -> None:
        outline = self._outline(comment, source)
        if outline.faults or isinstance(following, Finding):
            return
        if outline.name:
            self._report_orphan(outline)
        elif isinstance(following, Expression) and not following.comment and not following.is_directive:
            self._report_nameless(outline)

    def _take_expression(self, expression: Expression, source: SourceText, module: str) -> None:
        outline = self._outline(expression.comment, source) if expression.comment else None
        if not expression.is_directive:
            if outline and not outline.name and not outline.faults:
                self._report_nameless(outline)
            written = Written(expression=expression, outline=outline, source=source, module=module)
            self.files.definitions.append(written)
            return
        if outline and outline.name:
            self._report_orphan(outline)
        if "include" in expression.value.members:
            self._include(expression.value, source)
        else:
            self._set_pragma(expression.value, source)

    def _outline(self, comment: Comment, source: SourceText) -> Outline:
        outline = outline_of(comment, source, self._dialect)
        self._report_all((Location(path=source.start.path, line=f.line, column=1), f.message) for f in outline.faults)
        return outline

    def _include(self, directive: Object, source: SourceText) -> None:
        name = directive.members["include"][1]
        location = source.location(directive.offset)
        if len(directive.members) > 1:
            self._report(location, "nothing may stand beside 'include'")
        if not isinstance(name, String) or not name.value:
            self._report(location, "'include' must name a file")
            return
        path = Path(os.path.normpath(Path(source.start.path).parent / name.value))
        if (resolved := real(path)) in self._open:
            self._report(location, f"{name.value} includes this file, directly or through others")
        elif len(self._open) >= MAXIMUM_DEPTH:
            self._report(location, f"includes nest deeper than {MAXIMUM_DEPTH}")
            self.files.is_complete = False
        elif resolved not in self._known:
            include = Include(module=self._module_name(resolved), location=location)
            self.files.includes.append((self._module_name(self._open[-1]), include))
            self.read(path, included_at=location)

    def _set_pragma(self, directive: Object, source: SourceText) -> None:
        start = source.location(directive.offset)
        faults = pragma_faults(directive, self._dialect)
        self.files.findings += [in_definition(start, source.location(f.offset), f.message) for f in faults]
        settings: dict[str, Any] = pragma_settings(directive, self._dialect)
        self.files.pragmas = replace(self.files.pragmas, **settings)

    def _module_name(self, path: Path) -> str:
        relative = PurePath(os.path.relpath(path, self._folder)).with_suffix("")
        return "/".join(part for part in relative.parts if part != "..")

    def _report_unreadable(self, error: SourceError, included_at: Location | None) -> None:
        self.files.is_complete = False
        if included_at is None:
            self.files.findings += error.findings
        else:
            self._report_all((included_at, f"included file {finding}") for finding in error.findings)

    def _report_orphan(self, outline: Outline) -> None:
        message = f"this comment is for '{outline.name}', whose definition does not follow"
        self._report(Location(path=outline.path, line=outline.line, column=1), message)

    def _report_nameless(self, outline: Outline) -> None:
        message = "this comment stands above a definition, so its first line must name that: '@NAME:'"
        self._report(Location(path=outline.path, line=outline.line, column=1), message)

    def _report(self, location: Location, message: str) -> None:
        self.files.findings.append(Finding(location=location, message=message))

    def _report_all(self, faults: Iterable[tuple[Location, str]]) -> None:
        for location, message in faults:
            self._report(location, message)
