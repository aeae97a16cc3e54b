"""The reference of a small schema, built by Sphinx."""

import json
import re
import resource
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from qapidoc_ext.schema.load import Loaded, load
from qapidoc_ext.sphinx_ext import reference
from qapidoc_ext.sphinx_ext.data import SOURCES
from qapidoc_ext.sphinx_ext.finished import FILE, Finished

LAMPS = Path(__file__).parent.parent / "render" / "lamps.json"
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds the lamps' documentation, with this text as the schema; the second build is an incremental one."""
    source = tmp_path / "source"
    source.mkdir()
    for file in (Path(__file__).parent / "roots" / "test-lamps").iterdir():
        (source / file.name).write_bytes(file.read_bytes())

    def run(schema: str = LAMPS.read_text(), **arguments: object) -> SphinxTestApp:
        path = source / "schema.json"
        if not path.is_file() or path.read_text() != schema:
            path.write_text(schema)
        app = make_app("html", srcdir=source, **arguments)
        app.build()
        return app

    return run


def messages(app: SphinxTestApp) -> list[str]:
    return app.warning.getvalue().replace(str(app.srcdir) + "/", "").splitlines()


def written(app: SphinxTestApp) -> set[str]:
    return {path.relative_to(app.outdir).as_posix() for path in app.outdir.rglob("*.html")}


@pytest.mark.parametrize("processes", [1, 2])
def test_pages_of_everything_and_not_a_warning(build: Build, processes: int) -> None:
    app = build(parallel=processes)
    assert messages(app) == []
    assert app.statuscode == 0
    assert {
        "reference/qmp/index.html",
        "reference/qmp/command/light-up.html",
        "reference/qmp/event/LIGHT_CHANGED.html",
        "reference/qmp/type/Lamp.html",
        "reference/qmp/lamp/red.html",
        "reference/qmp/feature/shiny.html",
        "reference/qmp/module/schema.html",
    } <= written(app)


def test_references_lead_to_pages_and_anchors(build: Build) -> None:
    app = build()
    links = re.findall(r'class="reference internal" href="([^"]+)"', (app.outdir / "index.html").read_text())
    assert links == [
        "reference/qmp/index.html",
        "reference/qmp/command/light-up.html#command-QMP-schema.light-up",
        "reference/qmp/type/Lamp.html#object-QMP-schema.Lamp",
        "reference/qmp/type/Lamp.html#dim",
        "reference/qmp/feature/shiny.html#feature-shiny",
        "reference/qmp/lamp/red.html#branch-Light.red",
        "reference/qmp/module/schema.html#module-QMP-schema",
        "reference/qmp/event/LIGHT_CHANGED.html#event-QMP-schema.LIGHT_CHANGED",
    ]
    for link in links:
        page, _, anchor = link.partition("#")
        assert not anchor or f'id="{anchor}"' in (app.outdir / page).read_text()


def test_a_link_in_words_is_no_code(build: Build) -> None:
    index = (build().outdir / "reference/qmp/index.html").read_text()
    assert re.search(r"<a [^>]*><span>all feature flags</span></a>", index)
    assert re.search(
        r"<a [^>]*><span><code [^>]*><span class=\"pre\">Light</span></code> side by side</span></a>", index
    )


def test_a_page_loads_nothing_of_extensions_that_it_does_not_use(build: Build) -> None:
    lamp = (build().outdir / "reference/qmp/type/Lamp.html").read_text()
    assert "_static/qapidoc.css" in lamp
    assert not re.search("sphinx-design|design-tabs|graphviz", lamp)


def test_a_page_loads_what_the_project_asks_for(build: Build) -> None:
    app = build(confoverrides={"extensions": ["myst_parser", "qapidoc_ext", "sphinx_design"]})
    assert "_static/sphinx-design" in (app.outdir / "reference/qmp/type/Lamp.html").read_text()


def test_the_inventory_has_everything(build: Build) -> None:
    app = build()
    content = (app.outdir / "objects.inv").read_bytes()
    inventory = InventoryFile.loads(content, uri="")
    assert "light-up" in inventory.data["qapi:command"]
    assert "Lamp.dim" in inventory.data["qapi:member"]
    assert "Colour.red" in inventory.data["qapi:value"]


