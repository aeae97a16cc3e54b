"""Pages as docutils trees, for a schema that has something of every kind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.qmp.doc_faults import judged_examples
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.overview import branch_page, feature_page, index_page, module_page, summary
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema, Union
from qapidoc_ext.schema.views import branch_views, carriers
from qapidoc_ext.source import Prose

SCHEMA = Path(__file__).parent / "lamps.json"
Check = Callable[[nodes.Node], None]


def parse(prose: Prose) -> list[nodes.Node]:
    return list(publish_doctree(prose.text, settings_overrides={"doctitle_xform": False}).children)


@pytest.fixture(scope="module")
def schema() -> Schema:
    loaded = load(SCHEMA)
    assert loaded.findings == ()
    return loaded.schema


@pytest.fixture
def lamps(schema: Schema) -> Context:
    judged = {one.example.location: one for one in judged_examples(schema)}
    return Context(schema=schema, namespace="qmp", parse=parse, judged=judged)


@pytest.fixture
def check(file_regression: FileRegressionFixture) -> Check:
    return lambda node: file_regression.check(node.pformat(), extension=".xml")


@pytest.mark.parametrize(
    "name", ["Colour", "Lamp", "Light", "OldLight", "LampOrName", "light-up", "light-all", "LIGHT_CHANGED", "Bare"]
)
def test_definition(name: str, lamps: Context, check: Check) -> None:
    check(definition_page(lamps.schema.definitions[name], lamps))


def test_branch(lamps: Context, check: Check) -> None:
    union = lamps.schema.definitions["Light"]
    assert isinstance(union, Union)
    [red, *_] = branch_views(union, lamps.schema)
    check(branch_page(red, "lamp", lamps))


def test_branch_of_a_union_type(lamps: Context, check: Check) -> None:
    union = lamps.schema.definitions["Light"]
    assert isinstance(union, Union)
    [*_, nested] = branch_views(union, lamps.schema)
    check(branch_page(nested, "lamp", lamps))


def test_feature(lamps: Context, check: Check) -> None:
    check(feature_page("unstable", carriers(lamps.schema)["unstable"], lamps))


def test_module(lamps: Context, check: Check) -> None:
    check(module_page(lamps.schema.modules[0], lamps))


def test_index(lamps: Context, check: Check) -> None:
    union = lamps.schema.definitions["Light"]
    assert isinstance(union, Union)
    check(index_page("QMP", [union], sorted(carriers(lamps.schema)), lamps))


def test_summary(schema: Schema, check: Check) -> None:
    check(summary(schema, "/reference/qmp/index"))


def test_summary_without_a_schema(check: Check) -> None:
    check(summary(None, "/reference/qmp/index"))
