"""Which versions have what, and whether the QEMU that was asked has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.introspect.observed import Observation
from qapidoc_ext.introspect.presence import PRESENT, Presence, State
from qapidoc_ext.introspect.recordings import NO_COMMAND_UP_TO, UNSAID_UP_TO, Misstated, misstated, releases
from qapidoc_ext.introspect.span import Span, having, words
from qapidoc_ext.render.build import label, literal, paragraph, row, section, separated, sphinx_link, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.reference import kind
from qapidoc_ext.render.views import BranchView, CarrierView, DefinitionView
from qapidoc_ext.schema.model import Branch, Command, Event, Feature, Member
from qapidoc_ext.schema.shape import Group
from qapidoc_ext.source import Location

_Part = Member | Branch | Feature
_VERSION = re.compile(r"(\d+\.\d+\.\d+)")


def head_labels(location: Location, context: Context) -> list[nodes.Node]:
    """Of what is written there: since when it was seen, and whether this QEMU has it or was not asked."""
    found = context.observed.of(location)
    seen: list[nodes.Node] = []
    if found.seen is not None:
        ended = found.seen and found.seen[-1].last != context.observed.versions[-1]
        # Not that it was removed: each recording is of one build.
        seen.append(label("seen", *_seen(found, context), ", in no later recording" if ended else ""))
    if context.observed.not_asked:
        return [*seen, label("unchecked", _to_comparison("not compared with a QEMU", context))]
    return [*seen, *_presence(found.presence, context)]


def part_labels(location: Location, context: Context) -> list[nodes.Node]:
    """Of the part that is written there: since when it was seen, and whether this QEMU does not have it."""
    found = context.observed.of(location)
    items: list[nodes.Node] = []
    if found.seen is not None:
        items.append(label("seen", *_seen(found, context)))
    if found.documented:
        items.append(label("documented", f"documented since {found.documented}"))
    if found.presence and found.presence != PRESENT:
        items += _presence(found.presence, context)
    return items


def _seen(found: Observation, context: Context) -> list[nodes.Node]:
    return [*([nodes.Text("seen ")] if found.seen else []), *seen_nodes(found, context)]


def seen_nodes(found: Observation, context: Context) -> list[nodes.Node]:
    """The versions that have been seen to have something, in words; "not recorded" where no recording can tell."""
    if found.seen is None:
        return [nodes.Text("not recorded")]
    return versions_in(words(found.seen, context.observed.versions))


def versions_in(text: str) -> list[nodes.Node]:
    """A text, with what is known of each version that it names."""
    pieces = _VERSION.split(text)
    return [_version(piece) if index % 2 else nodes.Text(piece) for index, piece in enumerate(pieces) if piece]


def presence_text(presence: Presence | None) -> str:
    """Whether this QEMU has something, in words."""
    match presence:
        case None:
            return "not compared"
        case Presence(state=State.PRESENT):
            return "in this QEMU"
        case Presence(state=State.NO_MODULE):
            return f"this QEMU has it {presence}"
        case _:
            return f"not in this QEMU: {presence}"


def _presence(presence: Presence | None, context: Context) -> list[nodes.Node]:
    if presence is None:
        return []
    kind = "present" if presence == PRESENT else "absent"
    return [label(kind, _to_comparison(presence_text(presence), context))]


def _to_comparison(text: str, context: Context) -> nodes.Node:
    return document_link(f"{context.folder}/this-qemu", text) if context.folder else nodes.Text(text)


def document_link(address: str, text: str) -> addnodes.pending_xref:
    """A link to a document by its name from the top of the source folder."""
    return sphinx_link("doc", address, text, is_there=True)


def _version(version: str) -> nodes.abbreviation:
    return nodes.abbreviation("", version, explanation=release_text(version), classes=["qapi-version"])


def release_text(version: str) -> str:
    """When a version was released, and what was recorded in its place, as far as that is known."""
    release = releases().get(version)
    if release is None:
        return f"QEMU {version}"
    recorded = f"; recorded from {release.recorded_from}" if release.recorded_from else ""
    return f"released {release.released}{recorded}"


def misstatement(command: str) -> Misstated | None:
    """The recorded versions that are wrong about a command."""
    return misstated().get(command)


def definition_versions(view: DefinitionView, context: Context) -> list[nodes.section]:
    """The compatibility table of a command or an event: the versions that have it and each of its members."""
    definition = view.definition
    if not isinstance(definition, Command | Event):
        return []
    made_of = view.object
    members = _members(made_of.groups) if made_of else ()
    branches = [case.branch for case in made_of.cases] if made_of else ()
    parts: list[_Part] = [*definition.features, *members, *branches]
    wrong = misstatement(definition.name)
    limits = [*_unsaid(definition.name, context), *([paragraph(_correction(wrong))] if wrong else [])]
    return _section(definition.location, f"the {kind(definition)}", parts, limits, context)


def _correction(wrong: Misstated) -> list[nodes.Node]:
    span: list[nodes.Node] = [_version(wrong.first)]
    span += [nodes.Text(" to "), _version(wrong.last)] if wrong.last != wrong.first else []
    said = "do not list it, but the builds have it." if wrong.was_there else "list it, but the builds do not have it."
    return [nodes.Text("The introspections of "), *span, nodes.Text(f" {said}")]


def _unsaid(command: str, context: Context) -> list[nodes.paragraph]:
    """That older introspections do not say all that a command takes, where that is so."""
    if command not in UNSAID_UP_TO:
        return []
    said = " takes properties that the introspections do not name: what they do not show can have been there."
    name = context.link("cmd", command)
    return [paragraph("Up to ", _version(UNSAID_UP_TO[command]), ", ", name, said)]


def _no_command(union: str) -> list[nodes.paragraph]:
    """That older introspections say nothing of what only an option of the command line took, where that is so."""
    if union not in NO_COMMAND_UP_TO:
        return []
    said = ", no command had this: what the introspections do not show can have been there on the command line."
    return [paragraph("Up to ", _version(NO_COMMAND_UP_TO[union]), said)]


def branch_versions(view: BranchView, context: Context) -> list[nodes.section]:
    """The compatibility table of a branch: the versions that have it and each of its options."""
    features = view.type.features if view.type else ()
    parts: list[_Part] = [*features, *_members(view.own.groups), *_members(view.common)]
    command = view.requests.command if view.requests else ""
    limits = [*_unsaid(command, context), *_no_command(view.union)]
    return _section(view.branch.location, f"the {view.word}", parts, limits, context)


def _members(groups: Iterable[Group]) -> Iterator[Member]:
    return (row.member for group in groups for row in group.rows)


def _section(
    location: Location, whole: str, parts: Sequence[_Part], limits: Sequence[nodes.paragraph], context: Context
) -> list[nodes.section]:
    """What the recordings say of a whole and of its parts, and what they cannot say or say wrongly."""
    observed = context.observed
    if not observed.versions:
        return []
    seen = observed.of(location).seen
    if seen is None:
        text = "No recording can tell which versions have it: no command and no event has a value of this type."
        return [section("_versions", "Versions", paragraph(text))]
    runs = table("versions", ["Recordings", "Versions"], _runs(seen, observed.versions))
    named: list[tuple[Location, list[nodes.Node]]] = [(location, [nodes.emphasis("", whole)])]
    named += [(part.location, _name(part, context)) for part in parts]
    groups = table("history", ["Seen", "What"], _groups(named, context))
    return [section("_versions", "Versions", paragraph(_basis(context)), runs, groups, *limits)]


def _basis(context: Context) -> list[nodes.Node]:
    text = (
        f"By the introspections that {len(context.observed.versions)} versions gave, each one build for x86_64: "
        "what is missing there can be in another. "
    )
    link = [document_link(f"{context.folder}/changes/index", "What each version changed")] if context.folder else []
    return [nodes.Text(text), *link]


def _runs(seen: Iterable[Span], versions: Sequence[str]) -> Iterator[nodes.row]:
    """The versions in a row where all have it, or all do not."""
    for has_it, group in groupby(versions, key=having(seen, versions).__contains__):
        cells = [node for version in group for node in (_version(version), nodes.Text(" "))]
        line = row([nodes.strong("", "seen") if has_it else "not seen", cells[:-1]])
        line["classes"].append("qapi-seen" if has_it else "qapi-not-seen")
        yield line


def _groups(named: Iterable[tuple[Location, list[nodes.Node]]], context: Context) -> Iterator[nodes.row]:
    """The parts that the same versions have, the oldest first."""
    versions = context.observed.versions
    groups: dict[tuple[Span, ...], list[list[nodes.Node]]] = {}
    for location, name in named:
        found = context.observed.of(location)
        if found.seen is not None:
            documented = [nodes.Text(f" (documented since {found.documented})")] if found.documented else []
            groups.setdefault(found.seen, []).append([*name, *documented])
    for seen in sorted(groups, key=lambda runs: _first(runs, versions)):
        yield row([seen_nodes(Observation(seen=seen), context), separated(groups[seen])])


def _first(runs: Sequence[Span], versions: Sequence[str]) -> int:
    """The position of the first version of these; what no version has comes last."""
    return versions.index(runs[0].first) if runs else len(versions)


def _name(part: _Part, context: Context) -> list[nodes.Node]:
    match part:
        case Feature(name=name):
            return [nodes.Text("feature "), context.link("feature", name)]
        case Branch(name=name):
            return [nodes.Text("branch "), literal(name)]
        case Member(name=name) if name in context.anchors:
            return [nodes.reference("", "", literal(name), refid=context.anchors[name], internal=True)]
        case Member(name=name):
            return [literal(name)]


def feature_versions(carriers: Sequence[CarrierView], context: Context) -> list[nodes.section]:
    """The versions that have a feature, and what carries it in these."""
    observed = context.observed
    if not observed.versions and not observed.asked:
        return []
    groups: dict[tuple[tuple[Span, ...] | None, str], list[nodes.Node]] = {}
    for carrier in carriers:
        found = observed.of(carrier.location)
        groups.setdefault((found.seen, presence_text(found.presence)), []).append(
            context.link_part(carrier.definition, carrier.part)
        )
    rows = [
        row([seen_nodes(Observation(seen=seen), context), there, separated(groups[seen, there])])
        for seen, there in sorted(groups, key=lambda group: _first(group[0] or (), observed.versions))
    ]
    basis = [paragraph(_basis(context))] if observed.versions else []
    return [section("_versions", "Versions", *basis, table("carrier-versions", ["Seen", "This QEMU", "On"], rows))]


def version_links(context: Context) -> list[nodes.paragraph]:
    """Where the way into a reference leads to the pages about versions."""
    if not context.folder:
        return []
    links = [document_link(f"{context.folder}/this-qemu", "This QEMU, compared with the schema")]
    if context.observed.versions:
        links.append(document_link(f"{context.folder}/changes/index", "What each version changed"))
        links.append(document_link(f"{context.folder}/gone", "What is no longer there"))
    return [paragraph(link) for link in links]
