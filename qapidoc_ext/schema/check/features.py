"""Features: no two of the same name, none that the place does not allow, not too many."""

from __future__ import annotations

from collections.abc import Iterator

from qapidoc_ext.schema.check.names import c_name
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.model import Command, Definition, Event, Feature, Schema
from qapidoc_ext.schema.views import local_parts
from qapidoc_ext.source import Finding

_SPECIAL = ("deprecated", "unstable")


def feature_faults(features: tuple[Feature, ...], definition: Definition) -> Iterator[Finding]:
    """Features with the same name on one definition, member or value."""
    seen: set[str] = set()
    for feature in features:
        if c_name(feature.name) in seen and feature.name:
            message = f"there is a second feature '{feature.name}'"
            yield in_definition(definition.start, feature.location, message)
        seen.add(c_name(feature.name))


def definition_feature_faults(definition: Definition, dialect: Dialect) -> Iterator[Finding]:
    """What is wrong with the features of a definition as a whole."""
    yield from feature_faults(definition.features, definition)
    if isinstance(definition, Command | Event):
        return
    for feature in definition.features:
        if feature.name in dialect.special_features:
            message = f"a type cannot have the feature '{feature.name}'"
            yield in_definition(definition.start, feature.location, message)


def number_faults(schema: Schema, dialect: Dialect) -> Iterator[Finding]:
    """The first feature of a name that is one too many for a schema."""
    if dialect.maximum_features is None:
        return
    first: dict[str, tuple[Definition, Feature] | None] = dict.fromkeys(_SPECIAL)
    for definition in schema.definitions.values():
        for feature in _features_of(definition):
            first.setdefault(feature.name, (definition, feature))
    for used in list(first.values())[dialect.maximum_features :][:1]:
        assert used is not None, "the special features come first"
        message = f"a schema can have {dialect.maximum_features} features, this one has {len(first)}"
        yield in_definition(used[0].start, used[1].location, message)


def _features_of(definition: Definition) -> Iterator[Feature]:
    yield from definition.features
    for part in local_parts(definition):
        yield from part.features
