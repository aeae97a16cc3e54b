"""The reference: its schemas are read when a build begins, and get their pages."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from qapidoc_ext.qmp.digest import identity
from qapidoc_ext.qmp.doc_faults import JudgedExample, judged_examples
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import Loaded, load, version_above
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.config import config_of, is_generated, programs_of
from qapidoc_ext.sphinx_ext.config_check import wrong_unions
from qapidoc_ext.sphinx_ext.data import SOURCES
from qapidoc_ext.sphinx_ext.digests import Digests
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.files import writing
from qapidoc_ext.sphinx_ext.finished import Finished, digest, status
from qapidoc_ext.sphinx_ext.lazily import Lazily
from qapidoc_ext.sphinx_ext.observed import begin_to_observe
from qapidoc_ext.sphinx_ext.pages import foreign_sources, page_without_schema, pages, write_sources
from qapidoc_ext.sphinx_ext.read_only import namespace_of
from qapidoc_ext.sphinx_ext.read_only_pages import read_only_sources
from qapidoc_ext.sphinx_ext.report import Subject, logger, report_faults, warn_missing, warn_not_kept
from qapidoc_ext.sphinx_ext.versions import version_pages

_MODULES = "the files of the schemas"
_TICK = 10_000_000
"""Nanoseconds by which the clock of a file system can be behind."""


def load_schemas(app: Sphinx) -> None:
    """Write the sources of the pages that document the configured schemas, where they may have changed.

    What these schemas hold is read when somebody needs it: after a change of other documents, nobody may.
    """
    config = config_of(app.config)
    paths = {namespace: app.confdir / name for namespace, name in config.schemas.items() if name}
    for namespace in config.schemas.keys() - paths.keys():
        warn_missing(f"no QAPI schema is configured for '{namespace}': this build has no reference of it")
    domain = qapi_domain(app.env)
    domain.source_tree = app.confdir / config.srctree
    loaded = Lazily(paths, lambda namespace: load(paths[namespace]))
    _offer(app, domain, loaded)
    domain.resolved, domain.to_show = set(), {}
    finished = domain.finished = Finished(Path(app.doctreedir), fresh=bool(app.fresh_env_used))
    begun = time.time_ns() - _TICK
    if not finished.has(SOURCES, _made_from(app, finished.said(_MODULES).split("\n"))):
        report_faults(app, _faults(loaded, paths), Subject.SCHEMA)
        report_faults(app, wrong_unions(config, domain.references), Subject.SCHEMA)
        _begin_to_observe(app, domain)
        _write_pages(app, domain)
        modules = [module.path for schema in domain.schemas.values() for module in schema.modules]
        finished.note(_MODULES, "\n".join(modules))
        is_unsure = app.statuscode or _is_unsure(app) or _has_changed(modules, begun)
        finished.note(SOURCES, "" if is_unsure else _made_from(app, modules))


def _faults(loaded: Mapping[str, Loaded], paths: Mapping[str, Path]) -> Iterator[Finding]:
    """What is wrong with the schemas; of a first file as a whole with the setting that names it."""
    for namespace, found in loaded.items():
        for finding in found.findings:
            is_setting = finding.location == Location(path=str(paths[namespace]))
            told = f"{finding.message}; qapidoc_schemas names it for '{namespace}'"
            yield replace(finding, message=told) if is_setting else finding


def _offer(app: Sphinx, domain: QapiDomain, loaded: Mapping[str, Loaded]) -> None:
    config = config_of(app.config)
    domain.schemas = Lazily(loaded, lambda namespace: loaded[namespace].schema)
    domain.versions = Lazily(
        loaded,
        lambda namespace: None if loaded[namespace].findings else loaded[namespace].schema.version,
    )
    domain.judged = Lazily(
        loaded,
        lambda namespace: {} if loaded[namespace].findings else _judged(namespace, loaded[namespace].schema),
    )
    domain.references = Lazily(
        loaded,
        lambda namespace: Reference(schema=loaded[namespace].schema, namespace=namespace, words=config.branch_pages),
    )
    domain.observed = Lazily(loaded, lambda namespace: begin_to_observe(app, domain.references[namespace])())


def _begin_to_observe(app: Sphinx, domain: QapiDomain) -> None:
    """Other processes may look into the recordings while this one finds out what the pages show of the schemas."""
    begun = {namespace: begin_to_observe(app, reference) for namespace, reference in domain.references.items()}
    domain.observed = Lazily(begun, lambda namespace: begun[namespace]())


def _made_from(app: Sphinx, modules: list[str]) -> str:
    """The digest of all that the sources are made from, and of these: somebody may have removed some."""
    config = config_of(app.config)
    sources = (app.srcdir / config.reference).rglob("*.rst")
    versions = [version_above(app.confdir / name) for name in config.schemas.values() if name]
    programs = [(identity(path), status(_module_folders(path))) for path in _programs(app).values()]
    return digest(config, versions, status(map(Path, modules)), status(sources), programs)


def _programs(app: Sphinx) -> dict[str, Path | None]:
    """Those that the schemas are compared with, by namespace; None for one that is not there."""
    config = config_of(app.config)
    programs = programs_of(app)
    return {name: programs.there(config.programs[name]) for name in config.schemas if name in config.programs}


def _module_folders(program: Path | None) -> Iterator[Path]:
    """The folders that a package with more modules for a QEMU on PATH puts them into."""
    library = program.parent.parent / "lib" if program else Path()
    return (path for pattern in ("qemu", "*/qemu") for path in (library.glob(pattern) if program else ()))


def _is_unsure(app: Sphinx) -> bool:
    """Whether a QEMU is there and has not answered: next time it may."""
    programs, observed = _programs(app), qapi_domain(app.env).observed
    return any(programs.get(namespace) and not observed[namespace].asked for namespace in observed)


def _has_changed(modules: Iterable[str], begun: int) -> bool:
    """Whether a file of a schema has been changed since then, perhaps after it was read."""
    try:
        return any(Path(path).stat().st_ctime_ns >= begun for path in modules)
    except OSError:
        return True


def _judged(namespace: str, schema: Schema) -> dict[Location, JudgedExample]:
    """The examples of a schema's comments, by the place of the first line. Their faults are no faults of the build."""
    judged = judged_examples(schema)
    faulty = sum(bool(one.faults) for one in judged)
    logger.info("%s: examples in the schema: %d, with faults: %d", namespace, len(judged), faulty)
    return {one.example.location: one for one in judged}


