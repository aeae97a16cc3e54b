"""What block drivers do with `read-only` and `auto-read-only`: the tables, on the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from qapidoc_ext.qmp.read_only_examples import COMBINATIONS, Subject
from qapidoc_ext.qmp.read_only_subjects import LEFT_OUT, SUBJECTS
from qapidoc_ext.render.build import literal, paragraph, section
from qapidoc_ext.render.read_only import Measured, read_only_table
from qapidoc_ext.render.versions import document_link
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.files import address_of
from qapidoc_ext.sphinx_ext.finished import digest
from qapidoc_ext.sphinx_ext.nodes import read_only_rows
from qapidoc_ext.sphinx_ext.objects import Object
from qapidoc_ext.sphinx_ext.read_only_pages import FOLDER, INDEX
from qapidoc_ext.sphinx_ext.stale import stale_pages

_UNION = "BlockdevOptions"
_PAGE = "read-only"


def namespace_of(domain: QapiDomain) -> str:
    """The namespace that has the pages: the first with block drivers; "" where none has."""
    return next((name for name, reference in domain.references.items() if _UNION in reference.unions), "")


class ReadOnlyDirective(SphinxDirective):
    """`qapi:read-only`: the table of all drivers, or of the subject that is the argument."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A node that stands for the table."""
        domain = qapi_domain(self.env)
        wanted = [subject.name for subject in SUBJECTS if self.arguments in ([], [subject.name])]
        if not self.arguments:
            domain.note([Object(namespace_of(domain), "page", _PAGE, self.env.current_document.docname, "")])
        return [_rows(wanted, domain)]


def driver_section(union: str, driver: str, domain: QapiDomain) -> list[nodes.section]:
    """What the page of a branch says of it; nothing where that is no block driver."""
    if union != _UNION:
        return []
    wanted = [subject.name for subject in SUBJECTS if subject.driver == driver]
    reason = LEFT_OUT.get(driver, "")
    title = [literal("read-only"), nodes.Text(" and "), literal("auto-read-only")]
    content = _rows(wanted, domain) if wanted else paragraph(": ".join(filter(None, ["Not measured", reason])), ".")
    return [section("_read-only", title, content, _index_link(domain))]


def union_links(union: str, domain: QapiDomain) -> list[nodes.paragraph]:
    """What the page that lists the branches says of it; nothing where these are no block drivers."""
    return [_index_link(domain)] if union == _UNION else []


def _index_link(domain: QapiDomain) -> nodes.paragraph:
    address = f"/{config_of(domain.env.config).reference}/{namespace_of(domain)}/{INDEX}"
    members = [literal("read-only"), nodes.Text(" and "), literal("auto-read-only")]
    return paragraph("What ", *members, " do: ", document_link(address, "all drivers, and how it is measured"), ".")


def _rows(names: list[str], domain: QapiDomain) -> read_only_rows:
    domain.note_page(read_only_rows.__name__)
    return read_only_rows(subjects=names)


def pages_with_rows(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """The documents with tables, which are written again where an example that measures does something else."""
    domain = qapi_domain(env)
    shown = digest({docname: found for docname, found in domain.ran.items() if f"/{FOLDER}/" in docname})
    return stale_pages(app, "rows", dict.fromkeys(domain.pages_with(read_only_rows.__name__), shown))


def show_rows(app: Sphinx, found: Iterable[read_only_rows], docname: str) -> None:
    """Put the tables where they are to stand."""
    for node in found:
        subjects = [subject for subject in SUBJECTS if subject.name in node["subjects"]]
        node.replace_self(read_only_table(_measured(app, subjects, docname)))


def _measured(app: Sphinx, subjects: Iterable[Subject], docname: str) -> Iterator[Measured]:
    for subject in subjects:
        page = f"{_folder(app)}{subject.name}"
        if runs := qapi_domain(app.env).runs.get(page):
            pairs = list(zip(COMBINATIONS, runs, strict=True))
            yield Measured(subject=subject, runs=pairs, address=address_of(app, docname, page))


def _folder(app: Sphinx) -> str:
    """What the names of the documents begin with that have the examples."""
    return f"{config_of(app.config).reference}/{namespace_of(qapi_domain(app.env))}/{FOLDER}/"
