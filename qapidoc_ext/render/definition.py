"""The page of a definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docutils import nodes

from qapidoc_ext.render.build import (
    Cell,
    bullets,
    condition_label,
    label,
    labels,
    literal,
    paragraph,
    section,
    separated,
)
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.members import alternatives_table, object_table
from qapidoc_ext.render.parts import feature_labels, features_section, type_link, values_table
from qapidoc_ext.render.reference import kind
from qapidoc_ext.render.text import introduction, remarks
from qapidoc_ext.render.usage import used_by
from qapidoc_ext.render.versions import definition_versions, head_labels, misstatement
from qapidoc_ext.render.views import DefinitionView
from qapidoc_ext.render.wire import block, json_text
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import Alternate, Command, Definition, Enum, Event, Struct, Union
from qapidoc_ext.schema.views import properties

_TITLES = {Command: "Arguments", Event: "Data", Struct: "Members", Union: "Members"}
EXECUTION: Mapping[str, str] = {
    "allow-oob": "can be executed out of band, with exec-oob",
    "allow-preconfig": "can be executed before the machine is made, in the state preconfig",
    "coroutine": "its handler runs in a coroutine",
    "no success-response": "sends no reply where it succeeds",
    "no gen": "its arguments are not checked by the schema: it can take others than these",
}
"""What each property of a command says of how it is executed."""


def stem(module: str) -> str:
    """What QEMU's own manual calls a module: the name of its file, without the folder."""
    return module.rpartition("/")[2]


def upstream_kind(definition: Definition) -> str:
    """What QEMU's own manual calls a definition."""
    return "object" if isinstance(definition, Struct | Union) else kind(definition)


def upstream_anchor(definition: Definition, namespace: str, module: str = "") -> str:
    """The anchor that QEMU's own manual has for a definition of a module; other sites link to it."""
    word = upstream_kind(definition)
    place = f"{module or stem(definition.module)}.{definition.name}"
    return f"{word}-{namespace.upper()}-{place}" if namespace else f"{word}-{place}"


def definition_page(view: DefinitionView, context: Context) -> nodes.section:
    """All that a schema says of a definition, and who uses it."""
    definition = view.definition
    context = _where_taken(view, context.on_page_with(_parts(view)))
    return section(
        upstream_anchor(definition, context.namespace),
        literal(definition.name),
        _head(definition, context),
        *introduction(definition, context),
        *_wire(view),
        *_content(view, context),
        *features_section(definition.features, context),
        *_outcome(definition, context),
        *_events(view, context),
        *_execution(definition),
        *remarks(definition, context),
        *used_by(view.uses, view.reach, view.branch_pages, context),
        *definition_versions(view, context),
    )


def _where_taken(view: DefinitionView, context: Context) -> Context:
    """What a command or an event takes from a type, others may have had before; so with what a type has from a base."""
    if not isinstance(view.definition, Command | Event):
        context = context.observing(context.observed.inside(view.definition.location))
    if view.object is None:
        return context
    members = (row.member for group in view.object.groups for row in group.rows)
    branches = (case.branch for case in view.object.cases)
    return context.observing(context.observed.taken_by(view.definition.name, members, branches))


def _parts(view: DefinitionView) -> Iterator[str]:
    if isinstance(view.definition, Enum):
        yield from (value.name for value in view.definition.values)
    if view.object:
        yield from (row.member.name for group in view.object.groups for row in group.rows)


def _head(definition: Definition, context: Context) -> nodes.paragraph:
    module = definition.module if context.folder else stem(definition.module)  # QEMU's manual has it without folder
    items: list[nodes.Node] = [
        label("kind", kind(definition)),
        label("module", "module ", context.link("mod", module)),
    ]
    if definition.doc and (since := definition.doc.prose(SectionKind.SINCE)):
        # In older schemas that of Netdev goes on with a line for each value that came later.
        items += [label("since", line.strip()) for line in f"since {since.text}".splitlines() if line.strip()]
    if definition.condition:
        items.append(condition_label(definition.condition))
    items += head_labels(definition.location, context)
    if context.observed.versions and misstatement(definition.name):
        corrected = nodes.reference("", "corrected under Versions", refid="_versions", internal=True)
        items.append(label("seen", corrected))
    items += feature_labels(definition.features, context)
    return labels(items + [label("property", text) for text in properties(definition)])


