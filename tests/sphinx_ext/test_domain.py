"""The domain: what its roles, directives, indices and inventory have, for generated and for hand-written pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Enum
from qapidoc_ext.schema.views import local_parts
from qapidoc_ext.sphinx_ext.objects import Names, Object, Place, objects_of

LAMPS = Path(__file__).parent.parent / "render" / "lamps.json"
HREF = re.compile(r'<a class="reference internal" href="([^"]+)"[^>]*>(.*?)</a>')
CONFIG = """
extensions = ["qapidoc_ext"]
qapidoc_schemas = {"qmp": "schema.json", "qga": "schema.json"}
qapidoc_branch_pages = {"Light": "lamp"}
qapidoc_programs = {}
qapi_namespaces = {"BENCH"}
html_theme = "basic"
default_role = "any"
root_doc = "links"
"""
WRITTEN = """
A bench
=======

.. qapi:namespace:: BENCH
.. qapi:module:: tools

   What the module is for.

.. qapi:command:: saw
   :since: 2.3
   :ifcond: CONFIG_SAW
   :deprecated:

   Saws.

   :feat sharp: It cuts.
   :arg Plank plank: What to saw.
   :arg int? times: How often.
   :error: - It broke.
   :return [Plank]: The pieces.

.. qapi:command:: plane
   :unstable:

   :return-nodesc: Plank

.. qapi:event:: SAWN

   :memb Plank plank: The piece.

.. qapi:enum:: Wood

   :value oak: Hard.

.. qapi:object:: Plank
   :module: wood

   :memb Wood wood: Of what.

.. qapi:alternate:: PlankOrName

   :alt str name: The name.
"""


BASE = """
##
# @Base:
#
# @id: its name (since 2.0)
##
{ 'struct': 'Base', 'data': { 'id': 'str' } }

