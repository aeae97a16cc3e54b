"""What a definition's page says, as data for programs. The form is described in docs/reference/data.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from qapidoc_ext.introspect import part as parts
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import Observation, Observed
from qapidoc_ext.introspect.part import Part
from qapidoc_ext.introspect.recordings import releases
from qapidoc_ext.introspect.since import documented_since_of, own_since_of
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.schema import condition as conditions
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Event,
    Feature,
    Member,
    Schema,
    Struct,
    TypeRef,
    Union,
    Value,
)
from qapidoc_ext.schema.stated import default
from qapidoc_ext.schema.usage import Reach, Use
from qapidoc_ext.schema.views import local_parts, members_of, properties

FORMAT = 1
"""Of the data. It becomes 2 when a program that reads 1 could misread it."""


class _Data(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Data of this format."""


class TypeData(_Data, frozen=True, kw_only=True):
    """A type, by name, or an array of it."""

    name: str
    is_array: bool


class SpanData(_Data, frozen=True, kw_only=True):
    """Recorded versions that follow each other."""

    first: str
    last: str


class PresenceData(_Data, frozen=True, kw_only=True):
    """Whether the QEMU that was asked has something."""

    state: str
    """The name of a member of :class:`~qapidoc_ext.introspect.presence.State` in lower case: `not-built`."""
    why: str


class VersionsData(_Data, frozen=True, kw_only=True):
    """Since when something is there."""

    documented: str
    """The version that the documentation names for it, or else for its definition; "" where it names none."""
    documented_itself: str
    """The same, where the documentation names one for just this."""
    seen: tuple[SpanData, ...] | None
    """The recorded versions that have it; null where no recording can tell."""
    presence: PresenceData | None
    """null where no QEMU was asked."""


class FeatureData(_Data, frozen=True, kw_only=True):
    """A feature."""

    name: str
    condition: str
    documentation: str
    versions: VersionsData


class MemberData(_Data, frozen=True, kw_only=True):
    """A member of an object."""

    name: str
    type: TypeData
    is_optional: bool
    default: str
    """As the text states it; "" where it does not."""
    condition: str
    documentation: str
    features: tuple[FeatureData, ...]
    versions: VersionsData


class ValueData(_Data, frozen=True, kw_only=True):
    """A value of an enum."""

    name: str
    condition: str
    documentation: str
    features: tuple[FeatureData, ...]
    versions: VersionsData


class BranchData(_Data, frozen=True, kw_only=True):
    """A branch of a union, or an alternative of an alternate."""

    name: str
    type: TypeData
    condition: str
    documentation: str
    versions: VersionsData


class TakenData(_Data, frozen=True, kw_only=True):
    """What a command, an event or a type has from a type; other versions can have it in that one, and not here."""

    kind: str
    """`member` or `branch`."""
    name: str
    seen: tuple[SpanData, ...] | None
    """The recorded versions that have it here; null where no recording can tell."""


class UseData(_Data, frozen=True, kw_only=True):
    """A place that names a type."""

    definition: str
    role: str
    """The name of a member of :class:`~qapidoc_ext.schema.usage.Role` in lower case: `member`."""
    part: str
    """The member, branch or alternative that has the type; "" where there is none."""


class DefinitionData(_Data, frozen=True, kw_only=True):
    """A definition."""

    format: int
    namespace: str
    name: str
    kind: str
    module: str
    condition: str
    properties: tuple[str, ...]
    documentation: str
    returns: TypeData | None
    returns_documentation: str
    errors_documentation: str
    members_of: str
    """The type whose members this has too: a base, or what the arguments or data are; "" where there is none."""
    taken: tuple[TakenData, ...]
    """What it has from that type."""
    discriminator: str
    members: tuple[MemberData, ...]
    branches: tuple[BranchData, ...]
    values: tuple[ValueData, ...]
    features: tuple[FeatureData, ...]
    versions: VersionsData
    used_by: tuple[UseData, ...]
    sent_with: tuple[str, ...]
    """The commands that take a value of the type, at any depth."""
    returned_by: tuple[str, ...]
    brought_by: tuple[str, ...]


class VersionData(_Data, frozen=True, kw_only=True):
    """A version of which there is a recording."""

    version: str
    released: date | None
    recorded_from: str


class ListedData(_Data, frozen=True, kw_only=True):
    """A definition in the index."""

    name: str
    kind: str
    module: str
    file: str
    """Its data, from the folder of the index on."""


class IndexData(_Data, frozen=True, kw_only=True):
    """The index of a namespace."""

    format: int
    namespace: str
    schema_version: str
    recorded: tuple[VersionData, ...]
    qemu: str
    """The QEMU that was asked; "" where there was none."""
    not_asked: str
    definitions: tuple[ListedData, ...]


def definition_data(definition: Definition, reference: Reference, observed: Observed) -> DefinitionData:
    """What the schema and the observations say of a definition, and who uses it."""
    return _Writer(definition, reference, observed).data()


def index_data(schema: Schema, namespace: str, files: Mapping[str, str], observed: Observed) -> IndexData:
    """The index; `files` has where the data of each definition is, by its name."""
    return IndexData(
        format=FORMAT,
        namespace=namespace,
        schema_version=schema.version,
        recorded=tuple(_versions(observed)),
        qemu=observed.asked.name if observed.asked else "",
        not_asked=observed.not_asked,
        definitions=tuple(
            ListedData(name=name, kind=kind(definition), module=definition.module, file=files[name])
            for name, definition in schema.definitions.items()
            if name in files
        ),
    )


def encode(data: DefinitionData | IndexData) -> bytes:
    """The data as JSON, a value on each line, UTF-8."""
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


