"""The page of a feature flag, and the one that lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import assert_never

from docutils import nodes

from qapidoc_ext.introspect.detect import ASKED, Detection, Place, jq_filter, python_program
from qapidoc_ext.introspect.route import Hop, HopKind
from qapidoc_ext.render.build import (
    Cell,
    condition_label,
    folded,
    label,
    labels,
    literal,
    paragraph,
    row,
    section,
    separated,
    table,
)
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import EXECUTION
from qapidoc_ext.render.versions import feature_versions
from qapidoc_ext.render.views import CarrierView, FeaturesView, FeatureView
from qapidoc_ext.render.wire import block

LISTS: Mapping[str, str] = {"deprecated": "everything that is to go", "unstable": "everything that may change"}
"""What the pages of these features amount to."""


def feature_page(view: FeatureView, context: Context) -> nodes.section:
    """Who carries a feature, under which condition, what each says that it means, and how a client finds it out."""
    has_instead = any(carrier.instead for carrier in view.carriers)
    columns = ["Definition", "Part", "Present", *(["Use instead"] if has_instead else []), "Meaning"]
    alike = (list(carriers) for _, carriers in groupby(view.carriers, _but_part))
    rows = [_carriers_row(carriers, context, has_instead=has_instead) for carriers in alike]
    count = len(view.carriers)
    plural = "one place carries" if count == 1 else f"{count} places carry"
    return section(
        f"feature-{view.name}",
        literal(view.name),
        labels([label("kind", "feature"), label("count", f"{plural} it")]),
        section("_carriers", "Who carries it", table("carriers", columns, rows), *_only_named(view, context)),
        section("_detection", "How a client finds it out", *_detections(view)),
        *feature_versions(view.carriers, context),
    )


def _only_named(view: FeatureView, context: Context) -> Iterator[nodes.Node]:
    if view.only_named:
        links = separated(context.link_part(name, part) for name, part in view.only_named)
        yield paragraph(
            "Names that begin with ", literal("x-"), ", and do not carry it: ", *links, ". Such a name once meant what "
            "this feature tells now, says ", literal("docs/devel/qapi-code-gen"), " of QEMU.",
        )  # fmt: skip


def _but_part(view: CarrierView) -> tuple[object, ...]:
    """What a row says of a carrier, but which part of its definition it is: one text often speaks of several."""
    return view.definition, view.kind, view.condition, view.doc, view.instead, view.branches


def _carriers_row(alike: Sequence[CarrierView], context: Context, *, has_instead: bool) -> nodes.row:
    view = alike[0]
    name = view.definition
    instead = [[node for text in view.instead for node in context.prose(text)]] if has_instead else []
    return row(
        [
            [context.link("any", name), *_branches(view, context)],
            _parts(alike, context) if view.part else f"the {view.kind}",
            condition_label(view.condition) if view.condition else "always",
            *instead,
            context.prose(view.doc),
        ]
    )


def _parts(alike: Sequence[CarrierView], context: Context) -> list[nodes.Node]:
    kind = alike[0].kind if len(alike) == 1 else f"{alike[0].kind}s"
    links = (context.link("member", f"{each.definition}.{each.part}", each.part) for each in alike)
    return [nodes.Text(f"{kind} "), *separated(links)]


def _branches(view: CarrierView, context: Context) -> list[nodes.Node]:
    names = Counter(name for _, name in view.branches)
    links = [
        context.link("branch", f"{union}.{name}", name if names[name] == 1 else f"{union}.{name}")
        for union, name in view.branches
    ]
    return [nodes.Text(": "), *separated(links)] if links else []


def _detections(view: FeatureView) -> Iterator[nodes.Node]:
    if not view.has_introspection:
        yield paragraph("This interface has no ", literal(ASKED), ": a client cannot ask for it.")
        return
    yield paragraph(
        "By what ", literal(ASKED), " returns. The names of its types differ from QEMU to QEMU; "
        "so each way begins at a command or event."
    )  # fmt: skip
    if any(carrier.detection and not carrier.detection.query for carrier in view.carriers):
        yield paragraph(
            "Where no query string of libvirt's is named, there is none: they know features of commands, events, "
            "objects and values, not of members, enums and alternates."
        )
    for carrier in view.carriers:
        yield _detection(carrier, is_open=len(view.carriers) == 1)


def _detection(view: CarrierView, *, is_open: bool) -> nodes.Node:
    found = view.detection
    name = literal(f"{view.definition}.{view.part}" if view.part else view.definition)
    if found is None:
        return paragraph(name, ": no introspection shows it, because no message holds a value of this type.")
    title = [
        nodes.Text("Of "),
        name,
        *([nodes.Text(", in libvirt's notation: "), literal(found.query)] if found.query else []),
    ]
    fold = folded(title, *_ways(found))
    if is_open:
        fold["open"] = True
    return fold


def _ways(found: Detection) -> Iterator[nodes.Node]:
    """A page can have a hundred of these: each block says itself what it is, and what nobody copies is bare text."""
    yield nodes.literal_block("", "\n".join(["By hand:", *_steps(found)]), classes=["no-search"])
    yield block(f"# In Python, with the package qemu.qmp\n{python_program(found)}")
    yield block(f"# With jq, from the reply to {ASKED}\n{jq_filter(found)}")


def _steps(found: Detection) -> Iterator[str]:
    """What to look for in the reply, one step in a line."""
    yield f'find the entity whose "name" is "{found.route.start}"'
    yield from map(_step, found.route.hops)
    if found.place is not Place.ENTITY:
        yield f'in its "members", find the one whose "name" is "{found.part}"'
    yield f'its "features" have "{found.feature}"'


def _step(hop: Hop) -> str:
    go_on = 'go on with the entity that its "type" names'
    match hop.kind:
        case HopKind.ARGUMENTS | HopKind.RETURN | HopKind.ELEMENT:
            return f'go on with the entity that its "{hop.kind.value}" names'
        case HopKind.ALTERNATIVE:
            return f'in its "members", find the one whose type is of "meta-type" "{hop.name}"; {go_on}'
        case HopKind.MEMBER | HopKind.BRANCH:
            named = "name" if hop.kind is HopKind.MEMBER else "case"
            return f'in its "{hop.kind.value}", find the one whose "{named}" is "{hop.name}"; {go_on}'
        case _:
            assert_never(hop.kind)


def features_page(view: FeaturesView, context: Context) -> nodes.section:
    """All feature flags, each with what carries it; how commands are executed that have a property for that."""
    rows = [row([context.link("feature", name), _carriers(names, context)]) for name, names in view.features]
    content = table("feature-list", ["Feature", "Carried by"], rows) if rows else paragraph("None.")
    lists = _lists((name for name, _ in view.features), context)
    return section(
        f"features-{context.namespace}",
        "Feature flags",
        paragraph("A feature flag tells a client what it could not see otherwise.", *lists),
        content,
        *_execution(view.properties, context),
    )


def _execution(properties: Sequence[tuple[str, Sequence[str]]], context: Context) -> Iterator[nodes.section]:
    """The commands with each property."""
    rows = [
        row([literal(word), EXECUTION[word], separated(context.link("cmd", name) for name in names)])
        for word, names in properties
    ]
    if rows:
        yield section("_execution", "Execution", table("execution", ["Property", "Meaning", "Commands"], rows))


def _lists(features: Iterable[str], context: Context) -> Iterator[str | nodes.Node]:
    """What pages of these features list. A link to that of another feature would lead to another schema's."""
    for name in features:
        if name in LISTS:
            yield from (" The page of ", context.link("feature", name), f" lists {LISTS[name]}.")


def _carriers(found: Iterable[tuple[str, str]], context: Context) -> Cell:
    return [paragraph(separated(context.link_part(definition, part) for definition, part in found))]
