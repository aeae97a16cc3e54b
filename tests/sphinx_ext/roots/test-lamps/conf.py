extensions = ["myst_parser", "qapidoc_ext"]
include_patterns = ["index.md", "reference/**"]
qapidoc_schemas = {"qmp": "schema.json"}
qapidoc_branch_pages = {"Light": "lamp"}
html_theme = "basic"
qapidoc_programs = {}  # these lamps are no QEMU
