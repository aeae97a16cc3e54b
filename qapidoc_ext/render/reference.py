"""The reference of a schema: what each of its pages shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from qapidoc_ext.introspect import item
from qapidoc_ext.introspect.command_line import command_lines
from qapidoc_ext.introspect.detect import ASKED, detection
from qapidoc_ext.introspect.generate import Description, describe
from qapidoc_ext.introspect.reply import ReplyError
from qapidoc_ext.introspect.request import messages, query, requests
from qapidoc_ext.introspect.route import Route, routes
from qapidoc_ext.render import views
from qapidoc_ext.schema.condition import All, Condition
from qapidoc_ext.schema.coverage import coverage
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import (
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Feature,
    Member,
    Members,
    Module,
    Schema,
    Struct,
    TypeRef,
    Union,
)
from qapidoc_ext.schema.shape import Object, Shaper
from qapidoc_ext.schema.stated import instead
from qapidoc_ext.schema.usage import Reach, Usage, usage
from qapidoc_ext.schema.views import (
    Carrier,
    carriers,
    discriminator_enum,
    experimental_by_name_only,
    groups_of,
    members_of,
    properties,
    values_without_branch,
)
from qapidoc_ext.source import Prose

BRANCHES = 10
"""A union with as many branches has a page for each, whatever the configuration says."""
_DEPTH = 3
"""Levels of nested types that the page of a branch shows."""
_NOUNS = {"create": "image format"}
"""What a branch is called in text, where the name of the folder is no noun."""
_EVENT = re.compile(r'"event": *"(?P<brought>[A-Z][A-Z0-9_]{2,})"|\b(?<!")(?P<named>[A-Z][A-Z0-9_]{2,})\b(?!")')
"""One that a text names or an example brings; a string in a reply, such as that of query-events, is none."""


def kind(definition: Definition) -> str:
    """What a definition is, in QAPI's word for it."""
    return type(definition).__name__.lower()


def first_paragraph(prose: Prose) -> Prose | None:
    """The first paragraph of a text; None where it has only directives, such as notes and examples."""
    line = prose.location.line
    for block in prose.text.split("\n\n"):
        if not block.lstrip("\n").startswith((" ", ".. ")):
            return Prose(text=block, location=prose.location._replace(line=line))
        line += block.count("\n") + 2
    return None


