"""What is done once, or less often, while documents are read and written; nobody can tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32

import docutils.utils
import pytest
import sphinx.builders
import sphinx.builders.html
import sphinx.util.docutils
from docutils.frontend import OptionParser, Values, get_default_settings
from pygments.formatters import HtmlFormatter
from sphinx.highlighting import PygmentsBridge
from sphinx.testing.util import SphinxTestApp
from sphinx.util.parallel import ParallelTasks, make_chunks

from qapidoc_ext.sphinx_ext import sparingly
from qapidoc_ext.sphinx_ext.sparingly import asked_for_a_formatter, asked_for_styles, fewer, once, remembering

NAMES = [f"d{number:02}" for number in range(40)]


def replaced() -> list[object]:
    """Sphinx's own functions, which others stand for while documents are read and written."""
    return [
        vars(sphinx.builders)["make_chunks"],
        vars(sphinx.builders)["ParallelTasks"],
        vars(sphinx.util.docutils).get("_get_settings"),  # Sphinx 8 has none
        vars(sphinx.builders.html)["_file_checksum"],
        vars(docutils.utils)["get_stylesheet_list"],
        PygmentsBridge.get_formatter,
    ]


OWN = replaced()
WRITING = [(sphinx.builders.html, "_file_checksum"), (docutils.utils, "get_stylesheet_list")]
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def build(make_app: Build, tmp_path: Path) -> Build:
    """Of many documents; one of them includes a file, another one is in Markdown."""
    (tmp_path / "conf.py").write_text("extensions = ['qapidoc_ext', 'myst_parser']\nroot_doc = 'd00'\n")
    for name in NAMES:
        (tmp_path / f"{name}.rst").write_text(f":orphan:\n\n{name}\n{'=' * len(name)}\n")
    (tmp_path / "d07.rst").write_text(":orphan:\n\nMore\n====\n\n.. include:: more.txt\n")
    (tmp_path / "more.txt").write_text("More.\n")
    (tmp_path / "a.md").write_text("---\norphan: true\n---\n# Other\n\n<!-- more -->\n")

    def run(processes: int, **settings: object) -> SphinxTestApp:
        app = make_app("html", srcdir=tmp_path, parallel=processes, confoverrides=settings)
        app.build()
        return app

    return run


@pytest.mark.parametrize("processes", [1, 2])
def test_a_document_depends_on_what_it_includes_itself(build: Build, processes: int) -> None:
    app = build(processes)
    assert [name for name, files in app.env.dependencies.items() if any("more.txt" in str(file) for file in files)] == [
        "d07"
    ]
    assert app.warning.getvalue() == ""


def test_a_build_in_which_nothing_is_to_be_read_comes_to_its_end(build: Build) -> None:
    build(2)
    assert "0 added, 0 changed, 0 removed" in build(2).status.getvalue()


def test_settings_are_made_once_for_each_kind_of_document(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    make = OptionParser.get_default_values

    def note(self: OptionParser) -> Values:
        made.append(self.components)
        return make(self)

    monkeypatch.setattr(OptionParser, "get_default_values", note)
    build(1)
    assert 1 < len(made) < 6


def test_other_questions_get_other_settings() -> None:
    made: list[object] = []

    def get(*components: object, defaults: dict[str, object], **options: object) -> Values:
        made.append((components, defaults, options))
        settings = get_default_settings()
        vars(settings).update(defaults)
        return settings

    ask = remembering(get)
    for defaults in ({"a": 1}, {"a": 2}, {"a": 1}):
        assert ask(int, "", defaults=defaults).a == defaults["a"]
    assert len(made) == 2
    ask(int, 0, defaults={"a": 1})
    ask(int, "", defaults={"a": 1}, read_config_files=True)
    assert len(made) == 4
    defaults = {"a": 3}
    for changed in (5, 6, 7):
        settings = ask(int, "", defaults=defaults)
        assert settings.a == 3
        settings.a = changed
    defaults["a"] = 4
    assert ask(int, "", defaults=defaults).a == 4


def test_a_formatter_is_made_for_each_kind_of_block(
    make_app: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, object]] = []

    class Noting(HtmlFormatter):  # type: ignore[misc]  # Pygments has no types
        def __init__(self, **options: object) -> None:
            made.append(options)
            super().__init__(**options)

    monkeypatch.setattr(PygmentsBridge, "html_formatter", Noting)
    kinds = ["linenos:", "emphasize-lines: 1", "emphasize-lines: 2", "force:"]
    blocks = "".join(f".. code-block:: json\n   :{kind}\n\n   {{}}\n   {{}}\n\n" for kind in kinds * 5)
    (tmp_path / "conf.py").write_text("extensions = ['qapidoc_ext']\n")
    (tmp_path / "index.rst").write_text(f"Code\n====\n\n{blocks}")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert app.warning.getvalue() == ""
    assert len([options for options in made if "linenos" in options]) == len(kinds)
    page = (app.outdir / "index.html").read_text()
    assert [page.count(mark) for mark in ('class="hll"', 'class="linenos"')] == [10, 10]