def test_a_second_build_reads_only_what_changed(build: Build) -> None:
    build()
    lamps = LAMPS.read_text()
    again = build(lamps)
    assert reread(again) == set()
    moved = build(f"# A line more, which moves everything.\n{lamps}")
    assert reread(moved) == set()
    changed = build(lamps.replace("how bright", "how much light"))
    assert reread(changed) == {
        "reference/qmp/type/Lamp",
        "reference/qmp/lamp/red",
        "reference/qmp/type/OldLight",  # its branch shows the members of Lamp
    }
    without = build(lamps.replace("LIGHT_CHANGED", "DARKNESS"))
    assert "reference/qmp/event/LIGHT_CHANGED" not in without.env.found_docs
    assert "reference/qmp/event/LIGHT_CHANGED.html" not in written(without)
    more = build(lamps.replace("'*id': 'str'", "'*id': { 'type': 'str', 'features': [ 'new' ] }"))
    assert "feature/new.html" in (more.outdir / "reference/qmp/index.html").read_text()


def reread(app: SphinxTestApp) -> set[str]:
    return {line.strip() for line in re.findall(r"reading sources\.\.\. \[[ \d]*%\] ([^\r\n]*)", app.status.getvalue())}


def test_faults_of_the_schema_are_located_and_fail_the_build(build: Build) -> None:
    app = build("{ 'struct': 'A', 'data': { 'a': 1 } }\n{ 'struct': 'B', 'data': { 'c': 'C' } }\n")
    assert messages(app)[:2] == [
        "schema.json:1:33: ERROR: stray '1' [qapidoc.schema]",
        "schema.json:2:33: ERROR: there is no type 'C' [qapidoc.schema]",
    ]
    assert app.statuscode == 1
    assert "reference/qmp/type/B.html" in written(app)


@pytest.mark.parametrize("name", ["../../../outside", "..", "a b", "*x*", "/tmp/outside"])
def test_a_name_that_is_no_name_is_a_fault_and_makes_no_page(build: Build, tmp_path: Path, name: str) -> None:
    app = build(
        f"{{ 'struct': '{name}', 'data': {{}}, 'features': [ '{name}' ] }}\n{{ 'struct': 'Good', 'data': {{}} }}\n"
    )
    assert messages(app)[0].startswith("schema.json:1:")
    assert app.statuscode == 1
    sources = [path.relative_to(tmp_path / "source").as_posix() for path in tmp_path.rglob("*.rst")]
    assert sorted(sources) == [
        "reference/qmp/coverage.rst",
        "reference/qmp/features.rst",
        "reference/qmp/index.rst",
        "reference/qmp/module/schema.rst",
        "reference/qmp/this-qemu.rst",
        "reference/qmp/type/Good.rst",
    ]


@pytest.mark.parametrize(
    "configuration",
    [
        {"qapidoc_schemas": ["schema.json"]},
        {"qapidoc_schemas": {"qmp": 5}},
        {"qapidoc_schemas": {"../a": "schema.json"}},
        {"qapidoc_branch_pages": {"Light": ".."}},
        {"qapidoc_branch_pages": {"Light": "lamp", "OldLight": "Lamp"}},
        {"qapidoc_branch_pages": {"Light": "Type"}},
        {"qapidoc_qemu": 5},
        {"qapidoc_programs": {"qmp": 5}},
    ],
)
def test_a_wrong_setting_is_one_message(build: Build, configuration: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="qapidoc_"):
        build(confoverrides=configuration)


