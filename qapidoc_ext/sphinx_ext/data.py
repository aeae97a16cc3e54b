"""The data for programs, written beside the pages of HTML."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from posixpath import dirname, relpath

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from qapidoc_ext.render.build import literal, paragraph, section
from qapidoc_ext.render.data import definition_data, encode, index_data
from qapidoc_ext.render.reference import kind
from qapidoc_ext.sphinx_ext.beside import beside
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.files import write_file, writing
from qapidoc_ext.sphinx_ext.nodes import data_link

_BUILDERS = frozenset({"html", "dirhtml"})
"""Those that write a folder of pages, in which other files may be."""
_INDEX = "index.json"
SOURCES = "the sources of the reference"
"""What the pages and the data are made from, among the work that a build has finished."""


def data_section(name: str) -> nodes.section:
    """The end of a page, which links to its data; only some builders show it."""
    return section("_data", "Data for programs", paragraph(data_link("", "", literal(f"{name}.json"))))


def show_data_links(app: Sphinx, found: Iterable[data_link], docname: str) -> None:
    """Make links of what stands for them, or remove them where this builder writes no data."""
    for node in found:
        if app.builder.name in _BUILDERS:
            address = relpath(f"{docname}.json", dirname(app.builder.get_target_uri(docname)) or ".")
            node.replace_self(nodes.reference("", "", *node.children, refuri=address))
        else:
            node.parent.parent.parent.remove(node.parent.parent)


def begin_data(app: Sphinx, env: BuildEnvironment) -> None:
    """Begin to write the data of every definition that has a page, and an index of each namespace.

    A build with several processes has another one do it, and goes on: a thousand files take half a second.
    """
    is_wanted = app.builder.name in _BUILDERS and not _is_written(app)
    qapi_domain(env).writing_data = beside(app, partial(_write, app)) if is_wanted else lambda: None


def finish_data(app: Sphinx, error: Exception | None) -> None:
    """Wait until it is written. A build that fails has perhaps not begun."""
    if error is None:
        with writing(app, "the data for programs", _work(app)):
            if problem := qapi_domain(app.env).writing_data():
                raise problem


def _work(app: Sphinx) -> str:
    return f"the data in {app.outdir}"


def _is_written(app: Sphinx) -> bool:
    """Whether an earlier build has written it all: it is made from the same as the sources of the pages."""
    domain, folder = qapi_domain(app.env), app.outdir / config_of(app.config).reference
    is_there = all((folder / namespace / _INDEX).is_file() for namespace in domain.schemas)
    return domain.finished.has(_work(app), domain.finished.said(SOURCES)) and is_there


def _write(app: Sphinx) -> OSError | None:
    """Returns what prevented it: what another process raises ends the build."""
    domain = qapi_domain(app.env)
    try:
        for namespace in domain.schemas:
            _write_namespace(app.builder, domain, namespace, Path(config_of(app.config).reference, namespace))
    except OSError as error:
        return error
    return None


def _write_namespace(builder: Builder, domain: QapiDomain, namespace: str, folder: Path) -> None:
    schema, observed = domain.schemas[namespace], domain.observed[namespace]
    reference = domain.references[namespace]
    written: set[Path] = set()
    files: dict[str, str] = {}
    for name, definition in schema.definitions.items():
        if target := domain.names.at((namespace, kind(definition), name)):
            path = builder.outdir / f"{target.docname}.json"
            write_file(path, encode(definition_data(definition, reference, observed)))
            files[name] = f"{target.docname.removeprefix(f'{folder.as_posix()}/')}.json"
            written.add(path)
    index = builder.outdir / folder / _INDEX
    write_file(index, encode(index_data(schema, namespace, files, observed)))
    for path in {*(builder.outdir / folder).rglob("*.json")} - {*written, index}:
        path.unlink()
