"""Which pages show something else than what is so now: those, and no others, are written again.

A page shows what this builder wrote to this folder, and not what Sphinx has merely seen: a build that was interrupted,
or that wrote other pages, has shown nothing on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docutils import nodes
from sphinx.application import Sphinx

from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.render.transcript import qemu_name
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.finished import digest

_LINKED = frozenset({"command", "event", "branch"})
"""The kinds of objects that an exchange links to."""


def stale_pages(app: Sphinx, what: str, digests: Mapping[str, str]) -> list[str]:
    """The documents whose page shows something else than what these digests, by document, are of, or nothing yet."""
    domain = qapi_domain(app.env)
    domain.to_show[what] = digests
    return [name for name, made_from in digests.items() if domain.finished.said(_work(app, what, name)) != made_from]


def note_resolved(app: Sphinx, _doctree: nodes.document, docname: str) -> None:
    """Remember that a page is being written."""
    qapi_domain(app.env).resolved.add(docname)


def note_shown_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages show that this build has written, and no longer what pages showed that are no more."""
    if exception:
        return
    domain = qapi_domain(app.env)
    for what, digests in domain.to_show.items():
        for name in digests.keys() & domain.resolved:
            domain.finished.note(_work(app, what, name), digests[name])
        domain.finished.forget(_begin(what), _end(app), but={_work(app, what, name) for name in digests})


def _work(app: Sphinx, what: str, docname: str) -> str:
    return f"{_begin(what)}{docname}{_end(app)}"


def _begin(what: str) -> str:
    return f"{what} of "


def _end(app: Sphinx) -> str:
    return f" by {app.builder.name} in {app.outdir}"


def run_digests(domain: QapiDomain) -> dict[str, str]:
    """Of what examples did, and of what their pages can link to, by document, whenever that was read."""
    links = sorted((found.kind, found.name, found.docname) for found in domain.all_objects() if found.kind in _LINKED)
    common = digest(links)
    return {docname: digest(common, _shown(runs)) for docname, runs in sorted(domain.runs.items())}


def _shown(runs: Sequence[Run | None]) -> list[object]:
    """What a page shows of the runs. A page is read again anyway where its text or that of its examples changes."""
    return [run and (_qemus(run), run.exchanges, run.outcome, run.not_executed, run.allowed_by) for run in runs]


def _qemus(run: Run) -> list[object]:
    """What a page says of the QEMUs: of their programs not the folder, of their start only the day."""
    return [(qemu_name(qemu), qemu.confinement, str(qemu.started.date())) for qemu in run.qemus]