def test_all_wrong_settings_are_told_at_once(build: Build) -> None:
    wrong = {
        "qapidoc_schemas": {"a b": "schema.json", "c": 5, "d": "tiny\0.json"},
        "qapidoc_branch_pages": {"Light": "type", "OldLight": "new light"},
        "qapidoc_host_steps": 1,
        "qapidoc_qemu": "\0",
        "qapidoc_compared": ["9.2", "9.3"],
        "qapidoc_record": "z",
    }
    with pytest.raises(ConfigError) as caught:
        build(confoverrides=wrong)
    assert [line.partition("; there are")[0] for line in str(caught.value).splitlines()] == [
        "qapidoc_schemas: 5 must be a string",
        r"qapidoc_schemas: 'tiny\x00.json' holds a NUL character",
        r"qapidoc_qemu: '\x00' holds a NUL character",
        "qapidoc_host_steps: must be a bool, not 1",
        "qapidoc_branch_pages: 'new light' names a folder of pages; it may have letters, digits, - and _",
        "qapidoc_branch_pages: the pages of 'Light' cannot be in 'type', which belongs to the reference itself",
        "qapidoc_compared: there is no recording of '9.2'",
        "qapidoc_compared: there is no recording of '9.3'",
        "qapidoc_record: must be one of auto, record, replay, off, not 'z'",
    ]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"qapidoc_record": "replay"}, "qapidoc_recordings: names no folder, and qapidoc_record is 'replay'"),
        (
            {"qapidoc_programs": {"qnp": "p"}},
            "qapidoc_programs: qapidoc_schemas has no namespace 'qnp'; close to it: qmp",
        ),
        (
            {"qapidoc_programs": {"qmp": ""}},
            "qapidoc_programs: 'qmp' has no program: name it, or leave the namespace out",
        ),
        (
            {"qapidoc_compared": ["10.0.0", "10.0.0"]},
            "qapidoc_compared: two versions are compared with each other: name another one beside '10.0.0', or none",
        ),
    ],
)
def test_a_setting_that_has_no_effect_is_told(build: Build, settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(confoverrides=settings)
    assert str(caught.value) == message


def test_the_programs_of_qemu_s_own_schemas_suit_any_schemas(build: Build, tmp_path: Path) -> None:
    programs = {"qsd": "qemu-storage-daemon", "qmp": "no-such-program"}
    app = build(confoverrides={"qapidoc_programs": programs, "qapidoc_qemu": str(tmp_path)})
    assert app.statuscode == 0


def test_a_misspelled_name_is_told_with_the_one_that_is_like_it(build: Build, tmp_path: Path) -> None:
    with (tmp_path / "source/conf.py").open("a") as conf:
        conf.write("import qapidoc_ext\nqapidoc_schema = {}\nqapidoc_qemu_bin = qapidoc_zzz = qapi_zzz = ''\n")
    with pytest.raises(ConfigError) as caught:
        build(confoverrides={"qapidoc_record": "z"})
    assert str(caught.value).splitlines()[:-1] == [
        "qapidoc_schema: there is no such value; close to it: qapidoc_schemas",
        "qapidoc_qemu_bin: there is no such value; close to it: qapidoc_qemu",
        "qapidoc_zzz: there is no such value",
    ]


@pytest.mark.parametrize("folder", ["", ".", "./", "..", "../out", "a/../../b", "/", "/abs/x", "a\nb"])
def test_the_reference_is_in_a_folder_of_its_own_below_the_sources(build: Build, tmp_path: Path, folder: str) -> None:
    with pytest.raises(ConfigError, match="qapidoc_reference: must be a folder below the source folder"):
        build(confoverrides={"qapidoc_reference": folder})
    assert not [*tmp_path.rglob("*.rst")]


def test_the_folder_of_the_reference_can_be_written_in_several_ways(build: Build) -> None:
    app = build(confoverrides={"qapidoc_reference": "./manual//qapi/", "include_patterns": ["index.md", "manual/**"]})
    assert messages(app) == []
    assert "manual/qapi/qmp/command/light-up.html" in written(app)
    assert "_sources/index.md.txt" in {path.relative_to(app.outdir).as_posix() for path in app.outdir.rglob("*.txt")}
    assert not (app.outdir / "_sources/manual").exists()


def test_a_union_that_no_schema_has_is_a_fault(build: Build) -> None:
    app = build(confoverrides={"qapidoc_branch_pages": {"Light": "lamp", "Lihgt": "lihgt", "Lamp": "struct"}})
    assert messages(app) == [
        f"ERROR: conf.py: qapidoc_branch_pages: there is no union '{name}' in any schema [qapidoc.schema]"
        for name in ("Lihgt", "Lamp")
    ]
    assert app.statuscode == 1


BRANCHES = [f"b{number}" for number in range(10)]
MANY = f"""
{{ 'enum': 'K', 'data': [ {", ".join(f"'{name}'" for name in BRANCHES)} ] }}
{{ 'union': 'Many', 'base': {{ 'k': 'K' }}, 'discriminator': 'k',
   'data': {{ {", ".join(f"'{name}': 'Bare'" for name in BRANCHES)} }} }}
"""


def test_a_large_union_has_pages_whatever_is_configured(build: Build) -> None:
    app = build(LAMPS.read_text() + MANY)
    assert messages(app) == []
    assert {"reference/qmp/Many.html", "reference/qmp/Many/b0.html"} <= written(app)


def test_a_large_union_whose_name_is_taken_needs_a_word(build: Build) -> None:
    app = build(LAMPS.read_text() + MANY, confoverrides={"qapidoc_branch_pages": {"Light": "many"}})
    [message, *_] = messages(app)
    assert message.startswith("ERROR: conf.py: qapidoc_branch_pages: give a word to the union 'Many'")
    assert app.statuscode == 1


def test_a_page_is_made_again_when_what_it_shows_of_others_changes(build: Build) -> None:
    lamps = LAMPS.read_text()
    build(lamps)
    changed = build(lamps.replace("'type': 'Nested', 'if': 'CONFIG_GREEN'", "'type': 'Nested', 'if': 'CONFIG_OTHER'"))
    pages = {page.removeprefix("reference/qmp/") for page in reread(changed)}
    assert pages == {"type/Light", "lamp", "lamp/green", "command/light-all"}
    used = build(lamps.replace("'*slowly': 'bool'", "'*slowly': 'Colour'"))
    pages = {page.removeprefix("reference/qmp/") for page in reread(used)}
    assert {"type/Colour", "command/light-out"} <= pages
    assert "event/LIGHT_CHANGED" not in pages


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("{qapi:any}`qmp:LIGHT_CHANGED`", "LIGHT_CHANGED"),
        ("{any}`LIGHT_CHANGED`", "LIGHT_CHANGED"),
        ("{qapi:cmd}`light-up()`", "light-up"),
        ("{qapi:cmd}`schema.light-up`", "light-up"),
        ("{qapi:member}`Lamp.dim`", "dim"),
    ],
)
def test_references_to_what_is_new_or_gone_are_resolved_again(
    build: Build, tmp_path: Path, reference: str, name: str
) -> None:
    lamps = LAMPS.read_text()
    (tmp_path / "source" / "index.md").write_text(f"# Lamps\n\nSee {reference}.\n")
    link = 'href="reference/qmp/'
    assert link in (build(lamps).outdir / "index.html").read_text()
    without = build(lamps.replace(name, "other"))
    assert link not in (without.outdir / "index.html").read_text()
    assert any(
        line.startswith("index.md:3: WARNING:") and "reference target not found" in line for line in messages(without)
    )
    assert link in (build(lamps).outdir / "index.html").read_text()


