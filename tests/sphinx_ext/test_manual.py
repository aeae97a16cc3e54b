"""QEMU's own manual, with this extension in place of QEMU's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from docutils import nodes
from docutils.core import publish_doctree
from sphinx.testing.util import SphinxTestApp
from sphinx.util.inventory import InventoryFile

from qapidoc_ext.introspect.recordings import version
from qapidoc_ext.schema.load import load
from qapidoc_ext.source import Location
from qapidoc_ext.sphinx_ext.plain import plain_paragraphs

DOCUMENTS = ("qemu-qmp-ref", "qemu-ga-ref", "qemu-storage-daemon-qmp-ref")
CONFIG = """
extensions = ["qapidoc_ext"]
qapidoc_srctree = {tree!r}
qapi_allowed_fields = {{"see also"}}
qapi_namespaces = {{"QGA", "QMP", "QSD"}}
default_role = "any"
html_theme = "basic"
man_pages = [(name, name, "", [], 7) for name in {documents!r}]
latex_documents = [("index", "qemu.tex", "QEMU", "", "manual")]
"""
DEFINITION = re.compile(r"^\{\s*'(command|event|struct|union|alternate|enum)'\s*:\s*'([^']+)'", re.MULTILINE)
INCLUDE = re.compile(r"^\{\s*'include'\s*:\s*'([^']+)'", re.MULTILINE)
QAPI_DOC = re.compile(r"^\.\. qapi-doc:: (\S+)$(?:\n +:(?!namespace).*)*(?:\n +:namespace: (\S+))?", re.MULTILINE)
ELSEWHERE = re.compile(r"\[ref\.(?:doc|ref|term|option)\]$")
"""Warnings of references to QEMU's other documents, which are not built here."""


def project(folder: Path, tree: Path, documents: tuple[str, ...]) -> Path:
    """A project with these documents of a source tree of QEMU as they are."""
    for name in documents:
        (folder / f"{name}.rst").write_bytes((tree / "docs" / "interop" / f"{name}.rst").read_bytes())
    (folder / "conf.py").write_text(CONFIG.format(tree=str(tree), documents=documents))
    (folder / "index.rst").write_text("QEMU\n====\n\n.. toctree::\n\n   " + "\n   ".join(documents) + "\n")
    return folder


@pytest.fixture(scope="module")
def manual(qemu_schema: Path, tmp_path_factory: pytest.TempPathFactory) -> SphinxTestApp:
    """All three references of the tree."""
    source = project(tmp_path_factory.mktemp("manual"), qemu_schema.parents[1], DOCUMENTS)
    app = SphinxTestApp("html", srcdir=source)
    app.build()
    app.cleanup()
    return app


def messages(app: SphinxTestApp) -> list[str]:
    lines = app.warning.getvalue().splitlines()
    return [line for line in lines if not ELSEWHERE.search(line) and "already registered" not in line]


def upstream_anchors(document: str) -> set[str]:
    """The anchors that QEMU's own extension gives a document: what it writes, read with as little as that takes."""
    [(schema, namespace)] = QAPI_DOC.findall(document)
    found: set[str] = set()
    for path in files(Path(schema)):
        for kind, name in DEFINITION.findall(path.read_text()):
            word = "object" if kind in {"struct", "union"} else kind
            found.add("-".join(filter(None, [word, namespace, f"{path.stem}.{name}"])))
    return found


def files(path: Path, known: set[Path] | None = None) -> set[Path]:
    known = set() if known is None else known
    if path.resolve() not in known:
        known.add(path.resolve())
        for name in INCLUDE.findall(path.read_text()):
            files(path.parent / name, known)
    return known


