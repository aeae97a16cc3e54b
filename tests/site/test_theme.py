"""The reference in the theme that Sphinx takes where a project names none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sphinx.testing.util import SphinxTestApp

NAME = "BlockdevOptionsOfWhatHasAVeryLongName"
SCHEMA = f"""
##
# @{NAME}:
#
# As `{NAME.lower()}-{NAME.lower()}` is.
#
# @{NAME.lower()}-{NAME.lower()}: a long one
#
# Features:
#
# @deprecated: Use `{NAME.lower()}-{NAME.lower()}` instead.
##
{{ 'struct': '{NAME}', 'features': [ 'deprecated' ],
  'data': {{ '{NAME.lower()}-{NAME.lower()}': 'int' }} }}
"""


@pytest.mark.parametrize("name", [f"type/{NAME}", "feature/deprecated"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_name_is_wider_than_the_page(
    reader: Page, make_app: Callable[..., SphinxTestApp], tmp_path: Path, width: int, name: str
) -> None:
    (tmp_path / "schema.json").write_text(SCHEMA)
    (tmp_path / "conf.py").write_text(
        'extensions = ["qapidoc_ext"]\nqapidoc_schemas = {"lamps": "schema.json"}\nqapidoc_programs = {}\n'
    )
    (tmp_path / "index.rst").write_text("Lamps\n=====\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    reader.set_viewport_size({"width": width, "height": 844})
    reader.goto((app.outdir / f"reference/lamps/{name}.html").as_uri())
    assert reader.evaluate("document.documentElement.scrollWidth") == width
