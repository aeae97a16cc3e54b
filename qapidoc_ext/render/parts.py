"""The parts of a definition, as cells and rows: values, branches, features, types."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from qapidoc_ext.render.build import condition_label, label, labels, literal, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.versions import part_labels
from qapidoc_ext.schema import stated
from qapidoc_ext.schema.condition import Condition
from qapidoc_ext.schema.model import BUILTIN_TYPES, Branch, Feature, Member, TypeRef, Value
from qapidoc_ext.schema.words import only_where


def type_link(type_: TypeRef, context: Context) -> list[nodes.Node]:
    """The name of a type, linked where it is defined; `array of` before it where it is one."""
    name = literal(type_.name) if type_.name in BUILTIN_TYPES else context.link("type", type_.name)
    return [nodes.Text("array of "), name] if type_.is_array else [name]


def values_table(values: Iterable[Value], context: Context, prefix: str = "") -> nodes.table:
    """A table of an enum's values; `prefix` begins their anchors."""
    return table("values", ["Value", "Description"], [_value_row(value, context, prefix) for value in values])


def _value_row(value: Value, context: Context, prefix: str) -> nodes.row:
    anchor = prefix + value.name
    name = [own_link(value.name, anchor), *since_mark(value, context)]
    return row([name, description(value, context)], identifier=anchor)


def value_names(values: Iterable[Value]) -> list[nodes.Node]:
    """Values in a sentence, each with its condition."""
    return separated([literal(value.name), *_condition(value)] for value in values)


def _condition(value: Value) -> list[nodes.Node]:
    return [nodes.Text(f" ({only_where(value.condition)})")] if value.condition else []


def since_mark(part: Member | Value, context: Context) -> list[nodes.Node]:
    """Since when the part is there, as its text says; nothing where a recording shows it, which is said beside it."""
    is_observed = context.observed.of(part.location).seen is not None
    version = "" if is_observed else stated.since(part.doc)
    return [nodes.Text(" "), label("member-since", f"since {version}")] if version else []


def own_link(name: str, anchor: str) -> nodes.reference:
    """A name that links to the place where it stands, so that its address can be copied."""
    return nodes.reference("", "", literal(name), refid=anchor, internal=True, classes=["qapi-own-link"])


def description(part: Member | Value | Branch, context: Context, **otherwise: str) -> list[nodes.Node]:
    """The condition of a part and its text, then its features and theirs."""
    heads = [*([condition_label(part.condition)] if part.condition else []), *part_labels(part.location, context)]
    features = () if isinstance(part, Branch) else part.features
    return [
        *([labels(heads)] if heads else []),
        *context.prose(part.doc, **otherwise),
        *(node for feature in features for node in _feature(feature, context)),
    ]


def _feature(feature: Feature, context: Context) -> list[nodes.Node]:
    marks = _marks([feature], feature.condition, context)
    return [labels([*marks, *part_labels(feature.location, context)]), *context.prose(feature.doc)]


def marked(
    features: Iterable[Feature], condition: Condition | None, said: list[nodes.Node], context: Context
) -> list[nodes.Node]:
    """What a list says of a definition or a branch: its features, its condition, and what is said of it."""
    marks = _marks(features, condition, context)
    return [*([labels(marks)] if marks else []), *said]


def _marks(features: Iterable[Feature], condition: Condition | None, context: Context) -> list[nodes.Node]:
    return [*feature_labels(features, context), *([condition_label(condition)] if condition else [])]


def feature_labels(features: Iterable[Feature], context: Context) -> list[nodes.Node]:
    """The names of features, linked to their pages."""
    return [label("feature", context.link("feature", feature.name)) for feature in features]


def features_section(features: Iterable[Feature], context: Context) -> list[nodes.section]:
    """The features that a definition as a whole carries, each with its condition and its text."""
    rows = [
        row(
            [
                context.link("feature", feature.name),
                condition_label(feature.condition) if feature.condition else "always",
                context.prose(feature.doc),
            ],
            identifier=f"_feature.{feature.name}",
        )
        for feature in features
    ]
    content = table("features", ["Feature", "Present", "Description"], rows)
    return [section("_features", "Features", content)] if rows else []
