"""Files that a build writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import NoUri

from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.report import Subject, report_faults


def write_file(path: Path, content: bytes) -> None:
    """Make a file hold this. One that holds it already is not touched.

    :raise OSError: it cannot be written.
    """
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def address_of(app: Sphinx, docname: str, target: str) -> str | None:
    """Of a page, from another one; none where the output has no such page, as a PDF of a part of the documents."""
    try:
        address = app.builder.get_relative_uri(docname, target)
    except NoUri:
        return None
    return address if address or app.builder.format == "html" else None  # plain text and manual pages have no links


@contextmanager
def writing(app: Sphinx, what: str, work: str) -> Iterator[None]:
    """Have the build fail where one of some files cannot be written, and the next one write them again."""
    try:
        yield
    except OSError as error:
        message = f"{what} cannot be written: {error.strerror}"
        report_faults(app, [Finding(location=Location(path=error.filename or ""), message=message)], Subject.OUTPUT)
        qapi_domain(app.env).finished.note(work, "")
