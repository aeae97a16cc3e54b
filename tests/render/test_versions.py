"""What pages say of versions, as docutils trees, for the lamps' schema."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.introspect.change import Action, Change, Effect, Subject
from qapidoc_ext.introspect.gone import Gone
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.observed import Asked, Observation, Observed, observed
from qapidoc_ext.introspect.part import alternative, branch, feature, member, value
from qapidoc_ext.introspect.presence import PRESENT, Presence, State
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.build import paragraph
from qapidoc_ext.render.changes import changes_address, changes_index_page, changes_page, far_pairs, gone_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.data import DefinitionData, IndexData, definition_data, encode, index_data
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.presence import this_qemu_page
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.versions import (
    branch_versions,
    definition_versions,
    feature_versions,
    head_labels,
    part_labels,
)
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema

SCHEMA = Path(__file__).parent / "lamps.json"
VERSIONS = ("2.11.0", "2.12.0", "3.0.0", "4.0.0")
NOT_BUILT = Presence(state=State.NOT_BUILT, why="needs CONFIG_DIM")
HISTORY = {
    Item("light-up"): (Span("2.12.0", "4.0.0"),),
    Item("light-up", member("lamp")): (Span("2.12.0", "2.12.0"), Span("4.0.0", "4.0.0")),
    Item("light-all"): (Span("2.11.0", "3.0.0"),),
    Item("Light", branch("red")): (Span("2.11.0", "4.0.0"),),
    Item("Light", branch("green")): (),
    Item("Light", member("kind")): (Span("2.11.0", "4.0.0"),),
    Item("Lamp", member("watts")): (Span("3.0.0", "4.0.0"),),
    Item("Lamp", member("dim")): (Span("4.0.0", "4.0.0"),),
    Item("Lamp", feature("shiny")): (Span("3.0.0", "3.0.0"),),
    Item("Colour", value("red")): (Span("2.11.0", "4.0.0"),),
    Item("LampOrName", alternative("name")): (Span("2.12.0", "4.0.0"),),
}
PRESENCE = dict.fromkeys(HISTORY, PRESENT) | {
    Item("Lamp", member("dim")): NOT_BUILT,
    Item("Lamp", feature("shiny")): Presence(state=State.OTHER_VERSION, why="last seen in 3.0.0"),
    Item("Light", branch("red")): Presence(state=State.NO_MODULE),
    Item("light-all"): Presence(state=State.ABSENT),
}
CHANGES = (
    Change(path="light-off", subject=Subject.COMMAND, action=Action.REMOVED, requests=Effect.BREAKING),
    Change(
        path="light-up/arg-type/lamp",
        subject=Subject.TYPE,
        action=Action.CHANGED,
        detail="string to object",
        requests=Effect.COMPATIBLE,
        replies=Effect.BREAKING,
    ),
    Change(path="light-up/arg-type/on", subject=Subject.MEMBER, action=Action.ADDED, requests=Effect.COMPATIBLE),
    Change(
        path="light-up/arg-type/colour/^red",
        in_replies="LIGHT_CHANGED/arg-type/colour/^red",
        subject=Subject.VALUE,
        action=Action.ADDED,
        requests=Effect.COMPATIBLE,
        replies=Effect.BREAKING,
    ),
)
Check = Callable[[nodes.Node], None]
ReferenceOf = Callable[..., Reference]


@pytest.fixture(scope="module")
def schema() -> Schema:
    return load(SCHEMA).schema


@pytest.fixture(scope="module")
def seen(schema: Schema) -> Observed:
    asked = Asked(name="QEMU 4.0.0 (lamps)", undocumented=CHANGES[2:3], modules="nobody asked.")
    return observed(schema, VERSIONS, HISTORY, PRESENCE, asked)


@pytest.fixture
def lamps(schema: Schema) -> Reference:
    return Reference(schema=schema, namespace="qmp", words={"Light": "lamp"})


@pytest.fixture
def page_context(seen: Observed) -> Context:
    return Context(namespace="qmp", parse=lambda _: [], observed=seen, folder="/reference/qmp")


@pytest.fixture
def check(file_regression: FileRegressionFixture) -> Check:
    return lambda node: file_regression.check(node.pformat(), extension=".xml")


def in_one(*content: nodes.Node) -> nodes.Element:
    return nodes.section("", *content)


@pytest.mark.parametrize("name", ["light-up", "light-all"])
def test_command(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(in_one(*definition_versions(lamps.definition(name), page_context)))


def test_branch(lamps: Reference, page_context: Context, check: Check) -> None:
    check(in_one(*branch_versions(lamps.branch("Light", "red"), page_context)))


def test_a_branch_that_no_recording_can_tell_of(lamps: Reference, page_context: Context) -> None:
    context = replace(page_context, observed=Observed(versions=VERSIONS))
    [versions] = branch_versions(lamps.branch("Light", "red"), context)
    assert "No recording can tell" in versions.astext()
    assert not list(versions.findall(nodes.table))


def test_feature(lamps: Reference, page_context: Context, check: Check) -> None:
    check(in_one(*feature_versions(lamps.feature("shiny").carriers, page_context)))


def test_the_branches_side_by_side(lamps: Reference, page_context: Context, check: Check) -> None:
    check(union_page(lamps.union("Light"), page_context))


def test_a_text_says_since_when_only_where_no_recording_shows_it(lamps: Reference, page_context: Context) -> None:
    def marks(context: Context) -> list[str]:
        page = definition_page(view, context)
        return [node.astext() for node in page.findall(nodes.inline) if "qapi-label-member-since" in node["classes"]]

    view = lamps.definition("light-out")
    assert view.object
    members = [row.member for group in view.object.groups for row in group.rows]
    seen = {member.location: Observation(seen=(Span("3.0.0", "4.0.0"),)) for member in members}
    assert marks(page_context) == ["since 1.4"]
    assert marks(replace(page_context, observed=Observed(versions=VERSIONS, at=seen))) == []


def test_labels(page_context: Context, check: Check) -> None:
    items = [*page_context.observed.at.items()]
    labels = [paragraph(kind(place, page_context)) for place, _ in items for kind in (head_labels, part_labels)]
    check(in_one(*labels))


def test_each_place_has_its_own_versions(schema: Schema, lamps: Reference, page_context: Context) -> None:
    late, later = (Span("3.0.0", "4.0.0"),), (Span("4.0.0", "4.0.0"),)
    history = HISTORY | {
        Item("light-all", member("kind")): late,
        Item("light-all", branch("red")): later,
        Item("Light", member("kind", branch("red"))): late,
        Item("Light", member("watts", branch("red"))): later,
        Item("OldLight", member("watts", member("data", branch("one")))): later,
    }
    context = page_context.observing(observed(schema, VERSIONS, history, {}, ""))
    command, type_ = (definition_page(lamps.definition(name), context) for name in ("light-all", "Light"))
    page = branch_page(lamps.branch("Light", "red"), context)
    assert seen_in(type_, "kind") == "seen since 2.11.0 or before"
    assert seen_in(command, "kind") == "seen since 3.0.0"
    assert seen_in(command, "_branch.red") == "seen since 4.0.0"
    assert seen_in(page, "kind") == "seen since 3.0.0"
    assert seen_in(page, "watts") == "seen since 4.0.0"
    assert seen_in(page, "dim") == "seen since 4.0.0"  # of Lamp anywhere: nothing is known of this place
    simple = branch_page(replace(lamps, words={"OldLight": "old"}).branch("OldLight", "one"), context)
    assert seen_in(simple, "watts") == "seen since 4.0.0"
    [versions] = [node for node in command.findall(nodes.section) if node["ids"] == ["_versions"]]
    assert "3.0.0\n\nkind" in versions.astext()


def test_no_version_has_a_part_of_what_it_does_not_have(
    schema: Schema, lamps: Reference, page_context: Context
) -> None:
    every = (Span("2.11.0", "4.0.0"),)
    history = HISTORY | {Item("Light"): every, Item("light-all", branch("red")): (Span("4.0.0", "4.0.0"),)}
    context = page_context.observing(observed(schema, VERSIONS, history, {}, ""))
    in_place = replace(lamps, words={})
    command, type_ = (definition_page(in_place.definition(name), context) for name in ("light-all", "Light"))
    assert seen_in(type_, "_branch.red.watts") == "seen since 3.0.0"
    assert seen_in(command, "_branch.red.watts") == "seen since 4.0.0"


def test_what_a_type_has_from_its_base_is_no_older_than_the_type(
    schema: Schema, lamps: Reference, page_context: Context
) -> None:
    every, late = (Span("2.11.0", "4.0.0"),), (Span("3.0.0", "4.0.0"),)
    history = HISTORY | {Item("Bare", member("serial")): every, Item("Lamp"): late}
    context = page_context.observing(observed(schema, VERSIONS, history, {}, ""))
    assert seen_in(definition_page(lamps.definition("Lamp"), context), "serial") == "seen since 3.0.0"
    assert seen_in(definition_page(lamps.definition("Bare"), context), "serial") == "seen since 2.11.0 or before"


def test_what_a_type_that_no_message_has_takes_from_its_base_was_seen_in_none(
    schema: Schema, lamps: Reference, page_context: Context
) -> None:
    every = (Span("2.11.0", "4.0.0"),)
    context = page_context.observing(
        observed(schema, VERSIONS, {Item("Bare"): every, Item("Bare", member("serial")): every}, {}, "")
    )
    assert "seen" not in definition_page(lamps.definition("Lamp"), context).astext()
    assert seen_in(definition_page(lamps.definition("Bare"), context), "serial") == "seen since 2.11.0 or before"


def test_what_a_type_has_from_its_base_has_the_versions_of_this_place(
    schema: Schema, lamps: Reference, page_context: Context
) -> None:
    every, late = (Span("2.11.0", "4.0.0"),), (Span("3.0.0", "4.0.0"),)
    history = HISTORY | {
        Item("Bare", member("serial")): every,
        Item("Lamp"): every,
        Item("Lamp", member("serial")): late,
    }
    context = page_context.observing(observed(schema, VERSIONS, history, {}, ""))
    assert seen_in(definition_page(lamps.definition("Lamp"), context), "serial") == "seen since 3.0.0"


def test_an_alternative_says_since_when_it_was_seen(schema: Schema, lamps: Reference, page_context: Context) -> None:
    history = HISTORY | {Item("LampOrName"): (Span("2.12.0", "4.0.0"),)}
    context = page_context.observing(observed(schema, VERSIONS, history, {}, ""))
    text = definition_page(lamps.definition("LampOrName"), context).astext()
    assert "seen since 2.12.0" in text[text.index("Alternatives") :]


def test_what_an_alternative_holds_is_no_older_than_the_alternative(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        """
        { 'enum': 'Kind', 'data': [ 'led' ] }
        { 'struct': 'Place', 'data': { 'row': 'int' } }
        { 'alternate': 'Ref', 'data': { 'name': 'str', 'place': 'Place' } }
        { 'struct': 'Led', 'data': { 'at': 'Ref' } }
        { 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }
        """,
        {"Lamp": "lamp"},
    )
    every, late = (Span("2.11.0", "4.0.0"),), (Span("4.0.0", "4.0.0"),)
    history = {
        Item("Lamp", branch("led")): every,
        Item("Led", member("at")): every,
        Item("Ref", alternative("name")): every,
        Item("Ref", alternative("place")): late,
        Item("Place", member("row")): every,
    }
    context = page_context.observing(observed(reference.schema, VERSIONS, history, {}, ""))
    page = branch_page(reference.branch("Lamp", "led"), context)
    assert seen_in(page, "at.name") == "seen since 2.11.0 or before"
    assert seen_in(page, "at.place") == "seen since 4.0.0"
    assert seen_in(page, "at.place.row") == "seen since 4.0.0"


def test_what_a_member_of_a_branch_holds_says_since_when_it_is_there(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        """
        { 'enum': 'Kind', 'data': [ 'led' ] }
        { 'enum': 'Form', 'data': [ 'round', 'flat' ] }
        { 'struct': 'Flat', 'data': { 'width': 'int' } }
        { 'union': 'Glass', 'base': { 'form': 'Form' }, 'discriminator': 'form', 'data': { 'flat': 'Flat' } }
        { 'struct': 'Led', 'data': { 'glass': 'Glass' } }
        { 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }
        """,
        {"Lamp": "lamp"},
    )
    every, late = (Span("2.11.0", "4.0.0"),), (Span("4.0.0", "4.0.0"),)
    glass = member("glass", branch("led"))
    anywhere = [member("form"), branch("flat"), member("width", branch("flat"))]
    history = {
        Item("Lamp", branch("led")): every,
        Item("Led", member("glass")): every,
        **{Item("Glass", part): every for part in anywhere},
        Item("Form", value("round")): every,
        Item("Form", value("flat")): every,
        Item("Flat", member("width")): every,
        Item("Lamp", glass): every,
        Item("Lamp", member("form", glass)): every,
        Item("Lamp", value("round", member("form", glass))): every,
        Item("Lamp", value("flat", member("form", glass))): late,
        Item("Lamp", branch("flat", glass)): every,
        Item("Lamp", member("width", branch("flat", glass))): late,
    }
    context = page_context.observing(observed(reference.schema, VERSIONS, history, {}, ""))
    page = branch_page(reference.branch("Lamp", "led"), context)
    assert seen_in(page, "glass.form.round") == "seen since 2.11.0 or before"
    assert seen_in(page, "glass.form.flat") == "seen since 4.0.0"
    assert seen_in(page, "glass._branch.flat") == "seen since 2.11.0 or before"
    assert seen_in(page, "glass._branch.flat.width") == "seen since 4.0.0"
    late_branch = {**history, Item("Lamp", branch("flat", glass)): late}
    context = page_context.observing(observed(reference.schema, VERSIONS, late_branch, {}, ""))
    page = branch_page(reference.branch("Lamp", "led"), context)
    assert seen_in(page, "glass._branch.flat") == "seen since 4.0.0"
    definition = definition_page(reference.definition("Glass"), context)
    assert seen_in(definition, "_branch.flat.width") == "seen since 2.11.0 or before"


def test_other_values_of_the_tag_are_not_those_of_the_branch(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ 'led', 'neon' ] } { 'struct': 'Led', 'data': { 'x': 'int' } }"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }",
        {"Lamp": "lamp"},
    )
    every, late = (Span("2.11.0", "4.0.0"),), (Span("4.0.0", "4.0.0"),)
    history = {
        Item("Lamp", branch("led")): late,
        Item("Lamp", member("kind")): every,
        Item("Kind", value("neon")): every,
    }
    seen = observed(reference.schema, VERSIONS, history, {}, "")
    page = branch_page(reference.branch("Lamp", "led"), page_context.observing(seen))
    assert seen_in(page, "kind") == "seen since 4.0.0"
    assert seen_in(page, "kind.neon") == "seen since 2.11.0 or before"


def test_a_command_that_the_recordings_are_wrong_about_says_so_at_its_head(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of("{ 'command': 'query-cpu-model-expansion' } { 'command': 'query-nothing' }")
    pages = [definition_page(reference.definition(name), page_context) for name in reference.schema.definitions]
    assert ["corrected under Versions" in page.astext() for page in pages] == [True, False]


def seen_in(page: nodes.section, anchor: str) -> str:
    """The first thing that the row with this anchor says of versions."""
    [row] = [node for node in page.findall(nodes.row) if anchor in node["ids"]]
    return next(node.astext() for node in row.findall(nodes.inline) if "qapi-label-seen" in node["classes"])


def test_this_qemu(page_context: Context, check: Check) -> None:
    check(this_qemu_page("", page_context))


def test_the_last_ones_of_major_versions_are_compared() -> None:
    versions = ("2.11.0", "2.12.0", "3.0.0", "3.1.0", "4.0.0", "4.2.0", "5.0.0")
    assert far_pairs(versions) == [
        ("2.12.0", "3.1.0"),
        ("2.12.0", "4.2.0"),
        ("2.12.0", "5.0.0"),
        ("3.1.0", "4.2.0"),
        ("3.1.0", "5.0.0"),
    ]
    assert far_pairs(versions, ["5.0.0", "3.0.0", "2.12.0"]) == [("2.12.0", "5.0.0"), ("3.0.0", "5.0.0")]
    assert far_pairs(versions, ["5.0.0"]) == []
    assert changes_address("4.2.0", "5.0.0", versions) == "changes/5.0.0"
    assert changes_address("3.1.0", "5.0.0", versions) == "changes/3.1.0-5.0.0"


def test_changes(schema: Schema, page_context: Context, check: Check) -> None:
    check(changes_page("2.11.0", "2.12.0", CHANGES, schema.definitions, page_context))


def test_the_same_change_in_several_places_of_a_command_is_one_row(page_context: Context) -> None:
    def added(path: str, subject: Subject = Subject.MEMBER, in_replies: str = "") -> Change:
        replies = Effect.BREAKING if in_replies else None
        requests = Effect.COMPATIBLE
        return Change(
            path=path, subject=subject, action=Action.ADDED, in_replies=in_replies, requests=requests, replies=replies
        )

    found = [
        added("a/arg-type/x"),
        added("b", Subject.COMMAND),
        added("a/arg-type/y"),
        added("a/arg-type/^v", Subject.VALUE),
        added("c/arg-type/x"),
        added("d", Subject.COMMAND),
    ]
    page = changes_page("3.1.0", "4.0.0", found, (), page_context)
    rows = [row.astext().split("\n\n") for row in page.findall(nodes.row)][1:]
    assert [(where, what) for where, what, _ in rows] == [
        ("b, d", "command added"),
        ("a/arg-type/x, /arg-type/y", "member added"),
        ("a/arg-type/^v", "value added"),
        ("c/arg-type/x", "member added"),
    ]
    assert "Compatible: 6 changes" in page.astext()
    broken = [
        added(f"a/{name}", Subject.VALUE, in_replies=f"{of}/{name}") for name, of in zip("xyz", "ppq", strict=True)
    ]
    page = changes_page("3.1.0", "4.0.0", broken, (), page_context)
    rows = [row.astext().split("\n\n") for row in page.findall(nodes.row)][1:]
    assert [(where, about) for where, _, about in rows] == [
        ("a/x, /y", "breaks replies and events at p/x, /y"),
        ("a/z", "breaks replies and events at q/z"),
    ]


def test_what_only_the_introspections_say_is_no_change(page_context: Context) -> None:
    removed = Change(path="dump-skeys", subject=Subject.COMMAND, action=Action.REMOVED, requests=Effect.BREAKING)
    added = Change(path="device_add", subject=Subject.COMMAND, action=Action.ADDED, requests=Effect.COMPATIBLE)
    text = changes_page("3.1.0", "4.0.0", [removed, added], (), page_context).astext()
    assert "the same in both builds: dump-skeys removed." in text
    assert "Breaking: 0 changes" in text
    assert "Compatible: 1 change" in text
    text = changes_page("2.7.0", "2.8.0", [removed, added], (), page_context).astext()
    assert "the same in both builds: device_add added." in text
    assert "Breaking: 1 change" in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("device_add", "introspections of 2.5.0 to 2.7.0 do not list it, but the builds have it."),
        ("query-cpu-model-expansion", "introspections of 2.8.0 list it, but the builds do not have it."),
    ],
)
def test_a_command_that_the_recordings_are_wrong_about(
    name: str, said: str, lamps: Reference, page_context: Context
) -> None:
    view = lamps.definition("light-up")
    page = definition_page(replace(view, definition=replace(view.definition, name=name)), page_context)
    [link] = [link for link in page.findall(nodes.reference) if link.astext() == "corrected under Versions"]
    [section] = [section for section in page.findall(nodes.section) if link["refid"] in section["ids"]]
    assert said in section.astext()


def test_what_a_command_took_before_introspections_said_so_can_have_been_there(
    lamps: Reference, page_context: Context
) -> None:
    said = "Up to 5.2.0, object-add takes properties that the introspections do not name"
    command = lamps.definition("light-up")
    named = replace(command, definition=replace(command.definition, name="object-add"))
    branch_view = lamps.branch("Light", "red")
    assert branch_view.requests
    taken = replace(branch_view, requests=replace(branch_view.requests, command="object-add"))
    for before, after in (
        (definition_versions(command, page_context), definition_versions(named, page_context)),
        (branch_versions(branch_view, page_context), branch_versions(taken, page_context)),
    ):
        assert said not in before[0].astext()
        assert said in after[0].astext()


def test_what_only_the_command_line_took_can_have_been_there(lamps: Reference, page_context: Context) -> None:
    said = "Up to 7.2.0, no command had this: what the introspections do not show can have been there"
    view = lamps.branch("Light", "red")
    assert said not in branch_versions(view, page_context)[0].astext()
    assert said in branch_versions(replace(view, union="Audiodev"), page_context)[0].astext()


def test_what_is_no_longer_there(page_context: Context, check: Check) -> None:
    found = (
        Gone(path="LIGHT", subject=Subject.EVENT, seen=(Span("2.11.0", "2.11.0"), Span("3.0.0", "4.0.0"))),
        Gone(path="light-up/arg-type/hue", subject=Subject.MEMBER, seen=(Span("2.12.0", "4.0.0"),)),
        Gone(path="x-light-up", subject=Subject.COMMAND, seen=(Span("2.11.0", "2.12.0"),)),
        Gone(path="x-dark", subject=Subject.COMMAND, seen=(Span("2.11.0", "2.12.0"),)),
    )
    observing = page_context.observing(Observed(versions=VERSIONS))
    check(gone_page("5.0.0", found, {"light-up"}, observing))


def test_where_nothing_is_gone_that_is_said(page_context: Context) -> None:
    page = gone_page("", (), (), page_context.observing(Observed(versions=VERSIONS)))
    assert page.astext().count("None.") == 2
    assert "the schema of a QEMU of unknown version does not" in page.astext()


def test_changes_index(page_context: Context, check: Check) -> None:
    check(changes_index_page(VERSIONS, [(VERSIONS[0], VERSIONS[-1])], page_context))


def test_where_no_versions_are_compared_the_index_has_only_those_that_follow_each_other(page_context: Context) -> None:
    assert len(list(changes_index_page(VERSIONS, [], page_context).findall(nodes.table))) == 1


def test_the_index_says_whether_any_two_versions_are_compared(page_context: Context) -> None:
    pairs = far_pairs(VERSIONS, VERSIONS)
    assert "Each two of them are compared here." in changes_index_page(VERSIONS, pairs, page_context).astext()
    assert "For any other two, run" in changes_index_page(VERSIONS, pairs[:-1], page_context).astext()


def test_without_a_qemu_every_page_says_so(lamps: Reference) -> None:
    nothing = observed(lamps.schema, (), {}, {}, "qemu-system-x86_64 is not on PATH")
    context = Context(namespace="qmp", parse=lambda _: [], observed=nothing, folder="/reference/qmp")
    command = lamps.definition("light-up")
    assert [node.astext() for node in head_labels(command.definition.location, context)] == ["not compared with a QEMU"]
    assert definition_versions(command, context) == []
    assert "qemu-system-x86_64 is not on PATH" in this_qemu_page("", context).astext()


@pytest.mark.parametrize("name", ["Colour", "Lamp", "Light", "LampOrName", "light-up", "light-all", "LIGHT_CHANGED"])
def test_data(name: str, lamps: Reference, seen: Observed, file_regression: FileRegressionFixture) -> None:
    data = definition_data(lamps.schema.definitions[name], lamps, seen)
    text = encode(data)
    assert msgspec.json.decode(text, type=DefinitionData) == data
    file_regression.check(text.decode(), extension=".json")


def test_index_of_the_data(schema: Schema, seen: Observed, file_regression: FileRegressionFixture) -> None:
    data = index_data(schema, "qmp", {"Lamp": "type/Lamp.json", "light-up": "command/light-up.json"}, seen)
    text = encode(data)
    assert msgspec.json.decode(text, type=IndexData) == data
    file_regression.check(text.decode(), extension=".json")
