"""The configuration of this project's site: docs/, adr/ and the generated reference/ are one Sphinx project."""

import os
import warnings
from pathlib import Path

from sphinx.deprecation import RemovedInSphinx10Warning

from qapidoc_ext.introspect.recordings import recorded_versions

project = "qapidoc_ext"
author = "the qapidoc_ext authors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_autodoc_typehints", "sphinx_copybutton", "qapidoc_ext"]
root_doc = "index"
include_patterns = ["index.md", "docs/**", "adr/**", "reference/**"]
exclude_patterns = [".*", "build", "docs/images", "tests"]  # Sphinx looks into every other folder, at each build

qemu_source = os.environ.get("QEMU_SRC", "")
qapidoc_schemas = {
    namespace: str(Path(qemu_source, path).absolute()) if qemu_source else ""
    for namespace, path in {
        "qmp": "qapi/qapi-schema.json",
        "qga": "qga/qapi-schema.json",
        "qsd": "storage-daemon/qapi/qapi-schema.json",
    }.items()
}
qapidoc_compared = [*recorded_versions()]  # each two of them have a page
qapidoc_recordings = "recordings"
qapidoc_qemu = os.environ.get("QEMU_BIN", "")

myst_heading_anchors = 2  # decision records link to sections of each other
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "fieldlist"]
graphviz_output_format = "svg"
copybutton_exclude = ".linenos, .gp, .go"

# JSON's type refers to itself, which the extension cannot follow from another module.
suppress_warnings = ["sphinx_autodoc_typehints.forward_reference"]
# It calls Sphinx in a way that the next Sphinx will not have; nothing that we could change.
warnings.filterwarnings("ignore", category=RemovedInSphinx10Warning, module="sphinx_autodoc_typehints")

default_role = "literal"  # of single backticks in docstrings
toc_object_entries = False  # every page's sidebar would hold every function of the library
html_theme = "furo"
html_static_path = ["docs/styles"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_title = "QMP, documented and executed"
html_show_sourcelink = False
html_copy_source = False
