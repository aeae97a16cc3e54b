"""Documents that several processes write."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.errors import SphinxParallelError
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext import writers

CONFIG = """
import sys
sys.path.insert(0, {folder!r})
extensions = ["qapidoc_ext", {module!r}]
root_doc = "d000"
"""
BUILDER = """
import os
import time
from sphinx.builders.dummy import DummyBuilder
from sphinx.util.build_phase import BuildPhase

class Noting(DummyBuilder):
    name = "noting"

    def write_doc_serialized(self, docname, doctree):
        self.note(docname, "resolved", BuildPhase.RESOLVING)

    def write_doc(self, docname, doctree):
        if docname == self.config.project:
            raise ValueError(f"cannot write {docname}")
        time.sleep(0.02)  # longer than to resolve one
        self.note(docname, "written", BuildPhase.WRITING)

    def note(self, docname, what, phase):
        assert getattr(self, "phase", phase) is phase
        with open(self.outdir / f"{docname}.{what}", "x") as file:
            file.write(str(os.getpid()))

def setup(app):
    app.add_builder(Noting)
"""
"""It notes which process has resolved and written a document, and fails where one did so before."""
NAMES = [f"d{number:03}" for number in range(200)]
Build = Callable[..., SphinxTestApp]


@pytest.fixture
def build(make_app: Build, tmp_path: Path) -> Build:
    module = f"noting_{tmp_path.name}"  # Python keeps modules
    (tmp_path / f"{module}.py").write_text(BUILDER)
    (tmp_path / "conf.py").write_text(CONFIG.format(folder=str(tmp_path), module=module))
    for name in NAMES:
        (tmp_path / f"{name}.rst").write_text(f":orphan:\n\n{name}\n{'=' * len(name)}\n")

    def run(processes: int, project: str = "") -> SphinxTestApp:
        app = make_app("noting", srcdir=tmp_path, parallel=processes, confoverrides={"project": project})
        app.build()
        return app

    return run


@pytest.mark.parametrize("processes", [2, 3, 6])
def test_each_document_is_written_once_and_all_processes_write(build: Build, processes: int) -> None:
    app = build(processes)
    by = {what: [(app.outdir / f"{name}.{what}").read_text() for name in NAMES] for what in ("resolved", "written")}
    own = str(os.getpid())
    assert set(by["resolved"]) == {own}
    written = Counter(by["written"])
    assert written.pop(own) > 1  # the first of all
    assert len(written) >= processes - 1
    assert min(written.values()) >= 10  # none is begun for fewer


@pytest.mark.parametrize("docname", ["d000", "d005", "d199"])
def test_what_fails_in_any_process_ends_the_build(build: Build, docname: str) -> None:
    with pytest.raises((SphinxParallelError, ValueError), match=f"cannot write {docname}"):
        build(2, docname)


@pytest.mark.parametrize(
    ("task", "argument", "error"), [(int, "none", SphinxParallelError), (os._exit, 1, EOFError)], ids=["fails", "dies"]
)
def test_a_failure_is_told_that_sphinx_keeps_to_itself(
    task: Callable[..., object], argument: object, error: type[Exception]
) -> None:
    tasks = writers.Writers(2)
    tasks.add_task(task, argument)
    (pipe,) = tasks._precvs.values()  # noqa: SLF001 - nothing else tells when it has failed
    assert pipe.poll(60)
    tasks.add_task(int, "1")
    with pytest.raises(error):
        tasks.finish()