def test_few_pages_ask_for_what_is_the_same_for_all(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [_noting_questions(monkeypatch, *own) for own in WRITING]
    names = ["one.css", "two.css"]
    for name in names:
        (tmp_path / name).write_text(name)
    build(1, html_static_path=[*names], html_css_files=names)
    assert all(0 < max(Counter(map(repr, each)).values()) < len(NAMES) / 4 for each in asked)  # and for indices
    page = (tmp_path / "_build" / "html" / "d00.html").read_text()
    digests = [f"{crc32(name.encode()):08x}" for name in names]
    assert re.findall(r"(?:one|two)\.css\?v=(\w+)", page) == digests


def _noting_questions(monkeypatch: pytest.MonkeyPatch, holder: object, name: str) -> list[object]:
    asked: list[object] = []
    own = getattr(holder, name)

    def ask(*arguments: object) -> object:
        asked.append([each.stylesheet if isinstance(each, Values) else each for each in arguments])
        return own(*arguments)

    monkeypatch.setattr(holder, name, ask)
    return asked


def test_other_settings_have_other_style_sheets() -> None:
    ask = once(docutils.utils.get_stylesheet_list, key=asked_for_styles)
    first, second = (SimpleNamespace(stylesheet=name, stylesheet_path="", stylesheet_dirs=[]) for name in "ab")
    assert [ask(first), ask(second), ask(first)] == [["a"], ["b"], ["a"]]


def test_another_style_has_another_formatter() -> None:
    ask = once(PygmentsBridge.get_formatter, key=asked_for_a_formatter)
    light, dark = PygmentsBridge("html", "default"), PygmentsBridge("html", "monokai")
    assert [ask(bridge, linenos=True).style.name for bridge in (light, dark, light)] == [
        "default",
        "monokai",
        "default",
    ]


@pytest.mark.parametrize("count", [0, 1, 20, 100, 1000])
@pytest.mark.parametrize("processes", [2, 4, 16])
def test_few_processes_are_begun_and_each_reads_other_documents(count: int, processes: int) -> None:
    names = [f"d{number}" for number in range(count)]
    read = fewer(make_chunks)(names, processes)
    assert [*chain(*read)] == names
    assert all(read)
    assert len(read) <= len(make_chunks(names, processes))
    assert min(count, processes) <= len(read) <= 3 * processes


def test_sphinx_has_its_functions_back_where_all_is_read(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparingly, "fewer", lambda _make: lambda names, _processes: [names])
    begun: list[object] = []
    monkeypatch.setattr(ParallelTasks, "add_task", _noting(ParallelTasks.add_task, begun))
    build(2)
    assert ["a", *NAMES] in begun
    assert replaced() == OWN


def test_sphinx_has_its_functions_back_where_a_document_cannot_be_read(build: Build, tmp_path: Path) -> None:
    config = tmp_path / "conf.py"
    config.write_text(f"{config.read_text()}\ndef setup(app):\n    app.connect('source-read', lambda *_: 1 / 0)\n")
    with pytest.raises(Exception, match="division"):
        build(1)
    assert replaced() == OWN


def _noting(add: Callable[..., None], begun: list[object]) -> Callable[..., None]:
    def noting(tasks: ParallelTasks, task: object, argument: object = None, result_func: object = None) -> None:
        begun.append(argument)
        add(tasks, task, argument, result_func)

    return noting