def _wire(view: DefinitionView) -> Iterator[nodes.section]:
    """The definition as JSON; the messages of a command, with a reply if it has one, are marked as in QEMU's manual."""
    if not view.messages or isinstance(view.definition, Enum):
        return
    texts = [json_text(message) for message in view.messages]
    if isinstance(view.definition, Command):
        texts = [f"{mark} {text}" for mark, text in zip(("->", "<-"), texts, strict=True)]
        texts = texts if view.definition.success_response else texts[:1]
    if isinstance(view.definition, Event):
        texts = [f"<- {text}" for text in texts]
    note = (
        "The value of one of the alternatives, whose name is not sent. Values are placeholders."
        if isinstance(view.definition, Alternate)
        else "With all members of the first level but deprecated ones. Values are placeholders; "
        "whether these members can go together was not tried."
    )
    yield section("_wire", "As JSON", paragraph(*_chosen(view), note), block("\n".join(texts)))


def _chosen(view: DefinitionView) -> list[Cell]:
    """Which of its branches the JSON of a union has: a reader of `blockdev-add` came for one of the others."""
    item = view.object
    count = len(item.cases) + len(item.others) if item else 0
    if not item or count <= 1:
        return []
    tag = item.discriminator or "type"
    message = view.messages[0]
    inside = {Command: "arguments", Event: "data"}.get(type(view.definition))
    chosen = (message[inside] if inside else message)[tag]
    values = nodes.reference("", f"{count} values", refid="_members", internal=True)
    return ["Here ", literal(tag), " is ", literal(chosen), ", one of ", values, ". "]


def _content(view: DefinitionView, context: Context) -> Iterator[nodes.section]:
    match view.definition:
        case Alternate(alternatives=alternatives):
            shown = alternatives_table([(branch, None) for branch in alternatives], context)
            yield section("_alternatives", "Alternatives", shown)
        case Enum(values=values):
            yield section("_values", "Values", values_table(values, context))
        case _ if view.object:
            paged = view.object.name in view.branch_pages
            yield section("_members", _TITLES[type(view.definition)], object_table(view.object, context, paged=paged))
        case _:
            pass


def _outcome(definition: Definition, context: Context) -> Iterator[nodes.Node]:
    if not isinstance(definition, Command):
        return
    doc = definition.doc
    described = doc.prose(SectionKind.RETURNS) if doc else None
    if described and definition.returns and described.text.strip("@.") == definition.returns.name:
        described = None  # the type stands there anyway
    content = context.prose(described, otherwise="")
    if definition.returns:
        content.insert(0, paragraph(type_link(definition.returns, context), classes=["qapi-returns"]))
    nothing = (
        "Nothing, an empty object." if definition.success_response else "Nothing; where it succeeds, there is no reply."
    )
    yield section("_returns", "Returns", *(content or [paragraph(nothing)]))
    if doc and (errors := doc.prose(SectionKind.ERRORS)):
        yield section("_errors", "Errors", *context.prose(errors))


def _events(view: DefinitionView, context: Context) -> Iterator[nodes.Node]:
    if view.named:
        is_event = isinstance(view.definition, Event)
        title = "Commands" if is_event else "Events"
        words = "Commands whose text names it: " if is_event else "Events that the text above names: "
        links = separated(context.link("any", name) for name in view.named)
        yield section("_named", title, paragraph(words, links, "."))


def _execution(definition: Definition) -> Iterator[nodes.Node]:
    found = list(properties(definition))
    if found:
        items = (paragraph(literal(word), f": {EXECUTION[word]}") for word in found)
        yield section("_execution", "Execution", bullets(items))
