"""Pages as docutils trees, for a schema that has something of every kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from pytest_regressions.file_regression import FileRegressionFixture
from sphinx import addnodes

from qapidoc_ext.qmp.doc_faults import judged_examples
from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.coverage import coverage_page
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.feature import feature_page, features_page
from qapidoc_ext.render.index import index_page, summary
from qapidoc_ext.render.module import module_page
from qapidoc_ext.render.reference import Reference, first_paragraph
from qapidoc_ext.schema.load import load
from qapidoc_ext.source import Location, Prose

SCHEMA = Path(__file__).parent / "lamps.json"
Check = Callable[[nodes.Node], None]


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


def test_what_a_simple_union_says_of_its_type_is_shown(page_context: Context, tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text(
        "##\n# @Old:\n#\n# A light.\n#\n# @type: what shines\n##\n{ 'union': 'Old', 'data': { 'led': 'str' } }"
    )
    reference = Reference(schema=load(schema).schema, namespace="qmp", words={})
    assert "A light.\n\ntype:\n\nwhat shines" in definition_page(reference.definition("Old"), page_context).astext()


@pytest.mark.parametrize("name", ["Light.red", "Light.green", "OldLight.one"])
def test_branch(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(branch_page(lamps.branch(*name.split(".")), page_context))


def test_union(lamps: Reference, page_context: Context, check: Check) -> None:
    check(union_page(lamps.union("Light"), page_context))


def test_a_union_names_the_values_that_select_no_branch(lamps: Reference, page_context: Context) -> None:
    page = union_page(replace(lamps, words={"Nested": "nest"}).union("Nested"), page_context)
    only = "only where QEMU was built without CONFIG_OLD"
    assert f"No branch, and so no options of their own: green ({only})." in page.astext()


def test_a_command_that_takes_a_type_and_returns_it_in_another(page_context: Context, tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text(
        "{ 'struct': 'Model', 'data': {} }\n"
        "{ 'struct': 'Info', 'data': { 'model': 'Model' } }\n"
        "{ 'command': 'expand', 'data': { 'model': 'Model' }, 'returns': 'Info' }"
    )
    reference = Reference(schema=load(schema).schema, namespace="qmp", words={})
    used_by = definition_page(reference.definition("Model"), page_context).astext()
    assert "argument of\n\nexpand.model" in used_by
    assert "returned, at some depth, by\n\nexpand" in used_by
    assert "sent, at some depth" not in used_by


def test_a_command_that_qemu_does_not_check_by_the_schema(page_context: Context, tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text("{ 'command': 'add', 'data': { 'driver': 'str' }, 'gen': false }")
    reference = Reference(schema=load(schema).schema, namespace="qmp", words={})
    assert "it can take others than these" in definition_page(reference.definition("add"), page_context).astext()


def test_the_events_of_a_command_are_those_that_its_text_or_an_example_of_one_names(tmp_path: Path) -> None:
    events = "SHUT RESET STOP"
    text = 'Emits @SHUT.\n#\n# Example:\n#\n# <- { "event": "RESET" }\n# <- { "return": [ { "name":"STOP" } ] }\n#'
    command = f"##\n# @halt:\n#\n# {text}\n##\n{{ 'command': 'halt' }}\n"
    schema = tmp_path / "s.json"
    schema.write_text(command + "".join(f"{{ 'event': '{name}' }}\n" for name in events.split()))
    reference = Reference(schema=load(schema).schema, namespace="qmp", words={})
    assert reference.definition("halt").named == ("SHUT", "RESET")


@pytest.mark.parametrize("name", ["unstable", "shiny", "deprecated"])
def test_feature(name: str, lamps: Reference, page_context: Context, check: Check) -> None:
    check(feature_page(lamps.feature(name), page_context))


def test_branches_of_one_name_that_have_a_feature_are_told_apart(page_context: Context, tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text(
        "{ 'enum': 'Kind', 'data': [ { 'name': 'led', 'features': [ 'shiny' ] },"
        " { 'name': 'neon', 'features': [ 'shiny' ] } ] } { 'struct': 'Led', 'data': {} }"
        "{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',"
        "  'data': { 'led': 'Led', 'neon': 'Led' } }"
        "{ 'union': 'Tube', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }"
    )
    reference = Reference(schema=load(schema).schema, namespace="qmp", words={"Lamp": "lamp", "Tube": "tube"})
    page = feature_page(reference.feature("shiny"), page_context)
    links = [link.astext() for link in page.findall(addnodes.pending_xref) if link["reftype"] == "branch"]
    assert links == ["Lamp.led", "Tube.led", "neon"]


def test_features(lamps: Reference, page_context: Context, check: Check) -> None:
    check(features_page(lamps.features(), page_context))


def test_a_schema_without_features_has_no_page_of_one(page_context: Context, tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text("{ 'command': 'guest-ping' }")
    reference = Reference(schema=load(schema).schema, namespace="qga", words={})
    page = features_page(reference.features(), page_context)
    assert "None." in page.astext()
    assert [link["reftarget"] for link in page.findall(addnodes.pending_xref)] == []


def test_module(lamps: Reference, page_context: Context, check: Check) -> None:
    check(module_page(lamps.module("lamps"), page_context))


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
