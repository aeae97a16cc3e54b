"""What the values of a type consist of: members wherever they are defined, branches, and nested types."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Definition,
    Enum,
    Member,
    Members,
    Schema,
    Struct,
    TypeRef,
    Union,
    Value,
)
from qapidoc_ext.schema.stated import default
from qapidoc_ext.schema.views import groups_of, members_of, values_without_branch

_LARGEST_ENUM = 40
"""Values of an enum that is still shown inside of a page about something else."""
_ROWS = 120
"""Members and values that a page shows of nested types at most; what is more is only linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A member, and what its type consists of, where that is shown here."""

    member: Member
    default: str = ""
    """As the text states it; empty where it does not."""
    inside: Inside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Members that come from the same definition."""

    origin: str
    """Its name; empty for the definition that is looked at itself."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A branch, and what it adds to the object, where that is shown here."""

    branch: Branch
    inside: Object | None = None
    count: int = 0
    """Of the members that it adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """An object type."""

    name: str
    """Of the type; that of the command or event where the members are listed there."""
    groups: tuple[Group, ...] = ()
    discriminator: str = ""
    is_simple: bool = False
    """Whether it is a simple union: the value of a branch's type is that of the member `data`."""
    cases: tuple[Case, ...] = ()
    others: tuple[Value, ...] = ()
    """The values of the discriminator that add nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An alternate type."""

    name: str
    alternatives: tuple[tuple[Branch, Inside | None], ...]


Inside = Object | Enum | Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaper:
    """Makes the shapes of one page: a nested type is shown once, at the first place that has it."""

    schema: Schema
    elsewhere: Collection[str] = ()
    """The unions that have a page for each branch; their branches are not shown on others."""
    depth: int = 0
    """How many levels of nested types are shown."""
    _shown: set[str] = field(default_factory=set)
    """Names of the types that are shown already, one for each row of them."""
    _rows: list[str] = field(default_factory=list)

    def object(self, data: Members | TypeRef, name: str = "", depth: int | None = None) -> Object:
        """What consists of these members, or of those of this type and of its branches.

        `name` is that of the definition that is looked at itself.
        """
        depth = self.depth if depth is None else depth
        type_ = self.schema.definitions.get(data.name) if isinstance(data, TypeRef) else None
        self._shown.add(type_.name if type_ else name)
        groups = tuple(
            Group(origin="" if origin == name else origin, rows=tuple(self._row(member, depth) for member in members))
            for origin, members in groups_of(data, self.schema)
            if members
        )
        if not isinstance(type_, Union):
            return Object(name=type_.name if type_ else name, groups=groups)
        return Object(
            name=type_.name,
            groups=groups,
            discriminator=type_.discriminator,
            is_simple=type_.is_simple,
            cases=tuple(self._case(type_, branch, depth) for branch in type_.branches),
            others=values_without_branch(type_, self.schema),
        )

    def _case(self, union: Union, branch: Branch, depth: int) -> Case:
        count = sum(len(members) for _, members in groups_of(branch.type, self.schema))
        is_shown = union.name not in self.elsewhere and self._has_room(branch.type.name, count)
        inside = self.object(branch.type, branch.type.name, depth) if is_shown else None
        return Case(branch=branch, inside=inside, count=count)

    def _row(self, member: Member, depth: int) -> Row:
        return Row(member=member, default=default(member, self.schema), inside=self._inside(member.type, depth))

    def _inside(self, type_: TypeRef, depth: int) -> Inside | None:
        definition = self.schema.definitions.get(type_.name)
        if depth == 0 or definition is None or not self._has_room(type_.name, _size(definition, self.schema)):
            return None
        match definition:
            case Enum():
                return definition
            case Struct() | Union():
                return self.object(TypeRef(name=type_.name, location=type_.location), type_.name, depth - 1)
            case Alternate(alternatives=alternatives):
                found = tuple((branch, self._inside(branch.type, depth)) for branch in alternatives)
                return Choice(name=type_.name, alternatives=found)
            case _:
                return None

    def _has_room(self, name: str, rows: int) -> bool:
        """Whether a type is to be shown here; it then counts as shown."""
        definition = self.schema.definitions.get(name)
        is_large = name in self.elsewhere or (isinstance(definition, Enum) and rows > _LARGEST_ENUM)
        if definition is None or is_large or name in self._shown or len(self._rows) + rows > _ROWS:
            return False
        self._shown.add(name)
        self._rows.extend([name] * rows)
        return True


def _size(definition: Definition, schema: Schema) -> int:
    match definition:
        case Enum(values=values):
            return len(values)
        case Alternate(alternatives=alternatives):
            return len(alternatives)
        case _:
            return len(members_of(TypeRef(name=definition.name, location=definition.location), schema))