##
# @Lamp:
##
{ 'struct': 'Lamp', 'base': 'Base', 'data': {} }
"""
LINKS = (
    ("cmd", "light-up", "qmp/command/light-up.html#command-QMP-schema.light-up"),
    ("cmd", "light-up()", "qmp/command/light-up.html#command-QMP-schema.light-up"),
    ("cmd", "qga:light-up", "qga/command/light-up.html#command-QGA-schema.light-up"),
    ("cmd", "qga:schema.light-up", "qga/command/light-up.html#command-QGA-schema.light-up"),
    ("cmd", "schema.light-up", "qmp/command/light-up.html#command-QMP-schema.light-up"),
    ("event", "LIGHT_CHANGED", "qmp/event/LIGHT_CHANGED.html#event-QMP-schema.LIGHT_CHANGED"),
    ("enum", "Colour", "qmp/type/Colour.html#enum-QMP-schema.Colour"),
    ("obj", "Lamp", "qmp/type/Lamp.html#object-QMP-schema.Lamp"),
    ("obj", "Light", "qmp/type/Light.html#object-QMP-schema.Light"),
    ("alt", "LampOrName", "qmp/type/LampOrName.html#alternate-QMP-schema.LampOrName"),
    ("type", "Colour", "qmp/type/Colour.html#enum-QMP-schema.Colour"),
    ("any", "Colour", "qmp/type/Colour.html#enum-QMP-schema.Colour"),
    ("any", "schema", "qmp/module/schema.html#module-QMP-schema"),
    ("mod", "schema", "qmp/module/schema.html#module-QMP-schema"),
    ("member", "Lamp.dim", "qmp/type/Lamp.html#dim"),
    ("member", "qga:schema.Lamp.dim", "qga/type/Lamp.html#dim"),
    ("member", "Lamp.serial", "qmp/type/Lamp.html#serial"),
    ("member", "LampOrName.name", "qmp/type/LampOrName.html#name"),
    ("member", "light-all.id", "qmp/command/light-all.html#id"),
    ("member", "light-out.id", "qmp/command/light-out.html#id"),
    ("member", "Colour.red", "qmp/type/Colour.html#red"),
    ("value", "Colour.red", "qmp/type/Colour.html#red"),
    ("feature", "shiny", "qmp/feature/shiny.html#feature-shiny"),
    ("page", "features", "qmp/features.html#features-qmp"),
    ("branch", "Light.red", "qmp/lamp/red.html#branch-Light.red"),
    ("branches", "Light", "qmp/lamp.html#branches-Light"),
)
"""Roles, targets, and where these lead."""
WRONG = (
    (
        ":qapi:cmd:`light-u`",
        "qapi:cmd reference target not found: 'light-u'; close to it: light-up, light-out, light-all [ref.qapi]",
    ),
    (":qapi:member:`Lamp.din`", "qapi:member reference target not found: 'Lamp.din'; close to it: Lamp.dim"),
    ("`light-u`", "'any' reference target not found: light-u; close to it: light-up, light-out, Light [ref.any]"),
    (":ref:`light-u`", "undefined label: 'light-u'"),
    (":qapi:event:`xyzzy`", "qapi:event reference target not found: 'xyzzy'; there is: LIGHT_CHANGED, SAWN [ref.qapi]"),
    (":qapi:cmd:`Lamp`", "qapi:cmd reference target not found: 'Lamp'"),
    (":qapi:enum:`Lamp`", "qapi:enum reference target not found: 'Lamp'"),
    (":qapi:value:`Lamp.dim`", "qapi:value reference target not found: 'Lamp.dim'"),
    (":qapi:cmd:`str`", "qapi:cmd reference target not found: 'str'"),
    (":qapi:cmd:`schema.Lamp`", "qapi:cmd reference target not found: 'schema.Lamp'"),
    (":qapi:cmd:`lamps.light-up`", "qapi:cmd reference target not found: 'lamps.light-up'"),
)
"""References that lead nowhere: what has the name, or one like it, is of another kind, or in another module."""
NOTATION = "`light-up` :qapi:type:`~schema.Lamp` :qapi:type:`[Lamp]?` :qapi:type:`a lamp <Lamp>` :qapi:type:`string`"
FIELDS = (
    (":argument x: y", "a command has no field 'argument x'; there is: "),
    (":arg: y", "the field 'arg' needs an argument"),
    (":error x: y", "the field 'error' takes no argument"),
)
Build = Callable[..., SphinxTestApp]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SphinxTestApp:
    """The lamps' documentation twice, as two namespaces, with documents beside it."""
    source = tmp_path_factory.mktemp("site")
    references = "\n\n".join(f":qapi:{role}:`{target}`" for role, target, _ in LINKS)
    documents = {
        "links": f"Links\n=====\n\n{references}\n\n.. toctree::\n\n   notation\n   wrong\n   written\n",
        "notation": f"Notation\n========\n\n{NOTATION}\n",
        "wrong": "Wrong\n=====\n\n" + "\n\n".join(reference for reference, _ in WRONG) + "\n",
        "written": f"{WRITTEN}\n:qapi:cmd:`saw` :qapi:cmd:`BENCH:tools.plane` :qapi:obj:`wood.Plank`\n",
    }
    for name, text in documents.items():
        (source / f"{name}.rst").write_text(text)
    (source / "conf.py").write_text(CONFIG)
    (source / "schema.json").write_text(LAMPS.read_text())
    app = SphinxTestApp("html", srcdir=source)
    app.build()
    app.cleanup()
    return app


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds one document, without any schema."""

    def run(text: str, **settings: object) -> SphinxTestApp:
        (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\nhtml_theme = "basic"\n')
        (tmp_path / "index.rst").write_text(text)
        app = make_app("html", srcdir=tmp_path, confoverrides=settings)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> list[str]:
    plain = app.warning.getvalue().replace(str(app.srcdir) + "/", "")
    return [line for line in plain.splitlines() if "already registered" not in line]  # by another app of the same test


def body(app: SphinxTestApp, name: str) -> str:
    return (app.outdir / f"{name}.html").read_text().partition('role="main"')[2].partition('class="sphinxsidebar"')[0]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", html))


def links(app: SphinxTestApp, name: str) -> list[tuple[str, str]]:
    """Where the links of a page lead, and their texts; each leads to an anchor that there is."""
    found = [(href, text_of(text)) for href, text in HREF.findall(body(app, name))]
    for href, _ in found:
        page, _, anchor = href.partition("#")
        assert not anchor or f'id="{anchor}"' in (app.outdir / (page or f"{name}.html")).read_text()
    return found


def test_each_role_leads_to_its_kind(site: SphinxTestApp) -> None:
    found = links(site, "links")
    assert found[: len(LINKS)] == [(f"reference/{expected}", target) for _, target, expected in LINKS]


def test_the_notation_of_qemus_roles(site: SphinxTestApp) -> None:
    lamp = "reference/qmp/type/Lamp.html#object-QMP-schema.Lamp"
    command = "reference/qmp/command/light-up.html#command-QMP-schema.light-up"
    assert links(site, "notation") == [(command, "light-up"), (lamp, "Lamp"), (lamp, "Lamp"), (lamp, "a lamp")]
    assert "light-up Lamp [Lamp], optional a lamp" in text_of(body(site, "notation"))


def test_references_that_lead_nowhere_are_told_with_their_place_and_what_is_like_them(site: SphinxTestApp) -> None:
    assert links(site, "wrong") == []
    found = messages(site)
    assert len(found) == len(WRONG)
    for number, (_, message) in enumerate(WRONG):
        assert any(one.startswith(f"wrong.rst:{4 + 2 * number}: WARNING: {message}") for one in found), found


def test_definitions_described_by_hand(site: SphinxTestApp) -> None:
    text = text_of(body(site, "written"))
    for said in ("Command saw (Since: 2.3)", "This command is deprecated.", "CONFIG_SAW", "What the module is for."):
        assert said in text
    for field in ("Features:", "Arguments:", "Errors:", "Return:", "Members:", "Values:", "Alternatives:"):
        assert field in text
    anchors = [href for href, _ in links(site, "written")]
    assert anchors.count("#object-BENCH-wood.Plank") == 5  # an argument, two returns, a member of an event, the role
    assert {"#command-BENCH-tools.saw", "#command-BENCH-tools.plane"} <= {*anchors}


@pytest.mark.parametrize(("field", "message"), FIELDS)
def test_a_field_that_the_domain_does_not_have_is_told(build: Build, field: str, message: str) -> None:
    text = f"A\n=\n\n.. qapi:command:: saw\n\n   {field}\n"
    [found] = messages(build(text))
    assert found.startswith("index.rst:6: WARNING: ")
    assert message in found
    name = field.strip(":").partition(":")[0]
    assert messages(build(text, qapi_allowed_fields={name})) == []


def test_a_name_with_a_place_in_it_is_told(build: Build) -> None:
    [found] = messages(build("A\n=\n\n.. qapi:command:: tools.saw\n"))
    assert "'tools.saw' is no name" in found


@pytest.mark.parametrize("name", ["no-index", "noindex"])
def test_a_module_that_is_described_elsewhere(build: Build, name: str) -> None:
    app = build(f"A\n=\n\n.. qapi:module:: tools\n   :{name}:\n   :noindexentry:\n   :nocontentsentry:\n\n   Sharp.\n")
    assert messages(app) == []
    assert "Sharp." in body(app, "index")
    assert "module-tools" not in body(app, "index")


def test_the_anchor_of_a_module_has_its_namespace(build: Build) -> None:
    text = "A\n=\n\n.. qapi:module:: tools\n   :namespace: BENCH\n\n.. qapi:module:: wood\n"
    ids = re.findall('id="(module-[^"]+)"', body(build(text), "index"))
    assert sorted(ids) == ["module-BENCH-tools", "module-wood"]


@pytest.mark.parametrize(("shown", "name"), [("all", "BENCH:tools.saw"), ("domain", "saw"), ("hide", "saw")])
def test_the_contents_of_a_page_name_what_it_describes(build: Build, shown: str, name: str) -> None:
    text = "A\n=\n\n.. qapi:command:: saw\n   :namespace: BENCH\n   :module: tools\n"
    app = build(text, toc_object_entries_show_parents=shown)
    assert app.env.tocs["index"].astext().split() == ["A", name]


def test_what_two_documents_describe_is_told(build: Build, tmp_path: Path) -> None:
    (tmp_path / "other.rst").write_text(":orphan:\n\n.. qapi:command:: saw\n")
    [found] = messages(build("A\n=\n\n.. qapi:command:: saw\n"))
    assert "'saw' is described in index too" in found


def test_of_several_that_a_name_may_mean_the_nearest_is_meant_or_it_is_told(build: Build) -> None:
    start = "A\n=\n\n.. qapi:enum:: Wood\n   :namespace: A\n\n.. qapi:enum:: Wood\n   :namespace: B\n\n"
    near = build(f"{start}.. qapi:namespace:: B\n\n:qapi:enum:`Wood`\n")
    assert messages(near) == []
    assert links(near, "index")[-1][0] == "#enum-B-Wood"
    [told] = messages(build(f"{start}:qapi:enum:`Wood`\n"))
    assert "more than one target found for cross-reference 'Wood': A:Wood, B:Wood" in told


def test_without_the_schema_that_a_reference_means_it_is_text(build: Build) -> None:
    start = "A\n=\n\n.. qapi:enum:: Wood\n   :namespace: A\n\n.. qapi:enum:: Wood\n   :namespace: B\n\n"
    app = build(f"{start}:qapi:enum:`Wood`\n", qapidoc_schemas={"qmp": ""})
    [told] = messages(app)
    assert "no QAPI schema is configured for 'qmp'" in told
    assert not [text for _, text in links(app, "index") if "Wood" in text]


def test_only_what_a_schema_that_is_not_there_can_have_is_not_told(build: Build, tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(BASE)
    text = "A\n=\n\n:qapi:cmd:`stop` :ref:`nowhere`\n\n.. qapi-doc:: schema.json\n"
    configured, reference = messages(build(text, qapidoc_schemas={"qmp": ""}))
    assert "no QAPI schema is configured for 'qmp'" in configured
    assert "undefined label: 'nowhere'" in reference


def test_a_text_of_a_schema_may_name_what_other_manuals_have_and_no_wrong_command(build: Build, tmp_path: Path) -> None:
    text = "Stops.\n#\n# As :ref:`stopping` and `stopping` say, not :qapi:cmd:`sotp`."
    (tmp_path / "schema.json").write_text(f"##\n# @stop:\n#\n# {text}\n##\n{{ 'command': 'stop' }}\n")
    [told] = messages(build("A\n=\n", qapidoc_schemas={"lamps": "schema.json"}))
    assert told.startswith("schema.json:6: WARNING: qapi:cmd reference target not found: 'sotp'; close to it: stop [")


def test_the_inventory_and_the_search_have_everything(site: SphinxTestApp) -> None:
    inventory = InventoryFile.loads((site.outdir / "objects.inv").read_bytes(), uri="").data
    for name, definition in load(LAMPS).schema.definitions.items():
        part = "value" if isinstance(definition, Enum) else "member"
        wanted = [(kind(definition), name), *((part, f"{name}.{one.name}") for one in local_parts(definition))]
        for what, called in wanted:
            for full in (called, f"qga:{called if what == part else f'schema.{called}'}"):
                page, _, anchor = inventory[f"qapi:{what}"][full].uri.partition("#")
                assert f'id="{anchor}"' in (site.outdir / page).read_text(), full
    assert "saw" in inventory["qapi:command"]
    assert {"shiny", "unstable", "deprecated"} <= inventory["qapi:feature"].keys()
    assert {"Light.red", "Light.green"} <= inventory["qapi:branch"].keys()
    assert "schema" in inventory["qapi:module"]
    search = (site.outdir / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    objects: dict[str, set[int]] = {}
    for _, _, priority, _, name in chain(*json.loads(search)["objects"].values()):
        objects.setdefault(name, set()).add(priority)
    names = {value[1] for value in json.loads(search)["objnames"].values()}
    assert objects["light-up"] == objects["shiny"] == {1, 2}  # the second is that of the second namespace
    assert objects["saw"] == {1}
    assert objects["dim"] == {2}
    assert {"command", "member", "value", "event"} <= names


def test_titles_name_a_namespace_behind_the_first(site: SphinxTestApp) -> None:
    titles = {name: title.astext() for name, title in site.env.titles.items()}
    assert titles["reference/qmp/command/light-up"] == "light-up"
    assert titles["reference/qga/command/light-up"] == "light-up (QGA)"
    assert titles["reference/qga/index"] == "QGA reference"


def test_the_indices(site: SphinxTestApp) -> None:
    bench = headings(site, "bench-index")
    assert next(iter(bench)) == "Commands"
    assert bench["Commands"] == ["plane", "saw"]
    assert bench["P"] == ["plane", "Plank", "PlankOrName"]
    assert headings(site, "qmp-index")["Enums"] == ["Colour"]
    assert headings(site, "modules")["tools (BENCH)"] == ["plane", "PlankOrName", "saw", "SAWN", "Wood"]
    assert headings(site, "modules")["schema (QGA)"] == headings(site, "modules")["schema (QMP)"]
    features = headings(site, "features")
    assert features["unstable (QMP)"] == ["Colour.green", "Lamp.dim"]
    assert features["deprecated (BENCH)"] == ["saw"]
    versions = headings(site, "versions")
    assert next(iter(versions)) == "2.3 (BENCH)"
    assert list(versions)[-3:] == [f"not said ({name})" for name in ("BENCH", "QGA", "QMP")]
    assert versions["1.2 (QMP)"] == ["Lamp"]
    assert versions["1.4 (QMP)"] == ["light-out.id"]


def test_a_page_of_a_schema_that_is_no_longer_configured_says_what_to_do(build: Build) -> None:
    message = "no schema is loaded for 'lamps': name one in qapidoc_schemas, or remove this page"
    app = build("Lamps\n=====\n\n.. qapi:index:: lamps Reference\n")
    assert messages(app) == [f"index.rst:4: WARNING: {message} [docutils]"]


def test_what_has_no_module_stands_below_a_heading_that_says_so(build: Build) -> None:
    app = build("A\n=\n\n.. qapi:command:: saw\n\n.. qapi:module:: wood\n\n.. qapi:command:: plane\n")
    assert headings(app, "modules") == {"wood": ["plane"], "no module": ["saw"]}


def test_the_way_in_leads_to_the_indices_whose_headings_are_addresses(site: SphinxTestApp) -> None:
    page = (site.outdir / "reference/qmp/index.html").read_text()
    for name in ("qmp-index", "modules", "features", "versions"):
        assert f"qapi-{name}.html" in page
        addresses = re.findall(r'id="(cap-[^"]*)"', (site.outdir / f"qapi-{name}.html").read_text())
        assert addresses
        assert not [address for address in addresses if " " in address]


def test_the_search_shows_the_list_of_a_feature_first(site: SphinxTestApp) -> None:
    search = (site.outdir / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    found = json.loads(search)
    pages = {found["docnames"][page] for page, _, is_main in found["indexentries"]["unstable features"] if is_main}
    assert "reference/qmp/feature/unstable" in pages


def headings(app: SphinxTestApp, name: str) -> dict[str, list[str]]:
    """The entries of an index by heading."""
    text = (app.outdir / f"qapi-{name}.html").read_text()
    found: dict[str, list[str]] = {}
    for part in text.split('<tr class="cap"')[1:]:
        heading = re.sub("<[^>]*>", "", part.partition("<strong>")[2].partition("</strong>")[0])
        assert f' id="cap-{heading}"' in part  # an identifier: HTML, and so every reader of EPUB, allows no space in it
        assert " " not in heading
        found[heading.replace("\N{NO-BREAK SPACE}", " ")] = re.findall(r'<code class="xref">([^<]*)</code>', part)
    return found


def test_the_general_index_has_definitions_of_all_namespaces_and_no_parts(site: SphinxTestApp) -> None:
    text = text_of((site.outdir / "genindex.html").read_text())
    for entry in ("saw (BENCH command)", "light-up (QGA command) (QMP command)", "Lamp (QGA struct) (QMP struct)"):
        assert entry in text
    assert "Lamp.dim" not in text
    assert "page)" not in text


def test_what_a_type_takes_from_its_base_is_not_listed_again_by_version(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(BASE)
    reference = Reference(schema=load(path).schema, namespace="qmp", words={})
    since = {one.name: one.since for name in ("Base", "Lamp") for one in objects_of(reference.definition(name), "", "")}
    assert since == {"Base": "", "Base.id": "2.0", "Lamp": "", "Lamp.id": ""}


def test_an_object_without_a_module_is_no_nearer_to_a_place_without_one() -> None:
    described = Object("option", "command", "stop", "interface", "stop")
    configured = Object("qmp", "command", "stop", "reference", "stop", module="misc")
    names = Names([described, configured], ["qmp"])
    assert names.find("cmd", "stop", Place("", "", "elsewhere")) == [configured]
    assert names.find("cmd", "stop", Place("", "", "interface")) == [described]


def test_a_name_means_what_is_in_the_same_module_before_what_is_in_another() -> None:
    command = Object("", "command", "lamp", "first", "", "commands")
    event = Object("", "event", "lamp", "second", "", "events")
    names = Names([command, event], [])
    assert names.find("any", "lamp", Place("", "events", "index")) == [event]
    assert names.find("any", "lamp", Place("", "types", "index")) == [command, event]


def test_a_name_means_a_definition_before_a_module() -> None:
    module = Object("qmp", "module", "yank", "module/yank", "")
    command = Object("qmp", "command", "yank", "command/yank", "", "yank")
    names = Names([module, command], ["qmp"])
    assert names.find("any", "yank", Place("qmp", "", "object/yank")) == [command]
    assert names.find("mod", "yank", Place("qmp", "yank", "type/YankInstance")) == [module]


def test_a_member_of_a_type_called_as_a_module_hides_no_command_of_the_module() -> None:
    member = Object(namespace="qmp", kind="member", name="lamp.on", docname="type/lamp", anchor="on", module="lamp")
    command = Object(namespace="qmp", kind="command", name="on", docname="command/on", anchor="on", module="lamp")
    names = Names([member, command], ["qmp"])
    place = Place(namespace="qmp", module="", docname="index")
    found = {role: names.find(role, "lamp.on", place) for role in ("cmd", "any", "member")}
    assert found == {"cmd": [command], "any": [command], "member": [member]}
