"""The directive `qmp-matrix`: the examples of all documents against the versions of QEMU that have recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from qapidoc_ext.qmp.archive import Archive, fitting, read_archive
from qapidoc_ext.qmp.digest import content_digest
from qapidoc_ext.qmp.run import by_session
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.render.build import linked, paragraph
from qapidoc_ext.render.matrix import Row, matrix
from qapidoc_ext.render.transcript import anchor, badge
from qapidoc_ext.sphinx_ext.config import config_of, is_generated
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.files import address_of
from qapidoc_ext.sphinx_ext.finished import digest, status
from qapidoc_ext.sphinx_ext.nodes import qmp_matrix
from qapidoc_ext.sphinx_ext.stale import stale_pages


class MatrixDirective(SphinxDirective):
    """`qmp-matrix`: what the examples did on each version of QEMU that there are recordings of."""

    def run(self) -> list[nodes.Node]:
        """A node that stands for the table."""
        return [qmp_matrix()]


def collect_matrices(app: Sphinx, doctree: nodes.document) -> None:
    """Remember whether the document that was just read has such a table."""
    if next(doctree.findall(qmp_matrix), None) is not None:
        qapi_domain(app.env).note_page(qmp_matrix.__name__)


def pages_with_matrices(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents that are to be written again, for the examples of others are on them."""
    pages = qapi_domain(env).pages_with(qmp_matrix.__name__)
    return stale_pages(app, "matrix", dict.fromkeys(pages, _digest(app)) if pages else {})


def _digest(app: Sphinx) -> str:
    """Of all that a table shows."""
    name = config_of(app.config).recordings
    recorded = status((app.confdir / name).rglob("*")) if name else ()
    examples = [
        (content, page, app.env.titles[page].astext(), script.header.title, script.header.name)
        for content, (page, script) in _shown(app).items()
    ]
    return digest(qapi_domain(app.env).ran, examples, recorded)


def show_matrices(app: Sphinx, found: Iterable[qmp_matrix], docname: str) -> None:
    """Put the table where it is to stand."""
    for node in found:
        name = config_of(app.config).recordings
        shown = _shown(app)
        scripts = {content: script for content, (_, script) in shown.items()}
        archive = fitting(read_archive(app.confdir / name), scripts) if name else None
        if archive and archive.kept:
            node.replace_self(matrix(_pages(app, docname, shown, archive), archive.versions))
        else:
            node.replace_self(paragraph("No examples are recorded.", classes=["qapi-missing"]))


def _shown(app: Sphinx) -> dict[str, tuple[str, Script]]:
    """Each example once, with the page that shows it first, by the digest of its content.

    Those of generated pages say themselves which QEMU it was.
    """
    found: dict[str, tuple[str, Script]] = {}
    for page, examples in sorted(qapi_domain(app.env).examples.items()):
        if is_generated(app.config, page):
            continue
        scripts = [example for example in examples if isinstance(example, Script)]
        contents = {id(part): content_digest(session, part) for session in by_session(scripts) for part in session}
        for script in scripts:
            found.setdefault(contents[id(script)], (page, script))
    return found


def _pages(
    app: Sphinx, docname: str, shown: Mapping[str, tuple[str, Script]], archive: Archive
) -> Iterator[tuple[nodes.Node, list[Row]]]:
    for page, found in groupby(shown.items(), key=lambda item: item[1][0]):
        now = {id(run.script): run for run in qapi_domain(app.env).runs[page] if run}
        rows = [
            Row(
                title=_link(app, docname, page, script),
                now=badge(now[id(script)]),
                recordings=archive.by_version(content),
            )
            for content, (_, script) in found
        ]
        yield linked(app.env.titles[page].astext(), address_of(app, docname, page)), rows


def _link(app: Sphinx, docname: str, page: str, script: Script) -> nodes.Node:
    title = script.header.title or script.header.name or "Example"
    address = address_of(app, docname, page)
    fragment = f"#{anchor(script)}" if script.header.name else ""
    return linked(title, None if address is None else f"{address}{fragment}")
