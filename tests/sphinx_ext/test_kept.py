"""Content that is kept aside, seen from outside: nobody can tell."""

from __future__ import annotations

import gc
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext.pickled import Pickled

SCHEMA = """\
##
# @lamp-on:
#
# Lights the lamp, "brightly"; see `lamp-off`.
#
# @name: which one
#
# .. qmp-example::
#
#     -> { "execute": "lamp-on", "arguments": { "name": "desk" } }
#     <- { "return": {} }
##
{ 'command': 'lamp-on', 'data': { 'name': 'str' } }

##
# @lamp-off:
#
# Puts it out.
#
# .. code-block:: pycon
#
#     >>> is_dark()  # doctest: +SKIP
#     True
##
{ 'command': 'lamp-off' }
"""


OTHER = """
from sphinx.transforms.post_transforms import SphinxPostTransform

class Other(SphinxPostTransform):
    default_priority = {priority}
    found = set()

    def run(self, **_arguments):
        self.found.update(type(node).__name__ for node in self.document.findall())

def setup(app):
    app.add_post_transform(Other)
"""
"""Of a configuration: a transform that looks at everything."""


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Callable[..., SphinxTestApp]:
    (tmp_path / "schema.json").write_text(SCHEMA)
    (tmp_path / "conf.py").write_text(
        'extensions = ["qapidoc_ext"]\ndefault_role = "any"\nhtml_theme = "basic"\n'
        'qapidoc_schemas = {"lamps": "schema.json"}\nqapidoc_programs = {}\nqapidoc_srctree = "."\n'
    )
    (tmp_path / "index.rst").write_text("Lamps\n=====\n\n.. qapi-doc:: schema.json\n")

    def run(more: str = "") -> SphinxTestApp:
        with (tmp_path / "conf.py").open("a") as config:
            config.write(more)
        app = make_app("html", srcdir=tmp_path, freshenv=True)
        app.build(force_all=True)
        return app

    return run


def pages(app: SphinxTestApp) -> dict[str, str]:
    return {str(path.relative_to(app.outdir)): path.read_text() for path in app.outdir.rglob("*.html")}


@pytest.mark.parametrize("priority", [2, 9, 500, 999])
def test_a_transform_of_another_extension_finds_what_was_kept_aside(
    build: Callable[..., SphinxTestApp], priority: int
) -> None:
    alone = pages(build())
    app = build(OTHER.format(priority=priority))
    [transform] = [found for found in app.registry.get_post_transforms() if found.__name__ == "Other"]
    assert {"table", "literal_block", "paragraph"} <= transform.found  # type: ignore[attr-defined]
    assert "rendered" not in transform.found  # type: ignore[attr-defined]
    assert pages(app) == alone


LISTENER = """
def look(app, document, docname):
    app.seen.update(type(node).__name__ for node in document.findall())

def setup(app):
    app.seen = set()
    app.connect("doctree-resolved", look)
"""


def test_a_listener_of_another_extension_finds_what_was_kept_aside(build: Callable[..., SphinxTestApp]) -> None:
    alone = pages(build())
    app = build(LISTENER)
    assert {"table", "literal_block", "paragraph", "reference"} <= app.seen  # type: ignore[attr-defined]
    assert not app.seen & {"rendered", "pending_xref"}  # type: ignore[attr-defined]
    assert pages(app) == alone


def test_the_search_finds_what_was_kept_aside(build: Callable[..., SphinxTestApp]) -> None:
    index = (build().outdir / "searchindex.js").read_text()
    assert {"bright", "desk"} <= set(re.findall(r"\w+", index))  # stems


def test_sources_that_are_generated_are_not_offered(build: Callable[..., SphinxTestApp]) -> None:
    app = build('html_theme = "alabaster"\nhtml_sidebars = {"**": ["sourcelink.html"]}\n')
    assert [path.name for path in (app.outdir / "_sources").rglob("*.txt")] == ["index.rst.txt"]
    assert "_sources/index.rst.txt" in pages(app)["index.html"]
    assert "_sources" not in pages(app)["reference/lamps/command/lamp-on.html"]


def test_references_in_what_was_kept_aside_lead_where_they_should(build: Callable[..., SphinxTestApp]) -> None:
    page = pages(build())["index.html"]
    assert 'href="#command-schema.lamp-off"' in page
    assert "\N{LEFT DOUBLE QUOTATION MARK}brightly\N{RIGHT DOUBLE QUOTATION MARK}" in page


def test_sphinx_changes_what_was_kept_aside_as_it_does_elsewhere(build: Callable[..., SphinxTestApp]) -> None:
    for page in ("index.html", "reference/lamps/command/lamp-off.html"):
        text = pages(build())[page]
        assert "is_dark" in text
        assert "doctest" not in text


@pytest.fixture
def usual() -> Iterator[None]:
    """Python looks for garbage as usual, also behind a build of another test that did not come to its end."""
    left = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*left)


@pytest.mark.usefixtures("usual")
def test_python_looks_for_garbage_rarely_and_as_before_when_the_build_is_finished(
    build: Callable[..., SphinxTestApp],
) -> None:
    before = gc.get_threshold()
    gc.freeze()  # as an earlier build in this process has done
    app = build(
        "import gc\ndef setup(app):\n    app.seen, app.left = [], []\n"
        "    app.connect('doctree-read', lambda *_: app.seen.append(gc.get_threshold()))\n"
        "    app.connect('doctree-read', lambda *_: app.left.append(gc.get_freeze_count()))\n"
    )
    assert {*app.left} == {0}  # type: ignore[attr-defined]
    assert all(now > normal for seen in app.seen for now, normal in zip(seen, before, strict=True))  # type: ignore[attr-defined]
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() > 0


@pytest.mark.usefixtures("usual")
def test_processes_that_a_build_begins_do_not_look_for_garbage(build: Callable[..., SphinxTestApp]) -> None:
    app = build(
        "import gc, multiprocessing\ndef look(queue):\n    queue.put(gc.isenabled())\n"
        "def ask(app, *_):\n    queue = multiprocessing.get_context('fork').SimpleQueue()\n"
        "    process = multiprocessing.get_context('fork').Process(target=look, args=(queue,))\n"
        "    process.start()\n    app.seen.append(queue.get())\n    process.join()\n"
        "def setup(app):\n    app.seen = []\n    app.connect('env-updated', ask)\n"
        "    app.connect('build-finished', ask, priority=1001)\n"
    )
    assert app.seen == [False, True]  # type: ignore[attr-defined]


def test_what_is_pickled_alone_comes_back_without_the_document_it_was_in() -> None:
    document = new_document("somewhere")
    paragraph = nodes.paragraph("", "text")
    document += paragraph
    kept: Pickled[nodes.paragraph] = pickle.loads(pickle.dumps(Pickled(paragraph)))
    assert kept.value().astext() == "text"
    assert kept.value() is kept.value()
    assert kept.value().document is None