def test_the_page_of_a_feature_or_branch_leads_to_what_shows_it(build: Build) -> None:
    app = build()
    shown = '<section id="_shown">'
    for page in ("feature/shiny", "lamp/red"):
        text = (app.outdir / f"reference/qmp/{page}.html").read_text()
        assert 'href="../../../index.html">Lamps</a>' in text.partition(shown)[2]
    assert shown not in (app.outdir / "reference/qmp/feature/unstable.html").read_text()
    assert shown not in (app.outdir / "reference/qmp/lamp/green.html").read_text()


@pytest.mark.parametrize("name", ["unstable", "qmp:unstable"])
def test_a_mention_that_is_new_or_gone_is_shown_at_once(build: Build, tmp_path: Path, name: str) -> None:
    build()
    index = tmp_path / "source" / "index.md"
    text = index.read_text()
    index.write_text(text.replace("{qapi:feature}`shiny`", f"{{qapi:feature}}`{name}`"))
    app = build()
    assert 'id="_shown"' in (app.outdir / "reference/qmp/feature/unstable.html").read_text()
    assert 'id="_shown"' not in (app.outdir / "reference/qmp/feature/shiny.html").read_text()


def test_an_example_is_a_mention(build: Build, tmp_path: Path) -> None:
    index = tmp_path / "source" / "index.md"
    example = (
        '-> { "execute": "light-all", "arguments": { "kind": "green", "id": "deprecated unstable-1 un-unstable" } }'
    )
    index.write_text(f"{index.read_text()}\n```{{qmp-example}}\n{example}\n```\n")
    folder = build().outdir / "reference" / "qmp"
    pages = ("lamp/green", "feature/deprecated", "feature/unstable")
    assert ['id="_shown"' in (folder / f"{page}.html").read_text() for page in pages] == [True, True, False]


