"""`sphinx-build -b qmp`."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext.builder import summary

GOOD = '-> { "execute": "query-status" }\n<- { "return": { "running": false, ... } }'
EXAMPLES = {
    "passed": GOOD,
    "failed": GOOD.replace("false", "true"),
    "skipped": f":requires: qemu>=99\n{GOOD}",
    "faulty": "-> x",
}


def build(make_app: Callable[..., SphinxTestApp], folder: Path, *examples: str) -> SphinxTestApp:
    folder.joinpath("conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\n')
    fences = "\n".join(f"```{{qmp-example}}\n{example}\n```\n" for example in examples)
    folder.joinpath("index.md").write_text(f"# Page\n\n{fences}")
    app = make_app("qmp", srcdir=folder, confoverrides={"qapidoc_qemu": os.environ.get("QEMU_BIN", "")})
    app.build()
    return app


@pytest.mark.usefixtures("emulator")
def test_the_builder_runs_examples_and_writes_no_page(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    app = build(make_app, tmp_path, *EXAMPLES.values())
    lines = app.status.getvalue().splitlines()
    place = f"{tmp_path}/index.md"
    for outcome, line in zip(EXAMPLES, ("4:1", "9:1", "14:1", "20:4"), strict=True):
        assert any(said.startswith(f"{outcome:8} {place}:{line}") for said in lines)
    assert "4 examples: 1 failed, 1 faulty, 1 passed, 1 skipped" in lines
    assert app.statuscode == 1
    assert [path.name for path in Path(app.outdir).rglob("*.html")] == []
    again = build(make_app, tmp_path, EXAMPLES["passed"])
    assert "1 example: 1 passed" in again.status.getvalue()
    assert again.statuscode == 0


def test_no_example_is_nothing_to_run() -> None:
    assert summary([]) == "0 examples: nothing to run"
