"""What an option changes in an interface: two schemas, and the difference that a client sees between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.introspect.change import Change
from qapidoc_ext.introspect.compare import compare
from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.reply import ReplyError
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Definition, Schema
from qapidoc_ext.schema.printer import definition_text
from qapidoc_ext.source import Location, SourceError, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceChange:
    """The definitions that two schemas do not share, as their text, and what a client notices."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    changes: tuple[Change, ...]


def schemas(before: Path, after: Path) -> tuple[Schema, Schema]:
    """The two schemas.

    :raise SourceError: a schema cannot be read, or has faults; it tells those of both.
    """
    old, new = load(before), load(after)
    if findings := [*old.findings, *new.findings]:
        raise SourceError(findings)
    return old.schema, new.schema


def interface_change(old: Schema, new: Schema) -> InterfaceChange:
    """What differs between two schemas, whatever their conditions.

    :raise SourceError: a command or an event has the name of another entity.
    """
    try:
        changes = compare(describe(old).introspection, describe(new).introspection)
    except ReplyError as error:
        raise fault(Location(path=new.modules[0].path), str(error)) from error
    texts = [{name: definition_text(one) for name, one in _definitions(schema).items()} for schema in (old, new)]
    return InterfaceChange(before=_only(texts[0], texts[1]), after=_only(texts[1], texts[0]), changes=changes)


def _definitions(schema: Schema) -> dict[str, Definition]:
    names = [name for module in schema.modules for name in module.definitions]
    return {name: schema.definitions[name] for name in names}


def _only(texts: dict[str, str], others: dict[str, str]) -> tuple[str, ...]:
    return tuple(text for name, text in texts.items() if others.get(name) != text)