def test_commands_and_events_lead_to_the_first_example_of_a_document_that_shows_them(
    build: Build, tmp_path: Path
) -> None:
    index = tmp_path / "source" / "index.md"
    examples = [
        ':name: one\n\n# light-on is not what it sends.\n-> { "execute": "light-up" }',
        ':name: two\n\n(QEMU) light-up\n<- { "event": "LIGHT_CHANGED", ... }',
    ]
    blocks = "".join(f"\n```{{qmp-example}}\n{example}\n```\n" for example in examples)
    index.write_text(f"{index.read_text()}{blocks}\nSee {{qapi:cmd}}`light-out`.\n")
    folder = build(confoverrides={"qapidoc_run": "never"}).outdir / "reference" / "qmp"

    def shown(page: str) -> list[str]:
        section = (folder / f"{page}.html").read_text().partition('<section id="_shown">')[2]
        return re.findall('href="([^"]*)">Lamps<', section.partition("</section>")[0])

    assert shown("command/light-up") == ["../../../index.html#example-one"]
    assert shown("event/LIGHT_CHANGED") == ["../../../index.html#example-two"]
    assert shown("command/light-out") == []  # a text only speaks of it


def test_a_schema_that_does_not_exist(build: Build) -> None:
    app = build(confoverrides={"qapidoc_schemas": {"qmp": "nothing.json"}})
    [first, *_] = messages(app)
    told = "cannot be read: No such file or directory; qapidoc_schemas names it for 'qmp'"
    assert first == f"ERROR: nothing.json: {told} [qapidoc.schema]"
    assert app.statuscode == 1


def test_no_schema_is_one_warning_and_said_on_the_page(build: Build) -> None:
    app = build(confoverrides={"qapidoc_schemas": {"qmp": ""}})
    assert messages(app) == [
        "WARNING: no QAPI schema is configured for 'qmp': this build has no reference of it [qapidoc.missing]"
    ]
    assert app.statuscode == 0
    assert "This build had no QAPI schema" in (app.outdir / "index.html").read_text()


@pytest.mark.parametrize("markup", ["", "*really* "])
def test_an_option_of_a_command_line_keeps_its_hyphens(build: Build, markup: str) -> None:
    text = f"Light a lamp.  It {markup}ignores --no-reboot, of\n# @lamp 'x' too.\n#\n# Dim -- or 'off'."
    app = build(LAMPS.read_text().replace("# Light a lamp.", f"# {text}", 1))
    page = (app.outdir / "reference/qmp/command/light-up.html").read_text()
    assert "ignores --no-reboot" in page
    assert "Dim \N{EN DASH} or \N{LEFT SINGLE QUOTATION MARK}off" in page


def test_the_name_of_a_module_in_a_text_means_something_else(build: Build) -> None:
    app = build(LAMPS.read_text().replace("# Light a lamp.", "# Light a lamp of @schema, `schema` and `Lamp`.", 1))
    assert messages(app) == []
    page = (app.outdir / "reference/qmp/command/light-up.html").read_text()
    assert "type/Lamp.html" in page
    assert page.count("module/schema.html") == 1  # in the head


def test_what_this_site_has_not_may_be_on_another_one(build: Build, tmp_path: Path) -> None:
    inventory = tmp_path / "objects.inv"
    inventory.write_bytes((build().outdir / "objects.inv").read_bytes())
    settings = {
        "extensions": ["myst_parser", "qapidoc_ext", "sphinx.ext.intersphinx"],
        "intersphinx_mapping": {"other": ("https://lamps.example/", str(inventory))},
    }
    app = build(freshenv=True, confoverrides={**settings, "qapidoc_schemas": {"qmp": ""}})
    page = "https://lamps.example/reference/qmp/command/light-up.html#command-QMP-schema.light-up"
    assert f'href="{page}"' in (app.outdir / "index.html").read_text()


def test_a_name_in_a_text_means_nothing_else_that_another_site_has(build: Build, tmp_path: Path) -> None:
    names = ("watts py:function", "schema qapi:module", "on-fire qapi:event")
    listed = "".join(f"{name} 1 {name.split()[0]}.html -\n" for name in names)
    inventory = tmp_path / "objects.inv"
    inventory.write_bytes(
        b"# Sphinx inventory version 2\n# Project: P\n# Version: 1\n"
        b"# The remainder of this file is compressed using zlib.\n" + zlib.compress(listed.encode())
    )
    settings = {
        "extensions": ["myst_parser", "qapidoc_ext", "sphinx.ext.intersphinx"],
        "intersphinx_mapping": {"other": ("https://lamps.example/", str(inventory))},
    }
    text = "how bright, @watts, `watts`, @schema, `schema`, @on-fire, `on-fire`"
    app = build(LAMPS.read_text().replace("how bright", text), confoverrides=settings)
    page = (app.outdir / "reference/qmp/type/Lamp.html").read_text()
    assert set(re.findall(r"https://lamps.example/[\w.-]+", page)) == {"https://lamps.example/on-fire.html"}