def _versions(observed: Observed) -> Iterator[VersionData]:
    known = releases()
    for version in observed.versions:
        release = known.get(version)
        yield VersionData(
            version=version,
            released=release.released if release else None,
            recorded_from=release.recorded_from if release else "",
        )


class _Writer:
    """Writes the data of a definition."""

    def __init__(self, definition: Definition, reference: Reference, observed: Observed) -> None:
        self._definition = definition
        self._namespace = reference.namespace
        self._schema = reference.schema
        self._uses = reference.usage.uses.get(definition.name, ())
        self._reach = reference.usage.reach.get(definition.name, Reach())
        self._observed = observed

    def data(self) -> DefinitionData:
        one = self._definition
        returns = one.returns if isinstance(one, Command) else None
        return DefinitionData(
            format=FORMAT,
            namespace=self._namespace,
            name=one.name,
            kind=kind(one),
            module=one.module,
            condition=_condition(one),
            properties=tuple(text.replace(" ", "-") for text in properties(one)),
            documentation=self._prose(SectionKind.TEXT, SectionKind.NOTE, SectionKind.EXAMPLE),
            returns=_type(returns) if returns else None,
            returns_documentation=self._prose(SectionKind.RETURNS),
            errors_documentation=self._prose(SectionKind.ERRORS),
            members_of=taken.name if (taken := _taken_whole(one)) else "",
            taken=tuple(self._taken()),
            discriminator=one.discriminator if isinstance(one, Union) else "",
            members=tuple(self._member(item) for item in local_parts(one) if isinstance(item, Member)),
            branches=tuple(map(self._branch, _branches(one))),
            values=tuple(self._value(item) for item in local_parts(one) if isinstance(item, Value)),
            features=self._features(one.features),
            versions=self._seen(None, None),
            used_by=tuple(map(_use, self._uses)),
            sent_with=self._reach.sent,
            returned_by=self._reach.returned,
            brought_by=self._reach.emitted,
        )

    def _member(self, item: Member) -> MemberData:
        place = parts.member(item.name)
        return MemberData(
            name=item.name,
            type=_type(item.type),
            is_optional=item.is_optional,
            default=default(item, self._schema),
            condition=_condition(item),
            documentation=_text(item),
            features=self._features(item.features, place),
            versions=self._seen(item, place),
        )

    def _value(self, item: Value) -> ValueData:
        place = parts.value(item.name)
        return ValueData(
            name=item.name,
            condition=_condition(item),
            documentation=_text(item),
            features=self._features(item.features, place),
            versions=self._seen(item, place),
        )

    def _branch(self, item: Branch) -> BranchData:
        place = parts.branch(item.name) if isinstance(self._definition, Union) else parts.alternative(item.name)
        return BranchData(
            name=item.name,
            type=_type(item.type),
            condition=_condition(item),
            documentation=_text(item),
            versions=self._seen(item, place),
        )

    def _features(self, features: Iterable[Feature], of: Part | None = None) -> tuple[FeatureData, ...]:
        return tuple(
            FeatureData(
                name=item.name,
                condition=_condition(item),
                documentation=_text(item),
                versions=self._seen(item, parts.feature(item.name, of)),
            )
            for item in features
        )

    def _seen(self, one: Member | Value | Branch | Feature | None, part: Part | None) -> VersionsData:
        """Since when a part is there; the definition itself where there is none."""
        found = self._observed.items.get(Item(self._definition.name, part), Observation())
        presence = found.presence
        state = presence.state.name.lower().replace("_", "-") if presence else ""
        documented = documented_since_of(one, self._definition)
        return VersionsData(
            documented=documented,
            documented_itself=own_since_of(one, self._definition) if one else documented,
            seen=_spans(found.seen),
            presence=PresenceData(state=state, why=presence.why) if presence else None,
        )

    def _taken(self) -> Iterator[TakenData]:
        if type_ := _taken_whole(self._definition):
            union = self._schema.definitions.get(type_.name)
            found = [parts.member(item.name) for item in members_of(type_, self._schema)]
            found += [parts.branch(item.name) for item in union.branches] if isinstance(union, Union) else []
            for part in found:
                seen = self._observed.places.get(Item(self._definition.name, part))
                yield TakenData(kind=part.kind.value, name=part.name, seen=_spans(seen))

    def _prose(self, *kinds: SectionKind) -> str:
        sections = self._definition.doc.sections if self._definition.doc else ()
        return "\n\n".join(item.prose.text for item in sections if item.kind in kinds)


def _spans(seen: tuple[Span, ...] | None) -> tuple[SpanData, ...] | None:
    return None if seen is None else tuple(SpanData(first=span.first, last=span.last) for span in seen)


def _use(use: Use) -> UseData:
    return UseData(definition=use.definition, role=use.role.name.lower(), part=use.part)


def _type(type_: TypeRef) -> TypeData:
    return TypeData(name=type_.name, is_array=type_.is_array)


def _condition(item: Definition | Member | Value | Branch | Feature) -> str:
    return conditions.text(item.condition) if item.condition else ""


def _text(item: Member | Value | Branch | Feature) -> str:
    return item.doc.text if item.doc else ""


def _branches(definition: Definition) -> tuple[Branch, ...]:
    match definition:
        case Union(branches=branches) | Alternate(alternatives=branches):
            return branches
        case _:
            return ()


def _taken_whole(definition: Definition) -> TypeRef | None:
    """The type whose members the definition has too."""
    match definition:
        case (
            Command(arguments=TypeRef() as type_)
            | Event(data=TypeRef() as type_)
            | Struct(base=TypeRef() as type_)
            | Union(base=TypeRef() as type_)
        ):
            return type_
        case _:
            return None
