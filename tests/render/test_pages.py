"""Pages as docutils trees, for a schema that has something of every kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from pytest_regressions.file_regression import FileRegressionFixture
from sphinx import addnodes

from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.walk import step
from qapidoc_ext.qmp.doc_faults import judged_examples
from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.coverage import coverage_page
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.feature import feature_page, features_page
from qapidoc_ext.render.index import index_page, summary
from qapidoc_ext.render.module import module_page
from qapidoc_ext.render.reference import Reference, first_paragraph
from qapidoc_ext.render.wire import python_program
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import BUILTIN_TYPES
from qapidoc_ext.source import Location, Prose

SCHEMA = Path(__file__).parent / "lamps.json"
Check = Callable[[nodes.Node], None]
ReferenceOf = Callable[..., Reference]


def parse(prose: Prose) -> list[nodes.Node]:
    return list(publish_doctree(prose.text, settings_overrides={"doctitle_xform": False}).children)


@pytest.fixture(scope="module")
def lamps() -> Reference:
    loaded = load(SCHEMA)
    assert loaded.findings == ()
    return Reference(schema=loaded.schema, namespace="qmp", words={"Light": "lamp", "OldLight": "old"})


@pytest.fixture
def page_context(lamps: Reference) -> Context:
    judged = {one.example.location: one for one in judged_examples(lamps.schema)}
    return Context(namespace="qmp", parse=parse, judged=judged)


@pytest.fixture
def check(file_regression: FileRegressionFixture) -> Check:
    return lambda node: file_regression.check(node.pformat(), extension=".xml")


@pytest.mark.parametrize(
    "name", ["Colour", "Lamp", "Light", "OldLight", "LampOrName", "light-up", "light-all", "LIGHT_CHANGED", "Bare"]
)
def test_definition(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(definition_page(lamps.definition(name), page_context))


def test_a_union_without_branch_pages(lamps: Reference, page_context: Context, check: Check) -> None:
    plain = Reference(schema=lamps.schema, namespace="qmp", words={})
    check(definition_page(plain.definition("Light"), page_context))


def test_what_a_simple_union_says_of_its_type_is_shown(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "##\n# @Old:\n#\n# A light.\n#\n# @type: what shines\n##\n{ 'union': 'Old', 'data': { 'led': 'str' } }"
    )
    assert "A light.\n\ntype:\n\nwhat shines" in definition_page(reference.definition("Old"), page_context).astext()


@pytest.mark.parametrize("name", ["Light.red", "Light.green", "OldLight.one"])
def test_branch(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(branch_page(lamps.branch(*name.split(".")), page_context))


def test_union(lamps: Reference, page_context: Context, check: Check) -> None:
    check(union_page(lamps.union("Light"), page_context))


def test_a_branch_that_wraps_a_type_is_described_as_that_type_is(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ 'led', 'bulb' ] }\n"
        "##\n# @Led:\n#\n# Shines for long.\n##\n{ 'struct': 'Led', 'data': { 'colour': 'str' } }\n"
        "{ 'struct': 'Wrapper', 'data': { 'data': 'Led' } }"
        "##\n# @Bulb:\n#\n# @led: in it\n##\n{ 'struct': 'Bulb', 'data': { 'led': 'Led' } }\n"
        "{ 'union': 'Lamp', 'base': { 'type': 'Kind' }, 'discriminator': 'type',"
        " 'data': { 'led': 'Wrapper', 'bulb': 'Bulb' } }",
        {"Lamp": "lamp"},
    )
    rows = union_page(reference.union("Lamp"), page_context).findall(nodes.row)
    assert [row[-1].astext() for row in rows] == ["Description", "Shines for long.", "Not documented as a whole."]


def test_the_options_of_a_branch_that_wraps_a_type_are_those_of_the_type(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ 'led', 'old' ] }"
        "{ 'struct': 'Led', 'data': { 'colour': 'str', '*name': 'str', '*size': 'int' } }"
        "{ 'struct': 'Wrapper', 'data': { 'data': 'Led' } }"
        "{ 'struct': 'Old', 'data': { 'data': 'str' } }"
        "{ 'union': 'Lamp', 'base': { 'type': 'Kind' }, 'discriminator': 'type',"
        " 'data': { 'led': 'Wrapper', 'old': 'Old' } }"
        "{ 'command': 'lamp-add', 'data': { 'lamp': 'Lamp' } } { 'command': 'query-qmp-schema' }",
        {"Lamp": "lamp"},
    )
    rows = union_page(reference.union("Lamp"), page_context).findall(nodes.row)
    assert [row[1].astext() for row in rows] == ["Options", "3, 1 mandatory", "2, 2 mandatory"]
    led, old = (branch_page(reference.branch("Lamp", name), page_context).astext() for name in ("led", "old"))
    assert "type is led; the options are the members of data.\n\n3 options, 1 of them mandatory: colour." in led
    assert "is found at lamp-add/arg-type/lamp/+led/data/OPTION, one that is common to every lamp at" in led
    assert "2 options, 2 of them mandatory: data, type." in old
    assert "is found at lamp-add/arg-type/lamp/+old/OPTION" in old


def test_a_character_device_has_other_names_on_the_command_line(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ 'file' ] }"
        "{ 'struct': 'File', 'data': { 'out': 'str' } }"
        "{ 'union': 'ChardevBackend', 'base': { 'type': 'Kind' }, 'discriminator': 'type', 'data': { 'file': 'File' } }"
        "{ 'command': 'chardev-add', 'data': { 'backend': 'ChardevBackend' } }",
        {"ChardevBackend": "chardev"},
    )
    page = branch_page(reference.branch("ChardevBackend", "file"), page_context).astext()
    assert "On the command line, --chardev takes options with names of its own" in page


def test_a_request_that_every_qemu_refuses_says_so(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "{ 'enum': 'NetClientDriver', 'data': [ 'nic', 'user' ] }"
        "{ 'struct': 'Options', 'data': { '*model': 'str' } }"
        "{ 'union': 'Netdev', 'base': { 'id': 'str', 'type': 'NetClientDriver' }, 'discriminator': 'type',"
        " 'data': { 'nic': 'Options', 'user': 'Options' } }"
        "{ 'command': 'netdev_add', 'data': 'Netdev', 'boxed': true }",
        {"Netdev": "netdev"},
    )
    nic, user = (branch_page(reference.branch("Netdev", name), page_context).astext() for name in ("nic", "user"))
    refused = "QEMU refuses it, although the schema allows it: what it describes, the option --net takes."
    assert (nic.count(refused), user.count(refused)) == (2, 0)


def test_the_first_page_says_what_the_values_of_built_in_types_are(lamps: Reference, page_context: Context) -> None:
    [found] = [one for one in index_page(lamps.index("QMP"), page_context) if "Built-in types" in one.astext()]
    assert {
        name.astext() for each in found.findall(nodes.row) for name in each[0].findall(nodes.literal)
    } == BUILTIN_TYPES


def test_a_union_names_the_values_that_select_no_branch(lamps: Reference, page_context: Context) -> None:
    page = union_page(replace(lamps, words={"Nested": "nest"}).union("Nested"), page_context)
    only = "only where QEMU was built without CONFIG_OLD"
    assert f"No branch, and so no options of their own: green ({only})." in page.astext()


def test_a_union_of_ten_branches_has_pages_of_them_whatever_is_configured(reference_of: ReferenceOf) -> None:
    def union(name: str, count: int) -> str:
        branches = ", ".join(f"'b{number}': 'str'" for number in range(count))
        return f"{{ 'union': '{name}', 'data': {{ {branches} }} }}\n"

    reference = reference_of(union("Nine", 9) + union("Ten", 10) + union("Named", 10), {"Named": "name"})
    assert reference.unions == {"Named": "name", "Ten": "Ten"}
    assert reference.branch("Ten", "b9").features == ()


def test_a_schema_of_which_no_introspection_can_be_made_has_pages_all_the_same(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of("{ 'command': '0', 'data': { 'id': 'str' } }")
    page = definition_page(reference.definition("0"), page_context)
    assert [row["ids"] for row in page.findall(nodes.row)] == [[], ["id"]]
    assert list(page.findall(nodes.literal_block)) == []


def test_what_has_no_value_has_a_page_without_json(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "{ 'enum': 'Nothing', 'data': [] }\n"
        "{ 'struct': 'Led', 'data': { 'kind': 'Nothing' } }\n"
        "{ 'union': 'Lamp', 'data': { 'led': 'Led' } }\n"
        "{ 'command': 'light', 'data': { 'lamp': 'Lamp' } }",
        {"Lamp": "lamp"},
    )
    pages = [
        branch_page(reference.branch("Lamp", "led"), page_context),
        definition_page(reference.definition("light"), page_context),
    ]
    assert [list(page.findall(nodes.literal_block)) for page in pages] == [[], []]


def test_a_feature_of_the_type_that_selects_branches_is_one_of_no_branch(reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "##\n# @Kind:\n#\n# @led: a small one\n#\n# Features:\n#\n# @old: use @Lamp instead\n##\n"
        "{ 'enum': 'Kind', 'data': [ 'led' ], 'features': [ 'old' ] }\n"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }\n"
        "{ 'struct': 'Led', 'data': {} }",
        {"Lamp": "lamp"},
    )
    [carrier] = reference.feature("old").carriers
    assert (carrier.definition, carrier.branches) == ("Kind", ())
    assert carrier.instead == ()  # that is said where something is deprecated


def test_a_feature_of_a_member_is_one_of_each_branch_that_has_the_member(reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "##\n# @Common:\n#\n# @watts: how much\n#\n# Features:\n#\n# @old: a text\n#\n# @whole: a text\n##\n"
        "{ 'struct': 'Common', 'data': { 'watts': { 'type': 'int', 'features': [ 'old' ] } },\n"
        "  'features': [ 'whole' ] }\n"
        "{ 'struct': 'Led', 'base': 'Common', 'data': {} }\n"
        "{ 'struct': 'Gas', 'data': {} }\n"
        "{ 'struct': 'Wrapper', 'data': { 'data': 'Led' } }\n"
        "{ 'enum': 'Kind', 'data': [ 'common', 'led', 'gas', 'wrapped' ] }\n"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', "
        "'data': { 'common': 'Common', 'led': 'Led', 'gas': 'Gas', 'wrapped': 'Wrapper' } }",
        {"Lamp": "lamp"},
    )
    [of_member] = reference.feature("old").carriers
    assert of_member.branches == (("Lamp", "common"), ("Lamp", "led"), ("Lamp", "wrapped"))
    [of_base] = reference.feature("whole").carriers
    assert of_base.branches == (("Lamp", "common"),)


def test_what_a_union_that_nothing_takes_is_made_of_is_counted(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ 'led', 'gas' ] }\n"
        "{ 'struct': 'Led', 'data': {} }\n"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', "
        "'data': { 'led': 'Led', 'gas': 'Led' } }\n"
        "{ 'struct': 'Room', 'data': { 'lamp': 'Lamp' } }\n"
        "{ 'union': 'Place', 'data': { 'room': 'Room' } }",
        {"Place": "place", "Lamp": "lamp"},
    )
    assert "Each is a branch of Place." in union_page(reference.union("Place"), page_context).astext()
    assert "With the same options\n\ngas." in branch_page(reference.branch("Lamp", "led"), page_context).astext()
    reference = replace(reference, words={"Place": "place"})
    assert "Lamp: 1 member, 2 branches" in branch_page(reference.branch("Place", "room"), page_context).astext()


def test_what_takes_a_type_directly_is_told_from_what_does_at_some_depth(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'struct': 'Model', 'data': {} }\n"
        "{ 'struct': 'Info', 'data': { 'model': 'Model' } }\n"
        "{ 'command': 'expand', 'data': { 'model': 'Model' }, 'returns': 'Info' }\n"
        "{ 'event': 'CHANGED', 'data': { 'info': 'Info' } }"
    )
    used_by = definition_page(reference.definition("Model"), page_context).astext()
    assert "argument of\n\nexpand.model" in used_by
    assert "returned, at some depth, by\n\nexpand" in used_by
    assert "sent, at some depth" not in used_by
    assert "brought, at some depth, by\n\nCHANGED" in used_by
    of_info = definition_page(reference.definition("Info"), page_context)
    links = [link for link in of_info.findall(addnodes.pending_xref) if link.astext() == "CHANGED.info"]
    assert [link["reftype"] for link in links] == ["member"]
    assert "brought, at some depth" not in of_info.astext()


def test_a_command_that_qemu_does_not_check_by_the_schema(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of("{ 'command': 'add', 'data': { 'driver': 'str' }, 'gen': false }")
    assert "it can take others than these" in definition_page(reference.definition("add"), page_context).astext()


@pytest.mark.parametrize("text", ["@Info", "Info.", "what is known of the lamp"])
def test_a_text_that_only_names_the_type_is_not_shown_behind_it(
    text: str, page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'struct': 'Info', 'data': {} }\n"
        f"##\n# @query:\n#\n# Returns: {text}\n##\n{{ 'command': 'query', 'returns': 'Info' }}"
    )
    page = definition_page(reference.definition("query"), page_context)
    [returns] = [part for part in page.findall(nodes.section) if part["ids"] == ["_returns"]]
    assert [said.astext() for said in returns.findall(nodes.paragraph)] == ["Info", *([text] if " " in text else [])]


def test_the_events_of_a_command_are_those_that_its_text_or_an_example_of_one_names(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    names_one = "##\n# @LATER:\n#\n# Comes after @SHUT.\n##\n{ 'event': 'LATER' }\n"
    events = "SHUT RESET STOP"
    text = 'Emits @SHUT.\n#\n# Example:\n#\n# <- { "event": "RESET" }\n# <- { "return": [ { "name":"STOP" } ] }\n#'
    command = f"##\n# @halt:\n#\n# {text}\n##\n{{ 'command': 'halt' }}\n"
    reference = reference_of(command + names_one + "".join(f"{{ 'event': '{name}' }}\n" for name in events.split()))
    command_page, event_page = (definition_page(reference.definition(name), page_context) for name in ("halt", "SHUT"))
    assert "Events that the text above names: SHUT, RESET." in command_page.astext()
    assert "Commands whose text names it: halt." in event_page.astext()


@pytest.mark.parametrize("name", ["unstable", "shiny", "deprecated"])
def test_feature(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(feature_page(lamps.feature(name), page_context))


def test_what_only_has_the_name_of_something_unstable_is_told_on_that_page(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    unstable = "'features': [ 'unstable' ]"
    reference = reference_of(
        f"{{ 'command': 'x-one', {unstable} }}\n{{ 'command': 'x-two' }}\n"
        f"{{ 'struct': 'Three', 'data': {{ 'x-a': {{ 'type': 'int', {unstable} }}, 'x-b': 'int', 'c': 'int' }},"
        "  'features': [ 'other' ] }"
    )
    unstable_page, other = (feature_page(reference.feature(name), page_context) for name in ("unstable", "other"))
    assert "begin with x-, and do not carry it: x-two, Three.x-b. Such a name" in unstable_page.astext()
    assert "begin with" not in other.astext()


def test_each_line_of_since_is_a_label_of_its_own(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "##\n# @Kind:\n#\n# Since: 2.7\n#\n#    @tube since 5.1\n#    @led since 7.1\n##\n"
        "{ 'enum': 'Kind', 'data': [ 'tube', 'led' ] }"
    )
    page = definition_page(reference.definition("Kind"), page_context)
    found = [node.astext() for node in page.findall(nodes.inline) if "qapi-label-since" in node["classes"]]
    assert found == ["since 2.7", "@tube since 5.1", "@led since 7.1"]


def test_what_is_said_of_several_members_stands_once(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of(
        "##\n# @Lamp:\n#\n# Features:\n#\n# @unstable: Those with x- may go.\n##\n"
        "{ 'struct': 'Lamp', 'data': { 'x-dim': { 'type': 'int', 'features': [ 'unstable' ] },"
        " 'x-hue': { 'type': 'int', 'features': [ 'unstable' ] },"
        " 'x-old': { 'type': 'int', 'if': 'OLD', 'features': [ 'unstable' ] } } }"
    )
    page = feature_page(reference.feature("unstable"), page_context)
    _, *rows = ([entry.astext() for entry in row.findall(nodes.entry)] for row in page.findall(nodes.row))
    assert [row[1] for row in rows] == ["members x-dim, x-hue", "member x-old"]
    assert "3 places carry it" in page.astext()


def test_branches_of_one_name_that_have_a_feature_are_told_apart(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    reference = reference_of(
        "{ 'enum': 'Kind', 'data': [ { 'name': 'led', 'features': [ 'shiny' ] },"
        " { 'name': 'neon', 'features': [ 'shiny' ] } ] } { 'struct': 'Led', 'data': {} }"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',"
        "  'data': { 'led': 'Led', 'neon': 'Led' } }"
        "{ 'union': 'Tube', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }",
        {"Lamp": "lamp", "Tube": "tube"},
    )
    page = feature_page(reference.feature("shiny"), page_context)
    links = [link.astext() for link in page.findall(addnodes.pending_xref) if link["reftype"] == "branch"]
    assert links == ["Lamp.led", "Tube.led", "neon"]


def test_what_is_to_be_used_instead_is_shown_where_not_all_texts_say_it(
    page_context: Context, reference_of: ReferenceOf
) -> None:
    command = (
        "##\n# @%s:\n#\n# Features:\n#\n# @deprecated: %s\n##\n{ 'command': '%s', 'features': [ 'deprecated' ] }\n"
    )
    reference = reference_of(command % ("one", "Goes.", "one") + command % ("two", "Use `three` instead.", "two"))
    [table, *_] = feature_page(reference.feature("deprecated"), page_context).findall(nodes.table)
    rows = [[cell.astext() for cell in row.children] for row in table.findall(nodes.row)]
    assert [row[3] for row in rows] == ["Use instead", "", "three"]


def test_every_option_is_found_at_the_query_that_its_page_names(qemu_schema: Path) -> None:
    reference = Reference(schema=load(qemu_schema).schema, namespace="qmp", words={"BlockdevOptions": "driver"})
    assert reference.description
    views = [reference.branch(union, name) for union in reference.unions for name in reference.branches(union)]
    queries = [
        f"{view.query}/{step(name)}"
        for view in views
        if view.query
        for name in (
            [option.member.name for group in view.own.groups for option in group.rows]
            if view.wrapped is None
            else [member.name for member in view.wrapped]
        )
    ]
    assert [query for query in queries if not probe(reference.description.introspection, query)] == []
    assert {"blockdev-add/arg-type/+file/locking", "chardev-add/arg-type/backend/+socket/data/addr"} <= {*queries}


def test_an_option_that_a_simple_union_wraps_is_found_in_what_it_wraps(reference_of: ReferenceOf) -> None:
    text = """
    { 'struct': 'Lamp', 'data': { 'watts': 'int' } }
    { 'union': 'Light', 'data': { 'lamp': 'Lamp' } }
    { 'command': 'light-up', 'data': { 'light': 'Light' } }
    { 'command': 'query-qmp-schema', 'returns': 'any' }
    """
    reference = reference_of(text, words={"Light": "light"})
    view = reference.branch("Light", "lamp")
    assert view.query == "light-up/arg-type/light/+lamp/data"
    assert reference.description
    assert probe(reference.description.introspection, f"{view.query}/watts")
    without = reference_of(text.replace("query-qmp-schema", "query-lamps"), words={"Light": "light"})
    assert without.branch("Light", "lamp").query == ""


def test_features(lamps: Reference, page_context: Context, check: Check) -> None:
    check(features_page(lamps.features(), page_context))


def test_a_schema_without_features_has_no_page_of_one(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of("{ 'command': 'guest-ping' }", namespace="qga")
    page = features_page(reference.features(), page_context)
    assert "None." in page.astext()
    assert [link["reftarget"] for link in page.findall(addnodes.pending_xref)] == []
    assert "Feature flags\n\nNone." in index_page(reference.index("QGA"), page_context).astext()


def test_module(lamps: Reference, page_context: Context, check: Check) -> None:
    check(module_page(lamps.module("lamps"), page_context))


def test_the_index_names_the_version(lamps: Reference, page_context: Context) -> None:
    of_a_version = replace(lamps, schema=replace(lamps.schema, version="4.2.0"))
    pages = [index_page(reference.index("QMP"), page_context).astext() for reference in (of_a_version, lamps)]
    assert ["QEMU 4.2.0" in page for page in pages] == [True, False]
    assert ["a QEMU of unknown version" in page for page in pages] == [False, True]


def test_what_begins_with_a_note_has_no_introduction(page_context: Context, reference_of: ReferenceOf) -> None:
    reference = reference_of("##\n# @warm:\n#\n# Note: It gets hot.\n##\n{ 'command': 'warm' }")
    page = definition_page(reference.definition("warm"), page_context)
    [notes] = [section for section in page.findall(nodes.section) if "_notes" in section["ids"]]
    assert notes.astext() == "Notes\n\nIt gets hot."


def test_index(lamps: Reference, page_context: Context, check: Check) -> None:
    check(index_page(lamps.index("QMP"), page_context))


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [
        ("One.\nTwo.\n\nThree.", 7, "One.\nTwo."),
        (".. note:: One,\n   two.\n\n   Three.\n\nFour.\n\nFive.", 12, "Four."),
        (".. qmp-example::\n\n   -> {}\n\n\nAfter.", 11, "\nAfter."),
        (".. qmp-example::\n\n   -> {}", 0, ""),
    ],
)
def test_the_first_paragraph_is_no_directive(text: str, line: int, first: str) -> None:
    found = first_paragraph(Prose(text=text, location=Location("schema.json", 7, 3)))
    assert (found.text if found else "") == first
    assert (found.location.line if found else 0) == line


def test_coverage(lamps: Reference, page_context: Context, check: Check) -> None:
    check(coverage_page(lamps.coverage(), page_context))


def test_summary(lamps: Reference, check: Check) -> None:
    check(summary(lamps.schema, "/reference/qmp/index", "qmp"))


def test_summary_without_a_schema(check: Check) -> None:
    check(summary(None, "/reference/qga/index", "qga"))


def test_the_arguments_of_a_program_are_below_each_other() -> None:
    program = python_program("light-up", {"names": ["x" * 40, "y" * 40], "id": "ID"})
    assert program.splitlines()[4:7] == [
        f"arguments = {{'names': ['{'x' * 40}',",
        f"                       '{'y' * 40}'],",
        "             'id': 'ID'}",
    ]
