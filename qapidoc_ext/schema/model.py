"""The definitions of a schema: frozen values that refer to each other by name."""

from __future__ import annotations

from dataclasses import dataclass, field

from qapidoc_ext.schema.condition import Condition
from qapidoc_ext.schema.doc import Doc
from qapidoc_ext.source import Location, Prose

_INTEGER_TYPES = [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
BUILTIN_TYPES = frozenset(["str", "number", "int", *_INTEGER_TYPES, "size", "bool", "null", "any", "QType"])
"""The types that need no definition, as QEMU's `docs/devel/qapi-code-gen`, "Built-in Types", lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeRef:
    """A type, by name, or an array of it."""

    name: str
    is_name: bool = True
    """False where something else than a name is written; `name` is empty then."""
    is_array: bool = False
    location: Location

    def __str__(self) -> str:
        return f"[{self.name}]" if self.is_array else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature flag, on what carries it."""

    name: str
    condition: Condition | None = None
    doc: Prose | None = None
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of an object: a command's argument, an event's datum, a struct's or a union base's member."""

    name: str
    """As it is on the wire, without the `*` of an optional one."""
    type: TypeRef
    is_optional: bool = False
    condition: Condition | None = None
    features: tuple[Feature, ...] = ()
    doc: Prose | None = None
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A branch of a union, or an alternative of an alternate."""

    name: str
    """A union's: the value of the discriminator that selects it."""
    type: TypeRef
    condition: Condition | None = None
    doc: Prose | None = None
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value of an enum."""

    name: str
    condition: Condition | None = None
    features: tuple[Feature, ...] = ()
    doc: Prose | None = None
    location: Location


Members = tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    name: str
    module: str
    location: Location
    """Of the name, in the expression."""
    start: Location
    """Of the expression's opening brace."""
    doc: Doc | None = None
    condition: Condition | None = None
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(_Definition):
    """A command."""

    arguments: Members | TypeRef = ()
    """A type: its members are the arguments."""
    returns: TypeRef | None = None
    is_boxed: bool = False
    allow_oob: bool = False
    allow_preconfig: bool = False
    coroutine: bool = False
    gen: bool = True
    success_response: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(_Definition):
    """An event."""

    data: Members | TypeRef = ()
    """A type: its members are the event's data."""
    is_boxed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Struct(_Definition):
    """An object type with members of its own, and those of its base."""

    base: TypeRef | None = None
    members: Members = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Union(_Definition):
    """An object type whose members depend on the value of one of them, the discriminator."""

    base: Members | TypeRef = ()
    discriminator: str = ""
    """Empty for a simple union (before 6.2): on the wire that is `{"type": BRANCH, "data": VALUE}`."""
    branches: tuple[Branch, ...] = ()

    @property
    def is_simple(self) -> bool:
        """Whether there is neither a base nor a discriminator."""
        return not self.base and not self.discriminator


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate(_Definition):
    """A type whose value is of one of several types that JSON tells apart."""

    alternatives: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum(_Definition):
    """A type whose values are strings."""

    values: tuple[Value, ...] = ()
    prefix: str = ""
    """Of the names in C."""


Definition = Command | Event | Struct | Union | Alternate | Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """Where a file includes another one that no include before it names."""

    module: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What one file of a schema defines."""

    name: str
    """Path of the file below the folder of the schema's first file, without its ending: `block-core`."""
    path: str
    docs: tuple[Doc, ...] = ()
    """The comments that document no definition, in the order of the file."""
    definitions: tuple[str, ...] = ()
    """Names, in the order of the file."""
    includes: tuple[Include, ...] = ()


def release(version: str) -> tuple[int, ...]:
    """The first two numbers of a schema's version, which say what QEMU it is of; none where it is no version."""
    numbers = version.split(".")[:2]
    return tuple(map(int, numbers)) if all(number.isdecimal() for number in numbers) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """All that a schema file and the files that it includes define."""

    modules: tuple[Module, ...] = ()
    """In the order of the includes, as QEMU's own manual has them."""
    definitions: dict[str, Definition] = field(default_factory=dict)
    """By name; commands, events and types share one name space."""
    version: str = ""
    """Of the QEMU source tree that the schema lies in; empty where that is not known."""
    is_complete: bool = True
    """Whether all of its files could be read; otherwise there may be more definitions than these."""
    unread: frozenset[str] = frozenset()
    """Names of types that may be defined in text that could not be parsed."""
