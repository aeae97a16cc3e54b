"""Which pages a build writes again because of their examples."""

import json
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext.finished import FILE, Finished, env_version, status


class Built(NamedTuple):
    app: SphinxTestApp
    written: set[str]
    """The pages that it has written."""

    def page(self, name: str) -> str:
        return (self.app.outdir / f"{name}.html").read_text()


Build = Callable[..., Built]
pytestmark = pytest.mark.usefixtures("emulator")


@pytest.fixture
def build(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Build:
    """Builds three pages with two examples each."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')
    for name in ("index", "first", "second"):
        examples = [
            f"```{{qmp-example}}\n:title: The {number} of {name}\n"
            '-> { "execute": "query-status" }\n<- { "return": { "status": "prelaunch", ... } }\n```\n'
            for number in ("first", "second")
        ]
        (source / f"{name}.md").write_text(f"# Page {name}\n\n" + "\n".join(examples))
    with (source / "index.md").open("a") as index:
        index.write("\n```{toctree}\nfirst\nsecond\n```\n")

    def run(builder: str = "html", qemu: str = os.environ.get("QEMU_BIN", "")) -> Built:
        app = make_app(builder, srcdir=source, confoverrides={"qapidoc_qemu": qemu})
        written: set[str] = set()
        app.connect("doctree-resolved", lambda _app, _doctree, docname: written.add(docname))
        app.build()
        assert app.statuscode == 0
        return Built(app, written)

    return run


def test_pages_whose_examples_do_the_same_are_not_written_again(build: Build) -> None:
    assert build().written == {"index", "first", "second"}
    assert build().written == set()


def test_the_version_is_that_of_what_the_files_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version() -> int:
        env_version.cache_clear()
        return env_version()

    monkeypatch.setattr("qapidoc_ext.sphinx_ext.finished._PACKAGE", tmp_path)
    (tmp_path / "program.py").write_text("1")
    first = version()
    (tmp_path / "program.pyc").write_text("compiled")
    os.utime(tmp_path / "program.py", (1, 1))
    assert version() == first
    (tmp_path / "program.py").write_text("2")
    assert version() != first
    env_version.cache_clear()


def test_what_tells_that_a_file_has_changed(tmp_path: Path) -> None:
    """Its size, its time, that another one of both is in its place, and that it is gone."""

    def write(name: str, text: str, time: int) -> Path:
        path = tmp_path / name
        path.write_text(text)
        os.utime(path, (time, time))
        return path

    file = write("file", "old", 1)
    found = [status([file])]
    for text, time in (("new", 2), ("newer", 2)):
        found.append(status([write("file", text, time)]))
    write("other", "newer", 2).replace(file)
    found.append(status([file]))
    file.unlink()
    found.append(status([file]))
    assert [before for before, after in pairwise(found) if before == after] == []


def test_what_is_done_is_finished_in_the_next_build_too_but_never_if_that_is_not_sure(tmp_path: Path) -> None:
    finished = Finished(tmp_path)
    assert not finished.has("some work", "made from this")
    assert not finished.has("other work", "")
    finished.keep()
    again = Finished(tmp_path)
    assert again.has("some work", "made from this")
    assert not again.has("other work", "")


def test_every_page_is_made_again_when_this_program_has_changed(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    another = env_version() + 1
    monkeypatch.setattr("qapidoc_ext.sphinx_ext.finished.env_version", lambda: another)
    assert build().written == {"index", "first", "second"}


def test_pages_of_which_the_last_build_did_not_write_what_it_found_out_are_written(build: Build) -> None:
    file = build().app.doctreedir / FILE
    file.unlink()
    assert build().written == {"index", "first", "second"}
    file.write_text("{")
    assert build().written == {"index", "first", "second"}
    assert build().written == set()


def test_pages_are_written_again_when_their_examples_do_something_else(build: Build, tmp_path: Path) -> None:
    build()
    (tmp_path / "no-qemu").mkdir()
    assert "○ not executed" in build(qemu=str(tmp_path / "no-qemu")).page("first")


@pytest.mark.parametrize(
    ("old", "new"), [("# Page", "# The page"), (":title: The first", ":title: A"), ('"prelaunch"', "<str>")]
)
def test_a_matrix_is_written_again_where_it_shows_something_else_and_only_there(
    build: Build, tmp_path: Path, old: str, new: str
) -> None:
    (tmp_path / "source" / "second.md").write_text("# Page second\n\n```{qmp-matrix}\n```\n")
    build()
    first = tmp_path / "source" / "first.md"
    first.write_text(f"{first.read_text()}\nMore.\n")
    assert "second" not in build().written
    first.write_text(first.read_text().replace(old, new))
    assert "second" in build().written


def test_what_one_builder_has_written_another_has_not(build: Build, tmp_path: Path) -> None:
    first = build()
    build("qmp", qemu=str(tmp_path))
    assert "○ not executed" not in first.page("first")
    assert "○ not executed" in build(qemu=str(tmp_path)).page("first")


def test_a_page_of_several_documents_shows_the_examples_of_each(build: Build) -> None:
    page = build("singlehtml").page("index")
    for name in ("index", "first", "second"):
        for number in ("first", "second"):
            assert page.count(f">The {number} of {name}</p>") == 1


def test_what_was_finished_of_a_page_or_an_example_is_forgotten_with_it(build: Build, tmp_path: Path) -> None:
    no_qemu = str(tmp_path)
    app = build(qemu=no_qemu).app
    build("dirhtml", qemu=no_qemu)
    assert len(finished(app, "first by html in")) == 1
    checks = finished(app, "the check of example")
    assert len(checks) == 6
    (app.srcdir / "first.md").unlink()
    index = app.srcdir / "index.md"
    index.write_text(index.read_text().replace("first\nsecond", "second"))
    again = build(qemu=no_qemu).app
    assert finished(again, "first by html in") == []
    assert len(finished(again, "first by dirhtml in")) == 1
    assert finished(again, "second by html in") == finished(app, "second by html in")
    assert len(finished(again, "the check of example")) == 4
    assert build(qemu=no_qemu).written == set()


def finished(app: SphinxTestApp, text: str) -> list[str]:
    """The names of the works with this text in them."""
    works: dict[str, str] = json.loads((app.doctreedir / FILE).read_text())
    return [work for work in works if text in work]
