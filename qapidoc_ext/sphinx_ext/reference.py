"""The reference: its schemas are read when a build begins, and get their pages."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.config import config_of, wrong_unions
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.pages import page_without_schema, pages, write_sources
from qapidoc_ext.sphinx_ext.report import Subject, report_faults, warn_missing


def load_schemas(app: Sphinx) -> None:
    """Read the configured schemas, and write the sources of the pages that document them."""
    config = config_of(app.config)
    schemas: dict[str, Schema] = {}
    for namespace, name in config.schemas.items():
        if not name:
            warn_missing(f"no QAPI schema is configured for '{namespace}': this build has no reference of it")
            continue
        loaded = load(app.confdir / name)
        report_faults(app, loaded.findings, Subject.SCHEMA)
        schemas[namespace] = loaded.schema
    domain = qapi_domain(app.env)
    domain.schemas = schemas
    domain.references = {
        namespace: Reference(schema=schema, namespace=namespace, words=config.branch_pages)
        for namespace, schema in schemas.items()
    }
    report_faults(app, wrong_unions(config, domain.references), Subject.SCHEMA)
    _write_pages(app, domain.references)


def _write_pages(app: Sphinx, references: dict[str, Reference]) -> None:
    config = config_of(app.config)
    folder = app.srcdir / config.reference
    try:
        for namespace in config.schemas:
            if namespace in references:
                sources = {page.address: page.source(namespace) for page in pages(references[namespace])}
            else:
                sources = {"index": page_without_schema(namespace)}
            for address in write_sources(folder / namespace, sources):
                _remove_output(app, f"{config.reference}/{namespace}/{address}")
    except OSError as error:
        message = f"the sources of the reference's pages cannot be written: {error.strerror}"
        finding = Finding(location=Location(path=error.filename or str(folder)), message=message)
        report_faults(app, [finding], Subject.SCHEMA)


def _remove_output(app: Sphinx, docname: str) -> None:
    """Remove the page of a document that is no more. Sphinx itself leaves it where it is."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        Path(app.builder.get_output_path(docname)).unlink(missing_ok=True)