def test_what_an_address_begins_with_is_no_link(build: Build) -> None:
    app = build(
        LAMPS.read_text().replace("how bright", 'how bright, "http://" and what follows, as in http://example.org')
    )
    page = (app.outdir / "reference/qmp/type/Lamp.html").read_text()
    assert 'href="http://example.org"' in page
    assert 'href="http://"' not in page


def test_bad_markup_is_located_in_the_schema(build: Build) -> None:
    app = build(LAMPS.read_text().replace("how bright", "how ``bright"))
    line = LAMPS.read_text().split("\n").index("# @watts: how bright") + 1
    warning = f"schema.json:{line}: WARNING: Inline literal start-string without end-string. [docutils]"
    assert set(messages(app)) == {warning}


EXAMPLES = """
##
# @a:
#
# Does something.
#
# .. qmp-example::
#    :title: Of b
#
#    -> { "execute": "b", "arguments": { "c": 1 } }
#    <- { "return": {} }
#
# .. qmp-example::
#    :annotated:
#
#    Do it::
#
#      -> { "execute": "a" }
#
# .. qmp-example::
#
#    Text.
##
{ 'command': 'a' }
{ 'command': 'b', 'data': { 'c': 'int' } }
"""


@pytest.mark.parametrize("processes", [1, 2])
def test_examples_in_comments_are_checked_and_their_faults_do_not_fail_the_build(build: Build, processes: int) -> None:
    schema = LAMPS.read_text() + EXAMPLES
    app = build(schema, parallel=processes)
    assert (messages(app), app.statuscode) == ([], 0)
    assert said_of_examples(app) == ["fits the schema", "fits the schema", "This build did not execute it."]
    assert "qmp: examples in the schema: 4, with faults: 1" in app.status.getvalue()
    again = build(schema.replace("'c': 'int'", "'c': 'str'"), parallel=processes)
    assert [line for line in messages(again) if "already registered" not in line] == []
    assert again.statuscode == 0
    assert said_of_examples(again) == ["does not fit the schema", "fits the schema", "This build did not execute it."]
    page = (again.outdir / "reference/qmp/command/a.html").read_text()
    [fault] = re.findall(r"line \d: .*(?=</p>)", page)
    assert re.sub("<[^>]*>", "", fault) == "line 1: $.arguments.c: expected a string, got 1"


def said_of_examples(app: SphinxTestApp) -> list[str]:
    page = (app.outdir / "reference/qmp/command/a.html").read_text()
    return re.findall(r"fits the schema|does not fit the schema|This build did not execute it\.", page)


def test_a_change_of_prose_reads_no_schema_and_writes_no_other_page(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"include_patterns": ["index.md", "prose.md", "reference/**"]}
    prose = tmp_path / "source" / "prose.md"
    prose.write_text("# Prose\n\n{qapi:cmd}`light-up`\n")
    first = build(confoverrides=settings)
    page, data = (first.outdir / f"reference/qmp/command/light-up.{ending}" for ending in ("html", "json"))
    before = page.stat().st_mtime_ns, data.stat().st_mtime_ns
    loaded: list[Path] = []
    original = reference.load  # type: ignore[attr-defined]

    def load(path: Path) -> Loaded:
        loaded.append(path)
        return original(path)

    monkeypatch.setattr(reference, "load", load)
    prose.write_text("# Prose\n\n{qapi:cmd}`light-out`\n")
    app = build(confoverrides=settings)
    assert reread(app) == {"prose"}
    assert "light-out.html" in (app.outdir / "prose.html").read_text()
    assert loaded == []
    assert (page.stat().st_mtime_ns, data.stat().st_mtime_ns) == before


@pytest.mark.parametrize(("builder", "page"), [("html", "light-up.html"), ("dirhtml", "light-up/index.html")])
def test_a_page_leads_to_its_data(
    make_app: Callable[..., SphinxTestApp], build: Build, builder: str, page: str
) -> None:
    app = make_app(builder, srcdir=build().srcdir)
    app.build()
    path = app.outdir / "reference/qmp/command" / page
    [link] = re.findall(r'href="([^"]+\.json)"', path.read_text())
    assert json.loads((path.parent / link).read_text())["name"] == "light-up"