def test_qemus_documents_build_unchanged(manual: SphinxTestApp) -> None:
    assert messages(manual) == []
    assert manual.statuscode == 0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_anchor_of_qemus_own_page_is_there_and_none_twice(
    manual: SphinxTestApp, qemu_schema: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(qemu_schema.parents[1])
    anchors = Counter(re.findall(r'\bid="([^"]+)"', (manual.outdir / f"{name}.html").read_text()))
    wanted = upstream_anchors((manual.srcdir / f"{name}.rst").read_text())
    assert len(wanted) > 50
    assert wanted - anchors.keys() == set()
    assert [anchor for anchor, count in anchors.items() if count > 1] == []


def test_the_inventory_leads_into_the_manual(manual: SphinxTestApp) -> None:
    inventory = InventoryFile.loads((manual.outdir / "objects.inv").read_bytes(), uri="").data
    pages = {name: (manual.outdir / f"{name}.html").read_text() for name in DOCUMENTS}
    members = [entry.uri.partition("#") for entry in inventory["qapi:member"].values()]
    assert len(members) > 1000
    for page, _, anchor in members:
        assert f'id="{anchor}"' in pages[page.removesuffix(".html")]


@pytest.mark.parametrize(
    ("builder", "output"),
    [
        ("dirhtml", "qemu-ga-ref/index.html"),
        ("singlehtml", "index.html"),
        ("latex", "qemu.tex"),
        ("man", "qemu-ga-ref.7"),
        ("text", "qemu-ga-ref.txt"),
    ],
)
def test_every_builder_has_the_guest_agent(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, qemu_schema: Path, builder: str, output: str
) -> None:
    source = project(tmp_path, qemu_schema.parents[1], ("qemu-ga-ref",))
    app = make_app(builder, srcdir=source)
    app.build()
    qmp = load(qemu_schema).schema
    elsewhere = qmp.definitions if version(qmp.version) >= (10, 2) else ()  # from then on the texts refer to QMP's
    found = [(re.search("'any' reference target not found: ([^; ]+)", message), message) for message in messages(app)]
    assert [message for target, message in found if not target or target[1] not in elsewhere] == []
    marks = {"dirhtml": "<[^>]*>", "singlehtml": "<[^>]*>", "latex": r"\\sphinxhyphen|[\\{}]", "man": r"\\"}
    text = re.sub(marks.get(builder, "$"), "", (app.outdir / output).read_text())
    for name in load(qemu_schema.parents[1] / "qga" / "qapi-schema.json").schema.definitions:
        assert name in text


def test_text_that_is_read_without_docutils_gives_what_docutils_gives(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    docs = [one.doc for one in schema.definitions.values() if one.doc] + [
        doc for one in schema.modules for doc in one.docs
    ]
    texts = [section.prose for doc in docs for section in doc.sections if section.prose.text]
    plain = [(text, found) for text in texts if (found := plain_paragraphs(text)) is not None]
    assert len(plain) > len(texts) / 2
    for text, found in plain[::5]:
        settings = {"doctitle_xform": False, "docinfo_xform": False, "report_level": 5, "warning_stream": False}
        parsed = publish_doctree(text.text, settings_overrides=settings).children
        first = text.location.line
        assert [*map(described, found)] == [
            (shown, raw, line + first - 1) for shown, raw, line in map(described, parsed)
        ]


def described(node: nodes.Node) -> tuple[str, str, int]:
    assert isinstance(node, nodes.Element)
    assert node.line
    return node.pformat(), node.rawsource, node.line


SCHEMA = """
##
# Lamps
# =====
#
# All about `lamp-on`.
##

{ 'include': 'more.json' }

##
# @lamp-on:
#
# Lights, unlike `lamp-off`.
#
# @name: which one; see `nothing-like-it`
##
{ 'command': 'lamp-on', 'data': { 'name': 'str' } }
"""
MORE = "##\n# @lamp-off:\n##\n{ 'command': 'lamp-off' }\n"


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Callable[..., SphinxTestApp]:
    def run(schema: str = SCHEMA, more: str = MORE, **arguments: object) -> SphinxTestApp:
        for name, text in {
            "schema.json": schema,
            "more.json": more,
            "conf.py": CONFIG.format(tree=str(tmp_path), documents=()),
            "index.rst": "Lamps\n=====\n\n.. qapi-doc:: schema.json\n   :namespace: QMP\n",
            "other.rst": ":orphan:\n\n:qapi:cmd:`lamp-off`\n",
        }.items():
            if not (tmp_path / name).is_file() or (tmp_path / name).read_text() != text:
                (tmp_path / name).write_text(text)
        app = make_app("html", srcdir=tmp_path, **arguments)
        app.build()
        return app

    return run


def test_a_reference_in_a_comment_that_leads_nowhere_is_told_with_the_schemas_place(
    build: Callable[..., SphinxTestApp],
) -> None:
    app = build()
    [found] = messages(app)
    assert found.startswith(f"{app.srcdir}/schema.json:16: WARNING: 'any' reference target not found: nothing-like-it")
    html = (app.outdir / "index.html").read_text()
    own = ("command-QMP-schema.lamp-on", "command-QMP-more.lamp-on")  # QEMU takes it for a part of what is included
    for anchor in (*own, "command-QMP-more.lamp-off", "lamp-on.name", "module-QMP-more"):
        assert f'id="{anchor}"' in html


def test_what_nobody_wrote_as_a_reference_is_no_warning_where_every_reference_has_to_lead_somewhere(
    build: Callable[..., SphinxTestApp],
) -> None:
    text = "Ends what @watch does; see :qapi:cmd:`burn`.\n#\n# Features:\n#\n# @unstable: It flickers."
    lamp = f"# @lamp-off:\n#\n# {text}\n"
    more = MORE.replace("# @lamp-off:\n", lamp).replace("lamp-off' }", "lamp-off', 'features': ['unstable'] }")
    app = build(more=more, confoverrides={"nitpicky": True})
    assert [re.findall("target not found: ([^; ]+)", message) for message in messages(app)] == [
        ["'burn'"],
        ["nothing-like-it"],
    ]


def test_a_definition_of_a_file_in_a_folder_names_its_module_as_qemus_manual_does(
    build: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "bulb.json").write_text("##\n# @screw:\n##\n{ 'command': 'screw' }\n")
    app = build(more=MORE + "{ 'include': 'parts/bulb.json' }\n")
    page = (app.outdir / "index.html").read_text()
    [link] = re.findall(r'module <a [^>]*href="([^"]+)"[^>]*>(?:<[^>]*>)*bulb<', page)
    assert link == "#module-QMP-bulb"


@pytest.mark.parametrize("processes", [1, 2])
def test_only_documents_with_the_schema_are_read_again(build: Callable[..., SphinxTestApp], processes: int) -> None:
    build(parallel=processes)
    assert reread(build(parallel=processes)) == set()
    assert reread(build(more=MORE.replace("@lamp-off:", "@lamp-off:\n#\n# Puts out."))) == {"index"}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_page_that_refers_to_what_comes_and_goes_is_written_again(
    build: Callable[..., SphinxTestApp], processes: int
) -> None:
    page = (build(parallel=processes).outdir / "other.html").read_text()
    assert 'href="index.html#command-QMP-more.lamp-off"' in page
    gone = build(more=MORE.replace("off", "out"), parallel=processes)
    assert "#command" not in (gone.outdir / "other.html").read_text()
    assert any(line.startswith(f"{gone.srcdir}/other.rst:3: WARNING: qapi:cmd") for line in messages(gone))
    assert reread(gone) == {"index"}
    back = build(parallel=processes).outdir / "other.html"
    assert back.read_text() == page
    written = back.stat().st_mtime_ns
    for schema in (SCHEMA.replace("Lights", "Shines"), SCHEMA.replace("lamp-on", "light")):
        build(schema=schema, parallel=processes)
        assert back.stat().st_mtime_ns == written


def reread(app: SphinxTestApp) -> set[str]:
    found = re.findall(r"reading sources\.\.\. \[[ \d]*%\] ([^\r\n]*)", app.status.getvalue())
    return {line.strip() for line in found}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("schema.json", "No such file or directory"),
        (".", "Is a directory"),
        ("a\0b", "the path holds a NUL character"),
        ("a" * 300, "File name too long"),
    ],
)
def test_a_schema_that_is_not_below_the_source_tree_is_told_where_it_is_named(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, name: str, why: str
) -> None:
    tree = tmp_path / "tree"
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\nqapidoc_srctree = "tree"\n')
    (tmp_path / "index.rst").write_text(f"Lamps\n=====\n\n.. qapi-doc:: {name}\n")
    tree.mkdir()
    app = make_app("html", srcdir=tmp_path)
    app.build()
    [message] = messages(app)
    assert message.startswith(
        f"{app.srcdir}/index.rst:4: ERROR: {Location(str(tree / name))}: cannot be read: {why}; it is looked for"
    )
    assert f" in {tree}, the folder that qapidoc_srctree names" in message
    assert app.statuscode == 1
    if name == "schema.json":
        (tree / name).write_text(MORE)
        again = make_app("html", srcdir=tmp_path)
        again.build()
        assert (messages(again), again.statuscode) == ([], 0)


