"""The reference: its schemas are read when a build begins, and get their pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from qapidoc_ext.qmp.doc_faults import JudgedExample, judged_examples
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import load, version_above
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.config import config_of, wrong_unions
from qapidoc_ext.sphinx_ext.digests import Digests
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.observed import observe
from qapidoc_ext.sphinx_ext.pages import Page, page_without_schema, pages, write_sources
from qapidoc_ext.sphinx_ext.read_only import namespace_of
from qapidoc_ext.sphinx_ext.read_only_pages import read_only_sources
from qapidoc_ext.sphinx_ext.report import Subject, logger, report_faults, warn_missing
from qapidoc_ext.sphinx_ext.versions import version_pages


def load_schemas(app: Sphinx) -> None:
    """Read the configured schemas, and write the sources of the pages that document them."""
    config = config_of(app.config)
    schemas: dict[str, Schema] = {}
    versions: dict[str, str] = {}
    judged: dict[str, dict[Location, JudgedExample]] = {}
    for namespace, name in config.schemas.items():
        if not name:
            warn_missing(f"no QAPI schema is configured for '{namespace}': this build has no reference of it")
            continue
        loaded = load(app.confdir / name)
        report_faults(app, loaded.findings, Subject.SCHEMA)
        schemas[namespace] = loaded.schema
        if not loaded.findings:
            versions[namespace] = version_above(app.confdir / name)
        judged[namespace] = {} if loaded.findings else _judged(namespace, loaded.schema)
    domain = qapi_domain(app.env)
    domain.schemas, domain.versions, domain.judged = schemas, versions, judged
    domain.observed = {namespace: observe(app, namespace, schema) for namespace, schema in schemas.items()}
    domain.references = {
        namespace: Reference(schema=schema, namespace=namespace, words=config.branch_pages)
        for namespace, schema in schemas.items()
    }
    report_faults(app, wrong_unions(config, domain.references), Subject.SCHEMA)
    _write_pages(app, domain)


def _judged(namespace: str, schema: Schema) -> dict[Location, JudgedExample]:
    """The examples of a schema's comments, by the place of the first line. Their faults are no faults of the build."""
    judged = judged_examples(schema)
    faulty = sum(bool(one.faults) for one in judged)
    logger.info("%s: examples in the schema: %d, with faults: %d", namespace, len(judged), faulty)
    return {one.example.location: one for one in judged}


def _write_pages(app: Sphinx, domain: QapiDomain) -> None:
    config = config_of(app.config)
    folder = app.srcdir / config.reference
    try:
        for namespace in config.schemas:
            if namespace in domain.schemas:
                sources = {page.address: page.source(namespace) for page in _pages(namespace, domain)}
                sources |= read_only_sources() if namespace == namespace_of(domain) else {}
            else:
                sources = {"index": page_without_schema(namespace)}
            for address in write_sources(folder / namespace, sources):
                _remove_output(app, f"{config.reference}/{namespace}/{address}")
    except OSError as error:
        message = f"the sources of the reference's pages cannot be written: {error.strerror}"
        finding = Finding(location=Location(path=error.filename or str(folder)), message=message)
        report_faults(app, [finding], Subject.SCHEMA)


def _pages(namespace: str, domain: QapiDomain) -> Iterator[Page]:
    reference, seen = domain.references[namespace], domain.observed[namespace]
    digests = Digests(domain.judged[namespace].values(), seen)
    yield from pages(reference, digests)
    yield from version_pages(reference.schema, seen, digests)


def _remove_output(app: Sphinx, docname: str) -> None:
    """Remove the page of a document that is no more. Sphinx itself leaves it where it is."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        Path(app.builder.get_output_path(docname)).unlink(missing_ok=True)
