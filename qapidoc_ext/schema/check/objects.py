"""Object types: what their members, bases and branches are, and that no two members of one object clash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qapidoc_ext.schema.check.features import definition_feature_faults, feature_faults
from qapidoc_ext.schema.check.names import c_name
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.check.types import TypeNames, describe, exists, resolve
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.model import BUILTIN_TYPES, Definition, Enum, Member, Members, Schema, Struct, TypeRef, Union
from qapidoc_ext.source import Finding, Location

MAXIMUM_DEPTH = 64
"""How many object types may hold each other. In QEMU's own schemas it is 6."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A member, and the definition that has it."""

    member: Member
    owner: str


Seen = dict[str, Owned]
"""Members of one object, by their names in C."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """The members of an object type."""

    members: Seen
    """Those that it has whatever its branch, with those of its base."""
    in_branches: Seen
    """Those that it has in some branch."""


_NOTHING = _Shape({}, {})


class ObjectTypes:
    """The object types of a schema. Each is judged once, when it is first needed, as it is in QEMU."""

    def __init__(self, schema: Schema, names: TypeNames, dialect: Dialect) -> None:
        self._schema = schema
        self._names = names
        self._dialect = dialect
        self._shapes: dict[str, _Shape] = {}
        """By name, of the types that are judged."""
        self._open: list[str] = []
        """The types that are being judged, each one held by the one before it."""

    def faults(self, definition: Struct | Union) -> Iterator[Finding]:
        """What is wrong with an object type and with those that it holds, as far as they are not judged yet."""
        if definition.name in self._shapes:
            return
        if definition.name in self._open or len(self._open) >= MAXIMUM_DEPTH:
            what = "contains itself" if definition.name in self._open else f"nests deeper than {MAXIMUM_DEPTH} types"
            yield in_definition(definition.start, definition.location, f"'{definition.name}' {what}")
            return
        self._open.append(definition.name)
        seen: Seen = {}
        in_branches: Seen = {}
        yield from definition_feature_faults(definition, self._dialect)
        if isinstance(definition.base, TypeRef):
            yield from self._base(definition.base, definition, seen)
        yield from self.member_faults(_own_members(definition), definition, seen)
        if isinstance(definition, Union) and definition.is_simple:
            yield from self._simple_branches(definition) if self._dialect.simple_unions else ()
        elif isinstance(definition, Union):
            yield from self._branches(definition, seen, in_branches)
        self._open.pop()
        self._shapes[definition.name] = _Shape(seen, in_branches)

    def conditional(self, data: TypeRef | Members) -> Member | None:
        """A member that has a condition, among those that arguments have whatever their branch."""
        members = data if isinstance(data, tuple) else [owned.member for owned in self._shape(data).members.values()]
        return next((member for member in members if member.condition), None)

    def member_faults(self, members: Members, definition: Definition, seen: Seen) -> Iterator[Finding]:
        """What is wrong with members that stand in a definition. Adds them to `seen`."""
        for member in members:
            if not member.type.is_array:
                yield from self._names.faults(member.type, definition)
            yield from feature_faults(member.features, definition)
            yield from _clash({c_name(member.name): Owned(member, definition.name)}, member.location, definition, seen)

    def _base(self, base: TypeRef, definition: Definition, seen: Seen) -> Iterator[Finding]:
        found = resolve(base, self._schema)
        yield from self._names.faults(base, definition)
        if isinstance(found, Struct):
            yield from self.faults(found)
            yield from _clash(self._shape(base).members, base.location, definition, seen)
        elif exists(base, self._schema):
            message = f"a base must be a struct, unlike {describe(base, self._schema)}"
            yield in_definition(definition.start, base.location, message)

    def _branches(self, union: Union, seen: Seen, in_branches: Seen) -> Iterator[Finding]:
        owned = seen.get(c_name(union.discriminator))
        discriminator = owned.member if owned and owned.member.name == union.discriminator else None
        enum = resolve(discriminator.type, self._schema) if discriminator else None
        if not self._is_judgeable(union, discriminator):
            return
        yield from _discriminator_faults(discriminator, enum, union)
        if not isinstance(enum, Enum):
            return
        values = {value.name for value in enum.values}
        if not union.branches and not values:
            yield in_definition(union.start, union.location, f"'{union.name}' has no branches")
        for branch in union.branches:
            yield from self._names.faults(branch.type, union)
            if branch.name not in values:
                message = f"'{branch.name}' is not a value of '{enum.name}'"
                yield in_definition(union.start, branch.location, message)
            yield from self._branch_type(branch.type, union)
        for branch in union.branches:
            shape = self._shape(branch.type)
            for members in (shape.members, shape.in_branches):
                yield from _clash(members, branch.location, union, dict(seen))
                in_branches.update(members)

    def _is_judgeable(self, union: Union, discriminator: Member | None) -> bool:
        """Whether the types that say what the discriminator is could be found."""
        has_base = not isinstance(union.base, TypeRef) or isinstance(resolve(union.base, self._schema), Struct)
        if not has_base or not union.discriminator:
            return False
        return (
            discriminator is None
            or resolve(discriminator.type, self._schema) is not None
            or discriminator.type.is_array
            or discriminator.type.name in BUILTIN_TYPES
        )

    def _simple_branches(self, union: Union) -> Iterator[Finding]:
        if not union.branches:
            yield in_definition(union.start, union.location, f"'{union.name}' has no branches")
        seen: set[str] = set()
        for branch in union.branches:
            if not branch.type.is_array:
                yield from self._names.faults(branch.type, union)
            if c_name(branch.name) in seen:
                message = f"'{branch.name}' clashes with another branch"
                yield in_definition(union.start, branch.location, message)
            seen.add(c_name(branch.name))

    def _branch_type(self, type_: TypeRef, union: Union) -> Iterator[Finding]:
        found = resolve(type_, self._schema)
        if isinstance(found, Struct) or (isinstance(found, Union) and self._dialect.union_branches):
            yield from self.faults(found)
        elif exists(type_, self._schema):
            message = f"a branch must be an object type, unlike {describe(type_, self._schema)}"
            yield in_definition(union.start, type_.location, message)

    def _shape(self, type_: TypeRef) -> _Shape:
        return self._shapes.get(type_.name, _NOTHING)


def _own_members(definition: Struct | Union) -> Members:
    match definition:
        case Struct(members=members) | Union(base=tuple(members)):
            return members
        case _:
            return ()


def _clash(members: Mapping[str, Owned], place: Location, definition: Definition, seen: Seen) -> Iterator[Finding]:
    """Members that have the name of one that the object already has. Adds the others to `seen`."""
    for spelled, owned in members.items():
        if first := seen.get(spelled):
            message = f"{_describe(owned, definition)} clashes with {_describe(first, definition)}"
            yield in_definition(definition.start, place, message)
        else:
            seen[spelled] = owned


def _describe(owned: Owned, definition: Definition) -> str:
    name = f"'{owned.member.name}'"
    return f"the member {name}" if owned.owner == definition.name else f"the member {name} of '{owned.owner}'"


def _discriminator_faults(member: Member | None, enum: Definition | None, union: Union) -> Iterator[Finding]:
    name = f"the discriminator '{union.discriminator}'"
    if member is None:
        message = f"the base has no member '{union.discriminator}', which the discriminator names"
        yield in_definition(union.start, union.location, message)
        return
    if not isinstance(enum, Enum):
        yield in_definition(union.start, union.location, f"{name} must be of an enum type")
    if member.is_optional:
        yield in_definition(union.start, union.location, f"{name} must not be optional")
    if member.condition:
        yield in_definition(union.start, union.location, f"{name} must not have a condition")
