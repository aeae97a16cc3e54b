"""What a schema's pragmas say about the names, commands and comments in all of its files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from qapidoc_ext.schema.check.place import Fault
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.lexer import Boolean, String
from qapidoc_ext.schema.parser import Array, Object, Value

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pragmas:
    """What the pragmas of a schema ask for and excuse; the last one of a name holds."""

    doc_required: bool = False
    command_names: frozenset[str] = field(default=_NONE)
    """The commands whose names may hold `_`."""
    command_returns: frozenset[str] = field(default=_NONE)
    """The commands that may return something else than objects."""
    member_names: frozenset[str] = field(default=_NONE)
    """The definitions whose members may be in any case."""
    documentation: frozenset[str] = field(default=_NONE)
    """The definitions whose members need no description."""


def pragma_faults(directive: Object, dialect: Dialect) -> Iterator[Fault]:
    """What is wrong with a pragma."""
    if len(directive.members) > 1:
        yield Fault(directive.offset, "nothing may stand beside 'pragma'")
    pragma = directive.members["pragma"][1]
    if not isinstance(pragma, Object):
        yield Fault(pragma.offset, "the value of 'pragma' must be an object")
        return
    for name, (key, value) in pragma.members.items():
        if name not in dialect.pragmas:
            yield Fault(key.offset, f"unknown pragma '{name}'; there may be {', '.join(sorted(dialect.pragmas))}")
        elif dialect.pragmas[name] == "doc_required":
            if not isinstance(value, Boolean):
                yield Fault(value.offset, f"the pragma '{name}' must be true or false")
        elif not _is_list_of_strings(value):
            yield Fault(value.offset, f"the pragma '{name}' must be a list of strings")


def pragma_settings(directive: Object, dialect: Dialect) -> dict[str, bool | frozenset[str]]:
    """The fields of :class:`Pragmas` that a pragma sets; what is wrong in it sets nothing."""
    pragma = directive.members["pragma"][1]
    if not isinstance(pragma, Object):
        return {}
    settings: dict[str, bool | frozenset[str]] = {}
    for name, (_, value) in pragma.members.items():
        field_name = dialect.pragmas.get(name)
        if field_name == "doc_required" and isinstance(value, Boolean):
            settings[field_name] = value.value
        elif field_name and field_name != "doc_required" and isinstance(value, Array):
            settings[field_name] = frozenset(item.value for item in value.items if isinstance(item, String))
    return settings


def _is_list_of_strings(value: Value) -> bool:
    return isinstance(value, Array) and all(isinstance(item, String) for item in value.items)
