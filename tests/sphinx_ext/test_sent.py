"""What a process that reads some documents sends back."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext.sent import Sent

CONFIG = """
extensions = ["qapidoc_ext"]
qapidoc_schemas = {"lamps": "schema.json"}
qapidoc_programs = {}

def note(app, env, docnames, other):
    data = other.domaindata["qapi"]
    app.sent = [set(docnames), *map(set, (other.tocs, other.titles, data["objects"], data["links"]))]

def setup(app):
    app.connect("env-merge-info", note)
"""


def test_what_was_there_before_is_not_pickled() -> None:
    sent = Sent({"old": ["a"], "changed": ["b"]})
    sent["changed"] = ["b"]
    sent["new"] = ["c"]
    assert sent == {"old": ["a"], "changed": ["b"], "new": ["c"]}
    there = pickle.loads(pickle.dumps(sent))
    assert there == {"changed": ["b"], "new": ["c"]}
    assert type(there) is dict


@pytest.mark.parametrize("processes", [1, 2])
def test_an_environment_comes_back_with_what_was_read_and_no_more(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, processes: int
) -> None:
    (tmp_path / "conf.py").write_text(CONFIG)
    (tmp_path / "schema.json").write_text("{ 'command': 'lamp-on' }\n")
    index = tmp_path / "index.rst"
    index.write_text("Lamps\n=====\n\n:qapi:cmd:`lamp-on`\n")
    before = make_app("html", srcdir=tmp_path)
    before.build()
    index.write_text("More lamps\n==========\n\n:qapi:cmd:`lamp-on`\n\n.. qapi:command:: lamp-out\n")
    app = make_app("html", srcdir=tmp_path, parallel=processes)
    app.build()
    assert app.env.all_docs.keys() == app.env.tocs.keys() == before.env.tocs.keys()
    assert app.env.titles["index"].astext() == "More lamps"
    if processes > 1:
        assert app.sent == [{"index"}] * 5  # type: ignore[attr-defined]