def test_the_names_that_there_are_come_in_their_order_whatever_was_read_first(
    build: Callable[..., SphinxTestApp],
) -> None:
    types = "{ 'struct': 'Zoom', 'data': {} }\n{ 'enum': 'Arc', 'data': [] }\n##\n# :qapi:type:`nothing`\n##\n"
    assert any("'nothing'; there is: Arc, Zoom" in line for line in messages(build(more=MORE + types)))


def test_the_title_of_an_example_stands_above_it_and_not_in_it(
    build: Callable[..., SphinxTestApp],
) -> None:
    example = '# .. qmp-example::\n#    :title: In the hall\n#\n#    -> { "execute": "lamp-off" }\n'
    app = build(more=MORE.replace("# @lamp-off:\n", f"# @lamp-off:\n#\n{example}"))
    page = re.sub(r"<[^>]*>", "", (app.outdir / "index.html").read_text())
    assert page.count("In the hall") == 1
    assert ":title:" not in page


def test_translators_get_the_texts_of_a_schema(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(SCHEMA)
    (tmp_path / "more.json").write_text(MORE)
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\ndefault_role = "any"\n')
    (tmp_path / "index.rst").write_text("Lamps\n=====\n\n.. qapi-doc:: schema.json\n")
    app = make_app("gettext", srcdir=tmp_path)
    app.build()
    found = (app.outdir / "index.pot").read_text()
    for text in ("All about `lamp-on`.", "Lights, unlike `lamp-off`.", "which one; see `nothing-like-it`"):
        assert f'msgid "{text}"' in found


def test_a_translation_links_the_names_that_its_text_links(build: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    more = MORE.replace("# @lamp-off:\n", "# @lamp-off:\n#\n# Undoes @lamp-on, not @dusk.\n")
    catalog = Catalog(locale="de")
    catalog.add("Undoes @lamp-on, not @dusk.", "Nicht @dusk wird beendet, sondern @lamp-on.")
    (tmp_path / "locales" / "de" / "LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / "locales" / "de" / "LC_MESSAGES" / "index.mo").open("wb") as file:
        write_mo(file, catalog)
    app = build(more=more, confoverrides={"language": "de"})
    assert [message for message in messages(app) if "i18n" in message] == []
    page = (app.outdir / "index.html").read_text()
    [text] = re.findall(r"<p>Nicht (.*)</p>", page)
    assert re.sub(r"<[^>]*>", "", text) == "dusk wird beendet, sondern lamp-on."
    assert re.findall(r'href="([^"]*)"', text) == ["#command-QMP-schema.lamp-on"]


def test_a_schema_twice_in_a_document_is_one_warning(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(MORE)
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\n')
    qmp, other = (f".. qapi-doc:: schema.json\n   :namespace: {name}\n\n" for name in ("QMP", "OTHER"))
    (tmp_path / "index.rst").write_text(f"Lamps\n=====\n\n{qmp}{other}{qmp}")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    [message] = messages(app)
    assert message.startswith(f"{app.srcdir}/index.rst:10: WARNING: this document describes '")
    assert "already, the first of 1 in this schema" in message


def test_a_schema_in_two_documents_of_a_namespace_is_one_warning(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path
) -> None:
    (tmp_path / "schema.json").write_text(MORE)
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\n')
    for name in ("index", "other"):
        text = ":orphan:\n\nLamps\n=====\n\n.. qapi-doc:: schema.json\n   :namespace: QMP\n"
        (tmp_path / f"{name}.rst").write_text(text)
    app = make_app("html", srcdir=tmp_path)
    app.build()
    [message] = messages(app)
    assert message.startswith(f"{app.srcdir}/other.rst: WARNING: the namespace 'QMP' is in index too, with 2 of its")
    assert "such as 'QMP:schema'; give qapi-doc another one" in message


@pytest.mark.parametrize("directive", ["qapi-doc:: schema.json", "note:: None here."])
def test_a_role_is_text_only_where_no_schema_is_shown(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, directive: str
) -> None:
    (tmp_path / "schema.json").write_text(MORE)
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\n')
    (tmp_path / "index.rst").write_text(f"Lamps\n=====\n\n:qapi:cmd:`lamp-of`\n\n.. {directive}\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    told = [f"{app.srcdir}/index.rst:4: WARNING: qapi:cmd reference target not found: 'lamp-of'; close to it: lamp-off"]
    assert [message.partition(" [")[0] for message in messages(app)] == (told if "schema" in directive else [])


def test_faults_of_the_schema_fail_the_build_with_their_place(build: Callable[..., SphinxTestApp]) -> None:
    app = build(more="{ 'command': 'lamp-off', 'data': 'Nothing' }\n")
    assert any(line.startswith(f"{app.srcdir}/more.json:1:") and "Nothing" in line for line in messages(app))
    assert app.statuscode == 1
    again = build(more="{ 'command': 'lamp-off', 'data': 'Nothing' }\n")
    assert again.statuscode == 1


@pytest.mark.parametrize(
    ("name", "before"),
    [("more.json", None), ("schema.json", b"\xff"), ("schema.json", None)],
    ids=["an included file is missing", "not UTF-8", "missing"],
)
def test_a_document_is_read_again_when_a_file_of_its_schema_can_be_read(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, name: str, before: bytes | None
) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\n')
    (tmp_path / "index.rst").write_text("Lamps\n=====\n\n.. qapi-doc:: schema.json\n")
    (tmp_path / "schema.json").write_text("{ 'include': 'more.json' }\n")
    (tmp_path / "more.json").write_text(MORE)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    if before is not None:
        (tmp_path / name).write_bytes(before)
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert app.statuscode == 1
    (tmp_path / name).write_bytes(content)
    again = make_app("html", srcdir=tmp_path)
    again.build()
    assert (messages(again), again.statuscode) == ([], 0)


OF_BEFORE_10_1 = """
##
# = Lamps
#
# All of them.
##

##
# == Small
##

##
# @lamp-on:
##
{ 'command': 'lamp-on' }

##
# === Tiny
##

##
# = Doors
##

##
# === Knobs
##
"""


def test_headings_as_they_were_before_10_1_are_sections(build: Callable[..., SphinxTestApp]) -> None:
    app = build(schema=OF_BEFORE_10_1)
    assert [line for line in messages(app) if "schema.json" in line] == []
    text = (app.outdir / "index.html").read_text().partition('role="main"')[2].partition('role="navigation"')[0]
    assert re.findall(r'<(h\d|p class="rubric")>([^<]+)<', text) == [
        ("h1", "Lamps"),
        ("h2", "Lamps"),
        ("h3", "Small"),
        ("h4", "Tiny"),
        ("h2", "Doors"),
        ('p class="rubric"', "Knobs"),
    ]
    assert "All of them." in text