def _write_pages(app: Sphinx, domain: QapiDomain) -> None:
    config = config_of(app.config)
    folder = app.srcdir / config.reference
    # of all first: whatever happens to a file, this process has then waited for what it has begun
    wanted = {namespace: _sources(namespace, domain, config.compared) for namespace in config.schemas}
    with writing(app, "the sources of the reference's pages", SOURCES):
        for namespace, sources in wanted.items():
            foreign = foreign_sources(folder / namespace, sources)
            report_faults(app, map(_foreign, foreign.values()), Subject.OUTPUT)
            ours = {address: text for address, text in sources.items() if address not in foreign}
            for address in write_sources(folder / namespace, ours):
                _remove_output(app, f"{config.reference}/{namespace}/{address}")


def _foreign(path: Path) -> Finding:
    message = "the reference has a page here: move this file, or let qapidoc_reference name another folder"
    return Finding(location=Location(path=str(path)), message=message)


def _sources(namespace: str, domain: QapiDomain, compared: Container[str]) -> dict[str, str]:
    if namespace not in domain.schemas:
        return {"index": page_without_schema(namespace)}
    reference, judged = domain.references[namespace], domain.judged[namespace]
    measured = read_only_sources() if namespace == namespace_of(domain) else {}
    found = list(pages(reference))
    observed = domain.observed[namespace]
    digests = Digests(judged.values(), observed)
    found += version_pages(reference, observed, compared)
    return {page.address: page.source(namespace, digests.of(page.view)) for page in found} | measured


def report_schema_faults(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what is wrong with the schemas that documents show with `qapi-doc`, once each."""
    report_faults(app, dict.fromkeys(chain(*qapi_domain(env).faults.values())), Subject.SCHEMA)


def keep_finished(app: Sphinx, error: Exception | None) -> None:
    """Let the next build know what this one has finished."""
    if error is None:
        finished = qapi_domain(app.env).finished
        try:
            finished.keep()
        except OSError as problem:
            warn_not_kept(finished.path, "what this build has finished", problem)


def show_no_source(app: Sphinx, docname: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """Neither copy nor offer the sources of the reference's pages: they are generated, and say nothing to a reader."""
    if is_generated(app.config, docname):
        context["sourcename"] = ""


def _remove_output(app: Sphinx, docname: str) -> None:
    """Remove the page of a document that is no more. Sphinx itself leaves it where it is."""
    if isinstance(app.builder, StandaloneHTMLBuilder):
        Path(app.builder.get_output_path(docname)).unlink(missing_ok=True)
