"""What is wrong with the extension's configuration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig
from sphinx.errors import ConfigError

from qapidoc_ext.introspect.recordings import recorded_versions
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.closest import closest, hint
from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.config import DEFAULT_PROGRAMS, DEFAULT_UNIONS, PREFIX, Config, Mode

_FOLDER = re.compile(r"[A-Za-z0-9_-]+")
TAKEN = (
    "command",
    "event",
    "type",
    "module",
    "feature",
    "features",
    "coverage",
    "changes",
    "gone",
    "this-qemu",
    "read-only",
    "index",
)
"""Folders and pages that every namespace has."""


def check_config(app: Sphinx, config: SphinxConfig) -> None:
    """Nothing, where every value is what it must be.

    :raise ConfigError: some are not; it has a line for each fault. Sphinx prints the message and ends.
    """
    del app
    if found := [*_misspelled(config), *_faults(config)]:
        raise ConfigError("\n".join(found))


def _misspelled(config: SphinxConfig) -> Iterator[str]:
    """The names in conf.py that nobody reads."""
    values = [item.name for item in fields(Config)]
    assigned: dict[str, object] = getattr(config, "_raw_config", {})  # Sphinx has no public way to them
    for name, value in assigned.items():
        if name.startswith(PREFIX) and name not in config and not isinstance(value, ModuleType):
            near = closest(name.removeprefix(PREFIX), values)[:1]
            yield "".join([f"{name}: there is no such value", *(f"; close to it: {PREFIX}{found}" for found in near)])


def _faults(config: SphinxConfig) -> Iterator[str]:
    usable: dict[str, Any] = {}
    for item in fields(Config):
        value = config[f"{PREFIX}{item.name}"]
        if wrong := [*_type_faults(value, item.metadata["default"])]:
            yield from (f"{PREFIX}{item.name}: {fault}" for fault in wrong)
        else:
            usable[item.name] = value
    for name, check in _CHECKS.items():
        yield from (f"{PREFIX}{name}: {fault}" for fault in (check(usable[name]) if name in usable else ()))
    match usable:
        case {"schemas": schemas, "programs": programs}:
            yield from _unknown_namespaces(schemas, programs)
    match usable:
        case {"record": "record" | "replay" as mode, "recordings": ""}:
            yield f"{PREFIX}recordings: names no folder, and {PREFIX}record is {mode!r}"


def _type_faults(value: object, default: object) -> Iterator[str]:
    match value:
        case _ if not isinstance(value, type(default)):
            yield f"must be a {type(default).__name__}, not {value!r}"
        case dict():
            yield from _text_faults([*value, *value.values()])
        case list():
            yield from _text_faults(value)
        case str():
            yield from _text_faults([value])
        case _:
            pass


def _text_faults(texts: Iterable[object]) -> Iterator[str]:
    for text in texts:
        if not isinstance(text, str):
            yield f"{text!r} must be a string"
        elif "\0" in text:
            yield f"{text!r} holds a NUL character"


def _unknown_namespaces(schemas: dict[str, str], programs: dict[str, str]) -> Iterator[str]:
    for namespace, program in programs.items():
        if namespace not in schemas and program != DEFAULT_PROGRAMS.get(namespace):  # a default suits any schemas
            yield f"{PREFIX}programs: {PREFIX}schemas has no namespace {namespace!r}{hint(namespace, schemas)}"


def _folder_faults(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if not _FOLDER.fullmatch(name):
            yield f"{name!r} names a folder of pages; it may have letters, digits, - and _"


def _word_faults(words: dict[str, str]) -> Iterator[str]:
    """Each union has a folder of its own, on file systems too that do not tell letters by their case."""
    yield from _folder_faults(words.values())
    taken = dict.fromkeys(TAKEN, "the reference itself")
    for union, word in words.items():
        if other := taken.get(word.casefold()):
            yield f"the pages of {union!r} cannot be in {word!r}, which belongs to {other}"
        taken[word.casefold()] = repr(union)


def _program_faults(programs: dict[str, str]) -> Iterator[str]:
    yield from _folder_faults(programs)
    for namespace, program in programs.items():
        if not program:
            yield f"{namespace!r} has no program: name it, or leave the namespace out"


def _reference_faults(folder: str) -> Iterator[str]:
    path = PurePosixPath(folder)
    if path.is_absolute() or not path.parts or ".." in path.parts or not folder.isprintable():
        yield f"must be a folder below the source folder, such as 'reference', not {folder!r}"


def _version_faults(versions: list[str]) -> Iterator[str]:
    known = recorded_versions()
    for version in versions:
        if version not in known:
            yield f"there is no recording of {version!r}; there are those of {', '.join(known)}"
    if len({*versions}) == 1:
        yield f"two versions are compared with each other: name another one beside {versions[0]!r}, or none"


def _mode_faults(record: str) -> Iterator[str]:
    modes = [mode.value for mode in Mode]
    if record not in modes:
        yield f"must be one of {', '.join(modes)}, not {record!r}"


_CHECKS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "schemas": _folder_faults,
    "branch_pages": _word_faults,
    "reference": _reference_faults,
    "programs": _program_faults,
    "compared": _version_faults,
    "record": _mode_faults,
}
"""What is wrong with a value of the right type, by the name of its field."""


def wrong_unions(config: Config, references: Mapping[str, Reference]) -> Iterator[Finding]:
    """The unions that are configured and that no schema has, where all schemas are there; names that nobody chose.

    A union that gets its pages because it has many branches, and whose name is taken, needs a word.
    """
    found = {name for reference in references.values() for name in reference.unions}
    is_whole = len(references) == len(config.schemas) and all(item.schema.is_complete for item in references.values())
    for name in config.branch_pages if is_whole and config.branch_pages != DEFAULT_UNIONS else ():
        if name not in found:
            yield _fault(f"there is no union '{name}' in any schema")
    for name in found - set(config.branch_pages):
        if name.casefold() in {*TAKEN, *map(str.casefold, config.branch_pages.values())}:
            yield _fault(f"give a word to the union '{name}': its pages cannot be in a folder of this name")


def _fault(message: str) -> Finding:
    return Finding(location=Location(path="conf.py"), message=f"qapidoc_branch_pages: {message}")
