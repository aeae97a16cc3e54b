"""What references can lead to, and how a name is looked up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from qapidoc_ext.introspect.since import own_since_of
from qapidoc_ext.render.definition import stem, upstream_anchor
from qapidoc_ext.render.manual import part_anchor
from qapidoc_ext.render.reference import kind
from qapidoc_ext.render.views import DefinitionView
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import Alternate, Branch, Enum, Member, Value
from qapidoc_ext.schema.views import local_parts

OBJECTS = ("struct", "union", "object")
"""An object that is described by hand may be either: QEMU's directive for it does not say which."""
TYPES = ("enum", *OBJECTS, "alternate")
DEFINITIONS = ("command", "event", *TYPES)
PARTS = ("member", "value")
KINDS = (*DEFINITIONS, *PARTS, "branch", "branches", "feature", "module", "page")
UNLISTED = (*PARTS, "page")
"""What the general index does not have."""
ROLES: dict[str, tuple[str, ...]] = {
    "any": (*DEFINITIONS, "module"),
    "type": TYPES,
    "obj": OBJECTS,
    "cmd": ("command",),
    "event": ("event",),
    "enum": ("enum",),
    "alt": ("alternate",),
    "mod": ("module",),
    "member": PARTS,
    "value": ("value",),
    "branch": ("branch",),
    "branches": ("branches",),
    "feature": ("feature",),
    "page": ("page",),
}
"""What each role refers to. The first eight are those of QEMU's own domain."""


class Object(NamedTuple):
    """Something that references can lead to, and where it is described."""

    namespace: str
    kind: str
    name: str
    """That of a part is the name of its definition, a dot, and its own."""
    docname: str
    anchor: str
    module: str = ""
    """Of a definition: the name of its file, without folder and ending."""
    since: str = ""
    """As the documentation says."""
    features: tuple[str, ...] = ()
    """Those of a definition as a whole, or of a part."""


Key = tuple[str, str, str]
"""Namespace, kind, name: one object has each."""


def objects_of(view: DefinitionView, namespace: str, docname: str, *, is_alone: bool = True) -> Iterator[Object]:
    """A definition and its parts. Where it does not have its page alone, its name is part of its parts' anchors.

    What a command takes from a type, and a type from its base, is a member of it too; since when it is there, and its
    features, are those of the type.
    """
    definition = view.definition
    module = stem(definition.module)
    since = definition.doc.prose(SectionKind.SINCE) if definition.doc else None
    yield Object(
        namespace=namespace,
        kind=kind(definition),
        name=definition.name,
        docname=docname,
        anchor=upstream_anchor(definition, namespace),
        module=module,
        since=since.text if since else "",
        features=tuple(feature.name for feature in definition.features),
    )
    own = local_parts(definition)
    for part in _parts(view):
        yield Object(
            namespace=namespace,
            kind="value" if isinstance(definition, Enum) else "member",
            name=f"{definition.name}.{part.name}",
            docname=docname,
            anchor=part.name if is_alone else part_anchor(definition.name, part.name),
            module=module,
            since=own_since_of(part, definition) if part in own else "",
            features=tuple(feature.name for feature in part.features) if part in own else (),
        )


def _parts(view: DefinitionView) -> Iterator[Member | Value | Branch]:
    """The members, values or alternatives that the page of a definition lists."""
    if view.object:
        yield from (row.member for group in view.object.groups for row in group.rows)
    elif isinstance(view.definition, Alternate):
        yield from view.definition.alternatives
    else:
        yield from local_parts(view.definition)


def key_of(found: Object) -> Key:
    """What identifies an object."""
    return found.namespace, found.kind, found.name


class Place(NamedTuple):
    """Where a reference stands."""

    namespace: str
    module: str
    docname: str


class Names:
    """All objects by name."""

    def __init__(self, objects: Iterable[Object], namespaces: Sequence[str]) -> None:
        """Of several objects that a name may mean, that of the first of these namespaces is meant."""
        self._order = {name: position for position, name in enumerate(namespaces)}
        self._by_key: dict[Key, Object] = {}
        self._by_name: dict[str, list[Object]] = {}
        for found in objects:
            self._by_key.setdefault(key_of(found), found)
            self._by_name.setdefault(found.name, []).append(found)

    def at(self, key: Key) -> Object | None:
        """Exactly this object."""
        return self._by_key.get(key)

    def find(self, role: str, text: str, place: Place) -> list[Object]:
        """What a role means by `[NAMESPACE:][MODULE.]NAME` in a place.

        An object of the same namespace goes before those of others, then a definition before a module, then one of the
        same module, then one in the same document. More than one object: the text is ambiguous.
        """
        given_namespace, _, name = text.rpartition(":")
        found = self._named(name, ROLES[role])
        if given_namespace:
            found = [item for item in found if item.namespace == given_namespace]
        found = _preferred(found, lambda item: item.namespace == place.namespace)
        found = _preferred(found, lambda item: item.kind != "module")
        if place.module:  # what a document describes may have none either, which makes it no nearer
            found = _preferred(found, lambda item: item.module == place.module)
        found = _preferred(found, lambda item: item.docname == place.docname)
        first = min((self._order[item.namespace] for item in found if item.namespace in self._order), default=None)
        return _preferred(found, lambda item: self._order.get(item.namespace) == first)

    def _named(self, name: str, kinds: Sequence[str]) -> list[Object]:
        """Those of the name, or else those of the module: a type can be called as a module, its member as a command."""
        if found := [item for item in self._by_name.get(name, []) if item.kind in kinds]:
            return found
        module, _, rest = name.partition(".")
        return [item for item in self._by_name.get(rest, []) if item.module == module and item.kind in kinds]

    def of_role(self, role: str) -> Iterator[str]:
        """The names that a role can refer to."""
        kinds = ROLES[role]
        return (name for name, found in self._by_name.items() if any(item.kind in kinds for item in found))


def _preferred(found: list[Object], condition: Callable[[Object], bool]) -> list[Object]:
    """Those that fulfil a condition, or all if none does."""
    return [item for item in found if condition(item)] or found