def summary(definition: Definition | None) -> Prose | None:
    """The first paragraph of a definition's text."""
    text = definition.doc.prose(SectionKind.TEXT) if definition and definition.doc else None
    return first_paragraph(text) if text else None


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A schema, and what is found out about it as a whole."""

    schema: Schema
    namespace: str
    """Of the schema among those that are documented together: `qmp`."""
    words: Mapping[str, str]
    """The word for a branch, by the union; a union that has no word here can have pages all the same."""

    @cached_property
    def unions(self) -> dict[str, str]:
        """The unions that have a page for each branch, each with the name of its folder."""
        found = {name: word for name, word in self.words.items() if self._is_union(name)}
        large = (
            definition.name
            for definition in self.schema.definitions.values()
            if isinstance(definition, Union) and len(definition.branches) >= BRANCHES
        )
        return found | {name: name for name in large if name not in found}

    def _with_pages(self, name: str) -> Union:
        if name not in self.unions:
            raise KeyError(name)
        union = self.schema.definitions[name]
        assert isinstance(union, Union)
        return union

    def _word(self, union: str) -> str:
        word = self.words.get(union, "branch")
        return _NOUNS.get(word, word)

    def _is_union(self, name: str) -> bool:
        return isinstance(self.schema.definitions.get(name), Union)

    @cached_property
    def carriers(self) -> dict[str, list[Carrier]]:
        """Everything that carries a feature, by the feature's name, in alphabetical order."""
        return dict(sorted(carriers(self.schema).items()))

    @cached_property
    def modules(self) -> dict[str, Module]:
        """By name."""
        return {module.name: module for module in self.schema.modules}

    @cached_property
    def usage(self) -> Usage:
        """Who uses what."""
        return usage(self.schema)

    @cached_property
    def description(self) -> Description | None:
        """What is on the wire, and the unions whose branches have pages: an option of the command line can have one.

        None for a schema with faults of which none can be made: a command has a name such as `0`.
        """
        try:
            return describe(self.schema, self.unions)
        except ReplyError:
            return None

    @cached_property
    def _is_introspected(self) -> bool:
        """Whether the interface has the command that says what there is."""
        return self.description is not None and ASKED in self.description.introspection.entities

    @cached_property
    def _routes(self) -> dict[str, Route]:
        return routes(self.description.introspection) if self.description else {}

    @cached_property
    def _named_events(self) -> dict[str, tuple[str, ...]]:
        """The events that the text of each command names."""
        events = {name for name, definition in self.schema.definitions.items() if isinstance(definition, Event)}
        found: dict[str, tuple[str, ...]] = {}
        for definition in self.schema.definitions.values():
            if isinstance(definition, Command) and definition.doc:
                named = (found for part in definition.doc.sections for found in _EVENT.finditer(part.prose.text))
                words = (found["brought"] or found["named"] for found in named)
                found[definition.name] = tuple(dict.fromkeys(word for word in words if word in events))
        return found

    def definition(self, name: str) -> views.DefinitionView:
        """The page of a definition.

        :raise KeyError: the schema has none of this name.
        """
        definition = self.schema.definitions[name]
        uses = self.usage.uses.get(name, ())
        object_ = self._object(definition, self.unions)
        named = {object_.name if object_ else name, *(use.definition for use in uses)}
        return views.DefinitionView(
            definition=definition,
            object=object_,
            branch_pages=tuple(union for union in self.unions if union in named),
            messages=messages(name, self.description) if self.description else (),
            uses=uses,
            reach=self.usage.reach.get(name, Reach()),
            named=tuple(self._named(definition)),
        )

    def documented(self, name: str) -> views.DefinitionView:
        """What the schema itself says of a definition, for a page that it shares with all others.

        :raise KeyError: the schema has none of this name.
        """
        definition = self.schema.definitions[name]
        return views.DefinitionView(definition=definition, object=self._object(definition, self.schema.definitions))

    def _object(self, definition: Definition, elsewhere: Collection[str]) -> Object | None:
        shaper = Shaper(schema=self.schema, elsewhere=elsewhere)
        match definition:
            case Command(arguments=data) | Event(data=data):
                return shaper.object(data, definition.name)
            case Struct() | Union():
                return shaper.object(TypeRef(name=definition.name, location=definition.location), definition.name)
            case _:
                return None

    def _named(self, definition: Definition) -> Iterator[str]:
        if isinstance(definition, Command):
            yield from self._named_events.get(definition.name, ())
        if isinstance(definition, Event):
            yield from (command for command, events in self._named_events.items() if definition.name in events)

    def branch(self, union_name: str, name: str) -> views.BranchView:
        """The page of a branch.

        :raise KeyError: there is no such branch, or the union's branches have no pages.
        """
        union = self._with_pages(union_name)
        branch = {branch.name: branch for branch in union.branches}[name]
        shaper = Shaper(schema=self.schema, elsewhere=self.unions, depth=_DEPTH)
        found = requests(union_name, name, self.description) if self.description else None
        values = [found.minimal, found.full] if found else []
        wrapped = self._wrapped(members_of(branch.type, self.schema))
        is_wrapped = union.is_simple or wrapped is not None
        lines = [command_lines(union_name, value, self.schema.version) for value in values]
        return views.BranchView(
            union=union_name,
            word=self._word(union_name),
            branch=branch,
            type=self.schema.definitions.get(branch.type.name),
            features=self._branch_features(union, branch),
            is_simple=union.is_simple,
            wrapped=members_of(wrapped, self.schema) if wrapped else None,
            discriminator=union.discriminator,
            own=shaper.object(branch.type, branch.type.name),
            common=shaper.object(union.base, union_name).groups,
            requests=found,
            query=query(found, name, is_wrapped=is_wrapped) if found and self._is_introspected else "",
            command_lines=(lines[0], lines[1]) if lines else ((), ()),
            siblings=tuple(
                other.name for other in union.branches if other.type.name == branch.type.name and other.name != name
            ),
        )

    @cached_property
    def takers(self) -> dict[str, str]:
        """The command that takes each union whose branches have pages; empty where there is none."""
        return {name: self._taker(name) for name in self.unions}

    def _taker(self, union: str) -> str:
        first = next(iter(self.branches(union)), "")
        found = requests(union, first, self.description) if self.description and first else None
        return found.command if found else ""

    def union(self, name: str) -> views.UnionView:
        """The page that lists the branches of a union.

        :raise KeyError: the union's branches have no pages.
        """
        union = self._with_pages(name)
        return views.UnionView(
            union=union,
            word=self._word(name),
            rows=tuple(self._union_row(union, branch) for branch in union.branches),
            others=values_without_branch(union, self.schema),
            command=self.takers[name],
        )

    def _union_row(self, union: Union, branch: Branch) -> views.UnionRow:
        type_ = self.schema.definitions.get(branch.type.name)
        members = members_of(branch.type, self.schema)
        wrapped = self._wrapped(members)
        options = members_of(wrapped, self.schema) if wrapped else (*members_of(union.base, self.schema), *members)
        return views.UnionRow(
            branch=branch,
            condition=_all([branch.condition, type_.condition if type_ else None]),
            features=self._branch_features(union, branch),
            options=len(options),
            mandatory=sum(not member.is_optional for member in options),
            summary=branch.doc or summary(type_) or summary(self.schema.definitions[wrapped.name] if wrapped else None),
            has_doc=type_ is not None and type_.doc is not None,
        )

    def _wrapped(self, members: Members) -> TypeRef | None:
        """The type of `data`, where a branch has nothing else: what was a simple union has types that wrap another."""
        match members:
            case [Member(name=item.WRAPPED, type=TypeRef(is_array=False) as type_)]:
                return type_ if isinstance(self.schema.definitions.get(type_.name), Struct | Union) else None
        return None

    def _branch_features(self, union: Union, branch: Branch) -> tuple[Feature, ...]:
        """Those of the value that selects the branch and of its type; of one that both have, that of the type."""
        enum = discriminator_enum(union, self.schema)
        values = enum.values if enum else ()
        type_ = self.schema.definitions.get(branch.type.name)
        found = [feature for value in values if value.name == branch.name for feature in value.features]
        return tuple({feature.name: feature for feature in (*found, *(type_.features if type_ else ()))}.values())

    def feature(self, name: str) -> views.FeatureView:
        """The page of a feature.

        :raise KeyError: nothing carries it.
        """
        return views.FeatureView(
            name=name,
            carriers=tuple(self._carrier(carrier) for carrier in self.carriers[name]),
            has_introspection=self._is_introspected,
            only_named=tuple(experimental_by_name_only(self.schema)) if name == "unstable" else (),
        )

    def _carrier(self, carrier: Carrier) -> views.CarrierView:
        part, feature = carrier.part, carrier.feature
        conditions = [carrier.definition.condition, part.condition if part else None, feature.condition]
        known = self.description
        return views.CarrierView(
            definition=carrier.definition.name,
            part=part.name if part else "",
            kind=_carrier_kind(carrier),
            location=feature.location,
            doc=feature.doc,
            condition=_all(conditions),
            detection=detection(carrier, known, self._routes, self.usage) if known else None,
            instead=instead(feature.doc) if feature.name == "deprecated" else (),
            branches=tuple(self._branches_with(carrier)),
        )

    def _branches_with(self, carrier: Carrier) -> Iterator[tuple[str, str]]:
        """The branches with pages whose type, one of whose options or whose selecting value carries a feature."""
        name, part = carrier.definition.name, carrier.part
        for union_name in self.unions:
            union = self._with_pages(union_name)
            enum = discriminator_enum(union, self.schema)
            for branch in union.branches:
                is_selected = enum is carrier.definition and part is not None and branch.name == part.name
                if is_selected or name in self._types(branch, with_bases=part is not None):
                    yield union_name, branch.name

    def _types(self, branch: Branch, *, with_bases: bool) -> Iterator[str]:
        """The type of a branch and the one that it wraps. A base gives them its members, and not its own features."""
        wrapped = self._wrapped(members_of(branch.type, self.schema))
        for type_ in (branch.type, wrapped) if wrapped else (branch.type,):
            yield type_.name
            if with_bases:
                yield from (base for base, _ in groups_of(type_, self.schema))

    def features(self) -> views.FeaturesView:
        """The page that lists all features, and which commands are executed in a way of their own."""
        having: dict[str, list[str]] = {}
        for name, definition in self.schema.definitions.items():
            for word in properties(definition):
                having.setdefault(word, []).append(name)
        return views.FeaturesView(
            features=tuple(
                (name, tuple((one.definition.name, one.part.name if one.part else "") for one in found))
                for name, found in self.carriers.items()
            ),
            properties=tuple((word, tuple(sorted(names))) for word, names in sorted(having.items())),
        )

    def module(self, name: str) -> views.ModuleView:
        """The page of a module.

        :raise KeyError: the schema has none of this name.
        """
        module = self.modules[name]
        definitions = [self.schema.definitions[name] for name in module.definitions]
        in_order = sorted([*module.docs, *definitions], key=lambda item: item.location.line)
        return views.ModuleView(
            name=name,
            content=tuple(_listed(item) if isinstance(item, Definition) else item for item in in_order),
        )

    def index(self, title: str) -> views.IndexView:
        """The way into the reference."""
        return views.IndexView(
            title=title,
            version=self.schema.version,
            modules=tuple(self._count(module) for module in self.schema.modules),
            unions=tuple((name, self.branches(name)) for name in self.unions),
            features=tuple(self.carriers),
        )

    def _count(self, module: Module) -> views.ModuleCount:
        kinds = [kind(self.schema.definitions[name]) for name in module.definitions]
        commands, events = kinds.count("command"), kinds.count("event")
        types = len(kinds) - commands - events
        return views.ModuleCount(name=module.name, commands=commands, events=events, types=types)

    def branches(self, union_name: str) -> tuple[str, ...]:
        """The names of a union's branches."""
        union = self.schema.definitions[union_name]
        return tuple(branch.name for branch in union.branches) if isinstance(union, Union) else ()

    def coverage(self) -> views.CoverageView:
        """The page that says how much is documented."""
        return views.CoverageView(modules=coverage(self.schema))


def _carrier_kind(carrier: Carrier) -> str:
    if not carrier.part:
        return kind(carrier.definition)
    return "value" if isinstance(carrier.definition, Enum) else "member"


def _listed(definition: Definition) -> views.Listed:
    return views.Listed(
        name=definition.name,
        kind=kind(definition),
        condition=definition.condition,
        features=definition.features,
        summary=summary(definition),
        has_doc=definition.doc is not None,
    )


def _all(conditions: list[Condition | None]) -> Condition | None:
    """The condition that all of these are true; a condition twice is one."""
    found = tuple(dict.fromkeys(condition for condition in conditions if condition))
    return All(found) if len(found) > 1 else found[0] if found else None
