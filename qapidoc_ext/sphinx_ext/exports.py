"""The files that a build writes beside the records, for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from qapidoc_ext.adr.export import as_atom, as_json
from qapidoc_ext.adr.front_matter_schema import schema
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.files import write_file, writing
from qapidoc_ext.sphinx_ext.finished import digest

RECORDS = "the records"
"""Among the work that a build has finished, made from the files of their folders."""
FEED = "decisions.atom"
JSON = "decisions.json"
SCHEMA = "decision.schema.json"
FILES = {
    "a feed of the changes of status": FEED,
    "all decisions as JSON": JSON,
    "the schema of their front matter": SCHEMA,
}
"""The files, by what they are."""


def is_beside_records(app: Sphinx, docname: str) -> bool:
    """Whether a document is in a folder of records."""
    return str(app.env.doc2path(docname).parent) in qapi_domain(app.env).records


def name_feed(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let a page beside records name their feed, so that a reader of feeds finds it."""
    del templatename
    if doctree is not None and is_beside_records(app, pagename):
        link = f'<link rel="alternate" type="application/atom+xml" title="Decisions" href="{FEED}">'
        context["metatags"] = f"{context.get('metatags', '')}\n    {link}"


def _is_written(app: Sphinx) -> bool:
    """Whether an earlier build has written them, from the same records."""
    domain = qapi_domain(app.env)
    folders = [app.outdir / Path(folder).relative_to(app.srcdir) for folder in domain.records]
    is_there = all((folder / name).is_file() for folder in folders for name in FILES.values())
    titles = app.config.html_title, app.config.project, app.config.html_baseurl
    records = domain.finished.said(RECORDS)
    made_from = records and digest(records, titles, sorted(app.env.found_docs))
    return domain.finished.has(_work(app), made_from) and is_there


def _work(app: Sphinx) -> str:
    return f"the files beside the records in {app.outdir}"


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the feed, the JSON and the schema of the front matter into the output's folder of the records."""
    if exception or app.builder.format != "html" or _is_written(app):
        return
    with writing(app, "what other programs read of the records", _work(app)):
        _write(app)


def _write(app: Sphinx) -> None:
    for folder, found in qapi_domain(app.env).records.items():
        below = Path(folder).relative_to(app.srcdir)
        documents = {one.decision.number: app.env.path2doc(path) for path, one in found.records.items()}
        here = f"{below.as_posix()}/" if below.parts else ""
        addresses = {
            number: app.builder.get_relative_uri(f"{here}{FEED}", name)
            for number, name in documents.items()
            if name in app.env.found_docs
        }
        base = app.config.html_baseurl
        base = f"{base.rstrip('/')}/{here}" if base else ""
        files = {
            FEED: as_atom(found, addresses, title=app.config.html_title or app.config.project, base=base),
            JSON: as_json(found, addresses),
            SCHEMA: schema(),
        }
        for name, text in files.items():
            write_file(app.outdir / below / name, text.encode())
