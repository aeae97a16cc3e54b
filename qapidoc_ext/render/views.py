"""What each page of the reference shows: all that it is made from, and nothing else.

A page is a function of its view. So it is to be made again exactly when its view is another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qapidoc_ext.introspect.detect import Detection
from qapidoc_ext.introspect.request import Requests
from qapidoc_ext.introspect.sample import Json
from qapidoc_ext.schema.condition import Condition
from qapidoc_ext.schema.coverage import Coverage
from qapidoc_ext.schema.doc import Doc
from qapidoc_ext.schema.model import Branch, Definition, Feature, Members, Union, Value
from qapidoc_ext.schema.shape import Group, Object
from qapidoc_ext.schema.usage import Reach, Use
from qapidoc_ext.source import Location, Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView:
    """A command, an event or a type."""

    definition: Definition
    object: Object | None = None
    """What a command takes, an event brings, or an object type consists of."""
    branch_pages: tuple[str, ...] = ()
    """Of the unions that the page shows or names, those that have a page for each branch."""
    messages: tuple[Json, ...] = ()
    uses: tuple[Use, ...] = ()
    reach: Reach = field(default_factory=Reach)
    named: tuple[str, ...] = ()
    """The events that a command's text names, or the commands whose text names an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchView:
    """A branch of a union, with all its options."""

    union: str
    word: str
    """For such a branch: `driver`."""
    branch: Branch
    type: Definition | None
    """None where it is a built-in type."""
    features: tuple[Feature, ...]
    """Those of the value that selects it, and those of its type."""
    is_simple: bool
    wrapped: Members | None
    """What `data` holds, where the branch has nothing else, as all have of what was a simple union."""
    discriminator: str
    own: Object
    common: tuple[Group, ...]
    requests: Requests | None
    query: str
    """That leads to its own options in what query-qmp-schema returns; empty where nothing does."""
    command_lines: tuple[tuple[str, ...], tuple[str, ...]]
    """The options that say the minimal and the full request."""
    siblings: tuple[str, ...]
    """The other branches of the same type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionRow:
    """A branch, in the list of all."""

    branch: Branch
    condition: Condition | None = None
    """That of the branch and of its type."""
    features: tuple[Feature, ...] = ()
    """Those of the value that selects it, and those of its type."""
    options: int = 0
    mandatory: int = 0
    summary: Prose | None = None
    has_doc: bool
    """Whether its type has a doc comment, if only one about its members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionView:
    """All branches of a union that has a page for each."""

    union: Union
    word: str
    rows: tuple[UnionRow, ...]
    others: tuple[Value, ...]
    """The values of the discriminator that select no branch."""
    command: str
    """The command that takes it; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierView:
    """What carries a feature, when it does, and how a client finds that out."""

    definition: str
    part: str
    """The name of the member or value; empty where the definition as a whole carries the feature."""
    kind: str
    """What carries it: `member`, `value`, or the kind of the definition, as `command`."""
    location: Location
    """Of the feature."""
    doc: Prose | None
    condition: Condition | None
    """Of the feature, and of all that carries it."""
    detection: Detection | None
    instead: tuple[Prose, ...]
    branches: tuple[tuple[str, str], ...]
    """The branches with pages that have it: of each the union and the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureView:
    """A feature flag."""

    name: str
    carriers: tuple[CarrierView, ...]
    has_introspection: bool
    """Whether the interface has the command that shows features."""
    only_named: tuple[tuple[str, str], ...] = ()
    """What does not carry `unstable`, of all that has a name as if it did; as in `FeaturesView.features`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesView:
    """All feature flags."""

    features: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """The name of each, and what carries it: a definition, and the name of its part, "" for the whole of it."""
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    """What is special about how commands are executed, and the commands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A definition, in the list of its module."""

    name: str
    kind: str
    condition: Condition | None = None
    features: tuple[Feature, ...] = ()
    summary: Prose | None = None
    has_doc: bool
    """Whether it has a doc comment, if only one about its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """A module."""

    name: str
    content: tuple[Doc | Listed, ...]
    """In the order of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCount:
    """How much a module defines."""

    name: str
    commands: int
    events: int
    types: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexView:
    """The way into the reference of a schema."""

    title: str
    version: str
    modules: tuple[ModuleCount, ...]
    unions: tuple[tuple[str, tuple[str, ...]], ...]
    """The unions that have a page for each branch, with the names of these."""
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageView:
    """How much of a schema is documented."""

    modules: tuple[Coverage, ...]
