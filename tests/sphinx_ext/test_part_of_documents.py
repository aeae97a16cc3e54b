"""An output that has only a part of the documents, such as a PDF or a manual page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parent / "roots" / "test-lamps"
LAMPS = Path(__file__).parents[1] / "render" / "lamps.json"
PAGE = "reference/qmp/lamp/red"


@pytest.mark.parametrize(
    ("builder", "name", "documents"),
    [
        ("latex", "red.tex", {"latex_documents": [(PAGE, "red.tex", "red", "nobody", "howto")]}),
        ("texinfo", "red.texi", {"texinfo_documents": [(PAGE, "red", "red", "nobody", "red", "", "", False)]}),
        ("man", "red.7", {"man_pages": [(PAGE, "red", "red", [], 7)]}),
    ],
)
def test_pages_that_are_elsewhere_are_named_without_a_link(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, builder: str, name: str, documents: dict[str, object]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for file in ROOT.iterdir():
        (source / file.name).write_bytes(file.read_bytes())
    (source / "schema.json").write_bytes(LAMPS.read_bytes())
    app = make_app(builder, srcdir=source, confoverrides=documents)
    app.build()
    assert app.warning.getvalue() == ""
    end = (app.outdir / name).read_text().casefold().partition("shown in")[2]
    assert "\nlamps.\n" in end.replace("\\&", "")