def test_what_is_removed_by_hand_is_made_again(build: Build, tmp_path: Path) -> None:
    first = build()
    source, data = tmp_path / "source/reference/qmp/command/light-up.rst", first.outdir / "reference/qmp/index.json"
    source.unlink()
    data.unlink()
    build()
    assert source.is_file()
    assert data.is_file()


def test_what_somebody_has_written_is_not_overwritten(build: Build, tmp_path: Path) -> None:
    folder = tmp_path / "source/reference/qmp"
    index, lamp, own = (folder / name for name in ("index.rst", "type/Lamp.rst", "type/own.rst"))
    lamp.parent.mkdir(parents=True)
    index.write_text("Mine\n====\n")
    lamp.write_text("Mine too\n========\n")
    own.write_bytes(b"\xff")
    (folder / "features.rst").write_text("")
    settings = {"exclude_patterns": ["reference/qmp/type/own.rst"]}
    app = build(confoverrides=settings)
    said = [line for line in messages(app) if "[qapidoc." in line]
    assert said == [
        f"ERROR: reference/qmp/{name}: the reference has a page here: move this file, or let qapidoc_reference name "
        "another folder [qapidoc.output]"
        for name in ("index.rst", "type/Lamp.rst")
    ]
    assert app.statuscode == 1
    assert [path.read_bytes()[:4] for path in (index, lamp, own)] == [b"Mine", b"Mine", b"\xff"]
    assert "reference/qmp/command/light-up.html" in written(app)
    assert (folder / "features.rst").read_text()
    index.unlink()
    lamp.unlink()
    assert build(confoverrides=settings).statuscode == 0


def test_what_cannot_be_kept_is_one_warning(build: Build) -> None:
    doctrees = build().doctreedir
    (doctrees / FILE).unlink()
    (doctrees / FILE).mkdir()
    before = sorted(doctrees.iterdir())
    app = build()
    [message] = [line for line in messages(app) if "already registered" not in line]
    assert message == (
        f"WARNING: _build/doctrees/{FILE}: what this build has finished cannot be kept, so that the next build does it "
        "again: Is a directory; see to it that the file can be written [qapidoc.kept]"
    )
    assert app.statuscode == 0
    assert sorted(doctrees.iterdir()) == before


def test_where_there_is_no_room_what_an_earlier_build_has_finished_stays(tmp_path: Path) -> None:
    def keep(work: str, digest: str) -> None:
        finished = Finished(tmp_path)
        finished.note(work, digest)
        finished.keep()

    keep("first", "some digest")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            keep("second", "x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert Finished(tmp_path).said("first") == "some digest"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("processes", [1, 2])
def test_data_that_cannot_be_written_fails_the_build_and_is_written_by_the_next(build: Build, processes: int) -> None:
    app = build(parallel=processes)
    path = app.outdir / "reference" / "qmp" / "command" / "light-up.json"
    data = path.read_text()
    path.unlink()
    path.mkdir()
    changed = f"{LAMPS.read_text()}\n# A comment.\n"
    app = build(changed, parallel=processes)
    [message] = [line for line in messages(app) if "[qapidoc." in line]
    assert "reference/qmp/command/light-up.json: the data for programs cannot be written: Is a directory" in message
    assert app.statuscode == 1
    path.rmdir()
    app = build(changed, parallel=processes)
    assert app.statuscode == 0
    assert path.read_text() == data


def test_what_is_changed_while_a_build_reads_it_is_read_by_the_next_one(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = LAMPS.read_text().replace("how bright", "how dark")

    def read_and_change(path: Path) -> Loaded:
        found = load(path)
        path.write_text(changed)
        return found

    with monkeypatch.context() as other:
        other.setattr(reference, "load", read_and_change)
        build()
    app = build(changed)
    shown = "".join(path.read_text() for path in (app.outdir / "reference").rglob("*.html"))
    assert "how dark" in shown
    assert "how bright" not in shown
    assert Finished(app.doctreedir).said(SOURCES)


def test_the_search_finds_the_commands_that_have_a_property(build: Build) -> None:
    app = build("{ 'command': 'lamp-off', 'allow-oob': true }\n{ 'command': 'lamp-on' }\n")
    index = (app.outdir / "searchindex.js").read_text().removeprefix("Search.setIndex(").removesuffix(")")
    entries = json.loads(index)["indexentries"]
    assert "allow-oob" in entries
    assert "allow-preconfig" not in entries  # no command has it
